// Drives the whole page in a simulated document, with a backend that the test controls.
import { render } from "preact";
import { act } from "preact/test-utils";

import { App } from "../src/app";
import type { Backend } from "../src/backend/backend";
import type { Bootstrap, LookUpRequest, LookUpResult, Notice, OverviewResult, Session } from "../src/backend/contract";
import { h } from "preact";
import { BOOT, SESSION } from "./fixtures";

export interface Page {
  root: HTMLElement;
  calls: { name: string; argument: unknown }[];
  tell(notice: Notice): Promise<void>;
  find(testid: string): HTMLElement;
  pause(ms: number): Promise<void>;
  has(testid: string): boolean;
  click(testid: string): Promise<void>;
  type(testid: string, text: string): Promise<void>;
  submit(testid: string): Promise<void>;
  press(key: string, more?: KeyboardEventInit): Promise<void>;
  screen(): string | undefined;
  close(): void;
}

export interface PageOptions {
  boot?: Partial<Bootstrap>;
  session?: Partial<Session>;
  answer?: (request: LookUpRequest) => Promise<LookUpResult>;
  overview?: OverviewResult;
}

export async function openPage(options: PageOptions = {}): Promise<Page> {
  document.body.replaceChildren();
  const root = document.createElement("div");
  document.body.append(root);
  const calls: Page["calls"] = [];
  let receive: (notice: Notice) => void = () => undefined;
  const called = (name: string, argument?: unknown) => {
    calls.push({ name, argument });
    return Promise.resolve();
  };
  const backend: Backend = {
    bootstrap: () => Promise.resolve({ ...BOOT, ...options.boot }),
    listen: (listener) => {
      receive = listener;
      return Promise.resolve();
    },
    signIn: (request) => called("sign_in", request).then(() => ({ outcome: "signed_in", session: { ...SESSION, ...options.session } })),
    practicePatients: () => Promise.resolve([]),
    checkBsn: (text) =>
      Promise.resolve(text.length === 9 ? { state: "valid", grouped: `${text.slice(0, 4)} ${text.slice(4, 6)} ${text.slice(6)}` } : { state: "incomplete" }),
    lookUp: (request) => called("look_up", request).then(() => options.answer?.(request) ?? { outcome: "cancelled" }),
    cancel: (id) => called("cancel", id),
    cancelSource: (id, key) => called("cancel_source", [id, key]),
    object: (request) => called("object", request).then(() => ({ outcome: "done", at: "02:17" })),
    painted: (id) => called("painted", id),
    answerAsk: (request) => called("answer_ask", request).then(() => ({ outcome: "recorded", asked: { answer: request.answer, at: "02:14", by: "M. van Dijk" } })),
    changeSuspicion: (request) => called("change_suspicion", request).then(() => ({ outcome: "done", at: "02:18" })),
    closeView: (id) => called("close_view", id),
    lock: () => called("lock"),
    signOut: () => called("sign_out"),
    stillHere: () => called("still_here"),
    leaveKiosk: (pin) => called("leave_kiosk", pin).then(() => ({ outcome: "done", at: "02:20" })),
    openLog: () => called("open_log").then(() => ({ entries: [], total: 0, verified: { verdict: "intact", signed: 0, keychain: true, remarks: [], remarks_more: 0, expired: 0 }, key: false, delivery: [] })),
    openKey: (path) => called("open_key", path),
    overview: (request) => called("overview", request).then(() => options.overview ?? { outcome: "bad_input", field: "nothing" }),
  };
  const settle = () => act(() => new Promise<void>((resolve) => setTimeout(resolve, 5)));
  await act(() => render(h(App, { backend }), root));
  await settle();

  const find = (testid: string): HTMLElement => {
    const found = root.querySelector<HTMLElement>(`[data-testid="${testid}"]`);
    if (!found) throw new Error(`${testid} is not on the screen ${document.documentElement.dataset["screen"] ?? ""}`);
    return found;
  };
  return {
    root,
    calls,
    find,
    pause: (ms) => act(() => new Promise<void>((resolve) => setTimeout(resolve, ms))),
    has: (testid) => root.querySelector(`[data-testid="${testid}"]`) !== null,
    screen: () => document.documentElement.dataset["screen"],
    tell: async (notice) => {
      await act(() => receive(notice));
      await settle();
    },
    click: async (testid) => {
      await act(() => find(testid).click());
      await settle();
    },
    type: async (testid, text) => {
      const field = find(testid) as HTMLInputElement;
      await act(() => {
        field.value = text;
        field.dispatchEvent(new Event("input", { bubbles: true }));
      });
      await settle();
    },
    submit: async (testid) => {
      await act(() => void find(testid).closest("form")?.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true })));
      await settle();
    },
    press: async (key, more = {}) => {
      await act(() => void document.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more })));
      await settle();
    },
    close: () => render(null, root),
  };
}

export async function signIn(page: Page): Promise<void> {
  await page.click("person-dijk");
  await page.type("pin", "1234");
  await page.click("setting-after_hours");
  await page.submit("sign-in");
}

/** Signs in, fills in the whole form and asks. */
export async function lookUp(page: Page): Promise<void> {
  await signIn(page);
  await page.type("bsn", "999900006");
  await page.type("birth-date", "12-03-1951");
  if (page.has("agreement-patient")) await page.click("agreement-patient");
  if (page.has("suspicion-yes")) await page.click("suspicion-yes");
  await page.submit("ask-for-summary");
}
