import { useMemo } from "preact/hooks";

import type { Entry, Section, SectionKind, Summary } from "../backend/contract";
import type { Words } from "../words/words";
import { placeName } from "./beside";
import { Card } from "./card";
import { useSummary } from "./context";
import { EntryList } from "./entries";
import type { LineIndex, ListName } from "./line-index";
import { NarrativeOf } from "./narrative";
import { SectionNote, titleOf } from "./section-notes";

/** Kinds with a card of their own elsewhere on the screen. */
const PLACED: ReadonlySet<SectionKind> = new Set([
  "allergies", "contraindications", "treatment_limits", "attention_lines", "alerts", "episodes", "contacts", "medication", "measurements", "laboratory",
]);

/** One card: a known kind over all sources, or one section that this product did not think of. */
export interface DocumentCard {
  id: string;
  kind: SectionKind;
  title: string;
  sections: Section[];
  entries: Entry[];
}

/** In the order of the documents; what stands in no section comes last, under its kind. */
export function documentCards(summary: Summary, index: LineIndex, words: Words): DocumentCard[] {
  const cards = new Map<string, DocumentCard>();
  const cardOf = (id: string, kind: SectionKind, title: string) => {
    const known = cards.get(id);
    if (known) return known;
    const card: DocumentCard = { id, kind, title, sections: [], entries: [] };
    cards.set(id, card);
    return card;
  };
  for (const section of summary.sections) {
    if (PLACED.has(section.kind)) continue;
    const id = section.kind === "other" ? section.key : section.kind;
    cardOf(id, section.kind, titleOf(section, words)).sections.push(section);
  }
  for (const entry of summary.others) {
    const unknown = entry.kind === "other" ? index.sections.get(entry.key)?.find((section) => section.kind === "other") : undefined;
    cardOf(unknown?.key ?? entry.kind, entry.kind, words.document.kinds[entry.kind]).entries.push(entry);
  }
  return [...cards.values()];
}

/** Whatever a document holds beyond the lists of this product: each section under its own heading. */
export function DocumentSections() {
  const { summary, index, words } = useSummary();
  const cards = useMemo(() => documentCards(summary, index, words), [summary, index, words]);
  return (
    <>
      {cards.map((card, at) => <SectionCard key={card.id} card={card} first={at === 0} />)}
      <LooseTexts />
    </>
  );
}

/** Texts of the source that belong to no entry on the screen, and have to be read all the same. */
function LooseTexts() {
  const { summary, words, several, index } = useSummary();
  const loose = summary.narratives.filter(({ of, narrative }) => of === null && narrative.weight !== "same");
  if (loose.length === 0) return null;
  return (
    <Card section="texts" testid="card-texts" title={words.document.narrativesTitle}>
      {loose.map(({ source, narrative }, at) => (
        <div class="section-note" key={at}>
          {several && <p class="from">{index.sources.get(source)?.name ?? source}</p>}
          <NarrativeOf narrative={narrative} />
        </div>
      ))}
    </Card>
  );
}

function SectionCard({ card, first }: { card: DocumentCard; first: boolean }) {
  const { found, words, query } = useSummary();
  const shown = useMemo(() => {
    if (query === "") return card.entries;
    const fitting = new Set(found.others);
    return card.entries.filter((entry) => fitting.has(entry));
  }, [card, found, query]);
  // The first one is where Alt 7 leads.
  const section = first ? "others" : `others-${card.id}`;
  const parents = card.sections.flatMap((one) => one.parent ?? []);
  return (
    <Card
      section={section} testid={`card-${card.id}`} title={card.title} total={card.entries.length} shown={shown.length} kind={card.kind}
      saysEmpty={card.sections.some((one) => one.empty !== null || one.narrative !== null || one.entries.length > 0)} emptyName={words.document.kindNames[card.kind]}
    >
      {parents.length > 0 && <ParentLine keys={parents} />}
      <EntryList entries={shown} section={section} />
      <Elsewhere sections={card.sections} own={card.entries} />
      {card.sections.map((one) => <SectionNote key={one.key} section={one} />)}
    </Card>
  );
}

function ParentLine({ keys }: { keys: readonly string[] }) {
  const { summary, words } = useSummary();
  const titles = summary.sections.filter((section) => keys.includes(section.key)).map((section) => titleOf(section, words));
  return titles.length > 0 ? <p class="from">{words.document.partOfSection(titles.join(", "))}</p> : null;
}

/** More names than this are a list of their own: then the number says it. */
const NAMES_MAX = 8;

/** Entries of these sections that stand in another card: by name, and leading there. */
function Elsewhere({ sections, own }: { sections: readonly Section[]; own: readonly Entry[] }) {
  const ui = useSummary();
  const { index, words, goToEntry } = ui;
  const here = new Set(own.map((entry) => entry.key));
  const lists = new Map<ListName, Map<string, string>>();
  for (const { target } of sections.flatMap((section) => section.entries)) {
    const place = target === null || here.has(target) ? undefined : index.places.get(target);
    if (!place) continue;
    const names = lists.get(place.list) ?? new Map<string, string>();
    lists.set(place.list, names.set(place.item.key, placeName(place, ui)));
  }
  return (
    <>
      {[...lists].map(([list, names]) => (
        <p class="refs" key={list}>
          {words.document.standsIn(names.size, listTitle(list, words))}{": "}
          {[...names].slice(0, NAMES_MAX).map(([key, name]) => <button type="button" class="link" key={key} onClick={() => goToEntry(key)}>{name}</button>)}
          {names.size > NAMES_MAX && <span>{words.clinical.more(names.size - NAMES_MAX)}</span>}
        </p>
      ))}
    </>
  );
}

const KIND_OF: Record<ListName, SectionKind> = {
  allergies: "allergies", contraindications: "contraindications", limits: "treatment_limits", attention: "attention_lines", alerts: "alerts",
  episodes: "episodes", contacts: "contacts", medication: "medication", measurements: "measurements", laboratory: "laboratory", others: "other",
};

function listTitle(list: ListName, words: Words): string {
  return words.document.kinds[KIND_OF[list]];
}
