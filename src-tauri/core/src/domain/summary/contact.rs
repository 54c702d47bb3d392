//! Contacts with their partial contacts and journal lines.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::clinical::LineReference;
use super::document::Detail;
use crate::domain::coded::{Coded, Identifier};
use crate::domain::date::Period;
use crate::domain::person::Author;

/// A contact between patient and practice.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Contact {
    /// Key within the summary.
    pub key: String,
    /// Key of the source.
    pub source: String,
    /// Ids as received.
    pub ids: Vec<Identifier>,
    /// Kind (`03` consult), as coded; the display may be missing in normal data.
    pub kind: Option<Coded>,
    /// When, as given.
    pub period: Period,
    /// Status as received.
    pub status: Option<String>,
    /// Who held it.
    pub author: Option<Author>,
    /// Text with it.
    pub text: Option<String>,
    /// Partial contacts (deelcontacten), by sequence number, in the order received.
    pub partials: Vec<PartialContact>,
    /// Only referred to in what was received: its own data may stand in another message.
    pub referred_only: bool,
    /// Entered in error, or taken back.
    pub withdrawn: bool,
    /// Further named values.
    pub details: Vec<Detail>,
    /// What it refers to (a concern).
    pub references: Vec<LineReference>,
}

/// One problem discussed in a contact (deelcontact).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PartialContact {
    /// Sequence number as received; `None` where it had none.
    pub number: Option<String>,
    /// Journal lines in the order received.
    pub lines: Vec<JournalLine>,
    /// Diagnoses.
    pub diagnoses: Vec<Diagnosis>,
    /// Keys of the prescriptions that stand here.
    pub medication: Vec<String>,
    /// Ids of the contact report it was read from, where there is one.
    pub ids: Vec<Identifier>,
    /// Who wrote it, where it says so of its own.
    pub author: Option<Author>,
    /// When, where it has a time of its own.
    pub period: Period,
    /// What it refers to (a concern).
    pub references: Vec<LineReference>,
    /// Further named values.
    pub details: Vec<Detail>,
}

/// One S, O, E or P line.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct JournalLine {
    /// Key within the summary.
    pub key: String,
    /// Ids as received.
    pub ids: Vec<Identifier>,
    /// Kind of line as coded (`S`, `O`, `E`, `P`).
    pub kind: Coded,
    /// Verbatim; `None` where the message gives none.
    pub text: Option<String>,
    /// Why there is no text.
    pub null_flavor: Option<String>,
    /// When, where the line has a time of its own.
    pub period: Period,
    /// Keys of the episodes that refer to it.
    pub episodes: Vec<String>,
}

/// A diagnosis in a partial contact.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Diagnosis {
    /// Key within the summary.
    pub key: String,
    /// Ids as received.
    pub ids: Vec<Identifier>,
    /// As coded (ICPC).
    pub value: Coded,
    /// Text with it.
    pub text: Option<String>,
    /// When, where it has a time of its own.
    pub period: Period,
    /// Who made it.
    pub author: Option<Author>,
    /// Keys of the episodes that refer to it.
    pub episodes: Vec<String>,
}
