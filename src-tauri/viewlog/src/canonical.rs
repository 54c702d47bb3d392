//! The canonical bytes of an entry, version 1 (`docs/view-log.md`).
//!
//! UTF-8 JSON without white space, members in the order in which they are
//! declared here and in [`What`]. **The order and names are a format**: older
//! entries are checked by encoding them again, byte for byte.

use std::io;

use base64::{Engine, engine::general_purpose::STANDARD};
use inzage_core::domain::event::{Place, What};
use inzage_core::domain::user::{Means, Role};
use serde::{Deserialize, Serialize};

use crate::error::LogError;
use crate::limits::ENTRY_BYTES_MAX;

/// The version this code writes and reads.
pub(crate) const CANONICAL_VERSION: u32 = 1;

/// One entry as it is hashed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Canonical {
    pub(crate) v: u32,
    pub(crate) seq: u64,
    pub(crate) segment: u64,
    pub(crate) at: String,
    pub(crate) place: Place,
    pub(crate) actor: Option<LoggedActor>,
    pub(crate) request_id: Option<String>,
    pub(crate) what: What,
    pub(crate) head: Option<SegmentHead>,
    pub(crate) sealed: Option<Sealed>,
    pub(crate) seal_key: String,
    pub(crate) patient_lookup: Option<String>,
    pub(crate) user_lookup: Option<String>,
    pub(crate) lookup_key: String,
}

/// What of the person is readable without a key: the role, not who.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoggedActor {
    /// The role of the person at the screen.
    pub role: Role,
    /// How they proved who they are.
    pub means: Means,
    /// Role and means of the doctor under whose mandate they acted.
    pub responsible: Option<LoggedResponsible>,
}

/// The doctor under whose mandate someone acted, without who.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoggedResponsible {
    /// Their role.
    pub role: Role,
    /// How they proved who they are.
    pub means: Means,
}

/// What a segment's first entry says besides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SegmentHead {
    /// The log's own id, 16 random bytes in hexadecimal; the same in every segment.
    pub(crate) log: String,
    /// The chain value before this entry: the head of the segment before.
    pub(crate) previous: String,
    /// The organisation's public key, base64.
    pub(crate) organisation_key: String,
    /// The segment's look-up key, sealed to that public key.
    pub(crate) lookup_key_sealed: Sealed,
}

/// Encapsulated key and ciphertext; base64 in JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sealed(pub(crate) Vec<u8>);

impl Serialize for Sealed {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Sealed {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        STANDARD
            .decode(text)
            .map(Self)
            .map_err(|_| serde::de::Error::custom("not base64"))
    }
}

/// Why bytes are no canonical entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotCanonical {
    /// A version this code does not know.
    Version,
    /// Not JSON of this shape, or not its canonical form.
    Form,
}

impl Canonical {
    pub(crate) fn encode(&self) -> Result<Vec<u8>, LogError> {
        let bytes = serde_json::to_vec(self).map_err(|_| LogError::Invalid { field: "event" })?;
        if bytes.len() > ENTRY_BYTES_MAX {
            return Err(LogError::TooLarge { bytes: bytes.len() });
        }
        Ok(bytes)
    }

    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, NotCanonical> {
        #[derive(Deserialize)]
        struct Version {
            v: u32,
        }
        if bytes.len() > ENTRY_BYTES_MAX {
            return Err(NotCanonical::Form);
        }
        let Ok(entry) = serde_json::from_slice::<Self>(bytes) else {
            // Only what says itself to be of another version is taken for one.
            return match serde_json::from_slice::<Version>(bytes) {
                Ok(Version { v }) if v != CANONICAL_VERSION => Err(NotCanonical::Version),
                _ => Err(NotCanonical::Form),
            };
        };
        if entry.v != CANONICAL_VERSION {
            return Err(NotCanonical::Version);
        }
        // One value, one text: otherwise two files could say the same and hash differently.
        let mut rest = Expected(bytes);
        match serde_json::to_writer(&mut rest, &entry) {
            Ok(()) if rest.0.is_empty() => Ok(entry),
            _ => Err(NotCanonical::Form),
        }
    }

    /// The columns that stand beside the bytes, for queries. All of them follow from the bytes.
    pub(crate) fn columns(&self) -> Columns<'_> {
        Columns {
            segment: self.segment,
            at: &self.at,
            event: event_name(&self.what),
            request_id: self.request_id.as_deref(),
            patient_lookup: self.patient_lookup.as_deref(),
            user_lookup: self.user_lookup.as_deref(),
        }
    }
}

/// Takes exactly these bytes, and is left with those that did not come: no second copy is made.
struct Expected<'a>(&'a [u8]);

impl io::Write for Expected<'_> {
    fn write(&mut self, written: &[u8]) -> io::Result<usize> {
        match self.0.strip_prefix(written) {
            Some(rest) => {
                self.0 = rest;
                Ok(written.len())
            }
            None => Err(io::ErrorKind::InvalidData.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What is stored beside the canonical bytes to be searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Columns<'a> {
    pub(crate) segment: u64,
    pub(crate) at: &'a str,
    pub(crate) event: &'static str,
    pub(crate) request_id: Option<&'a str>,
    pub(crate) patient_lookup: Option<&'a str>,
    pub(crate) user_lookup: Option<&'a str>,
}

/// The `event` member of [`What`]: a test holds the two together.
#[must_use]
pub const fn event_name(what: &What) -> &'static str {
    match what {
        What::SignedIn { .. } => "signed_in",
        What::SignInRefused { .. } => "sign_in_refused",
        What::Requested { .. } => "requested",
        What::Objected => "objected",
        What::Sent { .. } => "sent",
        What::MarkerRead { .. } => "marker_read",
        What::Delivered { .. } => "delivered",
        What::Refused { .. } => "refused",
        What::ReceivedNotShown { .. } => "received_not_shown",
        What::Failed { .. } => "failed",
        What::Released { .. } => "released",
        What::Displayed { .. } => "displayed",
        What::AskedAboutAllergies { .. } => "asked_about_allergies",
        What::SuspicionChanged { .. } => "suspicion_changed",
        What::MeasureChanged { .. } => "measure_changed",
        What::Closed { .. } => "closed",
        What::Locked { .. } => "locked",
        What::SignedOut { .. } => "signed_out",
        What::LogOpened { .. } => "log_opened",
        What::SegmentStarted { .. } => SEGMENT_STARTED,
        What::Expired { .. } => EXPIRED,
    }
}

/// The event that begins a segment; also named in the schema.
pub(crate) const SEGMENT_STARTED: &str = "segment_started";

/// The event that says that content expired; also named in the schema.
pub(crate) const EXPIRED: &str = "expired";
