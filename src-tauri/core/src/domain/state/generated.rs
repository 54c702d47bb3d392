//! `docs/ica-states.md`, made from the two functions.
//!
//! Written and held against the repository as `docs/consent-decision.md` is.

use super::tests::statements;
use super::{
    Contribution, Delivery, Evidence, State, StatementKind, WithheldCause, of_source, of_summary,
};
use crate::domain::consent::generated_file::{code, count, table, write_or_compare};

const INTRODUCTION: &str = "\
# What is known of allergies, contra-indications and treatment limits

Three parts of a summary each have a state of their own: allergies and intolerances,
contra-indications, treatment limits. A record with only a contra-indication says nothing about
allergies. There is no bare empty list: an absence always says which absence it is, and only
`none_known` may be read as \"none\".

This page is made from the two functions that the program runs, by
`INZAGE_GENERATE=1 cargo nextest run -p inzage-core generated`. A test fails when they differ.
";

#[test]
fn the_generated_page_of_states_is_up_to_date() {
    let text = [
        INTRODUCTION.to_owned(),
        order(),
        source(),
        pairs(),
        summary(),
    ]
    .join("\n");
    write_or_compare("ica-states.md", &text);
}

fn order() -> String {
    let rows = State::ALL.into_iter().enumerate().map(|(at, state)| {
        let Words {
            evidence,
            dutch,
            english,
            weight,
        } = words(state);
        [
            (at + 1).to_string(),
            code(&state),
            evidence.into(),
            dutch.into(),
            english.into(),
            weight.into(),
        ]
    });
    format!(
        "## The states, in their order\n\n\
         Where several fit, the first holds. The labels are those of allergies; the words of each screen stand in \
         `ui/src/words`. Only `withheld_by_rule` has the blue disc and the buttons, so that it keeps its meaning.\n\n{}",
        table(
            ["", "state", "evidence", "Dutch", "English", "weight"],
            rows
        ),
    )
}

struct Words {
    evidence: &'static str,
    dutch: &'static str,
    english: &'static str,
    weight: &'static str,
}

const fn words(state: State) -> Words {
    let (evidence, dutch, english, weight) = match state {
        State::WithheldByRule => (
            "the permit was given under corona or not established; or a withholding that the message says is by national rule",
            "corona: Allergieën, intoleranties en contra-indicaties niet meegestuurd (corona-opt-in); not established: Grondslag niet vastgesteld — Inzage toont deze gegevens dan niet, meegestuurd of niet; national rule: Volgens het bericht niet meegestuurd wegens een landelijke regel",
            "corona: Allergies, intolerances and contra-indications not sent (corona opt-in); not established: Basis not established — Inzage then does not show these data, sent or not; national rule: According to the message not sent because of a national rule",
            "mandatory action: blue disc, buttons",
        ),
        State::Awaited => (
            "the answer is still on its way",
            "Nog onderweg …",
            "On its way …",
            "ask",
        ),
        State::Unreachable => (
            "error or time-out",
            "Niet opgehaald (bron …, tijd …)",
            "Not retrieved (source …, time …)",
            "ask, retrieve again",
        ),
        State::Incomplete => (
            "a part is missing: a failed sibling, \"more outside your region\", fewer than announced, more remaining",
            "… — lijst onvolledig: …",
            "… — list incomplete: …",
            "ask, retrieve again",
        ),
        State::Contradictory => (
            "a definitive \"none known\" beside an entry",
            "Tegenstrijdig: … en … — vraag",
            "Contradictory: … and … — ask",
            "ask",
        ),
        State::Unreadable => (
            "something is there that cannot be read",
            "Eén gegeven is onleesbaar binnengekomen",
            "One item arrived unreadable",
            "ask",
        ),
        State::Known => (
            "at least one entry that is neither negated, refuted nor entered in error",
            "Bekende allergieën en intoleranties (n)",
            "Known allergies and intolerances (n)",
            "emphasis",
        ),
        State::NotAsserted => (
            "nothing received, or nothing that states it: empty, absent, not asked, unavailable, a patient's own restriction, \"none\" for a scope only, one substance denied, refuted entries only, an unscoped statement without author or date",
            "Allergieën: niets ontvangen. Dat betekent niet \"geen\". Vraag de patiënt.",
            "Allergies: nothing received. That does not mean \"none\". Ask the patient.",
            "one calm line",
        ),
        State::NoneKnown => (
            "a definitive, unscoped statement with author and date",
            "Geen bekende allergieën — vastgesteld door …, op …",
            "No known allergies — established by …, on …",
            "normal",
        ),
    };
    Words {
        evidence,
        dutch,
        english,
        weight,
    }
}

fn source() -> String {
    let arrivals = Delivery::ALL.map(|delivery| {
        let arrived = match delivery {
            Delivery::Awaited => "still on its way",
            Delivery::Failed => "error or time-out",
            Delivery::Whole => "delivered in full",
            Delivery::Partial => "delivered, with something missing",
        };
        let none = [Evidence {
            kind: StatementKind::NoneKnown,
            attributed: true,
        }];
        let withheld = WithheldCause::ALL.map(|cause| of_source(delivery, Some(cause), &none));
        assert_eq!(
            withheld,
            [State::WithheldByRule; 3],
            "the page has one column for every cause"
        );
        let of = |evidence: &[Evidence]| code(&of_source(delivery, None, evidence));
        [arrived.to_owned(), of(&[]), of(&none), code(&withheld[0])]
    });
    format!(
        "## One source\n\n\
         How the source's answer arrived comes first; what it says is looked at only where it was delivered in full. \
         Statements that arrived stay visible with their source in every state.\n\n{}",
        table(
            [
                "arrived",
                "without statements",
                "with \"none known\"",
                "withheld"
            ],
            arrivals
        ),
    )
}

/// A statement in words; author and date are told only where they make a difference.
fn stated(evidence: Evidence) -> Option<String> {
    let name = code(&evidence.kind);
    match (evidence.kind, evidence.attributed) {
        (StatementKind::NoneKnown, true) => Some(format!("{name}, author and date")),
        (StatementKind::NoneKnown, false) => Some(format!("{name}, without")),
        (_, attributed) => attributed.then_some(name),
    }
}

fn pairs() -> String {
    let told: Vec<(Evidence, String)> = statements()
        .into_iter()
        .filter_map(|e| Some((e, stated(e)?)))
        .collect();
    let of = |evidence: &[Evidence]| code(&of_source(Delivery::Whole, None, evidence));
    let mut out = format!(
        "Each kind of statement alone, and each two together, delivered in full ({} pairs):\n\n| | alone",
        count(told.len() * (told.len() + 1) / 2),
    );
    for (_, name) in &told {
        out.push_str(&format!(" | {name}"));
    }
    out.push_str(&format!(" |\n|{}\n", " --- |".repeat(told.len() + 2)));
    for (row, (one, name)) in told.iter().enumerate() {
        out.push_str(&format!("| **{name}** | {}", of(&[*one])));
        for (column, (other, _)) in told.iter().enumerate() {
            out.push_str(&if column > row {
                " |".to_owned()
            } else {
                format!(" | {}", of(&[*one, *other]))
            });
        }
        out.push_str(" |\n");
    }
    out
}

fn summary() -> String {
    let kinds: Vec<(String, Contribution)> =
        core::iter::once(("refused".to_owned(), Contribution::REFUSED))
            .chain(State::ALL.map(|state| (code(&state), speaking(state))))
            .collect();
    let mut out = String::from(
        "## Several sources\n\n\
         The summary takes the first state in the order over its permitted sources, with three exceptions: \
         `unreachable` becomes `incomplete` where another source delivered something of the part; a refused source \
         beside one that answered makes the list `incomplete`; and \"none known\" at one source beside an entry at \
         another is `contradictory`. Every entry of every permitted source stays visible with its source.\n\n| |",
    );
    for (name, _) in &kinds {
        out.push_str(&format!(" {name} |"));
    }
    out.push_str(&format!("\n|{}\n", " --- |".repeat(kinds.len() + 1)));
    for (row, (name, one)) in kinds.iter().enumerate() {
        out.push_str(&format!("| **{name}** |"));
        for (column, (_, other)) in kinds.iter().enumerate() {
            let both_refused = one.state.is_none() && other.state.is_none();
            out.push_str(&match (column > row, both_refused) {
                (true, _) => " |".to_owned(),
                // Where every source was refused no part has a state: nothing is said at all.
                (false, true) => " no state |".to_owned(),
                (false, false) => format!(" {} |", code(&of_summary(&[*one, *other]))),
            });
        }
        out.push('\n');
    }
    out
}

/// A source in this state, with the statements that commonly bring it about.
const fn speaking(state: State) -> Contribution {
    Contribution {
        state: Some(state),
        has_statement: matches!(
            state,
            State::Contradictory | State::Unreadable | State::Known | State::NoneKnown
        ),
        has_entry: matches!(state, State::Contradictory | State::Known),
        has_none_known: matches!(state, State::Contradictory | State::NoneKnown),
    }
}
