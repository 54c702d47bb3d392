import { useEffect, useRef, useState } from "preact/hooks";

import { useUi } from "../ui-context";

/** A pause in typing: redrawing a large record at every letter would hold up the next. */
const SEARCH_AFTER_MS = 120;

interface SearchBarProps {
  query: string;
  /** The lists still show what was found before. */
  pending: boolean;
  shown: number;
  total: number;
  onQuery: (query: string) => void;
  onClose: () => void;
}

/** Searches what stands on the screen; says how much it hides and how to show all again. */
export function SearchBar({ query, pending, shown, total, onQuery, onClose }: SearchBarProps) {
  const { words } = useUi();
  const [text, setText] = useState(query);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  useEffect(() => {
    const timer = setTimeout(() => onQuery(text), SEARCH_AFTER_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <search class="search">
      <label for="search">{words.sections.search}</label>
      <input
        ref={field} id="search" data-testid="search" type="text" autoComplete="off" spellcheck={false}
        placeholder={words.sections.searchPlaceholder} value={text} onInput={(event) => setText(event.currentTarget.value)}
      />
      <span role="status">{query !== "" && (pending ? words.document.searching : words.sections.searchAll(shown, total))}</span>
      <button type="button" onClick={onClose}>{words.sections.searchRemove} <kbd>Esc</kbd></button>
    </search>
  );
}
