//! What comes in from outside: time and randomness. Passed in, so that every rule can be tested.

use chrono::{DateTime, Local, Utc};

/// The time.
pub trait Clock: Send + Sync {
    /// Now, in UTC.
    fn now(&self) -> DateTime<Utc>;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// `2026-11-22T01:14:05.123Z`: how the log writes a moment.
#[must_use]
pub fn rfc3339(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}

/// `02:14` on the wall clock of this workstation.
#[must_use]
pub fn wall_clock(at: DateTime<Utc>) -> String {
    at.with_timezone(&Local).format("%H:%M").to_string()
}

/// `2026-11-22T02:14:05` on the wall clock of this workstation.
#[must_use]
pub fn local_iso(at: DateTime<Utc>) -> String {
    at.with_timezone(&Local)
        .format("%Y-%m-%dT%H:%M:%S")
        .to_string()
}

/// `20261122021405`: how HL7v3 writes local time.
#[must_use]
pub fn local_hl7(at: DateTime<Utc>) -> String {
    at.with_timezone(&Local).format("%Y%m%d%H%M%S").to_string()
}

/// Fills a buffer with the operating system's randomness.
///
/// # Errors
/// When the machine has none: then nothing may be sealed or shown.
pub fn random(buffer: &mut [u8]) -> Result<(), NoRandomness> {
    getrandom::fill(buffer).map_err(|_| NoRandomness)
}

/// The operating system gives no randomness.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoRandomness;
