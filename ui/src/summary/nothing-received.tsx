import type { SourceSummary } from "../backend/contract";
import { sourcePhone } from "../format/phone";
import { useUi } from "../ui-context";

/** Nothing came, which says nothing; on the result, not beside the form. */
export function NothingReceived({ sources }: { sources: readonly SourceSummary[] }) {
  const { words } = useUi();
  const { nothing } = words.clinical;
  const practices = sources.filter((source) => source.organisation !== null);
  return (
    <section class="card nothing" data-testid="nothing-received">
      <h2>{nothing.title}</h2>
      <p class="lead">{nothing.meaning}</p>
      <p>{nothing.why}</p>
      <p><b>{nothing.ask}</b></p>
      <p>
        {nothing.reachable}{" "}
        {practices.length > 0 && practices.map((source) => nothing.practice(source.name, sourcePhone(source.organisation, source.author))).join(" ")}
      </p>
    </section>
  );
}
