import { describe, expect, it } from "vitest";

import { en } from "../src/words/en";
import { nl } from "../src/words/nl";

/** Paths of all words; a function counts as one. */
function paths(value: unknown, path = ""): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [path];
  return Object.entries(value).flatMap(([key, part]) => paths(part, `${path}/${key}`));
}

// These fall back on the name itself, which is English: the English lists may be shorter.
const OPEN = /^\/(fields|details|log\/facts|log\/values)\//;

describe("the dictionaries", () => {
  it("hold the same words in both languages", () => {
    const dutch = paths(nl).filter((path) => !OPEN.test(path));
    expect(paths(en).filter((path) => !OPEN.test(path)).sort()).toEqual(dutch.sort());
  });

  it("leave no reason, refusal, cause or state without words", () => {
    for (const words of [nl, en]) {
      const closed = [words.outcomes.reasons, words.outcomes.askRefusals, words.frame.closeCauses, words.frame.lockCauses, words.sections.findings, words.document.kinds, words.document.kindNames,
        words.document.medicationKinds, words.document.emptyReasons];
      for (const list of closed) {
        for (const said of Object.values(list)) {
          for (const text of typeof said === "string" ? [said] : Object.values(said)) expect(String(text).length).toBeGreaterThan(3);
        }
      }
    }
  });

  it("say what to do now for every refusal", () => {
    for (const words of [nl, en]) {
      for (const outcome of [...Object.values(words.outcomes.reasons), ...Object.values(words.outcomes.askRefusals)]) {
        expect(outcome.now.length).toBeGreaterThan(10);
      }
    }
  });

  it("never promise what is not true", () => {
    const said = JSON.stringify(nl, (_, value: unknown) => (typeof value === "function" ? String(value) : value));
    expect(said).not.toMatch(/huidige medicatie|geen allergieën geregistreerd|patiënt weigerde/i);
  });
});
