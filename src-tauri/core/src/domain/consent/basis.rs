//! The consent basis of one source, and what it was concluded from.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// On what basis a source's data were shared (DOMAIN §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The patient said yes in advance (opt-in).
    Explicit,
    /// The temporary corona opt-in: the patient made no choice; the registration is marked.
    Corona,
    /// The exchange did not say, and this installation cannot conclude it.
    NotEstablished,
}

impl Basis {
    /// Every basis, for generated checks.
    pub const ALL: [Self; 3] = [Self::Explicit, Self::Corona, Self::NotEstablished];
}

/// What the basis was concluded from; shown to the doctor and logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum BasisProvenance {
    /// The message carries a configured marker.
    MarkerInMessage,
    /// No marker, and the measure was stopped: the exchange delivers only after permission in advance.
    MeasureStopped,
    /// No marker, the measure was active, and a marked test patient was read at this installation.
    NoMarkerWhileProven,
    /// No marker, the measure was active, and the marker was never proven here.
    MarkerUnproven,
    /// Marker and statement of permission in one message: the strictest one holds.
    Conflicting,
    /// Given on the command line (inspection of a file only).
    Stated,
}

/// The element of a message that says something about its consent basis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MarkerElement {
    /// HL7v3: `PrimaryCareProvision/confidentialityCode`.
    ConfidentialityCode,
    /// HL7v3: `attentionLine` in the transmission wrapper (keyword and value).
    AttentionLine,
    /// FHIR: `meta.security` of the Bundle, the Composition or an entry.
    FhirSecurity,
    /// FHIR: `meta.tag` of the Bundle, the Composition or an entry.
    FhirTag,
    /// FHIR: a coding in a `Consent` resource about sharing.
    FhirConsent,
}

impl MarkerElement {
    /// Every element, for generated checks.
    pub const ALL: [Self; 5] = [
        Self::ConfidentialityCode,
        Self::AttentionLine,
        Self::FhirSecurity,
        Self::FhirTag,
        Self::FhirConsent,
    ];
}

/// What the message says of its own consent basis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Marker {
    /// No marker.
    Absent,
    /// The configured corona marker.
    Corona,
    /// Corona marker and a statement of explicit permission at once.
    CoronaAndExplicit,
    /// A "no" that arrived as data: refused, and looks like nothing received.
    OptedOut,
}

impl Marker {
    /// Every marker, for generated checks.
    pub const ALL: [Self; 4] = [
        Self::Absent,
        Self::Corona,
        Self::CoronaAndExplicit,
        Self::OptedOut,
    ];
}

/// Who gave oral permission at the desk (DOMAIN §2.1, step 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Agreement {
    /// The patient.
    Patient,
    /// A parent, guardian or representative.
    Representative,
    /// Nobody: the patient cannot express a will and no representative can be reached.
    CannotBeAsked,
}

impl Agreement {
    /// Every answer, for generated checks.
    pub const ALL: [Self; 3] = [Self::Patient, Self::Representative, Self::CannotBeAsked];
}
