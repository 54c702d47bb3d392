//! The one public professional summary, read natively, and its public conversion to FHIR STU3, read
//! here: the same entries, but for what the conversion is known to drop or to change.

use std::collections::BTreeMap;
use std::path::Path;

use super::read_all;
use crate::domain::coded::Coded;
use crate::domain::date::{PartialDate, Period};
use crate::domain::summary::clinical::Quantity;
use crate::domain::summary::{MeasuredValue, Statement};
use crate::readers::{Scope, SourceRecord};

/// A difference that is known: a fact that only the native reading has (`-`) or only the conversion
/// (`+`), by how it begins and ends, and how often.
struct Known {
    sign: char,
    begins: &'static str,
    ends: &'static str,
    times: usize,
    /// Why the conversion differs.
    why: &'static str,
}

const fn known(
    sign: char,
    begins: &'static str,
    ends: &'static str,
    times: usize,
    why: &'static str,
) -> Known {
    Known {
        sign,
        begins,
        ends,
        times,
        why,
    }
}

const NO_PERIOD: &str = "the conversion has no period for an episode";
const NO_S_AND_O: &str = "the conversion has the E and P sections of a report only";
const COMPLETED: &str = "an active prescription whose end has passed is completed there";
const RANGE: &str = "the upper bound of a range is converted from the lower one";

/// All that differs.
const KNOWN: [Known; 14] = [
    known(
        '-',
        "attention line | ",
        "",
        1,
        "dropped, like every pertinentInformation",
    ),
    known(
        '-',
        "dispense | ",
        "",
        1,
        "the quantity to dispense is dropped",
    ),
    known('-', "episode period | ", "..-", 6, NO_PERIOD),
    known('+', "episode period | ", " | -..-", 6, NO_PERIOD),
    known('-', "line | S | ", "", 11, NO_S_AND_O),
    known('-', "line | O | ", "", 9, NO_S_AND_O),
    known('-', "episode lines | Keelpijn", " | 12", 1, NO_S_AND_O),
    known('+', "episode lines | Keelpijn", " | 6", 1, NO_S_AND_O),
    known('-', "episode lines | Rughernia", " | 19", 1, NO_S_AND_O),
    known('+', "episode lines | Rughernia", " | 11", 1, NO_S_AND_O),
    known('-', "medication status | ", "active", 2, COMPLETED),
    known('+', "medication status | ", "completed", 2, COMPLETED),
    known('-', "range | 193 ", "60 umol/L..120 umol/L", 1, RANGE),
    known('+', "range | 193 ", "60 umol/L..60 umol/L", 1, RANGE),
];

fn texts() -> Option<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/corpus/aorta/professional-summary");
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).ok();
    let both = read("QUPC_IN990002NL_01.xml").zip(read("QUPC_IN990002NL_01.as-fhir-stu3.xml"));
    if both.is_none() {
        eprintln!(
            "SKIPPED: 1 test of the public summary; there is no {}",
            folder.display()
        );
    }
    both
}

fn day(date: Option<&PartialDate>) -> String {
    date.map_or_else(|| "-".to_owned(), |date| format!("{:?}", date.sort_key()))
}

fn span(period: &Period) -> String {
    let low = period.low.as_ref().or(period.at.as_ref());
    format!("{}..{}", day(low), day(period.high.as_ref()))
}

fn code(coded: Option<&Coded>) -> String {
    let part = |part: &Option<String>| part.clone().unwrap_or_default();
    coded.map_or_else(String::new, |coded| {
        format!("{} {}", part(&coded.code), part(&coded.display))
    })
}

fn number(quantity: &Quantity) -> String {
    format!(
        "{} {}",
        quantity.value.as_deref().unwrap_or_default(),
        quantity.unit.as_deref().unwrap_or_default()
    )
}

fn value(value: &MeasuredValue) -> String {
    match value {
        MeasuredValue::Quantity(quantity) => number(quantity),
        MeasuredValue::Text { text } => text.clone(),
        MeasuredValue::Coded(coded) => code(Some(coded)),
        MeasuredValue::None { .. } => "none".to_owned(),
        other => format!("{other:?}"),
    }
}

/// The words beside the code stand in `text` natively and in `note` in FHIR.
fn statement(kind: &str, statement: &Statement) -> String {
    let note = statement
        .details
        .iter()
        .find(|detail| detail.name == "note");
    let text = statement
        .text
        .as_deref()
        .or_else(|| note.and_then(|note| note.text.as_deref()));
    format!(
        "{kind} | {} | {}",
        code(statement.value.as_ref().or(statement.code.as_ref())),
        text.unwrap_or_default()
    )
}

/// One line per fact, so that a difference names the fact.
fn facts(record: &SourceRecord) -> BTreeMap<String, i64> {
    let mut facts = BTreeMap::new();
    let mut add = |fact: String| *facts.entry(fact).or_default() += 1;
    for episode in &record.episodes {
        let title = episode.title.as_deref().unwrap_or_default();
        add(format!(
            "episode | {title} | {}",
            code(episode.problem.as_ref())
        ));
        add(format!("episode status | {title} | {:?}", episode.status));
        add(format!(
            "episode period | {title} | {}",
            span(&episode.period)
        ));
        add(format!("episode flagged | {title} | {}", episode.flagged));
        add(format!("episode lines | {title} | {}", episode.lines.len()));
    }
    for contact in &record.contacts {
        let when = span(&contact.period);
        add(format!(
            "contact | {when} | {}",
            code(contact.kind.as_ref())
        ));
        for partial in &contact.partials {
            for line in &partial.lines {
                let kind = line.kind.code.as_deref().unwrap_or_default();
                let text = line.text.as_deref().unwrap_or_default();
                let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
                add(format!("line | {kind} | {when} | {text}"));
            }
            for diagnosis in &partial.diagnoses {
                add(format!(
                    "diagnosis | {when} | {}",
                    code(Some(&diagnosis.value))
                ));
            }
        }
    }
    for medication in &record.medication {
        let product = code(Some(&medication.product));
        add(format!(
            "medication | {product} | {}",
            day(medication
                .author
                .as_ref()
                .and_then(|author| author.time.as_ref()))
        ));
        add(format!(
            "medication status | {product} | {}",
            medication.status.as_deref().unwrap_or_default()
        ));
        for used in &medication.uses {
            add(format!(
                "use | {product} | {} | {}",
                used.text.as_deref().unwrap_or_default(),
                span(&used.period)
            ));
        }
        for dispense in &medication.dispenses {
            add(format!(
                "dispense | {product} | {:?}",
                dispense.quantity.as_ref().map(number)
            ));
        }
    }
    for measurement in record.measurements.iter().chain(&record.laboratory) {
        let what = code(Some(&measurement.what));
        add(format!(
            "measurement | {what} | {} | {}",
            value(&measurement.value),
            span(&measurement.at)
        ));
        for interpretation in &measurement.interpretations {
            add(format!(
                "interpretation | {what} | {}",
                interpretation.code.as_deref().unwrap_or_default()
            ));
        }
        for range in &measurement.reference_ranges {
            let ends =
                [&range.low, &range.high].map(|end| end.as_ref().map_or_else(String::new, number));
            add(format!("range | {what} | {}", ends.join("..")));
        }
    }
    for one in &record.allergies {
        add(statement("allergy", one));
    }
    for one in &record.contraindications {
        add(statement("contra-indication", one));
    }
    for line in &record.attention_lines {
        add(format!(
            "attention line | {}",
            line.text.as_deref().unwrap_or_default()
        ));
    }
    facts
}

#[test]
fn the_public_summary_and_its_conversion_hold_the_same_entries() {
    let Some((native, converted)) = texts() else {
        return;
    };
    let native = read_all(&native, Scope::Full);
    let converted = read_all(&converted, Scope::Full);
    assert_eq!(converted.coverage.lost, 0);
    let mut difference = facts(native.record());
    for (fact, count) in facts(converted.record()) {
        *difference.entry(fact).or_default() -= count;
    }
    let mut found: Vec<String> = Vec::new();
    for (fact, count) in difference {
        let sign = if count > 0 { '-' } else { '+' };
        for _ in 0..count.abs() {
            found.push(format!("{sign} {fact}"));
        }
    }
    for known in KNOWN {
        let before = found.len();
        found.retain(|fact| {
            let (sign, fact) = fact.split_at(2);
            !(sign.starts_with(known.sign)
                && fact.starts_with(known.begins)
                && fact.ends_with(known.ends))
        });
        let times = before - found.len();
        assert_eq!(times, known.times, "{}: {}", known.begins, known.why);
    }
    assert!(found.is_empty(), "{found:#?}");
}
