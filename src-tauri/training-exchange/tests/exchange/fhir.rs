//! The endpoints that speak FHIR.

use hyper::StatusCode;
use inzage_training_exchange::MeasureState;
use roxmltree::Document;
use serde_json::Value;

use crate::client::Trained;

const FULL: &str = "999900006";
const CORONA: &str = "999910942";
const TWO_SOURCES: &str = "999990068";
const NOTHING: &str = "999940107";
const ERROR: &str = "999940090";
const CUT: &str = "999940089";
const BROKEN: &str = "999940065";
const RESTRICTED: &str = "999960064";
const SLOW_LABORATORY: &str = "999960027";
const LIMITS: &str = "012345672";
const JSON: &str = "application/fhir+json";

fn resources<'a>(bundle: &'a Value, kind: &'a str) -> impl Iterator<Item = &'a Value> {
    let entries = bundle["entry"].as_array().into_iter().flatten();
    entries
        .map(|entry| &entry["resource"])
        .filter(move |resource| resource["resourceType"] == kind)
}

fn section<'a>(bundle: &'a Value, code: &str) -> Option<&'a Value> {
    let composition = &bundle["entry"][0]["resource"];
    assert_eq!(composition["resourceType"], "Composition", "comes first");
    composition["section"]
        .as_array()
        .unwrap()
        .iter()
        .find(|section| section["code"]["coding"][0]["code"] == code)
}

#[tokio::test]
async fn every_patient_of_the_summary_exists_as_a_document() {
    let trained = Trained::start().await;
    let bundle = trained.client.document(FULL).await;
    assert_eq!(bundle["type"], "document");
    let count = |kind: &str| resources(&bundle, kind).count();
    assert_eq!(
        [
            count("Condition"),
            count("Encounter"),
            count("AllergyIntolerance"),
            count("MedicationRequest"),
            count("Consent"),
            count("Patient"),
        ],
        [6, 13, 2, 7, 1, 1]
    );
    let patient = resources(&bundle, "Patient").next().unwrap();
    assert_eq!(patient["identifier"][0]["value"], FULL);
    assert_eq!(patient["birthDate"], "1951-03-12");
    let attention = section(&bundle, "ATT").expect("attention lines have a section of their own");
    assert_eq!(attention["entry"].as_array().unwrap().len(), 1);
    assert!(attention["text"]["div"].as_str().unwrap().contains("<li>"));
    let addresses: Vec<&str> = bundle["entry"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["fullUrl"].as_str().unwrap())
        .collect();
    for of in bundle["entry"][0]["resource"]["section"]
        .as_array()
        .unwrap()
    {
        for entry in of["entry"].as_array().into_iter().flatten() {
            let reference = entry["reference"].as_str().unwrap();
            assert!(
                addresses.contains(&reference),
                "{reference} is in the document"
            );
        }
    }
}

#[tokio::test]
async fn the_same_document_comes_as_xml_for_who_takes_nothing_else() {
    let trained = Trained::start().await;
    let record = trained.client.records(FULL).await.remove(0);
    let path = format!("/Bundle/{record}");
    let (status, xml) = trained
        .client
        .fhir("GET", &path, "application/fhir+xml", "")
        .await
        .unwrap();
    assert_eq!(status, StatusCode::OK);
    let document = Document::parse(&xml).unwrap();
    let root = document.root_element();
    assert!(root.has_tag_name(("http://hl7.org/fhir", "Bundle")));
    let count = |name: &str| {
        let named = document
            .descendants()
            .filter(|n| n.tag_name().name() == name);
        named.count()
    };
    assert_eq!([count("Condition"), count("AllergyIntolerance")], [6, 2]);
    let prose = document
        .descendants()
        .any(|n| n.has_tag_name(("http://www.w3.org/1999/xhtml", "div")));
    assert!(prose);
}

#[tokio::test]
async fn each_source_has_a_record_and_a_document_of_its_own() {
    let trained = Trained::start().await;
    assert_eq!(trained.client.records(TWO_SOURCES).await.len(), 2);
    let form = format!(
        "status=current&patient.identifier=http%3A%2F%2Ffhir.nl%2Ffhir%2FNamingSystem%2Fbsn%7C{TWO_SOURCES}"
    );
    let (_, body) = trained
        .client
        .fhir("POST", "/DocumentReference/_search", JSON, &form)
        .await
        .unwrap();
    let found: Value = serde_json::from_str(&body).unwrap();
    let first = resources(&found, "DocumentReference").next().unwrap();
    let url = first["content"][0]["attachment"]["url"].as_str().unwrap();
    let (status, _) = trained
        .client
        .fhir("GET", &format!("/{url}"), JSON, "")
        .await
        .unwrap();
    assert_eq!(status, StatusCode::OK);
}

#[tokio::test]
async fn nothing_found_is_an_empty_list_and_an_error_is_an_outcome() {
    let trained = Trained::start().await;
    assert!(trained.client.records(NOTHING).await.is_empty());
    let record = trained.client.records(ERROR).await.remove(0);
    let path = format!("/Patient/{record}/$summary");
    let (status, body) = trained.client.fhir("GET", &path, JSON, "").await.unwrap();
    assert_eq!(status, StatusCode::GATEWAY_TIMEOUT);
    let outcome: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(outcome["resourceType"], "OperationOutcome");
    assert_eq!(
        outcome["issue"][0]["details"]["coding"][0]["code"],
        "QABRTITI"
    );
}

#[tokio::test]
async fn a_document_is_cut_or_broken_where_the_source_does_that() {
    let trained = Trained::start().await;
    let cut = format!("/Patient/{}/$summary", trained.client.records(CUT).await[0]);
    assert!(trained.client.fhir("GET", &cut, JSON, "").await.is_err());
    let broken = format!(
        "/Patient/{}/$summary",
        trained.client.records(BROKEN).await[0]
    );
    let (status, body) = trained.client.fhir("GET", &broken, JSON, "").await.unwrap();
    assert_eq!(status, StatusCode::OK);
    assert!(serde_json::from_str::<Value>(&body).is_err());
}

#[tokio::test]
async fn the_marker_is_a_label_and_a_stopped_measure_lists_no_record() {
    let trained = Trained::start().await;
    let bundle = trained.client.document(CORONA).await;
    let label = &bundle["meta"]["security"][0];
    assert_eq!(label["code"], "CORONA");
    assert_eq!(
        label["system"],
        "urn:uuid:2b6c5a0e-5a0d-4a53-9d0e-6f1d1c2e7c11"
    );
    trained.measure(MeasureState::Stopped);
    assert!(trained.client.records(CORONA).await.is_empty());
}

#[tokio::test]
async fn treatment_limits_are_advance_directives_with_the_authors_words() {
    let trained = Trained::start().await;
    let bundle = trained.client.document(LIMITS).await;
    let limits: Vec<_> = resources(&bundle, "Consent").collect();
    assert_eq!(limits.len(), 2);
    assert_eq!(limits[0]["scope"]["coding"][0]["code"], "adr");
    let words = limits[0]["provision"]["code"][0]["text"].as_str().unwrap();
    assert!(words.starts_with("Niet reanimeren"), "{words}");
}

#[tokio::test]
async fn a_block_that_fails_leaves_an_empty_section_and_an_outcome() {
    let trained = Trained::start().await;
    let slow = trained.client.document(SLOW_LABORATORY).await;
    assert!(
        section(&slow, "30954-2").is_none(),
        "results are no mandatory section"
    );
    let outcome = resources(&slow, "OperationOutcome")
        .next()
        .expect("says what is missing");
    assert_eq!(
        outcome["issue"][0]["details"]["coding"][0]["code"],
        "QABRTITI"
    );
    let restricted = trained.client.document(RESTRICTED).await;
    let allergies = section(&restricted, "48765-2").expect("a mandatory section");
    assert!(allergies.get("entry").is_none());
    assert_eq!(allergies["emptyReason"]["coding"][0]["code"], "withheld");
    assert_eq!(resources(&restricted, "OperationOutcome").count(), 0);
}

#[tokio::test]
async fn a_request_without_its_ids_or_with_a_number_in_its_address_is_refused() {
    let trained = Trained::start().await;
    let form = format!("identifier=http%3A%2F%2Ffhir.nl%2Ffhir%2FNamingSystem%2Fbsn%7C{FULL}");
    let headers = [("aorta-version", "1"), ("aorta-id", "requestID=1")];
    let (status, _) = trained
        .client
        .ask("POST", "/fhir/Patient/_search", &headers, &form)
        .await
        .unwrap();
    assert_eq!(status, StatusCode::BAD_REQUEST);
    let (status, body) = trained
        .client
        .fhir("GET", &format!("/Patient?identifier={FULL}"), JSON, "")
        .await
        .unwrap();
    assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(!body.contains(FULL));
}
