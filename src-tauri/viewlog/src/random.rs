//! Randomness comes from the caller: this crate draws none of its own.

use core::convert::Infallible;

use hpke::rand_core::{TryCryptoRng, TryRng};
use zeroize::Zeroizing;

use crate::error::LogError;

/// Fills the slice with bytes of a cryptographic generator, or fails.
pub type Random = Box<dyn FnMut(&mut [u8]) -> Result<(), RandomFailed> + Send>;

/// The generator gave no bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RandomFailed;

/// Draws `N` bytes.
pub(crate) fn draw<const N: usize>(random: &mut Random) -> Result<Zeroizing<[u8; N]>, LogError> {
    let mut bytes = Zeroizing::new([0_u8; N]);
    random(bytes.as_mut_slice()).map_err(|RandomFailed| LogError::Random)?;
    Ok(bytes)
}

/// Hands 32 drawn bytes, once, to a library that cannot hear of a failing generator.
///
/// Asked for more it gives zeros and remembers it: whoever used it must ask
/// [`Drawn::sufficed`] and throw the result away otherwise.
pub(crate) struct Drawn {
    bytes: Zeroizing<[u8; 32]>,
    used: usize,
    short: bool,
}

impl Drawn {
    pub(crate) const fn new(bytes: Zeroizing<[u8; 32]>) -> Self {
        Self {
            bytes,
            used: 0,
            short: false,
        }
    }

    pub(crate) const fn sufficed(&self) -> bool {
        !self.short && self.used == 32
    }
}

impl TryRng for Drawn {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut four = [0; 4];
        self.try_fill_bytes(&mut four)?;
        Ok(u32::from_le_bytes(four))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut eight = [0; 8];
        self.try_fill_bytes(&mut eight)?;
        Ok(u64::from_le_bytes(eight))
    }

    fn try_fill_bytes(&mut self, into: &mut [u8]) -> Result<(), Infallible> {
        let end = self.used.saturating_add(into.len());
        if let Some(bytes) = self.bytes.get(self.used..end) {
            into.copy_from_slice(bytes);
            self.used = end;
        } else {
            into.fill(0);
            self.short = true;
        }
        Ok(())
    }
}

impl TryCryptoRng for Drawn {}
