//! Proof, inside one process, that an entry is on disk.

/// Where an entry stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appended {
    /// Its number, from 1, without gaps.
    pub sequence: u64,
    /// Its segment, from 1.
    pub segment: u64,
}

/// A release is durable: what it names may be shown, once.
///
/// There is no way to make one but [`crate::ViewLog::append_released`], and none to copy one:
///
/// ```compile_fail
/// let forged = inzage_viewlog::Receipt { sequence: 1, digest: String::new() };
/// ```
/// ```compile_fail
/// fn twice(receipt: &inzage_viewlog::Receipt) -> inzage_viewlog::Receipt { receipt.clone() }
/// ```
/// ```compile_fail
/// fn keep(receipt: &inzage_viewlog::Receipt) -> String { serde_json::to_string(receipt).unwrap() }
/// ```
#[derive(Debug, PartialEq, Eq)]
#[must_use = "without its receipt a summary cannot be shown"]
pub struct Receipt {
    sequence: u64,
    digest: String,
}

impl Receipt {
    pub(crate) const fn new(sequence: u64, digest: String) -> Self {
        Self { sequence, digest }
    }

    /// The digest of what was released: 64 hexadecimal digits, as the event had them.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The entry's number.
    #[must_use]
    pub const fn sequence(&self) -> u64 {
        self.sequence
    }
}
