//! `inzage log`: what is done with the view log at a terminal.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;

use super::PlaceArgs;

/// What the terminal does with the log.
#[derive(Debug, Subcommand)]
pub enum LogCommand {
    /// Recomputes the whole log and names the first thing wrong. Needs no secret, changes nothing.
    Verify {
        /// The log file or its folder (default: this installation's).
        path: Option<PathBuf>,
    },
    /// Who viewed what: per patient, day or employee. Needs the organisation's key; the opening
    /// is itself logged.
    Overview(Box<super::overview::OverviewArgs>),
}

/// Exit code 0: intact; 1: a fault, named; 64: no log there.
pub(super) fn run(command: &LogCommand, place: &PlaceArgs) -> ExitCode {
    match command {
        LogCommand::Verify { path } => verify(path.as_ref(), place),
        LogCommand::Overview(args) => super::overview::run(args, place),
    }
}

/// Recomputes everything, without any secret.
fn verify(path: Option<&PathBuf>, place: &PlaceArgs) -> ExitCode {
    let path = match path
        .cloned()
        .map_or_else(|| place.folders().map(|f| f.log()), Ok)
    {
        Ok(path) => path,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(super::WRONG_USAGE);
        }
    };
    match inzage_viewlog::verify(&path) {
        Ok(verified) => {
            println!(
                "intact: {} entries in {} segment(s)",
                verified.entries, verified.segments
            );
            println!("head: {} {}", verified.head.sequence, verified.head.chain);
            println!("note: {}", inzage_viewlog::TAIL_NOTICE);
            ExitCode::SUCCESS
        }
        Err(fault) => {
            let at = fault
                .sequence
                .map_or_else(String::new, |n| format!(" at entry {n}"));
            println!("fault: {}{at}: {}", fault.class.code(), fault.what);
            ExitCode::FAILURE
        }
    }
}
