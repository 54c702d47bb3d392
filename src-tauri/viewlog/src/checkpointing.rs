//! Writing a checkpoint, so that a crash at any moment leaves no gap and no second signature.
//!
//! 1. The keychain keeps the checkpoint to come, with the old key and the new one.
//! 2. The row is written, durable with its transaction.
//! 3. The keychain keeps the new key alone: the old one is gone and signs nothing again.
//!
//! Whoever dies between these finds the pending checkpoint at the next call, and writes the very same
//! bytes or finds them written.

use std::fs::{File, TryLockError};

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use crate::canonical::SEGMENT_STARTED;
use crate::checkpoint::Checkpoint;
use crate::checkpoint_key::{CheckpointKey, Pending};
use crate::compose::check_at;
use crate::error::LogError;
use crate::folder::private_lock;
use crate::hash::{Hash, link};
use crate::log::ViewLog;
use crate::merkle::Frontier;
use crate::random::draw;
use crate::read::{LogReader, newest_head, read_checked};
use crate::segment::SegmentReason;
use crate::store;

/// Where the app keeps the [`CheckpointKey`] of a log.
pub trait CheckpointKeychain {
    /// What was kept last; `None` where there is nothing.
    ///
    /// # Errors
    /// When the keychain cannot be read, or what it holds is not a [`CheckpointKey`].
    fn read(&mut self) -> Result<Option<CheckpointKey>, KeychainFailed>;

    /// Keeps this in place of what was kept before; must not return before it is kept.
    ///
    /// # Errors
    /// When it was not kept, or that is not known.
    fn keep(&mut self, key: &CheckpointKey) -> Result<(), KeychainFailed>;
}

/// The keychain could not be read or written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeychainFailed;

impl From<KeychainFailed> for LogError {
    fn from(KeychainFailed: KeychainFailed) -> Self {
        Self::Keychain
    }
}

/// A checkpoint that is durable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpointed {
    /// Its number, from 1.
    pub number: u64,
    /// How many entries it covers: all up to this number.
    pub size: u64,
    /// The note, for those who witness it.
    pub note: String,
}

/// The tree and the chain up to some entry, kept from one checkpoint to the next.
#[derive(Debug, Clone)]
pub(crate) struct Summed {
    tree: Frontier,
    chain: Hash,
}

impl Default for Summed {
    fn default() -> Self {
        Self {
            tree: Frontier::default(),
            chain: Hash::ORIGIN,
        }
    }
}

impl ViewLog {
    /// Signs what the log says now; `None` where nothing was appended since the last time.
    ///
    /// Where an earlier call was cut off, finishes that checkpoint and returns it. The first call
    /// reads the whole chain, later ones what was added. Only one instance is in here at a time.
    ///
    /// # Errors
    /// [`LogError::Busy`] when another instance is writing a checkpoint; [`LogError::Keychain`];
    /// [`LogError::CheckpointKey`] and [`LogError::BehindKeychain`] when keychain and log do not
    /// belong together; [`LogError::Corrupt`] when the log no longer says what the last checkpoint
    /// says: what was tampered with is not signed.
    pub fn checkpoint(
        &mut self,
        keychain: &mut dyn CheckpointKeychain,
        at: &str,
    ) -> Result<Option<Checkpointed>, LogError> {
        check_at(at)?;
        let _turn = self.checkpoint_turn()?;
        let kept = keychain.read()?;
        if let Some(pending) = kept.as_ref().filter(|key| key.pending.is_some()) {
            return self.finish_checkpoint(keychain, pending).map(Some);
        }
        let last = last_checkpoint(&self.connection)?;
        let (mut key, fresh) = match kept {
            Some(key) => {
                self.belongs(&key, last.as_ref())?;
                (key, false)
            }
            None => (self.fresh_key(last.as_ref())?, true),
        };
        self.sum_up(last.as_ref())?;
        let size = self.summed.tree.size();
        if last.is_some_and(|last| last.size == size) {
            return Ok(None);
        }
        key.pending = Some(Pending {
            fresh,
            size,
            root: self.summed.tree.root(),
            chain: self.summed.chain,
            at: at.to_owned(),
            next_seed: draw(&mut self.random)?,
        });
        keychain.keep(&key)?;
        self.finish_checkpoint(keychain, &key).map(Some)
    }

    /// The notes of all checkpoints, oldest first, from this number on; at most `limit`.
    ///
    /// # Errors
    /// What the system says.
    pub fn checkpoints(&self, from: u64, limit: u32) -> Result<Vec<Checkpointed>, LogError> {
        checkpoints(&self.connection, from, limit)
    }

    /// Held while a checkpoint is written; the system lets go of it when the process ends.
    fn checkpoint_turn(&self) -> Result<File, LogError> {
        let file = private_lock(&self.file)?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(LogError::Busy),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }

    /// Writes the pending checkpoint where it is not there yet, and lets go of the old key.
    fn finish_checkpoint(
        &mut self,
        keychain: &mut dyn CheckpointKeychain,
        key: &CheckpointKey,
    ) -> Result<Checkpointed, LogError> {
        let log = newest_head(&self.connection)?.log;
        let (checkpoint, note) = key.pending_note(log).ok_or(LogError::CheckpointKey)?;
        let next = key.moved_forward().ok_or(LogError::CheckpointKey)?;
        let there = store::tip(&self.connection)?.map_or(0, |tip| tip.sequence);
        if there < checkpoint.size {
            return Err(LogError::BehindKeychain);
        }
        if store::chain_at(&self.connection, checkpoint.size)? != checkpoint.chain {
            return Err(LogError::Corrupt {
                sequence: Some(checkpoint.size),
            });
        }
        // From here on it is the disk that may fail, and then nothing is written any more.
        self.guarded(|log| log.write_row(&checkpoint, &note))?;
        keychain.keep(&next)?;
        Ok(Checkpointed {
            number: key.number,
            size: checkpoint.size,
            note,
        })
    }

    fn write_row(&mut self, checkpoint: &Checkpoint, note: &str) -> Result<(), LogError> {
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        match note_at(&transaction, checkpoint.number)? {
            Some(written) if written == note => {}
            Some(_) => return Err(LogError::CheckpointKey),
            None => {
                let last = last_checkpoint(&transaction)?;
                let before = last
                    .as_ref()
                    .map_or((0, 0), |last| (last.number, last.size));
                if before.0 + 1 < checkpoint.number {
                    return Err(LogError::BehindKeychain);
                }
                if before.0 + 1 != checkpoint.number || before.1 >= checkpoint.size {
                    return Err(LogError::CheckpointKey);
                }
                transaction
                    .prepare_cached(
                        "INSERT INTO checkpoint (number, size, note) VALUES (?1, ?2, ?3)",
                    )?
                    .execute(params![checkpoint.number, checkpoint.size, note])?;
            }
        }
        transaction.commit()?;
        self.still_there()?;
        Ok(())
    }

    /// Whether this key is the one that the last checkpoint announced.
    fn belongs(&self, key: &CheckpointKey, last: Option<&Checkpoint>) -> Result<(), LogError> {
        let tip = store::tip(&self.connection)?.ok_or(LogError::Corrupt { sequence: None })?;
        let number = last.map_or(0, |last| last.number);
        if number + 1 < key.number || tip.sequence < key.last_size {
            return Err(LogError::BehindKeychain);
        }
        let announced = last.is_some_and(|last| {
            number + 1 == key.number
                && last.next == key.public_key()
                && last.size == key.last_size
                && last.root == key.last_root
        });
        if announced {
            Ok(())
        } else {
            Err(LogError::CheckpointKey)
        }
    }

    /// A key that nobody announced: for a new log, or after a segment that says why.
    fn fresh_key(&mut self, last: Option<&Checkpoint>) -> Result<CheckpointKey, LogError> {
        if let Some(last) = last
            && !keychain_lost_since(&self.connection, last.size)?
        {
            return Err(LogError::CheckpointKey);
        }
        Ok(CheckpointKey {
            number: last.map_or(1, |last| last.number + 1),
            last_size: last.map_or(0, |last| last.size),
            last_root: last.map_or(Hash::ORIGIN, |last| last.root),
            seed: draw(&mut self.random)?,
            pending: None,
        })
    }

    /// Adds what was appended since to the tree, and holds it against the last checkpoint.
    fn sum_up(&mut self, last: Option<&Checkpoint>) -> Result<(), LogError> {
        let mut summed = std::mem::take(&mut self.summed);
        if last.is_some_and(|last| last.size < summed.tree.size()) {
            // Where another instance's checkpoint lies behind what was summed up: once more.
            summed = Summed::default();
        }
        let corrupt = |sequence| LogError::Corrupt {
            sequence: Some(sequence),
        };
        let agrees = |summed: &Summed| match last {
            Some(last) if last.size == summed.tree.size() => {
                last.root == summed.tree.root() && last.chain == summed.chain
            }
            _ => true,
        };
        if !agrees(&summed) {
            return Err(corrupt(summed.tree.size()));
        }
        let mut statement = self.connection.prepare_cached(
            "SELECT sequence, leaf, chain FROM chain WHERE sequence > ?1 ORDER BY sequence",
        )?;
        let mut rows = statement.query([summed.tree.size()])?;
        while let Some(row) = rows.next()? {
            let sequence = summed.tree.size() + 1;
            let hash = |index| -> Result<Hash, LogError> {
                let stored = row.get_ref(index)?.as_blob().ok();
                stored
                    .and_then(Hash::from_slice)
                    .ok_or_else(|| corrupt(sequence))
            };
            let (leaf, chain) = (hash(1)?, hash(2)?);
            if row.get::<_, u64>(0)? != sequence || link(&summed.chain, &leaf) != chain {
                return Err(corrupt(sequence));
            }
            summed.tree.push(leaf);
            summed.chain = chain;
            if !agrees(&summed) {
                return Err(corrupt(sequence));
            }
        }
        drop(rows);
        drop(statement);
        let summed_size = summed.tree.size();
        self.summed = summed;
        match last {
            Some(last) if last.size > summed_size => Err(corrupt(summed_size + 1)),
            _ => Ok(()),
        }
    }
}

impl LogReader {
    /// As [`ViewLog::checkpoints`].
    ///
    /// # Errors
    /// What the system says.
    pub fn checkpoints(&self, from: u64, limit: u32) -> Result<Vec<Checkpointed>, LogError> {
        checkpoints(&self.connection, from, limit)
    }
}

/// As [`ViewLog::checkpoints`].
pub(crate) fn checkpoints(
    connection: &Connection,
    from: u64,
    limit: u32,
) -> Result<Vec<Checkpointed>, LogError> {
    let mut statement = connection.prepare_cached(
        "SELECT number, size, note FROM checkpoint WHERE number >= ?1 ORDER BY number LIMIT ?2",
    )?;
    let rows = statement.query_map(params![from, limit], |row| {
        Ok(Checkpointed {
            number: row.get(0)?,
            size: row.get(1)?,
            note: row.get(2)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The newest checkpoint, as it says of itself.
pub(crate) fn last_checkpoint(connection: &Connection) -> Result<Option<Checkpoint>, LogError> {
    let row: Option<(u64, String)> = connection
        .prepare_cached("SELECT number, note FROM checkpoint ORDER BY number DESC LIMIT 1")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((number, note)) = row else {
        return Ok(None);
    };
    Checkpoint::open(&note)
        .ok()
        .filter(|checkpoint| checkpoint.number == number)
        .map(Some)
        .ok_or(LogError::Corrupt { sequence: None })
}

fn note_at(connection: &Connection, number: u64) -> Result<Option<String>, LogError> {
    Ok(connection
        .prepare_cached("SELECT note FROM checkpoint WHERE number = ?1")?
        .query_row([number], |row| row.get(0))
        .optional()?)
}

/// Whether a segment behind this entry began because the keychain was lost.
fn keychain_lost_since(connection: &Connection, size: u64) -> Result<bool, LogError> {
    let sql =
        format!("SELECT sequence FROM entry WHERE event = '{SEGMENT_STARTED}' AND sequence > ?1");
    let mut statement = connection.prepare_cached(&sql)?;
    let heads = statement
        .query_map([size], |row| row.get(0))?
        .collect::<Result<Vec<u64>, _>>()?;
    for head in heads {
        let (entry, _) = read_checked(connection, head)?;
        if matches!(&entry.what, inzage_core::domain::event::What::SegmentStarted { why }
            if why == SegmentReason::KeychainLost.code())
        {
            return Ok(true);
        }
    }
    Ok(false)
}
