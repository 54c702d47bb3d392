import type { Contact, Episode, Language, Medication, Summary } from "../backend/contract";
import type { LineIndex } from "./line-index";
import type { MeasurementGroup } from "./measurement-groups";
import { contactText, episodeText, fits, measurementText, medicationText } from "./search";

/** What the lists show: everything, or what fits the search. */
export interface Found {
  episodes: Episode[];
  medication: Medication[];
  groups: MeasurementGroup[];
  contacts: Contact[];
}

/** The text of each item, folded once: a large record has thousands. */
export interface Haystacks {
  episodes: string[];
  medication: string[];
  groups: string[];
  contacts: string[];
}

export function haystacksOf(summary: Summary, groups: readonly MeasurementGroup[], index: LineIndex, language: Language): Haystacks {
  return {
    episodes: summary.episodes.map((episode) => episodeText(episode, language)),
    medication: summary.medication.map((medication) => medicationText(medication, language)),
    groups: groups.map((group) => measurementText(group, language)),
    contacts: summary.contacts.map((contact) => contactText(contact, index, language)),
  };
}

export function find(all: Found, haystacks: Haystacks | null, query: string): Found {
  if (query === "" || haystacks === null) return all;
  const keep = <T>(items: readonly T[], texts: readonly string[]) => items.filter((_, at) => fits(texts[at] ?? "", query));
  return {
    episodes: keep(all.episodes, haystacks.episodes),
    medication: keep(all.medication, haystacks.medication),
    groups: keep(all.groups, haystacks.groups),
    contacts: keep(all.contacts, haystacks.contacts),
  };
}

export function countOf({ episodes, medication, groups, contacts }: Found): number {
  return episodes.length + medication.length + groups.length + contacts.length;
}
