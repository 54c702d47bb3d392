//! That each index says what its table says, in one pass over each.
//!
//! SQLite's own check looks each row up in each index: over a long log a million times somewhere in
//! the file. Here the entries of an index are gone through as they stand. They must be in order, and
//! their sum must be that of the rows, so that whatever is looked for is found.

use std::hash::{BuildHasher, RandomState};

use rusqlite::Connection;
use rusqlite::types::ValueRef;

use super::fault::{Fault, FaultClass};
use crate::canonical::{Columns, SEGMENT_STARTED};

/// How many, and the sum of their hashes under a key that whoever wrote the file cannot know: other
/// entries add up to the same once in 2^64.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Sum {
    count: u64,
    hashes: u64,
}

/// What an index holds: a text, or a number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Key<'a> {
    Number(i64),
    Text(&'a [u8]),
}

impl Sum {
    fn add(&mut self, secret: &RandomState, key: &Key<'_>, sequence: i64) {
        self.count += 1;
        let hash = secret.hash_one((key, sequence));
        self.hashes = self.hashes.wrapping_add(hash);
    }
}

/// The sums of all indexes; those of the rows are made while the entries are gone through.
#[derive(Debug, Clone, Default)]
pub(super) struct Indexed {
    secret: RandomState,
    sums: [Sum; 3],
}

/// In the order of the sums.
const INDEXES: [(&str, &str); 3] = [
    (
        "entry_patient",
        "SELECT patient_lookup, sequence FROM entry INDEXED BY entry_patient WHERE patient_lookup IS NOT NULL",
    ),
    (
        "entry_user",
        "SELECT user_lookup, sequence FROM entry INDEXED BY entry_user WHERE user_lookup IS NOT NULL",
    ),
    (
        "segment_head",
        "SELECT segment, sequence FROM entry INDEXED BY segment_head WHERE event = 'segment_started'",
    ),
];

impl Indexed {
    /// With the same secret, and nothing in it.
    pub(super) fn emptied(&self) -> Self {
        Self {
            secret: self.secret.clone(),
            sums: Default::default(),
        }
    }

    /// A row whose columns say what its bytes say.
    pub(super) fn row(&mut self, columns: &Columns<'_>, sequence: u64) {
        let sequence = i64::try_from(sequence).unwrap_or(i64::MAX);
        let [patient, user, head] = &mut self.sums;
        for (sum, text) in [
            (patient, columns.patient_lookup),
            (user, columns.user_lookup),
        ] {
            if let Some(text) = text {
                sum.add(&self.secret, &Key::Text(text.as_bytes()), sequence);
            }
        }
        if columns.event == SEGMENT_STARTED {
            let segment = i64::try_from(columns.segment).unwrap_or(i64::MAX);
            head.add(&self.secret, &Key::Number(segment), sequence);
        }
    }

    /// Reads all indexes as they stand.
    pub(super) fn read(mut self, connection: &Connection) -> Result<Self, Fault> {
        for (sum, (_, sql)) in self.sums.iter_mut().zip(INDEXES) {
            match read(connection, sql, &self.secret) {
                Ok(Some(read)) => *sum = read,
                Ok(None) => return Err(contradicts()),
                Err(error) => return Err(Fault::of_sql(&error, None)),
            }
        }
        Ok(self)
    }

    /// Whether the indexes say what the rows say.
    pub(super) fn agrees(&self, rows: &Self) -> Result<(), Fault> {
        if self.sums == rows.sums {
            Ok(())
        } else {
            Err(contradicts())
        }
    }
}

/// `None` where it is out of order or holds what it cannot.
fn read(connection: &Connection, sql: &str, secret: &RandomState) -> rusqlite::Result<Option<Sum>> {
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([])?;
    let mut sum = Sum::default();
    let mut before: Option<(Vec<u8>, i64, i64)> = None;
    while let Some(row) = rows.next()? {
        let sequence: i64 = row.get(1)?;
        let (text, number) = match row.get_ref(0)? {
            ValueRef::Text(text) => (text, 0),
            ValueRef::Integer(number) => (&[][..], number),
            _ => return Ok(None),
        };
        if let Some((last, last_number, last_sequence)) = &mut before {
            let in_order =
                (last.as_slice(), *last_number, *last_sequence) < (text, number, sequence);
            if !in_order {
                return Ok(None);
            }
            last.clear();
            last.extend_from_slice(text);
            (*last_number, *last_sequence) = (number, sequence);
        } else {
            before = Some((text.to_vec(), number, sequence));
        }
        let key = match row.get_ref(0)? {
            ValueRef::Text(text) => Key::Text(text),
            _ => Key::Number(number),
        };
        sum.add(secret, &key, sequence);
    }
    Ok(Some(sum))
}

const fn contradicts() -> Fault {
    Fault::new(
        FaultClass::Storage,
        None,
        "an index does not say what its table says",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{SCHEMA_VERSION, schema};

    /// Otherwise the rows would be read once more, and the index not.
    #[test]
    fn each_index_is_read_itself_and_as_it_stands() {
        let connection = Connection::open_in_memory().unwrap();
        for (_, sql) in schema(SCHEMA_VERSION) {
            if sql.starts_with("CREATE TABLE") {
                connection.execute_batch(sql).unwrap();
            }
        }
        for (_, sql) in schema(SCHEMA_VERSION) {
            if sql.starts_with("CREATE INDEX") {
                connection.execute_batch(sql).unwrap();
            }
        }
        for (index, sql) in INDEXES {
            let plan: Vec<String> = connection
                .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
                .unwrap()
                .query_map([], |row| row.get(3))
                .unwrap()
                .map(Result::unwrap)
                .collect();
            let [only] = plan.as_slice() else {
                panic!("{plan:?}")
            };
            assert!(
                only.contains("COVERING INDEX") && only.contains(index),
                "{only}"
            );
        }
        let count = schema(SCHEMA_VERSION)
            .iter()
            .filter(|(_, sql)| sql.starts_with("CREATE INDEX"))
            .count();
        assert_eq!(count, INDEXES.len(), "an index that nobody looks at");
    }
}
