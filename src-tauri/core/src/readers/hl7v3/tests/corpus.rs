//! The public messages, where they are. They are not part of this project: where their folder is
//! absent these tests say so and check nothing.

use std::path::{Path, PathBuf};

use super::{opened, read_all};
use crate::domain::state::StatementKind;
use crate::domain::summary::MeasuredValue;
use crate::readers::{PartOutcome, Scope};

pub(super) fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/aorta");
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!(
        "SKIPPED: 1 test of public messages; there is no folder {}",
        folder.display()
    );
    None
}

pub(super) fn files() -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders: Vec<PathBuf> = folder().into_iter().collect();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let is_message = path
                .extension()
                .is_some_and(|ext| ext.eq_ignore_ascii_case("xml"));
            if path.is_dir() {
                folders.push(path);
            } else if is_message && !path.to_string_lossy().contains("as-fhir") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

fn the_summary() -> Option<String> {
    let path = folder()?.join("professional-summary/QUPC_IN990002NL_01.xml");
    Some(std::fs::read_to_string(path).unwrap())
}

#[test]
fn the_public_summary_is_read_without_loss() {
    let Some(text) = the_summary() else { return };
    let whole = read_all(&text, Scope::Full);
    let record = whole.record();
    assert_eq!(whole.coverage.lost, 0);
    assert!(record.unrecognised.is_empty(), "{:#?}", record.unrecognised);
    assert!(whole.findings.is_empty(), "{:#?}", whole.findings);

    assert_eq!(record.episodes.len(), 6);
    let flagged: Vec<_> = record
        .episodes
        .iter()
        .filter(|e| e.flagged)
        .map(|e| e.ids[0].extension.clone().unwrap())
        .collect();
    assert_eq!(flagged, ["525", "531"]);
    let references: Vec<_> = record.episodes.iter().flat_map(|e| &e.lines).collect();
    assert_eq!(references.len(), 31);
    assert!(
        references
            .iter()
            .all(|reference| reference.target.is_some())
    );

    assert_eq!(record.contacts.len(), 13);
    let partials = || record.contacts.iter().flat_map(|contact| &contact.partials);
    assert_eq!(
        partials().map(|partial| partial.lines.len()).sum::<usize>(),
        42
    );
    assert!(partials().all(|partial| partial.number.is_some()));
    assert_eq!(record.medication.len(), 2);
    assert!(
        partials()
            .flat_map(|partial| &partial.medication)
            .eq(record.medication.iter().map(|m| &m.key))
    );

    assert_eq!(record.measurements.len(), 7);
    let without_value = record
        .measurements
        .iter()
        .filter(|m| matches!(m.value, MeasuredValue::None { .. }));
    assert_eq!(without_value.count(), 1);
    assert_eq!(record.contraindications.len(), 2);
    assert_eq!(record.allergies.len(), 1);
    let statements = record.contraindications.iter().chain(&record.allergies);
    assert!(statements.clone().all(|s| s.kind == StatementKind::Entry));
    assert!(
        statements
            .clone()
            .all(|s| s.author.as_ref().is_some_and(|author| author.conducted))
    );
    assert_eq!(record.attention_lines.len(), 1);
    assert!(record.attention_lines[0].text.is_some());
    let patient = record.patient.as_ref().unwrap();
    assert_eq!(patient.bsn, "555555914");
    let gp = patient.general_practitioner.as_ref().unwrap();
    assert!(!gp.organisation.as_ref().unwrap().telecoms.is_empty());
}

#[test]
fn nothing_of_the_ica_of_the_public_summary_is_read_without_them() {
    let Some(text) = the_summary() else { return };
    let whole = read_all(&text, Scope::WithoutIca);
    assert_eq!(whole.coverage.lost, 0);
    let shown = whole.shown.to_string();
    for word in [
        "VERKEERSDEELNAME",
        "ASTMA",
        "PENICILLINES",
        "Forse reactie",
        "43284",
        "2.16.840.1.113883.2.4.4.1.902",
    ] {
        assert!(text.contains(word), "the message no longer has {word}");
        assert!(!shown.contains(word), "{word} must not be read");
    }
    assert!(shown.contains("\"Astma\""), "an episode is no ICA");
    let opened = opened(&text);
    let header = &opened.parts()[0];
    assert!(header.has_ica && header.has_content_without_ica);
    assert_eq!(header.outcome, PartOutcome::Delivered);
}

#[test]
fn every_public_message_is_accounted_for() {
    let mut messages = 0;
    for path in files() {
        let text = std::fs::read_to_string(&path).unwrap();
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        if super::super::open(text, &crate::readers::Profile::training()).is_err() {
            // SOAP headers, a query and the vocabulary are no answers.
            let path = path.to_string_lossy();
            assert!(
                path.contains("/envelope/") || path.contains("/vocabulary/"),
                "{path} is not read"
            );
            continue;
        }
        messages += 1;
        for scope in [Scope::Full, Scope::WithoutIca] {
            let whole = read_all(text, scope);
            assert_eq!(whole.coverage.lost, 0, "{} {scope:?}", path.display());
            let counts = whole.coverage;
            assert_eq!(
                counts.leaves,
                counts.shown + counts.used + counts.listed + counts.lost
            );
        }
    }
    eprintln!("{messages} public messages were read");
    assert!(messages == 0 || messages >= 18);
}

#[test]
fn a_real_partial_refusal_names_its_code_and_organisation() {
    let Some(folder) = folder() else { return };
    let text =
        std::fs::read_to_string(folder.join("building-blocks/episodes_bundle_01.xml")).unwrap();
    let opened = opened(&text);
    assert_eq!(opened.parts().len(), 3);
    assert_eq!(
        opened.parts()[0].outcome,
        PartOutcome::Refused {
            code: "AUTERR_SWV_FALSE".to_owned(),
            organisation_ura: Some("00003232".to_owned()),
        }
    );
    assert_eq!(opened.parts()[1].outcome, PartOutcome::Delivered);
}

#[test]
fn every_training_patient_is_accounted_for() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../training-exchange/patients");
    let mut messages = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        let Ok(text) = crate::readers::limits::scan(&bytes) else {
            continue;
        };
        if super::super::open(text, &crate::readers::Profile::training()).is_err() {
            continue;
        }
        messages += 1;
        for scope in [Scope::Full, Scope::WithoutIca] {
            let whole = read_all(text, scope);
            assert_eq!(whole.coverage.lost, 0, "{} {scope:?}", path.display());
        }
    }
    assert!(messages >= 15, "only {messages} training patients are read");
}
