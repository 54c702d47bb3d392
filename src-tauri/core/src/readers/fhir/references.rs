//! Which resource a reference means: by full URL, relative, contained, or by identifier; never by
//! a part of a string (R4 `bundle.html#references`).

use core::hash::Hash;
use core::sync::atomic::{AtomicU32, Ordering};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use super::tree::{Node, Nodes, Tree};
use super::view::{Resource, View};

/// A name as it stands in the text; a copy only where it was written with escapes.
type Name<'a> = Cow<'a, str>;

/// Every resource of a part that exists in a view. It knows nodes and the text, not the tree, so
/// that it is made once and kept beside it.
#[derive(Default)]
pub(super) struct Index<'a> {
    /// In the order of the text.
    resources: Vec<Node>,
    /// What has a `meta`: resources, and the root.
    labelled: Nodes,
    /// Full URL of an entry; `None` where two have the same, here and below: what could mean either
    /// means neither.
    by_url: HashMap<Name<'a>, Option<Node>>,
    /// Type and id of what stands in an entry.
    by_type: HashMap<(Name<'a>, Name<'a>), Option<Node>>,
    by_identifier: HashMap<(Name<'a>, Name<'a>), Option<Node>>,
    /// What a resource contains, by the resource and the id in it.
    by_holder: HashMap<(Node, Name<'a>), Option<Node>>,
    /// The root of the part.
    root: u32,
    /// By node of the part, what a reference was found to mean: [`NOT_ASKED`], [`DANGLES`], or the
    /// number of a node after these two. Every reader asks for the same ones.
    meant: Vec<AtomicU32>,
}

const NOT_ASKED: u32 = 0;
const DANGLES: u32 = 1;

impl<'a> Index<'a> {
    /// What a view of a tree shows.
    pub(super) fn of(tree: &Tree<'a>, view: &View<'_>) -> Arc<Self> {
        let root = view.root();
        let count = tree
            .data(root)
            .map_or(0, |data| data.last_inside.saturating_sub(root.0));
        let mut index = Self {
            root: root.0,
            meant: (0..count).map(|_| AtomicU32::new(NOT_ASKED)).collect(),
            ..Self::default()
        };
        index.resources = tree
            .inside(root)
            .filter(|node| {
                view.resource(*node)
                    .is_some_and(|resource| *node != root || resource.kind != "Bundle")
                    && view.is_met(*node)
            })
            .collect();
        index.labelled = tree
            .inside(root)
            .filter(|node| view.name(*node) == "meta")
            .filter_map(|node| tree.parent(node))
            .collect();
        let count = index.resources.len();
        index.by_url.reserve(count);
        index.by_type.reserve(count);
        for at in 0..count {
            if let Some(node) = index.resources.get(at).copied() {
                index.add(tree, view, node);
            }
        }
        Arc::new(index)
    }

    fn add(&mut self, tree: &Tree<'a>, view: &View<'_>, node: Node) {
        let contained = tree
            .ancestors(node)
            .take_while(|step| *step != view.root())
            .any(|step| view.name(step) == "contained");
        let value = |node: Node| tree.data(node)?.value.clone();
        if contained {
            let id = view.one(node, "id").and_then(value);
            if let (Some(holder), Some(id)) = (tree.parent(node), id) {
                once(&mut self.by_holder, (holder, id), node);
            }
            return;
        }
        if let Some(url) = entry_url(tree, node).and_then(value) {
            once(&mut self.by_url, url, node);
        }
        let kind = tree.data(node).and_then(|data| value(Node(data.resource)));
        if let (Some(kind), Some(id)) = (kind, view.one(node, "id").and_then(value)) {
            once(&mut self.by_type, (kind, id), node);
        }
        for identifier in view.named(node, "identifier") {
            if let (Some(system), Some(value)) = (
                view.one(identifier, "system").and_then(value),
                view.one(identifier, "value").and_then(value),
            ) {
                once(&mut self.by_identifier, (system, value), node);
            }
        }
    }

    /// Every resource, contained ones too, in the order of the text.
    pub(super) fn nodes(&self) -> &[Node] {
        &self.resources
    }

    /// Whether a resource may have a `meta`; most have none, and are asked for it more than once.
    pub(super) fn may_be_labelled(&self, resource: Node) -> bool {
        self.labelled.contains(&resource)
    }

    /// What a `Reference` means; `None` where it is not in the part.
    pub(super) fn resolve<'d>(&self, view: &View<'d>, reference: Node) -> Option<Resource<'d>> {
        let meant = reference
            .0
            .checked_sub(self.root)
            .and_then(|at| self.meant.get(at as usize));
        let node = match meant.map(|meant| meant.load(Ordering::Relaxed)) {
            None => self.look_up(view, reference),
            Some(NOT_ASKED) => {
                let found = self.look_up(view, reference);
                if let Some(meant) = meant {
                    let number = found.map_or(DANGLES, |node| node.0.saturating_add(DANGLES + 1));
                    meant.store(number, Ordering::Relaxed);
                }
                found
            }
            Some(DANGLES) => None,
            Some(number) => Some(Node(number - DANGLES - 1)),
        };
        view.resource(node?)
    }

    fn look_up(&self, view: &View<'_>, reference: Node) -> Option<Node> {
        let literal = view
            .peek(reference, "reference")
            .or_else(|| view.peek_value(reference));
        literal
            .and_then(|written| self.by_literal(view, reference, written.trim()))
            .or_else(|| {
                let identifier = view.one(reference, "identifier")?;
                let system = view.peek(identifier, "system")?;
                let value = view.peek(identifier, "value")?;
                *self.by_identifier.get(&(system.into(), value.into()))?
            })
    }

    fn by_literal(&self, view: &View<'_>, at: Node, written: &str) -> Option<Node> {
        if let Some(id) = written.strip_prefix('#') {
            return self.contained(view, at, id);
        }
        // A version may follow; it names the same resource.
        let written = match written.rfind('_') {
            Some(_) => written.split("/_history/").next().unwrap_or(written),
            None => written,
        };
        if let Some(node) = self.by_url.get(written) {
            return *node;
        }
        if is_absolute(written) {
            return None;
        }
        let (kind, id) = written.split_once('/')?;
        if let Some(base) = base_of(view.tree, at) {
            let absolute = [base, "/", kind, "/", id].concat();
            if let Some(node) = self.by_url.get(absolute.as_str()) {
                return *node;
            }
        }
        *self.by_type.get(&(kind.into(), id.into()))?
    }

    /// `#id`: within the outermost resource that the reference stands in; `#` alone is that resource.
    fn contained(&self, view: &View<'_>, at: Node, id: &str) -> Option<Node> {
        let holder = view
            .tree
            .ancestors(at)
            .filter(|step| view.tree.resource_type(*step).is_some())
            .find(|step| view.name(*step) != "contained")?;
        if id.is_empty() {
            return Some(holder);
        }
        *self.by_holder.get(&(holder, id.into()))?
    }
}

/// What bears a name that nothing else bears.
fn once<K: Eq + Hash>(map: &mut HashMap<K, Option<Node>>, key: K, node: Node) {
    map.entry(key)
        .and_modify(|known| {
            if *known != Some(node) {
                *known = None;
            }
        })
        .or_insert(Some(node));
}

/// Whether it begins with a scheme.
fn is_absolute(written: &str) -> bool {
    written
        .split_once(':')
        .is_some_and(|(scheme, _)| !scheme.is_empty() && !scheme.contains(['/', '?', '#']))
}

/// The full URL of the entry that a resource stands in, as a node.
pub(super) fn entry_url(tree: &Tree<'_>, resource: Node) -> Option<Node> {
    let entry = tree.parent(resource)?;
    (tree.name(entry) == "entry")
        .then(|| tree.child(entry, "fullUrl"))
        .flatten()
}

/// The server that the entry around a reference comes from: its full URL without type and id.
fn base_of<'d>(tree: &'d Tree<'d>, at: Node) -> Option<&'d str> {
    let entry = tree
        .ancestors(at)
        .find(|step| tree.name(*step) == "entry" && tree.child(*step, "resource").is_some())?;
    let url = tree.child_value(entry, "fullUrl")?;
    if !url.starts_with("http") {
        return None;
    }
    let (rest, _id) = url.rsplit_once('/')?;
    Some(rest.rsplit_once('/')?.0)
}
