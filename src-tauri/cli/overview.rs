//! `inzage log overview`: who viewed what, for the holder of the organisation's key.
//!
//! The opening is an entry of its own and durable before an entry is read; what cannot be
//! appended to is not shown, but for a copied file.

use std::io::{BufRead, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chrono::NaiveDate;
use clap::{Args, ValueEnum};
use inzage_core::domain::bsn::Bsn;
use inzage_core::domain::event::{Actor, Event, Place, What};
use inzage_core::domain::user::{Means, Role, User};
use inzage_delivery::Searched;
use inzage_viewlog::audit_event::{NotReadable, RepositoryEntry};
use inzage_viewlog::overview::{
    Heading, Language, Pattern, Question, RepositoryRead, Verdict, bundle_with, csv, for_patient,
    json, opens_any, overview_with, patterns, pdf, pdf_for_patient, text,
};
use inzage_viewlog::{
    Known, LogKeys, LogReader, LookupKey, OpenedAt, OrganisationKeyPair, OrganisationPublicKey,
    UnsealError, ViewLog, verify_against,
};
use zeroize::Zeroizing;

use super::log::same_file;
use super::{PlaceArgs, WRONG_USAGE};
use crate::app::config::Config;
use crate::app::deliver::{outbox_key, read_repository};
use crate::app::log_view::key_in;
use crate::app::ports::{Clock, SystemClock, rfc3339};
use crate::app::start::{Folders, randomness, training_key};
use crate::app::upkeep::counter;
use crate::keychain::{Keychain, Secret};

/// Far above a BSN; what is longer was not meant to stand there.
const GIVEN_BYTES_MAX: u64 = 4 * 1024;

/// What the organisation's repository gave.
type Given = Result<RepositoryEntry, NotReadable>;

/// What is to be shown of the log.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("what").required(true).multiple(true).args(["patient", "user", "day", "from", "to"]))]
pub struct OverviewArgs {
    /// A copied log file or its folder; nothing is appended to a copy, and the overview says so
    /// (default: this installation's log).
    path: Option<PathBuf>,
    /// The file with the organisation's private key: holding it is the authority.
    #[arg(long, value_name = "KEYFILE")]
    identity: PathBuf,
    /// Only one patient. The BSN is read from standard input, so give `-`: an argument can be
    /// seen by everyone on this machine.
    #[arg(long, value_name = "-")]
    patient: Option<String>,
    /// Only this employee, by the id at the organisation.
    #[arg(long, value_name = "ID")]
    user: Option<String>,
    /// Only this day (2026-11-22).
    #[arg(long, value_name = "DAY", conflicts_with_all = ["from", "to"])]
    day: Option<NaiveDate>,
    /// From this day on.
    #[arg(long, value_name = "DAY")]
    from: Option<NaiveDate>,
    /// Until and with this day.
    #[arg(long, value_name = "DAY")]
    to: Option<NaiveDate>,
    /// In what form.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// For the patient, in plain words.
    #[arg(long, requires = "patient")]
    for_patient: bool,
    /// Only this workstation's log: the organisation's repository is not read.
    #[arg(long)]
    only_here: bool,
    /// In which language.
    #[arg(long, value_enum, default_value = "nl")]
    language: In,
    /// Into this new file, readable by this account only.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Csv,
    Json,
    /// The entries as FHIR R4 AuditEvents, in a Bundle.
    Fhir,
    /// For paper: A4. Only with `--output`.
    Pdf,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum In {
    Nl,
    En,
}

/// Why there is no overview: what to say, and the exit code.
struct Refused(String, u8);

/// What cannot be done with this log, key or keychain.
const NOT_IN_ORDER: u8 = 1;

fn refused(code: &str, said: impl core::fmt::Display) -> Refused {
    Refused(format!("{code}: {said}"), NOT_IN_ORDER)
}

fn wrong_usage(said: impl Into<String>) -> Refused {
    Refused(said.into(), WRONG_USAGE)
}

/// Exit code 0: written, be it without a repository that cannot be read; 1: refused, with a code; 64: the
/// command line is wrong.
pub(super) fn run(args: &OverviewArgs, place: &PlaceArgs) -> ExitCode {
    match made(args, place).and_then(|made| put(&made, args.output.as_deref())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Refused(said, code)) => {
            eprintln!("{said}");
            ExitCode::from(code)
        }
    }
}

fn made(args: &OverviewArgs, place: &PlaceArgs) -> Result<Zeroizing<Vec<u8>>, Refused> {
    if args.for_patient && !matches!(args.format, Format::Text | Format::Pdf) {
        return Err(wrong_usage(
            "the patient's version is a text or a PDF: leave --format out, or give --format pdf",
        ));
    }
    // Before the opening is logged: nobody can read it from a terminal, and what it holds would
    // stand in the terminal's memory or in a pipe's.
    if args.format == Format::Pdf && args.output.is_none() {
        return Err(wrong_usage("a PDF goes into a file: give --output FILE"));
    }
    let key = key_in(&args.identity).map_err(|(code, said)| refused(code, said))?;
    let question = Question {
        from: args.day.or(args.from),
        to: args.day.or(args.to),
        patient: args.patient.as_deref().map(patient).transpose()?,
        user: args.user.clone(),
    };
    let folders = place.folders().map_err(wrong_usage)?;
    let own = folders.log();
    let path = args.path.clone().unwrap_or_else(|| own.clone());
    let log = |error: inzage_viewlog::LogError| refused(error.code(), error);
    let reader = LogReader::open(&path).map_err(log)?;
    if !opens_any(&reader, &key).map_err(log)? {
        let error = UnsealError::OtherKey;
        return Err(refused(
            error.code(),
            "no part of this log was sealed to this key: choose the key file that belongs to it",
        ));
    }
    let is_own = same_file(&path, &own);
    let config = place.configuration();
    // Read before the log is verified: a log only grows.
    let known = Known {
        keychain: is_own
            .then(|| counter(&Keychain::new(&folders.scope())).ok().flatten())
            .flatten(),
        witnessed: Vec::new(),
    };
    let opening = if is_own {
        let config = config.as_ref().map_err(|said| wrong_usage(said.clone()))?;
        Some(append(config, &folders, &key, &question)?)
    } else {
        None
    };
    let (repository_read, elsewhere) = match &config {
        Ok(config) if is_own && !args.only_here => {
            from_repository(config, &folders, &reader, &question, &key)?
        }
        _ => (RepositoryRead::NotAsked, Searched::default()),
    };
    let heading = Heading {
        made_at: rfc3339(SystemClock.now()),
        repository_read,
        missing: elsewhere.missing,
        opening,
        verdict: Some(Verdict::of(
            verify_against(&path, &known),
            known.keychain.is_some(),
        )),
        data_protection_officer: config
            .ok()
            .and_then(|config| config.data_protection_officer),
    };
    written(args, &reader, &question, &key, &heading, &elsewhere.entries)
}

/// What the organisation's repository has. That it cannot be read is said here too: an overview may go
/// into a file that nobody looks at now.
fn from_repository(
    config: &Config,
    folders: &Folders,
    reader: &LogReader,
    question: &Question,
    key: &OrganisationKeyPair,
) -> Result<(RepositoryRead, Searched), Refused> {
    let keychain = Keychain::new(&folders.scope());
    let read = read_repository(&config.delivery, &keychain, reader, question, key);
    let (read, given) = super::runtime().map_err(wrong_usage)?.block_on(read);
    if let RepositoryRead::Failed { code } = read {
        eprintln!(
            "{code}: the organisation's repository could not be read: the overview is of this workstation only, and says so"
        );
    }
    Ok((read, given))
}

/// In the form that was asked for.
fn written(
    args: &OverviewArgs,
    reader: &LogReader,
    question: &Question,
    key: &OrganisationKeyPair,
    heading: &Heading,
    elsewhere: &[Given],
) -> Result<Zeroizing<Vec<u8>>, Refused> {
    let log = |error: inzage_viewlog::LogError| refused(error.code(), error);
    let language = match args.language {
        In::Nl => Language::Nl,
        In::En => Language::En,
    };
    let given = || elsewhere.iter().cloned();
    let found = || overview_with(reader, question, key, given()).map_err(log);
    let patterns = || -> Result<Option<Vec<Pattern>>, Refused> {
        question
            .is_of_sites()
            .then(|| patterns(reader, question.from, question.to, &heading.made_at).map_err(log))
            .transpose()
    };
    Ok(Zeroizing::new(match args.format {
        Format::Text if args.for_patient => {
            let mut told = for_patient(&found()?, heading, language).join("\n\n");
            told.push('\n');
            told.into_bytes()
        }
        Format::Text => text(&found()?, heading, patterns()?.as_deref(), language).into_bytes(),
        Format::Csv => csv(&found()?, heading, language).into_bytes(),
        Format::Json => json(&found()?, heading, patterns()?.as_deref()).into_bytes(),
        Format::Fhir => bundle_with(reader, question, key, heading, given())
            .map_err(log)?
            .into_bytes(),
        Format::Pdf if args.for_patient => pdf_for_patient(&found()?, heading, language),
        Format::Pdf => pdf(&found()?, heading, patterns()?.as_deref(), language),
    }))
}

/// The BSN from standard input; nothing said here repeats it.
fn patient(given: &str) -> Result<Bsn, Refused> {
    if given != "-" {
        return Err(wrong_usage(
            "give --patient - and the BSN on standard input: an argument can be seen by everyone on this machine",
        ));
    }
    let input = std::io::stdin();
    if input.is_terminal() {
        eprint!("BSN: ");
    }
    let mut line = Zeroizing::new(String::new());
    input
        .lock()
        .take(GIVEN_BYTES_MAX)
        .read_line(&mut line)
        .map_err(|_| wrong_usage("standard input is no text"))?;
    Bsn::parse(&line).map_err(|_| wrong_usage("standard input holds no BSN"))
}

/// Logs the opening. Who it was is not known at a terminal: the key is named, which is what
/// gave the authority.
fn append(
    config: &Config,
    folders: &Folders,
    key: &OrganisationKeyPair,
    question: &Question,
) -> Result<u64, Refused> {
    let log = |error: inzage_viewlog::LogError| refused(error.code(), error);
    let no_keychain = |said: &str| {
        refused(
            "keychain_unavailable",
            format!("{said}: this opening cannot be logged, so nothing is shown"),
        )
    };
    let keychain = Keychain::new(&folders.scope());
    let stored = keychain
        .read(Secret::LogLookupKey)
        .map_err(|_| no_keychain("the keychain of this account cannot be used"))?;
    let lookup = stored
        .as_ref()
        .and_then(|bytes| <[u8; 32]>::try_from(bytes.as_slice()).ok())
        .map(LookupKey::from_bytes)
        .ok_or_else(|| no_keychain("the keychain of this account has no key of this log"))?;
    let organisation = match &config.organisation_key {
        Some(text) => {
            OrganisationPublicKey::parse(text).map_err(|error| refused(error.code(), error))?
        }
        None => training_key(&folders.data).map_err(log)?,
    };
    let at = config
        .places
        .first()
        .ok_or_else(|| wrong_usage("the configuration names no workstation"))?;
    let opened = OpenedAt {
        at: rfc3339(SystemClock.now()),
        place: Place {
            organisation: at.organisation.clone(),
            setting: at.setting,
        },
    };
    let keys = LogKeys {
        organisation,
        lookup,
    };
    let (mut view_log, _) =
        ViewLog::open(&folders.log(), keys, &opened, Box::new(randomness)).map_err(log)?;
    // The organisation's repository is to know about whom the log was opened, like anything else.
    let outbox = outbox_key(&config.delivery, &keychain)
        .map_err(|_| no_keychain("the keychain of this account cannot be used"))?;
    if let Some(key) = outbox {
        view_log = view_log.with_outbox(key);
    }
    let event = Event {
        at: rfc3339(SystemClock.now()),
        actor: Some(Actor {
            user: User {
                id: format!("organisation-key:{}", key.public().id()),
                name: "houder van de sleutel van de organisatie".to_owned(),
                role: Role::PrivacyOfficer,
                role_name: "inzage log overview".to_owned(),
                means: Means::Shared,
            },
            responsible: None,
        }),
        place: opened.place,
        patient: question.patient.clone(),
        request_id: None,
        what: What::LogOpened {
            scope: question.scope().to_owned(),
        },
    };
    let appended = view_log.append(&event).map_err(log)?;
    Ok(appended.sequence)
}

fn put(made: &[u8], output: Option<&Path>) -> Result<(), Refused> {
    let not_written = |error: std::io::Error| refused("output_unwritable", error);
    let Some(path) = output else {
        return std::io::stdout().write_all(made).map_err(not_written);
    };
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(not_written)?;
    file.write_all(made).map_err(not_written)
}
