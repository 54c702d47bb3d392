//! What stands in the way of a "none known": everything but a short list of elements, each with the
//! few values that doubt nothing. An element that nobody here thought of weakens it.

use std::collections::HashSet;

use crate::domain::state::StatementKind;
use crate::domain::summary::Statement;
use crate::readers::fhir::header::composition_of;
use crate::readers::fhir::ica;
use crate::readers::fhir::reading::Reading;
use crate::readers::fhir::tree::Node;
use crate::readers::fhir::view::{Resource, View};
use crate::readers::fhir::{narrative, vocabulary};
use crate::readers::kinds::{
    ALLERGIES_LOINC, ALLERGIES_RECORD, NO_KNOWN_ALLERGY, agrees_with_none,
};
use crate::readers::systems::{self, LOINC, SNOMED};

/// Elements that may stand more than once.
const REPEATING: [&str; 4] = ["identifier", "contained", "performer", "category"];
/// The URL of the extension that says why there is no value.
const DATA_ABSENT: &str = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";

/// Whether a resource (a statement, or a list that is empty) holds nothing but what a definitive
/// "none known" may hold.
pub(super) fn is_plain(view: &View<'_>, resource: Resource<'_>) -> bool {
    let node = resource.node;
    view.name(node) != "contained"
        && view.children(node).all(|child| {
            let name = view.name(child);
            (REPEATING.contains(&name) || view.named(node, name).count() == 1)
                && may_stand(view, resource, child)
        })
}

fn may_stand(view: &View<'_>, resource: Resource<'_>, child: Node) -> bool {
    let is_list = resource.kind == "List";
    match view.name(child) {
        "id" | "language" | "recordedDate" | "assertedDate" | "date" | "effectiveDateTime"
        | "issued" | "dateTime" => is_bare(view, child),
        "meta" => view.children(child).all(|part| {
            matches!(
                view.name(part),
                "versionId" | "lastUpdated" | "source" | "profile"
            ) && is_bare(view, part)
        }),
        "text" => text_agrees(view, child, &[resource.node]),
        "contained" => view.tree.resource_type(child).is_some_and(|kind| {
            matches!(kind, "Practitioner" | "PractitionerRole" | "Organization")
        }),
        "identifier" | "patient" | "subject" => is_unextended(view, child),
        "recorder" | "asserter" | "performer" | "source" | "author" => view
            .index
            .resolve(view, child)
            .is_none_or(|who| who.kind != "Device"),
        "clinicalStatus" => is_only(view, child, &["active"]),
        "verificationStatus" => is_only(view, child, &["confirmed"]),
        "status" => is_only(view, child, &["active", "final", "completed", "current"]),
        "category" => resource.kind == "AllergyIntolerance",
        "code" if is_list => is_all_allergies(view, child),
        "code" if view.one(resource.node, "valueCodeableConcept").is_some() => {
            is_all_allergies(view, child)
        }
        "code" => is_unextended(view, child),
        "valueCodeableConcept" => resource.kind == "Observation" && is_unextended(view, child),
        "title" if is_list => words_agree(view, child),
        "emptyReason" if is_list => is_unextended(view, child),
        "mode" if is_list => view.peek_value(child) == Some("snapshot"),
        "onsetDateTime" | "onset" => is_absent(view, child),
        // One with an end is no longer in force.
        "onsetPeriod" => view.one(child, "end").is_none() && is_unextended(view, child),
        _ => false,
    }
}

/// Whether a section says nothing but that it is empty, or nothing but what its entries say.
pub(super) fn is_plain_section(view: &View<'_>, section: Node) -> bool {
    let is_empty = view.one(section, "emptyReason").is_some();
    let behind: Vec<Node> = view
        .named(section, "entry")
        .filter_map(|entry| view.index.resolve(view, entry))
        .map(|resource| resource.node)
        .collect();
    view.children(section).all(|child| match view.name(child) {
        "id" | "orderedBy" | "author" | "entry" => true,
        "title" => !is_empty || words_agree(view, child),
        "code" => is_all_allergies(view, child),
        "text" => text_agrees(view, child, &behind),
        "emptyReason" => is_unextended(view, child),
        "mode" => view.peek_value(child) == Some("snapshot"),
        _ => false,
    })
}

/// Takes the certainty from every "none known" of a document that is not final, or that a section, a
/// list or an entry of the Bundle holds which says more than that; takes back what is deleted.
pub(in crate::readers::fhir) fn weaken_all(reading: &mut Reading<'_, '_>) {
    let deleted = deleted(reading);
    let statements = |reading: &mut Reading<'_, '_>, change: &dyn Fn(&mut Statement)| {
        let record = &mut reading.record;
        record.allergies.iter_mut().for_each(change);
        record.contraindications.iter_mut().for_each(change);
    };
    statements(reading, &|statement| {
        if deleted.contains(&statement.key) {
            statement.kind = StatementKind::Refuted;
        }
    });
    let record = &reading.record;
    let is_none = |statement: &Statement| statement.kind == StatementKind::NoneKnown;
    if !record.allergies.iter().any(is_none) && !record.contraindications.iter().any(is_none) {
        // Nothing to doubt, and what follows reads every narrative of allergies.
        return;
    }
    let is_whole = is_whole(reading.view);
    let doubted: HashSet<String> = doubted(reading.view)
        .into_iter()
        .map(|resource| reading.key_of(resource))
        .collect();
    statements(reading, &|statement| {
        if !is_whole || doubted.contains(&statement.key) {
            soften(statement);
        }
    });
}

/// Keys of what a Bundle tells to delete.
fn deleted(reading: &Reading<'_, '_>) -> HashSet<String> {
    let view = reading.view;
    let is_deletion = |entry: &Node| {
        view.at(*entry, &["request", "method"])
            .and_then(|method| view.peek_value(method))
            == Some("DELETE")
    };
    view.named(view.root(), "entry")
        .filter(is_deletion)
        .filter_map(|entry| view.resource(view.one(entry, "resource")?))
        .map(|resource| reading.key_of(resource))
        .collect()
}

/// Whether every document in a part is final, and no rule stands over it that nobody here knows.
fn is_whole(view: &View<'_>) -> bool {
    let root = view.root();
    view.resources()
        .iter()
        .filter(|resource| resource.kind == "Composition")
        .all(|resource| is_final(view, resource.node))
        && view.one(root, "implicitRules").is_none()
        && view.one(root, "modifierExtension").is_none()
}

/// Resources that are held by something which says more than that it holds them.
fn doubted<'d>(view: &View<'d>) -> Vec<Resource<'d>> {
    let mut doubted = Vec::new();
    let mut sections: Vec<Node> = composition_of(view)
        .map(|composition| view.named(composition.node, "section").collect())
        .unwrap_or_default();
    while let Some(section) = sections.pop() {
        sections.extend(view.named(section, "section"));
        if is_about_allergies(view, section) && !is_plain_section(view, section) {
            let entries = view.named(section, "entry");
            doubted.extend(entries.filter_map(|entry| view.index.resolve(view, entry)));
        }
    }
    for list in view.resources().iter().filter(|one| one.kind == "List") {
        let is_in_force = is_in_force(view, list.node);
        let items = view
            .named(list.node, "entry")
            .filter(|entry| !is_in_force || !holds_only_an_item(view, *entry))
            .filter_map(|entry| view.one(entry, "item"));
        doubted.extend(items.filter_map(|item| view.index.resolve(view, item)));
    }
    let entries = view
        .named(view.root(), "entry")
        .filter(|entry| !is_plain_entry(view, *entry));
    doubted.extend(entries.filter_map(|entry| view.resource(view.one(entry, "resource")?)));
    doubted
}

/// Whether a `List` holds now what it says.
fn is_in_force(view: &View<'_>, list: Node) -> bool {
    view.named(list, "status")
        .all(|status| is_only(view, status, &["current"]))
        && view.one(list, "implicitRules").is_none()
        && view.one(list, "modifierExtension").is_none()
}

fn holds_only_an_item(view: &View<'_>, entry: Node) -> bool {
    view.children(entry)
        .all(|child| matches!(view.name(child), "id" | "item" | "date"))
}

/// Takes the certainty from a "none known".
fn soften(statement: &mut Statement) {
    if statement.kind == StatementKind::NoneKnown {
        statement.kind = StatementKind::NoInformation;
    }
}

fn is_final(view: &View<'_>, composition: Node) -> bool {
    view.named(composition, "status")
        .all(|status| is_only(view, status, &["final", "amended", "corrected", "appended"]))
        && view.one(composition, "implicitRules").is_none()
        && view.one(composition, "modifierExtension").is_none()
}

/// Whether an entry of a Bundle only holds its resource: found by a search, or put there.
fn is_plain_entry(view: &View<'_>, entry: Node) -> bool {
    view.children(entry).all(|child| match view.name(child) {
        "id" | "fullUrl" | "resource" | "link" | "request" => true,
        "search" => view
            .peek(child, "mode")
            .is_none_or(|mode| mode == "match" || mode == "include"),
        "response" => view
            .peek(child, "status")
            .is_none_or(|status| status.starts_with('2')),
        _ => false,
    })
}

fn is_about_allergies(view: &View<'_>, section: Node) -> bool {
    ica::codings(view, section, "code")
        .any(|(_, code)| matches!(code, ALLERGIES_LOINC | ALLERGIES_RECORD))
}

/// Whether a concept is about allergies of every kind, by each of its codes and by its words.
fn is_all_allergies(view: &View<'_>, concept: Node) -> bool {
    is_unextended(view, concept)
        && ica::codings_of(view, concept).all(|(system, code)| {
            systems::is(system, LOINC) && code == ALLERGIES_LOINC
                || systems::is(system, SNOMED)
                    && matches!(code, ALLERGIES_RECORD | NO_KNOWN_ALLERGY)
        })
        && view
            .one(concept, "text")
            .is_none_or(|text| words_agree(view, text))
}

/// Whether every code of a status is one of these, and its words say the same.
fn is_only(view: &View<'_>, status: Node, codes: &[&str]) -> bool {
    let agrees = |value: &str| {
        codes
            .iter()
            .chain(&["actief", "bevestigd", "definitief"])
            .any(|code| code.eq_ignore_ascii_case(value.trim()))
    };
    is_unextended(view, status)
        && view
            .peek_value(status)
            .is_none_or(|code| codes.contains(&code))
        && view
            .named(status, "text")
            .all(|text| view.peek_value(text).is_some_and(agrees))
        && view.named(status, "coding").all(|coding| {
            view.peek(coding, "code")
                .is_some_and(|code| codes.contains(&code))
                && view.peek(coding, "display").is_none_or(agrees)
        })
}

fn is_bare(view: &View<'_>, node: Node) -> bool {
    view.children(node).next().is_none()
}

/// Whether nothing in a node extends what it says.
fn is_unextended(view: &View<'_>, node: Node) -> bool {
    view.children(node).all(|child| {
        !matches!(
            view.name(child),
            "extension" | "modifierExtension" | "text()"
        ) && is_unextended(view, child)
    })
}

/// Whether there is no value, and nothing but why.
fn is_absent(view: &View<'_>, node: Node) -> bool {
    view.peek_value(node).is_none()
        && view.children(node).all(|child| {
            view.name(child) == "extension" && view.peek(child, "url") == Some(DATA_ABSENT)
        })
}

fn words_agree(view: &View<'_>, node: Node) -> bool {
    view.peek_value(node)
        .is_some_and(|text| agrees_with_none(text, |_| false))
}

/// Whether a narrative says nothing but that there are none, and what is coded beside it.
fn text_agrees(view: &View<'_>, text: Node, beside: &[Node]) -> bool {
    if view.peek(text, "status") == Some("additional") {
        return false;
    }
    let Some(said) = narrative::said(view, text) else {
        return true;
    };
    let coded = vocabulary::words_beside(view, beside);
    agrees_with_none(&said, |word| vocabulary::holds(&coded, word))
}
