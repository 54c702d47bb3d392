//! Opening and appending.

use core::fmt;
use std::path::{Path, PathBuf};

use inzage_core::domain::event::{Event, What};
use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::canonical::Canonical;
use crate::checkpointing::Summed;
use crate::compose::{KeyIds, Secret, check, check_at, check_release, compose};
use crate::error::LogError;
use crate::folder::{Identity, prepare, wal_of};
use crate::hash::{Hash, hex, leaf, link};
use crate::keys::LogKeys;
use crate::limits::SALT_BYTES;
use crate::outbox_key::{NONCE_BYTES, OutboxKey};
use crate::random::{Random, draw};
use crate::read::LogReader;
use crate::receipt::{Appended, Receipt};
use crate::seal::{Purpose, Sealer, Spot};
use crate::segment::{Next, OpenedAt, Opening, next_segment};
use crate::store::{self, Tip};

/// A log that is open for appending. One per process; several processes may
/// hold the same file open.
pub struct ViewLog {
    pub(crate) connection: Connection,
    pub(crate) file: PathBuf,
    identity: Identity,
    wal: Option<Identity>,
    pub(crate) keys: LogKeys,
    pub(crate) key_ids: KeyIds,
    pub(crate) segment: u64,
    pub(crate) random: Random,
    broken: bool,
    pub(crate) summed: Summed,
    outbox: Option<OutboxKey>,
    /// For the next entry's personal fields, where somebody had the time to begin it.
    begun: Option<Sealer>,
}

impl ViewLog {
    /// Opens the log in this folder, or makes one there.
    ///
    /// Checks the settings that durability rests on, and the last entry; the
    /// whole file is for [`crate::verify`]. Starts a segment where the keys ask for it.
    ///
    /// # Errors
    /// Any [`LogError`]; nothing may be shown then.
    pub fn open(
        folder: &Path,
        keys: LogKeys,
        opened: &OpenedAt,
        random: Random,
    ) -> Result<(Self, Opening), LogError> {
        let mut log = Self::handle(folder, keys, opened, random)?;
        let opening = log.enter_segment(opened)?;
        Ok((log, opening))
    }

    /// Opens a log once more that is open with these keys already, for what goes on beside appending.
    /// Begins no segment, whatever happened in between.
    ///
    /// # Errors
    /// [`LogError::OtherKeys`] where the last segment is not of these keys, or there is no log yet;
    /// else as [`Self::open`].
    pub fn open_beside(
        folder: &Path,
        keys: LogKeys,
        opened: &OpenedAt,
        random: Random,
    ) -> Result<Self, LogError> {
        let mut log = Self::handle(folder, keys, opened, random)?;
        let look = log.connection.unchecked_transaction()?;
        let next = match store::recognise(&look)? {
            Some(store::SCHEMA_VERSION) => next_segment(&look, &log.key_ids, String::new())?,
            _ => return Err(LogError::OtherKeys),
        };
        look.finish()?;
        match next {
            Next::Same { segment } => log.segment = segment,
            Next::New(_) => return Err(LogError::OtherKeys),
        }
        Ok(log)
    }

    fn handle(
        folder: &Path,
        keys: LogKeys,
        opened: &OpenedAt,
        random: Random,
    ) -> Result<Self, LogError> {
        check_at(&opened.at)?;
        let file = prepare(folder)?;
        Ok(Self {
            connection: store::open_for_appending(&file)?,
            identity: Identity::of(&file)?,
            wal: None,
            key_ids: KeyIds::of(&keys),
            keys,
            segment: 0,
            random,
            broken: false,
            summed: Summed::default(),
            outbox: None,
            begun: None,
            file,
        })
    }

    /// From now on keeps the personal fields of each entry, encrypted under this key, until every
    /// repository of the organisation acknowledged it (see [`crate::Outbox`]). Only where there is such
    /// a repository: without one nothing would take them out again.
    #[must_use]
    pub fn with_outbox(mut self, key: OutboxKey) -> Self {
        self.outbox = Some(key);
        self
    }

    /// Begins the next entry's sealing, which is elliptic-curve arithmetic and a good part of an append.
    /// To be called while nobody waits; an append that finds none begun begins it itself.
    pub fn get_ready(&mut self) {
        if self.begun.is_none() {
            // What is wrong is told where it matters: by the append that tries again.
            self.begun = self.begin().ok();
        }
    }

    fn begin(&mut self) -> Result<Sealer, LogError> {
        Sealer::begin(
            &self.keys.organisation,
            Purpose::PersonalFields,
            &mut self.random,
        )
    }

    /// Appends any event but a release. Durable when it returns.
    ///
    /// # Errors
    /// Any [`LogError`]; the event is not in the log then.
    pub fn append(&mut self, event: &Event) -> Result<Appended, LogError> {
        match event.what {
            // A release without its receipt would be a view that nobody can show; a segment is begun
            // and content expires by the log alone.
            What::Released { .. } | What::SegmentStarted { .. } | What::Expired { .. } => {
                Err(LogError::Invalid { field: "what" })
            }
            _ => self.append_checked(event),
        }
    }

    /// Appends a release and gives the receipt without which nothing is shown.
    ///
    /// # Errors
    /// Any [`LogError`]; [`LogError::Invalid`] for another event, or for a
    /// release without actor, patient or request id.
    pub fn append_released(&mut self, event: &Event) -> Result<Receipt, LogError> {
        let digest = check_release(event)?.to_owned();
        let appended = self.append_checked(event)?;
        Ok(Receipt::new(appended.sequence, digest))
    }

    /// Opens the same file for reading.
    ///
    /// # Errors
    /// As [`LogReader::open`].
    pub fn reader(&self) -> Result<LogReader, LogError> {
        LogReader::open(&self.file)
    }

    /// The key with which this log's own segment is searched.
    #[must_use]
    pub const fn keys(&self) -> &LogKeys {
        &self.keys
    }

    /// The segment that entries are appended to.
    #[must_use]
    pub const fn segment(&self) -> u64 {
        self.segment
    }

    fn append_checked(&mut self, event: &Event) -> Result<Appended, LogError> {
        check(event)?;
        self.guarded(|log| log.write(event))
    }

    /// Does something that writes, unless an earlier write failed.
    pub(crate) fn guarded<T>(
        &mut self,
        write: impl FnOnce(&mut Self) -> Result<T, LogError>,
    ) -> Result<T, LogError> {
        if self.broken {
            return Err(LogError::Broken);
        }
        let outcome = write(self);
        // After a failed write or sync the kernel may have dropped pages that a
        // later sync would report as safe: only a new handle, which reads the
        // file again, is to be believed.
        if let Err(LogError::Unwritable { .. } | LogError::Corrupt { .. } | LogError::Moved) =
            outcome
        {
            self.broken = true;
        }
        outcome
    }

    fn write(&mut self, event: &Event) -> Result<Appended, LogError> {
        // What takes time is done before the file is locked.
        let salt = draw::<SALT_BYTES>(&mut self.random)?;
        let secret = Secret::of(event, || match self.begun.take() {
            Some(begun) => Ok(begun),
            None => self.begin(),
        })?;
        let nonce = match &self.outbox {
            Some(_) => Some(draw::<NONCE_BYTES>(&mut self.random)?),
            None => None,
        };
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let tip = store::tip(&transaction)?.ok_or(LogError::Corrupt { sequence: None })?;
        if tip.segment != self.segment {
            return Err(LogError::OtherKeys);
        }
        let spot = Spot {
            segment: self.segment,
            sequence: tip.sequence + 1,
        };
        // In the same transaction: no entry without its row, and no row without its entry.
        if let (Some(key), Some(nonce), Some(secret)) = (&self.outbox, nonce, &secret) {
            let personal = key
                .seal(&nonce, spot, secret.plain())
                .ok_or(LogError::Invalid { field: "event" })?;
            store::keep_personal(&transaction, spot.sequence, &key.id(), &personal)?;
        }
        let canonical = compose(event, &self.keys, &self.key_ids, spot, None, secret)?;
        put(&transaction, &tip.chain, &canonical, salt.as_slice())?;
        transaction.commit()?;
        self.still_there()?;
        Ok(Appended {
            sequence: spot.sequence,
            segment: spot.segment,
        })
    }

    /// An entry counts only if whoever opens the folder next will find it.
    pub(crate) fn still_there(&mut self) -> Result<(), LogError> {
        let moved = |_| LogError::Moved;
        let wal = Identity::of(&wal_of(&self.file)).map_err(moved)?;
        let same_wal = *self.wal.get_or_insert(wal) == wal;
        if same_wal && Identity::of(&self.file).map_err(moved)? == self.identity {
            Ok(())
        } else {
            Err(LogError::Moved)
        }
    }

    /// Goes on with the last segment, or begins one, in one transaction with
    /// whatever makes that true.
    fn enter_segment(&mut self, opened: &OpenedAt) -> Result<Opening, LogError> {
        let salt = draw::<SALT_BYTES>(&mut self.random)?;
        let sealer = Sealer::begin(
            &self.keys.organisation,
            Purpose::LookupKey,
            &mut self.random,
        )?;
        let new_log_id = hex(draw::<16>(&mut self.random)?.as_slice());
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        match store::recognise(&transaction)? {
            None => store::create(&transaction)?,
            Some(store::SCHEMA_VERSION) => {}
            Some(_) => store::upgrade(&transaction)?,
        }
        let start = match next_segment(&transaction, &self.key_ids, new_log_id)? {
            Next::Same { segment } => {
                transaction.commit()?;
                self.segment = segment;
                return Ok(Opening::SameSegment);
            }
            Next::New(start) => start,
        };
        let head = start.head(&self.keys, sealer)?;
        let event = start.event(opened);
        let canonical = compose(
            &event,
            &self.keys,
            &self.key_ids,
            start.spot,
            Some(head),
            // Nobody did this to anybody.
            None,
        )?;
        put(&transaction, &start.previous, &canonical, salt.as_slice())?;
        transaction.commit()?;
        self.still_there()?;
        self.segment = start.spot.segment;
        Ok(Opening::NewSegment { why: start.why })
    }
}

impl fmt::Debug for ViewLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ViewLog")
            .field("segment", &self.segment)
            .finish_non_exhaustive()
    }
}

pub(crate) fn put(
    transaction: &Transaction<'_>,
    before: &Hash,
    canonical: &Canonical,
    salt: &[u8],
) -> Result<(), LogError> {
    let bytes = canonical.encode()?;
    let leaf = leaf(salt, &bytes);
    let tip = Tip {
        sequence: canonical.seq,
        segment: canonical.segment,
        chain: link(before, &leaf),
    };
    store::insert(transaction, &tip, &leaf, &canonical.columns(), salt, &bytes)
}
