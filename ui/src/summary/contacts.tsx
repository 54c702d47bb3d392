import { useMemo } from "preact/hooks";

import type { Contact, JournalLine, PartialContact } from "../backend/contract";
import { codedName, codedText, filled } from "../format/coded";
import { dateSpan, formatPeriod, hasDate, mainDate } from "../format/date";
import { authorName } from "../format/name";
import { aboutEntry, detailsLine, referenceLines, withdrawnTag } from "./beside";
import { Blocks } from "./blocks";
import { Card } from "./card";
import { useSummary, type SummaryUi } from "./context";
import { SectionNotes } from "./section-notes";
import { useText } from "./use-text";

/** Contacts, newest first, with their partial contacts and journal lines. */
export function Contacts() {
  const { summary, words, language, found } = useSummary();
  const all = summary.contacts;
  const span = useMemo(() => dateSpan(all.map((contact) => mainDate(contact.period)), language), [all, language]);
  const shown = found.contacts;
  const grows = summary.others.length === 0 && summary.sections.length === 0;
  return (
    <Card
      section="contacts" testid="card-contacts" class={grows ? "grow" : ""} title={words.sections.contactsTitle} total={all.length} shown={shown.length}
      hint={all.length > 0 ? [span, words.sections.newestFirst].filter(Boolean).join(" · ") : null} kind="contacts" emptyName={words.sections.names.contacts}
    >
      <Blocks items={shown} row={contactArticle} section="contacts" as="div" list="contacts" />
      <SectionNotes kind="contacts" />
    </Card>
  );
}

/** Plain functions: they are drawn tens of thousands of times. */
function contactArticle(contact: Contact, ui: SummaryUi) {
  const { words, language, mark, index, several } = ui;
  const { sections } = words;
  const kind = codedName(contact.kind) ?? (contact.kind?.code ? sections.kindCode(contact.kind.code) : sections.contact);
  const source = several ? index.sources.get(contact.source)?.name : null;
  return (
    <article key={contact.key} class={contact.withdrawn ? "contact withdrawn" : "contact"} id={`entry-${contact.key}`} tabIndex={-1}>
      <h3>
        <time>{mark(formatPeriod(contact.period, language))}</time>{" "}
        {mark([kind, authorName(contact.author), source].filter((part) => part).join(" · "))}
        {contact.status !== null && !["completed", "active", "finished"].includes(contact.status) && <span class="tag">{sections.statusIs(contact.status)}</span>}
        {withdrawnTag(contact.withdrawn, ui)}
      </h3>
      {contact.referred_only && <p class="from">{words.document.referredOnly}</p>}
      {filled(contact.text) && <p class="verbatim">{mark(contact.text)}</p>}
      {contact.partials.map((partial, at) => partialContact(partial, at, contact, ui))}
      {detailsLine(contact.details, ui)}
      {aboutEntry(contact.key, contact.source, contact.references, ui)}
    </article>
  );
}

function partialContact(partial: PartialContact, at: number, contact: Contact, ui: SummaryUi) {
  const { mark, index, words, language } = ui;
  const author = authorName(partial.author);
  // Said only where it differs from the contact's own: otherwise it stands above already.
  const own = [
    hasDate(partial.period) && mainDate(partial.period)?.raw !== mainDate(contact.period)?.raw ? formatPeriod(partial.period, language) : null, author === authorName(contact.author) ? null : author,
  ].filter((part) => part);
  const episodes = new Set(partial.lines.flatMap((line) => line.episodes));
  const named = [...episodes].map((key) => index.episodes.get(key)).filter((episode) => episode !== undefined);
  const diagnosed = new Set(partial.diagnoses.flatMap((diagnosis) => diagnosis.episodes));
  const others = named.filter((episode) => !diagnosed.has(episode.key));
  return (
    <div class="partial" key={at}>
      {own.length > 0 && <p class="from">{mark(own.join(" · "))}</p>}
      {partial.diagnoses.map((diagnosis) => {
        const name = codedName(diagnosis.value);
        return (
          <p class="dx" key={diagnosis.key}>
            <b>{mark(name ?? filled(diagnosis.text) ?? diagnosis.value.code)}</b>{" "}
            {diagnosis.value.code && name && <code>{mark(diagnosis.value.code)}</code>}
            {name && filled(diagnosis.text) && diagnosis.text !== name && <span class="quote"> “{mark(diagnosis.text)}”</span>}
          </p>
        );
      })}
      {partial.diagnoses.length === 0 && others.length > 0 && (
        <p class="dx">
          <span class="soft">{words.sections.episode}: </span>
          {mark(others.map((episode) => filled(episode.title) ?? codedText(episode.problem) ?? words.sections.untitled).join(", "))}
        </p>
      )}
      {partial.lines.length > 0 && <dl class="soep">{partial.lines.map((line) => journalLine(line, ui))}</dl>}
      {partial.medication.map((key) => prescription(key, ui))}
      {detailsLine(partial.details, ui)}
      {referenceLines(partial.references, ui)}
    </div>
  );
}

function journalLine(line: JournalLine, { mark, words }: SummaryUi) {
  return (
    <div key={line.key}>
      <dt>{lineKind(line)}</dt>
      <dd>{line.text === null ? <span class="none">{words.sections.noText}</span> : mark(line.text)}</dd>
    </div>
  );
}

/** Kinds of journal line in LOINC, as contact reports code them, in the letters that every GP knows. */
const LINE_KINDS: Record<string, string> = { "61150-9": "S", "61149-1": "O", "51848-0": "E", "18776-5": "P" };

function lineKind({ kind }: JournalLine): string {
  return (kind.code === null ? null : (LINE_KINDS[kind.code] ?? kind.code)) ?? codedText(kind) ?? "–";
}

function prescription(key: string, { mark, words, index, language }: SummaryUi) {
  const medication = index.medication.get(key);
  if (!medication) return null;
  const name = codedText(medication.product) ?? medication.product_texts[0] ?? words.sections.unnamedProduct;
  const uses = medication.uses.map((use) => [useText(use, words, language), formatPeriod(use.period, language)].filter((part) => part).join(", "));
  return (
    <p class="rx-line" key={key}>
      <span class="soft">{words.sections.prescribed}: </span><b>{mark(name)}</b> {mark(uses.join("; "))}
    </p>
  );
}
