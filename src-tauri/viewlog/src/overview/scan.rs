//! The pass over the log, a piece at a time.

use rusqlite::params;

use super::day::Bounds;
use crate::entry::LogEntry;
use crate::error::LogError;
use crate::read::{LogReader, read_checked};

/// Numbers that are held at once.
const PIECE: u64 = 1_000;

/// Takes an entry, or the number of one that cannot be read.
pub(super) type Each<'a> = dyn FnMut(u64, Option<LogEntry>) + 'a;

/// Through which index entries are found.
pub(super) struct By {
    pub(super) column: &'static str,
    pub(super) index: &'static str,
    pub(super) masked: String,
}

/// All entries within the bounds, oldest first, as they stood when the pass began.
pub(super) fn scan(
    reader: &LogReader,
    bounds: &Bounds,
    by: Option<&By>,
    each: &mut Each<'_>,
) -> Result<(), LogError> {
    // One moment of the log, also while the app goes on writing.
    let snapshot = reader.connection.unchecked_transaction()?;
    let (table, condition) = by.map_or_else(
        || ("entry".to_owned(), "?4 = ''".to_owned()),
        |by| {
            (
                format!("entry INDEXED BY {}", by.index),
                format!("{} = ?4", by.column),
            )
        },
    );
    let sql = format!(
        "SELECT sequence FROM {table} WHERE {condition} AND sequence > ?1 AND at >= ?2 AND at < ?3 \
         ORDER BY sequence LIMIT {PIECE}"
    );
    let masked = by.map_or("", |by| by.masked.as_str());
    let mut after = 0_u64;
    loop {
        let numbers = snapshot
            .prepare_cached(&sql)?
            .query_map(params![after, bounds.from, bounds.until, masked], |row| {
                row.get(0)
            })?
            .collect::<Result<Vec<u64>, _>>()?;
        let Some(last) = numbers.last() else { break };
        after = *last;
        for number in numbers {
            match read_checked(&snapshot, number) {
                Ok((canonical, leaf)) => each(number, Some(LogEntry::of(canonical, Some(leaf)))),
                Err(LogError::Corrupt { .. }) => each(number, None),
                Err(error) => return Err(error),
            }
        }
    }
    snapshot.finish()?;
    Ok(())
}
