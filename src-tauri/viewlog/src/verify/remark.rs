//! What is to be looked at and is no proof of anything.

use core::fmt;

/// Something that verification names without calling the log false.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Remark {
    /// Of what kind.
    pub class: RemarkClass,
    /// At which entry.
    pub sequence: u64,
}

/// Of what kind a remark is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RemarkClass {
    /// The entry's time is before that of the entry before it, by more than
    /// [`crate::CLOCK_TOLERANCE_MS`]. A clock may be set back for good reasons, so this is no fault.
    ClockBack,
    /// The entry's time is after that of the checkpoint that covers it, by more than the same.
    ClockAhead,
    /// Checkpoints go on with a new key here, because the keychain was lost. Without a witness,
    /// nobody can tell this from somebody who has the file and signs with a key of their own.
    KeychainLost,
}

impl RemarkClass {
    /// Stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::ClockBack => "remark_clock_back",
            Self::ClockAhead => "remark_clock_ahead",
            Self::KeychainLost => "remark_keychain_lost",
        }
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.class {
            RemarkClass::ClockBack => "is of an earlier time than the entry before it",
            RemarkClass::ClockAhead => "is of a later time than the checkpoint that covers it",
            RemarkClass::KeychainLost => "begins with a new checkpoint key: the keychain was lost",
        };
        write!(f, "entry {} {what}", self.sequence)
    }
}
