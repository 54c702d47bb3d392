import { useEffect, useMemo, useState } from "preact/hooks";

import type { Contact, Entry, Episode, Language, Medication, Summary } from "../backend/contract";
import type { Words } from "../words/words";
import type { LineIndex } from "./line-index";
import { groupMeasurements, type MeasurementGroup } from "./measurement-groups";
import { contactText, entryText, episodeText, measurementText, medicationText, wordsIn } from "./search";
import { inSlices } from "./slices";

/** What the lists show: everything, or what fits the search. */
export interface Found {
  episodes: Episode[];
  medication: Medication[];
  measurements: MeasurementGroup[];
  laboratory: MeasurementGroup[];
  contacts: Contact[];
  alerts: Entry[];
  others: Entry[];
}

const LISTS = ["episodes", "medication", "measurements", "laboratory", "contacts", "alerts", "others"] as const;

export function allOf(summary: Summary): Found {
  const { episodes, medication, contacts, alerts, others } = summary;
  return {
    episodes, medication, contacts, alerts, others,
    measurements: groupMeasurements(summary.measurements), laboratory: groupMeasurements(summary.laboratory),
  };
}

export function countOf(found: Found): number {
  return LISTS.reduce((sum, list) => sum + found[list].length, 0);
}

/** What of an item can be searched, folded. */
export type TextOf = { [List in keyof Found]: (item: Found[List][number]) => string };

export function textsOf(index: LineIndex, language: Language, words: Words): TextOf {
  return {
    episodes: (episode) => episodeText(episode, language, words),
    medication: (medication) => medicationText(medication, language, words),
    measurements: (group) => measurementText(group, language, words),
    laboratory: (group) => measurementText(group, language, words),
    contacts: (contact) => contactText(contact, index, language, words),
    alerts: (entry) => entryText(entry, language, words),
    others: (entry) => entryText(entry, language, words),
  };
}

/** Items between two looks at the clock. */
const ITEMS_PER_STEP = 32;

/**
 * Searches every list, yielding now and then: 50,000 entries take longer than a frame. The text
 * of an item is folded once and kept, so that only the first search of a record pays for it.
 */
export function* search(all: Found, textOf: TextOf, kept: Map<object, string>, query: string): Generator<void, Found> {
  const wanted = wordsIn(query);
  const found: Found = { episodes: [], medication: [], measurements: [], laboratory: [], contacts: [], alerts: [], others: [] };
  let steps = 0;
  for (const list of LISTS) {
    // The lists hold different things, each with a text of its own kind.
    const text = textOf[list] as (item: object) => string;
    for (const item of all[list]) {
      let folded = kept.get(item);
      if (folded === undefined) kept.set(item, (folded = text(item)));
      if (wanted.every((word) => folded.includes(word))) (found[list] as object[]).push(item);
      steps += 1;
      if (steps % ITEMS_PER_STEP === 0) yield;
    }
  }
  return found;
}

/** What was found, and for what: the former result stands until the new one is complete. */
export interface Search {
  found: Found;
  query: string;
  pending: boolean;
}

export function useSearch(all: Found, index: LineIndex, language: Language, words: Words, query: string): Search {
  const textOf = useMemo(() => textsOf(index, language, words), [index, language, words]);
  const kept = useMemo(() => new Map<object, string>(), [all, textOf]);
  const [result, setResult] = useState({ all, query: "", found: all });
  useEffect(() => {
    if (query === "") {
      setResult((former) => (former.query === "" && former.all === all ? former : { all, query, found: all }));
      return undefined;
    }
    return inSlices(search(all, textOf, kept, query), (found) => setResult({ all, query, found }));
  }, [all, textOf, kept, query]);
  // Taking a search back is immediate, and a result of another summary is none.
  if (query === "" || result.all !== all) return { found: all, query: "", pending: query !== "" };
  return { found: result.found, query: result.query, pending: result.query !== query };
}
