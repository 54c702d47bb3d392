//! Which nodes are ICA (DOMAIN §3.1): found once, before anything is read.
//!
//! What is ICA by itself is taken out with the entry that holds it; so is what only ICA refer to,
//! every reference to them with what says nothing without it, and every text that sums up a section
//! in which they stand. What remains is the part as if they had never been sent.

mod signs;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use signs::{ALWAYS, is_allergies_section, is_ica_code, names_ica_type, tells_of_ica};
pub(super) use signs::{codings, codings_of, holds_ica_code, is_ica_resource};

use super::references::Index;
use super::tree::{ByNode, NONE, Node, Tree};
use super::view::{ICA, PART, SUMMARY, View};

/// Types that state one thing: coded as ICA, all of the resource is.
const STATEMENTS: [&str; 8] = [
    "Condition",
    "Flag",
    "Observation",
    "List",
    "RiskAssessment",
    "AdverseEvent",
    "ClinicalImpression",
    "Basic",
];
/// Types that stand for somebody or something whatever else they hold.
const ENTITIES: [&str; 12] = [
    "Bundle",
    "Composition",
    "Device",
    "Group",
    "Location",
    "Medication",
    "Organization",
    "Patient",
    "Person",
    "Practitioner",
    "PractitionerRole",
    "RelatedPerson",
];
/// What says nothing by itself: a resource with nothing else goes with the ICA that it held.
const BESIDE: [&str; 24] = [
    "asserter",
    "author",
    "authored",
    "authoredOn",
    "basedOn",
    "category",
    "context",
    "date",
    "encounter",
    "id",
    "identifier",
    "implicitRules",
    "issued",
    "language",
    "meta",
    "patient",
    "performer",
    "questionnaire",
    "recorded",
    "recorder",
    "source",
    "status",
    "subject",
    "text",
];

/// Flags the ICA of a part. Whether there are any.
pub(super) fn flag<'d>(
    tree: &'d Tree<'d>,
    root: Node,
    flags: &mut [u8],
    index: &Arc<Index<'d>>,
) -> bool {
    let (found, summaries) = {
        let view = View::new(tree, root, flags, PART, "", index);
        let mut search = Search::new(&view);
        search.run();
        (search.found(), search.summaries())
    };
    for (nodes, bit) in [(&found, ICA), (&summaries, SUMMARY)] {
        for node in nodes {
            if let Some(flag) = flags.get_mut(node.0 as usize) {
                *flag |= bit;
            }
        }
    }
    !found.is_empty()
}

/// What may be ICA as a whole: a resource, or a section of a Composition.
struct Owner {
    node: Node,
    /// The owner it stands in.
    holder: Option<usize>,
    ica: bool,
    /// Whether it waits in [`Search::robbed`].
    robbed: bool,
    /// Owners that it refers to.
    targets: Vec<usize>,
    /// References from owners that are no ICA.
    plain: usize,
    /// Entries of a section or a list, and how many of them refer to ICA.
    entries: usize,
    ica_entries: usize,
}

struct Reference {
    node: Node,
    owner: usize,
    target: Option<usize>,
    /// Whether the target would be ICA by its type, though it is not in the part.
    ica_type: bool,
    is_entry: bool,
}

struct Search<'v, 'd> {
    view: &'v View<'d>,
    owners: Vec<Owner>,
    by_node: ByNode<usize>,
    /// What an owner holds: owners that are ICA with it.
    held: Vec<Vec<usize>>,
    /// By target, the owners of the references to it.
    references: Vec<Reference>,
    referring: Vec<Vec<usize>>,
    /// By owner, the references in it.
    referred: Vec<Vec<usize>>,
    /// By owner, its elements that are ICA though it is not.
    elements: HashMap<usize, Vec<Node>>,
    todo: Vec<usize>,
    /// Owners that lost something, and may be left with nothing.
    robbed: Vec<usize>,
}

impl<'v, 'd> Search<'v, 'd> {
    fn new(view: &'v View<'d>) -> Self {
        let mut search = Self {
            view,
            owners: Vec::new(),
            by_node: ByNode::default(),
            held: Vec::new(),
            references: Vec::new(),
            referring: Vec::new(),
            referred: Vec::new(),
            elements: HashMap::new(),
            todo: Vec::new(),
            robbed: Vec::new(),
        };
        search.gather(view.root(), None);
        search.referring = vec![Vec::new(); search.owners.len()];
        search.referred = vec![Vec::new(); search.owners.len()];
        search.link();
        search
    }

    /// Every owner in the order of the text, and every reference.
    fn gather(&mut self, node: Node, holder: Option<usize>) {
        let view = self.view;
        let is_owner = view.tree.resource_type(node).is_some()
            || (view.name(node) == "section" && holder.is_some());
        let owner = if is_owner {
            let at = self.owners.len();
            self.owners.push(Owner {
                node,
                holder,
                ica: false,
                robbed: false,
                targets: Vec::new(),
                plain: 0,
                entries: 0,
                ica_entries: 0,
            });
            self.held.push(Vec::new());
            if let Some(held) = holder.and_then(|holder| self.held.get_mut(holder)) {
                held.push(at);
            }
            self.by_node.insert(node, at);
            Some(at)
        } else {
            holder
        };
        if let Some(owner) = owner
            && !is_owner
            && (view.peek(node, "reference").is_some() || view.one(node, "identifier").is_some())
        {
            self.references.push(Reference {
                node,
                owner,
                target: None,
                ica_type: false,
                is_entry: false,
            });
        }
        for child in view.children(node) {
            if view.tree.data(child).is_some_and(|data| data.first != NONE) {
                self.gather(child, owner);
            }
        }
    }

    fn link(&mut self) {
        let view = self.view;
        for at in 0..self.references.len() {
            let Some(reference) = self.references.get_mut(at) else {
                return;
            };
            let node = reference.node;
            let target = view
                .index
                .resolve(view, node)
                .and_then(|resource| self.by_node.get(&resource.node).copied());
            reference.target = target;
            reference.ica_type = target.is_none() && names_ica_type(view, node);
            let owner = reference.owner;
            if let Some(referred) = self.referred.get_mut(owner) {
                referred.push(at);
            }
            reference.is_entry = self
                .owners
                .get(owner)
                .is_some_and(|owner| is_entry_of(view, node, owner.node));
            if reference.is_entry
                && let Some(owner) = self.owners.get_mut(owner)
            {
                owner.entries += 1;
                owner.ica_entries += usize::from(reference.ica_type);
            }
            let Some(target) = target.filter(|target| *target != owner) else {
                continue;
            };
            if let Some(owner) = self.owners.get_mut(owner) {
                owner.targets.push(target);
            }
            if let Some(target) = self.owners.get_mut(target) {
                target.plain += 1;
            }
            if let Some(referring) = self.referring.get_mut(target) {
                referring.push(at);
            }
        }
    }

    fn run(&mut self) {
        let view = self.view;
        for at in 0..self.owners.len() {
            let Some(node) = self.owners.get(at).map(|owner| owner.node) else {
                continue;
            };
            // Also one that says it is a resource, or holds an element named as one, is read as a section.
            let is_section = view.name(node) == "section";
            let is_ica = is_section && is_allergies_section(view, node)
                || view
                    .resource(node)
                    .is_some_and(|resource| is_ica_resource(view, resource));
            if is_ica || self.is_full_of_ica(at) {
                self.todo.push(at);
            }
        }
        self.codes();
        self.issues();
        loop {
            while let Some(at) = self.todo.pop() {
                self.take(at);
            }
            let Some(at) = self.robbed.pop() else {
                return;
            };
            if let Some(owner) = self.owners.get_mut(at) {
                owner.robbed = false;
            }
            if self.is_emptied(at) {
                self.todo.push(at);
            }
        }
    }

    /// Takes an owner as ICA, with what it holds and what only it refers to.
    fn take(&mut self, at: usize) {
        let Some(owner) = self.owners.get_mut(at) else {
            return;
        };
        if core::mem::replace(&mut owner.ica, true) {
            return;
        }
        let targets = core::mem::take(&mut owner.targets);
        for target in targets {
            if let Some(owner) = self.owners.get_mut(target) {
                owner.plain = owner.plain.saturating_sub(1);
                if owner.plain == 0 && !owner.ica {
                    self.todo.push(target);
                }
            }
        }
        self.todo
            .extend(self.held.get(at).into_iter().flatten().copied());
        for reference in self.referring.get(at).cloned().unwrap_or_default() {
            let Some(Reference {
                owner, is_entry, ..
            }) = self.references.get(reference)
            else {
                continue;
            };
            let (from, is_entry) = (*owner, *is_entry);
            self.rob(from);
            if !is_entry {
                continue;
            }
            if let Some(owner) = self.owners.get_mut(from) {
                owner.ica_entries += 1;
            }
            if self.is_full_of_ica(from) {
                self.todo.push(from);
            }
        }
    }

    /// Whether a section or a list has entries, and all of them are ICA; or what tells of ICA alone.
    fn is_full_of_ica(&self, at: usize) -> bool {
        let sections = self.held.get(at).into_iter().flatten();
        self.owners.get(at).is_some_and(|owner| {
            owner.entries > 0
                && owner.ica_entries >= owner.entries
                && sections
                    .filter_map(|held| self.owners.get(*held))
                    .all(|held| held.ica || self.view.name(held.node) != "section")
        })
    }

    /// Codes that make what they stand in ICA, wherever they stand.
    fn codes(&mut self) {
        let view = self.view;
        for node in view.tree.inside(view.root()) {
            if view.name(node) != "system" {
                continue;
            }
            let (Some(system), Some(coding)) = (view.peek_value(node), view.tree.parent(node))
            else {
                continue;
            };
            if !is_ica_code(view, node, system) {
                continue;
            }
            let owner = view
                .tree
                .ancestors(coding)
                .find_map(|step| self.by_node.get(&step).copied());
            let Some((at, owner)) = owner.and_then(|at| Some((at, self.owners.get(at)?.node)))
            else {
                continue;
            };
            let kind = view.tree.resource_type(owner);
            if kind.is_none_or(|kind| STATEMENTS.contains(&kind) || ALWAYS.contains(&kind)) {
                self.todo.push(at);
                continue;
            }
            let is_unit = |step: &Node| {
                view.tree.parent(*step) == Some(owner)
                    || kind == Some("QuestionnaireResponse") && view.name(*step) == "item"
            };
            let element = view.tree.ancestors(coding).find(is_unit);
            self.elements.entry(at).or_default().extend(element);
            self.rob(at);
        }
    }

    /// Issues that tell how it went with ICA.
    fn issues(&mut self) {
        let view = self.view;
        for outcome in view.resources() {
            let Some(at) = self.by_node.get(&outcome.node).copied() else {
                continue;
            };
            if outcome.kind == "OperationOutcome" {
                let issues = view.named(outcome.node, "issue");
                let found: Vec<Node> = issues.filter(|issue| tells_of_ica(view, *issue)).collect();
                if !found.is_empty() {
                    self.elements.entry(at).or_default().extend(found);
                    self.rob(at);
                }
            }
        }
    }

    /// An owner loses something.
    fn rob(&mut self, at: usize) {
        if let Some(owner) = self.owners.get_mut(at)
            && !core::mem::replace(&mut owner.robbed, true)
        {
            self.robbed.push(at);
        }
    }

    /// Whether a resource held ICA, and without them says nothing.
    fn is_emptied(&self, at: usize) -> bool {
        let view = self.view;
        let Some(owner) = self.owners.get(at).filter(|owner| !owner.ica) else {
            return false;
        };
        let Some(kind) = view.tree.resource_type(owner.node) else {
            return false;
        };
        if ENTITIES.contains(&kind) {
            return false;
        }
        let units: HashSet<Node> = self.units(at).into_iter().collect();
        let says_nothing = |child: Node| {
            BESIDE.contains(&view.name(child)) || units.contains(&child) || self.is_beside(child)
        };
        !units.is_empty() && view.children(owner.node).all(says_nothing)
    }

    /// Whether a resource within another is ICA, or stands for somebody whom that one names.
    fn is_beside(&self, inner: Node) -> bool {
        let kind = self.view.tree.resource_type(inner);
        kind.is_some_and(|kind| ENTITIES.contains(&kind))
            || self.by_node.get(&inner).is_some_and(|at| self.is_ica(*at))
    }

    /// What of an owner is ICA though it is not: the largest elements that say nothing else.
    fn units(&self, at: usize) -> Vec<Node> {
        let mut units = Vec::new();
        let references = self.referred.get(at).into_iter().flatten();
        let mut gone: HashSet<Node> = references
            .filter_map(|reference| self.references.get(*reference))
            .filter(|reference| self.is_to_ica(reference))
            .map(|reference| reference.node)
            .collect();
        gone.extend(self.elements.get(&at).into_iter().flatten());
        if let Some(owner) = self.owners.get(at).filter(|_| !gone.is_empty()) {
            for child in self.view.children(owner.node) {
                self.settle(owner.node, child, &gone, &mut units);
            }
        }
        units
    }

    /// Whether an element goes, by what goes in it; the largest that go are added to `units`.
    fn settle(&self, owner: Node, node: Node, gone: &HashSet<Node>, units: &mut Vec<Node>) -> bool {
        let view = self.view;
        if gone.contains(&node) {
            units.push(node);
            return true;
        }
        if let Some(inner) = self.by_node.get(&node) {
            return self.is_ica(*inner);
        }
        let (from, mut any, mut all) = (units.len(), false, true);
        for child in view.children(node) {
            if !is_label(view.name(node), view.name(child)) {
                let goes = self.settle(owner, child, gone, units);
                any |= goes;
                all &= goes;
            }
        }
        // An answer, and an item of a list, are about what they name.
        let is_about = match view.name(node) {
            "answer" => true,
            "entry" => view.tree.resource_type(owner) == Some("List"),
            _ => false,
        };
        let goes = any && (all || is_about);
        if goes {
            units.truncate(from);
            units.push(node);
        }
        goes
    }

    fn is_to_ica(&self, reference: &Reference) -> bool {
        reference.ica_type || reference.target.is_some_and(|target| self.is_ica(target))
    }

    fn is_ica(&self, at: usize) -> bool {
        self.owners.get(at).is_some_and(|owner| owner.ica)
    }

    /// Every node to be hidden.
    fn found(&self) -> Vec<Node> {
        let view = self.view;
        let mut found = Vec::new();
        for (at, owner) in self.owners.iter().enumerate() {
            if !owner.ica {
                found.extend(self.units(at));
                continue;
            }
            let entry = view
                .tree
                .parent(owner.node)
                .filter(|parent| view.name(*parent) == "entry" && owner.node != view.root());
            found.push(entry.unwrap_or(owner.node));
        }
        for reference in &self.references {
            if !self.is_to_ica(reference) || self.is_ica(reference.owner) {
                continue;
            }
            let mut holder = Some(reference.owner).filter(|_| reference.is_entry);
            while let Some(at) = holder {
                found.extend(
                    self.owners
                        .get(at)
                        .and_then(|owner| view.one(owner.node, "text")),
                );
                holder = self.owners.get(at).and_then(|owner| owner.holder);
            }
        }
        // The text of a section sums up those in it.
        for owner in self.owners.iter().filter(|owner| owner.ica) {
            let holder = owner.holder.and_then(|at| self.owners.get(at));
            if let Some(holder) =
                holder.filter(|holder| !holder.ica && view.name(holder.node) == "section")
            {
                found.extend(view.one(holder.node, "text"));
            }
        }
        found
    }

    /// The texts that sum up a whole document: withheld whether or not ICA are in it.
    fn summaries(&self) -> Vec<Node> {
        self.owners
            .iter()
            .filter(|owner| self.view.tree.resource_type(owner.node) == Some("Composition"))
            .filter_map(|owner| self.view.one(owner.node, "text"))
            .collect()
    }
}

/// Whether a reference is an entry of this section or list.
fn is_entry_of(view: &View<'_>, reference: Node, owner: Node) -> bool {
    match view.tree.resource_type(owner) {
        None => view.name(reference) == "entry" && view.tree.parent(reference) == Some(owner),
        Some("List") => view.name(reference) == "item",
        Some("Provenance") => view.name(reference) == "target",
        Some("DocumentReference") => view.name(reference) == "related",
        Some(_) => false,
    }
}

/// Whether an element only tells what the one that it stands in is.
fn is_label(of: &str, name: &str) -> bool {
    match of {
        "extension" | "modifierExtension" => matches!(name, "url" | "id"),
        "item" => matches!(name, "linkId" | "text" | "definition" | "id"),
        _ => name == "id",
    }
}
