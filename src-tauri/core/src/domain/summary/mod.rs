//! The professional summary as it may be shown.
//!
//! Every entry carries the key of its source; there is no bare empty list: each
//! section says through its source's [`source::Delivery`] which absence it is.

pub mod clinical;
pub mod contact;
pub mod document;
pub mod ica;
pub mod source;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::finding::Finding;
use super::person::Patient;
pub use clinical::{
    AttentionLine, Episode, LineReference, MeasuredValue, Measurement, Medication, ReferenceRange,
    Unrecognised,
};
pub use contact::{Contact, Diagnosis, JournalLine, PartialContact};
pub use document::{Detail, Duplicate, Entry, EntryNarrative, Narrative, Section, SectionKind};
pub use ica::{AskPrompt, Part, Statement};
pub use source::{Delivery, Fact, PartDelivery, SourceSummary};

/// What one look-up shows. Made by `disclosure` alone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Summary {
    /// The patient; `None` where nothing with content was received.
    pub patient: Option<Patient>,
    /// Every source that was asked, the refused and the failed ones too.
    pub sources: Vec<SourceSummary>,
    /// Whether everything that was announced arrived from every source.
    pub complete: bool,
    /// Allergies and intolerances.
    pub allergies: Part,
    /// Contra-indications.
    pub contraindications: Part,
    /// Treatment limits.
    pub treatment_limits: Part,
    /// Present exactly where ICA were withheld by rule.
    pub ask: Option<AskPrompt>,
    /// Attention lines, newest first.
    pub attention_lines: Vec<AttentionLine>,
    /// Episodes, in the order received.
    pub episodes: Vec<Episode>,
    /// Contacts, newest first.
    pub contacts: Vec<Contact>,
    /// Prescriptions, newest first. Not current use.
    pub medication: Vec<Medication>,
    /// Measurements, newest first.
    pub measurements: Vec<Measurement>,
    /// Laboratory and other diagnostic results, newest first.
    pub laboratory: Vec<Measurement>,
    /// Alerts that are no contra-indications.
    pub alerts: Vec<Entry>,
    /// Everything else with a meaning of its own: procedures, immunisations, devices …
    pub others: Vec<Entry>,
    /// The documents' own sections, in the order received: an unknown section is a section too.
    pub sections: Vec<Section>,
    /// Narratives of single entries.
    pub narratives: Vec<EntryNarrative>,
    /// Entries that look like one and the same.
    pub duplicates: Vec<Duplicate>,
    /// Everything received that this version does not interpret.
    pub unrecognised: Vec<Unrecognised>,
    /// What the readers noticed.
    pub findings: Vec<Finding>,
}
