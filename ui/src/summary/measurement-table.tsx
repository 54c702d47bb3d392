import { useEffect, useMemo, useState } from "preact/hooks";

import type { Measurement } from "../backend/contract";
import { codedText, filled } from "../format/coded";
import { formatPeriod } from "../format/date";
import { Disclosure } from "../parts/disclosure";
import { aboutEntry, detailsLine } from "./beside";
import { useSummary, type SummaryUi } from "./context";
import { trendOf, type MeasurementGroup } from "./measurement-groups";
import { TrendLine } from "./trend-line";
import { Value } from "./value";
import { ROWS_MAX, useWindow, WindowAfter, WindowBefore } from "./window";

/** One row per quantity: its latest value, with the older ones behind an opener. */
export function MeasurementTable({ groups, list }: { groups: readonly MeasurementGroup[]; list: "measurements" | "laboratory" }) {
  const { words } = useSummary();
  const { sections } = words;
  const window = useWindow(groups, ROWS_MAX, holds);
  if (groups.length === 0) return null;
  return (
    <>
      <WindowBefore window={window} section={list} />
      <table class="meas">
        <thead class="spoken">
          <tr>
            <th scope="col">{sections.measurement}</th><th scope="col">{sections.value}</th>
            <th scope="col">{sections.trend}</th><th scope="col">{sections.date}</th>
          </tr>
        </thead>
        <tbody data-list={list} data-total={window.rest}>
          {window.drawn.map((group) => <GroupRow key={group.key} group={group} />)}
        </tbody>
      </table>
      <WindowAfter window={window} section={list} />
    </>
  );
}

function holds(group: MeasurementGroup, key: string): boolean {
  return group.latest.key === key || group.earlier.some((measurement) => measurement.key === key);
}

/** Older values drawn at once; the rest a step at a time, because one quantity may have thousands. */
const OLDER_STEP = 100;

function GroupRow({ group }: { group: MeasurementGroup }) {
  const ui = useSummary();
  const { words, language, mark, wanted } = ui;
  const [older, setOlder] = useState(0);
  const { sections } = words;
  const { latest, earlier } = group;
  const name = group.name ?? sections.unnamedMeasurement;
  const trend = useMemo(() => trendOf(group), [group]);
  // A link may lead to an older value: then they stand open as far as that one.
  useEffect(() => {
    const at = wanted ? earlier.findIndex((measurement) => measurement.key === wanted.key) : -1;
    if (at >= 0) setOlder((shown) => Math.max(shown, at + OLDER_STEP));
  }, [wanted]);
  return (
    <>
      <tr id={`entry-${latest.key}`} tabIndex={-1} class={latest.withdrawn ? "withdrawn" : ""}>
        <th scope="row">
          {mark(name)}
          {filled(latest.text) && latest.text !== name && <span class="quote"> “{mark(latest.text)}”</span>}
          {besideName(latest, ui)}
          {earlier.length > 0 && (
            <button type="button" class="opener block" aria-expanded={older > 0} onClick={() => setOlder(older > 0 ? 0 : OLDER_STEP)}>
              <span class="chevron" aria-hidden="true" />
              {sections.earlier(earlier.length)}
            </button>
          )}
        </th>
        <td colSpan={trend ? 1 : 2}><Value measurement={latest} />{besideValue(latest, ui)}</td>
        {trend && <td class="trend-cell"><TrendLine name={name} trend={trend} /></td>}
        <td><time>{formatPeriod(latest.at, language)}</time></td>
      </tr>
      {earlier.slice(0, older).map((measurement) => (
        <tr key={measurement.key} id={`entry-${measurement.key}`} tabIndex={-1} class={measurement.withdrawn ? "older withdrawn" : "older"}>
          <td>{filled(measurement.text) && <span class="quote">“{mark(measurement.text)}”</span>}{besideName(measurement, ui)}</td>
          <td colSpan={2}><Value measurement={measurement} />{besideValue(measurement, ui)}</td>
          <td><time>{formatPeriod(measurement.at, language)}</time></td>
        </tr>
      ))}
      {older > 0 && older < earlier.length && (
        <tr class="older"><td colSpan={4}>
          <button type="button" class="small" onClick={() => setOlder(older + OLDER_STEP)}>{words.document.windowMore(Math.min(OLDER_STEP, earlier.length - older))}</button>
        </td></tr>
      )}
    </>
  );
}

/** What there is to say of one result besides its value. */
function besideName(measurement: Measurement, ui: SummaryUi) {
  const { index, words } = ui;
  const panels = index.panels.get(measurement.key) ?? [];
  const method = codedText(measurement.method);
  return (
    <>
      {panels.length > 0 && <span class="from">{words.document.panelOf(panels.map((panel) => codedText(panel.what) ?? words.sections.unnamedMeasurement).join(", "))}</span>}
      {method && <span class="from">{words.fields["method"] ?? "method"}: {method}</span>}
      {aboutEntry(measurement.key, measurement.source, measurement.references, ui)}
    </>
  );
}

function besideValue(measurement: Measurement, ui: SummaryUi) {
  return <>{detailsLine(measurement.details, ui)}{members(measurement, ui)}</>;
}

/** The results of a panel: each has its own row as well, where its history is. */
function members(panel: Measurement, { index, words, goToEntry, language }: SummaryUi) {
  const here = panel.members.flatMap(({ target }) => {
    const place = target === null ? undefined : index.places.get(target);
    return place && (place.list === "laboratory" || place.list === "measurements") ? [place.item] : [];
  });
  const missing = panel.members.length - here.length;
  return (
    <>
      {here.length > 0 && (
        <Disclosure label={words.document.panel(here.length)}>
          {() => (
            <ul class="line-list">
              {here.map((one) => (
                <li key={one.key}>
                  <button type="button" class="link" onClick={() => goToEntry(one.key)}>{codedText(one.what) ?? words.sections.unnamedMeasurement}</button>{" "}
                  <Value measurement={one} /> <time>{formatPeriod(one.at, language)}</time>
                </li>
              ))}
            </ul>
          )}
        </Disclosure>
      )}
      {missing > 0 && <span class="from">{words.document.membersMissing(missing)}</span>}
    </>
  );
}
