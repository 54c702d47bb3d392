import type { BsnCheck } from "../backend/contract";
import type { LookUpForm } from "../state";
import type { Words } from "../words/words";

/** What stands between the digits when one types, pastes or scans a number. */
export function bareNumber(text: string): string {
  return text.replace(/[\s.\-\u2010-\u2013]/g, "");
}

/** `12031951` → `12-03-1951`; anything else stays as typed, for the app to read. */
export function tidyBirthDate(text: string): string {
  const digits = /^(\d{2})(\d{2})((?:18|19|20)\d{2})$/.exec(text.trim());
  return digits ? `${digits[1]}-${digits[2]}-${digits[3]}` : text;
}

/** Says so once a whole date stands there that cannot be one; the app has the last word. */
export function birthDateProblem(words: Words, text: string): string | null {
  const parts = /^(\d{1,2})[-/. ]?(\d{1,2})[-/. ]?(\d{4})$/.exec(text.trim());
  if (!parts) return null;
  const [day, month, year] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  if (year < 1850) return null; // perhaps written year first: the app reads that, too
  const real = new Date(Date.UTC(year, month - 1, day));
  const fits = real.getUTCMonth() === month - 1 && real.getUTCDate() === day;
  return fits ? null : (words.lookUp.birthDateReasons["not_a_date"] ?? null);
}

interface Asked {
  asksAgreement: boolean;
  asksSuspicion: boolean;
}

/** The first thing that lacks, and where to put the focus. */
export function whatLacks(words: Words, form: LookUpForm, check: BsnCheck, asked: Asked): { text: string; focus: string } | null {
  if (check.state === "invalid") {
    return { text: words.lookUp.bsnReasons[check.reason] ?? words.lookUp.invalid, focus: "#bsn" };
  }
  if (check.state === "incomplete") return { text: words.lookUp.missingBsn, focus: "#bsn" };
  if (form.birthDate.trim() === "") return { text: words.lookUp.missingBirthDate, focus: "#birth-date" };
  const problem = birthDateProblem(words, form.birthDate);
  if (problem) return { text: problem, focus: "#birth-date" };
  if (asked.asksAgreement && form.agreement === null) return { text: words.lookUp.missingAgreement, focus: "[name=agreement]" };
  if (asked.asksSuspicion && form.suspicion === null) return { text: words.lookUp.missingSuspicion, focus: "[name=suspicion]" };
  return null;
}
