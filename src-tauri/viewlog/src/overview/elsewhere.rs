//! Entries from the organisation's repository: whatever it gives, only what is asked for, each version once,
//! and nothing that the open log gave already in the same bytes.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::collect::{Opened, opened};
use super::held::{Here, Seen, here, is_taken_from_here};
use super::row::{Who, Whom};
use super::{Question, day};
use crate::audit_event::{LogId, NotReadable, RepositoryEntry};
use crate::entry::LogEntry;
use crate::error::LogError;
use crate::hash::sha256;
use crate::keys::OrganisationKeyPair;
use crate::read::LogReader;

/// An entry that is asked for, opened as far as the key does.
pub(super) struct Held {
    pub(super) entry: LogEntry,
    pub(super) local: NaiveDate,
    pub(super) opened: Opened,
    /// The log it is told of apart from the open one's entries; `None` for what that has lost or let expire,
    /// or has in these very bytes.
    pub(super) log: Option<LogId>,
    /// Whether something else is said under its number, or the same under another log.
    pub(super) contradicted: bool,
}

/// What is given from elsewhere, held against the open log, and what that gave itself.
pub(super) struct Elsewhere {
    given: Vec<Given>,
    own: Option<LogId>,
    seen: Seen,
    unreadable: u64,
    /// Numbers under which the open log says something else.
    different: BTreeSet<u64>,
    /// Numbers that the open log should have and has not.
    lost: BTreeSet<u64>,
    here: BTreeSet<u64>,
}

struct Given {
    entry: RepositoryEntry,
    /// What the open log has of it, where it says to be of that.
    here: Option<Here>,
}

/// What of it is asked for.
#[derive(Default)]
pub(super) struct Found {
    pub(super) held: Vec<Held>,
    pub(super) unreadable: u64,
    pub(super) not_searched: u64,
    pub(super) contradicted: u64,
    pub(super) lost_here: u64,
}

/// Whether an entry was asked for.
enum Asked {
    Yes(NaiveDate, Opened),
    No,
    /// Sealed to another key: nobody here can say.
    NotKnown,
    Damaged,
}

impl Elsewhere {
    pub(super) fn new(
        given: impl IntoIterator<Item = Result<RepositoryEntry, NotReadable>>,
        reader: &LogReader,
    ) -> Result<Self, LogError> {
        let mut all = Self {
            given: Vec::new(),
            own: None,
            seen: Seen::default(),
            unreadable: 0,
            different: BTreeSet::new(),
            lost: BTreeSet::new(),
            here: BTreeSet::new(),
        };
        for given in given {
            match given {
                Ok(entry) => all.take(entry, reader)?,
                Err(NotReadable) => all.unreadable += 1,
            }
        }
        Ok(all)
    }

    fn take(&mut self, given: RepositoryEntry, reader: &LogReader) -> Result<(), LogError> {
        self.seen.take(&given);
        let own = match &self.own {
            Some(own) => own,
            None => self.own.insert(LogId::of(reader)?),
        };
        let number = given.entry.sequence;
        let here = if given.log == *own {
            Some(here(reader, &given.entry)?)
        } else {
            None
        };
        let contradicts = match here {
            Some(Here::Different) => self.different.insert(number),
            None => is_taken_from_here(reader, &given.entry)?,
            Some(_) => false,
        };
        if contradicts {
            self.seen.contradict((given.log.clone(), number));
        }
        if matches!(here, Some(Here::Lost | Here::Beyond)) {
            self.lost.insert(number);
        }
        self.given.push(Given { entry: given, here });
        Ok(())
    }

    /// The open log gave this number. One that it could not read may be readable elsewhere.
    pub(super) fn seen_here(&mut self, number: u64, readable: bool) {
        if readable && !self.given.is_empty() {
            self.here.insert(number);
        }
    }

    /// Whether the repository says something else under this number of the open log.
    pub(super) fn contradicts(&self, number: u64) -> bool {
        self.different.contains(&number)
    }

    pub(super) fn asked(self, question: &Question, key: &OrganisationKeyPair) -> Found {
        let mut found = Found {
            unreadable: self.unreadable,
            contradicted: self.seen.contradictions(),
            lost_here: self.lost.len() as u64,
            ..Found::default()
        };
        for Given { entry: given, here } in self.given {
            let RepositoryEntry { log, entry, .. } = given;
            if here == Some(Here::Same) && self.here.contains(&entry.sequence) {
                continue;
            }
            let tag = (log, entry.sequence);
            let contradicted = self.seen.is_contradicted(&tag) && here != Some(Here::Same);
            match asked(&entry, question, key) {
                Asked::Yes(local, opened) => found.held.push(Held {
                    entry,
                    local,
                    opened,
                    log: match here {
                        None | Some(Here::Different | Here::Beyond) => Some(tag.0),
                        Some(Here::Same | Here::Expired | Here::Lost) => None,
                    },
                    contradicted,
                }),
                Asked::No => {}
                Asked::NotKnown => found.not_searched += 1,
                Asked::Damaged => found.unreadable += 1,
            }
        }
        // The order of a log is that of its numbers, in whatever order a server gives them. What it gives
        // twice is there once, and every version of what it contradicts.
        found.held.sort_by_cached_key(|held| {
            let said = held.entry.canonical_bytes().unwrap_or_default();
            let said = *sha256(&[&said]).as_bytes();
            (held.log.clone(), held.entry.sequence, said)
        });
        found
            .held
            .dedup_by(|again, first| again.log == first.log && again.entry == first.entry);
        found
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
    !matches!(asked(&entry.entry, question, key), Asked::No)
}

fn asked(entry: &LogEntry, question: &Question, key: &OrganisationKeyPair) -> Asked {
    let bounds = day::wide_bounds(question.from, question.to);
    if entry.at < bounds.from || entry.at >= bounds.until {
        return Asked::No;
    }
    let (Some(local), Some(opened)) = (day::local_day(&entry.at), opened(entry, key)) else {
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
        _ => Asked::Yes(local, opened),
    }
}
