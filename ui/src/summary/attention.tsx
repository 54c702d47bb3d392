import { codedText, filled } from "../format/coded";
import { formatPeriod, hasDate } from "../format/date";
import { aboutEntry, fromText } from "./beside";
import { Card } from "./card";
import { useSummary } from "./context";
import { SectionNotes } from "./section-notes";
import { BLOCKS_MAX, useWindow, WindowAfter, WindowBefore } from "./window";

/** Attention lines, verbatim; never filtered away by a search. */
export function Attention() {
  const ui = useSummary();
  const { summary, words, language, mark } = ui;
  const lines = summary.attention_lines;
  const window = useWindow(lines, BLOCKS_MAX, (line, key) => line.key === key);
  return (
    <Card
      section="attention" testid="card-attention" class={lines.length > 0 ? "attention" : ""} kind="attention_lines"
      title={words.sections.attentionTitle} total={lines.length} emptyName={words.sections.names.attention}
    >
      <WindowBefore window={window} section="attention" />
      {window.drawn.map((line) => (
        <div class="attention-line" key={line.key} id={`entry-${line.key}`} tabIndex={-1}>
          <div class="row">
            <p>{mark(filled(line.text) ?? codedText(line.code) ?? words.sections.noText)}</p>
            <time>{formatPeriod(hasDate(line.period) || !line.author?.time ? line.period : { ...line.period, at: line.author.time }, language)}</time>
          </div>
          <p class="from">
            {[fromText(line.source, line.author, ui), line.status !== null && line.status !== "active" ? words.sections.statusIs(line.status) : null]
              .filter((part) => part)
              .join(" · ")}
          </p>
          {aboutEntry(line.key, line.source, [], ui)}
        </div>
      ))}
      <WindowAfter window={window} section="attention" />
      <SectionNotes kind="attention_lines" />
    </Card>
  );
}
