import { Card } from "./card";
import { useSummary } from "./context";
import { EntryList } from "./entries";
import { isExpected } from "./expected";
import { SectionNotes } from "./section-notes";

/** Alerts that are no contra-indications; a card only where a message has a part for them. */
export function Alerts() {
  const { summary, words, found } = useSummary();
  if (!isExpected(summary, "alerts")) return null;
  return (
    <Card
      section="alerts" testid="card-alerts" title={words.document.kinds.alerts} total={summary.alerts.length} shown={found.alerts.length}
      kind="alerts" emptyName={words.document.kindNames.alerts}
    >
      <EntryList entries={found.alerts} section="alerts" list="alerts" />
      <SectionNotes kind="alerts" />
    </Card>
  );
}
