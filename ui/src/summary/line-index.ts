import type {
  Contact, Duplicate, EntryNarrative, Episode, JournalLine, Measurement, Medication, Section, SourceSummary, Summary,
} from "../backend/contract";

/** A journal line with the contact that it stands in. */
export interface PlacedLine {
  line: JournalLine;
  contact: Contact;
}

/** The lists in which an entry can stand. */
export type ListName =
  | "allergies" | "contraindications" | "limits" | "attention" | "alerts" | "episodes" | "contacts" | "medication" | "measurements"
  | "laboratory" | "others";

/** Where an entry stands, and the entry. */
export type Place =
  | { list: "allergies" | "contraindications" | "limits"; item: Summary["allergies"]["entries"][number] }
  | { list: "attention"; item: Summary["attention_lines"][number] }
  | { list: "alerts" | "others"; item: Summary["others"][number] }
  | { list: "episodes"; item: Episode }
  | { list: "contacts"; item: Contact }
  | { list: "medication"; item: Medication }
  | { list: "measurements" | "laboratory"; item: Measurement };

/** Finds by key what entries refer to; made once per summary. */
export interface LineIndex {
  lines: Map<string, PlacedLine>;
  episodes: Map<string, Episode>;
  medication: Map<string, Medication>;
  sources: Map<string, SourceSummary>;
  places: Map<string, Place>;
  /** The sets of look-alikes that an entry belongs to. */
  duplicates: Map<string, Duplicate[]>;
  narratives: Map<string, EntryNarrative[]>;
  /** The document's sections that name an entry. */
  sections: Map<string, Section[]>;
  /** The panels that a result belongs to. */
  panels: Map<string, Measurement[]>;
}

export function indexOf(summary: Summary): LineIndex {
  const lines = new Map<string, PlacedLine>();
  for (const contact of summary.contacts) {
    for (const part of contact.partials) {
      for (const line of part.lines) lines.set(line.key, { line, contact });
    }
  }
  return {
    lines,
    episodes: new Map(summary.episodes.map((episode) => [episode.key, episode])),
    medication: new Map(summary.medication.map((medication) => [medication.key, medication])),
    sources: new Map(summary.sources.map((source) => [source.key, source])),
    places: placesOf(summary),
    duplicates: grouped(summary.duplicates, (duplicate) => duplicate.keys),
    narratives: grouped(summary.narratives, ({ of }) => (of === null ? [] : [of])),
    sections: grouped(summary.sections, (section) => targets(section.entries)),
    panels: grouped([...summary.measurements, ...summary.laboratory].filter((one) => one.members.length > 0), (panel) => targets(panel.members)),
  };
}

function placesOf(summary: Summary): Map<string, Place> {
  const places = new Map<string, Place>();
  for (const item of summary.allergies.entries) places.set(item.key, { list: "allergies", item });
  for (const item of summary.contraindications.entries) places.set(item.key, { list: "contraindications", item });
  for (const item of summary.treatment_limits.entries) places.set(item.key, { list: "limits", item });
  for (const item of summary.attention_lines) places.set(item.key, { list: "attention", item });
  for (const item of summary.alerts) places.set(item.key, { list: "alerts", item });
  for (const item of summary.episodes) places.set(item.key, { list: "episodes", item });
  for (const item of summary.contacts) places.set(item.key, { list: "contacts", item });
  for (const item of summary.medication) places.set(item.key, { list: "medication", item });
  for (const item of summary.measurements) places.set(item.key, { list: "measurements", item });
  for (const item of summary.laboratory) places.set(item.key, { list: "laboratory", item });
  for (const item of summary.others) places.set(item.key, { list: "others", item });
  return places;
}

function targets(references: readonly { target: string | null }[]): string[] {
  return references.flatMap(({ target }) => target ?? []);
}

function grouped<T>(items: readonly T[], keysOf: (item: T) => readonly string[]): Map<string, T[]> {
  const map = new Map<string, T[]>();
  for (const item of items) {
    for (const key of keysOf(item)) {
      const group = map.get(key);
      if (group) group.push(item);
      else map.set(key, [item]);
    }
  }
  return map;
}
