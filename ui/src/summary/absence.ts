import type { Delivery, SectionKind, SourceSummary, Summary } from "../backend/contract";
import type { Words } from "../words/words";
import { ELSEWHERE, isOpen, organisationOf, outcomeOf, partsFor, type DeliveryLine } from "./delivery";

/** The worse, the earlier: of several parts the most cautious one decides what an absence is. */
const WORST: readonly Delivery["outcome"][] = ["awaited", "cancelled", "failed", "partial", "refused_by_source", "nothing_found", "delivered"];

/**
 * Why a list is empty, one sentence per source and for this very section: there is no bare empty
 * list, and what another part did or did not bring is no reason.
 */
export function emptyReasons(summary: Summary, what: string, kind: SectionKind, words: Words): DeliveryLine[] {
  const { sections } = words;
  if (summary.sources.length === 0) return [{ text: sections.emptyNobody(what), again: false }];
  return summary.sources.map((source) => {
    const delivery = deliveryFor(source, kind);
    const own = partsFor(source, kind).length > 0;
    const more = own ? why(delivery, summary, words) : "";
    return { text: reason(source, delivery, what, words) + more, again: own && isOpen(delivery) };
  });
}

/** What the part itself says, after what its absence means. */
function why(delivery: Delivery, summary: Summary, words: Words): string {
  switch (delivery.outcome) {
    case "refused_by_source":
      if (delivery.code === ELSEWHERE) return ` ${words.document.delivery.elsewhere(organisationOf(delivery.organisation_ura, summary, words))}.`;
      return ` ${words.frame.code} ${delivery.code}.`;
    case "failed":
      return ` ${words.frame.code} ${delivery.code}.`;
    case "partial":
      return ` ${capital(words.clinical.missing[delivery.missing])}.`;
    default:
      return "";
  }
}

function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}

function reason(source: SourceSummary, delivery: Delivery, what: string, words: Words): string {
  const { sections } = words;
  const outcome = outcomeOf(delivery);
  const why = source.decision?.outcome === "refuse" ? source.decision.reason : null;
  if (outcome === "nothing_found" || why === "opted_out") return sections.emptyNothing(what, source.name);
  if (why !== null || outcome === "refused_by_source") return sections.emptyRefused(what, source.name);
  if (outcome === "partial") return sections.emptyPartial(what, source.name);
  if (outcome === "failed" || outcome === "cancelled") return sections.emptyFailed(what, source.name);
  if (outcome === "awaited") return sections.emptyAwaited(what, source.name);
  return sections.emptyDelivered(what, source.name);
}

/** How the source answered about one section: its own parts where there are any, else the whole. */
function deliveryFor(source: SourceSummary, kind: SectionKind): Delivery {
  const parts = partsFor(source, kind).map((part) => part.delivery);
  // What was announced and never came may have been about anything.
  const short = source.delivery.outcome === "partial" && source.delivery.missing === "fewer_than_announced";
  const all = short || parts.length === 0 ? [...parts, source.delivery] : parts;
  return WORST.flatMap((outcome) => all.find((delivery) => delivery.outcome === outcome) ?? [])[0] ?? source.delivery;
}
