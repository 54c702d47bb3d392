//! Segments: when one begins, and what its head says.

use inzage_core::domain::event::{Event, Place, What};
use rusqlite::Transaction;

use crate::canonical::{Canonical, Sealed, SegmentHead};
use crate::compose::KeyIds;
use crate::error::LogError;
use crate::hash::{Hash, link};
use crate::keys::LogKeys;
use crate::read::{newest_head, read_checked};
use crate::seal::{Sealer, Spot};
use crate::store::{self, Tip};

/// When and where a log is opened; stands in the entry that begins a segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedAt {
    /// UTC, RFC 3339 with milliseconds.
    pub at: String,
    /// Organisation and workstation.
    pub place: Place,
}

/// What opening found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    /// The keys are those of the last segment: it goes on.
    SameSegment,
    /// A new segment was started; its first entry is already durable.
    NewSegment {
        /// Why; anything but [`SegmentReason::First`] is to be told to the user.
        why: SegmentReason,
    },
}

/// Why a segment was started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SegmentReason {
    /// The log is new.
    First,
    /// The look-up key is not that of the last segment: the keychain was lost
    /// or replaced. Older entries are whole; finding them takes the organisation's key.
    KeychainLost,
    /// The organisation changed its key.
    OrganisationKeyChanged,
}

impl SegmentReason {
    /// As it stands in the log.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::KeychainLost => "keychain_lost",
            Self::OrganisationKeyChanged => "organisation_key_changed",
        }
    }
}

/// What opening has to do.
pub(crate) enum Next {
    /// Go on with this segment.
    Same { segment: u64 },
    /// Begin one.
    New(Start),
}

/// A segment about to begin.
pub(crate) struct Start {
    pub(crate) why: SegmentReason,
    pub(crate) spot: Spot,
    /// The chain value it hangs on.
    pub(crate) previous: Hash,
    log: String,
}

/// Compares the keys with those of the last segment, once the last entry has proved whole.
pub(crate) fn next_segment(
    transaction: &Transaction<'_>,
    key_ids: &KeyIds,
    new_log_id: String,
) -> Result<Next, LogError> {
    let Some(tip) = store::tip(transaction)? else {
        return Ok(Next::New(Start {
            why: SegmentReason::First,
            spot: Spot {
                segment: 1,
                sequence: 1,
            },
            previous: Hash::ORIGIN,
            log: new_log_id,
        }));
    };
    let last = check_tip(transaction, &tip)?;
    let head = newest_head(transaction)?;
    if last.segment != head.segment {
        return Err(LogError::Corrupt {
            sequence: Some(tip.sequence),
        });
    }
    let why = if head.lookup_key != key_ids.lookup {
        SegmentReason::KeychainLost
    } else if head.seal_key != key_ids.organisation {
        SegmentReason::OrganisationKeyChanged
    } else {
        return Ok(Next::Same {
            segment: head.segment,
        });
    };
    Ok(Next::New(Start {
        why,
        spot: Spot {
            segment: head.segment + 1,
            sequence: tip.sequence + 1,
        },
        previous: tip.chain,
        log: head.log,
    }))
}

impl Start {
    pub(crate) fn head(&self, keys: &LogKeys, sealer: Sealer) -> Result<SegmentHead, LogError> {
        let sealed = sealer.seal(self.spot, keys.lookup.reveal())?;
        Ok(SegmentHead {
            log: self.log.clone(),
            previous: self.previous.to_string(),
            organisation_key: keys.organisation.to_base64(),
            lookup_key_sealed: Sealed(sealed),
        })
    }

    pub(crate) fn event(&self, opened: &OpenedAt) -> Event {
        Event {
            at: opened.at.clone(),
            actor: None,
            place: opened.place.clone(),
            patient: None,
            request_id: None,
            what: What::SegmentStarted {
                why: self.why.code().to_owned(),
            },
        }
    }
}

/// Whether the last entry is whole and hangs on the one before: a broken chain
/// is not made longer.
fn check_tip(transaction: &Transaction<'_>, tip: &Tip) -> Result<Canonical, LogError> {
    let (entry, leaf) = read_checked(transaction, tip.sequence)?;
    let before = match tip.sequence.checked_sub(1) {
        None | Some(0) => Hash::ORIGIN,
        Some(before) => store::chain_at(transaction, before)?,
    };
    if link(&before, &leaf) != tip.chain || entry.segment != tip.segment {
        return Err(LogError::Corrupt {
            sequence: Some(tip.sequence),
        });
    }
    Ok(entry)
}
