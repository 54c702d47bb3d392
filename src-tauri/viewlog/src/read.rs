//! Reading back: what a privacy officer sees, with and without the organisation's key.

use std::collections::BTreeMap;
use std::path::Path;

use inzage_core::domain::bsn::Bsn;
use inzage_core::domain::event::{Place, What};
use rusqlite::{Connection, OptionalExtension, Params};

use crate::canonical::{Canonical, SEGMENT_STARTED, Sealed};
use crate::entry::LogEntry;
use crate::error::LogError;
use crate::expiring::count_expired;
use crate::folder::LOG_FILE;
use crate::hash::{Hash, leaf};
use crate::keys::{LookupKey, Masked, OrganisationKeyPair};
use crate::limits::READ_ENTRIES_MAX;
use crate::seal::{Purpose, Spot, open};
use crate::store;

/// A log that is open for reading; the app may go on writing.
///
/// Each entry's bytes are held against its leaf as they are read; the chain as a
/// whole is checked by [`crate::verify`].
#[derive(Debug)]
pub struct LogReader {
    pub(crate) connection: Connection,
}

/// What a search found, and where it could not look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Oldest first, at most [`READ_ENTRIES_MAX`].
    pub entries: Vec<LogEntry>,
    /// Segments whose look-up key was not among those given: nothing is known
    /// of them, which is not the same as nothing found.
    pub segments_not_searched: Vec<u64>,
    /// Whether there were more than fit.
    pub more: bool,
}

/// A part of the log written with one pair of keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// Its number, from 1.
    pub segment: u64,
    /// The number of its first entry.
    pub first: u64,
    /// When it was started: UTC, RFC 3339.
    pub at: String,
    /// Why, as in [`crate::SegmentReason::code`].
    pub why: String,
    /// Id of the look-up key.
    pub lookup_key: String,
    /// Id of the organisation's key.
    pub seal_key: String,
    sealed_lookup_key: Vec<u8>,
}

/// How much there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts {
    /// All entries whose content is there.
    pub entries: u64,
    /// Entries whose content expired.
    pub expired: u64,
    /// Entries per event.
    pub by_event: BTreeMap<String, u64>,
}

impl LogReader {
    /// Opens a log: its file, or the folder it stands in.
    ///
    /// # Errors
    /// [`LogError::ForeignFile`], [`LogError::NewerVersion`], or what the system says.
    pub fn open(path: &Path) -> Result<Self, LogError> {
        let file = if path.is_dir() {
            path.join(LOG_FILE)
        } else {
            path.to_path_buf()
        };
        let connection = store::open_for_reading(&file)?;
        let look = connection.unchecked_transaction()?;
        let ours = store::recognise(&look)?;
        look.finish()?;
        if ours.is_some() {
            Ok(Self { connection })
        } else {
            Err(LogError::ForeignFile)
        }
    }

    /// The newest entries, newest first; at most [`READ_ENTRIES_MAX`].
    ///
    /// # Errors
    /// [`LogError::Corrupt`] at the first entry that is not what its leaf says.
    pub fn recent(&self, limit: u32) -> Result<Vec<LogEntry>, LogError> {
        let limit = limit.min(READ_ENTRIES_MAX);
        self.read(
            "SELECT sequence FROM entry ORDER BY sequence DESC LIMIT ?1",
            [limit],
        )
    }

    /// Entries from this number on, oldest first; at most [`READ_ENTRIES_MAX`].
    ///
    /// # Errors
    /// As [`Self::recent`].
    pub fn entries(&self, from: u64, limit: u32) -> Result<Vec<LogEntry>, LogError> {
        let limit = u64::from(limit.min(READ_ENTRIES_MAX));
        self.read(
            "SELECT sequence FROM entry WHERE sequence >= ?1 ORDER BY sequence LIMIT ?2",
            [from, limit],
        )
    }

    /// A patient's entries in the segments of these keys.
    ///
    /// # Errors
    /// As [`Self::recent`].
    pub fn find_patient(&self, bsn: &Bsn, keys: &[LookupKey]) -> Result<Found, LogError> {
        self.find("patient_lookup", Masked::Patient, bsn.reveal(), keys)
    }

    /// A user's entries in the segments of these keys.
    ///
    /// # Errors
    /// As [`Self::recent`].
    pub fn find_user(&self, id: &str, keys: &[LookupKey]) -> Result<Found, LogError> {
        self.find("user_lookup", Masked::User, id, keys)
    }

    /// The segments, oldest first.
    ///
    /// # Errors
    /// As [`Self::recent`].
    pub fn segments(&self) -> Result<Vec<Segment>, LogError> {
        segment_sequences(&self.connection)?
            .into_iter()
            .map(|sequence| segment_at(&self.connection, sequence).map(|(segment, ..)| segment))
            .collect()
    }

    /// The look-up keys of all segments that this organisation's key opens, each once.
    ///
    /// # Errors
    /// [`LogError::Corrupt`] when a segment sealed to this key does not open.
    pub fn lookup_keys(&self, with: &OrganisationKeyPair) -> Result<Vec<LookupKey>, LogError> {
        let mut keys = BTreeMap::new();
        for segment in self.segments()? {
            if segment.seal_key == with.public().id() {
                let damaged = LogError::Corrupt {
                    sequence: Some(segment.first),
                };
                let key = segment.lookup_key(with).ok_or(damaged)?;
                keys.insert(segment.lookup_key, key);
            }
        }
        Ok(keys.into_values().collect())
    }

    /// Entries in all and per event.
    ///
    /// # Errors
    /// What the system says.
    pub fn counts(&self) -> Result<Counts, LogError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT event, count(*) FROM entry GROUP BY event")?;
        let by_event = statement
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<BTreeMap<String, u64>, _>>()?;
        Ok(Counts {
            entries: by_event.values().sum(),
            expired: count_expired(&self.connection)?,
            by_event,
        })
    }

    fn find(
        &self,
        column: &'static str,
        kind: Masked,
        value: &str,
        keys: &[LookupKey],
    ) -> Result<Found, LogError> {
        let mut ids = BTreeMap::new();
        for key in keys {
            ids.insert(key.id(), key);
        }
        let segments_not_searched = self
            .segments()?
            .into_iter()
            .filter(|segment| !ids.contains_key(&segment.lookup_key))
            .map(|segment| segment.segment)
            .collect();
        let sql =
            format!("SELECT sequence FROM entry WHERE {column} = ?1 ORDER BY sequence LIMIT ?2");
        let mut entries = Vec::new();
        for key in ids.values() {
            let masked = key.mask(kind, value);
            entries.extend(self.read(&sql, (masked, READ_ENTRIES_MAX + 1))?);
        }
        entries.sort_by_key(|entry| entry.sequence);
        let fit = READ_ENTRIES_MAX as usize;
        let more = entries.len() > fit;
        entries.truncate(fit);
        Ok(Found {
            entries,
            segments_not_searched,
            more,
        })
    }

    /// Reads the entries whose numbers the query gives.
    fn read(&self, sql: &str, parameters: impl Params) -> Result<Vec<LogEntry>, LogError> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let sequences = statement
            .query_map(parameters, |row| row.get(0))?
            .collect::<Result<Vec<u64>, _>>()?;
        sequences
            .into_iter()
            .map(|sequence| {
                let (canonical, leaf) = read_checked(&self.connection, sequence)?;
                Ok(LogEntry::of(canonical, Some(leaf)))
            })
            .collect()
    }
}

impl Segment {
    /// The segment's look-up key, for the holder of the organisation's key it was sealed to.
    #[must_use]
    pub fn lookup_key(&self, with: &OrganisationKeyPair) -> Option<LookupKey> {
        let spot = Spot {
            segment: self.segment,
            sequence: self.first,
        };
        let plain = open(with, Purpose::LookupKey, spot, &self.sealed_lookup_key)?;
        let key = LookupKey::from_bytes(plain.as_slice().try_into().ok()?);
        (key.id() == self.lookup_key).then_some(key)
    }
}

/// What the newest segment's head says.
pub(crate) struct NewestHead {
    pub(crate) segment: u64,
    pub(crate) lookup_key: String,
    pub(crate) seal_key: String,
    pub(crate) log: String,
    pub(crate) place: Place,
}

pub(crate) fn newest_head(connection: &Connection) -> Result<NewestHead, LogError> {
    let newest = segment_sequences(connection)?
        .pop()
        .ok_or(LogError::Corrupt { sequence: None })?;
    let (segment, log, place) = segment_at(connection, newest)?;
    Ok(NewestHead {
        segment: segment.segment,
        lookup_key: segment.lookup_key,
        seal_key: segment.seal_key,
        log,
        place,
    })
}

/// One entry's canonical form and leaf, held against each other.
pub(crate) fn read_checked(
    connection: &Connection,
    sequence: u64,
) -> Result<(Canonical, Hash), LogError> {
    let corrupt = || LogError::Corrupt {
        sequence: Some(sequence),
    };
    let mut statement = connection.prepare_cached(
        "SELECT c.leaf, e.salt, e.canonical FROM entry e JOIN chain c ON c.sequence = e.sequence WHERE e.sequence = ?1",
    )?;
    statement
        .query_row([sequence], |row| {
            let leaf_stored = row.get_ref(0)?.as_blob().ok().and_then(Hash::from_slice);
            let salt = row.get_ref(1)?.as_blob().unwrap_or_default();
            let bytes = row.get_ref(2)?.as_blob().unwrap_or_default();
            let leaf = leaf(salt, bytes);
            let entry = Canonical::decode(bytes)
                .ok()
                .filter(|entry| entry.seq == sequence);
            Ok(entry
                .filter(|_| leaf_stored == Some(leaf))
                .map(|entry| (entry, leaf)))
        })
        .optional()?
        .flatten()
        .ok_or_else(corrupt)
}

fn segment_sequences(connection: &Connection) -> Result<Vec<u64>, LogError> {
    let sql = format!(
        "SELECT sequence FROM entry INDEXED BY segment_head WHERE event = '{SEGMENT_STARTED}' ORDER BY segment, sequence"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let sequences = statement
        .query_map([], |row| row.get(0))?
        .collect::<Result<Vec<u64>, _>>()?;
    Ok(sequences)
}

fn segment_at(
    connection: &Connection,
    sequence: u64,
) -> Result<(Segment, String, Place), LogError> {
    let (entry, _) = read_checked(connection, sequence)?;
    let corrupt = LogError::Corrupt {
        sequence: Some(sequence),
    };
    let (Some(head), What::SegmentStarted { why }) = (entry.head, entry.what) else {
        return Err(corrupt);
    };
    let Sealed(sealed_lookup_key) = head.lookup_key_sealed;
    let segment = Segment {
        segment: entry.segment,
        first: sequence,
        at: entry.at,
        why,
        lookup_key: entry.lookup_key,
        seal_key: entry.seal_key,
        sealed_lookup_key,
    };
    Ok((segment, head.log, entry.place))
}
