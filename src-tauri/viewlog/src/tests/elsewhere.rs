//! Overviews with what the organisation's repository has of every workstation.

use inzage_core::domain::event::What;
use tempfile::TempDir;

use super::{BSN, OTHER_BSN, bsn, digest, event, keys_of, lookup, opened, organisation, random};
use super::{raw, released};
use crate::audit_event::{LogId, NotReadable, RepositoryEntry, for_repository, read_back};
use crate::overview::{
    ExpiredBefore, Heading, Kind, Language, MissingNumbers, Outcome, Overview, Question,
    RepositoryRead, Row, Verdict, bundle_with, for_patient, json, may_be_asked, overview_with,
    patterns, table, text,
};
use crate::{LogReader, ViewLog};

pub(super) type Given = Result<RepositoryEntry, NotReadable>;

/// A workstation's log: `views` look-ups of one patient that were seen.
pub(super) fn workstation(name: &str, seed: u64, key: u64, patient: &str, views: u64) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut at = opened();
    at.place.organisation.workstation = name.into();
    let keys = keys_of(&organisation(key), &lookup(seed));
    let (mut log, _) = ViewLog::open(folder.path(), keys, &at, random(seed)).unwrap();
    for number in 0..views {
        let shown = What::Displayed {
            digest: digest(number),
        };
        for mut event in [released(number), event(shown)] {
            event.place = at.place.clone();
            event.patient = Some(bsn(patient));
            event.request_id = Some(format!("request-{name}-{number}"));
            event.at = format!("2026-11-22T0{number}:14:05.123Z");
            if matches!(event.what, What::Released { .. }) {
                let _receipt = log.append_released(&event).unwrap();
            } else {
                log.append(&event).unwrap();
            }
        }
    }
    folder
}

/// What a repository has of a log, by way of the JSON that it was sent.
pub(super) fn in_repository(folder: &TempDir, key: u64) -> Vec<Given> {
    let reader = LogReader::open(folder.path()).unwrap();
    let log = LogId::of(&reader).unwrap();
    let entries = reader.entries(1, 1_000).unwrap();
    let sent = entries.iter().map(|entry| {
        let event = entry.unseal(&organisation(key)).unwrap();
        serde_json::to_value(for_repository(entry, &log, Some(&event))).unwrap()
    });
    sent.map(|sent| read_back(&sent).map(Option::unwrap))
        .collect()
}

pub(super) fn of_patient() -> Question {
    Question {
        patient: Some(bsn(BSN)),
        ..Question::default()
    }
}

pub(super) fn ask(folder: &TempDir, question: &Question, given: Vec<Given>) -> Overview {
    let reader = LogReader::open(folder.path()).unwrap();
    overview_with(&reader, question, &organisation(1), given).unwrap()
}

fn seen_at(rows: &[Row]) -> Vec<(&str, u32)> {
    rows.iter()
        .filter(|row| row.kind == Kind::LookUp)
        .map(|row| {
            assert_eq!(row.outcome, Outcome::Displayed, "{row:?}");
            (row.place.organisation.workstation.as_str(), row.count)
        })
        .collect()
}

pub(super) fn heading(repository_read: RepositoryRead) -> Heading {
    Heading {
        made_at: "2026-11-23T09:00:00.000Z".into(),
        repository_read,
        missing: Vec::new(),
        opening: Some(9),
        verdict: None,
        data_protection_officer: None,
    }
}

#[test]
fn what_two_workstations_saw_of_a_patient_is_there_once_in_whatever_order_it_comes() {
    let here = workstation("balie 1", 21, 1, BSN, 2);
    let there = workstation("balie 2", 22, 1, BSN, 3);
    let others = workstation("balie 3", 23, 1, OTHER_BSN, 2);
    let mut given: Vec<Given> = [&here, &there, &there, &others]
        .into_iter()
        .flat_map(|folder| in_repository(folder, 1))
        .collect();
    for _ in 0..2 {
        let found = ask(&here, &of_patient(), given.clone());
        assert_eq!(seen_at(&found.rows), [("balie 1", 2), ("balie 2", 3)]);
        assert_eq!(found.rows.len(), 2, "{:?}", found.rows);
        let logs: Vec<bool> = found.rows.iter().map(|row| row.log.is_some()).collect();
        assert_eq!(logs, [false, true]);
        assert_eq!(found.elsewhere_unreadable, 0);
        given.reverse();
    }
    // Without it, only what was seen here.
    let found = ask(&here, &of_patient(), Vec::new());
    assert_eq!(seen_at(&found.rows), [("balie 1", 2)]);
    let reader = LogReader::open(here.path()).unwrap();
    let whole = heading(RepositoryRead::Whole);
    let made = bundle_with(&reader, &of_patient(), &organisation(1), &whole, given).unwrap();
    assert_eq!(made.matches("\"AuditEvent\"").count(), 2 * (2 + 3));
}

#[test]
fn what_the_open_log_has_lost_is_shown_from_the_repository() {
    let here = workstation("balie 1", 21, 1, BSN, 2);
    let given = in_repository(&here, 1);
    // The first release, whose display stays.
    without_triggers(&here)
        .execute("DELETE FROM entry WHERE sequence = 2", [])
        .unwrap();
    let found = ask(&here, &of_patient(), given);
    let [lost, kept] = found.rows.as_slice() else {
        panic!("{:?}", found.rows)
    };
    assert_eq!((lost.from_repository, lost.log.as_ref()), (true, None));
    assert_eq!(lost.entries, (2, 3), "one look-up, with what is left of it");
    assert!(lost.sections.contains("episodes"));
    assert!(!kept.from_repository, "{kept:?}");
    assert_eq!((found.lost_here, found.elsewhere_contradicted), (1, 0));
}

/// The log's file for whoever tampers with it.
pub(super) fn without_triggers(folder: &TempDir) -> rusqlite::Connection {
    let file = raw(folder.path());
    let triggers: Vec<String> = file
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    for trigger in triggers {
        file.execute_batch(&format!("DROP TRIGGER {trigger};"))
            .unwrap();
    }
    file
}

#[test]
fn what_cannot_be_read_or_opened_is_counted_and_said_and_nothing_of_it_is_taken() {
    let here = workstation("balie 1", 21, 1, BSN, 1);
    let there = workstation("balie 2", 22, 1, BSN, 1);
    let other_key = workstation("balie 3", 23, 5, BSN, 1);
    let mut given = in_repository(&there, 1);
    // Sealed for one log, and said to be of another number: it does not open.
    if let Some(Ok(moved)) = given.last_mut() {
        moved.entry.sequence += 40;
    }
    given.push(Err(NotReadable));
    given.extend(in_repository(&other_key, 5));
    let found = ask(&here, &of_patient(), given.clone());
    let places: Vec<&str> = found
        .rows
        .iter()
        .map(|row| row.place.organisation.workstation.as_str())
        .collect();
    assert_eq!(places, ["balie 1", "balie 2"]);
    assert_eq!(
        (found.elsewhere_unreadable, found.elsewhere_not_searched),
        (2, 2)
    );
    let written = text(&found, &heading(RepositoryRead::Part), None, Language::Nl);
    for said in [
        "Deze werkplek en het register van de organisatie",
        "LET OP: in het register niet te lezen, en dus niet in dit overzicht: 2",
        "LET OP: in het register verzegeld met een andere sleutel, en dus niet te doorzoeken: 2",
        "LET OP: het register heeft meer dan er is gelezen",
    ] {
        assert!(written.contains(said), "{written}");
    }
    assert!(!written.contains("Alleen deze werkplek"), "{written}");
    // Of a day everything is shown, as far as it opens.
    let day = Question {
        from: "2026-11-22".parse().ok(),
        to: "2026-11-22".parse().ok(),
        ..Question::default()
    };
    let found = ask(&here, &day, given);
    assert_eq!((found.elsewhere_not_searched, found.not_unsealed), (0, 2));
    let shown = table(
        &found,
        &heading(RepositoryRead::Whole),
        Some(&[]),
        Language::En,
    );
    let from = &shown.notices[0];
    assert_eq!(
        (from.said.as_str(), from.warns),
        ("This workstation and the organisation's repository", false)
    );
}

#[test]
fn an_entry_of_another_period_or_patient_need_not_be_kept() {
    let here = workstation("balie 1", 21, 1, BSN, 1);
    let given = in_repository(&here, 1);
    let kept = |question: &Question, key: u64| -> usize {
        let given = given.iter().flatten();
        given
            .filter(|entry| may_be_asked(entry, question, &organisation(key)))
            .count()
    };
    assert_eq!(kept(&of_patient(), 1), 2, "not the segment's head");
    assert_eq!(kept(&of_patient(), 5), 2, "what does not open is counted");
    let later = Question {
        from: "2026-12-22".parse().ok(),
        ..Question::default()
    };
    assert_eq!(kept(&later, 1), 0);
    let other = Question {
        patient: Some(bsn(OTHER_BSN)),
        ..Question::default()
    };
    assert_eq!(kept(&other, 1), 0);
}

#[test]
fn a_repository_that_could_not_be_read_is_said_with_its_code() {
    let here = workstation("balie 1", 21, 1, BSN, 1);
    let found = ask(&here, &of_patient(), Vec::new());
    let heading = heading(RepositoryRead::Failed {
        code: "delivery_unreachable",
    });
    let written = text(&found, &heading, None, Language::Nl);
    assert!(written.contains("Alleen deze werkplek"), "{written}");
    let said = "LET OP: het register was niet te lezen (delivery_unreachable)";
    assert!(written.contains(said), "{written}");
    let warnings: Vec<String> = table(&found, &heading, None, Language::Nl)
        .notices
        .into_iter()
        .filter(|notice| notice.warns)
        .map(|notice| notice.said)
        .collect();
    assert!(
        matches!(warnings.as_slice(), [one] if one.starts_with(said)),
        "{warnings:?}"
    );
    let made: serde_json::Value = serde_json::from_str(&json(&found, &heading, None)).unwrap();
    assert_eq!(made["only_this_workstation"], true);
    assert_eq!(made["repository"]["code"], "delivery_unreachable");
    assert_eq!(made["rows"][0]["log"], serde_json::Value::Null);
}

#[test]
fn what_warns_is_marked_and_begins_with_the_word_for_it_and_nothing_else_does() {
    let found = Overview {
        unreadable: vec![3],
        unreadable_count: 1,
        not_unsealed: 1,
        segments_not_searched: vec![1],
        elsewhere_unreadable: 1,
        elsewhere_not_searched: 1,
        elsewhere_contradicted: 1,
        lost_here: 1,
        more: true,
        expired: Some(ExpiredBefore {
            last: 2,
            before: None,
        }),
        ..Overview::default()
    };
    let verdict = Some(Verdict::Fault {
        code: "altered",
        sequence: Some(3),
    });
    for read in [
        RepositoryRead::Part,
        RepositoryRead::Failed {
            code: "delivery_tls",
        },
    ] {
        let heading = Heading {
            verdict: verdict.clone(),
            ..heading(read)
        };
        for (l, word) in [(Language::Nl, "LET OP: "), (Language::En, "WARNING: ")] {
            let notices = table(&found, &heading, None, l).notices;
            for notice in &notices {
                assert_eq!(notice.warns, notice.said.starts_with(word), "{notice:?}");
            }
            let plain = notices.iter().filter(|notice| !notice.warns).count();
            // Where it comes from, its own entry, and what is shown without who and whom.
            assert_eq!((notices.len() - plain, plain), (10, 3), "{notices:?}");
        }
    }
}

#[test]
fn numbers_that_the_repository_should_have_and_has_not_are_said_of_which_workstation() {
    let here = workstation("balie 1", 21, 1, BSN, 2);
    let reader = LogReader::open(here.path()).unwrap();
    let log = LogId::of(&reader).unwrap();
    let missing = |workstation: &str, numbers: Vec<(u64, u64)>| MissingNumbers {
        log: log.clone(),
        workstation: workstation.into(),
        numbers,
    };
    let heading = Heading {
        missing: vec![
            missing("balie 2", vec![(6, 7), (13, 13)]),
            missing("", (1..=22).map(|n| (2 * n, 2 * n)).collect()),
        ],
        ..heading(RepositoryRead::Whole)
    };
    let found = ask(&here, &of_patient(), Vec::new());
    let written = text(&found, &heading, None, Language::Nl);
    let said = "LET OP: In het register ontbreken nummers van balie 2: 6–7, 13";
    assert!(written.contains(said), "{written}");
    let unnamed = format!("ontbreken nummers van {}: 2, 4, ", log.as_str());
    assert!(written.contains(&unnamed), "{written}");
    let notices = table(&found, &heading, None, Language::En).notices;
    let further = notices
        .iter()
        .find(|notice| notice.said.contains("further"));
    let further = further.unwrap();
    assert!(further.warns && further.said.ends_with("40, and further 2"));
    let made: serde_json::Value = serde_json::from_str(&json(&found, &heading, None)).unwrap();
    let first = &made["repository"]["missing"][0];
    assert_eq!(first["workstation"], "balie 2");
    assert_eq!(first["numbers"].to_string(), "[[6,7],[13,13]]");
}

#[test]
fn what_expired_here_is_shown_as_far_as_the_repository_has_it() {
    let here = tempfile::tempdir().unwrap();
    let (mut log, _) = super::expiry::old_log(here.path());
    let given = in_repository(&here, 1);
    let before = ask(&here, &of_patient(), Vec::new()).rows;
    super::expiry::expire(&mut log, 100);
    drop(log);
    let gone = ask(&here, &of_patient(), Vec::new());
    assert_ne!(gone.rows, before);
    let mut found = ask(&here, &of_patient(), given);
    assert_eq!((found.lost_here, found.elsewhere_contradicted), (0, 0));
    for row in &mut found.rows {
        assert!(std::mem::take(&mut row.from_repository), "{row:?}");
    }
    assert_eq!(found.rows, before);
    for (l, notice, plainly, no_more) in [
        (
            Language::Nl,
            "wie toen keek, staat hier alleen voor zover het register het nog heeft",
            "Alleen wat het register van de organisatie ervan heeft, staat hieronder.",
            "niet meer na te gaan",
        ),
        (
            Language::En,
            "who looked then is here only as far as the repository still has it",
            "Only what the organisation's repository has of them stands below.",
            "can no longer be found out",
        ),
    ] {
        let whole = heading(RepositoryRead::Whole);
        let written = text(&found, &whole, None, l);
        assert!(written.contains(notice), "{written}");
        let told = for_patient(&found, &whole, l).join("\n");
        assert!(told.contains(plainly) && !told.contains(no_more), "{told}");
        let alone = for_patient(&gone, &heading(RepositoryRead::NotAsked), l).join("\n");
        assert!(
            !alone.contains(plainly) && alone.contains(no_more),
            "{alone}"
        );
    }
}

#[test]
fn nothing_found_in_the_repository_either_is_not_told_as_nobody_looked() {
    for (l, nobody, other_logs) in [
        (
            Language::Nl,
            "Dat betekent niet dat niemand heeft gekeken: wat het register",
            "andere werkplekken hebben een eigen log",
        ),
        (
            Language::En,
            "That does not mean that nobody looked: what the organisation's repository",
            "other workstations have a log of their own",
        ),
    ] {
        let nothing = Overview::default();
        let told = for_patient(&nothing, &heading(RepositoryRead::Whole), l).join("\n");
        assert!(
            told.contains(nobody) && !told.contains(other_logs),
            "{told}"
        );
        let failed = RepositoryRead::Failed {
            code: "delivery_tls",
        };
        let told = for_patient(&nothing, &heading(failed), l).join("\n");
        assert!(
            told.contains(other_logs) && !told.contains(nobody),
            "{told}"
        );
    }
}

#[test]
fn patterns_are_said_to_be_of_this_workstation_where_the_repository_was_read() {
    let here = workstation("balie 1", 21, 1, BSN, 1);
    let reader = LogReader::open(here.path()).unwrap();
    let all = patterns(&reader, None, None, "2026-12-02T09:00:00.000Z").unwrap();
    assert!(!all.is_empty());
    let found = ask(&here, &Question::default(), Vec::new());
    for (read, said) in [
        (RepositoryRead::Whole, true),
        (RepositoryRead::NotAsked, false),
    ] {
        let of_this = "Numbers of this workstation only:";
        let written = text(&found, &heading(read), Some(&all), Language::En);
        assert_eq!(written.contains(of_this), said, "{written}");
        let shown = table(&found, &heading(read), Some(&all), Language::En);
        assert_eq!(shown.patterns.iter().any(|line| line == of_this), said);
        // And that only months that are over have numbers.
        assert_eq!(shown.patterns.len(), all.len() + usize::from(said) + 1);
    }
}
