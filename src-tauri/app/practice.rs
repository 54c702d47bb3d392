//! The fictitious patients of training.
//!
//! The app keeps nobody's number: it holds salted hashes to know who is accepted, and asks
//! the exchange for the list when somebody opens it.

use std::collections::BTreeSet;

use inzage_core::domain::bsn::Bsn;
use sha2::{Digest, Sha256};

use super::contract::PracticePatient;
use super::ports::{NoRandomness, random};
use super::state::App;

/// The only patients that training accepts.
pub struct OnlyPatients {
    salt: [u8; 32],
    hashes: BTreeSet<[u8; 32]>,
}

impl OnlyPatients {
    /// Accepts these numbers and no other.
    ///
    /// # Errors
    /// When the machine has no randomness.
    pub fn of<'a>(bsns: impl Iterator<Item = &'a str>) -> Result<Self, NoRandomness> {
        let mut salt = [0; 32];
        random(&mut salt)?;
        let hashes = bsns
            .filter_map(|text| Bsn::parse(text).ok())
            .map(|bsn| hash(&salt, &bsn))
            .collect();
        Ok(Self { salt, hashes })
    }

    /// Whether this is one of them.
    #[must_use]
    pub fn accepts(&self, bsn: &Bsn) -> bool {
        self.hashes.contains(&hash(&self.salt, bsn))
    }
}

fn hash(salt: &[u8; 32], bsn: &Bsn) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(salt);
    hash.update(bsn.reveal());
    hash.finalize().into()
}

impl App {
    /// The fictitious patients, for someone who is signed in and may view.
    #[cfg(feature = "training")]
    pub async fn practice_patients(&self) -> Vec<PracticePatient> {
        let Ok(ready) = self.ready().await else {
            return Vec::new();
        };
        let may_view = {
            let inner = self.inner.lock().await;
            inner
                .session
                .as_ref()
                .is_some_and(|session| self.session_dto(session).may_view)
        };
        if !may_view || ready.only_patients.is_none() {
            return Vec::new();
        }
        let known = crate::exchange::training::patients(ready.exchange.client()).await;
        let practice = |p: crate::exchange::training::TrainingPatient| PracticePatient {
            bsn: p.bsn,
            birth_date: p.birth_date,
            label_nl: p.label_nl,
            label_en: p.label_en,
        };
        // Without the list a number can still be typed.
        known
            .unwrap_or_default()
            .into_iter()
            .map(practice)
            .collect()
    }

    /// There are none in this build.
    #[cfg(not(feature = "training"))]
    #[allow(clippy::unused_async, reason = "the same call in both builds")]
    pub async fn practice_patients(&self) -> Vec<PracticePatient> {
        Vec::new()
    }
}
