//! What entries of building blocks share: people, references, and named values.

use super::who::{agents, reporters};
use crate::domain::coded::Identifier;
use crate::domain::summary::{Detail, LineReference, MeasuredValue};
use crate::readers::hl7v3::measurements::measured;
use crate::readers::hl7v3::people::asserted;
use crate::readers::hl7v3::timing::measured_detail;
use crate::readers::hl7v3::types::{child_coded, child_period, child_text, coded, ids};
use crate::readers::hl7v3::view::{Node, View};
use crate::readers::systems::{self, ACT_CODE, LOINC, SNOMED};

/// HL7 `ActClass`, in which a concern is `CONC`: it says what the place says.
const ACT_CLASS: &[&str] = &["2.16.840.1.113883.5.6"];
/// Observations about medication.
const MEDICATION: &[&str] = &["2.16.840.1.113883.2.4.3.11.60.20.77.5.2"];
/// NHG table 25: additional instructions.
const INSTRUCTIONS: &[&str] = &["2.16.840.1.113883.2.4.4.5"];
/// Codes of named values, and the name by which they are told.
const NAMES: [(&[&str], &str, &str); 10] = [
    (ACT_CODE, "SEV", "severity"),
    (ACT_CODE, "CRIT", "criticality"),
    (LOINC, "82606-5", "criticality"),
    (LOINC, "48767-8", "comment"),
    (SNOMED, "433590000", "route"),
    (MEDICATION, "1", "stop_type"),
    (MEDICATION, "2", "agreement_reason"),
    (MEDICATION, "10", "prescribing_reason"),
    (MEDICATION, "16", "usage_indicator"),
    (SNOMED, "16076005", "agreement"),
];
/// Children of an act that does nothing but refer.
const OF_A_REFERENCE: [&str; 5] = ["templateId", "id", "code", "statusCode", "consumable"];
/// Statuses of what was taken back.
const WITHDRAWN: [&str; 3] = ["nullified", "aborted", "cancelled"];

/// Whether a status says that an act was entered in error.
pub(super) fn is_withdrawn(status: Option<&str>) -> bool {
    status == Some("nullified")
}

/// The acts to which an act is related, with the relationship that holds each.
pub(super) fn related<'d>(view: &View<'d>, act: Node<'d>) -> Vec<(Node<'d>, Node<'d>)> {
    view.children(act)
        .filter(|child| child.tag_name().name() == "entryRelationship")
        .flat_map(|holder| {
            view.children(holder)
                .filter(|child| child.tag_name().name() != "sequenceNumber")
                .map(move |target| (holder, target))
        })
        .collect()
}

/// Whether a relationship is of this kind.
pub(super) fn is_of_type(relationship: Node<'_>, kind: &str) -> bool {
    relationship.attribute("typeCode") == Some(kind)
}

/// Takes a related act as a reference, or as a named value; else it is left to be listed.
pub(super) fn relate<'d>(
    view: &View<'d>,
    relationship: Node<'d>,
    target: Node<'d>,
    references: &mut Vec<LineReference>,
    details: &mut Vec<Detail>,
) {
    if is_reference(relationship, target) {
        references.push(reference(view, relationship, target));
    } else if let Some(read) = detail(view, relationship, target) {
        details.push(read);
    }
}

/// Whether a related act only names something that stands elsewhere.
pub(super) fn is_reference(relationship: Node<'_>, target: Node<'_>) -> bool {
    let mut children = target.children().filter(roxmltree::Node::is_element);
    is_of_type(relationship, "REFR")
        && target
            .children()
            .any(|child| child.tag_name().name() == "id")
        && children.all(|child| OF_A_REFERENCE.contains(&child.tag_name().name()))
}

/// What a related act names. It resolves once all messages of the source were read.
pub(super) fn reference<'d>(
    view: &View<'d>,
    relationship: Node<'d>,
    target: Node<'d>,
) -> LineReference {
    view.visit(relationship);
    view.visit(target);
    view.used(relationship, "inversionInd");
    if let Some(code) = view.peek(target, "code")
        && (is_coded_in(code, ACT_CLASS) || name_of(code).is_some())
    {
        view.use_whole(code);
    }
    for consumable in view.named(target, "consumable") {
        view.null_flavor(consumable);
    }
    LineReference {
        ids: ids(view, target),
        target: None,
    }
}

/// Takes the code of an act that is a concern.
pub(super) fn concern_code<'d>(view: &View<'d>, act: Node<'d>) {
    if let Some(code) = view.peek(act, "code")
        && is_coded_in(code, ACT_CLASS)
    {
        view.use_whole(code);
    }
}

/// Takes the code of an act where it is one of these, which its place says already.
pub(super) fn expected_code<'d>(view: &View<'d>, act: Node<'d>, known: &[&str]) -> bool {
    let found = view.peek(act, "code").filter(|code| {
        code.attribute("code")
            .is_some_and(|code| known.contains(&code))
    });
    if let Some(code) = found {
        view.use_whole(code);
    }
    found.is_some()
}

fn is_coded_in(code: Node<'_>, known: &[&str]) -> bool {
    code.attribute("codeSystem")
        .is_some_and(|system| systems::is(system, known))
}

fn name_of(code: Node<'_>) -> Option<&'static str> {
    let value = code.attribute("code")?;
    NAMES
        .iter()
        .find(|(system, known, _)| *known == value && is_coded_in(code, system))
        .map(|(_, _, name)| *name)
}

/// What a relationship makes of an act whose code has no name here.
fn name_by_relation(relationship: Node<'_>) -> &'static str {
    match relationship.attribute("typeCode") {
        Some("MFST") => "reaction",
        Some("RSON") => "reason",
        Some("CAUS") => "cause",
        Some("SPRT") => "support",
        Some("COMP") => "component",
        Some("REFR") => "reference",
        _ => "observation",
    }
}

/// A related act as a named value, with what is related to it in turn.
pub(super) fn detail<'d>(
    view: &View<'d>,
    relationship: Node<'d>,
    target: Node<'d>,
) -> Option<Detail> {
    let instructs = target.tag_name().name() == "act"
        && target.attribute("moodCode") == Some("RQO")
        && target.attribute("negationInd").is_none();
    if !instructs && !asserted(view, target) {
        return None;
    }
    view.visit(relationship);
    view.visit(target);
    view.used(relationship, "inversionInd");
    if instructs {
        view.used(target, "moodCode");
    }
    let mut read = Detail {
        name: name_by_relation(relationship).to_owned(),
        text: child_text(view, target, "text"),
        ..Detail::default()
    };
    for number in view.named(relationship, "sequenceNumber") {
        let number = view.shown(number, "value");
        read.details
            .extend(number.map(|number| Detail::text("sequence", number)));
    }
    name_and_code(view, target, &mut read);
    for (count, value) in view.named(target, "value").enumerate() {
        let mut told = told(measured(view, value));
        told.name = "value".to_owned();
        if count == 0 && read.coded.is_none() {
            read.coded = told.coded;
            read.text = read.text.or(told.text);
            read.quantity = told.quantity;
            read.period = told.period;
            read.details.extend(told.details);
        } else {
            read.details.push(told);
        }
    }
    view.null_flavor(target);
    if let Some(status) = told_status(view, target) {
        if WITHDRAWN.contains(&status.as_str()) {
            read.name = format!("withdrawn_{}", read.name);
        }
        read.details.push(Detail::text("status", status));
    }
    let period = child_period(view, target, "effectiveTime");
    if !period.is_empty() {
        if read.period.is_none() {
            read.period = Some(Box::new(period));
        } else {
            read.details.push(period_detail("when", period));
        }
    }
    read.details.extend(id_details(&ids(view, target)));
    further(view, target, &mut read.details);
    for (holder, act) in related(view, target) {
        let nested = detail(view, holder, act);
        read.details.extend(nested);
    }
    Some(read)
}

/// Names a value by its code; a code that has no name here stays beside it, or is the value where
/// there is no other.
fn name_and_code<'d>(view: &View<'d>, target: Node<'d>, read: &mut Detail) {
    let Some(code) = view.peek(target, "code") else {
        return;
    };
    if is_coded_in(code, INSTRUCTIONS) {
        read.name = "additional_instruction".to_owned();
    }
    if target.tag_name().name() == "procedure" {
        read.name = "treatment".to_owned();
    }
    let asserts = code.attribute("code") == Some("ASSERTION") && is_coded_in(code, ACT_CODE);
    if let Some(name) = name_of(code) {
        read.name = name.to_owned();
        view.use_whole(code);
    } else if asserts || is_coded_in(code, ACT_CLASS) {
        view.use_whole(code);
    } else if view.peek(target, "value").is_none() {
        view.visit(code);
        read.coded = Some(Box::new(coded(view, code)));
    } else {
        view.visit(code);
        read.details.push(Detail::coded("kind", coded(view, code)));
    }
}

/// A status that says more than that the act stands.
pub(in crate::readers::hl7v3) fn told_status<'d>(view: &View<'d>, of: Node<'d>) -> Option<String> {
    let node = view.one(of, "statusCode")?;
    view.null_flavor(node);
    if matches!(node.attribute("code"), Some("completed" | "active")) {
        view.used(node, "code");
        return None;
    }
    view.shown(node, "code")
}

/// A measured value as a detail without a name.
fn told(value: MeasuredValue) -> Detail {
    let mut read = Detail::default();
    match value {
        MeasuredValue::Quantity(quantity) => read.quantity = Some(Box::new(quantity)),
        MeasuredValue::Text { text } | MeasuredValue::Boolean { value: text } => {
            read.text = Some(text);
        }
        MeasuredValue::Coded(coded) => read.coded = Some(Box::new(coded)),
        MeasuredValue::Time(period) => read.period = Some(Box::new(period)),
        MeasuredValue::Range(range) => {
            let bounds = [("minimum", range.low), ("maximum", range.high)];
            read.details.extend(
                bounds
                    .into_iter()
                    .filter_map(|(name, bound)| Some(measured_detail(name, bound?))),
            );
        }
        MeasuredValue::None { .. } => {}
    }
    read
}

/// A period with a name.
pub(super) fn period_detail(name: &str, period: crate::domain::date::Period) -> Detail {
    Detail {
        name: name.to_owned(),
        period: Some(Box::new(period)),
        ..Detail::default()
    }
}

/// Ids as named values.
pub(super) fn id_details(ids: &[Identifier]) -> Vec<Detail> {
    ids.iter()
        .map(|id| Detail {
            details: id
                .root
                .iter()
                .map(|root| Detail::text("id_system", root.as_str()))
                .collect(),
            name: "id".to_owned(),
            text: id.extension.clone(),
            ..Detail::default()
        })
        .collect()
}

/// What an act says besides: who told it, what it is about, where, how and with what.
pub(super) fn further<'d>(view: &View<'d>, act: Node<'d>, details: &mut Vec<Detail>) {
    details.extend(reporters(view, act));
    details.extend(agents(view, act));
    for (name, told) in [
        ("uncertaintyCode", "certainty"),
        ("targetSiteCode", "body_site"),
        ("priorityCode", "priority"),
        ("reasonCode", "reason"),
        ("interpretationCode", "interpretation"),
    ] {
        let untold = view
            .children(act)
            .filter(|child| child.tag_name().name() == name && !view.is_visited(*child));
        for node in untold.collect::<Vec<_>>() {
            view.visit(node);
            details.push(Detail::coded(told, coded(view, node)));
        }
    }
    for precondition in view.named(act, "precondition") {
        for criterion in view.named(precondition, "criterion") {
            details.push(Detail {
                name: "as_needed".to_owned(),
                coded: child_coded(view, criterion, "code").map(Box::new),
                text: child_text(view, criterion, "text"),
                ..Detail::default()
            });
        }
    }
    for specimen in view.named(act, "specimen") {
        for role in view.named(specimen, "specimenRole") {
            let mut read = Detail {
                name: "specimen".to_owned(),
                ..Detail::default()
            };
            for entity in view.named(role, "specimenPlayingEntity") {
                read.coded = read
                    .coded
                    .or_else(|| child_coded(view, entity, "code").map(Box::new));
                read.text = read.text.or_else(|| child_text(view, entity, "desc"));
            }
            read.details.extend(id_details(&ids(view, role)));
            details.push(read);
        }
    }
}
