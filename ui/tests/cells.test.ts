import { describe, expect, it } from "vitest";

import type { Language, State } from "../src/backend/contract";
import { allergyCell, limitCell } from "../src/summary/cells";
import { wordsOf } from "../src/words/words";
import { attention, coronaSummary, doctor, fullSummary, moment, part, statement } from "./fixtures";

const STATES: Record<State, true> = {
  withheld_by_rule: true, awaited: true, unreachable: true, incomplete: true, contradictory: true, unreadable: true, known: true,
  not_asserted: true, none_known: true,
};
const states = Object.keys(STATES) as State[];
const NONE: Record<Language, RegExp> = { nl: /geen bekende|geen allergie|geen behandelgrens/i, en: /no known|no allerg/i };
const nl = wordsOf("nl");

describe("an allergy in a building block", () => {
  it("is named by what the patient reacts to, and not by the kind of reaction", () => {
    const agent = { name: "agent", coded: { ...statement("entry", "Amoxicilline").value! }, text: null, quantity: null, period: null, details: [] };
    const entry = { ...statement("entry", "Propensity to adverse reaction to drug"), details: [agent] };
    const summary = fullSummary({ allergies: part("known", [entry]) });
    expect(allergyCell(summary, nl, "nl").text).toContain("Amoxicilline");
    expect(allergyCell(summary, nl, "nl").text).not.toContain("Propensity");
  });
});

describe("a treatment limit", () => {
  it("is named by its author's words, not by the kind of thing it is", () => {
    const coded = { ...statement("entry", "behandelgrens").value!, original_text: "Niet reanimeren" };
    const entry = { ...statement("entry", "behandelgrens"), text: null, value: coded };
    expect(limitCell(fullSummary({ treatment_limits: part("known", [entry]) }), nl, "nl").text).toContain("Niet reanimeren");
  });
});

describe.each(["nl", "en"] as const)("the banner in %s", (language) => {
  const words = wordsOf(language);

  it.each(states)("has words for %s, with and without names", (state) => {
    for (const entries of [[], [statement("entry", "Penicillines")]]) {
      const summary = fullSummary({ allergies: part(state, entries), treatment_limits: part(state, entries), attention_lines: [] });
      expect(allergyCell(summary, words, language).text).not.toBe("");
      expect(limitCell(summary, words, language).text).not.toBe("");
    }
  });

  it.each(states.filter((state) => state !== "none_known"))("never reads as none for %s", (state) => {
    const sayings = [words.clinical.allergyState, words.clinical.contraState, words.clinical.limitState, words.clinical.allergyCell, words.clinical.allergyBeside, words.clinical.limitCell, words.clinical.sourceState];
    for (const saying of sayings) expect(saying[state]).not.toMatch(NONE[language]);
    for (const entries of [[], [statement("entry", "Penicillines")], [statement("scoped", "geen voedselallergie")], [statement("negated", "Latex")]]) {
      const summary = fullSummary({ allergies: part(state, entries), treatment_limits: part(state, entries) });
      expect(allergyCell(summary, words, language).text).not.toMatch(NONE[language]);
      expect(limitCell(summary, words, language).text).not.toMatch(NONE[language]);
    }
  });

  it("reads a missing state as unknown, never as none", () => {
    const summary = fullSummary({ allergies: part(null) });
    expect(allergyCell(summary, words, language).text).toBe(words.clinical.allergyCell.not_asserted);
  });
});

describe.each(["nl", "en"] as const)("the absences of documents and parts in %s", (language) => {
  const words = wordsOf(language);
  const { document: said, sections } = words;

  it("never read as a none", () => {
    const source = "De Linde";
    const texts = Object.values(said.kindNames).flatMap((what) => [
      sections.emptyDelivered(what, source), sections.emptyNothing(what, source), sections.emptyPartial(what, source), sections.emptyFailed(what, source),
      sections.emptyRefused(what, source), sections.emptyAwaited(what, source), said.notInMessages(what),
    ]);
    const { delivery } = said;
    const answers = [
      delivery.nothing(source), delivery.failed(source, "X"), delivery.refused(source, "X"), delivery.unknown(source, "X"), delivery.awaited(source),
      delivery.cancelled(source), delivery.elsewhere(source), delivery.partial(source, "x"), said.missingEntries(2), said.notHere(2), said.membersMissing(2),
      ...Object.values(said.emptyReasons).map(said.emptySays),
    ];
    for (const text of answers) expect(text).not.toMatch(/\b(geen bekend|no known|none)/i);
    for (const text of texts) expect(text).not.toMatch(/\b(geen bekende|no known)\b/i);
    expect(delivery.nothing(source)).toMatch(/zegt niets|says nothing/);
    expect(sections.emptyDelivered("x", source)).toMatch(/zegt niet dat|does not say/);
    for (const reason of Object.values(said.emptyReasons)) expect(said.emptySays(reason)).toMatch(/zegt niets|says nothing/);
  });

  it("quote a source's “none known” with who and when, and never say it themselves", () => {
    const text = said.nilKnown("x", "J. Peeters", "2026");
    expect(text).toMatch(/“(geen bekend|none known)”.*J\. Peeters.*2026/);
  });
});

describe("the allergies cell", () => {
  it("names what is known, never shortened", () => {
    expect(allergyCell(fullSummary(), nl, "nl")).toEqual({ label: "Allergie", text: "Penicillines, NSAID’s", weight: "known" });
  });

  it("names author and date of none known", () => {
    const stated = statement("none_known", null, { author: doctor("J.", "Peeters", "2026-03-01") });
    expect(allergyCell(fullSummary({ allergies: part("none_known", [stated]) }), nl, "nl").text).toBe("Geen bekende allergie (J. Peeters, huisarts, 1 mrt 2026)");
  });

  it("is a mandatory action when withheld, also beside a name from another source", () => {
    expect(allergyCell(coronaSummary(), nl, "nl")).toEqual({ label: "Allergieën", text: "NIET MEEGESTUURD — VRAAG", weight: "must" });
    const two = coronaSummary({ allergies: part("withheld_by_rule", [statement("entry", "Penicillines", { source: "s2" })]) });
    expect(allergyCell(two, nl, "nl").text).toBe("Penicillines — ELDERS NIET MEEGESTUURD — VRAAG");
  });

  it("does not claim under a basis that is not established that nothing was sent", () => {
    const summary = coronaSummary({ ask: { causes: ["not_established"], sources: ["s1"] } });
    expect(allergyCell(summary, nl, "nl").text).toBe("NIET GETOOND — VRAAG");
  });

  it("says that an incomplete list is incomplete beside the names in it", () => {
    const summary = fullSummary({ allergies: part("incomplete", [statement("entry", "Penicillines")]) });
    expect(allergyCell(summary, nl, "nl").text).toBe("Penicillines — lijst onvolledig");
  });

  it("counts what it does not name", () => {
    const many = ["A", "B", "C", "D", "E", "F"].map((letter) => statement("entry", letter));
    expect(allergyCell(fullSummary({ allergies: part("known", many) }), nl, "nl").text).toBe("A, B, C, D en nog 2 — zie lijst");
  });
});

describe("the treatment limit cell", () => {
  it("shows the text with its date", () => {
    expect(limitCell(fullSummary(), nl, "nl")).toEqual({ label: "Behandelgrens · 14 okt 2026", text: "Niet reanimeren", weight: "known" });
  });

  it("points at the attention lines where there are any", () => {
    const asked = { treatment_limits: part("not_asserted") };
    expect(limitCell(fullSummary({ ...asked, attention_lines: [attention("x", "2017")] }), nl, "nl").text).toBe("niet apart ontvangen — zie attentieregels, vraag");
    expect(limitCell(fullSummary({ ...asked, attention_lines: [] }), nl, "nl").text).toBe("niet vermeld — vraag");
  });

  it("never borrows the mark of the ask prompt", () => {
    const withheld = statement("entry", "x", { period: moment("2020") });
    expect(limitCell(fullSummary({ treatment_limits: part("withheld_by_rule", [withheld]) }), nl, "nl").weight).toBe("unknown");
  });
});
