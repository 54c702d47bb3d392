use inzage_core::domain::consent::{Agreement, MarkerElement};
use inzage_core::domain::event::{Actor, AskAnswer, CloseCause, Event, LockCause, What};
use inzage_core::domain::user::Means;

use super::{bsn, digest, doctor, event, open, opened, organisation, released};
use crate::{Head, LogError, Opening, SegmentReason, event_name, verify};

/// One of each kind that the app appends. The match in `event_name` makes the
/// compiler ask for a new one here too: see the count below.
pub(super) fn one_of_each() -> Vec<Event> {
    let kinds = vec![
        What::SignedIn {
            means: Means::Personal,
        },
        What::SignInRefused {
            reason: "wrong_pin".into(),
        },
        What::Requested {
            agreement: Some(Agreement::Representative),
            suspicion: Some(false),
            measure_active: true,
            birth_date_given: true,
        },
        What::Objected,
        What::Sent {
            source: None,
            message_ids: vec!["0a1b2c3d-0000-4000-8000-000000000001".into()],
        },
        What::MarkerRead {
            source: "Praktijk D".into(),
            element: MarkerElement::FhirSecurity,
        },
        What::Delivered {
            source: "Praktijk \"Rietveld\"".into(),
            ura: None,
        },
        What::Refused {
            source: None,
            reason: "need_not_confirmed".into(),
        },
        What::ReceivedNotShown {
            source: "Praktijk B".into(),
            why: "ica".into(),
        },
        What::Failed {
            source: Some("Praktijk C".into()),
            code: "exchange_time_out".into(),
        },
        What::Displayed { digest: digest(4) },
        What::AskedAboutAllergies {
            answer: AskAnswer::Unable,
        },
        What::SuspicionChanged {
            from: None,
            to: Some(true),
        },
        What::MeasureChanged {
            active: false,
            since: Some("2022-12".into()),
            decided_by: Some("minister".into()),
        },
        What::Closed {
            duration_ms: u64::MAX,
            cause: CloseCause::MeasureStopped,
        },
        What::Locked {
            cause: LockCause::Idle,
        },
        What::SignedOut {
            cause: LockCause::OtherUser,
        },
        What::LogOpened {
            scope: "recent".into(),
        },
    ];
    let mut events: Vec<Event> = kinds.into_iter().map(event).collect();
    events.push(released(4));
    // Nobody, nobody's patient, outside a look-up.
    events.push(Event {
        actor: None,
        patient: None,
        request_id: None,
        ..event(What::MeasureChanged {
            active: true,
            since: None,
            decided_by: None,
        })
    });
    // Somebody on their own responsibility, and no patient.
    events.push(Event {
        actor: Some(Actor {
            user: doctor(),
            responsible: None,
        }),
        patient: None,
        ..event(What::SignedIn {
            means: Means::Shared,
        })
    });
    // A patient and nobody signed in.
    events.push(Event {
        actor: None,
        patient: Some(bsn("012345672")),
        ..event(What::Failed {
            source: None,
            code: "log_full".into(),
        })
    });
    events
}

#[test]
fn every_event_is_read_back_as_it_was_appended() {
    let folder = tempfile::tempdir().unwrap();
    let (mut log, opening) = open(folder.path());
    assert_eq!(
        opening,
        Opening::NewSegment {
            why: SegmentReason::First
        }
    );
    let events = one_of_each();
    for event in &events {
        if matches!(event.what, What::Released { .. }) {
            let receipt = log.append_released(event).unwrap();
            assert_eq!(receipt.digest(), digest(4));
        } else {
            log.append(event).unwrap();
        }
    }
    let reader = log.reader().unwrap();
    let entries = reader.entries(2, 100).unwrap();
    let pair = organisation(1);
    let back: Vec<Event> = entries
        .iter()
        .map(|entry| entry.unseal(&pair).unwrap())
        .collect();
    assert_eq!(back, events);
    // All kinds but the segment's own start, which stands in entry 1.
    let mut kinds: Vec<&str> = entries
        .iter()
        .map(|entry| event_name(&entry.what))
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    assert_eq!(kinds.len(), 19);
    assert_eq!(
        event_name(&reader.entries(1, 1).unwrap()[0].what),
        "segment_started"
    );
}

#[test]
fn the_event_column_is_the_name_in_the_bytes() {
    for event in one_of_each() {
        let json = serde_json::to_value(&event.what).unwrap();
        assert_eq!(json["event"], event_name(&event.what));
    }
}

#[test]
fn a_log_is_verified_and_its_numbers_have_no_gap() {
    let folder = tempfile::tempdir().unwrap();
    let (mut log, _) = open(folder.path());
    for number in 2..=20 {
        assert_eq!(log.append(&event(What::Objected)).unwrap().sequence, number);
    }
    // While it is open, from its write-ahead file.
    let before = verify(folder.path()).unwrap();
    assert_eq!(
        (before.entries, before.segments, before.head.sequence),
        (20, 1, 20)
    );
    let counts = log.reader().unwrap().counts().unwrap();
    assert_eq!((counts.entries, counts.by_event["objected"]), (20, 19));
    drop(log);
    assert_eq!(
        verify(folder.path()).unwrap(),
        before,
        "closing changes nothing"
    );
}

#[test]
fn the_chain_value_follows_from_salt_and_bytes_by_the_written_formula() {
    use sha2::{Digest, Sha256};
    let folder = tempfile::tempdir().unwrap();
    super::small_log(folder.path(), 5);
    let connection = super::raw(folder.path());
    let mut statement = connection
        .prepare("SELECT salt, canonical FROM entry ORDER BY sequence")
        .unwrap();
    let mut rows = statement.query([]).unwrap();
    let mut chain = vec![0_u8; 32];
    while let Some(row) = rows.next().unwrap() {
        let (salt, bytes): (Vec<u8>, Vec<u8>) = (row.get(0).unwrap(), row.get(1).unwrap());
        let leaf = Sha256::digest([&[0_u8][..], &salt, &bytes].concat());
        chain = Sha256::digest([&[2_u8][..], &chain, &leaf[..]].concat()).to_vec();
    }
    let Head {
        sequence,
        chain: head,
    } = verify(folder.path()).unwrap().head;
    assert_eq!((sequence, head.as_bytes().to_vec()), (6, chain));
}

#[test]
fn the_newest_entries_come_first() {
    let folder = tempfile::tempdir().unwrap();
    super::small_log(folder.path(), 9);
    let reader = crate::LogReader::open(folder.path()).unwrap();
    let numbers: Vec<u64> = reader
        .recent(3)
        .unwrap()
        .iter()
        .map(|entry| entry.sequence)
        .collect();
    assert_eq!(numbers, [10, 9, 8]);
    assert_eq!(reader.entries(9, 100).unwrap().len(), 2);
    assert!(reader.entries(11, 100).unwrap().is_empty());
}

#[test]
fn only_a_complete_release_gives_a_receipt() {
    let folder = tempfile::tempdir().unwrap();
    let (mut log, _) = open(folder.path());
    let invalid = |field| LogError::Invalid { field };
    assert_eq!(
        log.append_released(&event(What::Objected)),
        Err(invalid("what"))
    );
    assert_eq!(log.append(&released(1)), Err(invalid("what")));
    for by_the_log_alone in [
        What::SegmentStarted {
            why: "first".into(),
        },
        What::Expired {
            last: 1,
            before: "2021-11-22".into(),
            years: 5,
        },
    ] {
        let refused = log.append(&event(by_the_log_alone));
        assert_eq!(refused, Err(invalid("what")));
    }
    let without = |change: fn(&mut Event)| {
        let mut event = released(1);
        change(&mut event);
        event
    };
    for (event, field) in [
        (without(|e| e.actor = None), "actor"),
        (without(|e| e.patient = None), "patient"),
        (without(|e| e.request_id = None), "request_id"),
        (without(|e| e.at = "2026-11-22T01:14:05Z".into()), "at"),
        (without(|e| e.at = "2026-13-22T01:14:05.000Z".into()), "at"),
        (without(|e| e.at = "2026-11-22T01:14:05.0001".into()), "at"),
    ] {
        assert_eq!(log.append_released(&event), Err(invalid(field)));
    }
    let mut upper = released(1);
    if let What::Released { digest, .. } = &mut upper.what {
        digest.make_ascii_uppercase();
    }
    assert_eq!(log.append_released(&upper), Err(invalid("digest")));
    // Nothing of this left a trace, and the next one has the next number.
    assert_eq!(log.append_released(&released(1)).unwrap().sequence(), 2);
    assert_eq!(verify(folder.path()).unwrap().entries, 2);
    let mut at = opened();
    at.at = "now".into();
    let keys = super::keys_of(&organisation(1), &super::lookup(2));
    let refused = crate::ViewLog::open(folder.path(), keys, &at, super::random(1));
    assert_eq!(refused.unwrap_err(), invalid("at"));
}
