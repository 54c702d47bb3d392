import { Card } from "./card";
import { useSummary } from "./context";

/** Received and not interpreted: listed as it came. */
export function UnrecognisedList() {
  const { summary, words, mark, index, several } = useSummary();
  const all = summary.unrecognised;
  if (all.length === 0) return null;
  return (
    <Card section="unrecognised" testid="unrecognised" title={words.sections.unrecognisedTitle} total={all.length}>
      <p class="under">{words.sections.unrecognisedUnder}</p>
      <ul class="unrecognised" data-list="unrecognised">
        {all.map((one, at) => (
          <li key={at}>
            {one.values.map((fact, nth) => (
              <p key={nth}><b>{mark(fact.value)}</b> <span class="soft">{fact.name}</span></p>
            ))}
            <code class="path">{one.path}</code>
            {several && <span class="from">{index.sources.get(one.source)?.name ?? one.source}</span>}
          </li>
        ))}
      </ul>
    </Card>
  );
}
