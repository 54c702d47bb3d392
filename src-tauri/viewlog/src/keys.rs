//! The two keys of a log: the organisation's (seals) and the workstation's (finds).

use core::fmt;

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use hpke::{Deserializable, Kem as _, Serializable, kem::X25519HkdfSha256};
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::error::LogError;
use crate::hash::{hex, sha256};
use crate::random::{Drawn, Random, draw};

type Kem = X25519HkdfSha256;
type PrivateKey = <Kem as hpke::Kem>::PrivateKey;
pub(crate) type PublicKey = <Kem as hpke::Kem>::PublicKey;

const PRIVATE_PREFIX: &str = "INZAGE-ORGANISATION-KEY-1:";
const PUBLIC_PREFIX: &str = "INZAGE-ORGANISATION-PUBLIC-1:";

/// Bytes of a key id: 64 bits tell a few dozen keys apart.
const KEY_ID_BYTES: usize = 8;

/// The keys a log is opened with.
#[derive(Debug, Clone)]
pub struct LogKeys {
    /// To which personal fields are sealed.
    pub organisation: OrganisationPublicKey,
    /// With which patients and users are found. From the keychain; where the
    /// keychain has none, [`LookupKey::generate`] one, keep it there, and then
    /// open: the log sees that it is a new one and starts a segment.
    pub lookup: LookupKey,
}

/// The organisation's public key (X25519). No secret.
#[derive(Clone, PartialEq, Eq)]
pub struct OrganisationPublicKey(PublicKey);

impl OrganisationPublicKey {
    /// Reads `INZAGE-ORGANISATION-PUBLIC-1:` and 32 bytes in base64.
    ///
    /// # Errors
    /// Says what is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, KeyTextError> {
        let bytes = decode(text, PUBLIC_PREFIX)?;
        Self::from_bytes(&bytes)
    }

    /// The text that [`Self::parse`] reads.
    #[must_use]
    pub fn to_text(&self) -> String {
        format!("{PUBLIC_PREFIX}{}", self.to_base64())
    }

    /// First 8 bytes of SHA-256 over a label and the key, hexadecimal.
    #[must_use]
    pub fn id(&self) -> String {
        key_id(b"inzage organisation key 1", &self.to_bytes())
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, KeyTextError> {
        let key = PublicKey::from_bytes(bytes).map_err(|_| KeyTextError::Length)?;
        Ok(Self(key))
    }

    pub(crate) fn to_bytes(&self) -> [u8; 32] {
        self.0.to_bytes().into()
    }

    pub(crate) fn to_base64(&self) -> String {
        STANDARD.encode(self.to_bytes())
    }

    /// From base64 without a prefix, as a segment's head has it.
    pub(crate) fn from_base64(text: &str) -> Result<Self, KeyTextError> {
        let bytes = STANDARD.decode(text).map_err(|_| KeyTextError::Encoding)?;
        Self::from_bytes(&bytes)
    }

    pub(crate) const fn as_key(&self) -> &PublicKey {
        &self.0
    }
}

impl fmt::Debug for OrganisationPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OrganisationPublicKey({})", self.id())
    }
}

/// The organisation's key pair; with its privacy officer, never on a workstation.
pub struct OrganisationKeyPair {
    private: PrivateKey,
    public: OrganisationPublicKey,
}

impl OrganisationKeyPair {
    /// Makes a new pair.
    ///
    /// # Errors
    /// [`LogError::Random`] when the generator fails.
    pub fn generate(random: &mut Random) -> Result<Self, LogError> {
        let mut drawn = Drawn::new(draw(random)?);
        let (private, public) = Kem::gen_keypair_with_rng(&mut drawn);
        if !drawn.sufficed() {
            return Err(LogError::Random);
        }
        Ok(Self {
            private,
            public: OrganisationPublicKey(public),
        })
    }

    /// Reads a key file: `INZAGE-ORGANISATION-KEY-1:` and 32 bytes in base64;
    /// blanks and line ends around it do not matter.
    ///
    /// # Errors
    /// Says what is wrong; never contains the text.
    pub fn parse(text: &str) -> Result<Self, KeyTextError> {
        let bytes = decode(text, PRIVATE_PREFIX)?;
        let private = PrivateKey::from_bytes(&bytes).map_err(|_| KeyTextError::Length)?;
        let public = OrganisationPublicKey(Kem::sk_to_pk(&private));
        Ok(Self { private, public })
    }

    /// The content of a key file, with a line end.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        let bytes = Zeroizing::new(<[u8; 32]>::from(self.private.to_bytes()));
        let mut text = Zeroizing::new(String::with_capacity(96));
        text.push_str(PRIVATE_PREFIX);
        STANDARD.encode_string(bytes.as_slice(), &mut text);
        text.push('\n');
        text
    }

    /// The public half.
    #[must_use]
    pub const fn public(&self) -> &OrganisationPublicKey {
        &self.public
    }

    pub(crate) const fn as_private(&self) -> &PrivateKey {
        &self.private
    }
}

impl fmt::Debug for OrganisationKeyPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "OrganisationKeyPair({}, private half hidden)",
            self.public.id()
        )
    }
}

/// The key with which a workstation finds a patient's entries without being able to read them.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct LookupKey([u8; 32]);

impl LookupKey {
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
        key_id(b"inzage look-up key 1", &self.0)
    }

    /// `HMAC-SHA-256(key, label ‖ 0x00 ‖ value)` in hexadecimal.
    pub(crate) fn mask(&self, kind: Masked, value: &str) -> String {
        // HMAC fills a shorter key up with zeros to its block of 64 bytes; done
        // here, because a block is the one key length that cannot be refused.
        let mut block = Zeroizing::new([0_u8; 64]);
        for (slot, byte) in block.iter_mut().zip(self.0) {
            *slot = byte;
        }
        let mut mac = Hmac::<Sha256>::new((&*block).into());
        mac.update(kind.label());
        mac.update(&[0]);
        mac.update(value.as_bytes());
        hex(&mac.finalize().into_bytes())
    }
}

impl fmt::Debug for LookupKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LookupKey({}, hidden)", self.id())
    }
}

/// What a keyed hash stands for; each kind has a label of its own, so that no
/// value of one kind equals one of another.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Masked {
    Patient,
    User,
}

impl Masked {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::Patient => b"inzage patient 1",
            Self::User => b"inzage user 1",
        }
    }
}

/// Why a text is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyTextError {
    /// It does not begin with the prefix of this kind of key.
    Prefix,
    /// What follows is not base64.
    Encoding,
    /// It does not hold 32 bytes.
    Length,
}

impl KeyTextError {
    /// Stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Prefix => "key_prefix",
            Self::Encoding => "key_encoding",
            Self::Length => "key_length",
        }
    }
}

impl fmt::Display for KeyTextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Prefix => {
                "this is not a key of that kind: choose the file the privacy officer keeps"
            }
            Self::Encoding => "the key file is damaged: it is not base64; use another copy",
            Self::Length => "the key file is damaged: it does not hold 32 bytes; use another copy",
        })
    }
}

impl std::error::Error for KeyTextError {}

fn decode(text: &str, prefix: &str) -> Result<Zeroizing<Vec<u8>>, KeyTextError> {
    let encoded = text
        .trim()
        .strip_prefix(prefix)
        .ok_or(KeyTextError::Prefix)?;
    let bytes = STANDARD
        .decode(encoded)
        .map_err(|_| KeyTextError::Encoding)?;
    Ok(Zeroizing::new(bytes))
}

pub(crate) fn key_id(label: &[u8], key: &[u8]) -> String {
    let hash = sha256(&[label, &[0], key]);
    let (id, _) = hash.as_bytes().split_at(KEY_ID_BYTES);
    hex(id)
}
