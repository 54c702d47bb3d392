import { useMemo } from "preact/hooks";

import type { Episode, LineReference } from "../backend/contract";
import { codedName, filled } from "../format/coded";
import { dateSpan, formatDate, formatPeriod, mainDate } from "../format/date";
import { Disclosure } from "../parts/disclosure";
import { aboutEntry, detailsLine, withdrawnTag } from "./beside";
import { Blocks } from "./blocks";
import { Card } from "./card";
import { useSummary, type SummaryUi } from "./context";
import { SectionNotes } from "./section-notes";

/** Episodes in the order received; each opens to its journal lines. */
export function Episodes() {
  const { summary, words, language, found } = useSummary();
  const all = summary.episodes;
  const shown = found.episodes;
  const flagged = useMemo(() => all.some((episode) => episode.flagged), [all]);
  const span = useMemo(() => dateSpan(all.flatMap(({ period }) => [mainDate(period), period.high]), language), [all, language]);
  return (
    <Card
      section="episodes" testid="card-episodes" title={words.sections.episodesTitle} total={all.length} shown={shown.length}
      hint={<>{flagged && <><i class="flag-key" aria-hidden="true" /> {words.sections.flagKey}</>}{flagged && span && " · "}{span}</>}
      kind="episodes" emptyName={words.sections.names.episodes}
    >
      <Blocks items={shown} row={episodeRow} section="episodes" as="ul" class="rows ep" list="episodes" />
      <SectionNotes kind="episodes" />
    </Card>
  );
}

/** A plain function: it is drawn thousands of times. */
function episodeRow(episode: Episode, ui: SummaryUi) {
  const { words, language, mark, index, several } = ui;
  const { sections } = words;
  const problem = filled(episode.problem_text) ?? codedName(episode.problem);
  const title = filled(episode.title) ?? problem ?? episode.problem?.code ?? sections.untitled;
  const source = several ? index.sources.get(episode.source)?.name : null;
  const past = index.sections.get(episode.key)?.some((section) => section.kind === "past_problems") ?? false;
  return (
    <li key={episode.key} class={[episode.flagged ? "flag" : "", episode.withdrawn ? "withdrawn" : ""].join(" ").trim()} id={`entry-${episode.key}`} tabIndex={-1}>
      <div class="row">
        <span class="row-title">
          {episode.flagged && <span class="spoken">{sections.flagged}: </span>}
          <b>{mark(title)}</b>
          {problem !== null && problem !== title && <span class="quote"> {mark(problem)}</span>}{" "}
          {episode.problem?.code && episode.problem.code !== title && <code>{mark(episode.problem.code)}</code>}
          {withdrawnTag(episode.withdrawn, ui)}
          {past && <span class="tag">{words.document.pastProblem}</span>}
          {episode.closed && <span class="tag">{sections.closed}</span>}
          {!episode.closed && episode.status === null && <span class="tag">{sections.statusNone}</span>}
          {!episode.closed && episode.status !== null && episode.status !== "active" && <span class="tag">{sections.statusIs(episode.status)}</span>}
        </span>
        <time>{formatPeriod(episode.period, language)}</time>
      </div>
      {source && <span class="from">{source}</span>}
      {detailsLine(episode.details, ui)}
      {aboutEntry(episode.key, episode.source, episode.references, ui)}
      {journalLines(episode.lines, ui)}
    </li>
  );
}

function journalLines(references: readonly LineReference[], ui: SummaryUi) {
  const { index, words, language } = ui;
  const { sections } = words;
  const resolved = references.flatMap(({ target }) => index.lines.get(target ?? "") ?? []);
  const dangling = references.length - resolved.length;
  return (
    <>
      {resolved.length > 0 && (
        <Disclosure label={sections.journalLines(resolved.length)}>
          {() => (
            <ul class="line-list">
              {resolved.map(({ line, contact }) => {
                const date = mainDate(line.period) ?? mainDate(contact.period);
                return (
                  <li key={line.key}>
                    <time>{date ? formatDate(date, language) : ""}</time> <b>{line.kind.code}</b>{" "}
                    {line.text ?? sections.noText}
                  </li>
                );
              })}
            </ul>
          )}
        </Disclosure>
      )}
      {dangling > 0 && <p class="from">{sections.dangling(dangling)}</p>}
    </>
  );
}
