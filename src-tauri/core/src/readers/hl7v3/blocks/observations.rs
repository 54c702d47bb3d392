//! Reads general measurements and laboratory results, panels among them.

use super::entry::{expected_code, further, is_of_type, relate, related};
use super::who::people;
use crate::domain::summary::clinical::MeasuredComponent;
use crate::domain::summary::{Detail, LineReference, Measurement};
use crate::readers::hl7v3::measurements::{measured, measurement, reference_ranges};
use crate::readers::hl7v3::people::asserted;
use crate::readers::hl7v3::reading::Reading;
use crate::readers::hl7v3::references::Target;
use crate::readers::hl7v3::types::{child_coded, child_period, child_text, coded, ids, status};
use crate::readers::hl7v3::view::{Node, View};

/// LOINC for what the list says already.
const PANELS: [&str; 2] = ["26436-6", "27899-4"];

/// One observation, or a panel with its results; gives what refers to it.
pub(super) fn read<'d>(
    reading: &mut Reading<'_, 'd>,
    holder: Node<'d>,
    act: Node<'d>,
    laboratory: bool,
) -> Option<LineReference> {
    let view = reading.view;
    if !asserted(view, act) {
        return None;
    }
    let key = reading.key(if laboratory { b'l' } else { b'm' });
    let is_panel = act.tag_name().name() == "organizer";
    let mut read = if is_panel {
        panel(view, act, key)
    } else {
        single(view, act, key)
    };
    read.withdrawn = super::entry::is_withdrawn(read.status.as_deref());
    read.author = people(view, act, &mut read.details).or_else(|| reading.context(holder));
    further(view, act, &mut read.details);
    reading.register(act, &read.ids, &read.key, Target::Other);
    let reference = LineReference {
        ids: read.ids.clone(),
        target: Some(read.key.clone()),
    };
    let list = list(reading, laboratory);
    let at = list.len();
    list.push(read);
    let members = members(reading, act, laboratory);
    if let Some(read) = self::list(reading, laboratory).get_mut(at) {
        read.members = members;
    }
    Some(reference)
}

fn list<'r>(reading: &'r mut Reading<'_, '_>, laboratory: bool) -> &'r mut Vec<Measurement> {
    if laboratory {
        &mut reading.record.laboratory
    } else {
        &mut reading.record.measurements
    }
}

/// The results of a panel, each an entry of its own.
fn members<'d>(
    reading: &mut Reading<'_, 'd>,
    act: Node<'d>,
    laboratory: bool,
) -> Vec<LineReference> {
    let view = reading.view;
    let mut members = Vec::new();
    for component in view
        .children(act)
        .filter(|child| child.tag_name().name() == "component")
        .collect::<Vec<_>>()
    {
        for result in view.children(component).collect::<Vec<_>>() {
            if matches!(result.tag_name().name(), "observation" | "organizer")
                && let Some(member) = read(reading, component, result, laboratory)
            {
                view.visit(component);
                members.push(member);
            }
        }
    }
    members
}

fn panel<'d>(view: &View<'d>, act: Node<'d>, key: String) -> Measurement {
    view.visit(act);
    let known = expected_code(view, act, &PANELS);
    let code = if known {
        None
    } else {
        child_coded(view, act, "code")
    };
    let mut read = Measurement {
        key,
        source: view.source().to_owned(),
        ids: ids(view, act),
        what: code.unwrap_or_default(),
        at: child_period(view, act, "effectiveTime"),
        status: status(view, act),
        text: child_text(view, act, "text"),
        null_flavor: view.null_flavor(act),
        ..Measurement::default()
    };
    relations(view, act, &mut read);
    read
}

fn single<'d>(view: &View<'d>, act: Node<'d>, key: String) -> Measurement {
    let mut read = measurement(view, act, key);
    for extra in view.named(act, "value").skip(1) {
        read.details
            .push(Detail::coded("value", coded(view, extra)));
    }
    relations(view, act, &mut read);
    read
}

/// Components with a value of their own, references, and everything else by name.
fn relations<'d>(view: &View<'d>, act: Node<'d>, read: &mut Measurement) {
    for (relationship, target) in related(view, act) {
        let is_component = is_of_type(relationship, "COMP")
            && target.tag_name().name() == "observation"
            && is_plain(target)
            && asserted(view, target);
        if is_component {
            view.visit(relationship);
            view.used(relationship, "inversionInd");
            read.components.push(component(view, target));
        } else {
            let Measurement {
                references,
                details,
                ..
            } = read;
            relate(view, relationship, target, references, details);
        }
    }
}

/// Whether an observation was not taken back; one that was is told by name.
fn is_plain(target: Node<'_>) -> bool {
    target
        .children()
        .find(|child| child.tag_name().name() == "statusCode")
        .and_then(|status| status.attribute("code"))
        .is_none_or(|status| status == "completed")
}

fn component<'d>(view: &View<'d>, target: Node<'d>) -> MeasuredComponent {
    view.visit(target);
    super::entry::told_status(view, target);
    let mut read = MeasuredComponent {
        what: child_coded(view, target, "code").unwrap_or_default(),
        value: view
            .one(target, "value")
            .map(|value| measured(view, value))
            .unwrap_or_default(),
        interpretations: view
            .named(target, "interpretationCode")
            .map(|node| coded(view, node))
            .collect(),
        reference_ranges: reference_ranges(view, target),
        details: super::entry::id_details(&ids(view, target)),
    };
    let text = child_text(view, target, "text");
    read.details
        .extend(text.map(|text| Detail::text("text", text)));
    let period = child_period(view, target, "effectiveTime");
    if !period.is_empty() {
        read.details
            .push(super::entry::period_detail("when", period));
    }
    for (relationship, nested) in related(view, target) {
        read.details
            .extend(super::entry::detail(view, relationship, nested));
    }
    read
}
