//! What can go wrong while writing or reading, and who can do what about it.

use core::fmt;
use std::io;

use rusqlite::ErrorCode;

/// Why the log could not be opened, written or read.
///
/// Whatever the variant: nothing was logged by that call, so nothing may be shown.
/// No variant carries anything of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum LogError {
    /// The folder or file cannot be written: rights, a failing disk, a lost mount.
    Unwritable {
        /// What the system said (an error kind or a code), for an administrator.
        detail: String,
    },
    /// The file or its disk is read-only.
    ReadOnly,
    /// No room left on the disk.
    Full,
    /// Another process held the file longer than the wait allows.
    Busy,
    /// The file contradicts itself.
    Corrupt {
        /// Where, if known.
        sequence: Option<u64>,
    },
    /// The file was renamed, removed or replaced while it was open.
    Moved,
    /// The database does not write through to the disk as asked.
    NotDurable {
        /// The setting that is not in force.
        setting: &'static str,
    },
    /// A file of that name exists and is no view log.
    ForeignFile,
    /// The file was written by a newer version.
    NewerVersion,
    /// Another instance went on with other keys; this one's are of an older segment.
    OtherKeys,
    /// An earlier write failed in a way after which this handle cannot be trusted.
    Broken,
    /// The entry would be larger than [`crate::ENTRY_BYTES_MAX`].
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// The event cannot be logged as it stands: a mistake in the calling code.
    Invalid {
        /// The field that is missing or malformed.
        field: &'static str,
    },
    /// The caller's generator gave no random bytes.
    Random,
    /// The organisation's public key cannot be sealed to.
    OrganisationKey,
    /// The keychain remembers a checkpoint that the log no longer has: the log was put back to an
    /// older state, or its end was cut off.
    BehindKeychain,
    /// The keychain has no key that may sign the next checkpoint of this log. A new one may begin
    /// only after a segment that says `keychain_lost`: open the log with a new look-up key.
    CheckpointKey,
    /// The keychain could not be read or written.
    Keychain,
}

impl LogError {
    /// Stable code, for screens, configuration checks and tests.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unwritable { .. } => "log_unwritable",
            Self::ReadOnly => "log_read_only",
            Self::Full => "log_full",
            Self::Busy => "log_busy",
            Self::Corrupt { .. } => "log_corrupt",
            Self::Moved => "log_moved",
            Self::NotDurable { .. } => "log_not_durable",
            Self::ForeignFile => "log_foreign_file",
            Self::NewerVersion => "log_newer_version",
            Self::OtherKeys => "log_other_keys",
            Self::Broken => "log_broken",
            Self::TooLarge { .. } => "log_entry_too_large",
            Self::Invalid { .. } => "log_entry_invalid",
            Self::Random => "log_no_randomness",
            Self::OrganisationKey => "log_organisation_key",
            Self::BehindKeychain => "log_behind_keychain",
            Self::CheckpointKey => "log_checkpoint_key",
            Self::Keychain => "log_keychain",
        }
    }
}

impl fmt::Display for LogError {
    /// What happened; then who can do what.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unwritable { detail } => write!(
                f,
                "the view log cannot be opened, read or written ({detail}); an administrator can check the folder's rights and the disk"
            ),
            Self::ReadOnly => f.write_str(
                "the view log is read-only; an administrator can make its folder and disk writable",
            ),
            Self::Full => f.write_str(
                "the disk that holds the view log is full; an administrator can make room",
            ),
            Self::Busy => f.write_str(
                "another program keeps the view log locked; close other windows of this app, or restart the workstation",
            ),
            Self::Corrupt { sequence: Some(at) } => write!(
                f,
                "the view log is damaged at entry {at}; an administrator must set the file apart, unchanged, and have it verified"
            ),
            Self::Corrupt { sequence: None } => f.write_str(
                "the view log is damaged; an administrator must set the file apart, unchanged, and have it verified",
            ),
            Self::Moved => f.write_str(
                "the view log's file was moved, removed or replaced while in use; an administrator must find out by whom, put it back and restart the app",
            ),
            Self::NotDurable { setting } => write!(
                f,
                "the database does not promise durable writes here ({setting}); an administrator must put the folder on a local disk"
            ),
            Self::ForeignFile => f.write_str(
                "the file in the view log's place is no view log, or its beginning is damaged; an administrator must set it apart, unchanged",
            ),
            Self::NewerVersion => f.write_str(
                "the view log was written by a newer version of this app; install that version",
            ),
            Self::OtherKeys => f.write_str(
                "another instance of the app went on with other keys; close it and restart this one",
            ),
            Self::Broken => f.write_str(
                "an earlier write to the view log failed; restart the app, and have an administrator check the disk",
            ),
            Self::TooLarge { bytes } => write!(
                f,
                "the entry is too large for the view log ({bytes} bytes); report this to the supplier"
            ),
            Self::Invalid { field } => write!(
                f,
                "the event cannot be logged: {field} is missing or malformed; report this to the supplier"
            ),
            Self::Random => f.write_str(
                "the operating system gives no random numbers; restart the workstation",
            ),
            Self::OrganisationKey => f.write_str(
                "the organisation's public key cannot be used; the privacy officer can supply a good one",
            ),
            Self::BehindKeychain => f.write_str(
                "the view log lacks entries that the keychain knows of; an administrator must set the file apart, unchanged, and find out who put an older one in its place",
            ),
            Self::CheckpointKey => f.write_str(
                "the keychain does not hold the key that signs the view log's next checkpoint; an administrator can remove the log's keys from the keychain, and a new segment begins",
            ),
            Self::Keychain => f.write_str(
                "the keychain could not be read or written, so no checkpoint was signed; unlock it, and the app tries again",
            ),
        }
    }
}

impl std::error::Error for LogError {}

impl From<rusqlite::Error> for LogError {
    fn from(error: rusqlite::Error) -> Self {
        let rusqlite::Error::SqliteFailure(cause, _) = &error else {
            // A column of another type than the schema says, or a row that must be there and is not.
            return Self::Corrupt { sequence: None };
        };
        match cause.code {
            ErrorCode::DiskFull => Self::Full,
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::Busy,
            ErrorCode::ReadOnly
                if cause.extended_code == rusqlite::ffi::SQLITE_READONLY_DBMOVED =>
            {
                Self::Moved
            }
            ErrorCode::ReadOnly => Self::ReadOnly,
            ErrorCode::NotADatabase => Self::ForeignFile,
            // A constraint or trigger speaks up only when the file is not what this code left.
            ErrorCode::DatabaseCorrupt | ErrorCode::ConstraintViolation | ErrorCode::Unknown => {
                Self::Corrupt { sequence: None }
            }
            _ => Self::Unwritable {
                detail: format!("SQLite {}", cause.extended_code),
            },
        }
    }
}

impl From<io::Error> for LogError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly,
            kind => Self::Unwritable {
                detail: kind.to_string(),
            },
        }
    }
}
