//! Where a node stands among those beside it. Every finding asks, and a document can have tens of
//! thousands of entries beside each other: those are counted once.

use std::collections::HashMap;

use super::tree::{Kind, Node, RESOURCE_TYPE};
use super::view::View;

/// From how many children on their places are kept; fewer are counted faster than looked up.
const KEPT_FROM: usize = 32;

/// Where a node stands in the one that holds it, by what exists in a view.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Place {
    /// Which of those with its name it is, from 1; 0 where it has no place among them.
    pub(super) position: u32,
    /// How many have its name.
    pub(super) of: u32,
    /// Whether what stands before it is a run of text.
    pub(super) after_text: bool,
}

impl View<'_> {
    /// Where a node stands among those beside it.
    pub(super) fn place(&self, node: Node) -> Place {
        let kept = self.places.borrow().get(&node).copied();
        if let Some(place) = kept {
            return place;
        }
        let places = self.places_beside(node);
        let place = places.iter().find(|(beside, _)| *beside == node);
        let place = place.map(|(_, place)| *place).unwrap_or_default();
        if places.len() >= KEPT_FROM {
            self.places.borrow_mut().extend(places);
        }
        place
    }

    fn places_beside(&self, node: Node) -> Vec<(Node, Place)> {
        let mut places = Vec::new();
        let mut counts: HashMap<&str, u32> = HashMap::new();
        let mut after_text = false;
        let parent = self.tree.parent(node);
        for child in parent.into_iter().flat_map(|of| self.tree.children(of)) {
            let name = self.name(child);
            let mut place = Place {
                after_text,
                ..Place::default()
            };
            if !self.is_hidden(child) {
                let data = self.tree.data(child);
                after_text = data.is_some_and(|data| data.kind == Kind::Text);
                if name != RESOURCE_TYPE {
                    let count = counts.entry(name).or_default();
                    *count += 1;
                    place.position = *count;
                }
            }
            places.push((child, place));
        }
        for (child, place) in &mut places {
            place.of = counts.get(self.name(*child)).copied().unwrap_or_default();
        }
        places
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use crate::readers::fhir::{open_xml, read};
    use crate::readers::{Profile, Scope};

    #[test]
    fn many_beside_each_other_are_counted_once() {
        /// The machine may be busy; counting anew for each takes many times this.
        const SOON: Duration = Duration::from_secs(10);
        const MANY: usize = 20_000;
        let profile = Profile::default();
        let text = format!(
            "<Bundle xmlns='http://hl7.org/fhir'>{}</Bundle>",
            "word<entry><odd><very value='1'/></odd></entry>".repeat(MANY)
        );
        let started = Instant::now();
        let opened = open_xml(&text, &profile).unwrap();
        let (record, findings, ledger) = read(&opened, 0, Scope::Full, "s1", &profile);
        assert!(started.elapsed() < SOON);
        assert_eq!(ledger.len(), 2 * MANY);
        assert!(!record.unrecognised.is_empty());
        let paths: Vec<&str> = findings
            .iter()
            .map(|finding| finding.path.as_str())
            .collect();
        assert!(paths.iter().all(|path| path.starts_with("Bundle")));
    }
}
