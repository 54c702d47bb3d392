//! The end of a reading: structural attributes are checked, what no reader touched is listed, and
//! the ledger is closed.

use std::cell::Cell;

use super::structure;
use super::view::{NONE, Node, SCHEMA_INSTANCE, View, leaf_attributes, tellable};
use crate::domain::finding::{Finding, FindingCode, Severity};
use crate::domain::summary::{Fact, Unrecognised};
use crate::readers::ledger::{Disposition, Ledger};

impl<'d> View<'d> {
    /// Names from the anchor (or the root) down, with positions where a name repeats.
    pub(super) fn path(&self, node: Node<'d>) -> String {
        let mut steps: Vec<Node<'d>> = Vec::new();
        for step in node.ancestors() {
            steps.push(step);
            if step == self.root || Some(step) == self.anchor {
                break;
            }
        }
        let mut path = String::new();
        for step in steps.iter().rev() {
            if !path.is_empty() {
                path.push('/');
            }
            path.push_str(step.tag_name().name());
            let position = self.place(*step).map_or(0, |place| place.position);
            if position > 0 && *step != self.root {
                path.push('[');
                path.push_str(&position.to_string());
                path.push(']');
            }
        }
        path
    }

    /// Checks the structural attributes of what was interpreted, lists what no reader touched,
    /// and closes the ledger. `note_each` adds a finding per listed element.
    pub(super) fn finish(self, note_each: bool) -> (Vec<Unrecognised>, Vec<Finding>, Ledger) {
        let mut unrecognised = Vec::new();
        if !self.is_hidden(self.root) {
            self.close(self.root, false, note_each, &mut unrecognised);
        }
        let became = |state: &Cell<Option<Disposition>>| state.get().unwrap_or(Disposition::Listed);
        let continued = self.continued.iter().filter_map(|(id, leaf)| {
            let (_, state) = self.leaves.get(*leaf as usize)?;
            Some((*id, became(state)))
        });
        let ledger = self
            .leaves
            .iter()
            .map(|(id, state)| (*id, became(state)))
            .chain(continued)
            .collect();
        (unrecognised, self.findings.into_inner(), Ledger::of(ledger))
    }

    fn close(
        &self,
        element: Node<'d>,
        in_visited: bool,
        note_each: bool,
        unrecognised: &mut Vec<Unrecognised>,
    ) {
        let visited = self.place(element).is_some_and(|place| place.visited.get());
        if visited || (in_visited && element.tag_name().name() == "templateId") {
            self.check_structure(element);
        }
        let values = self.untouched(element);
        if !values.is_empty() {
            if note_each {
                self.note(FindingCode::NotInterpreted, Severity::Info, element);
            }
            unrecognised.push(Unrecognised {
                source: self.source.to_owned(),
                path: self.path(element),
                values,
            });
        }
        for child in self.elements(element) {
            self.close(child, visited, note_each, unrecognised);
        }
    }

    fn check_structure(&self, element: Node<'d>) {
        let name = element.tag_name().name();
        for attribute in leaf_attributes(element).filter(|a| a.namespace().is_none()) {
            if self.state_of(element, attribute.name()).is_some() {
                continue;
            }
            match structure::expected(name, attribute.name(), attribute.value()) {
                Some(true) => self.mark_attribute(element, attribute.name(), Disposition::Used),
                Some(false) => {
                    self.note(FindingCode::UnexpectedStructure, Severity::Warning, element)
                }
                None => {}
            }
        }
    }

    pub(super) fn state_of(&self, element: Node<'d>, attribute: &str) -> Option<Disposition> {
        let ordinal = leaf_attributes(element)
            .position(|a| a.namespace().is_none() && a.name() == attribute)?;
        let first = self.place(element)?.leaf as usize;
        self.leaves
            .get(first + ordinal)
            .and_then(|(_, state)| state.get())
    }

    /// Whether a reader understood all of a unit with one statement in it: no leaf is left, no
    /// structural attribute of it or of what holds it is unexpected, and nothing is absent
    /// for a reason.
    pub(super) fn is_understood(&self, unit: Node<'d>, act: Node<'d>) -> bool {
        let as_expected = |node: Node<'d>| {
            leaf_attributes(node).all(|attribute| {
                structure::expected(node.tag_name().name(), attribute.name(), attribute.value())
                    != Some(false)
            })
        };
        let holders = unit
            .ancestors()
            .skip(1)
            .take_while(|holder| *holder != self.root);
        holders
            .into_iter()
            .all(|holder| as_expected(holder) && !is_nil(holder))
            && self.is_all_taken(unit, act)
    }

    fn is_all_taken(&self, element: Node<'d>, act: Node<'d>) -> bool {
        let name = element.tag_name().name();
        let taken = leaf_attributes(element).all(|attribute| {
            match structure::expected(name, attribute.name(), attribute.value()) {
                Some(expected) if attribute.namespace().is_none() => expected,
                _ => {
                    attribute.namespace().is_none()
                        && self.state_of(element, attribute.name()).is_some()
                }
            }
        });
        let texts_taken = self.has_taken_texts(element);
        let visited = self.place(element).is_some_and(|place| place.visited.get());
        // An act and what it is put together from have a reason to be absent; below, a name may.
        let parent = element.parent_element();
        let close = element == act
            || parent == Some(act)
            || act.parent_element() == Some(element)
            || parent.is_some_and(|parent| parent.tag_name().name() == "effectiveTime");
        taken
            && texts_taken
            && !is_nil(element)
            && (visited || name == "templateId" || name == "id")
            && !(close && element.has_attribute("nullFlavor"))
            && self
                .elements(element)
                .all(|child| self.is_all_taken(child, act))
    }

    /// Whether a reader took every leaf of an element and of what is in it. Structural attributes
    /// that are as expected count as taken.
    pub(super) fn is_taken_whole(&self, element: Node<'d>) -> bool {
        let name = element.tag_name().name();
        let attributes = leaf_attributes(element).all(|attribute| {
            attribute.namespace().is_none()
                && (self.state_of(element, attribute.name()).is_some()
                    || structure::expected(name, attribute.name(), attribute.value()) == Some(true))
        });
        attributes
            && self.has_taken_texts(element)
            && self
                .elements(element)
                .all(|child| self.is_taken_whole(child))
    }

    /// Whether a reader took every text of an element.
    pub(super) fn has_taken_texts(&self, element: Node<'d>) -> bool {
        element
            .children()
            .filter(roxmltree::Node::is_text)
            .all(|text| {
                self.place(text)
                    .is_none_or(|place| place.leaf == NONE || !self.is_untouched(place.leaf))
            })
    }

    /// The values of an element's own leaves that no reader touched.
    fn untouched(&self, element: Node<'d>) -> Vec<Fact> {
        let mut values = Vec::new();
        let Some(first) = self.place(element).map(|place| place.leaf) else {
            return values;
        };
        for (leaf, attribute) in (first..).zip(leaf_attributes(element)) {
            if !self.is_untouched(leaf) {
                continue;
            }
            let value = tellable(attribute.value());
            if attribute.name() == "nullFlavor" && value != attribute.value() {
                self.mark(leaf, Disposition::Used);
            }
            values.push(Fact {
                name: format!("@{}", attribute.name()),
                value: value.to_owned(),
            });
        }
        let mut last = NONE;
        for part in element.children().filter(roxmltree::Node::is_text) {
            let leaf = self.place(part).map_or(NONE, |place| place.leaf);
            if leaf == NONE || !self.is_untouched(leaf) {
                continue;
            }
            let text = part.text().unwrap_or_default();
            match values.last_mut() {
                Some(fact) if last == leaf => fact.value.push_str(text),
                _ => values.push(Fact {
                    name: "text".to_owned(),
                    value: text.to_owned(),
                }),
            }
            last = leaf;
        }
        for fact in values.iter_mut().filter(|fact| fact.name == "text") {
            fact.value = fact.value.trim().to_owned();
        }
        values
    }

    fn is_untouched(&self, leaf: u32) -> bool {
        self.leaves
            .get(leaf as usize)
            .is_some_and(|(_, state)| state.get().is_none())
    }
}

/// Whether XML itself says that an element holds nothing.
fn is_nil(element: Node<'_>) -> bool {
    element
        .attribute((SCHEMA_INSTANCE, "nil"))
        .is_some_and(|nil| nil.trim() != "false" && nil.trim() != "0")
}
