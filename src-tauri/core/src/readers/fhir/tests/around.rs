//! Markers, counts and patients that stand elsewhere than where a reader looks first.

use serde_json::{Value, json};

use super::{document, read_all};
use crate::domain::consent::Marker;
use crate::domain::finding::FindingCode;
use crate::readers::{Format, PartHeader, Profile, Scope, TRAINING_MARKER_SYSTEM, open};

const BSN: &str = "http://fhir.nl/fhir/NamingSystem/bsn";

fn bundle(resources: &[Value]) -> Value {
    let entries: Vec<Value> = resources
        .iter()
        .map(|resource| json!({"resource": resource}))
        .collect();
    json!({"resourceType": "Bundle", "type": "searchset", "entry": entries})
}

fn header(text: &str) -> PartHeader {
    let whole = read_all(text, Scope::Full);
    assert_eq!(whole.coverage.lost, 0);
    whole.parts[0].clone()
}

fn security(code: &str) -> Value {
    json!({"security": [{"system": TRAINING_MARKER_SYSTEM, "code": code}]})
}

fn patient(id: &str, bsn: &str) -> Value {
    json!({"resourceType": "Patient", "id": id, "identifier": [{"system": BSN, "value": bsn}]})
}

fn problem(extra: Value) -> Value {
    let mut problem = json!({"resourceType": "Condition", "id": "c", "code": {"text": "Astma"},
        "subject": {"reference": "Patient/p"}});
    for (name, value) in extra.as_object().unwrap() {
        problem[name] = value.clone();
    }
    problem
}

fn of(resources: &[Value]) -> PartHeader {
    header(&bundle(resources).to_string())
}

fn wrapper() -> Value {
    bundle(&[serde_json::from_str(&document(&[], &[])).unwrap()])
}

#[test]
fn what_a_wrapper_says_of_consent_holds_for_what_is_in_it() {
    let mut text = wrapper();
    assert_eq!(header(&text.to_string()).marker, Marker::Absent);
    for (code, marker) in [
        ("CORONA", Marker::Corona),
        ("GEEN_TOESTEMMING", Marker::OptedOut),
    ] {
        text["meta"] = security(code);
        assert_eq!(header(&text.to_string()).marker, marker);
    }
    text["meta"] = security("CORONA");
    text["entry"][0]["resource"]["meta"] = security("OPT_IN");
    assert_eq!(header(&text.to_string()).marker, Marker::CoronaAndExplicit);
    let twice = bundle(&[text]);
    assert_eq!(
        read_all(&twice.to_string(), Scope::Full).parts[1].marker,
        Marker::CoronaAndExplicit
    );
}

#[test]
fn a_wrapper_that_counts_more_than_it_holds_is_incomplete() {
    let is_fewer = |text: &Value| {
        open(&text.to_string(), Format::Json, &Profile::training())
            .unwrap()
            .is_fewer_than_announced()
    };
    let mut text = wrapper();
    text["total"] = json!(1);
    assert!(!is_fewer(&text));
    text["total"] = json!(9);
    assert!(is_fewer(&text));
    text["total"] = json!(1);
    text["link"] = json!([{"relation": "next", "url": "http://gp.example/2"}]);
    assert!(is_fewer(&text));
}

#[test]
fn a_marker_in_a_second_meta_counts() {
    let list = problem(json!({"meta": [{"versionId": "1"}, security("CORONA")]}));
    let patient = patient("p", "999900006");
    assert_eq!(of(&[patient.clone(), list]).marker, Marker::Corona);
    let once = bundle(&[patient, problem(json!({"meta": security("CORONA")}))]).to_string();
    let twice = once.replacen("\"meta\":", "\"meta\":{\"versionId\":\"1\"},\"meta\":", 1);
    assert_ne!(once, twice);
    assert_eq!(header(&twice).marker, Marker::Corona);
}

#[test]
fn a_no_counts_unless_it_surely_does_not_hold() {
    let marker = |elements: Value| {
        let mut consent = json!({"resourceType": "Consent",
            "scope": {"coding": [{"code": "patient-privacy"}]}});
        for (name, value) in elements.as_object().unwrap() {
            consent[name] = value.clone();
        }
        let text = document(&[], &[consent]);
        header(&text).marker
    };
    let during = |period: Value| json!({"status": "active", "provision": {"type": "deny", "period": period}});
    assert_eq!(
        marker(json!({"provision": {"type": "deny"}})),
        Marker::OptedOut
    );
    assert_eq!(
        marker(json!({"status": "draft", "provision": {"type": "deny"}})),
        Marker::Absent
    );
    assert_eq!(
        marker(during(json!({"start": "2020-01-01"}))),
        Marker::OptedOut
    );
    assert_eq!(marker(during(json!({"end": "2024"}))), Marker::OptedOut);
    assert_eq!(
        marker(during(json!({"end": "2024-05-02"}))),
        Marker::OptedOut
    );
    assert_eq!(marker(during(json!({"end": "2024-04"}))), Marker::Absent);
}

#[test]
fn contained_content_about_another_patient_is_seen() {
    let inner = |subject: Value| {
        problem(
            json!({"contained": [{"resourceType": "AllergyIntolerance", "id": "i",
            "patient": subject}]}),
        )
    };
    let both = [patient("p", "999900006"), patient("q", "999900444")];
    let patients = |subject: Value| {
        let read = of(&[both[0].clone(), both[1].clone(), inner(subject)]);
        (read.patients, read.unidentified)
    };
    assert_eq!(patients(json!({"reference": "Patient/p"})), (1, false));
    assert_eq!(patients(json!({"reference": "Patient/q"})), (2, false));
    let relative = json!({"resourceType": "RelatedPerson", "id": "r"});
    let read = of(&[
        both[0].clone(),
        relative,
        inner(json!({"reference": "RelatedPerson/r"})),
    ]);
    assert!(read.unidentified);
}

#[test]
fn two_patients_of_one_name_are_two() {
    let two = |second: &str| {
        let mut text = bundle(&[
            patient("p", "999900006"),
            patient("q", second),
            problem(json!({"subject": {"reference": "urn:uuid:1"}})),
        ]);
        text["entry"][0]["fullUrl"] = json!("urn:uuid:1");
        text["entry"][1]["fullUrl"] = json!("urn:uuid:1");
        header(&text.to_string())
    };
    assert_eq!(two("999900444").patients, 2);
    assert!(two("999900006").unidentified);
    assert_eq!(
        of(&[
            patient("p", "999900006"),
            patient("p", "999900444"),
            problem(json!({}))
        ])
        .patients,
        2
    );
}

#[test]
fn content_that_refers_to_another_patient_anywhere_is_about_two() {
    for extra in [
        json!({"focus": [{"reference": "Patient/q"}]}),
        json!({"participant": [{"actor": {"reference": "Patient/q"}}]}),
        json!({"about": {"reference": "Patient/q"}}),
    ] {
        let read = of(&[
            patient("p", "999900006"),
            patient("q", "999900444"),
            problem(extra),
        ]);
        assert_eq!(read.patients, 2);
    }
    let own = problem(json!({"asserter": {"reference": "Patient/p"}}));
    assert_eq!(of(&[patient("p", "999900006"), own]).patients, 1);
}

#[test]
fn a_restriction_in_a_document_leaves_no_finding() {
    let without = read_all(&document(&[], &[]), Scope::Full).findings;
    for resource in [
        json!({"resourceType": "Consent", "id": "t", "status": "active",
            "scope": {"coding": [{"code": "patient-privacy"}]}}),
        json!({"resourceType": "OperationOutcome", "id": "o",
            "issue": [{"severity": "error", "code": "suppressed"}]}),
    ] {
        let read = read_all(&document(&[], &[resource]), Scope::Full);
        assert_eq!(read.findings, without);
    }
    let withheld = json!({"title": "Metingen", "emptyReason": {"coding": [{"code": "withheld",
        "system": "http://terminology.hl7.org/CodeSystem/list-empty-reason"}]}});
    let read = read_all(&document(&[withheld], &[]), Scope::Full);
    assert!(
        read.findings
            .iter()
            .any(|finding| finding.code == FindingCode::NarrativeMissing)
    );
}

#[test]
fn a_national_rule_that_a_wrapper_names_holds_for_what_is_in_it() {
    let mut text = wrapper();
    for (code, holds) in [("LANDELIJKE_REGEL", true), ("OPT_IN", false)] {
        text["meta"] = security(code);
        for text in [text.clone(), bundle(&[text.clone()])] {
            let whole = read_all(&text.to_string(), Scope::Full);
            let last = whole.records.last().unwrap();
            assert_eq!(last.national_rule, holds, "{text}");
        }
    }
}
