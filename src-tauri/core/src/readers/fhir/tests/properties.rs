//! What holds for every document.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::generate::{ICA_WORD, document};
use super::{read_all, read_anything};
use crate::domain::finding::FindingCode;
use crate::readers::{PartHeader, Profile, Scope, open, text_of};

/// Of a header, what holds where ICA are withheld.
fn without_ica(header: &PartHeader) -> impl PartialEq + core::fmt::Debug {
    (
        (
            header.interaction.clone(),
            header.outcome_without_ica.clone(),
            header.marker,
            header.marker_in,
            header.sections.clone(),
        ),
        (
            header.bsns_without_ica.clone(),
            header.birth_dates_without_ica.clone(),
            header.patients_without_ica,
            header.has_content_without_ica,
            header.unidentified_without_ica,
            header.whole_ica,
        ),
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn a_document_read_without_ica_is_the_document_that_never_had_them(document in document(), xml in any::<bool>()) {
        let with = document.text(true, xml);
        let without = document.text(false, xml);
        let read = read_all(&with, Scope::WithoutIca);
        let of_cut = read_all(&without, Scope::WithoutIca);
        prop_assert!(!read.shown.to_string().contains(ICA_WORD), "{}", with);
        prop_assert_eq!(&read.records, &of_cut.records);
        prop_assert_eq!(&read.findings, &of_cut.findings);
        prop_assert_eq!(&read.shown, &of_cut.shown);
        prop_assert_eq!(read.coverage, of_cut.coverage);
        prop_assert_eq!(without_ica(&read.parts[0]), without_ica(&of_cut.parts[0]));
        if !document.summed_up {
            let in_full = read_all(&without, Scope::Full);
            prop_assert_eq!(&of_cut.records, &in_full.records);
        }
    }

    #[test]
    fn no_leaf_of_a_document_is_lost(document in document(), xml in any::<bool>()) {
        for scope in [Scope::Full, Scope::WithoutIca] {
            let counts = read_all(&document.text(true, xml), scope).coverage;
            prop_assert_eq!(counts.lost, 0);
            prop_assert_eq!(counts.leaves, counts.shown + counts.used + counts.listed);
        }
    }

    #[test]
    fn both_notations_say_the_same(document in document()) {
        let json = read_all(&document.text(true, false), Scope::Full);
        let xml = read_all(&document.text(true, true), Scope::Full);
        prop_assert_eq!(&json.record().allergies, &xml.record().allergies);
        prop_assert_eq!(&json.record().sections, &xml.record().sections);
        prop_assert_eq!(&json.record().episodes, &xml.record().episodes);
        prop_assert_eq!(&json.record().narratives, &xml.record().narratives);
        prop_assert_eq!(&json.parts, &xml.parts);
    }

    #[test]
    fn any_bytes_are_answered_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        read_anything(&bytes);
    }

    #[test]
    fn a_document_with_any_byte_changed_is_answered_without_panic_and_without_loss(
        document in document(), xml in any::<bool>(), at in any::<usize>(), to in any::<u8>()
    ) {
        let mut bytes = document.text(true, xml).into_bytes();
        let at = at % bytes.len();
        bytes[at] = to;
        read_anything(&bytes);
    }

    #[test]
    fn a_document_with_any_string_replaced_is_answered_without_panic_and_without_loss(
        document in document(), at in any::<usize>(), word in "[a-zA-Z0-9:/#&<\\-]{0,12}"
    ) {
        let text = document.text(true, false);
        let parts: Vec<&str> = text.split('"').collect();
        let at = at % parts.len();
        let mutated: Vec<&str> = parts
            .iter()
            .enumerate()
            .map(|(n, part)| if n == at && n % 2 == 1 { word.as_str() } else { part })
            .collect();
        read_anything(mutated.join("\"").as_bytes());
    }
}

/// The machine may be busy; what these guard against takes many seconds.
const SOON: Duration = Duration::from_secs(2);

fn refusal(text: &str) -> Option<FindingCode> {
    let started = Instant::now();
    let answer = text_of(text.as_bytes())
        .and_then(|(text, format)| open(text, format, &Profile::training()).map(|_| ()))
        .err()
        .map(|unreadable| unreadable.finding.code);
    assert!(started.elapsed() < SOON, "{:?}", started.elapsed());
    answer
}

#[test]
fn a_hundred_thousand_nested_arrays_are_refused_at_once() {
    let text = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(refusal(&text), Some(FindingCode::LimitExceeded));
}

#[test]
fn a_million_keys_in_one_object_are_refused_at_once() {
    use std::fmt::Write;
    let mut text = "{\"resourceType\":\"Patient\"".to_owned();
    for n in 0..1_000_000 {
        write!(text, ",\"k{n}\":1").unwrap();
    }
    text.push('}');
    assert_eq!(refusal(&text), Some(FindingCode::LimitExceeded));
}

#[test]
fn a_text_that_breaks_off_is_not_well_formed() {
    for text in [
        "{",
        "{\"a\"",
        "{\"a\":1}}",
        "{\"a\":\"b}",
        "[1,]",
        "{\"a\" 1}",
    ] {
        assert_eq!(refusal(text), Some(FindingCode::NotWellFormed), "{text}");
    }
}

#[test]
fn what_is_no_resource_is_not_known() {
    for text in ["{}", "[]", "{\"a\":1}", "[{\"resourceType\":\"Patient\"}]"] {
        assert_eq!(
            refusal(text),
            Some(FindingCode::UnknownInteraction),
            "{text}"
        );
    }
}

#[test]
fn a_giant_narrative_is_read_at_once() {
    let deep = format!("{}diep{}", "<div>".repeat(20_000), "</div>".repeat(20_000));
    let wide = "<p>woord</p>".repeat(50_000);
    for div in [deep, wide] {
        let text = format!(
            "{{\"resourceType\":\"Observation\",\"text\":{{\"status\":\"generated\",\"div\":\"{div}\"}}}}"
        );
        let started = Instant::now();
        let (text, format) = text_of(text.as_bytes()).unwrap();
        let opened = open(text, format, &Profile::training()).unwrap();
        let (record, ..) = opened.read(0, Scope::Full, "s", &Profile::training());
        assert!(started.elapsed() < SOON, "{:?}", started.elapsed());
        assert_eq!(record.narratives.len(), 1);
    }
}
