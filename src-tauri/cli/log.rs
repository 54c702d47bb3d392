//! `inzage log`: what is done with the view log at a terminal.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Subcommand;
use inzage_viewlog::{Covered, Known, LOG_FILE, notes_in, verify_against};

use super::PlaceArgs;
use crate::app::upkeep::counter;
use crate::keychain::Keychain;

/// What the terminal does with the log.
#[derive(Debug, Subcommand)]
pub enum LogCommand {
    /// Recomputes the whole log and names the first thing wrong. Changes nothing. This installation's
    /// own log is held against the keychain of this account, where that can be read.
    Verify {
        /// The log file or its folder (default: this installation's).
        path: Option<PathBuf>,
        /// Checkpoints as a witness received them, one after another in a file; may be given again.
        #[arg(long, value_name = "FILE")]
        witness: Vec<PathBuf>,
    },
    /// Who viewed what: per patient, day or employee. Needs the organisation's key; the opening
    /// is itself logged.
    Overview(Box<super::overview::OverviewArgs>),
}

/// Exit code 0: intact; 1: a fault, named; 64: no log there.
pub(super) fn run(command: &LogCommand, place: &PlaceArgs) -> ExitCode {
    match command {
        LogCommand::Verify { path, witness } => match verify(path.as_ref(), witness, place) {
            Ok(code) => code,
            Err(said) => {
                eprintln!("{said}");
                ExitCode::from(super::WRONG_USAGE)
            }
        },
        LogCommand::Overview(args) => super::overview::run(args, place),
    }
}

/// Recomputes everything, and holds it against what is known elsewhere.
fn verify(
    path: Option<&PathBuf>,
    witness: &[PathBuf],
    place: &PlaceArgs,
) -> Result<ExitCode, String> {
    let folders = place.folders()?;
    let own = folders.log();
    let path = path.unwrap_or(&own);
    // Read before the log is: a log only grows.
    let keychain = same_file(path, &own)
        .then(|| counter(&Keychain::new(&folders.scope())))
        .transpose();
    let known = Known {
        keychain: keychain.as_ref().ok().and_then(|known| known.clone()?),
        witnessed: witnessed(witness)?,
    };
    let verified = match verify_against(path, &known) {
        Ok(verified) => verified,
        Err(fault) => {
            let at = match (fault.sequence, fault.checkpoint) {
                (Some(entry), _) => format!(" at entry {entry}"),
                (None, Some(number)) => format!(" at checkpoint {number}"),
                (None, None) => String::new(),
            };
            println!("fault: {}{at}: {}", fault.class.code(), fault.what);
            return Ok(ExitCode::FAILURE);
        }
    };
    println!(
        "intact: {} entries in {} segment(s), the content of {} expired",
        verified.entries, verified.segments, verified.expired
    );
    println!("head: {} {}", verified.head.sequence, verified.head.chain);
    let covered = |covered: &Option<Covered>| {
        covered.as_ref().map_or_else(
            || "nothing".to_owned(),
            |c| format!("entry {} (checkpoint {}, {})", c.size, c.number, c.at),
        )
    };
    println!("signed up to: {}", covered(&verified.checkpoint));
    println!("witnessed up to: {}", covered(&verified.witnessed));
    println!(
        "keychain: {}",
        match (&keychain, &known.keychain) {
            (_, Some(_)) => "agrees",
            (Err(_), None) => "cannot be read here, so a tail that was cut off may not show",
            (Ok(_), None) => "knows nothing of this log, so a tail that was cut off may not show",
        }
    );
    for remark in &verified.remarks {
        println!("remark: {}: {remark}", remark.class.code());
    }
    if verified.remarks_more > 0 {
        println!("remarks left out: {}", verified.remarks_more);
    }
    println!("note: {}", inzage_viewlog::TAIL_NOTICE);
    Ok(ExitCode::SUCCESS)
}

fn witnessed(files: &[PathBuf]) -> Result<Vec<String>, String> {
    let mut notes = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(file)
            .map_err(|error| format!("{} cannot be read: {error}", file.display()))?;
        notes.extend(notes_in(&text));
    }
    Ok(notes)
}

/// An installation's own log under another name is still its own.
pub(super) fn same_file(path: &Path, own: &Path) -> bool {
    let file = |path: &Path| {
        let file = if path.is_dir() {
            path.join(LOG_FILE)
        } else {
            path.to_path_buf()
        };
        file.canonicalize().ok()
    };
    file(path).is_some_and(|found| file(own) == Some(found))
}
