//! Reads conditions: ICA as a query of its own, one per subject.

use super::entry::id_details;
use super::who::{people, reporters};
use crate::domain::summary::{Detail, Statement};
use crate::readers::hl7v3::ica::{self, is_of_thesaurus_40};
use crate::readers::hl7v3::people::patient;
use crate::readers::hl7v3::reading::Reading;
use crate::readers::hl7v3::references::Target;
use crate::readers::hl7v3::statements::{self, AGENT, Beside};
use crate::readers::hl7v3::types::{child_coded, child_text, ids};
use crate::readers::hl7v3::view::{Node, View};
use crate::readers::kinds::Section;

/// Acts that state a condition; the older two are those of the professional summary.
const CONDITIONS: [&str; 3] = ["Condition", "ContraIndication", "ObservationIntolerance"];

/// What an agent may be: a product, or a substance or group.
const AGENTS: [&str; 2] = ["administerableMedicationKind", "administerableMaterialKind"];

/// Length of a patient up to which it is compared with the next: each condition names one.
const PATIENT_BYTES_MAX: usize = 16 * 1024;

/// One condition.
pub(super) fn read<'d>(reading: &mut Reading<'_, 'd>, subject: Node<'d>, act: Node<'d>) {
    let view = reading.view;
    if !CONDITIONS.contains(&act.tag_name().name()) {
        reading.uninterpreted();
        return;
    }
    of_whom(reading, act);
    let agents = causes(view, act);
    let contra = act.descendants().any(is_of_thesaurus_40)
        || agents.is_empty() && ica::is_contra_indication(subject, act);
    let (section, letter) = if contra {
        (Section::ContraIndications, b'x')
    } else {
        (Section::Allergies, b'i')
    };
    let key = reading.key(letter);
    let beside = Beside {
        agents,
        ..Beside::default()
    };
    let mut statement = statements::statement_with(view, act, section, key, None, beside);
    complete(view, act, &mut statement);
    statements::weaken(view, act, act, &mut statement);
    reading.register(act, &statement.ids, &statement.key, Target::Other);
    if contra {
        reading.record.contraindications.push(statement);
    } else {
        reading.record.allergies.push(statement);
    }
}

fn complete<'d>(view: &View<'d>, act: Node<'d>, statement: &mut Statement) {
    let own = people(view, act, &mut statement.details);
    statement.author = own.or(statement.author.take());
    statement.details.extend(reporters(view, act));
}

/// Every condition names its patient: the first is the record's, and one that is told just the same
/// again was used to say so. Any other is left to be listed.
fn of_whom<'d>(reading: &mut Reading<'_, 'd>, act: Node<'d>) {
    let view = reading.view;
    let Some(subject) = view.peek(act, "subject") else {
        return;
    };
    let Some(node) = view
        .peek(subject, "patient")
        .or_else(|| view.peek(subject, "Patient"))
    else {
        return;
    };
    view.visit(subject);
    if reading.record.patient.is_none() {
        reading.patient_at = Some(node);
        reading.record.patient = Some(patient(view, node));
    } else if reading.patient_at.is_some_and(|first| {
        first.range().len() <= PATIENT_BYTES_MAX && is_told_alike(view, first, node)
    }) {
        view.use_whole(node);
    }
}

/// Whether two elements say the same, word for word; `multipleBirthInd` aside.
fn is_told_alike<'d>(view: &View<'d>, first: Node<'d>, other: Node<'d>) -> bool {
    let attributes = |node: Node<'d>| {
        node.attributes()
            .map(|attribute| (attribute.name(), attribute.value()))
            .collect::<Vec<_>>()
    };
    let told = |node: Node<'d>| {
        view.elements(node)
            .filter(|child| child.tag_name().name() != "multipleBirthInd")
            .collect::<Vec<_>>()
    };
    let (ours, theirs) = (told(first), told(other));
    first.tag_name() == other.tag_name()
        && attributes(first) == attributes(other)
        && view.peek_text(first) == view.peek_text(other)
        && ours.len() == theirs.len()
        && ours
            .into_iter()
            .zip(theirs)
            .all(|(ours, theirs)| is_told_alike(view, ours, theirs))
}

/// What the condition is a reaction to.
fn causes<'d>(view: &View<'d>, act: Node<'d>) -> Vec<Detail> {
    let mut read = Vec::new();
    for cause in view.named(act, "causativeAgent") {
        for material in view.named(cause, "administerableMaterial") {
            for kind in view
                .children(material)
                .filter(|child| AGENTS.contains(&child.tag_name().name()))
            {
                view.visit(kind);
                let mut agent = Detail {
                    name: AGENT.to_owned(),
                    coded: child_coded(view, kind, "code").map(Box::new),
                    text: child_text(view, kind, "name"),
                    ..Detail::default()
                };
                let more = child_text(view, kind, "desc");
                agent
                    .details
                    .extend(more.map(|text| Detail::text("description", text)));
                agent.details.extend(id_details(&ids(view, kind)));
                read.push(agent);
            }
        }
    }
    read
}
