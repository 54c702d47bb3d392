//! Someone who has the file and knows every formula, but none of the keys: what they do is found, and
//! named as what it is, given the checkpoints, the keychain's counter and a witness.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::Connection;

use super::checkpoints::{AT, Keychain};
use super::tamper::{reseal, tamper, without_triggers};
use super::{Choice, campaign, keys_of, lookup, open, opened, organisation, random, small_log};
use crate::checkpoint_key::{CheckpointKey, Pending};
use crate::hash::Hash;
use crate::merkle::Frontier;
use crate::{Fault, FaultClass, Known, LOG_FILE, Verified, ViewLog, verify, verify_against};

/// A log under checkpoints, as it is now and as it was before.
struct Log {
    whole: Vec<u8>,
    /// Copies of the file just before each checkpoint, and how many entries they have.
    older: Vec<(Vec<u8>, u64)>,
    entries: u64,
    /// Up to where something was signed.
    sizes: Vec<u64>,
    known: Known,
    /// The key that signed each checkpoint; the keychain forgot them.
    seeds: Vec<[u8; 32]>,
}

impl Log {
    fn new(entries: u64, every: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(LOG_FILE);
        let mut keychain = Keychain::default();
        let (mut older, mut sizes, mut witnessed) = (Vec::new(), Vec::new(), Vec::new());
        let mut seeds = Vec::new();
        for _ in 0..entries / every {
            small_log(folder.path(), every);
            let (mut log, _) = open(folder.path());
            // Closed in between, so that the file alone is the log.
            drop(log);
            older.push((
                std::fs::read(&file).unwrap(),
                verify(folder.path()).unwrap().entries,
            ));
            (log, _) = open(folder.path());
            let before = keychain.kept.as_ref().map(|_| *keychain.key().seed);
            let written = log.checkpoint(&mut keychain, AT);
            let written = written.unwrap().unwrap();
            // The first key is drawn and used in one go.
            seeds.push(before.unwrap_or_default());
            sizes.push(written.size);
            witnessed.push(written.note);
        }
        small_log(folder.path(), every / 2);
        let whole = std::fs::read(&file).unwrap();
        let known = Known {
            witnessed,
            ..keychain.known()
        };
        let entries = verify_against(folder.path(), &known).unwrap().entries;
        Self {
            whole,
            older,
            entries,
            sizes,
            known,
            seeds,
        }
    }

    fn signed(&self) -> u64 {
        *self.sizes.last().unwrap()
    }

    fn put(&self, bytes: &[u8]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(LOG_FILE), bytes).unwrap();
        folder
    }

    /// The first entry that no agreeing checkpoint covers, where the first change is at `at`.
    fn behind_agreed(&self, at: u64) -> u64 {
        1 + self
            .sizes
            .iter()
            .copied()
            .filter(|size| *size < at)
            .max()
            .unwrap_or(0)
    }
}

/// Other words in one entry, and everything after it chained anew.
fn rewrite(folder: &Path, from: u64) {
    reseal(folder, from, |sequence, text| {
        if sequence == from {
            text.replacen("balie 2", "balie 3", 1)
        } else {
            text
        }
    });
}

/// Entries that vanish from the end, with their links.
fn cut(from: u64) -> String {
    format!(
        "DELETE FROM entry WHERE sequence >= {from}; DELETE FROM chain WHERE sequence >= {from};"
    )
}

/// Signs every checkpoint from `from` on anew, with keys of the attacker's own: but for the first one,
/// where an old key of the log was found.
fn sign_anew(folder: &Path, from: u64, found: Option<[u8; 32]>) {
    without_triggers(folder, |connection| {
        let log = crate::read::newest_head(connection).unwrap().log;
        let mut statement = connection
            .prepare("SELECT number, size FROM checkpoint WHERE size >= ?1 ORDER BY number")
            .unwrap();
        let rows: Vec<(u64, u64)> = statement
            .query_map([from], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        for (place, (number, size)) in rows.into_iter().enumerate() {
            let own = [number as u8; 32];
            let seed = found.filter(|_| place == 0).unwrap_or(own);
            let (root, chain) = tree_at(connection, size);
            let key = CheckpointKey {
                number,
                last_size: 0,
                last_root: Hash::ORIGIN,
                seed: seed.into(),
                pending: Some(Pending {
                    fresh: false,
                    size,
                    root,
                    chain,
                    at: AT.into(),
                    next_seed: [number as u8 + 1; 32].into(),
                }),
            };
            let (_, note) = key.pending_note(log.clone()).unwrap();
            connection
                .execute(
                    "UPDATE checkpoint SET note = ?2 WHERE number = ?1",
                    (number, note),
                )
                .unwrap();
        }
    });
}

fn tree_at(connection: &Connection, size: u64) -> (Hash, Hash) {
    let mut tree = Frontier::default();
    let mut chain = Hash::ORIGIN;
    let mut statement = connection
        .prepare("SELECT leaf, chain FROM chain WHERE sequence <= ?1 ORDER BY sequence")
        .unwrap();
    let mut rows = statement.query([size]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        tree.push(Hash::from_slice(row.get_ref(0).unwrap().as_blob().unwrap()).unwrap());
        chain = Hash::from_slice(row.get_ref(1).unwrap().as_blob().unwrap()).unwrap();
    }
    (tree.root(), chain)
}

/// What is found: the class, and at which entry or checkpoint.
type Finding = (FaultClass, Option<u64>, Option<u64>);

const fn at_entry(class: FaultClass, sequence: u64) -> Finding {
    (class, Some(sequence), None)
}

const fn at_checkpoint(class: FaultClass, number: u64) -> Finding {
    (class, None, Some(number))
}

/// Does one thing to a copy of the log, and says what must be found.
#[allow(clippy::too_many_lines, reason = "a list, one deed after another")]
fn attack(log: &Log, deed: u64, choice: &mut Choice, folder: &Path) -> (&'static str, Finding) {
    use FaultClass::{Altered, Checkpoint, Missing, Reordered, Repeated, Resealed, TailMissing};
    let checkpoints = log.sizes.len() as u64;
    let at = 2 + choice.below(log.signed() - 1);
    let number = 1 + choice.below(checkpoints);
    let drop_rows = format!("DELETE FROM checkpoint WHERE size >= {at};");
    match deed {
        0 => {
            let (table, column) = [
                ("entry", "at"),
                ("entry", "user_lookup"),
                ("entry", "canonical"),
                ("entry", "salt"),
                ("chain", "leaf"),
                ("chain", "chain"),
            ][choice.below(6) as usize];
            let place = 1 + choice.below(20);
            tamper(
                folder,
                &format!(
                    "UPDATE {table} SET {column} = CASE WHEN typeof({column}) = 'text' \
                 THEN substr({column}, 1, {place} - 1) || '~' || substr({column}, {place} + 1) \
                 ELSE CAST(substr({column}, 1, {place} - 1) || CASE substr({column}, {place}, 1) WHEN x'7e' THEN x'7f' ELSE x'7e' END || substr({column}, {place} + 1) AS BLOB) END \
                 WHERE sequence = {at}"
                ),
            );
            ("a cell edited", at_entry(Altered, at))
        }
        1 => {
            tamper(
                folder,
                &format!(
                    "DELETE FROM entry WHERE sequence = {at}; DELETE FROM chain WHERE sequence = {at};"
                ),
            );
            ("an entry deleted", at_entry(Missing, at))
        }
        2 => {
            tamper(folder, &format!("DELETE FROM entry WHERE sequence = {at}"));
            ("content deleted", at_entry(Missing, at))
        }
        3 => {
            let other = at + 1 + choice.below(log.entries - at);
            for table in ["entry", "chain"] {
                tamper(
                    folder,
                    &format!(
                        "UPDATE {table} SET sequence = -1 WHERE sequence = {at}; \
                     UPDATE {table} SET sequence = {at} WHERE sequence = {other}; \
                     UPDATE {table} SET sequence = {other} WHERE sequence = -1;"
                    ),
                );
            }
            ("two entries swapped", at_entry(Reordered, at))
        }
        4 => {
            let end = log.entries + 1;
            tamper(
                folder,
                &format!(
                    "INSERT INTO entry SELECT {end}, segment, at, event, request_id, patient_lookup, user_lookup, salt, canonical FROM entry WHERE sequence = {at}; \
                 INSERT INTO chain SELECT {end}, leaf, chain FROM chain WHERE sequence = {at};"
                ),
            );
            ("an entry repeated", at_entry(Repeated, at))
        }
        5 => {
            tamper(folder, &cut(at));
            ("the end cut off", at_entry(TailMissing, at))
        }
        6 => {
            tamper(folder, &(cut(at) + &drop_rows));
            (
                "the end cut off, with its checkpoints",
                at_entry(TailMissing, at),
            )
        }
        7 => {
            let (older, entries) = &log.older[number as usize - 1];
            std::fs::write(folder.join(LOG_FILE), older).unwrap();
            let finding = if number == checkpoints {
                at_checkpoint(TailMissing, number)
            } else {
                at_entry(TailMissing, entries + 1)
            };
            ("put back to an older state", finding)
        }
        8 => {
            rewrite(folder, at);
            ("chained anew", at_entry(Resealed, log.behind_agreed(at)))
        }
        9 => {
            rewrite(folder, at);
            tamper(folder, &drop_rows);
            (
                "chained anew, without checkpoints",
                at_entry(Resealed, log.behind_agreed(at)),
            )
        }
        10 => {
            rewrite(folder, at);
            sign_anew(folder, at, None);
            (
                "chained and signed anew",
                at_entry(Resealed, log.behind_agreed(at)),
            )
        }
        11 => {
            remove_and_renumber(folder, at);
            (
                "an entry taken out and all chained anew",
                at_entry(Resealed, log.behind_agreed(at)),
            )
        }
        12 => {
            rewrite(folder, at);
            let from = at + 1 + choice.below(log.signed() - at + 1);
            tamper(folder, &cut(from));
            let signed_between = log.sizes.iter().any(|size| (at..from).contains(size));
            let finding = if signed_between {
                at_entry(Resealed, log.behind_agreed(at))
            } else {
                at_entry(TailMissing, from)
            };
            // From behind the last checkpoint on, nobody knows of anything that was cut.
            let finding = if from > log.signed() && !signed_between {
                at_entry(Resealed, log.behind_agreed(at))
            } else {
                finding
            };
            ("chained anew and cut off", finding)
        }
        13 => {
            tamper(
                folder,
                &format!("DELETE FROM checkpoint WHERE number = {number}"),
            );
            let class = if number == checkpoints {
                TailMissing
            } else {
                Checkpoint
            };
            ("a checkpoint deleted", at_checkpoint(class, number))
        }
        14 => {
            let place = 1 + choice.below(500);
            tamper(
                folder,
                &format!(
                    "UPDATE checkpoint SET note = substr(note, 1, {place} - 1) || '~' || substr(note, {place} + 1) WHERE number = {number}"
                ),
            );
            ("a checkpoint edited", at_checkpoint(Checkpoint, number))
        }
        15 => {
            tamper(
                folder,
                &format!("UPDATE checkpoint SET size = size + 1 WHERE number = {number}"),
            );
            (
                "a checkpoint's size edited",
                at_checkpoint(Checkpoint, number),
            )
        }
        16 => {
            let other = 1 + number % checkpoints;
            tamper(
                folder,
                &format!(
                    "UPDATE checkpoint SET number = -1 WHERE number = {number}; \
                 UPDATE checkpoint SET number = {number} WHERE number = {other}; \
                 UPDATE checkpoint SET number = {other} WHERE number = -1;"
                ),
            );
            (
                "two checkpoints swapped",
                at_checkpoint(Checkpoint, number.min(other)),
            )
        }
        17 => {
            // Chained as it should be, and nothing in the way: only no checkpoint says what day it is.
            super::expiry::forge(folder, at, "2033-01-01T00:00:00.000Z", "2028-01-01");
            ("an expiry made up", at_entry(Missing, 2))
        }
        _ => {
            // From the first entry on, under another id: a log that was never there.
            std::fs::remove_file(folder.join(LOG_FILE)).unwrap();
            let keys = keys_of(&organisation(1), &lookup(2));
            drop(ViewLog::open(folder, keys, &opened(), random(choice.below(1 << 40))).unwrap());
            small_log(folder, log.entries - 1);
            ("another log in its place", at_entry(Resealed, 1))
        }
    }
}

const DEEDS: u64 = 19;

/// One entry out, all later ones one number lower, and everything chained anew.
fn remove_and_renumber(folder: &Path, at: u64) {
    tamper(
        folder,
        &format!(
            "DELETE FROM entry WHERE sequence = {at}; DELETE FROM chain WHERE sequence = {at}; \
         UPDATE entry SET sequence = -sequence + 1 WHERE sequence > {at}; UPDATE entry SET sequence = -sequence WHERE sequence < 0; \
         UPDATE chain SET sequence = -sequence + 1 WHERE sequence > {at}; UPDATE chain SET sequence = -sequence WHERE sequence < 0;"
        ),
    );
    reseal(folder, at, |sequence, text| {
        text.replacen(
            &format!("\"seq\":{},", sequence + 1),
            &format!("\"seq\":{sequence},"),
            1,
        )
    });
}

fn finding(verified: Result<Verified, Fault>) -> Option<Finding> {
    verified
        .err()
        .map(|fault| (fault.class, fault.sequence, fault.checkpoint))
}

#[test]
fn whatever_is_done_without_the_keys_is_found_and_named() {
    let log = Log::new(campaign("INZAGE_ATTACKED_ENTRIES", 40), 8);
    let mut choice = Choice(0x5eed_0fa7_7ac5);
    let mut found = BTreeMap::<&str, u64>::new();
    for round in 0..campaign("INZAGE_ATTACKS", 180) {
        let folder = log.put(&log.whole);
        let (deed, expected) = attack(&log, round % DEEDS, &mut choice, folder.path());
        let verified = verify_against(folder.path(), &log.known);
        assert_eq!(finding(verified), Some(expected), "round {round}: {deed}");
        *found.entry(deed).or_default() += 1;
    }
    eprintln!("{found:?}");
}

#[test]
fn a_log_that_nobody_touched_raises_no_alarm_at_any_moment() {
    let log = Log::new(24, 8);
    for count in 0..campaign("INZAGE_CLEAN", 40) {
        let folder = log.put(&log.whole);
        small_log(folder.path(), count % 20);
        let verified = verify_against(folder.path(), &log.known).unwrap();
        assert!(verified.remarks.is_empty());
        assert_eq!(verified.checkpoint.unwrap().size, log.signed());
        // What a witness saw earlier, and a keychain read earlier, still fit.
        let known = Known {
            keychain: None,
            witnessed: log.known.witnessed[..1 + (count % 3) as usize].to_vec(),
        };
        assert!(verify_against(folder.path(), &known).is_ok());
    }
}

/// Said in so many words, because it is the limit: what only the file knows, the file's owner can make.
#[test]
fn before_a_witness_or_the_keychain_a_whole_new_history_is_not_seen() {
    let log = Log::new(24, 8);
    let folder = log.put(&log.whole);
    rewrite(folder.path(), 3);
    sign_anew(folder.path(), 3, None);
    assert!(verify(folder.path()).is_ok());
    assert!(verify_against(folder.path(), &log.known).is_err());
}

/// The keychain remembers number, size, root and next key: enough without a witness, even against
/// somebody who found an old key of this log.
#[test]
fn the_keychain_alone_finds_what_an_old_key_signed_anew() {
    let log = Log::new(40, 8);
    let known = Known {
        witnessed: Vec::new(),
        ..log.known.clone()
    };
    for (number, seed) in log.seeds.iter().enumerate().skip(1) {
        let folder = log.put(&log.whole);
        let from = log.sizes[number - 1] + 2;
        rewrite(folder.path(), from);
        sign_anew(folder.path(), from, Some(*seed));
        assert!(verify(folder.path()).is_ok(), "the key was good once");
        let fault = verify_against(folder.path(), &known).unwrap_err();
        assert_eq!(fault.class, FaultClass::Resealed, "{fault}");
    }
    for deed in [5, 6, 7, 8, 9, 10, 11, 12, 13, 17] {
        let folder = log.put(&log.whole);
        let (what, expected) = attack(&log, deed, &mut Choice(deed + 1), folder.path());
        let found = finding(verify_against(folder.path(), &known)).map(|(class, ..)| class);
        assert_eq!(found, Some(expected.0), "{what}");
    }
}
