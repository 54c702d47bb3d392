//! From the first entry to the last, one after the other.

use inzage_core::domain::event::What;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};

use super::fault::{Fault, FaultClass};
use super::place::{gap, misplaced};
use super::{Head, Verified};
use crate::canonical::{Canonical, NotCanonical};
use crate::hash::{Hash, is_hex, leaf, link};
use crate::keys::OrganisationPublicKey;
use crate::limits::SALT_BYTES;

const LINKS: &str = "SELECT sequence, leaf, chain FROM chain ORDER BY sequence";
const CONTENTS: &str = "SELECT sequence, salt, canonical, segment, at, event, request_id, patient_lookup, user_lookup \
FROM entry ORDER BY sequence";

/// Reads both tables side by side, each once, in the order of the file.
pub(super) fn walk(connection: &Connection) -> Result<Verified, Fault> {
    let sql = |error: rusqlite::Error| Fault::of_sql(&error, None);
    let mut links = connection.prepare(LINKS).map_err(sql)?;
    let mut links = links.query([]).map_err(sql)?;
    let mut contents = connection.prepare(CONTENTS).map_err(sql)?;
    let mut contents = contents.query([]).map_err(sql)?;
    let mut done = Done::default();
    loop {
        let expected = done.entries + 1;
        let sql = |error: rusqlite::Error| Fault::of_sql(&error, Some(expected));
        let link = links.next().map_err(sql)?;
        let content = contents.next().map_err(sql)?;
        if link.is_none() && content.is_none() {
            break;
        }
        let number = Some(i64::try_from(expected).unwrap_or(i64::MAX));
        match (link, content) {
            (Some(link), Some(content))
                if number_of(link) == number && number_of(content) == number =>
            {
                step(connection, link, content, expected, &mut done)?;
            }
            (_, Some(content)) if number_of(content) == number => {
                return Err(Fault::new(
                    FaultClass::Missing,
                    Some(expected),
                    "its link in the chain",
                ));
            }
            _ => return Err(gap(connection, expected)),
        }
    }
    if done.entries == 0 {
        return Err(Fault::new(
            FaultClass::Missing,
            Some(1),
            "the log has no entry, and begins with one",
        ));
    }
    Ok(Verified {
        entries: done.entries,
        segments: done.segment,
        head: Head {
            sequence: done.entries,
            chain: done.chain,
        },
    })
}

fn number_of(row: &Row<'_>) -> Option<i64> {
    row.get(0).ok()
}

/// What the entries so far add up to.
struct Done {
    entries: u64,
    chain: Hash,
    segment: u64,
    log: String,
    lookup_key: String,
    seal_key: String,
}

impl Default for Done {
    fn default() -> Self {
        Self {
            entries: 0,
            chain: Hash::ORIGIN,
            segment: 0,
            log: String::new(),
            lookup_key: String::new(),
            seal_key: String::new(),
        }
    }
}

fn step(
    connection: &Connection,
    stored: &Row<'_>,
    content: &Row<'_>,
    expected: u64,
    done: &mut Done,
) -> Result<(), Fault> {
    let fault = |class, what| Fault::new(class, Some(expected), what);
    let sql = |error: rusqlite::Error| Fault::of_sql(&error, Some(expected));
    let (leaf_stored, chain_stored) = (
        stored.get_ref(1).map_err(sql)?,
        stored.get_ref(2).map_err(sql)?,
    );
    let (ValueRef::Blob(salt), ValueRef::Blob(canonical)) = (
        content.get_ref(1).map_err(sql)?,
        content.get_ref(2).map_err(sql)?,
    ) else {
        return Err(fault(FaultClass::Altered, "the type of a column"));
    };
    if salt.len() != SALT_BYTES {
        return Err(fault(FaultClass::Altered, "the length of its salt"));
    }
    let entry = match Canonical::decode(canonical) {
        Ok(entry) => entry,
        // A leaf that fits was written so; otherwise the bytes were changed later.
        Err(why) => {
            let as_written = is_blob(leaf_stored, leaf(salt, canonical).as_bytes());
            return Err(match (as_written, why) {
                (true, NotCanonical::Version) => {
                    fault(FaultClass::UnknownVersion, "its canonical bytes")
                }
                (true, NotCanonical::Form) => fault(FaultClass::Malformed, "its canonical bytes"),
                (false, _) => fault(FaultClass::Altered, "its canonical bytes"),
            });
        }
    };
    let leaf = leaf(salt, canonical);
    let leaf_fits = is_blob(leaf_stored, leaf.as_bytes());
    if entry.seq != expected {
        return Err(misplaced(connection, expected, entry.seq));
    }
    if !leaf_fits {
        return Err(fault(
            FaultClass::Altered,
            "its bytes or salt do not give its leaf",
        ));
    }
    let chain = link(&done.chain, &leaf);
    if !is_blob(chain_stored, chain.as_bytes()) {
        return Err(fault(FaultClass::Altered, "its link to the entry before"));
    }
    columns(content, &entry, expected)?;
    segment(&entry, expected, done)?;
    done.entries = expected;
    done.chain = chain;
    Ok(())
}

/// Every column that is searched must say what the canonical bytes say.
fn columns(row: &Row<'_>, entry: &Canonical, expected: u64) -> Result<(), Fault> {
    let columns = entry.columns();
    let segment = i64::try_from(columns.segment).unwrap_or(i64::MAX);
    let wanted: [(usize, &'static str, ValueRef<'_>); 6] = [
        (
            3,
            "its column segment differs from its bytes",
            ValueRef::Integer(segment),
        ),
        (
            4,
            "its column at differs from its bytes",
            ValueRef::Text(columns.at.as_bytes()),
        ),
        (
            5,
            "its column event differs from its bytes",
            ValueRef::Text(columns.event.as_bytes()),
        ),
        (
            6,
            "its column request_id differs from its bytes",
            optional(columns.request_id),
        ),
        (
            7,
            "its column patient_lookup differs from its bytes",
            optional(columns.patient_lookup),
        ),
        (
            8,
            "its column user_lookup differs from its bytes",
            optional(columns.user_lookup),
        ),
    ];
    for (index, what, value) in wanted {
        let stored = row
            .get_ref(index)
            .map_err(|error| Fault::of_sql(&error, Some(expected)))?;
        if stored != value {
            return Err(Fault::new(FaultClass::Altered, Some(expected), what));
        }
    }
    Ok(())
}

/// A segment begins with its head, hangs on the one before, and keeps its keys.
fn segment(entry: &Canonical, expected: u64, done: &mut Done) -> Result<(), Fault> {
    let fault = |what| Err(Fault::new(FaultClass::Segment, Some(expected), what));
    let starts = matches!(entry.what, What::SegmentStarted { .. });
    match (&entry.head, starts) {
        (Some(head), true) => {
            if entry.segment != done.segment + 1 {
                return fault("its segment's number");
            }
            if head.previous != done.chain.to_string() {
                return fault("what its head says of the segment before");
            }
            if !is_hex(&head.log, 16) || (done.entries > 0 && head.log != done.log) {
                return fault("the log's id in its head");
            }
            let key = OrganisationPublicKey::from_base64(&head.organisation_key);
            if !key.is_ok_and(|key| key.id() == entry.seal_key) {
                return fault("the organisation's key in its head");
            }
            done.segment = entry.segment;
            done.log.clone_from(&head.log);
            done.lookup_key.clone_from(&entry.lookup_key);
            done.seal_key.clone_from(&entry.seal_key);
            Ok(())
        }
        (None, false) => {
            if entry.segment != done.segment || done.segment == 0 {
                return fault("its segment's number");
            }
            if entry.lookup_key != done.lookup_key || entry.seal_key != done.seal_key {
                return fault("its keys are not those of its segment");
            }
            Ok(())
        }
        _ => fault("its head"),
    }
}

fn optional(text: Option<&str>) -> ValueRef<'_> {
    text.map_or(ValueRef::Null, |text| ValueRef::Text(text.as_bytes()))
}

fn is_blob(stored: ValueRef<'_>, bytes: &[u8]) -> bool {
    stored == ValueRef::Blob(bytes)
}
