import { act } from "preact/test-utils";
import { afterEach, describe, expect, it } from "vitest";

import type {
  Address, Author, Block, Coded, Detail, Entry, HumanName, Identifier, MeasuredValue, Measurement, Narrative, NarrativeWeight, Organisation, Part, PartialDate, Patient, Period, Quantity, ReferenceRange, Section, SectionKind, SourceSummary, Statement, Summary,
} from "../src/backend/contract";
import { lookUp, openPage, type Page } from "./page";
import { view } from "./fixtures";

let page: Page;
afterEach(() => page.close());

// Every text that a message could fill gets a marker of its own.
const markers: string[] = [];
function m(): string {
  const marker = `¤${markers.length}¤`;
  markers.push(marker);
  return marker;
}

const id = (): Identifier => ({ root: m(), extension: m() });
const day = (): PartialDate => ({ raw: m(), precision: "second", year: 2020, month: 2, day: 3, hour: 4, minute: 5, second: 6 });
const period = (): Period => ({ at: day(), low: day(), high: day(), null_flavor: m() });
const coded = (deep = true): Coded => ({
  code: m(), system: m(), system_name: m(), system_version: m(), display: m(), original_text: m(), null_flavor: m(), translations: deep ? [coded(false)] : [],
});
const address = (): Address => ({
  usage: m(), street: m(), house_number: m(), additional: [m(), m()], postal_code: m(), city: m(), country: m(), text: m(),
});
const telecom = () => ({ value: m(), usage: m() });
const name = (): HumanName => ({ parts: [{ kind: "text", text: m() }], family: m(), given: m(), usage: m() });
const organisation = (): Organisation => ({ ids: [id()], name: m(), telecoms: [telecom()], addresses: [address()], kind: coded() });
const author = (): Author => ({
  ids: [id()], role: coded(), name: name(), organisation: organisation(), telecoms: [telecom()], time: day(), conducted: true,
});
const quantity = (): Quantity => ({ value: m(), unit: m(), translations: [{ value: m(), unit: coded() }], null_flavor: m() });
const range = (): ReferenceRange => ({ low: quantity(), high: quantity(), text: m(), interpretation: coded() });
const reference = (target: string | null) => ({ ids: [id()], target });

const detail = (deep = true): Detail => ({
  name: m(), coded: coded(), text: m(), quantity: quantity(), period: period(), details: deep ? [detail(false)] : [],
});

let keys = 0;
const key = () => `k${++keys}`;

const text = (strong = false): Block => ({ block: "text", text: m(), strong });
const narrative = (weight: NarrativeWeight): Narrative => ({
  status: m(), weight,
  blocks: [
    text(true),
    { block: "paragraph", content: [text()] },
    { block: "heading", content: [text()] },
    { block: "list", ordered: true, items: [[text(), { block: "list", ordered: false, items: [[text()]] }]] },
    { block: "table", caption: m(), rows: [{ cells: [{ header: true, columns: 2, rows: 1, content: [text()] }] }, { cells: [{ header: false, columns: 1, rows: 1, content: [text()] }] }] },
  ],
});
const section = (kind: SectionKind, weight: NarrativeWeight): Section => ({
  key: key(), source: "s1", kind, title: m(), code: coded(), parent: null, empty: coded(), narrative: narrative(weight),
  entries: [reference("rx"), reference(null)], author: author(), details: [detail()],
});
const entryOf = (kind: SectionKind, value: MeasuredValue | null, details = 1): Entry => ({
  key: key(), source: "s1", kind, element: m(), ids: [id()], what: coded(), text: m(), value, status: m(), withdrawn: true, negated: true,
  period: period(), author: author(), details: Array.from({ length: details }, () => detail()), references: [reference("rx"), reference(null)],
});
const measurement = (value: MeasuredValue): Measurement => ({
  key: key(), source: "s1", ids: [id()], what: coded(), value, at: period(), status: m(), interpretations: [coded()],
  reference_ranges: [range()], null_flavor: m(), text: m(), method: coded(), author: author(), references: [reference(null)], withdrawn: false,
  components: [{ what: coded(), value: { type: "quantity", ...quantity() }, interpretations: [coded()], reference_ranges: [range()], details: [detail()] }],
  members: [reference(null)], details: [detail()],
});
const KINDS: Record<SectionKind, true> = {
  allergies: true, contraindications: true, treatment_limits: true, attention_lines: true, alerts: true, episodes: true, past_problems: true,
  contacts: true, medication: true, measurements: true, laboratory: true, procedures: true, immunisations: true, devices: true,
  social_history: true, pregnancy: true, functional_status: true, care_plan: true, patient_story: true, family_history: true, other: true,
};
const kinds = Object.keys(KINDS) as SectionKind[];
const WEIGHTS: NarrativeWeight[] = ["instead", "more", "same"];

const statement = (): Statement => ({
  key: key(), source: "s1", ids: [id()], kind: "entry", text: m(), code: coded(), value: coded(), status: m(), period: period(), author: author(),
  negated: true, details: [detail()], references: [reference(null)],
});
const partOf = (): Part => ({ state: "known", per_source: [{ source: "s1", state: "known", withheld: null }], entries: [statement()] });
const values = (): MeasuredValue[] => [
  { type: "quantity", ...quantity() }, { type: "text", text: m() }, { type: "coded", ...coded() }, { type: "range", ...range() },
  { type: "boolean", value: m() }, { type: "time", ...period() }, { type: "none", null_flavor: m() },
];

const patient = (): Patient => ({
  bsn: "999900006", name: name(), gender: coded(), birth_date: day(), deceased: { stated: false, at: day() }, birth_place: address(),
  addresses: [address()], telecoms: [telecom()], status: m(), general_practitioner: author(),
});

function source(): SourceSummary {
  return {
    key: "s1", name: m(), organisation: organisation(), author: author(), basis: "explicit", provenance: "no_marker_while_proven",
    decision: { outcome: "permit", ica: "included" }, delivery: { outcome: "delivered" }, retrieved_at: "2026-11-22T02:14:07",
    transmission: [{ name: m(), value: m() }], patient: patient(), marker_in: "fhir_security",
    parts: [{ interaction: m(), sections: ["laboratory"], delivery: { outcome: "refused_by_source", code: m(), organisation_ura: m() } }],
  };
}

function summary(): Summary {
  return {
    patient: patient(),
    sources: [
      source(),
      { ...source(), key: "s2", decision: { outcome: "refuse", reason: "no_suspicion" } },
      { ...source(), key: "s3", delivery: { outcome: "refused_by_source", code: m(), organisation_ura: m() } },
      { ...source(), key: "s4", delivery: { outcome: "failed", code: m() } },
    ],
    complete: false, allergies: partOf(), contraindications: partOf(), treatment_limits: partOf(), ask: null,
    attention_lines: [{ key: key(), source: "s1", ids: [id()], code: coded(), text: m(), period: period(), status: m(), author: author() }],
    episodes: Array.from({ length: 5 }, () => ({
      key: key(), source: "s1", ids: [id()], title: m(), problem: coded(), problem_text: m(), problem_ids: [id()], status: m(), closed: true,
      period: period(), care_periods: [period()], flagged: true,
      flags: [{ ids: [id()], code: coded(), status: m(), target_code: coded(), period: period(), text: m() }],
      lines: [reference("line"), reference(null)], author: author(), withdrawn: true, details: [detail()], references: [reference(null)],
    })),
    contacts: [{
      key: key(), source: "s1", ids: [id()], kind: coded(), period: period(), status: m(), author: author(), text: m(),
      referred_only: true, withdrawn: true, details: [detail()], references: [reference(null)],
      partials: [{
        ids: [id()], author: author(), period: period(), references: [reference(null)], details: [detail()], number: m(), medication: ["rx"],
        lines: [{ key: "line", ids: [id()], kind: coded(), text: m(), null_flavor: m(), period: period(), episodes: [] }],
        diagnoses: [{ key: key(), ids: [id()], value: coded(), text: m(), period: period(), author: author(), episodes: [] }],
      }],
    }],
    medication: [{
      key: "rx", source: "s1", ids: [id()], product: coded(), product_texts: [m(), m()], status: m(), author: author(), contact: null, text: m(),
      uses: [{ ids: [id()], text: m(), status: m(), period: period(), repeats: [quantity()], doses: [quantity()], route: coded(), details: [detail()] }],
      kind: "statement", period: period(), withdrawn: true, details: [detail()], references: [reference(null)],
      dispenses: [{ ids: [id()], status: m(), quantity: quantity(), text: m(), period: period() }],
    }],
    measurements: values().map(measurement),
    laboratory: values().map(measurement),
    alerts: values().map((value) => entryOf("alerts", value)),
    others: [entryOf("procedures", null, 8), ...kinds.slice(11).map((kind) => entryOf(kind, { type: "text", text: m() }))],
    sections: kinds.map((kind, at) => section(kind, WEIGHTS[at % WEIGHTS.length] ?? "same")),
    narratives: [{ source: "s1", of: "rx", narrative: narrative("more") }, { source: "s1", of: null, narrative: narrative("instead") }],
    duplicates: [{ keys: [m(), "rx"], by: "same_id" }],
    unrecognised: [{ source: "s1", path: m(), values: [{ name: m(), value: m() }] }],
    findings: [{ code: "not_interpreted", severity: "info", path: m(), source: "s1" }],
  };
}

/** Opens every drawer, and the drawers in them. */
async function openAll(root: HTMLElement): Promise<void> {
  for (let round = 0; round < 40; round += 1) {
    const closed = root.querySelectorAll<HTMLElement>("main [aria-expanded=false]");
    if (closed.length === 0) return;
    await act(() => closed.forEach((button) => button.click()));
  }
}

describe("whatever the app discloses", () => {
  it("can be read on the screen, every value of it, with the drawers open", async () => {
    const shown = view(summary(), {
      measure: { state: "active", since: day(), decided_by: m() }, asked: { answer: "asked", at: m(), by: m() }, logged_at: m(), agreed_at: m(),
    });
    page = await openPage({ answer: () => Promise.resolve({ outcome: "shown", view: shown }) });
    await lookUp(page);
    expect(page.screen()).toBe("summary");
    await openAll(page.root);
    const text = page.root.textContent ?? "";
    expect(markers.length).toBeGreaterThan(500);
    const seen = new Set(text.match(/¤\d+¤/g));
    expect(markers.filter((marker) => !seen.has(marker))).toEqual([]);
  }, 30_000);
});
