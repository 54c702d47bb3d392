//! What could tell that something was withheld, though it is none of it by its type: with it and
//! without it a document reads the same.

use serde_json::{Value, json};

use super::{document, read_all};
use crate::domain::state::StatementKind;
use crate::readers::{Scope, fhir::tests::Whole};

const SNOMED: &str = "http://snomed.info/sct";

fn allergy() -> Value {
    json!({"resourceType": "AllergyIntolerance", "id": "b", "code": {"text": "Penicilline"},
        "identifier": [{"system": "urn:x", "value": "1"}], "patient": {"reference": "Patient/p"}})
}

fn to_allergy() -> Value {
    json!({"reference": "AllergyIntolerance/b"})
}

fn told(whole: &Whole) -> impl PartialEq + core::fmt::Debug + use<> {
    (
        whole.shown.clone(),
        whole.findings.clone(),
        whole.coverage,
        whole.parts[0].outcome_without_ica.clone(),
    )
}

/// Reads both, with the allergy that everything here is about at the end.
fn assert_no_trace(sections: [&[Value]; 2], resources: [&[Value]; 2]) {
    let [with, without] = [0, 1].map(|at| {
        let mut all = resources[at].to_vec();
        if at == 0 {
            all.push(allergy());
        }
        document(sections[at], &all)
    });
    let withheld = read_all(&with, Scope::WithoutIca);
    assert_eq!(
        told(&withheld),
        told(&read_all(&without, Scope::WithoutIca)),
        "{with}"
    );
    let shown = withheld.shown.to_string();
    for word in ["Penicilline", "llergie", "716186003"] {
        assert!(!shown.contains(word), "{shown}");
    }
    let full = read_all(&with, Scope::Full);
    assert_eq!(full.coverage.lost, 0, "{with}");
    assert!(full.shown.to_string().contains("Penicilline"), "{with}");
}

fn resources_leave_no_trace(with: &[Value], without: &[Value]) {
    assert_no_trace([&[], &[]], [with, without]);
}

fn medication(mut extra: Value) -> Value {
    extra["resourceType"] = json!("MedicationStatement");
    extra["id"] = json!("m");
    extra["status"] = json!("active");
    extra["subject"] = json!({"reference": "Patient/p"});
    extra["medicationCodeableConcept"] = json!({"text": "Metoprolol"});
    extra
}

#[test]
fn a_section_is_about_allergies_by_any_code_and_by_its_title_alone() {
    let narrative = json!({"status": "generated",
        "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\">Penicilline</div>"});
    let of_snomed = json!({"coding": [{"system": SNOMED, "code": "722446000"}]});
    let of_nobody = json!({"coding": [{"system": "urn:x", "code": "1"}], "text": "Allergieën"});
    let other = json!({"title": "Beloop", "text": {"status": "generated",
        "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\">Goed</div>"}});
    for section in [
        json!({"title": "Allergieen", "text": narrative}),
        json!({"title": "Overgevoeligheden", "text": narrative}),
        json!({"title": "Medicatie: contra-indicaties", "text": narrative}),
        json!({"title": "Anders", "code": of_snomed, "text": narrative}),
        json!({"title": "Anders", "code": of_nobody, "text": narrative}),
    ] {
        assert_no_trace(
            [&[other.clone(), section], core::slice::from_ref(&other)],
            [&[], &[]],
        );
    }
    let known = json!({"title": "Dossier zonder allergieën", "text": narrative,
        "code": {"coding": [{"system": "http://loinc.org", "code": "11450-4"}]}});
    let whole = read_all(&document(&[known], &[]), Scope::WithoutIca);
    assert_eq!(whole.record().sections.len(), 1, "its code says what it is");
}

#[test]
fn a_problem_whose_category_is_an_allergy_is_one() {
    let problem = json!({"resourceType": "Condition", "id": "k", "code": {"text": "Penicilline"},
        "category": [{"coding": [{"system": SNOMED, "code": "416098002"}]}],
        "subject": {"reference": "Patient/p"}});
    resources_leave_no_trace(&[problem], &[]);
}

#[test]
fn an_extension_goes_with_the_allergy_that_it_names() {
    for reference in [
        to_allergy(),
        json!({"reference": "AllergyIntolerance/b", "display": "Penicilline"}),
        json!({"identifier": {"system": "urn:x", "value": "1"}, "display": "Penicilline"}),
    ] {
        let inner = json!({"url": "inner", "valueReference": reference});
        for extension in [
            json!({"url": "http://x/allergie", "valueReference": reference}),
            json!({"url": "http://x/allergie", "extension": [inner]}),
        ] {
            resources_leave_no_trace(
                &[medication(json!({"extension": [extension]}))],
                &[medication(json!({}))],
            );
        }
    }
}

#[test]
fn an_answer_goes_with_the_allergy_that_it_names_and_a_list_of_them_altogether() {
    let response = |items: Value| {
        json!({"resourceType": "QuestionnaireResponse", "id": "q", "status": "completed",
            "subject": {"reference": "Patient/p"}, "item": items})
    };
    let named = json!({"linkId": "1", "text": "Allergie", "answer": [{"valueReference": to_allergy(),
        "item": [{"linkId": "1.1", "text": "Reactie op allergie", "answer": [{"valueString": "ja"}]}]}]});
    let coded = json!({"linkId": "1", "text": "Allergie", "answer": [{"valueCoding":
        {"system": SNOMED, "code": "716186003"}}]});
    let smokes = json!({"linkId": "2", "text": "Roken", "answer": [{"valueBoolean": true}]});
    for item in [named, coded] {
        resources_leave_no_trace(&[response(json!([item]))], &[]);
        let group = json!({"linkId": "0", "text": "Intake", "item": [smokes, item]});
        let without = json!({"linkId": "0", "text": "Intake", "item": [smokes]});
        resources_leave_no_trace(&[response(json!([group]))], &[response(json!([without]))]);
    }
}

#[test]
fn an_entry_of_a_list_goes_with_the_allergy_that_it_names() {
    let list = |entries: Value| {
        json!({"resourceType": "List", "id": "l", "status": "current", "mode": "working",
            "title": "Dossier", "subject": {"reference": "Patient/p"}, "entry": entries})
    };
    let stays = json!({"item": {"reference": "MedicationStatement/m"}, "date": "2024-01-01"});
    let goes = json!({"item": to_allergy(), "date": "2024-01-02", "flag": {"text": "Allergie"}});
    resources_leave_no_trace(
        &[medication(json!({})), list(json!([stays, goes]))],
        &[medication(json!({})), list(json!([stays]))],
    );
}

#[test]
fn a_document_about_allergies_alone_goes_with_them() {
    let report = json!({"resourceType": "DocumentReference", "id": "r", "status": "current",
        "subject": {"reference": "Patient/p"}, "description": "Allergieverslag",
        "context": {"related": [to_allergy()]}, "content": [{"attachment": {"title": "a"}}]});
    resources_leave_no_trace(&[report], &[]);
}

#[test]
fn an_issue_about_allergies_does_not_make_the_answer_incomplete() {
    let about =
        json!({"severity": "error", "code": "processing", "expression": ["AllergyIntolerance"]});
    let said = json!({"severity": "error", "code": "processing",
        "diagnostics": "DetectedIssue not available"});
    let other = json!({"severity": "warning", "code": "processing", "diagnostics": "slow"});
    let outcome = |issues: Value| json!({"resourceType": "OperationOutcome", "issue": issues});
    for issue in [about, said] {
        resources_leave_no_trace(&[outcome(json!([issue]))], &[]);
        resources_leave_no_trace(
            &[outcome(json!([issue, other]))],
            &[outcome(json!([other]))],
        );
    }
}

#[test]
fn a_questionnaire_that_contains_the_allergy_it_names_goes_with_it() {
    let response = json!({"resourceType": "QuestionnaireResponse", "id": "q", "status": "completed",
        "contained": [
            {"resourceType": "AllergyIntolerance", "id": "c", "code": {"text": "Penicilline"},
                "patient": {"reference": "Patient/p"}},
            {"resourceType": "Practitioner", "id": "w", "name": [{"text": "De Vries"}]}],
        "author": {"reference": "#w"}, "subject": {"reference": "Patient/p"},
        "item": [{"linkId": "1", "text": "Allergie", "answer": [{"valueReference": {"reference": "#c"}}]}]});
    resources_leave_no_trace(&[response], &[]);
}

#[test]
fn what_only_tells_of_a_wish_leaves_no_trace_whatever_may_be_seen() {
    let consent = json!({"resourceType": "Consent", "id": "w", "status": "active",
        "scope": {"coding": [{"code": "patient-privacy"}]}, "patient": {"reference": "Patient/p"},
        "provision": {"type": "permit", "provision": [{"type": "deny", "class": [{"code": "Flag"}]}]}});
    let to_consent = json!({"reference": "Consent/w"});
    for tells in [
        json!({"resourceType": "Provenance", "id": "v", "recorded": "2024-05-01T10:00:00Z",
            "target": [to_consent], "agent": [{"who": {"reference": "Practitioner/d"}}]}),
        json!({"resourceType": "List", "id": "l", "status": "current", "mode": "working",
            "title": "Toestemmingen", "entry": [{"item": to_consent}]}),
    ] {
        for scope in [Scope::Full, Scope::WithoutIca] {
            let with = read_all(&document(&[], &[consent.clone(), tells.clone()]), scope);
            let without = read_all(&document(&[], &[]), scope);
            assert_eq!(with.coverage.lost, 0);
            assert_eq!(
                (&with.shown, &with.findings),
                (&without.shown, &without.findings)
            );
        }
    }
}

#[test]
fn a_title_alone_hides_and_never_makes_a_none_known() {
    for title in ["Voedselallergie", "Allergieën"] {
        let list = json!({"resourceType": "List", "id": "l", "status": "current", "mode": "snapshot",
            "date": "2024-05-01", "subject": {"reference": "Patient/p"},
            "source": {"reference": "Practitioner/d"}, "emptyReason": {"coding": [{"system":
                "http://terminology.hl7.org/CodeSystem/list-empty-reason", "code": "nilknown"}]}});
        let section = json!({"title": title, "entry": [{"reference": "List/l"}]});
        let text = document(&[section], &[list]);
        let whole = read_all(&text, Scope::Full);
        let kinds: Vec<_> = whole
            .record()
            .allergies
            .iter()
            .map(|one| one.kind)
            .collect();
        assert!(
            !kinds.contains(&StatementKind::NoneKnown),
            "{title}: {kinds:?}"
        );
        assert_eq!(whole.coverage.lost, 0);
    }
}

#[test]
fn words_within_a_none_known_take_its_certainty() {
    let none = |stray: &str| {
        let text = format!(
            "<Bundle xmlns=\"http://hl7.org/fhir\"><type value=\"collection\"/><entry><resource>\
             <AllergyIntolerance><clinicalStatus value=\"active\"/><verificationStatus value=\"confirmed\"/>\
             <code><coding><system value=\"http://snomed.info/sct\"/><code value=\"716186003\"/></coding></code>\
             {stray}<recordedDate value=\"2024-05-01\"/><recorder><display value=\"De Wit\"/></recorder>\
             </AllergyIntolerance></resource></entry></Bundle>"
        );
        read_all(&text, Scope::Full).record().allergies[0].kind
    };
    assert_eq!(none(""), StatementKind::NoneKnown);
    assert_ne!(none("behalve penicilline"), StatementKind::NoneKnown);
}

#[test]
fn a_section_of_nothing_but_wishes_leaves_no_trace_whatever_may_be_seen() {
    let consent = json!({"resourceType": "Consent", "id": "w", "status": "active",
        "scope": {"coding": [{"code": "patient-privacy"}]}, "patient": {"reference": "Patient/p"},
        "provision": {"type": "permit", "provision": [{"type": "deny", "class": [{"code": "Flag"}]}]}});
    let section = json!({"title": "Toestemming", "entry": [{"reference": "Consent/w"}]});
    for scope in [Scope::Full, Scope::WithoutIca] {
        let with = read_all(
            &document(
                core::slice::from_ref(&section),
                core::slice::from_ref(&consent),
            ),
            scope,
        );
        let without = read_all(&document(&[], &[]), scope);
        assert_eq!(with.coverage.lost, 0);
        assert_eq!(
            (&with.shown, &with.findings),
            (&without.shown, &without.findings)
        );
    }
}

#[test]
fn an_answer_with_nothing_but_a_wish_is_one_in_which_nothing_was_found() {
    let consent = json!({"resourceType": "Consent", "id": "w", "status": "active",
        "scope": {"coding": [{"code": "patient-privacy"}]}, "patient": {"reference": "Patient/p"}});
    let list = json!({"resourceType": "List", "id": "l", "status": "current", "mode": "working",
        "subject": {"reference": "Patient/p"}, "entry": [{"item": {"reference": "Consent/w"}}]});
    let answer = |resources: &[&Value]| {
        let entries: Vec<Value> = resources
            .iter()
            .map(|one| json!({"resource": one}))
            .collect();
        let text =
            json!({"resourceType": "Bundle", "type": "searchset", "entry": entries}).to_string();
        read_all(&text, Scope::Full).parts[0].outcome.clone()
    };
    assert_eq!(answer(&[]), answer(&[&consent, &list]));
}

/// Found by fuzzing: an element of a section whose name began with a capital, as those of resources do.
#[test]
fn a_section_of_allergies_that_looks_like_a_resource_is_withheld_like_any_other() {
    let xml = |element: &str| {
        format!(
            "<Bundle xmlns=\"http://hl7.org/fhir\"><type value=\"document\"/><entry><resource><Composition>\
             <section>{element}<code><coding><system value=\"http://loinc.org\"/><code value=\"48765-2\"/>\
             </coding></code><text><status value=\"generated\"/><div xmlns=\"http://www.w3.org/1999/xhtml\">\
             <p>Geen bekend</p></div></text></section></Composition></resource></entry></Bundle>"
        )
    };
    let json = r#"{"resourceType": "Bundle", "type": "document", "entry": [{"resource": {
        "resourceType": "Composition", "section": [{"resourceType": "Title",
        "code": {"coding": [{"system": "http://loinc.org", "code": "48765-2"}]},
        "text": {"status": "generated", "div": "<div><p>Geen bekend</p></div>"}}]}}]}"#;
    for text in [
        xml("<Title value=\"Lijst\"/>"),
        xml("<title value=\"Lijst\"/>"),
        json.to_owned(),
    ] {
        assert!(
            read_all(&text, Scope::Full)
                .shown
                .to_string()
                .contains("bekend")
        );
        let without = read_all(&text, Scope::WithoutIca);
        let shown = without.shown.to_string();
        assert!(
            !shown.contains("bekend") && !shown.contains("48765-2"),
            "{shown}"
        );
        assert_eq!(without.coverage.lost, 0);
    }
}
