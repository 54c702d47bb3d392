//! One answer in whatever format it came: what it is, and the reader for it.

use core::ops::Range;

use super::ledger::Ledger;
use super::{PartHeader, Profile, Scope, SourceRecord, Unreadable, fhir, hl7v3, limits};
use crate::domain::finding::Finding;
use crate::domain::summary::{Fact, Unrecognised};

/// The notation of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// XML: HL7v3, or FHIR.
    Xml,
    /// JSON: FHIR.
    Json,
}

/// An answer that was parsed, with its parts found and their headers read.
#[allow(
    clippy::large_enum_variant,
    reason = "there is one per answer, and it is not moved about"
)]
pub enum Opened<'a> {
    /// HL7v3 as AORTA delivers it.
    Hl7v3(Box<hl7v3::Opened<'a>>),
    /// FHIR STU3 or R4, in XML or JSON.
    Fhir(Box<fhir::Opened<'a>>),
}

/// Checks size, encoding and shape of received bytes in one linear scan, and gives the text
/// without its byte order mark.
///
/// # Errors
/// `LimitExceeded`, `BadEncoding`, `DoctypeRefused` or `NotWellFormed`.
pub fn text_of(bytes: &[u8]) -> Result<(&str, Format), Unreadable> {
    let first = bytes
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(bytes)
        .iter()
        .find(|byte| !byte.is_ascii_whitespace());
    if matches!(first, Some(b'{' | b'[')) {
        Ok((limits::scan_json(bytes)?, Format::Json))
    } else {
        Ok((limits::scan(bytes)?, Format::Xml))
    }
}

/// Parses a text that passed [`text_of`] and finds its parts.
///
/// # Errors
/// What the format's own reader says; `UnknownInteraction` where nobody knows what this is.
pub fn open<'a>(
    text: &'a str,
    format: Format,
    profile: &Profile,
) -> Result<Opened<'a>, Unreadable> {
    match format {
        Format::Json => fhir::open_json(text, profile).map(|read| Opened::Fhir(Box::new(read))),
        Format::Xml if fhir::is_fhir_xml(text) => {
            fhir::open_xml(text, profile).map(|read| Opened::Fhir(Box::new(read)))
        }
        Format::Xml => hl7v3::open(text, profile).map(|read| Opened::Hl7v3(Box::new(read))),
    }
}

impl Opened<'_> {
    /// The parts' headers, in the order received.
    #[must_use]
    pub fn parts(&self) -> &[PartHeader] {
        match self {
            Self::Hl7v3(opened) => opened.parts(),
            Self::Fhir(opened) => opened.parts(),
        }
    }

    /// Whether fewer parts arrived than were announced, or it is not said readably how many.
    #[must_use]
    pub fn is_fewer_than_announced(&self) -> bool {
        match self {
            Self::Hl7v3(opened) => opened.is_fewer_than_announced(),
            Self::Fhir(opened) => opened.is_fewer_than_announced(),
        }
    }

    /// Whether clinical content stands outside every part, where nobody can decide on it.
    #[must_use]
    pub fn has_foreign_content(&self) -> bool {
        match self {
            Self::Hl7v3(opened) => opened.has_foreign_content(),
            Self::Fhir(opened) => opened.has_foreign_content(),
        }
    }

    /// Where a part stands: bytes in XML, the ordinals of its leaves in JSON.
    #[must_use]
    pub fn range(&self, part: usize) -> Range<usize> {
        match self {
            Self::Hl7v3(opened) => opened.range(part),
            Self::Fhir(opened) => opened.range(part),
        }
    }

    /// Where the ICA of a part stand, in order and not within each other.
    #[must_use]
    pub fn ica_ranges(&self, part: usize) -> Vec<Range<usize>> {
        match self {
            Self::Hl7v3(opened) => opened.ica_ranges(part),
            Self::Fhir(opened) => opened.ica_ranges(part),
        }
    }

    /// Where that stands which is outside every part and is not disclosed.
    #[must_use]
    pub fn wrapper_hidden_ranges(&self) -> Vec<Range<usize>> {
        match self {
            Self::Hl7v3(opened) => opened.wrapper_hidden_ranges(),
            Self::Fhir(opened) => opened.wrapper_hidden_ranges(),
        }
    }

    /// Everything around the parts: its facts, the rest as not recognised, findings, and the
    /// ledger of its leaves.
    #[must_use]
    pub fn envelope(
        &self,
        source_key: &str,
    ) -> (Vec<Fact>, Vec<Unrecognised>, Vec<Finding>, Ledger) {
        match self {
            Self::Hl7v3(opened) => opened.envelope(source_key),
            Self::Fhir(opened) => opened.envelope(source_key),
        }
    }

    /// Reads a part under a scope. Total: what cannot be interpreted is listed, with findings.
    #[must_use]
    pub fn read(
        &self,
        part: usize,
        scope: Scope,
        source_key: &str,
        profile: &Profile,
    ) -> (SourceRecord, Vec<Finding>, Ledger) {
        match self {
            Self::Hl7v3(opened) => hl7v3::read(opened, part, scope, source_key, profile),
            Self::Fhir(opened) => fhir::read(opened, part, scope, source_key, profile),
        }
    }
}
