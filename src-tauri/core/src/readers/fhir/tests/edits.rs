//! What is misspelt, missing or where it does not belong: nothing is lost. Every single change to every
//! member of every resource of our own documents, and what was found beyond those.

use std::path::Path;

use serde_json::{Value, json};

use super::resources::collection;
use super::{read_all, read_anything};
use crate::readers::Scope;

/// What can befall a member.
#[derive(Debug, Clone, Copy)]
enum Edit {
    Misspelt,
    Gone,
    Word,
    Unknown,
    Twice,
}

const EDITS: [Edit; 5] = [
    Edit::Misspelt,
    Edit::Gone,
    Edit::Word,
    Edit::Unknown,
    Edit::Twice,
];

/// Edits the `n`th member, counted from 0 in the order of the text; `None` where there are fewer.
fn edit(value: &mut Value, n: &mut usize, how: Edit) -> Option<()> {
    match value {
        Value::Object(members) => {
            let names: Vec<String> = members.keys().cloned().collect();
            for name in names {
                if *n == 0 {
                    let old = members.remove(&name)?;
                    let (name, new) = match how {
                        Edit::Gone => return Some(()),
                        Edit::Misspelt => (format!("{name}X"), old),
                        Edit::Word => (name, json!("word")),
                        Edit::Unknown => (name, json!([{"unheard": "word"}])),
                        Edit::Twice => (name, json!([old, old])),
                    };
                    members.insert(name, new);
                    return Some(());
                }
                *n -= 1;
                if edit(members.get_mut(&name)?, n, how).is_some() {
                    return Some(());
                }
            }
            None
        }
        Value::Array(items) => items.iter_mut().find_map(|item| edit(item, n, how)),
        _ => None,
    }
}

fn resources() -> Vec<Value> {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds/fhir_json");
    let mut resources = Vec::new();
    for file in std::fs::read_dir(seeds).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let Ok(whole) = serde_json::from_str::<Value>(&text) else {
            continue;
        };
        let entries = whole["entry"].as_array().cloned().unwrap_or_default();
        resources.extend(entries.into_iter().map(|entry| entry["resource"].clone()));
        resources.push(whole);
    }
    resources
}

#[test]
fn no_single_change_to_a_resource_loses_anything() {
    let mut edits = 0;
    for resource in resources() {
        for how in EDITS {
            for n in 0.. {
                let mut changed = resource.clone();
                if edit(&mut changed, &mut n.clone(), how).is_none() {
                    break;
                }
                edits += 1;
                let bundle = json!({"resourceType": "Bundle", "type": "collection",
                    "entry": [{"resource": changed}]});
                read_anything(bundle.to_string().as_bytes());
            }
        }
    }
    assert!(edits > 500, "only {edits}");
}

/// Found by fuzzing: a `value` whose name was misspelt.
#[test]
fn a_contact_point_without_a_value_loses_nothing_it_says() {
    let patient = json!({"resourceType": "Patient", "id": "t", "telecom": [
        {"system": "phone", "lauve": "0612345678", "use": "mobile"},
        {"system": "phone", "value": "0101234567", "use": "home"}]});
    let whole = collection(&[patient]);
    assert_eq!(whole.coverage.lost, 0);
    let shown = whole.shown.to_string();
    for value in ["0612345678", "mobile", "0101234567"] {
        assert!(shown.contains(value), "{shown}");
    }
}

/// Found by a property: text around a section that is not disclosed.
#[test]
fn words_between_elements_are_listed_also_around_what_is_withheld() {
    let section = |code: &str, id: &str| {
        format!(
            "<section id=\"{id}\"><title value=\"T\"/><code><coding><system value=\
             \"http://loinc.org\"/><code value=\"{code}\"/></coding></code></section>"
        )
    };
    let (withheld, stays) = (section("48765-2", "a"), section("11450-4", "b"));
    for around in [
        format!("een{withheld}{stays}"),
        format!("{withheld}een{stays}"),
        format!("{stays}{withheld}een"),
        format!("een{withheld}twee{stays}"),
        format!("een{withheld}{withheld}twee{withheld}{stays}drie"),
    ] {
        let text = format!(
            "<Bundle xmlns=\"http://hl7.org/fhir\"><type value=\"document\"/><entry><resource>\
             <Composition>{around}</Composition></resource></entry></Bundle>"
        );
        // Where it is withheld the words are those of a document that never had it.
        let never = text.replace(&withheld, "");
        assert_eq!(
            read_all(&text, Scope::WithoutIca).shown,
            read_all(&never, Scope::WithoutIca).shown
        );
        for scope in [Scope::Full, Scope::WithoutIca] {
            let whole = read_all(&text, scope);
            assert_eq!(whole.coverage.lost, 0, "{text}");
            let shown = whole.shown.to_string();
            for word in ["een", "twee", "drie"] {
                assert_eq!(shown.contains(word), around.contains(word), "{shown}");
            }
        }
    }
}

/// Found by fuzzing: a `unit` whose name was misspelt.
#[test]
fn a_quantity_of_which_a_part_is_missing_loses_none_of_the_others() {
    for quantity in [
        json!({"value": 54, "system": "urn:x"}),
        json!({"comparator": "<", "unit": "mmol/l"}),
        json!({"system": "urn:x"}),
        json!({"value": 1, "comparator": "<", "code": "mg", "system": "urn:x"}),
        json!({"value": 1, "unit": "mg", "system": "urn:x"}),
    ] {
        let observation = json!({"resourceType": "Observation", "id": "o", "status": "final",
            "code": {"text": "eGFR"}, "subject": {"reference": "Patient/p"},
            "valueQuantity": quantity, "referenceRange": [{"low": quantity}]});
        let medication = json!({"resourceType": "MedicationRequest", "id": "m", "status": "active",
            "medicationCodeableConcept": {"text": "Metoprolol"}, "subject": {"reference": "Patient/p"},
            "dosageInstruction": [{"doseAndRate": [{"doseQuantity": quantity}]}],
            "dispenseRequest": {"quantity": quantity}});
        let whole = collection(&[observation, medication]);
        let shown = whole.shown.to_string();
        for value in quantity
            .as_object()
            .unwrap()
            .values()
            .filter_map(Value::as_str)
        {
            assert!(shown.contains(value), "{quantity}: {shown}");
        }
    }
}

/// Found by fuzzing: an extension of which the end and the next one's begin were gone.
#[test]
fn an_extension_with_more_values_than_one_loses_none() {
    let medication = json!({"resourceType": "MedicationRequest", "id": "m", "status": "active",
        "medicationCodeableConcept": {"text": "Metoprolol"}, "subject": {"reference": "Patient/p"},
        "extension": [{"url": "http://example.org/more",
            "valueReference": {"reference": "EpisodeOfCare/elders"},
            "valueString": "zeven", "valueCode": "acht",
            "valuePeriod": {"start": "2026-01-05"}}]});
    let whole = collection(&[medication]);
    assert_eq!(whole.coverage.lost, 0);
    let shown = whole.shown.to_string();
    for value in ["EpisodeOfCare/elders", "zeven", "acht", "2026-01-05"] {
        assert!(shown.contains(value), "{value}: {shown}");
    }
}

/// Found by fuzzing: two resources run into one.
#[test]
fn a_member_that_is_written_twice_loses_none_of_both() {
    for kind in [
        "MedicationStatement",
        "Condition",
        "Observation",
        "Procedure",
    ] {
        let text = format!(
            r#"{{"resourceType": "Bundle", "type": "collection", "entry": [
            {{"resource": {{"resourceType": "Patient", "id": "p"}}}},
            {{"resource": {{"resourceType": "{kind}", "id": "s", "subject": {{"reference": "Patient/p"}},
              "code": {{"coding": [{{"system": "http://snomed.info/sct", "code": "160245001", "display": "een"}}], "text": "twee"}},
              "status": "active",
              "medicationCodeableConcept": {{"coding": [{{"system": "http://snomed.info/sct", "code": "787481004", "display": "vijf"}}], "text": "zes"}},
              "code": {{"coding": [{{"system": "http://snomed.info/sct", "code": "716186003", "display": "drie"}}], "text": "vier"}}}}}}]}}"#
        );
        let whole = read_all(&text, Scope::Full);
        let shown = whole.shown.to_string();
        for word in ["een", "twee", "drie", "vier", "vijf", "zes"] {
            assert!(
                shown.contains(&format!("\"{word}\"")),
                "{kind} {word}: {shown}"
            );
        }
        assert_eq!(whole.coverage.lost, 0, "{kind}");
    }
}
