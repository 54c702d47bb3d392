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

/**
 * The author's own words, where they stand beside a name that says something else: text and code
 * disagree in normal data, and both are shown.
 */
export function ownWords(coded: Coded | null): string | null {
  const own = coded ? filled(coded.original_text) : null;
  const name = codedName(coded);
  return own !== null && name !== null && own.trim().toLowerCase() !== name.trim().toLowerCase() ? own : null;
}

/** The name, else the bare code. */
export function codedText(coded: Coded | null): string | null {
  return codedName(coded) ?? (coded ? filled(coded.code) : null);
}

/** The text, or `null` where there is nothing in it to read. */
export function filled(text: string | null): string | null {
  return text !== null && text.trim() !== "" ? text : null;
}
