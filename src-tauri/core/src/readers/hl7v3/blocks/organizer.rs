//! The frame of a building block: an organizer with its patient, its people and its components.

use super::{agreements, alerts, allergies, concerns, contacts, observations, reports};
use crate::domain::state::StatementKind;
use crate::readers::hl7v3::interactions::Block;
use crate::readers::hl7v3::people::{asserted, conducted, participant, patient_role};
use crate::readers::hl7v3::reading::Reading;
use crate::readers::hl7v3::transmission;
use crate::readers::hl7v3::view::Node;

/// What the codes of organizers say is what their interactions say already.
const CODES: [&str; 8] = [
    "26436-6",
    "27899-4",
    "34900-1",
    "419891008",
    "46240-8",
    "48765-2",
    "74018-3",
    "75310-3",
];
/// Children of an organizer that say whose it is and who answers for it.
const PEOPLE: [&str; 6] = [
    "recordTarget",
    "participant",
    "author",
    "custodian",
    "informant",
    "component",
];

/// One organizer of a block. Any other element is left to be listed.
pub(super) fn read<'d>(
    reading: &mut Reading<'_, 'd>,
    block: Block,
    subject: Node<'d>,
    organizer: Node<'d>,
) {
    let view = reading.view;
    let is_ica = matches!(block, Block::Allergies | Block::Alerts);
    if organizer.tag_name().name() != "organizer" || !asserted(view, organizer) {
        if is_ica {
            reading.uninterpreted();
        }
        return;
    }
    frame(reading, organizer);
    let first = (
        reading.record.allergies.len(),
        reading.record.contraindications.len(),
    );
    for component in view
        .children(organizer)
        .filter(|child| child.tag_name().name() == "component")
        .collect::<Vec<_>>()
    {
        let mut read = false;
        for act in view.children(component).collect::<Vec<_>>() {
            read |= entry(reading, block, component, act);
        }
        if read {
            view.visit(component);
        } else if is_ica {
            // Something is there, and nobody here can read it.
            reading.uninterpreted();
        }
    }
    let status = view
        .peek(organizer, "statusCode")
        .map(|node| node.attribute("code").unwrap_or_default());
    if is_ica && status == Some("nullified") {
        withdraw(reading, first);
    }
    let is_in_force = matches!(status, None | Some("completed" | "active"));
    if is_ica && !(is_in_force && says_nothing_else(reading, subject, organizer)) {
        soften(reading, first);
    }
}

/// One act of a component, by what the block holds. Gives whether it was read.
fn entry<'d>(
    reading: &mut Reading<'_, 'd>,
    block: Block,
    component: Node<'d>,
    act: Node<'d>,
) -> bool {
    let name = act.tag_name().name();
    if matches!(name, "act" | "observation") && reading.is_treatment_limit(act) {
        reading.treatment_limit(component, act);
        return true;
    }
    match (block, name) {
        (Block::Concerns, "act" | "observation") => concerns::read(reading, component, act),
        (Block::Contacts, "encounter") => contacts::read(reading, component, act),
        (Block::Reports, "act") => reports::read(reading, component, act),
        (Block::Measurements, "observation" | "organizer") => {
            observations::read(reading, component, act, false).is_some()
        }
        (Block::Laboratory, "observation" | "organizer") => {
            observations::read(reading, component, act, true).is_some()
        }
        (Block::Agreements, "substanceAdministration") => agreements::read(reading, component, act),
        (Block::Alerts, "observation") => alerts::read(reading, component, act),
        (Block::Allergies, "act" | "observation") => allergies::read(reading, component, act),
        _ => false,
    }
}

/// Patient, facts, and who stands for what has no author of its own.
fn frame<'d>(reading: &mut Reading<'_, 'd>, organizer: Node<'d>) {
    let view = reading.view;
    let facts = transmission::record(view, organizer, reading.profile);
    reading.record.transmission.extend(facts);
    if let Some(code) = view.peek(organizer, "code")
        && code
            .attribute("code")
            .is_some_and(|code| CODES.contains(&code))
    {
        view.use_whole(code);
    }
    if let Some(target) = view.peek(organizer, "recordTarget")
        && let Some(role) = view.peek(target, "patientRole")
        && reading.record.patient.is_none()
    {
        view.visit(target);
        reading.record.patient = Some(patient_role(view, role));
    }
    people(reading, organizer);
}

/// Who answers for the content (`RESP`) stands for every entry; the record's holder (`CST`) only
/// for the record, where nobody else does.
fn people<'d>(reading: &mut Reading<'_, 'd>, organizer: Node<'d>) {
    let view = reading.view;
    let of_type = |kind: &'static str| {
        view.children(organizer)
            .filter(|child| child.tag_name().name() == "participant")
            .find(|child| child.attribute("typeCode") == Some(kind))
    };
    let [responsible, holder] = ["RESP", "CST"].map(of_type);
    let first = responsible.or(holder);
    if let Some(participation) = holder.filter(|_| responsible.is_some()) {
        view.used(participation, "typeCode");
        let facts = transmission::facts_of(view, participation, "organizer/participant");
        reading.record.transmission.extend(facts);
    }
    let Some(participation) = first else {
        return;
    };
    view.used(participation, "typeCode");
    if reading.record.author.is_some() {
        // A second record of one message, with people of its own.
        let facts = transmission::facts_of(view, participation, "organizer/participant");
        reading.record.transmission.extend(facts);
    }
    let author = participant(view, participation);
    if responsible.is_some() && participation.attribute("nullFlavor").is_none() {
        reading.conduct(conducted(author.as_ref(), Some(participation)));
    }
    reading.record.author = reading.record.author.take().or(author);
}

/// Whether a reader understood all that an organizer says beside its people and its components,
/// and all that holds it.
fn says_nothing_else<'d>(
    reading: &Reading<'_, 'd>,
    subject: Node<'d>,
    organizer: Node<'d>,
) -> bool {
    let view = reading.view;
    view.has_taken_texts(organizer)
        && view.has_taken_texts(subject)
        && view
            .elements(organizer)
            .filter(|child| !PEOPLE.contains(&child.tag_name().name()))
            .all(|child| child.tag_name().name() == "templateId" || view.is_taken_whole(child))
}

/// Takes back every statement from these on: the record that holds them was entered in error.
fn withdraw(reading: &mut Reading<'_, '_>, (allergies, contraindications): (usize, usize)) {
    let record = &mut reading.record;
    let all = record
        .allergies
        .iter_mut()
        .skip(allergies)
        .chain(record.contraindications.iter_mut().skip(contraindications));
    for statement in all {
        statement.kind = StatementKind::Refuted;
    }
}

/// Takes the certainty from every "none known" among the statements from these on.
fn soften(reading: &mut Reading<'_, '_>, (allergies, contraindications): (usize, usize)) {
    let record = &mut reading.record;
    let all = record
        .allergies
        .iter_mut()
        .skip(allergies)
        .chain(record.contraindications.iter_mut().skip(contraindications));
    for statement in all.filter(|statement| statement.kind == StatementKind::NoneKnown) {
        statement.kind = StatementKind::NoInformation;
    }
}
