//! The two formulas everything rests on.

use core::fmt;

use sha2::{Digest, Sha256};

/// Domain of a leaf: the prefix of RFC 6962, so that a Merkle tree takes the same leaves.
const LEAF: [u8; 1] = [0x00];

/// Domain of a chain link. 0x01 stays free for the nodes of that tree.
const LINK: [u8; 1] = [0x02];

/// A SHA-256 value; printed as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hash([u8; 32]);

impl Hash {
    /// What stands before the first link: 32 zero bytes.
    pub const ORIGIN: Self = Self([0; 32]);

    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// From 32 bytes as stored; `None` at any other length.
    #[must_use]
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// `leaf = SHA-256(0x00 ‖ salt ‖ canonical)`: commits to an entry without
/// telling anything about it once salt and bytes are gone.
pub(crate) fn leaf(salt: &[u8], canonical: &[u8]) -> Hash {
    sha256(&[&LEAF, salt, canonical])
}

/// `chain = SHA-256(0x02 ‖ chain before ‖ leaf)`.
pub(crate) fn link(before: &Hash, leaf: &Hash) -> Hash {
    sha256(&[&LINK, &before.0, &leaf.0])
}

pub(crate) fn sha256(parts: &[&[u8]]) -> Hash {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    Hash(hasher.finalize().into())
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 0x0f])
        .filter_map(|nibble| DIGITS.get(usize::from(nibble)))
        .map(|digit| char::from(*digit))
        .collect()
}

/// Whether the text is exactly `bytes` bytes in lower-case hexadecimal.
pub(crate) fn is_hex(text: &str, bytes: usize) -> bool {
    text.len() == bytes * 2 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}
