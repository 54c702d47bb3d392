import { codedText, filled } from "../format/coded";
import { formatPeriod, hasDate } from "../format/date";
import { authorName } from "../format/name";
import { Card } from "./card";
import { useSummary } from "./context";

/** Attention lines, verbatim; never filtered away by a search. */
export function Attention() {
  const { summary, words, language, mark, index, several } = useSummary();
  const lines = summary.attention_lines;
  return (
    <Card
      section="attention" testid="card-attention" class={lines.length > 0 ? "attention" : ""}
      title={words.sections.attentionTitle} total={lines.length} emptyName={words.sections.names.attention}
    >
      {lines.map((line) => (
        <div class="attention-line" key={line.key}>
          <div class="row">
            <p>{mark(filled(line.text) ?? codedText(line.code) ?? words.sections.noText)}</p>
            <time>{formatPeriod(hasDate(line.period) || !line.author?.time ? line.period : { ...line.period, at: line.author.time }, language)}</time>
          </div>
          <p class="from">
            {[several ? index.sources.get(line.source)?.name : null, authorName(line.author),
              line.status !== null && line.status !== "active" ? words.sections.statusIs(line.status) : null]
              .filter((part) => part)
              .join(" · ")}
          </p>
        </div>
      ))}
    </Card>
  );
}
