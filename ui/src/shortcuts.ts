import { useEffect, useRef } from "preact/hooks";

import { shortcutOf, type Shortcut } from "./keys";

/** Says whether it did something with the shortcut. */
export type ShortcutHandler = (shortcut: Shortcut) => boolean;

// The last one mounted is asked first: a panel before the screen that it stands on.
const handlers: { current: ShortcutHandler }[] = [];

/** Hears shortcuts for as long as the component stands. */
export function useShortcuts(handler: ShortcutHandler): void {
  const ref = useRef(handler);
  ref.current = handler;
  useEffect(() => {
    handlers.push(ref);
    return () => {
      const at = handlers.indexOf(ref);
      if (at >= 0) handlers.splice(at, 1);
    };
  }, []);
}

export function installShortcuts(target: Document): () => void {
  const listen = (event: KeyboardEvent) => {
    const shortcut = shortcutOf(event);
    if (!shortcut) return;
    // The web view's own search, help and address bar must never open, handled or not.
    if (shortcut.shortcut !== "escape") event.preventDefault();
    for (let at = handlers.length - 1; at >= 0; at -= 1) {
      if (handlers[at]?.current(shortcut)) {
        event.preventDefault();
        return;
      }
    }
  };
  target.addEventListener("keydown", listen);
  return () => target.removeEventListener("keydown", listen);
}
