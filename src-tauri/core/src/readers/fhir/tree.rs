//! One tree for both notations of FHIR: what an element is called, its value, what is in it.
//!
//! The tree is an arena in the order of the text; values are borrowed from it, names stand in it once. A JSON array
//! becomes repeated children of one name, `"_status": {…}` goes into the node `status`, and in XML
//! the attribute `value` is an element's value, while `<resource><Patient>` is one node with a
//! resource type. Numbers and truth values keep their literal: `5.40` stays `5.40`.

use core::hash::{BuildHasherDefault, Hasher};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::names::{Glance, Name, Names};
use crate::readers::ledger::LeafId;

/// No node, no leaf.
pub(super) const NONE: u32 = u32::MAX;

/// The child that names a resource's type.
pub(super) const RESOURCE_TYPE: &str = "resourceType";

/// An element: a small index into the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Node(pub(super) u32);

/// What is known of nodes.
pub(super) type ByNode<T> = HashMap<Node, T, BuildHasherDefault<NodeHasher>>;
/// Some nodes.
pub(super) type Nodes = HashSet<Node, BuildHasherDefault<NodeHasher>>;

/// Spreads places in a tree: small numbers, each once, that need no defence against whoever sends
/// them as words do.
#[derive(Default)]
pub(super) struct NodeHasher(u64);

impl Hasher for NodeHasher {
    fn write_u32(&mut self, place: u32) {
        /// 2^64 through the golden ratio (Knuth).
        const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
        self.0 = (self.0 ^ u64::from(place)).wrapping_mul(SPREAD);
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u32(u32::from(*byte));
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// What a node was in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A property or an element.
    Element,
    /// An XML attribute, but `value`.
    Attribute,
    /// A run of text between XML tags.
    Text,
    /// A JSON `null` in an array: it keeps the place of what `_name` says about it.
    Null,
}

/// What the tree keeps of a node: 64 bytes, what a processor fetches at a time. Most of a reading
/// waits for nodes.
pub(super) struct Data<'a> {
    pub(super) value: Option<Cow<'a, str>>,
    pub(super) name: Name,
    pub(super) kind: Kind,
    pub(super) parent: u32,
    pub(super) first: u32,
    pub(super) next: u32,
    /// Its child that says of which resource type it is.
    pub(super) resource: u32,
    /// The leaf that its value is; `place` is [`NONE`] where it is none.
    pub(super) leaf: LeafId,
    /// Bytes in XML, ordinals of leaves in JSON.
    pub(super) start: u32,
    pub(super) end: u32,
    /// One past the last node in it, in the order of the arena (for what is no primitive).
    pub(super) last_inside: u32,
}

impl Data<'_> {
    /// Whether it is more than a placeholder.
    fn exists(&self) -> bool {
        self.kind != Kind::Null || self.first != NONE
    }
}

/// A parsed text.
pub(super) struct Tree<'a> {
    pub(super) nodes: Vec<Data<'a>>,
    /// While it is built, the last child of each node.
    last: Vec<u32>,
    pub(super) names: Names<'a>,
    /// The text it was made from.
    pub(super) text: &'a str,
    /// Whether that was XML.
    pub(super) is_xml: bool,
    /// Nodes whose JSON key stood in its object already.
    pub(super) repeated: Vec<Node>,
}

/// An element without a leaf.
pub(super) const NO_LEAF: LeafId = LeafId {
    element: 0,
    place: NONE,
};

impl<'a> Tree<'a> {
    pub(super) fn new(text: &'a str, is_xml: bool) -> Self {
        Self {
            nodes: Vec::new(),
            last: Vec::new(),
            names: Names::new(),
            text,
            is_xml,
            repeated: Vec::new(),
        }
    }

    /// The tree without what was needed to build it.
    pub(super) fn built(mut self) -> Self {
        self.last = Vec::new();
        self
    }

    /// The root, where there is one.
    pub(super) fn root(&self) -> Option<Node> {
        (!self.nodes.is_empty()).then_some(Node(0))
    }

    /// Adds a node as the last child of `parent`.
    pub(super) fn push(&mut self, parent: u32, name: Name, kind: Kind) -> u32 {
        let at = u32::try_from(self.nodes.len()).unwrap_or(NONE);
        self.nodes.push(Data {
            value: None,
            name,
            kind,
            parent,
            first: NONE,
            next: NONE,
            resource: NONE,
            leaf: NO_LEAF,
            start: 0,
            end: 0,
            last_inside: at.saturating_add(1),
        });
        self.last.push(NONE);
        let before = match self.last.get_mut(parent as usize) {
            Some(last) => core::mem::replace(last, at),
            None => return at,
        };
        if let Some(sibling) = self.nodes.get_mut(before as usize) {
            sibling.next = at;
        } else if let Some(holder) = self.nodes.get_mut(parent as usize) {
            holder.first = at;
        }
        at
    }

    pub(super) fn data(&self, node: Node) -> Option<&Data<'a>> {
        self.nodes.get(node.0 as usize)
    }

    /// The element's name.
    pub(super) fn name(&self, node: Node) -> &str {
        self.data(node)
            .map_or("", |data| self.names.text(data.name))
    }

    /// Whether it says of which resource type something is.
    pub(super) fn names_type(&self, node: Node) -> bool {
        self.data(node)
            .is_some_and(|data| data.name == Name::RESOURCE_TYPE)
    }

    /// Its primitive value.
    pub(super) fn value(&self, node: Node) -> Option<&str> {
        self.data(node)?.value.as_deref()
    }

    /// The type of the resource that it is; `None` where it is none.
    pub(super) fn resource_type(&self, node: Node) -> Option<&str> {
        self.value(Node(self.data(node)?.resource))
    }

    /// The node that it stands in.
    pub(super) fn parent(&self, node: Node) -> Option<Node> {
        let parent = self.data(node)?.parent;
        (parent != NONE).then_some(Node(parent))
    }

    /// What stands in it, in the order of the text; placeholders left out.
    pub(super) fn children(&self, node: Node) -> Children<'_, 'a> {
        Children {
            tree: self,
            next: self.data(node).map_or(NONE, |data| data.first),
        }
    }

    /// The children of this name.
    pub(super) fn named<'t>(&'t self, node: Node, name: &'t str) -> Named<'t, 'a> {
        Named {
            tree: self,
            next: self.data(node).map_or(NONE, |data| data.first),
            name,
            glance: Glance::at(name),
        }
    }

    /// The first child of this name.
    pub(super) fn child(&self, node: Node, name: &str) -> Option<Node> {
        self.named(node, name).next()
    }

    /// The value of the first child of this name.
    pub(super) fn child_value(&self, node: Node, name: &str) -> Option<&str> {
        self.value(self.child(node, name)?)
    }

    /// Nodes from this one up to the root.
    pub(super) fn ancestors(&self, node: Node) -> impl Iterator<Item = Node> {
        core::iter::successors(Some(node), |at| self.parent(*at))
    }

    /// The node and all that is in it. For what holds a resource this is the order of the arena.
    pub(super) fn inside(&self, node: Node) -> impl Iterator<Item = Node> + use<> {
        let end = self.data(node).map_or(0, |data| data.last_inside);
        (node.0..end).map(Node)
    }
}

/// The children of a node.
pub(super) struct Children<'t, 'a> {
    tree: &'t Tree<'a>,
    next: u32,
}

impl Iterator for Children<'_, '_> {
    type Item = Node;

    fn next(&mut self) -> Option<Node> {
        loop {
            let at = self.next;
            let data = self.tree.nodes.get(at as usize)?;
            self.next = data.next;
            if data.exists() {
                return Some(Node(at));
            }
        }
    }
}

/// The children of a node that have one name: the question that readers ask most.
pub(super) struct Named<'t, 'a> {
    tree: &'t Tree<'a>,
    next: u32,
    name: &'t str,
    glance: Glance,
}

impl Iterator for Named<'_, '_> {
    type Item = Node;

    fn next(&mut self) -> Option<Node> {
        loop {
            let at = self.next;
            let data = self.tree.nodes.get(at as usize)?;
            self.next = data.next;
            if data.name.looks_like(self.glance)
                && self.tree.names.text(data.name) == self.name
                && data.exists()
            {
                return Some(Node(at));
            }
        }
    }
}
