import { StateLine } from "./allergies";
import { stateOf } from "./cells";
import { useSummary } from "./context";
import { Deliveries } from "./deliveries";
import { SectionNotes } from "./section-notes";
import { PerSource, Statements } from "./statements";

/** Treatment limits: verbatim with date and author; nothing follows from their absence. */
export function Limits() {
  const { summary, words } = useSummary();
  const part = summary.treatment_limits;
  return (
    <section class={`card limits state-${stateOf(part)}`} data-testid="card-limits" aria-labelledby="section-limits">
      <StateLine id="section-limits" part={part} level="main" lines={words.clinical.limitState} />
      <PerSource part={part} />
      <Deliveries kind="treatment_limits" />
      <Statements part={part} />
      <SectionNotes kind="treatment_limits" />
    </section>
  );
}
