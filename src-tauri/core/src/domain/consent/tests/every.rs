//! Every input there is, counted off like an odometer.

use crate::domain::consent::decide::PatientMatch;
use crate::domain::consent::{
    Agreement, Basis, DecisionInput, EmergencyExplicit, HouseRules, Marker, MayAskInput,
};
use crate::domain::user::{Means, Role, Setting};

/// An array of variants that does not compile when one is missing.
macro_rules! every {
    ($type:ident: $($variant:ident),+ $(,)?) => {{
        const fn _complete(value: $type) {
            match value {
                $($type::$variant => {})+
            }
        }
        [$($type::$variant),+]
    }};
}
pub(crate) use every;

/// Each value, and none.
pub(crate) fn or_none<T: Copy, const N: usize>(values: [T; N]) -> Vec<Option<T>> {
    core::iter::once(None)
        .chain(values.into_iter().map(Some))
        .collect()
}

pub(crate) const BOTH: [bool; 2] = [false, true];

pub(crate) fn roles() -> [Role; 8] {
    every!(Role: Doctor, PhysicianAssistant, NurseSpecialist, Nurse, Assistant, Pharmacist, PrivacyOfficer, Unknown)
}

pub(crate) fn settings() -> [Setting; 3] {
    every!(Setting: AfterHours, Emergency, Other)
}

pub(crate) fn means() -> [Means; 2] {
    every!(Means: Personal, Shared)
}

pub(crate) fn agreements() -> [Agreement; 3] {
    every!(Agreement: Patient, Representative, CannotBeAsked)
}

pub(crate) fn markers() -> [Marker; 4] {
    every!(Marker: Absent, Corona, CoronaAndExplicit, OptedOut)
}

pub(crate) fn bases() -> [Basis; 3] {
    every!(Basis: Explicit, Corona, NotEstablished)
}

pub(crate) fn matches() -> [PatientMatch; 7] {
    every!(PatientMatch: Same, NothingToMatch, OtherBsn, OtherBirthDate, InvalidBsn, TwoPatients, NoBsn)
}

pub(crate) fn contracts() -> [EmergencyExplicit; 2] {
    every!(EmergencyExplicit: Permit, Refuse)
}

/// The digits of a number whose base changes from digit to digit.
struct Odometer(usize);

impl Odometer {
    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        let picked = from[self.0 % from.len()];
        self.0 /= from.len();
        picked
    }

    /// The values that `make` picks, for every combination of digits.
    fn every<T>(make: impl Fn(&mut Self) -> T) -> impl Iterator<Item = T> {
        (0..).map_while(move |number| {
            let mut digits = Self(number);
            let made = make(&mut digits);
            (digits.0 == 0).then_some(made)
        })
    }
}

/// Every input of `may_ask`.
pub(crate) fn every_ask() -> impl Iterator<Item = MayAskInput> {
    let (somebody, answers, suspicions) = (or_none(roles()), or_none(agreements()), or_none(BOTH));
    Odometer::every(move |digits| MayAskInput {
        role: digits.pick(&somebody),
        means: digits.pick(&means()),
        responsible: digits.pick(&somebody),
        setting: digits.pick(&settings()),
        treats_and_needs: digits.pick(&BOTH),
        objects: digits.pick(&BOTH),
        agreement: digits.pick(&answers),
        suspicion: digits.pick(&suspicions),
        measure_active: digits.pick(&BOTH),
        house: HouseRules {
            physician_assistant: digits.pick(&BOTH),
            nurse_specialist: digits.pick(&BOTH),
            ask_agreement_always: digits.pick(&BOTH),
        },
    })
}

/// Every input of `decide`.
pub(crate) fn every_decision() -> impl Iterator<Item = DecisionInput> {
    let (stated, answers, suspicions) = (or_none(bases()), or_none(agreements()), or_none(BOTH));
    Odometer::every(move |digits| DecisionInput {
        setting: digits.pick(&settings()),
        patient: digits.pick(&matches()),
        marker: digits.pick(&markers()),
        stated: digits.pick(&stated),
        delivered_under_measure: digits.pick(&BOTH),
        measure_active: digits.pick(&BOTH),
        marker_proven: digits.pick(&BOTH),
        suspicion: digits.pick(&suspicions),
        agreement: digits.pick(&answers),
        emergency_explicit: digits.pick(&contracts()),
    })
}

#[test]
fn the_odometer_gives_every_combination_once() {
    let asks: std::collections::HashSet<_> = every_ask().collect();
    assert_eq!(
        (asks.len(), every_ask().count()),
        (9 * 2 * 9 * 3 * 2 * 2 * 4 * 3 * 2 * 8, asks.len())
    );
    let decisions: std::collections::HashSet<_> = every_decision().collect();
    let expected = 3 * 7 * 4 * 4 * 2 * 2 * 2 * 3 * 4 * 2;
    assert_eq!(
        (decisions.len(), every_decision().count()),
        (expected, decisions.len())
    );
}

#[test]
fn the_published_lists_hold_every_variant() {
    assert_eq!(Role::ALL, roles());
    assert_eq!(Agreement::ALL, agreements());
    assert_eq!(Marker::ALL, markers());
    assert_eq!(Basis::ALL, bases());
    assert_eq!(PatientMatch::ALL, matches());
    assert_eq!(EmergencyExplicit::ALL, contracts());
}
