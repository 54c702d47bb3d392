//! FHIR STU3 and R4, in XML and in JSON: documents (IPS, EPS), search sets, single resources.
//!
//! | file | what it is |
//! |---|---|
//! | `tree`, `json`, `xml` | one tree for both notations |
//! | `view`, `references`, `listing` | what a reader may see, what a reference means, what became of each leaf |
//! | `types`, `people`, `details` | data types, who wrote something, any element as named values |
//! | `reading` | a part while it is read |
//! | `resources` | readers of single resources, by type |

mod details;
mod json;
mod listing;
mod people;
mod reading;
mod references;
mod resources;
#[cfg(test)]
mod tests;
mod tree;
mod types;
mod view;
mod xml;

use core::ops::Range;

use quick_xml::Reader;
use quick_xml::events::Event;

use self::reading::Reading;
use self::tree::{Node, Tree};
use self::view::{ICA, View};
use super::ledger::Ledger;
use super::limits::unreadable;
use super::{PartHeader, PartOutcome, Profile, Scope, SourceRecord, Unreadable};
use crate::domain::consent::Marker;
use crate::domain::finding::{Finding, FindingCode};
use crate::domain::summary::{Fact, SectionKind, Unrecognised};

/// An answer that was parsed, with its parts found and their headers read.
pub struct Opened<'a> {
    tree: Tree<'a>,
    flags: Vec<u8>,
    parts: Vec<PartHeader>,
    roots: Vec<Node>,
}

/// Whether an XML text is FHIR rather than HL7v3, by the namespace of its root.
#[must_use]
pub fn is_fhir_xml(text: &str) -> bool {
    let mut reader = Reader::from_str(text);
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag) | Event::Empty(tag)) => {
                let name = tag.name().0.to_owned();
                let declaration = match name.split_once(':') {
                    Some((prefix, _)) => format!("xmlns:{prefix}"),
                    None => "xmlns".to_owned(),
                };
                return tag
                    .attributes()
                    .with_checks(false)
                    .flatten()
                    .any(|attribute| {
                        attribute.key.0 == declaration && *attribute.value == *xml::FHIR
                    });
            }
            Ok(Event::Eof) | Err(_) => return false,
            Ok(_) => {}
        }
    }
}

/// Parses a JSON text that passed [`super::limits::scan_json`] and finds its parts.
///
/// # Errors
/// `NotWellFormed`, `LimitExceeded`, or `UnknownInteraction` where it is no FHIR resource.
pub fn open_json<'a>(text: &'a str, profile: &Profile) -> Result<Opened<'a>, Unreadable> {
    opened(json::parse(text)?, profile)
}

/// Parses an XML text that passed [`super::limits::scan`] and finds its parts.
///
/// # Errors
/// `NotWellFormed`, `LimitExceeded`, or `UnknownInteraction` where it is no FHIR resource.
pub fn open_xml<'a>(text: &'a str, profile: &Profile) -> Result<Opened<'a>, Unreadable> {
    opened(xml::parse(text)?, profile)
}

fn opened<'a>(tree: Tree<'a>, _profile: &Profile) -> Result<Opened<'a>, Unreadable> {
    let root = tree
        .root()
        .filter(|root| tree.resource_type(*root).is_some())
        .ok_or_else(|| unreadable(FindingCode::UnknownInteraction))?;
    let flags = vec![0; tree.nodes.len()];
    let header = PartHeader {
        index: 0,
        interaction: tree.resource_type(root).unwrap_or_default().to_owned(),
        sender: None,
        organisation_ura: None,
        organisation_name: None,
        outcome: PartOutcome::Delivered,
        outcome_without_ica: PartOutcome::Delivered,
        marker: Marker::Absent,
        marker_in: None,
        sections: SectionKind::ALL.to_vec(),
        bsns: Vec::new(),
        bsns_without_ica: Vec::new(),
        birth_dates: Vec::new(),
        birth_dates_without_ica: Vec::new(),
        patients: 0,
        patients_without_ica: 0,
        has_content: true,
        has_content_without_ica: true,
        unidentified: true,
        unidentified_without_ica: true,
        has_ica: false,
        whole_ica: false,
    };
    Ok(Opened {
        tree,
        flags,
        parts: vec![header],
        roots: vec![root],
    })
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
    pub fn range(&self, part: usize) -> Range<usize> {
        self.roots
            .get(part)
            .and_then(|root| self.tree.data(*root))
            .map_or(0..0, |data| data.start as usize..data.end as usize)
    }

    /// Where the ICA of a part stand.
    #[must_use]
    pub fn ica_ranges(&self, _part: usize) -> Vec<Range<usize>> {
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
///
/// Total: what cannot be interpreted is listed, with findings. A part that does not exist, or
/// that is not disclosed under the scope, gives an empty record and an empty ledger.
#[must_use]
pub fn read(
    opened: &Opened<'_>,
    part: usize,
    scope: Scope,
    source_key: &str,
    profile: &Profile,
) -> (SourceRecord, Vec<Finding>, Ledger) {
    let Some(root) = opened.roots.get(part) else {
        return (SourceRecord::default(), Vec::new(), Ledger::default());
    };
    let hidden = if scope == Scope::WithoutIca { ICA } else { 0 };
    let view = View::new(&opened.tree, *root, &opened.flags, hidden, source_key);
    let mut reading = Reading::new(&view, profile, source_key.to_owned());
    for resource in resources::in_order(&view) {
        resources::read(&mut reading, resource, SectionKind::Other);
    }
    let mut record = reading.record;
    let (unrecognised, findings, ledger) = view.finish();
    record.unrecognised = unrecognised;
    (record, findings, ledger)
}
