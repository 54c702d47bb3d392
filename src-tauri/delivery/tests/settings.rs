//! `[[delivery]]` as an administrator writes it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::time::Duration;

use inzage_delivery::{ClientCertificate, Confirmation, SinkKind, SinkSettings};
use inzage_viewlog::Receives;
use serde::Deserialize;

#[derive(Deserialize)]
struct File {
    delivery: Vec<SinkSettings>,
}

fn read(text: &str) -> SinkSettings {
    let file: File = toml::from_str(&format!("[[delivery]]\n{text}")).unwrap();
    file.delivery.into_iter().next().unwrap()
}

const FHIR: &str = r#"
name = "repository"
kind = "fhir"
address = "https://nen7513.example/fhir"
receives = "own_repository"
ca = "/etc/inzage/repository-ca.pem"
"#;
const SYSLOG: &str = r#"
name = "siem"
kind = "syslog"
address = "siem.example"
receives = "pseudonyms"
ca = "/etc/inzage/siem-ca.pem"
"#;

#[test]
fn what_is_left_out_has_the_documented_default() {
    let sink = read(FHIR).sink(String::new(), None).unwrap();
    let base = "https://nen7513.example/fhir".to_owned();
    assert_eq!(sink.kind, SinkKind::Fhir { base });
    assert_eq!(sink.receives, Receives::OwnRepository);
    assert_eq!(sink.heartbeat, Duration::from_secs(15 * 60));
    assert!(!sink.allow_tls12);
    let sink = read(SYSLOG).sink(String::new(), None).unwrap();
    let kind = SinkKind::Syslog {
        host: "siem.example".into(),
        port: 6_514,
        enterprise: 32_473,
        confirmation: Confirmation::CloseNotify,
    };
    assert_eq!(sink.kind, kind);
    assert_eq!(sink.receives, Receives::Pseudonyms);
}

#[test]
fn what_is_wrong_is_named() {
    let wrong = |text: String| {
        let error = read(&text).sink(String::new(), None).unwrap_err();
        assert_eq!(error.code(), "delivery_settings");
        error.to_string()
    };
    for (from, to, key) in [
        ("https://nen", "http://nen", "address"),
        ("/fhir\"", "/fhir/\"", "address"),
        ("\"repository\"", "\"\"", "name"),
        (
            "receives",
            "certificate = \"/c.pem\"\nreceives",
            "certificate",
        ),
        ("receives", "enterprise = 1\nreceives", "enterprise"),
        (
            "receives",
            "accept_plain_close = true\nreceives",
            "accept_plain_close",
        ),
        (
            "receives",
            "heartbeat_minutes = 0\nreceives",
            "heartbeat_minutes",
        ),
    ] {
        let said = wrong(FHIR.replacen(from, to, 1));
        assert!(said.contains(&format!("`{key}`")), "{said}");
    }
    for address in ["siem.example:none", ":6514", "https://siem.example"] {
        let said = wrong(SYSLOG.replacen("siem.example", address, 1));
        assert!(said.contains("`address`"), "{said}");
    }
}

#[test]
fn a_misspelt_key_is_an_error_and_so_is_a_receiver_that_is_not_said_to_be_one_or_the_other() {
    for text in [
        FHIR.replacen("ca =", "cafile =", 1),
        FHIR.replacen("receives = \"own_repository\"\n", "", 1),
        FHIR.replacen("own_repository", "all", 1),
    ] {
        assert!(toml::from_str::<SinkSettings>(&text).is_err(), "{text}");
    }
}

#[test]
fn a_client_key_does_not_print_itself() {
    let client = ClientCertificate {
        chain_pem: "chain".into(),
        key_pem: "secret".to_owned().into(),
    };
    assert!(!format!("{client:?}").contains("secret"));
}
