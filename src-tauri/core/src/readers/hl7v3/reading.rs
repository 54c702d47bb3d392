//! Reads one professional summary (`QUPC_IN990002NL`) into a record.
//!
//! Order matters once: journal lines come before the episodes that refer to them, and
//! episodes before the flags and measurements that refer to episodes.

use super::contacts;
use super::episodes;
use super::ica;
use super::interactions::ica_sections;
use super::measurements;
use super::people::{self, asserted, author_of, conducted, conducts};
use super::references::{References, Target};
use super::statements;
use super::transmission;
use super::types::{child_coded, child_period, child_text, ids, status};
use super::view::{Node, View};
use crate::domain::coded::Identifier;
use crate::domain::finding::{FindingCode, Severity};
use crate::domain::person::Author;
use crate::domain::summary::{AttentionLine, LineReference};
use crate::readers::kinds::Section;
use crate::readers::{Profile, SourceRecord};

/// A summary while it is read.
pub(super) struct Reading<'v, 'd> {
    pub view: &'v View<'d>,
    pub profile: &'v Profile,
    pub record: SourceRecord,
    pub references: References,
    /// Keys begin with this.
    prefix: String,
    counts: [usize; 26],
    /// Who stands for what has no author (the own GP), where the message lets it propagate.
    provision_author: Option<Author>,
    /// Where the record's patient was read, for records that name the same one again.
    pub patient_at: Option<Node<'d>>,
    /// Whether ICA may stand in the part; where none do, nobody looks for them.
    has_ica: bool,
}

/// One `observation` of a `component2`, and which measurement it became.
struct Observation<'d> {
    holder: Node<'d>,
    act: Node<'d>,
    measurement: Option<usize>,
}

impl<'v, 'd> Reading<'v, 'd> {
    pub(super) fn new(
        view: &'v View<'d>,
        profile: &'v Profile,
        prefix: String,
        has_ica: bool,
    ) -> Self {
        Self {
            view,
            profile,
            record: SourceRecord::default(),
            references: References::default(),
            prefix,
            counts: [0; 26],
            provision_author: None,
            patient_at: None,
            has_ica,
        }
    }

    /// The next key of a kind: unique within the summary, and the same whether or not ICA arrived.
    pub(super) fn key(&mut self, kind: u8) -> String {
        let count = self.counts.get_mut(usize::from(kind.wrapping_sub(b'a')));
        let number = count.map_or(0, |count| {
            *count += 1;
            *count
        });
        format!("{}-{}{number}", self.prefix, char::from(kind))
    }

    /// Registers what was read at `at` under its ids.
    pub(super) fn register(&mut self, at: Node<'d>, ids: &[Identifier], key: &str, target: Target) {
        if self.references.add(ids, key, target) {
            self.view
                .note(FindingCode::RepeatedId, Severity::Warning, at);
        }
    }

    /// Resolves a reference; what does not resolve is kept and noted.
    pub(super) fn refer(
        &self,
        at: Node<'d>,
        ids: Vec<Identifier>,
    ) -> (LineReference, Option<Target>) {
        let found = self.references.find(&ids).cloned();
        if found.is_none() {
            self.view
                .note(FindingCode::DanglingReference, Severity::Warning, at);
        }
        let (key, target) = found.unzip();
        (LineReference { ids, target: key }, target)
    }

    /// One `PrimaryCareProvision`, with what it says about itself.
    pub(super) fn provision_with_facts(&mut self, provision: Node<'d>) {
        let facts = transmission::record(self.view, provision, self.profile);
        self.record.transmission.extend(facts);
        self.provision(provision);
    }

    /// Everything below one `PrimaryCareProvision`.
    fn provision(&mut self, provision: Node<'d>) {
        self.view.visit(provision);
        self.identify(provision);
        for holder in self.view.children(provision).collect::<Vec<_>>() {
            match holder.tag_name().name() {
                "component1" => contacts::read(self, holder),
                "pertinentInformation" => self.annotation(holder),
                _ => {}
            }
        }
        self.ica(provision);
        let mut observations = self.observations(provision);
        for read in &mut observations {
            if !ica::is_attention_code(read.act) && asserted(self.view, read.act) {
                read.measurement = Some(self.measurement(read.holder, read.act));
            }
        }
        let episodes = self
            .view
            .children(provision)
            .filter(|child| child.tag_name().name() == "component7");
        for holder in episodes.collect::<Vec<_>>() {
            episodes::read(self, holder);
        }
        for Observation {
            holder,
            act,
            measurement,
        } in observations
        {
            match measurement {
                Some(at) => episodes::refer_measurement(self, act, at),
                None if ica::is_attention_code(act) && asserted(self.view, act) => {
                    episodes::flag(self, holder, act)
                }
                None => {}
            }
        }
    }

    fn observations(&self, provision: Node<'d>) -> Vec<Observation<'d>> {
        let holders = self
            .view
            .children(provision)
            .filter(|child| child.tag_name().name() == "component2");
        holders
            .flat_map(|holder| {
                let acts = self
                    .view
                    .children(holder)
                    .filter(|child| child.tag_name().name() == "observation");
                acts.map(move |act| Observation {
                    holder,
                    act,
                    measurement: None,
                })
            })
            .collect()
    }

    /// The patient and who answers for the record; a second patient is left to be listed.
    fn identify(&mut self, provision: Node<'d>) {
        if self.record.patient.is_none()
            && let Some(subject) = self.view.peek(provision, "subject")
            && let Some(patient) = self.view.peek(subject, "Patient")
        {
            self.view.visit(subject);
            self.record.patient = Some(people::patient(self.view, patient));
        }
        let Some(participation) = self.view.one(provision, "author") else {
            return;
        };
        let author = author_of(self.view, participation);
        // A participation that is absent for a reason stands for nothing.
        self.provision_author = conducted(author.as_ref(), Some(participation))
            .filter(|_| participation.attribute("nullFlavor").is_none());
        if self.record.author.is_none() {
            if let Some(patient) = &mut self.record.patient {
                patient.general_practitioner.clone_from(&author);
            }
            self.record.author = author;
        }
    }

    /// Lets someone stand for what has no author of its own.
    pub(super) fn conduct(&mut self, author: Option<Author>) {
        self.provision_author = author;
    }

    /// Who stands for what has no author of its own below this relationship.
    pub(super) fn context(&self, relationship: Node<'d>) -> Option<Author> {
        self.provision_author
            .clone()
            .filter(|_| conducts(relationship))
    }

    /// An attention line, or a treatment limit where this installation knows how that looks.
    fn annotation(&mut self, holder: Node<'d>) {
        let view = self.view;
        let acts = view
            .children(holder)
            .filter(|child| child.tag_name().name() == "pertinentAnnotationObsEvent");
        for act in acts.collect::<Vec<_>>() {
            view.visit(holder);
            if self.is_treatment_limit(act) {
                self.treatment_limit(holder, act);
            } else if asserted(view, act) {
                view.visit(act);
                let line = AttentionLine {
                    key: self.key(b'a'),
                    source: view.source().to_owned(),
                    ids: ids(view, act),
                    code: child_coded(view, act, "code"),
                    text: child_text(view, act, "text"),
                    period: child_period(view, act, "effectiveTime"),
                    status: status(view, act),
                    author: people::author(view, act).or_else(|| self.context(holder)),
                };
                self.register(act, &line.ids, &line.key, Target::Other);
                self.record.attention_lines.push(line);
            }
        }
    }

    /// A treatment limit.
    pub(super) fn treatment_limit(&mut self, holder: Node<'d>, act: Node<'d>) {
        let key = self.key(b't');
        let context = self.context(holder);
        let limit = statements::statement(self.view, act, Section::TreatmentLimits, key, context);
        self.register(act, &limit.ids, &limit.key, Target::Other);
        self.record.treatment_limits.push(limit);
    }

    /// An interaction that this version does not interpret and that is, or may be, all ICA:
    /// something is there.
    pub(super) fn uninterpreted(&mut self) {
        let source = self.view.source();
        let (allergies, contraindications) = ica_sections(self.view.root());
        if contraindications {
            let key = self.key(b'x');
            self.record
                .contraindications
                .push(statements::unreadable(source, key));
        }
        if allergies {
            let key = self.key(b'i');
            self.record
                .allergies
                .push(statements::unreadable(source, key));
        }
    }

    /// Whether this installation knows the act's code as that of a treatment limit.
    pub(super) fn is_treatment_limit(&self, act: Node<'d>) -> bool {
        self.view.peek(act, "code").is_some_and(|node| {
            self.profile.treatment_limits.iter().any(|(system, code)| {
                node.attribute("codeSystem") == Some(system.as_str())
                    && node.attribute("code") == Some(code.as_str())
            })
        })
    }

    /// Every ICA element below a record. Under a scope without ICA there is none.
    pub(super) fn ica(&mut self, provision: Node<'d>) {
        if !self.has_ica {
            return;
        }
        let mut units = Vec::new();
        self.find_ica(provision, &mut units);
        for unit in units {
            self.ica_unit(unit);
        }
    }

    /// ICA that stand in no record: there is something, and nobody can say what it belongs to.
    pub(super) fn ica_outside(&mut self, element: Node<'d>) {
        if !self.has_ica {
            return;
        }
        let view = self.view;
        for child in view.elements(element).collect::<Vec<_>>() {
            if view.is_ica(child) {
                view.note(FindingCode::UnexpectedStructure, Severity::Warning, child);
                let (x, i) = (self.key(b'x'), self.key(b'i'));
                let unreadable = |key| statements::unreadable(view.source(), key);
                self.record.contraindications.push(unreadable(x));
                self.record.allergies.push(unreadable(i));
            } else if !view.is_read_record(child) {
                self.ica_outside(child);
            }
        }
    }

    fn find_ica(&self, element: Node<'d>, units: &mut Vec<Node<'d>>) {
        for child in self.view.elements(element) {
            if self.view.is_ica(child) {
                units.push(child);
            } else {
                self.find_ica(child, units);
            }
        }
    }

    fn ica_unit(&mut self, unit: Node<'d>) {
        let view = self.view;
        let acts = ica::acts_of(unit);
        let context = self.context(unit);
        if acts.is_empty() {
            let to_allergies = unit.tag_name().name().eq_ignore_ascii_case("component4");
            let key = self.key(if to_allergies { b'i' } else { b'x' });
            let statement = statements::empty(view, unit, key);
            let section = if to_allergies {
                &mut self.record.allergies
            } else {
                &mut self.record.contraindications
            };
            section.push(statement);
        }
        for act in acts {
            view.visit(unit);
            let contra = ica::is_contra_indication(unit, act);
            let section = if contra {
                Section::ContraIndications
            } else {
                Section::Allergies
            };
            let key = self.key(if contra { b'x' } else { b'i' });
            let mut statement = statements::statement(view, act, section, key, context.clone());
            statements::weaken(view, unit, act, &mut statement);
            self.register(act, &statement.ids, &statement.key, Target::Other);
            if contra {
                self.record.contraindications.push(statement);
            } else {
                self.record.allergies.push(statement);
            }
        }
    }

    fn measurement(&mut self, holder: Node<'d>, observation: Node<'d>) -> usize {
        self.view.visit(holder);
        let key = self.key(b'm');
        let measurement = measurements::measurement(self.view, observation, key);
        self.register(
            observation,
            &measurement.ids,
            &measurement.key,
            Target::Other,
        );
        self.record.measurements.push(measurement);
        self.record.measurements.len() - 1
    }
}
