import { useEffect, useRef } from "preact/hooks";

import type { CloseCause } from "../backend/contract";
import { Keys } from "../parts/frame";
import { useShortcuts } from "../shortcuts";
import { useUi } from "../ui-context";

/** The app closed the summary: why, and that nothing of it is left. */
export function ClosedScreen({ cause }: { cause: CloseCause }) {
  const { actions, words } = useUi();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const go = () => actions.toLookUp();
  useShortcuts((shortcut) => {
    if (shortcut.shortcut !== "escape" && shortcut.shortcut !== "next_patient") return false;
    go();
    return true;
  });
  const { title, text } = words.frame.closeCauses[cause];
  return (
    <>
      <main class="centre">
        <div class="sheet narrow stack" data-testid="closed-by-app" role="alert">
          <h1 ref={heading} tabIndex={-1}>{title}</h1>
          <p class="what">{text}</p>
          <p class="soft">{words.frame.nothingLeft}</p>
          <div class="do">
            <button type="button" class="go" data-testid="next-patient" onClick={go}>{words.frame.closedNext} <kbd>Ctrl K</kbd></button>
          </div>
        </div>
      </main>
      <Keys><span><kbd>Ctrl K</kbd> {words.sections.nextPatient}</span></Keys>
    </>
  );
}
