//! The view log, as a privacy officer opens it and asks of it.

use inzage_core::domain::user::Role;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Language, Trouble};

/// The log as it opens for a privacy officer.
#[derive(Debug, Clone, Serialize, TS)]
pub struct LogView {
    /// Newest first.
    pub entries: Vec<LogLine>,
    /// How many entries there are in all.
    pub total: u32,
    /// What recomputing the whole log found.
    pub verified: LogVerdict,
    /// Whether the organisation's key is at hand: without it who and whom stay sealed.
    pub key: bool,
    /// Each receiver of the log; none where it stays here.
    pub delivery: Vec<DeliveryLine>,
}

/// How a receiver of the log is doing.
#[derive(Debug, Clone, Serialize, TS)]
pub struct DeliveryLine {
    /// Its name.
    pub name: String,
    /// Whether it is the organisation's own repository, which alone receives BSNs.
    pub own_repository: bool,
    /// What is going on.
    pub state: DeliveryState,
    /// Stable code of what is wrong.
    pub code: Option<String>,
    /// What happened, whose fault it probably is, what to do (English).
    pub said: Option<String>,
    /// How many entries it does not have.
    pub undelivered: u32,
    /// When the oldest of those was written: local date and time, ISO 8601 with seconds.
    pub oldest: Option<String>,
    /// Entries that it took sealed, since the app started, because they could not be opened here.
    pub sent_sealed: u32,
}

/// What a receiver is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// It is being sent what it lacks.
    Delivering,
    /// It has everything.
    Delivered,
    /// Another instance of the app delivers this log.
    Elsewhere,
    /// It does not work now, and is tried again.
    Waiting,
    /// It refuses, until somebody changes something.
    Refused,
}

/// Whether the log holds together.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum LogVerdict {
    /// Everything was recomputed and fits.
    Intact {
        /// Signed up to this entry; 0 where nothing is signed yet.
        signed: u32,
        /// Whether the keychain's counter was compared: then a tail that was cut off shows.
        keychain: bool,
        /// What is to be looked at and proves nothing.
        remarks: Vec<LogRemark>,
        /// How many more of those there are.
        remarks_more: u32,
        /// Entries whose content expired.
        expired: u32,
    },
    /// Something is wrong.
    Fault {
        /// Stable code of what is wrong.
        code: String,
        /// Which entry, where it can be told.
        sequence: Option<u32>,
        /// Which checkpoint, where it is one.
        checkpoint: Option<u32>,
    },
}

/// Something that verification names without calling the log false.
#[derive(Debug, Clone, Serialize, TS)]
pub struct LogRemark {
    /// Stable code.
    pub code: String,
    /// At which entry.
    pub sequence: u32,
}

/// What is asked of the log; days as typed (`22-11-2026`), empty where not given.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct OverviewRequest {
    /// BSN as typed; empty for every patient.
    pub bsn: String,
    /// Id of an employee at the organisation; empty for everyone.
    pub user: String,
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
    /// In which language.
    pub language: Language,
}

/// What became of the question.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum OverviewResult {
    /// Read.
    Shown {
        /// The overview.
        overview: OverviewTable,
    },
    /// A field cannot be used.
    BadInput {
        /// Which (`bsn`, `from`, `to`, `nothing`).
        field: String,
    },
    /// Not possible.
    Failed {
        /// Why.
        trouble: Trouble,
    },
}

/// An overview in words.
#[derive(Debug, Clone, Serialize, TS)]
pub struct OverviewTable {
    /// What it is, and when it was made.
    pub title: String,
    /// Where the rows come from, and what is not in them.
    pub notices: Vec<OverviewNotice>,
    /// Headings.
    pub columns: Vec<String>,
    /// Cells.
    pub rows: Vec<Vec<String>>,
    /// Notable patterns of a site and month.
    pub patterns: Vec<String>,
    /// Whom to ask.
    pub contact: String,
    /// The patient's version, where one patient was asked for: paragraphs.
    pub for_patient: Option<Vec<String>>,
}

/// What stands above an overview.
#[derive(Debug, Clone, Serialize, TS)]
pub struct OverviewNotice {
    /// In words.
    pub said: String,
    /// Whether it must not be overlooked: something is wrong, or missing.
    pub warns: bool,
}

/// One entry without its sealed parts.
#[derive(Debug, Clone, Serialize, TS)]
pub struct LogLine {
    /// Position in the log.
    pub sequence: u32,
    /// Local date and time, ISO 8601 with seconds.
    pub at: String,
    /// Kind of event (`released`).
    pub event: String,
    /// Role of who did it.
    pub role: Option<Role>,
    /// Further named values: basis, source, cause, code.
    pub facts: Vec<LogFact>,
    /// Short name of the request, so that its events can be followed.
    pub request: Option<String>,
}

/// A named value of a log line.
#[derive(Debug, Clone, Serialize, TS)]
pub struct LogFact {
    /// Name.
    pub name: String,
    /// Value.
    pub value: String,
}
