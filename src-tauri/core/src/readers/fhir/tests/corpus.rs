//! The public documents, where they are. They are not part of this project: where their folder is
//! absent these tests say so and check nothing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::read_all;
use crate::domain::finding::FindingCode;
use crate::domain::state::StatementKind::{self, Entry, NoInformation, NoneKnown};
use crate::readers::{PartOutcome, Scope};

pub(super) fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/corpus/fhir")
        .join(folder);
    let Ok(entries) = std::fs::read_dir(&folder) else {
        eprintln!(
            "SKIPPED: 1 test of public documents; there is no folder {}",
            folder.display()
        );
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

#[test]
fn no_leaf_of_a_public_document_is_lost() {
    for folder in ["ips", "eps", "gp-stu3", "consent", "audit"] {
        for path in files(folder) {
            let text = std::fs::read_to_string(&path).unwrap();
            for scope in [Scope::Full, Scope::WithoutIca] {
                let whole = read_all(&text, scope);
                let counts = whole.coverage;
                assert_eq!(counts.lost, 0, "{} {scope:?}", path.display());
                assert_eq!(
                    counts.leaves,
                    counts.shown + counts.used + counts.listed,
                    "{}",
                    path.display()
                );
                assert_eq!(whole.parts.len(), 1, "{}", path.display());
            }
        }
    }
}

/// The statements about allergies in each document, as they stand in it.
const ALLERGIES: [(&str, &[StatementKind]); 22] = [
    ("AT_ELGA_GmbH_01.json", &[Entry]),
    ("Bundle-aups-noknownx.json", &[NoneKnown]),
    ("Bundle-bundle-ips-all-sections.json", &[Entry]),
    ("CY_194315.json", &[Entry; 5]),
    ("DE_no_info_with_Advance_Directive.json", &[NoInformation]),
    ("NL_Curavista_01.json", &[Entry; 2]),
    ("UK_NHSx_IPS_Example_01-modified.json", &[Entry]),
    ("US_Epic_Jan_emptyReason.json", &[NoneKnown]),
    ("bundle-minimal.json", &[Entry]),
    ("bundle-no-info-required-sections.json", &[NoInformation]),
    (
        "Bundle-06a6d546-9900-486f-838f-86e7e179618c.json",
        &[NoneKnown],
    ),
    (
        "Bundle-0ade629b-1e00-4725-8f98-e529603e3918.json",
        &[NoneKnown],
    ),
    (
        "Bundle-0c26c6fb-55f9-4b31-955b-26ddf2755c05.json",
        &[NoneKnown],
    ),
    (
        "Bundle-0e86aac8-1f55-4955-8f28-afa8cb3ad979.json",
        &[NoneKnown],
    ),
    (
        "Bundle-14cdd08d-a14e-47db-9446-475a8fed43fc.json",
        &[NoneKnown],
    ),
    (
        "Bundle-1a65d816-2e65-4859-8b81-7e8f1a61ee29.json",
        &[NoneKnown],
    ),
    (
        "Bundle-1b6fa259-c44e-47e4-9f13-e297e6fa8fc7.json",
        &[NoneKnown],
    ),
    (
        "Bundle-1c5f3995-2a41-4b54-b64f-1623e7a31802.json",
        &[Entry; 2],
    ),
    (
        "Bundle-20c578c9-1444-4a95-ac72-306283b6308e.json",
        &[NoneKnown],
    ),
    (
        "Bundle-380d85e0-14e1-4bc1-a11a-9e78afd73651.json",
        &[NoneKnown],
    ),
    (
        "Bundle-3a504ac3-ba07-4003-a7f2-445fd2b49b02.json",
        &[NoneKnown],
    ),
    (
        "Bundle-41519902-75dc-4877-a670-0f2887717a5b.json",
        &[Entry; 4],
    ),
];

#[test]
fn every_public_document_states_of_allergies_what_stands_in_it() {
    for path in files("ips").into_iter().chain(files("eps")) {
        let text = std::fs::read_to_string(&path).unwrap();
        let whole = read_all(&text, Scope::Full);
        let record = whole.record();
        let expected = ALLERGIES
            .into_iter()
            .find(|(file, _)| *file == name(&path))
            .map(|(_, kinds)| kinds)
            .unwrap_or_else(|| panic!("{} is not in the table", path.display()));
        let kinds: Vec<StatementKind> = record.allergies.iter().map(|s| s.kind).collect();
        assert_eq!(kinds, expected, "{}", path.display());
        for statement in &record.allergies {
            let author = statement.author.as_ref().unwrap();
            assert!(author.time.is_some(), "{}", path.display());
        }
        assert_eq!(whole.parts[0].outcome, PartOutcome::Delivered);
        assert!(whole.parts[0].has_content);
        assert!(record.patient.is_some(), "{}", path.display());
        assert!(record.author.is_some(), "{}", path.display());
        assert!(!record.sections.is_empty());
        // The allergies and their section are gone where they are withheld.
        let without = read_all(&text, Scope::WithoutIca);
        assert!(without.record().allergies.is_empty());
        assert!(without.record().contraindications.is_empty());
    }
}

#[test]
fn the_findings_in_public_documents_are_those_that_are_known() {
    use FindingCode::{
        DanglingReference, FutureDate, InvalidBsn, NarrativeMissing, NarrativeStripped,
        NotInterpreted, Unreferenced,
    };
    for path in files("ips").into_iter().chain(files("eps")) {
        let text = std::fs::read_to_string(&path).unwrap();
        let whole = read_all(&text, Scope::Full);
        let mut counts: BTreeMap<FindingCode, usize> = BTreeMap::new();
        for finding in &whole.findings {
            *counts.entry(finding.code).or_default() += 1;
        }
        for code in counts.keys() {
            assert!(
                matches!(
                    code,
                    DanglingReference
                        | FutureDate
                        | InvalidBsn
                        | NarrativeMissing
                        | NarrativeStripped
                        | NotInterpreted
                        | Unreferenced
                ),
                "{code:?} in {}",
                path.display()
            );
        }
    }
}

#[test]
fn dates_that_are_placeholders_are_shown_as_given() {
    let Some(path) = files("gp-stu3")
        .into_iter()
        .find(|path| name(path).contains("allergyintolerance"))
    else {
        return;
    };
    let text = std::fs::read_to_string(path).unwrap();
    let whole = read_all(&text, Scope::Full);
    let statement = &whole.record().allergies[0];
    assert_eq!(statement.kind, Entry);
    assert_eq!(
        statement.period.at.as_ref().unwrap().raw,
        "${DATE, T, D, -50}"
    );
    assert!(
        whole
            .findings
            .iter()
            .any(|finding| finding.code == FindingCode::UnreadableDate)
    );
    assert!(whole.parts[0].whole_ica);
    assert!(read_all(&text, Scope::WithoutIca).records.is_empty());
}
