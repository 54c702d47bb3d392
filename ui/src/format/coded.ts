import type { Coded } from "../backend/contract";

/**
 * What the message calls it: the display, else the author's own words, else the same in another
 * code system. `null` where there are no words; the app ships no code tables of its own.
 */
export function codedName(coded: Coded | null): string | null {
  if (!coded) return null;
  const own = filled(coded.display) ?? filled(coded.original_text);
  if (own) return own;
  for (const other of coded.translations) {
    const name = codedName(other);
    if (name) return name;
  }
  return null;
}

/** The name, else the bare code. */
export function codedText(coded: Coded | null): string | null {
  return codedName(coded) ?? (coded ? filled(coded.code) : null);
}

/** The text, or `null` where there is nothing in it to read. */
export function filled(text: string | null): string | null {
  return text !== null && text.trim() !== "" ? text : null;
}
