//! The Merkle tree of RFC 6962 (section 2.1; the same in RFC 9162) over the log's leaves.
//!
//! Only its frontier is kept: the roots of the full trees on the right edge, one per bit of the
//! size. A root over a million leaves takes twenty hashes of memory.

use crate::hash::{Hash, sha256};

/// Domain of an inner node, as RFC 6962 has it.
const NODE: [u8; 1] = [0x01];

/// A tree that grows by one leaf at a time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Frontier {
    size: u64,
    /// Roots of full trees, the largest first.
    full: Vec<Hash>,
}

impl Frontier {
    pub(crate) const fn size(&self) -> u64 {
        self.size
    }

    /// Takes the next leaf hash.
    pub(crate) fn push(&mut self, leaf: Hash) {
        let mut root = leaf;
        // Two full trees of one height make one of the next: a carry, as in counting.
        let mut carry = self.size;
        while carry & 1 == 1 {
            let Some(left) = self.full.pop() else { break };
            root = node(&left, &root);
            carry >>= 1;
        }
        self.full.push(root);
        self.size += 1;
    }

    /// The root over all leaves so far; of none, the hash of nothing.
    pub(crate) fn root(&self) -> Hash {
        let mut smaller_first = self.full.iter().rev();
        let Some(smallest) = smaller_first.next() else {
            return sha256(&[]);
        };
        smaller_first.fold(*smallest, |right, left| node(left, &right))
    }
}

fn node(left: &Hash, right: &Hash) -> Hash {
    sha256(&[&NODE, left.as_bytes(), right.as_bytes()])
}
