import type {
  AnswerRequest,
  AnswerResult,
  Bootstrap,
  BsnCheck,
  LogView,
  LookUpRequest,
  LookUpResult,
  Notice,
  ObjectionRequest,
  OverviewRequest,
  OverviewResult,
  PracticePatient,
  Recorded,
  SignInRequest,
  SignInResult,
  SuspicionRequest,
} from "./contract";

/**
 * Everything the page may ask of the app. Commands with an effect carry a request id and are
 * answered once: a repeat gets the first answer. The page has no other way out.
 */
export interface Backend {
  bootstrap(): Promise<Bootstrap>;
  /** Notices, for as long as the page lives. */
  listen(receive: (notice: Notice) => void): Promise<void>;
  signIn(request: SignInRequest): Promise<SignInResult>;
  /** Training: fictitious patients by what they show; nobody where nobody is signed in. */
  practicePatients(): Promise<PracticePatient[]>;
  checkBsn(text: string): Promise<BsnCheck>;
  lookUp(request: LookUpRequest): Promise<LookUpResult>;
  /** Stops waiting: what has arrived by then is the answer, nothing at all is "cancelled". */
  cancel(requestId: string): Promise<void>;
  /** Stops waiting for one source (`s1`); the others go on, and it stands as stopped. */
  cancelSource(requestId: string, key: string): Promise<void>;
  object(request: ObjectionRequest): Promise<Recorded>;
  /** The summary stands on the screen: the log tells "released" from "displayed". */
  painted(viewId: string): Promise<void>;
  answerAsk(request: AnswerRequest): Promise<AnswerResult>;
  /** Recorded; where the view may not stand any longer, a notice closes it. */
  changeSuspicion(request: SuspicionRequest): Promise<Recorded>;
  closeView(viewId: string): Promise<void>;
  lock(): Promise<void>;
  signOut(): Promise<void>;
  stillHere(): Promise<void>;
  leaveKiosk(pin: string): Promise<Recorded>;
  /** Rejects with a `Trouble` for every other role, and when the log cannot be read. */
  openLog(): Promise<LogView>;
  /** The app reads the organisation's key file at this path; the page never sees it. Rejects with a `Trouble`. */
  openKey(path: string): Promise<void>;
  overview(request: OverviewRequest): Promise<OverviewResult>;
}

/** A request id: UUID v4. */
export function newRequestId(): string {
  return crypto.randomUUID();
}
