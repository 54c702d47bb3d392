import type { Contact, Entry, Episode, Language, Medication } from "../backend/contract";
import { codedText } from "../format/coded";
import { formatPeriod } from "../format/date";
import { shownDetails } from "../format/detail";
import { authorName } from "../format/name";
import { formatValue } from "../format/quantity";
import type { Words } from "../words/words";
import type { LineIndex } from "./line-index";
import type { MeasurementGroup } from "./measurement-groups";
import { useText } from "./use-text";

/** Upper and lower case, and letters with and without marks, are alike to a reader who is in a hurry. */
export function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{Mn}/gu, "").toLowerCase();
}

/** The words of a query, folded. */
export function wordsIn(query: string): string[] {
  return plain(query).split(/\s+/).filter((word) => word !== "");
}

/** Every word of the query must occur. */
export function fits(haystack: string, query: string): boolean {
  return wordsIn(query).every((word) => haystack.includes(word));
}

/** What can be read of an item on the screen without opening it: a hit must be visible. */
export function episodeText(episode: Episode, language: Language, words: Words): string {
  return joined([
    episode.title, episode.problem_text, codedText(episode.problem), episode.problem?.code, episode.status,
    formatPeriod(episode.period, language), ...shownDetails(episode.details, language, words),
  ]);
}

export function medicationText(medication: Medication, language: Language, words: Words): string {
  return joined([
    codedText(medication.product), medication.product.code, ...medication.product_texts, medication.text, medication.status,
    words.document.medicationKinds[medication.kind], ...shownDetails(medication.details, language, words),
    ...medication.uses.flatMap((use) => [useText(use, words, language), use.status, formatPeriod(use.period, language)]),
  ]);
}

export function measurementText(group: MeasurementGroup, language: Language, words: Words): string {
  const { latest } = group;
  return joined([
    group.name, latest.what.code, latest.text, formatValue(latest.value, language), formatPeriod(latest.at, language),
    ...latest.interpretations.map(codedText), ...shownDetails(latest.details, language, words),
    ...latest.components.flatMap((part) => [codedText(part.what), formatValue(part.value, language)]),
  ]);
}

export function entryText(entry: Entry, language: Language, words: Words): string {
  return joined([
    codedText(entry.what), entry.what?.code, entry.text, entry.value && formatValue(entry.value, language), entry.status,
    formatPeriod(entry.period, language), authorName(entry.author), ...shownDetails(entry.details, language, words),
  ]);
}

export function contactText(contact: Contact, index: LineIndex, language: Language, words: Words): string {
  const parts: (string | null | undefined)[] = [
    codedText(contact.kind), contact.text, authorName(contact.author), formatPeriod(contact.period, language), contact.status,
    ...shownDetails(contact.details, language, words),
  ];
  for (const partial of contact.partials) {
    for (const line of partial.lines) parts.push(line.text);
    for (const diagnosis of partial.diagnoses) parts.push(codedText(diagnosis.value), diagnosis.value.code, diagnosis.text);
    for (const key of partial.medication) {
      const medication = index.medication.get(key);
      if (medication) parts.push(medicationText(medication, language, words));
    }
    parts.push(...shownDetails(partial.details, language, words));
  }
  return joined(parts);
}

function joined(parts: readonly (string | null | undefined)[]): string {
  return plain(parts.filter((part) => part).join("\n"));
}

/** A text cut at its hits: even pieces are plain, odd ones fit a word of the query. */
export function splitHits(text: string, query: string): string[] {
  const words = wordsIn(query);
  const low = plain(text);
  // Folding that changes the length would move the hits: then none is marked, and nothing is lost.
  if (words.length === 0 || low.length !== text.length) return [text];
  const pieces: string[] = [];
  let at = 0;
  while (at < text.length) {
    let start = -1;
    let length = 0;
    for (const word of words) {
      const found = low.indexOf(word, at);
      if (found >= 0 && (start < 0 || found < start || (found === start && word.length > length))) [start, length] = [found, word.length];
    }
    if (start < 0) break;
    pieces.push(text.slice(at, start), text.slice(start, start + length));
    at = start + length;
  }
  pieces.push(text.slice(at));
  return pieces;
}
