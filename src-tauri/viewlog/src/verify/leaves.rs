//! That each entry's bytes and salt give its leaf: a pass of its own, beside the walk.
//!
//! Hashing all bytes takes as long as everything else together, and needs nothing of the entry before.

use rusqlite::Connection;

use super::fault::{Fault, FaultClass};
use crate::hash::leaf;

const LEAVES: &str = "SELECT e.sequence, e.salt, e.canonical, c.leaf FROM entry e \
JOIN chain c ON c.sequence = e.sequence WHERE e.sequence >= 1 ORDER BY e.sequence";

/// The first entry whose leaf does not fit, or that could not be read.
pub(super) struct Misfit {
    pub(super) sequence: u64,
    pub(super) fault: Fault,
}

/// Goes through all entries that are there; `None` where every leaf fits. An entry that is missing or
/// of the wrong type is for the walk to name.
pub(super) fn misfit(connection: &Connection) -> Option<Misfit> {
    let mut sequence = 0;
    match first(connection, &mut sequence) {
        Ok(true) => None,
        Ok(false) => Some(Misfit {
            sequence,
            fault: not_its_leaf(sequence),
        }),
        Err(error) => {
            let sequence = sequence + 1;
            Some(Misfit {
                sequence,
                fault: Fault::of_sql(&error, Some(sequence)),
            })
        }
    }
}

/// Whether every leaf fits; else `sequence` is the first that does not.
fn first(connection: &Connection, sequence: &mut u64) -> rusqlite::Result<bool> {
    let mut statement = connection.prepare(LEAVES)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        *sequence = row.get(0)?;
        let blob = |column| row.get_ref(column).map(|value| value.as_blob().ok());
        let fits = match (blob(1)?, blob(2)?, blob(3)?) {
            (Some(salt), Some(canonical), Some(stored)) => {
                leaf(salt, canonical).as_bytes().as_slice() == stored
            }
            _ => false,
        };
        if !fits {
            return Ok(false);
        }
    }
    Ok(true)
}

pub(super) const fn not_its_leaf(sequence: u64) -> Fault {
    Fault::new(
        FaultClass::Altered,
        Some(sequence),
        "its bytes or salt do not give its leaf",
    )
}
