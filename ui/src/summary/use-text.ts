import type { Detail, Language, MedicationUse } from "../backend/contract";
import { codedText, filled } from "../format/coded";
import { detailText, snake } from "../format/detail";
import { formatQuantity } from "../format/quantity";
import type { Words } from "../words/words";

/** Details that are the instruction itself in another form: the author's own text goes before them. */
const INSTRUCTION: ReadonlySet<string> = new Set([
  "sequence", "frequency", "timing", "as_needed", "max_dose", "maximum", "duration", "repeats", "dose", "rate", "when", "time_of_day", "day_of_week", "interval",
]);

/** The instruction verbatim; where there is none, what is structured of it, as written. */
export function useText(use: MedicationUse, words: Words, language: Language): string | null {
  const text = filled(use.text);
  const structured = text !== null ? [] : [
    ...use.doses.map(formatQuantity),
    ...use.repeats.map(formatQuantity).map((every) => (every === null ? null : words.document.every(every))),
    ...use.details.filter(isInstruction).map((detail) => detailText(detail, language, words)),
  ];
  return filled([text, ...structured, codedText(use.route)].filter((part) => part).join(", "));
}

/** What a use says besides its instruction (a reason, an additional instruction). */
export function besideUse(use: MedicationUse): Detail[] {
  return use.details.filter((detail) => !isInstruction(detail));
}

function isInstruction(detail: Detail): boolean {
  return INSTRUCTION.has(snake(detail.name));
}
