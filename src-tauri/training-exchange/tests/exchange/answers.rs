use std::time::{Duration, Instant};

use hyper::StatusCode;
use inzage_training_exchange::{
    MEASURE_PATH, MeasureState, PATIENTS_PATH, PROFESSIONAL_SUMMARY_PATH, limits,
};
use roxmltree::Document;
use tokio::time::timeout;

use crate::client::{Trained, query};

const FULL: &str = "999900006";
const CORONA: &str = "999910942";
const TWO_SOURCES: &str = "999990068";
const PARTIAL: &str = "999990238";
const SILENT: &str = "999940053";
const XML: [(&str, &str); 2] = [
    ("content-type", "text/xml; charset=utf-8"),
    ("soapaction", "\"\""),
];

/// The names of the elements in the SOAP body.
fn in_body(answer: &str) -> Vec<String> {
    let document = Document::parse(answer).expect("well-formed");
    let envelope = document.root_element();
    assert!(envelope.has_tag_name(("http://schemas.xmlsoap.org/soap/envelope/", "Envelope")));
    let body = envelope.first_element_child().unwrap();
    body.children()
        .filter(|node| node.is_element())
        .map(|node| node.tag_name().name().to_owned())
        .collect()
}

/// An attribute of every element with this name, in document order.
fn values(answer: &str, element: &str, attribute: &str) -> Vec<String> {
    let document = Document::parse(answer).expect("well-formed");
    let nodes = document
        .descendants()
        .filter(|node| node.has_tag_name(("urn:hl7-org:v3", element)));
    nodes
        .filter_map(|node| node.attribute(attribute))
        .map(str::to_owned)
        .collect()
}

#[tokio::test]
async fn one_source_answers_with_its_own_message_in_soap() {
    let trained = Trained::start().await;
    for source in [None, Some("s1")] {
        let (status, answer) = trained.client.summary(FULL, source).await.unwrap();
        assert_eq!(status, StatusCode::OK);
        assert_eq!(in_body(&answer), ["QUPC_IN990002NL"]);
        assert!(answer.contains("<text>Niet reanimeren</text>"));
    }
}

#[tokio::test]
async fn several_sources_answer_in_one_batch_and_each_alone() {
    let trained = Trained::start().await;
    assert_eq!(trained.client.locate(TWO_SOURCES).await, ["linde", "brug"]);
    let (_, batch) = trained.client.summary(TWO_SOURCES, None).await.unwrap();
    assert_eq!(in_body(&batch), ["MCCI_IN200101"]);
    assert_eq!(values(&batch, "transmissionQuantity", "value"), ["2"]);
    assert_eq!(values(&batch, "queryResponseCode", "code"), ["OK", "OK"]);
    let document = Document::parse(&batch).unwrap();
    let target = document
        .descendants()
        .find(|node| node.tag_name().name() == "targetTransmission")
        .unwrap();
    let id = target.first_element_child().unwrap();
    assert_eq!(
        id.attribute("extension"),
        Some("message-7"),
        "the batch acknowledges the question"
    );
    let (_, linde) = trained
        .client
        .summary(TWO_SOURCES, Some("linde"))
        .await
        .unwrap();
    let (_, brug) = trained
        .client
        .summary(TWO_SOURCES, Some("brug"))
        .await
        .unwrap();
    assert!(!linde.contains("CORONA") && brug.contains("CORONA"));
}

#[tokio::test]
async fn a_patient_without_sources_gets_an_empty_batch_and_no_reason() {
    let trained = Trained::start().await;
    for bsn in ["999911120", "555555914"] {
        assert!(trained.client.locate(bsn).await.is_empty());
        let (status, answer) = trained.client.summary(bsn, None).await.unwrap();
        assert_eq!(status, StatusCode::OK);
        assert_eq!(in_body(&answer), ["MCCI_IN200101"]);
        assert_eq!(values(&answer, "transmissionQuantity", "value"), ["0"]);
        assert_eq!(values(&answer, "acknowledgement", "typeCode"), ["AA"]);
    }
    let (_, answer) = trained.client.summary(FULL, Some("s9")).await.unwrap();
    assert_eq!(
        values(&answer, "queryResponseCode", "code"),
        ["NF"],
        "a source that is not there found nothing"
    );
}

#[tokio::test]
async fn nothing_found_is_a_message_of_its_own() {
    let trained = Trained::start().await;
    let (_, answer) = trained.client.summary("999940107", None).await.unwrap();
    assert_eq!(values(&answer, "acknowledgement", "typeCode"), ["AA"]);
    assert_eq!(values(&answer, "queryResponseCode", "code"), ["NF"]);
    assert_eq!(
        values(&answer, "queryId", "extension"),
        ["query-7"],
        "it says which query it answers"
    );
}

#[tokio::test]
async fn a_source_outside_the_region_is_refused_while_its_sibling_delivers() {
    let trained = Trained::start().await;
    let (_, answer) = trained.client.summary(PARTIAL, None).await.unwrap();
    assert_eq!(
        values(&answer, "acknowledgement", "typeCode"),
        ["AA", "AA", "AE"]
    );
    assert_eq!(values(&answer, "queryResponseCode", "code"), ["OK", "AE"]);
    let (_, alone) = trained
        .client
        .summary(PARTIAL, Some("elders"))
        .await
        .unwrap();
    let document = Document::parse(&alone).unwrap();
    let issue = document
        .descendants()
        .find(|node| node.tag_name().name() == "justifiedDetectedIssue")
        .unwrap();
    let code = issue.first_element_child().unwrap();
    assert_eq!(code.attribute("code"), Some("AUTERR_SWV_FALSE"));
    assert!(code.attribute("displayName").unwrap().contains("(URA: 0"));
}

#[tokio::test]
async fn a_source_error_quotes_the_bsn_as_real_ones_do() {
    let trained = Trained::start().await;
    let (status, answer) = trained.client.summary("999940090", None).await.unwrap();
    assert_eq!(status, StatusCode::OK);
    assert_eq!(values(&answer, "acknowledgement", "typeCode"), ["AE"]);
    assert!(answer.contains("code=\"QABRTITI\"") && answer.contains("patiënt 999940090"));
}

#[tokio::test]
async fn a_slow_source_answers_after_its_delay_and_not_before() {
    let trained = Trained::start().await;
    let started = Instant::now();
    let (_, answer) = trained.client.summary("999940041", None).await.unwrap();
    assert!(started.elapsed() >= Duration::from_secs(5));
    assert_eq!(in_body(&answer), ["QUPC_IN990002NL"]);
}

#[tokio::test]
async fn a_silent_source_holds_the_connection_and_the_exchange_goes_on() {
    let trained = Trained::start().await;
    let asked = timeout(
        Duration::from_millis(800),
        trained.client.summary(SILENT, None),
    )
    .await;
    assert!(asked.is_err(), "no answer, no error, no end");
    trained.client.get(PATIENTS_PATH).await;
    let (_, batch) = trained.client.summary("999940119", None).await.unwrap();
    assert!(
        batch.contains("QABRTITI"),
        "in a batch the exchange reports it and does not wait"
    );
    assert_eq!(values(&batch, "queryResponseCode", "code"), ["OK", "AE"]);
}

#[tokio::test]
async fn a_cut_answer_breaks_the_promise_of_its_length() {
    let trained = Trained::start().await;
    let error = trained
        .client
        .summary("999940089", None)
        .await
        .expect_err("half a body");
    let error = error
        .downcast::<hyper::Error>()
        .expect("the body failed, not the handshake");
    assert!(
        error.is_incomplete_message()
            || error.is_closed()
            || error.is_body_write_aborted()
            || error.to_string().contains("body"),
        "{error}"
    );
    trained.client.get(PATIENTS_PATH).await;
}

#[tokio::test]
async fn a_broken_message_arrives_whole_and_does_not_parse() {
    let trained = Trained::start().await;
    let (status, answer) = trained.client.summary("999940065", None).await.unwrap();
    assert_eq!(status, StatusCode::OK);
    assert!(answer.contains("<QUPC_IN990002NL"));
    assert!(Document::parse(&answer).is_err());
}

#[tokio::test]
async fn an_unknown_acknowledgement_comes_with_content() {
    let trained = Trained::start().await;
    let (_, answer) = trained.client.summary("999940077", None).await.unwrap();
    assert_eq!(values(&answer, "acknowledgement", "typeCode"), ["AX"]);
    assert_eq!(values(&answer, "queryResponseCode", "code"), ["OK"]);
}

#[tokio::test]
async fn the_large_record_arrives_whole() {
    let trained = Trained::start().await;
    let (_, answer) = trained.client.summary("999940132", None).await.unwrap();
    let document = Document::parse(&answer).unwrap();
    assert_eq!(
        document
            .descendants()
            .filter(|node| node.has_tag_name(("urn:hl7-org:v3", "encounter")))
            .count(),
        2_000
    );
}

#[tokio::test]
async fn a_stopped_measure_silences_corona_marked_sources_and_no_others() {
    let trained = Trained::start().await;
    assert_eq!(trained.client.locate(CORONA).await, ["s1"]);
    assert!(
        trained
            .client
            .summary(CORONA, Some("s1"))
            .await
            .unwrap()
            .1
            .contains("CORONA")
    );

    trained.measure(MeasureState::Stopped);
    assert!(trained.client.locate(CORONA).await.is_empty());
    assert_eq!(trained.client.locate(TWO_SOURCES).await, ["linde"]);
    let (_, all) = trained.client.summary(CORONA, None).await.unwrap();
    let (_, by_source) = trained.client.summary(CORONA, Some("s1")).await.unwrap();
    let (_, two) = trained.client.summary(TWO_SOURCES, None).await.unwrap();
    assert_eq!(values(&all, "transmissionQuantity", "value"), ["0"]);
    assert_eq!(values(&by_source, "queryResponseCode", "code"), ["NF"]);
    assert_eq!(in_body(&two), ["QUPC_IN990002NL"]);
    assert!(!format!("{all}{by_source}{two}").contains("CORONA"));

    trained.measure(MeasureState::Active);
    assert_eq!(trained.client.locate(TWO_SOURCES).await, ["linde", "brug"]);
}

#[tokio::test]
async fn the_measure_is_told_and_switched_while_running() {
    let trained = Trained::start().await;
    let told = trained.client.get(MEASURE_PATH).await;
    let at_start =
        serde_json::json!({"state":"active","since":"2020-04-14","decided_by":"minister van VWS"});
    assert_eq!(told, at_start);

    let (status, body) = trained
        .client
        .ask("PUT", MEASURE_PATH, &[], r#"{"state":"active"}"#)
        .await
        .unwrap();
    assert_eq!(
        (status, serde_json::from_str(&body).ok()),
        (StatusCode::OK, Some(at_start)),
        "no switch, no new date"
    );

    trained
        .client
        .ask("PUT", MEASURE_PATH, &[], r#"{"state":"stopped"}"#)
        .await
        .unwrap();
    let today = chrono::Local::now().format("%Y-%m-%d").to_string();
    let stopped = serde_json::json!({"state":"stopped","since":today,"decided_by":"trainer"});
    assert_eq!(trained.client.get(MEASURE_PATH).await, stopped);

    let told = r#"{"state":"active","since":"2026-11-01","decided_by":"minister van VWS"}"#;
    let (_, body) = trained
        .client
        .ask("PUT", MEASURE_PATH, &[], told)
        .await
        .unwrap();
    assert_eq!(body, told);
    for bad in [
        "",
        "{}",
        r#"{"state":"perhaps"}"#,
        r#"{"state":"active","extra":1}"#,
        r#"{"state":"stopped","since":"2026-02-30"}"#,
    ] {
        let (status, _) = trained
            .client
            .ask("PUT", MEASURE_PATH, &[], bad)
            .await
            .unwrap();
        assert_eq!(status, StatusCode::BAD_REQUEST, "{bad}");
    }
    assert_eq!(
        trained.client.get(MEASURE_PATH).await["state"],
        "active",
        "a bad switch switches nothing"
    );
}

#[tokio::test]
async fn the_patients_are_listed_for_the_trainer() {
    let trained = Trained::start().await;
    let listed = trained.client.get(PATIENTS_PATH).await;
    let first = &listed.as_array().unwrap()[0];
    let keys: Vec<_> = first
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(keys, ["birth_date", "bsn", "label_en", "label_nl"]);
    assert_eq!(
        (first["bsn"].as_str(), first["birth_date"].as_str()),
        (Some(FULL), Some("1951-03-12"))
    );
    assert_eq!(
        listed.as_array().unwrap().len(),
        trained.running.patients().len()
    );
}

#[tokio::test]
async fn a_malformed_query_is_a_soap_fault_of_the_client() {
    let trained = Trained::start().await;
    let good = query(FULL);
    let deep = format!("{}{}", "<a>".repeat(10_000), "</a>".repeat(10));
    let two = good.replace(
        "</patientId>",
        "</patientId><x root=\"2.16.840.1.113883.2.4.6.3\" extension=\"999900444\"/>",
    );
    for (bad, what) in [
        (String::new(), "well-formed"),
        ("not xml".into(), "well-formed"),
        (good.replace("</s:Envelope>", ""), "well-formed"),
        (format!("<!DOCTYPE s [<!ENTITY e \"x\">]>{good}"), "DTD"),
        (deep, "well-formed"),
        ("<a/>".into(), "SOAP 1.1 envelope"),
        (
            good.replace("QUPC_IN990001NL", "QUPC_IN990003NL"),
            "no QUPC_IN990001NL",
        ),
        (
            good.replace("urn:hl7-org:v3", "urn:hl7-org:v4"),
            "no QUPC_IN990001NL",
        ),
        (
            good.replace("queryByParameter", "query"),
            "no queryByParameter",
        ),
        (
            good.replace("2.16.840.1.113883.2.4.6.3", "1.2.3"),
            "no patient",
        ),
        (good.replace(FULL, "999900007"), "eleven-test"),
        (good.replace(FULL, "12345672"), "eleven-test"),
        (two, "more than one patient"),
    ] {
        let (status, answer) = trained
            .client
            .ask("POST", PROFESSIONAL_SUMMARY_PATH, &XML, &bad)
            .await
            .unwrap();
        assert_eq!(
            status,
            StatusCode::INTERNAL_SERVER_ERROR,
            "{what}: {answer}"
        );
        assert_eq!(in_body(&answer), ["Fault"]);
        assert!(
            answer.contains("<faultcode>soap:Client</faultcode>") && answer.contains(what),
            "{what}: {answer}"
        );
        assert!(
            !answer.contains(FULL) && !answer.contains("999900007"),
            "a fault quotes no BSN"
        );
    }
    let no_action = trained
        .client
        .ask("POST", PROFESSIONAL_SUMMARY_PATH, &XML[..1], &good)
        .await
        .unwrap()
        .1;
    let no_type = trained
        .client
        .ask("POST", PROFESSIONAL_SUMMARY_PATH, &XML[1..], &good)
        .await
        .unwrap()
        .1;
    assert!(no_action.contains("SOAPAction") && no_type.contains("text/xml"));
}

#[tokio::test]
async fn what_the_exchange_does_not_know_is_said_with_a_code() {
    let trained = Trained::start().await;
    let too_long = " ".repeat(limits::REQUEST_BYTES_MAX + 1);
    for (method, path, body, status, code) in [
        ("GET", "/", "", StatusCode::NOT_FOUND, "path"),
        (
            "DELETE",
            MEASURE_PATH,
            "",
            StatusCode::METHOD_NOT_ALLOWED,
            "method",
        ),
        (
            "POST",
            "/training/locate",
            "{}",
            StatusCode::BAD_REQUEST,
            "request_json",
        ),
        (
            "POST",
            "/training/locate",
            too_long.as_str(),
            StatusCode::PAYLOAD_TOO_LARGE,
            "request_body",
        ),
        (
            "POST",
            PROFESSIONAL_SUMMARY_PATH,
            too_long.as_str(),
            StatusCode::INTERNAL_SERVER_ERROR,
            "request_body",
        ),
    ] {
        let (answered, answer) = trained.client.ask(method, path, &XML, body).await.unwrap();
        assert_eq!(answered, status, "{method} {path}");
        assert!(answer.contains(code), "{method} {path}: {answer}");
    }
}

#[tokio::test]
async fn many_clients_at_once_are_all_answered() {
    let trained = std::sync::Arc::new(Trained::start().await);
    let mut asking = tokio::task::JoinSet::new();
    for _ in 0..limits::CONNECTIONS_MAX + 16 {
        let trained = std::sync::Arc::clone(&trained);
        asking.spawn(async move { trained.client.summary(FULL, None).await.unwrap().0 });
    }
    while let Some(status) = asking.join_next().await {
        assert_eq!(status.unwrap(), StatusCode::OK);
    }
}
