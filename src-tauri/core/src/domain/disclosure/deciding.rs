//! One source of an answer: which of its parts may be known of, who it is about, what was decided.

use super::NotShown;
use super::WhyNotShown;
use super::making::Making;
use super::sources::{delivery_of, is_unidentified, match_patient, strictest_marker};
use crate::domain::consent::decide::{PatientMatch, conclude_basis};
use crate::domain::consent::{
    Basis, BasisProvenance, Decision, DecisionInput, Ica, Marker, MarkerElement, Reason, decide,
};
use crate::domain::finding::{Finding, FindingCode, Severity};
use crate::domain::summary::source::{Delivery, Missing};
use crate::readers::{PartHeader, PartOutcome};

/// The parts of one source.
pub(super) struct Gathered<'o> {
    /// All that arrived.
    pub(super) all: Vec<&'o PartHeader>,
    /// Those that the basis lets be known of.
    pub(super) seen: Vec<&'o PartHeader>,
    /// Whether the basis withholds ICA.
    pub(super) withholds: bool,
}

impl Gathered<'_> {
    pub(super) const fn hides(&self, part: &PartHeader) -> bool {
        self.withholds && part.whole_ica
    }

    pub(super) fn bsns(&self) -> impl Iterator<Item = &String> {
        self.seen.iter().flat_map(|part| {
            if self.withholds {
                &part.bsns_without_ica
            } else {
                &part.bsns
            }
        })
    }

    /// Which element carried the marker that the basis was concluded from.
    fn marker_in(&self) -> Option<MarkerElement> {
        let strictest = strictest_marker(&self.all);
        self.all
            .iter()
            .find(|part| part.marker == strictest && part.marker != Marker::Absent)
            .and_then(|part| part.marker_in)
    }
}

/// One source of an answer, decided.
pub(super) struct Decided {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) delivery: Delivery,
    /// What is missing of the answer as a whole.
    pub(super) missing: Option<Missing>,
    pub(super) input: DecisionInput,
    pub(super) decision: Decision,
    pub(super) basis: Basis,
    pub(super) marker_in: Option<MarkerElement>,
}

impl Decided {
    /// Whether anything was delivered that a basis can be claimed for.
    pub(super) const fn is_shared(&self) -> bool {
        !matches!(
            self.delivery,
            Delivery::NothingFound | Delivery::RefusedBySource { .. }
        )
    }

    /// The basis that is told, with what it was concluded from and where that stood: none where
    /// nothing was delivered, because nothing was shared.
    pub(super) fn told_basis(
        &self,
    ) -> (
        Option<Basis>,
        Option<BasisProvenance>,
        Option<MarkerElement>,
    ) {
        if !self.is_shared() {
            return (None, None, None);
        }
        let (basis, provenance) = conclude_basis(&self.input);
        let from_the_message = matches!(
            provenance,
            BasisProvenance::MarkerInMessage | BasisProvenance::Conflicting
        );
        let marker_in = self.marker_in.filter(|_| from_the_message);
        (Some(basis), Some(provenance), marker_in)
    }
}

/// Who a source of an answer is.
pub(super) struct SourceIdentity<'a> {
    pub(super) key: &'a str,
    pub(super) name: &'a str,
    pub(super) single: bool,
    pub(super) position: usize,
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
    pub(super) fn name_of(&self, parts: &[&PartHeader]) -> String {
        if !self.single
            && let Some(elsewhere) = elsewhere(parts)
        {
            return format!("URA {elsewhere}");
        }
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

/// The organisation that all of these say has the data, where they come from somebody else.
fn elsewhere<'p>(parts: &[&'p PartHeader]) -> Option<&'p str> {
    let named = |part: &&'p PartHeader| match &part.outcome {
        PartOutcome::Refused {
            organisation_ura: Some(ura),
            ..
        } if part.organisation_ura.as_ref() != Some(ura) => Some(ura.as_str()),
        _ => None,
    };
    let first = parts.first().and_then(named)?;
    parts
        .iter()
        .all(|part| named(part) == Some(first))
        .then_some(first)
}

impl Making<'_> {
    /// What the basis lets be known of a source's parts, before anything else is asked of them.
    pub(super) fn weigh<'o>(&self, all: Vec<&'o PartHeader>) -> Gathered<'o> {
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

    pub(super) fn decide_source(
        &mut self,
        identity: &SourceIdentity<'_>,
        source: &Gathered<'_>,
        missing: Option<Missing>,
        two_patients: bool,
    ) -> Decided {
        let parts = source.seen.as_slice();
        let patient = match match_patient(self.asked, parts, !source.withholds) {
            PatientMatch::NothingToMatch => PatientMatch::NothingToMatch,
            _ if two_patients => PatientMatch::TwoPatients,
            matched => matched,
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
        let mut decided = Decided {
            key: identity.key_of(),
            name: identity.name_of(parts),
            delivery: delivery_of(parts, missing, !source.withholds),
            missing,
            input: self.input(strictest_marker(&source.all), patient),
            decision: Decision::Permit { ica: Ica::Withheld },
            basis: Basis::NotEstablished,
            marker_in: source.marker_in(),
        };
        decided.decision = decide(&decided.input);
        if decided.decision
            == (Decision::Refuse {
                reason: Reason::OptedOut,
            })
        {
            self.hide_opt_out(&mut decided);
        }
        if !decided.is_shared() && decided.input.patient == PatientMatch::NothingToMatch {
            decided.decision = nothing_to_refuse(decided.decision);
        }
        decided.basis = conclude_basis(&decided.input).0;
        decided
    }

    /// A "no" that arrived as data looks like nothing received; the log alone tells.
    fn hide_opt_out(&mut self, decided: &mut Decided) {
        self.not_shown.push(NotShown {
            source: decided.name.clone(),
            why: WhyNotShown::Refused(Reason::OptedOut),
        });
        decided.delivery = Delivery::NothingFound;
        decided.missing = None;
        decided.marker_in = None;
        decided.input.marker = Marker::Absent;
        decided.input.patient = PatientMatch::NothingToMatch;
        decided.decision = decide(&decided.input);
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
