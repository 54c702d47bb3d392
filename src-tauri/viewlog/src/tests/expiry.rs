//! Content goes when its time has come, and never before; everything else still verifies.

use std::path::Path;

use inzage_core::domain::event::What;

use super::checkpoints::{Keychain, more};
use super::{BSN, bsn, event, keys_of, lookup, open, opened, organisation, place, random, raw};
use super::{released, tamper::tamper};
use crate::{
    EXPIRE_ENTRIES_MAX, Expiry, FaultClass, LOG_FILE, OpenedAt, Retention, ViewLog, verify_against,
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

/// Heads at 1 and 8, entries of 2026 up to 12 under checkpoints of 2026, then two of 2031.
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

/// An expiry can be written by anybody who knows the formulas. That what it deletes was old cannot be
/// made up: it takes a checkpoint of that time.
#[test]
fn an_expiry_that_was_not_due_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let (mut log, keychain) = old_log(folder.path());
    more(&mut log, 1);
    drop(log);
    // The last entry made an expiry of everything, and chained anew.
    let forged =
        "\"what\":{\"event\":\"expired\",\"last\":14,\"before\":\"2026-11-28\",\"years\":5}";
    super::tamper::reseal(folder.path(), 15, |_, text| {
        text.replacen("\"what\":{\"event\":\"objected\"}", forged, 1)
            .replacen("\"at\":\"2026-11-22", "\"at\":\"2031-12-01", 1)
    });
    tamper(
        folder.path(),
        "UPDATE entry SET event = 'expired', at = '2031-12-01' || substr(at, 11) WHERE sequence = 15; \
         INSERT INTO expired VALUES (1, 14, 15); \
         DELETE FROM entry WHERE sequence < 15 AND event <> 'segment_started'",
    );
    let fault = verify_against(folder.path(), &keychain.known()).unwrap_err();
    assert_eq!(
        (fault.class, fault.sequence),
        (FaultClass::Missing, Some(2))
    );
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
