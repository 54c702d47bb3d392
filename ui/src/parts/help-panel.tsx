import { SidePanel } from "./panel";
import { useUi } from "../ui-context";

/** Keys, and what a doctor can tell the patient about permission. */
export function HelpPanel({ onClose }: { onClose: () => void }) {
  const { words } = useUi();
  const { help } = words;
  return (
    <SidePanel id="help-title" title={help.title} onClose={onClose}>
      <h3>{help.permissionTitle}</h3>
      <ul class="prose">
        {help.permission.map((line) => <li key={line}>{line}</li>)}
      </ul>
      <h3>{help.keysTitle}</h3>
      <dl class="key-list">
        {help.keys.map(([key, what]) => (
          <div key={key}><dt><kbd>{key}</kbd></dt><dd>{what}</dd></div>
        ))}
      </dl>
    </SidePanel>
  );
}
