//! Reads observations and diagnostic reports: as measurements, as laboratory results, or as entries
//! of the section that refers to them.

use super::conditions::own_words;
use super::entries;
use super::rest::{about_the_patient, links, remaining, rest_of};
use super::who::author;
use crate::domain::coded::Coded;
use crate::domain::summary::clinical::MeasuredComponent;
use crate::domain::summary::document::Detail;
use crate::domain::summary::{Entry, MeasuredValue, Measurement, ReferenceRange, SectionKind};
use crate::readers::fhir::reading::Reading;
use crate::readers::fhir::tree::Node;
use crate::readers::fhir::types::{
    child_coded, child_codeds, identifiers, period_of, range, value_of,
};
use crate::readers::fhir::view::{Resource, View};

/// An observation in the section that refers to it, in its panel's, or in its category's.
pub(super) fn read<'d>(reading: &mut Reading<'_, 'd>, resource: Resource<'d>, kind: SectionKind) {
    let kind = place_of(reading, resource.node, kind);
    let measurement = observation(reading, resource);
    members_stand_in(reading, resource.node, &["hasMember"], kind);
    add(reading, resource, measurement, kind);
}

/// A report: a panel of results with its conclusion.
pub(super) fn report<'d>(reading: &mut Reading<'_, 'd>, resource: Resource<'d>, kind: SectionKind) {
    let kind = match kind {
        SectionKind::Other => SectionKind::Laboratory,
        kind => kind,
    };
    let view = reading.view;
    let node = resource.node;
    let mut measurement = basic(reading, resource);
    measurement.members = reading.lines(node, &["result"]);
    measurement.text = view.shown(node, "conclusion");
    measurement.references = links(reading, node, &["result"]);
    measurement.details = remaining(reading, node);
    members_stand_in(reading, node, &["result"], kind);
    add(reading, resource, measurement, kind);
}

/// Where an observation belongs that no section refers to.
fn place_of(reading: &Reading<'_, '_>, node: Node, kind: SectionKind) -> SectionKind {
    if kind != SectionKind::Other {
        return kind;
    }
    if let Some(kind) = reading.resources.panels.get(&node) {
        return *kind;
    }
    let view = reading.view;
    view.named(node, "category")
        .flat_map(|category| view.named(category, "coding").collect::<Vec<_>>())
        .filter_map(|coding| view.peek(coding, "code"))
        .find_map(|code| match code {
            "laboratory" | "imaging" | "procedure" => Some(SectionKind::Laboratory),
            "vital-signs" | "exam" => Some(SectionKind::Measurements),
            "social-history" => Some(SectionKind::SocialHistory),
            "survey" => Some(SectionKind::FunctionalStatus),
            _ => None,
        })
        .unwrap_or(SectionKind::Measurements)
}

/// The results of a panel that no section refers to stand where the panel stands.
fn members_stand_in(reading: &mut Reading<'_, '_>, node: Node, names: &[&str], kind: SectionKind) {
    let view = reading.view;
    for name in names {
        for reference in view.named(node, name) {
            if let Some(member) = view.index.resolve(view, reference) {
                reading.resources.panels.entry(member.node).or_insert(kind);
            }
        }
    }
}

fn add<'d>(
    reading: &mut Reading<'_, 'd>,
    resource: Resource<'d>,
    measurement: Measurement,
    kind: SectionKind,
) {
    match kind {
        SectionKind::Measurements => reading.record.measurements.push(measurement),
        SectionKind::Laboratory => reading.record.laboratory.push(measurement),
        _ => {
            let entry = as_entry(resource, measurement, kind);
            entries::push(reading, entry);
        }
    }
}

fn observation<'d>(reading: &Reading<'_, 'd>, resource: Resource<'d>) -> Measurement {
    let view = reading.view;
    let node = resource.node;
    let mut measurement = basic(reading, resource);
    measurement.value = value_of(view, node, "value");
    measurement.interpretations = child_codeds(view, node, "interpretation");
    measurement.reference_ranges = ranges(view, node);
    measurement.text = view
        .shown(node, "comment")
        .or_else(|| own_words(view, node));
    measurement.components = view
        .named(node, "component")
        .map(|component| measured_component(reading, component))
        .collect();
    measurement.members = reading.lines(node, &["hasMember"]);
    measurement.references = links(reading, node, &["hasMember"]);
    measurement.details = reason(view, node).into_iter().collect();
    measurement.details.extend(remaining(reading, node));
    measurement
}

/// Why there is no value, where that is more than a reason the value itself tells.
fn reason(view: &View<'_>, node: Node) -> Option<Detail> {
    let read = child_coded(view, node, "dataAbsentReason")?;
    let bare = Coded {
        null_flavor: read.null_flavor.clone(),
        ..Coded::default()
    };
    (read != bare).then(|| Detail::coded("data_absent_reason", read))
}

/// What observations and reports have in common.
fn basic<'d>(reading: &Reading<'_, 'd>, resource: Resource<'d>) -> Measurement {
    let view = reading.view;
    let node = resource.node;
    about_the_patient(view, node);
    let status = view.shown(node, "status");
    Measurement {
        key: reading.key_of(resource),
        source: view.source().to_owned(),
        ids: identifiers(view, node),
        what: child_coded(view, node, "code").unwrap_or_default(),
        at: period_of(view, node, "effective"),
        withdrawn: matches!(status.as_deref(), Some("entered-in-error" | "cancelled")),
        status,
        method: child_coded(view, node, "method"),
        author: author(
            reading,
            node,
            &["performer.actor", "performer", "resultsInterpreter"],
            &["issued"],
        ),
        ..Measurement::default()
    }
}

fn ranges(view: &View<'_>, node: Node) -> Vec<ReferenceRange> {
    view.named(node, "referenceRange")
        .map(|node| range(view, node))
        .filter(|range| *range != ReferenceRange::default())
        .collect()
}

/// One part with a value of its own.
fn measured_component(reading: &Reading<'_, '_>, node: Node) -> MeasuredComponent {
    let view = reading.view;
    MeasuredComponent {
        what: child_coded(view, node, "code").unwrap_or_default(),
        value: value_of(view, node, "value"),
        interpretations: child_codeds(view, node, "interpretation"),
        reference_ranges: ranges(view, node),
        details: reason(view, node)
            .into_iter()
            .chain(rest_of(reading, node))
            .collect(),
    }
}

/// A measurement as an entry of a section that is about something else. Its parts and its ranges are
/// named values there.
fn as_entry(resource: Resource<'_>, measurement: Measurement, kind: SectionKind) -> Entry {
    let mut details = Vec::new();
    for interpretation in measurement.interpretations {
        details.push(super::parts::interpretation(interpretation));
    }
    details.extend(measurement.method.map(super::parts::method));
    details.extend(
        measurement
            .reference_ranges
            .into_iter()
            .map(super::parts::range),
    );
    details.extend(
        measurement
            .components
            .into_iter()
            .map(super::parts::component),
    );
    details.extend(measurement.details);
    let mut references = measurement.members;
    references.extend(measurement.references);
    Entry {
        key: measurement.key,
        source: measurement.source,
        kind,
        element: resource.kind.to_owned(),
        ids: measurement.ids,
        what: Some(measurement.what).filter(|what| !what.is_empty()),
        text: measurement.text,
        value: Some(measurement.value)
            .filter(|value| *value != MeasuredValue::None { null_flavor: None }),
        status: measurement.status,
        withdrawn: measurement.withdrawn,
        period: measurement.at,
        author: measurement.author,
        details,
        references,
        ..Entry::default()
    }
}
