import { Keys } from "../parts/frame";
import { useUi } from "../ui-context";
import { useSummary } from "./context";

/** Sections by their number with Alt. Where there is no laboratory, 6 leads on to the message, as 9 does. */
const SECTIONS: readonly (readonly string[])[] = [
  ["allergies"], ["episodes"], ["medication"], ["contacts"], ["measurements"], ["laboratory", "message"], ["others"], ["alerts"], ["message"],
];

/** The line of keys: what can be reached, by its number. */
export function SummaryKeys({ laboratory, others, alerts }: { laboratory: boolean; others: boolean; alerts: boolean }) {
  const { actions } = useUi();
  const { view, summary, words } = useSummary();
  const { sections, clinical } = words;
  const { kinds } = words.document;
  const names = [
    clinical.allergies, sections.episodesTitle, sections.medicationShort, sections.contactsTitle, sections.measurementsTitle,
    laboratory ? words.document.laboratoryShort : null, others ? words.document.sectionsShort : null, alerts ? kinds.alerts : null,
  ];
  // The line must fit a small window whatever stands on the screen.
  const crowded = laboratory || others || alerts;
  return (
    <Keys crowded={crowded}>
      {(view.nothing_received ? names.slice(0, 1) : names).map((name, at) => name !== null && (
        <button type="button" class="link" key={name} onClick={() => goToSection(at + 1)}><kbd>Alt {at + 1}</kbd> {name}</button>
      ))}
      {!view.nothing_received && <span><kbd>Ctrl F</kbd> {crowded ? words.document.searchShort : sections.keySearch}</span>}
      {summary.unrecognised.length > 0 && (
        <button type="button" class="link miss" onClick={() => goTo("unrecognised")}>{crowded ? words.document.unrecognisedShort(summary.unrecognised.length) : sections.unrecognisedCount(summary.unrecognised.length)}</button>
      )}
      <span class="grow" />
      <button type="button" class="link" data-testid="next-patient" onClick={actions.nextPatient}><kbd>Ctrl K</kbd> {crowded ? words.frame.keys.next : sections.nextPatient}</button>
    </Keys>
  );
}

/** To the first section that stands under this number. */
export function goToSection(number: number): void {
  SECTIONS[number - 1]?.some(goTo);
}

function goTo(section: string): boolean {
  const heading = document.getElementById(`section-${section}`);
  heading?.scrollIntoView({ block: "start" });
  heading?.focus({ preventScroll: true });
  return heading !== null;
}
