import { useEffect, useMemo, useState } from "preact/hooks";

import type { LookUpRequest, Summary, View } from "../backend/contract";
import { Keys } from "../parts/frame";
import { useShortcuts } from "../shortcuts";
import { useUi } from "../ui-context";
import { Allergies } from "./allergies";
import { Attention } from "./attention";
import { Banner } from "./banner";
import { Column } from "./column";
import { ConsentStrip } from "./consent-strip";
import { Contacts } from "./contacts";
import { marker, SummaryContext, useSummary, type SummaryUi } from "./context";
import { Episodes } from "./episodes";
import { countOf, find, haystacksOf, type Found } from "./found";
import { Limits } from "./limits";
import { indexOf } from "./line-index";
import { Measurements } from "./measurements";
import { groupMeasurements } from "./measurement-groups";
import { Medication } from "./medication";
import { MessageFacts } from "./message";
import { NothingReceived } from "./nothing-received";
import { SearchBar } from "./search-bar";
import { UnrecognisedList } from "./unrecognised";

interface SummaryProps {
  view: View;
  request: LookUpRequest;
}

/** Sections by their number with Alt. */
const SECTIONS = ["allergies", "episodes", "medication", "contacts", "measurements", "message"] as const;

export function SummaryScreen({ view, request }: SummaryProps) {
  const { state, actions, words } = useUi();
  const { language } = state;
  const { summary } = view;
  const [searching, setSearching] = useState(false);
  const [query, setQuery] = useState("");
  const index = useMemo(() => indexOf(summary), [summary]);
  const mark = useMemo(() => marker(query), [query]);

  const clearQuery = () => {
    setQuery("");
    setSearching(false);
  };

  usePainted(view.view_id);
  useShortcuts((shortcut) => {
    switch (shortcut.shortcut) {
      case "section":
        goTo(SECTIONS[shortcut.number - 1]);
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

  const trimmed = query.trim();
  const all: Found = useMemo(
    () => ({ episodes: summary.episodes, medication: summary.medication, groups: groupMeasurements(summary.measurements), contacts: summary.contacts }),
    [summary],
  );
  const haystacks = useMemo(
    () => (searching ? haystacksOf(summary, all.groups, index, language) : null),
    [searching, summary, all, index, language],
  );
  const found = useMemo(() => find(all, haystacks, trimmed), [all, haystacks, trimmed]);
  const ui: SummaryUi = useMemo(
    () => ({ view, summary, index, words, language, several: severalDelivered(summary), found, query: trimmed, clearQuery, mark }),
    [view, summary, index, words, language, found, trimmed, mark],
  );

  return (
    <SummaryContext.Provider value={ui}>
      <Banner view={view} />
      <ConsentStrip view={view} request={request} />
      <main class={view.nothing_received ? "summary is-nothing" : "summary"}>
        {searching && <SearchBar query={query} shown={countOf(found)} total={countOf(all)} onQuery={setQuery} onClose={clearQuery} />}
        {view.nothing_received ? <NothingBody /> : <Body />}
      </main>
      <SummaryKeys />
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
        <Episodes />
      </Column>
      <Column label={`${sections.medicationTitle}, ${sections.measurementsTitle}`}>
        <Medication />
        <Measurements />
        <UnrecognisedList />
        <MessageFacts />
      </Column>
      <Column label={sections.contactsTitle} class="contacts-col">
        <Contacts />
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

function SummaryKeys() {
  const { actions } = useUi();
  const { view, summary, words } = useSummary();
  const { sections, clinical } = words;
  const names = [clinical.allergies, sections.episodesTitle, sections.medicationShort, sections.contactsTitle, sections.measurementsTitle];
  return (
    <Keys>
      {(view.nothing_received ? names.slice(0, 1) : names).map((name, at) => (
        <button type="button" class="link" key={name} onClick={() => goTo(SECTIONS[at])}><kbd>Alt {at + 1}</kbd> {name}</button>
      ))}
      {!view.nothing_received && <span><kbd>Ctrl F</kbd> {sections.keySearch}</span>}
      {summary.unrecognised.length > 0 && (
        <button type="button" class="link miss" onClick={() => goTo("unrecognised")}>{sections.unrecognisedCount(summary.unrecognised.length)}</button>
      )}
      <span class="grow" />
      <button type="button" class="link" data-testid="next-patient" onClick={actions.nextPatient}><kbd>Ctrl K</kbd> {sections.nextPatient}</button>
    </Keys>
  );
}

function goTo(section: string | undefined): void {
  const heading = document.getElementById(`section-${section}`);
  heading?.scrollIntoView({ block: "start" });
  heading?.focus({ preventScroll: true });
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
