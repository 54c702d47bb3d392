import type { AskRefusal, Reason } from "../../backend/contract";

/** What happened, and what to do now and by whom. */
export interface Outcome {
  what: string;
  now: string;
}

const ASK = "Vraag de patiënt zelf: allergieën, medicijnen, bloedverdunners, ziekten, zwangerschap, implantaten, behandelgrens.";

const reasons: Record<Reason, Outcome> = {
  other_patient: {
    what: "Het antwoord ging over een andere patiënt. Er is niets getoond.",
    now: `De fout ligt waarschijnlijk bij de bron of het schakelpunt, niet bij u. Controleer het nummer, probeer het eenmaal opnieuw, en meld het aan de beheerder. ${ASK}`,
  },
  other_birth_date: {
    what: "De geboortedatum in het antwoord is een andere dan u opgaf. Er is niets getoond.",
    now: `Waarschijnlijk een tikfout in het nummer of de datum. Vraag de patiënt beide opnieuw en zoek nog eens op. Kloppen ze, meld het dan aan de praktijk. ${ASK}`,
  },
  invalid_bsn: {
    what: "Het antwoord draagt een ongeldig burgerservicenummer. Er is niets getoond.",
    now: `De fout ligt bij de bron. Meld het aan de beheerder. ${ASK}`,
  },
  two_patients: {
    what: "Het antwoord bevat gegevens van twee patiënten. Er is niets getoond.",
    now: `De fout ligt bij de bron. Meld het aan de beheerder. ${ASK}`,
  },
  no_bsn: {
    what: "Het antwoord zegt niet over wie het gaat: er staat geen burgerservicenummer in. Er is niets getoond.",
    now: `De fout ligt bij de bron. Meld het aan de beheerder. ${ASK}`,
  },
  // Looks like "nothing received" on purpose: a patient's own "no" is not told.
  opted_out: {
    what: "Geen gegevens ontvangen. Dat zegt niets over de voorgeschiedenis.",
    now: ASK,
  },
  setting_not_allowed: {
    what: "Op deze werkplek mogen deze gegevens niet worden geraadpleegd. Er is niets getoond.",
    now: `Alleen op een huisartsenpost of spoedeisende hulp. Meld u aan met de juiste werkplek. ${ASK}`,
  },
  emergency_explicit_refused: {
    what: "Deze organisatie heeft vastgelegd dat de spoedeisende hulp niet op toestemming vooraf raadpleegt. Er is niets getoond.",
    now: `Dit is een instelling van uw organisatie, geen storing. ${ASK}`,
  },
  measure_stopped: {
    what: "Deze gegevens waren alleen onder de coronamaatregel te zien, en die is gestopt. Er is niets getoond.",
    now: `Toestemming ter plekke helpt nu niet; dit is geen storing. ${ASK}`,
  },
  no_suspicion: {
    what: "Deze gegevens mogen alleen bij (mogelijke) corona worden geraadpleegd; u antwoordde “nee”. Er is niets getoond.",
    now: `Dit is geen storing. ${ASK}`,
  },
  no_agreement: {
    what: "Voor deze gegevens is mondelinge toestemming nodig, en die is niet gegeven. Er is niets getoond.",
    now: `Dit is geen storing. ${ASK}`,
  },
};

const reasonsShort: Record<Reason, string> = {
  other_patient: "het ging over een andere patiënt",
  other_birth_date: "de geboortedatum is een andere",
  invalid_bsn: "het burgerservicenummer is ongeldig",
  two_patients: "het ging over twee patiënten",
  no_bsn: "er staat geen burgerservicenummer in",
  opted_out: "geen gegevens ontvangen",
  setting_not_allowed: "mag op deze werkplek niet",
  emergency_explicit_refused: "mag hier niet op toestemming vooraf",
  measure_stopped: "de coronamaatregel is gestopt",
  no_suspicion: "mag alleen bij (mogelijke) corona",
  no_agreement: "mondelinge toestemming ontbreekt",
};

const askRefusals: Record<AskRefusal, Outcome> = {
  not_signed_in: { what: "U bent niet aangemeld. Er is niets opgevraagd.", now: "Meld u aan en zoek opnieuw op." },
  means_not_personal: {
    what: "U bent niet met een persoonlijke pas of persoonlijk middel aangemeld. Er is niets opgevraagd.",
    now: "Meld u aan met uw eigen pas. Een pas zonder naam is niet genoeg.",
  },
  setting_not_allowed: {
    what: "Deze werkplek staat niet op huisartsenpost of spoedeisende hulp. Er is niets opgevraagd.",
    now: "Gebruik een werkplek van de huisartsenpost of spoedeisende hulp, of laat de beheerder de instelling nakijken.",
  },
  role_not_allowed: {
    what: "Met uw rol kan geen samenvatting worden opgevraagd. Er is niets opgevraagd.",
    now: "Vraag een dienstdoende arts om op te zoeken.",
  },
  mandate_missing: {
    what: "Er is geen arts genoemd onder wiens verantwoordelijkheid u opvraagt. Er is niets opgevraagd.",
    now: "Meld u af en opnieuw aan, en kies de verantwoordelijke arts.",
  },
  need_not_confirmed: {
    what: "Niet bevestigd is dat u deze patiënt behandelt en dit nodig hebt. Er is niets opgevraagd.",
    now: "Opvragen mag alleen als het voor de behandeling nodig is.",
  },
  patient_objects: { what: "De patiënt maakt bezwaar. Er is niets opgevraagd.", now: ASK },
  agreement_unanswered: { what: "Niet beantwoord is wie mondeling toestemming geeft. Er is niets opgevraagd.", now: "Beantwoord de vraag en zoek opnieuw op." },
  suspicion_unanswered: { what: "De vraag over corona is niet beantwoord. Er is niets opgevraagd.", now: "Beantwoord de vraag en zoek opnieuw op." },
};

export const outcomes = {
  reasons,
  reasonsShort,
  askRefusals,
  refusedTitle: "Niet getoond",
  askRefusedTitle: "Niet opgevraagd",
  failedTitle: "Niet gelukt",
  refusedSources: (names: string) => `Antwoord van: ${names}.`,
  loggedToo: "Ook dit is vastgelegd.",
  back: "Terug naar opzoeken",
  again: "Opnieuw proberen",
};
