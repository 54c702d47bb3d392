import type { ComponentChildren, VNode } from "preact";
import { memo } from "preact/compat";

import { useSummary, type SummaryUi } from "./context";
import { BLOCKS_MAX, CHUNK_ITEMS, useWindow, WindowAfter, WindowBefore } from "./window";

/** A list no longer than this is one list to a screen reader, too. */
const WHOLE_ITEMS_MAX = 40;

/** Draws one item; a function of a module, so that nothing is drawn anew without need. */
type Row<T> = (item: T, ui: SummaryUi) => ComponentChildren;

interface BlocksProps<T> {
  items: readonly T[];
  row: Row<T>;
  section: string;
  /** `ul` where the rows are `li`. */
  as: "ul" | "div";
  class?: string;
  /** Names the list for the line that says what lies below. */
  list?: string;
}

/**
 * A list of any length: a window of it, in chunks of which only those near the screen take part in
 * a layout. A short list is one chunk, and so one list to a screen reader.
 */
export function Blocks<T extends { key: string }>({ items, row, section, as, class: name, list }: BlocksProps<T>) {
  const ui = useSummary();
  const window = useWindow(items, BLOCKS_MAX, (item, key) => item.key === key);
  if (items.length === 0) return null;
  const size = items.length <= WHOLE_ITEMS_MAX ? WHOLE_ITEMS_MAX : CHUNK_ITEMS;
  const starts = Array.from({ length: Math.ceil(window.drawn.length / size) }, (_, at) => at * size);
  return (
    <>
      <WindowBefore window={window} section={section} />
      <div data-list={list} data-total={window.rest}>
        {starts.map((start) => {
          const chunk = window.drawn.slice(start, start + size);
          return <Chunk key={chunk[0]?.key ?? start} items={chunk} row={row as Row<never>} as={as} class={name ?? ""} ui={ui} alone={size === WHOLE_ITEMS_MAX} />;
        })}
      </div>
      <WindowAfter window={window} section={section} />
    </>
  );
}

interface ChunkProps {
  items: readonly { key: string }[];
  row: Row<never>;
  as: "ul" | "div";
  class: string;
  ui: SummaryUi;
  alone: boolean;
}

/** Redrawn only when what it shows changes: opening a drawer elsewhere must not redraw 400 contacts. */
const Chunk = memo(
  function Chunk({ items, row, as: Tag, class: name, ui, alone }: ChunkProps): VNode {
    return <Tag class={`${name} ${alone ? "" : "chunk"}`.trim()}>{items.map((item) => row(item as never, ui))}</Tag>;
  },
  (before, after) =>
    before.items.length === after.items.length && before.items.every((item, at) => item === after.items[at]) && before.row === after.row &&
    before.alone === after.alone && before.ui.mark === after.ui.mark && before.ui.words === after.ui.words && before.ui.index === after.ui.index,
);
