import type { ComponentChildren } from "preact";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";

import { useSummary } from "./context";

interface ColumnProps {
  label: string;
  class?: string;
  children: ComponentChildren;
}

/**
 * A column that scrolls by itself and says what lies below its edge: nothing is cut off unseen.
 * The line stands below the scrolled part, never over it.
 */
export function Column(props: ColumnProps) {
  const { words, query } = useSummary();
  const scroller = useRef<HTMLDivElement>(null);
  const [below, setBelow] = useState("");

  const look = useCallback(() => {
    const element = scroller.current;
    if (element) setBelow(whatIsBelow(element, words.sections));
  }, [words]);

  useEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    let frame = 0;
    const later = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(look);
    };
    later();
    element.addEventListener("scroll", later, { passive: true });
    const observer = typeof ResizeObserver === "undefined" ? null : new ResizeObserver(later);
    observer?.observe(element);
    for (const child of element.children) observer?.observe(child);
    return () => {
      cancelAnimationFrame(frame);
      element.removeEventListener("scroll", later);
      observer?.disconnect();
    };
  }, [look, query]);

  // A search shortens the lists: what it found and how much of it stands at their top.
  useEffect(() => {
    if (scroller.current) scroller.current.scrollTop = 0;
  }, [query]);

  const down = () => scroller.current?.scrollBy({ top: scroller.current.clientHeight * 0.8 });
  return (
    <div class={`col ${props.class ?? ""}`}>
      <div class="scroller" ref={scroller} tabIndex={0} role="group" aria-label={props.label}>{props.children}</div>
      {below !== "" && (
        <button type="button" class="below" onClick={down}><span class="arrow" aria-hidden="true" />{below}</button>
      )}
    </div>
  );
}

/** Pixels that may hang below the edge without anything to read in them. */
const SLACK_PX = 12;
/** More names than this would take more lines than one. */
const NAMES_MAX = 3;

function whatIsBelow(element: HTMLElement, words: ReturnType<typeof useSummary>["words"]["sections"]): string {
  const scrolls = getComputedStyle(element).overflowY !== "visible";
  if (!scrolls || element.scrollHeight - element.scrollTop - element.clientHeight <= SLACK_PX) return "";
  const edge = element.getBoundingClientRect().bottom;
  const parts: string[] = [];
  for (const card of element.querySelectorAll<HTMLElement>(":scope > .card")) {
    if (card.getBoundingClientRect().bottom <= edge + SLACK_PX) continue;
    const list = card.querySelector<HTMLElement>("[data-list]");
    const kind = list?.dataset["list"] as keyof typeof words.names;
    if (list && words.names[kind]) {
      const hidden = itemsBelow(list, edge);
      if (hidden > 0) parts.push(`${hidden} ${(hidden === 1 ? words.nameOfOne : words.names)[kind]}`);
    } else if (card.getBoundingClientRect().top >= edge - SLACK_PX) {
      const title = card.querySelector("h2")?.firstChild?.textContent;
      if (title) parts.push(title);
    }
  }
  const named = parts.length > NAMES_MAX + 1 ? [...parts.slice(0, NAMES_MAX), words.belowMore(parts.length - NAMES_MAX)] : parts;
  return named.length > 0 ? words.below(named.join(", ")) : words.belowRest;
}

/** How many items of a list, or rows of a table, end below the edge. */
function itemsBelow(list: HTMLElement, edge: number): number {
  let above = 0;
  const chunks = [...list.children].some((child) => child.tagName === "UL" || child.tagName === "DIV") ? list.children : [list];
  for (const chunk of chunks) {
    // A chunk off the screen is not looked into: that would lay out what was left out.
    const whole = chunk.getBoundingClientRect();
    if (whole.top > edge) break;
    above += whole.bottom <= edge + SLACK_PX ? ownItems(chunk.children, chunk.children.length) : ownItems(chunk.children, endsAbove(chunk.children, edge));
  }
  // A long list may still be being drawn: count all of it.
  return Number(list.dataset["total"] ?? above) - above;
}

/** Older values belong to the row above them. */
function ownItems(items: HTMLCollection, until: number): number {
  let own = 0;
  for (let at = 0; at < until; at += 1) if (!items[at]?.classList.contains("older")) own += 1;
  return own;
}

/** How many of these end above the edge; by halves, because there may be many. */
function endsAbove(items: HTMLCollection, edge: number): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const bottom = items[middle]?.getBoundingClientRect().bottom ?? 0;
    if (bottom > edge + SLACK_PX) high = middle;
    else low = middle + 1;
  }
  return low;
}
