//! The key under which personal fields wait for delivery (ChaCha20-Poly1305, RFC 8439).

use core::fmt;

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{ChaCha20Poly1305, KeyInit};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::error::LogError;
use crate::keys::key_id;
use crate::random::{Random, draw};
use crate::seal::Spot;

/// Bytes of a nonce, drawn for each row: one key may encrypt four thousand million rows.
pub(crate) const NONCE_BYTES: usize = 12;

/// With which a workstation keeps the personal fields of what is not delivered yet, and reads them
/// back to deliver them. In the keychain; a lost one loses no entry (see [`crate::NotOpened`]).
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct OutboxKey([u8; 32]);

impl OutboxKey {
    /// Makes a new one.
    ///
    /// # Errors
    /// [`LogError::Random`] when the generator fails.
    pub fn generate(random: &mut Random) -> Result<Self, LogError> {
        Ok(Self(*draw(random)?))
    }

    /// From the 32 bytes kept in the keychain.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes, for the keychain only.
    #[must_use]
    pub const fn reveal(&self) -> &[u8; 32] {
        &self.0
    }

    /// First 8 bytes of SHA-256 over a label and the key, hexadecimal.
    #[must_use]
    pub fn id(&self) -> String {
        key_id(b"inzage outbox key 1", &self.0)
    }

    /// Nonce, then ciphertext with its tag.
    pub(crate) fn seal(
        &self,
        nonce: &[u8; NONCE_BYTES],
        spot: Spot,
        plain: &[u8],
    ) -> Option<Vec<u8>> {
        let aad = spot.associated_data();
        let payload = Payload {
            msg: plain,
            aad: &aad,
        };
        let ciphertext = self.cipher().encrypt(nonce.into(), payload).ok()?;
        let mut sealed = Vec::with_capacity(NONCE_BYTES + ciphertext.len());
        sealed.extend_from_slice(nonce);
        sealed.extend_from_slice(&ciphertext);
        Some(sealed)
    }

    /// `None` when it was sealed with another key or for another entry, or was altered.
    pub(crate) fn open(&self, spot: Spot, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, ciphertext) = sealed.split_first_chunk::<NONCE_BYTES>()?;
        let aad = spot.associated_data();
        let payload = Payload {
            msg: ciphertext,
            aad: &aad,
        };
        let plain = self.cipher().decrypt(nonce.into(), payload).ok()?;
        Some(Zeroizing::new(plain))
    }

    fn cipher(&self) -> ChaCha20Poly1305 {
        ChaCha20Poly1305::new((&self.0).into())
    }
}

impl fmt::Debug for OutboxKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OutboxKey({}, hidden)", self.id())
    }
}
