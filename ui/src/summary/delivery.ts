import type { Delivery, PartDelivery, SectionKind, SourceSummary, Summary } from "../backend/contract";
import type { Words } from "../words/words";

/** What the source refused because the patient's data stand in another region. */
export const ELSEWHERE = "AUTERR_SWV_FALSE";

/** Codes that say by themselves that a part was refused or could not be had; any other is unknown. */
const REFUSALS: ReadonlySet<string> = new Set([
  ELSEWHERE, "AUTERR_MEDISCH", "AUTERR_CONFRCV", "NOSTORE", "RTEDEST", "RTUDEST", "KEY204", "SYN105", "VALIDATIEFOUT", "QABRTITI",
]);
/** Of those, the one that is no refusal: the source did not answer in time. */
const TIMED_OUT = "QABRTITI";

/** Whether the source gave an answer at all, whatever was in it. */
export function hasAnswered(source: SourceSummary): boolean {
  const { outcome } = source.delivery;
  return outcome === "delivered" || outcome === "partial" || outcome === "nothing_found";
}

/** What a source delivered and what became of it, where there is something to say; else `null`. */
export function sourceRemark(source: SourceSummary, words: Words): string | null {
  const { clinical } = words;
  if (source.decision?.outcome === "refuse") {
    // A patient's own "no" looks like nothing received, to the letter.
    if (source.decision.reason === "opted_out") return clinical.nothingFound;
    const came = source.delivery.outcome === "delivered" || source.delivery.outcome === "partial";
    if (came) return clinical.refusedSource(words.outcomes.reasonsShort[source.decision.reason]);
  }
  return source.delivery.outcome === "delivered" ? null : deliveryText(source.delivery, words);
}

/**
 * Which sections of a source came short, where its parts say so; how each was answered stands with
 * that section. Nothing found is ordinary, and what holds for all parts is said of the source.
 */
export function partRemark(source: SourceSummary, words: Words): string | null {
  if (refused(source) || source.parts.length < 2 || !hasAnswered(source)) return null;
  const short = source.parts.filter(({ delivery }) => delivery.outcome !== "delivered" && delivery.outcome !== "nothing_found");
  const names = new Set(short.flatMap((part) => tellable(source, part)).map((kind) => words.document.kindNames[kind]));
  return names.size > 0 ? words.clinical.partial(words.document.seeThere([...names].join(", "))) : null;
}

export function deliveryText(delivery: Delivery, words: Words): string {
  const { clinical } = words;
  switch (delivery.outcome) {
    case "delivered":
      return clinical.delivered;
    case "partial":
      return clinical.partial(clinical.missing[delivery.missing]);
    case "nothing_found":
      return clinical.nothingFound;
    case "refused_by_source":
      if (delivery.code === ELSEWHERE) return clinical.elsewhere(delivery.organisation_ura);
      if (delivery.code === TIMED_OUT) return `${clinical.timedOut} (${delivery.code})`;
      return REFUSALS.has(delivery.code) ? clinical.refusedCode(delivery.code) : clinical.partial(clinical.unknownCode(delivery.code));
    case "failed":
      return delivery.code.endsWith("timed_out") ? `${clinical.timedOut} (${delivery.code})` : clinical.failedCode(delivery.code);
    case "awaited":
      return clinical.awaitedSource;
    case "cancelled":
      return clinical.cancelledSource;
  }
}

/** Whether asking anew may bring more: something failed, stopped, or arrived incomplete. */
export function mayBringMore(summary: Summary): boolean {
  return !summary.complete || summary.sources.some(({ delivery, parts }) => isOpen(delivery) || parts.some((part) => isOpen(part.delivery)));
}

/** What it comes to: an answer out of time is a failure, one that nobody knows is incomplete. */
export function outcomeOf(delivery: Delivery): Delivery["outcome"] {
  if (delivery.outcome !== "refused_by_source") return delivery.outcome;
  if (delivery.code === TIMED_OUT) return "failed";
  return REFUSALS.has(delivery.code) ? delivery.outcome : "partial";
}

export function isOpen(delivery: Delivery): boolean {
  return ["partial", "failed", "cancelled", "awaited"].includes(outcomeOf(delivery));
}

/**
 * The parts of a source that may be spoken of in a section. Where allergies are withheld, how
 * their own messages were answered is no one's to see: it would tell what came.
 */
export function partsFor(source: SourceSummary, kind: SectionKind): PartDelivery[] {
  return refused(source) ? [] : source.parts.filter((part) => tellable(source, part).includes(kind));
}

/** The sections of a part that may be named. */
export function tellable(source: SourceSummary, part: PartDelivery): SectionKind[] {
  const withheld = source.decision?.outcome === "permit" && source.decision.ica === "withheld";
  if (!withheld) return part.sections;
  const rest = part.sections.filter((kind) => kind !== "allergies" && kind !== "contraindications");
  // A message that holds contra-indications and little else tells of them even without being named for it.
  return rest.length === part.sections.length || rest.length > NARROW_MAX ? rest : [];
}

/** A message that fills no more sections than this is about those; one that fills more is a whole record. */
export const NARROW_MAX = 3;

export function refused(source: SourceSummary): boolean {
  return source.decision?.outcome === "refuse";
}

/** Sections whose heading is their state. */
const STATED: ReadonlySet<SectionKind> = new Set(["allergies", "contraindications", "treatment_limits"]);

/** A line below a section's heading: what one source did not deliver for it. */
export interface DeliveryLine {
  text: string;
  again: boolean;
}

/** What is to be said of the parts that would have filled a section; delivered ones need no words. */
export function deliveryLines(summary: Summary, kind: SectionKind, words: Words): DeliveryLine[] {
  const lines = new Map<string, DeliveryLine>();
  for (const source of summary.sources) {
    for (const { delivery, sections } of partsFor(source, kind)) {
      // The three that have a state say "nothing" in it; of a whole record the source's own line does.
      if (delivery.outcome === "nothing_found" && (STATED.has(kind) || sections.length > NARROW_MAX)) continue;
      const text = deliveryAt(delivery, source.name, summary, words);
      if (text !== null) lines.set(text, { text, again: isOpen(delivery) });
    }
  }
  return [...lines.values()];
}

/** One part's outcome as a sentence that names its source; `null` where it was delivered. */
export function deliveryAt(delivery: Delivery, source: string, summary: Summary, words: Words): string | null {
  const { delivery: said } = words.document;
  switch (delivery.outcome) {
    case "delivered":
      return null;
    case "partial":
      return said.partial(source, words.clinical.missing[delivery.missing]);
    case "nothing_found":
      return said.nothing(source);
    case "refused_by_source":
      if (delivery.code === ELSEWHERE) return said.elsewhere(organisationOf(delivery.organisation_ura, summary, words));
      if (delivery.code === TIMED_OUT) return said.failed(source, delivery.code);
      return REFUSALS.has(delivery.code) ? said.refused(source, delivery.code) : said.unknown(source, delivery.code);
    case "failed":
      return said.failed(source, delivery.code);
    case "awaited":
      return said.awaited(source);
    case "cancelled":
      return said.cancelled(source);
  }
}

/** Organisation numbers (URA). */
const URA = "2.16.528.1.1007.3.3";

/** An organisation by its name where this very summary knows it, else by its number. */
export function organisationOf(ura: string | null, summary: Summary, words: Words): string {
  const { elsewhere } = words.document;
  if (ura === null) return elsewhere.unknown;
  const known = summary.sources.find(({ organisation }) => organisation?.ids.some((id) => id.extension === ura && (id.root ?? URA).endsWith(URA)));
  return known ? `${known.name} (URA ${ura})` : elsewhere.ura(ura);
}
