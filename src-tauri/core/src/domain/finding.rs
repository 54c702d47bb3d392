//! What a reader noticed: for integrators and the log, never clinical text.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One thing noticed while reading.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
pub struct Finding {
    /// Stable code.
    pub code: FindingCode,
    /// How bad it is.
    pub severity: Severity,
    /// Where, as a path of element names with positions; never a value.
    pub path: String,
    /// Which source, where known.
    pub source: Option<String>,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Something is not as the standard has it; everything is shown.
    Warning,
    /// A part could not be used.
    Error,
}

/// What was noticed. Consumers match these codes, never texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FindingCode {
    /// Not XML, or broken off.
    NotWellFormed,
    /// Larger, deeper or more tangled than the limits allow.
    LimitExceeded,
    /// A document type declaration: never accepted.
    DoctypeRefused,
    /// Neither a known interaction (HL7v3) nor a resource (FHIR).
    UnknownInteraction,
    /// The text is not valid UTF-8 (or another declared encoding that is read).
    BadEncoding,
    /// A BSN in the message fails the eleven-test.
    InvalidBsn,
    /// Clinical content without any BSN.
    NoBsn,
    /// Another patient's BSN.
    OtherPatient,
    /// The BSN asked for, with another birth date.
    OtherBirthDate,
    /// The name differs from the one handed over.
    OtherName,
    /// Two patients with content in one part.
    TwoPatients,
    /// A date that does not exist or cannot be read: shown as given.
    UnreadableDate,
    /// A date after the moment of reading: shown as given.
    FutureDate,
    /// A reference whose target is not in the message.
    DanglingReference,
    /// One id on two things.
    RepeatedId,
    /// A structural attribute has another value than the standard's.
    UnexpectedStructure,
    /// An element without text, value or nullFlavor.
    EmptyEntry,
    /// A value that cannot be read as the type it says it has.
    UnreadableValue,
    /// Received and not interpreted: listed under "not recognised".
    NotInterpreted,
    /// An acknowledgement or query response code this version does not know: incomplete.
    UnknownAcknowledgement,
    /// The source answered with an error.
    SourceError,
    /// Fewer parts than announced.
    FewerThanAnnounced,
    /// More results remain at the source.
    MoreRemaining,
    /// Marker and explicit permission at once.
    ConflictingConsent,
    /// An attribute or element of another kind of message.
    ForeignContent,
    /// A key that stands more than once in one JSON object: both values are kept.
    RepeatedKey,
    /// A Bundle of another type than its content: a search set posing as a document, a document
    /// without its Composition.
    UnexpectedBundle,
    /// A `modifierExtension` that nobody here knows: it may turn the meaning round.
    UnknownModifier,
    /// An `OperationOutcome` among the answers: something went wrong at the source.
    OperationOutcome,
    /// A required narrative is missing.
    NarrativeMissing,
    /// A narrative held what a narrative may not (a script, an image, a form): only its text is shown.
    NarrativeStripped,
    /// A resource that no section and no other resource refers to: shown all the same.
    Unreferenced,
}
