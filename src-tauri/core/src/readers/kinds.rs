//! What a statement about allergies, contra-indications or treatment limits says (DOMAIN §4).
//!
//! Two mistakes are to be ruled out. A text may never become a positive "none": only a code
//! can. And a real allergy that was only written down may not be taken for an absence. So a
//! text without a code is an *entry*, unless every one of its words belongs to a closed list
//! of words with which an absence is put ("Geen bekende allergieën", "No known allergies",
//! "NKDA"): then it gives *no information*, and is listed with its text. No substance is on
//! that list, so "Geen penicilline!" stays an entry. The same list judges an unknown code by
//! its display, and a coded "none known" by the text beside it.

use crate::domain::coded::Coded;
use crate::domain::date::{Period, Precision};
use crate::domain::finding::FindingCode;
use crate::domain::state::StatementKind;
use crate::readers::systems::{self, ABSENT_UNKNOWN, ACT_CODE, LIST_EMPTY_REASON, SNOMED};

/// LOINC |Allergies and adverse reactions Document|
pub(crate) const ALLERGIES_LOINC: &str = "48765-2";
/// SNOMED CT |Allergies and adverse reactions section|
pub(crate) const ALLERGIES_RECORD: &str = "722446000";
/// SNOMED CT for the subject of a statement: allergy to a drug, to a substance, to food;
/// propensity to adverse reactions (to a drug, to food, to a substance); drug intolerance. And the
/// record that holds such statements.
pub(crate) const ALLERGIES_SNOMED: [&str; 9] = [
    "416098002",
    "419199007",
    "414285001",
    "420134006",
    "419511003",
    "418471000",
    "418038007",
    "59037007",
    ALLERGIES_RECORD,
];
/// |No known allergy|
pub(crate) const NO_KNOWN_ALLERGY: &str = "716186003";
/// |No information available|
const NO_INFORMATION: &str = "1287211007";
/// |No known … allergy| of one kind: drug, environmental, food, insect, latex (two), animal.
const NO_KNOWN_SCOPED: [&str; 7] = [
    "409137002",
    "428607008",
    "429625007",
    "428197003",
    "716184000",
    "1003774007",
    "716220001",
];

/// Statuses of an act that was entered in error. One that was stopped (`aborted`, `cancelled`)
/// was not: what it names may still hold.
const WITHDRAWN: [&str; 1] = ["nullified"];

/// Dutch and English words with which an absence is put, by blanks. No substance and no word of exception may stand here.
const ABSENCE_WORDS: &str = "
    aan aangetroffen aanwezig allergie allergieen allergieën allergisch allergische als bekend
    bekende beschikbaar bij contra contraindicatie contraindicaties dat de deze dit door een
    eerder en er gegevens geen gemeld geneesmiddel geneesmiddelen geneesmiddelenallergie
    geneesmiddelenallergieën gevraagd gevonden heden heeft hier huisarts in indicatie indicaties
    informatie intolerantie intoleranties is medicatie medicatieallergie medicatieallergieën
    medicijn medicijnallergie medicijnallergieën medicijnen meldt met moment momenteel navraag
    nee niet niets nog nooit nu nvt of onbekend onbekende ons ontkent op over overgevoelig
    overgevoeligheden overgevoeligheid patiënt patient pt reactie reacties te toe tot van
    vastgelegd vastgesteld vermeld voedsel voedselallergie voedselallergieën volgens voor
    voorgeschiedenis zelf zijn zover adverse allergic allergies allergy any available denies
    documented drug drugs food has history information intolerance intolerances known medication
    medications medicine medicines nil nka nkda nkma no none not nothing on or reaction
    reactions record recorded reported situation the to unknown";
/// Of those, the words that deny or say that nothing is known: one of them must be there.
const DENIALS: &str = "
    geen nee niet niets nooit nvt onbekend onbekende ontkent denies nil nka nkda nkma no none
    not nothing unknown";

/// The only words with which a text or a display may confirm a coded "none known": about all
/// allergies, and neither "not asked" nor a kind of them.
const DEFINITIVE_WORDS: &str = "
    geen bekend bekende allergie allergieen allergieën allergisch intolerantie intoleranties
    overgevoeligheid overgevoeligheden en of voor no known allergy allergies intolerance
    intolerances hypersensitivity and or nka situation situatie";
/// Of those, the words that deny.
const DEFINITIVE_DENIALS: &str = "geen no nka";
/// The words that may stand beside the coded reason "nil known" of an empty section.
const NIL_KNOWN_WORDS: &str = "
    geen bekend bekende actieve allergie allergieen allergieën allergisch intolerantie intoleranties
    overgevoeligheid overgevoeligheden en of voor patiënt no none nil known nilknown active
    allergy
    allergies intolerance intolerances hypersensitivity adverse reaction reactions and or the
    patient has nka";
/// Labels of sections and of generated texts: they say nothing of what is known. The kind of the
/// patient's number is among them, as the Australian profile spells it too.
const LABELS: &str = "
    document generated narrative allergyintolerance resource clinicalstatus verificationstatus
    clinical verification status code patient recordeddate recorder asserter recorded date confirmed
    actief female male dob record section healthcare identifier individual austalian australian";
/// Codes of HL7 `ActCode` that are about allergies and intolerances of every kind.
const UNSCOPED_ACTS: [&str; 4] = ["INTLRNC", "OINT", "ALG", "OALG"];

/// Which section a statement belongs to: "none known" is about allergies only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    /// Allergies and intolerances.
    Allergies,
    /// Contra-indications.
    ContraIndications,
    /// Treatment limits: "Niet reanimeren" is one, so no word list judges them.
    TreatmentLimits,
}

/// Everything that what a statement says depends on.
pub(crate) struct Said<'s> {
    pub section: Section,
    /// `negationInd`; `Err` where it is neither true nor false.
    pub negated: Result<bool, ()>,
    pub status: Option<&'s str>,
    pub text: Option<&'s str>,
    pub value: Option<&'s Coded>,
    /// The act's own code: it may be about one kind of allergy only.
    pub code: Option<&'s Coded>,
    /// Further values and remarks: they may say anything, an exception too.
    pub more: bool,
    /// A nullFlavor on the act, its text or its value.
    pub null_flavor: bool,
    /// Certainty, where it was said to be less than certain.
    pub uncertain: bool,
    pub period: &'s Period,
}

/// What a statement says, and what is odd about it. Total.
pub(crate) fn kind_of(said: &Said<'_>) -> (StatementKind, Option<FindingCode>) {
    let substance = said
        .value
        .filter(|value| value.code.is_some() || value.label().is_some());
    let Ok(negated) = said.negated else {
        return (
            StatementKind::Unreadable,
            Some(FindingCode::UnreadableValue),
        );
    };
    if said
        .status
        .is_some_and(|status| WITHDRAWN.contains(&status))
    {
        return (StatementKind::Refuted, None);
    }
    match (substance, said.text) {
        (Some(value), text) => of_code(said, value, text, negated),
        (None, Some(text)) => (of_text(said, text, negated), None),
        (None, None) if said.null_flavor => (StatementKind::NoInformation, None),
        (None, None) => (StatementKind::Unreadable, Some(FindingCode::EmptyEntry)),
    }
}

fn of_code(
    said: &Said<'_>,
    value: &Coded,
    text: Option<&str>,
    negated: bool,
) -> (StatementKind, Option<FindingCode>) {
    match absence_of(value, said.section) {
        // "Not: none known" says nothing that may be concluded from.
        Some(_) if negated => (
            StatementKind::Unreadable,
            Some(FindingCode::UnexpectedStructure),
        ),
        // "None", and something.
        Some(_) if value.translations.iter().any(is_substance) => (
            StatementKind::Unreadable,
            Some(FindingCode::UnexpectedStructure),
        ),
        Some(StatementKind::NoneKnown) if said.section != Section::Allergies => (
            StatementKind::NoInformation,
            Some(FindingCode::UnexpectedStructure),
        ),
        Some(StatementKind::NoneKnown) if !is_definitive(said, text) => {
            (StatementKind::NoInformation, None)
        }
        Some(kind) => (kind, None),
        None if negated => (StatementKind::Negated, None),
        None => (StatementKind::Entry, None),
    }
}

fn of_text(said: &Said<'_>, text: &str, negated: bool) -> StatementKind {
    let wordless = !text.contains(char::is_alphanumeric);
    match (said.section, negated) {
        _ if wordless => StatementKind::Unreadable,
        (Section::TreatmentLimits, false) => StatementKind::Entry,
        (Section::TreatmentLimits, true) => StatementKind::Negated,
        (_, true) if puts_an_absence(text) => StatementKind::Unreadable,
        (_, true) => StatementKind::Negated,
        (_, false) if puts_an_absence(text) => StatementKind::NoInformation,
        (_, false) => StatementKind::Entry,
    }
}

/// A coded absence; `None` for a substance, a group or a contra-indication.
fn absence_of(value: &Coded, section: Section) -> Option<StatementKind> {
    let code = value.code.as_deref();
    let in_system = |known: &[&str]| {
        value
            .system
            .as_deref()
            .is_some_and(|s| systems::is(s, known))
    };
    match code {
        Some(NO_KNOWN_ALLERGY) if in_system(SNOMED) => Some(StatementKind::NoneKnown),
        Some("no-known-allergies") if in_system(ABSENT_UNKNOWN) => Some(StatementKind::NoneKnown),
        Some(NO_INFORMATION) if in_system(SNOMED) => Some(StatementKind::NoInformation),
        Some("no-allergy-info") if in_system(ABSENT_UNKNOWN) => Some(StatementKind::NoInformation),
        Some(code) if in_system(SNOMED) && NO_KNOWN_SCOPED.contains(&code) => {
            Some(StatementKind::Scoped)
        }
        Some(code) if in_system(ABSENT_UNKNOWN) && code.starts_with("no-known-") => {
            Some(StatementKind::Scoped)
        }
        Some(code) if in_system(ABSENT_UNKNOWN) && code.ends_with("-info") => {
            Some(StatementKind::NoInformation)
        }
        // A code that the system does not have.
        Some(_) if in_system(ABSENT_UNKNOWN) => Some(StatementKind::Unreadable),
        // A code nobody here knows, whose words put an absence: never an allergy, never a "none".
        _ if section == Section::TreatmentLimits => None,
        _ => are_words_of_absence(value).then_some(StatementKind::NoInformation),
    }
}

/// Whether all that stands in a value puts an absence in words. A code without words of its own, in
/// whatever translation, may name a substance: the author's words do not speak for it.
fn are_words_of_absence(value: &Coded) -> bool {
    let words = [value.original_text.as_deref(), value.display.as_deref()];
    let has_words = words.iter().any(Option::is_some);
    let is_spoken_for = value.code.is_none() || value.display.is_some();
    has_words
        && is_spoken_for
        && words.into_iter().flatten().all(puts_an_absence)
        && !value.translations.iter().any(is_substance)
}

/// Whether a coded "none known" is beyond doubt: in force, certain, without an end or a date that
/// cannot be read, and with no text beside it that says more ("behalve penicilline").
fn is_definitive(said: &Said<'_>, text: Option<&str>) -> bool {
    let unreadable =
        |date: &crate::domain::date::PartialDate| date.precision == Precision::Unreadable;
    let period = said.period;
    matches!(said.status, None | Some("active" | "completed"))
        && !said.uncertain
        && !said.null_flavor
        && period.high.is_none()
        && !period.low.iter().chain(&period.at).any(unreadable)
        && !said.more
        && text.is_none_or(confirms)
        && said.value.is_none_or(is_confirmed)
        && said.code.is_none_or(is_unscoped)
}

/// Whether nothing that stands with a "none known" says anything else, translations included.
fn is_confirmed(value: &Coded) -> bool {
    let words = [value.display.as_deref(), value.original_text.as_deref()];
    words.into_iter().flatten().all(confirms)
        && value.null_flavor.is_none()
        && value.translations.iter().all(|translation| {
            absence_of(translation, Section::Allergies) == Some(StatementKind::NoneKnown)
                && is_confirmed(translation)
        })
}

/// Whether an act is about allergies and intolerances of every kind.
fn is_unscoped(code: &Coded) -> bool {
    code.system
        .as_deref()
        .is_some_and(|s| systems::is(s, ACT_CODE))
        && code
            .code
            .as_deref()
            .is_some_and(|code| UNSCOPED_ACTS.contains(&code))
        && code.original_text.is_none()
        && code.null_flavor.is_none()
        && code.translations.is_empty()
        && code
            .display
            .as_deref()
            .is_none_or(|display| words_of(display).all(|w| stands_in(DEFINITIVE_WORDS, &w)))
}

/// Whether a text says in so many words that there are no known allergies, and nothing else.
fn confirms(text: &str) -> bool {
    let mut denies = false;
    words_of(text).all(|word| {
        denies |= stands_in(DEFINITIVE_DENIALS, &word);
        stands_in(DEFINITIVE_WORDS, &word)
    }) && denies
}

fn words_of(text: &str) -> impl Iterator<Item = String> {
    let words: Vec<String> = text
        .to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    words.into_iter()
}

/// Whether a code says that there are no known allergies, of any kind or of one.
pub(crate) fn says_no_allergies(system: &str, code: &str) -> bool {
    systems::is(system, SNOMED) && (code == NO_KNOWN_ALLERGY || NO_KNOWN_SCOPED.contains(&code))
        || systems::is(system, ABSENT_UNKNOWN) && !is_absence_of_other(code)
}

/// Whether an "absent or unknown" code is about something else than allergies.
fn is_absence_of_other(code: &str) -> bool {
    const OTHERS: [&str; 5] = [
        "medication",
        "problem",
        "procedure",
        "immunization",
        "device",
    ];
    !code.contains("allerg") && OTHERS.iter().any(|other| code.contains(other))
}

/// What a section that holds no entries says by the reason it gives. Only "nil known" is a "none",
/// and only where the words beside it say the same.
pub(crate) fn of_empty_reason(reason: &Coded, words: Option<&str>) -> StatementKind {
    let is_nil_known = core::iter::once(reason)
        .chain(&reason.translations)
        .any(|coding| {
            coding.code.as_deref() == Some("nilknown")
                && coding
                    .system
                    .as_deref()
                    .is_some_and(|system| systems::is(system, LIST_EMPTY_REASON))
        });
    let others = reason.translations.iter().any(|other| {
        other.code.as_deref() != Some("nilknown")
            && other
                .system
                .as_deref()
                .is_some_and(|system| systems::is(system, LIST_EMPTY_REASON))
    });
    let agrees = |text: &str| words_of(text).all(|word| stands_in(NIL_KNOWN_WORDS, &word));
    let texts = [
        words,
        reason.original_text.as_deref(),
        reason.display.as_deref(),
    ];
    if is_nil_known && !others && texts.into_iter().flatten().all(agrees) {
        StatementKind::NoneKnown
    } else {
        StatementKind::NoInformation
    }
}

/// Whether a text beside a "none known" says nothing else: each word is one of those with which a
/// none is put, a label of a generated text, a number, or is `known` from what is coded.
pub(crate) fn agrees_with_none(text: &str, known: impl Fn(&str) -> bool) -> bool {
    words_of(text).all(|word| {
        word.bytes().all(|byte| byte.is_ascii_digit())
            || [DEFINITIVE_WORDS, NIL_KNOWN_WORDS, LABELS]
                .iter()
                .any(|words| stands_in(words, &word))
            || known(&word)
    })
}

/// Whether a value names something rather than an absence.
pub(crate) fn is_substance(value: &Coded) -> bool {
    (value.code.is_some() || value.label().is_some())
        && absence_of(value, Section::Allergies).is_none()
}

/// Whether a text is put together from nothing but words of absence, one of them a denial.
fn puts_an_absence(text: &str) -> bool {
    let lower = text
        .to_lowercase()
        .replace("n.v.t.", "nvt")
        .replace("n.v.t", "nvt");
    let mut words = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .peekable();
    let mut denies = false;
    words.peek().is_some()
        && words.all(|word| {
            denies |= stands_in(DENIALS, word);
            stands_in(ABSENCE_WORDS, word)
        })
        && denies
}

fn stands_in(words: &str, word: &str) -> bool {
    words.split_whitespace().any(|known| known == word)
}

#[cfg(test)]
mod tests;
