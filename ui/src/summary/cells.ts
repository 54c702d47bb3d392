import type { Detail, Part, State, Statement, Summary } from "../backend/contract";
import type { Language } from "../backend/contract";
import { codedName, codedText, filled, ownWords } from "../format/coded";
import { formatDate, formatPeriod, hasDate } from "../format/date";
import { authorName } from "../format/name";
import type { Words } from "../words/words";

/**
 * How much a cell of the banner weighs: `must` is a mandatory action, `known` an emphasis, `calm`
 * a statement in normal weight, `unknown` asks.
 */
export type CellWeight = "must" | "known" | "calm" | "unknown";

export interface Cell {
  label: string;
  text: string;
  weight: CellWeight;
}

/** More names than this do not fit beside a patient's name; the list right below has them all. */
const NAMES_MAX = 4;

/** What someone reacts to, where the message names it beside the kind of reaction (building blocks). */
export function agentOf(statement: Statement): Detail | null {
  return statement.details.find((detail) => detail.name === "agent" && codedName(detail.coded) !== null) ?? null;
}

/** What a statement is about, in the words of the message: the agent before the kind of reaction. */
export function statementName(statement: Statement): string | null {
  return codedName(agentOf(statement)?.coded ?? null) ?? codedName(statement.value) ?? filled(statement.text) ?? codedText(statement.value) ?? codedName(statement.code);
}

/** A treatment limit is what its author wrote; the code beside it may only say what kind of thing it is. */
export function limitName(statement: Statement): string | null {
  return filled(statement.text) ?? ownWords(statement.value) ?? statementName(statement);
}

export function allergyCell(summary: Summary, words: Words, language: Language): Cell {
  const part = summary.allergies;
  const state = stateOf(part);
  const names = entryNames(part, words);
  const { clinical } = words;
  const withheld = state === "withheld_by_rule";
  const weight: CellWeight = withheld ? "must" : state === "known" ? "known" : state === "none_known" ? "calm" : "unknown";
  if (state === "none_known") {
    const statement = part.entries.find((entry) => entry.kind === "none_known") ?? null;
    const said = statement ? saidBy(statement, words, language) : null;
    return { label: clinical.allergies, text: said ? clinical.noneKnownBy(said.who, said.when) : clinical.allergyCell.none_known, weight };
  }
  if (names === null) {
    const neverShown = withheld && !summary.ask?.causes.some((cause) => cause !== "not_established");
    const text = neverShown ? clinical.notShown : clinical.allergyCell[state];
    return { label: clinical.allergies, text, weight };
  }
  const beside = clinical.allergyBeside[state];
  // A substance that is known weighs what it weighs, however incomplete the list around it.
  if (weight === "unknown") return { label: clinical.allergy, text: beside ? `${names} — ${beside}` : names, weight: "known" };
  return { label: clinical.allergy, text: beside ? `${names} — ${beside}` : names, weight };
}

export function limitCell(summary: Summary, words: Words, language: Language): Cell {
  const part = summary.treatment_limits;
  const state = stateOf(part);
  const names = entryNames(part, words, limitName);
  const { clinical } = words;
  const weight: CellWeight = state === "known" ? "known" : state === "none_known" ? "calm" : "unknown";
  if (state === "not_asserted" && names === null && summary.attention_lines.length > 0) {
    return { label: clinical.limit, text: clinical.limitSeeAttention, weight };
  }
  if (state === "none_known") {
    const statement = part.entries.find((entry) => entry.kind === "none_known") ?? null;
    const said = statement ? saidBy(statement, words, language) : null;
    return { label: clinical.limit, text: said ? `${clinical.limitCell.none_known} (${said.who}, ${said.when})` : clinical.limitCell.none_known, weight };
  }
  if (names === null) return { label: clinical.limit, text: clinical.limitCell[state], weight };
  const dated = part.entries.find((entry) => entry.kind === "entry" && statementDate(entry, language) !== null);
  const date = dated ? statementDate(dated, language) : null;
  const label = date ? `${clinical.limit} · ${date}` : clinical.limit;
  return { label, text: state === "known" ? names : `${names} — ${clinical.limitCell[state]}`, weight };
}

/** No state means that nothing may be said: worded as unknown, never as none. */
export function stateOf(part: Part): State {
  return part.state ?? "not_asserted";
}

/** Names of what is really stated, each once, never shortened; `null` where there is none. */
function entryNames(part: Part, words: Words, nameOf: (statement: Statement) => string | null = statementName): string | null {
  const names = new Set<string>();
  for (const entry of part.entries) {
    if (entry.kind === "entry") names.add(nameOf(entry) ?? words.clinical.notStated);
  }
  if (names.size === 0) return null;
  const all = [...names];
  const shown = all.slice(0, NAMES_MAX).join(", ");
  return all.length > NAMES_MAX ? `${shown} ${words.clinical.more(all.length - NAMES_MAX)}` : shown;
}

/** Who stated it and when, where both are known. */
export function saidBy(statement: Statement, words: Words, language: Language): { who: string; when: string } | null {
  const who = authorName(statement.author);
  const when = statementDate(statement, language);
  if (!when) return null;
  return { who: who ?? words.clinical.authorNotStated, when };
}

/** The statement's own date, else when its author wrote it. */
export function statementDate(statement: Statement, language: Language): string | null {
  if (hasDate(statement.period)) return formatPeriod(statement.period, language);
  return statement.author?.time ? formatDate(statement.author.time, language) : null;
}
