import type { SectionKind, Summary } from "../backend/contract";
import { WarningMark } from "../parts/icons";
import type { Words } from "../words/words";
import { useSummary } from "./context";
import { deliveryLines, ELSEWHERE, organisationOf, refused, tellable, type DeliveryLine } from "./delivery";

/** Below a section's heading: what one of its sources did not deliver, and asking anew. */
export function Deliveries({ kind }: { kind: SectionKind }) {
  const { summary, words } = useSummary();
  return <DeliveryLines lines={deliveryLines(summary, kind, words)} class="delivery" />;
}

export function DeliveryLines({ lines, class: name }: { lines: readonly DeliveryLine[]; class: string }) {
  const { words, again } = useSummary();
  return (
    <>
      {lines.map((line) => (
        <p class={name} key={line.text}>
          {line.text}
          {line.again && <>{" "}<button type="button" class="small" onClick={again}>{words.clinical.again}</button></>}
        </p>
      ))}
    </>
  );
}

/** Data that stand in another region: at whom, about what. */
interface Elsewhere {
  who: string;
  what: string;
}

/** Above everything else of the summary: there is more, elsewhere, and it is not here. */
export function ElsewhereNotice() {
  const { summary, words } = useSummary();
  const all = elsewhere(summary, words);
  if (all.length === 0) return null;
  const said = words.document.elsewhere;
  return (
    <section class="elsewhere" data-testid="elsewhere" aria-labelledby="elsewhere-title">
      <WarningMark />
      <div>
        <h2 id="elsewhere-title">{said.title}</h2>
        <p>{all.map(({ who, what }) => <span key={who}>{said.at(who, what)} </span>)}{said.now}</p>
      </div>
    </section>
  );
}

export function elsewhere(summary: Summary, words: Words): Elsewhere[] {
  const found = new Map<string, Set<SectionKind>>();
  const add = (ura: string | null, kinds: readonly SectionKind[]) => {
    const who = organisationOf(ura, summary, words);
    const all = found.get(who) ?? new Set<SectionKind>();
    for (const kind of kinds) all.add(kind);
    found.set(who, all);
  };
  for (const source of summary.sources) {
    if (refused(source)) continue;
    const parts = source.parts.filter(({ delivery }) => delivery.outcome === "refused_by_source" && delivery.code === ELSEWHERE);
    for (const part of parts) {
      const kinds = tellable(source, part);
      if (kinds.length > 0 && part.delivery.outcome === "refused_by_source") add(part.delivery.organisation_ura, kinds);
    }
    const { delivery } = source;
    if (parts.length === 0 && delivery.outcome === "refused_by_source" && delivery.code === ELSEWHERE) add(delivery.organisation_ura, []);
  }
  return [...found].map(([who, kinds]) => ({
    who, what: kinds.size > 0 ? [...kinds].map((kind) => words.document.kindNames[kind]).join(", ") : words.document.elsewhere.what,
  }));
}
