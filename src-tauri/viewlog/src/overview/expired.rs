//! What is no longer there to be shown, because the retention policy deleted it.

use inzage_core::domain::event::What;

use super::day::Bounds;
use crate::error::LogError;
use crate::read::{LogReader, read_checked};
use crate::store::{SCHEMA_VERSION, recognise};

/// Content that expired, of entries that may have been of the period asked for. When and about
/// whom they were is gone with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpiredBefore {
    /// Number of the last entry whose content is gone.
    pub last: u64,
    /// All of them were written before this day (`2026-11-22`, UTC); `None` where an entry that
    /// says so cannot be read.
    pub before: Option<String>,
}

/// Whether anything from the first bound on may have expired.
pub(super) fn expired(
    reader: &LogReader,
    bounds: &Bounds,
) -> Result<Option<ExpiredBefore>, LogError> {
    let state = reader.connection.unchecked_transaction()?;
    if recognise(&state)?.is_none_or(|version| version < SCHEMA_VERSION) {
        return Ok(None);
    }
    let mut statement = state.prepare_cached("SELECT last, entry FROM expired ORDER BY number")?;
    let rows = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<Vec<(u64, u64)>, _>>()?;
    drop(statement);
    let mut found: Option<ExpiredBefore> = None;
    for (last, entry) in rows {
        let before = match read_checked(&state, entry) {
            Ok((entry, _)) => match entry.what {
                What::Expired { before, .. } => Some(before),
                _ => None,
            },
            Err(LogError::Corrupt { .. }) => None,
            Err(error) => return Err(error),
        };
        // A policy may have changed, so that a later expiry has an earlier day.
        found = Some(match found {
            None => ExpiredBefore { last, before },
            Some(earlier) => ExpiredBefore {
                last: last.max(earlier.last),
                before: before.zip(earlier.before).map(|(a, b)| a.max(b)),
            },
        });
    }
    state.finish()?;
    Ok(found.filter(|found| {
        found
            .before
            .as_ref()
            .is_none_or(|before| bounds.from < *before)
    }))
}
