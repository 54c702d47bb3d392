import { useMemo, useState } from "preact/hooks";

import type { MeasuredValue, Measurement } from "../backend/contract";
import { codedText, filled } from "../format/coded";
import { dateSpan, formatPeriod, mainDate } from "../format/date";
import { formatRangeOf, formatValue } from "../format/quantity";
import { Card } from "./card";
import { useSummary } from "./context";
import { trendOf, type MeasurementGroup } from "./measurement-groups";
import { TrendLine } from "./trend-line";

/** The latest value, its date and reference first; older ones below; a line from three points on. */
export function Measurements() {
  const { summary, words, language, found } = useSummary();
  const { sections } = words;
  const shown = found.groups;
  const size = (some: readonly MeasurementGroup[]) => some.reduce((sum, group) => sum + 1 + group.earlier.length, 0);
  const span = dateSpan(summary.measurements.map((measurement) => mainDate(measurement.at)), language);
  return (
    <Card
      section="measurements" testid="card-measurements" title={sections.measurementsTitle}
      total={summary.measurements.length} shown={size(shown)} hint={span}
      emptyName={sections.names.measurements}
    >
      {shown.length > 0 && (
        <table class="meas">
          <thead class="spoken">
            <tr>
              <th scope="col">{sections.measurement}</th><th scope="col">{sections.value}</th>
              <th scope="col">{sections.trend}</th><th scope="col">{sections.date}</th>
            </tr>
          </thead>
          <tbody data-list="measurements">
            {shown.map((group) => <GroupRow key={group.key} group={group} />)}
          </tbody>
        </table>
      )}
    </Card>
  );
}

function GroupRow({ group }: { group: MeasurementGroup }) {
  const { words, language, mark } = useSummary();
  const [open, setOpen] = useState(false);
  const { sections } = words;
  const name = group.name ?? sections.unnamedMeasurement;
  const trend = useMemo(() => trendOf(group), [group]);
  const { latest, earlier } = group;
  return (
    <>
      <tr>
        <th scope="row">
          {mark(name)}
          {filled(latest.text) && latest.text !== name && <span class="quote"> “{mark(latest.text)}”</span>}
          {earlier.length > 0 && (
            <button type="button" class="opener block" aria-expanded={open} onClick={() => setOpen(!open)}>
              <span class="chevron" aria-hidden="true" />
              {sections.earlier(earlier.length)}
            </button>
          )}
        </th>
        <td><Value measurement={latest} /></td>
        <td class="trend-cell">{trend && <TrendLine name={name} trend={trend} />}</td>
        <td><time>{formatPeriod(latest.at, language)}</time></td>
      </tr>
      {open && earlier.map((measurement) => (
        <tr key={measurement.key} class="older">
          <td />
          <td colSpan={2}><Value measurement={measurement} /></td>
          <td><time>{formatPeriod(measurement.at, language)}</time></td>
        </tr>
      ))}
    </>
  );
}

/** The number stands out, the unit beside it; anything else stands out as a whole. */
function ValueText({ value, text }: { value: MeasuredValue; text: string }) {
  const { mark } = useSummary();
  const number = value.type === "quantity" ? value.value : null;
  if (number === null || !text.startsWith(number)) return <b>{mark(text)}</b>;
  return <><b>{mark(number)}</b>{mark(text.slice(number.length))}</>;
}

/** Value, mark and reference range, all as given: no judgement of ours beside them. */
function Value({ measurement }: { measurement: Measurement }) {
  const { words, language, several, index } = useSummary();
  const { sections } = words;
  const value = formatValue(measurement.value, language);
  const ranges = measurement.reference_ranges.map((range) => formatRangeOf(range, language)).filter((text) => text !== null);
  const source = several ? index.sources.get(measurement.source)?.name : null;
  return (
    <>
      {value === null ? <span class="none">{sections.noValue}</span> : <ValueText value={measurement.value} text={value} />}
      {measurement.interpretations.map((interpretation, at) => {
        const text = interpretation.code ?? codedText(interpretation);
        return text ? <span class="interpretation" key={at} title={codedText(interpretation) ?? text}>{text}</span> : null;
      })}
      {ranges.length > 0 && <span class="rf"> ref. {ranges.join("; ")}</span>}
      {measurement.status !== null && !["completed", "final"].includes(measurement.status) && <span class="tag">{sections.statusIs(measurement.status)}</span>}
      {source && <span class="from">{source}</span>}
    </>
  );
}
