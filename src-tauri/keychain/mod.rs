//! The OS keychain, through `keyring`: Secret Service on Linux, Credential
//! Manager on Windows, Keychain Services on macOS.
//!
//! Blocking by nature: called off the UI thread, once, before sign-in is enabled.
//! Only short secrets go there (Windows limits one to 2,560 bytes).

use core::fmt;

use zeroize::Zeroizing;

/// Under which name the entries stand in the keychain.
const SERVICE: &str = "nl.inzage";

/// What Inzage keeps in the keychain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Secret {
    /// Private key of the client certificate (PKCS#8 PEM, ECDSA P-256).
    ExchangeClientKey,
    /// Key of the view log's keyed look-up (32 bytes).
    LogLookupKey,
    /// Key under which the personal fields of what is not delivered yet are kept (32 bytes).
    LogOutboxKey,
    /// The private key of the client certificate for the receivers of the log (PEM), put there by an
    /// administrator.
    DeliveryClientKey,
    /// The key that signs the view log's next checkpoint, and the counter beside it (at most 210 bytes).
    LogCheckpointKey,
    /// Bearer token for FHIR sources, put there by an administrator.
    ExchangeToken,
}

/// The keychain of this OS account. A `scope` keeps two installations apart.
#[derive(Debug, Clone)]
pub struct Keychain {
    scope: String,
}

/// What is wrong with the keychain. Carries no secret and no name of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeychainError {
    /// No keychain service runs, or it is locked.
    Unavailable,
    /// It runs and refuses this operation.
    Refused,
    /// What stands there is not what was put there.
    Damaged,
}

impl Keychain {
    /// The keychain, with entries of `scope` (the data folder's identity).
    #[must_use]
    pub fn new(scope: &str) -> Self {
        Self {
            scope: scope.to_owned(),
        }
    }

    /// Reads a secret; `None` when there is none yet.
    ///
    /// # Errors
    /// When the keychain cannot be used.
    pub fn read(&self, secret: Secret) -> Result<Option<Zeroizing<Vec<u8>>>, KeychainError> {
        match self.entry(secret)?.get_secret() {
            Ok(bytes) => Ok(Some(Zeroizing::new(bytes))),
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(error) => Err(KeychainError::from(&error)),
        }
    }

    /// Keeps a secret, and reads it back: a store that forgets is no store.
    ///
    /// # Errors
    /// When the keychain cannot be used, or gives back something else.
    pub fn keep(&self, secret: Secret, bytes: &[u8]) -> Result<(), KeychainError> {
        self.entry(secret)?
            .set_secret(bytes)
            .map_err(|error| KeychainError::from(&error))?;
        match self.read(secret)? {
            Some(kept) if kept.as_slice() == bytes => Ok(()),
            _ => Err(KeychainError::Damaged),
        }
    }

    fn entry(&self, secret: Secret) -> Result<keyring::Entry, KeychainError> {
        let name = match secret {
            Secret::ExchangeClientKey => "exchange-client-key",
            Secret::LogLookupKey => "log-lookup-key",
            Secret::LogOutboxKey => "log-outbox-key",
            Secret::DeliveryClientKey => "delivery-client-key",
            Secret::LogCheckpointKey => "log-checkpoint-key",
            Secret::ExchangeToken => "exchange-token",
        };
        keyring::Entry::new(SERVICE, &format!("{name}@{}", self.scope))
            .map_err(|error| KeychainError::from(&error))
    }
}

impl KeychainError {
    /// Stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unavailable => "keychain_unavailable",
            Self::Refused => "keychain_refused",
            Self::Damaged => "keychain_damaged",
        }
    }
}

impl From<&keyring::Error> for KeychainError {
    fn from(error: &keyring::Error) -> Self {
        match error {
            keyring::Error::NoDefaultStore
            | keyring::Error::NoStorageAccess(_)
            | keyring::Error::PlatformFailure(_) => Self::Unavailable,
            keyring::Error::BadEncoding(_) | keyring::Error::BadDataFormat(_, _) => Self::Damaged,
            _ => Self::Refused,
        }
    }
}

impl fmt::Display for KeychainError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unavailable => "no keychain service is running for this account, or it is locked",
            Self::Refused => "the keychain refused",
            Self::Damaged => "the keychain holds something else than was put there",
        })
    }
}

impl std::error::Error for KeychainError {}
