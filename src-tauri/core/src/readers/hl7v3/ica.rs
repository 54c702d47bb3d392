//! Which elements are ICA (DOMAIN §3.1): found once, before anything is read.
//!
//! An ICA element is taken out with the relationship that holds it, so that what remains is
//! the message as if it had never been sent.

use super::interactions::{is_interaction, is_whole_ica};
use super::view::{HL7, ICA, Node, is_hl7};

/// G-Standaard Thesaurus 40: whatever is coded in it is a contra-indication, in whatever element.
pub(super) const THESAURUS_40: &str = "2.16.840.1.113883.2.4.4.1.902.40";
/// HL7 `ActCode`.
pub(super) const ACT_CODE: &str = "2.16.840.1.113883.5.4";
const LOINC: &str = "2.16.840.1.113883.6.1";
/// LOINC "Alert": an attention flag where it refers to an episode, else an alert.
const ALERT: &str = "74018-3";

/// `ObservationIntoleranceType` of HL7 `ActCode`.
const INTOLERANCE_CODES: [&str; 14] = [
    "INTLRNC", "OINT", "ALG", "OALG", "DALG", "EALG", "FALG", "DINT", "EINT", "FINT", "NAINT",
    "DNAINT", "ENAINT", "FNAINT",
];
/// HL7 `ActCode` for a contra-indication.
const CONTRA_INDICATION_CODE: &str = "CI";

/// Acts that say something by themselves: what is coded inside belongs to the nearest of them.
const STATEMENTS: [&str; 22] = [
    "act",
    "annotation",
    "Condition",
    "ContraIndication",
    "encounter",
    "episodeOfCondition",
    "episodOfCare",
    "episodeOfCare",
    "JournalEntry",
    "justifiedDetectedIssue",
    "medicationAdministrationRequest",
    "medicationDispenseRequest",
    "observation",
    "ObservationDx",
    "ObservationIntolerance",
    "organizer",
    "pertinentAnnotationObsEvent",
    "Prescription",
    "procedure",
    "substanceAdministration",
    "supply",
    "observationMedia",
];

/// Children of a relationship that are no acts.
const BESIDE_AN_ACT: [&str; 5] = [
    "sequenceNumber",
    "priorityNumber",
    "seperatableInd",
    "separatableInd",
    "templateId",
];

/// Sets the flag of every ICA element in the message.
pub(super) fn flag_all<'d>(message: Node<'d>, flags: &mut [u8]) {
    for element in message.descendants().filter(roxmltree::Node::is_element) {
        if let Some(unit) = unit_of(element)
            && let Some(flag) = flags.get_mut(unit.id().get_usize())
        {
            *flag |= ICA;
        }
    }
}

/// The element that goes, if this one says that something here is ICA.
fn unit_of<'d>(element: Node<'d>) -> Option<Node<'d>> {
    // The code system says it all, also in a type or namespace that nobody knows.
    if element.attribute("codeSystem") == Some(THESAURUS_40) {
        return Some(unit_around(element));
    }
    if !is_hl7(element) {
        return None;
    }
    let name = element.tag_name().name();
    let parent = element.parent_element();
    let in_provision =
        parent.is_some_and(|p| p.tag_name().name() == "PrimaryCareProvision" && is_hl7(p));
    match name {
        "component3" | "component4" if in_provision => Some(element),
        "ContraIndication" | "ObservationIntolerance" => Some(relationship_of(element)),
        "code" if is_ica_code(element) => parent.filter(|p| !is_frame(*p)).map(relationship_of),
        "observation" if is_alert(element) => Some(relationship_of(element)),
        _ if is_whole_ica(element) => Some(element),
        _ => None,
    }
}

/// An act whose own code says that it is an intolerance or a contra-indication.
fn is_ica_code(code: Node<'_>) -> bool {
    code.attribute("codeSystem") == Some(ACT_CODE)
        && code
            .attribute("code")
            .is_some_and(|c| c == CONTRA_INDICATION_CODE || INTOLERANCE_CODES.contains(&c))
}

/// LOINC 74018-3 with a content of its own and without an episode it refers to. An alert
/// without a code counts as a contra-indication.
fn is_alert(observation: Node<'_>) -> bool {
    let has = |name: &str| {
        observation
            .children()
            .any(|child| child.has_tag_name((HL7, name)))
    };
    is_attention_code(observation) && !has("sourceOf") && (has("value") || has("text"))
}

/// Whether an observation is coded LOINC 74018-3.
pub(super) fn is_attention_code(observation: Node<'_>) -> bool {
    observation.children().any(|child| {
        child.has_tag_name((HL7, "code"))
            && child.attribute("codeSystem") == Some(LOINC)
            && child.attribute("code") == Some(ALERT)
    })
}

/// What goes with a coded value: the nearest statement, else all below the nearest frame.
fn unit_around<'d>(coded: Node<'d>) -> Node<'d> {
    let mut below = coded;
    for step in coded.ancestors().skip(1) {
        if is_frame(step) {
            return below;
        }
        if is_hl7(step) && STATEMENTS.contains(&step.tag_name().name()) {
            return relationship_of(step);
        }
        below = step;
    }
    coded
}

/// The relationship that holds an act, where it holds nothing else; else the act.
fn relationship_of<'d>(act: Node<'d>) -> Node<'d> {
    let Some(parent) = act.parent_element() else {
        return act;
    };
    let alone = parent
        .children()
        .filter(roxmltree::Node::is_element)
        .all(|child| child == act || BESIDE_AN_ACT.contains(&child.tag_name().name()));
    if !is_frame(parent) && (alone || is_provision_component(parent)) {
        parent
    } else {
        act
    }
}

fn is_provision_component(element: Node<'_>) -> bool {
    matches!(element.tag_name().name(), "component3" | "component4")
        && element
            .parent_element()
            .is_some_and(|p| p.tag_name().name() == "PrimaryCareProvision")
}

/// What stays whatever is in it: the message's own frame, and anything that is not HL7's.
fn is_frame(element: Node<'_>) -> bool {
    !is_hl7(element)
        || matches!(
            element.tag_name().name(),
            "PrimaryCareProvision" | "ControlActProcess"
        )
        || is_interaction(element)
        || element
            .parent_element()
            .is_some_and(|p| p.tag_name().name() == "ControlActProcess" && is_hl7(p))
            && element.tag_name().name() == "subject"
}

/// Whether a statement is a contra-indication rather than an intolerance.
pub(super) fn is_contra_indication<'d>(unit: Node<'d>, act: Node<'d>) -> bool {
    let coded = act
        .descendants()
        .any(|node| node.attribute("codeSystem") == Some(THESAURUS_40));
    let code = act
        .children()
        .find(|child| child.has_tag_name((HL7, "code")));
    let intolerance = act.tag_name().name() == "ObservationIntolerance"
        || unit.tag_name().name() == "component4"
        || code
            .is_some_and(|c| is_ica_code(c) && c.attribute("code") != Some(CONTRA_INDICATION_CODE));
    coded || !intolerance
}

/// The acts of an ICA element.
pub(super) fn acts_of<'d>(unit: Node<'d>) -> Vec<Node<'d>> {
    if STATEMENTS.contains(&unit.tag_name().name()) {
        return vec![unit];
    }
    unit.children()
        .filter(|child| {
            child.is_element()
                && is_hl7(*child)
                && !BESIDE_AN_ACT.contains(&child.tag_name().name())
        })
        .collect()
}
