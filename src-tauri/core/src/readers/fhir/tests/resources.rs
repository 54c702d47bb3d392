//! Readers of single resources, on the smallest documents that show the case.

use serde_json::{Value, json};

use super::{Whole, read_all};
use crate::domain::summary::clinical::MedicationKind;
use crate::domain::summary::document::Detail;
use crate::domain::summary::{MeasuredValue, SectionKind};
use crate::readers::Scope;

/// A collection of these resources, each under the URL of its type and id.
pub(super) fn collection(resources: &[Value]) -> Whole {
    let entries: Vec<Value> = resources
        .iter()
        .map(|resource| {
            let of = |name: &str| resource[name].as_str().unwrap_or_default();
            let url = format!("https://a.example/{}/{}", of("resourceType"), of("id"));
            json!({"fullUrl": url, "resource": resource})
        })
        .collect();
    let bundle = json!({"resourceType": "Bundle", "type": "collection", "entry": entries});
    let whole = read_all(&bundle.to_string(), Scope::Full);
    assert_eq!(whole.coverage.lost, 0);
    whole
}

fn coding(system: &str, code: &str, display: &str) -> Value {
    json!({"coding": [{"system": system, "code": code, "display": display}]})
}

fn snomed(code: &str, display: &str) -> Value {
    coding("http://snomed.info/sct", code, display)
}

fn named<'a>(details: &'a [Detail], name: &str) -> &'a Detail {
    details
        .iter()
        .find(|detail| detail.name == name)
        .unwrap_or_else(|| panic!("no {name} in {details:#?}"))
}

#[test]
fn a_problem_that_an_episode_of_care_is_about_is_told_in_it_once() {
    let whole = collection(&[
        json!({"resourceType": "Condition", "id": "c", "code": snomed("195967001", "Asthma"),
            "identifier": [{"system": "urn:oid:1.2", "value": "7"}],
            "clinicalStatus": "active", "severity": snomed("24484000", "Severe"),
            "note": [{"text": "benauwd"}]}),
        json!({"resourceType": "EpisodeOfCare", "id": "e", "status": "active",
            "period": {"start": "2019"}, "diagnosis": [{
                "condition": {"reference": "Condition/c", "display": "Astma"},
                "role": snomed("1", "main")}]}),
        json!({"resourceType": "Procedure", "id": "p", "status": "completed",
            "code": snomed("2", "Spirometry"), "reasonReference": [{"reference": "Condition/c"}]}),
    ]);
    let record = whole.record();
    let [episode] = record.episodes.as_slice() else {
        panic!("{:#?}", record.episodes);
    };
    assert_eq!(episode.title.as_deref(), Some("Astma"));
    assert_eq!(
        episode.problem.as_ref().unwrap().code.as_deref(),
        Some("195967001")
    );
    assert_eq!(episode.problem_text.as_deref(), Some("benauwd"));
    assert_eq!(episode.problem_ids.len(), 1);
    assert_eq!(episode.period.low.as_ref().unwrap().raw, "2019");
    assert_eq!(
        named(&episode.details, "severity")
            .coded
            .as_ref()
            .unwrap()
            .code
            .as_deref(),
        Some("24484000")
    );
    let referred = &record.others[0].references;
    assert_eq!(referred[0].target.as_ref(), Some(&episode.key));
}

#[test]
fn a_refuted_problem_is_taken_back_and_one_that_was_entered_in_error_too() {
    for status in ["refuted", "entered-in-error"] {
        let system = "http://terminology.hl7.org/CodeSystem/condition-ver-status";
        let whole = collection(&[json!({"resourceType": "Condition", "id": "c",
            "verificationStatus": {"coding": [{"system": system, "code": status}]},
            "code": snomed("1", "x"), "onsetAge": {"value": 52, "unit": "jaar"},
            "abatementString": "vorig jaar"})]);
        let episode = &whole.record().episodes[0];
        assert!(episode.withdrawn);
        let onset = named(&episode.details, "onset").quantity.as_ref().unwrap();
        assert_eq!(onset.value.as_deref(), Some("52"));
        assert_eq!(
            named(&episode.details, "abatement").text.as_deref(),
            Some("vorig jaar")
        );
    }
}

#[test]
fn none_known_is_an_entry_of_its_own_and_never_a_disease_or_a_drug() {
    let absent = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips";
    let whole = collection(&[
        json!({"resourceType": "Condition", "id": "c",
            "code": coding(absent, "no-known-problems", "No known problems")}),
        json!({"resourceType": "MedicationStatement", "id": "m", "status": "active",
            "effectiveDateTime": "2024-01-01",
            "medicationCodeableConcept": snomed("787481004", "No known medications")}),
        json!({"resourceType": "MedicationStatement", "id": "n", "status": "unknown",
            "medicationCodeableConcept": coding(absent, "no-medication-info", "No info")}),
        json!({"resourceType": "Procedure", "id": "p", "status": "unknown",
            "code": coding(absent, "no-known-procedures", "No known procedures")}),
    ]);
    let record = whole.record();
    assert!(record.episodes.is_empty() && record.medication.is_empty());
    let said: Vec<(SectionKind, bool, bool)> = record
        .others
        .iter()
        .map(|entry| {
            let unknown = entry
                .details
                .iter()
                .any(|detail| detail.name == "no_information");
            (entry.kind, entry.negated, unknown)
        })
        .collect();
    assert_eq!(
        said,
        [
            (SectionKind::Episodes, true, false),
            (SectionKind::Medication, true, false),
            (SectionKind::Medication, false, true),
            (SectionKind::Procedures, true, false),
        ]
    );
    assert!(record.others.iter().all(|entry| entry.what.is_some()));
}

#[test]
fn three_times_a_day_is_not_told_as_every_day() {
    let dosage = |repeat: Value| {
        let whole = collection(&[json!({"resourceType": "MedicationRequest", "id": "m",
            "status": "active", "intent": "order",
            "medicationCodeableConcept": {"text": "paracetamol"},
            "dosageInstruction": [{"text": "zie etiket", "timing": {"repeat": repeat},
                "asNeededBoolean": true,
                "doseAndRate": [{"doseRange": {"low": {"value": 1}, "high": {"value": 2}}}]}]})]);
        whole.record().medication[0].uses[0].clone()
    };
    let thrice = dosage(json!({"frequency": 3, "period": 1, "periodUnit": "d"}));
    assert!(thrice.repeats.is_empty());
    let frequency = named(&thrice.details, "frequency");
    assert_eq!(frequency.text.as_deref(), Some("3"));
    let per = named(&frequency.details, "per").quantity.as_ref().unwrap();
    assert_eq!(
        (per.value.as_deref(), per.unit.as_deref()),
        (Some("1"), Some("d"))
    );
    assert_eq!(
        named(&thrice.details, "as_needed").text.as_deref(),
        Some("true")
    );
    assert_eq!(thrice.doses.len(), 2);
    let every = dosage(json!({"frequency": 1, "period": 8, "periodUnit": "h"}));
    assert_eq!(every.repeats[0].value.as_deref(), Some("8"));
}

#[test]
fn medication_names_its_product_and_what_kind_of_statement_it_is() {
    let product = json!({"reference": "Medication/p", "display": "DOXYCYCLINE TABLET 100MG"});
    let whole = collection(&[
        json!({"resourceType": "Medication", "id": "p", "code": snomed("1", "doxycycline"),
            "form": snomed("2", "tablet"), "batch": {"lotNumber": "L7"},
            "ingredient": [{"itemCodeableConcept": snomed("3", "doxycycline base")}]}),
        json!({"resourceType": "MedicationRequest", "id": "a", "intent": "order",
            "category": snomed("16076005", "Voorschrijven"), "medicationReference": product,
            "authoredOn": "2024-05-01", "requester": {"agent": {"display": "Dokter A"}},
            "extension": [{"url": "http://nictiz.nl/fhir/StructureDefinition/zib-Medication-PeriodOfUse",
                "valuePeriod": {"start": "2024-05-02", "end": "2024-05-09"}}]}),
        json!({"resourceType": "MedicationDispense", "id": "d", "status": "completed",
            "medicationReference": product, "quantity": {"value": 28, "unit": "stuk"},
            "whenHandedOver": "2024-05-02"}),
        json!({"resourceType": "MedicationAdministration", "id": "i", "status": "entered-in-error",
            "medicationReference": {"reference": "Medication/gone", "display": "iets"},
            "effectiveDateTime": "2024-05-03", "dosage": {"dose": {"value": 2, "unit": "mg"}}}),
    ]);
    let medication = &whole.record().medication;
    let kinds: Vec<MedicationKind> = medication.iter().map(|one| one.kind).collect();
    assert_eq!(
        kinds,
        [
            MedicationKind::Agreement,
            MedicationKind::Dispense,
            MedicationKind::Administration
        ]
    );
    assert_eq!(medication[0].product.code.as_deref(), Some("1"));
    assert_eq!(medication[1].product.code.as_deref(), Some("1"));
    assert_eq!(medication[2].product.label(), Some("iets"));
    assert!(medication[2].withdrawn);
    let product = named(&medication[0].details, "medication");
    assert_eq!(
        named(&product.details, "batch").details[0].text.as_deref(),
        Some("L7")
    );
    assert_eq!(
        medication[0].period.high.as_ref().unwrap().raw,
        "2024-05-09"
    );
    let author = medication[0].author.as_ref().unwrap();
    assert_eq!(author.time.as_ref().unwrap().raw, "2024-05-01");
    assert!(
        whole.record().others.is_empty(),
        "{:#?}",
        whole.record().others
    );
}

#[test]
fn the_results_of_a_panel_stand_where_the_panel_stands() {
    let whole = collection(&[
        json!({"resourceType": "Observation", "id": "r", "status": "final",
            "code": coding("http://loinc.org", "718-7", "Hemoglobin"),
            "valueQuantity": {"value": 8.10, "comparator": "<", "unit": "mmol/L"},
            "referenceRange": [{"low": {"value": 8.5}, "text": "vrouw",
                "appliesTo": [snomed("248152002", "Female")]}],
            "interpretation": [coding("urn:oid:1.2.3", "L", "Low")]}),
        json!({"resourceType": "DiagnosticReport", "id": "d", "status": "final",
            "code": coding("http://loinc.org", "58410-2", "CBC panel"), "conclusion": "anemie",
            "result": [{"reference": "Observation/r"}, {"reference": "Observation/gone"}],
            "presentedForm": [{"contentType": "application/pdf", "title": "Uitslag",
                "data": "JVBERi0xLjQK"}]}),
    ]);
    let [panel, result] = whole.record().laboratory.as_slice() else {
        panic!("{:#?}", whole.record().laboratory);
    };
    assert_eq!(panel.text.as_deref(), Some("anemie"));
    assert_eq!(panel.members.len(), 2);
    assert_eq!(panel.members[0].target.as_ref(), Some(&result.key));
    assert_eq!(panel.members[1].target, None);
    let MeasuredValue::Quantity(value) = &result.value else {
        panic!("{:?}", result.value);
    };
    assert_eq!(value.value.as_deref(), Some("<8.1"));
    assert_eq!(result.reference_ranges[0].text.as_deref(), Some("vrouw"));
    let form = named(&panel.details, "presented_form");
    assert_eq!(
        named(&form.details, "title").text.as_deref(),
        Some("Uitslag")
    );
    named(&form.details, "data_not_shown");
    assert!(!whole.shown.to_string().contains("JVBERi0xLjQK"));
}

#[test]
fn an_observation_stands_by_its_category_with_its_parts() {
    let part = |code: &str, value: u32| {
        json!({"code": coding("http://loinc.org", code, code),
            "valueQuantity": {"value": value, "unit": "mmHg"}})
    };
    let category = |code: &str| json!([{"coding": [{"code": code}]}]);
    let whole = collection(&[
        json!({"resourceType": "Observation", "id": "b", "status": "final",
            "category": category("vital-signs"), "code": coding("http://loinc.org", "85354-9", "BP"),
            "component": [part("8480-6", 140), part("8462-4", 90)],
            "bodySite": snomed("368208006", "Left arm")}),
        json!({"resourceType": "Observation", "id": "s", "status": "final",
            "category": category("social-history"), "code": coding("http://loinc.org", "72166-2", "x"),
            "component": [part("1-8", 3)],
            "valueCodeableConcept": snomed("266919005", "Never smoker")}),
        json!({"resourceType": "Observation", "id": "n", "status": "final",
            "code": {"text": "kweek"}, "dataAbsentReason": {"coding": [{
                "system": "http://terminology.hl7.org/CodeSystem/data-absent-reason",
                "code": "masked"}]}}),
    ]);
    let record = whole.record();
    assert_eq!(record.measurements[0].components.len(), 2);
    named(&record.measurements[0].details, "body_site");
    let none = MeasuredValue::None {
        null_flavor: Some("unknown".to_owned()),
    };
    assert_eq!(record.measurements[1].value, none);
    let smoking = &record.others[0];
    assert_eq!(smoking.kind, SectionKind::SocialHistory);
    assert!(matches!(smoking.value, Some(MeasuredValue::Coded(_))));
    let component = named(&smoking.details, "component");
    assert!(named(&component.details, "value").quantity.is_some());
}

#[test]
fn what_was_not_done_is_told_as_not_done() {
    let whole = collection(&[
        json!({"resourceType": "Immunization", "id": "i", "status": "not-done",
            "vaccineCode": {"text": "griep"}, "statusReason": {"text": "weigert"}}),
        json!({"resourceType": "Procedure", "id": "p", "status": "completed", "notDone": true,
            "code": {"text": "hechten"}}),
        json!({"resourceType": "Immunization", "id": "j", "status": "entered-in-error",
            "vaccineCode": {"text": "mazelen"}, "occurrenceDateTime": "2020",
            "protocolApplied": [{"doseNumberPositiveInt": 2}]}),
    ]);
    let others = &whole.record().others;
    assert!(others[0].negated && others[1].negated && !others[2].negated);
    assert!(others[2].withdrawn);
    assert_eq!(
        named(&others[0].details, "status_reason").text.as_deref(),
        Some("weigert")
    );
    let dose = &named(&others[2].details, "protocol_applied").details[0];
    assert_eq!(
        (dose.name.as_str(), dose.text.as_deref()),
        ("dose_number", Some("2"))
    );
}

#[test]
fn a_flag_on_an_episode_is_an_attention_flag_and_any_other_an_alert() {
    let flag = |id: &str, target: &str| {
        json!({"resourceType": "Flag", "id": id, "status": "active",
            "category": [coding("http://loinc.org", "74018-3", "alert")],
            "code": {"text": "let op"}, "author": {"display": "Dokter A"},
            "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/flag-detail",
                "valueReference": {"reference": target}}]})
    };
    let whole = collection(&[
        flag("f", "EpisodeOfCare/e"),
        flag("g", "EpisodeOfCare/gone"),
        json!({"resourceType": "EpisodeOfCare", "id": "e", "status": "active"}),
    ]);
    let record = whole.record();
    assert!(record.episodes[0].flagged);
    assert_eq!(record.episodes[0].flags[0].text.as_deref(), Some("let op"));
    assert_eq!(record.alerts.len(), 1);
    assert_eq!(
        record.alerts[0].what.as_ref().unwrap().label(),
        Some("let op")
    );
}

#[test]
fn a_flag_with_the_code_of_an_attention_line_is_one_in_its_authors_words() {
    let flag = json!({"resourceType": "Flag", "id": "f", "status": "active",
        "code": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "ATT"}],
            "text": "Onderschat hoe ziek zij is"},
        "period": {"start": "2017-06-18"}, "author": {"display": "Dokter A"}});
    let whole = collection(&[flag]);
    let record = whole.record();
    assert_eq!(whole.coverage.lost, 0);
    let line = &record.attention_lines[0];
    assert_eq!(line.text.as_deref(), Some("Onderschat hoe ziek zij is"));
    assert!(line.author.is_some() && record.alerts.is_empty());
}

/// A journal line as Dutch GP data have it.
fn journal_line(id: &str, kind: &str, encounter: &str) -> Value {
    json!({"resourceType": "Observation", "id": id, "status": "final",
        "code": coding("http://fhir.nl/fhir/NamingSystem/journaalregeltypen", kind, kind),
        "context": {"reference": encounter}, "valueString": format!("regel {id}"),
        "performer": [{"display": "Dokter B"}],
        "extension": [{
            "url": "http://nictiz.nl/fhir/StructureDefinition/extension-context-nl-core-episodeofcare",
            "valueReference": {"reference": "EpisodeOfCare/e"}}],
        "component": [{"code": coding("http://hl7.org/fhir/v3/ActCode", "DISDX", "x"),
            "valueCodeableConcept": coding("http://hl7.org/fhir/sid/icpc-1-nl", "R21.01", "Keelpijn")}]})
}

#[test]
fn lines_of_a_contact_that_is_not_in_the_message_belong_to_one_that_is_only_referred_to() {
    let whole = collection(&[
        journal_line("a", "S", "Encounter/gone"),
        journal_line("b", "E", "Encounter/gone"),
        json!({"resourceType": "EpisodeOfCare", "id": "e", "status": "active"}),
    ]);
    let record = whole.record();
    let [contact] = record.contacts.as_slice() else {
        panic!("{:#?}", record.contacts);
    };
    assert!(contact.referred_only);
    let partial = &contact.partials[0];
    assert_eq!(partial.lines.len(), 2);
    assert_eq!(
        partial.diagnoses.len(),
        1,
        "the same diagnosis twice is one"
    );
    assert_eq!(partial.lines[0].text.as_deref(), Some("regel a"));
    assert_eq!(partial.lines[0].episodes, [record.episodes[0].key.clone()]);
    assert_eq!(record.episodes[0].lines.len(), 2);
}

#[test]
fn a_contact_report_is_a_partial_contact_of_its_encounter_with_the_encounters_diagnosis() {
    let whole = collection(&[
        json!({"resourceType": "Composition", "id": "r", "status": "final", "title": "Verslag",
            "type": coding("http://loinc.org", "67781-5", "x"), "date": "2024-02-03",
            "encounter": {"reference": "Encounter/c"}, "section": [{
                "code": coding("http://fhir.nl/fhir/NamingSystem/journaalregeltypen", "S", "S"),
                "entry": [{"reference": "Observation/a"}, {"reference": "EpisodeOfCare/e"}]}]}),
        json!({"resourceType": "Encounter", "id": "c", "status": "finished",
            "class": {"code": "AMB"}, "type": [{"text": "consult"}],
            "period": {"start": "2024-02-03T10:00:00+01:00"},
            "participant": [{"individual": {"display": "Assistente"}},
                {"type": [{"coding": [{"code": "PPRF"}]}], "individual": {"display": "Dokter B"}}],
            "diagnosis": [{"condition": {"reference": "Condition/d"}}]}),
        json!({"resourceType": "Condition", "id": "d",
            "code": coding("http://hl7.org/fhir/sid/icpc-1-nl", "L86", "Hernia")}),
        journal_line("a", "S", "Encounter/c"),
        json!({"resourceType": "EpisodeOfCare", "id": "e", "status": "active"}),
    ]);
    let record = whole.record();
    let [contact] = record.contacts.as_slice() else {
        panic!("{:#?}", record.contacts);
    };
    assert!(!contact.referred_only);
    assert_eq!(
        contact
            .author
            .as_ref()
            .unwrap()
            .name
            .as_ref()
            .unwrap()
            .family,
        "Dokter B"
    );
    let [partial] = contact.partials.as_slice() else {
        panic!("{:#?}", contact.partials);
    };
    assert_eq!(partial.lines.len(), 1);
    let codes: Vec<_> = partial
        .diagnoses
        .iter()
        .map(|one| one.value.code.as_deref())
        .collect();
    assert_eq!(codes, [Some("L86"), Some("R21.01")]);
    assert!(
        record.measurements.is_empty() && record.others.is_empty() && record.episodes.len() == 1
    );
}

#[test]
fn a_device_is_told_by_its_use_and_an_author_has_no_entry_of_its_own() {
    let whole = collection(&[
        json!({"resourceType": "Practitioner", "id": "a", "name": [{"family": "Bakker"}],
            "qualification": [{"code": {"text": "cardioloog"}}]}),
        json!({"resourceType": "Device", "id": "d", "type": snomed("14106009", "Pacemaker"),
            "manufacturer": "Firma", "udiCarrier": [{"deviceIdentifier": "0123"}]}),
        json!({"resourceType": "DeviceUseStatement", "id": "u", "status": "active",
            "device": {"reference": "Device/d"}, "timingPeriod": {"start": "2020"},
            "source": {"reference": "Practitioner/a"}}),
        json!({"resourceType": "Organization", "id": "o", "name": "Nergens genoemd"}),
    ]);
    let others = &whole.record().others;
    let elements: Vec<&str> = others.iter().map(|entry| entry.element.as_str()).collect();
    assert_eq!(
        elements,
        ["DeviceUseStatement", "Organization", "Practitioner"]
    );
    assert_eq!(others[0].what.as_ref().unwrap().label(), Some("Pacemaker"));
    assert_eq!(
        others[0]
            .author
            .as_ref()
            .unwrap()
            .name
            .as_ref()
            .unwrap()
            .family,
        "Bakker"
    );
    let device = named(&others[0].details, "device");
    assert!(format!("{device:?}").contains("0123"));
    assert_eq!(others[2].text.as_deref(), Some("Bakker"));
    named(&others[2].details, "qualification");
}

#[test]
fn a_resource_of_a_type_that_nobody_here_knows_keeps_everything_by_name() {
    let whole = collection(&[
        json!({"resourceType": "Zorgding", "id": "z", "status": "active",
        "code": {"text": "iets"}, "date": "2024-01-02", "implicitRules": "urn:x",
        "kleur": "blauw", "maat": {"value": 3, "unit": "cm"},
        "delen": [{"naam": "een", "binnen": {"diep": "twee"}}, {"naam": "drie"}],
        "modifierExtension": [{"url": "urn:y", "valueBoolean": true}]}),
    ]);
    let record = whole.record();
    assert!(
        record
            .unrecognised
            .iter()
            .all(|one| !one.path.contains("Zorgding/"))
    );
    let entry = &record.others[0];
    assert_eq!(entry.element, "Zorgding");
    assert_eq!(entry.what.as_ref().unwrap().label(), Some("iets"));
    for name in ["implicit_rules", "kleur", "maat", "delen", "modifier"] {
        named(&entry.details, name);
    }
}

#[test]
fn nothing_is_lost_where_two_places_say_different_things_of_one() {
    let number = |value: &str| json!({"system": "urn:oid:1.2.9", "value": value});
    let mut line = journal_line("l", "O", "Encounter/gone");
    line["context"]["display"] = json!("woorden een");
    line["extension"][0]["valueReference"]["display"] = json!("woorden twee");
    line["extension"][0]["valueReference"]["identifier"] = number("kk1");
    let mut other = journal_line("m", "P", "Encounter/gone");
    other["context"]["display"] = json!("woorden drie");
    other["performer"] = json!([{"display": "Dokter Vier", "identifier": number("kk2")}]);
    let whole = collection(&[
        line,
        other,
        json!({"resourceType": "Organization", "id": "o", "name": "Praktijk Vijf"}),
        json!({"resourceType": "EpisodeOfCare", "id": "e", "status": "finished",
            "managingOrganization": {"reference": "Organization/o", "display": "woorden zes",
                "identifier": number("kk3")},
            "diagnosis": [{"condition": {"reference": "Condition/c"}}]}),
        json!({"resourceType": "Condition", "id": "c", "clinicalStatus": "relapse",
            "verificationStatus": {"text": "woorden zeven"}, "code": {"text": "woorden acht"},
            "onsetPeriod": {"start": "2001", "end": "2002"},
            "abatementPeriod": {"start": "2003", "end": "2004"}}),
        json!({"resourceType": "Flag", "id": "f", "status": "active", "code": {"text": "woorden negen"},
            "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/flag-detail",
                "valueReference": {"reference": "EpisodeOfCare/e", "display": "woorden tien"}}]}),
        json!({"resourceType": "Medication", "id": "p", "code": {"text": "woorden elf"}}),
        json!({"resourceType": "MedicationRequest", "id": "r", "medicationReference": {
            "reference": "Medication/p", "display": "woorden twaalf", "identifier": number("kk4")}}),
        json!({"resourceType": "Observation", "id": "n", "status": "final", "code": {"text": "kweek"},
            "dataAbsentReason": {"text": "woorden dertien", "coding": [{
                "system": "http://terminology.hl7.org/CodeSystem/data-absent-reason",
                "code": "error"}]}}),
    ]);
    let shown = whole.shown.to_string();
    for word in [
        "een", "twee", "drie", "Vier", "Vijf", "zes", "zeven", "acht", "negen", "tien", "elf",
        "twaalf", "dertien",
    ] {
        assert!(shown.contains(&format!(" {word}\"")), "{word}");
    }
    for word in ["kk1", "kk2", "kk3", "kk4", "relapse", "2002", "2003"] {
        assert!(shown.contains(word), "{word}");
    }
    assert!(whole.record().unrecognised.is_empty());
}
