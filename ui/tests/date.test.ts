import { describe, expect, it } from "vitest";

import type { PartialDate } from "../src/backend/contract";
import { formatDate, formatMoment, formatPeriod, formatStamp, dateSpan } from "../src/format/date";
import { date, moment, NO_PERIOD, period } from "./fixtures";

const unreadable: PartialDate = { raw: "2017-13-41", precision: "unreadable", year: null, month: null, day: null, hour: null, minute: null, second: null };

describe("a date", () => {
  it("stays at its own precision", () => {
    expect(formatDate(date("2019"), "nl")).toBe("2019");
    expect(formatDate(date("2017-05"), "nl")).toBe("mei 2017");
    expect(formatDate(date("2017-06-18"), "nl")).toBe("18 jun 2017");
    expect(formatDate(date("1951-03-12"), "nl", "long")).toBe("12 maart 1951");
    expect(formatDate(date("1951-03-12"), "en", "long")).toBe("12 March 1951");
  });

  it("shows the time of day only where it was given", () => {
    expect(formatDate({ ...date("2017-06-18"), precision: "minute", hour: 9, minute: 5 }, "nl")).toBe("18 jun 2017 09:05");
  });

  it("that cannot be read is shown as it came, and says so", () => {
    expect(formatDate(unreadable, "nl")).toBe("2017-13-41 (zoals ontvangen)");
    expect(formatDate(unreadable, "en")).toBe("2017-13-41 (as received)");
  });
});

describe("a period", () => {
  it("without an end never says until now, current or since", () => {
    expect(formatPeriod(period("2014-03-03"), "nl")).toBe("vanaf 3 mrt 2014");
    expect(formatPeriod(period("2014"), "en")).toBe("from 2014");
  });

  it("shares the month and the year that both ends have", () => {
    expect(formatPeriod(period("2026-10-09", "2026-10-23"), "nl")).toBe("9 t/m 23 okt 2026");
    expect(formatPeriod(period("2026-08-03", "2026-11-20"), "nl")).toBe("3 aug t/m 20 nov 2026");
    expect(formatPeriod(period("2009", "2011"), "nl")).toBe("2009 t/m 2011");
    expect(formatPeriod(period("2026-10-09", "2026-10-09"), "nl")).toBe("9 okt 2026");
  });

  it("within one day names the day once", () => {
    const at = (hour: number, minute: number): PartialDate => ({ ...date("2026-11-20"), precision: "minute", hour, minute });
    expect(formatPeriod({ ...NO_PERIOD, low: at(9, 10), high: at(9, 25) }, "nl")).toBe("20 nov 2026 09:10 – 09:25");
  });

  it("of which nothing was given says so", () => {
    expect(formatPeriod(NO_PERIOD, "nl")).toBe("datum niet vermeld");
    expect(formatPeriod(moment("2019"), "nl")).toBe("2019");
  });
});

describe("a span", () => {
  it("names the oldest and newest date that are present, whatever their order", () => {
    expect(dateSpan([date("2026-08-03"), null, date("2026-11-20"), unreadable], "nl")).toBe("3 aug t/m 20 nov 2026");
    expect(dateSpan([unreadable, null], "nl")).toBeNull();
  });
});

describe("a timestamp of ours", () => {
  it("says today only on the same local day", () => {
    expect(formatMoment("2026-11-22T02:14:07", new Date(2026, 10, 22, 3), "nl")).toBe("vandaag 02:14");
    expect(formatMoment("2026-11-22T02:14:07", new Date(2026, 10, 23, 3), "nl")).toBe("22 nov 2026 02:14");
  });

  it("stands in the log with its seconds", () => {
    expect(formatStamp("2026-11-22T02:14:07", "nl")).toBe("22 nov 2026 02:14:07");
  });
});
