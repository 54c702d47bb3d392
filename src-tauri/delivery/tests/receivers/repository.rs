//! The organisation's repository, read back for an overview that covers every workstation.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use inzage_core::domain::bsn::Bsn;
use inzage_delivery::{Delivery, Pace, Repository, Searched, Sink};
use inzage_viewlog::overview::{Kind, Overview, Question, may_be_asked, overview_with};
use inzage_viewlog::{LogReader, OrganisationKeyPair, Receives};
use serde_json::json;

use crate::fhir::sink;
use crate::fhir_server::{FhirServer, own};
use crate::log::{BSN, Log, USER, key, pace};
use crate::pki::Pki;
use crate::proxy::{Mode, Proxy};
use crate::waiting::until_all;

const OTHER_BSN: &str = "999911120";

fn of_patient() -> Question {
    Question {
        patient: Some(Bsn::parse(BSN).unwrap()),
        ..Question::default()
    }
}

async fn delivered(folder: &Path, log: &Log, to: Sink) {
    let delivery = Delivery::start(folder, Some(key()), vec![to], &log.bell, pace()).unwrap();
    until_all(&delivery, 0, log.last).await;
}

async fn search(
    repository: &Repository,
    question: &Question,
    key: &OrganisationKeyPair,
) -> Result<Searched, &'static str> {
    let (from, until) = question.moments();
    let keep = |entry: &_| may_be_asked(entry, question, key);
    let found = repository.search(from.as_deref(), until.as_deref(), keep);
    found.await.map_err(|error| error.code())
}

fn made(folder: &Path, key: &OrganisationKeyPair, found: Searched) -> Overview {
    let reader = LogReader::open(folder).unwrap();
    overview_with(&reader, &of_patient(), key, found.entries).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_overview_of_a_patient_has_what_both_workstations_did_each_once() {
    let folder = tempfile::tempdir().unwrap();
    let pki = Pki::new(folder.path());
    let store = folder.path().join("store");
    // What another system keeps there, and one that says itself to be an entry.
    let foreign = |tag: &str| {
        json!({
            "resourceType": "AuditEvent",
            "meta": {"tag": [{"system": tag, "code": format!("{}-3", "ab".repeat(16))}]},
            "type": {"system": "http://example.org", "code": "read"},
            "recorded": "2026-11-22T01:14:05.123Z",
            "agent": [{"requestor": true}],
            "source": {"observer": {"display": "another system"}},
            "entity": [{"what": {"identifier": {
                "system": "http://fhir.nl/fhir/NamingSystem/bsn", "value": BSN
            }}}],
        })
        .to_string()
    };
    let there = format!(
        "{}\n{}\n",
        foreign("urn:other"),
        foreign("urn:inzage:entry")
    );
    fs::write(&store, there).unwrap();
    let server = FhirServer::start(&pki, &store, false);
    let organisation = Log::open(&folder.path().join("no log"))
        .organisation
        .to_text();
    let organisation = || OrganisationKeyPair::parse(&organisation).unwrap();
    let (one, two) = (folder.path().join("one"), folder.path().join("two"));
    let mut first = Log::of(&one, organisation(), "balie 1");
    let mut second = Log::of(&two, organisation(), "balie 2");
    for (log, name, count) in [(&mut first, "one", 12), (&mut second, "two", 9)] {
        for number in 0..count {
            log.append_about(BSN, &format!("{name}-{number}"));
            log.append_about(OTHER_BSN, &format!("{name}-{number}-other"));
        }
    }
    delivered(&one, &first, sink(&pki, server.port)).await;
    delivered(&two, &second, sink(&pki, server.port)).await;
    let own = Repository::of(&sink(&pki, server.port), &pace());
    let own = own.unwrap().unwrap();
    let found = search(&own, &of_patient(), &organisation()).await.unwrap();
    assert!(!found.more);
    assert_eq!(found.missing, []);
    let overview = made(&one, &organisation(), found);
    let seen: Vec<(&str, u32, bool)> = overview
        .rows
        .iter()
        .filter(|row| row.kind == Kind::LookUp)
        .map(|row| {
            let at = row.place.organisation.workstation.as_str();
            (at, row.count, row.log.is_some())
        })
        .collect();
    assert_eq!(seen, [("balie 1", 12, false), ("balie 2", 9, true)]);
    assert_eq!(overview.rows.len(), 2);
    assert_eq!(overview.elsewhere_unreadable, 1);

    // Of a day on which nothing was seen there is nothing but what cannot be read, had it been that day's.
    let later = Question {
        from: "2026-11-25".parse().ok(),
        to: "2026-11-25".parse().ok(),
        ..of_patient()
    };
    let found = search(&own, &later, &organisation()).await.unwrap();
    assert!(found.entries.is_empty());
    // The day itself, as the server filters it.
    let day = Question {
        from: "2026-11-22".parse().ok(),
        to: "2026-11-22".parse().ok(),
        ..of_patient()
    };
    let found = search(&own, &day, &organisation()).await.unwrap();
    assert_eq!(found.entries.len(), 12 + 9 + 1);
    assert_eq!(server.searches(), 3);
    assert!(server.asked().len() > 3, "in pages");
    // Cut off within a later page, nothing of the earlier ones is taken for all there is.
    let proxy = Proxy::new(&pki, server.port).await;
    let cut = Repository::of(&sink(&pki, proxy.port), &pace());
    let cut = cut.unwrap().unwrap();
    proxy.set(Mode::CutBack { bytes: 60_000 });
    let found = search(&cut, &of_patient(), &organisation()).await;
    assert_eq!(found.map(|_| ()), Err("delivery_broken_off"));
    assert!(server.asked().len() > 10, "more than one page was given");
    proxy.set(Mode::Pass);
    let found = search(&cut, &of_patient(), &organisation()).await.unwrap();
    assert_eq!(found.entries.len(), 12 + 9 + 1);
    server.was_asked_about_nobody(&[BSN, OTHER_BSN, USER]);
}

#[tokio::test(flavor = "multi_thread")]
async fn out_of_reach_refusing_or_returning_rubbish_it_is_not_taken_for_empty() {
    let folder = tempfile::tempdir().unwrap();
    let pki = Pki::new(folder.path());
    let store = folder.path().join("store");
    let server = FhirServer::start(&pki, &store, false);
    let proxy = Proxy::new(&pki, server.port).await;
    let key = Log::open(&folder.path().join("log")).organisation;
    let own = || {
        let own = Repository::of(&sink(&pki, proxy.port), &pace());
        own.unwrap().unwrap()
    };
    let none = search(&own(), &of_patient(), &key).await.unwrap();
    assert!(none.entries.is_empty() && !none.more);
    for (mode, code) in [
        (Mode::Answer { status: 503 }, "delivery_unavailable"),
        (Mode::Answer { status: 403 }, "delivery_forbidden"),
        (Mode::Answer { status: 404 }, "delivery_wrong_address"),
        (Mode::Answer { status: 204 }, "delivery_wrong_answer"),
        (
            Mode::Say {
                body: r#"{"resourceType":"Bundle","type":"searchset","entry":["#,
            },
            "delivery_wrong_answer",
        ),
        (Mode::Say { body: "<html>" }, "delivery_wrong_answer"),
        (
            Mode::Say {
                body: r#"{"resourceType":"OperationOutcome"}"#,
            },
            "delivery_wrong_answer",
        ),
        (
            Mode::Say {
                body: r#"{"resourceType":"Bundle","type":"searchset","link":[{"relation":"next","url":"https://elsewhere.example/"}]}"#,
            },
            "delivery_wrong_answer",
        ),
    ] {
        proxy.set(mode);
        let found = search(&own(), &of_patient(), &key).await;
        assert_eq!(found.map(|_| ()), Err(code), "{mode:?}");
    }
    let gone = Repository::of(&sink(&pki, proxy.port), &pace())
        .unwrap()
        .unwrap();
    drop((proxy, server));
    let found = search(&gone, &of_patient(), &key).await;
    assert!(matches!(
        found,
        Err("delivery_unreachable" | "delivery_broken_off")
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_taken_out_of_the_repository_is_missed_and_what_is_of_another_day_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let pki = Pki::new(folder.path());
    let whole = FhirServer::start(&pki, &folder.path().join("whole"), false);
    let logs = folder.path().join("log");
    let mut log = Log::open(&logs);
    let text = log.organisation.to_text();
    let key = || OrganisationKeyPair::parse(&text).unwrap();
    log.append(20);
    log.checkpoint();
    delivered(&logs, &log, sink(&pki, whole.port)).await;

    let thinned = folder.path().join("thinned");
    let mut kept = String::new();
    for mut resource in whole.has() {
        match own(&resource).as_str() {
            // A clock was set: these are there, and of another day.
            "4" | "12" | "15" => resource["recorded"] = json!("2026-10-01T01:14:05.123Z"),
            "6" | "7" | "13" | "14" => continue,
            _ => {}
        }
        kept.push_str(&format!("{resource}\n"));
    }
    fs::write(&thinned, kept).unwrap();
    let server = FhirServer::start(&pki, &thinned, false);
    let own = |port| {
        let own = Repository::of(&sink(&pki, port), &pace());
        own.unwrap().unwrap()
    };
    let day = Question {
        from: "2026-11-22".parse().ok(),
        to: "2026-11-22".parse().ok(),
        ..of_patient()
    };
    for question in [&day, &of_patient()] {
        let found = search(&own(whole.port), question, &key()).await.unwrap();
        assert_eq!((found.more, found.missing), (false, Vec::new()));
        let found = search(&own(server.port), question, &key()).await.unwrap();
        assert!(!found.more);
        let missing: Vec<_> = found
            .missing
            .iter()
            .map(|missing| (missing.workstation.as_str(), missing.numbers.as_slice()))
            .collect();
        assert_eq!(missing, [("balie 2", &[(6, 7), (13, 14)][..])]);
    }
    server.was_asked_about_nobody(&[BSN, OTHER_BSN, USER]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_that_never_ends_is_ended_and_is_not_whole() {
    let folder = tempfile::tempdir().unwrap();
    let pki = Pki::new(folder.path());
    let proxy = Proxy::new(&pki, 0).await;
    let key = Log::open(&folder.path().join("log")).organisation;
    let own = |search_wait| {
        let pace = Pace {
            search_wait,
            ..pace()
        };
        let own = Repository::of(&sink(&pki, proxy.port), &pace);
        own.unwrap().unwrap()
    };
    // It leads to itself.
    proxy.set(Mode::Say {
        body: r#"{"resourceType":"Bundle","type":"searchset","link":[{"relation":"next","url":"AuditEvent?p=2"}]}"#,
    });
    let found = search(&own(Duration::from_secs(60)), &of_patient(), &key).await;
    assert!(found.unwrap().more);
    assert_eq!(proxy.connections(), 2);
    // It leads further and further.
    proxy.set(Mode::Pages {
        pause: Duration::from_millis(100),
    });
    let begun = Instant::now();
    let found = search(&own(Duration::from_secs(2)), &of_patient(), &key).await;
    assert!(found.unwrap().more);
    assert!(begun.elapsed() < Duration::from_secs(20), "{begun:?}");
}

#[test]
fn only_the_organisations_own_fhir_server_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let pki = Pki::new(folder.path());
    let region = Sink {
        receives: Receives::Pseudonyms,
        ..sink(&pki, 1)
    };
    assert!(Repository::of(&region, &pace()).unwrap().is_none());
}
