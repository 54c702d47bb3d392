import type { Block, Narrative, TableRow } from "../backend/contract";
import type { ComponentChildren } from "preact";
import { Disclosure } from "../parts/disclosure";
import { useSummary } from "./context";

/**
 * The source's own text beside what was coded. In place where there is nothing else to read,
 * behind an opener where it says more; where it says the same it stands with all data only.
 */
export function NarrativeOf({ narrative }: { narrative: Narrative }) {
  const { words } = useSummary();
  if (narrative.weight === "same" || narrative.blocks.length === 0) return null;
  if (narrative.weight === "more") {
    return (
      <Disclosure class="told-by-source" label={words.document.narrativeMore}>
        {() => <div class="narrative">{blocks(narrative.blocks)}</div>}
      </Disclosure>
    );
  }
  return (
    <div class="narrative instead">
      <p class="narrative-head">{words.document.narrativeInstead}</p>
      {blocks(narrative.blocks)}
    </div>
  );
}

/** The closed tree as elements of ours: whatever a text holds, it stays text. The app limits its depth. */
export function blocks(all: readonly Block[]): ComponentChildren {
  return all.map((block, at) => {
    switch (block.block) {
      case "text":
        return block.strong ? <b key={at}>{block.text}</b> : block.text;
      case "paragraph":
        return <div class="par" key={at}>{blocks(block.content)}</div>;
      case "heading":
        return <p class="narrative-heading" key={at}>{blocks(block.content)}</p>;
      case "list":
        return list(block.ordered, block.items, at);
      case "table":
        return (
          <div class="narrative-table" key={at}>
            <table>
              {block.caption !== null && <caption>{block.caption}</caption>}
              <tbody>{block.rows.map((row, nth) => tableRow(row, nth))}</tbody>
            </table>
          </div>
        );
    }
  });
}

function list(ordered: boolean, items: readonly (readonly Block[])[], at: number) {
  const inner = items.map((item, nth) => <li key={nth}>{blocks(item)}</li>);
  return ordered ? <ol class="numbered" key={at}>{inner}</ol> : <ul class="dashed" key={at}>{inner}</ul>;
}

function tableRow(row: TableRow, at: number) {
  return (
    <tr key={at}>
      {row.cells.map((cell, nth) => {
        const spans = { colSpan: cell.columns, rowSpan: cell.rows };
        return cell.header ? <th key={nth} {...spans}>{blocks(cell.content)}</th> : <td key={nth} {...spans}>{blocks(cell.content)}</td>;
      })}
    </tr>
  );
}
