import { useMemo } from "preact/hooks";

import type { Measurement } from "../backend/contract";
import { dateSpan, mainDate } from "../format/date";
import { Card } from "./card";
import { useSummary } from "./context";
import { isExpected } from "./expected";
import { MeasurementTable } from "./measurement-table";
import type { MeasurementGroup } from "./measurement-groups";
import { SectionNotes } from "./section-notes";

/** The latest value, its date and reference first; older ones below; a line from three points on. */
export function Measurements() {
  const { summary, words, found } = useSummary();
  return (
    <Card
      section="measurements" testid="card-measurements" title={words.sections.measurementsTitle} total={summary.measurements.length}
      shown={sizeOf(found.measurements)} hint={useSpan(summary.measurements)} kind="measurements" emptyName={words.sections.names.measurements}
    >
      <MeasurementTable groups={found.measurements} list="measurements" />
      <SectionNotes kind="measurements" />
    </Card>
  );
}

/** Laboratory and other results; a card only where a message has a part for them. */
export function Laboratory() {
  const { summary, words, found } = useSummary();
  const span = useSpan(summary.laboratory);
  if (!isExpected(summary, "laboratory")) return null;
  return (
    <Card
      section="laboratory" testid="card-laboratory" title={words.document.kinds.laboratory} total={summary.laboratory.length}
      shown={sizeOf(found.laboratory)} hint={span} kind="laboratory" emptyName={words.document.kindNames.laboratory}
    >
      <MeasurementTable groups={found.laboratory} list="laboratory" />
      <SectionNotes kind="laboratory" />
    </Card>
  );
}

function sizeOf(groups: readonly MeasurementGroup[]): number {
  return groups.reduce((sum, group) => sum + 1 + group.earlier.length, 0);
}

function useSpan(all: readonly Measurement[]): string | null {
  const { language } = useSummary();
  return useMemo(() => dateSpan(all.map((measurement) => mainDate(measurement.at)), language), [all, language]);
}
