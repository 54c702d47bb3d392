//! A part as a reader may see it, with what became of each of its leaves.
//!
//! Nodes that may not be disclosed do not exist here: no iteration meets them, no position counts
//! them, no reference finds them. Reading a value marks its leaf, so a reader cannot forget; what
//! no reader touched is listed at the end.

use core::cell::{Cell, RefCell};
use std::sync::Arc;

use super::places::Place;
use super::references::Index;
use super::tree::{ByNode, Node, Tree};
use crate::domain::date::PartialDate;
use crate::domain::finding::{Finding, FindingCode, Severity};
use crate::readers::ledger::Disposition;

/// Flag of a node that is ICA with all that is in it.
pub(super) const ICA: u8 = 1;
/// Flag of a text that sums up a whole document: it is withheld with the ICA, whether or not there
/// are any.
pub(super) const SUMMARY: u8 = 4;
/// Flags of what is not disclosed where ICA are withheld.
pub(super) const WITHHELD: u8 = ICA | SUMMARY;
/// Flag of a node that is a part of its own.
pub(super) const PART: u8 = 2;

/// The extension that says why there is no value.
const DATA_ABSENT: &str = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";
/// The same in STU3, as it was often written.
const DATA_ABSENT_STU3: &str = "http://hl7.org/fhir/StructureDefinition/iso21090-nullFlavor";

/// A resource: the node that holds it and its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Resource<'d> {
    pub(super) node: Node,
    /// `AllergyIntolerance`.
    pub(super) kind: &'d str,
}

/// One part, read under one scope.
pub(super) struct View<'d> {
    pub(super) tree: &'d Tree<'d>,
    root: Node,
    flags: &'d [u8],
    hidden: u8,
    source: &'d str,
    /// When the message was made, for dates that lie after it.
    pub(super) sent: Option<PartialDate>,
    states: Vec<Cell<Option<Disposition>>>,
    /// Every resource, contained ones too, in the order of the text.
    resources: Vec<Resource<'d>>,
    pub(super) index: Arc<Index<'d>>,
    pub(super) findings: RefCell<Vec<Finding>>,
    /// Where those stand that have many beside them.
    pub(super) places: RefCell<ByNode<Place>>,
}

impl<'d> View<'d> {
    /// A view on `root` in which nodes with one of the flags `hidden` do not exist, and neither
    /// does what the index, made of such a view, does not know.
    pub(super) fn new(
        tree: &'d Tree<'d>,
        root: Node,
        flags: &'d [u8],
        hidden: u8,
        source: &'d str,
        index: &Arc<Index<'d>>,
    ) -> Self {
        let count = tree
            .data(root)
            .map_or(0, |data| data.last_inside.saturating_sub(root.0) as usize);
        Self {
            tree,
            root,
            flags,
            hidden,
            source,
            sent: None,
            states: vec![Cell::new(None); count],
            resources: index
                .nodes()
                .iter()
                .filter_map(|node| resource_of(tree, *node))
                .collect(),
            index: Arc::clone(index),
            findings: RefCell::new(Vec::new()),
            places: RefCell::default(),
        }
    }

    /// The root of the part.
    pub(super) const fn root(&self) -> Node {
        self.root
    }

    /// The key of the source this is read for.
    pub(super) const fn source(&self) -> &'d str {
        self.source
    }

    /// Whether the node does not exist in this view.
    pub(super) fn is_hidden(&self, node: Node) -> bool {
        node != self.root && self.flag(node) & self.hidden != 0
    }

    /// Whether the node is in this part and exists in this view.
    pub(super) fn has(&self, node: Node) -> bool {
        let mut steps = self.tree.ancestors(node);
        let end = steps.find(|step| *step == self.root || self.is_hidden(*step));
        end == Some(self.root)
    }

    /// Whether going down from the root, child by child, meets the node.
    pub(super) fn is_met(&self, node: Node) -> bool {
        self.has(node)
            && self
                .tree
                .ancestors(node)
                .take_while(|step| *step != self.root)
                .all(|step| !self.tree.names_type(step))
    }

    /// Whether the node is ICA (and may be seen).
    pub(super) fn is_ica(&self, node: Node) -> bool {
        self.tree
            .ancestors(node)
            .any(|step| self.flag(step) & ICA != 0)
    }

    fn flag(&self, node: Node) -> u8 {
        self.flags.get(node.0 as usize).copied().unwrap_or_default()
    }

    /// What the element is called; `[x]` elements with their type (`valueQuantity`).
    pub(super) fn name(&self, node: Node) -> &'d str {
        self.tree.name(node)
    }

    /// The node as a resource; `None` where it is none.
    pub(super) fn resource(&self, node: Node) -> Option<Resource<'d>> {
        resource_of(self.tree, node)
    }

    /// Every resource, contained ones too, in the order of the text.
    pub(super) fn resources(&self) -> &[Resource<'d>] {
        &self.resources
    }

    /// Everything that exists in a node, in the order of the text, but what names a resource's type.
    pub(super) fn children(&self, node: Node) -> impl Iterator<Item = Node> {
        self.tree
            .children(node)
            .filter(|child| !self.is_hidden(*child) && !self.tree.names_type(*child))
    }

    /// The children of this name.
    pub(super) fn named<'v>(
        &'v self,
        node: Node,
        name: &'v str,
    ) -> impl Iterator<Item = Node> + 'v {
        self.tree
            .named(node, name)
            .filter(|child| !self.is_hidden(*child) && !self.tree.names_type(*child))
    }

    /// The first child of this name.
    pub(super) fn one(&self, node: Node, name: &str) -> Option<Node> {
        self.named(node, name).next()
    }

    /// The first child at the end of these names.
    pub(super) fn at(&self, node: Node, names: &[&str]) -> Option<Node> {
        names
            .iter()
            .try_fold(node, |node, name| self.one(node, name))
    }

    /// The node's own value, marking nothing.
    pub(super) fn peek_value(&self, node: Node) -> Option<&'d str> {
        self.tree.value(node)
    }

    /// The value of the first child of this name, marking nothing.
    pub(super) fn peek(&self, node: Node, name: &str) -> Option<&'d str> {
        self.peek_value(self.one(node, name)?)
    }

    /// The value of the first child of this name, to show.
    pub(super) fn shown(&self, node: Node, name: &str) -> Option<String> {
        self.value_shown(self.one(node, name)?)
    }

    /// The value of the first child of this name, to classify or resolve something with.
    pub(super) fn used(&self, node: Node, name: &str) -> Option<&'d str> {
        self.value_used(self.one(node, name)?)
    }

    /// The node's own value, to show.
    pub(super) fn value_shown(&self, node: Node) -> Option<String> {
        self.mark(node, Disposition::Shown);
        self.peek_value(node).map(str::to_owned)
    }

    /// The node's own value, to classify or resolve something with.
    pub(super) fn value_used(&self, node: Node) -> Option<&'d str> {
        self.mark(node, Disposition::Used);
        self.peek_value(node)
    }

    /// Marks the node's own value; what is shown stays shown.
    pub(super) fn mark(&self, node: Node, disposition: Disposition) {
        if let Some(state) = self.state_cell(node) {
            state.set(state.get().max(Some(disposition)));
        }
    }

    fn state_cell(&self, node: Node) -> Option<&Cell<Option<Disposition>>> {
        self.states.get(node.0.checked_sub(self.root.0)? as usize)
    }

    /// What became of the node's own value so far.
    pub(super) fn state(&self, node: Node) -> Option<Disposition> {
        self.state_cell(node).and_then(Cell::get)
    }

    /// Marks every leaf of a node and of what is in it.
    pub(super) fn mark_whole(&self, node: Node, disposition: Disposition) {
        self.mark(node, disposition);
        for child in self.tree.children(node) {
            if !self.is_hidden(child) {
                self.mark_whole(child, disposition);
            }
        }
    }

    /// Marks every leaf of a node and of what is in it as used.
    pub(super) fn use_whole(&self, node: Node) {
        self.mark_whole(node, Disposition::Used);
    }

    /// Whether any leaf of a node was read: someone interpreted it.
    pub(super) fn is_touched(&self, node: Node) -> bool {
        self.state(node).is_some() || self.children(node).any(|child| self.is_touched(child))
    }

    /// Why the element has no value. Always *used*: it classifies an absence. A reason that would
    /// tell of a wish of the patient is told as `unknown`.
    pub(super) fn absent(&self, node: Node) -> Option<String> {
        let extension = self.named(node, "extension").find(|extension| {
            matches!(
                self.peek(*extension, "url"),
                Some(DATA_ABSENT | DATA_ABSENT_STU3)
            )
        })?;
        self.use_whole(extension);
        let code = self
            .children(extension)
            .find(|child| self.name(*child).starts_with("value"))
            .and_then(|value| self.peek_value(value))
            .unwrap_or("unknown");
        Some(tellable(code).to_owned())
    }

    /// Notes a finding at a node.
    pub(super) fn note(&self, code: FindingCode, severity: Severity, at: Node) {
        let finding = Finding {
            code,
            severity,
            path: self.path(at),
            source: Some(self.source.to_owned()),
        };
        self.findings.borrow_mut().push(finding);
    }

    /// Names from the root down, with positions where a name repeats; never a value.
    pub(super) fn path(&self, node: Node) -> String {
        let mut steps = Vec::new();
        for step in self.tree.ancestors(node) {
            steps.push(step);
            if step == self.root {
                break;
            }
        }
        let mut path = String::new();
        for step in steps.into_iter().rev() {
            if !path.is_empty() {
                path.push('/');
            }
            path.push_str(&self.step(step));
        }
        path
    }

    /// One step of a path. A name that is no name of FHIR's could hold anything: it is left out.
    fn step(&self, node: Node) -> String {
        let kind = self.tree.resource_type(node).filter(|kind| is_name(kind));
        let name = self.name(node);
        let written = match (kind, node == self.root) {
            (Some(kind), true) => return kind.to_owned(),
            _ if is_name(name) => name.to_owned(),
            _ => "?".to_owned(),
        };
        let mut step = written;
        if node != self.root {
            let place = self.place(node);
            if place.of > 1 {
                step.push_str(&format!("[{}]", place.position));
            }
        }
        if let Some(kind) = kind.filter(|kind| *kind != name) {
            step.push('/');
            step.push_str(kind);
        }
        step
    }
}

fn resource_of<'d>(tree: &'d Tree<'d>, node: Node) -> Option<Resource<'d>> {
    let kind = tree.resource_type(node)?;
    Some(Resource { node, kind })
}

/// Whether it looks like the name of an element or a type.
fn is_name(name: &str) -> bool {
    /// The longest name of an element of FHIR has some 40 characters.
    const NAME_BYTES_MAX: usize = 64;
    !name.is_empty()
        && name.len() <= NAME_BYTES_MAX
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'(' | b')' | b'-'))
}

/// A reason for an absence as it may be told: no reason that shows a wish of the patient.
pub(super) fn tellable(reason: &str) -> &str {
    const TOLD: [&str; 9] = [
        "unknown",
        "temp-unknown",
        "not-asked",
        "not-applicable",
        "unsupported",
        "as-text",
        "error",
        "not-performed",
        "NI",
    ];
    TOLD.into_iter()
        .find(|told| *told == reason)
        .unwrap_or("unknown")
}
