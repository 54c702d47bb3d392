//! Searches go through their index, however long the log is.

use super::{raw, small_log};

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
