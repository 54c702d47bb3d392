//! Checkpoints: what the log said at a size, signed with a key that is used once.
//!
//! The text is that of C2SP tlog-checkpoint with five extension lines:
//!
//! ```text
//! inzage/view-log/<id of the log>
//! <size>
//! <root, base64>
//! number <from 1>
//! time <UTC>
//! chain <last chain value, base64>
//! key <public key that signs this, base64>
//! next <the only public key that may sign the next one, base64>
//! ```

use base64::{Engine, engine::general_purpose::STANDARD};
use ed25519_dalek::{SigningKey, VerifyingKey};

use crate::compose::check_at;
use crate::hash::{Hash, is_hex};
use crate::note::{Note, sign};

const ORIGIN: &str = "inzage/view-log/";

/// What a checkpoint says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Checkpoint {
    /// The log's id, 32 hexadecimal digits.
    pub(crate) log: String,
    pub(crate) size: u64,
    pub(crate) root: Hash,
    pub(crate) number: u64,
    pub(crate) at: String,
    pub(crate) chain: Hash,
    pub(crate) key: [u8; 32],
    pub(crate) next: [u8; 32],
}

impl Checkpoint {
    /// The text that is signed.
    pub(crate) fn text(&self) -> String {
        let base64 = |bytes: &[u8; 32]| STANDARD.encode(bytes);
        format!(
            "{ORIGIN}{}\n{}\n{}\nnumber {}\ntime {}\nchain {}\nkey {}\nnext {}\n",
            self.log,
            self.size,
            base64(self.root.as_bytes()),
            self.number,
            self.at,
            base64(self.chain.as_bytes()),
            base64(&self.key),
            base64(&self.next),
        )
    }

    /// The note. The same every time: Ed25519 has no randomness of its own.
    pub(crate) fn signed(&self, key: &SigningKey) -> String {
        sign(&self.name(), &self.text(), key)
    }

    /// Reads a note and holds its signature against the key that it names. Whether that key may sign
    /// is for the reader to know.
    pub(crate) fn open(note: &str) -> Result<Self, NotACheckpoint> {
        let note = Note::parse(note).ok_or(NotACheckpoint::Form)?;
        let checkpoint = Self::parse(note.text).ok_or(NotACheckpoint::Form)?;
        let key = VerifyingKey::from_bytes(&checkpoint.key).map_err(|_| NotACheckpoint::Form)?;
        if note.is_signed_by(&checkpoint.name(), &key) {
            Ok(checkpoint)
        } else {
            Err(NotACheckpoint::Signature)
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let hash = |text: &str| Hash::from_slice(&STANDARD.decode(text).ok()?);
        let mut lines = text.lines();
        let mut line = |prefix: &str| lines.next()?.strip_prefix(prefix);
        let checkpoint = Self {
            log: line(ORIGIN)?.to_owned(),
            size: line("")?.parse().ok()?,
            root: hash(line("")?)?,
            number: line("number ")?.parse().ok()?,
            at: line("time ")?.to_owned(),
            chain: hash(line("chain ")?)?,
            key: *hash(line("key ")?)?.as_bytes(),
            next: *hash(line("next ")?)?.as_bytes(),
        };
        let sound = is_hex(&checkpoint.log, 16) && check_at(&checkpoint.at).is_ok();
        // One checkpoint, one text: no leading zeros, no line besides.
        (sound && checkpoint.text() == text).then_some(checkpoint)
    }

    /// The key's name is the origin, as tlog-checkpoint advises.
    fn name(&self) -> String {
        format!("{ORIGIN}{}", self.log)
    }
}

/// Why a note is no checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotACheckpoint {
    /// Not of this form.
    Form,
    /// The key that it names did not sign it.
    Signature,
}
