import type { Contact, Episode, JournalLine, Medication, SourceSummary, Summary } from "../backend/contract";

/** A journal line with the contact that it stands in. */
export interface PlacedLine {
  line: JournalLine;
  contact: Contact;
}

/** Finds by key what episodes, lines and contacts refer to; made once per summary. */
export interface LineIndex {
  lines: Map<string, PlacedLine>;
  episodes: Map<string, Episode>;
  medication: Map<string, Medication>;
  sources: Map<string, SourceSummary>;
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
  };
}
