//! The canonical bytes, version 1, held to the letter.

use inzage_core::domain::event::What;
use proptest::prelude::*;

use super::round_trip::one_of_each;
use super::{keys_of, lookup, organisation, place, random};
use crate::canonical::{Canonical, LoggedActor, NotCanonical};
use crate::compose::{KeyIds, Secret, compose};
use crate::seal::{Purpose, Sealer, Spot};

fn entry(what: What) -> Canonical {
    Canonical {
        v: 1,
        seq: 7,
        segment: 1,
        at: "2026-11-22T01:14:05.123Z".into(),
        place: place(),
        actor: Some(LoggedActor::of(&super::assistant())),
        request_id: Some(super::REQUEST.into()),
        what,
        head: None,
        sealed: Some(crate::canonical::Sealed(vec![0, 1, 254, 255])),
        seal_key: "0011223344556677".into(),
        patient_lookup: Some("aa".repeat(32)),
        user_lookup: None,
        lookup_key: "8899aabbccddeeff".into(),
    }
}

/// Written by hand from `docs/view-log.md`. A change here is a new version, not a mended test.
#[test]
fn version_1_is_written_as_documented() {
    let bytes = entry(What::Objected).encode().unwrap();
    let text = [
        r#"{"v":1,"seq":7,"segment":1,"at":"2026-11-22T01:14:05.123Z","#,
        r#""place":{"organisation":{"ura":"90000123","name":"Huisartsenpost De Vliet","workstation":"balie 2"},"setting":"after_hours"},"#,
        r#""actor":{"role":"assistant","means":"personal","responsible":{"role":"doctor","means":"personal"}},"#,
        r#""request_id":"6f1c2a34-5b6d-4e7f-8a90-1b2c3d4e5f60","what":{"event":"objected"},"head":null,"#,
        r#""sealed":"AAH+/w==","seal_key":"0011223344556677","patient_lookup":"#,
        r#""aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","user_lookup":null,"#,
        r#""lookup_key":"8899aabbccddeeff"}"#,
    ]
    .concat();
    assert_eq!(String::from_utf8(bytes).unwrap(), text);
}

/// Each event's members in their order: what older entries are checked against.
#[test]
fn every_event_is_written_as_documented() {
    let written: Vec<String> = one_of_each()
        .iter()
        .map(|e| serde_json::to_string(&e.what).unwrap())
        .collect();
    let digest = super::digest(4);
    let expected = [
        r#"{"event":"signed_in","means":"personal"}"#,
        r#"{"event":"sign_in_refused","reason":"wrong_pin"}"#,
        r#"{"event":"requested","agreement":"representative","suspicion":false,"measure_active":true,"birth_date_given":true}"#,
        r#"{"event":"objected"}"#,
        r#"{"event":"sent","source":null,"message_ids":["0a1b2c3d-0000-4000-8000-000000000001"]}"#,
        r#"{"event":"marker_read","source":"Praktijk D","element":"fhir_security"}"#,
        r#"{"event":"delivered","source":"Praktijk \"Rietveld\"","ura":null}"#,
        r#"{"event":"refused","source":null,"reason":"need_not_confirmed"}"#,
        r#"{"event":"received_not_shown","source":"Praktijk B","why":"ica"}"#,
        r#"{"event":"failed","source":"Praktijk C","code":"exchange_time_out"}"#,
        &format!(r#"{{"event":"displayed","digest":"{digest}"}}"#),
        r#"{"event":"asked_about_allergies","answer":"unable"}"#,
        r#"{"event":"suspicion_changed","from":null,"to":true}"#,
        r#"{"event":"measure_changed","active":false,"since":"2022-12","decided_by":"minister"}"#,
        r#"{"event":"closed","duration_ms":18446744073709551615,"cause":"measure_stopped"}"#,
        r#"{"event":"locked","cause":"idle"}"#,
        r#"{"event":"signed_out","cause":"other_user"}"#,
        r#"{"event":"log_opened","scope":"recent"}"#,
        &format!(
            r#"{{"event":"released","digest":"{digest}","sources":[{{"source":"Huisartsenpraktijk Rietveld","ura":"90000456","basis":"corona","provenance":"marker_in_message","ica":"withheld","refused":null}}],"sections":["episodes","contacts"],"agreement":"patient","suspicion":true}}"#
        ),
    ];
    assert_eq!(written[..expected.len()], expected);
    // Written by the log alone.
    let expired = What::Expired {
        last: 4,
        before: "2021-11-22".into(),
        years: 5,
    };
    assert_eq!(
        serde_json::to_string(&expired).unwrap(),
        r#"{"event":"expired","last":4,"before":"2021-11-22","years":5}"#
    );
}

#[test]
fn another_text_of_the_same_value_is_not_canonical() {
    let good = String::from_utf8(entry(What::Objected).encode().unwrap()).unwrap();
    assert!(Canonical::decode(good.as_bytes()).is_ok());
    for (from, to) in [
        ("\"seq\":7", "\"seq\": 7"),
        ("\"v\":1,\"seq\":7", "\"seq\":7,\"v\":1"),
        ("De Vliet", "De \\u0056liet"),
        ("\"head\":null,", ""),
        ("\"head\":null,", "\"head\":null,\"head\":null,"),
        (
            "\"event\":\"objected\"",
            "\"event\":\"objected\",\"more\":1",
        ),
        ("\"setting\":", "\"extra\":0,\"setting\":"),
        ("AAH+/w==", "AAH+/x=="),
    ] {
        let other = good.replacen(from, to, 1);
        assert_ne!(other, good, "the case must change something: {from}");
        assert_eq!(
            Canonical::decode(other.as_bytes()),
            Err(NotCanonical::Form),
            "{to}"
        );
    }
    let newer = good.replacen("\"v\":1", "\"v\":2", 1);
    assert_eq!(
        Canonical::decode(newer.as_bytes()),
        Err(NotCanonical::Version)
    );
    assert_eq!(
        Canonical::decode(b"{\"v\":3,\"new\":true}"),
        Err(NotCanonical::Version)
    );
    assert_eq!(Canonical::decode(b""), Err(NotCanonical::Form));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_text_is_written_canonically_and_read_back(
        source in any::<String>(),
        code in "[\u{0}-\u{1f}\u{7f}\"\\\\/\u{2028}\u{2029}\u{feff}\u{10ffff}]{0,40}",
        name in any::<String>(),
        request in proptest::option::of(any::<String>()),
        duration_ms in any::<u64>(),
        sealed in proptest::option::of(proptest::collection::vec(any::<u8>(), 0..600)),
    ) {
        for what in [
            What::Failed { source: Some(source.clone()), code },
            What::Closed { duration_ms, cause: inzage_core::domain::event::CloseCause::User },
        ] {
            let mut entry = entry(what);
            entry.place.organisation.name.clone_from(&name);
            entry.request_id.clone_from(&request);
            entry.sealed = sealed.clone().map(crate::canonical::Sealed);
            let bytes = entry.encode().unwrap();
            prop_assert!(!bytes.contains(&b'\n'));
            prop_assert_eq!(Canonical::decode(&bytes), Ok(entry));
        }
    }

    #[test]
    fn any_bytes_are_answered_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = Canonical::decode(&bytes);
        let _ = crate::OrganisationKeyPair::parse(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn a_changed_byte_changes_the_leaf_or_is_refused(at in any::<prop::sample::Index>(), bit in 0_u8..8) {
        let bytes = entry(What::Objected).encode().unwrap();
        let mut other = bytes.clone();
        other[at.index(bytes.len())] ^= 1 << bit;
        prop_assert_ne!(crate::hash::leaf(&[7; 32], &bytes), crate::hash::leaf(&[7; 32], &other));
        if let Ok(read) = Canonical::decode(&other) {
            prop_assert_ne!(read, entry(What::Objected));
        }
    }

}

proptest! {
    // Fewer: each takes four curve operations, slow without optimisation.
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_person_is_sealed_and_opened_again(
        id in any::<String>(), name in any::<String>(), role_name in any::<String>(),
        segment in any::<u64>(), sequence in any::<u64>(),
    ) {
        let pair = organisation(1);
        let keys = keys_of(&pair, &lookup(2));
        let mut event = super::event(What::Objected);
        let actor = event.actor.as_mut().unwrap();
        actor.user.id = id;
        actor.user.name = name;
        actor.user.role_name = role_name;
        let spot = Spot { segment, sequence };
        let secret = Secret::of(&event, || {
            Sealer::begin(&keys.organisation, Purpose::PersonalFields, &mut random(3))
        })
        .unwrap();
        let entry = compose(&event, &keys, &KeyIds::of(&keys), spot, None, secret).unwrap();
        let sealed = entry.sealed.clone().unwrap();
        prop_assert_eq!((sealed.0.len() - 32 - 16) % 256, 0, "the length tells only its step");
        let entry = crate::LogEntry::of(entry, None);
        prop_assert_eq!(entry.unseal(&pair).unwrap(), event);
    }
}
