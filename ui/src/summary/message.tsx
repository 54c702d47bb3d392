import type { SourceSummary, Summary, View } from "../backend/contract";
import { Disclosure } from "../parts/disclosure";
import { AllData } from "../parts/data-tree";
import type { Words } from "../words/words";
import { Card } from "./card";
import { useSummary } from "./context";
import { deliveryText, tellable } from "./delivery";
import { notInMessages } from "./expected";
import { BLOCKS_MAX, useWindow, WindowAfter, WindowBefore } from "./window";

/**
 * Everything of the summary, by name: transmission facts, ids, addresses, authors, and what the
 * readers noticed. What no section shows can be read here.
 */
export function MessageFacts() {
  const { view, summary, words } = useSummary();
  const { sections } = words;
  const lacking = notInMessages(summary, words);
  return (
    <Card section="message" testid="card-message" title={sections.messageTitle}>
      <p class="under">{sections.messageUnder}</p>
      {lacking !== null && <p class="under">{lacking}</p>}
      {summary.sources.length > 0 && <h3>{sections.perSourceTitle}</h3>}
      {summary.sources.map((source) => <div key={source.key}><AllData label={source.name} data={source} /><Parts source={source} /></div>)}
      <h3>{sections.perPartTitle}</h3>
      {partsOf(view, summary, words).map(([label, data]) => <AllData key={label} label={label} data={data} />)}
      <Findings />
    </Card>
  );
}

/** Each message of a source: what it was to fill, and how it was answered. */
function Parts({ source }: { source: SourceSummary }) {
  const { words } = useSummary();
  if (source.parts.length < 2) return null;
  return (
    <Disclosure label={`${source.name}: ${words.document.partsOf(source.parts.length)}`}>
      {() => (
        <ul class="line-list">
          {source.parts.map((part, at) => (
            <li key={at}>
              <code>{part.interaction}</code> {tellable(source, part).map((kind) => words.document.kindNames[kind]).join(", ")}
              {tellable(source, part).length > 0 && <>: {deliveryText(part.delivery, words)}</>}
            </li>
          ))}
        </ul>
      )}
    </Disclosure>
  );
}

function partsOf(view: View, summary: Summary, words: Words): [string, unknown][] {
  const { sections } = words;
  const { kinds } = words.document;
  const { summary: _content, ...facts } = view;
  const { allergies, contraindications, ask } = summary;
  const given = (label: string, list: readonly unknown[]): [string, unknown][] => (list.length > 0 ? [[label, list]] : []);
  return [
    ...(summary.patient ? [[sections.patientAsReceived, summary.patient] as [string, unknown]] : []),
    [sections.allergiesTitle, { allergies, contraindications, ask }],
    [sections.limitsTitle, summary.treatment_limits],
    [sections.attentionTitle, summary.attention_lines],
    ...given(kinds.alerts, summary.alerts),
    [sections.episodesTitle, summary.episodes],
    [sections.medicationShort, summary.medication],
    [sections.measurementsTitle, summary.measurements],
    ...given(kinds.laboratory, summary.laboratory),
    [sections.contactsTitle, summary.contacts],
    ...given(kinds.other, summary.others),
    ...given(sections.documentSections, summary.sections),
    ...given(words.document.narrativesTitle, summary.narratives),
    ...given(sections.duplicatesTitle, summary.duplicates),
    [sections.viewFacts, { ...facts, complete: summary.complete }],
  ];
}

function Findings() {
  const { summary, words, index } = useSummary();
  const { sections } = words;
  const window = useWindow(summary.findings, BLOCKS_MAX, () => false);
  if (summary.findings.length === 0) return null;
  return (
    <>
      <h3>{sections.findingsTitle} <span class="n">{summary.findings.length}</span></h3>
      <WindowBefore window={window} section="message" />
      <ul class="findings">
        {window.drawn.map((finding, at) => (
          <li key={window.from + at}>
            <span class="tag">{words.clinical.severities[finding.severity]}</span> {sections.findings[finding.code]}
            <span class="from">
              {finding.source !== null && <>{index.sources.get(finding.source)?.name ?? finding.source} · </>}
              {sections.place} <code class="path">{finding.path}</code>
            </span>
          </li>
        ))}
      </ul>
      <WindowAfter window={window} section="message" />
    </>
  );
}
