import { cpuUsage } from "node:process";

import { describe, expect, it } from "vitest";

import { wordsOf } from "../src/words/words";
import { allOf, countOf, search, textsOf, type Found } from "../src/summary/found";
import { indexOf } from "../src/summary/line-index";
import { inSlices, SLICE_MS } from "../src/summary/slices";
import { contact, detail, entry, episode, fullSummary, line, measured, medication, view } from "./fixtures";
import { lookUp, openPage } from "./page";

const words = wordsOf("nl");

/** 50,000 entries over all lists. */
const summary = fullSummary({
  contacts: Array.from({ length: 20_000 }, (_, at) => contact("2026-01-01", [line("S", `Klacht ${at} over de keel`), line("P", "afwachten")])),
  measurements: Array.from({ length: 10_000 }, (_, at) => measured(`Bepaling ${at % 1_000}`, String(at), "mmol/l", "2026-01-01")),
  medication: Array.from({ length: 5_000 }, (_, at) => medication(`Middel ${at}`, "1× per dag", "2020-01-01")),
  episodes: Array.from({ length: 5_000 }, (_, at) => episode(`Episode ${at}`, "A01", "2019")),
  others: Array.from({ length: 10_000 }, (_, at) => entry("procedures", `Verrichting ${at}`, { details: [detail("performer", "Maasdal")] })),
});

/** Texts folded between two looks at the clock. */
const TEXTS_PER_STEP_MAX = 32;
/**
 * The share of steps whose own work must fit into a slice: time of the processor, because what else
 * the machine does meanwhile is no work of the page. Not all of them: memory is cleared now and then.
 */
const SHARE_IN_TIME = 0.99;
/** Far below what a web view lays out within a frame. */
const ELEMENTS_MAX = 10_000;

describe("a record of 50,000 entries", () => {
  it("is searched in steps of which none holds the page for long", () => {
    const all = allOf(summary);
    expect(countOf(all)).toBeGreaterThan(40_000);
    const kept = new Map<object, string>();
    const durations: number[] = [];
    let most = 0;
    let found: Found | null = null;
    const work = search(all, textsOf(indexOf(summary), "nl", words), kept, "klacht 1234");
    while (found === null) {
      const [start, before] = [cpuUsage(), kept.size];
      const step = work.next();
      const spent = cpuUsage(start);
      durations.push((spent.user + spent.system) / 1_000);
      most = Math.max(most, kept.size - before);
      if (step.done) found = step.value;
    }
    expect(durations.length).toBeGreaterThan(1_000);
    expect(most).toBeLessThanOrEqual(TEXTS_PER_STEP_MAX);
    expect(durations.filter((ms) => ms < SLICE_MS).length / durations.length).toBeGreaterThan(SHARE_IN_TIME);
    expect(found.contacts.length).toBe(12);
    expect(countOf(found)).toBe(12);
  });

  it("gives the page back after every slice, and can be stopped", async () => {
    let clock = 0;
    let steps = 0;
    function* work(): Generator<void, string> {
      for (; steps < 1_000; steps += 1) {
        clock += 1;
        yield;
      }
      return "done";
    }
    let result = "";
    const stop = inSlices(work(), (value) => (result = value), () => clock);
    expect(steps).toBeLessThanOrEqual(SLICE_MS);
    await new Promise((resolve) => setTimeout(resolve, 5));
    stop();
    const stopped = steps;
    expect(stopped).toBeGreaterThan(SLICE_MS);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(steps).toBe(stopped);
    expect(result).toBe("");
  });

  it("stands on the page with every count, and with no more elements than can be laid out within a frame", async () => {
    const page = await openPage({ answer: () => Promise.resolve({ outcome: "shown", view: view(summary) }) });
    await lookUp(page);
    expect(page.screen()).toBe("summary");
    for (let tries = 0; tries < 40; tries += 1) await page.pause(50);
    expect(page.find("card-contacts").textContent).toContain("20000");
    expect(page.find("card-contacts").textContent).toContain("1 – 100 van 20000");
    expect(page.find("card-measurements").textContent).toContain("1 – 60 van 1000");
    expect(page.find("card-procedures").textContent).toContain("1 – 100 van 10000");
    expect(page.root.querySelectorAll("*").length).toBeLessThan(ELEMENTS_MAX);
    page.close();
  }, 60_000);
});
