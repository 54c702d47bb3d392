//! Reads what has no list of its own in this product, by the roles of its elements.

use super::absence::{Absence, absence};
use super::rest::{about_the_patient, is_folded, links, remaining};
use super::shapes::{Shape, shape_of};
use super::who::author;
use crate::domain::coded::Coded;
use crate::domain::date::Period;
use crate::domain::summary::document::Detail;
use crate::domain::summary::{Entry, SectionKind};
use crate::readers::fhir::reading::Reading;
use crate::readers::fhir::tree::Node;
use crate::readers::fhir::types::{child_coded, identifiers, period_of};
use crate::readers::fhir::view::{Resource, View};

/// A resource as an entry of this section.
pub(super) fn read<'d>(reading: &mut Reading<'_, 'd>, resource: Resource<'d>, kind: SectionKind) {
    let mut entry = entry(reading, resource, kind);
    finish(reading, resource.node, &mut entry);
    push(reading, entry);
}

/// Puts an entry where its kind belongs.
pub(super) fn push(reading: &mut Reading<'_, '_>, entry: Entry) {
    if entry.kind == SectionKind::Alerts {
        reading.record.alerts.push(entry);
    } else {
        reading.record.others.push(entry);
    }
}

/// What has a role, without what is left over.
pub(super) fn entry<'d>(
    reading: &Reading<'_, 'd>,
    resource: Resource<'d>,
    kind: SectionKind,
) -> Entry {
    shaped(reading, resource, kind, shape_of(resource.kind))
}

/// The same, for whoever knows the roles of the elements better.
pub(super) fn shaped<'d>(
    reading: &Reading<'_, 'd>,
    resource: Resource<'d>,
    kind: SectionKind,
    shape: &Shape,
) -> Entry {
    let view = reading.view;
    let node = resource.node;
    about_the_patient(view, node);
    let mut entry = Entry {
        key: reading.key_of(resource),
        source: view.source().to_owned(),
        kind,
        element: resource.kind.to_owned(),
        ids: identifiers(view, node),
        what: what(reading, node, shape),
        text: shape
            .text
            .iter()
            .find_map(|name| plain_text(view, node, name)),
        period: when(view, node, shape.when),
        author: author(reading, node, shape.who, shape.written),
        ..Entry::default()
    };
    standing(view, node, &mut entry);
    if let Some(said) = entry.what.as_ref().and_then(absence) {
        absent(said, &mut entry);
    }
    entry
}

/// Adds everything that has no role.
pub(super) fn finish(reading: &Reading<'_, '_>, resource: Node, entry: &mut Entry) {
    entry.references = links(reading, resource, &[]);
    entry.details.extend(remaining(reading, resource));
}

/// States an absence in the entry: it is a "no", or it says that nothing is known.
pub(super) fn absent(said: Absence, entry: &mut Entry) {
    match said {
        Absence::NoneKnown => entry.negated = true,
        Absence::NoInformation => entry.details.push(Detail {
            name: "no_information".to_owned(),
            ..Detail::default()
        }),
    }
}

/// Status, and whether the entry was taken back or says that something is not so.
fn standing(view: &View<'_>, node: Node, entry: &mut Entry) {
    let element = ["status", "lifecycleStatus"]
        .into_iter()
        .find_map(|name| view.one(node, name));
    if let Some(status) = element.filter(|status| view.peek_value(*status).is_some()) {
        entry.status = view.value_shown(status);
    }
    let status = entry.status.as_deref().unwrap_or_default();
    entry.withdrawn = status == "entered-in-error";
    entry.negated |= matches!(status, "not-done" | "not-taken" | "abstained");
    for name in [
        "notDone",
        "notGiven",
        "wasNotGiven",
        "doNotPerform",
        "prohibited",
    ] {
        entry.negated |= view.used(node, name) == Some("true");
    }
}

fn what(reading: &Reading<'_, '_>, node: Node, shape: &Shape) -> Option<Coded> {
    let view = reading.view;
    let coded = shape
        .what
        .iter()
        .filter(|name| is_coded(view, node, name))
        .find_map(|name| child_coded(view, node, name));
    coded.or_else(|| used_device(reading, node))
}

/// Text and references of the same name are no codes.
fn is_coded(view: &View<'_>, of: Node, name: &str) -> bool {
    view.one(of, name).is_some_and(|node| {
        ["coding", "concept", "text", "code"]
            .iter()
            .any(|part| view.one(node, part).is_some())
    })
}

/// `DeviceUseStatement.device`: what is used.
fn used_device(reading: &Reading<'_, '_>, node: Node) -> Option<Coded> {
    let view = reading.view;
    let reference = view.one(node, "device")?;
    view.index
        .resolve(view, reference)
        .filter(|device| is_folded(reading, *device))
        .and_then(|device| child_coded(view, device.node, "type"))
        .or_else(|| {
            Some(Coded {
                original_text: Some(view.shown(reference, "display")?),
                ..Coded::default()
            })
        })
}

fn plain_text(view: &View<'_>, of: Node, name: &str) -> Option<String> {
    let node = view.one(of, name)?;
    view.peek_value(node)?;
    view.value_shown(node)
}

fn when(view: &View<'_>, of: Node, bases: &[&str]) -> Period {
    bases
        .iter()
        .map(|base| match base.split_once('.') {
            Some((holder, base)) => view
                .one(of, holder)
                .map_or_else(Period::default, |holder| period_of(view, holder, base)),
            None => period_of(view, of, base),
        })
        .find(|period| !period.is_empty())
        .unwrap_or_default()
}
