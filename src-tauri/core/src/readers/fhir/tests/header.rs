//! What a part says before anything is read: whom it is about, on what basis, how it was answered.

use serde_json::{Value, json};

use super::{Whole, document, read_all};
use crate::domain::consent::{Marker, MarkerElement};
use crate::domain::finding::FindingCode;
use crate::domain::summary::SectionKind;
use crate::readers::{
    PartHeader, PartOutcome, Scope, TRAINING_MARKER_SYSTEM, TRAINING_RESTRICTION_ERROR,
};

const BSN: &str = "http://fhir.nl/fhir/NamingSystem/bsn";

fn bundle(kind: &str, resources: &[Value]) -> Value {
    let entries: Vec<Value> = resources
        .iter()
        .map(|resource| json!({"resource": resource}))
        .collect();
    json!({"resourceType": "Bundle", "type": kind, "entry": entries})
}

fn header(value: &Value) -> PartHeader {
    let whole = read_all(&value.to_string(), Scope::Full);
    assert_eq!(whole.coverage.lost, 0);
    whole.parts[0].clone()
}

fn patient(id: &str, bsn: Option<&str>) -> Value {
    let mut patient = json!({"resourceType": "Patient", "id": id, "birthDate": "1970-01-01"});
    if let Some(bsn) = bsn {
        patient["identifier"] = json!([{"system": BSN, "value": bsn}]);
    }
    patient
}

fn problem(subject: Value) -> Value {
    json!({"resourceType": "Condition", "id": "c", "subject": subject, "code": {"text": "Astma"}})
}

fn outcome(severity: &str, code: &str, detail: &str) -> Value {
    json!({"resourceType": "OperationOutcome", "issue": [{"severity": severity, "code": code,
        "details": {"coding": [{"system": "urn:x", "code": detail}], "text": "BSN 999900006 (URA: 00003232)"}}]})
}

#[test]
fn only_patients_that_content_is_about_count() {
    let read = header(&bundle(
        "searchset",
        &[
            patient("p", Some("999900006")),
            patient("q", Some("999900444")),
            problem(json!({"reference": "Patient/p"})),
        ],
    ));
    assert_eq!(
        (read.patients, read.bsns.as_slice()),
        (1, &["999900006".to_owned()][..])
    );
    let two = header(&bundle(
        "searchset",
        &[
            patient("p", Some("999900006")),
            patient("q", None),
            problem(json!({"reference": "Patient/p"})),
            problem(json!({"reference": "Patient/q"})),
        ],
    ));
    assert_eq!(two.patients, 2);
    let by_number = header(&bundle(
        "searchset",
        &[problem(json!({"identifier":
        {"system": BSN, "value": "999900006"}}))],
    ));
    assert_eq!((by_number.patients, by_number.unidentified), (1, false));
}

#[test]
fn content_that_is_about_nobody_is_unidentified() {
    assert!(header(&problem(json!({"reference": "Patient/weg"}))).unidentified);
    assert!(header(&problem(json!({"display": "Iemand"}))).unidentified);
    let masked = json!({"resourceType": "Patient", "id": "p", "identifier": [{"system": BSN,
        "_value": {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason",
            "valueCode": "masked"}]}}]});
    let read = header(&bundle(
        "collection",
        &[masked, problem(json!({"reference": "Patient/p"}))],
    ));
    assert_eq!(
        (read.patients, read.bsns.len(), read.unidentified),
        (1, 0, false)
    );
}

#[test]
fn an_error_beside_content_makes_the_answer_incomplete_and_alone_refuses_it() {
    let alone = header(&bundle(
        "searchset",
        &[outcome("error", "processing", "QABRTITI")],
    ));
    assert_eq!(
        alone.outcome,
        PartOutcome::Refused {
            code: "QABRTITI".to_owned(),
            organisation_ura: Some("00003232".to_owned()),
        }
    );
    let beside = bundle(
        "searchset",
        &[
            patient("p", Some("999900006")),
            problem(json!({"reference": "Patient/p"})),
            outcome("error", "processing", "QABRTITI"),
        ],
    );
    assert_eq!(
        header(&beside).outcome,
        PartOutcome::Unknown {
            code: "QABRTITI".to_owned()
        }
    );
    let whole = read_all(&beside.to_string(), Scope::Full);
    assert!(
        whole
            .findings
            .iter()
            .any(|f| f.code == FindingCode::OperationOutcome)
    );
    let warned = bundle(
        "searchset",
        &[
            patient("p", Some("999900006")),
            problem(json!({"reference": "Patient/p"})),
            outcome("warning", "processing", "TRAAG"),
        ],
    );
    assert_eq!(header(&warned).outcome, PartOutcome::Delivered);
    assert!(!whole.shown.to_string().contains("BSN 999900006"));
}

#[test]
fn a_restriction_by_the_patient_looks_exactly_like_nothing_found() {
    let nothing = read_all(&bundle("searchset", &[]).to_string(), Scope::Full);
    assert_eq!(nothing.parts[0].outcome, PartOutcome::NothingFound);
    for restricted in [
        outcome("error", "suppressed", "X"),
        outcome("error", "security", TRAINING_RESTRICTION_ERROR),
        outcome("error", TRAINING_RESTRICTION_ERROR, "X"),
    ] {
        let read = read_all(&bundle("searchset", &[restricted]).to_string(), Scope::Full);
        assert_eq!(read.parts, nothing.parts);
        assert_eq!(read.records, nothing.records);
        assert_eq!(read.findings, nothing.findings);
    }
}

#[test]
fn a_bundle_that_counts_more_than_it_holds_has_more() {
    let mut found = bundle(
        "searchset",
        &[
            patient("p", Some("999900006")),
            problem(json!({"reference": "Patient/p"})),
        ],
    );
    found["total"] = json!(2);
    assert_eq!(header(&found).outcome, PartOutcome::Delivered);
    found["total"] = json!(3);
    assert_eq!(header(&found).outcome, PartOutcome::MoreRemaining);
    found["total"] = json!(2);
    found["link"] = json!([{"relation": "next", "url": "http://gp.example/2"}]);
    assert_eq!(header(&found).outcome, PartOutcome::MoreRemaining);
    assert_eq!(header(&found).sections, [SectionKind::Episodes]);
}

#[test]
fn a_marker_stands_in_a_label_a_tag_or_a_consent_and_an_unknown_code_of_its_system_withholds() {
    let coding = |code: &str| json!([{"system": format!("urn:uuid:{TRAINING_MARKER_SYSTEM}"), "code": code}]);
    let marked = |place: &str, code: &str| {
        let mut condition = problem(json!({"reference": "Patient/p"}));
        condition["meta"] = json!({place: coding(code)});
        let read = header(&bundle("collection", &[patient("p", None), condition]));
        (read.marker, read.marker_in)
    };
    let security = Some(MarkerElement::FhirSecurity);
    assert_eq!(marked("security", "CORONA"), (Marker::Corona, security));
    assert_eq!(
        marked("tag", " corona "),
        (Marker::Corona, Some(MarkerElement::FhirTag))
    );
    assert_eq!(
        marked("security", "GEEN_TOESTEMMING"),
        (Marker::OptedOut, security)
    );
    assert_eq!(marked("security", "OPT_IN"), (Marker::Absent, security));
    assert_eq!(
        marked("security", "ANDERS"),
        (Marker::CoronaAndExplicit, security)
    );
    assert_eq!(marked("profile", "CORONA").0, Marker::Absent);
}

fn consent(elements: Value) -> Whole {
    let mut consent = json!({"resourceType": "Consent", "status": "active", "id": "toestemming",
        "patient": {"reference": "Patient/p"},
        "scope": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentscope",
            "code": "patient-privacy"}]}});
    for (name, value) in elements.as_object().unwrap() {
        consent[name] = value.clone();
    }
    let text = bundle(
        "collection",
        &[
            patient("p", Some("999900006")),
            problem(json!({"reference": "Patient/p"})),
            consent,
        ],
    );
    read_all(&text.to_string(), Scope::Full)
}

#[test]
fn a_plain_no_is_an_opt_out_and_a_yes_beside_a_corona_marker_conflicts() {
    let marker = |elements: Value| consent(elements).parts[0].marker;
    let rule = |code: &str| json!({"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": code}]});
    assert_eq!(
        marker(json!({"policyRule": rule("OPTOUT")})),
        Marker::OptedOut
    );
    assert_eq!(
        marker(json!({"provision": {"type": "deny"}})),
        Marker::OptedOut
    );
    assert_eq!(
        marker(json!({"policyRule": rule("OPTIN"), "provision": {"type": "deny"}})),
        Marker::OptedOut
    );
    assert_eq!(marker(json!({"policyRule": rule("OPTIN")})), Marker::Absent);
    assert_eq!(
        marker(json!({"policyRule": rule("OPTIN"), "category": [{"coding":
            [{"system": TRAINING_MARKER_SYSTEM, "code": "CORONA"}]}]})),
        Marker::CoronaAndExplicit
    );
    assert_eq!(
        marker(json!({"status": "rejected", "provision": {"type": "deny"}})),
        Marker::Absent
    );
}

#[test]
fn what_a_patient_denies_to_some_or_in_part_leaves_no_trace() {
    let narrowed = consent(
        json!({"text": {"status": "generated", "div": "<div>Niet voor psychiaters</div>"},
        "provision": {"type": "deny", "actor": [{"role": {"text": "psychiater"}}]}}),
    );
    let without = read_all(
        &bundle(
            "collection",
            &[
                patient("p", Some("999900006")),
                problem(json!({"reference": "Patient/p"})),
            ],
        )
        .to_string(),
        Scope::Full,
    );
    assert_eq!(narrowed.coverage.lost, 0);
    assert_eq!(narrowed.parts[0].marker, Marker::Absent);
    assert_eq!(narrowed.records, without.records);
    assert_eq!(narrowed.findings, without.findings);
}

#[test]
fn documents_in_a_search_set_are_parts_of_their_own() {
    let inner: Value = serde_json::from_str(&document(&[], &[])).unwrap();
    let text = bundle("searchset", &[inner.clone(), inner]);
    let whole = read_all(&text.to_string(), Scope::Full);
    assert_eq!(whole.parts.len(), 2);
    assert_eq!(whole.coverage.lost, 0);
    let mixed = bundle(
        "searchset",
        &[
            serde_json::from_str(&document(&[], &[])).unwrap(),
            outcome("error", "processing", "X"),
        ],
    );
    let whole = read_all(&mixed.to_string(), Scope::Full);
    assert_eq!(whole.parts.len(), 2);
    assert_eq!(whole.coverage.lost, 0);
}

#[test]
fn a_search_set_that_poses_as_a_document_is_read_and_noted() {
    let mut text: Value = serde_json::from_str(&document(&[], &[])).unwrap();
    text["type"] = json!("searchset");
    let whole = read_all(&text.to_string(), Scope::Full);
    assert!(
        whole
            .findings
            .iter()
            .any(|f| f.code == FindingCode::UnexpectedBundle)
    );
    assert!(whole.record().patient.is_some());
}

#[test]
fn a_key_that_stands_twice_keeps_both_values() {
    let text = r#"{"resourceType": "Condition", "code": {"text": "een"}, "code": {"text": "twee"},
        "subject": {"display": "x"}}"#;
    let whole = read_all(text, Scope::Full);
    assert_eq!(whole.coverage.lost, 0);
    let shown = whole.shown.to_string();
    assert!(shown.contains("een") && shown.contains("twee"));
    assert!(
        whole
            .findings
            .iter()
            .any(|f| f.code == FindingCode::RepeatedKey)
    );
}

/// What an attacker would try with a document: markers said elsewhere, people named elsewhere.
mod attacks {
    use serde_json::{Value, json};

    use super::{BSN, bundle, header, patient, problem};
    use crate::domain::consent::Marker;
    use crate::readers::{PartHeader, Profile, TRAINING_MARKER_SYSTEM, open, text_of};

    fn label(code: &str) -> Value {
        json!({"security": [{"system": TRAINING_MARKER_SYSTEM, "code": code}]})
    }

    fn whole() -> Value {
        bundle(
            "document",
            &[
                patient("p", Some("999900006")),
                problem(json!({"reference": "Patient/p"})),
            ],
        )
    }

    fn opened(text: &str) -> (Vec<PartHeader>, bool) {
        let (text, format) = text_of(text.as_bytes()).unwrap();
        let opened = open(text, format, &Profile::training()).unwrap();
        (opened.parts().to_vec(), opened.is_fewer_than_announced())
    }

    #[test]
    fn a_marker_on_a_wrapper_holds_for_what_is_in_it() {
        for (code, marker) in [
            ("CORONA", Marker::Corona),
            ("GEEN_TOESTEMMING", Marker::OptedOut),
        ] {
            let mut around = bundle("searchset", &[whole()]);
            around["meta"] = label(code);
            let (parts, _) = opened(&around.to_string());
            assert_eq!(parts[0].marker, marker);
        }
    }

    #[test]
    fn a_wrapper_that_counts_more_than_it_holds_is_incomplete() {
        let mut around = bundle("searchset", &[whole()]);
        assert!(!opened(&around.to_string()).1);
        around["total"] = json!(9);
        assert!(opened(&around.to_string()).1);
    }

    #[test]
    fn of_two_metas_neither_hides_a_marker() {
        let text = whole().to_string().replacen(
            r#""resourceType":"Bundle""#,
            &format!(
                r#""resourceType":"Bundle","meta":{{}},"meta":{}"#,
                label("CORONA")
            ),
            1,
        );
        assert_eq!(opened(&text).0[0].marker, Marker::Corona);
    }

    #[test]
    fn a_no_holds_without_a_status_and_whatever_its_period() {
        for extra in [
            json!({}),
            json!({"status": "active", "provision": {"type": "deny", "period": {"start": "2020"}}}),
        ] {
            let mut consent = json!({"resourceType": "Consent", "patient": {"reference": "Patient/p"},
                "scope": {"coding": [{"code": "patient-privacy"}]}, "provision": {"type": "deny"}});
            for (name, value) in extra.as_object().unwrap() {
                consent[name] = value.clone();
            }
            let read = header(&bundle(
                "searchset",
                &[
                    patient("p", Some("999900006")),
                    problem(json!({"reference": "Patient/p"})),
                    consent,
                ],
            ));
            assert_eq!(read.marker, Marker::OptedOut);
        }
    }

    #[test]
    fn a_second_patient_counts_by_whatever_element_it_is_named() {
        let other = || patient("q", Some("999900444"));
        let with = |name: &str, value: Value| {
            let mut content = problem(json!({"reference": "Patient/p"}));
            content[name] = value;
            header(&bundle(
                "searchset",
                &[patient("p", Some("999900006")), other(), content],
            ))
        };
        let to_other = || json!({"reference": "Patient/q"});
        for read in [
            with("focus", json!([to_other()])),
            with("participant", json!([{"actor": to_other()}])),
            with("whatever", json!({"deep": [{"about": to_other()}]})),
            with(
                "contained",
                json!([{"resourceType": "AllergyIntolerance", "id": "c",
                    "patient": {"identifier": {"system": BSN, "value": "999900444"}}}]),
            ),
        ] {
            assert_eq!(read.patients, 2, "{:?}", read.bsns);
        }
    }

    #[test]
    fn two_patients_at_one_address_are_told_apart() {
        let mut entries = bundle(
            "searchset",
            &[
                patient("p", Some("999900006")),
                patient("p", Some("999900444")),
                problem(json!({"reference": "Patient/p"})),
            ],
        );
        for entry in entries["entry"].as_array_mut().unwrap() {
            if entry["resource"]["resourceType"] == "Patient" {
                entry["fullUrl"] = json!("https://example.org/Patient/p");
            }
        }
        assert!(
            header(&entries).unidentified,
            "nobody can say which is meant"
        );
    }
}
