//! The one gate between what was prepared and what is shown.

use inzage_core::domain::consent::DecisionInput;
use inzage_core::domain::disclosure::Prepared;
use inzage_core::domain::summary::Summary;
use inzage_viewlog::Receipt;

/// A summary whose release is in the log. Nothing else becomes a view.
///
/// **Architecture Invariant:** there are two ways to make one: [`Disclosed::new`]
/// with a receipt that names this very summary, and, compiled with the feature
/// `training` alone, `Disclosed::for_inspection`, which no window ever calls.
pub struct Disclosed {
    summary: Summary,
    decided: Vec<DecisionInput>,
    digest: String,
}

/// The receipt names another summary: a fault of the calling code, and nothing is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OtherReceipt;

impl Disclosed {
    /// Takes what was prepared, on the log's receipt for it; consumes both.
    ///
    /// # Errors
    /// When the receipt is for something else.
    #[allow(
        clippy::needless_pass_by_value,
        reason = "a receipt is spent: it opens one summary, once"
    )]
    pub fn new(prepared: Prepared, receipt: Receipt) -> Result<Self, OtherReceipt> {
        let digest = hexadecimal(&prepared.digest());
        if receipt.digest() != digest {
            return Err(OtherReceipt);
        }
        Ok(Self::open(prepared, digest))
    }

    /// For `inzage inspect`, which shows a file that the person at the terminal already has.
    #[cfg(feature = "training")]
    #[must_use]
    pub fn for_inspection(prepared: Prepared) -> Self {
        let digest = hexadecimal(&prepared.digest());
        Self::open(prepared, digest)
    }

    /// The summary.
    #[must_use]
    pub const fn summary(&self) -> &Summary {
        &self.summary
    }

    /// What its decisions were taken on.
    #[must_use]
    pub fn decided(&self) -> &[DecisionInput] {
        &self.decided
    }

    /// Its name in the log: 64 hexadecimal digits.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    fn open(prepared: Prepared, digest: String) -> Self {
        let decided = prepared.decided().to_vec();
        #[expect(
            clippy::disallowed_methods,
            reason = "this is the gate: the receipt was checked above"
        )]
        let summary = prepared.into_released();
        Self {
            summary,
            decided,
            digest,
        }
    }
}

/// Lower-case hexadecimal, two digits a byte.
#[must_use]
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            for nibble in [byte >> 4, byte & 0xf] {
                text.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
            }
            text
        })
}
