//! Which parts of an answer belong to one source, who it is about, and how it was delivered.

use std::collections::BTreeSet;

use crate::domain::bsn::Bsn;
use crate::domain::consent::Marker;
use crate::domain::consent::decide::PatientMatch;
use crate::domain::date::PartialDate;
use crate::domain::summary::source::{Delivery, Missing};
use crate::readers::{self, PartHeader, PartOutcome, Profile};

use super::{Answer, Arrival, Asked};

/// The parts of an answer, gathered by the source that sent them, in the order received.
///
/// A source is its organisation where it names one. A part that names none belongs to the
/// organisation whose application sent it too, so that a marker on one message of a practice
/// holds for all of them; else the application itself is the source.
pub(super) fn gather(parts: &[PartHeader]) -> Vec<Vec<&PartHeader>> {
    let ura_of = |part: &PartHeader| match &part.outcome {
        PartOutcome::Refused {
            organisation_ura: Some(ura),
            ..
        } => Some(ura.clone()),
        _ => part.organisation_ura.clone(),
    };
    let organisation_of_sender = |sender: &Option<String>| {
        let sender = sender.as_ref()?;
        let named = parts
            .iter()
            .find(|p| p.sender.as_ref() == Some(sender) && ura_of(p).is_some());
        named.and_then(ura_of)
    };
    let mut sources: Vec<(String, Vec<&PartHeader>)> = Vec::new();
    for part in parts {
        let identity = ura_of(part)
            .or_else(|| organisation_of_sender(&part.sender))
            .or_else(|| part.sender.clone())
            .unwrap_or_default();
        match sources.iter_mut().find(|(known, _)| *known == identity) {
            Some((_, of_source)) => of_source.push(part),
            None => sources.push((identity, vec![part])),
        }
    }
    sources
        .into_iter()
        .map(|(_, of_source)| of_source)
        .collect()
}

/// Whether these parts are about the patient asked for. Fails closed.
///
/// `ica_counts` says whether ICA elements count as content: under a basis that
/// withholds them nothing may depend on whether they arrived.
pub(super) fn match_patient(
    asked: &Asked,
    parts: &[&PartHeader],
    ica_counts: bool,
) -> PatientMatch {
    let mut bsns = BTreeSet::new();
    for text in parts.iter().flat_map(|p| {
        if ica_counts {
            &p.bsns
        } else {
            &p.bsns_without_ica
        }
    }) {
        match Bsn::parse(text) {
            Ok(bsn) => {
                bsns.insert(bsn);
            }
            Err(_) => return PatientMatch::InvalidBsn,
        }
    }
    let content = |p: &PartHeader| {
        if ica_counts {
            p.has_content
        } else {
            p.has_content_without_ica
        }
    };
    let has_content = parts.iter().any(|p| content(p));
    // Each message and each record says whose it is: a number beside it does not answer for it.
    if asked.bsn.is_some() && is_unidentified(parts, ica_counts) {
        return PatientMatch::NoBsn;
    }
    // More patients than numbers: some of them have none.
    if parts.iter().any(|p| {
        let (patients, numbers) = if ica_counts {
            (p.patients, p.bsns.len())
        } else {
            (p.patients_without_ica, p.bsns_without_ica.len())
        };
        patients > numbers.max(1)
    }) {
        return PatientMatch::TwoPatients;
    }
    let mut found = bsns.iter();
    match (found.next(), found.next()) {
        (None, _) if has_content => birth_date_match(asked, parts, ica_counts),
        (None, _) => PatientMatch::NothingToMatch,
        (Some(_), Some(_)) => PatientMatch::TwoPatients,
        (Some(one), None) => match &asked.bsn {
            Some(asked_for) if asked_for != one => PatientMatch::OtherBsn,
            _ => birth_date_match(asked, parts, ica_counts),
        },
    }
}

/// Whether a record in these parts names no patient: refused in the app, a finding in the
/// inspection of a file for which nobody was asked.
pub(super) fn is_unidentified(parts: &[&PartHeader], ica_counts: bool) -> bool {
    parts.iter().any(|p| {
        let (content, bsns, records) = if ica_counts {
            (p.has_content, &p.bsns, p.unidentified)
        } else {
            (
                p.has_content_without_ica,
                &p.bsns_without_ica,
                p.unidentified_without_ica,
            )
        };
        records || content && bsns.is_empty()
    })
}

fn birth_date_match(asked: &Asked, parts: &[&PartHeader], ica_counts: bool) -> PatientMatch {
    let dates = |p: &&PartHeader| {
        let dates = if ica_counts {
            &p.birth_dates
        } else {
            &p.birth_dates_without_ica
        };
        dates
            .iter()
            .map(|raw| PartialDate::parse(raw))
            .collect::<Vec<_>>()
    };
    let received: Vec<PartialDate> = parts.iter().flat_map(dates).collect();
    if contradict_among_themselves(&received) {
        return PatientMatch::TwoPatients;
    }
    match &asked.birth_date {
        Some(typed) if received.iter().any(|date| date.contradicts(typed)) => {
            PatientMatch::OtherBirthDate
        }
        _ => PatientMatch::Same,
    }
}

/// The strictest marker of the parts.
pub(super) fn strictest_marker(parts: &[&PartHeader]) -> Marker {
    let strictness = |marker: Marker| match marker {
        Marker::OptedOut => 3,
        Marker::CoronaAndExplicit => 2,
        Marker::Corona => 1,
        Marker::Absent => 0,
    };
    parts
        .iter()
        .map(|p| p.marker)
        .max_by_key(|m| strictness(*m))
        .unwrap_or(Marker::Absent)
}

/// How one part was answered; `ica_counts` as everywhere.
pub(super) fn delivery_of_part(part: &PartHeader, ica_counts: bool) -> Delivery {
    let outcome = if ica_counts {
        &part.outcome
    } else {
        &part.outcome_without_ica
    };
    match outcome {
        PartOutcome::Delivered => Delivery::Delivered,
        PartOutcome::MoreRemaining => Delivery::Partial {
            missing: Missing::MoreRemaining,
        },
        PartOutcome::NothingFound => Delivery::NothingFound,
        PartOutcome::Refused {
            code,
            organisation_ura,
        } => Delivery::RefusedBySource {
            code: code.clone(),
            organisation_ura: organisation_ura.clone(),
        },
        PartOutcome::Unknown { .. } => Delivery::Partial {
            missing: Missing::UnknownAnswer,
        },
    }
}

/// Whether the answers contradict each other about who the patient is: where no birth date was
/// typed or handed over, theirs must agree among themselves. Nobody can say which is right, so
/// none of them is shown.
pub(super) fn of_several_patients(asked: &Asked, answers: &[Answer], profile: &Profile) -> bool {
    if asked.birth_date.is_some() || answers.len() < 2 {
        return false;
    }
    let mut dates: Vec<PartialDate> = Vec::new();
    for answer in answers {
        let Arrival::Received(bytes) = &answer.arrival else {
            continue;
        };
        let opened = readers::text_of(bytes)
            .ok()
            .and_then(|(text, format)| readers::open(text, format, profile).ok());
        let parts = opened.as_ref().map_or(&[][..], |opened| opened.parts());
        dates.extend(birth_dates_of(asked, parts));
    }
    contradict_among_themselves(&dates)
}

/// The same for the sources of one answer.
pub(super) fn are_several_patients(asked: &Asked, parts: &[PartHeader]) -> bool {
    let dates: Vec<PartialDate> = birth_dates_of(asked, parts).collect();
    asked.birth_date.is_none() && contradict_among_themselves(&dates)
}

/// The birth dates of what is about the patient asked for; another patient's are refused as theirs.
fn birth_dates_of<'p>(
    asked: &'p Asked,
    parts: &'p [PartHeader],
) -> impl Iterator<Item = PartialDate> + 'p {
    let asked_for = |bsn: &String| Bsn::parse(bsn).is_ok_and(|bsn| asked.bsn == Some(bsn));
    parts
        .iter()
        .filter(move |part| part.bsns_without_ica.iter().all(asked_for))
        .flat_map(|part| &part.birth_dates_without_ica)
        .map(|raw| PartialDate::parse(raw))
}

fn contradict_among_themselves(dates: &[PartialDate]) -> bool {
    dates
        .iter()
        .enumerate()
        .any(|(i, a)| dates.iter().skip(i + 1).any(|b| a.contradicts(b)))
}

/// How a source answered, over its parts; under a basis that withholds ICA as if they had
/// never been sent.
pub(super) fn delivery_of(
    parts: &[&PartHeader],
    missing: Option<Missing>,
    ica_counts: bool,
) -> Delivery {
    let outcome = |part: &'_ PartHeader| {
        if ica_counts {
            part.outcome.clone()
        } else {
            part.outcome_without_ica.clone()
        }
    };
    let delivered = parts.iter().any(|p| {
        matches!(
            outcome(p),
            PartOutcome::Delivered | PartOutcome::MoreRemaining
        )
    });
    for part in parts {
        match &outcome(part) {
            PartOutcome::Refused {
                code,
                organisation_ura,
            } if !delivered => {
                return Delivery::RefusedBySource {
                    code: code.clone(),
                    organisation_ura: organisation_ura.clone(),
                };
            }
            PartOutcome::Refused { .. } | PartOutcome::Unknown { .. } => {
                return Delivery::Partial {
                    missing: Missing::UnknownAnswer,
                };
            }
            PartOutcome::MoreRemaining => {
                return Delivery::Partial {
                    missing: Missing::MoreRemaining,
                };
            }
            PartOutcome::Delivered | PartOutcome::NothingFound => {}
        }
    }
    match (delivered, missing) {
        (_, Some(missing)) => Delivery::Partial { missing },
        (true, None) => Delivery::Delivered,
        (false, None) => Delivery::NothingFound,
    }
}
