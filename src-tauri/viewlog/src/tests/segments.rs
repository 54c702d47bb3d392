use inzage_core::domain::event::What;

use super::{BSN, bsn, event, keys_of, lookup, open, opened, organisation, random};
use crate::{LogError, LogReader, Opening, SegmentReason, ViewLog, verify};

fn open_with(
    folder: &std::path::Path,
    organisation_seed: u64,
    lookup_seed: u64,
) -> (ViewLog, Opening) {
    let keys = keys_of(&organisation(organisation_seed), &lookup(lookup_seed));
    ViewLog::open(folder, keys, &opened(), random(lookup_seed + 100)).unwrap()
}

#[test]
fn a_lost_keychain_starts_a_segment_and_older_entries_are_found_with_the_organisations_key() {
    let folder = tempfile::tempdir().unwrap();
    let (mut log, _) = open(folder.path());
    for _ in 0..3 {
        log.append(&event(What::Objected)).unwrap();
    }
    drop(log);
    let (mut log, opening) = open_with(folder.path(), 1, 77);
    assert_eq!(
        opening,
        Opening::NewSegment {
            why: SegmentReason::KeychainLost
        }
    );
    log.append(&event(What::Objected)).unwrap();

    let reader = log.reader().unwrap();
    let patient = bsn(BSN);
    let found = reader
        .find_patient(&patient, std::slice::from_ref(&log.keys().lookup))
        .unwrap();
    assert_eq!(found.entries.len(), 1);
    assert_eq!(
        found.segments_not_searched,
        [1],
        "what was not searched is said"
    );

    let keys = reader.lookup_keys(&organisation(1)).unwrap();
    let found = reader.find_patient(&patient, &keys).unwrap();
    let numbers: Vec<u64> = found.entries.iter().map(|entry| entry.sequence).collect();
    assert_eq!(numbers, [2, 3, 4, 6]);
    assert!(found.segments_not_searched.is_empty() && !found.more);
    assert_eq!(
        reader
            .find_user("assistente-17", &keys)
            .unwrap()
            .entries
            .len(),
        4
    );
    assert!(
        reader
            .find_patient(&bsn("999911120"), &keys)
            .unwrap()
            .entries
            .is_empty()
    );

    let verified = verify(folder.path()).unwrap();
    assert_eq!((verified.entries, verified.segments), (6, 2));
    let why: Vec<String> = reader
        .segments()
        .unwrap()
        .into_iter()
        .map(|s| s.why)
        .collect();
    assert_eq!(why, ["first", "keychain_lost"]);
}

#[test]
fn the_same_keys_go_on_with_the_same_segment() {
    let folder = tempfile::tempdir().unwrap();
    let (log, _) = open(folder.path());
    drop(log);
    let (mut log, opening) = open(folder.path());
    assert_eq!(opening, Opening::SameSegment);
    assert_eq!(log.append(&event(What::Objected)).unwrap().sequence, 2);
    assert_eq!(log.segment(), 1);
}

#[test]
fn a_new_organisation_key_starts_a_segment_that_the_old_key_does_not_open() {
    let folder = tempfile::tempdir().unwrap();
    let (mut log, _) = open(folder.path());
    log.append(&event(What::Objected)).unwrap();
    drop(log);
    let (mut log, opening) = open_with(folder.path(), 8, 2);
    assert_eq!(
        opening,
        Opening::NewSegment {
            why: SegmentReason::OrganisationKeyChanged
        }
    );
    log.append(&event(What::Objected)).unwrap();
    let reader = LogReader::open(folder.path()).unwrap();
    let entries = reader.entries(1, 10).unwrap();
    assert!(entries[1].unseal(&organisation(1)).is_ok());
    assert!(entries[1].unseal(&organisation(8)).is_err());
    assert!(entries[3].unseal(&organisation(8)).is_ok());
    // The look-up key is the same one: the workstation still finds both.
    let found = reader.find_patient(&bsn(BSN), &[lookup(2)]).unwrap();
    assert_eq!(
        (found.entries.len(), found.segments_not_searched.len()),
        (2, 0)
    );
    assert_eq!(verify(folder.path()).unwrap().segments, 2);
}

#[test]
fn an_instance_whose_keys_were_overtaken_stops_instead_of_mixing_segments() {
    let folder = tempfile::tempdir().unwrap();
    let (mut older, _) = open(folder.path());
    let (mut newer, _) = open_with(folder.path(), 1, 77);
    assert_eq!(
        older.append(&event(What::Objected)),
        Err(LogError::OtherKeys)
    );
    newer.append(&event(What::Objected)).unwrap();
    assert_eq!(verify(folder.path()).unwrap().entries, 3);
}

#[test]
fn another_handle_on_a_log_begins_no_segment_whatever_happened_to_its_keys() {
    let folder = tempfile::tempdir().unwrap();
    let beside = |seed| {
        let keys = keys_of(&organisation(1), &lookup(seed));
        ViewLog::open_beside(folder.path(), keys, &opened(), random(seed))
    };
    let (mut log, _) = open(folder.path());
    let mut same = beside(2).unwrap();
    assert_eq!(same.segment(), log.segment());
    log.append(&event(What::Objected)).unwrap();
    same.append(&event(What::Objected)).unwrap();
    // The keys were replaced, and another instance began a segment with the new ones.
    assert_eq!(beside(77).err(), Some(LogError::OtherKeys));
    let (mut newer, _) = open_with(folder.path(), 1, 77);
    assert_eq!(beside(2).err(), Some(LogError::OtherKeys));
    newer.append(&event(What::Objected)).unwrap();
    assert_eq!(verify(folder.path()).unwrap().segments, 2);
}
