//! What a reader of a resource leaves over becomes named values: so a reader is its special cases,
//! and nothing is listed as unknown that has a name.

use std::collections::HashSet;

use super::names::tidy;
use crate::domain::coded::Identifier;
use crate::domain::summary::LineReference;
use crate::domain::summary::document::Detail;
use crate::readers::fhir::details::{bookkeeping, detail, extensions};
use crate::readers::fhir::reading::Reading;
use crate::readers::fhir::tree::Node;
use crate::readers::fhir::view::{Resource, View};
use crate::readers::ledger::Disposition;
use crate::readers::systems::{self, BSN};

/// How far a resource that is told within another may tell a third one: a dispense, its product, the
/// product's maker.
const FOLDS_MAX: usize = 3;

/// What an attachment holds.
const DATA: &str = "data";

/// What has no entry of its own where another resource refers to it: it is told there.
const FOLDABLE: [&str; 12] = [
    "Medication",
    "Specimen",
    "Device",
    "DeviceDefinition",
    "DeviceMetric",
    "Location",
    "Substance",
    "BodyStructure",
    "BodySite",
    "Binary",
    "Group",
    "Endpoint",
];

/// People and organisations: they are told as authors.
const PEOPLE: [&str; 7] = [
    "Patient",
    "Practitioner",
    "PractitionerRole",
    "Organization",
    "RelatedPerson",
    "HealthcareService",
    "Person",
];

/// Whether a resource is a person, an organisation or a role.
pub(super) fn is_person(kind: &str) -> bool {
    PEOPLE.contains(&kind)
}

/// Whether a resource is told within the one that refers to it.
pub(super) fn is_foldable(kind: &str) -> bool {
    FOLDABLE.contains(&kind)
}

/// Everything in a resource that was not read yet, by name; its extensions last.
pub(super) fn remaining(reading: &Reading<'_, '_>, resource: Node) -> Vec<Detail> {
    bookkeeping(reading.view, resource);
    hide_data(reading.view, resource);
    let mut details = Vec::new();
    leftovers(reading, resource, 0, &mut details);
    tidy(&mut details);
    details
}

/// Everything in an element that was not read yet, by name; its extensions last.
pub(super) fn rest_of(reading: &Reading<'_, '_>, element: Node) -> Vec<Detail> {
    let mut details = Vec::new();
    leftovers(reading, element, 0, &mut details);
    tidy(&mut details);
    details
}

fn leftovers(reading: &Reading<'_, '_>, of: Node, folds: usize, into: &mut Vec<Detail>) {
    let view = reading.view;
    for child in view.children(of) {
        let name = view.name(child);
        if name == DATA && view.state(child) == Some(Disposition::Used) {
            into.push(Detail {
                name: "data_not_shown".to_owned(),
                ..Detail::default()
            });
            continue;
        }
        if matches!(name, "extension" | "modifierExtension" | "contained")
            || (name == "text" && view.one(child, "div").is_some())
        {
            continue;
        }
        if view.is_touched(child) {
            let mut inner = Vec::new();
            leftovers(reading, child, folds, &mut inner);
            if !inner.is_empty() {
                into.push(Detail {
                    name: name.to_owned(),
                    details: inner,
                    ..Detail::default()
                });
            }
            continue;
        }
        if let Some(mut read) = detail(view, child, name) {
            fold(reading, child, folds, &mut read.details);
            into.push(read);
        }
    }
    into.extend(extensions(view, of));
}

/// Attached files are named and never opened: what is in them is taken note of, not shown.
fn hide_data(view: &View<'_>, node: Node) {
    // Few messages hold any, and every element of every resource would be asked.
    if view.tree.names.has(DATA) {
        hide_data_in(view, node);
    }
}

fn hide_data_in(view: &View<'_>, node: Node) {
    /// What stands beside the data of an attachment.
    const BESIDE: [&str; 5] = ["contentType", "url", "title", "size", "hash"];
    if let Some(data) = view.one(node, DATA)
        && BESIDE.iter().any(|name| view.one(node, name).is_some())
    {
        view.use_whole(data);
    }
    for child in view.children(node) {
        if view.name(child) != "contained" {
            hide_data_in(view, child);
        }
    }
}

/// Tells, where a reference stands, what it refers to and has no entry of its own.
fn fold(reading: &Reading<'_, '_>, node: Node, folds: usize, into: &mut Vec<Detail>) {
    let view = reading.view;
    if view.one(node, "reference").is_none() {
        for child in view.children(node) {
            fold(reading, child, folds, into);
        }
        return;
    }
    let Some(resource) = view.index.resolve(view, node) else {
        return;
    };
    if folds < FOLDS_MAX && is_folded(reading, resource) && !reading.is_taken(resource) {
        into.extend(told(reading, resource, folds + 1));
    }
}

/// Whether a resource has no entry of its own, because no section names it.
pub(super) fn is_folded(reading: &Reading<'_, '_>, resource: Resource<'_>) -> bool {
    is_foldable(resource.kind) && !reading.resources.is_sectioned(resource.node)
}

/// A resource as a named value of another, and taken as such.
pub(super) fn told<'d>(
    reading: &Reading<'_, 'd>,
    resource: Resource<'d>,
    folds: usize,
) -> Option<Detail> {
    reading.take(resource);
    hide_data(reading.view, resource.node);
    let mut details = Vec::new();
    leftovers(reading, resource.node, folds, &mut details);
    (!details.is_empty()).then(|| Detail {
        name: resource.kind.to_owned(),
        details,
        ..Detail::default()
    })
}

/// The identifiers beside a reference that resolves.
pub(super) fn numbers(name: &str, ids: Vec<Identifier>) -> impl Iterator<Item = Detail> {
    ids.into_iter().map(move |id| Detail {
        name: name.to_owned(),
        text: id.extension,
        details: id
            .root
            .map(|root| Detail::text("system", root))
            .into_iter()
            .collect(),
        ..Detail::default()
    })
}

/// What a resource refers to that is an entry too, each once; elements of these names left out.
pub(super) fn links(
    reading: &Reading<'_, '_>,
    resource: Node,
    without: &[&str],
) -> Vec<LineReference> {
    let mut found = (Vec::new(), HashSet::new());
    for child in reading.view.children(resource) {
        let name = reading.view.name(child);
        if name != "contained" && !without.contains(&name) {
            gather(reading, child, &mut found);
        }
    }
    found.0
}

fn gather(
    reading: &Reading<'_, '_>,
    node: Node,
    found: &mut (Vec<LineReference>, HashSet<String>),
) {
    let view = reading.view;
    if view.one(node, "reference").is_some() {
        let target = view
            .index
            .resolve(view, node)
            .filter(|target| !is_person(target.kind) && !is_folded(reading, *target))
            // The document itself is no entry.
            .filter(|target| target.kind != "Composition" || !reading.is_taken(*target));
        if let Some(target) = target {
            let key = reading.key_of(target);
            if found.1.insert(key.clone()) {
                found.0.push(LineReference {
                    ids: Vec::new(),
                    target: Some(key),
                });
            }
        }
    }
    for child in view.children(node) {
        gather(reading, child, found);
    }
}

/// Takes note of whom a resource is about, where that is the patient: the patient is told once, as
/// such. Anybody else stays among the named values.
pub(super) fn about_the_patient(view: &View<'_>, resource: Node) {
    for name in ["subject", "patient", "beneficiary", "for"] {
        let Some(node) = view.one(resource, name) else {
            continue;
        };
        let is_patient = view
            .index
            .resolve(view, node)
            .is_some_and(|target| target.kind == "Patient");
        let by_number = view
            .at(node, &["identifier", "system"])
            .is_some_and(|system| {
                view.peek_value(system)
                    .is_some_and(|system| systems::is(system, BSN))
            });
        if is_patient || by_number {
            view.use_whole(node);
        }
    }
}
