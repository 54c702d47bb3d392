//! Content goes when its time has come, and never before; everything else still verifies.

use std::path::Path;

use inzage_core::domain::event::What;

use super::checkpoints::{AT, Keychain, more};
use super::{BSN, bsn, event, keys_of, lookup, open, opened, organisation, place, random, raw};
use super::{released, tamper::tamper};
use crate::canonical::Canonical;
use crate::log::put;
use crate::store::tip;
use crate::{
    EXPIRE_ENTRIES_MAX, Expiry, FaultClass, Known, LOG_FILE, LogError, OpenedAt, Retention,
    ViewLog, verify_against,
};

/// More than five years after the day of [`event`].
const LATER: &str = "2031-12-01T12:00:00.000Z";

fn at(at: &str) -> OpenedAt {
    OpenedAt {
        at: at.into(),
        place: place(),
    }
}

pub(super) fn expire(log: &mut ViewLog, acknowledged: u64) -> Expiry {
    log.expire(Retention::default(), &at(LATER), acknowledged)
        .unwrap()
}

/// Heads at 1 and 8, entries of 2026 up to 12 under checkpoints of 2026, then two under one of 2031.
pub(super) fn old_log(folder: &Path) -> (ViewLog, Keychain) {
    let mut keychain = Keychain::default();
    let (mut log, _) = open(folder);
    for number in 0..6 {
        let _receipt = log.append_released(&released(number)).unwrap();
    }
    log.checkpoint(&mut keychain, "2026-11-22T03:00:00.000Z")
        .unwrap();
    drop(log);
    let keys = keys_of(&organisation(1), &lookup(77));
    let (mut log, _) = ViewLog::open(folder, keys, &opened(), random(5)).unwrap();
    more(&mut log, 4);
    log.checkpoint(&mut keychain, "2026-11-23T03:00:00.000Z")
        .unwrap();
    for _ in 0..2 {
        let mut event = event(What::Objected);
        event.at = "2031-11-30T12:00:00.000Z".into();
        log.append(&event).unwrap();
    }
    log.checkpoint(&mut keychain, LATER).unwrap();
    (log, keychain)
}

#[test]
fn content_expires_and_everything_else_still_verifies_and_reads() {
    let folder = tempfile::tempdir().unwrap();
    let (mut log, mut keychain) = old_log(folder.path());
    let before = verify_against(folder.path(), &keychain.known()).unwrap();
    let secrets: Vec<Vec<u8>> = {
        let connection = raw(folder.path());
        let mut statement = connection
            .prepare("SELECT salt FROM entry WHERE sequence <= 12 AND event <> 'segment_started' \
                      UNION ALL SELECT substr(canonical, 20) FROM entry WHERE sequence <= 12 AND event <> 'segment_started'")
            .unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.map(Result::unwrap).collect()
    };
    assert_eq!(secrets.len(), 20);

    let expiry = expire(&mut log, 100);
    let all = Expiry {
        entries: 10,
        last: 12,
        more: false,
        erased: true,
    };
    assert_eq!(expiry, all);
    for name in [LOG_FILE, "viewlog.sqlite-wal"] {
        let bytes = std::fs::read(folder.path().join(name)).unwrap();
        for secret in &secrets {
            let piece = &secret[..secret.len().min(32)];
            assert!(!bytes.windows(piece.len()).any(|w| w == piece), "{name}");
        }
    }
    let after = verify_against(folder.path(), &keychain.known()).unwrap();
    assert_eq!((after.entries, after.expired), (before.entries + 1, 10));
    assert_eq!(after.segments, 2);

    let reader = log.reader().unwrap();
    let numbers = |entries: Vec<crate::LogEntry>| -> Vec<u64> {
        entries.into_iter().map(|entry| entry.sequence).collect()
    };
    assert_eq!(numbers(reader.entries(1, 100).unwrap()), [1, 8, 13, 14, 15]);
    assert_eq!(numbers(reader.recent(2).unwrap()), [15, 14]);
    let found = reader.find_patient(&bsn(BSN), &[lookup(77)]).unwrap();
    assert_eq!(numbers(found.entries), [13, 14]);
    let counts = reader.counts().unwrap();
    assert_eq!((counts.entries, counts.expired), (5, 10));
    assert_eq!(reader.lookup_keys(&organisation(1)).unwrap().len(), 2);

    // Nothing more to do, and the log goes on: entries, checkpoints, a new handle.
    assert_eq!(expire(&mut log, 100), Expiry { entries: 0, ..all });
    more(&mut log, 1);
    drop(log);
    let keys = keys_of(&organisation(1), &lookup(77));
    let (mut log, _) = ViewLog::open(folder.path(), keys, &opened(), random(6)).unwrap();
    log.checkpoint(&mut keychain, LATER).unwrap().unwrap();
    let last = verify_against(folder.path(), &keychain.known()).unwrap();
    assert_eq!(last.checkpoint.unwrap().size, 16);
}

#[test]
fn nothing_expires_before_its_time_its_acknowledgement_or_its_checkpoint() {
    let folder = tempfile::tempdir().unwrap();
    let (mut log, _) = old_log(folder.path());
    let mut last = |years, now: &str, acknowledged| {
        let policy = Retention::of_years(years).unwrap();
        log.expire(policy, &at(now), acknowledged).unwrap().last
    };
    assert_eq!(
        last(5, "2031-11-22T23:00:00.000Z", 100),
        0,
        "five years to the day"
    );
    assert_eq!(last(20, LATER, 100), 0, "another policy");
    assert_eq!(last(5, LATER, 0), 0, "nothing acknowledged");
    assert_eq!(last(5, LATER, 1), 0, "a head alone");
    assert_eq!(last(5, LATER, 3), 3, "as far as acknowledged");
    // The entries are of the 22nd, and the checkpoint that covers 8 to 12 of the 23rd.
    assert_eq!(
        last(5, "2031-11-23T12:00:00.000Z", 100),
        7,
        "as far as covered by then"
    );
    raw(folder.path())
        .execute_batch("INSERT INTO sink VALUES (1, 'repository', 10), (2, 'region', 9)")
        .unwrap();
    assert_eq!(last(5, LATER, 100), 9, "as far as every receiver");
    assert_eq!(Retention::of_years(4), None);
    assert_eq!(Retention::of_years(21), None);
    let nothing = tempfile::tempdir().unwrap();
    let (mut log, _) = open(nothing.path());
    more(&mut log, 3);
    assert_eq!(expire(&mut log, 100).last, 0, "never without a checkpoint");
}

#[test]
fn one_call_deletes_a_bounded_number_of_entries() {
    let folder = tempfile::tempdir().unwrap();
    let (mut log, _) = open(folder.path());
    let mut keychain = Keychain::default();
    more(&mut log, EXPIRE_ENTRIES_MAX + 5);
    log.checkpoint(&mut keychain, "2026-11-23T03:00:00.000Z")
        .unwrap();
    more(&mut log, 1);
    log.checkpoint(&mut keychain, LATER).unwrap();
    let first = expire(&mut log, u64::MAX);
    assert_eq!((first.entries, first.more), (EXPIRE_ENTRIES_MAX, true));
    let second = expire(&mut log, u64::MAX);
    assert_eq!((second.entries, second.more), (5, false));
    let verified = verify_against(folder.path(), &keychain.known()).unwrap();
    assert_eq!(verified.expired, EXPIRE_ENTRIES_MAX + 5);
}

#[test]
fn content_that_is_gone_without_an_expiry_is_missing() {
    let found = |sql: &str| {
        let folder = tempfile::tempdir().unwrap();
        let (mut log, keychain) = old_log(folder.path());
        expire(&mut log, 10);
        drop(log);
        tamper(folder.path(), sql);
        let fault = verify_against(folder.path(), &keychain.known()).expect_err(sql);
        (fault.class, fault.sequence)
    };
    use FaultClass::{Altered, Missing};
    assert_eq!(
        found("DELETE FROM entry WHERE sequence = 11"),
        (Missing, Some(11))
    );
    assert_eq!(
        found("DELETE FROM entry WHERE sequence = 15"),
        (Missing, Some(2))
    );
    assert_eq!(
        found("DELETE FROM entry WHERE sequence = 8"),
        (Missing, Some(11))
    );
    assert_eq!(found("DELETE FROM expired"), (Missing, Some(2)));
    assert_eq!(found("UPDATE expired SET last = 9"), (Missing, Some(2)));
    assert_eq!(found("UPDATE expired SET last = 11"), (Missing, Some(2)));
    assert_eq!(found("UPDATE expired SET entry = 14"), (Missing, Some(2)));
    assert_eq!(
        found("INSERT INTO expired VALUES (2, 12, 15)"),
        (Altered, None)
    );
    assert_eq!(
        found("UPDATE chain SET leaf = randomblob(32) WHERE sequence = 4"),
        (Altered, Some(4))
    );
    let more = "INSERT INTO expired VALUES (2, 12, 15); DELETE FROM entry WHERE sequence = 12";
    assert_eq!(found(more), (Missing, Some(12)));
}

/// Somebody with the file, who knows the formulas and has no key: appends an expiry of everything up to
/// `last`, and deletes what it says. The triggers allow it.
pub(super) fn forge(folder: &Path, last: u64, at: &str, before: &str) {
    let mut connection = raw(folder);
    let transaction = connection.transaction().unwrap();
    let tip = tip(&transaction).unwrap().unwrap();
    let bytes: Vec<u8> = transaction
        .query_row(
            "SELECT canonical FROM entry WHERE sequence = ?1",
            [tip.sequence],
            |row| row.get(0),
        )
        .unwrap();
    let forged = Canonical {
        seq: tip.sequence + 1,
        at: at.into(),
        actor: None,
        request_id: None,
        what: What::Expired {
            last,
            before: before.into(),
            years: 5,
        },
        head: None,
        sealed: None,
        patient_lookup: None,
        user_lookup: None,
        ..Canonical::decode(&bytes).unwrap()
    };
    put(&transaction, &tip.chain, &forged, &[7; 32]).unwrap();
    transaction
        .execute_batch(&format!(
            "INSERT INTO expired SELECT count(*) + 1, {last}, {} FROM expired; \
             DELETE FROM entry WHERE sequence <= {last} AND event NOT IN ('segment_started', 'expired')",
            forged.seq
        ))
        .unwrap();
    transaction.commit().unwrap();
}

/// That what an expiry deletes was old cannot be made up: it takes a checkpoint of that time.
#[test]
fn an_expiry_of_what_is_not_old_is_found() {
    for (last, before) in [(14, "2026-11-28"), (12, "2026-11-23")] {
        let folder = tempfile::tempdir().unwrap();
        let (log, keychain) = old_log(folder.path());
        drop(log);
        forge(folder.path(), last, LATER, before);
        let fault = verify_against(folder.path(), &keychain.known()).unwrap_err();
        assert_eq!(
            (fault.class, fault.sequence),
            (FaultClass::Missing, Some(2)),
            "{before}"
        );
    }
}

/// Nor can it be made up how late it is: whatever day the expiry claims, a checkpoint has to say so.
#[test]
fn an_expiry_of_a_day_that_has_not_come_is_found_and_stays_so() {
    let folder = tempfile::tempdir().unwrap();
    let (mut log, _) = open(folder.path());
    let mut keychain = Keychain::default();
    more(&mut log, 6);
    let signed = log.checkpoint(&mut keychain, AT).unwrap().unwrap();
    drop(log);
    forge(folder.path(), 7, "2033-01-01T00:00:00.000Z", "2028-01-01");
    let known = |keychain: &Keychain| Known {
        witnessed: vec![signed.note.clone()],
        ..keychain.known()
    };
    let missing = |known: &Known| {
        let fault = verify_against(folder.path(), known).unwrap_err();
        assert_eq!(
            (fault.class, fault.sequence),
            (FaultClass::Missing, Some(2))
        );
    };
    missing(&known(&keychain));
    missing(&Known::default());
    // Nor is it right once that day has come, and has been signed.
    let (mut log, _) = open(folder.path());
    for at in ["2026-11-23T03:00:00.000Z", "2033-01-02T03:00:00.000Z"] {
        more(&mut log, 1);
        log.checkpoint(&mut keychain, at).unwrap().unwrap();
        missing(&known(&keychain));
    }
}

/// Said in so many words, because it is the limit: what is old enough for the shortest term, and signed as
/// such, can be made to expire by whoever has the file.
#[test]
fn an_expiry_that_was_due_is_one_whoever_wrote_it() {
    let folder = tempfile::tempdir().unwrap();
    let (log, keychain) = old_log(folder.path());
    drop(log);
    forge(folder.path(), 12, LATER, "2026-12-01");
    let verified = verify_against(folder.path(), &keychain.known()).unwrap();
    assert_eq!(verified.expired, 10);
}

#[test]
fn nothing_expires_by_a_clock_alone_that_no_checkpoint_agrees_with() {
    let folder = tempfile::tempdir().unwrap();
    let (mut log, _) = open(folder.path());
    let mut keychain = Keychain::default();
    more(&mut log, 3);
    log.checkpoint(&mut keychain, AT).unwrap();
    assert_eq!(expire(&mut log, 100).last, 0, "nothing signed on that day");
    more(&mut log, 1);
    log.checkpoint(&mut keychain, LATER).unwrap();
    assert_eq!(expire(&mut log, 100).last, 4, "as soon as it is");
    assert!(verify_against(folder.path(), &keychain.known()).is_ok());
}

/// A checkpoint that was begun before an expiry and written after it is the newest from before it, and
/// not the one that the expiry took its day from.
#[test]
fn a_checkpoint_that_was_being_written_makes_no_expiry_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let (mut log, mut keychain) = old_log(folder.path());
    more(&mut log, 1);
    keychain.dies_after_next();
    // The clock had been set right in between.
    let begun = "2026-11-24T03:00:00.000Z";
    assert_eq!(
        log.checkpoint(&mut keychain, begun),
        Err(LogError::Keychain)
    );
    assert_eq!(expire(&mut log, 100).last, 12);
    let written = log.checkpoint(&mut keychain, LATER).unwrap().unwrap();
    assert_eq!((written.number, written.size), (4, 15));
    more(&mut log, 1);
    log.checkpoint(&mut keychain, LATER).unwrap().unwrap();
    let verified = verify_against(folder.path(), &keychain.known()).unwrap();
    assert_eq!((verified.entries, verified.expired), (17, 10));
}

/// All or nothing: the process dies somewhere in the transaction.
#[test]
fn an_expiry_that_fails_deletes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (mut log, keychain) = old_log(folder.path());
    let holder = raw(folder.path());
    holder
        .execute_batch("CREATE TRIGGER stop BEFORE DELETE ON entry WHEN old.sequence = 9 BEGIN SELECT RAISE(ABORT, 'stop'); END")
        .unwrap();
    let policy = Retention::default();
    assert!(log.expire(policy, &at(LATER), 100).is_err());
    holder.execute_batch("DROP TRIGGER stop").unwrap();
    let verified = verify_against(folder.path(), &keychain.known()).unwrap();
    assert_eq!((verified.entries, verified.expired), (14, 0));
}
