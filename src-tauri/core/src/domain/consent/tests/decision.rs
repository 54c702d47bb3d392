//! `decide` and `conclude_basis`, against the prose of DOMAIN §2.1, steps 5–9.

use super::every::{every, every_decision, matches};
use crate::domain::consent::decide::{BASIS_RULES, PatientMatch, RULES, conclude_basis};
use crate::domain::consent::{
    Basis, BasisProvenance, Decision, DecisionInput, EmergencyExplicit, Ica, Marker, Reason, decide,
};
use crate::domain::user::Setting;

const WITH_ICA: Decision = Decision::Permit { ica: Ica::Included };
const WITHOUT_ICA: Decision = Decision::Permit { ica: Ica::Withheld };

/// The prose, told once more in another shape than the rules.
fn told(input: &DecisionInput) -> Decision {
    let refuse = |reason| Decision::Refuse { reason };
    // (5) It is the patient asked for; without clinical content there is nothing to match.
    match input.patient {
        PatientMatch::Same | PatientMatch::NothingToMatch => {}
        PatientMatch::OtherBsn => return refuse(Reason::OtherPatient),
        PatientMatch::OtherBirthDate => return refuse(Reason::OtherBirthDate),
        PatientMatch::InvalidBsn => return refuse(Reason::InvalidBsn),
        PatientMatch::TwoPatients => return refuse(Reason::TwoPatients),
        PatientMatch::NoBsn => return refuse(Reason::NoBsn),
    }
    // (9) A "no" that arrives as data.
    if input.marker == Marker::OptedOut {
        return refuse(Reason::OptedOut);
    }
    // Only an after-hours centre and an emergency department are spoken of.
    if input.setting == Setting::Other {
        return refuse(Reason::SettingNotAllowed);
    }
    // (6) Marker: corona, also beside a permission. Without: what was stated (inspection only);
    // delivered while stopped: explicit; while active: explicit only if the marker is proven here.
    let marked = input.marker == Marker::Corona || input.marker == Marker::CoronaAndExplicit;
    let explicit = if marked {
        false
    } else if let Some(stated) = input.stated {
        stated == Basis::Explicit
    } else if input.delivered_under_measure {
        input.marker_proven
    } else {
        true
    };
    if explicit {
        // (7) Permit in the after-hours centre; in the emergency department as configured.
        if input.setting == Setting::AfterHours
            || input.emergency_explicit == EmergencyExplicit::Permit
        {
            WITH_ICA
        } else {
            refuse(Reason::EmergencyExplicitRefused)
        }
    } else if input.measure_active {
        // (8) Permit without ICA if the measure is active now, suspicion is yes and somebody
        // agreed (or could not be asked); else refuse with the first reason that fails.
        match (input.suspicion, input.agreement) {
            (Some(true), Some(_)) => WITHOUT_ICA,
            (Some(true), None) => refuse(Reason::NoAgreement),
            (Some(false) | None, _) => refuse(Reason::NoSuspicion),
        }
    } else {
        refuse(Reason::MeasureStopped)
    }
}

/// How much a decision shows.
fn shown(decision: Decision) -> u8 {
    match decision {
        Decision::Refuse { .. } => 0,
        WITHOUT_ICA => 1,
        Decision::Permit { .. } => 2,
    }
}

/// Whatever is stricter than this input in one respect.
fn stricter(input: &DecisionInput) -> Vec<DecisionInput> {
    let mut all = vec![
        DecisionInput {
            setting: Setting::Other,
            ..*input
        },
        DecisionInput {
            measure_active: false,
            ..*input
        },
        DecisionInput {
            suspicion: Some(false),
            ..*input
        },
        DecisionInput {
            suspicion: None,
            ..*input
        },
        DecisionInput {
            agreement: None,
            ..*input
        },
        DecisionInput {
            marker: Marker::OptedOut,
            ..*input
        },
        DecisionInput {
            emergency_explicit: EmergencyExplicit::Refuse,
            ..*input
        },
    ];
    let somebody_else = matches().into_iter().filter(|m| !is_the_patient(*m));
    all.extend(somebody_else.map(|patient| DecisionInput { patient, ..*input }));
    if input.setting == Setting::AfterHours {
        all.push(DecisionInput {
            setting: Setting::Emergency,
            ..*input
        });
    }
    all
}

fn is_the_patient(patient: PatientMatch) -> bool {
    matches!(patient, PatientMatch::Same | PatientMatch::NothingToMatch)
}

fn basis_of(input: &DecisionInput) -> Basis {
    conclude_basis(input).0
}

#[test]
fn the_decision_is_that_of_the_prose_on_every_combination() {
    for input in every_decision() {
        assert_eq!(decide(&input), told(&input), "{input:?}");
    }
}

#[test]
fn the_reason_is_the_first_rule_whose_condition_holds() {
    for input in every_decision() {
        let basis = basis_of(&input);
        let holding: Vec<Reason> = RULES
            .iter()
            .filter(|(_, _, forbids)| forbids(&input, basis))
            .map(|(reason, _, _)| *reason)
            .collect();
        match decide(&input) {
            Decision::Refuse { reason } => assert_eq!(Some(&reason), holding.first(), "{input:?}"),
            Decision::Permit { .. } => assert!(holding.is_empty(), "{input:?}"),
        }
        // The order of the list is the order of the names, so the first is also the least.
        assert_eq!(holding.first(), holding.iter().min(), "{input:?}");
    }
}

#[test]
fn every_rule_decides_somewhere_and_every_reason_is_published() {
    let every_reason = every!(
        Reason: OtherPatient, OtherBirthDate, InvalidBsn, TwoPatients, NoBsn, OptedOut, SettingNotAllowed,
        EmergencyExplicitRefused, MeasureStopped, NoSuspicion, NoAgreement
    );
    let mut given: Vec<Reason> = every_decision()
        .filter_map(|input| match decide(&input) {
            Decision::Refuse { reason } => Some(reason),
            Decision::Permit { .. } => None,
        })
        .collect();
    given.sort_unstable();
    given.dedup();
    assert_eq!(given, every_reason);
    assert_eq!(RULES.map(|(reason, _, _)| reason), every_reason);
    assert_eq!(Reason::ALL, every_reason);
}

#[test]
fn every_conclusion_about_the_basis_is_drawn_somewhere() {
    for (at, (_, text, conclude)) in BASIS_RULES.iter().enumerate() {
        let first = |input: &DecisionInput| {
            conclude(input).is_some()
                && BASIS_RULES[..at]
                    .iter()
                    .all(|(_, _, earlier)| earlier(input).is_none())
        };
        assert!(
            every_decision().any(|input| first(&input)),
            "never reached: {text}"
        );
    }
    let (_, _, last) = BASIS_RULES[BASIS_RULES.len() - 1];
    assert!(
        every_decision().all(|input| last(&input).is_some()),
        "the last rule is for whatever is left"
    );
}

#[test]
fn the_provenance_says_what_the_basis_was_concluded_from() {
    for input in every_decision() {
        let (basis, provenance) = conclude_basis(&input);
        let true_of_it = match provenance {
            BasisProvenance::MarkerInMessage => matches!(
                (input.marker, basis),
                (Marker::Corona, Basis::Corona) | (Marker::OptedOut, Basis::NotEstablished)
            ),
            BasisProvenance::Conflicting => {
                (input.marker, basis) == (Marker::CoronaAndExplicit, Basis::Corona)
            }
            BasisProvenance::Stated => {
                input.marker == Marker::Absent && input.stated == Some(basis)
            }
            BasisProvenance::MeasureStopped => {
                !input.delivered_under_measure && basis == Basis::Explicit
            }
            BasisProvenance::NoMarkerWhileProven => {
                input.delivered_under_measure && input.marker_proven && basis == Basis::Explicit
            }
            BasisProvenance::MarkerUnproven => {
                input.delivered_under_measure
                    && !input.marker_proven
                    && basis == Basis::NotEstablished
            }
        };
        assert!(true_of_it, "{basis:?} from {provenance:?}: {input:?}");
    }
}

#[test]
fn ica_is_shown_only_on_an_explicit_basis_and_then_always() {
    for input in every_decision() {
        if let Decision::Permit { ica } = decide(&input) {
            assert_eq!(
                ica == Ica::Included,
                basis_of(&input) == Basis::Explicit,
                "{input:?}"
            );
            assert!(
                ica == Ica::Withheld || input.marker == Marker::Absent,
                "{input:?}"
            );
        }
    }
}

#[test]
fn corona_and_not_established_need_the_measure_the_suspicion_and_an_agreement() {
    for input in every_decision().filter(|input| basis_of(input) != Basis::Explicit) {
        if !input.measure_active || input.suspicion != Some(true) || input.agreement.is_none() {
            assert_eq!(shown(decide(&input)), 0, "{input:?}");
        }
    }
}

#[test]
fn another_patient_a_no_or_another_place_is_refused_whatever_else_is_true() {
    for input in every_decision() {
        let no = input.marker == Marker::OptedOut || input.setting == Setting::Other;
        if no || !is_the_patient(input.patient) {
            assert_eq!(shown(decide(&input)), 0, "{input:?}");
        }
    }
}

#[test]
fn identity_is_looked_at_before_anything_else() {
    let about_the_patient = [
        Reason::OtherPatient,
        Reason::OtherBirthDate,
        Reason::InvalidBsn,
        Reason::TwoPatients,
        Reason::NoBsn,
    ];
    for input in every_decision().filter(|input| !is_the_patient(input.patient)) {
        let Decision::Refuse { reason } = decide(&input) else {
            panic!("shown: {input:?}")
        };
        assert!(
            about_the_patient.contains(&reason),
            "{reason:?} hides whose data these are: {input:?}"
        );
    }
}

#[test]
fn a_stricter_input_never_shows_more() {
    for input in every_decision() {
        for narrowed in stricter(&input) {
            assert!(
                shown(decide(&narrowed)) <= shown(decide(&input)),
                "{narrowed:?} shows more than {input:?}"
            );
        }
    }
}

#[test]
fn less_certainty_about_the_basis_never_gives_ica() {
    for input in every_decision().filter(|input| decide(input) != WITH_ICA) {
        let less_certain = [
            DecisionInput {
                marker_proven: false,
                ..input
            },
            DecisionInput {
                delivered_under_measure: true,
                ..input
            },
            DecisionInput {
                marker: Marker::Corona,
                ..input
            },
            DecisionInput {
                marker: Marker::CoronaAndExplicit,
                ..input
            },
        ];
        for narrowed in less_certain {
            assert_ne!(
                decide(&narrowed),
                WITH_ICA,
                "{narrowed:?} gives ICA where {input:?} does not"
            );
        }
    }
}

#[test]
fn the_measure_stopping_opens_nothing_and_gives_no_ica_back() {
    for before in every_decision().filter(|input| input.measure_active) {
        let now = DecisionInput {
            measure_active: false,
            ..before
        };
        assert_eq!(
            conclude_basis(&now),
            conclude_basis(&before),
            "the basis is of the delivery: {before:?}"
        );
        if basis_of(&before) == Basis::Explicit {
            assert_eq!(decide(&now), decide(&before), "{before:?}");
        } else {
            assert_eq!(shown(decide(&now)), 0, "{before:?}");
        }
    }
}

#[test]
fn a_marker_in_the_message_wins_over_a_basis_stated_from_outside() {
    for input in every_decision().filter(|input| input.marker != Marker::Absent) {
        let unstated = decide(&DecisionInput {
            stated: None,
            ..input
        });
        assert_eq!(decide(&input), unstated, "{input:?}");
    }
}

#[test]
fn explicit_does_not_ask_for_suspicion_or_agreement() {
    for input in every_decision().filter(|input| basis_of(input) == Basis::Explicit) {
        let unanswered = DecisionInput {
            suspicion: None,
            agreement: None,
            ..input
        };
        assert_eq!(decide(&unanswered), decide(&input), "{input:?}");
    }
}

#[test]
fn what_the_emergency_contract_says_matters_to_explicit_there_and_to_nothing_else() {
    for input in every_decision() {
        let both = EmergencyExplicit::ALL.map(|emergency_explicit| {
            decide(&DecisionInput {
                emergency_explicit,
                ..input
            })
        });
        if input.setting != Setting::Emergency || basis_of(&input) != Basis::Explicit {
            assert_eq!(both[0], both[1], "{input:?}");
        }
    }
}

#[test]
fn a_marked_message_is_never_explicit() {
    for input in every_decision().filter(|input| input.marker != Marker::Absent) {
        assert_ne!(basis_of(&input), Basis::Explicit, "{input:?}");
    }
}
