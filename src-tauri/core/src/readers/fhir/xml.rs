//! XML into the tree.

use std::borrow::Cow;

use roxmltree::StringStorage;

use super::names::Name;
use super::tree::{Kind, NONE, Tree};
use crate::readers::Unreadable;
use crate::readers::ledger::LeafId;
use crate::readers::limits::parse_xml;

/// The one namespace of FHIR.
pub(super) const FHIR: &str = "http://hl7.org/fhir";
/// Attributes in this namespace say how to read a value; they are no leaves.
const SCHEMA_INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";
/// The name of a run of text outside every attribute.
pub(super) const TEXT: &str = "text()";

type Element<'t, 'a> = roxmltree::Node<'t, 'a>;

/// Parses a text that passed [`crate::readers::limits::scan`].
///
/// # Errors
/// `NotWellFormed`, `DoctypeRefused` or `LimitExceeded`.
pub(super) fn parse(text: &str) -> Result<Tree<'_>, Unreadable> {
    let document = parse_xml(text)?;
    let mut tree = Tree::new(text, true);
    let words = tree.names.name_of(Cow::Borrowed(TEXT))?;
    let mut build = Build { tree, words, text };
    build.element(document.root_element(), NONE)?;
    Ok(build.tree.built())
}

struct Build<'a> {
    tree: Tree<'a>,
    /// The name of a run of text.
    words: Name,
    text: &'a str,
}

impl<'a> Build<'a> {
    /// An element with all that is in it. The scan bounds the depth.
    fn element(&mut self, element: Element<'_, 'a>, parent: u32) -> Result<(), Unreadable> {
        let name = local_name(element, self.text);
        let is_resource = name.starts_with(|c: char| c.is_ascii_uppercase())
            && element.tag_name().namespace() == Some(FHIR);
        let holder = self
            .tree
            .nodes
            .get(parent as usize)
            .filter(|data| is_resource && data.resource == NONE)
            .map(|data| self.tree.names.text(data.name));
        // `<resource><Patient>` is one node; a second resource in the same wrapper gets its own.
        let collapses = holder
            .is_some_and(|name| !name.starts_with(|c: char| c.is_ascii_uppercase()))
            && parent != 0;
        let at = if collapses {
            parent
        } else {
            let name = self.tree.names.name_of(name.clone())?;
            self.tree.push(parent, name, Kind::Element)
        };
        if is_resource {
            let kind = self.tree.push(at, Name::RESOURCE_TYPE, Kind::Element);
            if let Some(data) = self.tree.nodes.get_mut(kind as usize) {
                data.value = Some(name);
            }
            if let Some(data) = self.tree.nodes.get_mut(at as usize) {
                data.resource = kind;
            }
        }
        let range = element.range();
        if !collapses && let Some(data) = self.tree.nodes.get_mut(at as usize) {
            data.start = small(range.start);
            data.end = small(range.end);
        }
        self.attributes(element, at, small(range.start))?;
        self.content(element, at, small(range.start))?;
        let inside = u32::try_from(self.tree.nodes.len()).unwrap_or(NONE);
        if let Some(data) = self.tree.nodes.get_mut(at as usize) {
            data.last_inside = inside;
        }
        Ok(())
    }

    fn attributes(
        &mut self,
        element: Element<'_, 'a>,
        at: u32,
        start: u32,
    ) -> Result<(), Unreadable> {
        let attributes = element
            .attributes()
            .filter(|attribute| attribute.namespace() != Some(SCHEMA_INSTANCE));
        for (place, attribute) in (0_u32..).zip(attributes) {
            let leaf = LeafId {
                element: start,
                place,
            };
            let value = stored(attribute.value_storage());
            let is_value = attribute.name() == "value"
                && attribute.namespace().is_none()
                && self
                    .tree
                    .nodes
                    .get(at as usize)
                    .is_some_and(|data| data.value.is_none());
            let node = if is_value {
                at
            } else {
                let name = Cow::Owned(attribute.name().to_owned());
                let name = self.tree.names.name_of(name)?;
                self.tree.push(at, name, Kind::Attribute)
            };
            if let Some(data) = self.tree.nodes.get_mut(node as usize) {
                data.value = Some(value);
                data.leaf = leaf;
                if !is_value {
                    data.start = start;
                    data.end = start;
                }
            }
        }
        Ok(())
    }

    fn content(&mut self, element: Element<'_, 'a>, at: u32, start: u32) -> Result<(), Unreadable> {
        let mut elements = 0_u32;
        let mut run = NONE;
        for child in element.children() {
            if child.is_element() {
                run = NONE;
                elements += 1;
                self.element(child, at)?;
            } else if let Some(text) = child.text_storage().filter(|_| child.is_text()) {
                let text = stored(text);
                if run == NONE && text.trim().is_empty() {
                    // Blanks between tags are layout.
                    continue;
                }
                if let Some(data) = self.tree.nodes.get_mut(run as usize) {
                    if let Some(value) = &mut data.value {
                        value.to_mut().push_str(&text);
                    }
                } else {
                    run = self.tree.push(at, self.words, Kind::Text);
                    if let Some(data) = self.tree.nodes.get_mut(run as usize) {
                        data.value = Some(text);
                        data.leaf = LeafId {
                            element: start,
                            place: LeafId::TEXT + elements,
                        };
                        data.start = start;
                        data.end = start;
                    }
                }
            }
        }
        Ok(())
    }
}

/// The name without prefix, borrowed from the text where it stands there.
fn local_name<'a>(element: Element<'_, 'a>, text: &'a str) -> Cow<'a, str> {
    let name = element.tag_name().name();
    let start = element.range().start + 1;
    text.get(start..start + name.len())
        .filter(|written| *written == name)
        .map_or_else(|| Cow::Owned(name.to_owned()), Cow::Borrowed)
}

fn stored<'a>(value: &StringStorage<'a>) -> Cow<'a, str> {
    match value {
        StringStorage::Borrowed(text) => Cow::Borrowed(*text),
        StringStorage::Owned(text) => Cow::Owned(text.to_string()),
    }
}

fn small(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(NONE)
}
