//! A workstation's life in short: releases, checkpoints and expiry by turns, and what must hold
//! whenever it is cut off.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use inzage_core::domain::event::What;

use super::checkpoints::AT;
use super::{Choice, digest, organisation, place, raw, released};
use crate::checkpointing::last_checkpoint;
use crate::{
    CheckpointKey, CheckpointKeychain, KeychainFailed, Known, LOG_FILE, LogError, LogReader,
    OpenedAt, Retention, ViewLog, verify_against,
};

/// A keychain that is a file: kept whole or not at all, as the system's is.
pub(super) struct Kept(pub(super) PathBuf);

impl Kept {
    fn key(&self) -> Option<CheckpointKey> {
        let bytes = std::fs::read(&self.0).ok()?;
        Some(CheckpointKey::from_bytes(&bytes).expect("a whole key"))
    }
}

impl CheckpointKeychain for Kept {
    fn read(&mut self) -> Result<Option<CheckpointKey>, KeychainFailed> {
        Ok(self.key())
    }

    fn keep(&mut self, key: &CheckpointKey) -> Result<(), KeychainFailed> {
        let beside = self.0.with_extension("new");
        let keep = || -> std::io::Result<()> {
            let mut file = File::create(&beside)?;
            file.write_all(&key.reveal())?;
            file.sync_all()?;
            std::fs::rename(&beside, &self.0)
        };
        keep().map_err(|_| KeychainFailed)
    }
}

/// What a workstation does with its log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Act {
    Release,
    Checkpoint,
    Expire,
}

impl Act {
    pub(super) fn chosen(choice: &mut Choice) -> Self {
        match choice.below(8) {
            0 | 1 => Self::Checkpoint,
            2 => Self::Expire,
            _ => Self::Release,
        }
    }

    /// Returns what is to be said of it, where it did anything.
    pub(super) fn does(
        self,
        log: &mut ViewLog,
        keychain: &mut Kept,
        choice: &mut Choice,
    ) -> Result<Option<String>, LogError> {
        Ok(match self {
            Self::Release => {
                let number = choice.below(u64::MAX);
                let receipt = log.append_released(&released(number))?;
                assert_eq!(receipt.digest(), digest(number));
                let sequence = receipt.sequence();
                Some(format!("receipt {sequence} {}", receipt.digest()))
            }
            Self::Checkpoint => {
                let at = signed_at(log)?.map_or_else(|| AT.into(), |at| years_later(&at));
                log.checkpoint(keychain, &at)?.map(|written| {
                    let note = written.note.replace('\n', "|");
                    format!("checkpoint {} {note}", written.number)
                })
            }
            Self::Expire => {
                let now = OpenedAt {
                    at: signed_at(log)?.unwrap_or_else(|| AT.into()),
                    place: place(),
                };
                let expiry = log.expire(Retention::default(), &now, u64::MAX)?;
                Some(format!("expired {}", expiry.last))
            }
        })
    }
}

/// When the newest checkpoint was signed.
fn signed_at(log: &ViewLog) -> Result<Option<String>, LogError> {
    Ok(last_checkpoint(&log.connection)?.map(|checkpoint| checkpoint.at))
}

/// Six years: what the checkpoint before covers is old enough then.
fn years_later(at: &str) -> String {
    let (year, day) = at.split_once('-').unwrap();
    format!("{}-{day}", year.parse::<u32>().unwrap() + 6)
}

/// What was heard of a log so far.
#[derive(Default)]
pub(super) struct Heard {
    /// Digests, by entry.
    receipts: BTreeMap<u64, String>,
    /// Notes that were handed out: a witness may have them.
    notes: BTreeMap<u64, String>,
    /// Whatever was or could have been signed, by its number.
    signed: BTreeMap<u64, String>,
    /// Up to where content went.
    expired: u64,
}

impl Heard {
    pub(super) fn line(&mut self, line: &str) {
        let mut words = line.splitn(3, ' ');
        match (words.next(), words.next(), words.next()) {
            (Some("receipt"), Some(number), Some(digest)) => {
                let before = self.receipts.insert(number.parse().unwrap(), digest.into());
                assert_eq!(before, None, "two receipts for entry {number}");
            }
            (Some("checkpoint"), Some(number), Some(note)) => {
                let note = note.replace('|', "\n");
                let number = number.parse().unwrap();
                self.sign(number, &note);
                self.notes.insert(number, note);
            }
            (Some("expired"), Some(last), None) => {
                self.expired = self.expired.max(last.parse().unwrap());
            }
            _ => {}
        }
    }

    fn sign(&mut self, number: u64, note: &str) {
        let signed = self.signed.entry(number).or_insert_with(|| note.into());
        assert_eq!(signed, note, "checkpoint {number} was signed twice");
    }

    pub(super) fn counts(&self) -> (usize, usize, u64) {
        (self.receipts.len(), self.notes.len(), self.expired)
    }

    /// Everything that was shown has its entry, everything that was handed out is still so, no
    /// checkpoint is signed twice, and the whole verifies.
    pub(super) fn holds(&mut self, folder: &Path, keychain: &Kept, when: &str) {
        if !folder.join(LOG_FILE).exists() || LogReader::open(folder).is_err() {
            assert_eq!(
                self.counts(),
                (0, 0, 0),
                "{when}: heard of a log that is not there"
            );
            return;
        }
        let key = keychain.key();
        let known = Known {
            keychain: key.as_ref().map(CheckpointKey::counter),
            witnessed: self.notes.values().cloned().collect(),
        };
        let verified = verify_against(folder, &known).unwrap_or_else(|fault| {
            panic!("{when}: {fault}");
        });
        assert_eq!(verified.segments, 1, "{when}");
        let reader = LogReader::open(folder).unwrap();
        let gone: u64 = reader
            .connection
            .query_row("SELECT coalesce(max(last), 0) FROM expired", [], |row| {
                row.get(0)
            })
            .unwrap();
        assert!(gone >= self.expired, "{when}: what expired came back");
        let pair = organisation(1);
        for (&sequence, digest) in &self.receipts {
            assert!(
                sequence <= verified.entries,
                "{when}: entry {sequence} is lost"
            );
            if sequence <= gone {
                continue;
            }
            let entry = &reader.entries(sequence, 1).unwrap()[0];
            let What::Released { digest: logged, .. } = entry.unseal(&pair).unwrap().what else {
                panic!("{when}: entry {sequence} is no release");
            };
            assert_eq!((entry.sequence, &logged), (sequence, digest), "{when}");
        }
        let rows: Vec<(u64, String)> = raw(folder)
            .prepare("SELECT number, note FROM checkpoint ORDER BY number")
            .unwrap()
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        for (number, note) in rows {
            self.sign(number, &note);
        }
        let log = crate::read::newest_head(&reader.connection).unwrap().log;
        if let Some((checkpoint, note)) = key.and_then(|key| key.pending_note(log)) {
            self.sign(checkpoint.number, &note);
        }
        // Each is held against its entry once a log; what was gone through is not gone through again.
        self.receipts.retain(|sequence, _| *sequence > gone);
    }
}
