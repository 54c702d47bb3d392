//! Entries from the organisation's repository: whatever it gives, only what is asked for, each once, and
//! nothing that the open log gave already.

use std::collections::BTreeSet;
use std::iter::Peekable;

use chrono::NaiveDate;

use super::collect::{Opened, opened};
use super::row::{Who, Whom};
use super::{Question, day};
use crate::audit_event::{LogId, NotReadable, RepositoryEntry};
use crate::entry::LogEntry;
use crate::error::LogError;
use crate::keys::OrganisationKeyPair;
use crate::read::LogReader;

/// An entry that is asked for, opened as far as the key does.
pub(super) struct Held {
    pub(super) entry: LogEntry,
    pub(super) local: NaiveDate,
    pub(super) opened: Opened,
}

/// What is given from elsewhere, and what the open log gave before it.
pub(super) struct Elsewhere<I: Iterator> {
    given: Peekable<I>,
    here: BTreeSet<u64>,
}

/// What of it is asked for.
#[derive(Default)]
pub(super) struct Found {
    /// By log (`None` for the one that is open) and number.
    pub(super) held: Vec<(Option<LogId>, Held)>,
    pub(super) unreadable: u64,
    pub(super) not_searched: u64,
}

/// Whether an entry was asked for.
enum Asked {
    Yes(Box<Held>),
    No,
    /// Sealed to another key: nobody here can say.
    NotKnown,
    Damaged,
}

impl<I: Iterator<Item = Result<RepositoryEntry, NotReadable>>> Elsewhere<I> {
    pub(super) fn new(given: impl IntoIterator<IntoIter = I>) -> Self {
        Self {
            given: given.into_iter().peekable(),
            here: BTreeSet::new(),
        }
    }

    /// The open log gave this number. One that it could not read may be readable elsewhere.
    pub(super) fn seen_here(&mut self, number: u64, readable: bool) {
        if readable && self.given.peek().is_some() {
            self.here.insert(number);
        }
    }

    pub(super) fn asked(
        mut self,
        reader: &LogReader,
        question: &Question,
        key: &OrganisationKeyPair,
    ) -> Result<Found, LogError> {
        let mut found = Found::default();
        if self.given.peek().is_none() {
            return Ok(found);
        }
        let own = LogId::of(reader)?;
        for given in self.given {
            let Ok(RepositoryEntry { log, entry }) = given else {
                found.unreadable += 1;
                continue;
            };
            let log = Some(log).filter(|log| *log != own);
            if log.is_none() && self.here.contains(&entry.sequence) {
                continue;
            }
            match asked(entry, question, key) {
                Asked::Yes(held) => found.held.push((log, *held)),
                Asked::No => {}
                Asked::NotKnown => found.not_searched += 1,
                Asked::Damaged => found.unreadable += 1,
            }
        }
        // The order of a log is that of its numbers, in whatever order a server gives them.
        found.held.sort_by(|(log, a), (other, b)| {
            (log, a.entry.sequence).cmp(&(other, b.entry.sequence))
        });
        let mut differing = 0;
        found.held.dedup_by(|(log, again), (other, first)| {
            let same = log == other && again.entry.sequence == first.entry.sequence;
            // Two that say something different under one number: one of them is not what was written.
            differing += u64::from(same && again.entry != first.entry);
            same
        });
        found.unreadable += differing;
        Ok(found)
    }
}

/// Whether an entry from elsewhere has to be kept for this question, as far as this key can say. What is
/// sealed to another key is, to be counted.
#[must_use]
pub fn may_be_asked(
    entry: &RepositoryEntry,
    question: &Question,
    key: &OrganisationKeyPair,
) -> bool {
    !matches!(asked(entry.entry.clone(), question, key), Asked::No)
}

fn asked(entry: LogEntry, question: &Question, key: &OrganisationKeyPair) -> Asked {
    let bounds = day::wide_bounds(question.from, question.to);
    if entry.at < bounds.from || entry.at >= bounds.until {
        return Asked::No;
    }
    let (Some(local), Some(opened)) = (day::local_day(&entry.at), opened(&entry, key)) else {
        return Asked::Damaged;
    };
    let (who, _, whom) = &opened;
    let patient = question.patient.as_ref().map(|bsn| match whom {
        Whom::Patient(patient) => Some(patient == bsn),
        Whom::Nobody => Some(false),
        Whom::Sealed { .. } => None,
    });
    let user = question.user.as_ref().map(|user| match who {
        Who::Person(person) => Some(person.id == *user),
        Who::Nobody => Some(false),
        Who::Sealed { .. } => None,
    });
    match (patient, user) {
        (Some(Some(false)), _) | (_, Some(Some(false))) => Asked::No,
        (Some(None), _) | (_, Some(None)) => Asked::NotKnown,
        _ => Asked::Yes(Box::new(Held {
            entry,
            local,
            opened,
        })),
    }
}
