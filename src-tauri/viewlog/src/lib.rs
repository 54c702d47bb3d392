//! The view log: every view is on disk before it is on screen (NEN 7513).
//!
//! Append-only SQLite, hash-chained, sealed to the organisation's public key.
//! `docs/view-log.md` says what *appended*, *durable*, *sealed* and *released*
//! mean here, and writes the bytes down.
//!
//! **Architecture Invariant:** a [`Receipt`] exists only after its entry is durable.
//! **Architecture Invariant:** nothing that the log says is ever rewritten.
//! **Architecture Invariant:** a checkpoint is signed once, with a key that is used once.
//! **Architecture Invariant:** no clock and no randomness but what the caller passes in, but for the key of
//! a hash table or sum, which shows in nothing that is written or returned.
#![forbid(unsafe_code)]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing
    )
)]

pub mod audit_event;
#[cfg(feature = "bench")]
mod bulk;
mod canonical;
mod checkpoint;
mod checkpoint_key;
mod checkpointing;
mod compose;
mod entry;
mod error;
mod expiring;
mod folder;
mod hash;
mod keys;
mod limits;
mod log;
mod merkle;
mod note;
mod outbox;
mod outbox_key;
pub mod overview;
mod personal;
mod random;
mod read;
mod receipt;
mod retention;
mod seal;
mod segment;
mod store;
mod verify;

#[cfg(test)]
mod tests;

pub use canonical::{LoggedActor, LoggedResponsible, event_name};
pub use checkpoint_key::{CheckpointKey, KeychainCounter};
pub use checkpointing::{CheckpointKeychain, Checkpointed, KeychainFailed};
pub use entry::{LogEntry, UnsealError};
pub use error::LogError;
pub use expiring::Expiry;
pub use folder::LOG_FILE;
pub use hash::Hash;
pub use keys::{KeyTextError, LogKeys, LookupKey, OrganisationKeyPair, OrganisationPublicKey};
pub use limits::{
    CLOCK_TOLERANCE_MS, ENTRY_BYTES_MAX, EXPIRE_ENTRIES_MAX, LOCK_TRIES_MAX, LOCK_WAIT_STEP,
    NOTE_BYTES_MAX, READ_ENTRIES_MAX, REMARKS_MAX,
};
pub use log::ViewLog;
pub use note::notes_in;
pub use outbox::{NotOpened, Outbox, OutboxTurn, Receives, SinkState, Undelivered, Who};
pub use outbox_key::OutboxKey;
pub use random::{Random, RandomFailed};
pub use read::{Counts, Found, LogReader, Segment};
pub use receipt::{Appended, Receipt};
pub use retention::Retention;
pub use segment::{OpenedAt, Opening, SegmentReason};
pub use verify::{
    Covered, Fault, FaultClass, Head, Known, Remark, RemarkClass, TAIL_NOTICE, Verified, verify,
    verify_against,
};
