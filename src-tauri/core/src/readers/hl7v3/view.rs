//! A part as a reader may see it, with what became of each of its leaves.
//!
//! Elements that may not be disclosed do not exist here: no iteration meets them, no
//! position counts them, no text is split by them. Reading a value marks its leaf, so a
//! reader cannot forget; what no reader touched is listed at the end.

use core::cell::{Cell, RefCell};
use std::collections::HashMap;

use crate::domain::date::PartialDate;
use crate::domain::finding::{Finding, FindingCode, Severity};
use crate::readers::ledger::{Disposition, LeafId};

/// The one namespace of HL7v3.
pub(super) const HL7: &str = "urn:hl7-org:v3";
/// Attributes in this namespace say how to read a value; they are no leaves.
pub(super) const SCHEMA_INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// Extensions of HL7v3: of the Netherlands, of IHE's pharmacy domain, of HL7's structured documents.
const EXTENSIONS: [&str; 3] = [
    "urn:hl7-nl:v3",
    "urn:ihe:pharm:medication",
    "urn:hl7-org:sdtc",
];

/// Flag of an element that is ICA with all that is in it.
pub(super) const ICA: u8 = 1;
/// Flag of an element that holds nothing but ICA, and is gone with them.
pub(super) const EMPTIED: u8 = 8;
/// Flags of what is not disclosed where ICA are withheld.
pub(super) const WITHHELD: u8 = ICA | EMPTIED;
/// Flag of an element that is a part of its own.
pub(super) const PART: u8 = 2;

/// An element of the message.
pub(super) type Node<'d> = roxmltree::Node<'d, 'd>;

/// Siblings up to which they are compared one by one; of more a table is made.
const COUNTED_BY_HAND_MAX: usize = 12;

/// No leaf here.
pub(super) const NONE: u32 = u32::MAX;

/// What the survey keeps of each node.
#[derive(Clone)]
pub(super) struct Place {
    /// First leaf of an element; the leaf of a text.
    pub(super) leaf: u32,
    /// Position among the disclosed siblings of the same name, from 1; 0 where it is the only one.
    pub(super) position: u32,
    /// Whether a reader interpreted the element.
    pub(super) visited: Cell<bool>,
}

/// One part, read under one scope.
pub(super) struct View<'d> {
    pub(super) root: Node<'d>,
    /// Paths begin here, where the part has exactly one.
    pub(super) anchor: Option<Node<'d>>,
    flags: &'d [u8],
    hidden: u8,
    /// All of the part is ICA, and its own reader takes it: nothing in it is set apart.
    whole: bool,
    pub(super) source: &'d str,
    /// When the message was made, for dates that lie after it.
    pub(super) sent: Option<PartialDate>,
    base: usize,
    places: Vec<Place>,
    pub(super) leaves: Vec<(LeafId, Cell<Option<Disposition>>)>,
    /// Texts that go on behind what is not disclosed, with the leaf that they are together.
    pub(super) continued: Vec<(LeafId, u32)>,
    pub(super) findings: RefCell<Vec<Finding>>,
}

impl<'d> View<'d> {
    /// A view on `root` in which elements with one of the flags `hidden` do not exist.
    pub(super) fn new(root: Node<'d>, flags: &'d [u8], hidden: u8, source: &'d str) -> Self {
        let base = root.id().get_usize();
        let end = root
            .descendants()
            .next_back()
            .map_or(base, |last| last.id().get_usize());
        let place = Place {
            leaf: NONE,
            position: 0,
            visited: Cell::new(false),
        };
        let mut view = Self {
            root,
            anchor: None,
            flags,
            hidden,
            whole: false,
            source,
            sent: None,
            base,
            places: vec![place; end - base + 1],
            leaves: Vec::new(),
            continued: Vec::new(),
            findings: RefCell::new(Vec::new()),
        };
        view.whole = view.flag(root) & ICA != 0;
        if !view.is_hidden(root) {
            view.survey(root, &mut Vec::new());
        }
        view
    }

    /// Lets paths begin at `anchor`.
    pub(super) const fn anchor_at(&mut self, anchor: Node<'d>) {
        self.anchor = Some(anchor);
    }

    /// Names the leaves of an element and of what is in it, in the order of the text. `siblings` is
    /// used again at every depth.
    fn survey(&mut self, element: Node<'d>, siblings: &mut Vec<Node<'d>>) {
        let start = u32::try_from(element.range().start).unwrap_or(u32::MAX);
        let first = u32::try_from(self.leaves.len()).unwrap_or(NONE);
        if let Some(place) = self.place_mut(element) {
            place.leaf = first;
        }
        for (place, _) in (0_u32..).zip(leaf_attributes(element)) {
            let id = LeafId {
                element: start,
                place,
            };
            self.leaves.push((id, Cell::new(None)));
        }
        let from = siblings.len();
        let mut run: Option<Node<'d>> = None;
        // All of them: what is another part's, or is not disclosed, stands between texts too.
        let mut elements = 0;
        // Where what is not disclosed stands in a run.
        let mut gaps = Vec::new();
        for child in element.children() {
            if child.is_text() {
                run = run.or(Some(child));
            } else if child.is_element() {
                let hidden = self.is_hidden(child);
                // Another part stands where it stands, for itself. What is not disclosed is not
                // there: the texts around it are one.
                if !hidden || self.flag(child) & PART != 0 {
                    self.end_run(run.take(), Some(child), start, elements, &mut gaps);
                } else if run.is_some() {
                    gaps.push(elements);
                }
                if !hidden {
                    siblings.push(child);
                }
                elements += 1;
            }
        }
        self.end_run(run.take(), None, start, elements, &mut gaps);
        self.count(siblings.get(from..).unwrap_or_default());
        for at in from..siblings.len() {
            if let Some(child) = siblings.get(at).copied() {
                self.survey(child, siblings);
            }
        }
        siblings.truncate(from);
    }

    /// Gives each of these siblings its position among those of its name.
    fn count(&mut self, siblings: &[Node<'d>]) {
        if siblings.len() < 2 {
            return;
        }
        if siblings.len() <= COUNTED_BY_HAND_MAX {
            self.count_few(siblings);
            return;
        }
        let mut first: HashMap<&str, (Node<'d>, u32)> = HashMap::new();
        for sibling in siblings {
            let (one, count) = first
                .entry(sibling.tag_name().name())
                .or_insert((*sibling, 0));
            *count += 1;
            let (one, position) = (*one, *count);
            if position > 1 {
                self.set_position(*sibling, position);
                self.set_position(one, 1);
            }
        }
    }

    fn count_few(&mut self, siblings: &[Node<'d>]) {
        for (at, sibling) in siblings.iter().enumerate() {
            let name = sibling.tag_name().name();
            let same = |other: &&Node<'d>| other.tag_name().name() == name;
            let before = siblings.iter().take(at).filter(same).count();
            let is_one_of_many =
                before > 0 || siblings.iter().skip(at + 1).any(|other| same(&other));
            if is_one_of_many {
                self.set_position(*sibling, u32::try_from(before + 1).unwrap_or(u32::MAX));
            }
        }
    }

    fn set_position(&mut self, of: Node<'d>, position: u32) {
        if let Some(place) = self.place_mut(of) {
            place.position = position;
        }
    }

    /// Ends a run of characters that began at `run`, before the element `until`, with `before` elements
    /// before its end and before each gap in it.
    fn end_run(
        &mut self,
        run: Option<Node<'d>>,
        until: Option<Node<'d>>,
        element: u32,
        before: u32,
        gaps: &mut Vec<u32>,
    ) {
        let Some(begin) = run else { return };
        let texts = || {
            core::iter::successors(Some(begin), |node| node.next_sibling())
                .take_while(|node| Some(*node) != until)
                .filter(|node| node.is_text())
        };
        if !texts().any(|text| !text.text().unwrap_or_default().trim().is_empty()) {
            return;
        }
        let leaf = u32::try_from(self.leaves.len()).unwrap_or(NONE);
        let id = |before: u32| LeafId {
            element,
            place: LeafId::TEXT + before,
        };
        self.leaves.push((id(before), Cell::new(None)));
        let parts = gaps.drain(..).map(|before| (id(before), leaf));
        self.continued.extend(parts);
        for text in texts() {
            if let Some(place) = self.place_mut(text) {
                place.leaf = leaf;
            }
        }
    }

    pub(super) fn place(&self, node: Node<'d>) -> Option<&Place> {
        self.places
            .get(node.id().get_usize().checked_sub(self.base)?)
    }

    fn place_mut(&mut self, node: Node<'d>) -> Option<&mut Place> {
        self.places
            .get_mut(node.id().get_usize().checked_sub(self.base)?)
    }

    fn flag(&self, node: Node<'d>) -> u8 {
        self.flags
            .get(node.id().get_usize())
            .copied()
            .unwrap_or_default()
    }

    /// Whether the element does not exist in this view.
    pub(super) fn is_hidden(&self, node: Node<'d>) -> bool {
        self.flag(node) & self.hidden != 0
    }

    /// Whether the element is ICA (and may be seen) in a part that is something else.
    pub(super) fn is_ica(&self, node: Node<'d>) -> bool {
        !self.whole && self.flag(node) & ICA != 0
    }

    /// The root of the part.
    pub(super) const fn root(&self) -> Node<'d> {
        self.root
    }

    /// The key of the source this is read for.
    pub(super) const fn source(&self) -> &'d str {
        self.source
    }

    /// Every element child that exists here, whatever its namespace.
    pub(super) fn elements(&self, node: Node<'d>) -> impl Iterator<Item = Node<'d>> {
        node.children()
            .filter(|child| child.is_element() && !self.is_hidden(*child))
    }

    /// The HL7 element children but ICA, which a reader of its own takes. Marks nothing.
    pub(super) fn children(&self, node: Node<'d>) -> impl Iterator<Item = Node<'d>> {
        self.elements(node)
            .filter(|child| !self.is_ica(*child) && is_hl7(*child))
    }

    /// The children of this name, each taken as interpreted.
    pub(super) fn named(
        &self,
        node: Node<'d>,
        name: &'static str,
    ) -> impl Iterator<Item = Node<'d>> {
        self.children(node)
            .filter(move |child| child.tag_name().name() == name)
            .inspect(|child| self.visit(*child))
    }

    /// The children of this name in HL7's namespace or in that of an extension of it, each taken
    /// as interpreted.
    pub(super) fn extended(
        &self,
        node: Node<'d>,
        name: &'static str,
    ) -> impl Iterator<Item = Node<'d>> {
        self.elements(node)
            .filter(move |child| {
                child.tag_name().name() == name
                    && !self.is_ica(*child)
                    && child
                        .tag_name()
                        .namespace()
                        .is_some_and(|space| space == HL7 || EXTENSIONS.contains(&space))
            })
            .inspect(|child| self.visit(*child))
    }

    /// The first child of this name, taken as interpreted.
    pub(super) fn one(&self, node: Node<'d>, name: &'static str) -> Option<Node<'d>> {
        self.named(node, name).next()
    }

    /// The first child of this name, not yet interpreted.
    pub(super) fn peek(&self, node: Node<'d>, name: &str) -> Option<Node<'d>> {
        self.children(node)
            .find(|child| child.tag_name().name() == name)
    }

    /// Takes an element as interpreted: its structural attributes are checked at the end.
    pub(super) fn visit(&self, node: Node<'d>) {
        if let Some(place) = self.place(node) {
            place.visited.set(true);
        }
    }

    /// Whether a reader took an element as interpreted.
    pub(super) fn is_visited(&self, node: Node<'d>) -> bool {
        self.place(node).is_some_and(|place| place.visited.get())
    }

    /// Whether this is a record of the message that its reader took, ICA in it included.
    pub(super) fn is_read_record(&self, node: Node<'d>) -> bool {
        self.is_visited(node)
            && node
                .parent_element()
                .is_some_and(|parent| parent.has_tag_name((HL7, "subject")))
    }

    /// The value of an attribute, to show.
    pub(super) fn shown(&self, node: Node<'d>, name: &str) -> Option<String> {
        self.take(node, name, Disposition::Shown).map(str::to_owned)
    }

    /// The value of an attribute, to classify or resolve something with.
    pub(super) fn used(&self, node: Node<'d>, name: &str) -> Option<&'d str> {
        self.take(node, name, Disposition::Used)
    }

    fn take(&self, node: Node<'d>, name: &str, disposition: Disposition) -> Option<&'d str> {
        let (ordinal, attribute) = (0_u32..)
            .zip(leaf_attributes(node))
            .find(|(_, a)| a.name() == name && a.namespace().is_none())?;
        let first = self.place(node).map_or(NONE, |place| place.leaf);
        if first != NONE {
            self.mark(first + ordinal, disposition);
        }
        Some(attribute.value())
    }

    /// Why there is no value. Always *used*: it classifies an absence. `MSK` (withheld, also by the
    /// patient's own wish) is told as `NI`, because such a wish must look like nothing at all.
    pub(super) fn null_flavor(&self, node: Node<'d>) -> Option<String> {
        self.used(node, "nullFlavor")
            .map(|flavor| tellable(flavor).to_owned())
    }

    /// Whether a reader has taken this attribute already.
    pub(super) fn is_taken(&self, node: Node<'d>, attribute: &str) -> bool {
        self.state_of(node, attribute).is_some()
    }

    /// The text of an element, to show: all its runs, trimmed; `None` where it is blank.
    pub(super) fn text(&self, node: Node<'d>) -> Option<String> {
        self.marked_text(node, Disposition::Shown)
    }

    /// The text of an element, to classify or resolve something with.
    pub(super) fn used_text(&self, node: Node<'d>) -> Option<String> {
        self.marked_text(node, Disposition::Used)
    }

    /// The text of an element, without taking it.
    pub(super) fn peek_text(&self, node: Node<'d>) -> Option<String> {
        self.marked_text(node, None)
    }

    fn marked_text(
        &self,
        node: Node<'d>,
        disposition: impl Into<Option<Disposition>>,
    ) -> Option<String> {
        let disposition = disposition.into();
        let mut text = String::new();
        let mut last = NONE;
        for part in node.children().filter(roxmltree::Node::is_text) {
            let leaf = self.place(part).map_or(NONE, |place| place.leaf);
            if leaf != NONE {
                if let Some(disposition) = disposition {
                    self.mark(leaf, disposition);
                }
                if last != NONE && last != leaf {
                    // An element stood between the two runs.
                    text.push(' ');
                }
                last = leaf;
                text.push_str(part.text().unwrap_or_default());
            }
        }
        let trimmed = text.trim();
        if trimmed.is_empty() {
            None
        } else if trimmed.len() == text.len() {
            Some(text)
        } else {
            Some(trimmed.to_owned())
        }
    }

    pub(super) fn mark_attribute(&self, node: Node<'d>, name: &str, disposition: Disposition) {
        let ordinal =
            leaf_attributes(node).position(|a| a.namespace().is_none() && a.name() == name);
        let first = self.place(node).map_or(NONE, |place| place.leaf);
        if let Some(ordinal) = ordinal.and_then(|n| u32::try_from(n).ok())
            && first != NONE
        {
            self.mark(first + ordinal, disposition);
        }
    }

    pub(super) fn mark(&self, leaf: u32, disposition: Disposition) {
        if let Some((_, state)) = self.leaves.get(leaf as usize) {
            state.set(state.get().max(Some(disposition)));
        }
    }

    /// Marks every leaf of an element and of what is in it as used.
    pub(super) fn use_whole(&self, node: Node<'d>) {
        self.visit(node);
        for attribute in leaf_attributes(node) {
            self.mark_attribute(node, attribute.name(), Disposition::Used);
        }
        self.used_text(node);
        for child in self.elements(node) {
            self.use_whole(child);
        }
    }

    /// Notes a finding at an element.
    pub(super) fn note(&self, code: FindingCode, severity: Severity, at: Node<'d>) {
        let finding = Finding {
            code,
            severity,
            path: self.path(at),
            source: Some(self.source.to_owned()),
        };
        self.findings.borrow_mut().push(finding);
    }
}

/// A null flavour as it may be told.
pub(super) fn tellable(value: &str) -> &str {
    if value == "MSK" { "NI" } else { value }
}

/// The attributes that are leaves, in the order of the text.
pub(super) fn leaf_attributes<'d>(
    node: Node<'d>,
) -> impl Iterator<Item = roxmltree::Attribute<'d, 'd>> {
    node.attributes()
        .filter(|attribute| attribute.namespace() != Some(SCHEMA_INSTANCE))
}

/// Whether an element is HL7v3's.
pub(super) fn is_hl7(node: Node<'_>) -> bool {
    node.tag_name().namespace() == Some(HL7)
}

/// The type a value says it has, without prefix.
pub(super) fn type_of<'d>(node: Node<'d>) -> Option<&'d str> {
    let named = node.attribute((SCHEMA_INSTANCE, "type"))?.trim();
    Some(named.rsplit_once(':').map_or(named, |(_, local)| local))
}
