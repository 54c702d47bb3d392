//! Which resource a reference means: by full URL, relative, contained, or by identifier; never by
//! a part of a string (R4 `bundle.html#references`).

use core::hash::Hash;
use std::collections::HashMap;

use super::tree::{Node, Tree};
use super::view::{Resource, View};

/// Every resource of a part that exists in its view.
#[derive(Default)]
pub(super) struct Index<'d> {
    /// In the order of the text.
    resources: Vec<Resource<'d>>,
    /// Full URL of an entry; `None` where two have the same, here and below: what could mean either
    /// means neither.
    by_url: HashMap<&'d str, Option<Node>>,
    /// Type and id of what stands in an entry.
    by_type: HashMap<(&'d str, &'d str), Option<Node>>,
    by_identifier: HashMap<(&'d str, &'d str), Option<Node>>,
    /// What a resource contains, by the resource and the id in it.
    by_holder: HashMap<(Node, &'d str), Option<Node>>,
}

impl<'d> Index<'d> {
    /// What a view shows.
    pub(super) fn of(view: &View<'d>) -> Self {
        let mut index = Self::default();
        index.look_into(view, view.root(), false);
        index
    }

    fn look_into(&mut self, view: &View<'d>, node: Node, contained: bool) {
        if view.is_hidden(node) {
            return;
        }
        if let Some(resource) = view.resource(node)
            && (node != view.root() || resource.kind != "Bundle")
        {
            self.add(view, resource, contained);
        }
        for child in view.children(node) {
            if view
                .tree
                .data(child)
                .is_some_and(|data| data.first != super::tree::NONE)
            {
                let contained = contained || view.name(child) == "contained";
                self.look_into(view, child, contained);
            }
        }
    }

    fn add(&mut self, view: &View<'d>, resource: Resource<'d>, contained: bool) {
        let node = resource.node;
        self.resources.push(resource);
        if contained {
            if let (Some(holder), Some(id)) = (view.tree.parent(node), view.peek(node, "id")) {
                once(&mut self.by_holder, (holder, id), node);
            }
            return;
        }
        if let Some(url) = entry_url(view.tree, node) {
            once(&mut self.by_url, url, node);
        }
        if let Some(id) = view.peek(node, "id") {
            once(&mut self.by_type, (resource.kind, id), node);
        }
        for identifier in view.named(node, "identifier") {
            if let (Some(system), Some(value)) = (
                view.peek(identifier, "system"),
                view.peek(identifier, "value"),
            ) {
                once(&mut self.by_identifier, (system, value), node);
            }
        }
    }

    /// Every resource, contained ones too, in the order of the text.
    pub(super) fn resources(&self) -> &[Resource<'d>] {
        &self.resources
    }

    /// What a `Reference` means; `None` where it is not in the part.
    pub(super) fn resolve(&self, view: &View<'d>, reference: Node) -> Option<Resource<'d>> {
        let literal = view
            .peek(reference, "reference")
            .or_else(|| view.peek_value(reference));
        let node = match literal {
            Some(written) => self.by_literal(view, reference, written.trim()),
            None => None,
        }
        .or_else(|| {
            let identifier = view.one(reference, "identifier")?;
            let system = view.peek(identifier, "system")?;
            let value = view.peek(identifier, "value")?;
            *self.by_identifier.get(&(system, value))?
        })?;
        view.resource(node)
    }

    fn by_literal(&self, view: &View<'d>, at: Node, written: &str) -> Option<Node> {
        if let Some(id) = written.strip_prefix('#') {
            return self.contained(view, at, id);
        }
        // A version may follow; it names the same resource.
        let written = written.split("/_history/").next().unwrap_or(written);
        if let Some(node) = self.by_url.get(written) {
            return *node;
        }
        if is_absolute(written) {
            return None;
        }
        let (kind, id) = written.split_once('/')?;
        if let Some(base) = base_of(view.tree, at) {
            let absolute = format!("{base}/{kind}/{id}");
            if let Some(node) = self.by_url.get(absolute.as_str()) {
                return *node;
            }
        }
        *self.by_type.get(&(kind, id))?
    }

    /// `#id`: within the outermost resource that the reference stands in; `#` alone is that resource.
    fn contained(&self, view: &View<'d>, at: Node, id: &str) -> Option<Node> {
        let holder = view
            .tree
            .ancestors(at)
            .filter(|step| view.tree.resource_type(*step).is_some())
            .find(|step| view.name(*step) != "contained")?;
        if id.is_empty() {
            return Some(holder);
        }
        *self.by_holder.get(&(holder, id))?
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

/// The full URL of the entry that a resource stands in.
pub(super) fn entry_url<'d>(tree: &'d Tree<'d>, resource: Node) -> Option<&'d str> {
    let entry = tree.parent(resource)?;
    (tree.name(entry) == "entry")
        .then(|| tree.child_value(entry, "fullUrl"))
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
