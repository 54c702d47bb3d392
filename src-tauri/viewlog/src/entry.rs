//! One entry as it is read back.

use inzage_core::domain::bsn::Bsn;
use inzage_core::domain::event::{Actor, Event, Place, What};

use crate::canonical::{CANONICAL_VERSION, Canonical, LoggedActor, Sealed, SegmentHead};
use crate::error::LogError;
use crate::hash::Hash;
use crate::keys::OrganisationKeyPair;
use crate::personal::Personal;
use crate::seal::{Purpose, Spot, open};

/// An entry, readable without any secret: everything but who and whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEntry {
    /// Its number, from 1.
    pub sequence: u64,
    /// Its segment, from 1.
    pub segment: u64,
    /// UTC, RFC 3339 with milliseconds.
    pub at: String,
    /// Organisation and workstation.
    pub place: Place,
    /// Role and means; who it was is sealed.
    pub actor: Option<LoggedActor>,
    /// The look-up it belongs to.
    pub request_id: Option<String>,
    /// What happened.
    pub what: What,
    /// A keyed hash of the patient: equal within a segment for the same patient.
    pub patient_lookup: Option<String>,
    /// A keyed hash of the user: equal within a segment for the same user.
    pub user_lookup: Option<String>,
    /// Id of the organisation's key that opens what is sealed.
    pub seal_key: String,
    /// What the chain of its log commits to for this entry; `None` for one that was read elsewhere, where
    /// its salt is not.
    pub leaf: Option<Hash>,
    sealed: Option<Vec<u8>>,
    head: Option<Box<SegmentHead>>,
    lookup_key: String,
}

impl LogEntry {
    pub(crate) fn of(canonical: Canonical, leaf: Option<Hash>) -> Self {
        Self {
            sequence: canonical.seq,
            segment: canonical.segment,
            at: canonical.at,
            place: canonical.place,
            actor: canonical.actor,
            request_id: canonical.request_id,
            what: canonical.what,
            patient_lookup: canonical.patient_lookup,
            user_lookup: canonical.user_lookup,
            seal_key: canonical.seal_key,
            leaf,
            sealed: canonical.sealed.map(|sealed| sealed.0),
            head: canonical.head.map(Box::new),
            lookup_key: canonical.lookup_key,
        }
    }

    /// The bytes that it was read from: a canonical entry comes out as it went in.
    pub(crate) fn canonical_bytes(&self) -> Result<Vec<u8>, LogError> {
        let canonical = Canonical {
            v: CANONICAL_VERSION,
            seq: self.sequence,
            segment: self.segment,
            at: self.at.clone(),
            place: self.place.clone(),
            actor: self.actor.clone(),
            request_id: self.request_id.clone(),
            what: self.what.clone(),
            head: self.head.as_deref().cloned(),
            sealed: self.sealed.clone().map(Sealed),
            seal_key: self.seal_key.clone(),
            patient_lookup: self.patient_lookup.clone(),
            user_lookup: self.user_lookup.clone(),
            lookup_key: self.lookup_key.clone(),
        };
        canonical.encode()
    }

    /// Id of the log, where this is a segment's first entry, which says it.
    pub(crate) fn head_log(&self) -> Option<&str> {
        self.head.as_deref().map(|head| head.log.as_str())
    }

    /// What is sealed, as bytes.
    pub(crate) fn sealed(&self) -> Option<&[u8]> {
        self.sealed.as_deref()
    }

    /// The event as it was appended, for the holder of the organisation's key.
    ///
    /// # Errors
    /// [`UnsealError::OtherKey`] when another key is needed, else [`UnsealError::Damaged`].
    pub fn unseal(&self, with: &OrganisationKeyPair) -> Result<Event, UnsealError> {
        if with.public().id() != self.seal_key {
            return Err(UnsealError::OtherKey);
        }
        let (patient, actor) = match &self.sealed {
            None if self.actor.is_none() => (None, None),
            None => return Err(UnsealError::Damaged),
            Some(sealed) => {
                let spot = Spot {
                    segment: self.segment,
                    sequence: self.sequence,
                };
                return open(with, Purpose::PersonalFields, spot, sealed)
                    .and_then(|plain| self.joined(&plain))
                    .ok_or(UnsealError::Damaged);
            }
        };
        Ok(self.event(patient, actor))
    }

    /// The event as it was appended, from its personal fields as they were padded; `None` if they
    /// are not this entry's.
    pub(crate) fn joined(&self, padded: &[u8]) -> Option<Event> {
        let personal = Personal::from_padded(padded)?;
        let actor = personal.actor(self.actor.as_ref())?;
        Some(self.event(personal.bsn()?, actor))
    }

    fn event(&self, patient: Option<Bsn>, actor: Option<Actor>) -> Event {
        Event {
            at: self.at.clone(),
            actor,
            place: self.place.clone(),
            patient,
            request_id: self.request_id.clone(),
            what: self.what.clone(),
        }
    }
}

/// Why an entry does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnsealError {
    /// It was sealed to another key of the organisation.
    OtherKey,
    /// The right key, and yet it does not open: sealed elsewhere or altered.
    Damaged,
}

impl UnsealError {
    /// Stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::OtherKey => "unseal_other_key",
            Self::Damaged => "unseal_damaged",
        }
    }
}

impl core::fmt::Display for UnsealError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::OtherKey => {
                "this entry was sealed to another key of the organisation: choose that key's file"
            }
            Self::Damaged => {
                "this entry does not open although the key is right: have the log verified"
            }
        })
    }
}

impl std::error::Error for UnsealError {}
