import { useCallback, useEffect, useMemo, useState } from "preact/hooks";

import type { LookUpRequest, Summary, View } from "../backend/contract";
import { useShortcuts } from "../shortcuts";
import { useUi } from "../ui-context";
import { Alerts } from "./alerts";
import { Allergies } from "./allergies";
import { Attention } from "./attention";
import { Banner } from "./banner";
import { Column } from "./column";
import { ConsentStrip } from "./consent-strip";
import { Contacts } from "./contacts";
import { marker, SummaryContext, useSummary, type SummaryUi, type Wanted } from "./context";
import { ElsewhereNotice } from "./deliveries";
import { DocumentSections, documentCards } from "./document-sections";
import { Episodes } from "./episodes";
import { isExpected } from "./expected";
import { allOf, countOf, useSearch } from "./found";
import { Limits } from "./limits";
import { indexOf } from "./line-index";
import { Laboratory, Measurements } from "./measurements";
import { Medication } from "./medication";
import { MessageFacts } from "./message";
import { NothingReceived } from "./nothing-received";
import { SearchBar } from "./search-bar";
import { goToSection, SummaryKeys } from "./summary-keys";
import { UnrecognisedList } from "./unrecognised";

interface SummaryProps {
  view: View;
  request: LookUpRequest;
}

export function SummaryScreen({ view, request }: SummaryProps) {
  const { state, actions, words } = useUi();
  const { language } = state;
  const { summary } = view;
  const [searching, setSearching] = useState(false);
  const [query, setQuery] = useState("");
  const [wanted, setWanted] = useState<Wanted | null>(null);
  const index = useMemo(() => indexOf(summary), [summary]);
  const all = useMemo(() => allOf(summary), [summary]);
  const { found, query: shownFor, pending } = useSearch(all, index, language, words, query.trim());
  const mark = useMemo(() => marker(shownFor), [shownFor]);

  const clearQuery = useCallback(() => {
    setQuery("");
    setSearching(false);
  }, []);
  // A search may hide what the link leads to: it is taken back first.
  const goToEntry = useCallback((key: string) => {
    clearQuery();
    setWanted({ key });
  }, []);
  const again = useCallback(() => void actions.again(view.view_id, request), [actions, view.view_id, request]);

  usePainted(view.view_id);
  useArrival(wanted);
  useShortcuts((shortcut) => {
    switch (shortcut.shortcut) {
      case "section":
        goToSection(shortcut.number);
        return true;
      case "search":
        setSearching(true);
        document.getElementById("search")?.focus();
        return true;
      case "next_patient":
        actions.nextPatient();
        return true;
      case "escape":
        if (!searching) return false;
        clearQuery();
        return true;
      default:
        return false;
    }
  });

  const ui: SummaryUi = useMemo(
    () => ({
      view, summary, index, words, language, several: severalDelivered(summary), found, query: shownFor, clearQuery, mark, again, wanted, goToEntry,
    }),
    [view, summary, index, words, language, found, shownFor, mark, again, wanted],
  );
  // What stands in the columns hangs on the context alone: opening the search bar redraws none of it.
  const body = useMemo(() => (view.nothing_received ? <NothingBody /> : <Body />), [view.nothing_received]);
  const cards = useMemo(() => documentCards(summary, index, words), [summary, index, words]);

  return (
    <SummaryContext.Provider value={ui}>
      <Banner view={view} />
      <ConsentStrip view={view} request={request} />
      <main class={view.nothing_received ? "summary is-nothing" : "summary"}>
        <ElsewhereNotice />
        {searching && <SearchBar query={query} pending={pending} shown={countOf(found)} total={countOf(all)} onQuery={setQuery} onClose={clearQuery} />}
        {body}
      </main>
      <SummaryKeys laboratory={isExpected(summary, "laboratory")} others={cards.length > 0} alerts={isExpected(summary, "alerts")} />
    </SummaryContext.Provider>
  );
}

function Body() {
  const { words } = useUi();
  const { summary } = useSummary();
  const { sections, clinical } = words;
  // Without a limit of its own the attention lines come first: one may stand in them.
  const limited = summary.treatment_limits.entries.length > 0;
  return (
    <div class="columns">
      <Column label={`${clinical.allergies}, ${sections.limitsTitle}, ${sections.episodesTitle}`}>
        <Allergies />
        {limited ? <><Limits /><Attention /></> : <><Attention /><Limits /></>}
        <Alerts />
        <Episodes />
      </Column>
      <Column label={`${sections.medicationTitle}, ${sections.measurementsTitle}`}>
        <Medication />
        <Measurements />
        <Laboratory />
        <UnrecognisedList />
        <MessageFacts />
      </Column>
      <Column label={sections.contactsTitle} class="contacts-col">
        <Contacts />
        <DocumentSections />
      </Column>
    </div>
  );
}

/** The states of allergies and limits stay: they say that nothing is known, not that there is nothing. */
function NothingBody() {
  const { view, words } = useSummary();
  const { sections, clinical } = words;
  return (
    <div class="columns two">
      <Column label={clinical.nothing.title}>
        <NothingReceived sources={view.summary.sources} />
      </Column>
      <Column label={`${clinical.allergies}, ${sections.limitsTitle}`}>
        <Allergies />
        <Limits />
        <UnrecognisedList />
        <MessageFacts />
      </Column>
    </div>
  );
}

/** Frames to wait for an entry that is still being drawn. */
const ARRIVAL_FRAMES_MAX = 60;

/** Brings the entry that a link leads to into the middle of the screen, as soon as it is drawn. */
function useArrival(wanted: Wanted | null): void {
  useEffect(() => {
    if (!wanted) return undefined;
    let frames = 0;
    let frame = requestAnimationFrame(function look() {
      const entry = document.getElementById(`entry-${wanted.key}`);
      if (entry) {
        entry.scrollIntoView({ block: "center" });
        entry.focus({ preventScroll: true });
      } else if (frames < ARRIVAL_FRAMES_MAX) {
        frames += 1;
        frame = requestAnimationFrame(look);
      }
    });
    return () => cancelAnimationFrame(frame);
  }, [wanted]);
}

/** Two frames after the commit it stands on the screen; only then is it "displayed". */
function usePainted(viewId: string): void {
  const { actions } = useUi();
  useEffect(() => {
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => actions.painted(viewId));
    });
    return () => cancelAnimationFrame(frame);
  }, [viewId]);
}

function severalDelivered({ sources }: Summary): boolean {
  const delivered = ({ decision, delivery }: Summary["sources"][number]) =>
    decision?.outcome === "permit" && (delivery.outcome === "delivered" || delivery.outcome === "partial");
  return sources.filter(delivered).length > 1;
}
