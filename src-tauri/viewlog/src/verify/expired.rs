//! Which content may be gone: what an expiry, itself an entry, says.

use chrono::{Months, NaiveDate};
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

/// Whether an entry says that content up to `last` expired, and a checkpoint shows it to be that old.
///
/// The entry alone would prove nothing before the next checkpoint: anybody can write one. That an old
/// checkpoint covers what is gone cannot be made up without its key.
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
    let covered_at = connection
        .query_row(
            "SELECT note FROM checkpoint WHERE size >= ?1 ORDER BY number LIMIT 1",
            [last],
            |row| row.get::<_, String>(0),
        )
        .ok()
        .and_then(|note| Checkpoint::open(&note).ok())
        .map(|checkpoint| checkpoint.at);
    let limit = at
        .get(..10)
        .and_then(|day| day.parse::<NaiveDate>().ok())
        .and_then(|day| day.checked_sub_months(Months::new(12 * u32::from(years))))
        .map(|day| day.to_string());
    said == last
        && last < entry
        && Retention::of_years(years).is_some()
        && limit.is_some_and(|limit| before <= limit)
        && covered_at.is_some_and(|at| at.get(..10).is_some_and(|day| *day < *before))
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
