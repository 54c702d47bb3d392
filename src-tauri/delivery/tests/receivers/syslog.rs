//! rsyslog over TLS.

use std::path::Path;
use std::time::Duration;

use inzage_delivery::{Confirmation, Delivery, Sink, SinkKind, State};
use inzage_viewlog::{Receives, verify};

use crate::log::{BSN, Log, USER, key, pace};
use crate::pki::Pki;
use crate::proxy::{Mode, Proxy};
use crate::rsyslog::{Rsyslog, assert_once_by_number};
use crate::waiting::{status, until, until_all, until_code};

pub fn sink(pki: &Pki, port: u16) -> Sink {
    Sink {
        name: "siem".into(),
        kind: SinkKind::Syslog {
            host: "localhost".into(),
            port,
            enterprise: 32_473,
            confirmation: Confirmation::CloseNotify,
        },
        receives: Receives::Pseudonyms,
        trusted_ca_pem: pki.ca_pem.clone(),
        client: None,
        allow_tls12: false,
        heartbeat: Duration::from_secs(600),
    }
}

/// As the GnuTLS driver of Debian 12 needs it.
fn plain_close(sink: Sink) -> Sink {
    let SinkKind::Syslog {
        host,
        port,
        enterprise,
        ..
    } = sink.kind
    else {
        panic!("{sink:?}");
    };
    Sink {
        kind: SinkKind::Syslog {
            host,
            port,
            enterprise,
            confirmation: Confirmation::AnyClose,
        },
        ..sink
    }
}

fn start(folder: &Path, log: &Log, sink: Sink) -> Delivery {
    Delivery::start(folder, Some(key()), vec![sink], &log.bell, pace()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn rsyslog_reads_header_numbers_and_json_and_never_a_bsn() {
    let folder = tempfile::tempdir().unwrap();
    let pki = Pki::new(folder.path());
    let rsyslog = Rsyslog::start(&pki, folder.path(), "ossl");
    let logs = folder.path().join("log");
    let mut log = Log::open(&logs);
    log.append(8);
    log.checkpoint();
    let often = Sink {
        heartbeat: Duration::from_millis(300),
        ..sink(&pki, rsyslog.port)
    };
    let delivery = start(&logs, &log, often);
    until("a heartbeat", || {
        status(&delivery, 0).last_heartbeat.is_some()
    })
    .await;
    let received = rsyslog.received();
    assert_once_by_number(&received, "entry", log.last);
    assert_once_by_number(&received, "checkpoint", 1);
    let second = received
        .iter()
        .find(|message| message.number("entry") == Some(2))
        .unwrap();
    assert_eq!(second.priority, "85");
    assert_eq!(second.host, "balie-2");
    assert_eq!(second.app, "inzage");
    assert_eq!(second.id, "objected");
    assert!(
        second.data.starts_with("[inzage@32473 log=\""),
        "{second:?}"
    );
    assert_eq!(second.json()["resourceType"], "AuditEvent");
    let beat = received.iter().find(|message| message.id == "heartbeat");
    assert_eq!(beat.unwrap().number("last"), Some(log.last));
    for message in &received {
        assert!(!message.text.contains(BSN) && !message.text.contains(USER));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_slowed_cut_and_restarted_rsyslog_has_every_entry_and_a_repeat_has_its_number() {
    let folder = tempfile::tempdir().unwrap();
    let pki = Pki::new(folder.path());
    let mut rsyslog = Rsyslog::start(&pki, folder.path(), "ossl");
    let proxy = Proxy::new(&pki, rsyslog.port).await;
    let logs = folder.path().join("log");
    let mut log = Log::open(&logs);
    let mut delivery = start(&logs, &log, sink(&pki, proxy.port));

    // Cut while a batch is on its way, at all kinds of places: nothing of it counts.
    for bytes in [10, 1_000, 2_500, 5_000, 9_000] {
        proxy.set(Mode::CutRequest { bytes });
        let before = (proxy.connections(), status(&delivery, 0).acknowledged);
        log.append(5);
        until("cut", || proxy.connections() >= before.0 + 3).await;
        if bytes < 5_000 {
            let now = status(&delivery, 0);
            assert!(now.acknowledged <= before.1.max(1), "{now:?}");
            assert!(now.state.code().is_some(), "{now:?}");
        }
        proxy.set(Mode::Pass);
        until_all(&delivery, 0, log.last).await;
    }
    // Everything is there, and only the sign that it is was cut off: sent again, under its number.
    proxy.set(Mode::CutAnswer { bytes: 1 });
    let before = proxy.connections();
    log.append(5);
    until("cut", || proxy.connections() >= before + 3).await;
    proxy.set(Mode::Pass);
    until_all(&delivery, 0, log.last).await;
    let entries = |rsyslog: &Rsyslog| {
        let received = rsyslog.received();
        received.iter().filter_map(|m| m.number("entry")).count() as u64
    };
    assert!(entries(&rsyslog) > log.last, "a repeat was to be seen");

    // Slow, killed while it reads, away, restarted; whoever delivers ends in between.
    proxy.set(Mode::Slow { bytes: 1_000 });
    for _ in 0..3 {
        log.append(10);
        tokio::time::sleep(Duration::from_millis(400)).await;
        rsyslog.kill();
        until("trouble", || status(&delivery, 0).state.code().is_some()).await;
        drop(delivery);
        rsyslog.restart();
        delivery = start(&logs, &log, sink(&pki, proxy.port));
    }
    log.checkpoint();
    proxy.set(Mode::Pass);
    until_all(&delivery, 0, log.last).await;
    until("checkpoint", || {
        status(&delivery, 0).checkpoints_acknowledged == 1
    })
    .await;
    let received = rsyslog.received();
    assert_once_by_number(&received, "entry", log.last);
    assert_once_by_number(&received, "checkpoint", 1);
    verify(&logs).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_gnutls_driver_confirms_nothing_and_is_taken_only_where_that_is_accepted() {
    let folder = tempfile::tempdir().unwrap();
    let pki = Pki::new(folder.path());
    let mut rsyslog = Rsyslog::start(&pki, folder.path(), "gtls");
    let logs = folder.path().join("log");
    let mut log = Log::open(&logs);
    log.append(6);
    let delivery = start(&logs, &log, sink(&pki, rsyslog.port));
    until_code(&delivery, "delivery_tls").await;
    drop(delivery);
    let older = Sink {
        allow_tls12: true,
        ..sink(&pki, rsyslog.port)
    };
    let delivery = start(&logs, &log, older.clone());
    let now = until_code(&delivery, "delivery_unconfirmed").await;
    assert!(matches!(now.state, State::Refused { .. }));
    assert_eq!(now.acknowledged, 0, "what is not confirmed is not taken");
    drop(delivery);
    let delivery = start(&logs, &log, plain_close(older.clone()));
    until_all(&delivery, 0, log.last).await;
    // Restarted while nothing was on its way.
    rsyslog.restart();
    log.append(6);
    until_all(&delivery, 0, log.last).await;
    assert_once_by_number(&rsyslog.received(), "entry", log.last);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_syslog_receiver_with_another_certificate_gets_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let pki = Pki::new(folder.path());
    let rsyslog = Rsyslog::start(&pki, folder.path(), "ossl");
    let elsewhere = tempfile::tempdir().unwrap();
    let logs = folder.path().join("log");
    let mut log = Log::open(&logs);
    log.append(2);
    let stranger = Sink {
        trusted_ca_pem: Pki::new(elsewhere.path()).ca_pem,
        ..sink(&pki, rsyslog.port)
    };
    let delivery = start(&logs, &log, stranger);
    until_code(&delivery, "delivery_certificate").await;
    assert!(rsyslog.received().is_empty());
}
