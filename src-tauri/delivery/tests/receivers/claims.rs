//! What a receiver says that it has, and what it has: a number is not an entry.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use inzage_delivery::{Sink, State};
use inzage_viewlog::audit_event::LogId;
use inzage_viewlog::{LogReader, OrganisationKeyPair, Receives, verify};
use serde_json::{Value, json};

use crate::fhir::{rows, sink, start};
use crate::fhir_server::{FhirServer, assert_exactly_once};
use crate::log::{AT, Log};
use crate::pki::Pki;
use crate::proxy::{Mode, Proxy};
use crate::waiting::{status, until, until_all, until_code};

/// Far more than a task needs to end.
const LET_GO_WITHIN: Duration = Duration::from_secs(10);

/// Under somebody else's tag, with what anyone can know beforehand.
fn forged(folder: &Path, own: &str, detail: &Value) -> String {
    let log = LogId::of(&LogReader::open(folder).unwrap()).unwrap();
    let event = json!({
        "resourceType": "AuditEvent",
        "meta": {"tag": [{
            "system": "urn:inzage:entry",
            "code": format!("{}-{own}", log.as_str()),
        }]},
        "type": {"system": "http://example.org", "code": "read"},
        "recorded": AT,
        "agent": [{"requestor": true}],
        "source": {"observer": {"display": "another workstation"}},
        "entity": [{"detail": [detail]}],
    });
    format!("{event}\n")
}

/// Waits until the last one that had the log open has let go of it: what delivers ends in its own time.
async fn let_go(log: &Path) {
    let since = Instant::now();
    let is_open = || {
        let mut files = fs::read_dir(log).unwrap();
        files.any(|file| {
            file.unwrap()
                .file_name()
                .to_string_lossy()
                .ends_with("-wal")
        })
    };
    while is_open() {
        assert!(since.elapsed() < LET_GO_WITHIN, "the log is still open");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for file in fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), to.join(file.file_name())).unwrap();
    }
}

fn region(sink: Sink) -> Sink {
    Sink {
        name: "region".into(),
        receives: Receives::Pseudonyms,
        ..sink
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_that_a_restored_log_gives_again_are_not_taken_for_those_the_repository_has() {
    let folder = tempfile::tempdir().unwrap();
    let pki = Pki::new(folder.path());
    let server = FhirServer::start(&pki, &folder.path().join("store"), false);
    let (logs, backup) = (folder.path().join("log"), folder.path().join("backup"));
    let mut log = Log::open(&logs);
    let key = log.organisation.to_text();
    log.append(3);
    let delivery = start(&logs, &log, vec![sink(&pki, server.port)]);
    until_all(&delivery, 0, log.last).await;
    drop((delivery, log));
    let_go(&logs).await;
    copy(&logs, &backup);

    let again = || {
        let key = OrganisationKeyPair::parse(&key).unwrap();
        let mut log = Log::of(&logs, key, "balie 2");
        log.append(3);
        log
    };
    let log = again();
    let delivery = start(&logs, &log, vec![sink(&pki, server.port)]);
    until_all(&delivery, 0, log.last).await;
    let had = server.has().len();
    drop((delivery, log));
    let_go(&logs).await;

    fs::remove_dir_all(&logs).unwrap();
    copy(&backup, &logs);
    let log = again();
    let delivery = start(&logs, &log, vec![sink(&pki, server.port)]);
    let now = until_code(&delivery, "delivery_conflict").await;
    assert!(matches!(now.state, State::Refused { .. }), "{now:?}");
    assert_eq!((now.acknowledged, now.last), (4, log.last));
    assert_eq!(rows(&logs), 3, "what it does not have still waits");
    assert_eq!(server.has().len(), had);
    verify(&logs).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_else_sent_under_a_number_to_come_is_not_taken_for_the_entry() {
    let folder = tempfile::tempdir().unwrap();
    let pki = Pki::new(folder.path());
    let logs = folder.path().join("log");
    let mut log = Log::open(&logs);
    log.append(4);
    let line = forged(
        &logs,
        "3",
        &json!({"type": "entry", "valueBase64Binary": "e30="}),
    );
    let (ours, theirs) = (folder.path().join("ours"), folder.path().join("theirs"));
    fs::write(&ours, &line).unwrap();
    fs::write(&theirs, &line).unwrap();
    let ours = FhirServer::start(&pki, &ours, false);
    let theirs = FhirServer::start(&pki, &theirs, false);
    let sinks = vec![sink(&pki, ours.port), region(sink(&pki, theirs.port))];
    let delivery = start(&logs, &log, sinks);
    for at in [0, 1] {
        until("a conflict", || {
            status(&delivery, at).state.code() == Some("delivery_conflict")
        })
        .await;
        let now = status(&delivery, at);
        assert!(matches!(now.state, State::Refused { .. }), "{now:?}");
        assert_eq!((now.acknowledged, now.last), (2, log.last));
    }
    assert_eq!(rows(&logs), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_note_under_a_checkpoints_number_is_not_taken_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let pki = Pki::new(folder.path());
    let logs = folder.path().join("log");
    let mut log = Log::open(&logs);
    log.append(2);
    log.checkpoint();
    let note = json!({"type": "note", "valueBase64Binary": "e30="});
    let store = folder.path().join("store");
    fs::write(&store, forged(&logs, "checkpoint-1", &note)).unwrap();
    let server = FhirServer::start(&pki, &store, false);
    let delivery = start(&logs, &log, vec![sink(&pki, server.port)]);
    let now = until_code(&delivery, "delivery_conflict").await;
    assert_eq!((now.acknowledged, now.checkpoints_acknowledged), (3, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_it_has_already_is_acknowledged_whether_or_not_it_can_still_be_opened() {
    let folder = tempfile::tempdir().unwrap();
    let pki = Pki::new(folder.path());
    let ours = FhirServer::start(&pki, &folder.path().join("ours"), false);
    let theirs = FhirServer::start(&pki, &folder.path().join("theirs"), false);
    let logs = folder.path().join("log");
    let mut log = Log::open(&logs);
    log.append(4);
    log.checkpoint();
    for name in ["first", "second"] {
        let named = |sink: Sink| Sink {
            name: name.into(),
            ..sink
        };
        let ours = named(sink(&pki, ours.port));
        let theirs = named(region(sink(&pki, theirs.port)));
        // Each has a name of its own: who is new here gets everything, and has it.
        let both = vec![
            ours,
            Sink {
                name: format!("{name} region"),
                ..theirs
            },
        ];
        let delivery = start(&logs, &log, both);
        for at in [0, 1] {
            until_all(&delivery, at, log.last).await;
            until("checkpoint", || {
                status(&delivery, at).checkpoints_acknowledged == 1
            })
            .await;
        }
    }
    assert_exactly_once(&ours.has(), log.last, 1);
    assert_exactly_once(&theirs.has(), log.last, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_there_twice_is_compared_too() {
    let folder = tempfile::tempdir().unwrap();
    let pki = Pki::new(folder.path());
    let store = folder.path().join("store");
    let server = FhirServer::start(&pki, &store, false);
    let logs = folder.path().join("log");
    let mut log = Log::open(&logs);
    log.append(3);
    let delivery = start(&logs, &log, vec![sink(&pki, server.port)]);
    until_all(&delivery, 0, log.last).await;
    drop((delivery, server));
    let has = fs::read_to_string(&store).unwrap();
    let other = forged(
        &logs,
        "5",
        &json!({"type": "entry", "valueBase64Binary": "e30="}),
    );
    fs::write(&store, format!("{has}{has}{other}{other}")).unwrap();
    let server = FhirServer::start(&pki, &store, false);
    log.append(1);
    let again = Sink {
        name: "again".into(),
        ..sink(&pki, server.port)
    };
    let delivery = start(&logs, &log, vec![again]);
    let now = until_code(&delivery, "delivery_conflict").await;
    assert_eq!((now.acknowledged, now.last), (4, 5));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_for_people_is_no_acknowledgement_whatever_its_status() {
    let folder = tempfile::tempdir().unwrap();
    let pki = Pki::new(folder.path());
    let server = FhirServer::start(&pki, &folder.path().join("store"), false);
    let proxy = Proxy::new(&pki, server.port).await;
    let logs = folder.path().join("log");
    let mut log = Log::open(&logs);
    log.append(2);
    let endless: &'static str = Box::leak("x".repeat(2 * 1024 * 1024).into_boxed_str());
    for mode in [
        Mode::Say {
            body: "<html>Wij zijn zo terug</html>",
        },
        Mode::Answer { status: 200 },
        Mode::Answer { status: 201 },
        Mode::Answer { status: 204 },
        Mode::Say { body: endless },
        Mode::Say {
            body: r#"{"resourceType":"Bundle","type":"searchset","total":1}"#,
        },
    ] {
        proxy.set(mode);
        let delivery = start(&logs, &log, vec![sink(&pki, proxy.port)]);
        let now = until_code(&delivery, "delivery_wrong_answer").await;
        assert!(matches!(now.state, State::Waiting { .. }), "{now:?}");
        assert_eq!((now.acknowledged, now.last), (0, log.last));
    }
    assert!(server.has().is_empty());
    proxy.set(Mode::Pass);
    let delivery = start(&logs, &log, vec![sink(&pki, proxy.port)]);
    until_all(&delivery, 0, log.last).await;
    assert_exactly_once(&server.has(), log.last, 0);
}
