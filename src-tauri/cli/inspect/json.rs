//! The inspection as JSON: every key always present.

use inzage_core::domain::consent::{Basis, Decision};
use inzage_core::domain::date::PartialDate;
use inzage_core::domain::disclosure::{Outcome, sections};
use inzage_core::domain::person::Patient;
use inzage_core::domain::summary::source::{Delivery, SourceSummary};
use inzage_core::domain::summary::{Part, Statement, Summary};
use inzage_core::readers::coverage::Coverage;
use serde_json::{Map, Value, json};

use crate::app::Disclosed;

/// The inspection of a disclosed file.
pub(super) fn render(
    disclosed: &Disclosed,
    outcome: Outcome,
    coverage: Coverage,
    stated: Basis,
) -> Value {
    let summary = disclosed.summary();
    let permitted = outcome == Outcome::Permit;
    // Where nothing was shared, the basis is the one that was stated.
    let basis = basis_of(summary, permitted).or_else(|| permitted.then_some(stated));
    json!({
        "patient": summary.patient.as_ref().filter(|_| permitted && has_content(summary)).map(patient),
        "basis": basis,
        "decision": decision_of(outcome),
        "sources": summary.sources.iter().map(source).collect::<Vec<_>>(),
        "complete": summary.complete,
        "ica": {
            "allergies": part(&summary.allergies, permitted),
            "contraindications": part(&summary.contraindications, permitted),
        },
        "treatment_limits": part(&summary.treatment_limits, permitted),
        "sections": if permitted { counts(summary) } else { Value::Object(Map::new()) },
        "findings": summary.findings.iter().map(|f| json!({
            "code": f.code, "severity": f.severity, "path": f.path,
        })).collect::<Vec<_>>(),
        "coverage": coverage_of(coverage, basis.filter(|_| permitted)),
    })
}

/// The same keys for a file that cannot even be opened.
pub(super) fn file_unreadable() -> Value {
    let nothing = json!({ "state": null, "entries": [] });
    json!({
        "patient": null,
        "basis": null,
        "decision": { "outcome": "refuse", "reason": "not_readable" },
        "sources": [],
        "complete": false,
        "ica": { "allergies": nothing, "contraindications": nothing },
        "treatment_limits": nothing,
        "sections": {},
        "findings": [{ "code": "file_unreadable", "severity": "error", "path": "" }],
        "coverage": coverage_of(Coverage::default(), None),
    })
}

fn decision_of(outcome: Outcome) -> Value {
    match outcome {
        Outcome::Permit => json!({ "outcome": "permit", "reason": null }),
        Outcome::Refuse(reason) => json!({ "outcome": "refuse", "reason": reason }),
        Outcome::Unreadable => json!({ "outcome": "refuse", "reason": "not_readable" }),
    }
}

/// The most cautious basis of the sources that count.
fn basis_of(summary: &Summary, permitted: bool) -> Option<Basis> {
    let caution = |basis: &Basis| match basis {
        Basis::Corona => 2,
        Basis::NotEstablished => 1,
        Basis::Explicit => 0,
    };
    summary
        .sources
        .iter()
        .filter(|s| !permitted || !matches!(s.decision, Some(Decision::Refuse { .. })))
        .filter_map(|s| s.basis)
        .max_by_key(caution)
}

fn source(source: &SourceSummary) -> Value {
    let decision = source.decision.map(|decision| match decision {
        Decision::Permit { .. } => json!({ "outcome": "permit", "reason": null }),
        Decision::Refuse { reason } => json!({ "outcome": "refuse", "reason": reason }),
    });
    json!({
        "id": source.key,
        "basis": source.basis,
        "decision": decision,
        "complete": matches!(source.delivery, Delivery::Delivered | Delivery::NothingFound),
    })
}

fn has_content(summary: &Summary) -> bool {
    sections(summary).iter().any(|(_, count)| *count > 0)
}

fn patient(patient: &Patient) -> Value {
    json!({
        "bsn": patient.bsn,
        "family": patient.name.family,
        "given": patient.name.given,
        "birth_date": patient.birth_date.as_ref().map(iso),
        "gender": patient.gender.as_ref().and_then(|g| g.code.as_deref()).map(|code| match code {
            "M" | "male" => "male",
            "F" | "female" => "female",
            "UN" | "other" => "other",
            _ => "unknown",
        }),
    })
}

/// ISO 8601 at the precision given; what cannot be read stands as received.
fn iso(date: &PartialDate) -> String {
    match (date.year, date.month, date.day) {
        (Some(y), Some(m), Some(d)) => format!("{y:04}-{m:02}-{d:02}"),
        (Some(y), Some(m), None) => format!("{y:04}-{m:02}"),
        (Some(y), None, _) => format!("{y:04}"),
        _ => date.raw.clone(),
    }
}

fn part(part: &Part, permitted: bool) -> Value {
    json!({
        "state": part.state.filter(|_| permitted),
        "entries": if permitted { part.entries.iter().map(entry).collect() } else { Vec::new() },
    })
}

fn entry(statement: &Statement) -> Value {
    let value = statement.about();
    json!({
        "kind": statement.kind,
        "source": statement.source,
        "text": statement.text,
        "display": value.and_then(|v| v.label()),
        "code": value.and_then(|v| v.code.as_deref()),
        "system": value.and_then(|v| v.system.as_deref()),
        "status": statement.status,
        "date": statement.period.anchor().map(iso),
        "author": statement.author.as_ref().map(|author| json!({
            "name": author.name.as_ref().map(|n| n.family.clone())
                .or_else(|| author.organisation.as_ref().and_then(|o| o.name.clone())),
            "conducted": author.conducted,
        })),
    })
}

fn counts(summary: &Summary) -> Value {
    let counted = sections(summary)
        .into_iter()
        // These two stand under `ica` and `treatment_limits` with their states.
        .filter(|(name, _)| !matches!(*name, "allergies" | "contraindications" | "treatment_limits"))
        .map(|(name, count)| (name.to_owned(), json!(count)));
    Value::Object(counted.collect())
}

fn coverage_of(coverage: Coverage, basis: Option<Basis>) -> Value {
    json!({
        "leaves": coverage.leaves,
        "shown": coverage.shown,
        "used": coverage.used,
        "listed": coverage.listed,
        // Under a basis that withholds, the count itself would tell whether ICA arrived.
        "withheld": match basis {
            Some(Basis::Corona | Basis::NotEstablished) => Value::Null,
            _ => json!(0),
        },
        "lost": coverage.lost,
    })
}
