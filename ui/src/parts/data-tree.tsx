import type { ComponentChildren } from "preact";

import { Disclosure } from "./disclosure";
import { useUi } from "../ui-context";
import type { Words } from "../words/words";

/** Lists longer than this start closed, item by item, so that opening 2,000 contacts costs little. */
const OPEN_ITEMS_MAX = 3;
/** Lists longer than this open by the hundreds: a closed item costs a button, too. */
const BUCKET_ITEMS = 200;

/**
 * Every value of a part, by name: the promise that nothing that was received is invisible. Made
 * from the data itself, so that a new field shows without anyone thinking of it.
 */
export function AllData({ data, label }: { data: unknown; label: string }) {
  const { words } = useUi();
  return (
    <Disclosure class="all-data" label={label}>
      {() => <div class="tree">{node(data, words)}</div>}
    </Disclosure>
  );
}

function node(value: unknown, words: Words): ComponentChildren {
  if (value === null || value === undefined) return <span class="soft">{words.sections.none}</span>;
  if (typeof value === "boolean") return value ? words.sections.yes : words.sections.no;
  if (Array.isArray(value)) return list(value, words);
  if (typeof value === "object") return fields(value, words);
  return String(value);
}

/** `first` is the number that the first of these items carries in the whole list. */
function list(values: readonly unknown[], words: Words, first = 0): ComponentChildren {
  if (values.length === 0) return <span class="soft">{words.sections.emptyList}</span>;
  if (values.every((value) => typeof value !== "object")) return values.join(", ");
  if (values.length > BUCKET_ITEMS) return buckets(values, words, first);
  if (values.length <= OPEN_ITEMS_MAX) {
    return <ol class="tree-list">{values.map((value, at) => <li key={at}>{node(value, words)}</li>)}</ol>;
  }
  return (
    <ol class="tree-list">
      {values.map((value, at) => (
        <li key={at}>
          <Disclosure label={itemLabel(value, first + at, words)}>{() => node(value, words)}</Disclosure>
        </li>
      ))}
    </ol>
  );
}

/** A long list in parts that each open by themselves, few enough to stand side by side. */
function buckets(values: readonly unknown[], words: Words, first: number): ComponentChildren {
  const size = Math.max(BUCKET_ITEMS, Math.ceil(values.length / BUCKET_ITEMS));
  const starts = Array.from({ length: Math.ceil(values.length / size) }, (_, at) => at * size);
  return (
    <ol class="tree-list">
      {starts.map((start) => {
        const end = Math.min(start + size, values.length);
        return (
          <li key={start}>
            <Disclosure label={`${words.sections.item(first + start + 1)} – ${first + end}`}>{() => list(values.slice(start, end), words, first + start)}</Disclosure>
          </li>
        );
      })}
    </ol>
  );
}

function fields(value: object, words: Words): ComponentChildren {
  const all = Object.entries(value);
  const absent = all.filter(([, field]) => isAbsent(field)).map(([name]) => label(name, words));
  return (
    <>
      <dl class="tree-fields">
        {all.filter(([, field]) => !isAbsent(field)).map(([name, field]) => (
          <div key={name} class={typeof field === "object" ? "deep" : ""}>
            <dt>{label(name, words)}</dt>
            <dd>{node(field, words)}</dd>
          </div>
        ))}
      </dl>
      {absent.length > 0 && <p class="absent">{words.sections.none}: {absent.join(", ")}</p>}
    </>
  );
}

function isAbsent(value: unknown): boolean {
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0);
}

function label(name: string, words: Words): string {
  return words.fields[name] ?? name.replaceAll("_", " ");
}

/** Number and, where there is one, the first telling text. */
function itemLabel(value: unknown, at: number, words: Words): string {
  const number = words.sections.item(at + 1);
  if (value === null || typeof value !== "object") return number;
  for (const name of ["title", "text", "display", "name", "root", "value"]) {
    const text = (value as Record<string, unknown>)[name];
    if (typeof text === "string" && text !== "") return `${number} · ${text}`;
  }
  return number;
}
