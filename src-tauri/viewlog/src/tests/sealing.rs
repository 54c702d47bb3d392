use inzage_core::domain::event::What;

use super::{BSN, OTHER_BSN, bsn, event, lookup, open, organisation, random, released};
use crate::{KeyTextError, LookupKey, OrganisationKeyPair, OrganisationPublicKey, UnsealError};

/// The text as it could stand in a file: UTF-8, UTF-16 either way, base64 at each offset.
fn shapes(text: &str) -> Vec<Vec<u8>> {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let mut shapes = vec![
        text.as_bytes().to_vec(),
        text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        crate::hash::hex(text.as_bytes()).into_bytes(),
        crate::hash::sha256(&[text.as_bytes()]).as_bytes().to_vec(),
        crate::hash::sha256(&[text.as_bytes()])
            .to_string()
            .into_bytes(),
    ];
    for lead in 0..3 {
        let encoded = STANDARD.encode([&vec![b'"'; lead], text.as_bytes()].concat());
        // Without the characters that also hold bits of the neighbours.
        shapes.push(encoded.as_bytes()[(lead * 8).div_ceil(6)..encoded.len() - 4].to_vec());
    }
    shapes
}

#[test]
fn nothing_personal_stands_plain_in_any_file() {
    let folder = tempfile::tempdir().unwrap();
    let (mut log, _) = open(folder.path());
    for number in 0..20 {
        let _receipt = log.append_released(&released(number)).unwrap();
        let mut other = event(What::Objected);
        other.patient = Some(bsn(OTHER_BSN));
        log.append(&other).unwrap();
    }
    let look = |open_or_closed: &str| {
        let mut bytes = Vec::new();
        for file in std::fs::read_dir(folder.path()).unwrap() {
            bytes.extend(std::fs::read(file.unwrap().path()).unwrap());
        }
        let found = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
        assert!(
            found(b"Huisartsenpost De Vliet"),
            "the search itself works: {open_or_closed}"
        );
        let lookup_key = lookup(2);
        assert!(
            !found(lookup_key.reveal()),
            "the look-up key, {open_or_closed}"
        );
        for text in [
            BSN,
            OTHER_BSN,
            "Quispelboom",
            "Überhof",
            "assistente-17",
            "900001234",
            "waarnemend huisarts",
            "triagist",
        ] {
            for shape in shapes(text) {
                assert!(!found(&shape), "{text} stands plain, {open_or_closed}");
            }
        }
    };
    look("while open, with its write-ahead file");
    drop(log);
    look("closed");
}

#[test]
fn without_the_organisations_key_nothing_opens() {
    let folder = tempfile::tempdir().unwrap();
    super::small_log(folder.path(), 3);
    let reader = crate::LogReader::open(folder.path()).unwrap();
    let entry = &reader.recent(1).unwrap()[0];
    assert_eq!(entry.unseal(&organisation(9)), Err(UnsealError::OtherKey));
    // The right key in another place: what was sealed for one entry opens in no other.
    let mut moved = entry.clone();
    moved.sequence += 1;
    assert_eq!(moved.unseal(&organisation(1)), Err(UnsealError::Damaged));
    assert!(entry.unseal(&organisation(1)).is_ok());
}

#[test]
fn equal_patients_look_equal_and_their_salted_leaves_do_not() {
    let folder = tempfile::tempdir().unwrap();
    let (mut log, _) = open(folder.path());
    for _ in 0..2 {
        log.append(&event(What::Objected)).unwrap();
    }
    let entries = log.reader().unwrap().recent(2).unwrap();
    assert_eq!(entries[0].patient_lookup, entries[1].patient_lookup);
    assert_ne!(entries[0].leaf, entries[1].leaf);
    assert_ne!(entries[0].patient_lookup, entries[0].user_lookup);
}

#[test]
fn a_key_file_is_read_back_and_a_damaged_one_is_refused() {
    let pair = OrganisationKeyPair::generate(&mut random(5)).unwrap();
    let text = pair.to_text();
    assert!(text.starts_with("INZAGE-ORGANISATION-KEY-1:"));
    let again = OrganisationKeyPair::parse(&format!("  {}\r\n", text.trim())).unwrap();
    assert_eq!(again.public(), pair.public());
    let public = OrganisationPublicKey::parse(&pair.public().to_text()).unwrap();
    assert_eq!(public.id(), pair.public().id());
    let refused = |text: &str| OrganisationKeyPair::parse(text).unwrap_err();
    assert_eq!(refused(&pair.public().to_text()), KeyTextError::Prefix);
    assert_eq!(
        refused("INZAGE-ORGANISATION-KEY-1:AAAA"),
        KeyTextError::Length
    );
    assert_eq!(
        refused("INZAGE-ORGANISATION-KEY-1:####"),
        KeyTextError::Encoding
    );
}

#[test]
fn keys_do_not_print_themselves() {
    let pair = organisation(1);
    let key = LookupKey::from_bytes([0xab; 32]);
    let keys = super::keys_of(&pair, &key);
    let printed = format!("{pair:?} {key:?} {keys:?}");
    let secret = pair.to_text();
    assert!(!printed.contains(secret.trim().split(':').nth(1).unwrap()));
    assert!(!printed.contains("171, 171") && !printed.contains("abab"));
}

#[test]
fn a_public_key_that_gives_no_secret_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let zero = format!("INZAGE-ORGANISATION-PUBLIC-1:{}=", "A".repeat(43));
    let keys = crate::LogKeys {
        organisation: OrganisationPublicKey::parse(&zero).unwrap(),
        lookup: lookup(2),
    };
    let refused = crate::ViewLog::open(folder.path(), keys, &super::opened(), random(1));
    assert_eq!(refused.unwrap_err(), crate::LogError::OrganisationKey);
    // And nothing half made is left behind: the next start succeeds.
    let (_, opening) = open(folder.path());
    assert_eq!(
        opening,
        crate::Opening::NewSegment {
            why: crate::SegmentReason::First
        }
    );
}
