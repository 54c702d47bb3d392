//! What still has to be delivered, to whom, and with what of it only the organisation may read.
//!
//! A sink is a row by name in `sink`: `repository:` or `pseudonyms:` and its name count entries,
//! `checkpoints:` and its name count checkpoints.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use inzage_core::domain::event::{Event, Place};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use crate::audit_event::LogId;
use crate::checkpointing::{Checkpointed, checkpoints};
use crate::entry::LogEntry;
use crate::error::LogError;
use crate::folder::{LOG_FILE, delivery_lock};
use crate::outbox_key::OutboxKey;
use crate::read::{LogReader, newest_head};
use crate::seal::Spot;
use crate::store;

/// Before a sink's name, where its row counts checkpoints.
pub(crate) const CHECKPOINTS: &str = "checkpoints:";
const REPOSITORY: &str = "repository:";
const PSEUDONYMS: &str = "pseudonyms:";

/// What a sink may be told about patients and users.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Receives {
    /// It is the organisation's own NEN 7513 repository: BSNs and names.
    OwnRepository,
    /// It is anything else: keyed look-ups only.
    Pseudonyms,
}

impl Receives {
    const fn prefix(self) -> &'static str {
        match self {
            Self::OwnRepository => REPOSITORY,
            Self::Pseudonyms => PSEUDONYMS,
        }
    }
}

/// What stands between the log and its receivers. A connection of its own to the log's file, so that
/// delivering and appending do not wait for each other longer than a transaction takes.
#[derive(Debug)]
pub struct Outbox {
    // A reader over a connection that may also write.
    reader: LogReader,
    file: PathBuf,
    key: Option<OutboxKey>,
}

/// An entry that a sink has not acknowledged.
#[derive(Debug)]
pub struct Undelivered {
    /// The entry, readable without any secret.
    pub entry: LogEntry,
    /// Who and whom, as far as this sink may know.
    pub who: Who,
}

/// Who and whom an undelivered entry is about.
#[derive(Debug)]
pub enum Who {
    /// The entry is about nobody.
    Nobody,
    /// Not for this sink: its row was not even read.
    Withheld,
    /// The event as it was appended.
    Opened(Box<Event>),
    /// For this sink, and it does not open: what is sealed goes in its place.
    NotOpened(NotOpened),
}

/// Why the personal fields of an entry cannot be delivered in the clear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotOpened {
    /// They are not kept: the entry is older than the sink, or was written without an outbox key.
    NotKept,
    /// They were kept under a key that is not in the keychain any more.
    OtherKey,
    /// The right key, and yet they do not open: altered.
    Damaged,
}

impl NotOpened {
    /// Stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotKept => "not_kept",
            Self::OtherKey => "other_key",
            Self::Damaged => "damaged",
        }
    }
}

/// How far a sink is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SinkState {
    /// It has all entries up to this number.
    pub acknowledged: u64,
    /// The number of the log's last entry.
    pub last: u64,
    /// When the oldest entry was written that it does not have: UTC, RFC 3339.
    pub oldest_undelivered: Option<String>,
    /// It has all checkpoints up to this number.
    pub checkpoints_acknowledged: u64,
}

/// Held by the one instance that delivers; the system lets go of it when the process ends.
#[derive(Debug)]
pub struct OutboxTurn {
    _file: File,
}

impl Outbox {
    /// Opens the outbox of the log in this folder, which [`crate::ViewLog::open`] has opened before.
    ///
    /// Without a key, personal fields are delivered sealed.
    ///
    /// # Errors
    /// Any [`LogError`] of the file.
    pub fn open(folder: &Path, key: Option<OutboxKey>) -> Result<Self, LogError> {
        let file = folder.join(LOG_FILE);
        let connection = store::open_for_appending(&file)?;
        let look = connection.unchecked_transaction()?;
        let version = store::recognise(&look)?;
        look.finish()?;
        // The tables of version 1 have no outbox; whoever appends takes them over first.
        if version != Some(store::SCHEMA_VERSION) {
            return Err(LogError::ForeignFile);
        }
        Ok(Self {
            reader: LogReader { connection },
            file,
            key,
        })
    }

    /// Takes the turn to deliver this log; `None` while another instance has it. Two at once would
    /// send each entry twice.
    ///
    /// # Errors
    /// What the system says.
    pub fn take_turn(&self) -> Result<Option<OutboxTurn>, LogError> {
        let file = delivery_lock(&self.file)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(OutboxTurn { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }

    /// These are the sinks, and no others. A new one begins at the first entry. One that is not among
    /// them any more is forgotten, so that it keeps neither personal fields nor old entries here; returns
    /// the names of those.
    ///
    /// A sink is its name and what it receives: with another name it gets everything again.
    ///
    /// # Errors
    /// [`LogError::Invalid`] for an empty name, one that stands there twice, or one with control
    /// characters; else what the system says.
    pub fn register(&mut self, sinks: &[(&str, Receives)]) -> Result<Vec<String>, LogError> {
        let invalid = LogError::Invalid { field: "sink" };
        for (at, (name, _)) in sinks.iter().enumerate() {
            let twice = sinks.iter().skip(at + 1).any(|(other, _)| other == name);
            if name.is_empty() || name.chars().any(char::is_control) || twice {
                return Err(invalid);
            }
        }
        let wanted: Vec<String> = sinks
            .iter()
            .flat_map(|(name, receives)| {
                [
                    format!("{}{name}", receives.prefix()),
                    format!("{CHECKPOINTS}{name}"),
                ]
            })
            .collect();
        let transaction = self
            .reader
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let there: Vec<(u64, String)> = transaction
            .prepare("SELECT number, name FROM sink ORDER BY number")?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        let mut forgotten = Vec::new();
        for (number, row) in &there {
            if !wanted.contains(row) {
                transaction.execute("DELETE FROM sink WHERE number = ?1", [number])?;
                let name = row.split_once(':').map_or(row.as_str(), |(_, name)| name);
                if !row.starts_with(CHECKPOINTS) {
                    forgotten.push(name.to_owned());
                }
            }
        }
        for row in &wanted {
            if there.iter().all(|(_, name)| name != row) {
                transaction.execute(
                    "INSERT INTO sink (number, name, acknowledged) \
                     VALUES ((SELECT coalesce(max(number), 0) + 1 FROM sink), ?1, 0)",
                    [row],
                )?;
            }
        }
        if sinks
            .iter()
            .all(|(_, receives)| *receives == Receives::Pseudonyms)
        {
            // Nobody is left who may have them.
            transaction.execute("DELETE FROM outbox", [])?;
        }
        let_go(&transaction)?;
        transaction.commit()?;
        self.erase()?;
        Ok(forgotten)
    }

    /// The oldest entries that this sink did not acknowledge, in their order; as many as one read gives.
    ///
    /// Content that expired before a sink was registered is not there any more: a number is missing then.
    ///
    /// # Errors
    /// [`LogError::Invalid`] for a sink that is not registered; [`LogError::Corrupt`] at the first
    /// entry that is not what its leaf says.
    pub fn undelivered(&self, sink: &str, limit: u32) -> Result<Vec<Undelivered>, LogError> {
        let (receives, acknowledged) = self.sink(sink)?;
        let entries = self.reader.entries(acknowledged + 1, limit)?;
        entries
            .into_iter()
            .map(|entry| {
                let who = self.who(&entry, receives)?;
                Ok(Undelivered { entry, who })
            })
            .collect()
    }

    /// This sink has everything up to this number. Never goes back. What every repository of the
    /// organisation has leaves the outbox, in the same transaction.
    ///
    /// # Errors
    /// [`LogError::Invalid`] for a sink that is not registered, or a number that the log does not have.
    pub fn acknowledge(&mut self, sink: &str, up_to: u64) -> Result<(), LogError> {
        let (receives, _) = self.sink(sink)?;
        let transaction = self
            .reader
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        if store::tip(&transaction)?.is_none_or(|tip| tip.sequence < up_to) {
            return Err(LogError::Invalid {
                field: "acknowledged",
            });
        }
        advance(&transaction, &format!("{}{sink}", receives.prefix()), up_to)?;
        let gone = let_go(&transaction)?;
        transaction.commit()?;
        if gone > 0 {
            self.erase()?;
        }
        Ok(())
    }

    /// The oldest checkpoints that this sink did not acknowledge, in their order, and only those all of
    /// whose entries it has: it can hold them against what it received.
    ///
    /// # Errors
    /// [`LogError::Invalid`] for a sink that is not registered.
    pub fn checkpoints(&self, sink: &str, limit: u32) -> Result<Vec<Checkpointed>, LogError> {
        let (_, acknowledged) = self.sink(sink)?;
        let from = self.checkpoints_acknowledged(sink)? + 1;
        let mut notes = checkpoints(&self.reader.connection, from, limit)?;
        notes.retain(|note| note.size <= acknowledged);
        Ok(notes)
    }

    /// This sink has all checkpoints up to this number. Never goes back.
    ///
    /// # Errors
    /// [`LogError::Invalid`] for a sink that is not registered.
    pub fn acknowledge_checkpoint(&mut self, sink: &str, number: u64) -> Result<(), LogError> {
        advance(
            &self.reader.connection,
            &format!("{CHECKPOINTS}{sink}"),
            number,
        )
    }

    /// How far this sink is.
    ///
    /// # Errors
    /// [`LogError::Invalid`] for a sink that is not registered.
    pub fn state(&self, sink: &str) -> Result<SinkState, LogError> {
        let (_, acknowledged) = self.sink(sink)?;
        let connection = &self.reader.connection;
        let oldest_undelivered = connection
            .prepare_cached("SELECT at FROM entry WHERE sequence > ?1 ORDER BY sequence LIMIT 1")?
            .query_row([acknowledged], |row| row.get(0))
            .optional()?;
        Ok(SinkState {
            acknowledged,
            last: store::tip(connection)?.map_or(0, |tip| tip.sequence),
            oldest_undelivered,
            checkpoints_acknowledged: self.checkpoints_acknowledged(sink)?,
        })
    }

    /// The newest checkpoint; `None` before the first.
    ///
    /// # Errors
    /// What the system says.
    pub fn newest_checkpoint(&self) -> Result<Option<Checkpointed>, LogError> {
        let connection = &self.reader.connection;
        let newest: Option<u64> =
            connection.query_row("SELECT max(number) FROM checkpoint", [], |row| row.get(0))?;
        match newest {
            None => Ok(None),
            Some(number) => Ok(checkpoints(connection, number, 1)?.pop()),
        }
    }

    /// The log's own id.
    ///
    /// # Errors
    /// [`LogError::Corrupt`] where the newest segment's head cannot be read.
    pub fn log_id(&self) -> Result<LogId, LogError> {
        LogId::of(&self.reader)
    }

    /// Where the newest segment was begun: what is said about the log itself is said from there.
    ///
    /// # Errors
    /// As [`Self::log_id`].
    pub fn place(&self) -> Result<Place, LogError> {
        newest_head(&self.reader.connection).map(|head| head.place)
    }

    fn who(&self, entry: &LogEntry, receives: Receives) -> Result<Who, LogError> {
        if entry.sealed().is_none() {
            return Ok(Who::Nobody);
        }
        if receives == Receives::Pseudonyms {
            return Ok(Who::Withheld);
        }
        let row: Option<(String, Vec<u8>)> = self
            .reader
            .connection
            .prepare_cached("SELECT key, personal FROM outbox WHERE sequence = ?1")?
            .query_row([entry.sequence], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((id, personal)) = row else {
            return Ok(Who::NotOpened(NotOpened::NotKept));
        };
        let Some(key) = self.key.as_ref().filter(|key| key.id() == id) else {
            return Ok(Who::NotOpened(NotOpened::OtherKey));
        };
        let spot = Spot {
            segment: entry.segment,
            sequence: entry.sequence,
        };
        Ok(key
            .open(spot, &personal)
            .and_then(|plain| entry.joined(&plain))
            .map_or(Who::NotOpened(NotOpened::Damaged), |event| {
                Who::Opened(Box::new(event))
            }))
    }

    /// What it receives, and the last number that it has.
    fn sink(&self, name: &str) -> Result<(Receives, u64), LogError> {
        for receives in [Receives::OwnRepository, Receives::Pseudonyms] {
            if let Some(acknowledged) = self.row(&format!("{}{name}", receives.prefix()))? {
                return Ok((receives, acknowledged));
            }
        }
        Err(LogError::Invalid { field: "sink" })
    }

    fn checkpoints_acknowledged(&self, sink: &str) -> Result<u64, LogError> {
        self.row(&format!("{CHECKPOINTS}{sink}"))?
            .ok_or(LogError::Invalid { field: "sink" })
    }

    fn row(&self, name: &str) -> Result<Option<u64>, LogError> {
        Ok(self
            .reader
            .connection
            .prepare_cached("SELECT acknowledged FROM sink WHERE name = ?1")?
            .query_row([name], |row| row.get(0))
            .optional()?)
    }

    /// `secure_delete` put zeros in the file; what was there stands in the write-ahead file until it is
    /// emptied. Where that is not free now, it is tried with the next rows that go.
    fn erase(&mut self) -> Result<(), LogError> {
        let empty: bool = self.reader.connection.query_row(
            "SELECT NOT EXISTS (SELECT 1 FROM outbox)",
            [],
            |row| row.get(0),
        )?;
        if empty {
            store::empty_write_ahead_if_free(&mut self.reader.connection)?;
        }
        Ok(())
    }
}

fn advance(connection: &Connection, row: &str, to: u64) -> Result<(), LogError> {
    let changed = connection
        .prepare_cached("UPDATE sink SET acknowledged = max(acknowledged, ?2) WHERE name = ?1")?
        .execute(params![row, to])?;
    match changed {
        1 => Ok(()),
        _ => Err(LogError::Invalid { field: "sink" }),
    }
}

/// Takes what every repository has out of the outbox; how many rows.
fn let_go(connection: &Connection) -> Result<usize, LogError> {
    Ok(connection
        .prepare_cached(
            "DELETE FROM outbox WHERE sequence <= \
             (SELECT min(acknowledged) FROM sink WHERE substr(name, 1, ?1) = ?2)",
        )?
        .execute(params![REPOSITORY.len(), REPOSITORY])?)
}
