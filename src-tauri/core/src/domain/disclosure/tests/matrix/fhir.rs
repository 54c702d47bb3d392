//! The encodings of FHIR: a document (R4, in JSON and in XML), and a search set (STU3).

use serde_json::{Value, json};

use super::Encoding;
use crate::domain::state::State;
use crate::readers::{TRAINING_MARKER_SYSTEM, TRAINING_RESTRICTION_ERROR};

const SNOMED: &str = "http://snomed.info/sct";
const ABSENT_UNKNOWN: &str = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips";
const EMPTY_REASON: &str = "http://terminology.hl7.org/CodeSystem/list-empty-reason";
const CLINICAL: &str = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical";
const VERIFICATION: &str = "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification";

/// A format by its name, with what it can say.
pub(super) fn formats() -> Vec<(&'static str, Vec<Encoding>)> {
    vec![
        ("FHIR R4 document", documents()),
        ("FHIR STU3 search set", search_sets()),
    ]
}

fn encoding(state: State, name: &'static str, bundle: &Value) -> Encoding {
    Encoding {
        state,
        name,
        measure: false,
        proven: true,
        texts: dressed(bundle),
    }
}

/// The dresses of a Bundle.
fn dressed(bundle: &Value) -> Vec<String> {
    let mut backwards = bundle.clone();
    if let Some(entries) = backwards["entry"].as_array_mut()
        && let [_, rest @ ..] = entries.as_mut_slice()
    {
        rest.reverse();
    }
    let absolute = bundle
        .to_string()
        .replace(
            r#""reference":"AllergyIntolerance/"#,
            r#""reference":"https://example.org/AllergyIntolerance/"#,
        )
        .replace(
            r#""reference":"Patient/"#,
            r#""reference":"https://example.org/Patient/"#,
        );
    let by_uuid = bundle
        .to_string()
        .replace("https://example.org/AllergyIntolerance/", "urn:uuid:")
        .replace(
            r#""reference":"AllergyIntolerance/"#,
            r#""reference":"urn:uuid:"#,
        );
    let pretty = serde_json::to_string_pretty(bundle).expect("JSON");
    let mut texts = vec![
        bundle.to_string(),
        pretty.clone(),
        format!("\u{feff}{pretty}"),
        backwards.to_string(),
        absolute.clone(),
        by_uuid,
    ];
    for value in [
        bundle,
        &backwards,
        &serde_json::from_str(&absolute).expect("JSON"),
    ] {
        texts.push(xml(value));
        texts.push(format!(
            "\u{feff}<?xml version=\"1.0\"?><!-- a remark -->{}",
            xml(value)
        ));
    }
    texts
}

/// A resource in FHIR's XML.
fn xml(resource: &Value) -> String {
    let kind = resource["resourceType"].as_str().expect("a resource");
    let mut out = format!("<{kind} xmlns=\"http://hl7.org/fhir\">");
    members(&mut out, resource);
    out.push_str(&format!("</{kind}>"));
    out
}

fn members(out: &mut String, of: &Value) {
    let object = of.as_object().expect("an object");
    for (name, value) in object {
        if name == "resourceType" || name == "id" && object.contains_key("url") {
            continue;
        }
        if let Some(of) = name.strip_prefix('_') {
            // Extensions of a primitive without a value stand in an element of its name.
            if !object.contains_key(of) {
                element(out, of, value);
            }
            continue;
        }
        match value {
            Value::Array(values) => values.iter().for_each(|value| element(out, name, value)),
            one => element(out, name, one),
        }
    }
}

fn element(out: &mut String, name: &str, value: &Value) {
    match value {
        Value::Object(object) if object.contains_key("resourceType") => {
            let kind = object["resourceType"].as_str().expect("a name");
            out.push_str(&format!("<{name}><{kind}>"));
            members(out, value);
            out.push_str(&format!("</{kind}></{name}>"));
        }
        Value::Object(object) if object.contains_key("url") => {
            out.push_str(&format!("<{name} url={}>", object["url"]));
            let rest: serde_json::Map<String, Value> = object
                .iter()
                .filter(|(key, _)| *key != "url")
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect();
            members(out, &Value::Object(rest));
            out.push_str(&format!("</{name}>"));
        }
        Value::Object(_) => {
            out.push_str(&format!("<{name}>"));
            members(out, value);
            out.push_str(&format!("</{name}>"));
        }
        Value::String(text) if name == "div" => out.push_str(text),
        Value::String(text) => out.push_str(&format!(
            "<{name} value=\"{}\"/>",
            text.replace('&', "&amp;")
                .replace('"', "&quot;")
                .replace('<', "&lt;")
        )),
        other => out.push_str(&format!("<{name} value=\"{other}\"/>")),
    }
}

fn patient() -> Value {
    json!({"fullUrl": "https://example.org/Patient/p", "resource": {
        "resourceType": "Patient", "id": "p",
        "identifier": [{"system": "http://fhir.nl/fhir/NamingSystem/bsn", "value": "999900006"}],
        "name": [{"family": "Berg", "given": ["Anna"]}], "birthDate": "1951-03-12"}})
}

fn allergy(id: &str, content: Value) -> Value {
    let mut resource = json!({"resourceType": "AllergyIntolerance", "id": id, "patient": {"reference": "Patient/p"}});
    for (name, value) in content.as_object().expect("an object") {
        resource[name] = value.clone();
    }
    json!({"fullUrl": format!("https://example.org/AllergyIntolerance/{id}"), "resource": resource})
}

/// A document with an allergy section as given and these resources referred to from it.
fn document(section: Value, resources: &[Value]) -> Value {
    let mut section = section;
    section["title"] = json!("Allergieën en intoleranties");
    section["code"] = json!({"coding": [{"system": "http://loinc.org", "code": "48765-2"}]});
    if !resources.is_empty() {
        let references: Vec<Value> = resources
            .iter()
            .map(|entry| json!({"reference": format!("AllergyIntolerance/{}", entry["resource"]["id"].as_str().expect("an id"))}))
            .collect();
        section["entry"] = json!(references);
    }
    with_sections(&[section], resources)
}

fn with_sections(sections: &[Value], resources: &[Value]) -> Value {
    let mut composition = json!({"resourceType": "Composition", "id": "c", "status": "final",
        "type": {"coding": [{"system": "http://loinc.org", "code": "60591-5"}]},
        "subject": {"reference": "Patient/p"}, "date": "2026-11-20T10:00:00+01:00",
        "author": [{"reference": "https://example.org/Practitioner/a"}], "title": "Samenvatting"});
    if !sections.is_empty() {
        composition["section"] = json!(sections);
    }
    let mut entries = vec![
        json!({"fullUrl": "https://example.org/Composition/c", "resource": composition}),
        patient(),
        json!({"fullUrl": "https://example.org/Practitioner/a", "resource": {"resourceType": "Practitioner", "id": "a",
            "identifier": [{"system": "http://fhir.nl/fhir/NamingSystem/uzi-nr-pers", "value": "900000012"}],
            "name": [{"family": "Peeters", "given": ["J."]}]}}),
    ];
    entries.extend(resources.iter().cloned());
    json!({"resourceType": "Bundle", "type": "document", "timestamp": "2026-11-22T02:14:00+01:00", "entry": entries})
}

fn coded(system: &str, code: &str) -> Value {
    json!({"coding": [{"system": system, "code": code}]})
}

fn penicillin() -> Value {
    json!({"code": {"coding": [{"system": SNOMED, "code": "764146007", "display": "Penicillin"}]},
        "clinicalStatus": coded(CLINICAL, "active"), "verificationStatus": coded(VERIFICATION, "confirmed"),
        "recordedDate": "2016-11-30", "recorder": {"reference": "https://example.org/Practitioner/a"}})
}

fn none(system: &str, code: &str) -> Value {
    json!({"code": coded(system, code), "clinicalStatus": coded(CLINICAL, "active"), "recordedDate": "2016-11-30",
        "recorder": {"reference": "https://example.org/Practitioner/a"}})
}

fn with(mut value: Value, name: &str, member: Value) -> Value {
    value[name] = member;
    value
}

fn without(mut value: Value, names: &[&str]) -> Value {
    if let Some(object) = value.as_object_mut() {
        for name in names {
            object.remove(*name);
        }
    }
    value
}

fn documents() -> Vec<Encoding> {
    let section = || json!({});
    let entry = || allergy("i", penicillin());
    let empty = |code: &str| document(json!({"emptyReason": coded(EMPTY_REASON, code)}), &[]);
    let of = |state, name, content: Value| {
        encoding(state, name, &document(json!({}), &[allergy("i", content)]))
    };
    let mut all = vec![
        of(State::Known, "coded", penicillin()),
        of(
            State::Known,
            "words without a code",
            json!({"code": {"text": "Penicilline"}}),
        ),
        of(
            State::Known,
            "neither status",
            without(penicillin(), &["clinicalStatus", "verificationStatus"]),
        ),
        of(
            State::Known,
            "unconfirmed",
            with(
                penicillin(),
                "verificationStatus",
                coded(VERIFICATION, "unconfirmed"),
            ),
        ),
        of(
            State::Known,
            "resolved, not refuted",
            with(penicillin(), "clinicalStatus", coded(CLINICAL, "resolved")),
        ),
        of(
            State::Known,
            "the substance stands in the reaction alone",
            json!({"reaction": [{"substance": coded(SNOMED, "764146007"), "manifestation": [{"text": "Uitslag"}]}]}),
        ),
        of(
            State::Known,
            "with a modifier that nobody here knows",
            with(
                penicillin(),
                "modifierExtension",
                json!([{"url": "https://example.org/x", "valueBoolean": true}]),
            ),
        ),
        encoding(
            State::Known,
            "no section refers to it",
            &with_sections(&[], &[entry()]),
        ),
        of(
            State::NoneKnown,
            "716186003, signed and dated",
            none(SNOMED, "716186003"),
        ),
        of(
            State::NoneKnown,
            "no-known-allergies, signed and dated",
            none(ABSENT_UNKNOWN, "no-known-allergies"),
        ),
        of(
            State::NoneKnown,
            "716186003 on the document's author and date",
            without(none(SNOMED, "716186003"), &["recordedDate", "recorder"]),
        ),
        encoding(State::NoneKnown, "emptyReason nilknown", &empty("nilknown")),
        encoding(State::NotAsserted, "no section", &with_sections(&[], &[])),
        encoding(
            State::NotAsserted,
            "an empty section",
            &document(section(), &[]),
        ),
        encoding(
            State::NotAsserted,
            "narrative alone: \"No known allergies\"",
            &document(
                json!({"text": {"status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>No known allergies</p></div>"}}),
                &[],
            ),
        ),
        encoding(
            State::NotAsserted,
            "narrative alone that names an allergy",
            &document(
                json!({"text": {"status": "additional", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>Penicilline</p></div>"}}),
                &[],
            ),
        ),
        of(
            State::NotAsserted,
            "no-allergy-info",
            none(ABSENT_UNKNOWN, "no-allergy-info"),
        ),
        of(State::NotAsserted, "1287211007", none(SNOMED, "1287211007")),
        of(
            State::NotAsserted,
            "\"no food allergy\" alone (429625007)",
            none(SNOMED, "429625007"),
        ),
        of(
            State::NotAsserted,
            "no-known-food-allergies alone",
            none(ABSENT_UNKNOWN, "no-known-food-allergies"),
        ),
        of(
            State::NotAsserted,
            "refuted",
            with(
                penicillin(),
                "verificationStatus",
                coded(VERIFICATION, "refuted"),
            ),
        ),
        of(
            State::NotAsserted,
            "entered in error",
            with(
                without(penicillin(), &["clinicalStatus"]),
                "verificationStatus",
                coded(VERIFICATION, "entered-in-error"),
            ),
        ),
        of(
            State::NotAsserted,
            "a \"none\" that was refuted",
            with(
                none(SNOMED, "716186003"),
                "verificationStatus",
                coded(VERIFICATION, "refuted"),
            ),
        ),
        of(
            State::NotAsserted,
            "a \"none\" with a modifier that nobody here knows",
            with(
                none(SNOMED, "716186003"),
                "modifierExtension",
                json!([{"url": "https://example.org/x", "valueBoolean": true}]),
            ),
        ),
        of(
            State::NotAsserted,
            "a \"none\" with an exception in words",
            with(
                none(SNOMED, "716186003"),
                "note",
                json!([{"text": "behalve penicilline"}]),
            ),
        ),
        of(
            State::NotAsserted,
            "masked (data-absent-reason)",
            json!({"code": {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "masked"}]}}),
        ),
        of(
            State::NotAsserted,
            "words without a code: \"No known allergies\"",
            json!({"code": {"text": "No known allergies"}}),
        ),
        encoding(
            State::NotAsserted,
            "a \"none\" without author or date anywhere",
            &without_signature(&document(
                section(),
                &[allergy(
                    "i",
                    without(none(SNOMED, "716186003"), &["recordedDate", "recorder"]),
                )],
            )),
        ),
        encoding(
            State::Contradictory,
            "716186003 beside an entry",
            &document(
                section(),
                &[entry(), allergy("n", none(SNOMED, "716186003"))],
            ),
        ),
        encoding(
            State::Contradictory,
            "emptyReason nilknown beside an entry",
            &document(
                json!({"emptyReason": coded(EMPTY_REASON, "nilknown")}),
                &[entry()],
            ),
        ),
        of(State::Unreadable, "a resource that says nothing", json!({})),
        encoding(
            State::Unreadable,
            "a reference to what is not in the document",
            &with_sections(
                &[
                    json!({"title": "Allergieën", "code": coded("http://loinc.org", "48765-2"), "entry": [{"reference": "AllergyIntolerance/elsewhere"}]}),
                ],
                &[],
            ),
        ),
        encoding(
            State::NotAsserted,
            "restricted by the patient (OperationOutcome)",
            &outcome("error", TRAINING_RESTRICTION_ERROR, &[]),
        ),
        encoding(
            State::Incomplete,
            "an error beside the content",
            &outcome("error", "timeout", &[entry()]),
        ),
        encoding(
            State::Incomplete,
            "an error and nothing else",
            &outcome("error", "timeout", &[]),
        ),
        encoding(
            State::NotAsserted,
            "an empty search set",
            &json!({"resourceType": "Bundle", "type": "searchset", "total": 0}),
        ),
        encoding(
            State::Incomplete,
            "a search set with more than it holds",
            &json!({"resourceType": "Bundle", "type": "searchset", "total": 3, "entry": [patient(), entry()]}),
        ),
    ];
    for reason in [
        "notasked",
        "unavailable",
        "withheld",
        "notstarted",
        "closed",
        "somethingelse",
    ] {
        all.push(encoding(
            State::NotAsserted,
            name_of(reason),
            &empty(reason),
        ));
    }
    let marker =
        |code: &str| json!({"security": [{"system": TRAINING_MARKER_SYSTEM, "code": code}]});
    let tag = |code: &str| json!({"tag": [{"system": TRAINING_MARKER_SYSTEM, "code": code}]});
    all.push(encoding(
        State::WithheldByRule,
        "national rule (meta.security)",
        &with(document(section(), &[]), "meta", marker("LANDELIJKE_REGEL")),
    ));
    all.push(encoding(
        State::NotAsserted,
        "a \"no\" that arrives as data (meta.security)",
        &with(
            document(section(), &[entry()]),
            "meta",
            marker("GEEN_TOESTEMMING"),
        ),
    ));
    let nothing = document(section(), &[]);
    let sent = document(section(), &[entry()]);
    let said = document(section(), &[allergy("n", none(SNOMED, "716186003"))]);
    for (name, bundle) in [
        (
            "corona marker (meta.security), nothing sent",
            with(nothing.clone(), "meta", marker("CORONA")),
        ),
        (
            "corona marker (meta.security), entry sent",
            with(sent.clone(), "meta", marker("CORONA")),
        ),
        (
            "corona marker (meta.security), \"none\" sent",
            with(said.clone(), "meta", marker("CORONA")),
        ),
        (
            "corona marker (meta.tag), entry sent",
            with(sent.clone(), "meta", tag("CORONA")),
        ),
        (
            "corona marker (meta.tag), \"none\" sent",
            with(said.clone(), "meta", tag("CORONA")),
        ),
        ("corona marker (Consent), entry sent", with_consent(&sent)),
    ] {
        all.push(Encoding {
            measure: true,
            ..encoding(State::WithheldByRule, name, &bundle)
        });
    }
    for (name, bundle) in [
        ("not established, entry sent", sent),
        ("not established, \"none\" sent", said),
    ] {
        all.push(Encoding {
            measure: true,
            proven: false,
            ..encoding(State::WithheldByRule, name, &bundle)
        });
    }
    all
}

const fn name_of(reason: &str) -> &'static str {
    match reason.as_bytes() {
        b"notasked" => "emptyReason notasked",
        b"unavailable" => "emptyReason unavailable",
        b"withheld" => "emptyReason withheld",
        b"notstarted" => "emptyReason notstarted",
        b"closed" => "emptyReason closed",
        _ => "an emptyReason that nobody here knows",
    }
}

/// The document without an author and a date of its own.
fn without_signature(document: &Value) -> Value {
    let mut document = document.clone();
    let composition = &mut document["entry"][0]["resource"];
    *composition = without(composition.clone(), &["date", "author"]);
    without(document, &["timestamp"])
}

fn with_consent(document: &Value) -> Value {
    let mut document = document.clone();
    let consent = json!({"fullUrl": "https://example.org/Consent/k", "resource": {"resourceType": "Consent", "id": "k", "status": "active",
        "scope": coded("http://terminology.hl7.org/CodeSystem/consentscope", "patient-privacy"),
        "category": [coded(TRAINING_MARKER_SYSTEM, "CORONA")], "patient": {"reference": "Patient/p"}}});
    if let Some(entries) = document["entry"].as_array_mut() {
        entries.push(consent);
    }
    document
}

/// A search set with an `OperationOutcome` and these entries.
fn outcome(severity: &str, code: &str, entries: &[Value]) -> Value {
    let mut all = vec![
        json!({"fullUrl": "https://example.org/OperationOutcome/o", "resource": {"resourceType": "OperationOutcome",
        "issue": [{"severity": severity, "code": "processing", "details": {"coding": [{"system": "https://example.org/codes", "code": code}]}}]}}),
    ];
    if !entries.is_empty() {
        all.push(patient());
        all.extend(entries.iter().cloned());
    }
    json!({"resourceType": "Bundle", "type": "searchset", "entry": all})
}

fn search_sets() -> Vec<Encoding> {
    let set = |resources: &[Value]| {
        let mut entries = vec![patient()];
        entries.extend(resources.iter().cloned());
        json!({"resourceType": "Bundle", "type": "searchset", "total": entries.len(), "entry": entries})
    };
    let signed = |content: Value| {
        with(
            with(content, "assertedDate", json!("2016-11-30")),
            "asserter",
            json!({"display": "J. Peeters, huisarts"}),
        )
    };
    let entry = || {
        signed(
            json!({"clinicalStatus": "active", "verificationStatus": "confirmed", "category": ["medication"],
            "code": {"coding": [{"system": "urn:oid:2.16.840.1.113883.2.4.4.1.902.122", "code": "35", "display": "Penicillines"}]}}),
        )
    };
    let none = || {
        signed(
            json!({"clinicalStatus": "active", "verificationStatus": "confirmed", "code": coded(SNOMED, "716186003")}),
        )
    };
    let of = |state, name, contents: &[Value]| {
        let resources: Vec<Value> = contents
            .iter()
            .enumerate()
            .map(|(at, content)| allergy(&format!("i{at}"), content.clone()))
            .collect();
        encoding(state, name, &set(&resources))
    };
    vec![
        of(State::Known, "coded", &[entry()]),
        of(State::NoneKnown, "716186003, signed and dated", &[none()]),
        of(State::NotAsserted, "nothing sent", &[]),
        of(
            State::NotAsserted,
            "entered in error",
            &[with(
                without(entry(), &["clinicalStatus"]),
                "verificationStatus",
                json!("entered-in-error"),
            )],
        ),
        of(
            State::NotAsserted,
            "refuted",
            &[with(entry(), "verificationStatus", json!("refuted"))],
        ),
        of(
            State::NotAsserted,
            "Thesaurus 40 alone: a contra-indication",
            &[with(
                entry(),
                "code",
                coded("urn:oid:2.16.840.1.113883.2.4.4.1.902.40", "46"),
            )],
        ),
        of(
            State::NotAsserted,
            "716186003 without author or date",
            &[without(none(), &["assertedDate", "asserter"])],
        ),
        of(
            State::Contradictory,
            "716186003 beside an entry",
            &[entry(), none()],
        ),
        of(
            State::Unreadable,
            "a resource that says nothing",
            &[json!({})],
        ),
    ]
}
