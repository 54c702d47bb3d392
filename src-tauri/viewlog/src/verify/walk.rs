//! From the first entry to the last, one after the other.

use inzage_core::domain::event::What;
use rusqlite::fallible_streaming_iterator::FallibleStreamingIterator;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};

use super::against::{Against, CHECKPOINTS, is_later};
use super::expired::Expired;
use super::fault::{Fault, FaultClass};
use super::indexes::Indexed;
use super::leaves::not_its_leaf;
use super::place::{gap, misplaced};
use super::{Covered, Head, Known, Remark, RemarkClass, Verified};
use crate::canonical::{Canonical, NotCanonical};
use crate::compose::is_moment;
use crate::hash::{Hash, is_hex, leaf as leaf_of, link};
use crate::keys::OrganisationPublicKey;
use crate::limits::{REMARKS_MAX, SALT_BYTES};
use crate::merkle::Frontier;
use crate::segment::SegmentReason;
use crate::store::SCHEMA_VERSION;

const LINKS: &str = "SELECT sequence, leaf, chain FROM chain ORDER BY sequence";
const CONTENTS: &str = "SELECT sequence, salt, canonical, segment, at, event, request_id, patient_lookup, user_lookup \
FROM entry ORDER BY sequence";

/// A walk that came to a fault.
pub(super) struct Stopped {
    /// How many entries had been gone through without one.
    pub(super) after: u64,
    pub(super) fault: Fault,
}

/// Reads the tables side by side, each once, in the order of the file. Takes each leaf as it is
/// stored: that it is its entry's is for [`super::leaves`] to say.
pub(super) fn walk(
    connection: &Connection,
    version: i32,
    known: &Known,
    rows: &mut Indexed,
) -> Result<Verified, Stopped> {
    let mut done = Done::default();
    match through(connection, version, known, rows, &mut done) {
        Ok(()) => Ok(done.verified()),
        Err(fault) => Err(Stopped {
            after: done.entries,
            fault,
        }),
    }
}

fn through(
    connection: &Connection,
    version: i32,
    known: &Known,
    rows: &mut Indexed,
    done: &mut Done,
) -> Result<(), Fault> {
    let sql = |error: rusqlite::Error| Fault::of_sql(&error, None);
    let has_checkpoints = version >= SCHEMA_VERSION;
    let expired = if has_checkpoints {
        Expired::read(connection)?
    } else {
        Expired::default()
    };
    let mut checkpoints = has_checkpoints
        .then(|| connection.prepare(CHECKPOINTS))
        .transpose()
        .map_err(sql)?;
    let checkpoints = checkpoints.as_mut().map(|c| c.query([]));
    let mut against = Against::new(checkpoints.transpose().map_err(sql)?, known)?;
    let mut links = connection.prepare(LINKS).map_err(sql)?;
    let mut links = links.query([]).map_err(sql)?;
    let mut contents = connection.prepare(CONTENTS).map_err(sql)?;
    let mut contents = contents.query([]).map_err(sql)?;
    contents
        .advance()
        .map_err(|error| Fault::of_sql(&error, Some(1)))?;
    loop {
        let expected = done.entries + 1;
        let sql = |error: rusqlite::Error| Fault::of_sql(&error, Some(expected));
        let link = links.next().map_err(sql)?;
        let content = contents.get();
        if link.is_none() && content.is_none() {
            break;
        }
        let number = i64::try_from(expected).unwrap_or(i64::MAX);
        let content_number = content.map(|row| number_of(row).unwrap_or(i64::MIN));
        match (link, content) {
            (Some(link), Some(content))
                if number_of(link) == Some(number) && content_number == Some(number) =>
            {
                step(connection, link, content, expected, rows, done)?;
                if done.expiry {
                    expired.said_at(expected)?;
                }
                contents.advance().map_err(sql)?;
            }
            (_, Some(_)) if content_number == Some(number) => {
                return Err(Fault::new(
                    FaultClass::Missing,
                    Some(expected),
                    "its link in the chain",
                ));
            }
            (Some(link), _)
                if number_of(link) == Some(number)
                    && expired.covers(expected)
                    && content_number.is_none_or(|content| content > number) =>
            {
                step_expired(link, expected, done)?;
            }
            _ => return Err(gap(connection, expected)),
        }
        against.entry(done)?;
    }
    if done.entries == 0 {
        return Err(Fault::new(
            FaultClass::Missing,
            Some(1),
            "the log has no entry, and begins with one",
        ));
    }
    against.end(connection, done)?;
    expired.end()
}

fn number_of(row: &Row<'_>) -> Option<i64> {
    row.get(0).ok()
}

/// What the entries so far add up to.
pub(super) struct Done {
    pub(super) entries: u64,
    pub(super) chain: Hash,
    pub(super) tree: Frontier,
    pub(super) log: String,
    /// The newest head that says so; 0 where none does.
    pub(super) keychain_lost: u64,
    /// The latest time since the last checkpoint, and at which entry.
    pub(super) latest: Option<(String, u64)>,
    pub(super) checkpoint: Option<Covered>,
    pub(super) witnessed: Option<Covered>,
    segment: u64,
    lookup_key: String,
    seal_key: String,
    at: String,
    /// Whether the last entry was an expiry.
    expiry: bool,
    /// Whether the last entry's content had expired.
    gap: bool,
    expired: u64,
    remarks: Vec<Remark>,
    remarks_more: u64,
}

impl Done {
    fn verified(self) -> Verified {
        Verified {
            entries: self.entries,
            segments: self.segment,
            head: Head {
                sequence: self.entries,
                chain: self.chain,
            },
            checkpoint: self.checkpoint,
            witnessed: self.witnessed,
            expired: self.expired,
            remarks: self.remarks,
            remarks_more: self.remarks_more,
        }
    }

    pub(super) fn remark(&mut self, class: RemarkClass, sequence: u64) {
        if self.remarks.len() < REMARKS_MAX {
            self.remarks.push(Remark { class, sequence });
        } else {
            self.remarks_more += 1;
        }
    }

    /// Whatever the entry says: its number, its leaf and its time.
    fn add(&mut self, leaf: Hash, chain: Hash, at: Option<&str>) {
        self.entries += 1;
        self.chain = chain;
        self.tree.push(leaf);
        self.gap = at.is_none();
        let Some(at) = at else { return };
        if is_later(&self.at, at) {
            self.remark(RemarkClass::ClockBack, self.entries);
        }
        at.clone_into(&mut self.at);
        match &mut self.latest {
            Some((latest, _)) if latest.as_str() >= at => {}
            Some((latest, sequence)) => {
                at.clone_into(latest);
                *sequence = self.entries;
            }
            None => self.latest = Some((at.to_owned(), self.entries)),
        }
    }
}

impl Default for Done {
    fn default() -> Self {
        Self {
            entries: 0,
            chain: Hash::ORIGIN,
            tree: Frontier::default(),
            log: String::new(),
            keychain_lost: 0,
            latest: None,
            checkpoint: None,
            witnessed: None,
            segment: 0,
            lookup_key: String::new(),
            seal_key: String::new(),
            at: String::new(),
            expiry: false,
            gap: false,
            expired: 0,
            remarks: Vec::new(),
            remarks_more: 0,
        }
    }
}

/// An entry whose content expired: its leaf stands for it.
fn step_expired(stored: &Row<'_>, expected: u64, done: &mut Done) -> Result<(), Fault> {
    let sql = |error: rusqlite::Error| Fault::of_sql(&error, Some(expected));
    let altered = |what| Fault::new(FaultClass::Altered, Some(expected), what);
    let leaf = stored.get_ref(1).map_err(sql)?.as_blob().ok();
    let leaf = leaf
        .and_then(Hash::from_slice)
        .ok_or_else(|| altered("the type of a column"))?;
    let chain = link(&done.chain, &leaf);
    if !is_blob(stored.get_ref(2).map_err(sql)?, chain.as_bytes()) {
        return Err(altered("its link to the entry before"));
    }
    done.add(leaf, chain, None);
    done.expired += 1;
    Ok(())
}

fn step(
    connection: &Connection,
    stored: &Row<'_>,
    content: &Row<'_>,
    expected: u64,
    rows: &mut Indexed,
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
            let as_written = is_blob(leaf_stored, leaf_of(salt, canonical).as_bytes());
            return Err(match (as_written, why) {
                (true, NotCanonical::Version) => {
                    fault(FaultClass::UnknownVersion, "its canonical bytes")
                }
                (true, NotCanonical::Form) => fault(FaultClass::Malformed, "its canonical bytes"),
                (false, _) => fault(FaultClass::Altered, "its canonical bytes"),
            });
        }
    };
    if entry.seq != expected {
        return Err(misplaced(connection, expected, entry.seq));
    }
    let Some(leaf) = leaf_stored.as_blob().ok().and_then(Hash::from_slice) else {
        return Err(not_its_leaf(expected));
    };
    let chain = link(&done.chain, &leaf);
    let linked = if is_blob(chain_stored, chain.as_bytes()) {
        Ok(())
    } else {
        Err(fault(FaultClass::Altered, "its link to the entry before"))
    };
    linked
        .and_then(|()| columns(content, &entry, expected))
        .and_then(|()| moment(&entry, expected))
        .and_then(|()| segment(&entry, expected, done))
        // A leaf that does not fit comes before whatever follows from it.
        .map_err(|fault| match leaf_of(salt, canonical) == leaf {
            true => fault,
            false => not_its_leaf(expected),
        })?;
    rows.row(&entry.columns(), expected);
    done.expiry = matches!(entry.what, What::Expired { .. });
    done.add(leaf, chain, Some(&entry.at));
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

/// Text order is time order for moments of one form alone; an entry of another one stands in no period
/// that an overview is asked for.
fn moment(entry: &Canonical, expected: u64) -> Result<(), Fault> {
    if is_moment(&entry.at) {
        return Ok(());
    }
    let what = "its time is none as the log writes it";
    Err(Fault::new(FaultClass::Malformed, Some(expected), what))
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
            if matches!(&entry.what, What::SegmentStarted { why } if why == SegmentReason::KeychainLost.code())
            {
                done.keychain_lost = expected;
            }
            done.segment = entry.segment;
            done.log.clone_from(&head.log);
            done.lookup_key.clone_from(&entry.lookup_key);
            done.seal_key.clone_from(&entry.seal_key);
            Ok(())
        }
        (None, false) => {
            if entry.segment > done.segment && done.gap {
                // Between here and the entry before, only expired content is missing but for this.
                let what = "the head of its segment, which never expires";
                return Err(Fault::new(FaultClass::Missing, Some(expected), what));
            }
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
