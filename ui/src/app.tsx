import { useEffect, useMemo, useState } from "preact/hooks";

import { createActions } from "./actions";
import type { Backend } from "./backend/backend";
import { installGuards } from "./guards";
import { Frame } from "./parts/frame";
import { IdleWarning } from "./parts/idle-warning";
import { ClosedScreen } from "./screens/closed";
import { FailedScreen } from "./screens/failed";
import { LogScreen } from "./screens/log";
import { LookUpScreen } from "./screens/look-up";
import { RefusedScreen } from "./screens/refused";
import { SignInScreen } from "./screens/sign-in";
import { WaitingScreen } from "./screens/waiting";
import { installShortcuts, useShortcuts } from "./shortcuts";
import { initialState, screenName, type Screen, type State, type Theme } from "./state";
import { createStore, type Store } from "./store";
import { SummaryScreen } from "./summary/summary";
import { UiContext, useUi } from "./ui-context";
import { wordsOf } from "./words/words";
import "./styles/index.css";

interface AppProps {
  backend: Backend;
}

/** The whole page: one screen at a time. */
export function App({ backend }: AppProps) {
  const store = useMemo(() => createStore(initialState(themeAtStart())), []);
  const actions = useMemo(() => createActions(backend, store), [backend, store]);
  const state = useStore(store);

  useEffect(() => {
    installGuards(document);
    void actions.start();
    return installShortcuts(document);
  }, [actions]);

  useEffect(() => {
    const alive = (event: Event) => actions.stillHere(event.timeStamp);
    const kinds = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"];
    for (const kind of kinds) document.addEventListener(kind, alive, { passive: true });
    return () => {
      for (const kind of kinds) document.removeEventListener(kind, alive);
    };
  }, [actions]);

  useDocumentFacts(state);

  const ui = useMemo(() => ({ state, actions, words: wordsOf(state.language) }), [state, actions]);
  return (
    <UiContext.Provider value={ui}>
      <GlobalKeys />
      <Frame>
        <CurrentScreen screen={state.screen} />
      </Frame>
      <IdleWarning />
    </UiContext.Provider>
  );
}

function CurrentScreen({ screen }: { screen: Screen }) {
  const { words } = useUi();
  switch (screen.name) {
    case "starting":
      return <main class="centre"><p role="status">{words.frame.starting}</p></main>;
    case "sign_in":
      return <SignInScreen key="sign_in" locked={null} />;
    case "locked":
      return <SignInScreen key="locked" locked={screen.locked} />;
    case "look_up":
      return <LookUpScreen key={JSON.stringify(screen.note)} form={screen.form} note={screen.note} />;
    case "waiting":
      return <WaitingScreen key={screen.request.request_id} screen={screen} />;
    case "summary":
      return <SummaryScreen key={screen.view.view_id} view={screen.view} request={screen.request} />;
    case "refused":
    case "ask_refused":
      return <RefusedScreen screen={screen} />;
    case "failed":
      return <FailedScreen trouble={screen.trouble} form={screen.form} />;
    case "closed":
      return <ClosedScreen cause={screen.cause} />;
    case "log":
      return <LogScreen log={screen.log} />;
  }
}

/** Ctrl L works everywhere; it is asked last, after every panel and screen. */
function GlobalKeys() {
  const { actions } = useUi();
  useShortcuts((shortcut) => {
    if (shortcut.shortcut !== "lock") return false;
    actions.lock();
    return true;
  });
  return null;
}

/** What style sheets, assistive technology and tests read off the document itself. */
function useDocumentFacts(state: State): void {
  const root = document.documentElement;
  const screen = screenName(state.screen);
  useEffect(() => {
    root.lang = state.language;
    root.dataset["theme"] = state.theme;
    root.dataset["kiosk"] = String(state.boot?.kiosk ?? false);
    // A size of the root scales every measure of the page, its breakpoints too.
    root.style.fontSize = `${state.textSize}%`;
  }, [state.language, state.theme, state.boot, state.textSize]);
  useEffect(() => {
    root.dataset["screen"] = screen;
  }, [screen]);
}

function themeAtStart(): Theme {
  return window.matchMedia?.("(prefers-color-scheme: dark)").matches ? "night" : "day";
}

function useStore<T>(store: Store<T>): T {
  const [value, setValue] = useState(store.get());
  useEffect(() => {
    setValue(store.get());
    return store.subscribe(() => setValue(store.get()));
  }, [store]);
  return value;
}
