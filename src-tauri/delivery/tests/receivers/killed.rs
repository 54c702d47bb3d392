//! Whoever delivers is killed at random moments, in a process of its own, as `kill -9` does.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use inzage_delivery::{Bell, Delivery, Sink};
use inzage_viewlog::verify;

use crate::fhir_server::{FhirServer, assert_exactly_once};
use crate::log::{Log, key, pace};
use crate::pki::Pki;
use crate::proxy::{Mode, Proxy};
use crate::rsyslog::{Rsyslog, assert_once_by_number};
use crate::waiting::{LIMIT, status, until, until_all};

/// Tells the child where everything is: folder, FHIR port, syslog port.
const WHERE: &str = "INZAGE_TEST_DELIVERS";

fn sinks(ca_pem: &str, pki: &Pki, fhir: u16, syslog: u16) -> Vec<Sink> {
    let mut sinks = vec![
        crate::fhir::sink(pki, fhir),
        crate::syslog::sink(pki, syslog),
    ];
    for sink in &mut sinks {
        ca_pem.clone_into(&mut sink.trusted_ca_pem);
    }
    sinks
}

/// Not a test of its own: what the test below starts and kills.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "is started by the test that kills it"]
async fn delivers_until_it_is_killed() {
    let Ok(text) = std::env::var(WHERE) else {
        return;
    };
    let [folder, fhir, syslog] = text.split('|').collect::<Vec<_>>()[..] else {
        panic!("{text}");
    };
    let folder = PathBuf::from(folder);
    let ca_pem = std::fs::read_to_string(folder.join("ca.pem")).unwrap();
    let own = tempfile::tempdir().unwrap();
    let pki = Pki::new(own.path());
    let sinks = sinks(
        &ca_pem,
        &pki,
        fhir.parse().unwrap(),
        syslog.parse().unwrap(),
    );
    let bell = Bell::new();
    let logs = folder.join("log");
    let _delivery = Delivery::start(&logs, Some(key()), sinks, &bell, pace()).unwrap();
    tokio::time::sleep(LIMIT).await;
}

fn start(folder: &Path, fhir: u16, syslog: u16) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args([
            "--ignored",
            "--exact",
            "killed::delivers_until_it_is_killed",
        ])
        .env(WHERE, format!("{}|{fhir}|{syslog}", folder.display()))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_random_moments_the_next_one_goes_on_and_every_entry_is_there_once() {
    let folder = tempfile::tempdir().unwrap();
    let pki = Pki::new(folder.path());
    let server = FhirServer::start(&pki, &folder.path().join("store"), false);
    let rsyslog = Rsyslog::start(&pki, folder.path(), "ossl");
    let fhir = Proxy::new(&pki, server.port).await;
    let syslog = Proxy::new(&pki, rsyslog.port).await;
    for proxy in [&fhir, &syslog] {
        proxy.set(Mode::Slow { bytes: 2_000 });
    }
    let logs = folder.path().join("log");
    let mut log = Log::open(&logs);
    let kills: u64 = std::env::var("INZAGE_KILLS")
        .ok()
        .and_then(|kills| kills.parse().ok())
        .unwrap_or(8);
    for _ in 0..kills {
        let mut child = start(folder.path(), fhir.port, syslog.port);
        log.append_silently(6);
        let mut byte = [0];
        getrandom::fill(&mut byte).unwrap();
        tokio::time::sleep(Duration::from_millis(100 + 3 * u64::from(byte[0]))).await;
        let _killed = child.kill();
        let _waited = child.wait();
    }
    log.checkpoint();
    for proxy in [&fhir, &syslog] {
        proxy.set(Mode::Pass);
    }
    let sinks = sinks(&pki.ca_pem, &pki, fhir.port, syslog.port);
    let delivery = Delivery::start(&logs, Some(key()), sinks, &log.bell, pace()).unwrap();
    for at in [0, 1] {
        until_all(&delivery, at, log.last).await;
        until("checkpoint", || {
            status(&delivery, at).checkpoints_acknowledged == 1
        })
        .await;
    }
    assert_exactly_once(&server.has(), log.last, 1);
    assert_once_by_number(&rsyslog.received(), "entry", log.last);
    assert_once_by_number(&rsyslog.received(), "checkpoint", 1);
    verify(&logs).unwrap();
}
