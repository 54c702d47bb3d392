//! What is said of allergies, contra-indications and treatment limits, in every way that FHIR has.

use serde_json::{Value, json};

use super::{Whole, document, read_all};
use crate::domain::state::StatementKind::{
    self, Entry, NoInformation, NoneKnown, Refuted, Scoped, Unreadable,
};
use crate::domain::summary::document::NarrativeWeight;
use crate::readers::Scope;

const SNOMED: &str = "http://snomed.info/sct";
const ABSENT: &str = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips";

fn concept(system: &str, code: &str, display: &str) -> Value {
    json!({"coding": [{"system": system, "code": code, "display": display}]})
}

/// A document with one allergy that has these elements.
fn allergy(elements: Value) -> Whole {
    let mut resource = json!({"resourceType": "AllergyIntolerance", "id": "a",
        "patient": {"reference": "Patient/p"}});
    for (name, value) in elements.as_object().unwrap() {
        resource[name] = value.clone();
    }
    let section = json!({"code": concept("http://loinc.org", "48765-2", "x"),
        "entry": [{"reference": "AllergyIntolerance/a"}]});
    read_all(&document(&[section], &[resource]), Scope::Full)
}

fn kind(elements: Value) -> StatementKind {
    let whole = allergy(elements);
    assert_eq!(whole.coverage.lost, 0);
    let record = whole.record();
    let all: Vec<_> = record
        .allergies
        .iter()
        .chain(&record.contraindications)
        .collect();
    assert_eq!(all.len(), 1);
    all[0].kind
}

/// What the section of allergies says by itself.
fn section(elements: Value) -> Whole {
    let mut section = json!({"code": concept("http://loinc.org", "48765-2", "x")});
    for (name, value) in elements.as_object().unwrap() {
        section[name] = value.clone();
    }
    let whole = read_all(&document(&[section], &[]), Scope::Full);
    assert_eq!(whole.coverage.lost, 0);
    whole
}

fn empty(code: &str, words: &str) -> Whole {
    section(json!({
        "emptyReason": concept("http://terminology.hl7.org/CodeSystem/list-empty-reason", code, code),
        "text": {"status": "generated", "div": format!("<div>{words}</div>")}}))
}

#[test]
fn a_coded_none_is_one_only_where_nothing_narrows_or_doubts_it() {
    let none = || concept(SNOMED, "716186003", "No known allergy");
    assert_eq!(kind(json!({"code": none()})), NoneKnown);
    assert_eq!(
        kind(json!({"code": concept(ABSENT, "no-known-allergies", "No known allergies")})),
        NoneKnown
    );
    let verified = |code: &str| {
        kind(json!({"code": none(), "verificationStatus":
            concept("http://terminology.hl7.org/CodeSystem/allergyintolerance-verification", code, code)}))
    };
    assert_eq!(verified("confirmed"), NoneKnown);
    assert_eq!(verified("unconfirmed"), NoInformation);
    assert_eq!(verified("entered-in-error"), Refuted);
    assert_eq!(
        kind(json!({"code": none(), "category": ["medication"]})),
        Scoped
    );
    assert_eq!(
        kind(json!({"code": none(), "note": [{"text": "behalve noten"}]})),
        NoInformation
    );
    assert_eq!(
        kind(
            json!({"code": none(), "modifierExtension": [{"url": "urn:x", "valueBoolean": true}]})
        ),
        NoInformation
    );
    assert_eq!(
        kind(json!({"code": none(), "recordedDate": "2099-01-01"})),
        NoInformation
    );
    let mut with_text = none();
    with_text["text"] = json!("No known allergy except nuts");
    assert_eq!(kind(json!({"code": with_text})), NoInformation);
}

#[test]
fn what_is_about_some_allergies_only_is_scoped_and_what_is_not_known_says_nothing() {
    assert_eq!(
        kind(json!({"code": concept(SNOMED, "429625007", "No known food allergy")})),
        Scoped
    );
    assert_eq!(
        kind(json!({"code": concept(ABSENT, "no-known-food-allergies", "x")})),
        Scoped
    );
    assert_eq!(
        kind(json!({"code": concept(ABSENT, "no-allergy-info", "No information about allergies")})),
        NoInformation
    );
    assert_eq!(
        kind(json!({"code": concept(SNOMED, "1287211007", "No information")})),
        NoInformation
    );
    assert_eq!(
        kind(json!({"code": {"text": "No known allergies"}})),
        NoInformation
    );
    assert_eq!(
        kind(json!({"code": {"extension": [{
            "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "masked"}]}})),
        NoInformation
    );
    assert_eq!(kind(json!({})), Unreadable);
}

#[test]
fn an_allergy_stays_an_entry_in_doubt_and_is_refuted_only_where_it_says_so() {
    let code = || concept(SNOMED, "764146007", "Penicilline");
    let verified = |code_: Value| kind(json!({"code": code(), "verificationStatus": code_}));
    assert_eq!(verified(json!("unconfirmed")), Entry);
    assert_eq!(verified(json!("refuted")), Refuted);
    assert_eq!(
        kind(
            json!({"code": code(), "modifierExtension": [{"url": "urn:x", "valueBoolean": true}]})
        ),
        Entry
    );
    let only_substance = json!({"reaction": [{"substance": code(),
        "manifestation": [concept(SNOMED, "39579001", "Anafylaxie")], "severity": "severe"}]});
    let whole = allergy(only_substance);
    let statement = &whole.record().allergies[0];
    assert_eq!(statement.kind, Entry);
    assert_eq!(
        statement.value.as_ref().unwrap().label(),
        Some("Penicilline")
    );
    let reaction = statement
        .details
        .iter()
        .find(|d| d.name == "reaction")
        .unwrap();
    let names: Vec<&str> = reaction.details.iter().map(|d| d.name.as_str()).collect();
    assert!(
        names.contains(&"manifestation") && names.contains(&"severity"),
        "{names:?}"
    );
}

#[test]
fn what_is_coded_in_thesaurus_40_is_a_contra_indication_in_whatever_element() {
    let whole = allergy(
        json!({"code": concept("urn:oid:2.16.840.1.113883.2.4.4.1.902.40", "1347", "ASTMA")}),
    );
    let record = whole.record();
    assert!(record.allergies.is_empty());
    assert_eq!(record.contraindications[0].kind, Entry);
}

#[test]
fn an_empty_section_is_a_none_only_by_its_reason() {
    let statement = |whole: &Whole| whole.record().allergies[0].clone();
    let none = statement(&empty("nilknown", "No known allergies"));
    assert_eq!(none.kind, NoneKnown);
    let author = none.author.unwrap();
    assert!(author.conducted && author.time.is_some() && author.name.is_some());
    assert_eq!(
        statement(&empty("nilknown", "Penicillin")).kind,
        NoInformation
    );
    for reason in ["notasked", "unavailable", "notstarted", "closed", "anders"] {
        assert_eq!(
            statement(&empty(reason, "Not asked")).kind,
            NoInformation,
            "{reason}"
        );
    }
    let text_alone =
        section(json!({"text": {"status": "generated", "div": "<div>No known allergies</div>"}}));
    let read = statement(&text_alone);
    assert_eq!(
        (read.kind, read.text.as_deref()),
        (NoInformation, Some("No known allergies"))
    );
    let narrative = text_alone.record().sections[0].narrative.as_ref().unwrap();
    assert_eq!(narrative.weight, NarrativeWeight::Instead);
    assert_eq!(statement(&section(json!({}))).kind, NoInformation);
}

#[test]
fn what_the_patient_withholds_looks_like_what_nobody_said() {
    let whole = empty("withheld", "Withheld at the patient's request");
    let shown = whole.shown.to_string();
    assert!(!shown.contains("ithheld"), "{shown}");
    assert_eq!(whole.record().allergies[0].kind, NoInformation);
}

#[test]
fn an_entry_that_dangles_is_something_that_cannot_be_read() {
    let whole = section(json!({"entry": [{"reference": "AllergyIntolerance/weg"}]}));
    assert_eq!(whole.record().allergies[0].kind, Unreadable);
    assert_eq!(whole.record().sections[0].entries[0].target, None);
}

#[test]
fn an_advance_directive_is_a_treatment_limit_with_its_words_date_and_author() {
    let consent = json!({"resourceType": "Consent", "id": "c", "status": "active",
        "scope": concept("http://terminology.hl7.org/CodeSystem/consentscope", "adr", "x"),
        "patient": {"reference": "Patient/p"}, "dateTime": "2023-02-01",
        "performer": [{"display": "Dokter Limiet"}],
        "provision": {"type": "deny", "code": [concept(SNOMED, "304253006", "Niet reanimeren")]}});
    let section = json!({"code": concept("http://loinc.org", "42348-3", "x"),
        "entry": [{"reference": "Consent/c"}]});
    for scope in [Scope::Full, Scope::WithoutIca] {
        let whole = read_all(
            &document(
                core::slice::from_ref(&section),
                core::slice::from_ref(&consent),
            ),
            scope,
        );
        assert_eq!(whole.coverage.lost, 0);
        let limit = &whole.record().treatment_limits[0];
        assert_eq!(limit.kind, Entry);
        assert_eq!(
            limit.value.as_ref().unwrap().label(),
            Some("Niet reanimeren")
        );
        let author = limit.author.as_ref().unwrap();
        assert_eq!(author.time.as_ref().unwrap().raw, "2023-02-01");
        assert_eq!(author.name.as_ref().unwrap().family, "Dokter Limiet");
    }
}

/// Whatever else stands in or around a plain "none known" makes it something else.
mod doubts {
    use serde_json::{Value, json};

    use crate::domain::state::StatementKind;
    use crate::readers::Scope;
    use crate::readers::fhir::tests::read_all;

    fn document(allergy: &[(&str, Value)], composition: &[(&str, Value)]) -> String {
        let code = |system: &str, code: &str| json!({"coding": [{"system": system, "code": code}]});
        let mut none = json!({"resourceType": "AllergyIntolerance", "id": "n",
            "clinicalStatus": code("http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical", "active"),
            "code": code("http://snomed.info/sct", "716186003"), "patient": {"reference": "Patient/p"},
            "recordedDate": "2016-11-30", "recorder": {"display": "J. Peeters, huisarts"}});
        for (name, value) in allergy {
            none[*name] = value.clone();
        }
        let mut whole = json!({"resourceType": "Composition", "id": "c", "status": "final", "date": "2026-11-20",
            "subject": {"reference": "Patient/p"}, "author": [{"display": "J. Peeters"}],
            "section": [{"title": "Allergieën", "code": code("http://loinc.org", "48765-2"),
                "entry": [{"reference": "AllergyIntolerance/n"}]}]});
        for (name, value) in composition {
            whole[*name] = value.clone();
        }
        json!({"resourceType": "Bundle", "type": "document", "entry": [{"resource": whole}, {"resource": none},
            {"resource": {"resourceType": "Patient", "id": "p", "identifier": [
                {"system": "http://fhir.nl/fhir/NamingSystem/bsn", "value": "999900006"}]}}]})
        .to_string()
    }

    fn kind(text: &str) -> StatementKind {
        let whole = read_all(text, Scope::Full);
        assert_eq!(whole.coverage.lost, 0);
        whole.record().allergies[0].kind
    }

    #[test]
    fn a_plain_none_is_one() {
        assert_eq!(kind(&document(&[], &[])), StatementKind::NoneKnown);
    }

    #[test]
    fn anything_else_in_the_resource_makes_it_no_information() {
        for doubt in [
            ("implicitRules", json!("https://example.org/rules")),
            ("lastOccurrence", json!("2020")),
            ("onsetPeriod", json!({"start": "2016", "end": "2020"})),
            (
                "extension",
                json!([{"url": "https://example.org/x", "valueString": "behalve penicilline"}]),
            ),
            ("onsetString", json!("tot 2020")),
            ("criticality", json!("high")),
            ("whatever", json!("behalve penicilline")),
            (
                "verificationStatus",
                json!({"coding": [{"code": "confirmed"}, {"code": "unconfirmed"}]}),
            ),
        ] {
            let read = kind(&document(core::slice::from_ref(&doubt), &[]));
            assert_eq!(read, StatementKind::NoInformation, "{}", doubt.0);
        }
    }

    #[test]
    fn a_reaction_beside_it_cannot_be_read_as_either() {
        let reaction = json!([{"substance": {"text": "Penicilline"}, "manifestation": [{"text": "anafylaxie"}]}]);
        assert_eq!(
            kind(&document(&[("reaction", reaction)], &[])),
            StatementKind::Unreadable
        );
    }

    #[test]
    fn a_document_that_was_taken_back_or_is_not_finished_says_no_none() {
        for doubt in [
            ("status", json!("entered-in-error")),
            ("status", json!("preliminary")),
            ("implicitRules", json!("https://example.org/rules")),
            (
                "modifierExtension",
                json!([{"url": "https://example.org/x", "valueBoolean": true}]),
            ),
        ] {
            let read = kind(&document(&[], core::slice::from_ref(&doubt)));
            assert_eq!(read, StatementKind::NoInformation, "{}", doubt.0);
        }
    }
}
