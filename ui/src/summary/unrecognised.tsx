import { Card } from "./card";
import { useSummary } from "./context";
import { BLOCKS_MAX, useWindow, WindowAfter, WindowBefore } from "./window";

/** Received and not interpreted: listed as it came. */
export function UnrecognisedList() {
  const { summary, words, mark, index, several } = useSummary();
  const all = summary.unrecognised;
  const window = useWindow(all, BLOCKS_MAX, () => false);
  if (all.length === 0) return null;
  return (
    <Card section="unrecognised" testid="unrecognised" title={words.sections.unrecognisedTitle} total={all.length}>
      <p class="under">{words.sections.unrecognisedUnder}</p>
      <WindowBefore window={window} section="unrecognised" />
      <ul class="unrecognised" data-list="unrecognised">
        {window.drawn.map((one, at) => (
          <li key={window.from + at}>
            {one.values.map((fact, nth) => (
              <p key={nth}><b>{mark(fact.value)}</b> <span class="soft">{fact.name}</span></p>
            ))}
            <code class="path">{one.path}</code>
            {several && <span class="from">{index.sources.get(one.source)?.name ?? one.source}</span>}
          </li>
        ))}
      </ul>
      <WindowAfter window={window} section="unrecognised" />
    </Card>
  );
}
