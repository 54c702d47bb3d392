//! From what was received to what may be shown: decided per source, stripped, stated.
//!
//! [`prepare`] is the one place where received bytes become a [`Summary`]. The
//! order is the promise: identity and marker are read first, the decision is
//! taken, and only then is the content read, under a scope that knows no ICA
//! where they may not be shown. No value ever holds what may not be seen.

mod accounting;
mod deciding;
mod describing;
mod duplicates;
mod making;
mod parts;
mod sources;
#[cfg(test)]
mod tests;

use super::bsn::Bsn;
use super::consent::{Agreement, Basis, DecisionInput, EmergencyExplicit, Reason};
use super::date::PartialDate;
use super::event::ReleasedSource;
use super::summary::source::Delivery;
use super::summary::{SectionKind, Summary};
use super::user::Setting;
use crate::readers::Profile;
use crate::readers::coverage::Coverage;

/// The patient who was asked for.
#[derive(Debug, Clone)]
pub struct Asked {
    /// `None` only in the inspection of a file without a stated BSN.
    pub bsn: Option<Bsn>,
    /// As typed or handed over.
    pub birth_date: Option<PartialDate>,
}

/// Everything outside the messages that decisions depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Circumstances {
    /// Where the workstation stands.
    pub setting: Setting,
    /// Whether the measure was active at any moment between question and answer, or was not
    /// known to have stopped: what the basis is concluded from.
    pub delivered_under_measure: bool,
    /// Whether the measure is active now.
    pub measure_active: bool,
    /// Whether a marked test patient was read at this installation.
    pub marker_proven: bool,
    /// Possible corona, as answered.
    pub suspicion: Option<bool>,
    /// Who agreed, as answered.
    pub agreement: Option<Agreement>,
    /// What the connection contract says.
    pub emergency_explicit: EmergencyExplicit,
    /// A basis stated from outside (inspection only).
    pub stated: Option<Basis>,
}

/// What came of one question to one source (or to an exchange that answers for several).
#[derive(Debug)]
pub struct Answer {
    /// Key (`s1`).
    pub key: String,
    /// Name, as the exchange knows it.
    pub name: String,
    /// Local time of retrieval, ISO 8601 with seconds.
    pub retrieved_at: Option<String>,
    /// What came.
    pub arrival: Arrival,
}

/// What came.
#[derive(Debug)]
pub enum Arrival {
    /// Bytes.
    Received(Vec<u8>),
    /// Error or time-out, with a stable code.
    Failed {
        /// The code.
        code: String,
    },
    /// Still on its way.
    Awaited,
    /// Stopped by the user.
    Cancelled,
}

/// A summary that may be shown, once its release is in the log.
///
/// Not serialisable, not cloneable, and its content comes out only through
/// [`Prepared::into_released`], which the app calls with the log's receipt in hand.
pub struct Prepared {
    summary: Summary,
    outcome: Outcome,
    digest: [u8; 32],
    released: Vec<ReleasedSource>,
    not_shown: Vec<NotShown>,
    decided: Vec<DecisionInput>,
    coverage: Coverage,
}

/// What was received and not shown: for the log, without content or count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotShown {
    /// Name of the source.
    pub source: String,
    /// `ica`, or the refusal's reason.
    pub why: WhyNotShown,
}

/// Why something received was not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyNotShown {
    /// ICA that arrived although the basis withholds them.
    Ica,
    /// The source was refused.
    Refused(Reason),
}

/// The whole answer in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Something may be shown; nothing received is a permit too.
    Permit,
    /// Every source that answered was refused; the first reason.
    Refuse(Reason),
    /// Nothing could be read.
    Unreadable,
}

impl Prepared {
    /// In one word.
    #[must_use]
    pub const fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// SHA-256 over the nonce, the patient asked for and the summary: names this very
    /// summary in the log. The nonce keeps the digest from confirming guesses.
    #[must_use]
    pub const fn digest(&self) -> [u8; 32] {
        self.digest
    }

    /// Each source with its basis, for the log.
    #[must_use]
    pub fn released(&self) -> &[ReleasedSource] {
        &self.released
    }

    /// What was received and not shown, for the log.
    #[must_use]
    pub fn not_shown(&self) -> &[NotShown] {
        &self.not_shown
    }

    /// How each source answered: (name, delivery). Nothing clinical.
    pub fn deliveries(&self) -> impl Iterator<Item = (&str, &Delivery)> {
        self.summary
            .sources
            .iter()
            .map(|s| (s.name.as_str(), &s.delivery))
    }

    /// Names of the sections with content, for the log.
    #[must_use]
    pub fn sections(&self) -> Vec<String> {
        sections(&self.summary)
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .map(|(name, _)| name.to_owned())
            .collect()
    }

    /// What the permits of all that is shown were given on, so that the decisions can be
    /// taken again when an input changes.
    #[must_use]
    pub fn decided(&self) -> &[DecisionInput] {
        &self.decided
    }

    /// What became of every leaf that was received.
    #[must_use]
    pub const fn coverage(&self) -> Coverage {
        self.coverage
    }

    /// The content. Called where the receipt is checked, and by the inspection of files.
    #[must_use]
    pub fn into_released(self) -> Summary {
        self.summary
    }
}

/// Kinds of entry that are counted under their own name; the rest count as `other`.
const OWN_COUNTS: [SectionKind; 10] = [
    SectionKind::PastProblems,
    SectionKind::Procedures,
    SectionKind::Immunisations,
    SectionKind::Devices,
    SectionKind::SocialHistory,
    SectionKind::Pregnancy,
    SectionKind::FunctionalStatus,
    SectionKind::CarePlan,
    SectionKind::PatientStory,
    SectionKind::FamilyHistory,
];

/// Counts per section, in the order of the screen; a closed list of names.
#[must_use]
pub fn sections(summary: &Summary) -> Vec<(&'static str, usize)> {
    let partials = || summary.contacts.iter().flat_map(|c| &c.partials);
    let others = |kind: SectionKind| summary.others.iter().filter(|e| e.kind == kind).count();
    let unlisted = summary
        .others
        .iter()
        .filter(|entry| !OWN_COUNTS.contains(&entry.kind))
        .count();
    vec![
        ("allergies", summary.allergies.entries.len()),
        ("contraindications", summary.contraindications.entries.len()),
        ("treatment_limits", summary.treatment_limits.entries.len()),
        ("attention_lines", summary.attention_lines.len()),
        ("alerts", summary.alerts.len()),
        ("episodes", summary.episodes.len()),
        ("contacts", summary.contacts.len()),
        ("partial_contacts", partials().count()),
        ("journal_lines", partials().map(|p| p.lines.len()).sum()),
        ("diagnoses", partials().map(|p| p.diagnoses.len()).sum()),
        ("medication", summary.medication.len()),
        ("measurements", summary.measurements.len()),
        ("laboratory", summary.laboratory.len()),
        ("past_problems", others(SectionKind::PastProblems)),
        ("procedures", others(SectionKind::Procedures)),
        ("immunisations", others(SectionKind::Immunisations)),
        ("devices", others(SectionKind::Devices)),
        ("social_history", others(SectionKind::SocialHistory)),
        ("pregnancy", others(SectionKind::Pregnancy)),
        ("functional_status", others(SectionKind::FunctionalStatus)),
        ("care_plan", others(SectionKind::CarePlan)),
        ("patient_story", others(SectionKind::PatientStory)),
        ("family_history", others(SectionKind::FamilyHistory)),
        ("other", unlisted),
        ("unrecognised", summary.unrecognised.len()),
    ]
}

/// Decides, strips and states what was received. Total: bad input is a finding.
///
/// `nonce` is 32 random bytes of the caller.
#[must_use]
pub fn prepare(
    asked: &Asked,
    answers: Vec<Answer>,
    circumstances: &Circumstances,
    profile: &Profile,
    nonce: [u8; 32],
) -> Prepared {
    let mut making = making::Making::new(asked, circumstances, profile, false);
    making.add_all(answers);
    making.finish(nonce)
}

/// As [`prepare`], and accounts for every leaf that was received
/// (a second walk over the bytes and the whole summary: for inspection and tests).
#[must_use]
pub fn prepare_accounted(
    asked: &Asked,
    answers: Vec<Answer>,
    circumstances: &Circumstances,
    profile: &Profile,
    nonce: [u8; 32],
) -> Prepared {
    let mut making = making::Making::new(asked, circumstances, profile, true);
    making.add_all(answers);
    making.finish(nonce)
}
