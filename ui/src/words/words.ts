import type { Language } from "../backend/contract";
import { en } from "./en";
import { nl } from "./nl";

/** Every word on the screen. The Dutch dictionary is the form; the English one must fit it. */
export type Words = typeof nl;

const ALL: Record<Language, Words> = { nl, en };

export function wordsOf(language: Language): Words {
  return ALL[language];
}
