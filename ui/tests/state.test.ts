import { describe, expect, it } from "vitest";

import { answered, booted, changedView, initialState, locked, noticed, type State } from "../src/state";
import { BOOT, coronaSummary, fullSummary, REQUEST, SESSION, STOPPED, view } from "./fixtures";

const signedIn: State = { ...booted(initialState("day"), BOOT), session: SESSION, person: "dijk" };
const waiting: State = { ...signedIn, screen: { name: "waiting", request: REQUEST, sources: [], cancelling: false } };

describe("the state of the page", () => {
  it("starts locked when the app says so", () => {
    const info = { name: "M. van Dijk", person: "dijk", cause: "idle", at: "02:14", closed: null } as const;
    expect(booted(initialState("day"), { ...BOOT, locked: info }).screen).toEqual({ name: "locked", locked: info });
  });

  it("made anew under somebody who is signed in says why the former view was closed", () => {
    const boot = { ...BOOT, session: SESSION, closed: "measure_stopped" } as const;
    expect(booted(initialState("day"), boot)).toMatchObject({ session: SESSION, person: "dijk", screen: { name: "closed", cause: "measure_stopped" } });
    expect(booted(initialState("day"), { ...boot, closed: null }).screen.name).toBe("look_up");
  });

  it("holds nothing of a patient or a session after a lock", () => {
    const open = answered(waiting, REQUEST, { outcome: "shown", view: view(fullSummary()) });
    const after = locked(open, "02:20");
    expect(JSON.stringify(after)).not.toMatch(/Rughernia|Penicillines|Anna Maria|Valkendael|02:13/);
    expect(after.session).toBeNull();
    expect(after.screen).toMatchObject({ name: "locked", locked: { person: "dijk", at: "02:20" } });
  });

  it("drops a view the moment the app closes it, and says why", () => {
    const shown = view(coronaSummary());
    const open = answered(waiting, REQUEST, { outcome: "shown", view: shown });
    const after = noticed(open, { notice: "view_closed", view_id: shown.view_id, cause: "measure_stopped" });
    expect(after.screen).toEqual({ name: "closed", cause: "measure_stopped" });
    expect(noticed(open, { notice: "view_closed", view_id: "another", cause: "measure_stopped" })).toBe(open);
  });

  it("shows no answer that nobody waits for any more", () => {
    const result = { outcome: "shown", view: view(fullSummary()) } as const;
    expect(answered(signedIn, REQUEST, result)).toBe(signedIn);
    expect(answered(waiting, { ...REQUEST, request_id: "another" }, result)).toBe(waiting);
  });

  it("asks the neutral questions anew after a refusal", () => {
    const after = answered(waiting, REQUEST, { outcome: "refused", reason: "no_suspicion", sources: [] });
    expect(after.screen).toMatchObject({ name: "refused", form: { bsn: REQUEST.bsn, agreement: null, suspicion: null } });
  });

  it("follows the measure while a form stands open", () => {
    expect(noticed(signedIn, { notice: "measure", measure: STOPPED }).measure).toBe(STOPPED);
  });

  it("does not announce a lock where nobody is signed in", () => {
    expect(noticed(booted(initialState("day"), BOOT), { notice: "idle_warning", seconds_left: 9 }).idleSeconds).toBeNull();
  });

  it("changes only the view that is open", () => {
    const open = answered(waiting, REQUEST, { outcome: "shown", view: view(fullSummary()) });
    expect(changedView(open, "another", { suspicion: false })).toBe(open);
  });
});
