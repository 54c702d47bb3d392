//! The trainer's switches for a running training app.

use std::process::ExitCode;

use clap::{Subcommand, ValueEnum};

use super::PlaceArgs;
use crate::app::start::TrainingAddress;
use crate::exchange::client::Client;
use crate::exchange::tls::{TlsMaterial, client_config};
use crate::exchange::training::switch_measure;
use crate::keychain::{Keychain, Secret};

/// What a trainer can switch.
#[derive(Debug, Subcommand)]
pub enum TrainingCommand {
    /// Switches the corona measure of the training exchange of a running app.
    Measure {
        /// To what.
        state: MeasureState,
    },
}

/// The measure's two states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MeasureState {
    /// In force.
    Active,
    /// Stopped.
    Stopped,
}

pub(super) fn run(command: &TrainingCommand, place: &PlaceArgs) -> ExitCode {
    let TrainingCommand::Measure { state } = command;
    match switch(*state, place) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn switch(state: MeasureState, place: &PlaceArgs) -> Result<(), String> {
    let folders = place.folders()?;
    let address =
        TrainingAddress::read(&folders).ok_or("no training app is running on this data folder")?;
    let keychain = Keychain::new(&folders.scope());
    let key = keychain
        .read(Secret::ExchangeClientKey)
        .map_err(|error| error.to_string())?
        .ok_or("the client key is not in the keychain")?;
    let key =
        core::str::from_utf8(&key).map_err(|_| "the client key in the keychain is damaged")?;
    let tls = client_config(&TlsMaterial {
        trusted_ca_pem: &address.ca_pem,
        client_certificate_pem: &address.certificate_pem,
        client_key_pem: key,
        revocation_lists_pem: None,
        allow_tls12: false,
    })
    .map_err(|error| error.to_string())?;
    let client = Client::new(&address.base(), tls).map_err(|error| error.to_string())?;
    super::runtime()?
        .block_on(switch_measure(&client, state == MeasureState::Active))
        .map_err(|error| format!("the training exchange does not take it: {error}"))
}
