use inzage_training_exchange::{Config, Exchange, PATIENTS_PATH};

use crate::client::{Folder, Trained};

const MESSAGE: &str = "<?xml version=\"1.0\"?><!-- mine --><QUPC_IN990002NL xmlns=\"urn:hl7-org:v3\">\
                       <acknowledgement typeCode=\"AA\"/></QUPC_IN990002NL>";

fn index(bsn: &str, source: &str) -> String {
    format!(
        "[[patient]]\nbsn = \"{bsn}\"\nbirth_date = \"1970-01-01\"\nlabel_nl = \"eigen\"\nlabel_en = \"own\"\n\
         [[patient.source]]\nname = \"Eigen praktijk\"\n{source}\n"
    )
}

#[tokio::test]
async fn a_trainers_patients_come_beside_the_built_in_ones() {
    let folder = Folder::new();
    folder.write("index.toml", index("555555914", "file = \"mine.xml\""));
    folder.write("mine.xml", MESSAGE);
    let trained = Trained::with_patients(&folder.0).await;
    let (_, answer) = trained.client.summary("555555914", None).await.unwrap();
    assert!(
        answer.contains("<soap:Body>\n<QUPC_IN990002NL") && !answer.contains("mine -->"),
        "{answer}"
    );
    assert_eq!(
        trained.client.locate("999900006").await.len(),
        1,
        "the built-in patients are still there"
    );

    folder.write(
        "mine.xml",
        MESSAGE.replace("/></QUPC", "><!-- edited --></acknowledgement></QUPC"),
    );
    let (_, answer) = trained.client.summary("555555914", None).await.unwrap();
    assert!(
        answer.contains("edited"),
        "a file may be edited while the exchange runs"
    );

    std::fs::remove_file(folder.0.join("mine.xml")).unwrap();
    let (status, answer) = trained.client.summary("555555914", None).await.unwrap();
    assert_eq!(status.as_u16(), 500);
    assert!(
        answer.contains("soap:Server")
            && answer.contains("response_file")
            && !answer.contains("mine.xml")
    );
}

#[tokio::test]
async fn a_trainers_patient_replaces_the_built_in_one_with_the_same_bsn() {
    let folder = Folder::new();
    folder.write(
        "index.toml",
        index("999900006", "outcome = \"nothing_found\""),
    );
    let trained = Trained::with_patients(&folder.0).await;
    let listed = trained.client.get(PATIENTS_PATH).await;
    let same: Vec<_> = listed
        .as_array()
        .unwrap()
        .iter()
        .filter(|patient| patient["bsn"] == "999900006")
        .collect();
    assert_eq!(
        (same.len(), same[0]["label_nl"].as_str()),
        (1, Some("eigen"))
    );
    assert!(
        trained
            .client
            .summary("999900006", None)
            .await
            .unwrap()
            .1
            .contains("\"NF\"")
    );
}

#[tokio::test]
async fn a_raw_file_is_served_as_it_is() {
    let folder = Folder::new();
    let raw = "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/hostname\">]><x>&e;</x>";
    folder.write(
        "index.toml",
        index("555555914", "file = \"raw.xml\"\noutcome = \"raw\""),
    );
    folder.write("raw.xml", raw);
    let trained = Trained::with_patients(&folder.0).await;
    assert_eq!(
        trained.client.summary("555555914", None).await.unwrap().1,
        raw
    );
}

#[tokio::test]
async fn every_error_in_an_index_names_file_and_line_and_no_bsn() {
    let good = index("555555914", "file = \"mine.xml\"");
    let twice = format!("{good}{good}");
    let same_ids = format!(
        "{good}id = \"a\"\n[[patient.source]]\nid = \"a\"\nname = \"b\"\noutcome = \"error\"\n"
    );
    let many = format!(
        "{good}{}",
        "[[patient.source]]\nname = \"n\"\noutcome = \"error\"\n".repeat(16)
    );
    for (text, line, what) in [
        ("[[patient]\n".to_owned(), 1, ""),
        (good.replace("555555914", "555555915"), 2, "eleven-test"),
        (good.replace("\"555555914\"", "555555914"), 2, "string"),
        (good.replace("1970-01-01", "1-1-1970"), 3, "birth_date"),
        (good.replace("1970-01-01", "1970-02-30"), 3, "birth_date"),
        (good.replace("label_nl", "label_de"), 4, "label_de"),
        (good.replace("mine.xml", "gone.xml"), 8, "gone.xml"),
        (
            good.replace("mine.xml", "../index.toml"),
            8,
            "inside the folder",
        ),
        (
            good.replace("mine.xml", "/etc/hostname"),
            8,
            "inside the folder",
        ),
        (good.replace("mine.xml", "."), 8, "inside the folder"),
        (good.replace("mine.xml", "text.txt"), 8, "not XML"),
        (good.replace("mine.xml", "dtd.xml"), 8, "document type"),
        (good.replace("mine.xml", "latin1.xml"), 8, "UTF-8"),
        (
            good.replace("file = \"mine.xml\"", "outcome = \"explode\""),
            8,
            "nothing_found",
        ),
        (
            good.replace("file = \"mine.xml\"", "outcome = \"deliver\""),
            7,
            "needs a file",
        ),
        (
            good.replace(
                "file = \"mine.xml\"",
                "outcome = \"error\"\ndelay_ms = 999999999",
            ),
            9,
            "delay_ms",
        ),
        (
            good.replace("file = \"mine.xml\"", "outcome = \"error\"\nid = \"a b\""),
            9,
            "id",
        ),
        (
            good.replace("\"mine.xml\"", "\"dtd.xml\"\noutcome = \"unknown_ack\""),
            8,
            "",
        ),
        (twice, 10, "already"),
        (same_ids, 11, "same id"),
        (many, 2, "more than 16"),
    ] {
        let (folder, state) = (Folder::new(), Folder::new());
        folder.write("mine.xml", MESSAGE);
        folder.write("text.txt", "hello");
        folder.write("dtd.xml", "<!DOCTYPE a><a/>");
        folder.write("latin1.xml", b"<a>\xe9</a>");
        folder.write("index.toml", &text);
        let config = Config {
            patients_dir: Some(folder.0.clone()),
            ..Config::new(&state.0)
        };
        let error = Exchange::start(config)
            .await
            .err()
            .unwrap_or_else(|| panic!("accepted: {text}"));
        assert_eq!((error.code(), error.exit_code()), ("index", 65));
        let said = error.to_string();
        assert!(
            said.contains(&format!("index.toml, line {line}:")) && said.contains(what),
            "{what}: {said}"
        );
        assert!(!said.contains("55555591"), "no BSN in a diagnostic: {said}");
        assert!(!state.0.join("ca.pem").exists(), "nothing was started");
    }
}

#[tokio::test]
async fn a_folder_without_an_index_is_an_error() {
    let (folder, state) = (Folder::new(), Folder::new());
    let config = Config {
        patients_dir: Some(folder.0.clone()),
        ..Config::new(&state.0)
    };
    assert_eq!(Exchange::start(config).await.err().unwrap().code(), "index");
}
