import type { Author, Detail, Duplicate, LineReference } from "../backend/contract";
import { codedText, filled } from "../format/coded";
import { DETAILS_SHOWN_MAX, detailText, relevant } from "../format/detail";
import { authorName } from "../format/name";
import { Disclosure } from "../parts/disclosure";
import { statementName } from "./cells";
import type { SummaryUi } from "./context";
import type { Place } from "./line-index";
import { NarrativeOf } from "./narrative";

// Plain functions: they are drawn tens of thousands of times.

/** Further named values: the first ones in a line of their own, the rest behind an opener. */
export function detailsLine(details: readonly Detail[], ui: SummaryUi) {
  if (details.length === 0) return null;
  const { words, language, mark } = ui;
  const texts = relevant(details).flatMap((detail) => detailText(detail, language, words) ?? []);
  if (texts.length === 0) return null;
  const rest = texts.slice(DETAILS_SHOWN_MAX);
  return (
    <div class="details">
      <p>{mark(texts.slice(0, DETAILS_SHOWN_MAX).join(" · "))}</p>
      {rest.length > 0 && (
        <Disclosure label={words.document.moreDetails(rest.length)}>
          {() => <ul class="line-list">{rest.map((text, at) => <li key={at}>{text}</li>)}</ul>}
        </Disclosure>
      )}
    </div>
  );
}

/** Source (where there are several) and who wrote it. */
export function fromText(source: string, author: Author | null, ui: SummaryUi): string {
  const name = ui.several ? (ui.index.sources.get(source)?.name ?? source) : null;
  return [name, authorName(author)].filter((part) => part).join(" · ");
}

/** Taken back or entered in error: struck through, readable, and said in words. */
export function withdrawnTag(withdrawn: boolean, ui: SummaryUi) {
  return withdrawn ? <span class="tag strong">{ui.words.document.withdrawn}</span> : null;
}

/**
 * What belongs to an entry without being part of it: the same entry elsewhere, what it refers to,
 * and the source's own text.
 */
export function aboutEntry(key: string, source: string, references: readonly LineReference[], ui: SummaryUi) {
  const { index } = ui;
  return (
    <>
      {(index.duplicates.get(key) ?? []).map((duplicate, at) => <span key={at}>{sameTags(duplicate, key, source, ui)}</span>)}
      {referenceLines(references, ui)}
      {(index.narratives.get(key) ?? []).map(({ narrative }, at) => <NarrativeOf key={at} narrative={narrative} />)}
    </>
  );
}

/** A quiet tag per look-alike, which leads to it; nothing is merged, nothing hidden. */
function sameTags({ keys, by }: Duplicate, own: string, source: string, { words, index, goToEntry }: SummaryUi) {
  const { document: said } = words;
  return keys.filter((key) => key !== own).map((key) => {
    const other = index.places.get(key)?.item.source ?? null;
    const name = other === null ? null : (index.sources.get(other)?.name ?? other);
    const label = name !== null && other !== source ? said.alsoAt(name) : said.sameEntry;
    const why = by === "same_id" ? said.sameById : said.sameByContent;
    return (
      <button type="button" class="same" key={key} title={why} onClick={() => goToEntry(key)}>
        {label}<span class="spoken"> ({why})</span>
      </button>
    );
  });
}

/** What an entry refers to: by name where it is here, counted where it is not. */
export function referenceLines(references: readonly LineReference[], ui: SummaryUi) {
  if (references.length === 0) return null;
  const { index, words, goToEntry } = ui;
  const here = references.flatMap(({ target }) => {
    const place = target === null ? undefined : index.places.get(target);
    if (place) return [{ key: place.item.key, name: placeName(place, ui) }];
    // A journal line has no place of its own: it leads to the contact that it stands in.
    const line = target === null ? undefined : index.lines.get(target);
    return line ? [{ key: line.contact.key, name: words.sections.journalLines(1) }] : [];
  });
  const missing = references.filter(({ target }) => target === null).length;
  return (
    <>
      {here.length > 0 && (
        <p class="refs">
          {words.document.see}{" "}
          {here.map(({ key, name }, at) => <button type="button" class="link" key={at} onClick={() => goToEntry(key)}>{name}</button>)}
        </p>
      )}
      {missing > 0 && <p class="from">{words.document.notHere(missing)}</p>}
    </>
  );
}

/** What an entry is called where another one points at it. */
export function placeName(place: Place, { words }: Pick<SummaryUi, "words">): string {
  switch (place.list) {
    case "allergies":
    case "contraindications":
    case "limits":
      return statementName(place.item) ?? words.clinical.notStated;
    case "attention":
      return filled(place.item.text) ?? words.sections.nameOfOne.attention;
    case "alerts":
    case "others":
      return codedText(place.item.what) ?? filled(place.item.text) ?? words.document.unnamedEntry;
    case "episodes":
      return filled(place.item.title) ?? codedText(place.item.problem) ?? words.sections.untitled;
    case "contacts":
      return codedText(place.item.kind) ?? words.sections.contact;
    case "medication":
      return codedText(place.item.product) ?? words.sections.unnamedProduct;
    case "measurements":
    case "laboratory":
      return codedText(place.item.what) ?? words.sections.unnamedMeasurement;
  }
}
