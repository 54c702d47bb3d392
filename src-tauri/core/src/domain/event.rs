//! What is logged (NEN 7513), without how it is kept.

use serde::{Deserialize, Serialize};

use super::bsn::Bsn;
use super::consent::{Agreement, Basis, BasisProvenance, Ica, MarkerElement, Reason};
use super::user::{Means, OrganisationId, Setting, User};

/// One event, complete: who, on whose responsibility, which patient, what, from where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// UTC, RFC 3339 with milliseconds (`2026-11-22T01:14:05.123Z`).
    pub at: String,
    /// The person; `None` for what nobody did (the measure changed while nobody was signed in).
    pub actor: Option<Actor>,
    /// Where: organisation and workstation.
    pub place: Place,
    /// The patient, where there is one. Sealed and keyed by the log, never stored plain.
    pub patient: Option<Bsn>,
    /// One look-up's id (UUID v4), shared by all its events; also sent to the exchange.
    pub request_id: Option<String>,
    /// What happened.
    pub what: What,
}

/// Who did it and on whose responsibility.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The person at the screen.
    pub user: User,
    /// The doctor under whose mandate they act.
    pub responsible: Option<User>,
}

/// From which access point.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Place {
    /// Organisation and workstation.
    pub organisation: OrganisationId,
    /// Setting of the workstation.
    pub setting: Setting,
}

/// What happened. A request, a delivery, a refusal, a failure, a release and a
/// display are different events: only the asking side knows what was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum What {
    /// Someone signed in.
    SignedIn {
        /// By what means.
        means: Means,
    },
    /// Signing in was refused.
    SignInRefused {
        /// Why: a stable code (`role_not_allowed`, `wrong_pin`, …).
        reason: String,
    },
    /// A summary was asked for.
    Requested {
        /// Who agreed, where asked.
        agreement: Option<Agreement>,
        /// Possible corona, where asked.
        suspicion: Option<bool>,
        /// Whether the measure was active.
        measure_active: bool,
        /// Whether a birth date was given to match.
        birth_date_given: bool,
    },
    /// The patient or representative objected: nothing was asked.
    Objected,
    /// Messages went out to a source: by their ids every party can tell which they were.
    Sent {
        /// Name of the source; `None` where one message asks them all.
        source: Option<String>,
        /// Ids of the messages (UUID v4), in the order in which they went out.
        message_ids: Vec<String>,
    },
    /// The consent marker of a test patient was read, and nothing else of the answer: the marker
    /// counts as proven at this installation.
    MarkerRead {
        /// Name of the source.
        source: String,
        /// The element that carried it.
        element: MarkerElement,
    },
    /// A source delivered.
    Delivered {
        /// Name of the source.
        source: String,
        /// Its organisation (URA), where known.
        ura: Option<String>,
    },
    /// Asking or showing was refused.
    Refused {
        /// Name of the source; `None` where the question itself was refused.
        source: Option<String>,
        /// The first rule that failed.
        reason: String,
    },
    /// Something was received that may not be shown. Without content or count.
    ReceivedNotShown {
        /// Name of the source.
        source: String,
        /// `ica` (dropped under the basis) or the refusal's reason.
        why: String,
    },
    /// A source or the exchange failed.
    Failed {
        /// Name of the source; `None` for the exchange as a whole.
        source: Option<String>,
        /// Stable code.
        code: String,
    },
    /// A summary was released to the screen: it may have been seen.
    Released {
        /// SHA-256 of the prepared summary, hexadecimal.
        digest: String,
        /// Each source with its basis.
        sources: Vec<ReleasedSource>,
        /// Names of the sections that were shown.
        sections: Vec<String>,
        /// Who agreed, where asked.
        agreement: Option<Agreement>,
        /// Possible corona, where asked.
        suspicion: Option<bool>,
    },
    /// The screen reported that the summary was painted.
    Displayed {
        /// The digest released.
        digest: String,
    },
    /// The ask prompt was answered; never what the patient said.
    AskedAboutAllergies {
        /// Asked, or could not be.
        answer: AskAnswer,
    },
    /// The answer about corona was changed for the same patient.
    SuspicionChanged {
        /// Before.
        from: Option<bool>,
        /// After.
        to: Option<bool>,
    },
    /// The corona measure changed.
    MeasureChanged {
        /// Whether it is active now.
        active: bool,
        /// Since when, as the exchange gives it.
        since: Option<String>,
        /// By whose decision, as the exchange gives it; `None` where it did not answer.
        decided_by: Option<String>,
    },
    /// A summary was closed.
    Closed {
        /// How long it was open, in milliseconds.
        duration_ms: u64,
        /// Why.
        cause: CloseCause,
    },
    /// The workstation was locked.
    Locked {
        /// Why.
        cause: LockCause,
    },
    /// Someone signed out.
    SignedOut {
        /// By themselves, or why else.
        cause: LockCause,
    },
    /// The log itself was opened.
    LogOpened {
        /// What was opened (`recent`, `overview`, `verify`).
        scope: String,
    },
    /// A new segment started because the keys of the previous one are gone.
    SegmentStarted {
        /// Why: `first`, `keychain_lost` or `organisation_key_changed`.
        why: String,
    },
    /// The content of the oldest entries was deleted, as the organisation's policy wants.
    Expired {
        /// Number of the last entry whose content is gone, but for heads of segments and for entries
        /// of this kind.
        last: u64,
        /// The day before which an entry had to be written to go (`2026-11-22`, UTC).
        before: String,
        /// The policy, in whole years.
        years: u8,
    },
}

/// A source as released.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleasedSource {
    /// Name of the source.
    pub source: String,
    /// Its organisation (URA), where known.
    pub ura: Option<String>,
    /// Basis.
    pub basis: Option<Basis>,
    /// What it was concluded from.
    pub provenance: Option<BasisProvenance>,
    /// Where the message carried what the basis was concluded from, where it carried anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marker_in: Option<MarkerElement>,
    /// Whether ICA were included; `None` where the source was not shown.
    pub ica: Option<Ica>,
    /// Why it was refused, where it was.
    pub refused: Option<Reason>,
}

/// What became of the ask prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum AskAnswer {
    /// The patient was asked.
    Asked,
    /// The patient cannot be asked.
    Unable,
}

/// Why a summary was closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum CloseCause {
    /// The user closed it or went on to the next patient.
    User,
    /// The workstation was locked.
    Locked,
    /// The user signed out.
    SignedOut,
    /// The measure was stopped.
    MeasureStopped,
    /// The answer about corona was changed, and it may no longer be shown.
    SuspicionChanged,
    /// The log could not be written.
    LogFailed,
    /// The process that showed it died.
    ScreenDied,
    /// The app ended.
    AppEnded,
}

/// Why the workstation was locked or a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum LockCause {
    /// By the user.
    User,
    /// Nobody did anything for the idle time.
    Idle,
    /// The log could not be written.
    LogFailed,
    /// The process that showed the page died.
    ScreenDied,
    /// The app ended.
    AppEnded,
    /// Someone else signed in.
    OtherUser,
}
