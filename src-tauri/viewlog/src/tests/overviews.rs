//! The overviews of NEN 7513, of a real log.

use chrono::NaiveDate;
use inzage_core::domain::event::{CloseCause, Event, What};
use tempfile::TempDir;

use super::{
    BSN, OTHER_BSN, assistant, bsn, digest, doctor, event, keys_of, lookup, open, opened,
    organisation, random, raw, released,
};
use crate::overview::{
    Heading, JSON_FORMAT, Kind, LOOK_UPS_MIN, Language, Outcome, Overview, PERSONS_MIN, Question,
    Remark, RepositoryRead, Row, Verdict, Who, Whom, bundle, csv, for_patient, json, overview,
    patterns, text,
};
use crate::{LogReader, ViewLog};

const DAY: &str = "2026-11-22";

pub(super) fn at(mut event: Event, at: &str, request: &str) -> Event {
    event.at = format!("{at}.000Z");
    event.request_id = Some(request.into());
    event
}

pub(super) fn append(log: &mut ViewLog, event: &Event) {
    if matches!(event.what, What::Released { .. }) {
        let _receipt = log.append_released(event).unwrap();
    } else {
        log.append(event).unwrap();
    }
}

pub(super) fn requested() -> What {
    What::Requested {
        agreement: None,
        suspicion: Some(true),
        measure_active: true,
        birth_date_given: false,
    }
}

/// One look-up that was seen: asked, released, displayed, closed.
pub(super) fn seen(log: &mut ViewLog, number: u64, hour: &str) {
    let request = format!("request-{number}");
    let put = |log: &mut ViewLog, second: &str, event: Event| {
        append(log, &at(event, &format!("{hour}:{second}"), &request));
    };
    put(log, "01", event(requested()));
    put(log, "02", released(number));
    let shown = What::Displayed {
        digest: digest(number),
    };
    put(log, "03", event(shown));
    let closed = What::Closed {
        duration_ms: 5,
        cause: CloseCause::User,
    };
    put(log, "04", event(closed));
}

pub(super) fn day(text: &str) -> Option<NaiveDate> {
    text.parse().ok()
}

pub(super) fn ask(folder: &TempDir, question: &Question) -> Overview {
    let reader = LogReader::open(folder.path()).unwrap();
    overview(&reader, question, &organisation(1)).unwrap()
}

fn on_day(folder: &TempDir, text: &str) -> Vec<Row> {
    let question = Question {
        from: day(text),
        to: day(text),
        ..Question::default()
    };
    let mut rows = ask(folder, &question).rows;
    // The head of the segment is nobody's.
    rows.retain(|row| row.kind == Kind::LookUp);
    rows
}

pub(super) fn of_patient() -> Question {
    Question {
        patient: Some(bsn(BSN)),
        ..Question::default()
    }
}

pub(super) fn heading() -> Heading {
    Heading {
        made_at: "2026-11-23T09:00:00.000Z".into(),
        repository_read: RepositoryRead::NotAsked,
        missing: Vec::new(),
        opening: Some(9),
        verdict: Some(Verdict::Intact {
            keychain: true,
            remarks: Vec::new(),
            remarks_more: 0,
        }),
        data_protection_officer: None,
    }
}

#[test]
fn a_look_up_is_one_row_with_all_that_the_norm_asks() {
    let folder = tempfile::tempdir().unwrap();
    let (mut log, _) = open(folder.path());
    seen(&mut log, 1, "2026-11-22T01:14");
    let rows = ask(&folder, &of_patient()).rows;
    let [row] = rows.as_slice() else {
        panic!("{rows:?}")
    };
    assert_eq!(row.whom, Whom::Patient(bsn(BSN)));
    let Who::Person(person) = &row.who else {
        panic!("{row:?}")
    };
    assert_eq!(
        (person.id.as_str(), person.role_name.as_str()),
        ("assistente-17", "triagist")
    );
    assert_eq!(row.responsible.as_ref().unwrap().id, doctor().id);
    assert_eq!(row.place.organisation.workstation, "balie 2");
    assert_eq!(row.outcome, Outcome::Displayed);
    assert!(row.remarks.is_empty(), "{row:?}");
    assert!(row.sections.contains("episodes"));
    assert_eq!(row.suspicion, Some(true));
    // 01:14 in UTC is 02:14 on the wall.
    let written = text(&ask(&folder, &of_patient()), &heading(), None, Language::Nl);
    assert!(written.contains("02:14:01"), "{written}");
    assert!(
        written.contains("Huisartsenpraktijk Rietveld: corona-opt-in"),
        "{written}"
    );
}

#[test]
fn a_release_that_was_never_displayed_may_have_been_seen_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let (mut log, _) = open(folder.path());
    append(&mut log, &released(1));
    let rows = ask(&folder, &of_patient()).rows;
    assert_eq!(rows[0].outcome, Outcome::MayHaveBeenSeen);
    assert!(rows[0].remarks.contains(&Remark::ReleaseNotDisplayed));
    let told = for_patient(&ask(&folder, &of_patient()), &heading(), Language::Nl).join("\n");
    assert!(told.contains("misschien gezien"), "{told}");
}

#[test]
fn received_and_not_shown_refused_failed_and_objected_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let (mut log, _) = open(folder.path());
    let source = || "Huisartsenpraktijk Rietveld".to_owned();
    let not_shown = What::ReceivedNotShown {
        source: source(),
        why: "no_suspicion".into(),
    };
    let refused = What::Refused {
        source: None,
        reason: "role_not_allowed".into(),
    };
    let failed = What::Failed {
        source: Some(source()),
        code: "timeout".into(),
    };
    for (number, what) in [not_shown, refused, failed, What::Objected]
        .into_iter()
        .enumerate()
    {
        let time = format!("2026-11-22T01:14:0{number}");
        append(
            &mut log,
            &at(event(what), &time, &format!("request-{number}")),
        );
    }
    let found = ask(&folder, &of_patient());
    let codes: Vec<_> = found.rows.iter().map(|row| row.outcome.code()).collect();
    assert_eq!(
        codes,
        ["received_not_shown", "refused", "failed", "objected"]
    );
    let written = text(&found, &heading(), None, Language::Nl);
    assert!(written.contains("ontvangen, niet getoond"), "{written}");
    let told = for_patient(&found, &heading(), Language::Nl).join("\n");
    assert!(told.contains("ontvangen, niet getoond"), "{told}");
}

#[test]
fn equal_look_ups_of_one_day_are_one_row_with_first_and_last_time() {
    let folder = tempfile::tempdir().unwrap();
    let (mut log, _) = open(folder.path());
    seen(&mut log, 1, "2026-11-22T01:14");
    seen(&mut log, 2, "2026-11-22T03:40");
    seen(&mut log, 3, "2026-11-23T03:40");
    let rows = ask(&folder, &of_patient()).rows;
    let counts: Vec<_> = rows
        .iter()
        .map(|row| (row.day.to_string(), row.count))
        .collect();
    assert_eq!(counts, [("2026-11-22".into(), 2), ("2026-11-23".into(), 1)]);
    let written = text(&ask(&folder, &of_patient()), &heading(), None, Language::Nl);
    assert!(written.contains("02:14:01–04:40:01"), "{written}");
}

#[test]
fn rows_that_repeat_between_others_are_one_row_each_where_the_first_stood() {
    let folder = tempfile::tempdir().unwrap();
    let (mut log, _) = open(folder.path());
    let mut wanted: Vec<(String, u32)> = Vec::new();
    for number in 0..60_u64 {
        // Two days, and on each of them seven workstations in turn.
        let (day, desk) = (22 + number / 30, number * number % 7);
        let time = format!("2026-11-{day}T08:{number:02}:00");
        let mut look = at(event(What::Objected), &time, &format!("r{number}"));
        look.place.organisation.workstation = format!("balie {desk}");
        append(&mut log, &look);
        let name = format!("2026-11-{day} balie {desk}");
        match wanted.iter_mut().find(|(known, _)| *known == name) {
            Some((_, count)) => *count += 1,
            None => wanted.push((name, 1)),
        }
    }
    let rows = ask(&folder, &of_patient()).rows;
    let found: Vec<_> = rows
        .iter()
        .map(|row| {
            let name = format!("{} {}", row.day, row.place.organisation.workstation);
            (name, row.count)
        })
        .collect();
    assert_eq!(found, wanted);
}

#[test]
fn a_day_is_a_day_of_the_wall_clock_and_a_look_up_over_midnight_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let (mut log, _) = open(folder.path());
    // 23:59 on the 21st and 00:00 on the 22nd, in Amsterdam.
    append(&mut log, &at(released(1), "2026-11-21T22:59:59", "over"));
    let shown = What::Displayed { digest: digest(1) };
    append(&mut log, &at(event(shown), "2026-11-21T23:00:01", "over"));
    seen(&mut log, 2, "2026-11-22T22:30");
    let days: Vec<_> = on_day(&folder, DAY)
        .iter()
        .map(|row| row.outcome.code())
        .collect();
    assert_eq!(days, ["displayed", "displayed"]);
    let before: Vec<_> = on_day(&folder, "2026-11-21")
        .iter()
        .map(|r| r.outcome.code())
        .collect();
    assert_eq!(before, ["displayed"]);
    assert!(on_day(&folder, "2026-11-24").is_empty());
}

#[test]
fn an_employee_and_a_patient_are_found_apart_and_together() {
    let folder = tempfile::tempdir().unwrap();
    let (mut log, _) = open(folder.path());
    seen(&mut log, 1, "2026-11-22T01:14");
    let mut other = at(event(What::Objected), "2026-11-22T02:00:00", "other");
    other.patient = Some(bsn(OTHER_BSN));
    append(&mut log, &other);
    let mut alone = at(event(What::Objected), "2026-11-22T03:00:00", "alone");
    alone.actor.as_mut().unwrap().user = doctor();
    alone.actor.as_mut().unwrap().responsible = None;
    append(&mut log, &alone);
    let rows = |patient: Option<&str>, user: Option<&str>| {
        let question = Question {
            patient: patient.map(bsn),
            user: user.map(str::to_owned),
            ..Question::default()
        };
        (ask(&folder, &question).rows.len(), question.scope())
    };
    let assistant = assistant().user.id;
    assert_eq!(rows(Some(BSN), None), (2, "overview_patient"));
    assert_eq!(rows(None, Some(&assistant)), (2, "overview_employee"));
    assert_eq!(
        rows(Some(BSN), Some(&assistant)),
        (1, "overview_employee_and_patient")
    );
    assert_eq!(
        rows(Some(BSN), Some(&doctor().id)),
        (1, "overview_employee_and_patient")
    );
    assert_eq!(rows(Some("123456782"), None), (0, "overview_patient"));
}

#[test]
fn an_entry_that_cannot_be_read_is_named_and_the_rest_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    let (mut log, _) = open(folder.path());
    seen(&mut log, 1, "2026-11-22T01:14");
    drop(log);
    let file = raw(folder.path());
    file.execute_batch(
        "DROP TRIGGER entry_no_update; UPDATE entry SET canonical = x'00' WHERE sequence = 2",
    )
    .unwrap();
    let found = ask(&folder, &of_patient());
    assert_eq!(
        (found.unreadable_count, found.unreadable.as_slice()),
        (1, [2].as_slice())
    );
    assert_eq!(found.rows[0].outcome, Outcome::Displayed);
    let written = text(&found, &heading(), None, Language::Nl);
    assert!(written.contains("niet te lezen"), "{written}");
}

#[test]
fn what_another_key_sealed_is_shown_without_who_and_whom() {
    let folder = tempfile::tempdir().unwrap();
    let (mut log, _) = open(folder.path());
    seen(&mut log, 1, "2026-11-22T01:14");
    drop(log);
    let keys = keys_of(&organisation(7), &lookup(2));
    let (mut log, _) = ViewLog::open(folder.path(), keys, &opened(), random(5)).unwrap();
    seen(&mut log, 2, "2026-11-22T03:14");
    let question = Question {
        from: day(DAY),
        to: day(DAY),
        ..Question::default()
    };
    let found = ask(&folder, &question);
    assert_eq!(found.not_unsealed, 4);
    assert!(
        found
            .rows
            .iter()
            .any(|row| matches!(row.whom, Whom::Sealed { .. }))
    );
    let by_patient = Overview {
        segments_not_searched: vec![2],
        ..ask(&folder, &of_patient())
    };
    assert!(text(&by_patient, &heading(), None, Language::Nl).contains("niet te doorzoeken"));
}

#[test]
fn no_cell_becomes_a_formula_and_no_name_steers_the_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let (mut log, _) = open(folder.path());
    let mut event = event(What::Objected);
    event.place.organisation.workstation = "=HYPERLINK(\"x\",\"y\")".into();
    event.actor.as_mut().unwrap().user.name = "A\u{1b}[2J\u{202e}B".into();
    append(&mut log, &event);
    let found = ask(&folder, &of_patient());
    let sheet = csv(&found, &heading(), Language::Nl);
    assert!(
        sheet.contains("\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\""),
        "{sheet}"
    );
    assert!(sheet.lines().all(|line| !line.contains('\u{1b}')));
    assert!(sheet.ends_with("\r\n"));
    let written = text(&found, &heading(), None, Language::Nl);
    assert!(!written.contains(['\u{1b}', '\u{202e}']), "{written}");
}

#[test]
fn json_has_codes_and_the_documented_members() {
    let folder = tempfile::tempdir().unwrap();
    let (mut log, _) = open(folder.path());
    seen(&mut log, 1, "2026-11-22T01:14");
    let written = json(&ask(&folder, &of_patient()), &heading(), None);
    let value: serde_json::Value = serde_json::from_str(&written).unwrap();
    assert_eq!(value["format"], JSON_FORMAT);
    let row = &value["rows"][0];
    assert_eq!(row["outcome"], "displayed");
    assert_eq!(row["sources"][0]["basis"], "corona");
    assert_eq!(row["patient"]["bsn"], BSN);
    let documented = include_str!("../../../../docs/overviews.md");
    for object in [&value, row] {
        for member in object.as_object().unwrap().keys() {
            assert!(documented.contains(&format!("`{member}`")), "{member}");
        }
    }
}

#[test]
fn the_bundle_has_an_audit_event_per_entry_asked_for_and_says_what_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let (mut log, _) = open(folder.path());
    seen(&mut log, 1, "2026-11-22T01:14");
    let mut other = at(event(What::Objected), "2026-11-22T02:00:00", "other");
    other.patient = Some(bsn(OTHER_BSN));
    append(&mut log, &other);
    let file = raw(folder.path());
    file.execute_batch(
        "DROP TRIGGER entry_no_update; UPDATE entry SET canonical = x'00' WHERE sequence = 5",
    )
    .unwrap();
    let reader = LogReader::open(folder.path()).unwrap();
    let written = bundle(&reader, &of_patient(), &organisation(1), &heading()).unwrap();
    let value: serde_json::Value = serde_json::from_str(&written).unwrap();
    let kinds: Vec<_> = value["entry"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["resource"]["resourceType"].as_str().unwrap())
        .collect();
    assert_eq!(
        kinds,
        ["OperationOutcome", "AuditEvent", "AuditEvent", "AuditEvent"]
    );
    assert!(written.contains("This workstation only") && written.contains("not readable"));
    assert!(!written.contains(OTHER_BSN));
}

#[test]
fn every_form_says_before_its_rows_that_content_of_the_period_expired() {
    let folder = tempfile::tempdir().unwrap();
    let (mut log, _) = super::expiry::old_log(folder.path());
    let mut asked = of_patient();
    assert_eq!(ask(&folder, &asked).expired, None, "nothing expired yet");
    super::expiry::expire(&mut log, 100);
    drop(log);
    let found = ask(&folder, &asked);
    let gone = found.expired.as_ref().unwrap();
    assert_eq!(
        (gone.last, gone.before.as_deref()),
        (12, Some("2026-12-01"))
    );
    for (l, notice, plainly) in [
        (
            Language::Nl,
            "tot en met nummer 12 is de inhoud verwijderd",
            // Of the first, what was before an hour past midnight in Amsterdam.
            "Inzagen tot en met 1 december 2026 kunnen hier ontbreken",
        ),
        (
            Language::En,
            "up to entry 12 the content was deleted",
            "Views up to and including 1 December 2026 may be missing here",
        ),
    ] {
        let first_row = "2031-11-30";
        for written in [
            text(&found, &heading(), None, l),
            csv(&found, &heading(), l),
        ] {
            let at = |words: &str| written.find(words).unwrap_or_else(|| panic!("{written}"));
            assert!(at(notice) < at(first_row), "{written}");
        }
        let told = for_patient(&found, &heading(), l);
        let said = told.iter().position(|line| line.contains(plainly)).unwrap();
        let row = told.iter().position(|line| line.contains("2031")).unwrap();
        assert!(said < row && !told.join("").contains("12 "), "{told:?}");
    }
    let value: serde_json::Value = serde_json::from_str(&json(&found, &heading(), None)).unwrap();
    assert_eq!(value["expired"]["last"], 12);
    assert_eq!(value["expired"]["before"], "2026-12-01");
    let reader = LogReader::open(folder.path()).unwrap();
    let whole = bundle(&reader, &asked, &organisation(1), &heading()).unwrap();
    assert!(whole.contains("up to entry 12 the content was deleted"));

    // A period after it has lost nothing; one whose look-ups may begin before it has.
    asked.from = day("2026-12-03");
    assert_eq!(ask(&folder, &asked).expired, None);
    asked.from = day("2026-12-01");
    assert!(ask(&folder, &asked).expired.is_some());
}

#[test]
fn every_form_says_where_it_comes_from_and_ends_with_whom_to_ask() {
    let folder = tempfile::tempdir().unwrap();
    let (mut log, _) = open(folder.path());
    seen(&mut log, 1, "2026-11-22T01:14");
    let found = ask(&folder, &of_patient());
    let named = Heading {
        data_protection_officer: Some("fg@devliet.example".into()),
        ..heading()
    };
    for (l, only_here) in [
        (Language::Nl, "Alleen deze werkplek"),
        (Language::En, "This workstation only"),
    ] {
        let whole = text(&found, &named, None, l);
        let told = for_patient(&found, &named, l);
        let last = told.last().unwrap();
        assert!(whole.contains(only_here) && told.iter().any(|line| line == only_here));
        assert!(last.contains("fg@devliet.example") && last.contains("volgjezorg.nl"));
        assert!(whole.trim_end().ends_with(last.as_str()));
    }
}

#[test]
fn the_patient_reads_who_for_whom_what_and_why_without_codes() {
    let folder = tempfile::tempdir().unwrap();
    let (mut log, _) = open(folder.path());
    seen(&mut log, 1, "2026-11-22T01:14");
    let told = for_patient(&ask(&folder, &of_patient()), &heading(), Language::Nl).join("\n");
    for words in [
        "22 november 2026, 02:14:01",
        "Wijnanda Überhof, triagist,",
        "onder verantwoordelijkheid van Z. Quispelboom, waarnemend huisarts,",
        "Huisartsenpost De Vliet (huisartsenpost)",
        "episodes",
        "de tijdelijke coronaregeling gold",
        "Allergieën, intoleranties en contra-indicaties zijn daarbij niet getoond",
    ] {
        assert!(told.contains(words), "{words}: {told}");
    }
    assert!(
        !told.contains("assistente-17") && !told.contains(BSN),
        "{told}"
    );
}

#[test]
fn a_months_numbers_appear_only_where_enough_people_took_part() {
    let folder = tempfile::tempdir().unwrap();
    let (mut log, _) = open(folder.path());
    let look_up = |log: &mut ViewLog, number: u64, persons: u64| {
        let mut event = at(
            released(number),
            "2026-11-22T01:14:00",
            &format!("r{number}"),
        );
        event.actor.as_mut().unwrap().user.id = format!("user-{}", number % persons);
        append(log, &event);
    };
    let least = u64::from(LOOK_UPS_MIN);
    for number in 0..least {
        look_up(&mut log, number, PERSONS_MIN as u64 - 1);
    }
    let found_at = |folder: &TempDir, made_at: &str| {
        let reader = LogReader::open(folder.path()).unwrap();
        patterns(&reader, day(DAY), day(DAY), made_at).unwrap()
    };
    let found = |folder: &TempDir| found_at(folder, "2026-11-30T23:00:00.000Z");
    assert_eq!(found(&folder)[0].counts, None);
    for number in least..2 * least {
        look_up(&mut log, number, PERSONS_MIN as u64);
    }
    let answered = What::AskedAboutAllergies {
        answer: inzage_core::domain::event::AskAnswer::Asked,
    };
    append(&mut log, &at(event(answered), "2026-11-22T01:15:00", "r3"));
    let counts = found(&folder)[0].counts.unwrap();
    assert_eq!(
        (counts.released, counts.corona),
        (2 * LOOK_UPS_MIN, 2 * LOOK_UPS_MIN)
    );
    assert_eq!(
        (counts.prompted, counts.unanswered),
        (counts.released, counts.released - 1)
    );
    // A minute before December began in Amsterdam: tomorrow's numbers would tell who worked tonight.
    assert!(found_at(&folder, "2026-11-30T22:59:00.000Z").is_empty());
    assert!(found_at(&folder, "no moment").is_empty());
    let written = text(
        &ask(&folder, &Question::default()),
        &heading(),
        Some(&[]),
        Language::Nl,
    );
    let said = "Cijfers zijn er alleen van maanden die voorbij zijn.";
    assert!(written.contains(said), "{written}");
}

#[test]
fn a_patient_or_employee_is_found_through_the_index() {
    let folder = tempfile::tempdir().unwrap();
    super::small_log(folder.path(), 3);
    for (column, index) in [
        ("patient_lookup", "entry_patient"),
        ("user_lookup", "entry_user"),
    ] {
        let sql = format!(
            "EXPLAIN QUERY PLAN SELECT sequence FROM entry INDEXED BY {index} WHERE {column} = ?1 \
             AND sequence > ?2 AND at >= ?3 AND at < ?4 ORDER BY sequence LIMIT 1000"
        );
        let plan: String = raw(folder.path())
            .query_row(&sql, ("x", 0, "", "~"), |row| row.get(3))
            .unwrap();
        assert!(plan.contains("SEARCH") && plan.contains(index), "{plan}");
    }
}
