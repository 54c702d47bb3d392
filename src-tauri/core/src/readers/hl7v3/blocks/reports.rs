//! Reads contact reports: the S, O, E and P lines of a contact, which stands in another message.

use super::entry::{
    expected_code, further, is_of_type, is_reference, reference, relate, related, told_status,
};
use super::who::people;
use crate::domain::coded::Identifier;
use crate::domain::finding::{FindingCode, Severity};
use crate::domain::summary::{Contact, Detail, Diagnosis, JournalLine, PartialContact};
use crate::readers::hl7v3::people::{asserted, author};
use crate::readers::hl7v3::reading::Reading;
use crate::readers::hl7v3::references::Target;
use crate::readers::hl7v3::types::{child_coded, child_period, child_text, ids};
use crate::readers::hl7v3::view::Node;

/// LOINC "General medicine Progress note": what every report is.
const REPORT: [&str; 1] = ["34900-1"];
/// SNOMED CT "Diagnosis".
const DIAGNOSIS: [&str; 1] = ["282291009"];

/// One report, as a partial contact of the contact it refers to.
pub(super) fn read<'d>(reading: &mut Reading<'_, 'd>, component: Node<'d>, act: Node<'d>) -> bool {
    let view = reading.view;
    if !asserted(view, act) {
        return false;
    }
    view.visit(act);
    let mut partial = PartialContact {
        ids: ids(view, act),
        period: child_period(view, act, "effectiveTime"),
        ..PartialContact::default()
    };
    if !expected_code(view, act, &REPORT)
        && let Some(code) = child_coded(view, act, "code")
    {
        partial.details.push(Detail::coded("kind", code));
    }
    let text = child_text(view, act, "text");
    partial
        .details
        .extend(text.map(|text| Detail::text("text", text)));
    let state = told_status(view, act);
    partial
        .details
        .extend(state.map(|status| Detail::text("status", status)));
    partial.author = people(view, act, &mut partial.details).or_else(|| reading.context(component));
    further(view, act, &mut partial.details);
    let mut of_contact: Vec<Identifier> = Vec::new();
    for (relationship, target) in related(view, act) {
        let name = target.tag_name().name();
        if name == "encounter" && is_reference(relationship, target) {
            of_contact.extend(reference(view, relationship, target).ids);
        } else if name == "act" && is_of_type(relationship, "COMP") && asserted(view, target) {
            view.visit(relationship);
            line(reading, target, &mut partial);
        } else if name == "observation" && is_diagnosis(relationship, target) {
            view.visit(relationship);
            diagnosis(reading, target, &mut partial);
        } else {
            let PartialContact {
                references,
                details,
                ..
            } = &mut partial;
            relate(view, relationship, target, references, details);
        }
    }
    if partial.lines.is_empty() && partial.diagnoses.is_empty() {
        view.note(FindingCode::EmptyEntry, Severity::Warning, act);
    }
    place(reading, act, of_contact, partial);
    true
}

/// Puts a report with the others of its contact; the contact itself is only referred to here.
fn place<'d>(
    reading: &mut Reading<'_, 'd>,
    act: Node<'d>,
    of_contact: Vec<Identifier>,
    partial: PartialContact,
) {
    let known = reading
        .references
        .find(&of_contact)
        .map(|(_, target)| *target);
    if let Some(Target::Contact(at)) = known
        && let Some(contact) = reading.record.contacts.get_mut(at)
    {
        contact.partials.push(partial);
        return;
    }
    let contact = Contact {
        key: reading.key(b'c'),
        source: reading.view.source().to_owned(),
        ids: of_contact,
        partials: vec![partial],
        referred_only: true,
        ..Contact::default()
    };
    let at = reading.record.contacts.len();
    reading.register(act, &contact.ids, &contact.key, Target::Contact(at));
    reading.record.contacts.push(contact);
}

/// An S, O, E or P line, with the diagnosis that may stand in it.
fn line<'d>(reading: &mut Reading<'_, 'd>, act: Node<'d>, partial: &mut PartialContact) {
    let view = reading.view;
    view.visit(act);
    let read = JournalLine {
        key: reading.key(b'j'),
        ids: ids(view, act),
        kind: child_coded(view, act, "code").unwrap_or_default(),
        text: child_text(view, act, "text"),
        null_flavor: view.null_flavor(act),
        period: child_period(view, act, "effectiveTime"),
        episodes: Vec::new(),
    };
    if read.text.is_none() && read.null_flavor.is_none() {
        view.note(FindingCode::EmptyEntry, Severity::Warning, act);
    }
    for (relationship, target) in related(view, act) {
        if target.tag_name().name() == "observation" && is_diagnosis(relationship, target) {
            view.visit(relationship);
            diagnosis(reading, target, partial);
        } else {
            let PartialContact {
                references,
                details,
                ..
            } = &mut *partial;
            relate(view, relationship, target, references, details);
        }
    }
    match told_status(view, act) {
        None => partial.lines.push(read),
        // A line that does not stand is told apart from those that do.
        Some(status) => partial.details.push(Detail {
            name: format!("line_{status}"),
            coded: Some(Box::new(read.kind)),
            text: read.text,
            details: super::entry::id_details(&read.ids)
                .into_iter()
                .chain([Detail::text("status", status)])
                .chain(
                    (!read.period.is_empty())
                        .then(|| super::entry::period_detail("when", read.period)),
                )
                .collect(),
            ..Detail::default()
        }),
    }
}

/// A diagnosis that stands, and not one that was denied or taken back.
fn is_diagnosis(relationship: Node<'_>, target: Node<'_>) -> bool {
    let stands = target
        .children()
        .find(|child| child.tag_name().name() == "statusCode")
        .and_then(|status| status.attribute("code"))
        .is_none_or(|status| matches!(status, "completed" | "active"));
    let of_type = ["REFR", "SUBJ", "COMP", "RSON"]
        .iter()
        .any(|kind| is_of_type(relationship, kind));
    let has_value = target
        .children()
        .any(|child| child.tag_name().name() == "value");
    of_type && has_value && stands && crate::readers::hl7v3::structure::is_asserted(target)
}

fn diagnosis<'d>(reading: &mut Reading<'_, 'd>, act: Node<'d>, partial: &mut PartialContact) {
    let view = reading.view;
    view.visit(act);
    if !expected_code(view, act, &DIAGNOSIS)
        && let Some(code) = child_coded(view, act, "code")
    {
        partial.details.push(Detail::coded("diagnosis_kind", code));
    }
    told_status(view, act);
    partial.diagnoses.push(Diagnosis {
        key: reading.key(b'd'),
        ids: ids(view, act),
        value: child_coded(view, act, "value").unwrap_or_default(),
        text: child_text(view, act, "text"),
        period: child_period(view, act, "effectiveTime"),
        author: author(view, act),
        episodes: Vec::new(),
    });
}
