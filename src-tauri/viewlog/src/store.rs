//! The SQLite file: its schema, its settings, its few statements.
//!
//! **Architecture Invariant:** no statement in this crate updates or deletes what the log says, but the
//! content of entries that expired. `outbox` and `sink` are no part of what the log says: they tell
//! what still has to be delivered, and their rows change and go as it is.

use std::path::Path;
use std::thread::sleep;

use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension, Transaction, params};

use crate::canonical::Columns;
use crate::error::LogError;
use crate::hash::Hash;
use crate::limits::{LOCK_TRIES_MAX, LOCK_WAIT_STEP};

/// "INZL" in the header of the file: this is a view log and nothing else.
pub(crate) const APPLICATION_ID: i32 = 0x494E_5A4C;

/// Version of the tables. The canonical bytes have a version of their own.
pub(crate) const SCHEMA_VERSION: i32 = 2;

/// What version 1 did not have, or had otherwise: content could not expire.
const SINCE_2: [&str; 9] = [
    "checkpoint",
    "checkpoint_no_update",
    "checkpoint_no_delete",
    "expired",
    "expired_no_update",
    "expired_no_delete",
    "outbox",
    "sink",
    "entry_no_delete",
];
/// The trigger that version 1 had under a name that version 2 has too.
const ENTRY_NO_DELETE_1: (&str, &str) = (
    "entry_no_delete",
    "CREATE TRIGGER entry_no_delete BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'append only'); END",
);

/// What the file holds, word for word as SQLite keeps it; `verify` compares.
///
/// Entry and chain are two tables, because an entry's content may expire one day while its link
/// in the chain stays. `outbox` and `sink` are no part of what the log says: what still has to be
/// delivered, and how far each receiver is.
pub(crate) const SCHEMA: [(&str, &str); 17] = [
    (
        "chain",
        "CREATE TABLE chain (sequence INTEGER PRIMARY KEY, leaf BLOB NOT NULL, chain BLOB NOT NULL) STRICT",
    ),
    (
        "entry",
        "CREATE TABLE entry (sequence INTEGER PRIMARY KEY, segment INTEGER NOT NULL, at TEXT NOT NULL, event TEXT NOT NULL, request_id TEXT, patient_lookup TEXT, user_lookup TEXT, salt BLOB NOT NULL, canonical BLOB NOT NULL) STRICT",
    ),
    (
        "entry_patient",
        "CREATE INDEX entry_patient ON entry (patient_lookup) WHERE patient_lookup IS NOT NULL",
    ),
    (
        "entry_user",
        "CREATE INDEX entry_user ON entry (user_lookup) WHERE user_lookup IS NOT NULL",
    ),
    (
        "segment_head",
        "CREATE INDEX segment_head ON entry (segment) WHERE event = 'segment_started'",
    ),
    (
        "chain_no_update",
        "CREATE TRIGGER chain_no_update BEFORE UPDATE ON chain BEGIN SELECT RAISE(ABORT, 'append only'); END",
    ),
    (
        "chain_no_delete",
        "CREATE TRIGGER chain_no_delete BEFORE DELETE ON chain BEGIN SELECT RAISE(ABORT, 'append only'); END",
    ),
    (
        "entry_no_update",
        "CREATE TRIGGER entry_no_update BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'append only'); END",
    ),
    (
        "entry_no_delete",
        "CREATE TRIGGER entry_no_delete BEFORE DELETE ON entry WHEN old.event IN ('segment_started', 'expired') OR NOT EXISTS (SELECT 1 FROM expired WHERE last >= old.sequence) BEGIN SELECT RAISE(ABORT, 'append only'); END",
    ),
    (
        "checkpoint",
        "CREATE TABLE checkpoint (number INTEGER PRIMARY KEY, size INTEGER NOT NULL, note TEXT NOT NULL) STRICT",
    ),
    (
        "checkpoint_no_update",
        "CREATE TRIGGER checkpoint_no_update BEFORE UPDATE ON checkpoint BEGIN SELECT RAISE(ABORT, 'append only'); END",
    ),
    (
        "checkpoint_no_delete",
        "CREATE TRIGGER checkpoint_no_delete BEFORE DELETE ON checkpoint BEGIN SELECT RAISE(ABORT, 'append only'); END",
    ),
    (
        "expired",
        "CREATE TABLE expired (number INTEGER PRIMARY KEY, last INTEGER NOT NULL, entry INTEGER NOT NULL) STRICT",
    ),
    (
        "expired_no_update",
        "CREATE TRIGGER expired_no_update BEFORE UPDATE ON expired BEGIN SELECT RAISE(ABORT, 'append only'); END",
    ),
    (
        "expired_no_delete",
        "CREATE TRIGGER expired_no_delete BEFORE DELETE ON expired BEGIN SELECT RAISE(ABORT, 'append only'); END",
    ),
    (
        "outbox",
        "CREATE TABLE outbox (sequence INTEGER PRIMARY KEY, key TEXT NOT NULL, personal BLOB NOT NULL) STRICT",
    ),
    (
        "sink",
        "CREATE TABLE sink (number INTEGER PRIMARY KEY, name TEXT NOT NULL, acknowledged INTEGER NOT NULL) STRICT",
    ),
];

/// The tables, indexes and triggers of a version, by name.
pub(crate) fn schema(version: i32) -> Vec<(&'static str, &'static str)> {
    let mut schema: Vec<(&str, &str)> = SCHEMA
        .into_iter()
        .filter(|(name, _)| version >= SCHEMA_VERSION || !SINCE_2.contains(name))
        .chain((version < SCHEMA_VERSION).then_some(ENTRY_NO_DELETE_1))
        .collect();
    schema.sort_unstable();
    schema
}

/// The last entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tip {
    pub(crate) sequence: u64,
    pub(crate) segment: u64,
    pub(crate) chain: Hash,
}

/// Opens for appending, with every setting that durability rests on read back.
pub(crate) fn open_for_appending(file: &Path) -> Result<Connection, LogError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = open(file, flags)?;
    if connection.is_readonly(rusqlite::MAIN_DB)? {
        return Err(LogError::ReadOnly);
    }
    // Before anything is changed in a file that may be somebody else's.
    let look = connection.unchecked_transaction()?;
    recognise(&look)?;
    look.finish()?;
    write_ahead(&connection)?;
    // FULL: the commit returns after the log's bytes are on disk. The next two
    // matter on macOS, where a plain fsync stops in the drive's cache.
    for (setting, value, in_force) in [
        ("synchronous", "FULL", 2),
        ("fullfsync", "ON", 1),
        ("checkpoint_fullfsync", "ON", 1),
        // What expires is overwritten with zeros, not only no longer pointed at.
        ("secure_delete", "ON", 1),
    ] {
        connection.pragma_update(None, setting, value)?;
        let now: i64 = connection.pragma_query_value(None, setting, |row| row.get(0))?;
        if now != in_force {
            return Err(LogError::NotDurable { setting });
        }
    }
    Ok(connection)
}

/// Opens for reading alone; the writer goes on undisturbed.
pub(crate) fn open_for_reading(file: &Path) -> Result<Connection, LogError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = open(file, flags)?;
    connection.pragma_update(None, "query_only", "ON")?;
    Ok(connection)
}

fn open(file: &Path, flags: OpenFlags) -> Result<Connection, LogError> {
    let mut connection = Connection::open_with_flags(file, flags)?;
    wait_for_others(&mut connection)?;
    // A file may come from anywhere: nothing in its schema is run beyond what we ask.
    connection.pragma_update(None, "trusted_schema", "OFF")?;
    connection.pragma_update(None, "cell_size_check", "ON")?;
    // What is sorted stays in memory.
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    Ok(connection)
}

/// Waits for whoever holds the file, as long as the limits say.
fn wait_for_others(connection: &mut Connection) -> rusqlite::Result<()> {
    connection.busy_handler(Some(|tries: i32| {
        sleep(LOCK_WAIT_STEP);
        tries < LOCK_TRIES_MAX
    }))
}

/// Carries the write-ahead file over into the file and empties it, unless somebody reads or writes:
/// nobody waits for this, and an append least of all. Whether it was done.
pub(crate) fn empty_write_ahead_if_free(connection: &mut Connection) -> Result<bool, LogError> {
    connection.busy_handler(None::<fn(i32) -> bool>)?;
    let busy: Result<i64, _> =
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0));
    wait_for_others(connection)?;
    match busy.map_err(LogError::from) {
        Ok(busy) => Ok(busy == 0),
        Err(LogError::Busy) => Ok(false),
        Err(error) => Err(error),
    }
}

/// SQLite does not call the busy handler while it changes the journal mode, so
/// two instances that start at once wait here.
fn write_ahead(connection: &Connection) -> Result<(), LogError> {
    for _ in 0..LOCK_TRIES_MAX {
        let mode: Result<String, _> =
            connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0));
        match mode {
            Ok(mode) if mode == "wal" => return Ok(()),
            Ok(_) => {
                let setting = "journal_mode";
                return Err(LogError::NotDurable { setting });
            }
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {
                sleep(LOCK_WAIT_STEP);
            }
            Err(error) => return Err(error.into()),
        }
    }
    Err(LogError::Busy)
}

/// The version of the tables of a file that is one of ours; `None` where it is still empty. Three
/// reads: to be called inside a transaction, or another instance comes between.
pub(crate) fn recognise(connection: &Connection) -> Result<Option<i32>, LogError> {
    let id: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let version: i32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let objects: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    match (id, version, objects) {
        (APPLICATION_ID, version @ 1..=SCHEMA_VERSION, _) => Ok(Some(version)),
        (APPLICATION_ID, newer, _) if newer > SCHEMA_VERSION => Err(LogError::NewerVersion),
        (0, 0, 0) => Ok(None),
        _ => Err(LogError::ForeignFile),
    }
}

/// Makes the tables. Inside the transaction that also writes the first entry:
/// there is no moment at which an empty log exists.
pub(crate) fn create(transaction: &Transaction<'_>) -> Result<(), LogError> {
    for (_, sql) in SCHEMA {
        transaction.execute_batch(sql)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    Ok(())
}

/// Makes the tables of version 1 those of this version. Nothing that the log says is touched.
pub(crate) fn upgrade(transaction: &Transaction<'_>) -> Result<(), LogError> {
    let (replaced, _) = ENTRY_NO_DELETE_1;
    transaction.execute_batch(&format!("DROP TRIGGER {replaced}"))?;
    for (_, sql) in SCHEMA.iter().filter(|(name, _)| SINCE_2.contains(name)) {
        transaction.execute_batch(sql)?;
    }
    transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    Ok(())
}

/// The last entry; `None` in a log without any.
pub(crate) fn tip(connection: &Connection) -> Result<Option<Tip>, LogError> {
    let mut statement = connection.prepare_cached(
        "SELECT c.sequence, e.segment, c.chain FROM chain c LEFT JOIN entry e ON e.sequence = c.sequence \
         ORDER BY c.sequence DESC LIMIT 1",
    )?;
    let row = statement
        .query_row([], |row| {
            let chain = row.get_ref(2)?.as_blob().ok().and_then(Hash::from_slice);
            Ok((row.get::<_, u64>(0)?, row.get::<_, Option<u64>>(1)?, chain))
        })
        .optional()?;
    match row {
        None => Ok(None),
        Some((sequence, Some(segment), Some(chain))) => Ok(Some(Tip {
            sequence,
            segment,
            chain,
        })),
        Some((sequence, _, _)) => Err(LogError::Corrupt {
            sequence: Some(sequence),
        }),
    }
}

/// Puts one entry behind the last.
pub(crate) fn insert(
    transaction: &Transaction<'_>,
    tip: &Tip,
    leaf: &Hash,
    columns: &Columns<'_>,
    salt: &[u8],
    canonical: &[u8],
) -> Result<(), LogError> {
    transaction
        .prepare_cached("INSERT INTO chain (sequence, leaf, chain) VALUES (?1, ?2, ?3)")?
        .execute(params![tip.sequence, leaf.as_bytes(), tip.chain.as_bytes()])?;
    transaction
        .prepare_cached(
            "INSERT INTO entry (sequence, segment, at, event, request_id, patient_lookup, user_lookup, salt, canonical) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            tip.sequence,
            columns.segment,
            columns.at,
            columns.event,
            columns.request_id,
            columns.patient_lookup,
            columns.user_lookup,
            salt,
            canonical,
        ])?;
    Ok(())
}

/// The chain value of one entry.
pub(crate) fn chain_at(connection: &Connection, sequence: u64) -> Result<Hash, LogError> {
    connection
        .prepare_cached("SELECT chain FROM chain WHERE sequence = ?1")?
        .query_row([sequence], |row| {
            Ok(row.get_ref(0)?.as_blob().ok().and_then(Hash::from_slice))
        })
        .optional()?
        .flatten()
        .ok_or(LogError::Corrupt {
            sequence: Some(sequence),
        })
}

/// Puts an entry's personal fields into the outbox.
pub(crate) fn keep_personal(
    transaction: &Transaction<'_>,
    sequence: u64,
    key: &str,
    personal: &[u8],
) -> Result<(), LogError> {
    transaction
        .prepare_cached("INSERT INTO outbox (sequence, key, personal) VALUES (?1, ?2, ?3)")?
        .execute(params![sequence, key, personal])?;
    Ok(())
}
