//! The other forms of a patient, read with the project's own reader: what is in the one is in the
//! other.

use inzage_core::domain::consent::{Agreement, EmergencyExplicit};
use inzage_core::domain::disclosure::{
    Answer, Arrival, Asked, Circumstances, Prepared, prepare_accounted,
};
use inzage_core::domain::state::{State, StatementKind};
use inzage_core::domain::summary::source::{Delivery, Missing};
use inzage_core::domain::summary::{SectionKind, Summary};
use inzage_core::domain::user::Setting;
use inzage_core::readers::Profile;

use crate::client::Trained;

/// Patients whose only source delivers whole what it has.
const WHOLE: [&str; 9] = [
    "999900006",
    "999900444",
    "999900456",
    "999901163",
    "012345672",
    "900186021",
    "123456782",
    "999940156",
    "999940144",
];
const CORONA_WITH_ICA: &str = "999911016";

fn prepared(bsn: &str, bytes: Vec<u8>) -> Prepared {
    let asked = Asked {
        bsn: Some(inzage_core::domain::bsn::Bsn::parse(bsn).unwrap()),
        birth_date: None,
    };
    let answer = Answer {
        key: "s1".into(),
        name: "bron".into(),
        retrieved_at: None,
        arrival: Arrival::Received(bytes),
    };
    let circumstances = Circumstances {
        setting: Setting::Emergency,
        delivered_under_measure: true,
        measure_active: true,
        marker_proven: true,
        suspicion: Some(true),
        agreement: Some(Agreement::Patient),
        emergency_explicit: EmergencyExplicit::Permit,
        stated: None,
    };
    prepare_accounted(
        &asked,
        vec![answer],
        &circumstances,
        &Profile::training(),
        [7; 32],
    )
}

async fn acute(trained: &Trained, bsn: &str) -> Summary {
    let (_, text) = trained.client.acute(bsn, None).await.unwrap();
    shown(bsn, text)
}

#[allow(
    clippy::disallowed_methods,
    reason = "a test looks at fictitious patients: nobody's view is to be logged"
)]
fn shown(bsn: &str, text: String) -> Summary {
    let prepared = prepared(bsn, text.into_bytes());
    let coverage = prepared.coverage();
    assert_eq!(coverage.lost, 0, "{bsn}: nothing received vanishes");
    prepared.into_released()
}

/// What a summary holds, in numbers and words that every form has.
fn holds(summary: &Summary) -> Vec<(&'static str, Vec<String>)> {
    let sorted = |mut list: Vec<String>| {
        list.sort();
        list
    };
    let kinds = |part: &inzage_core::domain::summary::Part| {
        sorted(
            part.entries
                .iter()
                .map(|e| format!("{:?} {:?}", e.kind, e.text))
                .collect(),
        )
    };
    // A report stands in a contact that it names: one contact, in however many messages.
    let contacts: std::collections::BTreeSet<String> = summary
        .contacts
        .iter()
        .map(|c| format!("{:?}", c.ids))
        .collect();
    let lines = summary
        .contacts
        .iter()
        .flat_map(|c| &c.partials)
        .flat_map(|p| &p.lines);
    let measured = summary.measurements.iter().chain(&summary.laboratory);
    vec![
        ("allergies", kinds(&summary.allergies)),
        ("contra-indications", kinds(&summary.contraindications)),
        (
            "episodes",
            sorted(
                summary
                    .episodes
                    .iter()
                    .map(|e| format!("{:?}", e.title))
                    .collect(),
            ),
        ),
        ("contacts", contacts.into_iter().collect()),
        (
            "journal lines",
            // A diagnosis without an E line stands in one without words.
            sorted(lines.filter_map(|l| l.text.clone()).collect()),
        ),
        (
            "medication",
            sorted(
                summary
                    .medication
                    .iter()
                    .map(|m| format!("{:?}", m.product.code))
                    .collect(),
            ),
        ),
        (
            "measurements",
            sorted(measured.map(|m| format!("{:?}", m.what.code)).collect()),
        ),
    ]
}

#[tokio::test]
async fn the_building_blocks_of_a_patient_hold_what_the_summary_holds() {
    let trained = Trained::start().await;
    for bsn in WHOLE {
        let (_, text) = trained.client.summary(bsn, None).await.unwrap();
        let summary = shown(bsn, text);
        let blocks = acute(&trained, bsn).await;
        for ((name, expected), (_, found)) in holds(&summary).into_iter().zip(holds(&blocks)) {
            assert_eq!(found, expected, "{bsn}: {name}");
        }
        assert_eq!(blocks.allergies.state, summary.allergies.state, "{bsn}");
        assert!(blocks.complete, "{bsn}");
    }
}

async fn document(trained: &Trained, bsn: &str, accept: &str) -> Summary {
    let record = trained.client.records(bsn).await.remove(0);
    let path = format!("/Patient/{record}/$summary");
    let (_, text) = trained.client.fhir("GET", &path, accept, "").await.unwrap();
    shown(bsn, text)
}

#[tokio::test]
async fn the_document_of_a_patient_holds_what_the_summary_holds_in_both_notations() {
    let trained = Trained::start().await;
    for bsn in WHOLE {
        let (_, text) = trained.client.summary(bsn, None).await.unwrap();
        let summary = shown(bsn, text);
        for accept in ["application/fhir+json", "application/fhir+xml"] {
            let document = document(&trained, bsn, accept).await;
            let pairs = [
                ("allergies", &summary.allergies, &document.allergies),
                (
                    "contra-indications",
                    &summary.contraindications,
                    &document.contraindications,
                ),
                (
                    "treatment limits",
                    &summary.treatment_limits,
                    &document.treatment_limits,
                ),
            ];
            for (name, of_summary, of_document) in pairs {
                let kinds = |part: &inzage_core::domain::summary::Part| {
                    let kinds = part.entries.iter().map(|e| e.kind);
                    // A document says of an empty section that it is one; a summary is silent.
                    let told = kinds.filter(|kind| *kind != StatementKind::NoInformation);
                    told.collect::<Vec<_>>()
                };
                assert_eq!(
                    kinds(of_document),
                    kinds(of_summary),
                    "{bsn} {accept}: {name}"
                );
                assert_eq!(
                    of_document.state, of_summary.state,
                    "{bsn} {accept}: {name}"
                );
            }
            let count = |summary: &Summary| {
                [
                    summary.episodes.len(),
                    summary.contacts.len(),
                    summary.medication.len(),
                    summary.measurements.len() + summary.laboratory.len(),
                    // A line without its code is a flag like any other in FHIR: an alert.
                    summary.attention_lines.len() + summary.alerts.len(),
                    coded_attention_lines(summary),
                ]
            };
            assert_eq!(count(&document), count(&summary), "{bsn} {accept}");
        }
    }
}

fn coded_attention_lines(summary: &Summary) -> usize {
    let codes = summary
        .attention_lines
        .iter()
        .filter_map(|line| line.code.as_ref());
    codes
        .filter(|code| code.code.as_deref() == Some("ATT"))
        .count()
}

#[tokio::test]
async fn a_document_tells_marker_restriction_and_failure_as_what_they_are() {
    const JSON: &str = "application/fhir+json";
    let trained = Trained::start().await;
    let marked = document(&trained, CORONA_WITH_ICA, JSON).await;
    assert_eq!(marked.allergies.state, Some(State::WithheldByRule));
    assert!(marked.allergies.entries.is_empty() && marked.contraindications.entries.is_empty());
    let rule = document(&trained, "999960106", JSON).await;
    assert_eq!(rule.allergies.state, Some(State::WithheldByRule));
    let restricted = document(&trained, "999960064", JSON).await;
    assert_eq!(restricted.allergies.state, Some(State::NotAsserted));
    assert!(restricted.ask.is_none());
    let slow = document(&trained, "999960027", JSON).await;
    assert!(
        !slow.complete,
        "an outcome in the document says that something failed"
    );
}

#[tokio::test]
async fn allergies_of_a_marked_patient_are_withheld_from_the_building_blocks_too() {
    let trained = Trained::start().await;
    let blocks = acute(&trained, CORONA_WITH_ICA).await;
    assert_eq!(blocks.allergies.state, Some(State::WithheldByRule));
    assert!(blocks.allergies.entries.is_empty() && blocks.contraindications.entries.is_empty());
    assert!(blocks.ask.is_some());
}

#[tokio::test]
async fn each_partial_answer_is_told_as_what_it_is() {
    let trained = Trained::start().await;
    let fewer = acute(&trained, "999960003").await;
    assert_eq!(
        fewer.allergies.state,
        Some(State::Incomplete),
        "the child did not come"
    );
    let none = acute(&trained, "999960015").await;
    assert!(!none.complete);
    assert_ne!(none.allergies.state, Some(State::NotAsserted));
    let slow = acute(&trained, "999960027").await;
    assert!(!slow.complete && !slow.episodes.is_empty());
    assert_eq!(
        slow.allergies.state,
        Some(State::Known),
        "the laboratory says nothing of allergies"
    );
    let elsewhere = acute(&trained, "999960039").await;
    let refused = elsewhere.sources.iter().flat_map(|s| &s.parts).any(|part| {
        matches!(&part.delivery, Delivery::RefusedBySource { organisation_ura, .. }
            if organisation_ura.as_deref() == Some("00009042"))
            && part.sections == [SectionKind::Episodes]
    });
    assert!(
        refused,
        "with whom there is more, at the section it is about: {:?}",
        elsewhere.sources
    );
    let more = acute(&trained, "999960040").await;
    let remaining = more.sources.iter().flat_map(|s| &s.parts).any(|part| {
        part.delivery
            == Delivery::Partial {
                missing: Missing::MoreRemaining,
            }
    });
    assert!(remaining);
    let unknown = acute(&trained, "999960052").await;
    assert!(
        !unknown.complete,
        "a code that nobody knows is never success"
    );
}

#[tokio::test]
async fn a_restriction_by_the_patient_looks_like_nothing_received() {
    let trained = Trained::start().await;
    let restricted = acute(&trained, "999960064").await;
    assert_eq!(restricted.allergies.state, Some(State::NotAsserted));
    assert!(restricted.ask.is_none());
    let all = serde_json::to_string(&restricted).unwrap();
    assert!(!all.contains("AFGESCHERMD"), "its code stands nowhere");
}

#[tokio::test]
async fn a_national_rule_is_named_in_every_form() {
    let trained = Trained::start().await;
    let (_, text) = trained.client.summary("999960106", None).await.unwrap();
    assert_eq!(
        shown("999960106", text).allergies.state,
        Some(State::WithheldByRule)
    );
    let blocks = acute(&trained, "999960106").await;
    assert_eq!(blocks.allergies.state, Some(State::WithheldByRule));
}

#[tokio::test]
async fn a_statement_that_none_are_known_keeps_who_said_so_and_when() {
    let trained = Trained::start().await;
    let blocks = acute(&trained, "999901163").await;
    assert_eq!(blocks.allergies.state, Some(State::NoneKnown));
    let statement = &blocks.allergies.entries[0];
    assert_eq!(statement.kind, StatementKind::NoneKnown);
    assert!(statement.author.is_some());
}
