import type { Agreement, Basis, Gender, Missing, Severity, State, StatementKind, WithheldCause } from "../../backend/contract";

/** The words of the allergies cell beside the patient's name, without the names of substances. */
const allergyCell: Record<State, string> = {
  withheld_by_rule: "NIET MEEGESTUURD — VRAAG",
  awaited: "nog onderweg — vraag",
  unreachable: "niet opgehaald — vraag",
  incomplete: "lijst onvolledig — vraag",
  contradictory: "tegenstrijdig — vraag",
  unreadable: "onleesbaar — vraag",
  known: "bekend — zie lijst",
  not_asserted: "onbekend — vraag",
  none_known: "Geen bekende allergie",
};

/** Beside names that did arrive: what is the matter with the list. */
const allergyBeside: Record<State, string> = {
  withheld_by_rule: "ELDERS NIET MEEGESTUURD — VRAAG",
  awaited: "rest nog onderweg — vraag",
  unreachable: "rest niet opgehaald — vraag",
  incomplete: "lijst onvolledig",
  contradictory: "tegenstrijdig — vraag",
  unreadable: "één gegeven onleesbaar — vraag",
  known: "",
  not_asserted: "verder onbekend — vraag",
  none_known: "",
};

const limitCell: Record<State, string> = {
  withheld_by_rule: "NIET MEEGESTUURD — VRAAG",
  awaited: "nog onderweg — vraag",
  unreachable: "niet opgehaald — vraag",
  incomplete: "onvolledig — vraag",
  contradictory: "tegenstrijdig — vraag",
  unreadable: "onleesbaar — vraag",
  known: "vermeld — zie lijst",
  not_asserted: "niet vermeld — vraag",
  none_known: "Geen behandelgrens bekend",
};

/** Heading or line of the allergies card. */
const allergyState: Record<State, string> = {
  withheld_by_rule: "Allergieën en intoleranties: niet meegestuurd. Vraag de patiënt.",
  awaited: "Allergieën: nog onderweg. Vraag de patiënt.",
  unreachable: "Allergieën: niet opgehaald. Vraag de patiënt.",
  incomplete: "Allergieën — lijst onvolledig. Vraag de patiënt.",
  contradictory: "Allergieën: tegenstrijdig. Vraag de patiënt.",
  unreadable: "Allergieën: één gegeven is onleesbaar binnengekomen. Vraag de patiënt.",
  known: "Bekende allergieën en intoleranties",
  not_asserted: "Allergieën: niets ontvangen. Dat betekent niet “geen”. Vraag de patiënt.",
  none_known: "Geen bekende allergieën",
};

const contraState: Record<State, string> = {
  withheld_by_rule: "Contra-indicaties: niet meegestuurd. Vraag de patiënt.",
  awaited: "Contra-indicaties: nog onderweg. Vraag de patiënt.",
  unreachable: "Contra-indicaties: niet opgehaald. Vraag de patiënt.",
  incomplete: "Contra-indicaties — lijst onvolledig. Vraag de patiënt.",
  contradictory: "Contra-indicaties: tegenstrijdig. Vraag de patiënt.",
  unreadable: "Contra-indicaties: één gegeven is onleesbaar binnengekomen. Vraag de patiënt.",
  known: "Contra-indicaties",
  not_asserted: "Contra-indicaties: niets ontvangen. Dat betekent niet “geen”. Vraag de patiënt.",
  none_known: "Geen bekende contra-indicaties",
};

const limitState: Record<State, string> = {
  withheld_by_rule: "Behandelgrenzen: niet meegestuurd. Vraag de patiënt of naasten.",
  awaited: "Behandelgrenzen: nog onderweg. Vraag de patiënt of naasten.",
  unreachable: "Behandelgrenzen: niet opgehaald. Vraag de patiënt of naasten.",
  incomplete: "Behandelgrenzen — onvolledig. Vraag de patiënt of naasten.",
  contradictory: "Behandelgrenzen: tegenstrijdig. Vraag de patiënt of naasten.",
  unreadable: "Behandelgrenzen: één gegeven is onleesbaar binnengekomen. Vraag de patiënt of naasten.",
  known: "Behandelgrenzen",
  not_asserted: "Behandelgrenzen: niets ontvangen. Daaruit volgt niets. Vraag de patiënt of naasten.",
  none_known: "Geen behandelgrens bekend",
};

/** One source's own state, beside its name. */
const sourceState: Record<State, string> = {
  withheld_by_rule: "niet meegestuurd — vraag",
  awaited: "nog onderweg",
  unreachable: "niet opgehaald",
  incomplete: "onvolledig",
  contradictory: "tegenstrijdig — vraag",
  unreadable: "één gegeven onleesbaar",
  known: "vermeld",
  not_asserted: "niets ontvangen; dat betekent niet “geen”",
  none_known: "“geen bekend”, met auteur en datum",
};

const withheldCause: Record<WithheldCause, string> = {
  corona: "niet meegestuurd (corona-opt-in) — vraag",
  not_established: "grondslag niet vastgesteld: Inzage toont deze gegevens dan niet, meegestuurd of niet — vraag",
  national_rule: "volgens het bericht niet meegestuurd wegens een landelijke regel — vraag",
};

/** The sentence in the ask prompt. */
const askCause: Record<WithheldCause, string> = {
  corona: "De huisarts stuurt deze gegevens bij de corona-opt-in nooit mee.",
  not_established: "Grondslag niet vastgesteld: Inzage toont deze gegevens dan niet, meegestuurd of niet.",
  national_rule: "Volgens het bericht niet meegestuurd wegens een landelijke regel.",
};

const statementKinds: Record<StatementKind, string> = {
  entry: "",
  negated: "niet:",
  none_known: "uitspraak “geen bekend”:",
  scoped: "alleen hierover:",
  no_information: "geen informatie:",
  refuted: "weerlegd:",
  unreadable: "onleesbaar binnengekomen",
};

const genders: Record<Gender, string> = { male: "man", female: "vrouw", other: "anders", not_stated: "niet vermeld" };

const agreementGiven: Record<Agreement, (time: string | null) => string> = {
  patient: (time) => (time ? `stemde om ${time} mondeling in` : "stemde mondeling in"),
  representative: (time) => (time ? `vertegenwoordiger stemde om ${time} mondeling in` : "vertegenwoordiger stemde mondeling in"),
  cannot_be_asked: () => "kon niet worden gevraagd",
};

const bases: Record<Basis, string> = { explicit: "toestemming vooraf", corona: "corona-opt-in", not_established: "niet vastgesteld" };

const missing: Record<Missing, string> = {
  fewer_than_announced: "er kwamen minder delen binnen dan aangekondigd",
  more_remaining: "de bron heeft meer dan zij stuurde",
  unknown_answer: "een deel kwam met een onbekend antwoord",
  unreadable_part: "een deel was niet te lezen",
};

const severities: Record<Severity, string> = { info: "ter kennisgeving", warning: "let op", error: "fout" };

export const clinical = {
  allergyCell,
  allergyBeside,
  limitCell,
  allergyState,
  contraState,
  limitState,
  sourceState,
  withheldCause,
  askCause,
  statementKinds,
  genders,
  agreementGiven,
  bases,
  missing,
  severities,
  patient: "Patiënt",
  allergy: "Allergie",
  allergies: "Allergieën",
  notShown: "NIET GETOOND — VRAAG",
  limit: "Behandelgrens",
  limitSeeAttention: "niet apart ontvangen — zie attentieregels, vraag",
  more: (n: number) => `en nog ${n} — zie lijst`,
  noneKnownBy: (who: string, when: string) => `Geen bekende allergie (${who}, ${when})`,
  noneKnownTitle: (who: string, when: string) => `Geen bekende allergieën — vastgesteld door ${who}, op ${when}`,
  statedBy: (who: string, when: string) => `vastgesteld door ${who}, op ${when}`,
  fromDocument: "auteur uit de kop van het bericht",
  authorNotStated: "auteur niet vermeld",
  born: "Geboren",
  gender: "Geslacht",
  bsn: "BSN",
  address: "Adres",
  years: (n: number) => `${n} jaar`,
  months: (n: number) => (n === 1 ? "1 maand" : `${n} maanden`),
  about: "ongeveer",
  notStated: "niet vermeld",
  nameNotStated: "NAAM NIET VERMELD",
  deceased: "OVERLEDEN",
  deceasedAt: (date: string) => `OVERLEDEN ${date}`,
  asked: (bsn: string) => `Gevraagd naar BSN ${bsn}`,
  nobodyShown: "Geen patiëntgegevens ontvangen",
  consent: "Grondslag en bron",
  basis: "Grondslag:",
  explicitRest: " (opt-in), volgens het LSP",
  explicitOptIn: " (opt-in)",
  explicitStated: " (opt-in), zoals opgegeven",
  explicitStopped: " — coronamaatregel gestopt: het LSP levert alleen na toestemming vooraf",
  coronaRest: "patiënt maakte zelf geen keuze",
  conflicting: "het bericht spreekt zichzelf tegen: het strengste geldt",
  notEstablished: "niet vastgesteld",
  notEstablishedRest: "behandeld als corona-opt-in",
  noBasis: "niet te bepalen: er is niets ontvangen",
  agreementUnknown: "toestemming niet gevraagd",
  suspicionYes: "verdenking corona vastgelegd",
  suspicionNo: "geen verdenking corona vastgelegd",
  changeSuspicion: "Antwoord wijzigen",
  changeToNo: "Verdenking corona wijzigen in “nee”? De wijziging wordt vastgelegd en de grondslag opnieuw beoordeeld; wat dan niet meer mag, sluit.",
  changeToYes: "Verdenking corona wijzigen in “ja”? De wijziging wordt vastgelegd en de grondslag opnieuw beoordeeld.",
  changeDo: "Wijzigen en vastleggen",
  officeHours: "kantooruren",
  retrieved: (when: string) => `opgehaald ${when}`,
  answered: (n: number, all: number) => (all === 1 ? `${n} van 1 bron antwoordde` : `${n} van ${all} bronnen ${n === 1 ? "antwoordde" : "antwoordden"}`),
  incomplete: "Niet alles wat was aangekondigd, is binnengekomen.",
  delivered: "geleverd",
  nothingFound: "geen gegevens ontvangen",
  partial: (what: string) => `onvolledig: ${what}`,
  elsewhere: (ura: string | null) =>
    `Er zijn gegevens buiten uw regio${ura ? ` bij een zorgaanbieder (URA ${ura})` : ""}; niet geleverd.`,
  refusedCode: (code: string) => `leverde niet (code ${code})`,
  unknownCode: (code: string) => `een antwoord dat Inzage niet kent (code ${code})`,
  failedCode: (code: string) => `niet opgehaald (code ${code})`,
  timedOut: "niet opgehaald: geen antwoord binnen de tijd",
  awaitedSource: "nog onderweg",
  cancelledSource: "gestopt door de gebruiker",
  refusedSource: (why: string) => `ontvangen en niet getoond: ${why}`,
  again: "Opnieuw ophalen",
  askTitle: "Vraag de patiënt naar allergieën, overgevoeligheden en contra-indicaties",
  askSeverity: "De patiënt kan dus wél een ernstige allergie hebben.",
  askQuestions: "Vraag: ooit een reactie op een medicijn, contrastmiddel, latex of voedsel? Mag u bepaalde medicijnen niet hebben? Nierziekte, zwanger?",
  askAsked: "Gevraagd",
  askUnable: "Kan niet worden gevraagd",
  askNote: "Noteer het antwoord in uw eigen dossier; Inzage bewaart het niet.",
  askNoList: "Losse opmerkingen elders vervangen de lijst niet.",
  askSources: (names: string) => `Het gaat om: ${names}.`,
  askedBy: (time: string, by: string) => `Gevraagd om ${time} door ${by} · in Inzage nog steeds onbekend`,
  unableTitle: "Allergieën onbekend.",
  unableText: "Kijk naar SOS-sieraad en medicijnlijst; vraag familie of dienstapotheek.",
  unableBy: (time: string, by: string) => `Kon niet worden gevraagd, vastgelegd om ${time} door ${by}`,
  nothing: {
    title: "Geen gegevens ontvangen.",
    meaning: "Dat zegt niets over de voorgeschiedenis.",
    why: "De reden is niet te zien: praktijk niet aangesloten, niets beschikbaar, toestemming niet gegeven of nog niet verwerkt.",
    ask: "Behandel zoals altijd en vraag: allergieën, medicijnen, bloedverdunners, ziekten, zwangerschap, implantaten, behandelgrens.",
    reachable: "Nu bereikbaar: familie, dienstapotheek.",
    practice: (name: string, phone: string | null) => `Praktijk: ${name}${phone ? `, ${phone}` : ""} (kantooruren).`,
  },
};
