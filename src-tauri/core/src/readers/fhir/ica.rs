//! Which nodes are ICA (DOMAIN §3.1): found once, before anything is read.
//!
//! What is ICA by itself is taken out with the entry that holds it; so is what only ICA refer to,
//! every reference to them, and every text that sums up a section in which they stand. What
//! remains is the part as if they had never been sent.

use std::collections::HashMap;
use std::sync::Arc;

use super::references::Index;
use super::tree::{NONE, Node, Tree};
use super::view::{ICA, PART, Resource, SUMMARY, View};
use crate::readers::kinds::says_no_allergies;
use crate::readers::systems::{self, LOINC, SNOMED, THESAURUS_40};

/// LOINC "Allergies and adverse reactions".
const ALLERGIES_LOINC: &str = "48765-2";
/// SNOMED CT for the subject of a statement: allergy to a drug, to a substance, to food;
/// propensity to adverse reactions (to a drug, to food, to a substance); drug intolerance.
const ALLERGIES_SNOMED: [&str; 8] = [
    "416098002",
    "419199007",
    "414285001",
    "420134006",
    "419511003",
    "418471000",
    "418038007",
    "59037007",
];
/// Types that are ICA whatever they say.
const ALWAYS: [&str; 2] = ["AllergyIntolerance", "DetectedIssue"];
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
/// Categories of a `Flag` that warn against a medicine or a food.
const FLAG_CATEGORIES: [&str; 2] = ["drug", "diet"];

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
    by_node: HashMap<Node, usize>,
    /// What an owner holds: owners that are ICA with it.
    held: Vec<Vec<usize>>,
    /// By target, the owners of the references to it.
    references: Vec<Reference>,
    referring: Vec<Vec<usize>>,
    /// Elements of a resource that are ICA though the resource is not.
    elements: Vec<Node>,
    todo: Vec<usize>,
}

impl<'v, 'd> Search<'v, 'd> {
    fn new(view: &'v View<'d>) -> Self {
        let mut search = Self {
            view,
            owners: Vec::new(),
            by_node: HashMap::new(),
            held: Vec::new(),
            references: Vec::new(),
            referring: Vec::new(),
            elements: Vec::new(),
            todo: Vec::new(),
        };
        search.gather(view.root(), None);
        search.referring = vec![Vec::new(); search.owners.len()];
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
            let is_ica = match view.resource(node) {
                Some(resource) => is_ica_resource(view, resource),
                None => is_allergies_code(view, node),
            };
            if is_ica || self.is_full_of_ica(at) {
                self.todo.push(at);
            }
        }
        self.codes();
        while let Some(at) = self.todo.pop() {
            self.take(at);
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
            let Some((from, true)) = self
                .references
                .get(reference)
                .map(|reference| (reference.owner, reference.is_entry))
            else {
                continue;
            };
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
            } else {
                let element = view
                    .tree
                    .ancestors(coding)
                    .find(|step| view.tree.parent(*step) == Some(owner));
                self.elements.extend(element);
            }
        }
    }

    fn is_ica(&self, at: usize) -> bool {
        self.owners.get(at).is_some_and(|owner| owner.ica)
    }

    /// Every node to be hidden.
    fn found(&self) -> Vec<Node> {
        let view = self.view;
        let mut found: Vec<Node> = self.elements.clone();
        for owner in self.owners.iter().filter(|owner| owner.ica) {
            let entry = view
                .tree
                .parent(owner.node)
                .filter(|parent| view.name(*parent) == "entry" && owner.node != view.root());
            found.push(entry.unwrap_or(owner.node));
        }
        for reference in &self.references {
            let is_ica =
                reference.ica_type || reference.target.is_some_and(|target| self.is_ica(target));
            if !is_ica || self.is_ica(reference.owner) {
                continue;
            }
            let owner = self.owners.get(reference.owner).map(|owner| owner.node);
            // What holds nothing but the reference goes with it.
            let alone = view
                .tree
                .parent(reference.node)
                .filter(|parent| Some(*parent) != owner && view.children(*parent).count() == 1);
            found.push(alone.unwrap_or(reference.node));
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
        Some(_) => false,
    }
}

/// Whether a reference says of its target that it is ICA.
fn names_ica_type(view: &View<'_>, reference: Node) -> bool {
    let literal = view.peek(reference, "reference").unwrap_or_default();
    let mut steps = literal.rsplit('/').skip(1);
    steps.any(|step| ALWAYS.contains(&step))
        || view
            .peek(reference, "type")
            .is_some_and(|kind| ALWAYS.contains(&kind))
}

/// Whether a resource is ICA by its type or its code.
pub(super) fn is_ica_resource(view: &View<'_>, resource: Resource<'_>) -> bool {
    let node = resource.node;
    match resource.kind {
        kind if ALWAYS.contains(&kind) => true,
        "Flag" => {
            (!has_coding(view, node, "code") && !is_attention_flag(view, node))
                || has_profile(view, node, "MedicationContraIndication")
                || codings(view, node, "category").any(|(_, code)| {
                    FLAG_CATEGORIES
                        .iter()
                        .any(|category| code.eq_ignore_ascii_case(category))
                })
                || is_allergies_code(view, node)
        }
        "Condition" | "Observation" | "List" | "Basic" => {
            is_allergies_code(view, node) || has_profile(view, node, "AllergyIntolerance")
        }
        _ => false,
    }
}

/// Whether a code in it makes a resource ICA.
pub(super) fn holds_ica_code(view: &View<'_>, resource: Node) -> bool {
    view.tree.inside(resource).any(|node| {
        view.name(node) == "system"
            && view
                .peek_value(node)
                .is_some_and(|system| is_ica_code(view, node, system))
    })
}

/// Whether a code system, with the code beside it, says that this is ICA.
fn is_ica_code(view: &View<'_>, node: Node, system: &str) -> bool {
    let coding = view.tree.parent(node);
    let code = coding.and_then(|coding| view.peek(coding, "code"));
    systems::is(system, THESAURUS_40) || says_no_allergies(system, code.unwrap_or_default().trim())
}

/// Whether the code says that this is about allergies.
fn is_allergies_code(view: &View<'_>, node: Node) -> bool {
    codings(view, node, "code").any(|(system, code)| {
        systems::is(system, LOINC) && code == ALLERGIES_LOINC
            || systems::is(system, SNOMED) && ALLERGIES_SNOMED.contains(&code)
    })
}

/// Whether a `Flag` asks for attention to an episode, rather than warning by itself.
fn is_attention_flag(view: &View<'_>, flag: Node) -> bool {
    /// LOINC "Alert": an attention flag where it refers to an episode, else an alert.
    const ALERT_LOINC: &str = "74018-3";
    let is_alert = codings(view, flag, "category")
        .any(|(system, code)| systems::is(system, LOINC) && code == ALERT_LOINC);
    view.named(flag, "extension").any(|extension| {
        view.one(extension, "valueReference")
            .is_some_and(
                |reference| match view.index.resolve(view, reference).map(|r| r.kind) {
                    Some("EpisodeOfCare") => true,
                    Some("Condition") | None => is_alert,
                    Some(_) => false,
                },
            )
    })
}

fn has_coding(view: &View<'_>, node: Node, name: &str) -> bool {
    codings(view, node, name).next().is_some()
}

fn has_profile(view: &View<'_>, node: Node, name: &str) -> bool {
    view.one(node, "meta").is_some_and(|meta| {
        view.named(meta, "profile")
            .filter_map(|profile| view.peek_value(profile))
            .any(|profile| profile.contains(name))
    })
}

/// System and code of every coding in the children of this name.
pub(super) fn codings<'v>(
    view: &'v View<'_>,
    node: Node,
    name: &'v str,
) -> impl Iterator<Item = (&'v str, &'v str)> {
    view.named(node, name)
        .flat_map(move |concept| codings_of(view, concept))
}

/// System and code of every coding in a concept.
pub(super) fn codings_of<'v>(
    view: &'v View<'_>,
    concept: Node,
) -> impl Iterator<Item = (&'v str, &'v str)> {
    view.named(concept, "coding").filter_map(move |coding| {
        Some((
            view.peek(coding, "system").unwrap_or_default().trim(),
            view.peek(coding, "code")?.trim(),
        ))
    })
}
