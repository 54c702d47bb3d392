/**
 * Names of details and of the elements that an entry can be in a message; one without a word here
 * shows its own name. Keys are in snake case.
 */
export const details: Record<string, string> = {
  activity: "activiteit", additional_instruction: "aanvullende instructie", additional_instructions: "aanvullende instructies",
  address: "adres", age: "leeftijd", agent: "veroorzaker", agreement: "afspraak", annotation: "opmerking", appearance: "uiterlijk",
  as_needed: "zo nodig", asserter: "gemeld door", author: "auteur", basis: "op grond van", batch: "batch", body_site: "plaats op het lichaam",
  cause: "oorzaak", category: "categorie", certainty: "zekerheid", clinical_status: "klinische status", comment: "opmerking",
  complication: "complicatie", conclusion: "conclusie", condition: "aandoening", criticality: "mate van gevaar", date: "datum",
  deceased: "overleden", description: "beschrijving", device: "hulpmiddel", diagnosis: "diagnose", discharge: "ontslag", dosage: "dosering",
  dose: "dosis", dose_number: "dosisnummer", duration: "duur", education: "opleiding", element: "onderdeel", encounter: "contact", end: "einde",
  episode: "episode", evidence: "onderbouwing", expiration_date: "houdbaar tot", expiry: "houdbaar tot", exposure_route: "via",
  facility: "instelling", findings: "bevindingen", follow_up: "vervolg", form: "vorm", frequency: "frequentie", function: "functie",
  goal: "doel", healthcare_service: "zorgdienst", identifier: "kenmerk", indication: "indicatie", informant: "informatie van",
  information_source: "informatie van", ingredient: "bestanddeel", ingredients: "bestanddelen", instruction: "instructie", intent: "bedoeling",
  interpretation: "beoordeling", issued: "uitgegeven", last_occurrence: "laatste keer", laterality: "zijde", location: "plaats",
  lot_number: "lotnummer", manifestation: "uiting", manufacturer: "fabrikant", max_dose: "maximum", maximum: "maximum", method: "methode",
  mode: "wijze", model: "model", model_number: "modelnummer", modifier: "voorbehoud", name: "naam", not_given_reason: "reden van niet geven",
  note: "opmerking", occurrence: "wanneer", onset: "begin", onset_age: "leeftijd bij begin", organisation: "organisatie",
  organization: "organisatie", outcome: "uitkomst", owner: "eigenaar", participant: "betrokkene", part_of: "onderdeel van", patient_instruction: "instructie aan de patiënt",
  performer: "uitvoerder", period: "periode", phone: "telefoon", position: "houding", prescriber: "voorschrijver", priority: "prioriteit",
  probability: "kans", problem: "probleem", procedure: "verrichting", prognosis: "prognose", protocol: "schema", purpose: "doel",
  quantity: "hoeveelheid", quantity_dispensed: "afgeleverde hoeveelheid", rate: "snelheid", reaction: "reactie", reason: "reden",
  reason_code: "reden", reason_not_done: "reden van niet doen", reason_reference: "reden", recorded: "vastgelegd", recorder: "vastgelegd door",
  recurrence: "herhaling", refuted: "weerlegd", relationship: "verwantschap", repeats: "herhaling", reporter: "gemeld door",
  requester: "aangevraagd door", result: "uitslag", role: "rol", route: "toedieningsweg", sequence: "volgorde", serial_number: "serienummer",
  severity: "ernst", sex: "geslacht", site: "plaats", source: "bron", specimen: "materiaal", specialty: "specialisme", stage: "stadium",
  start: "begin", status: "status", status_reason: "reden van de status", stop_type: "soort stop", strength: "sterkte", sub_site: "preciezer",
  subject: "over", substance: "stof", supply: "voorraad", supply_duration: "voorraad voor", target: "doelwaarde", target_disease: "tegen",
  telecom: "bereikbaar via", text: "tekst", time: "tijd", timing: "tijdstip", title: "titel", treatment: "behandeling", type: "soort",
  uncertainty: "onzekerheid", unit: "eenheid", used: "gebruikt", vaccine: "vaccin", value: "waarde", verification: "verificatie",
  verification_status: "zekerheid", version: "versie", visibility: "zichtbaarheid", when: "wanneer", withdrawn: "ingetrokken",
};
