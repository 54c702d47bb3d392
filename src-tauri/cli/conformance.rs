//! `inzage conformance FOLDER…`: reads every message and document of a folder and says, as a
//! Markdown table, what became of it: `docs/conformance.md` is made by it.
//!
//! Part of the feature `training`; packages leave it out. Patients stand in the table by number and
//! name: it is for fictitious ones.

use core::fmt::Write;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use inzage_core::domain::consent::{Agreement, Basis, EmergencyExplicit};
use inzage_core::domain::disclosure::{
    Answer, Arrival, Asked, Circumstances, Outcome, Prepared, prepare_accounted, sections,
};
use inzage_core::domain::person::Patient;
use inzage_core::domain::summary::Part;
use inzage_core::domain::user::Setting;
use inzage_core::readers::Profile;
use inzage_core::readers::coverage::Coverage;

use crate::app::Disclosed;

/// A leaf was lost, or a file could not be read.
const NOT_CONFORMING: u8 = 1;
/// What stands for a file of which nothing can be made.
const UNREADABLE: &str = "not readable";

/// What to read.
#[derive(Debug, Args)]
pub struct ConformanceArgs {
    /// Folders with messages (`.xml`) and documents (`.json`).
    #[arg(required = true)]
    folders: Vec<PathBuf>,
    /// Folders, by their path within the others, that hold no answers (queries, vocabularies).
    #[arg(long)]
    except: Vec<PathBuf>,
}

pub(super) fn run(args: &ConformanceArgs) -> ExitCode {
    let mut table = Table::default();
    for folder in &args.folders {
        for file in files(folder, &args.except) {
            match std::fs::read(&file) {
                Ok(bytes) => table.add(&named(folder, &file), &bytes),
                Err(error) => eprintln!("{}: {error}", file.display()),
            }
        }
    }
    print!("{}", table.page());
    if table.rows.is_empty() {
        eprintln!("no message and no document in these folders");
        return ExitCode::from(super::WRONG_USAGE);
    }
    if table.conforms() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(NOT_CONFORMING)
    }
}

/// Every message and document below a folder, in the order of their paths.
fn files(folder: &Path, except: &[PathBuf]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&next) else {
            eprintln!("{} cannot be read", next.display());
            continue;
        };
        for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
            let left_out = except.iter().any(|except| {
                path.strip_prefix(folder)
                    .is_ok_and(|p| p.starts_with(except))
            });
            let extension = path.extension().unwrap_or_default().to_ascii_lowercase();
            if left_out {
                continue;
            } else if path.is_dir() {
                folders.push(path);
            } else if extension == "xml" || extension == "json" {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The path within the folder, with forward slashes.
fn named(folder: &Path, file: &Path) -> String {
    let within = file.strip_prefix(folder).unwrap_or(file);
    within
        .components()
        .map(|step| step.as_os_str().to_string_lossy())
        .collect::<Vec<_>>()
        .join("/")
}

/// What became of one file.
struct Row {
    file: String,
    read: String,
    patient: String,
    entries: String,
    states: String,
    findings: String,
    full: Coverage,
    without_ica: Coverage,
}

#[derive(Default)]
struct Table {
    rows: Vec<Row>,
}

impl Table {
    fn add(&mut self, file: &str, bytes: &[u8]) {
        let full = prepared(bytes, Basis::Explicit);
        let without = prepared(bytes, Basis::Corona);
        let (coverage, without_ica) = (full.coverage(), without.coverage());
        let read = match full.outcome() {
            Outcome::Permit => "read".to_owned(),
            Outcome::Refuse(reason) => format!("refused: {}", code(&reason)),
            Outcome::Unreadable => UNREADABLE.to_owned(),
        };
        let disclosed = Disclosed::for_inspection(full);
        let summary = disclosed.summary();
        let counted: Vec<String> = sections(summary)
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .map(|(name, count)| format!("{name} {count}"))
            .collect();
        let mut findings: BTreeMap<String, usize> = BTreeMap::new();
        for finding in &summary.findings {
            *findings.entry(code(&finding.code)).or_default() += 1;
        }
        let findings: Vec<String> = findings
            .into_iter()
            .map(|(code, times)| format!("{code} {times}"))
            .collect();
        self.rows.push(Row {
            file: file.to_owned(),
            read,
            patient: summary.patient.as_ref().map(patient).unwrap_or_default(),
            entries: counted.join(", "),
            states: format!(
                "{} / {}",
                state(&summary.allergies),
                state(&summary.contraindications)
            ),
            findings: findings.join(", "),
            full: coverage,
            without_ica,
        });
    }

    /// Whether every file could be read, and nothing in any of them was lost. Who may not be shown
    /// (two patients in one document, a number that is none) is refused, and that is no fault.
    fn conforms(&self) -> bool {
        self.rows
            .iter()
            .all(|row| row.read != UNREADABLE && row.full.lost == 0 && row.without_ica.lost == 0)
    }

    fn page(&self) -> String {
        let mut out = String::from(INTRODUCTION);
        // Writing to a String cannot fail.
        let _ = self.write(&mut out);
        out
    }

    fn write(&self, out: &mut String) -> core::fmt::Result {
        let refused = self.rows.iter().filter(|row| row.read != "read").count();
        let lost: u64 = self
            .rows
            .iter()
            .map(|row| row.full.lost + row.without_ica.lost)
            .sum();
        let leaves: u64 = self.rows.iter().map(|row| row.full.leaves).sum();
        writeln!(
            out,
            "{} files, {leaves} leaves; {refused} refused, {lost} leaves lost.\n",
            self.rows.len()
        )?;
        writeln!(
            out,
            "| file | | patient | entries | allergies / contra-indications | findings | leaves | shown | used | listed | lost | lost without ICA |"
        )?;
        writeln!(out, "|---|---|---|---|---|---|---|---|---|---|---|---|")?;
        for row in &self.rows {
            writeln!(
                out,
                "| {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |",
                cell(&row.file),
                row.read,
                cell(&row.patient),
                row.entries,
                row.states,
                row.findings,
                row.full.leaves,
                row.full.shown,
                row.full.used,
                row.full.listed,
                row.full.lost,
                row.without_ica.lost,
            )?;
        }
        Ok(())
    }
}

const INTRODUCTION: &str = "\
# Conformance

What becomes of every message and document of a collection of public ones (HL7v3 as AORTA delivers
it, IPS and EPS documents, STU3 general practice data), read on explicit consent and once more
without ICA. *Shown*: stands in the summary where its kind belongs. *Used*: resolved or classified
something. *Listed*: under \"not recognised\". *Lost*: nowhere, which must not be; it is counted by a
second walk with another parser that looks each value up in what is shown.

Made by `make conformance`; a test holds it against the readers where the collection is at hand.

";

fn prepared(bytes: &[u8], basis: Basis) -> Prepared {
    let asked = Asked {
        bsn: None,
        birth_date: None,
    };
    let circumstances = Circumstances {
        setting: Setting::AfterHours,
        delivered_under_measure: true,
        measure_active: true,
        marker_proven: false,
        suspicion: Some(true),
        agreement: Some(Agreement::Patient),
        emergency_explicit: EmergencyExplicit::Permit,
        stated: Some(basis),
    };
    let answer = Answer {
        key: "s1".to_owned(),
        name: String::new(),
        retrieved_at: None,
        arrival: Arrival::Received(bytes.to_vec()),
    };
    prepare_accounted(
        &asked,
        vec![answer],
        &circumstances,
        &Profile::training(),
        [0; 32],
    )
}

fn patient(patient: &Patient) -> String {
    let name = [patient.name.family.as_str(), patient.name.given.as_str()];
    let name: Vec<&str> = name.into_iter().filter(|part| !part.is_empty()).collect();
    let born = patient
        .birth_date
        .as_ref()
        .map(|date| format!(" ({})", date.raw))
        .unwrap_or_default();
    format!("{} {}{born}", patient.bsn, name.join(", "))
        .trim()
        .to_owned()
}

fn state(part: &Part) -> String {
    part.state
        .map_or_else(|| "—".to_owned(), |state| code(&state))
}

/// The stable name of a value, as it stands in JSON.
fn code<T: serde::Serialize>(value: &T) -> String {
    crate::app::look_up::code_of(value)
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}
