//! From an event to the bytes that stand for it.

use core::ops::Range;

use chrono::NaiveDate;
use inzage_core::domain::event::{Event, What};
use zeroize::Zeroizing;

use crate::canonical::{CANONICAL_VERSION, Canonical, LoggedActor, Sealed, SegmentHead};
use crate::error::LogError;
use crate::hash::is_hex;
use crate::keys::{LogKeys, Masked};
use crate::personal::Personal;
use crate::seal::{Sealer, Spot};

/// Bytes of a SHA-256 digest.
const DIGEST_BYTES: usize = 32;

/// `2026-11-22T01:14:05.123Z`: of fixed width, so that text order is time order.
const AT_SHAPE: &[u8; 24] = b"0000-00-00T00:00:00.000Z";

/// What must hold for any event before it is logged.
pub(crate) fn check(event: &Event) -> Result<(), LogError> {
    check_at(&event.at)?;
    if let What::Released { digest, .. } | What::Displayed { digest } = &event.what
        && !is_hex(digest, DIGEST_BYTES)
    {
        return Err(LogError::Invalid { field: "digest" });
    }
    Ok(())
}

/// A release without one of these would be evidence of nothing (NEN 7513: who,
/// which patient, and what belongs together).
pub(crate) fn check_release(event: &Event) -> Result<&str, LogError> {
    let What::Released { digest, .. } = &event.what else {
        return Err(LogError::Invalid { field: "what" });
    };
    if event.actor.is_none() {
        return Err(LogError::Invalid { field: "actor" });
    }
    if event.patient.is_none() {
        return Err(LogError::Invalid { field: "patient" });
    }
    if event.request_id.is_none() {
        return Err(LogError::Invalid {
            field: "request_id",
        });
    }
    Ok(digest)
}

pub(crate) fn check_at(at: &str) -> Result<(), LogError> {
    if is_moment(at) {
        return Ok(());
    }
    Err(LogError::Invalid { field: "at" })
}

/// Whether this is a moment as the log writes it. Verification asks that of each entry, so nothing here
/// interprets a format.
pub(crate) fn is_moment(at: &str) -> bool {
    let shaped = at.len() == AT_SHAPE.len()
        && at.bytes().zip(AT_SHAPE).all(|(byte, shape)| match shape {
            b'0' => byte.is_ascii_digit(),
            other => byte == *other,
        });
    let number = |place: Range<usize>| -> Option<u32> { at.get(place)?.parse().ok() };
    let day = || {
        let year = i32::try_from(number(0..4)?).ok()?;
        NaiveDate::from_ymd_opt(year, number(5..7)?, number(8..10)?)
    };
    let below = |place, limit| number(place).is_some_and(|number| number < limit);
    // RFC 3339 knows a 61st second.
    shaped && day().is_some() && below(11..13, 24) && below(14..16, 60) && below(17..19, 61)
}

/// The personal fields of an event, ready to be sealed.
pub(crate) struct Secret {
    plain: Zeroizing<Vec<u8>>,
    sealer: Sealer,
}

impl Secret {
    /// `None` where an event has nothing personal; a sealing is begun only where it has.
    pub(crate) fn of(
        event: &Event,
        begun: impl FnOnce() -> Result<Sealer, LogError>,
    ) -> Result<Option<Self>, LogError> {
        let Some(personal) = Personal::of(event) else {
            return Ok(None);
        };
        let plain = personal
            .to_padded()
            .ok_or(LogError::Invalid { field: "event" })?;
        Ok(Some(Self {
            plain,
            sealer: begun()?,
        }))
    }

    /// The personal fields, padded.
    pub(crate) fn plain(&self) -> &[u8] {
        &self.plain
    }
}

/// Seals what is personal, masks what is searched, and leaves the rest readable.
pub(crate) fn compose(
    event: &Event,
    keys: &LogKeys,
    key_ids: &KeyIds,
    spot: Spot,
    head: Option<SegmentHead>,
    secret: Option<Secret>,
) -> Result<Canonical, LogError> {
    let sealed = match secret {
        None => None,
        Some(Secret { plain, sealer }) => Some(Sealed(sealer.seal(spot, &plain)?)),
    };
    Ok(Canonical {
        v: CANONICAL_VERSION,
        seq: spot.sequence,
        segment: spot.segment,
        at: event.at.clone(),
        place: event.place.clone(),
        actor: event.actor.as_ref().map(LoggedActor::of),
        request_id: event.request_id.clone(),
        what: event.what.clone(),
        head,
        sealed,
        seal_key: key_ids.organisation.clone(),
        patient_lookup: event
            .patient
            .as_ref()
            .map(|bsn| keys.lookup.mask(Masked::Patient, bsn.reveal())),
        user_lookup: event
            .actor
            .as_ref()
            .map(|actor| keys.lookup.mask(Masked::User, &actor.user.id)),
        lookup_key: key_ids.lookup.clone(),
    })
}

/// The ids of a log's keys, made once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeyIds {
    pub(crate) organisation: String,
    pub(crate) lookup: String,
}

impl KeyIds {
    pub(crate) fn of(keys: &LogKeys) -> Self {
        Self {
            organisation: keys.organisation.id(),
            lookup: keys.lookup.id(),
        }
    }
}
