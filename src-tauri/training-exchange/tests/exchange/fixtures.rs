//! The built-in patients are what their index and README say they are.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use roxmltree::{Document, Node};
use toml::{Table, Value};

const BSN: &str = "2.16.840.1.113883.2.4.6.3";
const OTHER_BSN: &str = "other-bsn.xml";
const OTHER_BIRTH_DATE: &str = "other-birth-date.xml";
/// A pharmacy's dispenses: no summary.
const DISPENSES: &str = "pharmacy-dispenses.xml";
/// Carries a marker that says something else than corona.
const NATIONAL_RULE: &str = "national-rule.xml";

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("patients")
}

fn fixture(name: &str) -> String {
    std::fs::read_to_string(folder().join(name)).unwrap()
}

fn fixtures() -> BTreeSet<String> {
    let names = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.ends_with(".xml")).collect()
}

fn patients() -> Vec<Table> {
    let index: Table = fixture("index.toml").parse().unwrap();
    index["patient"]
        .as_array()
        .unwrap()
        .iter()
        .map(|patient| patient.as_table().unwrap().clone())
        .collect()
}

fn sources(patient: &Table) -> Vec<Table> {
    let sources = patient
        .get("source")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    sources
        .iter()
        .map(|source| source.as_table().unwrap().clone())
        .collect()
}

/// Each fixture with the BSN and the birth date that the index gives its patient.
fn files() -> Vec<(String, String, String, bool)> {
    let mut out = Vec::new();
    for patient in patients() {
        for source in sources(&patient) {
            let Some(file) = source.get("file").and_then(Value::as_str) else {
                continue;
            };
            let text = |key: &str| patient[key].as_str().unwrap().to_owned();
            let is_corona = source
                .get("corona")
                .is_some_and(|value| value.as_bool() == Some(true));
            if !file.starts_with("generated:") {
                out.push((file.to_owned(), text("bsn"), text("birth_date"), is_corona));
            }
        }
    }
    out
}

fn named<'a, 'input>(
    document: &'a Document<'input>,
    name: &'a str,
) -> impl Iterator<Item = Node<'a, 'input>> {
    document
        .descendants()
        .filter(move |node| node.has_tag_name(("urn:hl7-org:v3", name)))
}

fn bsns<'a>(document: &'a Document<'_>) -> Vec<&'a str> {
    let ids = document
        .descendants()
        .filter(|node| node.attribute("root") == Some(BSN));
    ids.filter_map(|node| node.attribute("extension")).collect()
}

fn eleven_test(bsn: &str) -> bool {
    let digits: Vec<i32> = bsn
        .chars()
        .map(|digit| i32::try_from(digit.to_digit(10).unwrap()).unwrap())
        .collect();
    digits.len() == 9
        && digits
            .iter()
            .zip([9, 8, 7, 6, 5, 4, 3, 2, -1])
            .map(|(d, w)| d * w)
            .sum::<i32>()
            % 11
            == 0
}

#[test]
fn every_fixture_is_used_and_every_patient_is_his_own() {
    let used: BTreeSet<_> = files().into_iter().map(|(file, ..)| file).collect();
    assert_eq!(used, fixtures());
    let patients = patients();
    assert!(patients.len() >= 18, "{}", patients.len());
    let bsns: BTreeSet<_> = patients
        .iter()
        .map(|patient| patient["bsn"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(bsns.len(), patients.len());
    assert!(bsns.iter().all(|bsn| eleven_test(bsn)));
    let readme = std::fs::read_to_string(folder().join("../README.md")).unwrap();
    for patient in patients {
        let row = format!(
            "| {} | {} |",
            patient["bsn"].as_str().unwrap(),
            patient["birth_date"].as_str().unwrap()
        );
        assert!(readme.contains(&row), "README lists {row}");
    }
}

#[test]
fn every_fixture_is_a_message_about_the_patient_it_is_listed_under() {
    for (file, bsn, birth_date, _) in files() {
        let text = fixture(&file);
        let document = Document::parse(&text).unwrap_or_else(|error| panic!("{file}: {error}"));
        let message = if file == DISPENSES {
            "QURX_IN990113NL"
        } else {
            "QUPC_IN990002NL"
        };
        let root = document.root_element();
        assert!(root.has_tag_name(("urn:hl7-org:v3", message)), "{file}");
        let found = bsns(&document);
        assert_eq!(found.len(), 1, "{file}: one patient");
        assert!(eleven_test(found[0]), "{file}");
        assert_eq!(
            found[0] == bsn,
            file != OTHER_BSN,
            "{file}: the BSN of its patient"
        );
        let born = named(&document, "birthTime")
            .next()
            .unwrap()
            .attribute("value")
            .unwrap();
        assert_eq!(
            born == birth_date.replace('-', ""),
            file != OTHER_BIRTH_DATE,
            "{file}: the birth date"
        );
        assert!(
            named(&document, "Organization").any(|node| node.attribute("root").is_none()),
            "{file}: a practice"
        );
    }
}

#[test]
fn the_corona_marker_stands_in_corona_sources_and_nowhere_else() {
    for (file, _, _, is_corona) in files() {
        if file == NATIONAL_RULE {
            continue;
        }
        let text = fixture(&file);
        let document = Document::parse(&text).unwrap();
        let markers: Vec<_> = named(&document, "confidentialityCode").collect();
        assert_eq!(markers.len(), usize::from(is_corona), "{file}");
        for marker in markers {
            assert_eq!(marker.attribute("code"), Some("CORONA"));
            assert_eq!(
                marker.attribute("codeSystem"),
                Some("2b6c5a0e-5a0d-4a53-9d0e-6f1d1c2e7c11")
            );
            assert!(
                marker
                    .parent()
                    .unwrap()
                    .has_tag_name(("urn:hl7-org:v3", "PrimaryCareProvision"))
            );
        }
    }
}

#[test]
fn the_corona_twins_differ_in_their_ica_their_bsn_and_their_numbers_only() {
    let without = fixture("corona.xml");
    let with = fixture("corona-with-ica.xml");
    let clean = Document::parse(&without).unwrap();
    assert_eq!(
        named(&clean, "component3").count() + named(&clean, "component4").count(),
        0
    );
    let stripped = {
        let document = Document::parse(&with).unwrap();
        let ica: Vec<_> = named(&document, "component3")
            .chain(named(&document, "component4"))
            .map(|node| node.range())
            .collect();
        assert_eq!(ica.len(), 4, "two contra-indications, two intolerances");
        let mut text = with.clone();
        for range in ica.into_iter().rev() {
            text.replace_range(range, "");
        }
        text
    };
    let lines = |text: &str| {
        text.lines()
            .skip(2)
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let same_numbers = stripped
        .replace("999911016", "999910942")
        .replace("100006", "100005");
    assert_eq!(
        lines(&same_numbers),
        lines(&without),
        "everything but the comment on top"
    );
}

#[test]
fn references_and_flags_point_at_what_is_there() {
    for name in fixtures() {
        let text = fixture(&name);
        let document = Document::parse(&text).unwrap();
        let id = |node: Node<'_, '_>| {
            let id = node
                .children()
                .find(|child| child.tag_name().name() == "id")
                .unwrap();
            (
                id.attribute("root").unwrap().to_owned(),
                id.attribute("extension").unwrap().to_owned(),
            )
        };
        let mut lines = BTreeMap::new();
        for entry in named(&document, "JournalEntry") {
            assert!(
                lines.insert(id(entry), ()).is_none(),
                "{name}: two journal lines with one id"
            );
        }
        for reference in named(&document, "actReference") {
            assert!(
                lines.contains_key(&id(reference)),
                "{name}: a reference without a line"
            );
        }
        let episodes: BTreeSet<_> = named(&document, "episodeOfCondition").map(id).collect();
        for flag in named(&document, "act") {
            assert!(
                episodes.contains(&id(flag)),
                "{name}: a flag without an episode"
            );
        }
    }
}

#[test]
fn the_showcase_shows_what_the_design_draws() {
    let text = fixture("explicit-full.xml");
    let document = Document::parse(&text).unwrap();
    let count = |name: &str| named(&document, name).count();
    assert_eq!(
        [
            count("episodeOfCondition"),
            count("encounter"),
            count("Prescription"),
            count("ObservationIntolerance"),
            count("ContraIndication")
        ],
        [6, 13, 7, 2, 1]
    );
    let (flags, measurements): (Vec<_>, Vec<_>) =
        named(&document, "observation").partition(|node| {
            node.children()
                .any(|child| child.attribute("code") == Some("74018-3"))
        });
    assert_eq!((flags.len(), measurements.len()), (3, 23));
    let without_value = measurements.iter().filter(|node| {
        !node
            .children()
            .any(|child| child.tag_name().name() == "value")
    });
    assert_eq!(without_value.count(), 1);
    let notes: Vec<_> = named(&document, "pertinentAnnotationObsEvent")
        .filter_map(|node| node.children().find_map(|child| child.attribute("code")))
        .collect();
    assert_eq!(notes, ["BEHANDELGRENS", "ATT"]);
}
