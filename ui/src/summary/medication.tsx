import type { Medication as MedicationData, MedicationUse } from "../backend/contract";
import { codedText, filled } from "../format/coded";
import { dateSpan, formatPeriod, hasDate, mainDate } from "../format/date";
import { formatQuantity } from "../format/quantity";
import { Card } from "./card";
import { useSummary } from "./context";

/** Prescriptions with start and end as given: never "current", never "since". */
export function Medication() {
  const { summary, words, language, found } = useSummary();
  const { sections } = words;
  const all = summary.medication;
  const shown = found.medication;
  const dates = all.flatMap((one) => [...one.uses.flatMap((use) => [mainDate(use.period), use.period.high]), one.author?.time ?? null]);
  return (
    <Card
      section="medication" testid="card-medication" title={sections.medicationTitle} total={all.length} shown={shown.length}
      hint={dateSpan(dates, language)} emptyName={sections.names.medication}
    >
      <p class="under">{sections.medicationUnder}</p>
      {shown.length > 0 && (
        <table class="rx">
          <colgroup><col class="rx-product" /><col class="rx-use" /><col class="rx-period" /></colgroup>
          <thead class="spoken">
            <tr><th scope="col">{sections.product}</th><th scope="col">{sections.use}</th><th scope="col">{sections.period}</th></tr>
          </thead>
          <tbody data-list="medication">
            {shown.map((one) => <MedicationRow key={one.key} medication={one} />)}
          </tbody>
        </table>
      )}
    </Card>
  );
}

function MedicationRow({ medication }: { medication: MedicationData }) {
  const { words, language, mark, index, several } = useSummary();
  const { sections } = words;
  const name = codedText(medication.product) ?? medication.product_texts[0] ?? sections.unnamedProduct;
  const source = several ? index.sources.get(medication.source)?.name : null;
  const written = medication.author?.time ?? null;
  const uses = medication.uses.length > 0 ? medication.uses : [null];
  return (
    <tr>
      <th scope="row">
        <b>{mark(name)}</b>
        {medication.product_texts.filter((text) => text !== name).map((text) => <span class="quote" key={text}> {mark(text)}</span>)}
        {filled(medication.text) && <span class="quote"> “{mark(medication.text)}”</span>}
        {medication.status !== null && medication.status !== "active" && <span class="tag">{sections.statusIs(medication.status)}</span>}
        {source && <span class="from">{source}</span>}
      </th>
      <td>{uses.map((use, at) => <div key={at}>{use ? mark(useText(use) ?? sections.noUse) : sections.noUse}</div>)}</td>
      <td>
        {uses.map((use, at) => (
          <time key={at}>
            {use && hasDate(use.period) ? formatPeriod(use.period, language) : formatPeriod({ at: written, low: null, high: null, null_flavor: null }, language)}
          </time>
        ))}
      </td>
    </tr>
  );
}

/** The instruction verbatim; where there is none, the structured dose as written. */
export function useText(use: MedicationUse): string | null {
  const parts = [
    filled(use.text),
    use.text === null && use.doses.length > 0 ? use.doses.map(formatQuantity).filter((dose) => dose !== null).join(", ") : null,
    codedText(use.route),
  ];
  return filled(parts.filter((part) => part).join(", "));
}
