//! Checkpoints are written once, in order, whatever dies in between.

use std::path::Path;

use inzage_core::domain::event::What;

use super::{event, keys_of, lookup, open, opened, organisation, random, small_log};
use crate::checkpoint::Checkpoint;
use crate::{
    CheckpointKey, CheckpointKeychain, Checkpointed, KeychainFailed, Known, LogError, Remark,
    RemarkClass, ViewLog, verify, verify_against,
};

pub(super) const AT: &str = "2026-11-22T03:00:00.000Z";

/// A keychain in memory, which may die before or after it has kept something.
#[derive(Debug, Clone, Default)]
pub(super) struct Keychain {
    pub(super) kept: Option<Vec<u8>>,
    keeps: u32,
    dies: Option<(u32, bool)>,
}

impl Keychain {
    pub(super) fn key(&self) -> CheckpointKey {
        CheckpointKey::from_bytes(self.kept.as_ref().unwrap()).unwrap()
    }

    /// The process dies once this has kept something the next time.
    pub(super) fn dies_after_next(&mut self) {
        self.dies = Some((self.keeps + 1, true));
    }

    pub(super) fn known(&self) -> Known {
        Known {
            keychain: Some(self.key().counter()),
            witnessed: Vec::new(),
        }
    }
}

impl CheckpointKeychain for Keychain {
    fn read(&mut self) -> Result<Option<CheckpointKey>, KeychainFailed> {
        self.kept
            .as_ref()
            .map(|bytes| CheckpointKey::from_bytes(bytes).ok_or(KeychainFailed))
            .transpose()
    }

    fn keep(&mut self, key: &CheckpointKey) -> Result<(), KeychainFailed> {
        self.keeps += 1;
        let dies = self.dies.filter(|(at, _)| *at == self.keeps);
        if dies != Some((self.keeps, false)) {
            self.kept = Some(key.reveal().to_vec());
        }
        dies.map_or(Ok(()), |_| Err(KeychainFailed))
    }
}

pub(super) fn more(log: &mut ViewLog, count: u64) {
    for _ in 0..count {
        log.append(&event(What::Objected)).unwrap();
    }
}

fn rows(folder: &Path) -> Vec<Checkpointed> {
    open(folder).0.checkpoints(1, 1_000).unwrap()
}

#[test]
fn checkpoints_follow_each_other_and_each_announces_the_next_key() {
    let folder = tempfile::tempdir().unwrap();
    let (mut log, _) = open(folder.path());
    let mut keychain = Keychain::default();
    let mut written = Vec::new();
    for round in 0..5 {
        more(&mut log, round + 1);
        written.push(log.checkpoint(&mut keychain, AT).unwrap().unwrap());
        assert_eq!(log.checkpoint(&mut keychain, AT), Ok(None), "nothing new");
    }
    assert_eq!(rows(folder.path()), written);
    let opened: Vec<_> = written
        .iter()
        .map(|written| Checkpoint::open(&written.note).unwrap())
        .collect();
    for pair in opened.windows(2) {
        assert_eq!(
            (pair[0].next, pair[0].number + 1),
            (pair[1].key, pair[1].number)
        );
    }
    let counter = keychain.key().counter();
    assert_eq!((counter.number, counter.size), (6, 16));
    assert_eq!(counter.public_key, opened[4].next);

    let known = Known {
        witnessed: written.iter().map(|w| w.note.clone()).collect(),
        ..keychain.known()
    };
    let verified = verify_against(folder.path(), &known).unwrap();
    assert_eq!(verified.checkpoint, verified.witnessed);
    assert_eq!(verified.checkpoint.unwrap().size, 16);
    assert!(verified.remarks.is_empty());
    more(&mut log, 2);
    let verified = verify_against(folder.path(), &known).unwrap();
    assert_eq!(
        (verified.entries, verified.checkpoint.unwrap().size),
        (18, 16)
    );
}

/// The four moments at which anything can be lost: before and after each time the keychain keeps.
/// Between the second and the third the row is written, whole or not at all.
#[test]
fn a_crash_at_any_moment_leaves_no_gap_and_no_second_signature() {
    for before in 0..3 {
        for dies in [(1, false), (1, true), (2, false), (2, true)] {
            let folder = tempfile::tempdir().unwrap();
            let (mut log, _) = open(folder.path());
            let mut keychain = Keychain::default();
            for _ in 0..before {
                more(&mut log, 3);
                log.checkpoint(&mut keychain, AT).unwrap().unwrap();
            }
            more(&mut log, 3);
            (keychain.keeps, keychain.dies) = (0, Some(dies));
            let size = 4 + 3 * before;
            assert_eq!(log.checkpoint(&mut keychain, AT), Err(LogError::Keychain));
            drop(log);
            let begun = keychain.kept.as_ref().and_then(|_| {
                keychain
                    .key()
                    .pending_note(log_id(folder.path()))
                    .map(|(_, note)| note)
            });
            let verified = match &keychain.kept {
                Some(_) => verify_against(folder.path(), &keychain.known()),
                None => verify(folder.path()),
            };
            assert!(verified.is_ok(), "{before} {dies:?}: {verified:?}");

            // Started again, with entries that came before anybody thought of the checkpoint.
            keychain.dies = None;
            let (mut log, _) = open(folder.path());
            more(&mut log, 2);
            let again = log.checkpoint(&mut keychain, "2026-11-22T04:00:00.000Z");
            let again = again.unwrap().unwrap();
            match (&begun, dies) {
                (Some(note), _) => {
                    assert_eq!((&again.note, again.size), (note, size), "the same bytes");
                }
                (None, (1, false)) => {
                    assert_eq!((again.number, again.size), (before + 1, size + 2))
                }
                (None, _) => assert_eq!((again.number, again.size), (before + 2, size + 2)),
            }
            more(&mut log, 1);
            log.checkpoint(&mut keychain, AT).unwrap().unwrap();
            let numbers: Vec<u64> = rows(folder.path()).iter().map(|row| row.number).collect();
            assert_eq!(numbers, (1..=numbers.len() as u64).collect::<Vec<_>>());
            let verified = verify_against(folder.path(), &keychain.known()).unwrap();
            assert_eq!(verified.checkpoint.unwrap().size, verified.entries);
            assert!(keychain.key().pending.is_none());
        }
    }
}

fn log_id(folder: &Path) -> String {
    let (log, _) = open(folder);
    crate::read::newest_head(&log.connection).unwrap().log
}

#[test]
fn a_key_that_moved_forward_is_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    let (mut log, _) = open(folder.path());
    let mut keychain = Keychain::default();
    log.checkpoint(&mut keychain, AT).unwrap().unwrap();
    let old = keychain.key().seed.to_vec();
    more(&mut log, 1);
    log.checkpoint(&mut keychain, AT).unwrap().unwrap();
    let kept = keychain.kept.unwrap();
    assert!(!kept.windows(32).any(|bytes| bytes == old));
    assert_eq!(kept.len(), 82);
    // Nor can it be read back from any shorter, longer or newer form.
    for wrong in [&kept[..81], &[kept.as_slice(), &[0]].concat(), &[2; 82]] {
        assert!(CheckpointKey::from_bytes(wrong).is_none());
    }
}

#[test]
fn a_lost_keychain_signs_on_only_after_a_segment_that_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let (mut log, _) = open(folder.path());
    more(&mut log, 2);
    let mut keychain = Keychain::default();
    log.checkpoint(&mut keychain, AT).unwrap().unwrap();
    more(&mut log, 2);
    let mut empty = Keychain::default();
    assert_eq!(log.checkpoint(&mut empty, AT), Err(LogError::CheckpointKey));
    assert_eq!(empty.kept, None);
    drop(log);
    let keys = keys_of(&organisation(1), &lookup(77));
    let (mut log, _) = ViewLog::open(folder.path(), keys, &opened(), random(5)).unwrap();
    let second = log.checkpoint(&mut empty, AT).unwrap().unwrap();
    assert_eq!(second.number, 2);
    let verified = verify_against(folder.path(), &empty.known()).unwrap();
    let lost = |remark: &&Remark| remark.class == RemarkClass::KeychainLost;
    let remark = verified.remarks.iter().find(lost).expect("it is said");
    assert_eq!(remark.sequence, 6);
    // The keychain that was lost and came back is of no use.
    assert_eq!(
        log.checkpoint(&mut keychain, AT),
        Err(LogError::CheckpointKey)
    );
}

#[test]
fn a_log_behind_its_keychain_or_rewritten_is_not_signed() {
    let folder = tempfile::tempdir().unwrap();
    let old = tempfile::tempdir().unwrap();
    let (mut log, _) = open(folder.path());
    let mut keychain = Keychain::default();
    more(&mut log, 3);
    log.checkpoint(&mut keychain, AT).unwrap().unwrap();
    drop(log);
    std::fs::copy(
        folder.path().join(crate::LOG_FILE),
        old.path().join(crate::LOG_FILE),
    )
    .unwrap();
    let (mut log, _) = open(folder.path());
    more(&mut log, 3);
    log.checkpoint(&mut keychain, AT).unwrap().unwrap();
    let (mut back, _) = open(old.path());
    assert_eq!(
        back.checkpoint(&mut keychain, AT),
        Err(LogError::BehindKeychain)
    );
    drop((log, back));
    super::tamper::reseal(folder.path(), 3, |sequence, text| {
        if sequence == 3 {
            text.replacen("balie 2", "balie 3", 1)
        } else {
            text
        }
    });
    let (mut log, _) = open(folder.path());
    more(&mut log, 1);
    assert!(matches!(
        log.checkpoint(&mut keychain, AT),
        Err(LogError::Corrupt { .. })
    ));
    // Only the signature is refused: what happens now is still logged.
    more(&mut log, 1);
}

#[test]
fn one_instance_at_a_time_writes_a_checkpoint() {
    struct Meanwhile<'a>(&'a Path, Keychain);
    impl CheckpointKeychain for Meanwhile<'_> {
        fn read(&mut self) -> Result<Option<CheckpointKey>, KeychainFailed> {
            let (mut other, _) = open(self.0);
            let busy = other.checkpoint(&mut Keychain::default(), AT);
            assert_eq!(busy, Err(LogError::Busy));
            self.1.read()
        }
        fn keep(&mut self, key: &CheckpointKey) -> Result<(), KeychainFailed> {
            self.1.keep(key)
        }
    }
    let folder = tempfile::tempdir().unwrap();
    small_log(folder.path(), 3);
    let (mut log, _) = open(folder.path());
    let mut keychain = Meanwhile(folder.path(), Keychain::default());
    assert!(log.checkpoint(&mut keychain, AT).unwrap().is_some());
    let (mut other, _) = open(folder.path());
    more(&mut other, 1);
    let second = other.checkpoint(&mut keychain.1, AT).unwrap().unwrap();
    more(&mut log, 1);
    let third = log.checkpoint(&mut keychain.1, AT).unwrap().unwrap();
    assert_eq!((second.number, third.number), (2, 3));
}

#[test]
fn a_clock_that_went_back_is_a_remark_and_no_fault() {
    let folder = tempfile::tempdir().unwrap();
    let (mut log, _) = open(folder.path());
    for at in [
        "2026-11-22T01:00:09.999Z",
        "2026-11-22T01:00:00.000Z",
        "2026-11-21T23:00:00.000Z",
    ] {
        let mut event = event(What::Objected);
        event.at = at.into();
        log.append(&event).unwrap();
    }
    log.checkpoint(&mut Keychain::default(), "2026-11-22T00:00:00.000Z")
        .unwrap();
    let verified = verify(folder.path()).unwrap();
    let remarks: Vec<_> = verified
        .remarks
        .iter()
        .map(|r| (r.class, r.sequence))
        .collect();
    // Ten seconds are what two instances may differ; the checkpoint is an hour before entry 2.
    assert_eq!(
        remarks,
        [(RemarkClass::ClockBack, 4), (RemarkClass::ClockAhead, 2)]
    );
}
