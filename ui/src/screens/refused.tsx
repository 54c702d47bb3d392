import { useEffect, useRef } from "preact/hooks";

import { Keys } from "../parts/frame";
import { useShortcuts } from "../shortcuts";
import type { Screen } from "../state";
import { NothingReceived } from "../summary/nothing-received";
import { useUi } from "../ui-context";

interface RefusedProps {
  screen: Extract<Screen, { name: "refused" | "ask_refused" }>;
}

/** Nothing is shown, and why, whose doing it probably is, and what to do now. */
export function RefusedScreen({ screen }: RefusedProps) {
  const { actions, words } = useUi();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const back = () => actions.toLookUp(screen.form);
  useShortcuts((shortcut) => {
    if (shortcut.shortcut !== "escape" && shortcut.shortcut !== "next_patient") return false;
    back();
    return true;
  });

  const { outcomes } = words;
  const asked = screen.name === "refused";
  const outcome = asked ? outcomes.reasons[screen.reason] : outcomes.askRefusals[screen.reason];
  // A patient's own "no" looks like nothing received, to the letter.
  const silent = asked && screen.reason === "opted_out";
  return (
    <>
      <main class="centre">
        <div class="sheet narrow stack" data-testid="refused">
          {silent ? (
            <><h1 class="spoken" ref={heading} tabIndex={-1}>{words.clinical.nothing.title}</h1><NothingReceived sources={[]} /></>
          ) : (
            <>
              <h1 ref={heading} tabIndex={-1}>{asked ? outcomes.refusedTitle : outcomes.askRefusedTitle}</h1>
              <p class="what">{outcome.what}</p>
              {asked && screen.sources.length > 0 && <p class="soft">{outcomes.refusedSources(screen.sources.join(", "))}</p>}
              <p class="now"><b>{words.frame.now}</b> {outcome.now}</p>
              <p class="soft">{outcomes.loggedToo}</p>
            </>
          )}
          <div class="do">
            <button type="button" class="go" data-testid="next-patient" onClick={back}>{outcomes.back} <kbd>Esc</kbd></button>
          </div>
        </div>
      </main>
      <Keys><span><kbd>Esc</kbd> {outcomes.back.toLowerCase()}</span></Keys>
    </>
  );
}
