//! Accounting for every leaf that was received, and naming the summary by its digest.

use core::ops::Range;

use sha2::{Digest, Sha256};

use super::Asked;
use crate::domain::bsn::Bsn;
use crate::domain::summary::Summary;
use crate::readers::Format;
use crate::readers::coverage::{self, Coverage};
use crate::readers::ledger::Ledger;

/// A text that was read, kept until its leaves are accounted for.
pub(super) struct ReadText {
    pub(super) text: String,
    pub(super) format: Format,
    pub(super) skip: Vec<Range<usize>>,
    pub(super) ledger: Ledger,
}

/// What became of the leaves of all texts.
pub(super) fn account_for(texts: &[ReadText], json: &serde_json::Value) -> Coverage {
    texts.iter().fold(Coverage::default(), |sum, read| {
        sum.plus(coverage::of(
            read.format,
            &read.text,
            &read.skip,
            &read.ledger,
            json,
        ))
    })
}

/// Streams the summary into the hash: a large record is not written out first.
pub(super) fn digest(nonce: [u8; 32], asked: &Asked, summary: &Summary) -> [u8; 32] {
    struct Into(Sha256);
    impl std::io::Write for Into {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.update(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut hash = Into(Sha256::new());
    hash.0.update(b"inzage prepared 1\0");
    hash.0.update(nonce);
    hash.0.update(asked.bsn.as_ref().map_or("", Bsn::reveal));
    hash.0.update([0]);
    if serde_json::to_writer(&mut hash, summary).is_err() {
        // A summary has no map with keys that JSON cannot hold, and this writer never fails;
        // were it otherwise, the digest would still name no other summary.
        hash.0.update(b"\0not written");
    }
    hash.0.finalize().into()
}
