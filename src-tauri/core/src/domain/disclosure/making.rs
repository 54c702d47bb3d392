//! The making of a summary, source by source.

use core::ops::Range;
use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use super::parts::{PartMaking, ask_prompt, withheld_cause};
use super::sources::{delivery_of, gather, is_unidentified, match_patient, strictest_marker};
use super::{Answer, Arrival, Asked, Circumstances, NotShown, Outcome, Prepared, WhyNotShown};
use crate::domain::bsn::Bsn;
use crate::domain::consent::decide::{PatientMatch, conclude_basis};
use crate::domain::consent::{Basis, Decision, DecisionInput, Ica, Marker, Reason, decide};
use crate::domain::date::{Period, SortKey};
use crate::domain::event::ReleasedSource;
use crate::domain::finding::{Finding, FindingCode, Severity};
use crate::domain::person::Organisation;
use crate::domain::summary::Summary;
use crate::domain::summary::source::{Delivery, Missing, SourceSummary};
use crate::readers::coverage::{self, Coverage};
use crate::readers::ledger::Ledger;
use crate::readers::{self, Format, Opened, PartHeader, Profile, Scope, SourceRecord};

/// Code of a source whose answer cannot be read.
pub(super) const UNREADABLE: &str = "answer_unreadable";

pub(super) struct Making<'c> {
    asked: &'c Asked,
    circumstances: &'c Circumstances,
    profile: &'c Profile,
    summary: Summary,
    allergies: PartMaking,
    contraindications: PartMaking,
    treatment_limits: PartMaking,
    released: Vec<ReleasedSource>,
    not_shown: Vec<NotShown>,
    decided: Vec<DecisionInput>,
    permitted: bool,
    unreadable: bool,
    refused: Option<Reason>,
    texts: Vec<ReadText>,
}

/// A text that was read, kept until its leaves are accounted for.
struct ReadText {
    text: String,
    format: Format,
    skip: Vec<Range<usize>>,
    ledger: Ledger,
}

/// The parts of one source.
struct Gathered<'o> {
    /// All that arrived.
    all: Vec<&'o PartHeader>,
    /// Those that the basis lets be known of.
    seen: Vec<&'o PartHeader>,
    /// Whether the basis withholds ICA.
    withholds: bool,
}

impl Gathered<'_> {
    fn hides(&self, part: &PartHeader) -> bool {
        self.withholds && part.whole_ica
    }

    fn bsns(&self) -> impl Iterator<Item = &String> {
        self.seen.iter().flat_map(|part| {
            if self.withholds {
                &part.bsns_without_ica
            } else {
                &part.bsns
            }
        })
    }
}

/// One source of an answer, decided.
struct Decided {
    key: String,
    name: String,
    delivery: Delivery,
    input: DecisionInput,
    decision: Decision,
    basis: Basis,
}

impl<'c> Making<'c> {
    pub(super) fn new(
        asked: &'c Asked,
        circumstances: &'c Circumstances,
        profile: &'c Profile,
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
            texts: Vec::new(),
        }
    }

    /// One answer, which may hold several sources.
    pub(super) fn add(&mut self, answer: Answer) {
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

    /// The exchange says that nobody has anything: a source of its own without content.
    fn add_absent(&mut self, key: &str, name: &str, delivery: Delivery) {
        self.permitted = true;
        self.state_parts(key, &delivery, None, &mut SourceRecord::default());
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

    fn add_received(
        &mut self,
        key: &str,
        name: &str,
        retrieved_at: Option<&String>,
        bytes: Vec<u8>,
    ) {
        let (text, format) = match readers::text_of(&bytes) {
            Ok((text, format)) => (text.to_owned(), format),
            Err(unreadable) => return self.add_unreadable(key, name, unreadable.finding),
        };
        drop(bytes);
        let opened = match readers::open(&text, format, self.profile) {
            Ok(opened) => opened,
            Err(unreadable) => return self.add_unreadable(key, name, unreadable.finding),
        };
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
        let two_patients = self.asked.bsn.is_none() && distinct_bsns(&gathered) > 1;
        let mut skip: Vec<Range<usize>> = Vec::new();
        let mut sources = Vec::new();
        for source in &gathered {
            let hidden = source.all.iter().filter(|part| source.hides(part));
            skip.extend(hidden.map(|part| opened.range(part.index)));
            if source.seen.is_empty() {
                // A sender of ICA alone, under a basis that withholds them, was never there.
                let name = SourceIdentity {
                    key,
                    name,
                    single: false,
                    position: 0,
                }
                .name_of(&source.all);
                self.not_shown.push(NotShown {
                    source: name,
                    why: WhyNotShown::Ica,
                });
            } else {
                sources.push(source);
            }
        }
        let of_this_answer = self.summary.sources.len();
        if sources.is_empty() {
            // An answer that announces parts and holds none is no "nothing found".
            let delivery = missing.map_or(Delivery::NothingFound, |missing| Delivery::Partial {
                missing,
            });
            self.add_absent(key, name, delivery);
        }
        skip.extend(opened.wrapper_hidden_ranges());
        let single = sources.len() == 1;
        let mut ledger = Ledger::default();
        for (position, source) in sources.into_iter().enumerate() {
            let identity = SourceIdentity {
                key,
                name,
                single,
                position,
            };
            let decided = self.decide_source(identity, source, missing, two_patients);
            self.disclose(
                &opened,
                &decided,
                source,
                retrieved_at,
                &mut ledger,
                &mut skip,
            );
        }
        if !self.note_envelope(&opened, of_this_answer, &mut ledger) {
            // Nobody of this answer is shown, so nothing around them is either.
            let whole = 0..text.len();
            skip = [whole].into();
        }
        self.texts.push(ReadText {
            text,
            format,
            skip,
            ledger,
        });
    }

    /// What the basis lets be known of a source's parts, before anything else is asked of them.
    fn weigh<'o>(&self, all: Vec<&'o PartHeader>) -> Gathered<'o> {
        let input = self.input(strictest_marker(&all), PatientMatch::Same);
        let withholds = conclude_basis(&input).0 != Basis::Explicit;
        let seen = all
            .iter()
            .copied()
            .filter(|part| !(withholds && part.whole_ica))
            .collect();
        Gathered {
            all,
            seen,
            withholds,
        }
    }

    const fn input(&self, marker: Marker, patient: PatientMatch) -> DecisionInput {
        DecisionInput {
            setting: self.circumstances.setting,
            patient,
            marker,
            stated: self.circumstances.stated,
            delivered_under_measure: self.circumstances.delivered_under_measure,
            measure_active: self.circumstances.measure_active,
            marker_proven: self.circumstances.marker_proven,
            suspicion: self.circumstances.suspicion,
            agreement: self.circumstances.agreement,
            emergency_explicit: self.circumstances.emergency_explicit,
        }
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

    fn decide_source(
        &mut self,
        identity: SourceIdentity<'_>,
        source: &Gathered<'_>,
        missing: Option<Missing>,
        two_patients: bool,
    ) -> Decided {
        let parts = source.seen.as_slice();
        let mut delivery = delivery_of(parts, missing, !source.withholds);
        let patient = if two_patients {
            PatientMatch::TwoPatients
        } else {
            match_patient(self.asked, parts, !source.withholds)
        };
        if self.asked.bsn.is_none() && is_unidentified(parts, !source.withholds) {
            self.summary.findings.push(Finding {
                code: FindingCode::NoBsn,
                severity: Severity::Warning,
                path: parts
                    .first()
                    .map(|part| part.interaction.clone())
                    .unwrap_or_default(),
                source: Some(identity.key_of()),
            });
        }
        let mut input = self.input(strictest_marker(&source.all), patient);
        let mut decision = decide(&input);
        let name = identity.name_of(parts);
        if decision
            == (Decision::Refuse {
                reason: Reason::OptedOut,
            })
        {
            // A "no" that arrived as data looks like nothing received; the log alone tells.
            self.not_shown.push(NotShown {
                source: name.clone(),
                why: WhyNotShown::Refused(Reason::OptedOut),
            });
            delivery = Delivery::NothingFound;
            input.marker = Marker::Absent;
            input.patient = PatientMatch::NothingToMatch;
            decision = decide(&input);
        }
        if matches!(
            delivery,
            Delivery::NothingFound | Delivery::RefusedBySource { .. }
        ) && input.patient == PatientMatch::NothingToMatch
        {
            decision = nothing_to_refuse(decision);
        }
        let (basis, _) = conclude_basis(&input);
        Decided {
            key: identity.key_of(),
            name,
            delivery,
            input,
            decision,
            basis,
        }
    }

    fn disclose(
        &mut self,
        opened: &Opened<'_>,
        decided: &Decided,
        source: &Gathered<'_>,
        retrieved_at: Option<&String>,
        ledger: &mut Ledger,
        skip: &mut Vec<Range<usize>>,
    ) {
        let parts = source.seen.as_slice();
        let received = !matches!(
            decided.delivery,
            Delivery::NothingFound | Delivery::RefusedBySource { .. }
        );
        let mut record = SourceRecord::default();
        match decided.decision {
            Decision::Permit { ica } => {
                self.permitted = true;
                let scope = if ica == Ica::Included {
                    Scope::Full
                } else {
                    Scope::WithoutIca
                };
                if received {
                    self.decided.push(decided.input);
                    if scope == Scope::WithoutIca
                        && source.all.iter().any(|p| p.has_ica || p.whole_ica)
                    {
                        self.not_shown.push(NotShown {
                            source: decided.name.clone(),
                            why: WhyNotShown::Ica,
                        });
                    }
                    for part in parts {
                        self.read_part(
                            opened,
                            part,
                            scope,
                            &decided.key,
                            &mut record,
                            ledger,
                            skip,
                        );
                    }
                } else {
                    skip.extend(parts.iter().map(|p| opened.range(p.index)));
                }
                let withheld = received
                    .then(|| withheld_cause(decided.decision, decided.basis, record.national_rule))
                    .flatten();
                self.state_parts(&decided.key, &decided.delivery, withheld, &mut record);
            }
            Decision::Refuse { reason } => {
                self.refused.get_or_insert(reason);
                self.not_shown.push(NotShown {
                    source: decided.name.clone(),
                    why: WhyNotShown::Refused(reason),
                });
                skip.extend(parts.iter().map(|p| opened.range(p.index)));
                self.allergies.add_refused();
                self.contraindications.add_refused();
                self.treatment_limits.add_refused();
            }
        }
        self.describe(decided, parts, retrieved_at, record);
    }

    #[allow(
        clippy::too_many_arguments,
        reason = "the parts of one reading step; a struct would name them twice"
    )]
    fn read_part(
        &mut self,
        opened: &Opened<'_>,
        part: &PartHeader,
        scope: Scope,
        key: &str,
        record: &mut SourceRecord,
        ledger: &mut Ledger,
        skip: &mut Vec<Range<usize>>,
    ) {
        let (read, findings, read_ledger) = opened.read(part.index, scope, key, self.profile);
        ledger.absorb(read_ledger);
        if scope == Scope::WithoutIca {
            skip.extend(opened.ica_ranges(part.index));
        }
        self.summary.findings.extend(findings);
        if part.marker == Marker::CoronaAndExplicit {
            self.summary.findings.push(Finding {
                code: FindingCode::ConflictingConsent,
                severity: Severity::Warning,
                path: part.interaction.clone(),
                source: Some(key.to_owned()),
            });
        }
        record.absorb(read);
    }

    fn state_parts(
        &mut self,
        key: &str,
        delivery: &Delivery,
        withheld: Option<crate::domain::state::WithheldCause>,
        record: &mut SourceRecord,
    ) {
        self.allergies.add(
            key,
            delivery,
            withheld,
            core::mem::take(&mut record.allergies),
        );
        self.contraindications.add(
            key,
            delivery,
            withheld,
            core::mem::take(&mut record.contraindications),
        );
        self.treatment_limits.add(
            key,
            delivery,
            None,
            core::mem::take(&mut record.treatment_limits),
        );
    }

    fn describe(
        &mut self,
        decided: &Decided,
        parts: &[&PartHeader],
        retrieved_at: Option<&String>,
        mut record: SourceRecord,
    ) {
        let shown = matches!(decided.decision, Decision::Permit { .. });
        // Where nothing was delivered, nothing was shared: no basis is claimed for it.
        let shared = !matches!(
            decided.delivery,
            Delivery::NothingFound | Delivery::RefusedBySource { .. }
        );
        let concluded = shared.then(|| conclude_basis(&decided.input));
        let (basis, provenance) = concluded.unzip();
        let ura = parts.iter().find_map(|p| p.organisation_ura.clone());
        self.released.push(ReleasedSource {
            source: decided.name.clone(),
            ura: ura.clone(),
            basis,
            provenance,
            marker_in: None,
            ica: match decided.decision {
                Decision::Permit { ica } if shared => Some(ica),
                _ => None,
            },
            refused: match decided.decision {
                Decision::Refuse { reason } => Some(reason),
                Decision::Permit { .. } => None,
            },
        });
        let organisation = record.author.as_ref().and_then(|a| a.organisation.clone());
        self.summary.sources.push(SourceSummary {
            key: decided.key.clone(),
            name: decided.name.clone(),
            organisation: organisation.filter(|o| shown && *o != Organisation::default()),
            author: record.author.take(),
            basis,
            provenance,
            marker_in: None,
            decision: Some(decided.decision),
            delivery: decided.delivery.clone(),
            parts: Vec::new(),
            retrieved_at: retrieved_at.cloned(),
            patient: record.patient.take(),
            transmission: core::mem::take(&mut record.transmission),
        });
        let summary = &mut self.summary;
        summary.attention_lines.append(&mut record.attention_lines);
        summary.episodes.append(&mut record.episodes);
        summary.contacts.append(&mut record.contacts);
        summary.medication.append(&mut record.medication);
        summary.measurements.append(&mut record.measurements);
        summary.laboratory.append(&mut record.laboratory);
        summary.alerts.append(&mut record.alerts);
        summary.others.append(&mut record.others);
        summary.sections.append(&mut record.sections);
        summary.narratives.append(&mut record.narratives);
        summary.unrecognised.append(&mut record.unrecognised);
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

    pub(super) fn finish(mut self, nonce: [u8; 32], account: bool) -> Prepared {
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
        summary.findings.sort();
        summary.findings.dedup();
        let coverage = if account && may_state {
            account_for(
                &self.texts,
                &serde_json::to_value(&summary).unwrap_or_default(),
            )
        } else {
            Coverage::default()
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

struct SourceIdentity<'a> {
    key: &'a str,
    name: &'a str,
    single: bool,
    position: usize,
}

impl SourceIdentity<'_> {
    fn key_of(&self) -> String {
        if self.single {
            self.key.to_owned()
        } else {
            format!("{}.{}", self.key, self.position + 1)
        }
    }

    /// The exchange's name for a source it located; else what the parts say of themselves.
    fn name_of(&self, parts: &[&PartHeader]) -> String {
        let own = parts.iter().find_map(|p| p.organisation_name.clone());
        if self.single && !self.name.is_empty() {
            return self.name.to_owned();
        }
        own.or_else(|| {
            parts
                .iter()
                .find_map(|p| p.organisation_ura.as_ref().map(|ura| format!("URA {ura}")))
        })
        .unwrap_or_else(|| self.name.to_owned())
    }
}

/// Where a source delivered nothing about anybody, reasons about consent do not arise:
/// nothing received is a permit.
const fn nothing_to_refuse(decision: Decision) -> Decision {
    match decision {
        Decision::Refuse {
            reason:
                Reason::MeasureStopped
                | Reason::NoSuspicion
                | Reason::NoAgreement
                | Reason::EmergencyExplicitRefused,
        } => Decision::Permit { ica: Ica::Withheld },
        other => other,
    }
}

fn distinct_bsns(sources: &[Gathered<'_>]) -> usize {
    let bsns = sources.iter().flat_map(Gathered::bsns);
    bsns.filter_map(|text| Bsn::parse(text).ok())
        .collect::<BTreeSet<_>>()
        .len()
}

/// Newest first, the undated last; entries of one moment keep the order received.
fn newest_first(summary: &mut Summary) {
    fn key(period: &Period) -> core::cmp::Reverse<Option<SortKey>> {
        core::cmp::Reverse(
            period
                .anchor()
                .map(crate::domain::date::PartialDate::sort_key),
        )
    }
    summary
        .attention_lines
        .sort_by_key(|line| key(&line.period));
    summary.contacts.sort_by_key(|contact| key(&contact.period));
    summary
        .measurements
        .sort_by_key(|measurement| key(&measurement.at));
    summary.medication.sort_by_key(|medication| {
        let used = medication.uses.iter().find_map(|u| u.period.anchor());
        let written = medication.author.as_ref().and_then(|a| a.time.as_ref());
        core::cmp::Reverse(
            used.or(written)
                .map(crate::domain::date::PartialDate::sort_key),
        )
    });
}

fn account_for(texts: &[ReadText], json: &serde_json::Value) -> Coverage {
    texts.iter().fold(Coverage::default(), |sum, read| {
        sum.plus(coverage::of(
            read.format,
            &read.text,
            &read.skip,
            &read.ledger,
            json,
        ))
    })
}

/// Streams the summary into the hash: a large record is not written out first.
fn digest(nonce: [u8; 32], asked: &Asked, summary: &Summary) -> [u8; 32] {
    struct Into(Sha256);
    impl std::io::Write for Into {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.update(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut hash = Into(Sha256::new());
    hash.0.update(b"inzage prepared 1\0");
    hash.0.update(nonce);
    hash.0.update(asked.bsn.as_ref().map_or("", Bsn::reveal));
    hash.0.update([0]);
    if serde_json::to_writer(&mut hash, summary).is_err() {
        // A summary has no map with keys that JSON cannot hold, and this writer never fails;
        // were it otherwise, the digest would still name no other summary.
        hash.0.update(b"\0not written");
    }
    hash.0.finalize().into()
}
