//! What the readers of single resources must know of each other.

use std::collections::HashMap;

use super::reports::is_report;
use crate::domain::summary::{LineReference, SectionKind};
use crate::readers::fhir::document::is_contact_report;
use crate::readers::fhir::header::composition_of;
use crate::readers::fhir::tree::{ByNode, Node, Nodes};
use crate::readers::fhir::view::View;

/// What is known about a part's resources while they are read.
#[derive(Default)]
pub(in crate::readers::fhir) struct State {
    /// Resources that a section of a document names: each is an entry.
    sectioned: Nodes,
    /// Resources that were read.
    pub(super) done: Nodes,
    /// Where the contact of an encounter stands: by the key of its resource, or by how it is written
    /// where it is not in the message.
    pub(super) contacts: HashMap<String, usize>,
    /// Where an episode stands, by its key.
    pub(super) episodes: HashMap<String, usize>,
    /// Journal lines that name an episode, by the episode's key.
    pub(super) lines: HashMap<String, Vec<LineReference>>,
    /// How many reports name an encounter.
    pub(super) reports: ByNode<usize>,
    /// The section of the panel that a result belongs to.
    pub(super) panels: ByNode<SectionKind>,
}

impl State {
    /// Looks through a part once.
    pub(in crate::readers::fhir) fn of(view: &View<'_>) -> Self {
        let mut state = Self::default();
        let compositions = view
            .resources()
            .iter()
            .filter(|resource| resource.kind == "Composition");
        let document = composition_of(view)
            .map(|document| document.node)
            .filter(|document| !is_contact_report(view, *document));
        for composition in compositions {
            if document != Some(composition.node) && is_report(view, composition.node) {
                let encounter = view
                    .one(composition.node, "encounter")
                    .and_then(|reference| view.index.resolve(view, reference));
                if let Some(encounter) = encounter {
                    *state.reports.entry(encounter.node).or_default() += 1;
                }
            } else {
                for section in view.named(composition.node, "section") {
                    state.section(view, section);
                }
            }
        }
        state
    }

    fn section(&mut self, view: &View<'_>, section: Node) {
        for child in view.children(section) {
            match view.name(child) {
                "entry" => {
                    let named = view.index.resolve(view, child);
                    self.sectioned.extend(named.map(|resource| resource.node));
                }
                "section" => self.section(view, child),
                _ => {}
            }
        }
    }

    /// Whether a section of a document names a resource.
    pub(super) fn is_sectioned(&self, resource: Node) -> bool {
        self.sectioned.contains(&resource)
    }
}
