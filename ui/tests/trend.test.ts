import { describe, expect, it } from "vitest";

import { groupMeasurements, trendOf } from "../src/summary/measurement-groups";
import { measured } from "./fixtures";

describe("measurements", () => {
  it("of one quantity in two units are two groups, whatever their order", () => {
    const groups = groupMeasurements([
      measured("HbA1c", "55", "mmol/mol", "2026-01-01"),
      measured("HbA1c", "7.2", "%", "2025-01-01"),
      measured("HbA1c", "60", "mmol/mol", "2024-01-01"),
      measured("HbA1c", "7.9", "%", "2023-01-01"),
    ]);
    expect(groups.map((group) => 1 + group.earlier.length)).toEqual([2, 2]);
    for (const group of groups) {
      const units = [group.latest, ...group.earlier].map(({ value }) => (value.type === "quantity" ? value.unit : null));
      expect(new Set(units).size).toBe(1);
    }
  });

  it("draw no line from fewer than three dated numbers in one unit", () => {
    const mixed = [measured("x", "1", "a", "2026-01"), measured("x", "2", "a", "2025-01"), measured("x", "3", "b", "2024-01"), measured("x", null, null, "2023-01")];
    expect(groupMeasurements(mixed).map(trendOf)).toEqual([null, null, null]);
  });

  it("put the newest first and the line from old to new", () => {
    const [group] = groupMeasurements([measured("x", "1", "a", "2024"), measured("x", "3", "a", "2026"), measured("x", "2,5", "a", "2025")]);
    expect(group?.latest.at.at?.year).toBe(2026);
    const trend = group ? trendOf(group) : null;
    expect(trend?.points.map((point) => point.value)).toEqual([1, 2.5, 3]);
    expect([trend?.low.value, trend?.high.value]).toEqual([1, 3]);
  });

  it("without a code or a name stand alone", () => {
    const nameless = () => measured("", "1", "a", "2026", { what: { ...measured("", "1", "a", "2026").what, code: null, display: null } });
    expect(groupMeasurements([nameless(), nameless(), nameless()])).toHaveLength(3);
  });

  it("leave out of the line what is no plain number", () => {
    const all = ["> 90", "80", "70", "60"].map((value, at) => measured("eGFR", value, "ml/min", `202${at}`));
    const [group] = groupMeasurements(all);
    expect(group ? trendOf(group)?.points.length : 0).toBe(3);
  });
});
