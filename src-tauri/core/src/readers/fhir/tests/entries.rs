//! The entries of the public documents, counted twice: as they were read, and in the JSON itself.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use serde_json::Value;

use super::corpus::files;
use super::read_all;
use crate::readers::{Scope, SourceRecord};

fn documents() -> Vec<(PathBuf, String)> {
    let paths = files("ips").into_iter().chain(files("eps"));
    paths
        .map(|path| {
            let text = std::fs::read_to_string(&path).unwrap();
            (path, text)
        })
        .collect()
}

/// Every key that an entry of a record has.
fn keys(record: &SourceRecord) -> HashMap<String, usize> {
    let mut keys: HashMap<String, usize> = HashMap::new();
    let mut add = |key: &str| *keys.entry(key.to_owned()).or_default() += 1;
    record.episodes.iter().for_each(|one| add(&one.key));
    record.contacts.iter().for_each(|one| add(&one.key));
    record.medication.iter().for_each(|one| add(&one.key));
    record.measurements.iter().for_each(|one| add(&one.key));
    record.laboratory.iter().for_each(|one| add(&one.key));
    record.alerts.iter().for_each(|one| add(&one.key));
    record.others.iter().for_each(|one| add(&one.key));
    record.allergies.iter().for_each(|one| add(&one.key));
    record
        .contraindications
        .iter()
        .for_each(|one| add(&one.key));
    record.treatment_limits.iter().for_each(|one| add(&one.key));
    keys
}

/// Title and number of entries of each section in the text, without this product's readers.
fn sections_of(text: &str) -> Vec<(String, usize)> {
    let bundle: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).unwrap();
    let entries = bundle["entry"].as_array().unwrap();
    let composition = entries
        .iter()
        .map(|entry| &entry["resource"])
        .find(|resource| resource["resourceType"] == "Composition")
        .unwrap();
    let sections = composition["section"].as_array().unwrap();
    sections
        .iter()
        .map(|section| {
            let title = section["title"].as_str().unwrap_or_default().to_owned();
            (title, section["entry"].as_array().map_or(0, Vec::len))
        })
        .collect()
}

#[test]
fn every_section_of_a_public_document_has_as_many_entries_as_it_names() {
    for (path, text) in documents() {
        let whole = read_all(&text, Scope::Full);
        let record = whole.record();
        let read: Vec<(String, usize)> = record
            .sections
            .iter()
            .map(|section| {
                (
                    section.title.clone().unwrap_or_default(),
                    section.entries.len(),
                )
            })
            .collect();
        assert_eq!(read, sections_of(&text), "{}", path.display());
        let keys = keys(record);
        for section in &record.sections {
            for entry in &section.entries {
                if let Some(target) = &entry.target {
                    assert_eq!(
                        keys.get(target),
                        Some(&1),
                        "{}: an entry of {:?} is no entry",
                        path.display(),
                        section.title
                    );
                }
            }
        }
    }
}

#[test]
fn no_two_entries_have_one_key_and_every_reference_between_them_names_one() {
    for (path, text) in documents() {
        for scope in [Scope::Full, Scope::WithoutIca] {
            let whole = read_all(&text, scope);
            let record = whole.record();
            let keys = keys(record);
            let twice: Vec<_> = keys.iter().filter(|(_, count)| **count > 1).collect();
            assert!(twice.is_empty(), "{} {twice:?}", path.display());
            let references = record
                .measurements
                .iter()
                .chain(&record.laboratory)
                .flat_map(|one| one.members.iter().chain(&one.references))
                .chain(record.episodes.iter().flat_map(|one| &one.references))
                .chain(record.medication.iter().flat_map(|one| &one.references))
                .chain(record.others.iter().flat_map(|one| &one.references));
            let unknown: HashSet<&String> = references
                .filter_map(|line| line.target.as_ref())
                .filter(|target| !keys.contains_key(*target))
                .collect();
            assert!(unknown.is_empty(), "{} {unknown:?}", path.display());
        }
    }
}

#[test]
fn nothing_in_a_resource_of_a_public_document_is_listed_as_unknown() {
    /// How a masked number is written beside it; the patient's identifiers have no place for it.
    const RENDERED: &str = "/Patient/identifier[8]/value/extension";
    let single = files("gp-stu3").into_iter().map(|path| {
        let text = std::fs::read_to_string(&path).unwrap();
        (path, text)
    });
    for (path, text) in documents().into_iter().chain(single) {
        for scope in [Scope::Full, Scope::WithoutIca] {
            let whole = read_all(&text, scope);
            assert!(
                !whole.shown.to_string().contains("text()"),
                "{}: blanks between tags are told",
                path.display()
            );
            for record in whole.records {
                let mut unknown = record.unrecognised;
                unknown.retain(|one| !one.path.ends_with(RENDERED));
                assert!(unknown.is_empty(), "{} {unknown:#?}", path.display());
            }
        }
    }
}
