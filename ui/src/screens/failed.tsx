import { useEffect, useRef } from "preact/hooks";

import type { Trouble } from "../backend/contract";
import { Keys } from "../parts/frame";
import { TroubleBlock } from "../parts/trouble";
import { useShortcuts } from "../shortcuts";
import type { LookUpForm } from "../state";
import { useUi } from "../ui-context";

interface FailedProps {
  trouble: Trouble;
  form: LookUpForm;
}

export function FailedScreen({ trouble, form }: FailedProps) {
  const { state, actions, words } = useUi();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const back = () => (state.boot ? actions.toLookUp(form) : void actions.start());
  useShortcuts((shortcut) => {
    if (shortcut.shortcut !== "escape") return false;
    back();
    return true;
  });
  return (
    <>
      <main class="centre">
        <div class="sheet narrow stack" data-testid="failed">
          <h1 ref={heading} tabIndex={-1}>{words.outcomes.failedTitle}</h1>
          <TroubleBlock trouble={trouble} />
          <div class="do">
            <button type="button" class="go" onClick={back}>
              {state.boot ? words.outcomes.back : words.outcomes.again} <kbd>Esc</kbd>
            </button>
          </div>
        </div>
      </main>
      <Keys><span><kbd>Esc</kbd> {words.frame.back.toLowerCase()}</span></Keys>
    </>
  );
}
