//! Verification: a path of its own that only reads, needs no secret, and
//! recomputes everything from the canonical bytes.
//!
//! It shares with the writer the formulas and the format, and no statement.

mod against;
mod expired;
mod fault;
mod indexes;
mod known;
mod leaves;
mod place;
mod remark;
mod walk;

use core::fmt;
use std::path::Path;

use rusqlite::{Connection, OpenFlags};

pub use fault::{Fault, FaultClass};
pub use known::Known;
pub use remark::{Remark, RemarkClass};

use crate::checkpoint::Checkpoint;
use crate::error::LogError;
use crate::folder::{LOG_FILE, wal_of};
use crate::hash::Hash;
use crate::store::{self, open_for_reading, recognise};
use indexes::Indexed;
use leaves::{Misfit, misfit};
use walk::{Stopped, walk};

/// What no log can show by itself; every result that says "whole" says this too.
pub const TAIL_NOTICE: &str = "entries cut off at the end leave no trace in the chain itself: \
compare the last number and chain value with what was noted down earlier, \
or verify with what the keychain and the repository know";

/// Beginning two reads takes some microseconds, and the app writes a few times a second.
const SAME_STATE_TRIES_MAX: u32 = 5;

/// A log in which everything agrees, up to its last entry. See [`TAIL_NOTICE`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// How many entries there are.
    pub entries: u64,
    /// How many segments.
    pub segments: u64,
    /// The last entry: note it down to see later whether the tail is still there.
    pub head: Head,
    /// The last checkpoint: entries after it are chained and not yet signed.
    pub checkpoint: Option<Covered>,
    /// The last checkpoint that a witness saw: up to it, nobody has changed anything since.
    pub witnessed: Option<Covered>,
    /// Entries whose content expired; their leaves still stand in the chain.
    pub expired: u64,
    /// What is to be looked at; at most [`crate::REMARKS_MAX`].
    pub remarks: Vec<Remark>,
    /// How many more there were.
    pub remarks_more: u64,
}

/// How far a checkpoint reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Covered {
    /// The checkpoint's number.
    pub number: u64,
    /// It covers all entries up to this number.
    pub size: u64,
    /// When it was signed: UTC.
    pub at: String,
}

impl Covered {
    fn of(checkpoint: &Checkpoint) -> Self {
        Self {
            number: checkpoint.number,
            size: checkpoint.size,
            at: checkpoint.at.clone(),
        }
    }
}

impl fmt::Display for Verified {
    /// Always with what a log cannot show by itself.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} entries in {} segments agree; the last is entry {} with chain value {}; ",
            self.entries, self.segments, self.head.sequence, self.head.chain
        )?;
        let size = |covered: &Option<Covered>| covered.as_ref().map_or(0, |covered| covered.size);
        write!(
            f,
            "signed up to entry {}, seen by a witness up to entry {}; {TAIL_NOTICE}",
            size(&self.checkpoint),
            size(&self.witnessed)
        )
    }
}

/// The last entry of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Its number.
    pub sequence: u64,
    /// Its chain value, which commits to every entry.
    pub chain: Hash,
}

/// Recomputes a log: its file, or the folder it stands in. The app may go on writing.
///
/// # Errors
/// As [`verify_against`].
pub fn verify(path: &Path) -> Result<Verified, Fault> {
    verify_against(path, &Known::default())
}

/// Recomputes a log and holds it against what is known from outside.
///
/// Reads one consistent state, entries still in the write-ahead file included.
///
/// # Errors
/// The first thing that is wrong, by entry.
pub fn verify_against(path: &Path, known: &Known) -> Result<Verified, Fault> {
    gone_through(path, known, true)
}

/// The same, as where others write without a pause: one pass after the other.
#[cfg(test)]
pub(crate) fn verify_in_turn(path: &Path, known: &Known) -> Result<Verified, Fault> {
    gone_through(path, known, false)
}

fn gone_through(path: &Path, known: &Known, at_once: bool) -> Result<Verified, Fault> {
    let file = if path.is_dir() {
        path.join(LOG_FILE)
    } else {
        path.to_path_buf()
    };
    let connection = open(&file)?;
    let beside = [open(&file)?, open(&file)?];
    // One state, for everything below.
    let same = same_state(&connection, &beside).map_err(|e| Fault::of_sql(&e, None))?;
    let state = &connection;
    let version = match recognise(state) {
        Ok(Some(version)) => version,
        // A file that says it is something else: ours with a damaged header, or not ours.
        Ok(None) | Err(LogError::ForeignFile) => {
            return Err(Fault::new(
                FaultClass::ForeignFile,
                None,
                "the file's header",
            ));
        }
        Err(LogError::NewerVersion) => {
            return Err(Fault::new(
                FaultClass::UnknownVersion,
                None,
                "the file's schema",
            ));
        }
        Err(LogError::Corrupt { .. }) => {
            return Err(Fault::new(
                FaultClass::Storage,
                None,
                "the file's structure",
            ));
        }
        Err(error) => return Err(Fault::new(FaultClass::Unreadable, None, error.code())),
    };
    let indexed = Indexed::default();
    let mut rows = indexed.emptied();
    let walked = |rows: &mut Indexed| {
        let walked = walk(state, version, known, rows);
        walked.and_then(|verified| match schema(state, version) {
            Ok(()) => Ok(verified),
            Err(fault) => Err(Stopped {
                after: verified.entries,
                fault,
            }),
        })
    };
    if !(same && at_once) {
        let walked = walked(&mut rows);
        return first_of(misfit(state), walked, || {
            structure(state, indexed)?.agrees(&rows)
        });
    }
    let [for_leaves, for_structure] = beside;
    let stop = for_structure.get_interrupt_handle();
    std::thread::scope(|scope| {
        let leaves = scope.spawn(move || misfit(&for_leaves));
        let structure = scope.spawn(move || structure(&for_structure, indexed));
        let walked = walked(&mut rows);
        let unreadable = || Fault::new(FaultClass::Unreadable, None, "it was not gone through");
        let misfit = leaves.join().unwrap_or_else(|_| {
            let fault = unreadable();
            Some(Misfit { sequence: 0, fault })
        });
        if walked.is_err() || misfit.is_some() {
            // What is wrong has a name already.
            stop.interrupt();
        }
        let structure = structure.join().unwrap_or_else(|_| Err(unreadable()));
        first_of(misfit, walked, || structure?.agrees(&rows))
    })
}

/// Whichever fault one pass from the first entry to the last would have come to first, and then the
/// file's structure.
fn first_of(
    misfit: Option<Misfit>,
    walked: Result<Verified, Stopped>,
    structure: impl FnOnce() -> Result<(), Fault>,
) -> Result<Verified, Fault> {
    match (walked, misfit) {
        // Where both are about one entry, the walk has looked at the leaf itself.
        (Err(stopped), Some(misfit)) if misfit.sequence > stopped.after => Err(stopped.fault),
        (_, Some(misfit)) => Err(misfit.fault),
        (Err(stopped), None) => Err(stopped.fault),
        (Ok(verified), None) => structure().map(|()| verified),
    }
}

/// Begins a read transaction in each; whether they are known to see one and the same state, so that
/// the entries and the file's structure can be gone through at once. Not so only where others write
/// without a pause.
fn same_state(one: &Connection, others: &[Connection; 2]) -> rusqlite::Result<bool> {
    // A read, since `BEGIN` alone takes no state yet. What it gives changes with each commit of others.
    let seen = |connection: &Connection| -> rusqlite::Result<i64> {
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
        connection.pragma_query_value(None, "data_version", |row| row.get(0))
    };
    let [first, last] = others;
    let all = [one, first, last];
    for _ in 0..SAME_STATE_TRIES_MAX {
        // From here until `last` reads again, nobody may have written.
        let before = seen(last)?;
        for connection in all {
            connection.execute_batch("BEGIN")?;
            seen(connection)?;
        }
        if seen(last)? == before {
            return Ok(true);
        }
        for connection in all {
            connection.execute_batch("ROLLBACK")?;
        }
    }
    one.execute_batch("BEGIN")?;
    seen(one)?;
    Ok(false)
}

fn open(file: &Path) -> Result<Connection, Fault> {
    let unreadable = |what| Fault::new(FaultClass::Unreadable, None, what);
    // Through SQLite alone: closing a descriptor of our own would drop the locks
    // that a log open in this same process holds on the file (POSIX).
    if file.metadata().is_err() {
        return Err(unreadable("the file cannot be opened"));
    }
    let connection = open_for_reading(file).map_err(|error| unreadable(error.code()))?;
    let read = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()));
    match read {
        Ok(()) => Ok(connection),
        Err(error)
            if matches!(
                error.sqlite_error_code(),
                Some(rusqlite::ErrorCode::CannotOpen | rusqlite::ErrorCode::ReadOnly)
            ) =>
        {
            drop(connection);
            open_still(file)
        }
        Err(error) => Err(Fault::of_sql(&error, None)),
    }
}

/// Opens a copy on a read-only medium, where SQLite cannot make its `-shm`.
/// Only without a write-ahead file: what stands in that would be left out.
fn open_still(file: &Path) -> Result<Connection, Fault> {
    let what = "its folder cannot be written and part of it is in the write-ahead file: copy both files elsewhere";
    let unreadable = || Fault::new(FaultClass::Unreadable, None, what);
    if wal_of(file)
        .metadata()
        .is_ok_and(|metadata| metadata.len() > 0)
    {
        return Err(unreadable());
    }
    let mut name = String::from("file:");
    for byte in file.to_str().ok_or_else(unreadable)?.bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => {
                name.push(char::from(byte))
            }
            other => name.push_str(&format!("%{other:02x}")),
        }
    }
    name.push_str("?immutable=1");
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_URI;
    let connection =
        Connection::open_with_flags(name, flags).map_err(|e| Fault::of_sql(&e, None))?;
    connection
        .pragma_update(None, "trusted_schema", "OFF")
        .map_err(|e| Fault::of_sql(&e, None))?;
    Ok(connection)
}

/// Tables, indexes and triggers, word for word.
fn schema(connection: &Connection, version: i32) -> Result<(), Fault> {
    let read = || -> rusqlite::Result<Vec<(String, String)>> {
        let mut statement =
            connection.prepare("SELECT name, sql FROM sqlite_schema ORDER BY name")?;
        statement
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect()
    };
    let stored = read().map_err(|e| Fault::of_sql(&e, None))?;
    let ours = store::schema(version);
    let same = stored.len() == ours.len()
        && stored
            .iter()
            .zip(ours)
            .all(|((name, sql), (our_name, our_sql))| name == our_name && sql == our_sql);
    if same {
        return Ok(());
    }
    Err(Fault::new(
        FaultClass::Altered,
        None,
        "the schema (tables, indexes or triggers)",
    ))
}

/// The database's own structure, and what the indexes say.
fn structure(connection: &Connection, indexed: Indexed) -> Result<Indexed, Fault> {
    let verdict: rusqlite::Result<String> =
        connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0));
    match verdict {
        Ok(verdict) if verdict == "ok" => indexed.read(connection),
        Ok(_) => Err(Fault::new(
            FaultClass::Storage,
            None,
            "the file's structure",
        )),
        Err(error) => Err(Fault::of_sql(&error, None)),
    }
}
