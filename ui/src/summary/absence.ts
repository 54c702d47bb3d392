import type { Delivery, SectionKind, SourceSummary, Summary } from "../backend/contract";
import type { Words } from "../words/words";
import { deliveryAt, isOpen, partsFor, refused, type DeliveryLine } from "./delivery";

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
    const again = isOpen(delivery);
    const own = partsFor(source, kind).length > 0 ? deliveryAt(delivery, source.name, summary, words) : null;
    const text = reason(source, delivery, what, words);
    // What the part itself says (a code, an organisation) stands after what its absence means.
    const more = own !== null && delivery.outcome !== "nothing_found" && !refused(source) ? ` ${own}.` : "";
    return { text: text + more, again };
  });
}

function reason(source: SourceSummary, { outcome }: Delivery, what: string, words: Words): string {
  const { sections } = words;
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
