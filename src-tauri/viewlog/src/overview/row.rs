//! One line of an overview, with what NEN 7513 asks for.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use inzage_core::domain::bsn::Bsn;
use inzage_core::domain::consent::{Agreement, Basis, Ica, Reason};
use inzage_core::domain::event::Place;
use inzage_core::domain::user::{Role, User};

use crate::audit_event::LogId;

/// A line: one look-up or other event, or several equal ones of one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Local day (Europe/Amsterdam) on which it began.
    pub day: NaiveDate,
    /// When the first began: UTC, RFC 3339.
    pub first_at: String,
    /// When the last began: UTC, RFC 3339.
    pub last_at: String,
    /// How many equal ones there were on that day.
    pub count: u32,
    /// Numbers of the first and the last entry that it was made from.
    pub entries: (u64, u64),
    /// The log these are numbers of, where the one that was opened has none of it: it was read in the
    /// organisation's repository. Its own id, where the repository tells of it otherwise, or of more.
    pub log: Option<LogId>,
    /// Whether it, or part of it, was read in the organisation's repository: that was not recomputed.
    pub from_repository: bool,
    /// Whether the repository contradicts it: something else is said of one of its entries, or the same
    /// under another log. What the repository says then is a row by itself, with each version of it.
    pub contradicted: bool,
    /// Organisation, workstation and setting.
    pub place: Place,
    /// The person at the screen.
    pub who: Who,
    /// On whose responsibility, where under a mandate.
    pub responsible: Option<Person>,
    /// The patient.
    pub whom: Whom,
    /// What was done.
    pub kind: Kind,
    /// What came of it.
    pub outcome: Outcome,
    /// What else is to be said of it.
    pub remarks: BTreeSet<Remark>,
    /// The sources that were released, with their basis.
    pub sources: Vec<SourceSeen>,
    /// Names of the sections that were released.
    pub sections: BTreeSet<String>,
    /// Who agreed, where asked.
    pub agreement: Option<Agreement>,
    /// Possible corona, where asked.
    pub suspicion: Option<bool>,
}

/// The person at the screen.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Who {
    /// Nobody did it.
    Nobody,
    /// This person.
    Person(Person),
    /// Sealed to another key: only the role is known.
    Sealed {
        /// Equal within a segment for the same user.
        pseudonym: String,
        /// Their role.
        role: Role,
    },
}

/// A person, as the card or token named them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Person {
    /// Id at the organisation.
    pub id: String,
    /// Name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// The role in the card's words.
    pub role_name: String,
}

impl Person {
    pub(super) fn of(user: &User) -> Self {
        Self {
            id: user.id.clone(),
            name: user.name.clone(),
            role: user.role,
            role_name: user.role_name.clone(),
        }
    }
}

/// The patient.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Whom {
    /// It was about nobody.
    Nobody,
    /// This patient.
    Patient(Bsn),
    /// Sealed to another key.
    Sealed {
        /// Equal within a segment for the same patient.
        pseudonym: String,
    },
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A patient's summary was looked up.
    LookUp,
    /// Another event, by its name in the log.
    Event(&'static str),
}

/// What came of it, the most that certainly or possibly happened.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The screen reported that the summary was painted.
    Displayed,
    /// Released and never reported as painted: it may have been seen.
    MayHaveBeenSeen,
    /// Received, and nothing of it was shown.
    ReceivedNotShown,
    /// Refused by a rule.
    Refused,
    /// The patient objected: nothing was asked.
    Objected,
    /// It failed.
    Failed,
    /// Delivered; nothing says that it was released.
    Delivered,
    /// Asked, and nothing more is known.
    Requested,
    /// An event that is complete in itself; its fields as `name=value`, codes as in the log.
    Done(Vec<(String, String)>),
}

impl Outcome {
    /// Stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Displayed => "displayed",
            Self::MayHaveBeenSeen => "may_have_been_seen",
            Self::ReceivedNotShown => "received_not_shown",
            Self::Refused => "refused",
            Self::Objected => "objected",
            Self::Failed => "failed",
            Self::Delivered => "delivered",
            Self::Requested => "requested",
            Self::Done(_) => "done",
        }
    }
}

/// What else is to be said of a look-up. `source` is `None` where it concerns the whole.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Remark {
    /// Part of what was received may not be shown, and was not.
    ReceivedNotShown {
        /// Name of the source.
        source: String,
        /// `ica` or the refusal's reason.
        why: String,
    },
    /// Refused by a rule.
    Refused {
        /// Name of the source.
        source: Option<String>,
        /// The rule.
        reason: String,
    },
    /// Failed.
    Failed {
        /// Name of the source.
        source: Option<String>,
        /// Stable code.
        code: String,
    },
    /// There was a release that the screen never reported as painted.
    ReleaseNotDisplayed,
    /// The summary was still open, or nothing says that it was closed.
    NotClosed,
}

/// A source as released.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SourceSeen {
    /// Its name.
    pub source: String,
    /// Its organisation (URA), where known.
    pub ura: Option<String>,
    /// On what basis.
    pub basis: Option<Basis>,
    /// Whether ICA were included.
    pub ica: Option<Ica>,
    /// Why it was refused, where it was.
    pub refused: Option<Reason>,
}
