import type { Detail, Language } from "../backend/contract";
import type { Words } from "../words/words";
import { codedText, filled } from "./coded";
import { formatPeriod, hasDate } from "./date";
import { formatQuantity } from "./quantity";

/** As many as fit beside an entry; the rest stands behind an opener. */
export const DETAILS_SHOWN_MAX = 6;

/** Names that would only say "here is what it says": their value stands alone. */
const BARE: ReadonlySet<string> = new Set(["value", "text", "annotation", "note", "comment", "description"]);

/** What a message says about its own bookkeeping: to be found with all data, not beside an entry. */
const BOOKKEEPING: ReadonlySet<string> = new Set([
  "profile", "last_updated", "version_id", "meta", "implicit_rules", "language", "identifier", "instantiates_canonical", "instantiates_uri", "group_identifier",
  "concern_period", "service_provider",
]);

/** What is so for nearly every entry: said in all data, and beside an entry only where it differs. */
const ORDINARY: Record<string, ReadonlySet<string>> = {
  certainty: new Set(["confirmed", "n", "stated with no assertion of uncertainty"]),
  class: new Set(["amb", "ambulatory"]),
  clinical_status: new Set(["active"]),
  concern_status: new Set(["active", "completed"]),
  intent: new Set(["order"]),
  status: new Set(["active", "completed", "final", "finished"]),
  verification_status: new Set(["confirmed"]),
};

function isOrdinary({ name, text, coded, quantity, period, details }: Detail): boolean {
  const ordinary = ORDINARY[snake(name)];
  if (!ordinary || quantity || period || details.length > 0) return false;
  const said = [text, coded?.code, coded?.display, coded?.original_text].filter((one) => one !== null && one !== undefined);
  return said.length > 0 && said.some((one) => ordinary.has(one.toLowerCase()));
}

/** The values of details that stand beside an entry, as text: what a search may find. */
export function shownDetails(details: readonly Detail[], language: Language, words: Words): string[] {
  return relevant(details).slice(0, DETAILS_SHOWN_MAX).flatMap((detail) => detailText(detail, language, words) ?? []);
}

export function relevant(details: readonly Detail[]): Detail[] {
  return details.filter((detail) => !BOOKKEEPING.has(snake(detail.name)) && !isOrdinary(detail));
}

/**
 * `reactie: huiduitslag (ernst: ernstig)`; `null` where it holds nothing to read. The app limits
 * how deep details nest.
 */
export function detailText(detail: Detail, language: Language, words: Words): string | null {
  const value = detailValue(detail, language, words);
  const inner = detail.details.flatMap((one) => detailText(one, language, words) ?? []).join("; ");
  if (value === null && inner === "") return null;
  const said = value === null ? inner : inner === "" ? value : `${value} (${inner})`;
  return BARE.has(snake(detail.name)) ? said : `${detailName(detail.name, words)}: ${said}`;
}

/** The value itself, each form of it that says something of its own. */
function detailValue(detail: Detail, language: Language, words: Words): string | null {
  const forms = new Set<string>();
  for (const form of [
    detail.text, codedText(detail.coded), formatQuantity(detail.quantity),
    detail.period && hasDate(detail.period) ? formatPeriod(detail.period, language) : null,
  ]) {
    const text = filled(form ?? null);
    if (text !== null) forms.add(text === "true" ? words.sections.yes : text === "false" ? words.sections.no : text);
  }
  return forms.size > 0 ? [...forms].join(", ") : null;
}

/** In words where the page knows it, else the name itself, its words apart. */
export function detailName(name: string, words: Words): string {
  const known = snake(name);
  return words.details[known] ?? known.replaceAll("_", " ");
}

/** `bodySite` and `body-site` are `body_site`. */
export function snake(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").replace(/[\s-]+/g, "_").toLowerCase();
}
