import { AllData } from "../parts/data-tree";
import { Card } from "./card";
import { useSummary } from "./context";

/**
 * Everything of the summary, by name: transmission facts, ids, addresses, authors, and what the
 * readers noticed. What no section shows can be read here.
 */
export function MessageFacts() {
  const { view, summary, words, index } = useSummary();
  const { sections } = words;
  const { summary: _content, ...facts } = view;
  const { allergies, contraindications, ask } = summary;
  const parts: [string, unknown][] = [
    ...(summary.patient ? [[sections.patientAsReceived, summary.patient] as [string, unknown]] : []),
    [sections.allergiesTitle, { allergies, contraindications, ask }],
    [sections.limitsTitle, summary.treatment_limits],
    [sections.attentionTitle, summary.attention_lines],
    [sections.episodesTitle, summary.episodes],
    [sections.medicationTitle, summary.medication],
    [sections.measurementsTitle, summary.measurements],
    [sections.contactsTitle, summary.contacts],
    [sections.viewFacts, { ...facts, complete: summary.complete }],
  ];
  return (
    <Card section="message" testid="card-message" title={sections.messageTitle}>
      <p class="under">{sections.messageUnder}</p>
      {summary.sources.length > 0 && <h3>{sections.perSourceTitle}</h3>}
      {summary.sources.map((source) => <AllData key={source.key} label={source.name} data={source} />)}
      <h3>{sections.perPartTitle}</h3>
      {parts.map(([label, data]) => <AllData key={label} label={label} data={data} />)}
      {summary.findings.length > 0 && (
        <>
          <h3>{sections.findingsTitle} <span class="n">{summary.findings.length}</span></h3>
          <ul class="findings">
            {summary.findings.map((finding, at) => (
              <li key={at}>
                <span class="tag">{words.clinical.severities[finding.severity]}</span> {sections.findings[finding.code]}
                <span class="from">
                  {finding.source !== null && <>{index.sources.get(finding.source)?.name ?? finding.source} · </>}
                  {sections.place} <code class="path">{finding.path}</code>
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </Card>
  );
}
