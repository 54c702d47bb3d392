//! What casts doubt on a "none known": everything but what belongs to one that is plainly said.
//!
//! A resource, a list or a section says "none known" beyond doubt only if each of its elements is
//! one of a short list, with the value it has there. Whatever else stands in it (an extension, an
//! exception in words, a part with a value of its own, rules that nobody here knows) may turn the
//! meaning round, and makes it no information.

use super::ica::codings;
use super::tree::Node;
use super::view::View;
use crate::readers::systems::{self, LOINC, SNOMED};

/// LOINC and SNOMED CT for a section or list of allergies.
const ALLERGIES: [&str; 2] = ["48765-2", "722446000"];

const OF_ANY: [&str; 6] = ["id", "meta", "language", "text", "identifier", "contained"];
const OF_ALLERGY: [&str; 14] = [
    "clinicalStatus",
    "verificationStatus",
    "type",
    "category",
    "criticality",
    "code",
    "patient",
    "encounter",
    "onsetDateTime",
    // One with an end is no longer in force: that is judged with the dates.
    "onsetPeriod",
    "recordedDate",
    "assertedDate",
    "recorder",
    "asserter",
];
const OF_OBSERVATION: [&str; 11] = [
    "status",
    "category",
    "code",
    "subject",
    "encounter",
    "context",
    "effectiveDateTime",
    "effectivePeriod",
    "issued",
    "performer",
    "valueCodeableConcept",
];
const OF_CONDITION: [&str; 12] = [
    "clinicalStatus",
    "verificationStatus",
    "category",
    "code",
    "subject",
    "encounter",
    "context",
    "onsetDateTime",
    "recordedDate",
    "assertedDate",
    "recorder",
    "asserter",
];
const OF_LIST: [&str; 9] = [
    "status",
    "mode",
    "code",
    "subject",
    "encounter",
    "date",
    "source",
    "emptyReason",
    "title",
];
const OF_SECTION: [&str; 8] = [
    "id",
    "title",
    "code",
    "author",
    "text",
    "orderedBy",
    "emptyReason",
    "entry",
];

/// Whether nothing in a resource, a list or a section casts doubt on a "none known" in it.
pub(super) fn is_beyond_doubt(view: &View<'_>, node: Node) -> bool {
    let kind = view.resource(node).map_or("section", |found| found.kind);
    let own: &[&str] = match kind {
        "AllergyIntolerance" => &OF_ALLERGY,
        "Observation" => &OF_OBSERVATION,
        "Condition" => &OF_CONDITION,
        "List" => &OF_LIST,
        _ => &OF_SECTION,
    };
    let any: &[&str] = if kind == "section" { &[] } else { &OF_ANY };
    view.children(node).all(|child| {
        let name = view.name(child);
        any.contains(&name) || own.contains(&name)
    }) && has_plain_values(view, node, kind)
}

fn has_plain_values(view: &View<'_>, node: Node, kind: &str) -> bool {
    let all = |name: &str, allowed: &[&str]| {
        let written = view
            .named(node, name)
            .filter_map(|one| view.peek_value(one));
        let coded = codings(view, node, name).map(|(_, code)| code);
        written.chain(coded).all(|code| allowed.contains(&code))
    };
    let reason_is_plain = view.named(node, "emptyReason").all(|reason| {
        view.children(reason)
            .all(|child| matches!(view.name(child), "coding" | "text"))
    });
    let about_all = || {
        codings(view, node, "code").all(|(system, code)| {
            ALLERGIES.contains(&code) && (systems::is(system, LOINC) || systems::is(system, SNOMED))
        })
    };
    match kind {
        "List" => {
            all("status", &["current"])
                && all("mode", &["snapshot", "working"])
                && reason_is_plain
                && about_all()
        }
        "section" => reason_is_plain && about_all(),
        "Observation" => all("status", &["final", "amended", "corrected"]),
        _ => {
            all("clinicalStatus", &["active"])
                && all("verificationStatus", &["confirmed"])
                && all("criticality", &["low", "unable-to-assess"])
        }
    }
}

/// Whether a document as a whole is no ground for a "none known": it was taken back or is not
/// finished, or rules hold for it that nobody here knows.
pub(super) fn is_document_in_doubt(view: &View<'_>) -> bool {
    let root = view.root();
    let rules = |node: Node| view.named(node, "implicitRules").next().is_some();
    let deleted = view
        .named(root, "entry")
        .flat_map(|entry| view.named(entry, "request").collect::<Vec<_>>())
        .any(|request| view.peek(request, "method") == Some("DELETE"));
    let compositions = view
        .resources()
        .iter()
        .filter(|resource| resource.kind == "Composition");
    let unfinished = |node: Node| {
        view.named(node, "status")
            .filter_map(|status| view.peek_value(status))
            .any(|status| !matches!(status, "final" | "amended"))
    };
    deleted
        || rules(root)
        || compositions.into_iter().any(|resource| {
            rules(resource.node)
                || unfinished(resource.node)
                || view
                    .named(resource.node, "modifierExtension")
                    .next()
                    .is_some()
        })
}
