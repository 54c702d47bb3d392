/** Shortcuts all carry a modifier or are function keys: a bare letter must stay a letter (WCAG 2.1.4). */
export type Shortcut =
  | { shortcut: "section"; number: number }
  | { shortcut: "search" | "next_patient" | "lock" | "help" | "escape" };

export const SECTION_COUNT = 9;

export function shortcutOf(event: Pick<KeyboardEvent, "key" | "code" | "altKey" | "ctrlKey" | "metaKey" | "shiftKey">): Shortcut | null {
  const plain = !event.altKey && !event.ctrlKey && !event.metaKey;
  if (plain && event.key === "F1") return { shortcut: "help" };
  if (plain && event.key === "Escape") return { shortcut: "escape" };
  if (event.altKey && !event.ctrlKey && !event.metaKey) {
    // By position, so that a layout that writes a sign with Alt still works.
    const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1] ?? (/^[1-9]$/.test(event.key) ? event.key : undefined);
    const number = Number(digit);
    if (number >= 1 && number <= SECTION_COUNT) return { shortcut: "section", number };
  }
  if (event.ctrlKey && !event.altKey && !event.shiftKey) {
    const key = event.key.toLowerCase();
    if (key === "f") return { shortcut: "search" };
    if (key === "k") return { shortcut: "next_patient" };
    if (key === "l") return { shortcut: "lock" };
  }
  return null;
}
