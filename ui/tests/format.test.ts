import { describe, expect, it } from "vitest";

import { bannerName } from "../src/format/name";
import { formatPhone } from "../src/format/phone";
import { formatQuantity, formatRangeOf } from "../src/format/quantity";
import { shortcutOf } from "../src/keys";
import { bareNumber, tidyBirthDate } from "../src/screens/look-up-form";
import { fits, plain, splitHits } from "../src/summary/search";

describe("a phone number", () => {
  it.each([
    ["tel:+31775550123", "077 555 01 23"],
    ["tel:0478550123", "0478 55 01 23"],
    ["tel:0612345678", "06 12 34 56 78"],
    ["+31 (0)20 555 01 23", "020 555 01 23"],
    ["tel:+4930123456", "+4930123456"],
    ["mailto:praktijk@example.nl", "mailto:praktijk@example.nl"],
  ])("%s reads as %s", (received, shown) => expect(formatPhone(received)).toBe(shown));
});

describe("a name", () => {
  it("stands with its surname in capitals", () => {
    expect(bannerName({ family: "van den Berg - Jansen", given: "Anna Maria" })).toBe("VAN DEN BERG - JANSEN, Anna Maria");
    expect(bannerName({ family: "’t Hart", given: "" })).toBe("’T HART");
  });
});

describe("a quantity", () => {
  it("keeps the number as written", () => {
    expect(formatQuantity({ value: "7.20", unit: "mmol/l", translations: [], null_flavor: null })).toBe("7.20 mmol/l");
    expect(formatQuantity({ value: "146", unit: "mm[Hg]", translations: [], null_flavor: null })).toBe("146 mmHg");
    expect(formatQuantity({ value: null, unit: "g", translations: [], null_flavor: "UNK" })).toBeNull();
  });

  it("has a reference range in words, open at one end where it is", () => {
    const low = { value: "60", unit: "ml/min", translations: [], null_flavor: null };
    expect(formatRangeOf({ low, high: null, text: null, interpretation: null }, "nl")).toBe("vanaf 60 ml/min");
    expect(formatRangeOf({ low, high: { ...low, value: "90" }, text: null, interpretation: null }, "nl")).toBe("60 – 90 ml/min");
  });
});

describe("what is typed", () => {
  it("is freed of what stands between the digits", () => {
    expect(bareNumber(" 9999 00-006\n")).toBe("999900006");
    expect(tidyBirthDate("12031951")).toBe("12-03-1951");
    expect(tidyBirthDate("19510312")).toBe("19510312");
  });
});

describe("a shortcut", () => {
  const press = (key: string, more = {}) => shortcutOf({ key, code: "", altKey: false, ctrlKey: false, metaKey: false, shiftKey: false, ...more });

  it("is never a bare letter or digit", () => {
    for (const key of "abcdefghijklmnopqrstuvwxyz0123456789/? ") expect(press(key)).toBeNull();
  });

  it("carries a modifier", () => {
    expect(press("k", { ctrlKey: true })).toEqual({ shortcut: "next_patient" });
    expect(press("¡", { altKey: true, code: "Digit1" })).toEqual({ shortcut: "section", number: 1 });
    expect(press("F1")).toEqual({ shortcut: "help" });
  });
});

describe("a search", () => {
  it("finds without regard to capitals and marks", () => {
    expect(fits(plain("Lasègue re pos"), "lasegue POS")).toBe(true);
    expect(fits(plain("Lasègue"), "keel")).toBe(false);
  });

  it("marks its hits and loses no letter", () => {
    const pieces = splitHits("Keelpijn, keel rood", "keel");
    expect(pieces.filter((_, at) => at % 2 === 1)).toEqual(["Keel", "keel"]);
    expect(pieces.join("")).toBe("Keelpijn, keel rood");
  });
});
