import type { Entry } from "../backend/contract";
import { codedText, filled, ownWords } from "../format/coded";
import { formatPeriod, hasDate } from "../format/date";
import { formatRangeOf, formatValue } from "../format/quantity";
import { aboutEntry, detailsLine, fromText, withdrawnTag } from "./beside";
import { Blocks } from "./blocks";
import type { SummaryUi } from "./context";

/** What an entry normally is: said with all data, not beside each. */
const ORDINARY: ReadonlySet<string> = new Set(["active", "completed", "final", "current"]);

/** Entries that no list of this product was made for, each with all that is to be said of it. */
export function EntryList({ entries, section, list }: { entries: readonly Entry[]; section: string; list?: string }) {
  return <Blocks items={entries} row={entryRow} section={section} as="ul" class="rows entries" {...(list === undefined ? {} : { list })} />;
}

/** A plain function: it is drawn thousands of times. */
function entryRow(entry: Entry, ui: SummaryUi) {
  const { words, language, mark } = ui;
  const text = filled(entry.text);
  const what = codedText(entry.what);
  const own = ownWords(entry.what);
  const name = what ?? text ?? words.document.unnamedEntry;
  const value = entry.value ? entryValue(entry, ui) : null;
  const from = fromText(entry.source, entry.author, ui);
  const period = hasDate(entry.period) || !entry.author?.time ? entry.period : { ...entry.period, at: entry.author.time };
  return (
    <li key={entry.key} id={`entry-${entry.key}`} tabIndex={-1} class={entry.withdrawn ? "withdrawn" : ""}>
      <div class="row">
        <span class="row-title">
          {entry.negated && <span class="kind">{DONE.has(entry.element) ? words.document.negatedDone : words.document.negated}</span>}{" "}
          <b>{mark(name)}</b>
          {value !== null && <span class="entry-value">: {mark(value)}</span>}
          {own !== null && <span class="quote"> “{mark(own)}”</span>}
          {text !== null && text !== name && text !== own && <span class="quote"> “{mark(text)}”</span>}
          {withdrawnTag(entry.withdrawn, ui)}
          {entry.status !== null && !isOrdinary(entry) && <span class="tag">{words.sections.statusIs(entry.status)}</span>}
        </span>
        <time>{formatPeriod(period, language)}</time>
      </div>
      {from !== "" && <span class="from">{from}</span>}
      {detailsLine(entry.details, ui)}
      {aboutEntry(entry.key, entry.source, entry.references, ui)}
    </li>
  );
}

/** What the words in front or the tag say already needs no saying again. */
function isOrdinary({ status, negated, withdrawn }: Entry): boolean {
  return status === null || withdrawn || ORDINARY.has(status) || (negated && status === "not-done");
}

/** Elements that are acts: what is denied of them is that they were done. */
const DONE: ReadonlySet<string> = new Set(["Procedure", "Immunization", "MedicationAdministration", "procedure", "act", "substanceAdministration", "supply"]);

function entryValue({ value }: Entry, { words, language }: SummaryUi): string | null {
  if (value === null) return null;
  if (value.type === "range") return formatRangeOf(value, language);
  return formatValue(value, language) ?? words.sections.noValue;
}
