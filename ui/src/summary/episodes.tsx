import type { Episode } from "../backend/contract";
import { codedName, filled } from "../format/coded";
import { dateSpan, formatDate, formatPeriod, mainDate } from "../format/date";
import { Disclosure } from "../parts/disclosure";
import { Card } from "./card";
import { useSummary } from "./context";

/** Episodes in the order received; each opens to its journal lines. */
export function Episodes() {
  const { summary, words, language, found } = useSummary();
  const all = summary.episodes;
  const shown = found.episodes;
  const flagged = all.some((episode) => episode.flagged);
  const span = dateSpan(all.flatMap(({ period }) => [mainDate(period), period.high]), language);
  return (
    <Card
      section="episodes" testid="card-episodes" title={words.sections.episodesTitle} total={all.length} shown={shown.length}
      hint={<>{flagged && <><i class="flag-key" aria-hidden="true" /> {words.sections.flagKey}</>}{flagged && span && " · "}{span}</>}
      emptyName={words.sections.names.episodes}
    >
      <ul class="rows ep" data-list="episodes">
        {shown.map((episode) => <EpisodeRow key={episode.key} episode={episode} />)}
      </ul>
    </Card>
  );
}

function EpisodeRow({ episode }: { episode: Episode }) {
  const { words, language, mark, index, several } = useSummary();
  const { sections } = words;
  const problem = filled(episode.problem_text) ?? codedName(episode.problem);
  const title = filled(episode.title) ?? problem ?? episode.problem?.code ?? sections.untitled;
  const resolved = episode.lines.filter((reference) => reference.target !== null && index.lines.has(reference.target));
  const dangling = episode.lines.length - resolved.length;
  const source = several ? index.sources.get(episode.source)?.name : null;
  return (
    <li class={episode.flagged ? "flag" : ""}>
      <div class="row">
        <span class="row-title">
          {episode.flagged && <span class="spoken">{sections.flagged}: </span>}
          <b>{mark(title)}</b>
          {problem !== null && problem !== title && <span class="quote"> {mark(problem)}</span>}{" "}
          {episode.problem?.code && episode.problem.code !== title && <code>{mark(episode.problem.code)}</code>}
          {episode.closed && <span class="tag">{sections.closed}</span>}
          {!episode.closed && episode.status === null && <span class="tag">{sections.statusNone}</span>}
          {!episode.closed && episode.status !== null && episode.status !== "active" && <span class="tag">{sections.statusIs(episode.status)}</span>}
        </span>
        <time>{formatPeriod(episode.period, language)}</time>
      </div>
      {source && <span class="from">{source}</span>}
      {resolved.length > 0 && (
        <Disclosure label={sections.journalLines(resolved.length)}>
          {() => (
            <ul class="line-list">
              {resolved.map((reference) => {
                const placed = index.lines.get(reference.target ?? "");
                if (!placed) return null;
                const date = mainDate(placed.line.period) ?? mainDate(placed.contact.period);
                return (
                  <li key={placed.line.key}>
                    <time>{date ? formatDate(date, language) : ""}</time> <b>{placed.line.kind.code}</b>{" "}
                    {placed.line.text ?? sections.noText}
                  </li>
                );
              })}
            </ul>
          )}
        </Disclosure>
      )}
      {dangling > 0 && <p class="from">{sections.dangling(dangling)}</p>}
    </li>
  );
}
