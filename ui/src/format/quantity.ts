import type { Language, MeasuredValue, Quantity, ReferenceRange } from "../backend/contract";
import { codedText } from "./coded";
import { formatPeriod } from "./date";

/** `146 mmHg`, as written in the message; `null` where there is neither number nor unit. */
export function formatQuantity(quantity: Quantity | null): string | null {
  if (!quantity) return null;
  const own = join(quantity.value, unitText(quantity.unit));
  if (own) return own;
  for (const other of quantity.translations) {
    const text = join(other.value, codedText(other.unit));
    if (text) return text;
  }
  return null;
}

/** UCUM's notation for "no unit" and for superscripts, in letters a reader knows. */
export function unitText(unit: string | null): string | null {
  if (unit === null || unit === "1") return null;
  return unit.replace(/\{(.*?)\}/g, "$1").replace(/m2\b/g, "m²").replace(/\bmm\[Hg\]/g, "mmHg").replace(/\[degF\]/g, "°F").replace(/\bCel\b/g, "°C");
}

const RANGE_WORDS = { nl: { from: "vanaf", until: "t/m" }, en: { from: "from", until: "to" } } as const;

/** `60 – 120`, `vanaf 60`, or the text as given. */
export function formatRangeOf(range: ReferenceRange, language: Language): string | null {
  const low = formatQuantity(range.low);
  const high = formatQuantity(range.high);
  const words = RANGE_WORDS[language];
  const parts: string[] = [];
  if (low && high) {
    const sameUnit = range.low?.unit === range.high?.unit;
    parts.push(`${(sameUnit ? range.low?.value : low) ?? low} – ${high}`);
  } else if (low) parts.push(`${words.from} ${low}`);
  else if (high) parts.push(`${words.until} ${high}`);
  if (range.text) parts.push(range.text);
  const meaning = codedText(range.interpretation);
  if (meaning && parts.length > 0) parts.push(`(${meaning})`);
  return parts.length > 0 ? parts.join(" ") : meaning;
}

/** The value in words; `null` where the message holds none. */
export function formatValue(value: MeasuredValue, language: Language): string | null {
  switch (value.type) {
    case "quantity":
      return formatQuantity(value);
    case "text":
      return value.text;
    case "coded":
      return codedText(value);
    case "range":
      return formatRangeOf(value, language);
    case "boolean":
      return value.value;
    case "time":
      return formatPeriod(value, language);
    case "none":
      return null;
  }
}

/** A number for drawing, never for showing: `37,4` and `37.4` alike. */
export function numberOf(text: string | null): number | null {
  if (text === null || !/^[+-]?\d+([.,]\d+)?$/.test(text.trim())) return null;
  return Number(text.trim().replace(",", "."));
}

function join(value: string | null, unit: string | null): string | null {
  if (value === null) return null;
  return unit ? `${value} ${unit}` : value;
}
