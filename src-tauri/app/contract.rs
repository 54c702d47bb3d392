//! What crosses between the page and the app: requests, results, notices.
//!
//! `ui/src/backend/contract.ts` is generated from these types (see
//! [`typescript`]); a test fails when it is not up to date. There is no `f64`
//! here: numbers are counts, milliseconds or parts of a date.

use inzage_core::domain::consent::{Agreement, AskRefusal, EmergencyExplicit, Measure, Reason};
use inzage_core::domain::date::PartialDate;
use inzage_core::domain::event::{AskAnswer, CloseCause, LockCause};
use inzage_core::domain::summary::Summary;
use inzage_core::domain::user::{Role, Setting};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

mod log;

pub use log::{
    DeliveryLine, DeliveryState, LogFact, LogLine, LogRemark, LogVerdict, LogView, OverviewNotice,
    OverviewRequest, OverviewResult, OverviewTable,
};

/// Language of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// Dutch, the working language.
    #[default]
    Nl,
    /// English.
    En,
}

/// What a fresh page needs to draw itself.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Bootstrap {
    /// Training: every screen says so, only fictitious patients are accepted.
    pub training: bool,
    /// Kiosk: full screen, leaving only with a supervisor's PIN.
    pub kiosk: bool,
    /// Language at start.
    pub language: Language,
    /// Name of the organisation.
    pub organisation: String,
    /// Location and workstation.
    pub workstation: String,
    /// Setting; `None` where it is still to be chosen (training, at start).
    pub setting: Option<Setting>,
    /// The measure now.
    pub measure: Measure,
    /// Whether the agreement question is asked at every view.
    pub ask_agreement_always: bool,
    /// Whether the connection contract covers explicit consent in an emergency department.
    pub emergency_explicit: EmergencyExplicit,
    /// Who can sign in here (training: cards on the screen).
    pub people: Vec<PersonCard>,
    /// Present when someone is signed in already: the page was made anew under them.
    pub session: Option<Session>,
    /// Present when the app closed what was open, for the page to explain.
    pub closed: Option<CloseCause>,
    /// Present when the page starts locked.
    pub locked: Option<LockedInfo>,
    /// Present when nobody can sign in until it is solved.
    pub trouble: Option<Trouble>,
    /// Present when something is to be known that stops nobody.
    pub remark: Option<Trouble>,
    /// Idle time until the lock, in seconds.
    pub idle_seconds: u32,
    /// How long before the lock it is announced, in seconds.
    pub idle_warning_seconds: u32,
}

/// One person who can sign in.
#[derive(Debug, Clone, Serialize, TS)]
pub struct PersonCard {
    /// Identification.
    pub id: String,
    /// Name.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Role in words.
    pub role_name: String,
    /// Views only on the responsibility of a doctor who is to be named.
    pub needs_responsible: bool,
    /// Can be that doctor.
    pub can_be_responsible: bool,
}

/// A fictitious patient with what it shows.
#[derive(Debug, Clone, Serialize, TS)]
pub struct PracticePatient {
    /// Nine digits.
    pub bsn: String,
    /// ISO date.
    pub birth_date: String,
    /// What it shows, in Dutch.
    pub label_nl: String,
    /// What it shows, in English.
    pub label_en: String,
}

/// Why the page starts locked.
#[derive(Debug, Clone, Serialize, TS)]
pub struct LockedInfo {
    /// Whose session it was.
    pub name: String,
    /// Their id, so that the card is at hand.
    pub person: String,
    /// Why.
    pub cause: LockCause,
    /// Local time, `HH:MM`.
    pub at: String,
    /// Set when a summary was closed because of something that must be explained.
    pub closed: Option<CloseCause>,
}

/// Something went wrong: what, whose fault it probably is, what to do now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Trouble {
    /// Stable code (`log_unwritable`).
    pub code: String,
    /// In Dutch.
    pub nl: TroubleText,
    /// In English.
    pub en: TroubleText,
}

/// One trouble in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct TroubleText {
    /// What happened.
    pub what: String,
    /// What to do now, and who can.
    pub now: String,
}

/// Signing in.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct SignInRequest {
    /// UUID v4 made by the page; a repeat is answered with the first result.
    pub request_id: String,
    /// Whose card.
    pub person: String,
    /// The PIN.
    pub pin: String,
    /// The responsible doctor's id, for those who need one.
    pub responsible: Option<String>,
    /// Setting, where it is chosen at start.
    pub setting: Option<Setting>,
}

/// What became of signing in.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum SignInResult {
    /// Signed in.
    SignedIn {
        /// The session.
        session: Session,
    },
    /// Not signed in.
    Refused {
        /// Why.
        trouble: Trouble,
        /// Seconds to wait before the next try, after wrong PINs.
        wait_seconds: u32,
    },
}

/// Who is signed in.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Session {
    /// Name.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Role in words.
    pub role_name: String,
    /// Responsible doctor's name, where there is one.
    pub responsible: Option<String>,
    /// Setting.
    pub setting: Setting,
    /// May look up a patient.
    pub may_view: bool,
    /// May open the log.
    pub may_open_log: bool,
}

/// What is known of a number while it is typed.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum BsnCheck {
    /// Fewer than eight digits so far.
    Incomplete,
    /// Passes the eleven-test; nobody was checked yet.
    Valid {
        /// In groups, for reading aloud: `9999 00 006`.
        grouped: String,
    },
    /// Not a BSN.
    Invalid {
        /// `not_digits`, `length`, `zero`, `eleven_test`, `not_a_training_patient`.
        reason: String,
    },
}

/// A look-up.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct LookUpRequest {
    /// UUID v4 made by the page; also the request's id on the wire and in the log.
    pub request_id: String,
    /// As typed or scanned.
    pub bsn: String,
    /// As typed (`12-03-1951`, `12031951`, `1951-03-12`); empty when not given.
    pub birth_date: String,
    /// "I treat this patient and need this."
    pub treats_and_needs: bool,
    /// Who agrees, where asked.
    pub agreement: Option<Agreement>,
    /// Possible corona, where asked.
    pub suspicion: Option<bool>,
}

/// What became of a look-up.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum LookUpResult {
    /// A summary may be shown (also "nothing received": its sections are empty and say so).
    Shown {
        /// It.
        view: Box<View>,
    },
    /// Every source that answered was refused.
    Refused {
        /// The first reason.
        reason: Reason,
        /// Names of the sources that were refused.
        sources: Vec<String>,
    },
    /// The question may not be asked.
    AskRefused {
        /// The first rule that forbids it.
        reason: AskRefusal,
    },
    /// The form is not right.
    BadInput {
        /// `bsn` or `birth_date`.
        field: String,
        /// Stable code.
        reason: String,
    },
    /// Nothing could be shown for a technical reason.
    Failed {
        /// What happened.
        trouble: Trouble,
    },
    /// Stopped by the user.
    Cancelled,
}

/// A summary on the screen, with what surrounds it.
#[derive(Debug, Clone, Serialize, TS)]
pub struct View {
    /// Names this view in every later command.
    pub view_id: String,
    /// The patient banner; `None` where nothing with content was received.
    pub banner: Option<Banner>,
    /// The number asked for, in groups.
    pub bsn_grouped: String,
    /// Whether nothing was received from any source.
    pub nothing_received: bool,
    /// The summary.
    pub summary: Summary,
    /// When the view was logged: local time, `HH:MM`.
    pub logged_at: String,
    /// When agreement was given: local time, `HH:MM`.
    pub agreed_at: Option<String>,
    /// Who agreed.
    pub agreement: Option<Agreement>,
    /// Possible corona, as answered.
    pub suspicion: Option<bool>,
    /// The measure at the moment of the decision.
    pub measure: Measure,
    /// The ask prompt's answer so far.
    pub asked: Option<AskedState>,
}

/// The banner's first line.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Banner {
    /// Surname with prefixes, own case; the screen capitalises it.
    pub family: String,
    /// Given names or initials.
    pub given: String,
    /// Birth date as received.
    pub born: Option<PartialDate>,
    /// Age now, where the birth date allows it.
    pub age: Option<Age>,
    /// `male`, `female`, `other` or `not_stated`.
    pub gender: Gender,
    /// In groups.
    pub bsn_grouped: String,
    /// Street and number, city.
    pub address: Option<String>,
    /// `Some` where the message says the patient died.
    pub deceased: Option<DeceasedInfo>,
}

/// What the banner says of a death.
#[derive(Debug, Clone, Serialize, TS)]
pub struct DeceasedInfo {
    /// Date as received, where given.
    pub at: Option<PartialDate>,
}

/// Administrative gender, as received.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Gender {
    /// M.
    Male,
    /// F.
    Female,
    /// UN.
    Other,
    /// Not in the message, or not readable.
    NotStated,
}

/// Age in whole years, and in whole months under two years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
pub struct Age {
    /// Whole years.
    pub years: u16,
    /// Whole months since birth; shown under two years.
    pub months: u16,
    /// The birth date is less precise than a day: "about".
    pub about: bool,
}

/// What became of the ask prompt.
#[derive(Debug, Clone, Serialize, TS)]
pub struct AskedState {
    /// Asked or unable.
    pub answer: AskAnswer,
    /// Local time, `HH:MM`.
    pub at: String,
    /// By whom.
    pub by: String,
}

/// The patient objects: nothing is asked.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct ObjectionRequest {
    /// UUID v4 made by the page.
    pub request_id: String,
    /// As typed.
    pub bsn: String,
}

/// Whether an action was recorded.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Recorded {
    /// It was, durably.
    Done {
        /// Local time, `HH:MM`.
        at: String,
    },
    /// It was not.
    Failed {
        /// What happened.
        trouble: Trouble,
    },
}

/// Answering the ask prompt.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct AnswerRequest {
    /// UUID v4 made by the page.
    pub request_id: String,
    /// Which view.
    pub view_id: String,
    /// Asked or unable.
    pub answer: AskAnswer,
}

/// What became of the answer.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum AnswerResult {
    /// Recorded.
    Recorded {
        /// The prompt's new state.
        asked: AskedState,
    },
    /// Not recorded.
    Failed {
        /// What happened.
        trouble: Trouble,
    },
}

/// Changing the answer about corona for the same patient: an event of its own.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct SuspicionRequest {
    /// UUID v4 made by the page.
    pub request_id: String,
    /// Which view.
    pub view_id: String,
    /// The new answer.
    pub suspicion: bool,
}

/// What the app tells the page without being asked.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(tag = "notice", rename_all = "snake_case")]
pub enum Notice {
    /// How far a look-up is.
    Progress {
        /// Which look-up.
        request_id: String,
        /// Each source.
        sources: Vec<SourceProgress>,
    },
    /// The measure changed.
    Measure {
        /// Its state now.
        measure: Measure,
    },
    /// A summary was closed by the app.
    ViewClosed {
        /// Which.
        view_id: String,
        /// Why.
        cause: CloseCause,
    },
    /// Nobody did anything; the lock comes.
    IdleWarning {
        /// Seconds left.
        seconds_left: u32,
    },
    /// Somebody did something after all.
    IdleCleared,
    /// What is to be known of the log that stops nobody, or that it is in order again.
    Remark {
        /// What; `null` where all is well.
        remark: Option<Trouble>,
    },
    /// The log has trouble that does not stop viewing yet, or has just stopped it.
    LogTrouble {
        /// What happened.
        trouble: Trouble,
    },
}

/// How far one source is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct SourceProgress {
    /// Key (`s1`).
    pub key: String,
    /// Name.
    pub name: String,
    /// Where it is.
    pub state: ProgressState,
}

/// Where a source is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ProgressState {
    /// On its way.
    Waiting,
    /// Arrived.
    Arrived,
    /// Answered that there is nothing, or refused.
    Nothing,
    /// Error or time-out.
    Failed,
    /// Stopped by the user.
    Cancelled,
}
