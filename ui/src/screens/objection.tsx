import { useEffect, useRef, useState } from "preact/hooks";

import type { Trouble } from "../backend/contract";
import { TroubleBlock } from "../parts/trouble";
import { useUi } from "../ui-context";

interface ObjectionProps {
  bsn: string;
  grouped: string;
  onDone: (at: string) => void;
  onBack: () => void;
}

/** Says in words what will be logged before it is; a wrong click is one step from back. */
export function ObjectionStep({ bsn, grouped, onDone, onBack }: ObjectionProps) {
  const { actions, words } = useUi();
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);

  const record = async () => {
    if (busy) return;
    setBusy(true);
    const result = await actions.object(bsn);
    setBusy(false);
    if (result.outcome === "done") onDone(result.at);
    else setTrouble(result.trouble);
  };

  return (
    <div class="stack" data-testid="objection-step">
      <h2 class="title" ref={heading} tabIndex={-1}>{words.lookUp.objectionTitle}</h2>
      <p>{words.lookUp.objectionFor(grouped)}</p>
      <p>{words.lookUp.objectionText}</p>
      {trouble && <div role="alert"><TroubleBlock trouble={trouble} /></div>}
      <div class="do">
        <button type="button" class="go" data-testid="object-confirm" disabled={busy} onClick={record}>{words.lookUp.objectionDo}</button>
        <button type="button" class="quiet" data-testid="object-back" onClick={onBack}>{words.lookUp.objectionBack} <kbd>Esc</kbd></button>
      </div>
    </div>
  );
}
