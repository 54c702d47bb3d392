import { newRequestId, type Backend } from "./backend/backend";
import type {
  AskAnswer,
  AnswerResult,
  BsnCheck,
  Language,
  LookUpRequest,
  LookUpResult,
  OverviewRequest,
  OverviewResult,
  PracticePatient,
  Recorded,
  SignInRequest,
  SignInResult,
  Trouble,
} from "./backend/contract";
import { clockTime } from "./format/date";
import {
  answered,
  booted,
  changedView,
  EMPTY_FORM,
  formOf,
  locked,
  noticed,
  signedOut,
  TEXT_SIZES,
  type LookUpForm,
  type LookUpNote,
  type Screen,
  type State,
} from "./state";
import type { Store } from "./store";
import { wordsOf } from "./words/words";

/** At most one sign of life per so many milliseconds: each is a call across a process. */
const STILL_HERE_MS = 5_000;

/** What a person can do. Every call to the app that fails becomes words on the screen. */
export type Actions = ReturnType<typeof createActions>;

export function createActions(backend: Backend, store: Store<State>) {
  let stillHereAt = -Infinity;

  const show = (screen: Screen) => store.update((state) => ({ ...state, screen }));

  /** For a call whose answer nobody waits for; the app notices a lost one itself. */
  const quietly = (call: Promise<unknown>) => void call.catch(() => undefined);

  const ask = async (request: LookUpRequest) => {
    show({ name: "waiting", request, sources: [], cancelling: false });
    const result = await backend.lookUp(request).catch((error: unknown): LookUpResult => ({ outcome: "failed", trouble: troubleOf(error) }));
    const { screen } = store.get();
    const stillWaited = screen.name === "waiting" && screen.request.request_id === request.request_id;
    if (stillWaited) store.update((state) => answered(state, request, result));
    // It came after the person left: close it unseen.
    else if (result.outcome === "shown") quietly(backend.closeView(result.view.view_id));
  };

  return {
    async start() {
      try {
        const boot = await backend.bootstrap();
        store.update((state) => booted(state, boot));
        await backend.listen((notice) => store.update((state) => noticed(state, notice)));
      } catch (error) {
        show({ name: "failed", trouble: troubleOf(error), form: EMPTY_FORM });
      }
    },

    async signIn(request: SignInRequest): Promise<SignInResult> {
      const result = await backend
        .signIn(request)
        .catch((error: unknown): SignInResult => ({ outcome: "refused", trouble: troubleOf(error), wait_seconds: 0 }));
      if (result.outcome === "signed_in") {
        // A setting that was just chosen may belong to another organisation or location.
        const boot = await backend.bootstrap().catch(() => store.get().boot);
        store.update((state) => ({
          ...state,
          boot,
          session: result.session,
          person: request.person,
          screen: { name: "look_up", form: EMPTY_FORM, note: null },
        }));
      }
      return result;
    },

    practicePatients(): Promise<PracticePatient[]> {
      return backend.practicePatients().catch((): PracticePatient[] => []);
    },

    checkBsn(text: string): Promise<BsnCheck> {
      return backend.checkBsn(text).catch((): BsnCheck => ({ state: "incomplete" }));
    },

    lookUp(form: LookUpForm): Promise<void> {
      const request: LookUpRequest = {
        request_id: newRequestId(),
        bsn: form.bsn,
        birth_date: form.birthDate,
        treats_and_needs: true,
        agreement: form.agreement,
        suspicion: form.suspicion,
      };
      return ask(request);
    },

    /** The same question anew: a new request, logged as such, after the open view is closed. */
    again(viewId: string, former: LookUpRequest): Promise<void> {
      quietly(backend.closeView(viewId));
      return this.lookUp(formOf(former));
    },

    async changeSuspicion(viewId: string, suspicion: boolean): Promise<Trouble | null> {
      const result = await backend
        .changeSuspicion({ request_id: newRequestId(), view_id: viewId, suspicion })
        .catch((error: unknown): Recorded => ({ outcome: "failed", trouble: troubleOf(error) }));
      if (result.outcome === "failed") return result.trouble;
      store.update((state) => changedView(state, viewId, { suspicion }));
      return null;
    },

    cancel() {
      const { screen } = store.get();
      if (screen.name !== "waiting" || screen.cancelling) return;
      show({ ...screen, cancelling: true });
      quietly(backend.cancel(screen.request.request_id));
    },

    /** One source less to wait for; the app tells how it stands then. */
    cancelSource(key: string) {
      const { screen } = store.get();
      if (screen.name === "waiting" && !screen.cancelling) quietly(backend.cancelSource(screen.request.request_id, key));
    },

    object(bsn: string): Promise<Recorded> {
      return backend.object({ request_id: newRequestId(), bsn }).catch((error: unknown): Recorded => ({ outcome: "failed", trouble: troubleOf(error) }));
    },

    painted(viewId: string) {
      quietly(backend.painted(viewId));
    },

    async answerAsk(viewId: string, answer: AskAnswer): Promise<Trouble | null> {
      const result = await backend
        .answerAsk({ request_id: newRequestId(), view_id: viewId, answer })
        .catch((error: unknown): AnswerResult => ({ outcome: "failed", trouble: troubleOf(error) }));
      if (result.outcome === "failed") return result.trouble;
      store.update((state) => changedView(state, viewId, { asked: result.asked }));
      return null;
    },

    nextPatient() {
      const { screen } = store.get();
      if (screen.name === "summary") quietly(backend.closeView(screen.view.view_id));
      toLookUp();
    },

    toLookUp,

    lock() {
      if (!store.get().session) return;
      // First the screen, then the app: not a moment longer than needed.
      store.update((state) => locked(state, clockTime(new Date())));
      quietly(backend.lock());
    },

    signOut() {
      store.update(signedOut);
      quietly(backend.signOut());
    },

    /** A sign of life, thinned out. `now` in milliseconds of a clock that only goes forward. */
    stillHere(now: number) {
      if (!store.get().session || now - stillHereAt < STILL_HERE_MS) return;
      stillHereAt = now;
      quietly(backend.stillHere());
    },

    leaveKiosk(pin: string): Promise<Recorded> {
      return backend.leaveKiosk(pin).catch((error: unknown): Recorded => ({ outcome: "failed", trouble: troubleOf(error) }));
    },

    async openLog() {
      try {
        show({ name: "log", log: await backend.openLog() });
      } catch (error) {
        show({ name: "failed", trouble: troubleOf(error), form: EMPTY_FORM });
      }
    },

    /** What is wrong with the key file; nothing where its key is at hand now. */
    openKey(path: string): Promise<Trouble | null> {
      return backend.openKey(path).then(() => null, (error: unknown) => troubleOf(error));
    },

    overview(request: OverviewRequest): Promise<OverviewResult> {
      return backend.overview(request).catch((error: unknown): OverviewResult => ({ outcome: "failed", trouble: troubleOf(error) }));
    },

    setLanguage(language: Language) {
      store.update((state) => ({ ...state, language }));
    },

    switchTheme() {
      store.update((state) => ({ ...state, theme: state.theme === "day" ? "night" : "day" }));
    },

    nextTextSize() {
      store.update((state) => {
        const at = TEXT_SIZES.findIndex((size) => size === state.textSize);
        return { ...state, textSize: TEXT_SIZES[(at + 1) % TEXT_SIZES.length] ?? 100 };
      });
    },
  };

  function toLookUp(form: LookUpForm = EMPTY_FORM, note: LookUpNote | null = null) {
    const name = store.get().session ? "look_up" : "sign_in";
    show(name === "look_up" ? { name, form, note } : { name });
  }
}

/** What the app rejected with, where it says so in words; else that it did not answer. */
export function troubleOf(error: unknown): Trouble {
  const known = error as Partial<Trouble> | null;
  if (typeof known === "object" && typeof known?.code === "string" && known.nl && known.en) return known as Trouble;
  return pageTrouble();
}

/** The app itself did not answer: the only trouble the page has words for of its own. */
function pageTrouble(): Trouble {
  return { code: "page_no_answer", nl: wordsOf("nl").frame.pageTrouble, en: wordsOf("en").frame.pageTrouble };
}
