//! The key that signs checkpoints, as the keychain keeps it, and the counter beside it.
//!
//! Bytes, version 1; numbers are big-endian:
//!
//! | bytes | what |
//! |---|---|
//! | 1 | version, 1 |
//! | 1 | state: 0 ready, 1 pending, 2 pending and the first of a new keychain |
//! | 8 | number of the next checkpoint |
//! | 8, 32 | size and root of the last one; zeros before the first |
//! | 32 | seed of the key that signs the next one |
//!
//! and while a checkpoint is being written, of that one:
//!
//! | bytes | what |
//! |---|---|
//! | 8, 32, 32 | size, root, chain value |
//! | 24 | time |
//! | 32 | seed of the key after it |

use core::fmt;

use ed25519_dalek::SigningKey;
use zeroize::Zeroizing;

use crate::checkpoint::Checkpoint;
use crate::hash::Hash;

const VERSION: u8 = 1;

/// A log's state in the keychain. Secret; without a look at a log it says nothing about one.
pub struct CheckpointKey {
    pub(crate) number: u64,
    pub(crate) last_size: u64,
    pub(crate) last_root: Hash,
    pub(crate) seed: Zeroizing<[u8; 32]>,
    pub(crate) pending: Option<Pending>,
}

/// A checkpoint that is being written: all that its signature depends on, so that a second try
/// signs the same bytes.
pub(crate) struct Pending {
    /// The key before it is lost: this one was not announced.
    pub(crate) fresh: bool,
    pub(crate) size: u64,
    pub(crate) root: Hash,
    pub(crate) chain: Hash,
    pub(crate) at: String,
    pub(crate) next_seed: Zeroizing<[u8; 32]>,
}

/// What the keychain knows of a log, without its secret: for [`crate::Known`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeychainCounter {
    /// The number of the next checkpoint.
    pub number: u64,
    /// The size of the last.
    pub size: u64,
    /// The root of the last.
    pub root: Hash,
    /// The public key that signs the next.
    pub public_key: [u8; 32],
    pub(crate) fresh: bool,
}

impl CheckpointKey {
    /// Reads what the keychain kept; `None` where it is not of a known version or length.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut rest = Rest(bytes);
        let [version, state] = rest.take()?;
        if version != VERSION {
            return None;
        }
        let mut key = Self {
            number: u64::from_be_bytes(rest.take()?),
            last_size: u64::from_be_bytes(rest.take()?),
            last_root: Hash::from_slice(&rest.take::<32>()?)?,
            seed: Zeroizing::new(rest.take()?),
            pending: None,
        };
        if let 1 | 2 = state {
            key.pending = Some(Pending {
                fresh: state == 2,
                size: u64::from_be_bytes(rest.take()?),
                root: Hash::from_slice(&rest.take::<32>()?)?,
                chain: Hash::from_slice(&rest.take::<32>()?)?,
                at: String::from_utf8(rest.take::<24>()?.to_vec()).ok()?,
                next_seed: Zeroizing::new(rest.take()?),
            });
        }
        (state <= 2 && rest.0.is_empty()).then_some(key)
    }

    /// The bytes for the keychain, and for nothing else.
    #[must_use]
    pub fn reveal(&self) -> Zeroizing<Vec<u8>> {
        let state = self.pending.as_ref().map_or(0, |p| 1 + u8::from(p.fresh));
        let mut bytes = Zeroizing::new(Vec::with_capacity(256));
        bytes.extend([VERSION, state]);
        bytes.extend(self.number.to_be_bytes());
        bytes.extend(self.last_size.to_be_bytes());
        bytes.extend(self.last_root.as_bytes());
        bytes.extend(self.seed.iter());
        if let Some(pending) = &self.pending {
            bytes.extend(pending.size.to_be_bytes());
            bytes.extend(pending.root.as_bytes());
            bytes.extend(pending.chain.as_bytes());
            bytes.extend(pending.at.as_bytes());
            bytes.extend(pending.next_seed.iter());
        }
        bytes
    }

    /// What verification may know of it.
    #[must_use]
    pub fn counter(&self) -> KeychainCounter {
        KeychainCounter {
            number: self.number,
            size: self.last_size,
            root: self.last_root,
            public_key: self.public_key(),
            fresh: self.pending.as_ref().is_some_and(|p| p.fresh),
        }
    }

    pub(crate) fn public_key(&self) -> [u8; 32] {
        public(&self.seed)
    }

    /// The checkpoint that is being written, and its note.
    pub(crate) fn pending_note(&self, log: String) -> Option<(Checkpoint, String)> {
        let pending = self.pending.as_ref()?;
        let checkpoint = Checkpoint {
            log,
            size: pending.size,
            root: pending.root,
            number: self.number,
            at: pending.at.clone(),
            chain: pending.chain,
            key: self.public_key(),
            next: public(&pending.next_seed),
        };
        let note = checkpoint.signed(&SigningKey::from_bytes(&self.seed));
        Some((checkpoint, note))
    }

    /// The state once the pending checkpoint is durable: its key is gone.
    pub(crate) fn moved_forward(&self) -> Option<Self> {
        let pending = self.pending.as_ref()?;
        Some(Self {
            number: self.number + 1,
            last_size: pending.size,
            last_root: pending.root,
            seed: pending.next_seed.clone(),
            pending: None,
        })
    }
}

impl fmt::Debug for CheckpointKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CheckpointKey(next {}, hidden)", self.number)
    }
}

fn public(seed: &Zeroizing<[u8; 32]>) -> [u8; 32] {
    SigningKey::from_bytes(seed).verifying_key().to_bytes()
}

struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*taken)
    }
}
