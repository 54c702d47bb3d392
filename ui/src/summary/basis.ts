import type { SourceSummary, View } from "../backend/contract";
import type { Words } from "../words/words";

export type BasisKind = "explicit" | "corona" | "not_established" | "none";

/** The basis in words: a strong part and the rest of the sentence. */
export interface BasisLine {
  kind: BasisKind;
  strong: string;
  rest: string;
  /** The sources it holds for; shown where there is more than one basis. */
  sources: string[];
}

/** One line per basis, the strictest first; says only what a message, the app or a person said. */
export function basisLines(view: View, words: Words): BasisLine[] {
  const lines: BasisLine[] = [];
  for (const source of view.summary.sources) {
    // What was refused is not what this view rests on; its own line says what became of it.
    const line = source.decision?.outcome === "permit" ? lineOf(source, view, words) : null;
    if (!line) continue;
    const same = lines.find((other) => other.kind === line.kind && other.rest === line.rest);
    if (same) same.sources.push(source.name);
    else lines.push({ ...line, sources: [source.name] });
  }
  if (lines.length === 0) return [{ kind: "none", strong: "", rest: words.clinical.noBasis, sources: [] }];
  const order: Record<BasisKind, number> = { corona: 0, not_established: 1, explicit: 2, none: 3 };
  return lines.sort((a, b) => order[a.kind] - order[b.kind]);
}

function lineOf(source: SourceSummary, view: View, words: Words): Omit<BasisLine, "sources"> | null {
  const { clinical } = words;
  // Where the message says it, if it says it; a contradiction is said of every basis.
  const said = source.marker_in === null ? [] : [words.document.byMessage(words.document.markers[source.marker_in])];
  const conflict = source.provenance === "conflicting" ? [clinical.conflicting] : [];
  switch (source.basis) {
    case null:
      return null;
    case "explicit": {
      const stopped = source.provenance === "measure_stopped" ? clinical.explicitStopped : "";
      const opening = said.length > 0 ? clinical.explicitOptIn : source.provenance === "stated" ? clinical.explicitStated : clinical.explicitRest;
      const rest = [opening + stopped, ...said, ...conflict].join(", ");
      return { kind: "explicit", strong: clinical.bases.explicit, rest };
    }
    case "corona":
      return { kind: "corona", strong: clinical.bases.corona, rest: sentence([...said, clinical.coronaRest, ...conflict, ...spoken(view, words)]) };
    case "not_established":
      return {
        kind: "not_established",
        strong: clinical.bases.not_established,
        rest: sentence([...said, clinical.notEstablishedRest, ...conflict, ...spoken(view, words)]),
      };
  }
}

/** What was said tonight: who agreed, and the suspicion as answered. */
function spoken(view: View, words: Words): string[] {
  const { clinical } = words;
  const agreed = view.agreement ? clinical.agreementGiven[view.agreement](view.agreed_at) : clinical.agreementUnknown;
  if (view.suspicion === null) return [agreed];
  return [agreed, view.suspicion ? clinical.suspicionYes : clinical.suspicionNo];
}

function sentence(parts: string[]): string {
  return ` — ${parts.join("; ")}`;
}
