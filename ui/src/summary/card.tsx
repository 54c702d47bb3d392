import type { ComponentChildren } from "preact";

import type { SectionKind } from "../backend/contract";
import { emptyReasons } from "./absence";
import { useSummary } from "./context";
import { Deliveries, DeliveryLines } from "./deliveries";

interface CardProps {
  /** Names the section for Alt + number and in the address of its heading. */
  section: string;
  title: ComponentChildren;
  testid: string;
  /** How many there are, and how many of them are shown. */
  total?: number;
  shown?: number;
  hint?: ComponentChildren;
  /** What it is about; how each source answered about it stands below the heading. */
  kind?: SectionKind;
  /** The name of what it lists, for the sentence that says why it is empty. */
  emptyName?: string;
  /** Its children say themselves why nothing is listed (the document's own section). */
  saysEmpty?: boolean;
  class?: string;
  children?: ComponentChildren;
}

/** A section: heading with count, and what it lists or why it lists nothing. */
export function Card(props: CardProps) {
  const { words, query, clearQuery } = useSummary();
  const { total, shown } = props;
  const filtered = query !== "" && total !== undefined && shown !== undefined && shown < total;
  const empty = total === 0 && props.emptyName !== undefined && props.kind !== undefined;
  return (
    <section class={`card ${props.class ?? ""}`} data-testid={props.testid} aria-labelledby={`section-${props.section}`}>
      <h2 id={`section-${props.section}`} tabIndex={-1}>
        {props.title}
        {total !== undefined && total > 0 && (
          <span class="n">{filtered ? words.sections.searchCount(shown, total) : total}</span>
        )}
        {props.hint !== undefined && props.hint !== null && !filtered && <span class="hint">{props.hint}</span>}
        {filtered && <button type="button" class="small" onClick={clearQuery}>{words.sections.searchRemove}</button>}
      </h2>
      {!empty && props.kind !== undefined && <Deliveries kind={props.kind} />}
      {empty && !props.saysEmpty && <EmptyReasons what={props.emptyName ?? ""} kind={props.kind ?? "other"} />}
      {empty && props.saysEmpty && props.kind !== undefined && <Deliveries kind={props.kind} />}
      {props.children}
      {filtered && shown === 0 && <p class="empty">{words.sections.filteredNone(total)}</p>}
    </section>
  );
}

function EmptyReasons({ what, kind }: { what: string; kind: SectionKind }) {
  const { summary, words } = useSummary();
  return <DeliveryLines lines={emptyReasons(summary, what, kind, words)} class="empty" />;
}
