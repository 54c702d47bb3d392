import { dateSpan, mainDate, monthSpan } from "../format/date";
import { formatQuantity } from "../format/quantity";
import type { Measurement } from "../backend/contract";
import { useSummary } from "./context";
import type { Trend } from "./measurement-groups";

/** Size of the drawing in its own units; the style sheet scales it. */
const WIDTH = 96;
const HEIGHT = 24;
const MARGIN = 3;

interface TrendLineProps {
  name: string;
  trend: Trend;
}

/** A small line with its scale and period readable: lowest, highest, oldest, newest. */
export function TrendLine({ name, trend }: TrendLineProps) {
  const { words, language } = useSummary();
  const { points, low, high } = trend;
  const first = points[0]?.order ?? 0;
  const last = points.at(-1)?.order ?? 0;
  const x = (order: number) => (last === first ? WIDTH / 2 : MARGIN + ((order - first) / (last - first)) * (WIDTH - 2 * MARGIN));
  const y = (value: number) =>
    high.value === low.value ? HEIGHT / 2 : HEIGHT - MARGIN - ((value - low.value) / (high.value - low.value)) * (HEIGHT - 2 * MARGIN);
  const span = dateSpan(points.map((point) => mainDate(point.measurement.at)), language) ?? "";
  const newest = points.at(-1);
  const from = mainDate((points[0] ?? low).measurement.at);
  const until = mainDate((newest ?? high).measurement.at);
  const label = words.sections.trendOf(name, valueText(low.measurement), valueText(high.measurement), span, points.length);
  return (
    <span class="trend">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
        <polyline class="line" points={points.map((point) => `${round(x(point.order))},${round(y(point.value))}`).join(" ")} />
        {newest && <circle class="pt" cx={round(x(newest.order))} cy={round(y(newest.value))} r="2.4" />}
      </svg>
      <span class="scale" aria-hidden="true">
        <span>{numberText(high.measurement)}</span>
        <span>{numberText(low.measurement)}</span>
      </span>
      <span class="span" aria-hidden="true">{from && until && monthSpan(from, until, language)}</span>
    </span>
  );
}

function valueText({ value }: Measurement): string {
  return value.type === "quantity" ? (formatQuantity(value) ?? "") : "";
}

function numberText({ value }: Measurement): string {
  return value.type === "quantity" ? (value.value ?? "") : "";
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
