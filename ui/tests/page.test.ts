import { afterEach, describe, expect, it } from "vitest";

import { lookUp, openPage, signIn, type Page } from "./page";
import { contact, coronaSummary, fullSummary, line, part, source, STOPPED, view } from "./fixtures";
import type { LookUpResult, View } from "../src/backend/contract";

let page: Page;
afterEach(() => page.close());

const shows = (shown: View) => (): Promise<LookUpResult> => Promise.resolve({ outcome: "shown", view: shown });

describe("signing in", () => {
  it("says TRAINING and what the PIN is, and asks for what a person needs", async () => {
    page = await openPage();
    expect(page.find("training-band").textContent).toContain("PIN in training: 1234");
    await page.click("person-smit");
    expect(page.has("responsible-dijk")).toBe(true);
    expect(page.has("responsible-smit")).toBe(false);
    await page.type("pin", "1234");
    await page.submit("sign-in");
    expect(page.calls).toEqual([]);
    expect(page.root.textContent).toContain("Kies de arts");
  });

  it("has no training PIN on a screen that is not training", async () => {
    page = await openPage({ boot: { training: false } });
    expect(page.has("training-band")).toBe(false);
    expect(page.root.textContent).not.toContain("1234");
  });

  it("says what there is to say about the log, and still lets people in", async () => {
    const remark = { code: "log_new_segment", nl: { what: "Er is een nieuw deel begonnen.", now: "Meld dit." }, en: { what: "x", now: "y" } };
    page = await openPage({ boot: { remark } });
    expect(page.find("remark").textContent).toContain("Er is een nieuw deel begonnen.");
    expect(page.has("pin")).toBe(true);
  });

  it("gives a privacy officer the log and no look-up", async () => {
    page = await openPage({ session: { may_view: false, may_open_log: true } });
    await signIn(page);
    expect(page.has("bsn")).toBe(false);
    await page.click("open-log");
    expect(page.screen()).toBe("log");
  });

  it("makes what warns of an overview stand out, whatever its words", async () => {
    const notices = [{ said: "Alleen deze werkplek", warns: false }, { said: "Iets ontbreekt", warns: true }, { said: "LET OP is hier maar een naam", warns: false }];
    const overview = { title: "Overzicht", notices, columns: [], rows: [], patterns: [], contact: "x", for_patient: null };
    page = await openPage({ session: { may_view: false, may_open_log: true }, overview: { outcome: "shown", overview } });
    await signIn(page);
    await page.click("open-log");
    await page.type("key-file", "/media/key");
    await page.submit("open-key");
    await page.submit("show-overview");
    const told = page.find("log-overview").querySelectorAll(".log-head .told");
    expect([...told].map((notice) => notice.textContent)).toEqual(["Iets ontbreekt"]);
    expect(page.find("log-overview").textContent).toContain("LET OP is hier maar een naam");
  });
});

describe("looking up", () => {
  it("preselects nothing", async () => {
    page = await openPage();
    await signIn(page);
    expect([...page.root.querySelectorAll<HTMLInputElement>("input[type=radio]")].filter((radio) => radio.checked)).toEqual([]);
  });

  it("says what is missing and puts the focus there", async () => {
    page = await openPage();
    await signIn(page);
    await page.submit("ask-for-summary");
    expect(document.activeElement).toBe(page.find("bsn"));
    await page.type("bsn", "999900006");
    await page.submit("ask-for-summary");
    expect(document.activeElement).toBe(page.find("birth-date"));
    await page.type("birth-date", "12-03-1951");
    await page.submit("ask-for-summary");
    expect(document.activeElement).toBe(page.find("agreement-patient"));
    expect(page.calls.filter((call) => call.name === "look_up")).toEqual([]);
  });

  it("asks no question about the measure while it is stopped, and sends none", async () => {
    page = await openPage({ boot: { measure: STOPPED }, answer: shows(view(fullSummary())) });
    await lookUp(page);
    const asked = page.calls.find((call) => call.name === "look_up")?.argument;
    expect(asked).toMatchObject({ bsn: "999900006", birth_date: "12-03-1951", treats_and_needs: true, agreement: null, suspicion: null });
  });

  it("asks who agrees, and nothing about corona, by house rule", async () => {
    page = await openPage({ boot: { measure: STOPPED, ask_agreement_always: true } });
    await signIn(page);
    expect(page.has("agreement-patient")).toBe(true);
    expect(page.has("suspicion-yes")).toBe(false);
  });

  it("gives back what Esc cleared", async () => {
    page = await openPage();
    await signIn(page);
    await page.type("bsn", "99990");
    await page.press("Escape");
    expect((page.find("bsn") as HTMLInputElement).value).toBe("");
    const restore = [...page.root.querySelectorAll("button")].find((button) => button.textContent === "Herstel");
    restore?.click();
    await page.press("Shift");
    expect((page.find("bsn") as HTMLInputElement).value).toBe("99990");
  });

  it("logs an objection only after saying in words what will be logged", async () => {
    page = await openPage();
    await signIn(page);
    await page.type("bsn", "999900006");
    await page.click("object");
    expect(page.calls.filter((call) => call.name === "object")).toEqual([]);
    await page.click("object-confirm");
    expect(page.find("objected").textContent).toBe("Bezwaar vastgelegd om 02:17, er is niets opgevraagd.");
  });

  it("closes unseen what arrives after a lock", async () => {
    const late: { resolve: (result: LookUpResult) => void } = { resolve: () => undefined };
    page = await openPage({ answer: () => new Promise((resolve) => (late.resolve = resolve)) });
    await lookUp(page);
    expect(page.screen()).toBe("waiting");
    await page.press("l", { ctrlKey: true });
    late.resolve({ outcome: "shown", view: view(fullSummary(), { view_id: "late" }) });
    await page.press("Shift");
    expect(page.screen()).toBe("locked");
    expect(page.calls).toContainEqual({ name: "close_view", argument: "late" });
    expect(page.root.textContent).not.toContain("Rughernia");
  });
});

describe("a summary", () => {
  it("keeps the ask prompt standing after an answer, and heavier when nobody could be asked", async () => {
    page = await openPage({ answer: shows(view(coronaSummary())) });
    await lookUp(page);
    await page.click("ask-unable");
    expect(page.find("ask-prompt").textContent).toContain("Kijk naar SOS-sieraad en medicijnlijst");
    await page.click("ask-asked");
    expect(page.find("ask-answered").textContent).toBe("Gevraagd om 02:14 door M. van Dijk · in Inzage nog steeds onbekend");
    expect(page.find("banner-allergies").textContent).toContain("NIET MEEGESTUURD — VRAAG");
  });

  it("says that it was painted, once", async () => {
    page = await openPage({ answer: shows(view(fullSummary(), { view_id: "v1" })) });
    await lookUp(page);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(page.calls.filter((call) => call.name === "painted")).toEqual([{ name: "painted", argument: "v1" }]);
  });

  it("leaves no word of the patient in the document when the app closes it", async () => {
    page = await openPage({ answer: shows(view(coronaSummary(), { view_id: "v2" })) });
    await lookUp(page);
    expect(page.screen()).toBe("summary");
    await page.tell({ notice: "view_closed", view_id: "v2", cause: "measure_stopped" });
    expect(page.screen()).toBe("closed");
    expect(page.find("closed-by-app").textContent).toContain("De coronamaatregel is gestopt.");
    expect(document.documentElement.outerHTML).not.toMatch(/Rughernia|BERG|9999 00 006|999900006|Apixaban/);
  });

  it("leaves no word of the patient in the document after a lock", async () => {
    page = await openPage({ answer: shows(view(fullSummary())) });
    await lookUp(page);
    await page.click("lock");
    expect(page.screen()).toBe("locked");
    expect(document.documentElement.outerHTML).not.toMatch(/Rughernia|BERG|9999 00 006|999900006|Penicillines/);
    expect(page.calls.at(-1)?.name).toBe("lock");
  });

  it("closes the view on the way to the next patient and keeps nothing of the form", async () => {
    page = await openPage({ answer: shows(view(fullSummary(), { view_id: "v3" })) });
    await lookUp(page);
    await page.press("k", { ctrlKey: true });
    expect(page.calls).toContainEqual({ name: "close_view", argument: "v3" });
    expect((page.find("bsn") as HTMLInputElement).value).toBe("");
  });

  it("says of every empty section why it is empty", async () => {
    const empty = { contacts: [], episodes: [], medication: [], measurements: [], attention_lines: [] };
    page = await openPage({ answer: shows(view(fullSummary({ ...empty, sources: [source({ delivery: { outcome: "failed", code: "exchange_timed_out" } })] }))) });
    await lookUp(page);
    for (const card of ["card-contacts", "card-episodes", "card-medication", "card-measurements", "card-attention"]) {
      expect(page.find(card).textContent).toContain("Huisartsenpraktijk De Linde is niet opgehaald");
    }
  });

  it("names a source that another region keeps back, and shows the others", async () => {
    const elsewhere = source({ key: "s2", name: "Bron 2", organisation: null, author: null, basis: null, provenance: null, delivery: { outcome: "refused_by_source", code: "AUTERR_SWV_FALSE", organisation_ura: "00002222" } });
    page = await openPage({ answer: shows(view(fullSummary({ sources: [source(), elsewhere], complete: false }))) });
    await lookUp(page);
    expect(page.find("consent-strip").textContent).toContain("Er zijn gegevens buiten uw regio bij een zorgaanbieder (URA 00002222); niet geleverd.");
    expect(page.find("card-contacts").textContent).toContain("Lasègue");
  });

  it("never hides allergies, limits or attention lines by a search", async () => {
    page = await openPage({ answer: shows(view(fullSummary())) });
    await lookUp(page);
    await page.press("f", { ctrlKey: true });
    await page.type("search", "kweek");
    await page.pause(200);
    expect(page.find("card-contacts").textContent).toContain("1 van 4");
    expect(page.find("card-allergies").textContent).toContain("Penicillines");
    expect(page.find("card-attention").textContent).toContain("onderschat");
    await page.press("Escape");
    expect(page.find("card-contacts").textContent).not.toContain("1 van 4");
  });

  it("draws a large record a window at a time, counts all of it, and goes on when asked", async () => {
    const contacts = Array.from({ length: 700 }, (_, at) => contact("2026-01-01", [line("S", `Klacht ${at}.`)]));
    page = await openPage({ answer: shows(view(fullSummary({ contacts }))) });
    await lookUp(page);
    const card = page.find("card-contacts");
    expect(card.textContent).toContain("700");
    for (let tries = 0; tries < 60 && card.querySelectorAll("article").length < 100; tries += 1) await page.pause(50);
    expect(card.querySelectorAll("article").length).toBe(100);
    expect(card.textContent).toContain("1 – 100 van 700");
    expect(card.textContent).not.toContain("Klacht 100.");
    [...card.querySelectorAll("button")].find((button) => button.textContent === "Toon de volgende 100")?.click();
    for (let tries = 0; tries < 60 && !card.textContent?.includes("Klacht 199."); tries += 1) await page.pause(50);
    expect(card.textContent).toContain("Klacht 199.");
    expect(card.textContent).toContain("101 – 200 van 700");
    expect(card.textContent).toContain("Toon de vorige 100");
  });

  it("where nothing was received says so, whom was asked about, and that it means nothing", async () => {
    const none = part("not_asserted");
    const summary = fullSummary({
      patient: null, sources: [source({ basis: null, provenance: null, delivery: { outcome: "nothing_found" } })], allergies: none, contraindications: none,
      treatment_limits: none, attention_lines: [], episodes: [], contacts: [], medication: [], measurements: [], unrecognised: [], findings: [],
    });
    page = await openPage({ answer: shows(view(summary, { banner: null, nothing_received: true })) });
    await lookUp(page);
    expect(page.find("nothing-received").textContent).toContain("Dat zegt niets over de voorgeschiedenis.");
    expect(page.find("banner").textContent).toContain("9999 00 006");
    expect(page.find("banner-allergies").textContent).toContain("onbekend — vraag");
  });

  it("speaks English when asked to", async () => {
    page = await openPage({ boot: { language: "en" }, answer: shows(view(coronaSummary())) });
    await lookUp(page);
    expect(document.documentElement.lang).toBe("en");
    expect(page.find("ask-prompt").textContent).toContain("Ask the patient about allergies");
  });
});

describe("waiting", () => {
  it("stops for one source, says so, and goes on waiting for the others", async () => {
    page = await openPage({ answer: () => new Promise(() => undefined) });
    await lookUp(page);
    const asked = page.calls.find((call) => call.name === "look_up")?.argument as { request_id: string };
    const sources = [{ key: "s1", name: "De Linde", state: "arrived" as const }, { key: "s2", name: "De Brug", state: "waiting" as const }];
    await page.tell({ notice: "progress", request_id: asked.request_id, sources });
    await page.pause(1_300);
    expect(page.has("cancel-s1")).toBe(false);
    await page.click("cancel-s2");
    expect(page.calls).toContainEqual({ name: "cancel_source", argument: [asked.request_id, "s2"] });
    expect((page.find("cancel-s2") as HTMLButtonElement).disabled).toBe(true);
    expect(page.screen()).toBe("waiting");
    await page.tell({ notice: "progress", request_id: asked.request_id, sources: [{ ...sources[0]!, state: "arrived" }, { ...sources[1]!, state: "cancelled" }] });
    expect(page.has("cancel-s2")).toBe(false);
  });
});

describe("the idle lock", () => {
  it("is announced and taken back", async () => {
    page = await openPage();
    await signIn(page);
    await page.tell({ notice: "idle_warning", seconds_left: 15 });
    expect(page.find("idle-warning").textContent).toContain("Vergrendelt over 15 s");
    await page.tell({ notice: "idle_cleared" });
    expect(page.has("idle-warning")).toBe(false);
  });
});
