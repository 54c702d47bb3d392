import { useEffect, useRef, useState } from "preact/hooks";

import { Keys } from "../parts/frame";
import { useShortcuts } from "../shortcuts";
import type { Screen } from "../state";
import { useUi } from "../ui-context";

const TICK_MS = 250;
/** Below a second the answer feels direct: a flash of progress would only disturb. */
const PROGRESS_AFTER_S = 1;
/** Ten seconds lose the thread of thought: say what is missing and what can be done. */
const SLOW_AFTER_S = 10;

interface WaitingProps {
  screen: Extract<Screen, { name: "waiting" }>;
}

export function WaitingScreen({ screen }: WaitingProps) {
  const { actions, words } = useUi();
  const seconds = useSeconds();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  useShortcuts((shortcut) => {
    if (shortcut.shortcut !== "escape") return false;
    actions.cancel();
    return true;
  });

  const [stopped, setStopped] = useState<string[]>([]);
  const stop = (key: string) => {
    setStopped([...stopped, key]);
    actions.cancelSource(key);
    // The button goes as soon as the source has stopped: focus stays on this screen.
    heading.current?.focus();
  };

  const late = screen.sources.filter((source) => source.state === "waiting").map((source) => source.name);
  const slow = seconds >= SLOW_AFTER_S;
  return (
    <>
      <main class="centre">
        <div class="sheet narrow stack">
          <h1 ref={heading} tabIndex={-1}>{words.lookUp.waitTitle}</h1>
          <p class="num">{words.lookUp.waitAsked(grouped(screen.request.bsn))}</p>
          <div class="wait-bar" aria-hidden="true"><span /></div>
          {seconds >= PROGRESS_AFTER_S && (
            <>
              {screen.sources.length === 0 && <p>{words.lookUp.waitExchange}</p>}
              <ul class="progress">
                {screen.sources.map((source) => (
                  <li key={source.key} data-state={source.state}>
                    <span>{source.name}</span>
                    <span class="grow" />
                    <b>{words.lookUp.progress[source.state]}</b>
                    {source.state === "waiting" && (
                      <button
                        type="button" class="small" data-testid={`cancel-${source.key}`} disabled={screen.cancelling || stopped.includes(source.key)}
                        aria-label={words.lookUp.stopSource(source.name)} onClick={() => stop(source.key)}
                      >
                        {stopped.includes(source.key) ? words.lookUp.stopping : words.lookUp.stop}
                      </button>
                    )}
                  </li>
                ))}
              </ul>
              <p class="soft num" aria-hidden="true">{words.lookUp.waitSeconds(Math.floor(seconds))}</p>
            </>
          )}
          <div role="status">
            {slow && <p class="told">{late.length > 0 ? words.lookUp.waitSlow(late.join(", ")) : words.lookUp.waitSlowNobody}</p>}
            {screen.cancelling && <p>{words.lookUp.stopping}</p>}
          </div>
          <div class="do">
            <button type="button" class="quiet strong" data-testid="cancel" disabled={screen.cancelling} onClick={actions.cancel}>
              {words.lookUp.stop} <kbd>Esc</kbd>
            </button>
            <p class="fine">{words.lookUp.stopHint}</p>
          </div>
        </div>
      </main>
      <Keys><span><kbd>Esc</kbd> {words.frame.keys.stop}</span></Keys>
    </>
  );
}

/** As it is read aloud. */
function grouped(bsn: string): string {
  return bsn.length === 9 ? `${bsn.slice(0, 4)} ${bsn.slice(4, 6)} ${bsn.slice(6)}` : bsn;
}

function useSeconds(): number {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const start = performance.now();
    const timer = setInterval(() => setSeconds((performance.now() - start) / 1_000), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return seconds;
}
