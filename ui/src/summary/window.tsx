import { useEffect, useRef, useState } from "preact/hooks";

import { useSummary } from "./context";
import { inTurn } from "./turns";

/** Items that are drawn, and left out of a layout while off the screen, as one. */
export const CHUNK_ITEMS = 5;
/** A screen full and more: the first paint waits for no more than this. */
const DRAWN_FIRST = 4 * CHUNK_ITEMS;
/** Drawn between two frames, so that scrolling and typing stay direct meanwhile. */
const DRAWN_MORE = 3 * CHUNK_ITEMS;
/** Rows of a table that stand at once: their widths hang together, so each costs the others. */
export const ROWS_MAX = 60;
/** Blocks of a list that stand at once; off the screen they cost next to nothing. */
export const BLOCKS_MAX = 100;

export interface Window<T> {
  /** What is drawn now. */
  drawn: readonly T[];
  /** Position in the list of the first one, from 0. */
  from: number;
  /** Position after the last one of this window. */
  to: number;
  total: number;
  size: number;
  /** Counts from here on, whatever is drawn already. */
  rest: number;
  show: (from: number) => void;
}

/**
 * The part of a list that stands on the screen: the first screens at once, the rest right after,
 * and never more than `size`, so that a record of 50,000 entries scrolls like a small one.
 */
export function useWindow<T>(items: readonly T[], size: number, holds: (item: T, key: string) => boolean): Window<T> {
  const { wanted } = useSummary();
  const [place, setPlace] = useState(() => topOf(items));
  // A list that changed (a search, or one taken back) starts at its top, in this very drawing.
  const former = useRef(items);
  const now = former.current === items && place.items === items ? place : topOf(items);
  const to = Math.min(now.from + size, items.length);
  const full = to - now.from;

  useEffect(() => {
    if (former.current === items) return;
    former.current = items;
    setPlace(topOf(items));
  }, [items]);

  useEffect(() => {
    if (now.drawn >= full) return undefined;
    return inTurn(() => setPlace({ ...now, drawn: now.drawn + DRAWN_MORE }));
  }, [now.drawn, now.from, full, items]);

  // Somebody follows a link to an entry that may stand in another window, or is not drawn yet.
  const sought = useRef(wanted);
  useEffect(() => {
    if (!wanted || wanted === sought.current) return;
    const at = items.findIndex((item) => holds(item, wanted.key));
    if (at < 0) return;
    sought.current = wanted;
    const from = Math.floor(at / size) * size;
    setPlace({ items, from, drawn: Math.max(DRAWN_FIRST, at - from + 1) });
  }, [wanted, items]);

  return {
    drawn: items.slice(now.from, Math.min(now.from + now.drawn, to)), from: now.from, to, total: items.length, size,
    rest: items.length - now.from, show: (from) => setPlace({ items, from, drawn: DRAWN_FIRST }),
  };
}

function topOf<T>(items: readonly T[]): { items: readonly T[]; from: number; drawn: number } {
  return { items, from: 0, drawn: DRAWN_FIRST };
}

/** Above a list: the way back. */
export function WindowBefore({ window, section }: { window: Window<unknown>; section: string }) {
  const { words } = useSummary();
  if (window.from === 0) return null;
  return (
    <button type="button" class="page-turn" onClick={() => turn(window, window.from - window.size, section)}>
      {words.document.windowBack(window.size)}
    </button>
  );
}

/** Below a list: which part of it stands here, and the way on. */
export function WindowAfter({ window, section }: { window: Window<unknown>; section: string }) {
  const { words } = useSummary();
  const { from, to, total, size } = window;
  if (total <= size) return null;
  return (
    <p class="page-turns">
      <span>{words.document.windowOf(from + 1, to, total)}</span>
      {to < total && (
        <button type="button" class="page-turn" onClick={() => turn(window, to, section)}>{words.document.windowMore(Math.min(size, total - to))}</button>
      )}
    </p>
  );
}

function turn(window: Window<unknown>, from: number, section: string): void {
  window.show(from);
  const heading = document.getElementById(`section-${section}`);
  heading?.scrollIntoView({ block: "start" });
  heading?.focus({ preventScroll: true });
}
