import type { CloseCause, Language, LockCause, Role, Setting } from "../../backend/contract";

const settings: Record<Setting, string> = {
  after_hours: "Huisartsenpost",
  emergency: "Spoedeisende hulp",
  other: "Andere werkplek",
};

const roles: Record<Role, string> = {
  doctor: "arts",
  physician_assistant: "physician assistant",
  nurse_specialist: "verpleegkundig specialist",
  nurse: "verpleegkundige",
  assistant: "doktersassistent",
  pharmacist: "apotheker",
  privacy_officer: "functionaris gegevensbescherming",
  unknown: "rol onbekend",
};

const languages: Record<Language, string> = { nl: "Nederlands", en: "English" };

const lockCauses: Record<LockCause, string> = {
  user: "Vergrendeld door de gebruiker.",
  idle: "Vergrendeld omdat er een tijd niets gebeurde.",
  log_failed: "Vergrendeld omdat het inzagelog niet kon worden geschreven. Zonder log wordt niets getoond.",
  screen_died: "Het scherm viel uit en is opnieuw opgebouwd. Er staat niets meer open.",
  app_ended: "Inzage is opnieuw gestart. Er staat niets meer open.",
  other_user: "Vergrendeld omdat iemand anders zich aanmeldde.",
};

const closeCauses: Record<CloseCause, { title: string; text: string }> = {
  user: { title: "De samenvatting is gesloten", text: "U hebt de samenvatting gesloten." },
  locked: { title: "De samenvatting is gesloten", text: "De werkplek is vergrendeld. Vraag na het aanmelden opnieuw op; dat wordt opnieuw vastgelegd." },
  signed_out: { title: "De samenvatting is gesloten", text: "De gebruiker heeft zich afgemeld." },
  measure_stopped: {
    title: "De coronamaatregel is gestopt",
    text: "De coronamaatregel is gestopt. De samenvatting is gesloten; gegevens op deze grondslag mogen niet meer worden geraadpleegd.",
  },
  suspicion_changed: {
    title: "Het antwoord op de coronavraag is gewijzigd",
    text: "De samenvatting is gesloten, omdat zij op het vorige antwoord berustte. Vraag zo nodig opnieuw op.",
  },
  log_failed: {
    title: "Het inzagelog kan niet worden geschreven",
    text: "De samenvatting is gesloten: wat niet wordt vastgelegd, wordt niet getoond. Gebruik een andere werkplek en waarschuw de beheerder; vraag de patiënt intussen zelf.",
  },
  screen_died: { title: "Het scherm viel uit", text: "De samenvatting is gesloten en het scherm is opnieuw opgebouwd. Vraag opnieuw op; dat wordt opnieuw vastgelegd." },
  app_ended: { title: "Inzage is gestopt", text: "De samenvatting is gesloten. Vraag opnieuw op; dat wordt opnieuw vastgelegd." },
};

export const frame = {
  settings,
  roles,
  languages,
  lockCauses,
  closeCauses,
  brand: "Inzage",
  starting: "Inzage start…",
  skip: "Naar de inhoud",
  training: "TRAINING — verzonnen patiënten, geen echte gegevens",
  trainingPin: "PIN in training: 1234",
  loggedAt: (time: string) => `Inzage vastgelegd om ${time}`,
  responsible: (name: string) => `onder verantwoordelijkheid van ${name}`,
  lock: "Vergrendel",
  signOut: "Afmelden",
  display: "Weergave",
  toDay: "Dag",
  toNight: "Nacht",
  themeLabel: (to: string) => `Weergave: ${to.toLowerCase()}`,
  otherLanguage: "English",
  textSize: "Tekst",
  textSizeLabel: (percent: number) => `Tekst ${percent}%, grootte wijzigen`,
  help: "hulp",
  close: "Sluiten",
  back: "Terug",
  cancel: "Annuleren",
  leaveKiosk: "Kiosk verlaten",
  leaveKioskTitle: "Kiosk verlaten",
  leaveKioskText: "Alleen met de PIN van een leidinggevende. Een open samenvatting sluit.",
  supervisorPin: "PIN van de leidinggevende",
  idleTitle: (seconds: number) => `Vergrendelt over ${seconds} s`,
  idleText: "Beweeg of druk op een toets om door te gaan.",
  idleSpoken: "Deze werkplek vergrendelt zo. Beweeg of druk op een toets om door te gaan.",
  stillHere: "Ik ben er nog",
  now: "Wat nu:",
  code: "Code",
  logTrouble: "Er is iets met het inzagelog",
  pageTrouble: {
    what: "Het scherm kreeg geen antwoord van Inzage zelf.",
    now: "Probeer het opnieuw. Blijft het zo: gebruik een andere werkplek, vraag de patiënt zelf en waarschuw de beheerder.",
  },
  pad: { title: "Cijfers", erase: "Wis laatste", done: "Klaar", digit: (digit: string) => `Cijfer ${digit}` },
  keys: { next: "volgende", clear: "leegmaken", enter: "vraag op", stop: "stoppen" },
  closedNext: "Naar opzoeken",
  nothingLeft: "Er staat niets meer op het scherm.",
};
