#![allow(clippy::unwrap_used, clippy::panic)]

use super::*;
use crate::exchange::fhir::Summary;

const WHOLE: &str = r#"
setting = "emergency"
emergency_explicit = "refuse"
[organisation]
ura = "90000902"
name = "Ziekenhuis Maasdal"
workstation = "balie 2"
[exchange]
url = "https://exchange.example"
application_id = "90000258"
trusted_ca = "ca.pem"
certificate = "own.pem"
[log]
organisation_key = "key"
"#;

#[test]
fn an_emergency_department_must_say_what_its_contract_covers() {
    assert_eq!(
        Config::parse(WHOLE).unwrap().emergency_explicit,
        EmergencyExplicit::Refuse
    );
    let without = WHOLE.replace("emergency_explicit = \"refuse\"\n", "");
    assert!(
        Config::parse(&without)
            .unwrap_err()
            .0
            .contains("emergency_explicit")
    );
}

#[test]
fn a_misspelt_field_is_an_error_and_not_a_default() {
    let text = WHOLE.replace("[log]", "[house]\nphysician_asistant = true\n[log]");
    assert!(
        Config::parse(&text)
            .unwrap_err()
            .0
            .contains("physician_asistant")
    );
}

const FHIR: &str = r#"
protocol = "fhir"
aorta_version = "1"
trusted_ca = "ca.pem"
certificate = "own.pem"
[[exchange.source]]
id = "linde"
name = "Huisartsenpraktijk De Linde"
url = "https://linde.example/fhir"
[[exchange.source]]
id = "brug"
name = "Apotheek De Brug"
url = "https://brug.example/fhir"
[log]"#;

fn fhir(change: impl Fn(&str) -> String) -> Result<Config, ConfigError> {
    let (before, _) = WHOLE.split_once("url =").unwrap();
    let (_, after) = WHOLE.split_once("[log]").unwrap();
    Config::parse(&format!("{before}{}{after}", change(FHIR)))
}

#[test]
fn fhir_sources_stand_side_by_side_each_with_its_own_address() {
    let Exchange::Fhir(address) = fhir(str::to_owned).unwrap().exchange else {
        unreachable!("the protocol is fhir")
    };
    let ids: Vec<&str> = address.sources.iter().map(|s| s.id.as_str()).collect();
    assert_eq!(ids, ["linde", "brug"]);
    assert_eq!(address.summary, Summary::Summary);
    for (from, to, names) in [
        ("https://brug", "http://brug", "exchange.source.url"),
        ("id = \"brug\"", "id = \"linde\"", "two [[exchange.source]]"),
        ("aorta_version = \"1\"\n", "", "aorta_version"),
        ("\"1\"", "\"1\\n2\"", "aorta_version"),
        (
            "trusted_ca",
            "url = \"https://x\"\ntrusted_ca",
            "exchange.url",
        ),
        ("url = \"https://brug", "uri = \"https://brug", "uri"),
    ] {
        let error = fhir(|text| text.replace(from, to)).unwrap_err().0;
        assert!(error.contains(names), "{to}: {error}");
    }
}

#[test]
fn a_setting_of_the_other_protocol_is_an_error() {
    let text = WHOLE.replace("[log]", "bearer_token = true\n[log]");
    assert!(Config::parse(&text).unwrap_err().0.contains("bearer_token"));
}

#[test]
fn a_configuration_cannot_say_that_the_marker_is_proven() {
    for value in ["true", "false"] {
        let text = format!("marker_proven = {value}\n{WHOLE}");
        let error = Config::parse(&text).unwrap_err().0;
        assert!(error.contains("inzage check --marked-patient"), "{error}");
    }
}

#[test]
fn what_the_exchange_encodes_comes_from_the_configuration_and_is_empty_without() {
    assert_eq!(Config::parse(WHOLE).unwrap().profile, Profile::default());
    let text = format!(
        "{WHOLE}[[marker]]\nsays = \"corona\"\nelement = \"fhir_security\"\nsystem = \"urn:x\"\ncode = \"C\"\n"
    );
    assert_eq!(Config::parse(&text).unwrap().profile.corona.len(), 1);
    let misspelt = text.replace("fhir_security", "fhir_label");
    assert!(Config::parse(&misspelt).is_err());
}

#[test]
fn an_exchange_without_tls_is_refused() {
    assert!(Config::parse(&WHOLE.replace("https://", "http://")).is_err());
}
