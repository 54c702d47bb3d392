import type { Language, Part, Section, SectionKind, Summary } from "../backend/contract";
import { codedText, filled } from "../format/coded";
import { formatDate } from "../format/date";
import { authorName } from "../format/name";
import type { Words } from "../words/words";
import { detailsLine } from "./beside";
import { stateOf } from "./cells";
import { useSummary } from "./context";
import { NarrativeOf } from "./narrative";

/** What a document says of a section as a whole: why it is empty, its own text, what it names and is not here. */
export function SectionNotes({ kind }: { kind: SectionKind }) {
  const { summary } = useSummary();
  return <>{summary.sections.filter((section) => section.kind === kind && maySpeak(section, summary)).map((section) => <SectionNote key={section.key} section={section} />)}</>;
}

/** The note of one section. */
export function SectionNote({ section }: { section: Section }) {
  const ui = useSummary();
  const { summary, words, language, several, index } = ui;
  const missing = section.entries.filter(({ target }) => target === null).length;
  // The three sections with a state of their own say in it what the source said of an empty list.
  const empty = hasState(section.kind) ? null : emptyText(section, summary, words, language);
  const source = several ? index.sources.get(section.source)?.name : null;
  const tells = section.narrative !== null && section.narrative.weight !== "same";
  if (empty === null && missing === 0 && !tells && section.details.length === 0) return null;
  return (
    <div class="section-note">
      {source && <p class="from">{source}</p>}
      {empty !== null && <p class="empty">{empty}</p>}
      {detailsLine(section.details, ui)}
      {section.narrative && <NarrativeOf narrative={section.narrative} />}
      {missing > 0 && <p class="from">{words.document.missingEntries(missing)}</p>}
    </div>
  );
}

function hasState(kind: SectionKind): boolean {
  return kind === "allergies" || kind === "contraindications" || kind === "treatment_limits";
}

/** Nothing of a section is told where what it holds was withheld, its text least of all. */
export function maySpeak(section: Section, summary: Summary): boolean {
  const part = section.kind === "allergies" ? summary.allergies : section.kind === "contraindications" ? summary.contraindications : null;
  return part === null || !isWithheld(part, section.source);
}

function isWithheld(part: Part, source: string): boolean {
  const own = part.per_source.find((one) => one.source === source);
  return (own?.state ?? stateOf(part)) === "withheld_by_rule";
}

/** The reason in words; a source's "none known" only as its own words, with who and when. */
export function emptyText(section: Section, summary: Summary, words: Words, language: Language): string | null {
  const { empty } = section;
  if (!empty) return null;
  const said = words.document;
  if (empty.code === "nilknown") {
    const own = summary.sources.find((source) => source.key === section.source)?.author ?? null;
    const author = section.author ?? own;
    const who = authorName(author) ?? words.clinical.authorNotStated;
    const when = author?.time ? formatDate(author.time, language) : said.dateNotStated;
    const text = said.nilKnown(titleOf(section, words), who, when);
    return section.author === null || section.author.conducted ? `${text} (${said.nilKnownFromHeader})` : text;
  }
  const known = empty.code === null ? undefined : said.emptyReasons[empty.code];
  return said.emptySays(known ?? codedText(empty) ?? empty.null_flavor ?? words.sections.none);
}

/** The source's title for an unknown section, ours for a known one. */
export function titleOf(section: Section, words: Words): string {
  if (section.kind !== "other") return words.document.kinds[section.kind];
  return filled(section.title) ?? codedText(section.code) ?? words.document.kinds.other;
}
