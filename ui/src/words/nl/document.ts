import type { MarkerElement, MedicationKind, SectionKind } from "../../backend/contract";

/** Headings of the sections. */
const kinds: Record<SectionKind, string> = {
  allergies: "Allergieën en intoleranties",
  contraindications: "Contra-indicaties",
  treatment_limits: "Behandelgrenzen",
  attention_lines: "Attentie",
  alerts: "Waarschuwingen",
  episodes: "Episodes",
  past_problems: "Eerdere problemen",
  contacts: "Contacten",
  medication: "Medicatie",
  measurements: "Metingen",
  laboratory: "Laboratorium",
  procedures: "Verrichtingen",
  immunisations: "Vaccinaties",
  devices: "Hulpmiddelen en implantaten",
  social_history: "Leefwijze en leefsituatie",
  pregnancy: "Zwangerschap",
  functional_status: "Functioneren",
  care_plan: "Zorgplan",
  patient_story: "Verhaal van de patiënt",
  family_history: "Familieanamnese",
  other: "Overige gegevens",
};

/** The same inside a sentence, after a "geen" that is about the message and never about the patient. */
const kindNames: Record<SectionKind, string> = {
  allergies: "allergieën",
  contraindications: "contra-indicaties",
  treatment_limits: "behandelgrenzen",
  attention_lines: "attentieregels",
  alerts: "waarschuwingen",
  episodes: "episodes",
  past_problems: "eerdere problemen",
  contacts: "contacten",
  medication: "medicatie",
  measurements: "metingen",
  laboratory: "laboratoriumuitslagen",
  procedures: "verrichtingen",
  immunisations: "vaccinaties",
  devices: "hulpmiddelen",
  social_history: "gegevens over leefwijze",
  pregnancy: "gegevens over zwangerschap",
  functional_status: "gegevens over functioneren",
  care_plan: "zorgplannen",
  patient_story: "eigen verhaal van de patiënt",
  family_history: "familieanamnese",
  other: "overige gegevens",
};

const medicationKinds: Record<MedicationKind, string> = {
  prescription: "voorschrift",
  agreement: "medicatieafspraak",
  dispense: "afgeleverd",
  administration: "toegediend",
  statement: "gebruik volgens opgave",
};

const markers: Record<MarkerElement, string> = {
  confidentiality_code: "vertrouwelijkheidscode",
  attention_line: "attentieregel",
  fhir_security: "beveiligingslabel",
  fhir_tag: "etiket",
  fhir_consent: "toestemmingsverklaring",
};

/**
 * Why a section holds nothing, as the source gives it. Two codes read alike on purpose: a source
 * that withholds says no more here than one that has no information.
 */
const emptyReasons: Record<string, string> = {
  unavailable: "geen informatie beschikbaar",
  withheld: "geen informatie beschikbaar",
  notasked: "niet gevraagd",
  notstarted: "nog niet begonnen met vastleggen",
  closed: "deze rubriek is afgesloten",
};

export const document = {
  kinds,
  kindNames,
  medicationKinds,
  markers,
  byMessage: (element: string) => `volgens het bericht (${element})`,
  emptyReasons,
  /** The source's own "none known": always as its words, with who and when. */
  nilKnown: (what: string, who: string, when: string) => `De bron zegt over ${what}: “geen bekend” — vastgesteld door ${who}, op ${when}`,
  nilKnownFromHeader: "auteur of datum uit de kop van het document",
  emptySays: (reason: string) => `De bron zegt: ${reason}. Dat zegt niets over de patiënt.`,
  dateNotStated: "datum niet vermeld",
  withdrawn: "ingetrokken of foutief ingevoerd",
  negatedDone: "niet uitgevoerd:",
  negated: "niet:",
  unnamedEntry: "vermelding zonder naam",
  pastProblem: "bron: eerder probleem",
  moreDetails: (n: number) => (n === 1 ? "nog 1 bijzonderheid" : `nog ${n} bijzonderheden`),
  every: (what: string) => `elke ${what}`,
  see: "zie",
  notHere: (n: number) => (n === 1 ? "verwijst naar iets dat niet in dit bericht staat" : `verwijst naar ${n} gegevens die niet in dit bericht staan`),
  missingEntries: (n: number) => (n === 1 ? "De rubriek noemt 1 gegeven dat niet in dit bericht staat." : `De rubriek noemt ${n} gegevens die niet in dit bericht staan.`),
  standsIn: (n: number, where: string) => (n === 1 ? `1 gegeven van deze rubriek staat bij ${where}` : `${n} gegevens van deze rubriek staan bij ${where}`),
  partOfSection: (title: string) => `onderdeel van “${title}”`,
  sameEntry: "zelfde vermelding",
  alsoAt: (source: string) => `staat ook bij ${source}`,
  sameById: "zelfde kenmerk",
  sameByContent: "zelfde inhoud",
  narrativeInstead: "Tekst van de bron (geen gecodeerde gegevens)",
  narrativeMore: "De tekst van de bron zegt meer",
  narrativesTitle: "Teksten van de bron",
  referredOnly: "alleen naar verwezen; het contact zelf staat niet in dit bericht",
  panel: (n: number) => (n === 1 ? "1 uitslag" : `${n} uitslagen`),
  panelOf: (name: string) => `uit ${name}`,
  membersMissing: (n: number) => (n === 1 ? "1 uitslag staat niet in dit bericht" : `${n} uitslagen staan niet in dit bericht`),
  medicationReceived: "Medicatie zoals ontvangen",
  medicationReceivedUnder: "Van huisarts, apotheek of document; niet zeker huidig gebruik en misschien niet alles. “vanaf” = einddatum niet vermeld.",
  notInMessages: (what: string) => `Niet in de berichten, of niet als apart onderdeel: ${what}. Dat zegt niet dat ze er niet zijn.`,
  partsOf: (n: number) => (n === 1 ? "1 deelbericht" : `${n} deelberichten`),
  windowOf: (from: number, to: number, total: number) => `${from} – ${to} van ${total}`,
  windowMore: (n: number) => `Toon de volgende ${n}`,
  windowBack: (n: number) => `Toon de vorige ${n}`,
  searching: "zoekt…",
  elsewhere: {
    title: "Er zijn gegevens buiten uw regio die niet zijn geleverd",
    at: (who: string, what: string) => `Bij ${who}. Het gaat om: ${what}.`,
    ura: (ura: string) => `een zorgaanbieder met URA-nummer ${ura}`,
    unknown: "een zorgaanbieder die niet is genoemd",
    what: "onbekend welke gegevens",
    now: "Wat hier staat is daarvoor onvolledig. Vraag de patiënt, of bel deze zorgaanbieder.",
  },
  delivery: {
    partial: (source: string, what: string) => `Onvolledig van ${source}: ${what}`,
    nothing: (source: string) => `Niets gevonden bij ${source}. Dat zegt niets over de voorgeschiedenis.`,
    refused: (source: string, code: string) => `Niet geleverd door ${source} (geweigerd, code ${code})`,
    unknown: (source: string, code: string) => `Onvolledig: ${source} gaf een antwoord dat Inzage niet kent (code ${code})`,
    elsewhere: (who: string) => `Gegevens buiten uw regio, bij ${who}: niet geleverd`,
    failed: (source: string, code: string) => `Niet opgehaald bij ${source} (${code})`,
    awaited: (source: string) => `Nog onderweg van ${source}`,
    cancelled: (source: string) => `Niet opgehaald bij ${source}: gestopt door de gebruiker`,
  },
};
