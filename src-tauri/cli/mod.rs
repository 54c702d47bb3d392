//! The terminal: the same use cases without a window.

pub mod check;
#[cfg(feature = "training")]
pub mod conformance;
#[cfg(feature = "training")]
pub mod inspect;
pub mod keychain;
pub mod log;
mod overview;
#[cfg(feature = "training")]
pub mod training;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::app::config::Config;
use crate::app::start::Folders;

/// `EX_USAGE` of sysexits: the command line is wrong.
pub const WRONG_USAGE: u8 = 64;

/// Inzage: a patient's GP summary in acute care.
#[derive(Debug, Parser)]
#[command(name = "inzage", version, disable_help_subcommand = true)]
pub struct Cli {
    #[command(flatten)]
    /// Where configuration and data are.
    pub place: PlaceArgs,
    /// Full screen, always on top; leaving takes a supervisor's PIN.
    #[arg(long)]
    pub kiosk: bool,
    /// What to do instead of opening the window.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// Where configuration and data are.
#[derive(Debug, Clone, Args)]
pub struct PlaceArgs {
    /// Configuration file; without one the embedded training default is used, where this build has it.
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Data folder (default: the platform's, `inzage` below it).
    #[arg(long, global = true, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// Folder with own practice patients (`index.toml` and message files); training only.
    #[arg(long, global = true, value_name = "DIR")]
    pub patients: Option<PathBuf>,
    /// In which protocol the training exchange is asked; training only.
    #[cfg(feature = "training")]
    #[arg(long, global = true, value_enum, default_value = "hl7v3")]
    pub protocol: crate::app::config::Protocol,
}

/// What the terminal can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Shows what a doctor would see of a message file.
    #[cfg(feature = "training")]
    Inspect(inspect::InspectArgs),
    /// Reads every message and document of a folder and says what became of each, as a table.
    #[cfg(feature = "training")]
    Conformance(conformance::ConformanceArgs),
    /// Says whether configuration, keychain, certificate, exchange, log and clock are in order.
    Check(check::CheckArgs),
    /// The secrets of this installation in the keychain of this account.
    #[command(subcommand)]
    Keychain(keychain::KeychainCommand),
    /// The view log.
    #[command(subcommand)]
    Log(log::LogCommand),
    /// The trainer's switches.
    #[cfg(feature = "training")]
    #[command(subcommand)]
    Training(training::TrainingCommand),
}

/// Runs a command; `None` when the window is to be opened.
#[must_use]
pub fn run(cli: &Cli) -> Option<ExitCode> {
    let command = cli.command.as_ref()?;
    Some(match command {
        #[cfg(feature = "training")]
        Command::Inspect(args) => inspect::run(args),
        #[cfg(feature = "training")]
        Command::Conformance(args) => conformance::run(args),
        Command::Check(args) => check::run(args, &cli.place),
        Command::Keychain(command) => keychain::run(command, &cli.place),
        Command::Log(command) => log::run(command, &cli.place),
        #[cfg(feature = "training")]
        Command::Training(command) => training::run(command, &cli.place),
    })
}

impl PlaceArgs {
    /// The configuration: the file that was named, the installed one, or the training default.
    ///
    /// # Errors
    /// In words: what is missing or wrong.
    pub fn configuration(&self) -> Result<Config, String> {
        let installed = dirs::config_dir()
            .map(|dir| dir.join("inzage/inzage.toml"))
            .filter(|path| path.is_file());
        match self.config.clone().or(installed) {
            Some(path) => {
                Config::read(&path).map_err(|error| format!("{}: {error}", path.display()))
            }
            None => self.embedded(),
        }
    }

    #[cfg(feature = "training")]
    #[allow(clippy::unnecessary_wraps, reason = "the same call in both builds")]
    fn embedded(&self) -> Result<Config, String> {
        use crate::app::config::Exchange;
        let patients = self.patients.clone();
        Ok(Config {
            exchange: Exchange::Training {
                patients,
                protocol: self.protocol,
            },
            ..Config::training()
        })
    }

    #[cfg(not(feature = "training"))]
    fn embedded(&self) -> Result<Config, String> {
        Err("no configuration: put one at inzage/inzage.toml in the configuration folder, or name one with --config".into())
    }

    /// The folders this installation keeps things in.
    ///
    /// # Errors
    /// When the platform names no data folder.
    pub fn folders(&self) -> Result<Folders, String> {
        let data = self
            .data_dir
            .clone()
            .or_else(|| dirs::data_dir().map(|dir| dir.join("inzage")));
        data.map(|data| Folders { data })
            .ok_or_else(|| "the platform names no data folder: give one with --data-dir".to_owned())
    }
}

/// A runtime for one command.
///
/// # Errors
/// When the operating system gives none.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, String> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| format!("no runtime: {error}"))
}
