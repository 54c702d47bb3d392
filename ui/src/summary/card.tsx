import type { ComponentChildren } from "preact";

import { useSummary } from "./context";
import { emptyReasons } from "./delivery";

interface CardProps {
  /** Names the section for Alt + number and in the address of its heading. */
  section: string;
  title: ComponentChildren;
  testid: string;
  /** How many there are, and how many of them are shown. */
  total?: number;
  shown?: number;
  hint?: ComponentChildren;
  /** The name of what it lists, for the sentence that says why it is empty. */
  emptyName?: string;
  class?: string;
  children?: ComponentChildren;
}

/** A section: heading with count, and what it lists or why it lists nothing. */
export function Card(props: CardProps) {
  const { words, query, clearQuery, summary } = useSummary();
  const { total, shown } = props;
  const filtered = query !== "" && total !== undefined && shown !== undefined && shown < total;
  return (
    <section class={`card ${props.class ?? ""}`} data-testid={props.testid} aria-labelledby={`section-${props.section}`}>
      <h2 id={`section-${props.section}`} tabIndex={-1}>
        {props.title}
        {total !== undefined && total > 0 && (
          <span class="n">{filtered ? words.sections.searchCount(shown, total) : total}</span>
        )}
        {props.hint !== undefined && !filtered && <span class="hint">{props.hint}</span>}
        {filtered && <button type="button" class="small" onClick={clearQuery}>{words.sections.searchRemove}</button>}
      </h2>
      {total === 0 && props.emptyName !== undefined
        ? emptyReasons(summary, props.emptyName, words).map((reason) => <p class="empty" key={reason}>{reason}</p>)
        : props.children}
      {filtered && shown === 0 && <p class="empty">{words.sections.filteredNone(total)}</p>}
    </section>
  );
}
