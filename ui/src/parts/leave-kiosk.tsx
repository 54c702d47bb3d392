import { useState } from "preact/hooks";

import { NumberPad } from "./number-pad";
import { SidePanel } from "./panel";
import { TroubleBlock } from "./trouble";
import type { Trouble } from "../backend/contract";
import { useUi } from "../ui-context";

/** Leaving the kiosk asks for a supervisor's PIN; the app itself closes when it is right. */
export function LeaveKioskPanel({ onClose }: { onClose: () => void }) {
  const { actions, words } = useUi();
  const [pin, setPin] = useState("");
  const [trouble, setTrouble] = useState<Trouble | null>(null);

  const submit = async (event: Event) => {
    event.preventDefault();
    if (pin === "") return;
    const result = await actions.leaveKiosk(pin);
    setPin("");
    setTrouble(result.outcome === "failed" ? result.trouble : null);
    if (result.outcome === "done") onClose();
  };

  return (
    <SidePanel id="leave-kiosk-title" title={words.frame.leaveKioskTitle} onClose={onClose}>
      <form onSubmit={submit} class="stack">
        <p>{words.frame.leaveKioskText}</p>
        <label for="supervisor-pin">{words.frame.supervisorPin}</label>
        <input
          id="supervisor-pin" data-testid="supervisor-pin" class="big" type="password" inputMode="numeric" autoComplete="off"
          value={pin} onInput={(event) => setPin(event.currentTarget.value)}
        />
        <NumberPad value={pin} onChange={setPin} />
        {trouble && <div role="alert"><TroubleBlock trouble={trouble} /></div>}
        <button type="submit" class="go" data-testid="leave-kiosk">{words.frame.leaveKiosk}</button>
      </form>
    </SidePanel>
  );
}
