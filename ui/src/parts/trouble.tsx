import type { Trouble } from "../backend/contract";
import { useUi } from "../ui-context";

/** What happened, what to do now and who can, and the code to read out to an administrator. */
export function TroubleBlock({ trouble }: { trouble: Trouble }) {
  const { state, words } = useUi();
  const text = trouble[state.language];
  return (
    <div class="trouble">
      <p class="what">{text.what}</p>
      <p class="now"><b>{words.frame.now}</b> {text.now}</p>
      <p class="fine">{words.frame.code} <code>{trouble.code}</code></p>
    </div>
  );
}
