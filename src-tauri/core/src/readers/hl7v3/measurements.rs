//! Reads measurements and other determinations.

use super::people::author;
use super::types::{
    child_coded, child_period, child_quantity, child_text, coded, ids, period, quantity, range,
    status,
};
use super::view::{Node, View, type_of};
use crate::domain::finding::{FindingCode, Severity};
use crate::domain::summary::clinical::Quantity;
use crate::domain::summary::{MeasuredValue, Measurement, ReferenceRange};

/// One `observation`. What it refers to is resolved later.
pub(super) fn measurement<'d>(view: &View<'d>, observation: Node<'d>, key: String) -> Measurement {
    view.visit(observation);
    let value = view.one(observation, "value");
    Measurement {
        key,
        source: view.source().to_owned(),
        ids: ids(view, observation),
        what: child_coded(view, observation, "code").unwrap_or_default(),
        value: value.map_or(MeasuredValue::None { null_flavor: None }, |node| {
            measured(view, node)
        }),
        at: child_period(view, observation, "effectiveTime"),
        status: status(view, observation),
        interpretations: view
            .named(observation, "interpretationCode")
            .map(|node| coded(view, node))
            .collect(),
        reference_ranges: reference_ranges(view, observation),
        null_flavor: view.null_flavor(observation),
        text: child_text(view, observation, "text"),
        method: child_coded(view, observation, "methodCode"),
        author: author(view, observation),
        references: Vec::new(),
        ..Measurement::default()
    }
}

/// The reference ranges of an observation.
pub(super) fn reference_ranges<'d>(view: &View<'d>, observation: Node<'d>) -> Vec<ReferenceRange> {
    view.named(observation, "referenceRange")
        .filter_map(|relationship| view.one(relationship, "observationRange"))
        .map(|node| reference_range(view, node))
        .collect()
}

/// A value in the type it says it has; without one, in the type its shape shows.
pub(super) fn measured<'d>(view: &View<'d>, node: Node<'d>) -> MeasuredValue {
    let value = match type_of(node).unwrap_or_else(|| shape_of(node)) {
        "PQ" | "INT" | "REAL" | "MO" => some_quantity(quantity(view, node)),
        "CD" | "CE" | "CV" | "CO" | "CS" => {
            let mut read = coded(view, node);
            let null_flavor = read.null_flavor.take();
            if read.is_empty() {
                None
            } else {
                read.null_flavor = null_flavor;
                Some(MeasuredValue::Coded(read))
            }
        }
        "ST" | "ED" | "SC" => view.text(node).map(|text| MeasuredValue::Text { text }),
        "IVL_PQ" | "IVL_INT" | "IVL_REAL" => {
            let read = range(view, node);
            (read != ReferenceRange::default()).then(|| MeasuredValue::Range(Box::new(read)))
        }
        "BL" | "BN" => view
            .shown(node, "value")
            .map(|value| MeasuredValue::Boolean { value }),
        "TS" | "IVL_TS" => {
            let read = period(view, node);
            (read.anchor().is_some()).then_some(MeasuredValue::Time(read))
        }
        _ => None,
    };
    let null_flavor = view.null_flavor(node);
    let says_something = node.attributes().any(|a| a.namespace().is_none()) || node.has_children();
    if value.is_none() && null_flavor.is_none() && says_something {
        // Of a type that nobody here reads: it is listed.
        view.note(FindingCode::UnreadableValue, Severity::Warning, node);
    }
    value.unwrap_or(MeasuredValue::None { null_flavor })
}

fn some_quantity(read: Quantity) -> Option<MeasuredValue> {
    (read.value.is_some() || read.unit.is_some() || !read.translations.is_empty())
        .then_some(MeasuredValue::Quantity(read))
}

fn shape_of(node: Node<'_>) -> &'static str {
    let has = |name: &str| node.children().any(|child| child.tag_name().name() == name);
    if node.attribute("code").is_some() || has("originalText") {
        "CD"
    } else if has("low") || has("high") {
        "IVL_PQ"
    } else if matches!(node.attribute("value"), Some("true" | "false")) {
        "BL"
    } else if node.attribute("value").is_some() {
        "PQ"
    } else {
        "ST"
    }
}

fn reference_range<'d>(view: &View<'d>, node: Node<'d>) -> ReferenceRange {
    let mut read = match view.one(node, "value") {
        Some(value) if type_of(value).unwrap_or_else(|| shape_of(value)) == "IVL_PQ" => {
            range(view, value)
        }
        Some(value) => ReferenceRange {
            text: view.text(value),
            ..ReferenceRange::default()
        },
        None => ReferenceRange {
            low: child_quantity(view, node, "low"),
            high: child_quantity(view, node, "high"),
            ..ReferenceRange::default()
        },
    };
    read.text = child_text(view, node, "text").or(read.text);
    read.interpretation = child_coded(view, node, "interpretationCode");
    read
}
