//! Reads contacts (`Encounter`).

use super::conditions::own_words;
use super::reports::Found;
use super::rest::{about_the_patient, links, remaining};
use super::who::named;
use crate::domain::person::Author;
use crate::domain::summary::document::Detail;
use crate::domain::summary::{Contact, Diagnosis, PartialContact};
use crate::readers::fhir::reading::Reading;
use crate::readers::fhir::tree::Node;
use crate::readers::fhir::types::{child_coded, identifiers, period_of};
use crate::readers::fhir::view::{Resource, View};
use crate::readers::systems::{self, SNOMED};

/// |Diagnosis|: what a problem in a contact is.
const DIAGNOSIS: &str = "282291009";
/// Participations of whoever held a contact, before others.
const HELD: [&str; 4] = ["AUT", "PPRF", "ATND", "CON"];

/// One `Encounter`; where it stands among the contacts.
pub(super) fn read<'d>(reading: &mut Reading<'_, 'd>, resource: Resource<'d>) -> usize {
    let key = reading.key_of(resource);
    if let Some(at) = reading.resources.contacts.get(&key) {
        return *at;
    }
    reading.resources.done.insert(resource.node);
    let view = reading.view;
    let node = resource.node;
    about_the_patient(view, node);
    let status = view.shown(node, "status");
    let mut contact = Contact {
        source: view.source().to_owned(),
        ids: identifiers(view, node),
        kind: child_coded(view, node, "type"),
        period: period_of(view, node, "period"),
        withdrawn: status.as_deref() == Some("entered-in-error"),
        status,
        author: held_by(reading, node),
        ..Contact::default()
    };
    if contact.kind.is_none() {
        contact.kind = child_coded(view, node, "class");
    }
    contact.partials = diagnoses(reading, node, &key);
    contact.references = links(reading, node, &["diagnosis"]);
    contact.details = remaining(reading, node);
    contact.key.clone_from(&key);
    let at = reading.record.contacts.len();
    reading.record.contacts.push(contact);
    reading.resources.contacts.insert(key, at);
    at
}

/// Whoever held it: the author, else the first participant.
fn held_by(reading: &Reading<'_, '_>, node: Node) -> Option<Author> {
    let view = reading.view;
    let holds = |participant: &Node| {
        view.named(*participant, "type")
            .filter_map(|kind| view.one(kind, "coding"))
            .filter_map(|coding| view.peek(coding, "code"))
            .any(|code| HELD.contains(&code))
    };
    let participants: Vec<Node> = view.named(node, "participant").collect();
    let participant = participants
        .iter()
        .find(|participant| holds(participant))
        .or_else(|| participants.first())?;
    let reference = view
        .one(*participant, "individual")
        .or_else(|| view.one(*participant, "actor"))?;
    named(reading, reference, None)
}

/// The problems that a contact names as its diagnoses and that have no entry of their own: a partial
/// contact without a number, until a report says more.
fn diagnoses(reading: &mut Reading<'_, '_>, node: Node, contact: &str) -> Vec<PartialContact> {
    let view = reading.view;
    let mut partial = PartialContact::default();
    for diagnosis in view.named(node, "diagnosis") {
        let Some(reference) = view.one(diagnosis, "condition") else {
            continue;
        };
        let Some(resource) = view.index.resolve(view, reference) else {
            continue;
        };
        if resource.kind != "Condition"
            || reading.resources.is_sectioned(resource.node)
            || reading.is_taken(resource)
        {
            continue;
        }
        view.used(reference, "reference");
        reading.take(resource);
        let (mut read, details) = problem(reading, resource);
        let display = view.shown(reference, "display");
        let stands = |words: &String| {
            [
                read.value.code.as_ref(),
                read.value.display.as_ref(),
                read.text.as_ref(),
            ]
            .into_iter()
            .flatten()
            .any(|known| words == known)
        };
        if read.text.is_none() {
            read.text = display.filter(|words| !stands(words));
        } else if let Some(words) = display.filter(|words| !stands(words)) {
            partial.details.push(Detail::text("diagnosis", words));
        }
        reading.rename(resource, contact);
        partial.diagnoses.push(read);
        partial.details.extend(details);
    }
    if partial == PartialContact::default() {
        Vec::new()
    } else {
        vec![partial]
    }
}

/// A problem as a diagnosis, and what a diagnosis has no place for.
fn problem<'d>(reading: &Reading<'_, 'd>, resource: Resource<'d>) -> (Diagnosis, Option<Detail>) {
    let view = reading.view;
    let node = resource.node;
    about_the_patient(view, node);
    known_category(view, node);
    let read = Diagnosis {
        key: reading.key_of(resource),
        ids: identifiers(view, node),
        value: child_coded(view, node, "code").unwrap_or_default(),
        text: own_words(view, node),
        period: period_of(view, node, "onset"),
        author: view
            .one(node, "asserter")
            .and_then(|reference| named(reading, reference, None)),
        episodes: Vec::new(),
    };
    let details = remaining(reading, node);
    let rest = (!details.is_empty()).then(|| Detail {
        name: "diagnosis".to_owned(),
        text: read.value.label().map(str::to_owned),
        details,
        ..Detail::default()
    });
    (read, rest)
}

/// That a diagnosis is a diagnosis says nothing more.
fn known_category(view: &View<'_>, node: Node) {
    for category in view.named(node, "category") {
        if let Some(coding) = view.one(category, "coding")
            && view.peek(coding, "code") == Some(DIAGNOSIS)
            && view
                .peek(coding, "system")
                .is_some_and(|system| systems::is(system, SNOMED))
        {
            view.use_whole(category);
        }
    }
}

/// Whoever refers to a contact describes it: one description for all who say the same.
fn describe(reading: &mut Reading<'_, '_>, at: usize, display: Option<String>) {
    let (Some(display), Some(contact)) = (display, reading.record.contacts.get_mut(at)) else {
        return;
    };
    match &contact.text {
        Some(known) if *known != display => {
            let detail = Detail::text("description", display);
            if !contact.details.contains(&detail) {
                contact.details.push(detail);
            }
        }
        Some(_) => {}
        None => contact.text = Some(display),
    }
}

/// The contact that something belongs to, by the reference to its encounter. One that is not in the
/// message is a contact that is only referred to, the same for all that name it alike.
pub(super) fn belonging<'d>(reading: &mut Reading<'_, 'd>, reference: Option<Node>) -> Found {
    let view = reading.view;
    let resolved = reference.and_then(|reference| view.index.resolve(view, reference));
    if let (Some(reference), Some(resource)) = (reference, resolved)
        && resource.kind == "Encounter"
    {
        view.used(reference, "reference");
        view.used(reference, "type");
        let display = view.shown(reference, "display");
        let at = read(reading, resource);
        describe(reading, at, display);
        let reports = reading.resources.reports.get(&resource.node);
        return Found {
            contact: at,
            one_report: reports.is_none_or(|count| *count < 2),
        };
    }
    let written = reference.map(|reference| reading.refer(reference));
    let (ids, text) = written.map_or_else(Default::default, |referred| {
        (referred.line.ids, referred.display)
    });
    let name = format!("?{:?}{:?}", ids, ids.is_empty().then_some(&text));
    if let Some(at) = reading.resources.contacts.get(&name).copied() {
        describe(reading, at, text);
        return Found {
            contact: at,
            one_report: true,
        };
    }
    let at = reading.record.contacts.len();
    let contact = Contact {
        key: reading.next_key(b'c'),
        source: view.source().to_owned(),
        ids,
        text,
        referred_only: true,
        ..Contact::default()
    };
    reading.record.contacts.push(contact);
    reading.resources.contacts.insert(name, at);
    Found {
        contact: at,
        one_report: true,
    }
}
