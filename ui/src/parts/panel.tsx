import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

import { useShortcuts } from "../shortcuts";
import { useUi } from "../ui-context";

interface PanelProps {
  id: string;
  title: string;
  onClose: () => void;
  children: ComponentChildren;
}

/**
 * A panel at the side, below the banner: it never covers whom the screen is about. Focus goes
 * in, Esc closes, and focus goes back to where it was.
 */
export function SidePanel({ id, title, onClose, children }: PanelProps) {
  const { words } = useUi();
  const heading = useRef<HTMLHeadingElement>(null);

  useEffect(() => {
    const before = document.activeElement;
    heading.current?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);

  useShortcuts((shortcut) => {
    if (shortcut.shortcut !== "escape") return false;
    onClose();
    return true;
  });

  return (
    <aside class="panel" aria-labelledby={id}>
      <div class="panel-head">
        <h2 id={id} ref={heading} tabIndex={-1}>{title}</h2>
        <button type="button" onClick={onClose}>{words.frame.close} <kbd>Esc</kbd></button>
      </div>
      <div class="panel-body" tabIndex={0} role="group" aria-labelledby={id}>{children}</div>
    </aside>
  );
}
