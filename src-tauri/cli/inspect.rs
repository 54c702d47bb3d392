//! `inzage inspect`: what a doctor would see of a message file.
//!
//! No window, no keychain, no configuration, and no log: the person at the
//! terminal already has the file. Part of the feature `training`; packages leave it out.

mod json;
mod text;

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use inzage_core::domain::bsn::Bsn;
use inzage_core::domain::consent::{Agreement, Basis, EmergencyExplicit};
use inzage_core::domain::disclosure::{
    Answer, Arrival, Asked, Circumstances, Outcome, prepare_accounted,
};
use inzage_core::domain::user::Setting;
use inzage_core::readers::Profile;
use inzage_core::readers::limits::MESSAGE_BYTES_MAX;

use crate::app::Disclosed;

/// Refused: another patient, no suspicion, the measure stopped …
const REFUSED: u8 = 2;
/// Not readable.
const NOT_READABLE: u8 = 3;

/// What to inspect, and on what basis.
#[derive(Debug, Args)]
pub struct InspectArgs {
    /// The message file.
    file: PathBuf,
    /// Basis for parts without a marker; a marker in the file wins.
    #[arg(long, value_enum)]
    basis: BasisArg,
    /// Where the workstation stands.
    #[arg(long, value_enum)]
    setting: SettingArg,
    /// The patient asked for; without it the file's own.
    #[arg(long)]
    bsn: Option<String>,
    /// Whether the corona measure is active.
    #[arg(long, value_enum, default_value = "stopped")]
    measure: MeasureArg,
    /// As JSON (schema: docs/inspect.schema.json).
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum BasisArg {
    Explicit,
    Corona,
    NotEstablished,
}

impl From<BasisArg> for Basis {
    fn from(stated: BasisArg) -> Self {
        match stated {
            BasisArg::Explicit => Self::Explicit,
            BasisArg::Corona => Self::Corona,
            BasisArg::NotEstablished => Self::NotEstablished,
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum SettingArg {
    AfterHours,
    Emergency,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum MeasureArg {
    Active,
    Stopped,
}

pub(super) fn run(args: &InspectArgs) -> ExitCode {
    // Not a parser of the command line's: those repeat what was typed in their message.
    let bsn = match args.bsn.as_deref().map(Bsn::parse).transpose() {
        Ok(bsn) => bsn,
        Err(error) => {
            eprintln!("--bsn: {error}");
            return ExitCode::from(super::WRONG_USAGE);
        }
    };
    let bytes = match read(&args.file) {
        Ok(bytes) => bytes,
        Err(error) => {
            eprintln!("{}: {error}", args.file.display());
            if args.json {
                println!("{}", json::file_unreadable());
            }
            return ExitCode::from(NOT_READABLE);
        }
    };
    let asked = Asked {
        bsn,
        birth_date: None,
    };
    let answer = Answer {
        key: "s1".to_owned(),
        name: String::new(),
        retrieved_at: None,
        arrival: Arrival::Received(bytes),
    };
    // Nothing here is logged by digest, so the nonce need not be secret.
    let prepared = prepare_accounted(
        &asked,
        vec![answer],
        &args.circumstances(),
        &Profile::training(),
        [0; 32],
    );
    let (outcome, coverage) = (prepared.outcome(), prepared.coverage());
    let disclosed = Disclosed::for_inspection(prepared);
    if args.json {
        println!(
            "{}",
            json::render(&disclosed, outcome, coverage, args.basis.into())
        );
    } else {
        print!("{}", text::render(&disclosed, outcome));
    }
    match outcome {
        Outcome::Permit => ExitCode::SUCCESS,
        Outcome::Refuse(_) => ExitCode::from(REFUSED),
        Outcome::Unreadable => ExitCode::from(NOT_READABLE),
    }
}

impl InspectArgs {
    fn circumstances(&self) -> Circumstances {
        Circumstances {
            setting: match self.setting {
                SettingArg::AfterHours => Setting::AfterHours,
                SettingArg::Emergency => Setting::Emergency,
            },
            delivered_under_measure: self.measure == MeasureArg::Active,
            measure_active: self.measure == MeasureArg::Active,
            marker_proven: false,
            suspicion: Some(true),
            agreement: Some(Agreement::Patient),
            emergency_explicit: EmergencyExplicit::Permit,
            stated: Some(self.basis.into()),
        }
    }
}

/// One byte more than the limit is enough for the reader to say that it is too large.
fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)?
        .take(MESSAGE_BYTES_MAX as u64 + 1)
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}
