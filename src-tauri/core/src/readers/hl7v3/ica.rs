//! Which elements are ICA (DOMAIN §3.1): found once, before anything is read.
//!
//! An ICA element is taken out with the relationship that holds it, so that what remains is
//! the message as if it had never been sent.

use super::interactions::{is_interaction, is_whole_ica};
use super::view::{EMPTIED, HL7, ICA, Node, is_hl7};
use crate::readers::kinds::{ALLERGIES_LOINC, ALLERGIES_SNOMED, says_no_allergies};
use crate::readers::systems::is_same_system;

/// G-Standaard Thesaurus 40: whatever is coded in it is a contra-indication, in whatever element.
pub(super) const THESAURUS_40: &str = "2.16.840.1.113883.2.4.4.1.902.40";
/// HL7 `ActCode`.
pub(super) const ACT_CODE: &str = "2.16.840.1.113883.5.4";
const LOINC: &str = "2.16.840.1.113883.6.1";
/// LOINC "Alert": an attention flag where it refers to an episode, else an alert.
const ALERT: &str = "74018-3";

const SNOMED: &str = "2.16.840.1.113883.6.96";

/// `ObservationIntoleranceType` of HL7 `ActCode`.
const INTOLERANCE_CODES: [&str; 14] = [
    "INTLRNC", "OINT", "ALG", "OALG", "DALG", "EALG", "FALG", "DINT", "EINT", "FINT", "NAINT",
    "DNAINT", "ENAINT", "FNAINT",
];
/// HL7 `ActCode` for a contra-indication.
const CONTRA_INDICATION_CODE: &str = "CI";

/// Templates of what is ICA in whatever message it stands: the lists of alerts and of allergies, an
/// alert, the concern and the observation of an allergy.
const ICA_TEMPLATES: [&str; 5] = [
    "2.16.840.1.113883.2.4.3.11.60.66.10.18",
    "2.16.840.1.113883.2.4.3.11.60.66.10.20",
    "2.16.840.1.113883.2.4.3.11.60.66.10.214",
    "2.16.840.1.113883.2.4.3.11.60.66.10.215",
    "2.16.840.1.113883.2.4.3.11.60.66.10.216",
];

/// Acts that say something by themselves: what is coded inside belongs to the nearest of them.
const STATEMENTS: [&str; 24] = [
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
    "medicationDispenseEvent",
    "medicationDispenseRequest",
    "observation",
    "ObservationDx",
    "ObservationIntolerance",
    "organizer",
    "pertinentAnnotationObsEvent",
    "Prescription",
    "prescription",
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

/// HL7 `ActClass`.
const ACT_CLASS: &str = "2.16.840.1.113883.5.6";
/// What a concern is identified by: without the problem that it was sent for it says nothing. Words
/// of its own are an episode's title, and stay.
const OF_A_CONCERN: [&str; 7] = [
    "id",
    "code",
    "statusCode",
    "effectiveTime",
    "author",
    "participant",
    "performer",
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
    flag_emptied(message, false, flags);
}

/// Flags every holder inside a message that holds nothing but ICA: it was sent for them, and
/// left behind it would tell of them. Gives whether the element goes.
fn flag_emptied<'d>(element: Node<'d>, in_message: bool, flags: &mut [u8]) -> bool {
    let at = element.id().get_usize();
    if flags.get(at).is_some_and(|flag| flag & ICA != 0) {
        return true;
    }
    let inside = in_message || is_interaction(element);
    let concern = is_concern(element);
    let (mut gone, mut stays) = (false, false);
    for child in element.children().filter(roxmltree::Node::is_element) {
        if flag_emptied(child, inside, flags) {
            gone = true;
        } else {
            let name = child.tag_name().name();
            stays |= !(BESIDE_AN_ACT.contains(&name) || concern && OF_A_CONCERN.contains(&name));
        }
    }
    if !in_message || !gone || stays {
        return false;
    }
    let has_words = element
        .children()
        .any(|child| child.is_text() && !child.text().unwrap_or_default().trim().is_empty());
    let emptied = !(has_words || is_hl7(element) && is_frame(element));
    if emptied && let Some(flag) = flags.get_mut(at) {
        *flag |= EMPTIED;
    }
    emptied
}

/// Whether an act only holds problems together (HL7 `ActClass` CONC).
fn is_concern(act: Node<'_>) -> bool {
    act.has_tag_name((HL7, "act"))
        && act.children().any(|child| {
            child.has_tag_name((HL7, "code"))
                && child.attribute("code") == Some("CONC")
                && is_coded_in(child, ACT_CLASS)
        })
}

/// The element that goes, if this one says that something here is ICA.
fn unit_of<'d>(element: Node<'d>) -> Option<Node<'d>> {
    // The code system says it all, also in a type or namespace that nobody knows.
    if is_of_thesaurus_40(element) {
        return Some(unit_around(element));
    }
    // So do these names, however they are written and wherever they stand in a record.
    if is_named(element, "component3") || is_named(element, "component4") {
        let in_provision =
            |p: Node<'_>| p.tag_name().name().starts_with("PrimaryCareProvision") && is_hl7(p);
        if element.ancestors().skip(1).any(in_provision) {
            return Some(element);
        }
    }
    if is_named(element, "ContraIndication") || is_named(element, "ObservationIntolerance") {
        return Some(relationship_of(element));
    }
    if !is_hl7(element) {
        return None;
    }
    let name = element.tag_name().name();
    let parent = element.parent_element();
    match name {
        "code" if is_ica_code(element) => parent.filter(|p| !is_frame(*p)).map(relationship_of),
        "observation" if is_alert(element) || is_allergy(element) => Some(relationship_of(element)),
        "templateId" if is_ica_template(element) => {
            parent.filter(|p| !is_frame(*p)).map(relationship_of)
        }
        // "No known allergy" and its kin tell as much as an allergy does.
        "value" if is_none_known(element) => Some(unit_around(element)),
        _ if is_whole_ica(element) => Some(element),
        _ => None,
    }
}

/// Whether an element says that what it stands in is ICA by its rules.
fn is_ica_template(template: Node<'_>) -> bool {
    template
        .attribute("root")
        .is_some_and(|root| ICA_TEMPLATES.iter().any(|known| is_system(root, known)))
}

/// Whether an observation is about an allergy by its value, and names what it is to. Without that it is
/// a word about the patient, as an episode may be.
fn is_allergy(observation: Node<'_>) -> bool {
    let is_kind = |value: Node<'_>| {
        value.has_tag_name((HL7, "value"))
            && value
                .attribute("code")
                .is_some_and(|code| ALLERGIES_SNOMED.contains(&code.trim()))
            && is_coded_in(value, SNOMED)
    };
    let is_agent = |child: Node<'_>| {
        child.has_tag_name((HL7, "participant")) && child.attribute("typeCode") == Some("CSM")
    };
    observation.children().any(is_kind) && observation.children().any(is_agent)
}

/// Whether a value, or a translation of it, says that there are no known allergies.
fn is_none_known(value: Node<'_>) -> bool {
    let says_none = |coded: Node<'_>| {
        coded
            .attribute("codeSystem")
            .zip(coded.attribute("code"))
            .is_some_and(|(system, code)| says_no_allergies(system, code.trim()))
    };
    value
        .descendants()
        .filter(roxmltree::Node::is_element)
        .any(says_none)
}

/// An act whose own code says that it is an intolerance or a contra-indication.
fn is_ica_code(code: Node<'_>) -> bool {
    code.descendants()
        .filter(roxmltree::Node::is_element)
        .any(|coded| {
            let code_of = coded.attribute("code").unwrap_or_default().trim();
            let is_of_act = || {
                code_of.eq_ignore_ascii_case(CONTRA_INDICATION_CODE)
                    || INTOLERANCE_CODES
                        .iter()
                        .any(|known| known.eq_ignore_ascii_case(code_of))
            };
            // The code is the cheaper question.
            code_of == ALLERGIES_LOINC && is_coded_in(coded, LOINC)
                || ALLERGIES_SNOMED.contains(&code_of) && is_coded_in(coded, SNOMED)
                || is_of_act() && is_coded_in(coded, ACT_CODE)
        })
}

/// Whether an element names Thesaurus 40: by number in whatever attribute or as its whole text, or by
/// name alone. A text that merely speaks of it does not.
pub(super) fn is_of_thesaurus_40(element: Node<'_>) -> bool {
    let by_number = element
        .attributes()
        .any(|attribute| is_system(attribute.value(), THESAURUS_40));
    let is_its_name = |name: &str| {
        let name = name.to_ascii_lowercase();
        name.contains("thesaurus") && name.contains("40")
    };
    let by_name = element.attribute("codeSystemName").is_some_and(is_its_name);
    by_number
        || by_name
        || is_told(element, |text| {
            is_system(text, THESAURUS_40)
                || is_named(element, "codeSystemName") && is_its_name(text)
        })
}

/// Whether an element's own text is such; a comment within it does not break it in two.
fn is_told(element: Node<'_>, is: impl Fn(&str) -> bool) -> bool {
    let mut texts = element.children().filter(roxmltree::Node::is_text);
    let Some(first) = texts.next().and_then(|node| node.text()) else {
        return false;
    };
    match texts.next().and_then(|node| node.text()) {
        None => is(first),
        Some(second) => {
            let mut whole = format!("{first}{second}");
            let rest = texts.filter_map(|node| node.text());
            whole.extend(rest);
            is(&whole) || is(first) || is(second)
        }
    }
}

/// Whether a value is this OID, however it is written. Asked of nearly every value of a message, so the
/// cheap question comes first: whether it ends so.
pub(super) fn is_system(value: &str, oid: &str) -> bool {
    value.len() >= oid.len()
        && value
            .trim_end_matches(|c: char| c == '/' || c.is_whitespace())
            .ends_with(oid)
        && is_same_system(value, oid)
}

/// Whether an element has this name, in whatever case and namespace.
fn is_named(element: Node<'_>, name: &str) -> bool {
    element.tag_name().name().eq_ignore_ascii_case(name)
}

/// Whether an element is coded in this system, however that is written.
fn is_coded_in(element: Node<'_>, system: &str) -> bool {
    element
        .attribute("codeSystem")
        .is_some_and(|received| is_same_system(received, system))
}

/// LOINC 74018-3 with a content of its own and without an episode it refers to. An alert
/// without a code counts as a contra-indication.
fn is_alert(observation: Node<'_>) -> bool {
    let has = |name: &str| {
        observation
            .children()
            .any(|child| child.has_tag_name((HL7, name)))
    };
    let has_words = observation.children().any(|child| {
        child.has_tag_name((HL7, "code"))
            && child
                .descendants()
                .any(|node| node.has_tag_name((HL7, "originalText")))
    });
    is_attention_code(observation) && !has("sourceOf") && (has("value") || has("text") || has_words)
}

/// Whether an observation is coded LOINC 74018-3.
pub(super) fn is_attention_code(observation: Node<'_>) -> bool {
    let codes = observation
        .children()
        .filter(|child| child.has_tag_name((HL7, "code")));
    codes.flat_map(|code| code.descendants()).any(|coded| {
        coded
            .attribute("code")
            .is_some_and(|code| code.trim() == ALERT)
            && is_coded_in(coded, LOINC)
    })
}

/// Whether an element says something clinical by itself, whatever its namespace; a remark
/// about the statement it stands in does not.
pub(super) fn is_statement(element: Node<'_>) -> bool {
    let name = element.tag_name().name();
    name != "annotation"
        && STATEMENTS
            .iter()
            .any(|known| known.eq_ignore_ascii_case(name))
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
            "PrimaryCareProvision" | "ControlActProcess" | "Patient" | "confidentialityCode"
        )
        || is_identification(element)
        || is_interaction(element)
        || element
            .parent_element()
            .is_some_and(|p| p.tag_name().name() == "ControlActProcess" && is_hl7(p))
            && element.tag_name().name() == "subject"
}

/// Whether an element says whose record this is and who answers for it.
fn is_identification(element: Node<'_>) -> bool {
    let parent = element.parent_element();
    let below = |name: &str| parent.is_some_and(|p| p.tag_name().name() == name && is_hl7(p));
    match element.tag_name().name() {
        "subject" | "author" => below("PrimaryCareProvision"),
        "Person" => below("Patient"),
        _ => false,
    }
}

/// Whether a statement is a contra-indication rather than an intolerance.
pub(super) fn is_contra_indication<'d>(unit: Node<'d>, act: Node<'d>) -> bool {
    let coded = act.descendants().any(is_of_thesaurus_40);
    let code = act
        .children()
        .find(|child| child.has_tag_name((HL7, "code")));
    let intolerance = is_named(act, "ObservationIntolerance")
        || is_named(unit, "component4")
        || code.is_some_and(|c| {
            is_ica_code(c)
                && c.attribute("code")
                    .is_none_or(|code| !code.trim().eq_ignore_ascii_case(CONTRA_INDICATION_CODE))
        });
    coded || !intolerance
}

/// The acts of an ICA element.
pub(super) fn acts_of<'d>(unit: Node<'d>) -> Vec<Node<'d>> {
    if STATEMENTS.iter().any(|known| is_named(unit, known)) {
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
