//! What verification can find.

use core::fmt;

use rusqlite::ErrorCode;

/// The first thing wrong with a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Of what kind.
    pub class: FaultClass,
    /// At which entry, where it is at one.
    pub sequence: Option<u64>,
    /// At which checkpoint, where it is at one.
    pub checkpoint: Option<u64>,
    /// What exactly. Fixed words: never anything of an entry.
    pub what: &'static str,
}

/// What happened to a log, as far as the file tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FaultClass {
    /// An entry, its link or a search column is not what was written.
    Altered,
    /// An entry that must be there is not.
    Missing,
    /// An entry stands in another's place.
    Reordered,
    /// An entry stands there twice.
    Repeated,
    /// Entries or checkpoints at the end are not there, though a checkpoint, the keychain or a witness
    /// knows of them.
    TailMissing,
    /// From some entry on, the log was written anew: every formula holds, and it is not what was
    /// signed. The entry named is the first that may be another one.
    Resealed,
    /// A checkpoint is not what was written.
    Checkpoint,
    /// An entry is not of the canonical form.
    Malformed,
    /// Written in a version that this program does not know.
    UnknownVersion,
    /// A segment does not begin as it must, or an entry is not of its segment.
    Segment,
    /// The database file is damaged.
    Storage,
    /// Not a view log, or its first bytes are damaged.
    ForeignFile,
    /// It could not be read at all; says nothing about what is in it.
    Unreadable,
}

impl FaultClass {
    /// Stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Altered => "fault_altered",
            Self::Missing => "fault_missing",
            Self::Reordered => "fault_reordered",
            Self::Repeated => "fault_repeated",
            Self::TailMissing => "fault_tail_missing",
            Self::Resealed => "fault_resealed",
            Self::Checkpoint => "fault_checkpoint",
            Self::Malformed => "fault_malformed",
            Self::UnknownVersion => "fault_unknown_version",
            Self::Segment => "fault_segment",
            Self::Storage => "fault_storage",
            Self::ForeignFile => "fault_foreign_file",
            Self::Unreadable => "fault_unreadable",
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Altered => "was altered",
            Self::Missing => "is missing",
            Self::Reordered => "is not in its place",
            Self::Repeated => "stands there twice",
            Self::TailMissing => "is missing, and all that came after",
            Self::Resealed => "or one after it was written anew",
            Self::Checkpoint => "is not what was written",
            Self::Malformed => "is malformed",
            Self::UnknownVersion => "is of an unknown version",
            Self::Segment => "does not fit its segment",
            Self::Storage => "is damaged",
            Self::ForeignFile => "is no view log",
            Self::Unreadable => "cannot be read",
        }
    }
}

impl Fault {
    pub(super) const fn new(class: FaultClass, sequence: Option<u64>, what: &'static str) -> Self {
        Self {
            class,
            sequence,
            checkpoint: None,
            what,
        }
    }

    pub(super) const fn at_checkpoint(class: FaultClass, number: u64, what: &'static str) -> Self {
        Self {
            class,
            sequence: None,
            checkpoint: Some(number),
            what,
        }
    }

    /// While reading at `sequence`.
    pub(super) fn of_sql(error: &rusqlite::Error, sequence: Option<u64>) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => {
                Self::new(FaultClass::ForeignFile, None, "the file's header")
            }
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::TooBig | ErrorCode::OutOfMemory) => {
                Self::new(FaultClass::Storage, sequence, "the file's structure")
            }
            // A statement that no longer compiles: a table or column is not there.
            Some(ErrorCode::Unknown) => Self::new(
                FaultClass::Altered,
                sequence,
                "the schema (tables, indexes or triggers)",
            ),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::new(
                FaultClass::Unreadable,
                sequence,
                "another program keeps it locked",
            ),
            Some(_) => Self::new(FaultClass::Unreadable, sequence, "reading failed"),
            // A value of another type than the schema says.
            None => Self::new(FaultClass::Altered, sequence, "the type of a column"),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.sequence, self.checkpoint) {
            (Some(sequence), _) => write!(f, "entry {sequence} ")?,
            (None, Some(number)) => write!(f, "checkpoint {number} ")?,
            (None, None) => f.write_str("the log ")?,
        }
        write!(f, "{}: {}", self.class.words(), self.what)
    }
}

impl std::error::Error for Fault {}
