//! People and organisations as received.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::coded::{Coded, Identifier};
use super::date::PartialDate;

/// What a part of a name is (HL7 NL: qualifiers `IN`, `VV`, `BR`, `SP`, `AC`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum NamePartKind {
    /// Given name.
    Given,
    /// Initials (`IN`).
    Initials,
    /// Name called by (`CL`).
    CallMe,
    /// Prefix of the surname that follows (`VV`, "van den").
    SurnamePrefix,
    /// Title or other prefix.
    Title,
    /// Own surname (`BR` or unqualified).
    OwnSurname,
    /// Partner's surname (`SP`).
    PartnerSurname,
    /// Suffix.
    Suffix,
    /// Unstructured text.
    Text,
}

/// One part of a name, in the order received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NamePart {
    /// What it is.
    pub kind: NamePartKind,
    /// Verbatim.
    pub text: String,
}

/// A name, in parts and ready for the banner.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HumanName {
    /// As received.
    pub parts: Vec<NamePart>,
    /// Surname for display, prefixes included, own case ("van den Berg - Jansen").
    pub family: String,
    /// Given names or initials for display.
    pub given: String,
    /// How the name is used, as received (`L`, `OR`, …).
    pub usage: Option<String>,
}

/// Ways to reach someone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Telecom {
    /// Verbatim (`tel:+31775550123`).
    pub value: String,
    /// Use as received (`HP`, `WP`, `MC`).
    pub usage: Option<String>,
}

/// A postal address as received.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Address {
    /// Use as received (`HP`, `WP`).
    pub usage: Option<String>,
    /// Street name, possibly with number.
    pub street: Option<String>,
    /// House number.
    pub house_number: Option<String>,
    /// Addition to the house number and other lines.
    pub additional: Vec<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// City.
    pub city: Option<String>,
    /// Country.
    pub country: Option<String>,
    /// Unstructured text.
    pub text: Option<String>,
}

/// An organisation as received.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Organisation {
    /// URA, AGB and others.
    pub ids: Vec<Identifier>,
    /// Name.
    pub name: Option<String>,
    /// Phone and such.
    pub telecoms: Vec<Telecom>,
    /// Addresses.
    pub addresses: Vec<Address>,
    /// Kind of organisation.
    pub kind: Option<Coded>,
}

/// Someone who wrote or did something. What few of them have stands apart: every entry has room for one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Author {
    /// AGB, UZI.
    pub ids: Vec<Identifier>,
    /// Role (`01.015` huisarts).
    pub role: Option<Box<Coded>>,
    /// Name, if given.
    pub name: Option<HumanName>,
    /// Where they work.
    pub organisation: Option<Box<Organisation>>,
    /// Phone and such of the person.
    pub telecoms: Vec<Telecom>,
    /// When it was written.
    pub time: Option<PartialDate>,
    /// Whether it stands on the entry itself or was conducted from its context
    /// (HL7v3 context conduction); shown as such.
    pub conducted: bool,
}

/// The patient as the message describes them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Patient {
    /// BSN as nine digits, already checked against the one asked for.
    pub bsn: String,
    /// Name.
    pub name: HumanName,
    /// Administrative gender as received.
    pub gender: Option<Coded>,
    /// Birth date as received.
    pub birth_date: Option<PartialDate>,
    /// Deceased, as received: `Some` only where the message says so.
    pub deceased: Option<Deceased>,
    /// Birth place, verbatim parts.
    pub birth_place: Option<Address>,
    /// Addresses.
    pub addresses: Vec<Address>,
    /// Phone and such.
    pub telecoms: Vec<Telecom>,
    /// Registration status as received.
    pub status: Option<String>,
    /// The own GP and practice.
    pub general_practitioner: Option<Author>,
}

/// What the message says of a death.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Deceased {
    /// The statement; `None` where only a date was given.
    pub stated: Option<bool>,
    /// The date, where given.
    pub at: Option<PartialDate>,
}
