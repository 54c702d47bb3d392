import { afterEach, describe, expect, it } from "vitest";

import { lookUp, openPage, type Page } from "./page";
import {
  coded, coronaSummary, detail, doctor, entry, episode, fullSummary, measured, medication, moment, narrative, part, section, source, statement, to, view,
} from "./fixtures";
import type { PartDelivery, SectionKind, Summary } from "../src/backend/contract";

let page: Page;
afterEach(() => page.close());

async function show(summary: Summary): Promise<void> {
  page = await openPage({ answer: () => Promise.resolve({ outcome: "shown", view: view(summary) }) });
  await lookUp(page);
  expect(page.screen()).toBe("summary");
}

const text = (testid: string) => page.find(testid).textContent ?? "";
const button = (label: string) => [...page.root.querySelectorAll("button")].find((one) => one.textContent?.includes(label));

/** A link is followed in a few frames: the entry may have to be drawn first. */
async function arrives(id: string): Promise<void> {
  for (let tries = 0; tries < 40 && document.activeElement?.id !== id; tries += 1) await page.pause(25);
  expect(document.activeElement?.id).toBe(id);
}

describe("a section of a document", () => {
  it("stands under its own title where this product did not think of it", async () => {
    const travel = entry("other", "Reist naar Thailand");
    const own = section("other", { title: "Travel History", entries: [to(travel.key), to(null)] });
    await show(fullSummary({ others: [travel], sections: [own] }));
    expect(text(`card-${own.key}`)).toContain("Travel History");
    expect(text(`card-${own.key}`)).toContain("Reist naar Thailand");
    expect(text(`card-${own.key}`)).toContain("De rubriek noemt 1 gegeven dat niet in dit bericht staat.");
  });

  it("says of what was not done that it was not, and of what was taken back that it was", async () => {
    const others = [
      entry("procedures", "Coloscopie", { element: "Procedure", negated: true, status: "not-done" }), entry("procedures", "Heupprothese", { withdrawn: true }),
    ];
    await show(fullSummary({ others }));
    expect(text("card-procedures")).toMatch(/niet uitgevoerd:\s*Coloscopie/);
    expect(text("card-procedures")).toContain("Heupprothese");
    expect(text("card-procedures")).toContain("ingetrokken of foutief ingevoerd");
  });

  it("names its details, those inside others too, and a name it does not know as it is", async () => {
    const others = [entry("procedures", "Heupprothese", { details: [detail("bodySite", "linkerheup", [detail("laterality", "links")]), detail("zib-oddity", "17")] })];
    await show(fullSummary({ others }));
    expect(text("card-procedures")).toContain("plaats op het lichaam: linkerheup (zijde: links)");
    expect(text("card-procedures")).toContain("zib oddity: 17");
  });

  it("gives the source's reason for being empty, and its “none known” only as its words with who and when", async () => {
    const sections = [
      section("functional_status", { empty: coded("notasked", "Not Asked") }),
      section("procedures", { empty: coded("nilknown", "Nil Known"), author: doctor("J.", "Peeters", "2026-03-01") }),
      section("devices", { empty: coded("xyz", "Iets anders") }),
    ];
    await show(fullSummary({ sections }));
    expect(text("card-functional_status")).toContain("De bron zegt: niet gevraagd.");
    expect(text("card-procedures")).toContain("De bron zegt over Verrichtingen: “geen bekend” — vastgesteld door J. Peeters, huisarts, op 1 mrt 2026");
    expect(text("card-devices")).toContain("De bron zegt: Iets anders.");
  });

  it("reads the same whether a source withholds or has no information", async () => {
    await show(fullSummary({ sections: [section("procedures", { empty: coded("withheld", "Information Withheld") })] }));
    const withheld = text("card-procedures");
    page.close();
    await show(fullSummary({ sections: [section("procedures", { empty: coded("unavailable", "Unavailable") })] }));
    expect(text("card-procedures")).toBe(withheld);
  });

  it("leads to entries that stand in another list, and tags a past problem among the episodes", async () => {
    const past = episode("Appendectomie", "D88", "1975");
    await show(fullSummary({ episodes: [past], sections: [section("past_problems", { entries: [to(past.key)] })] }));
    expect(text("card-past_problems")).toContain("1 gegeven van deze rubriek staat bij Episodes: Appendectomie");
    expect(text("card-episodes")).toContain("bron: eerder probleem");
  });

  it("is reached by its number", async () => {
    await show(fullSummary({ others: [entry("immunisations", "Griepvaccin")], laboratory: [measured("Hb", "7", "mmol/l", "2026-01-01")], alerts: [entry("alerts", "Pacemaker")] }));
    for (const [digit, heading] of [["6", "section-laboratory"], ["7", "section-others"], ["8", "section-alerts"], ["9", "section-message"]]) {
      await page.press(digit ?? "", { altKey: true, code: `Digit${digit}` });
      expect(document.activeElement?.id).toBe(heading);
    }
  });

  it("is searched like every other list", async () => {
    await show(fullSummary({ others: [entry("procedures", "Heupprothese", { details: [detail("reason", "artrose")] }), entry("procedures", "Coloscopie")] }));
    await page.press("f", { ctrlKey: true });
    await page.type("search", "ARTROSE");
    await page.pause(250);
    expect(text("card-procedures")).toContain("Heupprothese");
    expect(text("card-procedures")).not.toContain("Coloscopie");
    expect(text("card-procedures")).toContain("1 van 2");
  });
});

describe("the text of a source", () => {
  it("stays text whatever it holds", async () => {
    const hostile = `<img src=x onerror="alert(1)"><script>alert(2)</script>&lt;b&gt;`;
    const own = section("pregnancy", { narrative: { ...narrative("instead", hostile), blocks: [
      { block: "heading", content: [{ block: "text", text: hostile, strong: true }] },
      { block: "table", caption: hostile, rows: [{ cells: [{ header: false, columns: 1, rows: 1, content: [{ block: "text", text: hostile, strong: false }] }] }] },
    ] } });
    await show(fullSummary({ sections: [own] }));
    expect(text("card-pregnancy").split(hostile).length).toBe(4);
    expect(page.find("card-pregnancy").querySelectorAll("img, script").length).toBe(0);
  });

  it("stands in place where nothing was coded, behind an opener where it says more, and elsewhere only with all data", async () => {
    const sections = [section("pregnancy", { narrative: narrative("instead", "alles") }), section("procedures", { narrative: narrative("more", "meer") }), section("devices", { narrative: narrative("same", "hetzelfde") })];
    await show(fullSummary({ sections }));
    expect(text("card-pregnancy")).toContain("Tekst van de bron (geen gecodeerde gegevens)alles");
    expect(page.find("card-procedures").querySelector(".narrative")).toBeNull();
    (page.find("card-procedures").querySelector("[aria-expanded=false]") as HTMLElement).click();
    await page.pause(10);
    expect(page.find("card-procedures").querySelector(".narrative")?.textContent).toBe("meer");
    expect(text("card-devices")).not.toContain("hetzelfde");
  });

  it("stands in a place of its own where it belongs to no entry", async () => {
    await show(fullSummary({ narratives: [{ source: "s1", of: null, narrative: narrative("instead", "losse tekst") }] }));
    expect(text("card-texts")).toContain("losse tekst");
  });

  it("never stands in place of what was withheld", async () => {
    const summary = coronaSummary();
    await show(summary);
    const without = text("card-allergies");
    page.close();
    await show({ ...summary, sections: [section("allergies", { narrative: narrative("instead", "Penicilline-allergie") })] });
    expect(text("card-allergies")).toBe(without);
  });
});

describe("several sources", () => {
  const gp = source();
  const pharmacy = source({ key: "s2", name: "Apotheek De Brug", organisation: null, author: null });

  it("show what stands at both as such, each with its source, and lead from one to the other", async () => {
    const mine = medication("Apixaban tablet 5 mg", "2× per dag 1 tablet", "2014");
    const theirs = medication("Apixaban 5 mg", null, "2026-09-01", null, { source: "s2", kind: "dispense" });
    await show(fullSummary({ sources: [gp, pharmacy], medication: [mine, theirs], duplicates: [{ keys: [mine.key, theirs.key], by: "same_content" }] }));
    expect(text("card-medication")).toContain("staat ook bij Apotheek De Brug");
    expect(text("card-medication")).toContain("staat ook bij Huisartsenpraktijk De Linde");
    expect(page.find("card-medication").querySelectorAll("tbody tr").length).toBe(2);
    button("staat ook bij Apotheek De Brug")?.click();
    await arrives(`entry-${theirs.key}`);
  });

  it("do not let the heading say that all medication is the GP's", async () => {
    await show(fullSummary());
    expect(text("card-medication")).toContain("Medicatie uit het huisartsdossier");
    page.close();
    await show(fullSummary({ sources: [gp, pharmacy] }));
    expect(text("card-medication")).toContain("Medicatie zoals ontvangen");
    expect(text("card-medication")).toContain("niet zeker huidig gebruik");
  });

  it("find the entry behind a link in a window that is not drawn", async () => {
    const others = Array.from({ length: 900 }, (_, at) => entry("procedures", `Verrichting ${at}.`));
    const last = others[899]!;
    const first = entry("devices", "Heupprothese", { references: [to(last.key)] });
    await show(fullSummary({ others: [first, ...others] }));
    button("Verrichting 899.")?.click();
    await arrives(`entry-${last.key}`);
  });
});

describe("medication", () => {
  it("shows what kind of statement each is and the structured instruction where there is no text", async () => {
    const agreed = medication("Metoprolol", null, "2014", null, { kind: "agreement" });
    agreed.uses[0]!.details = [detail("frequency", "1 maal per dag"), detail("as_needed", "true"), detail("reason", "boezemfibrilleren")];
    const texted = medication("Apixaban", "2× per dag 1 tablet", "2014", null, { kind: "statement", withdrawn: true });
    texted.uses[0]!.details = [detail("frequency", "2 maal per dag")];
    await show(fullSummary({ medication: [agreed, texted] }));
    expect(text("card-medication")).toContain("medicatieafspraak");
    expect(text("card-medication")).toContain("frequentie: 1 maal per dag, zo nodig: ja");
    expect(text("card-medication")).toContain("reden: boezemfibrilleren");
    expect(text("card-medication")).toContain("gebruik volgens opgave");
    expect(text("card-medication")).not.toContain("2 maal per dag");
    expect(page.find("card-medication").querySelectorAll("tr.withdrawn").length).toBe(1);
  });
});

describe("laboratory", () => {
  it("shows a panel with its results, its specimen and those that are missing", async () => {
    const hb = measured("Hemoglobine", "7.9", "mmol/l", "2026-10-14", { details: [detail("specimen", "bloed")] });
    const panel = measured("Bloedbeeld", null, null, "2026-10-14", { members: [to(hb.key), to(null)] });
    await show(fullSummary({ laboratory: [panel, hb] }));
    const said = text("card-laboratory");
    expect(said).toContain("materiaal: bloed");
    expect(said).toContain("uit Bloedbeeld");
    expect(said).toContain("1 uitslag staat niet in dit bericht");
    expect(said).not.toContain("geen waarde");
    button("1 uitslag")?.click();
    await page.pause(10);
    expect(page.find("card-laboratory").querySelector(".line-list")?.textContent).toContain("Hemoglobine 7.9 mmol/l");
  });

  it("never calls a value that was taken back the latest", async () => {
    await show(fullSummary({ laboratory: [measured("Kalium", "9.9", "mmol/l", "2026-11-01", { withdrawn: true }), measured("Kalium", "4.1", "mmol/l", "2026-10-01")] }));
    const row = page.find("card-laboratory").querySelector("tbody tr")?.textContent;
    expect(row).toContain("4.1");
    expect(row).not.toContain("9.9");
  });

  it("has no card, and one line in the message's own, where a whole record has no part for it", async () => {
    await show(fullSummary());
    expect(page.has("card-laboratory")).toBe(false);
    expect(text("card-message")).toContain("laboratoriumuitslagen, waarschuwingen. Dat zegt niet dat ze er niet zijn.");
  });
});

describe("the parts of an answer", () => {
  const answered = (kind: SectionKind | SectionKind[], delivery: PartDelivery["delivery"]): PartDelivery => ({
    interaction: "REPC_IN990111NL", sections: Array.isArray(kind) ? kind : [kind], delivery,
  });
  const batch = (...parts: PartDelivery[]) => source({ parts, delivery: { outcome: "partial", missing: "unknown_answer" } });
  const empty = { contacts: [], episodes: [], medication: [], measurements: [] };

  it("stand with the section that each would have filled", async () => {
    const sources = [batch(
      answered("laboratory", { outcome: "failed", code: "QABRTITI" }), answered("contacts", { outcome: "nothing_found" }),
      answered("medication", { outcome: "refused_by_source", code: "AUTERR_MEDISCH", organisation_ura: null }),
      answered("episodes", { outcome: "awaited" }), answered("measurements", { outcome: "partial", missing: "more_remaining" }),
    )];
    await show(fullSummary({ ...empty, sources, complete: false }));
    expect(text("card-laboratory")).toContain("is niet opgehaald. Code QABRTITI.");
    expect(text("card-laboratory")).toContain("Opnieuw ophalen");
    expect(text("card-contacts")).toContain("is niets ontvangen. Dat zegt niets over de voorgeschiedenis.");
    expect(text("card-medication")).toContain("niet geleverd of niet getoond. Code AUTERR_MEDISCH.");
    expect(text("card-episodes")).toContain("nog onderweg");
    expect(text("card-measurements")).toContain("De bron heeft meer dan zij stuurde.");
  });

  it("say under a list that holds something what is missing of it", async () => {
    await show(fullSummary({ sources: [batch(answered("contacts", { outcome: "failed", code: "exchange_timed_out" }))], complete: false }));
    expect(text("card-contacts")).toContain("Niet opgehaald bij Huisartsenpraktijk De Linde (exchange_timed_out)");
    expect(text("card-contacts")).toContain("Lasègue");
  });

  it("read as incomplete where nobody knows the code", async () => {
    await show(fullSummary({ ...empty, sources: [batch(answered("episodes", { outcome: "refused_by_source", code: "ZZ9", organisation_ura: null }))] }));
    expect(text("card-episodes")).toContain("leverde onvolledig. Code ZZ9.");
  });

  it("put data outside the region above everything else, with the organisation and what they are about", async () => {
    const elsewhere = answered("allergies", { outcome: "refused_by_source", code: "AUTERR_SWV_FALSE", organisation_ura: "00002222" });
    await show(fullSummary({ sources: [batch(elsewhere, answered("episodes", { outcome: "delivered" }))], allergies: part("incomplete") }));
    expect(text("elsewhere")).toContain("URA-nummer 00002222");
    expect(text("elsewhere")).toContain("Het gaat om: allergieën.");
    expect(text("elsewhere")).toContain("Vraag de patiënt");
    expect(text("card-allergies")).toContain("Gegevens buiten uw regio");
    expect(text("consent-strip")).toContain("onvolledig: allergieën");
  });

  it("say nothing of allergies that the basis withholds, however their own message was answered", async () => {
    const sources = (delivery: PartDelivery["delivery"]) => [{ ...coronaSummary().sources[0]!, parts: [answered("allergies", delivery), answered(["contraindications", "alerts"], delivery), answered("episodes", { outcome: "delivered" })] }];
    const seen: string[] = [];
    for (const delivery of [{ outcome: "delivered" }, { outcome: "refused_by_source", code: "AUTERR_SWV_FALSE", organisation_ura: "1" }, { outcome: "nothing_found" }] as const) {
      await show(coronaSummary({ sources: sources(delivery) }));
      expect(page.has("elsewhere")).toBe(false);
      seen.push(page.root.textContent ?? "");
      page.close();
    }
    expect(new Set(seen).size).toBe(1);
  });
});

describe("an allergy", () => {
  it("shows agent, reaction with its severity, criticality, certainty and reporter in words", async () => {
    const details = [detail("agent", "amoxicilline"), detail("reaction", "huiduitslag", [detail("severity", "ernstig")]), detail("criticality", "hoog"), detail("certainty", "bevestigd"), detail("reporter", "patiënt")];
    await show(fullSummary({ allergies: part("known", [statement("entry", "Penicillines", { period: moment("2016"), details })]) }));
    expect(text("card-allergies")).toContain("veroorzaker: amoxicilline · reactie: huiduitslag (ernst: ernstig) · mate van gevaar: hoog · zekerheid: bevestigd · gemeld door: patiënt");
  });
});

describe("the basis", () => {
  it("says in words where the message carried it, and that it contradicts itself", async () => {
    await show(fullSummary({ sources: [source({ basis: "corona", provenance: "conflicting", marker_in: "fhir_security", decision: { outcome: "permit", ica: "withheld" } })] }));
    expect(text("consent-strip")).toContain("volgens het bericht (beveiligingslabel)");
    expect(text("consent-strip")).toContain("het bericht spreekt zichzelf tegen: het strengste geldt");
  });
});
