//! FHIR STU3 and R4, in XML and in JSON: documents (IPS, EPS), search sets, single resources.
//!
//! | file | what it is |
//! |---|---|
//! | `tree`, `names`, `words`, `json`, `xml` | one tree for both notations |
//! | `view`, `places`, `references`, `listing` | what a reader may see and where it stands, what a reference means, what became of each leaf |
//! | `types`, `people`, `details` | data types, who wrote something, any element as named values |
//! | `ica`, `consent`, `outcome`, `header`, `kinds` | what must be known before anything is read |
//! | `reading`, `document` | a part while it is read: itself, its patient, its sections |
//! | `statements`, `narrative`, `vocabulary` | what is said of allergies and treatment limits; received prose, and its words beside the coded ones |
//! | `resources` | readers of single resources, by type |

mod consent;
mod details;
mod document;
mod header;
mod ica;
mod json;
mod kinds;
mod listing;
mod names;
mod narrative;
mod outcome;
mod people;
mod places;
mod reading;
mod references;
mod resources;
mod statements;
#[cfg(test)]
mod tests;
mod tree;
mod types;
mod view;
mod vocabulary;
mod words;
mod xml;

use core::ops::Range;
use std::collections::HashMap;
use std::sync::Arc;

use quick_xml::Reader;
use quick_xml::events::Event;

use self::consent::Found;
use self::reading::Reading;
use self::references::Index;
use self::tree::{Node, Tree};
use self::view::{PART, View, WITHHELD};
use super::ledger::Ledger;
use super::limits::unreadable;
use super::{PartHeader, PartOutcome, Profile, Scope, SourceRecord, Unreadable};
use crate::domain::finding::{Finding, FindingCode, Severity};
use crate::domain::summary::{Fact, Unrecognised};

/// An answer that was parsed, with its parts found and their headers read.
pub struct Opened<'a> {
    tree: Tree<'a>,
    flags: Vec<u8>,
    parts: Vec<PartHeader>,
    roots: Vec<Node>,
    /// By part.
    indexes: Vec<Indexes<'a>>,
    /// By part, whether what stands around it says that ICA are withheld by a national rule.
    ruled: Vec<bool>,
    /// Whether the root is nothing but a wrapper around the parts.
    is_wrapper: bool,
    /// Whether that wrapper says that more is to come, or that something went wrong.
    is_fewer: bool,
}

/// What references mean in a part: to who sees all of it, and where ICA are withheld.
struct Indexes<'a> {
    full: Arc<Index<'a>>,
    without: Arc<Index<'a>>,
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

fn opened<'a>(tree: Tree<'a>, profile: &Profile) -> Result<Opened<'a>, Unreadable> {
    let root = tree
        .root()
        .filter(|root| tree.resource_type(*root).is_some())
        .ok_or_else(|| unreadable(FindingCode::UnknownInteraction))?;
    let nested: Vec<Node> = tree
        .inside(root)
        .filter(|node| *node != root && tree.resource_type(*node) == Some("Bundle"))
        .collect();
    let mut flags = vec![0; tree.nodes.len()];
    for bundle in &nested {
        if let Some(flag) = flags.get_mut(bundle.0 as usize) {
            *flag |= PART;
        }
    }
    let is_wrapper = !nested.is_empty() && holds_only_bundles(&tree, root);
    let roots: Vec<Node> = (!is_wrapper)
        .then_some(root)
        .into_iter()
        .chain(nested)
        .collect();
    let all: Vec<Arc<Index<'a>>> = roots
        .iter()
        .map(|root| index_of(&tree, *root, &flags, PART))
        .collect();
    let has_ica: Vec<bool> = roots
        .iter()
        .zip(&all)
        .map(|(root, index)| ica::flag(&tree, *root, &mut flags, index))
        .collect();
    let indexes: Vec<Indexes<'a>> = roots
        .iter()
        .zip(all)
        .map(|(root, full)| Indexes {
            without: if is_all_disclosed(&tree, *root, &flags) {
                Arc::clone(&full)
            } else {
                index_of(&tree, *root, &flags, PART | WITHHELD)
            },
            full,
        })
        .collect();
    let mut said: HashMap<Node, Found> = HashMap::new();
    let mut is_fewer = false;
    if is_wrapper {
        let index = index_of(&tree, root, &flags, PART);
        let view = View::new(&tree, root, &flags, PART, "", &index);
        said.insert(root, consent::found_in(&view, profile));
        let outcome = outcome::outcome_of(&view, profile, true);
        is_fewer = outcome != PartOutcome::Delivered;
    }
    let mut ruled = Vec::with_capacity(roots.len());
    let parts: Vec<PartHeader> = roots
        .iter()
        .zip(&indexes)
        .zip(has_ica)
        .enumerate()
        .map(|(at, ((root, index), has_ica))| {
            let full = View::new(&tree, *root, &flags, PART, "", &index.full);
            let hidden = PART | WITHHELD;
            let without = View::new(&tree, *root, &flags, hidden, "", &index.without);
            // Outer Bundles come first, with what stands around them in turn.
            let around = tree.ancestors(*root).skip(1).find_map(|at| said.get(&at));
            let around = around.copied().unwrap_or_default();
            ruled.push(around.names_national_rule());
            let found = consent::found_in(&full, profile).within(around);
            said.insert(*root, found);
            header::header(at, &full, &without, has_ica, found, profile)
        })
        .collect();
    Ok(Opened {
        tree,
        flags,
        parts,
        roots,
        indexes,
        ruled,
        is_wrapper,
        is_fewer,
    })
}

/// The index of what exists under these flags.
fn index_of<'a>(tree: &Tree<'a>, root: Node, flags: &[u8], hidden: u8) -> Arc<Index<'a>> {
    Index::of(
        tree,
        &View::new(tree, root, flags, hidden, "", &Arc::default()),
    )
}

/// Whether nothing in a part is withheld with the ICA.
fn is_all_disclosed(tree: &Tree<'_>, root: Node, flags: &[u8]) -> bool {
    tree.inside(root).all(|node| {
        flags
            .get(node.0 as usize)
            .is_none_or(|flag| flag & WITHHELD == 0)
    })
}

/// Whether a Bundle is nothing but a wrapper around others.
fn holds_only_bundles(tree: &Tree<'_>, root: Node) -> bool {
    tree.resource_type(root) == Some("Bundle")
        && tree
            .children(root)
            .filter(|child| tree.name(*child) == "entry")
            .all(|entry| {
                tree.child(entry, "resource")
                    .is_some_and(|resource| tree.resource_type(resource) == Some("Bundle"))
            })
}

impl Opened<'_> {
    /// The parts' headers, in the order received.
    #[must_use]
    pub fn parts(&self) -> &[PartHeader] {
        &self.parts
    }

    /// Whether the wrapper around the parts says that not all of them arrived. A Bundle that is a part
    /// says so as its outcome.
    #[must_use]
    pub const fn is_fewer_than_announced(&self) -> bool {
        self.is_fewer
    }

    /// Whether clinical content stands outside every part: a wrapper holds Bundles and nothing else.
    #[must_use]
    pub const fn has_foreign_content(&self) -> bool {
        false
    }

    /// Where a part stands: bytes in XML, ordinals of leaves in JSON.
    #[must_use]
    pub fn range(&self, part: usize) -> Range<usize> {
        self.roots
            .get(part)
            .and_then(|root| self.tree.data(*root))
            .map_or(0..0, |data| data.start as usize..data.end as usize)
    }

    /// Where the ICA of a part stand, in order and not within each other.
    #[must_use]
    pub fn ica_ranges(&self, part: usize) -> Vec<Range<usize>> {
        let mut ranges: Vec<Range<usize>> = Vec::new();
        if let Some(root) = self.roots.get(part) {
            let whole = self.parts.get(part).is_some_and(|header| header.whole_ica);
            self.outermost(*root, *root, whole, &mut ranges);
        }
        ranges.sort_unstable_by_key(|range| range.start);
        let mut merged: Vec<Range<usize>> = Vec::new();
        for range in ranges {
            match merged.last_mut() {
                Some(last) if range.start <= last.end && !self.tree.is_xml => {
                    last.end = last.end.max(range.end);
                }
                _ => merged.push(range),
            }
        }
        merged
    }

    /// In JSON a leaf at a time: what `_name` says of a value stands elsewhere than the value.
    fn outermost(&self, root: Node, node: Node, hidden: bool, ranges: &mut Vec<Range<usize>>) {
        let flag = self.flags.get(node.0 as usize).copied().unwrap_or_default();
        if node != root && flag & PART != 0 {
            return;
        }
        let hidden = hidden || flag & WITHHELD != 0;
        if let Some(data) = self.tree.data(node).filter(|_| hidden) {
            if self.tree.is_xml {
                ranges.push(data.start as usize..data.end as usize);
                return;
            }
            if data.leaf.place != tree::NONE {
                let leaf = data.leaf.element as usize;
                ranges.push(leaf..leaf + 1);
            }
        }
        for child in self.tree.children(node) {
            self.outermost(root, child, hidden, ranges);
        }
    }

    /// Where that stands which is outside every part and is not disclosed.
    #[must_use]
    pub const fn wrapper_hidden_ranges(&self) -> Vec<Range<usize>> {
        Vec::new()
    }

    /// Everything around the parts: what a wrapper says of itself.
    #[must_use]
    pub fn envelope(
        &self,
        source_key: &str,
    ) -> (Vec<Fact>, Vec<Unrecognised>, Vec<Finding>, Ledger) {
        let Some(root) = self.tree.root().filter(|_| self.is_wrapper) else {
            return (Vec::new(), Vec::new(), Vec::new(), Ledger::default());
        };
        let index = index_of(&self.tree, root, &self.flags, PART);
        let view = View::new(&self.tree, root, &self.flags, PART, source_key, &index);
        let profile = Profile::default();
        let mut reading = Reading::new(&view, &profile, source_key.to_owned());
        document::wrapper(&mut reading);
        let facts = reading.record.transmission;
        let (unrecognised, findings, ledger) = view.finish();
        (facts, unrecognised, findings, ledger)
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
    let (Some(root), Some(header), Some(indexes)) = (
        opened.roots.get(part),
        opened.parts.get(part),
        opened.indexes.get(part),
    ) else {
        return (SourceRecord::default(), Vec::new(), Ledger::default());
    };
    if scope == Scope::WithoutIca && header.whole_ica {
        return (SourceRecord::default(), Vec::new(), Ledger::default());
    }
    let (hidden, index, outcome) = match scope {
        Scope::Full => (PART, &indexes.full, &header.outcome),
        Scope::WithoutIca => (
            PART | WITHHELD,
            &indexes.without,
            &header.outcome_without_ica,
        ),
    };
    let mut view = View::new(
        &opened.tree,
        *root,
        &opened.flags,
        hidden,
        source_key,
        index,
    );
    view.sent = header::sent(&view);
    note_outcome(&view, outcome);
    for node in &opened.tree.repeated {
        if view.has(*node) {
            view.note(FindingCode::RepeatedKey, Severity::Warning, *node);
        }
    }
    let mut reading = Reading::new(
        &view,
        profile,
        super::key_prefix(&opened.parts, part, source_key),
    );
    document::read(&mut reading);
    let mut record = reading.record;
    record.national_rule = consent::names_national_rule(&view, profile)
        || opened.ruled.get(part).is_some_and(|ruled| *ruled);
    let (unrecognised, findings, ledger) = view.finish();
    record.unrecognised = unrecognised;
    (record, findings, ledger)
}

fn note_outcome(view: &View<'_>, outcome: &PartOutcome) {
    let (code, severity) = match outcome {
        PartOutcome::Delivered | PartOutcome::NothingFound => return,
        PartOutcome::MoreRemaining => (FindingCode::MoreRemaining, Severity::Warning),
        PartOutcome::Refused { .. } => (FindingCode::SourceError, Severity::Warning),
        PartOutcome::Unknown { .. } => (FindingCode::UnknownAcknowledgement, Severity::Warning),
    };
    view.note(code, severity, view.root());
}
