import type {
  Agreement,
  AskRefusal,
  Bootstrap,
  CloseCause,
  Language,
  LockedInfo,
  LogView,
  LookUpRequest,
  LookUpResult,
  Measure,
  Notice,
  Reason,
  Session,
  SourceProgress,
  Trouble,
  View,
} from "./backend/contract";

/** What is typed and chosen on the look-up screen; nothing is preselected. */
export interface LookUpForm {
  bsn: string;
  birthDate: string;
  agreement: Agreement | null;
  suspicion: boolean | null;
}

export const EMPTY_FORM: LookUpForm = { bsn: "", birthDate: "", agreement: null, suspicion: null };

/** What the look-up screen says on arrival. */
export type LookUpNote =
  | { note: "cancelled" }
  | { note: "objected"; at: string }
  | { note: "bad_input"; field: string; reason: string };

/** Exactly one screen stands at a time, and what it shows hangs on it: leaving drops it. */
export type Screen =
  | { name: "starting" }
  | { name: "sign_in" }
  | { name: "locked"; locked: LockedInfo }
  | { name: "look_up"; form: LookUpForm; note: LookUpNote | null }
  | { name: "waiting"; request: LookUpRequest; sources: SourceProgress[]; cancelling: boolean }
  | { name: "summary"; view: View; request: LookUpRequest }
  | { name: "refused"; reason: Reason; sources: string[]; form: LookUpForm }
  | { name: "ask_refused"; reason: AskRefusal; form: LookUpForm }
  | { name: "failed"; trouble: Trouble; form: LookUpForm }
  | { name: "closed"; cause: CloseCause }
  | { name: "log"; log: LogView };

export type Theme = "day" | "night";

export interface State {
  boot: Bootstrap | null;
  language: Language;
  theme: Theme;
  /** In percent: 100, 125, 150 or 200. */
  textSize: number;
  measure: Measure | null;
  session: Session | null;
  /** The id of the card that signed in, so that it is at hand after a lock. */
  person: string | null;
  screen: Screen;
  /** Seconds until the lock, while it is announced. */
  idleSeconds: number | null;
  logTrouble: Trouble | null;
}

export const TEXT_SIZES = [100, 125, 150, 200] as const;

export function initialState(theme: Theme): State {
  return {
    boot: null,
    language: "nl",
    theme,
    textSize: 100,
    measure: null,
    session: null,
    person: null,
    screen: { name: "starting" },
    idleSeconds: null,
    logTrouble: null,
  };
}

export function booted(state: State, boot: Bootstrap): State {
  return { ...state, boot, language: boot.language, measure: boot.measure, session: boot.session, person: personOf(boot), screen: firstScreen(boot) };
}

/** A page may be made anew under somebody who is signed in: after it died, or after the app closed a view. */
function firstScreen({ locked, session, closed }: Bootstrap): Screen {
  if (locked) return { name: "locked", locked };
  if (!session) return { name: "sign_in" };
  return closed ? { name: "closed", cause: closed } : { name: "look_up", form: EMPTY_FORM, note: null };
}

function personOf({ session, people }: Bootstrap): string | null {
  return people.find((person) => person.name === session?.name)?.id ?? null;
}

/** The session and everything of a patient are gone; the card that was signed in stays in front. */
export function locked(state: State, at: string): State {
  const info: LockedInfo | null =
    state.session && state.person
      ? { name: state.session.name, person: state.person, cause: "user", at, closed: null }
      : null;
  const screen: Screen = info ? { name: "locked", locked: info } : { name: "sign_in" };
  return { ...state, session: null, person: null, idleSeconds: null, screen };
}

export function signedOut(state: State): State {
  return { ...state, session: null, person: null, idleSeconds: null, screen: { name: "sign_in" } };
}

/** The answer to a request that the page still waits for; any other leaves the screen alone. */
export function answered(state: State, request: LookUpRequest, result: LookUpResult): State {
  const { screen } = state;
  if (screen.name !== "waiting" || screen.request.request_id !== request.request_id) return state;
  return { ...state, screen: screenOf(request, result) };
}

function screenOf(request: LookUpRequest, result: LookUpResult): Screen {
  const form = formOf(request);
  switch (result.outcome) {
    case "shown":
      return { name: "summary", view: result.view, request };
    case "refused":
      // The answers are asked anew: what stays ticked says nothing.
      return { name: "refused", reason: result.reason, sources: result.sources, form: { ...form, agreement: null, suspicion: null } };
    case "ask_refused":
      return { name: "ask_refused", reason: result.reason, form };
    case "bad_input":
      return { name: "look_up", form, note: { note: "bad_input", field: result.field, reason: result.reason } };
    case "failed":
      return { name: "failed", trouble: result.trouble, form };
    case "cancelled":
      return { name: "look_up", form, note: { note: "cancelled" } };
  }
}

export function formOf(request: LookUpRequest): LookUpForm {
  return { bsn: request.bsn, birthDate: request.birth_date, agreement: request.agreement, suspicion: request.suspicion };
}

/** A change of the view that is open; a closed one stays closed. */
export function changedView(state: State, viewId: string, change: Partial<View>): State {
  const { screen } = state;
  if (screen.name !== "summary" || screen.view.view_id !== viewId) return state;
  return { ...state, screen: { ...screen, view: { ...screen.view, ...change } } };
}

/** What a notice of the app changes. */
export function noticed(state: State, notice: Notice): State {
  const { screen } = state;
  switch (notice.notice) {
    case "progress":
      return screen.name === "waiting" && screen.request.request_id === notice.request_id
        ? { ...state, screen: { ...screen, sources: notice.sources } }
        : state;
    case "measure":
      return { ...state, measure: notice.measure };
    case "view_closed":
      return screen.name === "summary" && screen.view.view_id === notice.view_id
        ? { ...state, screen: { name: "closed", cause: notice.cause } }
        : state;
    case "idle_warning":
      return state.session ? { ...state, idleSeconds: notice.seconds_left } : state;
    case "idle_cleared":
      return { ...state, idleSeconds: null };
    case "remark":
      return { ...state, boot: state.boot && { ...state.boot, remark: notice.remark } };
    case "log_trouble":
      return { ...state, logTrouble: notice.trouble };
  }
}

/** The name that the document carries for its screen, for tests and for style. */
export function screenName(screen: Screen): string {
  return screen.name === "ask_refused" ? "refused" : screen.name;
}
