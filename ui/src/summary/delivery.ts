import type { Delivery, SourceSummary, Summary } from "../backend/contract";
import type { Words } from "../words/words";

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
      return delivery.code === "AUTERR_SWV_FALSE" ? clinical.elsewhere(delivery.organisation_ura) : clinical.refusedCode(delivery.code);
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
  return (
    !summary.complete ||
    summary.sources.some(({ delivery }) => ["partial", "failed", "cancelled", "awaited"].includes(delivery.outcome))
  );
}

/** Why a list is empty, one sentence per source: there is no bare empty list. */
export function emptyReasons(summary: Summary, what: string, words: Words): string[] {
  const { sections } = words;
  if (summary.sources.length === 0) return [sections.emptyNobody(what)];
  return summary.sources.map((source) => {
    const { outcome } = source.delivery;
    const refused = source.decision?.outcome === "refuse" ? source.decision.reason : null;
    if (outcome === "nothing_found" || refused === "opted_out") return sections.emptyNothing(what, source.name);
    if (refused !== null || outcome === "refused_by_source") return sections.emptyRefused(what, source.name);
    if (outcome === "partial") return sections.emptyPartial(what, source.name);
    if (outcome === "failed" || outcome === "cancelled") return sections.emptyFailed(what, source.name);
    if (outcome === "awaited") return sections.emptyAwaited(what, source.name);
    return sections.emptyDelivered(what, source.name);
  });
}
