//! By what a resource, a section, a reference or an issue says that it is about ICA.

use crate::domain::summary::SectionKind;
use crate::readers::fhir::kinds::section_kind;
use crate::readers::fhir::tree::Node;
use crate::readers::fhir::view::{Resource, View};
use crate::readers::kinds::{ALLERGIES_LOINC, ALLERGIES_SNOMED, says_no_allergies};
use crate::readers::systems::{self, LOINC, SNOMED, THESAURUS_40};

/// Beginnings of words that say what a section is about, where no code does.
const WORDS: [&str; 9] = [
    "allerg",
    "intoleran",
    "overgevoelig",
    "hypersens",
    "contraind",
    "contra-ind",
    "contra ind",
    "kontraind",
    "bijwerking",
];
/// Types that are ICA whatever they say.
pub(super) const ALWAYS: [&str; 2] = ["AllergyIntolerance", "DetectedIssue"];
/// Categories of a `Flag` that warn against a medicine or a food.
const FLAG_CATEGORIES: [&str; 2] = ["drug", "diet"];

/// Whether a reference says of its target that it is ICA.
pub(super) fn names_ica_type(view: &View<'_>, reference: Node) -> bool {
    let literal = view.peek(reference, "reference").unwrap_or_default();
    let mut steps = literal.rsplit('/').skip(1);
    steps.any(|step| ALWAYS.contains(&step))
        || view
            .peek(reference, "type")
            .is_some_and(|kind| ALWAYS.contains(&kind))
}

/// Whether a resource is ICA by its type or its code.
pub(in crate::readers::fhir) fn is_ica_resource(view: &View<'_>, resource: Resource<'_>) -> bool {
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
            is_allergies_code(view, node)
                || is_coded(view, node, "category")
                || has_profile(view, node, "AllergyIntolerance")
        }
        _ => false,
    }
}

/// Whether a code in it makes a resource ICA.
pub(in crate::readers::fhir) fn holds_ica_code(view: &View<'_>, resource: Node) -> bool {
    view.tree.inside(resource).any(|node| {
        view.name(node) == "system"
            && view
                .peek_value(node)
                .is_some_and(|system| is_ica_code(view, node, system))
    })
}

/// Whether a code system, with the code beside it, says that this is ICA.
pub(super) fn is_ica_code(view: &View<'_>, node: Node, system: &str) -> bool {
    let coding = view.tree.parent(node);
    let code = coding.and_then(|coding| view.peek(coding, "code"));
    systems::is(system, THESAURUS_40) || says_no_allergies(system, code.unwrap_or_default().trim())
}

/// Whether a section is about allergies: by its code, or by its title where no code tells its kind.
pub(super) fn is_allergies_section(view: &View<'_>, section: Node) -> bool {
    let words = [
        view.peek(section, "title"),
        view.at(section, &["code", "text"])
            .and_then(|text| view.peek_value(text)),
    ];
    is_allergies_code(view, section)
        || section_kind(view, section) == SectionKind::Other
            && words.into_iter().flatten().any(speaks_of_ica)
}

fn speaks_of_ica(words: &str) -> bool {
    let words = words.to_lowercase();
    WORDS.iter().any(|word| {
        words.match_indices(word).any(|(at, _)| {
            let before = words
                .get(..at)
                .and_then(|before| before.chars().next_back());
            before.is_none_or(|c| !c.is_alphanumeric())
        })
    })
}

/// Whether an issue tells how it went with ICA: anything in it names their types.
pub(super) fn tells_of_ica(view: &View<'_>, issue: Node) -> bool {
    view.tree.inside(issue).any(|node| {
        view.peek_value(node)
            .is_some_and(|value| ALWAYS.iter().any(|kind| value.contains(kind)))
    })
}

/// Whether the code says that this is about allergies.
fn is_allergies_code(view: &View<'_>, node: Node) -> bool {
    is_coded(view, node, "code")
}

fn is_coded(view: &View<'_>, node: Node, name: &str) -> bool {
    codings(view, node, name).any(|(system, code)| {
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
pub(in crate::readers::fhir) fn codings<'v>(
    view: &'v View<'_>,
    node: Node,
    name: &'v str,
) -> impl Iterator<Item = (&'v str, &'v str)> {
    view.named(node, name)
        .flat_map(move |concept| codings_of(view, concept))
}

/// System and code of every coding in a concept.
pub(in crate::readers::fhir) fn codings_of<'v>(
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
