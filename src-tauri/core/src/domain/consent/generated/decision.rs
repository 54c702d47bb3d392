//! The chapters on the basis and on `decide`.

use super::file::{code, count, table};
use crate::domain::consent::decide::{BASIS_RULES, PatientMatch, RULES};
use crate::domain::consent::every::{agreements, bases, every_decision};
use crate::domain::consent::{
    Agreement, Basis, Decision, DecisionInput, EmergencyExplicit, Ica, Marker, Reason, decide,
};
use crate::domain::user::Setting;

pub(super) fn chapter() -> String {
    [basis(), rules(), settings(), corona()].join("\n")
}

/// A permitted look-up of the patient asked for, on a basis that is given.
fn input(basis: Basis) -> DecisionInput {
    DecisionInput {
        setting: Setting::AfterHours,
        patient: PatientMatch::Same,
        marker: Marker::Absent,
        stated: Some(basis),
        delivered_under_measure: true,
        measure_active: true,
        marker_proven: false,
        suspicion: Some(true),
        agreement: Some(Agreement::Patient),
        emergency_explicit: EmergencyExplicit::Permit,
    }
}

fn basis() -> String {
    let concluded = BASIS_RULES
        .iter()
        .enumerate()
        .map(|(at, (provenance, text, conclude))| {
            // Some input for which this conclusion is drawn: what it yields stands in the table.
            let mut found: Vec<Basis> = every_decision()
                .filter(|i| {
                    BASIS_RULES[..at]
                        .iter()
                        .all(|(_, _, earlier)| earlier(i).is_none())
                })
                .filter_map(|i| conclude(&i))
                .collect();
            found.sort_unstable();
            found.dedup();
            let yields = if found.len() == 1 {
                code(&found[0])
            } else {
                "as stated".to_owned()
            };
            [
                (at + 1).to_string(),
                (*text).to_owned(),
                yields,
                code(provenance),
            ]
        });
    format!(
        "## On what basis was it shared?\n\n\
         Concluded for each source from its own message; the first line that applies holds. \"Delivered while the \
         measure was active\" looks at the time from the question to the answer: a basis never changes afterwards. \
         A basis is never inferred from missing allergies.\n\n{}",
        table(["", "because", "basis", "provenance"], concluded),
    )
}

fn rules() -> String {
    let checked: Vec<Decision> = every_decision().map(|input| decide(&input)).collect();
    let times =
        |decision: Decision| count(checked.iter().filter(|given| **given == decision).count());
    let rules = RULES.iter().enumerate().map(|(at, (reason, text, _))| {
        let refusal = Decision::Refuse { reason: *reason };
        [
            (at + 1).to_string(),
            code(reason),
            (*text).to_owned(),
            times(refusal),
        ]
    });
    format!(
        "## May it be shown?\n\n\
         Out of all {} combinations, {} are shown with allergies, intolerances and contra-indications (ICA) and {} \
         without. ICA are shown on the basis `explicit` and on no other. A source that delivered nothing about \
         anybody is not refused for a reason of consent: nothing received is no refusal.\n\n\
         `{}` is the patient's own choice. It is logged, and the screen shows what it shows when nothing was received.\n\n{}",
        count(checked.len()),
        times(Decision::Permit { ica: Ica::Included }),
        times(Decision::Permit { ica: Ica::Withheld }),
        code(&Reason::OptedOut).trim_matches('`'),
        table(["", "reason", "refused when", "combinations"], rules),
    )
}

fn settings() -> String {
    let places = [
        (
            "after-hours centre",
            Setting::AfterHours,
            EmergencyExplicit::Permit,
        ),
        (
            "emergency department, explicit permitted (*configuration*)",
            Setting::Emergency,
            EmergencyExplicit::Permit,
        ),
        (
            "emergency department, explicit refused (*configuration*)",
            Setting::Emergency,
            EmergencyExplicit::Refuse,
        ),
        ("any other place", Setting::Other, EmergencyExplicit::Permit),
    ];
    let rows = places
        .into_iter()
        .flat_map(|(name, setting, emergency_explicit)| {
            [true, false].map(|measure_active| {
                let [explicit, corona, not_established] = bases().map(|basis| {
                    outcome(&DecisionInput {
                        setting,
                        emergency_explicit,
                        measure_active,
                        ..input(basis)
                    })
                });
                [
                    name.to_owned(),
                    state(measure_active),
                    explicit,
                    corona,
                    not_established,
                ]
            })
        });
    format!(
        "### By setting and basis\n\n\
         For the patient asked for, with possible corona confirmed and with agreement. Whether an emergency \
         department may look up on explicit consent follows from its connection contract; without an answer to that \
         in the configuration the program does not start there.\n\n{}",
        table(
            [
                "setting",
                "measure now",
                "explicit",
                "corona",
                "not established"
            ],
            rows
        ),
    )
}

fn corona() -> String {
    let rows = [true, false].into_iter().flat_map(|measure_active| {
        [Some(true), Some(false), None].map(|suspicion| {
            let [patient, representative, nobody] = agreements().map(Some);
            let [patient, representative, nobody, unanswered] =
                [patient, representative, nobody, None].map(|agreement| {
                    let both = [Basis::Corona, Basis::NotEstablished].map(|basis| {
                        outcome(&DecisionInput {
                            measure_active,
                            suspicion,
                            agreement,
                            ..input(basis)
                        })
                    });
                    let [corona, not_established] = both;
                    assert_eq!(corona, not_established, "the page has one cell for both");
                    corona
                });
            let suspected = suspicion.map_or("not answered", |yes| if yes { "yes" } else { "no" });
            [
                state(measure_active),
                suspected.to_owned(),
                patient,
                representative,
                nobody,
                unanswered,
            ]
        })
    });
    let [patient, representative, nobody] =
        agreements().map(|agreement| format!("{} agrees", code(&agreement)));
    format!(
        "### Corona and not established\n\n\
         The same for both. When the measure stops while such a summary is open, the decision is taken again, and \
         the summary closes.\n\n{}",
        table(
            [
                "measure now",
                "possible corona",
                &patient,
                &representative,
                nobody.trim_end_matches(" agrees"),
                "not answered"
            ],
            rows,
        ),
    )
}

fn state(measure_active: bool) -> String {
    if measure_active { "active" } else { "stopped" }.to_owned()
}

fn outcome(input: &DecisionInput) -> String {
    match decide(input) {
        Decision::Permit { ica: Ica::Included } => "**shown**".to_owned(),
        Decision::Permit { ica: Ica::Withheld } => "**shown without ICA**".to_owned(),
        Decision::Refuse { reason } => code(&reason),
    }
}
