//! May this source's answer be shown, and with ICA or without? (DOMAIN §2.1, steps 5–9)

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::basis::{Agreement, Basis, BasisProvenance, Marker};
use crate::domain::user::Setting;

/// Whether an emergency department may query on explicit consent: depends on its
/// connection contract, so it has no default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum EmergencyExplicit {
    /// The contract covers it.
    Permit,
    /// It does not.
    Refuse,
}

impl EmergencyExplicit {
    /// Both, for generated checks.
    pub const ALL: [Self; 2] = [Self::Permit, Self::Refuse];
}

/// How the patient in the answer compares with the one asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PatientMatch {
    /// The one asked for.
    Same,
    /// No clinical content, so nothing to match.
    NothingToMatch,
    /// Another BSN.
    OtherBsn,
    /// The BSN asked for, with another birth date.
    OtherBirthDate,
    /// A BSN that fails the eleven-test.
    InvalidBsn,
    /// Two patients with content in one answer.
    TwoPatients,
    /// Content without any BSN.
    NoBsn,
}

impl PatientMatch {
    /// Every outcome, for generated checks.
    pub const ALL: [Self; 7] = [
        Self::Same,
        Self::NothingToMatch,
        Self::OtherBsn,
        Self::OtherBirthDate,
        Self::InvalidBsn,
        Self::TwoPatients,
        Self::NoBsn,
    ];
}

/// Everything the decision for one source depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DecisionInput {
    /// Where the workstation stands.
    pub setting: Setting,
    /// Is it the patient asked for?
    pub patient: PatientMatch,
    /// What the message says of its consent basis.
    pub marker: Marker,
    /// A basis stated from outside (inspection only); a marker in the message wins.
    pub stated: Option<Basis>,
    /// Whether the measure was active at any moment between the question and the answer,
    /// or was not known to have stopped. The basis is concluded from this and not from the
    /// measure now: what was delivered while it was active stays what it was, and must not
    /// become "explicit" because the measure stopped a second later.
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
}

/// What was decided for one source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Decision {
    /// Show it.
    Permit {
        /// With or without ICA.
        ica: Ica,
    },
    /// Do not show it.
    Refuse {
        /// The first rule that failed.
        reason: Reason,
    },
}

/// Whether intolerances, contra-indications and allergies may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Ica {
    /// They may.
    Included,
    /// They are dropped, whatever was received.
    Withheld,
}

/// The first rule that forbids showing. A closed list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Another patient's BSN.
    OtherPatient,
    /// The right BSN with another birth date.
    OtherBirthDate,
    /// A BSN in the answer fails the eleven-test.
    InvalidBsn,
    /// Two patients with content in one answer.
    TwoPatients,
    /// Clinical content without any BSN.
    NoBsn,
    /// A "no" that arrived as data; shown as nothing received.
    OptedOut,
    /// The workstation stands neither in an after-hours centre nor in an emergency department.
    SettingNotAllowed,
    /// The emergency department's contract does not cover explicit consent.
    EmergencyExplicitRefused,
    /// The measure is stopped.
    MeasureStopped,
    /// No (suspected) corona infection was confirmed.
    NoSuspicion,
    /// Nobody agreed.
    NoAgreement,
}

impl Reason {
    /// Every reason, for generated checks and the published list.
    pub const ALL: [Self; 11] = [
        Self::OtherPatient,
        Self::OtherBirthDate,
        Self::InvalidBsn,
        Self::TwoPatients,
        Self::NoBsn,
        Self::OptedOut,
        Self::SettingNotAllowed,
        Self::EmergencyExplicitRefused,
        Self::MeasureStopped,
        Self::NoSuspicion,
        Self::NoAgreement,
    ];
}

type BasisRule = (
    BasisProvenance,
    &'static str,
    fn(&DecisionInput) -> Option<Basis>,
);

/// What a basis is concluded from, in order: the first that yields one holds.
pub const BASIS_RULES: [BasisRule; 7] = [
    (
        BasisProvenance::MarkerInMessage,
        "The message carries the corona marker.",
        |i| (i.marker == Marker::Corona).then_some(Basis::Corona),
    ),
    (
        BasisProvenance::Conflicting,
        "The message carries the corona marker and a statement of permission: the stricter one holds, with a finding.",
        |i| (i.marker == Marker::CoronaAndExplicit).then_some(Basis::Corona),
    ),
    // Refused by a rule of its own; whoever looks at the basis alone must not find a permission.
    (
        BasisProvenance::MarkerInMessage,
        "The message says \"no\": never a permission.",
        |i| (i.marker == Marker::OptedOut).then_some(Basis::NotEstablished),
    ),
    (
        BasisProvenance::Stated,
        "No marker, and the basis was stated on the command line (inspection of a file only).",
        |i| i.stated,
    ),
    (
        BasisProvenance::MeasureStopped,
        "No marker, delivered while the measure was stopped: the exchange then delivers only after permission in advance.",
        |i| (!i.delivered_under_measure).then_some(Basis::Explicit),
    ),
    (
        BasisProvenance::NoMarkerWhileProven,
        "No marker, delivered while the measure was active, at an installation where a marked test patient was read.",
        |i| i.marker_proven.then_some(Basis::Explicit),
    ),
    (
        BasisProvenance::MarkerUnproven,
        "No marker, delivered while the measure was active, at an installation where the marker was never proven.",
        |_| Some(Basis::NotEstablished),
    ),
];

/// The basis concluded for a source, with what it was concluded from (DOMAIN §2.1, step 6). Total.
#[must_use]
pub fn conclude_basis(input: &DecisionInput) -> (Basis, BasisProvenance) {
    BASIS_RULES
        .iter()
        .find_map(|(provenance, _, conclude)| conclude(input).map(|basis| (basis, *provenance)))
        // The last rule always yields one; this is what it yields.
        .unwrap_or((Basis::NotEstablished, BasisProvenance::MarkerUnproven))
}

type Rule = (Reason, &'static str, fn(&DecisionInput, Basis) -> bool);

/// The rules in their order: the first whose condition holds gives the reason.
pub const RULES: [Rule; 11] = [
    (
        Reason::OtherPatient,
        "The answer is about another BSN.",
        |i, _| i.patient == PatientMatch::OtherBsn,
    ),
    (
        Reason::OtherBirthDate,
        "The right BSN with another birth date than the one typed or handed over.",
        |i, _| i.patient == PatientMatch::OtherBirthDate,
    ),
    (
        Reason::InvalidBsn,
        "A BSN in the answer fails the eleven-test.",
        |i, _| i.patient == PatientMatch::InvalidBsn,
    ),
    (
        Reason::TwoPatients,
        "Two patients with content in one answer.",
        |i, _| i.patient == PatientMatch::TwoPatients,
    ),
    (
        Reason::NoBsn,
        "Clinical content without any BSN.",
        |i, _| i.patient == PatientMatch::NoBsn,
    ),
    (
        Reason::OptedOut,
        "A \"no\" arrived as data; it looks like nothing received.",
        |i, _| matches!(i.marker, Marker::OptedOut),
    ),
    (
        Reason::SettingNotAllowed,
        "The workstation stands neither in an after-hours centre nor in an emergency department.",
        |i, _| i.setting == Setting::Other,
    ),
    (
        Reason::EmergencyExplicitRefused,
        "Explicit consent, in an emergency department whose configuration refuses it.",
        |i, basis| {
            basis == Basis::Explicit
                && i.setting == Setting::Emergency
                && i.emergency_explicit == EmergencyExplicit::Refuse
        },
    ),
    (
        Reason::MeasureStopped,
        "Corona or not established, and the measure is stopped now.",
        |i, basis| basis != Basis::Explicit && !i.measure_active,
    ),
    (
        Reason::NoSuspicion,
        "Corona or not established, and no (suspected) corona infection was confirmed.",
        |i, basis| basis != Basis::Explicit && i.suspicion != Some(true),
    ),
    (
        Reason::NoAgreement,
        "Corona or not established, and no agreement was recorded: neither who agreed, nor that nobody could be asked.",
        |i, basis| basis != Basis::Explicit && i.agreement.is_none(),
    ),
];

/// Whether one source's answer may be shown. Total; the first rule that fails is the reason.
#[must_use]
pub fn decide(input: &DecisionInput) -> Decision {
    let (basis, _) = conclude_basis(input);
    RULES
        .iter()
        .find(|(_, _, forbids)| forbids(input, basis))
        .map_or(
            Decision::Permit {
                ica: if basis == Basis::Explicit {
                    Ica::Included
                } else {
                    Ica::Withheld
                },
            },
            |(reason, _, _)| Decision::Refuse { reason: *reason },
        )
}
