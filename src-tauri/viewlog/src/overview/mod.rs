//! Overviews of the log as NEN 7513 shows them: per patient, per day, per employee,
//! per employee and patient (`docs/overviews.md`).
//!
//! One bounded pass over the log gives [`Row`]s; the writers turn those into text.
//! What cannot be read is counted and named, never left out.

mod collect;
mod csv;
mod day;
mod elsewhere;
mod expired;
mod fhir;
mod held;
mod json;
mod look;
mod missing;
mod notices;
mod patient;
mod patterns;
mod pdf;
mod row;
mod scan;
mod table;
mod text;
mod verdict;
mod words;

use chrono::NaiveDate;
use inzage_core::domain::bsn::Bsn;

use crate::audit_event::{NotReadable, RepositoryEntry};
use crate::error::LogError;
use crate::keys::{Masked, OrganisationKeyPair};
use crate::read::LogReader;

pub use csv::csv;
pub use day::{local_day, local_time};
pub use elsewhere::may_be_asked;
pub use expired::ExpiredBefore;
pub use fhir::{bundle, bundle_with};
pub use held::Sieve;
pub use json::{JSON_FORMAT, json};
pub use missing::MissingNumbers;
pub use notices::Notice;
pub use patient::for_patient;
pub use patterns::{LOOK_UPS_MIN, PERSONS_MIN, Pattern, PatternCounts, patterns};
pub use pdf::{pdf, pdf_for_patient};
pub use row::{Kind, Outcome, Person, Remark, Row, SourceSeen, Who, Whom};
pub use table::{Table, table};
pub use text::text;
pub use verdict::Verdict;

/// Rows of one overview at most: a year of one busy centre, and memory stays bounded.
pub const ROWS_MAX: usize = 50_000;

/// Numbers of unreadable entries that are kept to be named; further ones are counted.
pub const UNREADABLE_NAMED_MAX: usize = 100;

/// In which language an overview is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Dutch.
    Nl,
    /// English.
    En,
}

/// What is asked of the log. Days are local ones (Europe/Amsterdam), both included.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// First day; `None` from the beginning.
    pub from: Option<NaiveDate>,
    /// Last day; `None` until now.
    pub to: Option<NaiveDate>,
    /// Only this patient.
    pub patient: Option<Bsn>,
    /// Only this user, by the id at the organisation.
    pub user: Option<String>,
}

impl Question {
    /// The moments within which its entries lie, UTC, RFC 3339, the second not included; a day more on
    /// either side, so that a look-up over midnight is whole. `None` where the period has no end there, or
    /// one before the year 0 or after 9999, where no entry can be.
    #[must_use]
    pub fn moments(&self) -> (Option<String>, Option<String>) {
        day::wide_moments(self.from, self.to)
    }

    /// Whether it is of whole sites: patterns belong to those, never to one person.
    #[must_use]
    pub const fn is_of_sites(&self) -> bool {
        self.patient.is_none() && self.user.is_none()
    }

    /// How the opening stands in the log (`LogOpened`'s scope).
    #[must_use]
    pub const fn scope(&self) -> &'static str {
        match (&self.patient, &self.user) {
            (Some(_), Some(_)) => "overview_employee_and_patient",
            (Some(_), None) => "overview_patient",
            (None, Some(_)) => "overview_employee",
            (None, None) => "overview_day",
        }
    }
}

/// What the pass over the log found.
#[derive(Debug, Clone, Default)]
pub struct Overview {
    /// Oldest first.
    pub rows: Vec<Row>,
    /// Numbers of entries that could not be read, the first [`UNREADABLE_NAMED_MAX`] of them.
    pub unreadable: Vec<u64>,
    /// How many could not be read.
    pub unreadable_count: u64,
    /// Entries sealed to another key of the organisation: shown without who and whom.
    pub not_unsealed: u64,
    /// Segments in which this key finds nobody. Not the same as nothing found.
    pub segments_not_searched: Vec<u64>,
    /// AuditEvents of view logs in the organisation's repository from which no entry could be read.
    pub elsewhere_unreadable: u64,
    /// Entries in the organisation's repository of which cannot be said whether they were asked for: they
    /// are sealed to another key, and a patient or employee was asked for.
    pub elsewhere_not_searched: u64,
    /// Entries that the repository tells in more than one way, or under more than one log, or otherwise than
    /// the open log.
    pub elsewhere_contradicted: u64,
    /// Entries that the repository has of the open log, and that log has lost.
    pub lost_here: u64,
    /// Whether [`ROWS_MAX`] cut it off; then a shorter period is to be asked for.
    pub more: bool,
    /// Where content of the period asked for may have expired. Not the same as nothing found.
    pub expired: Option<ExpiredBefore>,
}

/// Where an overview comes from, and whom to ask about it; stands above and below the rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// When it was made: UTC, RFC 3339.
    pub made_at: String,
    /// Whether the organisation's repository was read too; else "this workstation only".
    pub repository_read: RepositoryRead,
    /// Which numbers the repository does not have, between others of the same log that it has.
    pub missing: Vec<MissingNumbers>,
    /// The entry under which this opening of the log was appended; `None` for a
    /// copied file, which nothing is appended to.
    pub opening: Option<u64>,
    /// What recomputing the log gave; `None` where it was not recomputed.
    pub verdict: Option<Verdict>,
    /// The organisation's data protection officer, as configured: name, telephone or address.
    pub data_protection_officer: Option<String>,
}

/// Whether the organisation's repository, which has the entries of every workstation, was read too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RepositoryRead {
    /// It was not asked, or there is none.
    NotAsked,
    /// It was asked, and could not be read.
    Failed {
        /// Why: the stable code of what read it.
        code: &'static str,
    },
    /// Everything of the period was read.
    Whole,
    /// It has more of this period than is read for one overview, or says that it did not give everything.
    Part,
}

impl RepositoryRead {
    /// Whether anything in the overview may come from it.
    #[must_use]
    pub const fn was_read(self) -> bool {
        matches!(self, Self::Whole | Self::Part)
    }

    /// Stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotAsked => "not_asked",
            Self::Failed { .. } => "failed",
            Self::Whole => "whole",
            Self::Part => "part",
        }
    }
}

/// Reads the rows that are asked for. A patient or user is found through the index;
/// memory holds the rows, and of the rest of the log one entry at a time.
///
/// # Errors
/// What the system says, and [`LogError::Corrupt`] when the segments cannot be read; a single
/// entry that cannot be read is no error and stands in [`Overview::unreadable`].
pub fn overview(
    reader: &LogReader,
    question: &Question,
    key: &OrganisationKeyPair,
) -> Result<Overview, LogError> {
    overview_with(reader, question, key, std::iter::empty())
}

/// As [`overview`], with what the organisation's repository has ([`crate::audit_event::read_back`]). An
/// entry that the open log gave in the same bytes is not taken again; what is not asked for is left out
/// here, whatever was asked of the repository.
///
/// # Errors
/// As [`overview`].
pub fn overview_with(
    reader: &LogReader,
    question: &Question,
    key: &OrganisationKeyPair,
    elsewhere: impl IntoIterator<Item = Result<RepositoryEntry, NotReadable>>,
) -> Result<Overview, LogError> {
    let mut collected = collect::Collected::new(question, key);
    let mut elsewhere = elsewhere::Elsewhere::new(elsewhere, reader)?;
    let picked = picked(reader, question, key, &mut |number, read| {
        elsewhere.seen_here(number, read.is_some());
        collected.take(number, read, elsewhere.contradicts(number));
    })?;
    collected.add_elsewhere(elsewhere.asked(question, key));
    Ok(collected.finish(picked))
}

/// What a pass over the log could not see.
struct Picked {
    segments_not_searched: Vec<u64>,
    expired: Option<ExpiredBefore>,
}

/// Hands out the entries in question, with those of the day before and after: a look-up
/// may begin before midnight.
fn picked(
    reader: &LogReader,
    question: &Question,
    key: &OrganisationKeyPair,
    each: &mut scan::Each<'_>,
) -> Result<Picked, LogError> {
    let segments_not_searched = searched(reader, question, key, each)?;
    let bounds = day::wide_bounds(question.from, question.to);
    Ok(Picked {
        segments_not_searched,
        // After the pass: what expired while it ran is said too.
        expired: expired::expired(reader, &bounds)?,
    })
}

/// Returns the segments that could not be searched.
fn searched(
    reader: &LogReader,
    question: &Question,
    key: &OrganisationKeyPair,
    each: &mut scan::Each<'_>,
) -> Result<Vec<u64>, LogError> {
    let bounds = day::wide_bounds(question.from, question.to);
    let wanted = match (&question.patient, &question.user) {
        // A patient has fewer entries than an employee; the employee is compared once opened.
        (Some(bsn), _) => (
            "patient_lookup",
            "entry_patient",
            Masked::Patient,
            bsn.reveal(),
        ),
        (None, Some(user)) => ("user_lookup", "entry_user", Masked::User, user.as_str()),
        (None, None) => {
            scan::scan(reader, &bounds, None, each)?;
            return Ok(Vec::new());
        }
    };
    let (column, index, kind, value) = wanted;
    let keys = reader.lookup_keys(key)?;
    let ids: Vec<String> = keys.iter().map(crate::keys::LookupKey::id).collect();
    for key in &keys {
        let by = scan::By {
            column,
            index,
            masked: key.mask(kind, value),
        };
        scan::scan(reader, &bounds, Some(&by), each)?;
    }
    Ok(reader
        .segments()?
        .into_iter()
        .filter(|segment| !ids.contains(&segment.lookup_key))
        .map(|segment| segment.segment)
        .collect())
}

/// Whether this key opens any segment of the log.
///
/// # Errors
/// As [`LogReader::segments`].
pub fn opens_any(reader: &LogReader, key: &OrganisationKeyPair) -> Result<bool, LogError> {
    let id = key.public().id();
    Ok(reader.segments()?.iter().any(|s| s.seal_key == id))
}
