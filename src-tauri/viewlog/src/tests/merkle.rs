//! The tree against another implementation of RFC 6962.

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use sha2::Sha256;

use super::campaign;
use crate::hash::leaf;
use crate::merkle::Frontier;

/// At every size from none to thousands: each next leaf is some bytes longer or shorter.
#[test]
fn the_root_is_that_of_another_implementation_at_every_size() {
    let mut tree = Frontier::default();
    let mut oracle = MemoryBackedTree::<Sha256, Vec<u8>>::new();
    for size in 0..=campaign("INZAGE_LEAVES", 3_000) {
        assert_eq!(tree.size(), size);
        assert_eq!(
            tree.root().as_bytes().as_slice(),
            oracle.root().as_bytes().as_slice(),
            "size {size}"
        );
        let (salt, canonical) = (size.to_be_bytes(), vec![size as u8; (size % 67) as usize]);
        // The log's leaf is RFC 6962's leaf hash of salt and bytes.
        tree.push(leaf(&salt, &canonical));
        oracle.push([salt.as_slice(), &canonical].concat());
    }
}
