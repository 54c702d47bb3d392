//! The organisation's repository as a FHIR server.

use std::path::Path;
use std::time::{Duration, Instant};

use base64::{Engine, engine::general_purpose::STANDARD};
use inzage_delivery::{Delivery, Pace, Sink, SinkKind, State};
use inzage_viewlog::{Outbox, OutboxKey, Receives, Who, notes_in, verify};
use serde_json::Value;

use crate::fhir_server::{FhirServer, assert_exactly_once, own};
use crate::log::{AT, BSN, Log, USER, key, pace};
use crate::pki::Pki;
use crate::proxy::{Mode, Proxy};
use crate::waiting::{status, until, until_all, until_code};

pub fn sink(pki: &Pki, port: u16) -> Sink {
    Sink {
        name: "repository".into(),
        kind: SinkKind::Fhir {
            base: format!("https://localhost:{port}/fhir"),
        },
        receives: Receives::OwnRepository,
        trusted_ca_pem: pki.ca_pem.clone(),
        client: None,
        allow_tls12: false,
        heartbeat: Duration::from_secs(600),
    }
}

pub fn start(folder: &Path, log: &Log, sinks: Vec<Sink>) -> Delivery {
    Delivery::start(folder, Some(key()), sinks, &log.bell, pace()).unwrap()
}

/// How many entries wait with their personal fields.
pub fn rows(folder: &Path) -> usize {
    let outbox = Outbox::open(folder, None).unwrap();
    let waits = |sink| outbox.undelivered(sink, 1_000).unwrap_or_default();
    waits("repository")
        .iter()
        .filter(|entry| !matches!(entry.who, Who::Nobody))
        .count()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_repository_has_everything_with_the_bsn_and_every_other_sink_a_pseudonym() {
    let folder = tempfile::tempdir().unwrap();
    let pki = Pki::new(folder.path());
    let ours = FhirServer::start(&pki, &folder.path().join("ours"), false);
    let theirs = FhirServer::start(&pki, &folder.path().join("theirs"), false);
    let logs = folder.path().join("log");
    let mut log = Log::open(&logs);
    log.append(7);
    log.checkpoint();
    let region = Sink {
        name: "region".into(),
        receives: Receives::Pseudonyms,
        ..sink(&pki, theirs.port)
    };
    let delivery = start(&logs, &log, vec![sink(&pki, ours.port), region]);
    until_all(&delivery, 0, log.last).await;
    until_all(&delivery, 1, log.last).await;
    // What comes later is delivered at once, on the bell.
    log.append(6);
    log.checkpoint();
    for at in [0, 1] {
        until_all(&delivery, at, log.last).await;
        until("checkpoints", || {
            status(&delivery, at).checkpoints_acknowledged == 2
        })
        .await;
    }
    assert_exactly_once(&ours.has(), log.last, 2);
    assert_exactly_once(&theirs.has(), log.last, 2);
    let about = |has: &[Value]| -> Vec<String> {
        has.iter()
            .filter(|resource| own(resource).parse::<u64>().is_ok_and(|number| number > 1))
            .map(Value::to_string)
            .collect()
    };
    for text in about(&ours.has()) {
        assert!(text.contains(BSN) && text.contains(USER), "{text}");
        assert!(!text.contains("urn:inzage:not_opened"), "{text}");
    }
    for text in about(&theirs.has()) {
        assert!(!text.contains(BSN) && !text.contains(USER), "{text}");
        assert!(text.contains("urn:inzage:pseudonym"), "{text}");
        assert!(!text.contains("urn:inzage:sealed"), "{text}");
    }
    assert_eq!(rows(&logs), 0);
    let now = status(&delivery, 0);
    assert_eq!((now.oldest_undelivered, now.sent_sealed), (None, 0));
    // What a witness keeps is byte for byte the log's own note.
    let notes: Vec<String> = ours
        .has()
        .iter()
        .filter(|resource| own(resource).starts_with("checkpoint-"))
        .map(|resource| {
            let details = resource["entity"][0]["detail"].as_array().unwrap();
            let note = details.iter().find(|d| d["type"] == "note").unwrap();
            let bytes = STANDARD
                .decode(note["valueBase64Binary"].as_str().unwrap())
                .unwrap();
            String::from_utf8(bytes).unwrap()
        })
        .collect();
    let kept: Vec<String> = log
        .log
        .checkpoints(1, 10)
        .unwrap()
        .into_iter()
        .map(|checkpoint| checkpoint.note)
        .collect();
    assert_eq!(notes, kept);
    assert_eq!(notes_in(&notes.concat()).len(), 2);
    verify(&logs).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_slowed_cut_in_mid_answer_refusing_and_restarted_the_server_has_every_entry_once() {
    let folder = tempfile::tempdir().unwrap();
    let pki = Pki::new(folder.path());
    let store = folder.path().join("store");
    let mut server = FhirServer::start(&pki, &store, false);
    let proxy = Proxy::new(&pki, server.port).await;
    let logs = folder.path().join("log");
    let mut log = Log::open(&logs);
    let mut delivery = start(&logs, &log, vec![sink(&pki, proxy.port)]);
    log.append(10);

    // Killed while it is at it, away for a while, and restarted.
    until("some", || status(&delivery, 0).acknowledged >= 3).await;
    server.kill();
    log.append(10);
    until("trouble", || status(&delivery, 0).state.code().is_some()).await;
    let waiting = status(&delivery, 0);
    assert!(matches!(waiting.state, State::Waiting { .. }));
    assert_eq!(waiting.oldest_undelivered.as_deref(), Some(AT));
    server = FhirServer::start(&pki, &store, false);
    proxy.lead_to(server.port);
    until_all(&delivery, 0, log.last).await;

    // Cut in the middle of its answer, at every kind of place, again and again.
    for bytes in [1, 20, 100, 300] {
        proxy.set(Mode::CutAnswer { bytes });
        let before = proxy.connections();
        log.append(3);
        // The connection that was kept is not cut: it takes a new one.
        server.kill();
        server = FhirServer::start(&pki, &store, false);
        proxy.lead_to(server.port);
        until("cut", || proxy.connections() >= before + 3).await;
        proxy.set(Mode::Pass);
        until_all(&delivery, 0, log.last).await;
    }

    // Slow, and whoever delivers ends in the middle of it, several times.
    proxy.set(Mode::Slow { bytes: 400 });
    log.append(10);
    log.checkpoint();
    for _ in 0..4 {
        drop(delivery);
        delivery = start(&logs, &log, vec![sink(&pki, proxy.port)]);
        tokio::time::sleep(Duration::from_millis(700)).await;
    }
    // A gateway says that it is down, then that it wants none of this.
    for (status_code, code) in [(503, "delivery_unavailable"), (422, "delivery_refused")] {
        proxy.set(Mode::Answer {
            status: status_code,
        });
        drop(delivery);
        log.append(3);
        delivery = start(&logs, &log, vec![sink(&pki, proxy.port)]);
        until_code(&delivery, code).await;
    }
    proxy.set(Mode::Pass);
    until_all(&delivery, 0, log.last).await;
    until("checkpoint", || {
        status(&delivery, 0).checkpoints_acknowledged == log.checkpoints
    })
    .await;
    assert_exactly_once(&server.has(), log.last, log.checkpoints);
    assert_eq!(rows(&logs), 0);
    assert_eq!(status(&delivery, 0).sent_sealed, 0);
    verify(&logs).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_alarms_with_its_code_and_is_neither_lost_nor_given_up() {
    let folder = tempfile::tempdir().unwrap();
    let pki = Pki::new(folder.path());
    let server = FhirServer::start(&pki, &folder.path().join("store"), false);
    let proxy = Proxy::new(&pki, server.port).await;
    let logs = folder.path().join("log");
    let mut log = Log::open(&logs);
    log.append(2);
    for (status_code, code, refused) in [
        (400, "delivery_refused", true),
        (422, "delivery_refused", true),
        (403, "delivery_forbidden", true),
        (404, "delivery_wrong_address", true),
        (302, "delivery_wrong_address", true),
        (412, "delivery_refused", true),
        (429, "delivery_unavailable", false),
        (500, "delivery_unavailable", false),
        (503, "delivery_unavailable", false),
    ] {
        proxy.set(Mode::Answer {
            status: status_code,
        });
        let delivery = start(&logs, &log, vec![sink(&pki, proxy.port)]);
        let now = until_code(&delivery, code).await;
        assert_eq!(
            matches!(now.state, State::Refused { .. }),
            refused,
            "{code}"
        );
        assert_eq!((now.acknowledged, now.last), (0, log.last));
        assert_eq!(now.oldest_undelivered.as_deref(), Some(AT));
        let (State::Refused { message, .. } | State::Waiting { message, .. }) = now.state else {
            panic!("{now:?}");
        };
        assert!(message.contains(&status_code.to_string()), "{message}");
        assert!(!message.contains(BSN));
        // It stays at it, and what is appended meanwhile is seen to wait.
        let before = proxy.connections();
        log.append(1);
        until("tries", || proxy.connections() > before + 1).await;
        until("seen", || status(&delivery, 0).last == log.last).await;
    }
    assert!(server.has().is_empty());
    proxy.set(Mode::Pass);
    let delivery = start(&logs, &log, vec![sink(&pki, proxy.port)]);
    until_all(&delivery, 0, log.last).await;
    assert_exactly_once(&server.has(), log.last, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_out_of_reach_alarms_and_appending_goes_on_as_fast() {
    let folder = tempfile::tempdir().unwrap();
    let pki = Pki::new(folder.path());
    let logs = folder.path().join("log");
    let mut log = Log::open(&logs);
    // A port that nobody listens at.
    let free = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let delivery = start(&logs, &log, vec![sink(&pki, port)]);
    let first = until_code(&delivery, "delivery_unreachable").await;
    let begun = Instant::now();
    log.append(50);
    assert!(begun.elapsed() < Duration::from_secs(10), "{begun:?}");
    until("seen", || status(&delivery, 0).last == log.last).await;
    let now = status(&delivery, 0);
    assert_eq!(now.acknowledged, 0);
    // Since when it has been so does not move with each try.
    let since = |state| match state {
        State::Waiting { since, .. } => since,
        other => panic!("{other:?}"),
    };
    assert_eq!(since(now.state), since(first.state));
    assert_eq!(rows(&logs), 50);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_says_nothing_is_not_waited_for_without_end() {
    let folder = tempfile::tempdir().unwrap();
    let pki = Pki::new(folder.path());
    let proxy = Proxy::new(&pki, 0).await;
    proxy.set(Mode::Silent);
    let logs = folder.path().join("log");
    let mut log = Log::open(&logs);
    log.append(1);
    let syslog = Sink {
        name: "siem".into(),
        ..crate::syslog::sink(&pki, proxy.port)
    };
    let short = Pace {
        connect_wait: Duration::from_millis(300),
        answer_wait: Duration::from_millis(300),
        ..pace()
    };
    let sinks = vec![sink(&pki, proxy.port), syslog];
    let delivery = Delivery::start(&logs, Some(key()), sinks, &log.bell, short).unwrap();
    for at in [0, 1] {
        until("timed out", || {
            status(&delivery, at).state.code() == Some("delivery_timed_out")
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn certificates_are_checked_both_ways() {
    let folder = tempfile::tempdir().unwrap();
    let pki = Pki::new(folder.path());
    let server = FhirServer::start(&pki, &folder.path().join("store"), true);
    let logs = folder.path().join("log");
    let mut log = Log::open(&logs);
    log.append(1);
    let elsewhere = tempfile::tempdir().unwrap();
    let stranger = Sink {
        trusted_ca_pem: Pki::new(elsewhere.path()).ca_pem,
        ..sink(&pki, server.port)
    };
    let other_name = Sink {
        kind: SinkKind::Fhir {
            base: format!("https://127.0.0.1:{}/fhir", server.port),
        },
        ..sink(&pki, server.port)
    };
    for (sink, code) in [
        (stranger, "delivery_certificate"),
        (other_name, "delivery_certificate"),
        (sink(&pki, server.port), "delivery_client_certificate"),
    ] {
        let delivery = start(&logs, &log, vec![sink]);
        until_code(&delivery, code).await;
    }
    let known = Sink {
        client: Some(pki.client()),
        ..sink(&pki, server.port)
    };
    let delivery = start(&logs, &log, vec![known]);
    until_all(&delivery, 0, log.last).await;
    assert_exactly_once(&server.has(), log.last, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn with_the_outbox_key_lost_every_entry_is_delivered_sealed_and_flagged() {
    let folder = tempfile::tempdir().unwrap();
    let pki = Pki::new(folder.path());
    let server = FhirServer::start(&pki, &folder.path().join("store"), false);
    let logs = folder.path().join("log");
    let mut log = Log::open(&logs);
    log.append(4);
    let lost = Some(OutboxKey::from_bytes([8; 32]));
    let sinks = vec![sink(&pki, server.port)];
    let delivery = Delivery::start(&logs, lost, sinks, &log.bell, pace()).unwrap();
    let now = until_all(&delivery, 0, log.last).await;
    assert_eq!(now.sent_sealed, 4);
    assert_exactly_once(&server.has(), log.last, 0);
    for resource in server.has() {
        if !own(&resource).parse::<u64>().is_ok_and(|number| number > 1) {
            continue;
        }
        let text = resource.to_string();
        assert!(
            text.contains(r#""code":"other_key","system":"urn:inzage:not_opened""#)
                || text.contains(r#""system":"urn:inzage:not_opened","code":"other_key""#),
            "{text}"
        );
        assert!(text.contains("urn:inzage:sealed"), "{text}");
        assert!(text.contains(&log.organisation.public().id()), "{text}");
        assert!(!text.contains(BSN), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_nothing_to_send_a_heartbeat_says_how_far_the_log_is() {
    let folder = tempfile::tempdir().unwrap();
    let pki = Pki::new(folder.path());
    let server = FhirServer::start(&pki, &folder.path().join("store"), false);
    let logs = folder.path().join("log");
    let mut log = Log::open(&logs);
    log.append(3);
    log.checkpoint();
    let often = Sink {
        heartbeat: Duration::from_millis(300),
        ..sink(&pki, server.port)
    };
    let delivery = start(&logs, &log, vec![often]);
    until_all(&delivery, 0, log.last).await;
    let beats = || -> Vec<Value> {
        let has = server.has().into_iter();
        has.filter(|resource| own(resource).starts_with("heartbeat-"))
            .collect()
    };
    until("heartbeats", || beats().len() >= 3).await;
    let text = beats()[0].to_string();
    assert!(text.contains(r#""code":"110100""#), "{text}");
    let last = format!(r#""type":"last","valueString":"{}""#, log.last);
    assert!(text.contains(&last), "{text}");
    assert!(text.contains("valueBase64Binary"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_instances_deliver_one_after_the_other() {
    let folder = tempfile::tempdir().unwrap();
    let pki = Pki::new(folder.path());
    let server = FhirServer::start(&pki, &folder.path().join("store"), false);
    let logs = folder.path().join("log");
    let mut log = Log::open(&logs);
    log.append(3);
    let first = start(&logs, &log, vec![sink(&pki, server.port)]);
    until_all(&first, 0, log.last).await;
    let second = start(&logs, &log, vec![sink(&pki, server.port)]);
    until("its turn", || status(&second, 0).state == State::Elsewhere).await;
    log.append(3);
    until_all(&first, 0, log.last).await;
    // What another instance appends rings no bell here.
    log.append_silently(2);
    until_all(&first, 0, log.last).await;
    until("seen from the other", || {
        status(&second, 0).acknowledged == log.last
    })
    .await;
    drop(first);
    log.append(3);
    until_all(&second, 0, log.last).await;
    assert_exactly_once(&server.has(), log.last, 0);
}
