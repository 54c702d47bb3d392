//! The making of a summary, source by source.

use core::ops::Range;
use std::collections::BTreeSet;

use super::accounting::{ReadText, account_for, digest};
use super::deciding::{Decided, Gathered, SourceIdentity};
use super::describing::newest_first;
use super::duplicates::duplicates_of;
use super::parts::{PartMaking, Statable, ask_prompt, withheld_cause};
use super::sources::{are_several_patients, gather, of_several_patients};
use super::{Answer, Arrival, Asked, Circumstances, NotShown, Outcome, Prepared, WhyNotShown};
use crate::domain::bsn::Bsn;
use crate::domain::consent::{Decision, DecisionInput, Ica, Marker, Reason};
use crate::domain::event::ReleasedSource;
use crate::domain::finding::{Finding, FindingCode, Severity};
use crate::domain::summary::source::{Delivery, Missing, SourceSummary};
use crate::domain::summary::{SectionKind, Summary};
use crate::readers::coverage::Coverage;
use crate::readers::ledger::Ledger;
use crate::readers::{self, Opened, PartHeader, Profile, Scope, SourceRecord};

/// Code of a source whose answer cannot be read.
pub(super) const UNREADABLE: &str = "answer_unreadable";

pub(super) struct Making<'c> {
    pub(super) asked: &'c Asked,
    pub(super) circumstances: &'c Circumstances,
    profile: &'c Profile,
    pub(super) summary: Summary,
    allergies: PartMaking,
    contraindications: PartMaking,
    treatment_limits: PartMaking,
    pub(super) released: Vec<ReleasedSource>,
    pub(super) not_shown: Vec<NotShown>,
    decided: Vec<DecisionInput>,
    permitted: bool,
    unreadable: bool,
    refused: Option<Reason>,
    /// The answers contradict each other about who the patient is.
    several_patients: bool,
    /// Texts are kept only where their leaves are to be accounted for.
    texts: Option<Vec<ReadText>>,
}

/// What reading one answer adds up, over its sources.
#[derive(Default)]
struct Reading {
    ledger: Ledger,
    /// What of the text is not disclosed.
    skip: Vec<Range<usize>>,
}

impl<'c> Making<'c> {
    pub(super) fn new(
        asked: &'c Asked,
        circumstances: &'c Circumstances,
        profile: &'c Profile,
        account: bool,
    ) -> Self {
        Self {
            asked,
            circumstances,
            profile,
            summary: Summary::default(),
            allergies: PartMaking::default(),
            contraindications: PartMaking::default(),
            treatment_limits: PartMaking::default(),
            released: Vec::new(),
            not_shown: Vec::new(),
            decided: Vec::new(),
            permitted: false,
            unreadable: false,
            refused: None,
            several_patients: false,
            texts: account.then(Vec::new),
        }
    }

    /// Every answer, each of which may hold several sources.
    pub(super) fn add_all(&mut self, answers: Vec<Answer>) {
        self.several_patients = of_several_patients(self.asked, &answers, self.profile);
        for answer in answers {
            self.add(answer);
        }
    }

    fn add(&mut self, answer: Answer) {
        let Answer {
            key,
            name,
            retrieved_at,
            arrival,
        } = answer;
        match arrival {
            Arrival::Received(bytes) => {
                self.add_received(&key, &name, retrieved_at.as_ref(), bytes)
            }
            Arrival::Failed { code } => self.add_absent(&key, &name, Delivery::Failed { code }),
            Arrival::Awaited => self.add_absent(&key, &name, Delivery::Awaited),
            Arrival::Cancelled => self.add_absent(&key, &name, Delivery::Cancelled),
        }
    }

    /// A source of which nothing arrived, or that says that nobody has anything.
    fn add_absent(&mut self, key: &str, name: &str, delivery: Delivery) {
        self.permitted = true;
        let every = |_: SectionKind| Some(delivery.clone());
        self.state_parts(key, every, None, &mut SourceRecord::default());
        self.summary.sources.push(SourceSummary {
            key: key.to_owned(),
            name: name.to_owned(),
            organisation: None,
            author: None,
            basis: None,
            provenance: None,
            marker_in: None,
            decision: None,
            delivery,
            parts: Vec::new(),
            retrieved_at: None,
            patient: None,
            transmission: Vec::new(),
        });
    }

    fn add_unreadable(&mut self, key: &str, name: &str, finding: Finding) {
        self.unreadable = true;
        self.summary.findings.push(Finding {
            source: Some(key.to_owned()),
            ..finding
        });
        let permitted = self.permitted;
        self.add_absent(
            key,
            name,
            Delivery::Failed {
                code: UNREADABLE.to_owned(),
            },
        );
        self.permitted = permitted;
    }

    fn add_received(
        &mut self,
        key: &str,
        name: &str,
        retrieved_at: Option<&String>,
        bytes: Vec<u8>,
    ) {
        let (text, format) = match readers::text_of(&bytes) {
            Ok(found) => found,
            Err(unreadable) => return self.add_unreadable(key, name, unreadable.finding),
        };
        let opened = match readers::open(text, format, self.profile) {
            Ok(opened) => opened,
            Err(unreadable) => return self.add_unreadable(key, name, unreadable.finding),
        };
        let mut reading = Reading::default();
        self.add_opened(key, name, retrieved_at, &opened, &mut reading);
        drop(opened);
        if let Some(texts) = &mut self.texts {
            let whole = 0..text.len();
            let Reading { ledger, skip } = reading;
            let skip = if ledger.is_empty() { vec![whole] } else { skip };
            texts.push(ReadText {
                text: text.to_owned(),
                format,
                skip,
                ledger,
            });
        }
    }

    fn add_opened(
        &mut self,
        key: &str,
        name: &str,
        retrieved_at: Option<&String>,
        opened: &Opened<'_>,
        reading: &mut Reading,
    ) {
        let fewer = opened.is_fewer_than_announced();
        let missing = if opened.has_foreign_content() {
            Some(Missing::UnreadablePart)
        } else {
            fewer.then_some(Missing::FewerThanAnnounced)
        };
        let gathered: Vec<Gathered<'_>> = gather(opened.parts())
            .into_iter()
            .map(|parts| self.weigh(parts))
            .collect();
        let two_patients = self.several_patients
            || are_several_patients(self.asked, opened.parts())
            || self.asked.bsn.is_none() && distinct_bsns(&gathered) > 1;
        let sources = self.seen_of(key, name, &gathered, opened, &mut reading.skip);
        let of_this_answer = self.summary.sources.len();
        if sources.is_empty() {
            // An answer that announces parts and holds none is no "nothing found".
            let delivery = missing.map_or(Delivery::NothingFound, |missing| Delivery::Partial {
                missing,
            });
            self.add_absent(key, name, delivery);
        }
        reading.skip.extend(opened.wrapper_hidden_ranges());
        let single = sources.len() == 1;
        for (position, source) in sources.into_iter().enumerate() {
            let identity = SourceIdentity {
                key,
                name,
                single,
                position,
            };
            let decided = self.decide_source(&identity, source, missing, two_patients);
            self.disclose(opened, &decided, source, retrieved_at, reading);
        }
        if !self.note_envelope(opened, of_this_answer, &mut reading.ledger) {
            // Nobody of this answer is shown, so nothing around them is either.
            *reading = Reading::default();
        }
    }

    /// The sources that may be known of. A sender of ICA alone, under a basis that withholds
    /// them, was never there.
    fn seen_of<'g, 'o>(
        &mut self,
        key: &str,
        name: &str,
        gathered: &'g [Gathered<'o>],
        opened: &Opened<'_>,
        skip: &mut Vec<Range<usize>>,
    ) -> Vec<&'g Gathered<'o>> {
        let mut sources = Vec::new();
        for source in gathered {
            let hidden = source.all.iter().filter(|part| source.hides(part));
            skip.extend(hidden.map(|part| opened.range(part.index)));
            if source.seen.is_empty() {
                let identity = SourceIdentity {
                    key,
                    name,
                    single: false,
                    position: 0,
                };
                self.not_shown.push(NotShown {
                    source: identity.name_of(&source.all),
                    why: WhyNotShown::Ica,
                });
            } else {
                sources.push(source);
            }
        }
        sources
    }

    fn disclose(
        &mut self,
        opened: &Opened<'_>,
        decided: &Decided,
        source: &Gathered<'_>,
        retrieved_at: Option<&String>,
        reading: &mut Reading,
    ) {
        let parts = source.seen.as_slice();
        let mut record = SourceRecord::default();
        match decided.decision {
            Decision::Permit { ica } => {
                self.permitted = true;
                if decided.is_shared() {
                    self.decided.push(decided.input);
                    record = self.read_source(opened, decided, source, ica, reading);
                } else {
                    reading
                        .skip
                        .extend(parts.iter().map(|p| opened.range(p.index)));
                }
                let withheld = decided
                    .is_shared()
                    .then(|| withheld_cause(decided.decision, decided.basis, record.national_rule))
                    .flatten();
                let statable = Statable::new(decided, source);
                self.state_parts(
                    &decided.key,
                    |kind| statable.delivery(kind),
                    withheld,
                    &mut record,
                );
            }
            Decision::Refuse { reason } => {
                self.refused.get_or_insert(reason);
                self.not_shown.push(NotShown {
                    source: decided.name.clone(),
                    why: WhyNotShown::Refused(reason),
                });
                reading
                    .skip
                    .extend(parts.iter().map(|p| opened.range(p.index)));
                self.allergies.add_refused();
                self.contraindications.add_refused();
                self.treatment_limits.add_refused();
            }
        }
        self.describe(decided, source, retrieved_at, record);
    }

    /// Reads every part of a permitted source under the scope of its permit, and links what one
    /// part refers to in another.
    fn read_source(
        &mut self,
        opened: &Opened<'_>,
        decided: &Decided,
        source: &Gathered<'_>,
        ica: Ica,
        reading: &mut Reading,
    ) -> SourceRecord {
        let scope = if ica == Ica::Included {
            Scope::Full
        } else {
            Scope::WithoutIca
        };
        if scope == Scope::WithoutIca && source.all.iter().any(|p| p.has_ica || p.whole_ica) {
            self.not_shown.push(NotShown {
                source: decided.name.clone(),
                why: WhyNotShown::Ica,
            });
        }
        let mut record = SourceRecord::default();
        let mut findings = Vec::new();
        for part in &source.seen {
            let (read, noticed, ledger) =
                opened.read(part.index, scope, &decided.key, self.profile);
            record.absorb(read);
            findings.extend(noticed);
            reading.ledger.absorb(ledger);
            if scope == Scope::WithoutIca {
                reading.skip.extend(opened.ica_ranges(part.index));
            }
            findings.extend(conflict(part, &decided.key));
        }
        readers::link::link(&mut record, &mut findings);
        self.summary.findings.extend(findings);
        record
    }

    /// States the three parts at one source. `delivery` says how what it knows of a kind arrived;
    /// `None` where it is nothing that this source would have told.
    fn state_parts(
        &mut self,
        key: &str,
        delivery: impl Fn(SectionKind) -> Option<Delivery>,
        withheld: Option<crate::domain::state::WithheldCause>,
        record: &mut SourceRecord,
    ) {
        let each = [
            (
                &mut self.allergies,
                SectionKind::Allergies,
                withheld,
                &mut record.allergies,
            ),
            (
                &mut self.contraindications,
                SectionKind::Contraindications,
                withheld,
                &mut record.contraindications,
            ),
            (
                &mut self.treatment_limits,
                SectionKind::TreatmentLimits,
                None,
                &mut record.treatment_limits,
            ),
        ];
        for (part, kind, withheld, statements) in each {
            part.add(key, delivery(kind), withheld, core::mem::take(statements));
        }
    }

    /// What stands around the parts (SOAP, batch wrapper) goes to the first shown source.
    fn note_envelope(
        &mut self,
        opened: &Opened<'_>,
        of_this_answer: usize,
        ledger: &mut Ledger,
    ) -> bool {
        let mut sources = self.summary.sources.iter_mut().skip(of_this_answer);
        let shown = sources.find(|s| !matches!(s.decision, Some(Decision::Refuse { .. })));
        let Some(source) = shown else { return false };
        let (facts, unrecognised, findings, read_ledger) = opened.envelope(&source.key);
        source.transmission.extend(facts);
        self.summary.unrecognised.extend(unrecognised);
        self.summary.findings.extend(findings);
        ledger.absorb(read_ledger);
        true
    }

    pub(super) fn finish(mut self, nonce: [u8; 32]) -> Prepared {
        let outcome = match (self.permitted, self.refused, self.unreadable) {
            (true, _, _) => Outcome::Permit,
            (false, Some(reason), _) => Outcome::Refuse(reason),
            (false, None, true) => Outcome::Unreadable,
            // Nobody was asked: nothing received.
            (false, None, false) => Outcome::Permit,
        };
        let may_state = outcome == Outcome::Permit;
        let mut summary = core::mem::take(&mut self.summary);
        summary.allergies = self.allergies.finish(may_state);
        summary.contraindications = self.contraindications.finish(may_state);
        summary.treatment_limits = self.treatment_limits.finish(may_state);
        summary.ask = ask_prompt(&summary.allergies);
        summary.complete = may_state
            && summary.sources.iter().all(|s| {
                matches!(s.delivery, Delivery::Delivered | Delivery::NothingFound)
                    && !matches!(s.decision, Some(Decision::Refuse { .. }))
            });
        summary.patient = summary.sources.iter().find_map(|s| s.patient.clone());
        newest_first(&mut summary);
        summary.duplicates = duplicates_of(&summary);
        summary.findings.sort();
        summary.findings.dedup();
        let coverage = match &self.texts {
            Some(texts) if may_state => {
                account_for(texts, &serde_json::to_value(&summary).unwrap_or_default())
            }
            _ => Coverage::default(),
        };
        Prepared {
            digest: digest(nonce, self.asked, &summary),
            outcome,
            summary,
            released: self.released,
            not_shown: self.not_shown,
            decided: self.decided,
            coverage,
        }
    }
}

/// A part that says two things about its consent: the stricter one holds, and it is noted.
fn conflict(part: &PartHeader, key: &str) -> Option<Finding> {
    (part.marker == Marker::CoronaAndExplicit).then(|| Finding {
        code: FindingCode::ConflictingConsent,
        severity: Severity::Warning,
        path: part.interaction.clone(),
        source: Some(key.to_owned()),
    })
}

fn distinct_bsns(sources: &[Gathered<'_>]) -> usize {
    let bsns = sources.iter().flat_map(Gathered::bsns);
    bsns.filter_map(|text| Bsn::parse(text).ok())
        .collect::<BTreeSet<_>>()
        .len()
}
