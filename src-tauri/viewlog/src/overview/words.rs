//! The words of the overviews, Dutch and English. A code that is not listed is shown as it stands.

use inzage_core::domain::consent::{Agreement, Basis};
use inzage_core::domain::user::{Role, Setting};

use super::Language;
use super::row::{Kind, Outcome, Row};

impl Language {
    pub(super) const fn say(self, nl: &'static str, en: &'static str) -> &'static str {
        match self {
            Self::Nl => nl,
            Self::En => en,
        }
    }
}

pub(super) fn kind(kind: Kind, l: Language) -> &'static str {
    match kind {
        Kind::LookUp => l.say("huisarts-samenvatting", "GP summary"),
        Kind::Event(name) => event(name, l),
    }
}

/// Events as they stand alone, by their names in the log.
const EVENTS: [(&str, &str, &str); 21] = [
    ("signed_in", "aangemeld", "signed in"),
    ("sign_in_refused", "aanmelden geweigerd", "sign-in refused"),
    ("requested", "opgevraagd", "requested"),
    ("objected", "bezwaar vastgelegd", "objection recorded"),
    ("sent", "verstuurd aan de bron", "sent to the source"),
    (
        "marker_read",
        "toestemmingskenmerk van een testpatiënt gelezen",
        "consent marker of a test patient read",
    ),
    (
        "delivered",
        "geleverd door de bron",
        "delivered by the source",
    ),
    ("refused", "geweigerd", "refused"),
    (
        "received_not_shown",
        "ontvangen, niet getoond",
        "received, not shown",
    ),
    ("failed", "niet gelukt", "failed"),
    (
        "released",
        "vrijgegeven voor inzage",
        "released for viewing",
    ),
    ("displayed", "op het scherm getoond", "shown on screen"),
    (
        "asked_about_allergies",
        "allergieën: gevraagd of niet te vragen",
        "allergies: asked, or could not be",
    ),
    (
        "suspicion_changed",
        "antwoord op de coronavraag gewijzigd",
        "answer about corona changed",
    ),
    (
        "measure_changed",
        "coronamaatregel gewijzigd",
        "corona measure changed",
    ),
    ("closed", "samenvatting gesloten", "summary closed"),
    ("locked", "werkplek vergrendeld", "workstation locked"),
    ("signed_out", "afgemeld", "signed out"),
    ("log_opened", "log geopend", "log opened"),
    (
        "segment_started",
        "nieuw deel van het log begonnen",
        "new part of the log begun",
    ),
    (
        "expired",
        "oude regels verwijderd, volgens het beleid",
        "old entries deleted, by policy",
    ),
];

fn event(name: &'static str, l: Language) -> &'static str {
    of_code(&EVENTS, name, l)
}

/// For what a log was opened, by the code of it.
const SCOPES: [(&str, &str, &str); 6] = [
    ("recent", "de laatste regels", "the newest entries"),
    (
        "key",
        "met de sleutel van de organisatie",
        "with the organisation's key",
    ),
    (
        "overview_patient",
        "overzicht over een patiënt",
        "overview of one patient",
    ),
    (
        "overview_employee",
        "overzicht over een medewerker",
        "overview of one employee",
    ),
    (
        "overview_employee_and_patient",
        "overzicht over een medewerker en een patiënt",
        "overview of one employee and one patient",
    ),
    (
        "overview_day",
        "overzicht over een periode",
        "overview of a period",
    ),
];

/// Names of what else an event says.
const FIELDS: [(&str, &str, &str); 9] = [
    ("reason", "reden", "reason"),
    ("why", "reden", "reason"),
    ("cause", "oorzaak", "cause"),
    ("active", "actief", "active"),
    ("since", "sinds", "since"),
    ("decided_by", "besloten door", "decided by"),
    ("last", "tot en met nummer", "up to number"),
    ("before", "vóór", "before"),
    ("years", "jaren", "years"),
];

fn of_code<'a>(list: &'static [(&str, &str, &str)], code: &'a str, l: Language) -> &'a str {
    list.iter()
        .find(|(known, _, _)| *known == code)
        .map_or(code, |(_, nl, en)| l.say(nl, en))
}

/// One thing that an event says besides.
pub(super) fn field(name: &str, value: &str, l: Language) -> String {
    match name {
        "scope" => of_code(&SCOPES, value, l).to_owned(),
        "reason" | "why" => format!("{}: {}", of_code(&FIELDS, name, l), reason(value, l)),
        _ => format!("{}: {value}", of_code(&FIELDS, name, l)),
    }
}

pub(super) const fn outcome(outcome: &Outcome, l: Language) -> &'static str {
    match outcome {
        Outcome::Displayed => l.say("op het scherm getoond", "shown on screen"),
        Outcome::MayHaveBeenSeen => l.say(
            "vrijgegeven, mogelijk gezien (niet bevestigd door het scherm)",
            "released, may have been seen (not confirmed by the screen)",
        ),
        Outcome::ReceivedNotShown => l.say("ontvangen, niet getoond", "received, not shown"),
        Outcome::Refused => l.say("geweigerd", "refused"),
        Outcome::Objected => l.say(
            "bezwaar van de patiënt; niets opgevraagd",
            "the patient objected; nothing was asked",
        ),
        Outcome::Failed => l.say("niet gelukt", "failed"),
        Outcome::Delivered => l.say("geleverd, niet vrijgegeven", "delivered, not released"),
        Outcome::Requested => l.say(
            "opgevraagd, verder niets vastgelegd",
            "requested, nothing more recorded",
        ),
        Outcome::Done(_) => "",
    }
}

pub(super) const fn basis(basis: Basis, l: Language) -> &'static str {
    match basis {
        Basis::Explicit => l.say("toestemming vooraf", "permission in advance"),
        Basis::Corona => l.say("corona-opt-in", "corona opt-in"),
        Basis::NotEstablished => l.say("niet vastgesteld", "not established"),
    }
}

pub(super) const fn agreement(agreement: Agreement, l: Language) -> &'static str {
    match agreement {
        Agreement::Patient => l.say("patiënt", "patient"),
        Agreement::Representative => l.say("vertegenwoordiger", "representative"),
        Agreement::CannotBeAsked => l.say("kon niet worden gevraagd", "could not be asked"),
    }
}

pub(super) const fn setting(setting: Setting, l: Language) -> &'static str {
    match setting {
        Setting::AfterHours => l.say("huisartsenpost", "after-hours GP centre"),
        Setting::Emergency => l.say("spoedeisende hulp", "emergency department"),
        Setting::Other => l.say("anders", "other"),
    }
}

pub(super) const fn role(role: Role, l: Language) -> &'static str {
    match role {
        Role::Doctor => l.say("arts", "doctor"),
        Role::PhysicianAssistant => "physician assistant",
        Role::NurseSpecialist => l.say("verpleegkundig specialist", "nurse specialist"),
        Role::Nurse => l.say("verpleegkundige", "nurse"),
        Role::Assistant => l.say("assistent", "assistant"),
        Role::Pharmacist => l.say("apotheker", "pharmacist"),
        Role::PrivacyOfficer => l.say("functionaris gegevensbescherming", "privacy officer"),
        Role::Unknown => l.say("rol niet bekend", "role not known"),
    }
}

/// Reasons, failures and other values, by code.
pub(super) fn reason(code: &str, l: Language) -> &str {
    match code {
        "ica" => l.say(
            "allergieën, intoleranties en contra-indicaties",
            "allergies, intolerances and contra-indications",
        ),
        "other_patient" => l.say("andere patiënt", "another patient"),
        "other_birth_date" => l.say("andere geboortedatum", "another birth date"),
        "invalid_bsn" => l.say("ongeldig BSN in het antwoord", "invalid BSN in the answer"),
        "two_patients" => l.say(
            "twee patiënten in één antwoord",
            "two patients in one answer",
        ),
        "no_bsn" => l.say("antwoord zonder BSN", "answer without a BSN"),
        "opted_out" => l.say("“nee” van de patiënt", "the patient's “no”"),
        "setting_not_allowed" => l.say("werkplek niet toegelaten", "workstation not permitted"),
        "emergency_explicit_refused" => l.say(
            "niet onder het contract van de spoedeisende hulp",
            "not covered by the emergency department's contract",
        ),
        "measure_stopped" => l.say("coronamaatregel gestopt", "corona measure stopped"),
        "no_suspicion" => l.say("geen verdenking corona", "no suspicion of corona"),
        "no_agreement" => l.say("geen toestemming", "nobody agreed"),
        "not_signed_in" => l.say("niet aangemeld", "not signed in"),
        "means_not_personal" => l.say("geen persoonlijk middel", "means of sign-in not personal"),
        "role_not_allowed" => l.say("rol mag niet opvragen", "role may not view"),
        "mandate_missing" => l.say("geen verantwoordelijke arts", "no responsible doctor"),
        "need_not_confirmed" => l.say("noodzaak niet bevestigd", "need not confirmed"),
        "patient_objects" => l.say("bezwaar van de patiënt", "the patient objects"),
        "agreement_unanswered" => l.say("wie toestemt niet beantwoord", "who agrees not answered"),
        "suspicion_unanswered" => l.say(
            "coronavraag niet beantwoord",
            "corona question not answered",
        ),
        "nothing_found" => l.say("niets gevonden", "nothing found"),
        other => other,
    }
}

/// A section, as inside a sentence.
pub(super) fn section(code: &str, l: Language) -> &str {
    match code {
        "allergies" => l.say("allergieën en intoleranties", "allergies and intolerances"),
        "contraindications" => l.say("contra-indicaties", "contra-indications"),
        "treatment_limits" => l.say("behandelgrenzen", "treatment limits"),
        "attention_lines" => l.say("attentieregels", "attention lines"),
        "alerts" => l.say("waarschuwingen", "alerts"),
        "episodes" => l.say("episodes", "episodes"),
        "contacts" => l.say("contacten", "contacts"),
        "partial_contacts" => l.say("deelcontacten", "partial contacts"),
        "journal_lines" => l.say("journaalregels", "journal lines"),
        "diagnoses" => l.say("diagnosen", "diagnoses"),
        "medication" => l.say("medicatie", "medication"),
        "measurements" => l.say("metingen", "measurements"),
        "laboratory" => l.say("laboratorium", "laboratory"),
        "past_problems" => l.say("eerdere problemen", "past problems"),
        "procedures" => l.say("verrichtingen", "procedures"),
        "immunisations" => l.say("vaccinaties", "immunisations"),
        "devices" => l.say("hulpmiddelen en implantaten", "devices and implants"),
        "social_history" => l.say(
            "leefwijze en leefsituatie",
            "way of life and living situation",
        ),
        "pregnancy" => l.say("zwangerschap", "pregnancy"),
        "functional_status" => l.say("functioneren", "functional status"),
        "care_plan" => l.say("zorgplan", "care plan"),
        "patient_story" => l.say("verhaal van de patiënt", "the patient's story"),
        "family_history" => l.say("familieanamnese", "family history"),
        "other" => l.say("overige gegevens", "other data"),
        "unrecognised" => l.say("niet herkend", "not recognised"),
        other => other,
    }
}

/// Where a row comes from; nothing for what the open log alone says.
pub(super) const fn origin(row: &Row, l: Language) -> &'static str {
    match (row.from_repository, row.contradicted) {
        (false, false) => "",
        (false, true) => l.say(
            "tegengesproken door het register",
            "contradicted by the repository",
        ),
        (true, false) => l.say("register", "repository"),
        (true, true) => l.say("register, tegengesproken", "repository, contradicted"),
    }
}

pub(super) const fn only_here(l: Language) -> &'static str {
    l.say("Alleen deze werkplek", "This workstation only")
}

pub(super) const fn here_and_repository(l: Language) -> &'static str {
    l.say(
        "Deze werkplek en het register van de organisatie",
        "This workstation and the organisation's repository",
    )
}

/// Look-up values differ per workstation, so the employees of several cannot be counted together.
pub(super) const fn patterns_only_here(l: Language) -> &'static str {
    l.say(
        "Cijfers van alleen deze werkplek:",
        "Numbers of this workstation only:",
    )
}

/// With the numbers of a month that goes on, two overviews of two days would differ by one night's people.
pub(super) const fn patterns_of_past_months(l: Language) -> &'static str {
    l.say(
        "Cijfers zijn er alleen van maanden die voorbij zijn.",
        "There are numbers only of months that are over.",
    )
}

/// Whom to ask. The patient's portal shows organisations and requests only, hence both.
pub(super) fn contact(officer: Option<&str>, l: Language) -> String {
    let officer = officer.map_or_else(
        || {
            l.say(
                "vraag de zorginstelling naar haar functionaris gegevensbescherming",
                "ask the care organisation for its data protection officer",
            )
            .to_owned()
        },
        |officer| {
            format!(
                "{} {officer}",
                l.say(
                    "de functionaris gegevensbescherming van de zorginstelling,",
                    "the care organisation's data protection officer,",
                )
            )
        },
    );
    match l {
        Language::Nl => format!(
            "Vragen over deze inzagen: {officer}. Over het uitwisselen van uw gegevens: VZVZ, volgjezorg.nl."
        ),
        Language::En => format!(
            "Questions about these views: {officer}. About the exchange of your data: VZVZ, volgjezorg.nl."
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_of_the_log_has_words_in_both_languages() {
        for (code, nl, en) in EVENTS {
            assert_eq!(event(code, Language::Nl), nl);
            assert_eq!(event(code, Language::En), en);
        }
    }

    #[test]
    fn for_what_the_log_was_opened_is_said_in_words() {
        for code in [
            "recent",
            "key",
            "overview_patient",
            "overview_employee",
            "overview_employee_and_patient",
            "overview_day",
        ] {
            for l in [Language::Nl, Language::En] {
                let said = field("scope", code, l);
                assert!(said.contains(' ') && !said.contains('_'), "{said}");
            }
        }
        assert_eq!(
            field("cause", "idle", Language::Nl),
            "oorzaak: idle",
            "what has no words stands as it is"
        );
    }
}
