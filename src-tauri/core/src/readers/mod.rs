//! From bytes to what may be disclosed of them.
//!
//! Reading has two steps, so that no value ever holds what may not be shown:
//! [`open`] gives each part's *header* (who, from whom, on what marker,
//! with what outcome), and [`Opened::read`] reads a part's content under a
//! [`Scope`]. Under [`Scope::WithoutIca`] the ICA elements do not exist for the
//! reader: lists, "not recognised", references, findings and coverage are made
//! as if they had never been sent.
//!
//! **Architecture Invariant:** readers are total: bad input is a finding, never a panic.

pub mod coverage;
pub mod coverage_json;
pub mod fhir;
pub mod hl7v3;
mod kinds;
pub mod ledger;
pub mod limits;
pub mod link;
mod naming;
mod opened;
mod scrub;
mod systems;

use serde::Serialize;

use crate::domain::consent::Marker;
pub use crate::domain::consent::MarkerElement;
use crate::domain::finding::Finding;
use crate::domain::person::Patient;
use crate::domain::summary::{
    AttentionLine, Contact, Entry, EntryNarrative, Episode, Fact, Measurement, Medication, Section,
    SectionKind, Statement, Unrecognised,
};
pub use opened::{Format, Opened, open, text_of};

/// What of a part may be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Everything.
    Full,
    /// As if ICA had never been sent.
    WithoutIca,
}

/// What differs between installations and is *unknown* in public (DOMAIN §2, §3.1).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Profile {
    /// The corona markers, where known.
    pub corona: Vec<MarkerCode>,
    /// The codes of a "no" that arrives as data: such a part is refused.
    pub opt_out: Vec<MarkerCode>,
    /// The codes of permission given in advance: beside a corona marker they conflict.
    pub explicit: Vec<MarkerCode>,
    /// The codes with which a message says that ICA are withheld by a national rule.
    pub national_rule: Vec<MarkerCode>,
    /// The codes of a treatment limit among the annotations: (system, code).
    pub treatment_limits: Vec<(String, String)>,
    /// Error codes that stand for a restriction made by the patient: such an answer looks exactly
    /// like "nothing found".
    pub restriction_errors: Vec<String>,
}

/// Where a marker stands and what it looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkerCode {
    /// Which element carries it.
    pub element: MarkerElement,
    /// OID, UUID or URI of the code system.
    pub system: String,
    /// The code.
    pub code: String,
}

/// Code system of the training markers: a UUID of ours.
pub const TRAINING_MARKER_SYSTEM: &str = "2b6c5a0e-5a0d-4a53-9d0e-6f1d1c2e7c11";
/// Code system of the training encoding of treatment limits: a UUID of ours.
pub const TRAINING_LIMIT_SYSTEM: &str = "2b6c5a0e-5a0d-4a53-9d0e-6f1d1c2e7c12";
/// The training exchange's error code for a restriction made by the patient.
pub const TRAINING_RESTRICTION_ERROR: &str = "TRAINING_AFGESCHERMD";

impl Profile {
    /// The training exchange's encodings, in HL7v3 and in FHIR.
    #[must_use]
    pub fn training() -> Self {
        let everywhere = |code: &str| {
            MarkerElement::ALL
                .into_iter()
                .map(|element| MarkerCode {
                    element,
                    system: TRAINING_MARKER_SYSTEM.to_owned(),
                    code: code.to_owned(),
                })
                .collect()
        };
        Self {
            corona: everywhere("CORONA"),
            opt_out: everywhere("GEEN_TOESTEMMING"),
            explicit: everywhere("OPT_IN"),
            national_rule: everywhere("LANDELIJKE_REGEL"),
            treatment_limits: vec![(TRAINING_LIMIT_SYSTEM.to_owned(), "BEHANDELGRENS".to_owned())],
            restriction_errors: vec![TRAINING_RESTRICTION_ERROR.to_owned()],
        }
    }
}

/// What a part says about itself before anything clinical is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartHeader {
    /// Position in the answer, from 0.
    pub index: usize,
    /// Interaction id (`QUPC_IN990002NL`).
    pub interaction: String,
    /// The sending application's id (II extension under OID 2.16.840.1.113883.2.4.6.6), where given.
    pub sender: Option<String>,
    /// URA and name of the organisation that sent it, where given.
    pub organisation_ura: Option<String>,
    /// Its name.
    pub organisation_name: Option<String>,
    /// How it answered.
    pub outcome: PartOutcome,
    /// How it answered as if ICA had never been sent.
    pub outcome_without_ica: PartOutcome,
    /// What it says of its consent basis.
    pub marker: Marker,
    /// Which element said so; `None` where nothing did.
    pub marker_in: Option<MarkerElement>,
    /// The sections it fills, or would have filled had it delivered: all of them for a whole summary.
    pub sections: Vec<SectionKind>,
    /// Every patient BSN in it as received (digits as they stand, unchecked), without duplicates.
    pub bsns: Vec<String>,
    /// Those that stand outside ICA elements.
    pub bsns_without_ica: Vec<String>,
    /// Every patient birth date in it as received, without duplicates.
    pub birth_dates: Vec<String>,
    /// Those that stand outside ICA elements.
    pub birth_dates_without_ica: Vec<String>,
    /// How many different patients its content names, by number or, without one, by reference.
    pub patients: usize,
    /// The same with the ICA elements left out of account.
    pub patients_without_ica: usize,
    /// Whether it holds clinical content (anything below the provision but identification).
    pub has_content: bool,
    /// The same with the ICA elements left out of account: what a basis that withholds them may know.
    pub has_content_without_ica: bool,
    /// Whether content stands in a record of it that names no patient.
    pub unidentified: bool,
    /// The same with the ICA elements left out of account.
    pub unidentified_without_ica: bool,
    /// Whether ICA elements are in it: for the log alone, never for a screen.
    pub has_ica: bool,
    /// Whether all of it is ICA (alerts, allergies and intolerances, conditions): without ICA it
    /// does not exist, neither as a part nor as one that is missing.
    pub whole_ica: bool,
}

/// How a part answered (acknowledgement and query response, DOMAIN §3.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PartOutcome {
    /// AA and OK.
    Delivered,
    /// AA and OK, with results remaining at the source.
    MoreRemaining,
    /// AA and NF.
    NothingFound,
    /// AE, AR, QE or an error code. The code is scrubbed of anything that looks like a BSN.
    Refused {
        /// The exchange's code (`AUTERR_SWV_FALSE`), or the acknowledgement's.
        code: String,
        /// URA named in its text, if any.
        organisation_ura: Option<String>,
    },
    /// A code this version does not know: incomplete, never success.
    Unknown {
        /// The code as received.
        code: String,
    },
}

/// One statement in a part's allergies, contra-indications or treatment limits, before states are concluded.
pub type Statements = Vec<Statement>;

/// What one part yields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceRecord {
    /// The patient, where the part has one.
    pub patient: Option<Patient>,
    /// Who answers for the record.
    pub author: Option<crate::domain::person::Author>,
    /// What the message says about itself.
    pub transmission: Vec<Fact>,
    /// Allergies and intolerances. Empty under [`Scope::WithoutIca`].
    pub allergies: Statements,
    /// Contra-indications. Empty under [`Scope::WithoutIca`].
    pub contraindications: Statements,
    /// Treatment limits.
    pub treatment_limits: Statements,
    /// Parts that the message itself says are withheld by a national rule.
    pub national_rule: bool,
    /// Attention lines.
    pub attention_lines: Vec<AttentionLine>,
    /// Episodes.
    pub episodes: Vec<Episode>,
    /// Contacts.
    pub contacts: Vec<Contact>,
    /// Prescriptions.
    pub medication: Vec<Medication>,
    /// Measurements.
    pub measurements: Vec<Measurement>,
    /// Laboratory and other diagnostic results.
    pub laboratory: Vec<Measurement>,
    /// Alerts that are no contra-indications.
    pub alerts: Vec<Entry>,
    /// Everything else with a meaning of its own.
    pub others: Vec<Entry>,
    /// The document's own sections.
    pub sections: Vec<Section>,
    /// Narratives of single entries.
    pub narratives: Vec<EntryNarrative>,
    /// Received and not interpreted.
    pub unrecognised: Vec<Unrecognised>,
}

impl SourceRecord {
    /// Takes in what another part of the same source yields; the first patient and author stay, and
    /// what another part says of them besides is told as a fact.
    pub fn absorb(&mut self, mut other: Self) {
        keep_first(
            "Patient",
            &mut self.patient,
            other.patient.take(),
            &mut self.transmission,
        );
        keep_first(
            "author",
            &mut self.author,
            other.author.take(),
            &mut self.transmission,
        );
        self.national_rule |= other.national_rule;
        add_all(&mut self.transmission, other.transmission);
        add_all(&mut self.allergies, other.allergies);
        add_all(&mut self.contraindications, other.contraindications);
        add_all(&mut self.treatment_limits, other.treatment_limits);
        add_all(&mut self.attention_lines, other.attention_lines);
        add_all(&mut self.episodes, other.episodes);
        add_all(&mut self.contacts, other.contacts);
        add_all(&mut self.medication, other.medication);
        add_all(&mut self.measurements, other.measurements);
        add_all(&mut self.laboratory, other.laboratory);
        add_all(&mut self.alerts, other.alerts);
        add_all(&mut self.others, other.others);
        add_all(&mut self.sections, other.sections);
        add_all(&mut self.narratives, other.narratives);
        add_all(&mut self.unrecognised, other.unrecognised);
    }

    /// Whether nothing clinical is in it.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.allergies.is_empty()
            && self.contraindications.is_empty()
            && self.treatment_limits.is_empty()
            && self.attention_lines.is_empty()
            && self.episodes.is_empty()
            && self.contacts.is_empty()
            && self.medication.is_empty()
            && self.measurements.is_empty()
            && self.laboratory.is_empty()
            && self.alerts.is_empty()
            && self.others.is_empty()
            && self.sections.is_empty()
            && self.narratives.is_empty()
    }
}

/// Adds a list to another; to an empty one without a copy, since a large record would stand there
/// twice.
pub(crate) fn add_all<T>(to: &mut Vec<T>, mut list: Vec<T>) {
    if to.is_empty() {
        *to = list;
    } else {
        to.append(&mut list);
    }
}

/// These as a list with room for no more than one, where there is one: nearly everything of a record
/// has one id, and a large record has a hundred thousand of such lists.
pub(crate) fn few<T>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut items = items.into_iter();
    let mut list: Vec<T> = items.next().map(|first| vec![first]).unwrap_or_default();
    list.extend(items);
    list
}

/// Keeps the first of two descriptions; what only the second one says becomes facts.
fn keep_first<T: PartialEq + Serialize>(
    name: &str,
    first: &mut Option<T>,
    second: Option<T>,
    facts: &mut Vec<Fact>,
) {
    let (Some(known), Some(second)) = (&*first, &second) else {
        *first = first.take().or(second);
        return;
    };
    if known == second {
        return;
    }
    let mut said = Vec::new();
    leaves(
        "",
        &serde_json::to_value(known).unwrap_or_default(),
        &mut said,
    );
    let mut besides = Vec::new();
    leaves(
        name,
        &serde_json::to_value(second).unwrap_or_default(),
        &mut besides,
    );
    facts.extend(
        besides
            .into_iter()
            .filter(|fact| !said.iter().any(|one| one.value == fact.value)),
    );
}

/// Every text of a value, named by its path.
fn leaves(path: &str, value: &serde_json::Value, found: &mut Vec<Fact>) {
    match value {
        serde_json::Value::String(text) => found.push(Fact {
            name: path.to_owned(),
            value: text.clone(),
        }),
        serde_json::Value::Array(values) => {
            values.iter().for_each(|value| leaves(path, value, found));
        }
        serde_json::Value::Object(members) => {
            for (name, value) in members {
                leaves(&format!("{path}/{name}"), value, found);
            }
        }
        serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::Number(_) => {}
    }
}

/// Why a part (or the whole answer) cannot be read. Carries no content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// What was noticed; its code says why.
    pub finding: Finding,
}

/// What the keys of a part begin with. Parts that are ICA are counted apart, so that the keys of
/// the others are the same whether or not they arrived.
fn key_prefix(parts: &[PartHeader], part: usize, source_key: &str) -> String {
    let is_ica = parts.get(part).is_some_and(|header| header.whole_ica);
    let before = parts
        .iter()
        .take(part)
        .filter(|header| header.whole_ica == is_ica)
        .count();
    match (is_ica, before) {
        (false, 0) => source_key.to_owned(),
        (false, _) => format!("{source_key}-{before}"),
        (true, _) => format!("{source_key}-w{before}"),
    }
}
