import { useEffect, useRef } from "preact/hooks";

import { useUi } from "../ui-context";

interface SearchBarProps {
  query: string;
  shown: number;
  total: number;
  onQuery: (query: string) => void;
  onClose: () => void;
}

/** Searches what stands on the screen; says how much it hides and how to show all again. */
export function SearchBar({ query, shown, total, onQuery, onClose }: SearchBarProps) {
  const { words } = useUi();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  return (
    <search class="search">
      <label for="search">{words.sections.search}</label>
      <input
        ref={field} id="search" data-testid="search" type="text" autoComplete="off" spellcheck={false}
        placeholder={words.sections.searchPlaceholder} value={query} onInput={(event) => onQuery(event.currentTarget.value)}
      />
      <span role="status">{query !== "" && words.sections.searchAll(shown, total)}</span>
      <button type="button" onClick={onClose}>{words.sections.searchRemove} <kbd>Esc</kbd></button>
    </search>
  );
}
