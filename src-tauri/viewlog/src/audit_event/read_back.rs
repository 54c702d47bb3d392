//! An entry, read back from the AuditEvent that the organisation's repository keeps of it.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;

use super::{ENTRY_DETAIL, LogId, OWN_TAG_SYSTEM};
use crate::canonical::Canonical;
use crate::compose::is_moment;
use crate::entry::LogEntry;
use crate::limits::ENTRY_BYTES_MAX;

/// Hexadecimal digits of a log's id.
const LOG_ID_DIGITS: usize = 32;
/// Base64 of the largest entry.
const ENCODED_BYTES_MAX: usize = ENTRY_BYTES_MAX.div_ceil(3) * 4;

/// An entry of some workstation's log, as the repository has it.
///
/// Nothing vouches for it but the repository: the chain and the checkpoints are in the log's own file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepositoryEntry {
    /// Of which log it is.
    pub log: LogId,
    /// The entry, without its leaf.
    pub entry: LogEntry,
    /// Whether the repository was seen to say something else under its number, or the same under another
    /// log: one of them is not what was written ([`crate::overview::Sieve`]).
    pub contradicted: bool,
}

/// An AuditEvent that says itself to be an entry of a view log, and from which none can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotReadable;

impl core::fmt::Display for NotReadable {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(
            "the repository has an AuditEvent of a view log from which the entry cannot be read back: it was sent by an older version, or altered since",
        )
    }
}

impl std::error::Error for NotReadable {}

/// Reads an entry back. `Ok(None)` for what is no entry of a view log: another system's AuditEvent, a
/// checkpoint, a heartbeat. Total: whatever the repository has, there is an answer.
///
/// # Errors
/// [`NotReadable`] where it should be one: its bytes are missing, are not canonical, or are of another
/// entry than the tag says.
pub fn read_back(resource: &Value) -> Result<Option<RepositoryEntry>, NotReadable> {
    let Some((log, number)) = own_code(resource)? else {
        return Ok(None);
    };
    if number.starts_with("checkpoint-") || number.starts_with("heartbeat-") {
        return Ok(None);
    }
    let entry = canonical_of(resource)
        .and_then(|bytes| Canonical::decode(&bytes).ok())
        .filter(|entry| entry.seq.to_string() == number && is_moment(&entry.at))
        .map(|entry| LogEntry::of(entry, None))
        .filter(|entry| entry.head_log().is_none_or(|head| head == log))
        .ok_or(NotReadable)?;
    Ok(Some(RepositoryEntry {
        log: LogId(log.to_owned()),
        entry,
        contradicted: false,
    }))
}

/// The log and the number that an AuditEvent says itself to be an entry of, whether or not the entry can be
/// read back. `None` for what is no entry of a view log.
#[must_use]
pub fn number_of(resource: &Value) -> Option<(LogId, u64)> {
    let (log, digits) = own_code(resource).ok()??;
    let number: u64 = digits.parse().ok()?;
    (number.to_string() == digits).then(|| (LogId(log.to_owned()), number))
}

/// The log's id, and what follows it in the tag that is the resource's own.
fn own_code(resource: &Value) -> Result<Option<(&str, &str)>, NotReadable> {
    if text(resource, "resourceType") != Some("AuditEvent") {
        return Ok(None);
    }
    let mut own = own_codes(resource);
    let Some(code) = own.next() else {
        return Ok(None);
    };
    if own.next().is_some() {
        return Err(NotReadable);
    }
    let (log, number) = code.split_once('-').ok_or(NotReadable)?;
    let is_id = log.len() == LOG_ID_DIGITS
        && log
            .bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    if is_id {
        Ok(Some((log, number)))
    } else {
        Err(NotReadable)
    }
}

/// The codes of its tags of our system: one, where it is ours.
pub(super) fn own_codes(resource: &Value) -> impl Iterator<Item = &str> {
    resource
        .get("meta")
        .map_or(&[][..], |meta| list(meta, "tag"))
        .iter()
        .filter(|tag| text(tag, "system") == Some(OWN_TAG_SYSTEM))
        .filter_map(|tag| text(tag, "code"))
}

/// The bytes, where there is exactly one detail that says to hold them.
fn canonical_of(resource: &Value) -> Option<Vec<u8>> {
    let mut details = details(resource)
        .filter(|detail| text(detail, "type") == Some(ENTRY_DETAIL))
        .filter_map(|detail| text(detail, "valueBase64Binary"));
    let encoded = details.next()?;
    if details.next().is_some() || encoded.len() > ENCODED_BYTES_MAX {
        return None;
    }
    STANDARD.decode(encoded).ok()
}

/// Every detail of every entity.
pub(super) fn details(resource: &Value) -> impl Iterator<Item = &Value> {
    list(resource, "entity")
        .iter()
        .flat_map(|entity| list(entity, "detail"))
}

pub(super) fn text<'a>(of: &'a Value, member: &str) -> Option<&'a str> {
    of.get(member).and_then(Value::as_str)
}

fn list<'a>(of: &'a Value, member: &str) -> &'a [Value] {
    of.get(member)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}
