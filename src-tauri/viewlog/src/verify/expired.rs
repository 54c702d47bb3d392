//! Which content may be gone: what an expiry, itself an entry, says.

use inzage_core::domain::event::What;
use rusqlite::{Connection, OptionalExtension};

use super::fault::{Fault, FaultClass};
use crate::canonical::Canonical;
use crate::checkpoint::Checkpoint;
use crate::hash::leaf;
use crate::retention::Retention;

/// The expiries of a log.
#[derive(Debug, Default)]
pub(super) struct Expired {
    rows: usize,
    /// The entries that say so, in order, of the rows that agree with them.
    entries: Vec<u64>,
    /// The last entry whose content may be gone.
    last: u64,
}

impl Expired {
    /// Reads the rows, and keeps those that agree with an entry in the chain and were due.
    pub(super) fn read(connection: &Connection) -> Result<Self, Fault> {
        let sql = |error: rusqlite::Error| Fault::of_sql(&error, None);
        let mut statement = connection
            .prepare("SELECT number, last, entry FROM expired ORDER BY number")
            .map_err(sql)?;
        let mut rows = statement.query([]).map_err(sql)?;
        let mut expired = Self::default();
        while let Some(row) = rows.next().map_err(sql)? {
            expired.rows += 1;
            let number = |column| row.get::<_, u64>(column);
            if let (Ok(number), Ok(last), Ok(entry)) = (number(0), number(1), number(2))
                && expired.rows as u64 == number
                && expired.last < last
                && is_due(connection, last, entry)
            {
                expired.last = last;
                expired.entries.push(entry);
            }
        }
        Ok(expired)
    }

    /// Whether the content of this entry may be gone.
    pub(super) const fn covers(&self, sequence: u64) -> bool {
        sequence <= self.last
    }

    /// An expiry that the walk came to.
    pub(super) fn said_at(&self, sequence: u64) -> Result<(), Fault> {
        if self.entries.binary_search(&sequence).is_ok() {
            return Ok(());
        }
        Err(Fault::new(
            FaultClass::Altered,
            Some(sequence),
            "the table of what expired does not agree with it, or it was not due",
        ))
    }

    /// After the walk: no row without its entry.
    pub(super) fn end(&self) -> Result<(), Fault> {
        if self.rows == self.entries.len() {
            return Ok(());
        }
        Err(Fault::new(
            FaultClass::Altered,
            None,
            "a row of the table of what expired has no entry",
        ))
    }
}

/// The first checkpoint that covers an entry.
const COVERS: &str = "SELECT note FROM checkpoint WHERE size >= ?1 ORDER BY number LIMIT 1";

/// The newest checkpoints from before an entry. Two: an expiry takes its day from the newest, and one
/// that another instance was writing just then may come between.
const SIGNED_BEFORE: &str =
    "SELECT note FROM checkpoint WHERE size < ?1 ORDER BY number DESC LIMIT 2";

/// Whether an entry says that content up to `last` expired, and checkpoints show that it was due.
///
/// What the entry says of itself proves nothing: anybody can write one, and put any day into it. That an
/// old checkpoint covers what is gone, and that one from before the expiry was signed so many years
/// later, cannot be made up without their keys. One from after it would not do: then what was deleted
/// too early would be right again once its time has come.
fn is_due(connection: &Connection, last: u64, entry: u64) -> bool {
    let Some((at, what)) = entry_at(connection, entry) else {
        return false;
    };
    let What::Expired {
        last: said,
        before,
        years,
    } = what
    else {
        return false;
    };
    let Some(policy) = Retention::of_years(years) else {
        return false;
    };
    let was_due = |at: &str| policy.kept_from(at).is_some_and(|day| before <= day);
    let is_old = |at: &str| at.get(..10).is_some_and(|day| *day < *before);
    said == last
        && last < entry
        && was_due(&at)
        && signed_at(connection, COVERS, last)
            .iter()
            .any(|at| is_old(at))
        && signed_at(connection, SIGNED_BEFORE, entry)
            .iter()
            .any(|at| was_due(at))
}

/// When the checkpoints were signed that a query finds; those that cannot be read are for the walk to name.
fn signed_at(connection: &Connection, sql: &str, number: u64) -> Vec<String> {
    let notes = || -> rusqlite::Result<Vec<String>> {
        let mut statement = connection.prepare_cached(sql)?;
        statement.query_map([number], |row| row.get(0))?.collect()
    };
    let checkpoints = notes().unwrap_or_default();
    checkpoints
        .iter()
        .filter_map(|note| Checkpoint::open(note).ok())
        .map(|checkpoint| checkpoint.at)
        .collect()
}

fn entry_at(connection: &Connection, sequence: u64) -> Option<(String, What)> {
    let row: (Vec<u8>, Vec<u8>, Vec<u8>) = connection
        .query_row(
            "SELECT c.leaf, e.salt, e.canonical FROM entry e JOIN chain c ON c.sequence = e.sequence WHERE e.sequence = ?1",
            [sequence],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
        .optional()
        .ok()??;
    let (stored, salt, canonical) = row;
    let entry = Canonical::decode(&canonical).ok()?;
    let whole = leaf(&salt, &canonical).as_bytes().as_slice() == stored && entry.seq == sequence;
    whole.then_some((entry.at, entry.what))
}
