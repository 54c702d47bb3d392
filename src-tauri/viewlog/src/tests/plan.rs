//! Searches go through their index, however long the log is; a file of an older version is taken over.

use super::{BSN, bsn, open, raw, small_log};
use crate::store::{SCHEMA_VERSION, schema};
use crate::verify;

#[test]
fn finding_a_patient_or_a_user_reads_no_whole_table() {
    let folder = tempfile::tempdir().unwrap();
    small_log(folder.path(), 3);
    let connection = raw(folder.path());
    for (sql, index) in [
        (
            "SELECT sequence FROM entry WHERE patient_lookup = ?1 ORDER BY sequence",
            "entry_patient",
        ),
        (
            "SELECT sequence FROM entry WHERE user_lookup = ?1 ORDER BY sequence",
            "entry_user",
        ),
    ] {
        let plan: String = connection
            .query_row(&format!("EXPLAIN QUERY PLAN {sql}"), ["x"], |row| {
                row.get(3)
            })
            .unwrap();
        assert!(plan.contains("SEARCH") && plan.contains(index), "{plan}");
    }
}

/// Makes the tables those of version 1, as the first release wrote them.
fn downgrade(folder: &std::path::Path) {
    let connection = raw(folder);
    for (name, sql) in schema(SCHEMA_VERSION) {
        if schema(1).contains(&(name, sql)) {
            continue;
        }
        let kind = sql.split(' ').nth(1).unwrap();
        connection
            .execute_batch(&format!("DROP {kind} IF EXISTS {name}"))
            .unwrap();
    }
    for (name, sql) in schema(1) {
        if !schema(SCHEMA_VERSION).contains(&(name, sql)) {
            connection.execute_batch(sql).unwrap();
        }
    }
    connection.pragma_update(None, "user_version", 1).unwrap();
}

#[test]
fn a_log_of_version_1_verifies_and_goes_on_as_version_2() {
    let folder = tempfile::tempdir().unwrap();
    small_log(folder.path(), 5);
    let before = verify(folder.path()).unwrap();
    downgrade(folder.path());
    assert_eq!(verify(folder.path()).unwrap(), before);

    let (log, _) = open(folder.path());
    let found = log
        .reader()
        .unwrap()
        .find_patient(&bsn(BSN), &[log.keys().lookup.clone()])
        .unwrap();
    assert!(!found.entries.is_empty());
    drop(log);
    assert_eq!(verify(folder.path()).unwrap(), before);
    let version: i32 = raw(folder.path())
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .unwrap();
    assert_eq!(version, SCHEMA_VERSION);
}
