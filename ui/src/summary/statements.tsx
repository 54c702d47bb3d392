import type { Part, Statement } from "../backend/contract";
import { codedName, filled, ownWords } from "../format/coded";
import { authorName } from "../format/name";
import { aboutEntry, detailsLine } from "./beside";
import { agentOf, limitName, saidBy, statementDate, statementName } from "./cells";
import { useSummary } from "./context";

/** What a standing statement normally is: said in the message's own card, not beside each entry. */
const ORDINARY: ReadonlySet<string> = new Set(["active", "completed"]);

/** Every statement with its kind, its source where there are several, its date and who said it. */
export function Statements({ part }: { part: Part }) {
  if (part.entries.length === 0) return null;
  return (
    <ul class="rows statements">
      {part.entries.map((statement) => <StatementRow key={statement.key} statement={statement} part={part} />)}
    </ul>
  );
}

function StatementRow({ statement, part }: { statement: Statement; part: Part }) {
  const ui = useSummary();
  const { words, language, mark, index, several, summary } = ui;
  const kind = words.clinical.statementKinds[statement.kind];
  const isLimit = part === summary.treatment_limits;
  const name = isLimit ? limitName(statement) : statementName(statement);
  const code = codedName(statement.value);
  const agent = agentOf(statement);
  const beside = isLimit ? [code] : [statement.text, ownWords(statement.value)];
  const told = new Set([name, agent ? code : null]);
  const quotes = new Set(beside.flatMap((text) => filled(text ?? null) ?? []).filter((text) => !told.has(text)));
  const date = statementDate(statement, language);
  const source = several ? index.sources.get(statement.source)?.name ?? statement.source : null;
  const said = statement.kind === "none_known" ? saidBy(statement, words, language) : null;
  const author = said ? words.clinical.statedBy(said.who, said.when) : authorName(statement.author);
  return (
    <li class={`statement ${statement.kind}`} data-kind={statement.kind} id={`entry-${statement.key}`} tabIndex={-1}>
      <div class="statement-text">
        {kind && <span class="kind">{kind}</span>} <b>{mark(name ?? (statement.kind === "unreadable" ? "" : words.clinical.notStated))}</b>
        {agent && code && <span class="detail"> · {mark(code)}</span>}
        {[...quotes].map((text) => <span class="quote" key={text}> “{mark(text)}”</span>)}
        {statement.status !== null && !ORDINARY.has(statement.status) && <span class="tag">{words.sections.statusIs(statement.status)}</span>}
        <span class="from">
          {source && <b>{source}</b>}
          {source && author && " · "}
          {author}
          {said && statement.author?.conducted && ` (${words.clinical.fromDocument})`}
        </span>
        {detailsLine(statement.details.filter((detail) => detail !== agent), ui)}
        {aboutEntry(statement.key, statement.source, statement.references, ui)}
      </div>
      <time>{date ?? ""}</time>
    </li>
  );
}

/** One line per source, where there are several. */
export function PerSource({ part }: { part: Part }) {
  const { words, index } = useSummary();
  if (part.per_source.length < 2) return null;
  return (
    <ul class="per-source">
      {part.per_source.map((one) => (
        <li key={one.source}>
          <b>{index.sources.get(one.source)?.name ?? one.source}</b>:{" "}
          {one.withheld ? words.clinical.withheldCause[one.withheld] : words.clinical.sourceState[one.state]}
        </li>
      ))}
    </ul>
  );
}
