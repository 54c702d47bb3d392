//! What a part says about itself before anything clinical is read.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::consent::Found;
use super::kinds::{default_kind, is_clinical, is_without_subject, section_kind};
use super::outcome::outcome_of;
use super::references::entry_url;
use super::tree::{Node, Nodes};
use super::view::{Resource, View};
use super::{consent, kinds};
use crate::domain::date::PartialDate;
use crate::domain::summary::SectionKind;
use crate::readers::systems::{self, BSN, URA};
use crate::readers::{PartHeader, Profile};

/// The elements that say whom a resource is about.
const SUBJECTS: [&str; 6] = [
    "subject",
    "patient",
    "individual",
    "for",
    "beneficiary",
    "candidate",
];

/// Whom content is about, as far as a view shows.
#[derive(Clone, Default)]
struct Identity {
    bsns: Vec<String>,
    birth_dates: Vec<String>,
    patients: usize,
    has_content: bool,
    unidentified: bool,
}

/// The header of a part, from a view of all of it and one without ICA.
pub(super) fn header(
    index: usize,
    full: &View<'_>,
    without: &View<'_>,
    has_ica: bool,
    said: Found,
    profile: &Profile,
) -> PartHeader {
    let all = identity(full);
    let outcome = outcome_of(full, profile, all.has_content);
    let (rest, outcome_without_ica) = if Arc::ptr_eq(&full.index, &without.index) {
        // Nothing is withheld: both views show the same.
        (all.clone(), outcome.clone())
    } else {
        let rest = identity(without);
        let outcome = outcome_of(without, profile, rest.has_content);
        (rest, outcome)
    };
    let (marker, marker_in) = said.marker();
    let (organisation_ura, organisation_name) = organisation(full);
    let is_document = composition_of(full).is_some();
    let root_is_ica = full.is_ica(full.root());
    PartHeader {
        index,
        interaction: interaction(full),
        sender: None,
        organisation_ura,
        organisation_name,
        outcome,
        outcome_without_ica,
        marker,
        marker_in,
        sections: sections(full, without, root_is_ica),
        patients: all.patients,
        patients_without_ica: rest.patients,
        has_content: all.has_content,
        has_content_without_ica: rest.has_content,
        unidentified: all.unidentified,
        unidentified_without_ica: rest.unidentified,
        bsns: all.bsns,
        bsns_without_ica: rest.bsns,
        birth_dates: all.birth_dates,
        birth_dates_without_ica: rest.birth_dates,
        has_ica,
        whole_ica: root_is_ica || (has_ica && !is_document && !rest.has_content),
    }
}

/// `Bundle/document`, `Observation`.
fn interaction(view: &View<'_>) -> String {
    let kind = view.tree.resource_type(view.root()).unwrap_or_default();
    match view.peek(view.root(), "type") {
        Some(of) if kind == "Bundle" && kinds::is_bundle_type(of) => format!("{kind}/{of}"),
        _ if kind.bytes().all(|byte| byte.is_ascii_alphanumeric()) => kind.to_owned(),
        _ => "Resource".to_owned(),
    }
}

/// The first Composition that stands in an entry, or is the root.
pub(super) fn composition_of<'d>(view: &View<'d>) -> Option<Resource<'d>> {
    view.resources()
        .iter()
        .copied()
        .find(|resource| resource.kind == "Composition" && view.name(resource.node) != "contained")
}

/// When the message was made: the document's date, else the Bundle's time.
pub(super) fn sent(view: &View<'_>) -> Option<PartialDate> {
    composition_of(view)
        .and_then(|composition| view.peek(composition.node, "date"))
        .or_else(|| view.peek(view.root(), "timestamp"))
        .map(PartialDate::parse)
}

fn identity(view: &View<'_>) -> Identity {
    let composition = composition_of(view);
    let mut identity = Identity::default();
    let mut about = About::default();
    for resource in view.resources() {
        let is_content = match resource.kind {
            "Composition" => view.one(resource.node, "section").is_some(),
            "Consent" => !consent::tells_of_sharing(view, *resource),
            kind => is_clinical(kind) && !consent::tells_of_sharing(view, *resource),
        };
        identity.has_content |= is_content;
        if !is_content {
            continue;
        }
        let mut named = false;
        for reference in view.children(resource.node) {
            if SUBJECTS.contains(&view.name(reference)) {
                named = true;
                about.reference(view, reference, &mut identity);
            }
        }
        about.everybody(view, resource.node, &mut identity);
        // What is contained and names nobody is about whom its holder is about.
        if view.name(resource.node) == "contained" {
            continue;
        }
        // In a document, what names nobody is about whom the document is about.
        if !named && !is_without_subject(resource.kind) {
            match composition.and_then(|whole| view.one(whole.node, "subject")) {
                Some(_) => {}
                None => identity.unidentified = true,
            }
        }
    }
    about.namesakes(view, &mut identity);
    identity.patients = match (about.patients.len(), about.numbers.len()) {
        // A Patient without a number beside a number without a Patient: it may be one and the same,
        // and nobody can say so.
        (1, 1) if !about.any_numbered => {
            identity.unidentified = true;
            1
        }
        (patients, numbers) => patients + numbers,
    };
    identity
}

/// The patients that content names: by number, or by reference where there is none.
#[derive(Default)]
struct About {
    numbers: HashSet<String>,
    patients: Nodes,
    /// Patients that were looked at: nearly everything names the same one.
    met: Nodes,
    /// Whether any of the Patients has a number.
    any_numbered: bool,
}

impl About {
    /// Every patient whom anything in content refers to, by whatever element: a second one is never
    /// taken for the first.
    fn everybody(&mut self, view: &View<'_>, content: Node, identity: &mut Identity) {
        let written = view
            .tree
            .inside(content)
            .filter(|node| view.name(*node) == "reference" && view.is_met(*node));
        for reference in written.filter_map(|node| view.tree.parent(node)) {
            if reference != content
                && view.peek(reference, "reference").is_some()
                && let Some(patient) = view.index.resolve(view, reference)
                && patient.kind == "Patient"
            {
                self.patient(view, patient, identity);
            }
        }
    }

    /// Patients that share an id or a full URL, with different numbers: whatever refers to one could
    /// mean the other.
    fn namesakes(&mut self, view: &View<'_>, identity: &mut Identity) {
        let mut known: HashMap<(&str, &str), (Resource<'_>, String)> = HashMap::new();
        for patient in view.resources() {
            if patient.kind != "Patient" || view.name(patient.node) == "contained" {
                continue;
            }
            let Some(number) = view
                .named(patient.node, "identifier")
                .find_map(|identifier| bsn_in(view, identifier))
                .map(digits)
            else {
                continue;
            };
            let url = entry_url(view.tree, patient.node).and_then(|url| view.peek_value(url));
            let id = view.peek(patient.node, "id");
            let names = [url.map(|url| ("fullUrl", url)), id.map(|id| ("id", id))];
            for name in names.into_iter().flatten() {
                let (namesake, first) = known
                    .entry(name)
                    .or_insert_with(|| (*patient, number.clone()));
                if *first != number {
                    self.patient(view, *namesake, identity);
                    self.patient(view, *patient, identity);
                }
            }
        }
    }

    fn reference(&mut self, view: &View<'_>, reference: Node, identity: &mut Identity) {
        let logical = view
            .one(reference, "identifier")
            .and_then(|identifier| bsn_in(view, identifier));
        if let Some(number) = logical {
            self.number(number, identity);
        }
        match view.index.resolve(view, reference) {
            Some(patient) if patient.kind == "Patient" => self.patient(view, patient, identity),
            // A group, a device, a specimen: nobody.
            Some(_) => identity.unidentified = true,
            None if logical.is_none() => identity.unidentified = true,
            None => {}
        }
    }

    fn patient(&mut self, view: &View<'_>, patient: Resource<'_>, identity: &mut Identity) {
        if !self.met.insert(patient.node) {
            return;
        }
        let mut any = false;
        for identifier in view.named(patient.node, "identifier") {
            if let Some(number) = bsn_in(view, identifier) {
                self.number(number, identity);
                self.any_numbered = true;
                any = true;
            }
        }
        if !any {
            self.patients.insert(patient.node);
        }
        if let Some(born) = view.peek(patient.node, "birthDate") {
            once(&mut identity.birth_dates, born);
        }
    }

    fn number(&mut self, received: &str, identity: &mut Identity) {
        once(&mut identity.bsns, received);
        self.numbers.insert(digits(received));
    }
}

/// A number as it is compared: without blanks and leading zeros.
fn digits(received: &str) -> String {
    received.trim().trim_start_matches('0').to_owned()
}

fn once(list: &mut Vec<String>, value: &str) {
    if !list.iter().any(|known| known == value) {
        list.push(value.to_owned());
    }
}

/// The value of an identifier, where it is a BSN.
pub(super) fn bsn_in<'d>(view: &View<'d>, identifier: Node) -> Option<&'d str> {
    view.peek(identifier, "system")
        .filter(|system| systems::is(system, BSN))
        .and_then(|_| view.peek(identifier, "value"))
}

/// URA and name of the organisation that answers for the document.
fn organisation(view: &View<'_>) -> (Option<String>, Option<String>) {
    let Some(composition) = composition_of(view) else {
        return (None, None);
    };
    let candidates = ["custodian", "author"]
        .into_iter()
        .flat_map(|name| view.named(composition.node, name).collect::<Vec<_>>());
    let mut found = (None, None);
    for reference in candidates {
        let resource = view.index.resolve(view, reference);
        let organisation = match resource {
            Some(resource) if resource.kind == "Organization" => Some(resource),
            Some(resource) => view
                .one(resource.node, "organization")
                .and_then(|reference| view.index.resolve(view, reference)),
            None => None,
        };
        let Some(organisation) = organisation else {
            continue;
        };
        let ura = view.named(organisation.node, "identifier").find_map(|id| {
            view.peek(id, "system")
                .filter(|system| systems::is(system, URA))
                .and_then(|_| view.peek(id, "value"))
        });
        let name = view.peek(organisation.node, "name").map(str::to_owned);
        found = (found.0.or_else(|| ura.map(str::to_owned)), found.1.or(name));
    }
    found
}

/// The sections that a part fills, the same whether or not ICA were sent: those of the document
/// and the required ones; those of what a search found; all where nobody can tell.
fn sections(full: &View<'_>, view: &View<'_>, root_is_ica: bool) -> Vec<SectionKind> {
    if root_is_ica {
        return vec![SectionKind::Allergies, SectionKind::Contraindications];
    }
    let mut sections = Vec::new();
    let mut add = |kind: SectionKind| {
        if !sections.contains(&kind) {
            sections.push(kind);
        }
    };
    if let Some(composition) = composition_of(view) {
        for required in [
            SectionKind::Allergies,
            SectionKind::Medication,
            SectionKind::Episodes,
        ] {
            add(required);
        }
        let mut todo: Vec<Node> = view.named(composition.node, "section").collect();
        while let Some(section) = todo.pop() {
            add(section_kind(view, section));
            todo.extend(view.named(section, "section"));
        }
    } else {
        for resource in view.resources() {
            if is_clinical(resource.kind) && view.name(resource.node) != "contained" {
                add(default_kind(view, *resource));
            }
        }
    }
    if sections.is_empty() {
        let only_ica = full
            .resources()
            .iter()
            .any(|resource| full.is_ica(resource.node));
        return if only_ica {
            vec![SectionKind::Allergies, SectionKind::Contraindications]
        } else {
            SectionKind::ALL.to_vec()
        };
    }
    sections.sort_unstable();
    sections
}
