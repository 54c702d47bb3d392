//! Someone with the file and SQL: the class of what they did is named.

use std::path::Path;
use std::sync::LazyLock;

use rusqlite::Connection;

use super::{Choice, campaign, raw, small_log};
use crate::store::SCHEMA;
use crate::verify::verify_in_turn;
use crate::{Fault, FaultClass, Known, LOG_FILE, verify};

/// Without the triggers, which stop nobody who has the file, and with them again afterwards.
pub(super) fn without_triggers<T>(folder: &Path, work: impl FnOnce(&Connection) -> T) -> T {
    let connection = raw(folder);
    // Nobody waits for these: what is tried out here need not outlast a power cut.
    connection
        .pragma_update(None, "synchronous", "OFF")
        .unwrap();
    connection.execute_batch("BEGIN").unwrap();
    let triggers = SCHEMA
        .iter()
        .filter(|(_, sql)| sql.starts_with("CREATE TRIGGER"));
    for (name, _) in triggers.clone() {
        connection
            .execute_batch(&format!("DROP TRIGGER {name}"))
            .unwrap();
    }
    let result = work(&connection);
    for (_, create) in triggers {
        connection.execute_batch(create).unwrap();
    }
    connection.execute_batch("COMMIT").unwrap();
    result
}

pub(super) fn tamper(folder: &Path, sql: &str) {
    without_triggers(folder, |connection| connection.execute_batch(sql).unwrap());
}

fn after(sql: &str) -> Fault {
    static WHOLE: LazyLock<Vec<u8>> = LazyLock::new(|| {
        let folder = tempfile::tempdir().unwrap();
        small_log(folder.path(), 9);
        assert_eq!(verify(folder.path()).unwrap().entries, 10);
        std::fs::read(folder.path().join(LOG_FILE)).unwrap()
    });
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(LOG_FILE), WHOLE.as_slice()).unwrap();
    tamper(folder.path(), sql);
    let fault = verify(folder.path()).expect_err(sql);
    let in_turn = verify_in_turn(folder.path(), &Known::default()).expect_err(sql);
    assert_eq!(fault, in_turn, "{sql}");
    fault
}

fn found(sql: &str) -> (FaultClass, Option<u64>) {
    let fault = after(sql);
    (fault.class, fault.sequence)
}

#[test]
fn putting_the_triggers_back_alone_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    small_log(folder.path(), 9);
    let before = verify(folder.path()).unwrap();
    tamper(folder.path(), "");
    assert_eq!(verify(folder.path()).unwrap(), before);
}

#[test]
fn the_file_refuses_updates_and_deletions() {
    let folder = tempfile::tempdir().unwrap();
    small_log(folder.path(), 3);
    let connection = raw(folder.path());
    for sql in [
        "UPDATE entry SET at = 'x'",
        "UPDATE chain SET leaf = x'00'",
        "DELETE FROM entry WHERE sequence = 2",
        "DELETE FROM chain",
    ] {
        let error = connection.execute_batch(sql).unwrap_err().to_string();
        assert!(error.contains("append only"), "{sql}: {error}");
    }
    assert!(verify(folder.path()).is_ok());
}

#[test]
fn of_two_faults_the_first_is_named_whichever_pass_comes_to_it() {
    use FaultClass::{Altered, Missing};
    // The salt is looked at by one pass, columns and what is missing by the other.
    let salt = |at: u64| format!("UPDATE entry SET salt = zeroblob(32) WHERE sequence = {at};");
    let column = |at: u64| format!("UPDATE entry SET segment = 2 WHERE sequence = {at};");
    let gone = |at: u64| format!("DELETE FROM entry WHERE sequence = {at};");
    assert_eq!(found(&(salt(4) + &column(7))), (Altered, Some(4)));
    assert_eq!(found(&(salt(7) + &column(4))), (Altered, Some(4)));
    assert_eq!(found(&(salt(4) + &gone(7))), (Altered, Some(4)));
    assert_eq!(found(&(salt(7) + &gone(4))), (Missing, Some(4)));
    // About one entry, the leaf is what everything else follows from.
    for also in [
        column(4),
        "UPDATE chain SET chain = zeroblob(32) WHERE sequence = 4;".into(),
        "UPDATE chain SET leaf = zeroblob(32) WHERE sequence = 4;".into(),
        "UPDATE chain SET leaf = x'00' WHERE sequence = 4;".into(),
    ] {
        let fault = after(&(salt(4) + &also));
        assert_eq!((fault.class, fault.sequence), (Altered, Some(4)));
        assert_eq!(
            fault.what, "its bytes or salt do not give its leaf",
            "{also}"
        );
    }
}

/// Someone who hides an entry from searches, and leaves every row as it was.
#[test]
fn an_index_that_contradicts_its_table_is_found() {
    for (index, sql) in SCHEMA
        .iter()
        .filter(|(_, sql)| sql.starts_with("CREATE INDEX"))
    {
        for change in [
            "SELECT 1 WHERE FALSE",
            "DELETE FROM other WHERE sequence = (SELECT min(sequence) FROM other WHERE INDEXED)",
            "UPDATE other SET KEY = KEY || '0' WHERE sequence = (SELECT max(sequence) FROM other WHERE INDEXED)",
            "UPDATE other SET sequence = 99 WHERE sequence = (SELECT max(sequence) FROM other WHERE INDEXED)",
            "INSERT INTO other (sequence, segment, event, patient_lookup, user_lookup) VALUES (99, 1, 'segment_started', 'a', 'a')",
        ] {
            let folder = tempfile::tempdir().unwrap();
            small_log(folder.path(), 9);
            let key = sql.split(['(', ')']).nth(1).unwrap();
            let (_, indexed) = sql.split_once(" WHERE ").unwrap();
            // The index of a table that says something else is put in the place of the entry's.
            let of_other = sql
                .replace(index, "swapped")
                .replace("ON entry", "ON other");
            without_triggers(folder.path(), |connection| {
                connection
                    .execute_batch(&format!(
                        "CREATE TABLE other (sequence INTEGER PRIMARY KEY, segment INTEGER NOT NULL, at TEXT, event TEXT NOT NULL, \
                         request_id TEXT, patient_lookup TEXT, user_lookup TEXT, salt BLOB, canonical BLOB) STRICT; \
                         INSERT INTO other SELECT * FROM entry; {}; {of_other}; PRAGMA writable_schema = ON;",
                        change.replace("KEY", key).replace("INDEXED", indexed)
                    ))
                    .unwrap();
                let root = |name: &str| -> i64 {
                    let sql = "SELECT rootpage FROM sqlite_schema WHERE name = ?1";
                    connection.query_row(sql, [name], |row| row.get(0)).unwrap()
                };
                let (ours, swapped) = (root(index), root("swapped"));
                for (name, root) in [(*index, swapped), ("swapped", ours)] {
                    connection
                        .execute(
                            "UPDATE sqlite_schema SET rootpage = ?1 WHERE name = ?2",
                            (root, name),
                        )
                        .unwrap();
                }
                connection
                    .execute_batch("PRAGMA writable_schema = OFF")
                    .unwrap();
            });
            // Opened anew, so that what was swapped is known to be so.
            raw(folder.path())
                .execute_batch("DROP TABLE other")
                .unwrap();
            if change.starts_with("SELECT") {
                assert_eq!(
                    verify(folder.path()).map(|v| v.entries),
                    Ok(10),
                    "put in place unchanged: {sql}"
                );
                continue;
            }
            let fault = verify(folder.path()).expect_err(index);
            assert_eq!(
                (fault.class, fault.sequence),
                (FaultClass::Storage, None),
                "{index} {change}"
            );
            let in_turn = verify_in_turn(folder.path(), &Known::default());
            assert_eq!(in_turn.unwrap_err(), fault);
        }
    }
}

#[test]
fn a_missing_entry_is_named() {
    use FaultClass::Missing;
    let gone = "DELETE FROM entry WHERE sequence = 5; DELETE FROM chain WHERE sequence = 5;";
    assert_eq!(found(gone), (Missing, Some(5)));
    assert_eq!(
        found("DELETE FROM entry WHERE sequence = 5"),
        (Missing, Some(5))
    );
    assert_eq!(
        found("DELETE FROM chain WHERE sequence = 5"),
        (Missing, Some(5))
    );
    assert_eq!(
        found("DELETE FROM entry; DELETE FROM chain;"),
        (Missing, Some(1))
    );
    let first = "DELETE FROM entry WHERE sequence = 1; DELETE FROM chain WHERE sequence = 1;";
    assert_eq!(found(first), (Missing, Some(1)));
    // The gap closed by renumbering what follows.
    let closed = format!(
        "{gone} UPDATE entry SET sequence = sequence - 1 WHERE sequence > 5; \
         UPDATE chain SET sequence = sequence - 1 WHERE sequence > 5;"
    );
    assert_eq!(found(&closed), (Missing, Some(5)));
}

#[test]
fn a_moved_entry_is_named() {
    let swap = |table: &str| {
        format!(
            "UPDATE {table} SET sequence = -4 WHERE sequence = 4; \
             UPDATE {table} SET sequence = 4 WHERE sequence = 7; \
             UPDATE {table} SET sequence = 7 WHERE sequence = -4;"
        )
    };
    assert_eq!(found(&swap("entry")), (FaultClass::Reordered, Some(4)));
    let both = swap("entry") + &swap("chain");
    assert_eq!(found(&both), (FaultClass::Reordered, Some(4)));
    assert_eq!(found(&swap("chain")), (FaultClass::Altered, Some(4)));
    let away = "UPDATE entry SET sequence = 99 WHERE sequence = 5; \
                UPDATE chain SET sequence = 99 WHERE sequence = 5;";
    assert_eq!(found(away), (FaultClass::Reordered, Some(5)));
}

#[test]
fn a_repeated_entry_is_named() {
    let copy = "INSERT INTO entry SELECT 11, segment, at, event, request_id, patient_lookup, user_lookup, salt, canonical FROM entry WHERE sequence = 6; \
                INSERT INTO chain SELECT 11, leaf, chain FROM chain WHERE sequence = 6;";
    assert_eq!(found(copy), (FaultClass::Repeated, Some(6)));
    let over = "UPDATE entry SET (salt, canonical) = (SELECT salt, canonical FROM entry WHERE sequence = 6) WHERE sequence = 3";
    assert_eq!(found(over), (FaultClass::Repeated, Some(6)));
}

#[test]
fn every_changed_column_is_named() {
    for (set, what) in [
        (
            "at = '2026-11-22T01:14:05.124Z'",
            "its column at differs from its bytes",
        ),
        (
            "event = 'displayed'",
            "its column event differs from its bytes",
        ),
        (
            "request_id = NULL",
            "its column request_id differs from its bytes",
        ),
        (
            "patient_lookup = NULL",
            "its column patient_lookup differs from its bytes",
        ),
        (
            "user_lookup = upper(user_lookup)",
            "its column user_lookup differs from its bytes",
        ),
        ("segment = 2", "its column segment differs from its bytes"),
        (
            "salt = randomblob(32)",
            "its bytes or salt do not give its leaf",
        ),
        ("salt = zeroblob(31)", "the length of its salt"),
        ("canonical = zeroblob(10)", "its canonical bytes"),
        (
            "canonical = CAST(replace(CAST(canonical AS TEXT), 'Vliet', 'Vloot') AS BLOB)",
            "its bytes or salt do not give its leaf",
        ),
    ] {
        let fault = after(&format!("UPDATE entry SET {set} WHERE sequence = 3"));
        assert_eq!(
            fault,
            Fault {
                class: FaultClass::Altered,
                sequence: Some(3),
                checkpoint: None,
                what
            },
            "{set}"
        );
    }
    for set in [
        "leaf = randomblob(32)",
        "chain = randomblob(32)",
        "chain = x''",
    ] {
        assert_eq!(
            found(&format!("UPDATE chain SET {set} WHERE sequence = 3")),
            (FaultClass::Altered, Some(3))
        );
    }
}

#[test]
fn a_changed_schema_is_named() {
    let fault = after("CREATE TABLE more (x TEXT) STRICT");
    assert_eq!((fault.class, fault.sequence), (FaultClass::Altered, None));
    let folder = tempfile::tempdir().unwrap();
    small_log(folder.path(), 2);
    raw(folder.path())
        .execute_batch("DROP TRIGGER entry_no_delete")
        .unwrap();
    assert_eq!(
        verify(folder.path()).unwrap_err().class,
        FaultClass::Altered
    );
    raw(folder.path())
        .execute_batch("DROP TABLE chain")
        .unwrap();
    assert_eq!(
        verify(folder.path()).unwrap_err().class,
        FaultClass::Altered
    );
}

/// Entries written by someone who knows the formulas, from `from` on.
pub(super) fn reseal(folder: &Path, from: u64, change: impl Fn(u64, String) -> String) {
    without_triggers(folder, |connection| {
        for sequence in from..=verify_count(connection) {
            let (salt, bytes): (Vec<u8>, Vec<u8>) = connection
                .query_row(
                    "SELECT salt, canonical FROM entry WHERE sequence = ?1",
                    [sequence],
                    |row| Ok((row.get(0)?, row.get(1)?)),
                )
                .unwrap();
            let bytes = change(sequence, String::from_utf8(bytes).unwrap()).into_bytes();
            let before =
                crate::store::chain_at(connection, sequence - 1).unwrap_or(crate::Hash::ORIGIN);
            let leaf = crate::hash::leaf(&salt, &bytes);
            let chain = crate::hash::link(&before, &leaf);
            connection
                .execute(
                    "UPDATE entry SET canonical = ?2 WHERE sequence = ?1",
                    (sequence, bytes),
                )
                .unwrap();
            connection
                .execute(
                    "UPDATE chain SET leaf = ?2, chain = ?3 WHERE sequence = ?1",
                    (sequence, leaf.as_bytes(), chain.as_bytes()),
                )
                .unwrap();
        }
    });
}

fn verify_count(connection: &Connection) -> u64 {
    connection
        .query_row("SELECT max(sequence) FROM entry", [], |row| row.get(0))
        .unwrap()
}

#[test]
fn what_was_chained_anew_is_still_held_against_the_format() {
    let change = |from: &'static str, to: &'static str, at: u64| {
        let folder = tempfile::tempdir().unwrap();
        small_log(folder.path(), 5);
        reseal(folder.path(), at, |sequence, text| {
            if sequence == at {
                text.replacen(from, to, 1)
            } else {
                text
            }
        });
        let fault = verify(folder.path()).expect_err(to);
        (fault.class, fault.sequence)
    };
    assert_eq!(
        change("{\"v\":1", "{\"v\":2", 3),
        (FaultClass::UnknownVersion, Some(3))
    );
    assert_eq!(
        change("\"place\"", " \"place\"", 3),
        (FaultClass::Malformed, Some(3))
    );
    assert_eq!(
        change("\"head\":null", "\"head\":[]", 3),
        (FaultClass::Malformed, Some(3))
    );
    assert_eq!(
        change("\"lookup_key\":\"", "\"lookup_key\":\"0", 3),
        (FaultClass::Segment, Some(3))
    );
    assert_eq!(
        change("\"previous\":\"0", "\"previous\":\"1", 1),
        (FaultClass::Segment, Some(1))
    );
    assert_eq!(
        change("\"organisation_key\":\"", "\"organisation_key\":\"x", 1),
        (FaultClass::Segment, Some(1))
    );
    assert_eq!(
        change("\"log\":\"", "\"log\":\"X", 1),
        (FaultClass::Segment, Some(1))
    );
    assert_eq!(
        change("T01:14", "T02:14", 3),
        (FaultClass::Altered, Some(3))
    );
}

/// It would be in order, and stand in no period that an overview is asked for.
#[test]
fn a_time_that_is_none_is_named_however_well_it_is_chained() {
    let at = "2026-11-22T01:14:05.123Z";
    for none in [
        "~x",
        "",
        "2026-11-22",
        "2026-11-22T01:14:05Z",
        "2026-11-22T02:14:05.123+01:00",
        "2026-11-22t01:14:05.123z",
        "2026-11-22 01:14:05.123Z",
        "2026-11-22T1:14:05.1234Z",
        "2026-13-22T01:14:05.123Z",
        "2026-11-31T01:14:05.123Z",
        "2026-11-22T24:14:05.123Z",
        "2026-11-22T01:60:05.123Z",
        "2026-11-22T01:14:61.123Z",
        "2026-11-22T01:14:05.12éZ",
    ] {
        let folder = tempfile::tempdir().unwrap();
        small_log(folder.path(), 5);
        reseal(folder.path(), 3, |sequence, text| match sequence {
            3 => text.replacen(at, none, 1),
            _ => text,
        });
        let column = format!("UPDATE entry SET at = '{none}' WHERE sequence = 3");
        tamper(folder.path(), &column);
        let fault = verify(folder.path()).expect_err(none);
        assert_eq!(
            (fault.class, fault.sequence),
            (FaultClass::Malformed, Some(3)),
            "{none}"
        );
    }
}

/// Said in so many words, because it is the limit of a chain: whoever rewrites
/// everything after, or cuts the end off, is found only by what was noted elsewhere.
#[test]
fn a_cut_tail_is_not_visible_and_the_head_tells_who_noted_it() {
    let folder = tempfile::tempdir().unwrap();
    small_log(folder.path(), 9);
    let noted = verify(folder.path()).unwrap().head;
    tamper(
        folder.path(),
        "DELETE FROM entry WHERE sequence > 6; DELETE FROM chain WHERE sequence > 6;",
    );
    let cut = verify(folder.path()).expect("a chain alone does not show it");
    assert_ne!(cut.head, noted);
    assert!(
        cut.to_string()
            .contains("cut off at the end leave no trace")
    );
}

#[test]
fn random_edits_of_random_cells_are_all_found() {
    let mut choice = Choice(0x1234_5678_9abc_def1);
    for round in 0..campaign("INZAGE_EDITS", 150) {
        let at = 1 + choice.below(10);
        let (table, column) = [
            ("entry", "at"),
            ("entry", "event"),
            ("entry", "user_lookup"),
            ("entry", "salt"),
            ("entry", "canonical"),
            ("chain", "leaf"),
            ("chain", "chain"),
        ][choice.below(7) as usize];
        let place = 1 + choice.below(20);
        // One character or byte replaced by another, whatever stands there.
        let sql = format!(
            "UPDATE {table} SET {column} = CASE WHEN typeof({column}) = 'text' \
             THEN substr({column}, 1, {place} - 1) || '~' || substr({column}, {place} + 1) \
             WHEN {column} IS NULL THEN 'x' \
             ELSE CAST(substr({column}, 1, {place} - 1) || CASE substr({column}, {place}, 1) WHEN x'7e' THEN x'7f' ELSE x'7e' END || substr({column}, {place} + 1) AS BLOB) END \
             WHERE sequence = {at}"
        );
        let (class, sequence) = found(&sql);
        assert_eq!(
            (class, sequence),
            (FaultClass::Altered, Some(at)),
            "round {round}: {sql}"
        );
    }
}

/// No tampering with triggers is needed for this: an expiry that the chain does not tell of is none.
#[test]
fn content_that_was_deleted_as_if_it_had_expired_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    small_log(folder.path(), 9);
    let connection = raw(folder.path());
    let delete = "DELETE FROM entry WHERE sequence = 3";
    assert!(connection.execute_batch(delete).is_err());
    connection
        .execute_batch("INSERT INTO expired (number, last, entry) VALUES (1, 4, 9)")
        .unwrap();
    connection.execute_batch(delete).unwrap();
    assert!(
        connection
            .execute_batch("DELETE FROM entry WHERE sequence = 1")
            .is_err()
    );
    assert!(
        connection
            .execute_batch("DELETE FROM entry WHERE sequence = 5")
            .is_err()
    );
    drop(connection);
    let fault = verify(folder.path()).unwrap_err();
    assert_eq!(
        (fault.class, fault.sequence),
        (FaultClass::Missing, Some(3))
    );
}
