// Builders of the data that the app sends; every person in them is made up.
import type {
  AttentionLine, Author, Banner, Bootstrap, Coded, Contact, Detail, Entry, Episode, HumanName, JournalLine, LineReference, LookUpRequest, Measure,
  Measurement, Medication, Narrative, NarrativeWeight, Organisation, Part, PartialContact, PartialDate, Patient, Period, Section, SectionKind,
  Session, SourceSummary, State, Statement, StatementKind, Summary, View,
} from "../src/backend/contract";

export function date(text: string): PartialDate {
  const [year, month, day] = text.split("-").map(Number);
  return {
    raw: text.replaceAll("-", ""),
    precision: day ? "day" : month ? "month" : "year",
    year: year ?? null,
    month: month ?? null,
    day: day ?? null,
    hour: null,
    minute: null,
    second: null,
  };
}

export function coded(code: string | null, display: string | null = null, more: Partial<Coded> = {}): Coded {
  return {
    code, display, system: null, system_name: null, system_version: null, original_text: null, null_flavor: null, translations: [], ...more,
  };
}

export const NO_PERIOD: Period = { at: null, low: null, high: null, null_flavor: null };

export function period(low: string | null, high: string | null = null): Period {
  return { at: null, low: low ? date(low) : null, high: high ? date(high) : null, null_flavor: null };
}

export function moment(at: string): Period {
  return { ...NO_PERIOD, at: date(at) };
}

export function name(given: string, family: string): HumanName {
  return { given, family, usage: "L", parts: [{ kind: "given", text: given }, { kind: "own_surname", text: family }] };
}

export function practice(title = "Huisartsenpraktijk De Linde", city = "Venlo", phone = "tel:+31775550123"): Organisation {
  return {
    ids: [{ root: "2.16.528.1.1007.3.3", extension: "00001111" }],
    name: title,
    telecoms: [{ value: phone, usage: "WP" }],
    addresses: [
      { usage: "WP", street: "Lindelaan", house_number: "1", additional: [], postal_code: "5900 AA", city, country: "NL", text: null },
    ],
    kind: null,
  };
}

export function doctor(given = "J.", family = "Peeters", at: string | null = null, conducted = false): Author {
  return {
    ids: [{ root: "2.16.840.1.113883.2.4.6.1", extension: "01001234" }],
    role: coded("01.015", "huisarts"),
    name: name(given, family),
    organisation: null,
    telecoms: [],
    time: at ? date(at) : null,
    conducted,
  };
}

let count = 0;
export function key(prefix: string): string {
  count += 1;
  return `${prefix}${count}`;
}

export function statement(kind: StatementKind, display: string | null, more: Partial<Statement> = {}): Statement {
  return {
    key: key("st"), source: "s1", ids: [], kind, text: null, code: null, value: display === null ? null : coded(null, display),
    status: "active", period: NO_PERIOD, author: null, negated: null, details: [], references: [], ...more,
  };
}

export function part(state: State | null, entries: Statement[] = [], more: Partial<Part> = {}): Part {
  return { state, entries, per_source: state ? [{ source: "s1", state, withheld: null }] : [], ...more };
}

export function source(more: Partial<SourceSummary> = {}): SourceSummary {
  return {
    key: "s1",
    name: "Huisartsenpraktijk De Linde",
    organisation: practice(),
    author: doctor(),
    basis: "explicit",
    provenance: "no_marker_while_proven",
    decision: { outcome: "permit", ica: "included" },
    delivery: { outcome: "delivered" },
    retrieved_at: "2026-11-22T02:14:07",
    patient: null,
    marker_in: null,
    parts: [],
    transmission: [{ name: "creationTime", value: "20261122021405" }],
    ...more,
  };
}

export function episode(title: string, code: string, from: string | null, more: Partial<Episode> = {}): Episode {
  return {
    key: key("ep"), source: "s1", ids: [], title, problem: coded(code, null), problem_text: null, problem_ids: [], status: "active",
    closed: false, period: period(from), care_periods: [], flagged: false, flags: [], lines: [], author: null, withdrawn: false, details: [], references: [], ...more,
  };
}

export function line(kind: string, text: string | null, more: Partial<JournalLine> = {}): JournalLine {
  return { key: key("jl"), ids: [], kind: coded(kind), text, null_flavor: null, period: NO_PERIOD, episodes: [], ...more };
}

export function contact(at: string, lines: JournalLine[], more: Partial<Contact> = {}, partial: Partial<PartialContact> = {}): Contact {
  return {
    key: key("co"), source: "s1", ids: [], kind: coded("03", "consult"), period: moment(at), status: "completed", author: doctor(), text: null,
    partials: [{ number: "1", lines, diagnoses: [], medication: [], ids: [], author: null, period: NO_PERIOD, references: [], details: [], ...partial }],
    referred_only: false, withdrawn: false, details: [], references: [], ...more,
  };
}

export function medication(product: string, use: string | null, from: string | null, until: string | null = null, more: Partial<Medication> = {}): Medication {
  return {
    key: key("rx"), source: "s1", ids: [], product: coded(null, product), product_texts: [], status: "active",
    uses: [{ ids: [], text: use, status: null, period: period(from, until), repeats: [], doses: [], route: null, details: [] }],
    dispenses: [], author: null, contact: null, text: null, kind: "prescription", period: NO_PERIOD, withdrawn: false, details: [], references: [], ...more,
  };
}

export function measured(what: string, value: string | null, unit: string | null, at: string, more: Partial<Measurement> = {}): Measurement {
  return {
    key: key("me"), source: "s1", ids: [], what: coded(what.slice(0, 12), what, { system: "nhg-45" }),
    value: value === null ? { type: "none", null_flavor: "UNK" } : { type: "quantity", value, unit, translations: [], null_flavor: null },
    at: moment(at), status: "completed", interpretations: [], reference_ranges: [], null_flavor: null, text: null, method: null, author: null,
    references: [], withdrawn: false, components: [], members: [], details: [], ...more,
  };
}

export function detail(name: string, text: string | null, details: Detail[] = [], more: Partial<Detail> = {}): Detail {
  return { name, text, coded: null, quantity: null, period: null, details, ...more };
}

export function entry(kind: SectionKind, what: string, more: Partial<Entry> = {}): Entry {
  return {
    key: key("en"), source: "s1", kind, element: "observation", ids: [], what: coded(null, what), text: null, value: null, status: "completed",
    withdrawn: false, negated: false, period: NO_PERIOD, author: null, details: [], references: [], ...more,
  };
}

export function section(kind: SectionKind, more: Partial<Section> = {}): Section {
  return { key: key("se"), source: "s1", kind, title: null, code: null, parent: null, empty: null, narrative: null, entries: [], author: null, details: [], ...more };
}

/** A reference to an entry of the summary; `null` points at nothing that is here. */
export function to(target: string | null): LineReference {
  return { ids: [], target };
}

export function narrative(weight: NarrativeWeight, text: string): Narrative {
  return { status: "additional", weight, blocks: [{ block: "paragraph", content: [{ block: "text", text, strong: false }] }] };
}

export function attention(text: string, at: string): AttentionLine {
  return { key: key("at"), source: "s1", ids: [], code: coded("ATT"), text, period: moment(at), status: "active", author: null };
}

export const PATIENT: Patient = {
  bsn: "999900006",
  name: name("Anna Maria", "van den Berg - Jansen"),
  gender: coded("F", "vrouw"),
  birth_date: date("1951-03-12"),
  deceased: null,
  birth_place: null,
  addresses: [],
  telecoms: [],
  status: null,
  general_practitioner: doctor(),
};

export const BANNER: Banner = {
  family: "van den Berg - Jansen",
  given: "Anna Maria",
  born: date("1951-03-12"),
  age: { years: 75, months: 908, about: false },
  gender: "female",
  bsn_grouped: "9999 00 006",
  address: "Valkendael 45, Venlo",
  deceased: null,
};

/** A summary with something in every section. */
export function fullSummary(more: Partial<Summary> = {}): Summary {
  const back = episode("Rughernia", "L86.01", "2026-08");
  const throat = episode("Keelpijn", "R21.01", "2026-09");
  const s = line("S", "Scherpe pijn re been, sinds 3 maanden. Slaapt slecht.", { episodes: [back.key] });
  const o = line("O", "Lasègue re pos bij 40°. Kracht en reflexen gb.", { episodes: [back.key] });
  back.lines = [{ ids: [], target: s.key }, { ids: [], target: o.key }, { ids: [{ root: "1.2.3", extension: "weg" }], target: null }];
  return {
    patient: PATIENT,
    sources: [source()],
    complete: true,
    allergies: part("known", [
      statement("entry", "Penicillines", { text: "Forse reactie op fenoxymethylpenicilline", period: moment("2016-11-30"), author: doctor() }),
      statement("entry", "NSAID’s", { text: "maagbloeding", period: moment("2019"), author: doctor() }),
    ]),
    contraindications: part("known", [statement("entry", "Astma", { period: moment("2016-11-30") })]),
    treatment_limits: part("known", [statement("entry", null, { text: "Niet reanimeren", period: moment("2026-10-14"), author: doctor() })]),
    ask: null,
    attention_lines: [attention("Patiënt onderschat eigen ziek zijn vaak.", "2017-06-18")],
    episodes: [
      episode("Boezemfibrilleren", "K78", "2014", { flagged: true }),
      episode("Astma", "R96", "1998", { flagged: true }),
      episode("Diabetes mellitus type 2", "T90.02", "2017-05"),
      back,
      throat,
      episode("Endocarditisprofylaxe in verband met mitralisinsufficiëntie", "K70", "2009", {
        closed: true, status: "completed", flagged: true, period: period("2009", "2011"),
      }),
    ],
    contacts: [
      contact("2026-11-20", [s, o, line("E", "HNP"), line("P", "Scan afgesproken 3 dec. Paracetamol op vaste tijden.")], {}, {
        diagnoses: [{ key: key("dx"), ids: [], value: coded("L86.01", "Rughernia"), text: null, period: NO_PERIOD, author: null, episodes: [back.key] }],
      }),
      contact("2026-11-02", [line("S", "Weer terug de keelpijn, nu wel ziek en lichte verhoging."), line("O", "T 37,4. Keel: lichte aanslag."), line("E", "Keelpijn eci."), line("P", "Kweek van aanslag keel.")], {}, {
        diagnoses: [{ key: key("dx"), ids: [], value: coded("R21.01", "Keelpijn"), text: null, period: NO_PERIOD, author: null, episodes: [throat.key] }],
      }),
      contact("2026-10-14", [line("S", "Jaarcontrole. Gesprek over wensen rond levenseinde."), line("O", "RR 142/80, gewicht 74 kg.")], { kind: coded("02") }),
      contact("2026-08-03", [line("S", "Rugpijn na tillen."), line("P", null)]),
    ],
    medication: [
      medication("Apixaban tablet 5 mg", "2× per dag 1 tablet", "2014-03-03"),
      medication("Metoprolol tablet mga 50 mg", "1× per dag 1 tablet", "2014-03-03"),
      medication("Metformine tablet 500 mg", "2× per dag 1 tablet, bij de maaltijd", "2017-05-08"),
      medication("Budesonide/formoterol inh. 200/6 µg", "2× per dag 1 inhalatie", "2012"),
      medication("Salbutamol inh. 100 µg", "zo nodig", "1998"),
      medication("Omeprazol capsule 20 mg", "1× per dag 1 capsule", "2019"),
      medication("Doxycycline tablet 100 mg", "1× per dag 1 tablet", "2026-10-09", "2026-10-23"),
    ],
    measurements: [
      ...[["146", "2026-11-20"], ["138", "2026-08-03"], ["152", "2026-02-11"], ["141", "2025-10-20"]].map(([value, at]) => measured("Systolische bloeddruk", value ?? "", "mm[Hg]", at ?? "")),
      ...[["52", "2026-10-14"], ["57", "2025-10-20"], ["61", "2024-10-01"]].map(([value, at]) =>
        measured("eGFR", value ?? "", "ml/min/1,73 m²", at ?? "", {
          interpretations: [coded("L", "laag")],
          reference_ranges: [{ low: { value: "60", unit: null, translations: [], null_flavor: null }, high: null, text: null, interpretation: null }],
        }),
      ),
      measured("HbA1c", "55", "mmol/mol", "2026-10-14"),
      measured("HbA1c", "7.2", "%", "2010-10-14"),
      measured("Kweek keel", null, null, "2026-11-02"),
    ],
    unrecognised: [
      { source: "s1", path: "PrimaryCareProvision/component9[1]/registration[1]", values: [{ name: "@code", value: "XQ-7" }] },
      { source: "s1", path: "PrimaryCareProvision/component9[1]/registration[1]/text[1]", values: [{ name: "text", value: "losse notitie" }] },
    ],
    laboratory: [], alerts: [], others: [], sections: [], narratives: [], duplicates: [],
    findings: [{ code: "dangling_reference", severity: "warning", path: "episodeOfCondition[4]/component2[3]", source: "s1" }],
    ...more,
  };
}

export const ACTIVE: Measure = { state: "active", since: date("2020-04-14"), decided_by: "besluit van de minister van VWS" };
export const STOPPED: Measure = { state: "stopped", since: date("2023-04-04"), decided_by: "besluit van de minister van VWS" };

export function view(summary: Summary, more: Partial<View> = {}): View {
  return {
    view_id: key("view"), banner: BANNER, bsn_grouped: "9999 00 006", nothing_received: false, summary, logged_at: "02:14",
    agreed_at: "02:13", agreement: "patient", suspicion: true, measure: ACTIVE, asked: null, ...more,
  };
}

/** Everything of `fullSummary` but what the basis forbids. */
export function coronaSummary(more: Partial<Summary> = {}): Summary {
  const withheld = part("withheld_by_rule", [], { per_source: [{ source: "s1", state: "withheld_by_rule", withheld: "corona" }] });
  return fullSummary({
    sources: [source({ basis: "corona", provenance: "marker_in_message", decision: { outcome: "permit", ica: "withheld" } })],
    allergies: withheld,
    contraindications: withheld,
    treatment_limits: part("not_asserted"),
    ask: { causes: ["corona"], sources: ["s1"] },
    ...more,
  });
}

export const REQUEST: LookUpRequest = {
  request_id: "00000000-0000-4000-8000-000000000001", bsn: "999900006", birth_date: "12-03-1951", treats_and_needs: true,
  agreement: "patient", suspicion: true,
};

export const SESSION: Session = {
  name: "M. van Dijk", role: "doctor", role_name: "huisarts", responsible: null, setting: "after_hours", may_view: true, may_open_log: false,
};

export const BOOT: Bootstrap = {
  training: true, kiosk: false, language: "nl", organisation: "Huisartsenpost Noord-Limburg", workstation: "werkplek 4", setting: null,
  measure: ACTIVE, ask_agreement_always: false,
  emergency_explicit: "permit",
  people: [
    { id: "dijk", name: "M. van Dijk", role: "doctor", role_name: "huisarts", needs_responsible: false, can_be_responsible: true },
    { id: "bakker", name: "S. Bakker", role: "doctor", role_name: "SEH-arts", needs_responsible: false, can_be_responsible: true },
    { id: "smit", name: "L. Smit", role: "assistant", role_name: "doktersassistent", needs_responsible: true, can_be_responsible: false },
    { id: "mulder", name: "R. Mulder", role: "pharmacist", role_name: "apotheker", needs_responsible: false, can_be_responsible: false },
    { id: "visser", name: "T. Visser", role: "privacy_officer", role_name: "functionaris gegevensbescherming", needs_responsible: false, can_be_responsible: false },
  ],
  session: null, closed: null, locked: null, trouble: null, remark: null, idle_seconds: 120, idle_warning_seconds: 15,
};
