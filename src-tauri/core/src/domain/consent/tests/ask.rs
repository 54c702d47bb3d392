//! `may_ask`, against the prose of DOMAIN §2.1, steps 1–4.

use super::every::{BOTH, every_ask, roles};
use crate::domain::consent::may_ask::RULES;
use crate::domain::consent::{AskRefusal, HouseRules, MayAskInput, may_ask};
use crate::domain::user::{Means, Role, Setting};

/// The prose, told once more in another shape than the rules: who, then where, then what was answered.
fn told(input: &MayAskInput) -> Result<(), AskRefusal> {
    // (1) A person is signed in with a personal means and a role that may view, at a
    // workstation whose setting is after-hours centre or emergency department.
    let Some(role) = input.role else {
        return Err(AskRefusal::NotSignedIn);
    };
    if let Means::Shared = input.means {
        return Err(AskRefusal::MeansNotPersonal);
    }
    if !(input.setting == Setting::AfterHours || input.setting == Setting::Emergency) {
        return Err(AskRefusal::SettingNotAllowed);
    }
    match role {
        // "doctors yes"
        Role::Doctor => {}
        // "physician assistant and nurse specialist by configuration (off)"
        Role::PhysicianAssistant if !input.house.physician_assistant => {
            return Err(AskRefusal::RoleNotAllowed);
        }
        Role::NurseSpecialist if !input.house.nurse_specialist => {
            return Err(AskRefusal::RoleNotAllowed);
        }
        Role::PhysicianAssistant | Role::NurseSpecialist => {}
        // "nurses and assistants only under a named doctor's mandate"
        Role::Nurse | Role::Assistant => match input.responsible {
            Some(Role::Doctor) => {}
            _ => return Err(AskRefusal::MandateMissing),
        },
        // "pharmacists and unknown roles never"; "a privacy officer's role opens the log and never a summary"
        Role::Pharmacist | Role::Unknown | Role::PrivacyOfficer => {
            return Err(AskRefusal::RoleNotAllowed);
        }
    }
    // (2) One act states that the doctor treats this patient and needs this.
    if !input.treats_and_needs {
        Err(AskRefusal::NeedNotConfirmed)
    // (3) The patient (or representative) objects: nothing is asked.
    } else if input.objects {
        Err(AskRefusal::PatientObjects)
    // (4) Only while the measure is active, or where the house asks at every view: who agrees;
    // and, while active, does the patient come with (possible) corona.
    } else if input.measure_active {
        match (input.agreement, input.suspicion) {
            (None, _) => Err(AskRefusal::AgreementUnanswered),
            (Some(_), None) => Err(AskRefusal::SuspicionUnanswered),
            (Some(_), Some(_)) => Ok(()),
        }
    } else if input.house.ask_agreement_always && input.agreement.is_none() {
        Err(AskRefusal::AgreementUnanswered)
    } else {
        Ok(())
    }
}

/// Whatever is stricter than this input in one respect.
fn stricter(input: &MayAskInput) -> Vec<MayAskInput> {
    let mut all = vec![
        MayAskInput {
            means: Means::Shared,
            ..*input
        },
        MayAskInput {
            setting: Setting::Other,
            ..*input
        },
        MayAskInput {
            treats_and_needs: false,
            ..*input
        },
        MayAskInput {
            objects: true,
            ..*input
        },
        MayAskInput {
            agreement: None,
            ..*input
        },
        MayAskInput {
            suspicion: None,
            ..*input
        },
        MayAskInput {
            responsible: None,
            ..*input
        },
        MayAskInput {
            measure_active: true,
            ..*input
        },
        MayAskInput {
            house: HouseRules {
                physician_assistant: false,
                ..input.house
            },
            ..*input
        },
        MayAskInput {
            house: HouseRules {
                nurse_specialist: false,
                ..input.house
            },
            ..*input
        },
        MayAskInput {
            house: HouseRules {
                ask_agreement_always: true,
                ..input.house
            },
            ..*input
        },
    ];
    let nobodies = [
        None,
        Some(Role::Pharmacist),
        Some(Role::PrivacyOfficer),
        Some(Role::Unknown),
    ];
    all.extend(nobodies.map(|role| MayAskInput { role, ..*input }));
    all
}

#[test]
fn the_answer_is_that_of_the_prose_on_every_combination() {
    for input in every_ask() {
        assert_eq!(may_ask(&input), told(&input), "{input:?}");
    }
}

#[test]
fn the_reason_is_the_first_rule_whose_condition_holds() {
    for input in every_ask() {
        let holding: Vec<AskRefusal> = RULES
            .iter()
            .filter(|(_, _, forbids)| forbids(&input))
            .map(|(reason, _, _)| *reason)
            .collect();
        assert_eq!(may_ask(&input).err(), holding.first().copied(), "{input:?}");
        // The order of the list is the order of the names, so the first is also the least.
        assert_eq!(holding.first(), holding.iter().min(), "{input:?}");
    }
}

#[test]
fn every_rule_decides_somewhere_and_no_reason_stands_twice() {
    let mut given: Vec<AskRefusal> = every_ask()
        .filter_map(|input| may_ask(&input).err())
        .collect();
    given.sort_unstable();
    given.dedup();
    assert_eq!(given, RULES.map(|(reason, _, _)| reason));
}

#[test]
fn a_stricter_input_never_opens_what_was_refused() {
    for input in every_ask().filter(|input| may_ask(input).is_err()) {
        for narrowed in stricter(&input) {
            assert!(
                may_ask(&narrowed).is_err(),
                "{narrowed:?} opens what {input:?} does not"
            );
        }
    }
}

#[test]
fn who_never_views_never_asks_whatever_else_is_true() {
    for input in every_ask() {
        let nobody = matches!(
            input.role,
            None | Some(Role::Pharmacist | Role::PrivacyOfficer | Role::Unknown)
        );
        let elsewhere = input.setting == Setting::Other || input.means == Means::Shared;
        if nobody || elsewhere || input.objects || !input.treats_and_needs {
            assert!(may_ask(&input).is_err(), "{input:?}");
        }
    }
}

#[test]
fn only_a_doctor_lends_a_mandate() {
    for input in
        every_ask().filter(|input| matches!(input.role, Some(Role::Nurse | Role::Assistant)))
    {
        if input.responsible != Some(Role::Doctor) {
            assert!(may_ask(&input).is_err(), "{input:?}");
        }
    }
}

#[test]
fn a_mandate_does_not_stand_in_for_a_house_rule_that_is_off() {
    for input in every_ask().filter(|input| input.house == HouseRules::default()) {
        if matches!(
            input.role,
            Some(Role::PhysicianAssistant | Role::NurseSpecialist)
        ) {
            assert!(may_ask(&input).is_err(), "{input:?}");
        }
    }
}

#[test]
fn somebody_elses_role_opens_nothing_for_who_needs_no_mandate() {
    for input in
        every_ask().filter(|input| !matches!(input.role, Some(Role::Nurse | Role::Assistant)))
    {
        for responsible in roles() {
            let with = MayAskInput {
                responsible: Some(responsible),
                ..input
            };
            assert_eq!(
                may_ask(&with),
                may_ask(&MayAskInput {
                    responsible: None,
                    ..input
                }),
                "{with:?}"
            );
        }
    }
}

#[test]
fn while_the_measure_is_stopped_the_suspicion_question_does_not_exist() {
    for input in every_ask().filter(|input| !input.measure_active) {
        for suspicion in BOTH {
            let answered = MayAskInput {
                suspicion: Some(suspicion),
                ..input
            };
            assert_eq!(
                may_ask(&answered),
                may_ask(&MayAskInput {
                    suspicion: None,
                    ..input
                }),
                "{answered:?}"
            );
        }
    }
}
