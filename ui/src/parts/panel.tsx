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
  const panel = useRef<HTMLElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);

  useEffect(() => {
    const before = document.activeElement;
    if (panel.current) panel.current.style.top = `${topOfRoom()}px`;
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
    <aside class="panel" ref={panel} aria-labelledby={id}>
      <div class="panel-head">
        <h2 id={id} ref={heading} tabIndex={-1}>{title}</h2>
        <button type="button" onClick={onClose}>{words.frame.close} <kbd>Esc</kbd></button>
      </div>
      <div class="panel-body" tabIndex={0} role="group" aria-labelledby={id}>{children}</div>
    </aside>
  );
}

/** Where what the screen is about ends: below the bar, the banner and the consent strip. */
function topOfRoom(): number {
  const bottoms = [...document.querySelectorAll(".head, .patient")].map((element) => element.getBoundingClientRect().bottom);
  const main = document.querySelector("main")?.getBoundingClientRect().top ?? 0;
  return Math.max(0, main, ...bottoms);
}
