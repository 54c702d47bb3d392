//! Reads an `index.toml`: which patients there are and what each source does. Everything that is
//! wrong is said with the line it stands on, before the exchange serves anything.

use std::ops::Range;
use std::time::Duration;

use chrono::NaiveDate;
use serde::Deserialize;
use toml::Spanned;

use crate::bsn::{is_bsn, scrubbed};
use crate::error::Error;
use crate::limits::{DELAY_MS_MAX, SOURCES_PER_PATIENT_MAX};
use crate::patient::{Content, ListedPatient, Outcome, Patient, Source};
use crate::write::{Block, Reply};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IndexFile {
    #[serde(default)]
    patient: Vec<PatientEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PatientEntry {
    bsn: Spanned<String>,
    birth_date: Spanned<String>,
    label_nl: String,
    label_en: String,
    #[serde(default)]
    source: Vec<SourceEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceEntry {
    id: Option<Spanned<String>>,
    name: Spanned<String>,
    file: Option<Spanned<String>>,
    outcome: Option<Spanned<String>>,
    delay_ms: Option<Spanned<u64>>,
    #[serde(default)]
    corona: bool,
    #[serde(default)]
    block: Vec<BlockEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BlockEntry {
    /// An interaction, or `all`.
    interaction: Spanned<String>,
    outcome: Spanned<String>,
}

/// Reads `text`; `shown` names it in errors, and `find` finds the file of a source for an outcome
/// or says in a sentence why it cannot.
pub(crate) fn read(
    text: &str,
    shown: &str,
    find: &dyn Fn(&str, Outcome) -> Result<Content, String>,
) -> Result<Vec<Patient>, Error> {
    let at = |span: Option<Range<usize>>, what: &str| match span {
        Some(span) => Error::Index(format!(
            "{shown}, line {}: {}",
            line(text, span.start),
            scrubbed(what)
        )),
        None => Error::Index(format!("{shown}: {}", scrubbed(what))),
    };
    let file: IndexFile =
        toml::from_str(text).map_err(|error| at(error.span(), error.message()))?;
    let mut patients: Vec<Patient> = Vec::with_capacity(file.patient.len());
    for entry in file.patient {
        let span = Some(entry.bsn.span());
        if !is_bsn(entry.bsn.get_ref()) {
            return Err(at(span, "bsn is not nine digits that pass the eleven-test"));
        }
        if patients
            .iter()
            .any(|known| known.listed.bsn == *entry.bsn.get_ref())
        {
            return Err(at(
                span,
                "this bsn has an entry already; give the patient several [[patient.source]] instead",
            ));
        }
        let birth_date = entry.birth_date.get_ref();
        if birth_date.len() != "YYYY-MM-DD".len()
            || NaiveDate::parse_from_str(birth_date, "%Y-%m-%d").is_err()
        {
            return Err(at(
                Some(entry.birth_date.span()),
                "birth_date is not a date in the form YYYY-MM-DD",
            ));
        }
        if entry.source.len() > SOURCES_PER_PATIENT_MAX {
            return Err(at(
                span,
                &format!("more than {SOURCES_PER_PATIENT_MAX} sources"),
            ));
        }
        let mut sources: Vec<Source> = Vec::with_capacity(entry.source.len());
        for (nr, source) in entry.source.into_iter().enumerate() {
            let span = Some(
                source
                    .id
                    .as_ref()
                    .map_or_else(|| source.name.span(), Spanned::span),
            );
            let source =
                read_source(source, nr, find).map_err(|(span, what)| at(Some(span), &what))?;
            if sources.iter().any(|known| known.id == source.id) {
                return Err(at(span, "two sources of this patient have the same id"));
            }
            sources.push(source);
        }
        let listed = ListedPatient {
            bsn: entry.bsn.into_inner(),
            birth_date: entry.birth_date.into_inner(),
            label_nl: entry.label_nl,
            label_en: entry.label_en,
        };
        patients.push(Patient { listed, sources });
    }
    Ok(patients)
}

fn read_source(
    entry: SourceEntry,
    nr: usize,
    find: &dyn Fn(&str, Outcome) -> Result<Content, String>,
) -> Result<Source, Wrong> {
    let id = match &entry.id {
        Some(id) if id.get_ref().is_empty() || !id.get_ref().bytes().all(is_id_byte) => {
            return Err((
                id.span(),
                "id may hold letters, digits, '-', '_' and '.' only".into(),
            ));
        }
        Some(id) => id.get_ref().clone(),
        None => format!("s{}", nr + 1),
    };
    let outcome = match &entry.outcome {
        None => Outcome::Deliver,
        Some(name) => Outcome::named(name.get_ref()).ok_or_else(|| {
            let known: Vec<_> = Outcome::ALL.iter().map(|(name, _)| *name).collect();
            (
                name.span(),
                format!("unknown outcome; known are {}", known.join(", ")),
            )
        })?,
    };
    let content = match &entry.file {
        Some(file) => Some(find(file.get_ref(), outcome).map_err(|why| (file.span(), why))?),
        None if outcome.needs_file() => {
            return Err((
                entry.name.span(),
                "this source's outcome needs a file".into(),
            ));
        }
        None => None,
    };
    let delay_ms = match &entry.delay_ms {
        Some(delay) if *delay.get_ref() > DELAY_MS_MAX => {
            return Err((
                delay.span(),
                format!("delay_ms is more than {DELAY_MS_MAX}"),
            ));
        }
        Some(delay) => *delay.get_ref(),
        None => 0,
    };
    Ok(Source {
        id,
        blocks: read_blocks(&entry.block)?,
        name: entry.name.into_inner(),
        outcome,
        content,
        delay: Duration::from_millis(delay_ms),
        corona: entry.corona,
    })
}

/// Where something is wrong, and what.
type Wrong = (Range<usize>, String);

/// What single building blocks answer; the first entry for a block holds.
fn read_blocks(entries: &[BlockEntry]) -> Result<Vec<(Block, Reply)>, Wrong> {
    let mut out = Vec::new();
    for entry in entries {
        let reply = Reply::named(entry.outcome.get_ref()).ok_or_else(|| {
            let known: Vec<_> = Reply::ALL.iter().map(|(name, _)| *name).collect();
            let what = format!("unknown outcome of a block; known are {}", known.join(", "));
            (entry.outcome.span(), what)
        })?;
        match entry.interaction.get_ref().as_str() {
            "all" => out.extend(Block::ALL.map(|block| (block, reply))),
            name => {
                let block = Block::named(name).ok_or_else(|| {
                    let known = Block::ALL.map(Block::interaction).join(", ");
                    let what = format!("unknown building block; known are all, {known}");
                    (entry.interaction.span(), what)
                })?;
                out.push((block, reply));
            }
        }
    }
    Ok(out)
}

/// An id travels in an HTTP header.
fn is_id_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
}

fn line(text: &str, offset: usize) -> usize {
    text.bytes()
        .take(offset)
        .filter(|byte| *byte == b'\n')
        .count()
        + 1
}
