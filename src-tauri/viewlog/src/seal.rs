//! Sealing to the organisation's public key (RFC 9180, base mode).

use hpke::aead::{AeadCtxS, ChaCha20Poly1305};
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable, OpModeR, OpModeS, Serializable};
use zeroize::Zeroizing;

use crate::error::LogError;
use crate::keys::{OrganisationKeyPair, OrganisationPublicKey};
use crate::random::{Drawn, Random, draw};

type Aead = ChaCha20Poly1305;
type Kdf = HkdfSha256;
type Kem = X25519HkdfSha256;

/// Bytes of the encapsulated key that stands before the ciphertext.
const ENCAPSULATED_BYTES: usize = 32;

/// For what something is sealed: what was sealed for one purpose does not open as another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// The personal fields of an entry.
    PersonalFields,
    /// A segment's look-up key.
    LookupKey,
}

impl Purpose {
    const fn info(self) -> &'static [u8] {
        match self {
            Self::PersonalFields => b"inzage view log 1: personal fields",
            Self::LookupKey => b"inzage view log 1: look-up key",
        }
    }
}

/// The place an entry was sealed for: it does not open anywhere else in its log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Spot {
    pub(crate) segment: u64,
    pub(crate) sequence: u64,
}

impl Spot {
    /// Segment and sequence, each 8 bytes, big-endian.
    pub(crate) fn associated_data(self) -> [u8; 16] {
        ((u128::from(self.segment) << 64) | u128::from(self.sequence)).to_be_bytes()
    }
}

/// A sealing that has been begun: the curve's work is done before the file is
/// locked, and the place is only known while it is.
pub(crate) struct Sealer {
    encapsulated: <Kem as hpke::Kem>::EncappedKey,
    context: AeadCtxS<Aead, Kdf, Kem>,
}

impl Sealer {
    pub(crate) fn begin(
        to: &OrganisationPublicKey,
        purpose: Purpose,
        random: &mut Random,
    ) -> Result<Self, LogError> {
        let mut drawn = Drawn::new(draw(random)?);
        let (encapsulated, context) = hpke::setup_sender_with_rng::<Aead, Kdf, Kem>(
            &OpModeS::Base,
            to.as_key(),
            purpose.info(),
            &mut drawn,
        )
        .map_err(|_| LogError::OrganisationKey)?;
        if !drawn.sufficed() {
            return Err(LogError::Random);
        }
        Ok(Self {
            encapsulated,
            context,
        })
    }

    /// Encapsulated key, then ciphertext with its tag. Once: a second text gets a key of its own.
    pub(crate) fn seal(mut self, spot: Spot, plain: &[u8]) -> Result<Vec<u8>, LogError> {
        let ciphertext = self
            .context
            .seal(plain, &spot.associated_data())
            .map_err(|_| LogError::OrganisationKey)?;
        let mut sealed = Vec::with_capacity(ENCAPSULATED_BYTES + ciphertext.len());
        sealed.extend_from_slice(&self.encapsulated.to_bytes());
        sealed.extend_from_slice(&ciphertext);
        Ok(sealed)
    }
}

/// `None` when it was sealed to another key, for another purpose or spot, or was altered.
pub(crate) fn open(
    with: &OrganisationKeyPair,
    purpose: Purpose,
    spot: Spot,
    sealed: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let (encapsulated, ciphertext) = sealed.split_at_checked(ENCAPSULATED_BYTES)?;
    let encapsulated = <Kem as hpke::Kem>::EncappedKey::from_bytes(encapsulated).ok()?;
    hpke::single_shot_open::<Aead, Kdf, Kem>(
        &OpModeR::Base,
        with.as_private(),
        &encapsulated,
        purpose.info(),
        ciphertext,
        &spot.associated_data(),
    )
    .ok()
    .map(Zeroizing::new)
}
