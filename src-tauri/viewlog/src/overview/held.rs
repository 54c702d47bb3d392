//! What the organisation's repository gives, held against itself and against the open log, whatever was
//! asked for.

use std::collections::{BTreeSet, HashMap};

use rusqlite::{OptionalExtension, Transaction, params};

use super::{Question, may_be_asked};
use crate::audit_event::{LogId, NotReadable, RepositoryEntry};
use crate::entry::LogEntry;
use crate::error::LogError;
use crate::hash::{Hash, sha256};
use crate::keys::OrganisationKeyPair;
use crate::read::{LogReader, read_checked};
use crate::store::{SCHEMA_VERSION, recognise};

/// An entry's log and number.
pub(super) type Tag = (LogId, u64);

/// What the open log has under the number of an entry that says itself to be its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Here {
    /// The same bytes.
    Same,
    /// An entry that says something else, and that its leaf vouches for.
    Different,
    /// Nothing: its content may have expired.
    Expired,
    /// Nothing that can be read, though nothing says that it expired.
    Lost,
    /// Nothing: the log does not reach so far.
    Beyond,
}

/// What the open log has under this entry's number.
pub(super) fn here(reader: &LogReader, entry: &LogEntry) -> Result<Here, LogError> {
    let number = entry.sequence;
    if !may_be_here(number) {
        return Ok(Here::Beyond);
    }
    let bytes = entry.canonical_bytes()?;
    let state = reader.connection.unchecked_transaction()?;
    let same = state
        .prepare_cached("SELECT canonical = ?2 FROM entry WHERE sequence = ?1")?
        .query_row(params![number, bytes], |row| row.get::<_, Option<bool>>(0))
        .optional()?;
    let found = match same {
        Some(Some(true)) => Here::Same,
        Some(_) => match read_checked(&state, number) {
            Ok(_) => Here::Different,
            Err(LogError::Corrupt { .. }) => Here::Lost,
            Err(error) => return Err(error),
        },
        None => absent(&state, number)?,
    };
    state.finish()?;
    Ok(found)
}

/// Why there is nothing under this number.
fn absent(state: &Transaction<'_>, number: u64) -> Result<Here, LogError> {
    let largest = |sql: &str| -> Result<u64, LogError> {
        let found: Option<u64> = state.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
        Ok(found.unwrap_or(0))
    };
    let has_expiry = recognise(state)?.is_some_and(|version| version >= SCHEMA_VERSION);
    Ok(if number > largest("SELECT max(sequence) FROM chain")? {
        Here::Beyond
    } else if has_expiry && number <= largest("SELECT max(last) FROM expired")? {
        Here::Expired
    } else {
        Here::Lost
    })
}

/// A database's largest number is half of what an entry elsewhere can say.
fn may_be_here(number: u64) -> bool {
    i64::try_from(number).is_ok()
}

/// Whether the open log has, as its own, what this entry of another log says to have sealed. Sealing gives
/// other bytes each time, so the same ones were taken from here.
pub(super) fn is_taken_from_here(reader: &LogReader, entry: &LogEntry) -> Result<bool, LogError> {
    let Some(sealed) = entry.sealed().filter(|_| may_be_here(entry.sequence)) else {
        return Ok(false);
    };
    match read_checked(&reader.connection, entry.sequence) {
        Ok((own, _)) => Ok(own.sealed.is_some_and(|own| own.0 == sealed)),
        Err(LogError::Corrupt { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}

/// What was seen of the repository, as far as it takes to know what contradicts something else of it.
#[derive(Default)]
pub(super) struct Seen {
    said: HashMap<Tag, Hash>,
    sealed: HashMap<Hash, Tag>,
    contradicted: BTreeSet<Tag>,
}

impl Seen {
    pub(super) fn take(&mut self, given: &RepositoryEntry) {
        let Ok(bytes) = given.entry.canonical_bytes() else {
            return;
        };
        let tag = (given.log.clone(), given.entry.sequence);
        let said = sha256(&[&bytes]);
        let before = self.said.insert(tag.clone(), said);
        if given.contradicted || before.is_some_and(|before| before != said) {
            self.contradicted.insert(tag.clone());
        }
        // What was sealed once stands under one log and number, whatever is said around it.
        let once = given
            .entry
            .sealed()
            .map_or(said, |sealed| sha256(&[sealed]));
        let first = self.sealed.entry(once).or_insert_with(|| tag.clone());
        if *first != tag {
            self.contradicted.extend([first.clone(), tag]);
        }
    }

    pub(super) fn contradict(&mut self, tag: Tag) {
        self.contradicted.insert(tag);
    }

    pub(super) fn is_contradicted(&self, tag: &Tag) -> bool {
        self.contradicted.contains(tag)
    }

    pub(super) fn contradictions(&self) -> u64 {
        self.contradicted.len() as u64
    }
}

/// Keeps of what the repository gives only what a question needs, and marks what something that was not
/// kept contradicts: an entry that says another patient now is evidence in the overview of either.
pub struct Sieve<'a> {
    reader: &'a LogReader,
    own: LogId,
    question: &'a Question,
    key: &'a OrganisationKeyPair,
    seen: Seen,
}

impl<'a> Sieve<'a> {
    /// For one search of the repository, and an overview of this log.
    ///
    /// # Errors
    /// As [`LogId::of`].
    pub fn new(
        reader: &'a LogReader,
        question: &'a Question,
        key: &'a OrganisationKeyPair,
    ) -> Result<Self, LogError> {
        Ok(Self {
            reader,
            own: LogId::of(reader)?,
            question,
            key,
            seen: Seen::default(),
        })
    }

    /// Takes note of an entry; whether it has to be kept: it may be asked for, or says itself to be of this
    /// log, which has it otherwise or not at all.
    pub fn keeps(&mut self, given: &RepositoryEntry) -> bool {
        self.seen.take(given);
        if may_be_asked(given, self.question, self.key) {
            return true;
        }
        let agrees = |here| matches!(here, Ok(Here::Same | Here::Expired));
        given.log == self.own && !agrees(here(self.reader, &given.entry))
    }

    /// Marks what was kept, once all was seen.
    pub fn mark(&self, kept: &mut [Result<RepositoryEntry, NotReadable>]) {
        for given in kept.iter_mut().flatten() {
            let tag = (given.log.clone(), given.entry.sequence);
            given.contradicted |= self.seen.is_contradicted(&tag);
        }
    }
}
