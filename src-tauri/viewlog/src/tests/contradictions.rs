//! What the organisation's repository says otherwise than the open log, or than itself: whoever can write
//! to it can add entries, and sealing them takes no secret.

use tempfile::TempDir;

use super::elsewhere::{
    Given, ask, heading, in_repository, of_patient, without_triggers, workstation,
};
use super::{BSN, OTHER_BSN, bsn, organisation};
use crate::LogReader;
use crate::audit_event::LogId;
use crate::overview::{
    Kind, Language, Overview, Question, RepositoryRead, Row, Sieve, Verdict, bundle_with, csv,
    for_patient, json, table, text,
};

fn id(folder: &TempDir) -> LogId {
    LogId::of(&LogReader::open(folder.path()).unwrap()).unwrap()
}

/// Entries of one log, said to be of another; without the head, which says of which it is.
fn said_to_be_of(log: &TempDir, entries: Vec<Given>) -> Vec<Given> {
    let mut all: Vec<Given> = entries.into_iter().skip(1).collect();
    for entry in all.iter_mut().flatten() {
        entry.log = id(log);
    }
    all
}

fn workstations(rows: &[Row]) -> Vec<&str> {
    let mut names: Vec<&str> = rows
        .iter()
        .map(|row| row.place.organisation.workstation.as_str())
        .collect();
    names.sort_unstable();
    names
}

/// What passes the sieve of one question, as a search of the repository gives it.
fn sieved(folder: &TempDir, question: &Question, given: &[Given]) -> Vec<Given> {
    let reader = LogReader::open(folder.path()).unwrap();
    let key = organisation(1);
    let mut sieve = Sieve::new(&reader, question, &key).unwrap();
    let mut kept: Vec<Given> = given
        .iter()
        .filter(|given| given.as_ref().map_or(true, |entry| sieve.keeps(entry)))
        .cloned()
        .collect();
    sieve.mark(&mut kept);
    kept
}

fn warnings(found: &Overview, l: Language) -> String {
    let notices = table(found, &heading(RepositoryRead::Whole), None, l).notices;
    let warns = notices.into_iter().filter(|notice| notice.warns);
    warns.map(|notice| notice.said + "\n").collect()
}

#[test]
fn an_entry_of_this_log_that_is_told_otherwise_there_is_never_shown_as_its_own() {
    let here = workstation("balie 1", 21, 1, OTHER_BSN, 1);
    let forged = workstation("balie 9", 31, 1, BSN, 1);
    let forged = said_to_be_of(&here, in_repository(&forged, 1));
    let mut given = in_repository(&here, 1);
    given.extend(forged.clone());
    for given in [given.clone(), sieved(&here, &of_patient(), &given)] {
        let found = ask(&here, &of_patient(), given);
        assert_eq!(workstations(&found.rows), ["balie 9", "balie 9"]);
        for row in &found.rows {
            assert!(row.from_repository && row.contradicted, "{row:?}");
            assert_eq!(row.log, Some(id(&here)));
            assert!(matches!(row.kind, Kind::Event(_)), "{row:?}");
        }
        assert_eq!(found.elsewhere_contradicted, 2);
        assert!(
            warnings(&found, Language::Nl)
                .contains("het register spreekt dit log of zichzelf tegen"),
        );
    }
    // In the overview of the patient whom this log names, its own row stands, and what contradicts it is
    // somebody else's: it is said, and not shown.
    let other = Question {
        patient: Some(bsn(OTHER_BSN)),
        ..Question::default()
    };
    for given in [given.clone(), sieved(&here, &other, &given)] {
        let found = ask(&here, &other, given);
        let [row] = found.rows.as_slice() else {
            panic!("{:?}", found.rows)
        };
        assert!(!row.from_repository && row.contradicted && row.log.is_none());
        assert_eq!(row.kind, Kind::LookUp);
        assert_eq!(found.elsewhere_contradicted, 2);
        let written = text(&found, &heading(RepositoryRead::Whole), None, Language::Nl);
        assert!(
            written.contains("tegengesproken door het register"),
            "{written}"
        );
    }
}

#[test]
fn what_this_log_should_have_and_has_not_is_the_repositorys_and_warned_of() {
    let here = workstation("balie 1", 21, 1, BSN, 3);
    let mut given = in_repository(&here, 1);
    // The tail is cut off: the third look-up is gone, and what is left agrees.
    without_triggers(&here)
        .execute_batch("DELETE FROM entry WHERE sequence > 5; DELETE FROM chain WHERE sequence > 5")
        .unwrap();
    // No database has this number.
    let mut beyond_all = given[2].clone();
    beyond_all.as_mut().unwrap().entry.sequence = u64::MAX;
    given.push(beyond_all);
    let mut elsewhere = given[2].clone().unwrap();
    elsewhere.log = id(&workstation("balie 2", 22, 1, BSN, 0));
    elsewhere.entry.sequence = u64::MAX;
    given.push(Ok(elsewhere));
    let found = ask(&here, &of_patient(), given.clone());
    let [own, gone] = found.rows.as_slice() else {
        panic!("{:?}", found.rows)
    };
    assert_eq!(
        (own.count, own.from_repository, &own.log),
        (2, false, &None)
    );
    assert_eq!((gone.count, gone.from_repository), (1, true));
    assert_eq!(gone.log, Some(id(&here)));
    assert_eq!((found.lost_here, found.elsewhere_unreadable), (3, 2));
    assert!(
        warnings(&found, Language::Nl)
            .contains("in het register staan regels van deze werkplek die hier ontbreken: 3")
    );
    // Whoever asks for somebody else learns that the log was cut off, too.
    let other = Question {
        patient: Some(bsn(OTHER_BSN)),
        ..Question::default()
    };
    let found = ask(&here, &other, sieved(&here, &other, &given[..7]));
    assert_eq!((found.rows.len(), found.lost_here), (0, 2));
}

#[test]
fn every_version_of_one_number_is_shown_and_marked_in_whatever_order_they_come() {
    let here = workstation("balie 1", 21, 1, OTHER_BSN, 1);
    let there = workstation("balie 2", 22, 1, BSN, 1);
    let twin = workstation("balie 7", 27, 1, BSN, 1);
    let mut given = in_repository(&there, 1);
    given.extend(said_to_be_of(&there, in_repository(&twin, 1)));
    given.extend(in_repository(&there, 1));
    for _ in 0..2 {
        let found = ask(&here, &of_patient(), given.clone());
        let both = ["balie 2", "balie 2", "balie 7", "balie 7"];
        assert_eq!(workstations(&found.rows), both);
        assert!(found.rows.iter().all(|row| row.contradicted));
        assert_eq!(
            (found.elsewhere_contradicted, found.elsewhere_unreadable),
            (2, 0)
        );
        let told = for_patient(&found, &heading(RepositoryRead::Whole), Language::Nl).join("\n");
        let uncertain = "Dit is niet zeker: elders staat het anders.";
        assert_eq!(told.matches(uncertain).count(), 4, "{told}");
        given.reverse();
    }
}

#[test]
fn a_version_that_is_not_asked_for_marks_the_one_that_is() {
    let here = workstation("balie 1", 21, 1, OTHER_BSN, 1);
    let there = workstation("balie 2", 22, 1, BSN, 1);
    let twin = workstation("balie 7", 27, 1, OTHER_BSN, 1);
    let mut given = in_repository(&there, 1);
    given.extend(said_to_be_of(&there, in_repository(&twin, 1)));
    for _ in 0..2 {
        let kept = sieved(&here, &of_patient(), &given);
        assert_eq!(kept.len(), 2, "{kept:?}");
        let found = ask(&here, &of_patient(), kept);
        assert_eq!(workstations(&found.rows), ["balie 2", "balie 2"]);
        assert!(found.rows.iter().all(|row| row.contradicted));
        assert_eq!(found.elsewhere_contradicted, 2);
        given.reverse();
    }
}

#[test]
fn an_entry_that_is_told_again_under_another_log_contradicts_itself() {
    let here = workstation("balie 1", 21, 1, BSN, 1);
    let there = workstation("balie 2", 22, 1, BSN, 1);
    let third = workstation("balie 3", 23, 1, OTHER_BSN, 0);
    // Genuine bytes of another workstation.
    let mut given = in_repository(&there, 1);
    given.extend(said_to_be_of(&third, in_repository(&there, 1)));
    let found = ask(&here, &of_patient(), given);
    let marked: Vec<(bool, bool)> = found
        .rows
        .iter()
        .map(|row| (row.from_repository, row.contradicted))
        .collect();
    assert_eq!(marked[0], (false, false), "{:?}", found.rows[0]);
    assert!(marked[1..].iter().all(|row| *row == (true, true)));
    assert_eq!(found.elsewhere_contradicted, 4);
    // What was sealed is the same, whatever is said around it.
    let mut said_otherwise = said_to_be_of(&third, in_repository(&there, 1));
    for given in said_otherwise.iter_mut().flatten() {
        given.entry.place.organisation.workstation = "balie 8".into();
    }
    let mut given = in_repository(&there, 1);
    given.extend(said_otherwise);
    let found = ask(&here, &of_patient(), given);
    assert_eq!(found.elsewhere_contradicted, 4);
    // And of this one, of which the repository has nothing else.
    let given = said_to_be_of(&third, in_repository(&here, 1));
    let found = ask(&here, &of_patient(), given);
    let own: Vec<&Row> = found.rows.iter().filter(|r| !r.from_repository).collect();
    assert!(matches!(own.as_slice(), [own] if !own.contradicted));
    assert_eq!(found.rows.len(), 3);
    assert_eq!(found.elsewhere_contradicted, 2);
}

#[test]
fn every_form_tells_what_comes_from_the_repository_and_claims_nothing_for_it() {
    let here = workstation("balie 1", 21, 1, BSN, 1);
    let there = workstation("balie 2", 22, 1, BSN, 1);
    let given = in_repository(&there, 1);
    let found = ask(&here, &of_patient(), given.clone());
    let verdict = Some(Verdict::Intact {
        keychain: true,
        remarks: Vec::new(),
        remarks_more: 0,
    });
    let mut of = heading(RepositoryRead::Whole);
    of.verdict = verdict;
    for (l, sign, column, verdict, too_much) in [
        (
            Language::Nl,
            "register",
            "herkomst",
            "Nagerekend: het log van deze werkplek is onbeschadigd; wat uit het register komt, is niet nagerekend",
            "Nagerekend: het log is onbeschadigd",
        ),
        (
            Language::En,
            "repository",
            "origin",
            "Recomputed: this workstation's log is intact; what comes from the repository is not recomputed",
            "Recomputed: the log is intact",
        ),
    ] {
        let written = text(&found, &of, None, l);
        let sheet = csv(&found, &of, l);
        let told = for_patient(&found, &of, l).join("\n");
        for whole in [&written, &sheet, &told] {
            assert!(whole.contains(verdict), "{whole}");
            assert!(!whole.contains(too_much), "{whole}");
        }
        for rows in [&written, &sheet] {
            assert!(rows.contains(column), "{rows}");
            let row = |desk: &str| rows.lines().find(|line| line.contains(desk)).unwrap();
            assert!(row("balie 2").ends_with(sign), "{rows}");
            assert!(!row("balie 1").contains(sign), "{rows}");
        }
        let shown = table(&found, &of, None, l);
        let places: Vec<bool> = shown
            .rows
            .iter()
            .map(|row| row.last().unwrap().lines().any(|line| line == sign))
            .collect();
        assert_eq!(places, [false, true], "{:?}", shown.rows);
    }
    let made: serde_json::Value = serde_json::from_str(&json(&found, &of, None)).unwrap();
    assert_eq!(made["rows"][0]["from_repository"], false);
    assert_eq!(made["rows"][1]["from_repository"], true);
    assert_eq!(made["rows"][1]["contradicted"], false);
    assert_eq!(made["repository"]["contradicted"], 0);
    let reader = LogReader::open(here.path()).unwrap();
    let bundle = |given: Vec<Given>| {
        bundle_with(&reader, &of_patient(), &organisation(1), &of, given).unwrap()
    };
    let tags = |made: &str, code: &str| {
        let made: serde_json::Value = serde_json::from_str(made).unwrap();
        let entries = made["entry"].as_array().unwrap().clone();
        let tag = serde_json::json!({"system": "urn:inzage:found", "code": code});
        let has = |entry: &&serde_json::Value| {
            let tags = entry["resource"]["meta"]["tag"].as_array();
            tags.is_some_and(|tags| tags.contains(&tag))
        };
        entries.iter().filter(has).count()
    };
    let made = bundle(given.clone());
    assert_eq!(
        (tags(&made, "repository"), tags(&made, "contradicted")),
        (2, 0)
    );
    let made = bundle(said_to_be_of(&here, given));
    assert_eq!(
        (tags(&made, "repository"), tags(&made, "contradicted")),
        (2, 4)
    );
}
