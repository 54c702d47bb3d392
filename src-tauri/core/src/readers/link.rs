//! Links what one message of a source refers to in another.
//!
//! A building block names contacts, concerns and problems by their ids; what has them stands in a
//! message of its own. Everything with an id is looked up once, so the time is linear.

use std::collections::{HashMap, HashSet};

use super::SourceRecord;
use crate::domain::coded::Identifier;
use crate::domain::finding::{Finding, FindingCode, Severity};
use crate::domain::summary::clinical::MedicationKind;
use crate::domain::summary::{Contact, LineReference};

/// Episodes of one report that its lines are linked with. A report is about one, or a few; without a
/// limit the links would be as many as its lines times its episodes.
const REPORT_EPISODES_MAX: usize = 16;

/// Resolves, by id, the references that did not resolve within their own message, once all
/// messages of a source were read; what then still has no target is noted.
///
/// The reports of a contact are put with it where it stands in another message. A finding names the
/// list and the position of the entry that refers, never an id.
pub fn link(record: &mut SourceRecord, findings: &mut Vec<Finding>) {
    unite_contacts(&mut record.contacts);
    let targets = Targets::of(record);
    let noted = findings.iter().filter(|f| is_of_a_measurement(f)).count();
    let mut dangling = Vec::new();
    let by_line = resolve_lines(record, &targets);
    resolve(record, &targets, noted, &mut dangling);
    let mut episodes = refer_back(record, &by_line);
    refer_to_problems(record, &targets);
    for episode in &mut record.episodes {
        let lines = episodes.remove(&episode.key).unwrap_or_default();
        episode.lines.extend(lines);
    }
    findings.extend(dangling);
}

/// Whether the reader of a professional summary noted this of a reference of a measurement.
fn is_of_a_measurement(finding: &Finding) -> bool {
    finding.code == FindingCode::DanglingReference
        && finding.path.contains("/sourceOf")
        && finding
            .path
            .rsplit('/')
            .next()
            .is_some_and(|step| step.starts_with("act"))
}

/// Puts the reports of each contact with the contact itself; of contacts that are only referred to,
/// those with one id are one.
fn unite_contacts(contacts: &mut Vec<Contact>) {
    if !contacts.iter().any(|contact| contact.referred_only) {
        return;
    }
    let mut by_id: HashMap<Identifier, usize> = HashMap::new();
    for referred in [false, true] {
        for (at, contact) in contacts.iter().enumerate() {
            if contact.referred_only == referred {
                for id in &contact.ids {
                    by_id.entry(id.clone()).or_insert(at);
                }
            }
        }
    }
    let mut moved: HashMap<usize, Vec<_>> = HashMap::new();
    let mut gone = vec![false; contacts.len()];
    for (at, (contact, gone)) in contacts.iter_mut().zip(&mut gone).enumerate() {
        let home = contact.ids.iter().find_map(|id| by_id.get(id)).copied();
        if let Some(home) = home.filter(|home| contact.referred_only && *home != at) {
            moved.entry(home).or_default().append(&mut contact.partials);
            *gone = true;
        }
    }
    for (home, mut partials) in moved {
        if let Some(contact) = contacts.get_mut(home) {
            contact.partials.append(&mut partials);
        }
    }
    let mut gone = gone.into_iter();
    contacts.retain(|_| !gone.next().unwrap_or_default());
}

/// What an id may name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Episode,
    Contact,
    Other,
}

/// Everything with an id, by its id; of two things with one id the first is meant.
#[derive(Default)]
struct Targets {
    by_id: HashMap<Identifier, (String, Kind)>,
    /// Keys of the episodes by the ids of their problems: a diagnosis in a report is the same problem.
    problems: HashMap<Identifier, String>,
}

impl Targets {
    fn of(record: &SourceRecord) -> Self {
        let mut targets = Self::default();
        for episode in &record.episodes {
            targets.add(&episode.ids, &episode.key, Kind::Episode);
            for id in &episode.problem_ids {
                let key = || episode.key.clone();
                targets.problems.entry(id.clone()).or_insert_with(key);
            }
        }
        for contact in &record.contacts {
            targets.add(&contact.ids, &contact.key, Kind::Contact);
        }
        for contact in &record.contacts {
            for partial in &contact.partials {
                // A report has no key: who names it means its contact.
                targets.add(&partial.ids, &contact.key, Kind::Contact);
                for line in &partial.lines {
                    targets.add(&line.ids, &line.key, Kind::Other);
                }
                for diagnosis in &partial.diagnoses {
                    targets.add(&diagnosis.ids, &diagnosis.key, Kind::Other);
                }
            }
        }
        let others = (record.medication.iter().map(|m| (&m.ids, &m.key)))
            .chain(record.measurements.iter().map(|m| (&m.ids, &m.key)))
            .chain(record.laboratory.iter().map(|m| (&m.ids, &m.key)))
            .chain(record.attention_lines.iter().map(|l| (&l.ids, &l.key)))
            .chain(record.alerts.iter().map(|e| (&e.ids, &e.key)))
            .chain(record.others.iter().map(|e| (&e.ids, &e.key)))
            .chain(record.allergies.iter().map(|s| (&s.ids, &s.key)))
            .chain(record.contraindications.iter().map(|s| (&s.ids, &s.key)))
            .chain(record.treatment_limits.iter().map(|s| (&s.ids, &s.key)));
        for (ids, key) in others {
            targets.add(ids, key, Kind::Other);
        }
        // What names a problem means its episode, where nothing else has that id.
        for episode in &record.episodes {
            targets.add(&episode.problem_ids, &episode.key, Kind::Episode);
        }
        targets
    }

    fn add(&mut self, ids: &[Identifier], key: &str, kind: Kind) {
        for id in ids {
            self.by_id
                .entry(id.clone())
                .or_insert_with(|| (key.to_owned(), kind));
        }
    }

    fn find(&self, ids: &[Identifier]) -> Option<&(String, Kind)> {
        ids.iter().find_map(|id| self.by_id.get(id))
    }
}

/// References while they are resolved.
struct Resolving<'t> {
    targets: &'t Targets,
    dangling: &'t mut Vec<Finding>,
    /// How many of the next ones were noted already.
    noted: usize,
}

impl Resolving<'_> {
    /// Resolves the references of the entry at a position of a list; gives the contact among them.
    fn entry(
        &mut self,
        (list, at): (&str, usize),
        source: &str,
        severity: Severity,
        references: &mut [LineReference],
    ) -> Option<String> {
        let mut contact = None;
        for reference in references.iter_mut().filter(|r| r.target.is_none()) {
            match self.targets.find(&reference.ids) {
                Some((key, kind)) => {
                    reference.target = Some(key.clone());
                    if *kind == Kind::Contact {
                        contact = contact.or_else(|| Some(key.clone()));
                    }
                }
                None if self.noted > 0 => self.noted -= 1,
                None if is_noted_here(&reference.ids) => self.dangling.push(Finding {
                    code: FindingCode::DanglingReference,
                    severity,
                    path: format!("{list}[{}]/references", at + 1),
                    source: Some(source.to_owned()),
                }),
                None => {}
            }
        }
        contact
    }
}

/// Whether ids are those of a message, by OID or UUID; a reference by address was noted by the
/// reader of its document.
fn is_noted_here(ids: &[Identifier]) -> bool {
    ids.iter().any(|id| {
        id.root
            .as_deref()
            .is_some_and(|root| !root.is_empty() && !root.contains(':'))
    })
}

/// Resolves the journal lines of episodes, which their reader noted where they were not in its
/// message; gives the episodes by the line that was found now.
fn resolve_lines(record: &mut SourceRecord, targets: &Targets) -> HashMap<String, Vec<String>> {
    let mut by_line: HashMap<String, Vec<String>> = HashMap::new();
    for episode in &mut record.episodes {
        for line in episode.lines.iter_mut().filter(|l| l.target.is_none()) {
            line.target = targets.find(&line.ids).map(|(key, _)| key.clone());
            if let Some(target) = &line.target {
                let episodes = by_line.entry(target.clone()).or_default();
                episodes.push(episode.key.clone());
            }
        }
    }
    by_line
}

fn resolve(
    record: &mut SourceRecord,
    targets: &Targets,
    noted: usize,
    dangling: &mut Vec<Finding>,
) {
    let warn = Severity::Warning;
    let mut resolving = Resolving {
        targets,
        dangling,
        noted,
    };
    for (at, entry) in record.measurements.iter_mut().enumerate() {
        let place = ("measurements", at);
        resolving.entry(place, &entry.source, warn, &mut entry.references);
    }
    resolving.noted = 0;
    for (at, entry) in record.laboratory.iter_mut().enumerate() {
        let place = ("laboratory", at);
        resolving.entry(place, &entry.source, warn, &mut entry.references);
    }
    for (at, episode) in record.episodes.iter_mut().enumerate() {
        let place = ("episodes", at);
        resolving.entry(place, &episode.source, warn, &mut episode.references);
    }
    for (at, contact) in record.contacts.iter_mut().enumerate() {
        let place = ("contacts", at);
        resolving.entry(place, &contact.source, warn, &mut contact.references);
        for partial in &mut contact.partials {
            resolving.entry(place, &contact.source, warn, &mut partial.references);
        }
    }
    for (at, medication) in record.medication.iter_mut().enumerate() {
        // A pharmacy names the prescription that it filled, and seldom holds it.
        let severity = if medication.kind == MedicationKind::Dispense {
            Severity::Info
        } else {
            warn
        };
        let place = ("medication", at);
        let references = &mut medication.references;
        let contact = resolving.entry(place, &medication.source, severity, references);
        medication.contact = medication.contact.take().or(contact);
    }
    for (list, entries) in [
        ("alerts", &mut record.alerts),
        ("others", &mut record.others),
    ] {
        for (at, entry) in entries.iter_mut().enumerate() {
            resolving.entry((list, at), &entry.source, warn, &mut entry.references);
        }
    }
    for (list, statements) in [
        ("allergies", &mut record.allergies),
        ("contraindications", &mut record.contraindications),
        ("treatment_limits", &mut record.treatment_limits),
    ] {
        for (at, said) in statements.iter_mut().enumerate() {
            resolving.entry((list, at), &said.source, warn, &mut said.references);
        }
    }
}

/// Lets each line and diagnosis know the episodes that refer to it or that its report refers to,
/// and gives the lines of each episode that its reports name.
fn refer_back(
    record: &mut SourceRecord,
    by_line: &HashMap<String, Vec<String>>,
) -> HashMap<String, Vec<LineReference>> {
    let keys: HashSet<&str> = record
        .episodes
        .iter()
        .map(|episode| episode.key.as_str())
        .collect();
    let mut lines_of: HashMap<String, Vec<LineReference>> = HashMap::new();
    for partial in record
        .contacts
        .iter_mut()
        .flat_map(|contact| &mut contact.partials)
    {
        let of_report: Vec<&String> = partial
            .references
            .iter()
            .filter_map(|reference| reference.target.as_ref())
            .filter(|target| keys.contains(target.as_str()))
            .take(REPORT_EPISODES_MAX)
            .collect();
        for line in &mut partial.lines {
            let own = by_line.get(&line.key).into_iter().flatten();
            add_all(&mut line.episodes, own.chain(of_report.iter().copied()));
            for episode in &of_report {
                let reference = LineReference {
                    ids: partial.ids.first().cloned().into_iter().collect(),
                    target: Some(line.key.clone()),
                };
                let lines = lines_of.entry((*episode).clone()).or_default();
                lines.push(reference);
            }
        }
        for diagnosis in &mut partial.diagnoses {
            let own = by_line.get(&diagnosis.key).into_iter().flatten();
            add_all(
                &mut diagnosis.episodes,
                own.chain(of_report.iter().copied()),
            );
        }
    }
    lines_of
}

fn add_all<'k>(episodes: &mut Vec<String>, keys: impl Iterator<Item = &'k String>) {
    let mut keys = keys.peekable();
    if keys.peek().is_none() {
        return;
    }
    let mut known: HashSet<String> = episodes.iter().cloned().collect();
    for key in keys {
        if known.insert(key.clone()) {
            episodes.push(key.clone());
        }
    }
}

/// A diagnosis with the id of an episode's problem belongs to that episode.
fn refer_to_problems(record: &mut SourceRecord, targets: &Targets) {
    for diagnosis in record
        .contacts
        .iter_mut()
        .flat_map(|contact| &mut contact.partials)
        .flat_map(|partial| &mut partial.diagnoses)
    {
        let found = diagnosis.ids.iter().find_map(|id| targets.problems.get(id));
        if let Some(episode) = found {
            add_all(&mut diagnosis.episodes, [episode].into_iter());
        }
    }
}
