//! Personal fields wait for delivery, encrypted, until every repository has them, and no longer.

use std::path::Path;

use inzage_core::domain::event::{LockCause, What};

use super::checkpoints::{Keychain, more};
use super::{
    BSN, event, keys_of, lookup, open, opened, organisation, place, random, raw, released,
};
use crate::audit_event::{for_checkpoint, for_heartbeat, for_other_sink, for_repository_sealed};
use crate::{
    LOG_FILE, LogError, NotOpened, OpenedAt, Outbox, OutboxKey, Receives, Retention, ViewLog, Who,
    verify,
};

const OWN: (&str, Receives) = ("repository", Receives::OwnRepository);
const REGION: (&str, Receives) = ("region", Receives::Pseudonyms);

fn key(seed: u64) -> OutboxKey {
    OutboxKey::generate(&mut random(seed)).unwrap()
}

/// Head at 1, five releases at 2 to 6, with an outbox.
fn log(folder: &Path) -> (ViewLog, Outbox) {
    let (log, _) = open(folder);
    let mut log = log.with_outbox(key(7));
    let mut outbox = Outbox::open(folder, Some(key(7))).unwrap();
    outbox.register(&[OWN, REGION]).unwrap();
    for number in 0..5 {
        let _receipt = log.append_released(&released(number)).unwrap();
    }
    (log, outbox)
}

fn rows(folder: &Path) -> Vec<u64> {
    let connection = raw(folder);
    let mut statement = connection
        .prepare("SELECT sequence FROM outbox ORDER BY sequence")
        .unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

fn numbers(outbox: &Outbox, sink: &str) -> Vec<u64> {
    let undelivered = outbox.undelivered(sink, 100).unwrap();
    undelivered.iter().map(|u| u.entry.sequence).collect()
}

#[test]
fn what_waits_opens_for_the_repository_and_is_withheld_from_every_other_sink() {
    let folder = tempfile::tempdir().unwrap();
    let (_log, outbox) = log(folder.path());
    let ours = outbox.undelivered("repository", 100).unwrap();
    assert_eq!(ours.len(), 6);
    assert!(matches!(ours[0].who, Who::Nobody), "a head");
    for (number, undelivered) in (0..).zip(&ours[1..]) {
        let Who::Opened(event) = &undelivered.who else {
            panic!("{undelivered:?}");
        };
        assert_eq!(**event, released(number));
    }
    let theirs = outbox.undelivered("region", 2).unwrap();
    assert_eq!(theirs.len(), 2);
    assert!(matches!(theirs[1].who, Who::Withheld));
    assert!(outbox.undelivered("nobody", 1).is_err());
    for name in [LOG_FILE, "viewlog.sqlite-wal"] {
        let bytes = std::fs::read(folder.path().join(name)).unwrap();
        assert!(!bytes.windows(9).any(|w| w == BSN.as_bytes()), "{name}");
    }
    verify(folder.path()).unwrap();
}

#[test]
fn a_row_stays_until_every_repository_acknowledged_and_no_longer() {
    let folder = tempfile::tempdir().unwrap();
    let (mut log, mut outbox) = log(folder.path());
    let second = ("second", Receives::OwnRepository);
    outbox.register(&[OWN, REGION, second]).unwrap();
    assert_eq!(rows(folder.path()), [2, 3, 4, 5, 6]);
    let kept: Vec<u8> = raw(folder.path())
        .query_row(
            "SELECT personal FROM outbox WHERE sequence = 4",
            [],
            |row| row.get(0),
        )
        .unwrap();

    outbox.acknowledge("repository", 4).unwrap();
    outbox.acknowledge("region", 6).unwrap();
    assert_eq!(rows(folder.path()), [2, 3, 4, 5, 6], "the second has none");
    outbox.acknowledge("second", 3).unwrap();
    assert_eq!(rows(folder.path()), [4, 5, 6]);
    // Never back, and not further than the log.
    outbox.acknowledge("second", 2).unwrap();
    assert_eq!(numbers(&outbox, "second"), [4, 5, 6]);
    assert!(matches!(
        outbox.acknowledge("second", 7),
        Err(LogError::Invalid { .. })
    ));
    outbox.acknowledge("second", 6).unwrap();
    outbox.acknowledge("repository", 6).unwrap();
    assert!(rows(folder.path()).is_empty());
    // Nor do the bytes stand anywhere in the files.
    for name in [LOG_FILE, "viewlog.sqlite-wal"] {
        let bytes = std::fs::read(folder.path().join(name)).unwrap();
        assert!(!bytes.windows(32).any(|w| w == &kept[..32]), "{name}");
    }
    let state = outbox.state("repository").unwrap();
    assert_eq!((state.acknowledged, state.last), (6, 6));
    assert_eq!(state.oldest_undelivered, None);
    log.append(&event(What::Objected)).unwrap();
    let state = outbox.state("repository").unwrap();
    assert_eq!(state.oldest_undelivered, Some(event(What::Objected).at));
    verify(folder.path()).unwrap();
}

#[test]
fn a_sink_that_is_no_longer_configured_keeps_nothing_here() {
    let folder = tempfile::tempdir().unwrap();
    let (_log, mut outbox) = log(folder.path());
    outbox.acknowledge("region", 6).unwrap();
    assert_eq!(outbox.register(&[REGION]).unwrap(), ["repository"]);
    assert!(rows(folder.path()).is_empty());
    assert!(outbox.undelivered("repository", 1).is_err());
    assert!(numbers(&outbox, "region").is_empty(), "its place is kept");
    // Another receiver under the old name starts anew, and what is gone goes sealed.
    outbox.register(&[OWN, REGION]).unwrap();
    assert_eq!(numbers(&outbox, "repository"), [1, 2, 3, 4, 5, 6]);
    let second = &outbox.undelivered("repository", 2).unwrap()[1];
    assert!(matches!(second.who, Who::NotOpened(NotOpened::NotKept)));
    assert!(
        outbox
            .register(&[OWN, ("repository", Receives::Pseudonyms)])
            .is_err()
    );
    assert!(outbox.register(&[("", Receives::Pseudonyms)]).is_err());
}

#[test]
fn without_the_key_an_entry_is_delivered_sealed_with_its_key_id_and_flagged() {
    let folder = tempfile::tempdir().unwrap();
    let (mut log, _) = log(folder.path());
    let mut signed_in = event(What::SignedOut {
        cause: LockCause::User,
    });
    signed_in.patient = None;
    log.append(&signed_in).unwrap();
    let flipped = "UPDATE outbox SET personal = zeroblob(length(personal)) WHERE sequence = 2";
    raw(folder.path()).execute_batch(flipped).unwrap();
    for (held, second, third) in [
        (Some(key(8)), NotOpened::OtherKey, Some(NotOpened::OtherKey)),
        (None, NotOpened::OtherKey, Some(NotOpened::OtherKey)),
        (Some(key(7)), NotOpened::Damaged, None),
    ] {
        let outbox = Outbox::open(folder.path(), held).unwrap();
        let undelivered = outbox.undelivered("repository", 100).unwrap();
        let why = |at: usize| match &undelivered[at].who {
            Who::NotOpened(why) => Some(*why),
            _ => None,
        };
        assert_eq!((why(1), why(2)), (Some(second), third));
        let log_id = outbox.log_id().unwrap();
        for at in [1, 6] {
            let entry = &undelivered[at].entry;
            let made = for_repository_sealed(entry, &log_id, second);
            let text = serde_json::to_string(&made).unwrap();
            assert!(text.contains(r#""system":"urn:inzage:sealed""#), "{text}");
            assert!(text.contains(&format!(
                r#""type":"sealed_to_key","valueString":"{}""#,
                entry.seal_key
            )));
            assert!(text.contains(&format!(
                r#""system":"urn:inzage:not_opened","code":"{}""#,
                second.code()
            )));
            assert!(!text.contains(BSN));
            // Who holds the organisation's key reads it all the same.
            assert!(entry.unseal(&organisation(1)).unwrap().actor.is_some());
        }
    }
}

#[test]
fn a_row_opens_for_its_own_entry_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (_log, outbox) = log(folder.path());
    let swap = "UPDATE outbox SET personal = (SELECT personal FROM outbox WHERE sequence = 3) WHERE sequence = 2";
    raw(folder.path()).execute_batch(swap).unwrap();
    let second = &outbox.undelivered("repository", 2).unwrap()[1];
    assert!(matches!(second.who, Who::NotOpened(NotOpened::Damaged)));
}

#[test]
fn an_entry_that_was_not_written_has_no_row() {
    let folder = tempfile::tempdir().unwrap();
    let (mut log, _) = log(folder.path());
    let holder = raw(folder.path());
    let stop = "CREATE TRIGGER stop BEFORE INSERT ON entry BEGIN SELECT RAISE(ABORT, 'stop'); END";
    holder.execute_batch(stop).unwrap();
    assert!(log.append_released(&released(9)).is_err());
    assert_eq!(rows(folder.path()), [2, 3, 4, 5, 6]);
}

#[test]
fn without_an_outbox_key_nothing_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let (mut log, _) = open(folder.path());
    more(&mut log, 2);
    assert!(rows(folder.path()).is_empty());
}

#[test]
fn checkpoints_are_delivered_in_order_behind_their_entries_and_keep_no_old_entry() {
    let folder = tempfile::tempdir().unwrap();
    let (mut log, mut outbox) = log(folder.path());
    let mut keychain = Keychain::default();
    log.checkpoint(&mut keychain, "2026-11-22T03:00:00.000Z")
        .unwrap();
    more(&mut log, 2);
    log.checkpoint(&mut keychain, "2026-11-22T04:00:00.000Z")
        .unwrap();
    let due = |outbox: &Outbox| -> Vec<u64> {
        let notes = outbox.checkpoints("region", 10).unwrap();
        notes.iter().map(|note| note.number).collect()
    };
    assert!(due(&outbox).is_empty(), "no entry was acknowledged");
    outbox.acknowledge("region", 6).unwrap();
    assert_eq!(due(&outbox), [1]);
    outbox.acknowledge("region", 8).unwrap();
    assert_eq!(due(&outbox), [1, 2]);
    outbox.acknowledge_checkpoint("region", 1).unwrap();
    assert_eq!(due(&outbox), [2]);
    assert_eq!(outbox.newest_checkpoint().unwrap().unwrap().number, 2);

    // Two checkpoints acknowledged at most, and yet what is old may go.
    outbox.acknowledge("repository", 8).unwrap();
    let later = OpenedAt {
        at: "2031-12-01T12:00:00.000Z".into(),
        place: place(),
    };
    more(&mut log, 1);
    log.checkpoint(&mut keychain, &later.at).unwrap();
    let expiry = log.expire(Retention::default(), &later, u64::MAX).unwrap();
    assert_eq!((expiry.entries, expiry.last), (7, 8));
}

#[test]
fn a_checkpoint_and_a_heartbeat_carry_the_note_byte_for_byte_and_nothing_personal() {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let folder = tempfile::tempdir().unwrap();
    let (mut log, outbox) = log(folder.path());
    let at = "2026-11-22T03:00:00.000Z";
    log.checkpoint(&mut Keychain::default(), at).unwrap();
    let newest = outbox.newest_checkpoint().unwrap().unwrap();
    let (log_id, place) = (outbox.log_id().unwrap(), outbox.place().unwrap());
    let checkpoint = for_checkpoint(&newest, &log_id, &place);
    let heartbeat = for_heartbeat(6, Some(&newest), &log_id, &place, at);
    assert_eq!(checkpoint.recorded(), at);
    for made in [checkpoint, heartbeat] {
        assert!(made.id().len() <= 64, "{}", made.id());
        let text = serde_json::to_string(&made).unwrap();
        assert!(text.contains(&STANDARD.encode(&newest.note)), "{text}");
        assert!(!text.contains(BSN) && !text.contains("assistente"));
    }
}

#[test]
fn one_instance_at_a_time_delivers() {
    let folder = tempfile::tempdir().unwrap();
    let (_log, outbox) = log(folder.path());
    let other = Outbox::open(folder.path(), None).unwrap();
    let turn = outbox.take_turn().unwrap();
    assert!(turn.is_some());
    assert!(other.take_turn().unwrap().is_none());
    drop(turn);
    assert!(other.take_turn().unwrap().is_some());
}

#[test]
fn the_same_entry_has_the_same_tag_for_every_receiver() {
    let folder = tempfile::tempdir().unwrap();
    let (mut log, outbox) = log(folder.path());
    drop(log.append(&event(What::Objected)));
    let log_id = outbox.log_id().unwrap();
    let entry = &outbox.undelivered("region", 1).unwrap()[0].entry;
    let made = for_other_sink(entry, &log_id);
    assert_eq!(
        made.own_tag(),
        format!("urn:inzage:entry|{}-1", log_id.as_str())
    );
    let again = ViewLog::open(
        folder.path(),
        keys_of(&organisation(1), &lookup(2)),
        &opened(),
        random(3),
    );
    drop(again);
    assert_eq!(outbox.log_id().unwrap(), log_id);
}
