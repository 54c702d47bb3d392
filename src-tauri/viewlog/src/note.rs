//! Signed notes (C2SP signed-note): a text, and under it who signed it.
//!
//! ```text
//! text, ending in a line end
//!
//! — name base64(key id of 4 bytes ‖ signature)
//! ```
//! Only Ed25519 (signature type 0x01). Lines by others (witnesses) are kept apart and ignored.

use base64::{Engine, engine::general_purpose::STANDARD};
use ed25519_dalek::{Signature, SigningKey, VerifyingKey};

use crate::hash::sha256;
use crate::limits::NOTE_BYTES_MAX;

/// An em dash and a blank begin a signature line.
const SIGNED_BY: &str = "\u{2014} ";

/// The type byte of Ed25519 in a key id.
const ED25519: [u8; 1] = [0x01];

/// A note as it is read: nothing about its signatures is known yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Note<'a> {
    /// With its last line end, as it was signed.
    pub(crate) text: &'a str,
    signatures: &'a str,
}

impl<'a> Note<'a> {
    /// Takes a note apart; `None` where it is not of the format.
    pub(crate) fn parse(note: &'a str) -> Option<Self> {
        let plain = |c: char| c == '\n' || c >= ' ';
        if note.len() > NOTE_BYTES_MAX || !note.chars().all(plain) {
            return None;
        }
        // The last empty line divides them: a text may have empty lines of its own.
        let end_of_text = note.rfind("\n\n")? + 1;
        let text = note.get(..end_of_text)?;
        let signatures = note.get(end_of_text + 1..)?;
        let well_formed = signatures.ends_with('\n')
            && signatures.lines().all(|line| Line::parse(line).is_some());
        well_formed.then_some(Self { text, signatures })
    }

    pub(crate) fn has_one_signature(&self) -> bool {
        self.signatures.lines().count() == 1
    }

    /// Whether this key signed it: every line with the key's name and id must hold, and there is one.
    pub(crate) fn is_signed_by(&self, name: &str, key: &VerifyingKey) -> bool {
        let id = key_id(name, key);
        let mut lines = self
            .signatures
            .lines()
            .filter_map(Line::parse)
            .filter(|line| line.name == name && line.bytes.get(..4) == Some(id.as_slice()))
            .peekable();
        lines.peek().is_some()
            && lines.all(|line| {
                line.bytes
                    .get(4..)
                    .and_then(|bytes| Signature::from_slice(bytes).ok())
                    .is_some_and(|signature| {
                        key.verify_strict(self.text.as_bytes(), &signature).is_ok()
                    })
            })
    }
}

struct Line<'a> {
    name: &'a str,
    bytes: Vec<u8>,
}

impl<'a> Line<'a> {
    fn parse(line: &'a str) -> Option<Self> {
        let (name, signature) = line.strip_prefix(SIGNED_BY)?.split_once(' ')?;
        let named = !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c == '+');
        let bytes = STANDARD.decode(signature).ok()?;
        (named && bytes.len() > 4).then_some(Self { name, bytes })
    }
}

/// Signs a text that ends in a line end.
pub(crate) fn sign(name: &str, text: &str, key: &SigningKey) -> String {
    let mut bytes = key_id(name, &key.verifying_key()).to_vec();
    bytes.extend_from_slice(&ed25519_dalek::Signer::sign(key, text.as_bytes()).to_bytes());
    format!("{text}\n{SIGNED_BY}{name} {}\n", STANDARD.encode(bytes))
}

/// The notes in a file that holds one after another; empty lines between them do not matter.
///
/// Whatever stands after the last signature line comes out as a note too, so that verification can
/// say that it is none.
#[must_use]
pub fn notes_in(file: &str) -> Vec<String> {
    let mut notes = Vec::new();
    let mut note = String::new();
    let mut signed = false;
    for line in file.split_inclusive('\n') {
        let signature = line.starts_with(SIGNED_BY);
        if signed && !signature {
            notes.push(std::mem::take(&mut note));
            signed = false;
        }
        if note.is_empty() && line.trim().is_empty() {
            continue;
        }
        note.push_str(line);
        signed |= signature;
    }
    if !note.is_empty() {
        notes.push(note);
    }
    notes
}

/// The first four bytes of `SHA-256(name ‖ 0x0A ‖ 0x01 ‖ public key)`.
fn key_id(name: &str, key: &VerifyingKey) -> [u8; 4] {
    let hash = sha256(&[name.as_bytes(), b"\n", &ED25519, key.as_bytes()]);
    let [a, b, c, d, ..] = *hash.as_bytes();
    [a, b, c, d]
}
