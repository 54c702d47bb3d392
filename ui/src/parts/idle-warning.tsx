import { useEffect, useState } from "preact/hooks";

import { useUi } from "../ui-context";

const SECOND_MS = 1_000;

/** Announced before it happens; any movement or key takes it away. It covers no patient's name. */
export function IdleWarning() {
  const { state, actions, words } = useUi();
  const given = state.idleSeconds;
  const [left, setLeft] = useState(given ?? 0);

  useEffect(() => {
    if (given === null) return undefined;
    setLeft(given);
    const timer = setInterval(() => setLeft((seconds) => Math.max(0, seconds - 1)), SECOND_MS);
    return () => clearInterval(timer);
  }, [given]);

  return (
    <>
      {/* Spoken once: a countdown read aloud every second would drown everything else. */}
      <p class="spoken" role="alert">{given === null ? "" : words.frame.idleSpoken}</p>
      {given !== null && (
        <section class="idle" data-testid="idle-warning" aria-label={words.frame.idleTitle(left)}>
          <p class="idle-title" aria-hidden="true">{words.frame.idleTitle(left)}</p>
          <p>{words.frame.idleText}</p>
          <button type="button" onClick={(event) => actions.stillHere(event.timeStamp)}>{words.frame.stillHere}</button>
        </section>
      )}
    </>
  );
}
