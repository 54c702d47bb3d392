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

/// The kinds of what a document says of allergies: a signed "none known", changed by `change`.
fn kinds_of_none(change: impl FnOnce(&mut Value)) -> Vec<StatementKind> {
    let none = json!({"resourceType": "AllergyIntolerance", "id": "a",
        "clinicalStatus": concept("x", "active", "Active"),
        "verificationStatus": concept("x", "confirmed", "Confirmed"),
        "code": concept(SNOMED, "716186003", "No known allergy"),
        "patient": {"reference": "Patient/p"}, "recordedDate": "2024-01-01",
        "recorder": {"reference": "Practitioner/d"}});
    let section = json!({"title": "Allergieën", "code": concept("http://loinc.org", "48765-2", "Allergies"),
        "entry": [{"reference": "AllergyIntolerance/a"}]});
    let mut bundle: Value = serde_json::from_str(&document(&[section], &[none])).unwrap();
    change(&mut bundle);
    let whole = read_all(&bundle.to_string(), Scope::Full);
    assert_eq!(whole.coverage.lost, 0);
    whole.record().allergies.iter().map(|s| s.kind).collect()
}

#[test]
fn whatever_stands_in_or_around_a_none_that_is_not_known_to_be_harmless_doubts_it() {
    const STATEMENT: &str = "/entry/3/resource";
    const SECTION: &str = "/entry/0/resource/section/0";
    const COMPOSITION: &str = "/entry/0/resource";
    assert_eq!(kinds_of_none(|_| {}), [NoneKnown]);
    let since = kinds_of_none(|bundle| {
        bundle["entry"][3]["resource"]["onsetPeriod"] = json!({"start": "2016"})
    });
    assert_eq!(since, [NoneKnown]);
    let text = |words: &str| json!({"status": "generated", "div": format!("<div>{words}</div>")});
    let extension = || json!([{"url": "urn:x", "valueString": "behalve penicilline"}]);
    let two = |first: &str, second: &str| json!({"coding": [{"code": first}, {"code": second}]});
    let doubts = [
        (STATEMENT, "extension", extension()),
        (STATEMENT, "implicitRules", json!("urn:x")),
        (STATEMENT, "onsetString", json!("tot 2020")),
        (STATEMENT, "criticality", json!("high")),
        (STATEMENT, "lastOccurrence", json!("2023")),
        (STATEMENT, "type", json!("intolerance")),
        (STATEMENT, "wasNotGiven", json!(true)),
        (STATEMENT, "whatever", json!("behalve penicilline")),
        (
            STATEMENT,
            "onsetPeriod",
            json!({"start": "2016", "end": "2020"}),
        ),
        (STATEMENT, "text", text("Behalve penicilline")),
        (STATEMENT, "meta", json!({"tag": [{"code": "x"}]})),
        (
            STATEMENT,
            "recorder",
            json!({"reference": "Patient/p", "extension": extension()}),
        ),
        (STATEMENT, "clinicalStatus", two("active", "resolved")),
        (
            STATEMENT,
            "verificationStatus",
            two("confirmed", "unconfirmed"),
        ),
        (STATEMENT, "verificationStatus", two("confirmed", "refuted")),
        (
            SECTION,
            "text",
            text("Geen bekende allergieën, wel uitslag van penicilline"),
        ),
        (SECTION, "extension", extension()),
        (SECTION, "mode", json!("changes")),
        (SECTION, "focus", json!({"display": "de vader"})),
        (COMPOSITION, "status", json!("preliminary")),
        (COMPOSITION, "status", json!("entered-in-error")),
        (COMPOSITION, "modifierExtension", extension()),
        (COMPOSITION, "implicitRules", json!("urn:x")),
        ("", "implicitRules", json!("urn:x")),
        ("/entry/3", "search", json!({"mode": "outcome"})),
    ];
    for (at, name, value) in doubts {
        let kinds = kinds_of_none(|bundle| bundle.pointer_mut(at).unwrap()[name] = value.clone());
        assert_eq!(kinds, [NoInformation], "{at} {name} {value}");
    }
    let deleted =
        kinds_of_none(|bundle| bundle["entry"][3]["request"] = json!({"method": "DELETE"}));
    assert_eq!(deleted, [Refuted]);
}

#[test]
fn a_none_in_a_list_that_does_not_hold_or_takes_it_out_is_no_none() {
    let kinds = |status: &str, entry: Value| {
        kinds_of_none(|bundle| {
            let list = json!({"resourceType": "List", "id": "l", "status": status, "mode": "working",
                "code": concept("http://loinc.org", "48765-2", "Allergies"),
                "subject": {"reference": "Patient/p"}, "entry": [entry]});
            let entries = bundle["entry"].as_array_mut().unwrap();
            entries.push(json!({"resource": list}));
        })
    };
    let item = || json!({"item": {"reference": "AllergyIntolerance/a"}});
    assert_eq!(kinds("current", item()), [NoneKnown]);
    for status in ["entered-in-error", "retired"] {
        assert_eq!(kinds(status, item()), [NoInformation], "{status}");
    }
    for (name, value) in [
        ("deleted", json!(true)),
        ("flag", json!({"text": "onjuist"})),
    ] {
        let mut entry = item();
        entry[name] = value;
        assert_eq!(kinds("current", entry), [NoInformation], "{name}");
    }
}

#[test]
fn an_observation_of_a_none_with_a_value_of_its_own_is_no_none() {
    let kinds = |name: &str, value: Value| {
        kinds_of_none(|bundle| {
            let mut observation = json!({"resourceType": "Observation", "id": "o", "status": "final",
                "code": concept(SNOMED, "716186003", "No known allergy"),
                "subject": {"reference": "Patient/p"}, "effectiveDateTime": "2024-01-01"});
            if !name.is_empty() {
                observation[name] = value;
            }
            bundle["entry"][3]["resource"] = observation;
            bundle["entry"][0]["resource"]["section"][0]["entry"][0]["reference"] =
                json!("Observation/o");
        })
    };
    assert_eq!(kinds("", json!(null)), [NoneKnown]);
    for (name, value) in [
        ("valueBoolean", json!(false)),
        ("valueInteger", json!(0)),
        ("dataAbsentReason", json!({"text": "unknown"})),
        ("component", json!([{"code": {"text": "penicilline"}}])),
        ("interpretation", json!([{"text": "onjuist"}])),
        ("hasMember", json!([{"display": "x"}])),
        ("derivedFrom", json!([{"display": "x"}])),
    ] {
        assert_eq!(kinds(name, value), [NoInformation], "{name}");
    }
}

#[test]
fn an_empty_section_about_which_more_is_said_is_no_none() {
    let kind = |name: &str, value: Value| {
        let mut elements = json!({"emptyReason":
            concept("http://terminology.hl7.org/CodeSystem/list-empty-reason", "nilknown", "Nil Known")});
        if !name.is_empty() {
            elements[name] = value;
        }
        section(elements).record().allergies[0].kind
    };
    assert_eq!(
        kind("title", json!("Allergieën en intoleranties")),
        NoneKnown
    );
    for (name, value) in [
        ("title", json!("Voedselallergie")),
        (
            "section",
            json!([{"title": "Penicilline", "text": {"status": "generated", "div": "<div>x</div>"}}]),
        ),
        ("extension", json!([{"url": "urn:x", "valueString": "x"}])),
        ("mode", json!("changes")),
        ("focus", json!({"display": "de vader"})),
        (
            "code",
            json!({"coding": [{"system": "http://loinc.org", "code": "48765-2"},
            {"system": SNOMED, "code": "414285001"}]}),
        ),
    ] {
        assert_eq!(kind(name, value), NoInformation, "{name}");
    }
}

#[test]
fn no_word_of_absence_hides_a_substance() {
    let penicillin = || json!({"system": SNOMED, "code": "764146007"});
    let none = || json!({"system": SNOMED, "code": "716186003"});
    let reaction = || json!([{"substance": {"text": "Penicilline"}}]);
    assert_eq!(
        kind(json!({"code": {"coding": [penicillin()], "text": "Onbekend"}})),
        Entry
    );
    let local = json!({"system": "urn:local", "code": "x", "display": "onbekend"});
    assert_eq!(
        kind(json!({"code": {"coding": [local, penicillin()]}})),
        Entry
    );
    for unreadable in [
        json!({"code": {"text": "Geen"}, "reaction": reaction()}),
        json!({"code": {"coding": [none()]}, "reaction": reaction()}),
        json!({"code": {"coding": [none()]}, "reaction": [{"manifestation": [{"text": "anafylaxie"}]}]}),
        json!({"code": {"coding": [none(), penicillin()]}}),
        json!({"code": {"coding": [{"system": ABSENT, "code": "penicilline"}], "text": "Penicilline"}}),
    ] {
        assert_eq!(kind(unreadable.clone()), Unreadable, "{unreadable}");
    }
    let both = json!({"coding": [{"code": "confirmed"}, {"code": "refuted"}]});
    assert_eq!(
        kind(json!({"code": {"text": "Penicilline"}, "verificationStatus": both})),
        Entry
    );
}
