import { StateLine } from "./allergies";
import { stateOf } from "./cells";
import { useSummary } from "./context";
import { PerSource, Statements } from "./statements";

/** Treatment limits: verbatim with date and author; nothing follows from their absence. */
export function Limits() {
  const { summary, words } = useSummary();
  const part = summary.treatment_limits;
  return (
    <section class={`card limits state-${stateOf(part)}`} data-testid="card-limits" aria-labelledby="section-limits">
      <StateLine id="section-limits" part={part} level="main" lines={words.clinical.limitState} />
      <PerSource part={part} />
      <Statements part={part} />
    </section>
  );
}
