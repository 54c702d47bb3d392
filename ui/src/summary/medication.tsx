import { useMemo } from "preact/hooks";

import type { Medication as MedicationData, MedicationUse, SourceSummary, Summary } from "../backend/contract";
import { codedText, filled, ownWords } from "../format/coded";
import { dateSpan, formatPeriod, hasDate, mainDate } from "../format/date";
import { aboutEntry, detailsLine, withdrawnTag } from "./beside";
import { Card } from "./card";
import { useSummary, type SummaryUi } from "./context";
import { SectionNotes } from "./section-notes";
import { besideUse, useText } from "./use-text";
import { ROWS_MAX, useWindow, WindowAfter, WindowBefore } from "./window";

/** Medication with start and end as given: never "current", never "since". */
export function Medication() {
  const ui = useSummary();
  const { summary, words, language, found } = ui;
  const { sections } = words;
  const all = summary.medication;
  const shown = found.medication;
  const window = useWindow(shown, ROWS_MAX, (one, key) => one.key === key);
  const own = useMemo(() => isGpOnly(summary), [summary]);
  const span = useMemo(() => {
    const dates = all.flatMap((one) => [...one.uses.flatMap((use) => [mainDate(use.period), use.period.high]), one.author?.time ?? null]);
    return dateSpan(dates, language);
  }, [all, language]);
  return (
    <Card
      section="medication" testid="card-medication" title={own ? sections.medicationTitle : words.document.medicationReceived} total={all.length}
      shown={shown.length} hint={span} kind="medication" emptyName={own ? sections.names.medication : words.document.kindNames.medication}
    >
      {all.length > 0 && <p class="under">{own ? sections.medicationUnder : words.document.medicationReceivedUnder}</p>}
      <WindowBefore window={window} section="medication" />
      {shown.length > 0 && (
        <table class="rx">
          <colgroup><col class="rx-product" /><col class="rx-use" /><col class="rx-period" /></colgroup>
          <thead class="spoken">
            <tr><th scope="col">{sections.product}</th><th scope="col">{sections.use}</th><th scope="col">{sections.period}</th></tr>
          </thead>
          <tbody data-list="medication" data-total={window.rest}>
            {window.drawn.map((one) => medicationRow(one, own, ui))}
          </tbody>
        </table>
      )}
      <WindowAfter window={window} section="medication" />
      <SectionNotes kind="medication" />
    </Card>
  );
}

/** Whether everything here comes from a GP's own record: the heading may say so only then. */
export function isGpOnly({ medication, sections, sources }: Summary): boolean {
  const written = medication.every(({ kind }) => kind === "prescription" || kind === "agreement");
  return written && sections.length === 0 && !sources.some(isPharmacy);
}

/** A pharmacist's role begins with 17; what a source calls itself counts too. */
function isPharmacy({ author, name, organisation }: SourceSummary): boolean {
  return author?.role?.code?.startsWith("17.") === true || [name, organisation?.name, codedText(organisation?.kind ?? null)].some((text) => /apothe|pharm/i.test(text ?? ""));
}

/** A plain function: it is drawn hundreds of times in one slice. */
function medicationRow(medication: MedicationData, own: boolean, ui: SummaryUi) {
  const { words, mark, index, several } = ui;
  const { sections } = words;
  const name = codedText(medication.product) ?? medication.product_texts[0] ?? sections.unnamedProduct;
  const source = several ? index.sources.get(medication.source)?.name : null;
  const tagged = !own || medication.kind !== "prescription";
  return (
    <tr key={medication.key} id={`entry-${medication.key}`} tabIndex={-1} class={medication.withdrawn ? "withdrawn" : ""}>
      <th scope="row">
        <b>{mark(name)}</b>
        {ownWords(medication.product) && <span class="quote"> “{mark(ownWords(medication.product))}”</span>}
        {medication.product_texts.filter((text) => text !== name).map((text) => <span class="quote" key={text}> {mark(text)}</span>)}
        {filled(medication.text) && !medication.uses.some((use) => use.text === medication.text) && <span class="quote"> “{mark(medication.text)}”</span>}
        {withdrawnTag(medication.withdrawn, ui)}
        {medication.status !== null && medication.status !== "active" && <span class="tag">{sections.statusIs(medication.status)}</span>}
        {(tagged || source) && (
          <span class="from">
            {[tagged ? words.document.medicationKinds[medication.kind] : null, source].filter((part) => part).join(" · ")}
          </span>
        )}
        {detailsLine(medication.details, ui)}
        {aboutEntry(medication.key, medication.source, medication.references, ui)}
      </th>
      <td>{usesOf(medication).map((use, at) => <div key={at}>{useCell(use, ui)}</div>)}</td>
      <td>{usesOf(medication).map((use, at) => <time key={at}>{mark(usePeriod(use, medication, ui))}</time>)}</td>
    </tr>
  );
}

function usesOf(medication: MedicationData): (MedicationUse | null)[] {
  return medication.uses.length > 0 ? medication.uses : [null];
}

function useCell(use: MedicationUse | null, ui: SummaryUi) {
  const { words, language, mark } = ui;
  if (use === null) return words.sections.noUse;
  return <>{mark(useText(use, words, language) ?? words.sections.noUse)}{detailsLine(besideUse(use), ui)}</>;
}

/** The period of the use, else of the whole, else when it was written. */
function usePeriod(use: MedicationUse | null, medication: MedicationData, { language }: SummaryUi): string {
  if (use && hasDate(use.period)) return formatPeriod(use.period, language);
  if (hasDate(medication.period)) return formatPeriod(medication.period, language);
  return formatPeriod({ at: medication.author?.time ?? null, low: null, high: null, null_flavor: null }, language);
}
