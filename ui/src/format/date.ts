import type { Language, PartialDate, Period } from "../backend/contract";

/** How much room there is: `12 maart 1951` or `12 mrt 1951`. */
export type DateStyle = "long" | "short";

const MONTHS: Record<Language, Record<DateStyle, readonly string[]>> = {
  nl: {
    long: ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"],
    short: ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"],
  },
  en: {
    long: ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
    short: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
  },
};

const WORDS = {
  nl: { asReceived: "zoals ontvangen", from: "vanaf", until: "t/m", notStated: "datum niet vermeld", today: "vandaag" },
  en: { asReceived: "as received", from: "from", until: "to", notStated: "date not stated", today: "today" },
} as const;

/**
 * A date at its own precision, the month as text and the year in four digits, whatever the
 * machine's settings: `2019` stays `2019`. What cannot be read is shown as it came.
 */
export function formatDate(date: PartialDate, language: Language, style: DateStyle = "short"): string {
  const day = formatDay(date, language, style);
  if (day === null) return `${date.raw} (${WORDS[language].asReceived})`;
  return hasTime(date) ? `${day} ${formatTime(date)}` : day;
}

/** The same without the time of day; `null` where the date is unreadable. */
function formatDay(date: PartialDate, language: Language, style: DateStyle): string | null {
  if (date.precision === "unreadable" || date.year === null) return null;
  const year = String(date.year).padStart(4, "0");
  if (date.precision === "year" || date.month === null) return year;
  const month = MONTHS[language][style][date.month - 1];
  if (month === undefined) return null;
  if (date.precision === "month" || date.day === null) return `${month} ${year}`;
  return `${date.day} ${month} ${year}`;
}

function hasTime(date: PartialDate): boolean {
  return (date.precision === "minute" || date.precision === "second") && date.hour !== null;
}

function formatTime(date: PartialDate): string {
  const time = `${two(date.hour ?? 0)}:${two(date.minute ?? 0)}`;
  return date.precision === "second" && date.second ? `${time}:${two(date.second)}` : time;
}

/**
 * A period as given. An end that was not stated is never "until now": the words are
 * "vanaf 2014" and the heading explains that "vanaf" means no end was given.
 */
export function formatPeriod(period: Period, language: Language, style: DateStyle = "short"): string {
  const words = WORDS[language];
  const parts: string[] = [];
  if (period.at) parts.push(formatDate(period.at, language, style));
  if (period.low && period.high) parts.push(formatRange(period.low, period.high, language, style));
  else if (period.low) parts.push(`${words.from} ${formatDate(period.low, language, style)}`);
  else if (period.high) parts.push(`${words.until} ${formatDate(period.high, language, style)}`);
  return parts.length > 0 ? parts.join(", ") : words.notStated;
}

/** From one date to another, without repeating the month and year that they share. */
export function formatRange(low: PartialDate, high: PartialDate, language: Language, style: DateStyle = "short"): string {
  const until = WORDS[language].until;
  const end = formatDate(high, language, style);
  const days = low.precision === "day" && high.precision === "day";
  if (days && low.year === high.year && low.day !== null && low.month !== null) {
    if (low.month === high.month && low.day === high.day) return end;
    const month = MONTHS[language][style][low.month - 1];
    const start = low.month === high.month || month === undefined ? `${low.day}` : `${low.day} ${month}`;
    if (month !== undefined) return `${start} ${until} ${end}`;
  }
  if (hasTime(low) && hasTime(high) && sameDay(low, high)) {
    return `${formatDate(low, language, style)} – ${formatTime(high)}`;
  }
  return `${formatDate(low, language, style)} ${until} ${end}`;
}

function sameDay(one: PartialDate, other: PartialDate): boolean {
  return one.year === other.year && one.month === other.month && one.day === other.day;
}

export function hasDate(period: Period): boolean {
  return period.at !== null || period.low !== null || period.high !== null;
}

/** The date that a list is ordered by: the moment, else the start, else the end. */
export function mainDate(period: Period): PartialDate | null {
  return period.at ?? period.low ?? period.high;
}

/** A number that grows with the date, for ordering and drawing only; `null` where unreadable. */
export function dateOrder(date: PartialDate | null): number | null {
  if (!date || date.precision === "unreadable" || date.year === null) return null;
  return Date.UTC(date.year, (date.month ?? 1) - 1, date.day ?? 1, date.hour ?? 0, date.minute ?? 0, date.second ?? 0);
}

/** Oldest and newest date actually present, or `null` where no date can be read. */
export function dateSpan(dates: readonly (PartialDate | null)[], language: Language): string | null {
  let oldest: PartialDate | null = null;
  let newest: PartialDate | null = null;
  let low = Infinity;
  let high = -Infinity;
  for (const date of dates) {
    const order = dateOrder(date);
    if (order === null) continue;
    if (order < low) [low, oldest] = [order, date];
    if (order > high) [high, newest] = [order, date];
  }
  if (!oldest || !newest) return null;
  return formatRange(withoutTime(oldest), withoutTime(newest), language);
}

/** From month to month, for the small print under a drawing. */
export function monthSpan(low: PartialDate, high: PartialDate, language: Language): string {
  const month = (date: PartialDate) => formatDay({ ...date, precision: date.month === null ? "year" : "month" }, language, "short") ?? date.raw;
  return month(low) === month(high) ? month(low) : `${month(low)} – ${month(high)}`;
}

function withoutTime(date: PartialDate): PartialDate {
  return hasTime(date) ? { ...date, precision: "day" } : date;
}

/** A local timestamp of ours (`2026-11-22T02:14:07`): "vandaag 02:14" or with its date. */
export function formatMoment(iso: string, today: Date, language: Language): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})/.exec(iso);
  if (!match) return iso;
  const [, year, month, day, hour, minute] = match;
  const time = `${hour}:${minute}`;
  const sameDay =
    Number(year) === today.getFullYear() && Number(month) === today.getMonth() + 1 && Number(day) === today.getDate();
  if (sameDay) return `${WORDS[language].today} ${time}`;
  const name = MONTHS[language].short[Number(month) - 1] ?? month;
  return `${Number(day)} ${name} ${year} ${time}`;
}

/** A local timestamp of ours in full, seconds included, for a log. */
export function formatStamp(iso: string, language: Language): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}:\d{2}:\d{2})/.exec(iso);
  if (!match) return iso;
  const [, year, month, day, time] = match;
  return `${Number(day)} ${MONTHS[language].short[Number(month) - 1] ?? month} ${year} ${time}`;
}

/** `27-11-2026`: a day as one types it. */
export function typedDay(day: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${two(day.getDate())}-${two(day.getMonth() + 1)}-${day.getFullYear()}`;
}

/** `HH:MM` of the machine's clock, for words about something the page itself did. */
export function clockTime(now: Date): string {
  return `${two(now.getHours())}:${two(now.getMinutes())}`;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
