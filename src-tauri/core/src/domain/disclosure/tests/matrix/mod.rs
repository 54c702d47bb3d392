//! `docs/ica-states-measured.md`: every state of the allergies, in every encoding of it, in every
//! format, read for real. Each row of the page's first table must stand on the diagonal alone.
//!
//! An encoding is written once, and read in many dresses (wrapped, in a batch, with a byte order
//! mark, with other content around it, with entries in another order): what a state is may depend
//! on none of them.

mod fhir;
mod hl7v3;

use std::collections::BTreeMap;

use super::super::{Answer, Arrival, Circumstances, Outcome, prepare};
use super::{asked, circumstances};
use crate::domain::consent::generated_file::{code, count, write_or_compare};
use crate::domain::state::State;
use crate::readers::Profile;

/// One encoding of one state, dressed in one way.
struct Case {
    expected: State,
    format: &'static str,
    encoding: &'static str,
    arrivals: Vec<Arrival>,
    circumstances: Circumstances,
}

/// What a format can say: an encoding of a state, and how its text is dressed.
struct Encoding {
    state: State,
    name: &'static str,
    /// Whether the measure is active.
    measure: bool,
    /// Whether a marked test patient was read here.
    proven: bool,
    /// Every dress of it.
    texts: Vec<String>,
}

fn case(format: &'static str, encoding: &Encoding, text: &str) -> Case {
    Case {
        expected: encoding.state,
        format,
        encoding: encoding.name,
        arrivals: vec![Arrival::Received(text.as_bytes().to_vec())],
        circumstances: Circumstances {
            marker_proven: encoding.proven,
            ..circumstances(encoding.measure)
        },
    }
}

/// What does not depend on any format: nothing arrived, or nothing that can be read.
fn without_a_text() -> Vec<Case> {
    let of = |expected, encoding, arrivals| Case {
        expected,
        format: "any",
        encoding,
        arrivals,
        circumstances: circumstances(false),
    };
    let failed = |code: &str| Arrival::Failed {
        code: code.to_owned(),
    };
    let bytes = |text: &str| Arrival::Received(text.as_bytes().to_vec());
    vec![
        of(
            State::Unreachable,
            "error",
            vec![failed("exchange_unreachable")],
        ),
        of(
            State::Unreachable,
            "time-out",
            vec![failed("exchange_timed_out")],
        ),
        of(
            State::Unreachable,
            "stopped by the user",
            vec![Arrival::Cancelled],
        ),
        of(
            State::Unreachable,
            "unreadable answer beside a time-out",
            vec![failed("exchange_timed_out"), bytes("<QUPC_IN990002NL")],
        ),
        of(State::Awaited, "still on its way", vec![Arrival::Awaited]),
        of(
            State::Awaited,
            "one source on its way, another silent",
            vec![Arrival::Awaited, failed("exchange_timed_out")],
        ),
    ]
}

fn cases() -> Vec<Case> {
    let mut cases = without_a_text();
    let formats = hl7v3::formats().into_iter().chain(fhir::formats());
    for (format, encodings) in formats {
        for encoding in &encodings {
            for text in &encoding.texts {
                cases.push(case(format, encoding, text));
            }
        }
    }
    cases
}

/// The state as the screen would have it; `None` where nothing may be said at all.
fn measured(case: &Case) -> Option<State> {
    let arrival = |arrival: &Arrival| match arrival {
        Arrival::Received(bytes) => Arrival::Received(bytes.clone()),
        Arrival::Failed { code } => Arrival::Failed { code: code.clone() },
        Arrival::Awaited => Arrival::Awaited,
        Arrival::Cancelled => Arrival::Cancelled,
    };
    let answers = case.arrivals.iter().enumerate().map(|(at, came)| Answer {
        key: format!("s{}", at + 1),
        name: String::new(),
        retrieved_at: None,
        arrival: arrival(came),
    });
    let prepared = prepare(
        &asked(),
        answers.collect(),
        &case.circumstances,
        &Profile::training(),
        [7; 32],
    );
    (prepared.outcome() == Outcome::Permit)
        .then(|| super::summary(prepared).allergies.state)
        .flatten()
}

#[test]
fn every_encoding_of_every_state_is_read_as_that_state() {
    let cases = cases();
    let mut cells: BTreeMap<(State, Option<State>), u64> = BTreeMap::new();
    let mut encodings: BTreeMap<(State, &str, &str), u64> = BTreeMap::new();
    let mut wrong = Vec::new();
    for case in &cases {
        let measured = measured(case);
        *cells.entry((case.expected, measured)).or_default() += 1;
        *encodings
            .entry((case.expected, case.format, case.encoding))
            .or_default() += 1;
        if measured != Some(case.expected) {
            wrong.push(format!(
                "{}, {}: {:?} is read as {measured:?}",
                case.format, case.encoding, case.expected
            ));
        }
    }
    wrong.sort();
    wrong.dedup();
    assert!(wrong.is_empty(), "off the diagonal:\n{}", wrong.join("\n"));
    for state in State::ALL {
        assert!(
            cells.contains_key(&(state, Some(state))),
            "{state:?} is never measured"
        );
    }
    write_or_compare(
        "ica-states-measured.md",
        &page(cases.len(), &cells, &encodings),
    );
}

const INTRODUCTION: &str = "\
# The state of the allergies, measured

Every state of the allergies, in every encoding of it that the formats have, read for real and held
against what it should be. An encoding is read in many dresses: bare, in SOAP and other wrappers, as
the child of a batch, with a byte order mark, with comments, with other content around it, its
entries in another order, its references in another notation. Everything off the diagonal would be
a fault; in the column `none_known` it would be the worst one that this product can have.

This page is made by `INZAGE_GENERATE=1 cargo nextest run -p inzage-core every_encoding`. A test fails
when a single cell is off the diagonal, or when this page is not what it measured.
";

fn page(
    total: usize,
    cells: &BTreeMap<(State, Option<State>), u64>,
    encodings: &BTreeMap<(State, &str, &str), u64>,
) -> String {
    let mut out = format!(
        "{INTRODUCTION}\n## What was said, and what was read\n\n{} messages.\n\n| said, read as |",
        count(total)
    );
    for state in State::ALL {
        out.push_str(&format!(" {} |", code(&state)));
    }
    out.push_str(&format!("\n|{}\n", " --- |".repeat(State::ALL.len() + 1)));
    for said in State::ALL {
        out.push_str(&format!("| **{}** |", code(&said)));
        for read in State::ALL {
            let cell = cells.get(&(said, Some(read))).copied().unwrap_or_default();
            out.push_str(&match cell {
                0 => " · |".to_owned(),
                n => format!(" {n} |"),
            });
        }
        out.push('\n');
    }
    out.push_str("\n## The encodings\n\n| state | format | encoding | dresses |\n| --- | --- | --- | --- |\n");
    for ((state, format, encoding), dresses) in encodings {
        out.push_str(&format!(
            "| {} | {format} | {encoding} | {dresses} |\n",
            code(state)
        ));
    }
    out
}
