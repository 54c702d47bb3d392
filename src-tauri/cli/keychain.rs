//! `inzage keychain`: where an administrator puts what the installation must keep secret.

use std::io::Read;
use std::process::ExitCode;

use clap::{Subcommand, ValueEnum};
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;
use zeroize::Zeroizing;

use super::PlaceArgs;
use crate::keychain::{Keychain, Secret};

/// Far above a key or a token; what is longer was not meant to stand here.
const SECRET_BYTES_MAX: u64 = 64 * 1024;

/// What the terminal does with the keychain of this OS account.
#[derive(Debug, Subcommand)]
pub enum KeychainCommand {
    /// Keeps a secret, read from standard input: an argument could be seen by everyone on the machine.
    Put {
        /// Which.
        what: Kept,
    },
    /// Says which secrets are there, and nothing of what they are.
    List,
}

/// The secrets that somebody hands over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Kept {
    /// Private key of the client certificate (PEM).
    ClientKey,
    /// Private key of the client certificate for the receivers of the log (PEM).
    DeliveryKey,
    /// Bearer token for FHIR sources.
    Token,
}

impl Kept {
    const fn secret(self) -> Secret {
        match self {
            Self::ClientKey => Secret::ExchangeClientKey,
            Self::DeliveryKey => Secret::DeliveryClientKey,
            Self::Token => Secret::ExchangeToken,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::ClientKey => "client-key",
            Self::DeliveryKey => "delivery-key",
            Self::Token => "token",
        }
    }
}

/// Exit code 0: kept or told; 1: the keychain, or what was handed over, is not in order.
pub(super) fn run(command: &KeychainCommand, place: &PlaceArgs) -> ExitCode {
    let done = place.folders().and_then(|folders| {
        let keychain = Keychain::new(&folders.scope());
        match command {
            KeychainCommand::Put { what } => put(&keychain, *what),
            KeychainCommand::List => list(&keychain),
        }
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn put(keychain: &Keychain, what: Kept) -> Result<(), String> {
    // With room for all of it: a text that grows leaves copies of itself behind.
    let mut given = Zeroizing::new(String::with_capacity(SECRET_BYTES_MAX as usize + 1));
    std::io::stdin()
        .take(SECRET_BYTES_MAX + 1)
        .read_to_string(&mut given)
        .map_err(|_| "secret_no_text: standard input is no text: nothing was kept")?;
    if given.len() as u64 > SECRET_BYTES_MAX {
        return Err(
            "secret_too_long: this is longer than any key or token: nothing was kept".to_owned(),
        );
    }
    let secret = checked(what, &given)?;
    keychain
        .keep(what.secret(), secret.as_bytes())
        .map_err(|error| format!("{}: {error}", error.code()))?;
    println!("{} is kept", what.name());
    Ok(())
}

/// What is to be kept of what was handed over. Errors never repeat it.
fn checked(what: Kept, given: &str) -> Result<&str, String> {
    let trimmed = given.trim();
    match what {
        Kept::ClientKey | Kept::DeliveryKey => PrivateKeyDer::from_pem_slice(given.as_bytes())
            .map(|_| given)
            .map_err(|_| {
                "secret_no_key: this is no private key in PEM (an encrypted one cannot be used): nothing was kept"
                    .to_owned()
            }),
        Kept::Token if trimmed.is_empty() || !trimmed.bytes().all(|b| b.is_ascii_graphic()) => {
            Err("secret_no_token: a token is one word of visible ASCII: nothing was kept".to_owned())
        }
        Kept::Token => Ok(trimmed),
    }
}

fn list(keychain: &Keychain) -> Result<(), String> {
    for what in Kept::value_variants() {
        let kept = keychain
            .read(what.secret())
            .map_err(|error| format!("{}: {error}", error.code()))?;
        let told = if kept.is_some() { "kept" } else { "not there" };
        println!("{:<12} {told}", what.name());
    }
    Ok(())
}
