import type { Coded, MeasuredComponent, MeasuredValue, Measurement, ReferenceRange } from "../backend/contract";
import { codedText } from "../format/coded";
import { formatRangeOf, formatValue } from "../format/quantity";
import { detailsLine, withdrawnTag } from "./beside";
import { useSummary, type SummaryUi } from "./context";

const ORDINARY: ReadonlySet<string> = new Set(["completed", "final"]);

/** Value, mark and reference range, all as given: no judgement of ours beside them. */
export function Value({ measurement }: { measurement: Measurement }) {
  const ui = useSummary();
  const { words, language, several, index } = ui;
  const { sections } = words;
  const value = formatValue(measurement.value, language);
  const source = several ? index.sources.get(measurement.source)?.name : null;
  // A panel has its results instead of a value, a blood pressure its two parts.
  const whole = measurement.components.length > 0 || measurement.members.length > 0;
  return (
    <>
      {value !== null && valueText(measurement.value, value, ui)}
      {value === null && !whole && <span class="none">{sections.noValue}</span>}
      {marks(measurement.interpretations)}
      {ranges(measurement.reference_ranges, ui)}
      {measurement.components.map((part, at) => component(part, at, ui))}
      {withdrawnTag(measurement.withdrawn, ui)}
      {measurement.status !== null && !ORDINARY.has(measurement.status) && <span class="tag">{sections.statusIs(measurement.status)}</span>}
      {source && <span class="from">{source}</span>}
    </>
  );
}

function component(part: MeasuredComponent, at: number, ui: SummaryUi) {
  const { words, language, mark } = ui;
  const value = formatValue(part.value, language);
  return (
    <div class="component" key={at}>
      <span class="soft">{mark(codedText(part.what) ?? words.sections.unnamedMeasurement)}</span>{" "}
      {value === null ? <span class="none">{words.sections.noValue}</span> : valueText(part.value, value, ui)}
      {marks(part.interpretations)}
      {ranges(part.reference_ranges, ui)}
      {detailsLine(part.details, ui)}
    </div>
  );
}

/** The number stands out, the unit beside it; anything else stands out as a whole. */
function valueText(value: MeasuredValue, text: string, { mark }: SummaryUi) {
  const number = value.type === "quantity" ? value.value : null;
  if (number === null || !text.startsWith(number)) return <b>{mark(text)}</b>;
  return <><b>{mark(number)}</b>{mark(text.slice(number.length))}</>;
}

function marks(interpretations: readonly Coded[]) {
  return interpretations.map((interpretation, at) => {
    const text = interpretation.code ?? codedText(interpretation);
    return text ? <span class="interpretation" key={at} title={codedText(interpretation) ?? text}>{text}</span> : null;
  });
}

function ranges(all: readonly ReferenceRange[], { language }: SummaryUi) {
  const texts = all.map((range) => formatRangeOf(range, language)).filter((text) => text !== null);
  return texts.length > 0 && <span class="rf"> ref. {texts.join("; ")}</span>;
}
