import type { Measurement } from "../backend/contract";
import { codedText } from "../format/coded";
import { dateOrder, mainDate } from "../format/date";
import { numberOf } from "../format/quantity";

/** The same quantity in the same unit, newest first: units are never mixed. */
export interface MeasurementGroup {
  key: string;
  name: string | null;
  latest: Measurement;
  earlier: Measurement[];
}

/** A point of a trend. `order` grows with the date. */
export interface TrendPoint {
  order: number;
  value: number;
  measurement: Measurement;
}

export interface Trend {
  points: TrendPoint[];
  low: TrendPoint;
  high: TrendPoint;
}

/** From this many points on a line says more than the numbers. */
const TREND_POINTS_MIN = 3;

export function groupMeasurements(measurements: readonly Measurement[]): MeasurementGroup[] {
  const groups = new Map<string, Measurement[]>();
  for (const measurement of measurements) {
    const key = groupKey(measurement);
    const group = groups.get(key);
    if (group) group.push(measurement);
    else groups.set(key, [measurement]);
  }
  return [...groups].map(([key, all]) => {
    // What was taken back is never the latest: it stands among the older ones, and says so.
    const sorted = newestFirst(all).sort((a, b) => Number(a.withdrawn) - Number(b.withdrawn));
    const [latest, ...earlier] = sorted as [Measurement, ...Measurement[]];
    return { key, name: codedText(latest.what), latest, earlier };
  });
}

/** Code, system and unit; without a code the words; without either each stands alone. */
function groupKey(measurement: Measurement): string {
  const { what } = measurement;
  const name = what.code ?? codedText(what);
  if (name === null) return measurement.key;
  return JSON.stringify([what.system, name, unitOf(measurement)]);
}

function unitOf({ value }: Measurement): string {
  return value.type === "quantity" ? `unit ${value.unit ?? ""}` : value.type;
}

/** The app sends them newest first; those whose date cannot be read keep their place at the end. */
function newestFirst(all: readonly Measurement[]): Measurement[] {
  const order = (measurement: Measurement) => dateOrder(mainDate(measurement.at)) ?? -Infinity;
  return [...all].sort((a, b) => (order(b) === order(a) ? 0 : order(b) - order(a)));
}

/** Three dated numbers in one unit, or nothing: a value without a readable date has no place on a line. */
export function trendOf(group: MeasurementGroup): Trend | null {
  const points: TrendPoint[] = [];
  const unit = unitOf(group.latest);
  for (const measurement of [group.latest, ...group.earlier]) {
    const { value } = measurement;
    if (value.type !== "quantity" || unitOf(measurement) !== unit || measurement.withdrawn) continue;
    const number = numberOf(value.value);
    const order = dateOrder(mainDate(measurement.at));
    if (number !== null && order !== null) points.push({ order, value: number, measurement });
  }
  if (points.length < TREND_POINTS_MIN) return null;
  points.sort((a, b) => a.order - b.order);
  let [low, high] = [points[0] as TrendPoint, points[0] as TrendPoint];
  for (const point of points) {
    if (point.value < low.value) low = point;
    if (point.value > high.value) high = point;
  }
  return { points, low, high };
}
