import type { Summary } from "../backend/contract";
import { deliveryAt, NARROW_MAX, partsFor } from "./delivery";
import type { Words } from "../words/words";

/** Sections that many messages have no part for. */
export const OPTIONAL = ["laboratory", "alerts"] as const;

type Optional = (typeof OPTIONAL)[number];

/**
 * Whether a section has a card: something stands in it, a document has it, or a message of its
 * own was asked for. A whole record without it needs no empty card; one line says so instead.
 */
export function isExpected(summary: Summary, kind: Optional): boolean {
  if (summary[kind].length > 0 || summary.sections.some((section) => section.kind === kind)) return true;
  return summary.sources.some((source) => partsFor(source, kind).some(({ sections }) => sections.length <= NARROW_MAX));
}

/** What the messages have no part of their own for, in one sentence; `null` where there is nothing to say. */
export function notInMessages(summary: Summary, words: Words): string | null {
  const lacking = OPTIONAL.filter((kind) => !isExpected(summary, kind));
  if (lacking.length === 0 || summary.sources.every((source) => deliveryAt(source.delivery, "", summary, words) !== null)) return null;
  return words.document.notInMessages(lacking.map((kind) => words.document.kindNames[kind]).join(", "));
}
