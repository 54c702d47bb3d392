//! What an emergency department is answered: building blocks in a batch.

use hyper::StatusCode;
use inzage_training_exchange::{ACUTE_CARE_PATH, MeasureState};
use roxmltree::{Document, Node};

use crate::client::{Trained, query};

const FULL: &str = "999900006";
const CORONA: &str = "999910942";
const FEWER: &str = "999960003";
const NONE: &str = "999960015";
const SLOW_LABORATORY: &str = "999960027";
const ELSEWHERE: &str = "999960039";
const MORE: &str = "999960040";
const UNKNOWN: &str = "999960052";
const RESTRICTED: &str = "999960064";
const PHARMACY: &str = "999960076";
const TWICE: &str = "999960088";
const BLOCKS: [&str; 8] = [
    "REPC_IN990111NL",
    "PRPA_IN900350NL",
    "REPC_IN990101NL",
    "POOB_IN990003NL",
    "POLB_IN364001NL03",
    "QUMA_IN991203NL02",
    "REPC_IN990121NL",
    "REPC_IN990131NL",
];

async fn answer(trained: &Trained, bsn: &str) -> String {
    let (status, answer) = trained.client.acute(bsn, None).await.unwrap();
    assert_eq!(status, StatusCode::OK, "{answer}");
    answer
}

fn named<'a, 'input>(of: Node<'a, 'input>, name: &'a str) -> Vec<Node<'a, 'input>> {
    of.descendants()
        .filter(|node| node.tag_name().name() == name)
        .collect()
}

fn children<'a, 'input>(document: &'a Document<'input>) -> Vec<Node<'a, 'input>> {
    let batch = named(document.root(), "MCCI_IN200101")[0];
    batch
        .children()
        .filter(|node| node.tag_name().name().contains("_IN"))
        .collect()
}

fn child<'a, 'input>(document: &'a Document<'input>, name: &str) -> Node<'a, 'input> {
    let found: Vec<_> = children(document)
        .into_iter()
        .filter(|node| node.tag_name().name() == name)
        .collect();
    assert_eq!(found.len(), 1, "one {name}");
    found[0]
}

fn codes<'a>(of: Node<'a, '_>, name: &'a str, attribute: &str) -> Vec<&'a str> {
    named(of, name)
        .into_iter()
        .filter_map(|node| node.attribute(attribute))
        .collect()
}

fn announced(document: &Document<'_>) -> String {
    let quantity = named(document.root(), "transmissionQuantity")[0];
    quantity.attribute("value").unwrap().to_owned()
}

#[tokio::test]
async fn every_patient_of_the_summary_exists_as_eight_building_blocks() {
    let trained = Trained::start().await;
    let text = answer(&trained, FULL).await;
    let document = Document::parse(&text).unwrap();
    assert_eq!(announced(&document), "8");
    let names: Vec<_> = children(&document)
        .iter()
        .map(|c| c.tag_name().name())
        .collect();
    assert_eq!(names, BLOCKS);
    let count = |block: &str| named(child(&document, block), "component").len();
    assert_eq!(
        [
            count("REPC_IN990111NL"),
            count("PRPA_IN900350NL"),
            count("REPC_IN990131NL")
        ],
        [6, 13, 2],
        "episodes, contacts, allergies"
    );
    assert_eq!(
        count("POOB_IN990003NL") + count("POLB_IN364001NL03"),
        23,
        "measurements"
    );
    for block in children(&document) {
        assert_eq!(codes(block, "acknowledgement", "typeCode"), ["AA"]);
        assert_eq!(codes(block, "queryResponseCode", "code"), ["OK"]);
        let numbers = named(block, "patientRole");
        assert_eq!(numbers.len(), 1, "each block says whose it is");
    }
    assert!(
        text.contains("Niet reanimeren"),
        "a treatment limit is not left out"
    );
}

#[tokio::test]
async fn a_child_that_does_not_come_was_announced() {
    let trained = Trained::start().await;
    let text = answer(&trained, FEWER).await;
    let fewer = Document::parse(&text).unwrap();
    assert_eq!(
        (announced(&fewer).as_str(), children(&fewer).len()),
        ("8", 6)
    );
    let text = answer(&trained, NONE).await;
    let none = Document::parse(&text).unwrap();
    assert_eq!((announced(&none).as_str(), children(&none).len()), ("8", 0));
}

#[tokio::test]
async fn one_child_fails_while_its_siblings_deliver() {
    let trained = Trained::start().await;
    for (bsn, block, error) in [
        (SLOW_LABORATORY, "POLB_IN364001NL03", "QABRTITI"),
        (ELSEWHERE, "REPC_IN990111NL", "AUTERR_SWV_FALSE"),
        (RESTRICTED, "REPC_IN990131NL", "TRAINING_AFGESCHERMD"),
    ] {
        let text = answer(&trained, bsn).await;
        let document = Document::parse(&text).unwrap();
        let failed = child(&document, block);
        assert_eq!(
            codes(failed, "acknowledgement", "typeCode"),
            ["AE"],
            "{block}"
        );
        assert!(named(failed, "organizer").is_empty());
        let issue = named(failed, "justifiedDetectedIssue")[0];
        assert_eq!(codes(issue, "code", "code"), [error]);
        let delivered = children(&document);
        let delivered = delivered
            .iter()
            .filter(|c| !named(**c, "organizer").is_empty());
        assert_eq!(delivered.count(), 7, "{bsn}");
    }
    let text = answer(&trained, ELSEWHERE).await;
    assert!(text.contains("(URA: 00009042)"), "with whom there is more");
}

#[tokio::test]
async fn more_may_remain_and_a_code_may_be_unknown_beside_what_is_delivered() {
    let trained = Trained::start().await;
    let text = answer(&trained, MORE).await;
    let document = Document::parse(&text).unwrap();
    let reports = child(&document, "REPC_IN990101NL");
    assert_eq!(codes(reports, "resultRemainingQuantity", "value"), ["3"]);
    assert!(!named(reports, "organizer").is_empty());
    let text = answer(&trained, UNKNOWN).await;
    let document = Document::parse(&text).unwrap();
    let medication = child(&document, "QUMA_IN991203NL02");
    assert_eq!(codes(medication, "queryResponseCode", "code"), ["AX"]);
}

#[tokio::test]
async fn a_pharmacy_answers_with_its_dispenses_beside_the_practice() {
    let trained = Trained::start().await;
    let text = answer(&trained, PHARMACY).await;
    let document = Document::parse(&text).unwrap();
    assert_eq!(announced(&document), "9");
    let dispenses = child(&document, "QURX_IN990113NL");
    assert_eq!(named(dispenses, "medicationDispenseEvent").len(), 2);
}

#[tokio::test]
async fn two_sources_with_the_same_entries_keep_their_ids() {
    let trained = Trained::start().await;
    let episode = |text: &str| {
        let document = Document::parse(text).unwrap();
        let block = child(&document, "REPC_IN990111NL");
        let act = named(block, "act")[0];
        let id = named(act, "id")[0];
        (
            id.attribute("root").unwrap().to_owned(),
            id.attribute("extension").unwrap().to_owned(),
        )
    };
    let (_, linde) = trained.client.acute(TWICE, Some("linde")).await.unwrap();
    let (_, brug) = trained.client.acute(TWICE, Some("brug")).await.unwrap();
    assert_eq!(episode(&linde), episode(&brug));
    assert!(brug.contains("716186003") && !linde.contains("716186003"));
}

#[tokio::test]
async fn the_marker_stands_in_every_child_and_a_stopped_measure_delivers_none() {
    let trained = Trained::start().await;
    let text = answer(&trained, CORONA).await;
    let document = Document::parse(&text).unwrap();
    for block in children(&document) {
        let line = named(block, "attentionLine")[0];
        assert_eq!(codes(line, "value", "code"), ["CORONA"]);
    }
    trained.measure(MeasureState::Stopped);
    let text = answer(&trained, CORONA).await;
    let document = Document::parse(&text).unwrap();
    assert_eq!(
        (announced(&document).as_str(), children(&document).len()),
        ("0", 0)
    );
}

#[tokio::test]
async fn the_question_of_the_after_hours_centre_is_not_answered_here() {
    let trained = Trained::start().await;
    let headers = [("content-type", "text/xml"), ("soapaction", "\"\"")];
    let (status, fault) = trained
        .client
        .ask("POST", ACUTE_CARE_PATH, &headers, &query(FULL))
        .await
        .unwrap();
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(
        fault.contains("<code xmlns=\"urn:inzage:training\">query</code>"),
        "{fault}"
    );
}
