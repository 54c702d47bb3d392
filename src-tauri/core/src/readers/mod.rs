//! From bytes to what may be disclosed of them.
//!
//! Reading has two steps, so that no value ever holds what may not be shown:
//! [`hl7v3::open`] gives each part's *header* (who, from whom, on what marker,
//! with what outcome), and [`hl7v3::read`] reads a part's content under a
//! [`Scope`]. Under [`Scope::WithoutIca`] the ICA elements do not exist for the
//! reader: lists, "not recognised", references, findings and coverage are made
//! as if they had never been sent.
//!
//! **Architecture Invariant:** readers are total: bad input is a finding, never a panic.

pub mod coverage;
pub mod hl7v3;
pub mod ledger;
pub mod limits;

use crate::domain::consent::Marker;
use crate::domain::finding::Finding;
use crate::domain::person::Patient;
use crate::domain::summary::{
    AttentionLine, Contact, Episode, Fact, Measurement, Medication, Statement, Unrecognised,
};

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
    /// The corona marker, if known.
    pub corona_marker: Option<MarkerCode>,
    /// The code of a "no" that arrives as data, if known: such a part is refused.
    pub opt_out: Option<MarkerCode>,
    /// The code of permission given in advance, if known: beside the corona marker it conflicts.
    pub explicit: Option<MarkerCode>,
    /// The code of a treatment limit among the annotations, if known: (system, code).
    pub treatment_limit: Option<(String, String)>,
}

/// Where the marker stands and what it looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkerCode {
    /// Which element carries it.
    pub element: MarkerElement,
    /// OID or UUID of the code system.
    pub system: String,
    /// The code.
    pub code: String,
}

/// The element that carries the corona marker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarkerElement {
    /// `PrimaryCareProvision/confidentialityCode`.
    ConfidentialityCode,
    /// `attentionLine` in the transmission wrapper (keyword and value).
    AttentionLine,
}

/// Code system of the training marker: a UUID of ours.
pub const TRAINING_MARKER_SYSTEM: &str = "2b6c5a0e-5a0d-4a53-9d0e-6f1d1c2e7c11";
/// Code system of the training encoding of treatment limits: a UUID of ours.
pub const TRAINING_LIMIT_SYSTEM: &str = "2b6c5a0e-5a0d-4a53-9d0e-6f1d1c2e7c12";

impl Profile {
    /// The training exchange's encodings.
    #[must_use]
    pub fn training() -> Self {
        let marker = |code: &str| MarkerCode {
            element: MarkerElement::ConfidentialityCode,
            system: TRAINING_MARKER_SYSTEM.to_owned(),
            code: code.to_owned(),
        };
        Self {
            corona_marker: Some(marker("CORONA")),
            opt_out: Some(marker("GEEN_TOESTEMMING")),
            explicit: Some(marker("OPT_IN")),
            treatment_limit: Some((TRAINING_LIMIT_SYSTEM.to_owned(), "BEHANDELGRENS".to_owned())),
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
    /// Every patient BSN in it as received (digits as they stand, unchecked), without duplicates.
    pub bsns: Vec<String>,
    /// Those that stand outside ICA elements.
    pub bsns_without_ica: Vec<String>,
    /// Every patient birth date in it as received, without duplicates.
    pub birth_dates: Vec<String>,
    /// Those that stand outside ICA elements.
    pub birth_dates_without_ica: Vec<String>,
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
    /// Received and not interpreted.
    pub unrecognised: Vec<Unrecognised>,
}

impl SourceRecord {
    /// Takes in what another part of the same source yields; the first patient and author stay.
    pub fn absorb(&mut self, mut other: Self) {
        self.patient = self.patient.take().or(other.patient);
        self.author = self.author.take().or(other.author);
        self.national_rule |= other.national_rule;
        self.transmission.append(&mut other.transmission);
        self.allergies.append(&mut other.allergies);
        self.contraindications.append(&mut other.contraindications);
        self.treatment_limits.append(&mut other.treatment_limits);
        self.attention_lines.append(&mut other.attention_lines);
        self.episodes.append(&mut other.episodes);
        self.contacts.append(&mut other.contacts);
        self.medication.append(&mut other.medication);
        self.measurements.append(&mut other.measurements);
        self.unrecognised.append(&mut other.unrecognised);
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
    }
}

// `domain::disclosure` builds on these besides `open`, `read` and `scan`:
// `Opened::range(part)` (bytes of the whole part), `Opened::ica_ranges(part)`,
// `Opened::envelope(source_key) -> (Vec<Fact>, Vec<Unrecognised>, Vec<Finding>, Ledger)`
// (what stands around the parts), `Ledger: Default` with `absorb(Ledger)`, and
// `Coverage: Default + Copy` with `plus`.

/// Why a part (or the whole answer) cannot be read. Carries no content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// What was noticed; its code says why.
    pub finding: Finding,
}
