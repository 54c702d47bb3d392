import type { ComponentChildren } from "preact";
import { useId, useState } from "preact/hooks";

interface DisclosureProps {
  label: ComponentChildren;
  /** Called only when opened: a closed one costs one button. */
  children: () => ComponentChildren;
  class?: string;
  "data-testid"?: string;
}

/** A button that opens what belongs to it, right below. */
export function Disclosure(props: DisclosureProps) {
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <div class={`disclosure ${props.class ?? ""}`} data-testid={props["data-testid"]}>
      <button type="button" class="opener" aria-expanded={open} aria-controls={open ? id : undefined} onClick={() => setOpen(!open)}>
        <span class="chevron" aria-hidden="true" />
        {props.label}
      </button>
      {open && <div id={id} class="opened">{props.children()}</div>}
    </div>
  );
}
