//! FHIR STU3 and R4, in XML and in JSON: documents (IPS, EPS), search sets, single resources.

use core::ops::Range;

use super::ledger::Ledger;
use super::limits::unreadable;
use super::{PartHeader, Profile, Scope, SourceRecord, Unreadable};
use crate::domain::finding::{Finding, FindingCode};
use crate::domain::summary::{Fact, Unrecognised};

/// An answer that was parsed, with its parts found and their headers read.
pub struct Opened<'a> {
    parts: Vec<PartHeader>,
    text: core::marker::PhantomData<&'a str>,
}

/// Whether an XML text is FHIR rather than HL7v3, by the namespace of its root.
#[must_use]
pub fn is_fhir_xml(_text: &str) -> bool {
    false
}

/// Parses a JSON text that passed [`super::limits::scan_json`] and finds its parts.
///
/// # Errors
/// `NotWellFormed`, `LimitExceeded`, or `UnknownInteraction` where it is no FHIR resource.
pub fn open_json<'a>(_text: &'a str, _profile: &Profile) -> Result<Opened<'a>, Unreadable> {
    Err(unreadable(FindingCode::UnknownInteraction))
}

/// Parses an XML text that passed [`super::limits::scan`] and finds its parts.
///
/// # Errors
/// `NotWellFormed`, `LimitExceeded`, or `UnknownInteraction` where it is no FHIR resource.
pub fn open_xml<'a>(_text: &'a str, _profile: &Profile) -> Result<Opened<'a>, Unreadable> {
    Err(unreadable(FindingCode::UnknownInteraction))
}

impl Opened<'_> {
    /// The parts' headers, in the order received.
    #[must_use]
    pub fn parts(&self) -> &[PartHeader] {
        &self.parts
    }

    /// Whether fewer entries arrived than were announced.
    #[must_use]
    pub const fn is_fewer_than_announced(&self) -> bool {
        false
    }

    /// Whether clinical content stands outside every part.
    #[must_use]
    pub const fn has_foreign_content(&self) -> bool {
        false
    }

    /// Where a part stands.
    #[must_use]
    pub const fn range(&self, _part: usize) -> Range<usize> {
        0..0
    }

    /// Where the ICA of a part stand.
    #[must_use]
    pub const fn ica_ranges(&self, _part: usize) -> Vec<Range<usize>> {
        Vec::new()
    }

    /// Where that stands which is outside every part and is not disclosed.
    #[must_use]
    pub const fn wrapper_hidden_ranges(&self) -> Vec<Range<usize>> {
        Vec::new()
    }

    /// Everything around the parts.
    #[must_use]
    pub fn envelope(
        &self,
        _source_key: &str,
    ) -> (Vec<Fact>, Vec<Unrecognised>, Vec<Finding>, Ledger) {
        (Vec::new(), Vec::new(), Vec::new(), Ledger::default())
    }
}

/// Reads a part under a scope.
#[must_use]
pub fn read(
    _opened: &Opened<'_>,
    _part: usize,
    _scope: Scope,
    _source_key: &str,
    _profile: &Profile,
) -> (SourceRecord, Vec<Finding>, Ledger) {
    (SourceRecord::default(), Vec::new(), Ledger::default())
}
