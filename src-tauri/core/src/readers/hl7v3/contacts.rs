//! Reads contacts with their partial contacts (deelcontacten).

use std::collections::HashMap;

use super::medication;
use super::people::{asserted, author, author_of, conducted, conducts};
use super::reading::Reading;
use super::references::Target;
use super::types::{child_coded, child_period, child_text, ids, status};
use super::view::{Node, View};
use crate::domain::finding::{FindingCode, Severity};
use crate::domain::person::Author;
use crate::domain::summary::{Contact, Diagnosis, JournalLine, PartialContact};

/// Every `encounter` of a `component1`.
pub(super) fn read<'d>(reading: &mut Reading<'_, 'd>, holder: Node<'d>) {
    let view = reading.view;
    let acts = view
        .children(holder)
        .filter(|child| child.tag_name().name() == "encounter");
    for encounter in acts.collect::<Vec<_>>() {
        if asserted(view, encounter) {
            view.visit(holder);
            contact(reading, holder, encounter);
        }
    }
}

fn contact<'d>(reading: &mut Reading<'_, 'd>, holder: Node<'d>, encounter: Node<'d>) {
    let view = reading.view;
    view.visit(encounter);
    let participation = view.one(encounter, "author");
    let author = participation.and_then(|participation| author_of(view, participation));
    let own_context = conducted(author.as_ref(), participation);
    let contact = Contact {
        key: reading.key(b'c'),
        source: view.source().to_owned(),
        ids: ids(view, encounter),
        kind: child_coded(view, encounter, "code"),
        period: child_period(view, encounter, "effectiveTime"),
        status: status(view, encounter),
        author,
        text: child_text(view, encounter, "text"),
        partials: Vec::new(),
        ..Contact::default()
    };
    reading.register(encounter, &contact.ids, &contact.key, Target::Other);
    let mut partials = Partials {
        at: reading.record.contacts.len(),
        contact: contact.key.clone(),
        context: own_context.or_else(|| reading.context(holder)),
        by_number: HashMap::new(),
    };
    reading.record.contacts.push(contact);
    for component in view
        .children(encounter)
        .filter(|child| child.tag_name().name() == "component")
    {
        partials.component(reading, component);
    }
}

/// The partial contacts of one contact, by sequence number.
struct Partials {
    /// Which contact.
    at: usize,
    /// Its key.
    contact: String,
    /// Who stands for what has no author of its own.
    context: Option<Author>,
    by_number: HashMap<Option<String>, usize>,
}

impl Partials {
    fn component<'d>(&mut self, reading: &mut Reading<'_, 'd>, component: Node<'d>) {
        let view = reading.view;
        for act in view.children(component).collect::<Vec<_>>() {
            let name = act.tag_name().name();
            if !matches!(name, "JournalEntry" | "ObservationDx" | "Prescription")
                || !asserted(view, act)
            {
                continue;
            }
            view.visit(component);
            let partial = self.partial(reading, component);
            match name {
                "JournalEntry" => self.line(reading, act, partial),
                "ObservationDx" => self.diagnosis(reading, act, partial),
                _ => self.prescription(reading, component, act, partial),
            }
        }
    }

    /// The partial contact of a component, new where its number is.
    fn partial<'d>(&mut self, reading: &mut Reading<'_, 'd>, component: Node<'d>) -> usize {
        let number = reading
            .view
            .one(component, "sequenceNumber")
            .and_then(|node| reading.view.shown(node, "value"));
        let Some(contact) = reading.record.contacts.get_mut(self.at) else {
            return 0;
        };
        *self.by_number.entry(number).or_insert_with_key(|number| {
            // Most contacts have one.
            if contact.partials.is_empty() {
                contact.partials.reserve_exact(1);
            }
            contact.partials.push(PartialContact {
                number: number.clone(),
                ..PartialContact::default()
            });
            contact.partials.len() - 1
        })
    }

    fn line<'d>(&self, reading: &mut Reading<'_, 'd>, act: Node<'d>, partial: usize) {
        let view = reading.view;
        let key = reading.key(b'j');
        let line = journal_line(view, act, key);
        let Some(count) = self.get(reading, partial).map(|known| known.lines.len()) else {
            return;
        };
        let target = Target::Line(self.at, partial, count);
        reading.register(act, &line.ids, &line.key, target);
        if let Some(partial) = self.get(reading, partial) {
            partial.lines.push(line);
        }
    }

    fn diagnosis<'d>(&self, reading: &mut Reading<'_, 'd>, act: Node<'d>, partial: usize) {
        let view = reading.view;
        let key = reading.key(b'd');
        let diagnosis = observation_dx(view, act, key);
        let Some(count) = self
            .get(reading, partial)
            .map(|known| known.diagnoses.len())
        else {
            return;
        };
        let target = Target::Diagnosis(self.at, partial, count);
        reading.register(act, &diagnosis.ids, &diagnosis.key, target);
        if let Some(partial) = self.get(reading, partial) {
            partial.diagnoses.push(diagnosis);
        }
    }

    fn prescription<'d>(
        &self,
        reading: &mut Reading<'_, 'd>,
        holder: Node<'d>,
        act: Node<'d>,
        partial: usize,
    ) {
        let view = reading.view;
        let key = reading.key(b'p');
        let context = self.context.clone().filter(|_| conducts(holder));
        let medication = medication::prescription(view, act, key, Some(&self.contact), context);
        reading.register(act, &medication.ids, &medication.key, Target::Other);
        if let Some(partial) = self.get(reading, partial) {
            partial.medication.push(medication.key.clone());
        }
        reading.record.medication.push(medication);
    }

    fn get<'r>(
        &self,
        reading: &'r mut Reading<'_, '_>,
        partial: usize,
    ) -> Option<&'r mut PartialContact> {
        reading
            .record
            .contacts
            .get_mut(self.at)?
            .partials
            .get_mut(partial)
    }
}

fn journal_line<'d>(view: &View<'d>, act: Node<'d>, key: String) -> JournalLine {
    view.visit(act);
    let value = view.one(act, "value");
    let text = value
        .and_then(|node| view.text(node))
        .or_else(|| child_text(view, act, "text"));
    let null_flavor = value
        .and_then(|node| view.null_flavor(node))
        .or_else(|| view.null_flavor(act));
    if text.is_none() && null_flavor.is_none() {
        view.note(FindingCode::EmptyEntry, Severity::Warning, act);
    }
    JournalLine {
        key,
        ids: ids(view, act),
        kind: child_coded(view, act, "code").unwrap_or_default(),
        text,
        null_flavor,
        period: child_period(view, act, "effectiveTime"),
        episodes: Vec::new(),
    }
}

fn observation_dx<'d>(view: &View<'d>, act: Node<'d>, key: String) -> Diagnosis {
    view.visit(act);
    diagnosis_code(view, act);
    Diagnosis {
        key,
        ids: ids(view, act),
        value: child_coded(view, act, "value").unwrap_or_default(),
        text: child_text(view, act, "text"),
        period: child_period(view, act, "effectiveTime"),
        author: author(view, act),
        episodes: Vec::new(),
    }
}

/// The kind of diagnosis: the standard's own says nothing more; any other is listed.
pub(super) fn diagnosis_code<'d>(view: &View<'d>, act: Node<'d>) {
    let Some(code) = view.peek(act, "code") else {
        return;
    };
    if code.attribute("codeSystem") == Some(super::ica::ACT_CODE)
        && code.attribute("code") == Some("DISDX")
    {
        view.visit(code);
        view.used(code, "code");
        view.used(code, "codeSystem");
    }
}
