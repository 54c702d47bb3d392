import { createContext } from "preact";
import { useContext } from "preact/hooks";

import type { Actions } from "./actions";
import type { State } from "./state";
import type { Words } from "./words/words";

/** What every part of the page may use: the state, what a person can do, and the words. */
export interface Ui {
  state: State;
  actions: Actions;
  words: Words;
}

export const UiContext = createContext<Ui | null>(null);

export function useUi(): Ui {
  const ui = useContext(UiContext);
  if (!ui) throw new Error("a part of the page was drawn outside of it");
  return ui;
}
