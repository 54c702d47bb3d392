//! Every limit of the log, with its reason.

use std::time::Duration;

/// Canonical bytes of one entry. The largest real one (a release from ten
/// sources under a mandate) takes 4 KiB; more is a mistake or an attack on the disk.
pub const ENTRY_BYTES_MAX: usize = 64 * 1024;

/// How often a locked file is tried again. Together with [`LOCK_WAIT_STEP`] at
/// least 5 s: an append takes milliseconds, so a longer lock means a hung
/// process, and a doctor must hear that rather than wait.
pub const LOCK_TRIES_MAX: i32 = 2_500;

/// Pause between two tries. Short and fixed: SQLite's own growing pauses starve
/// one of two busy writers.
pub const LOCK_WAIT_STEP: Duration = Duration::from_millis(2);

/// Entries that one read returns at most: a screen shows fewer, and memory stays flat.
pub const READ_ENTRIES_MAX: u32 = 10_000;

/// Sealed plaintext is padded to a multiple of this many bytes, so that its
/// length does not tell names apart.
pub(crate) const SEALED_PAD_BYTES: usize = 256;

/// Bytes of the random salt beside each entry: as long as the hash it protects.
pub(crate) const SALT_BYTES: usize = 32;

/// Bytes of one signed note. A checkpoint takes half a kilobyte; the signed-note format asks to
/// accept 16 signatures, and those of witnesses to come may take 5 kB each.
pub const NOTE_BYTES_MAX: usize = 128 * 1024;

/// How far a clock may seem to go back before verification remarks on it: two instances stamp their
/// events before they wait for the file, at most 5 s for each.
pub const CLOCK_TOLERANCE_MS: i64 = 10_000;

/// Remarks that one verification lists; the others are counted.
pub const REMARKS_MAX: usize = 100;

/// Entries whose content one call deletes: some tenths of a second in which nothing can be appended.
pub const EXPIRE_ENTRIES_MAX: u64 = 2_000;
