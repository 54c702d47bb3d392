//! An entry is not where it should be: which of the three is it?

use rusqlite::Connection;

use super::fault::{Fault, FaultClass};
use crate::canonical::Canonical;

/// No content has the number `expected`, though a later one or its link is there.
pub(super) fn gap(connection: &Connection, expected: u64) -> Fault {
    match stored_at(connection, expected) {
        Some(_) => Fault::new(
            FaultClass::Reordered,
            Some(expected),
            "it stands under another number",
        ),
        None => Fault::new(
            FaultClass::Missing,
            Some(expected),
            "no entry has this number",
        ),
    }
}

/// The row `expected` holds the entry that calls itself `found`.
pub(super) fn misplaced(connection: &Connection, expected: u64, found: u64) -> Fault {
    if number_at(connection, found) == Some(found) {
        return Fault::new(
            FaultClass::Repeated,
            Some(found),
            "it stands under another number too",
        );
    }
    match stored_at(connection, expected) {
        Some(_) => Fault::new(
            FaultClass::Reordered,
            Some(expected),
            "it stands under another number",
        ),
        None => Fault::new(
            FaultClass::Missing,
            Some(expected),
            "another entry stands under its number",
        ),
    }
}

/// Under which number the entry stands that calls itself `number`. Reads the
/// whole log; only asked once something is wrong.
fn stored_at(connection: &Connection, number: u64) -> Option<u64> {
    let mut statement = connection
        .prepare("SELECT sequence, canonical FROM entry")
        .ok()?;
    let mut rows = statement.query([]).ok()?;
    while let Ok(Some(row)) = rows.next() {
        if number_in(row.get_ref(1).ok()?.as_blob().unwrap_or_default()) == Some(number) {
            return row.get(0).ok();
        }
    }
    None
}

fn number_at(connection: &Connection, sequence: u64) -> Option<u64> {
    connection
        .query_row(
            "SELECT canonical FROM entry WHERE sequence = ?1",
            [sequence],
            |row| Ok(number_in(row.get_ref(0)?.as_blob().unwrap_or_default())),
        )
        .ok()
        .flatten()
}

fn number_in(canonical: &[u8]) -> Option<u64> {
    Canonical::decode(canonical).ok().map(|entry| entry.seq)
}
