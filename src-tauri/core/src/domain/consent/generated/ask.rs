//! The chapter on `may_ask`.

use super::file::{code, count, table};
use crate::domain::consent::every::{every_ask, roles};
use crate::domain::consent::may_ask::RULES;
use crate::domain::consent::{Agreement, AskRefusal, HouseRules, MayAskInput, may_ask};
use crate::domain::user::{Means, Role, Setting};

pub(super) fn chapter() -> String {
    let checked: Vec<Option<AskRefusal>> = every_ask().map(|input| may_ask(&input).err()).collect();
    let times = |reason: Option<AskRefusal>| {
        count(checked.iter().filter(|given| **given == reason).count())
    };
    let rules = RULES.iter().enumerate().map(|(at, (reason, text, _))| {
        [
            (at + 1).to_string(),
            code(reason),
            (*text).to_owned(),
            times(Some(*reason)),
        ]
    });
    let who = roles().map(|role| {
        let alone = input(role);
        let house = HouseRules {
            physician_assistant: true,
            nurse_specialist: true,
            ask_agreement_always: false,
        };
        [
            code(&role),
            answer(&alone),
            answer(&MayAskInput {
                responsible: Some(Role::Doctor),
                ..alone
            }),
            answer(&MayAskInput { house, ..alone }),
        ]
    });
    let questions = [false, true].into_iter().flat_map(|active| {
        [false, true].map(|always| {
            let unanswered = MayAskInput {
                measure_active: active,
                house: HouseRules {
                    ask_agreement_always: always,
                    ..HouseRules::default()
                },
                agreement: None,
                suspicion: None,
                ..input(Role::Doctor)
            };
            let agreed = MayAskInput {
                agreement: Some(Agreement::Patient),
                ..unanswered
            };
            [
                if active { "active" } else { "stopped" }.to_owned(),
                if always { "asks at every view" } else { "—" }.to_owned(),
                asked(may_ask(&unanswered) == Err(AskRefusal::AgreementUnanswered)),
                asked(may_ask(&agreed) == Err(AskRefusal::SuspicionUnanswered)),
            ]
        })
    });
    format!(
        "## May this be asked?\n\n\
         Nothing is sent while one of these holds. The last column counts the combinations, out of all {}, in \
         which the rule gives the reason; {} are permitted.\n\n{}\n\
         ### Who may view\n\n\
         With everything else in order: on the role alone, with a doctor named as responsible, and where the \
         house rules permit physician assistants and nurse specialists (off unless the organisation says so). \
         Only a doctor can be named as responsible, and both names are logged.\n\n{}\n\
         ### Which questions are asked\n\n\
         \"Who agrees?\" has three answers: the patient; a parent, guardian or representative; nobody, because the \
         patient cannot express a will and no representative can be reached. An objection is no answer to it but an \
         act of its own: nothing is asked of the exchange, and the objection is logged.\n\n{}",
        count(checked.len()),
        times(None),
        table(["", "reason", "forbidden when", "combinations"], rules),
        table(
            [
                "role",
                "alone",
                "a doctor is responsible",
                "house rule permits"
            ],
            who
        ),
        table(
            ["measure", "house rule", "who agrees?", "possible corona?"],
            questions
        ),
    )
}

/// A look-up by this role in which nothing but the role can be in the way.
fn input(role: Role) -> MayAskInput {
    MayAskInput {
        role: Some(role),
        means: Means::Personal,
        responsible: None,
        setting: Setting::AfterHours,
        treats_and_needs: true,
        objects: false,
        agreement: None,
        suspicion: None,
        measure_active: false,
        house: HouseRules::default(),
    }
}

fn answer(input: &MayAskInput) -> String {
    may_ask(input).map_or_else(|reason| code(&reason), |()| "may ask".to_owned())
}

fn asked(asked: bool) -> String {
    if asked { "asked" } else { "not asked" }.to_owned()
}
