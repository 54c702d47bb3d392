import { createContext, Fragment, type ComponentChildren } from "preact";
import { useContext } from "preact/hooks";

import type { Language, Summary, View } from "../backend/contract";
import type { Words } from "../words/words";
import type { Found } from "./found";
import type { LineIndex } from "./line-index";
import { splitHits } from "./search";

/** An entry that somebody follows a link to; a new object each time. */
export interface Wanted {
  key: string;
}

/** What every section of a summary needs. */
export interface SummaryUi {
  view: View;
  summary: Summary;
  index: LineIndex;
  words: Words;
  language: Language;
  /** Whether more than one source delivered: then each item names its own. */
  several: boolean;
  /** What the lists show. */
  found: Found;
  /** What the lists show the hits of; empty where nothing is hidden. */
  query: string;
  clearQuery: () => void;
  /** The text with its hits marked. */
  mark: (text: string | null) => ComponentChildren;
  /** Asks all sources anew. */
  again: () => void;
  /** The entry to bring to the screen. */
  wanted: Wanted | null;
  goToEntry: (key: string) => void;
}

export const SummaryContext = createContext<SummaryUi | null>(null);

export function useSummary(): SummaryUi {
  const ui = useContext(SummaryContext);
  if (!ui) throw new Error("a section was drawn outside of a summary");
  return ui;
}

/** A plain function, not a component: 2,000 contacts have tens of thousands of texts. */
export function marker(query: string): (text: string | null) => ComponentChildren {
  if (query.trim() === "") return (text) => text;
  return (text) => {
    if (text === null) return null;
    const pieces = splitHits(text, query);
    return pieces.length === 1 ? text : pieces.map((piece, at) => (at % 2 === 1 ? <mark key={at}>{piece}</mark> : <Fragment key={at}>{piece}</Fragment>));
  };
}
