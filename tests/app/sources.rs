//! Several sources at once: each with its own progress, and stopped one by one.

use std::time::Duration;

use inzage::app::config::{Config, Exchange, Protocol};
use inzage::app::contract::{LookUpResult, Notice, ProgressState, SourceProgress};
use inzage_core::domain::event::What;
use inzage_core::domain::summary::source::Delivery;
use tokio::sync::broadcast::Receiver;

use crate::running::{Folder, Inzage, request};

const ONE_OF_TWO_ANSWERS: &str = "999940119";
const NOTHING_FOUND: &str = "999940107";
const ERROR: &str = "999940090";
const SHOWCASE: &str = "999900006";

fn in_protocol(protocol: Protocol) -> Config {
    Config {
        exchange: Exchange::Training {
            patients: None,
            protocol,
        },
        ..Config::training()
    }
}

/// The last progress, once `until` holds.
async fn progress(
    notices: &mut Receiver<Notice>,
    until: impl Fn(&[SourceProgress]) -> bool,
) -> Vec<ProgressState> {
    let waited = tokio::time::timeout(Duration::from_secs(10), async {
        loop {
            if let Ok(Notice::Progress { sources, .. }) = notices.recv().await
                && until(&sources)
            {
                return sources.iter().map(|source| source.state).collect();
            }
        }
    });
    waited.await.expect("the progress comes")
}

fn nobody_waits(sources: &[SourceProgress]) -> bool {
    sources.iter().all(|s| s.state != ProgressState::Waiting)
}

#[tokio::test(flavor = "multi_thread")]
async fn one_source_is_stopped_and_the_other_is_shown() {
    let folder = Folder::new();
    let inzage = Inzage::start(&folder.0).await;
    inzage.doctor().await;
    let mut notices = inzage.app.notices();
    let asked = request(ONE_OF_TWO_ANSWERS);
    let id = asked.request_id.clone();
    let app = inzage.app.clone();
    let looking = tokio::spawn(async move { app.look_up(asked).await });
    progress(&mut notices, |sources| {
        sources[0].state == ProgressState::Arrived
    })
    .await;
    // Of another question, of no source, and twice: none of it does any harm.
    inzage.app.cancel_source("another", "s2").await;
    inzage.app.cancel_source(&id, "s9").await;
    inzage.app.cancel_source(&id, "s2").await;
    inzage.app.cancel_source(&id, "s2").await;
    let states = progress(&mut notices, nobody_waits).await;
    assert_eq!(states, [ProgressState::Arrived, ProgressState::Cancelled]);
    let LookUpResult::Shown { view } = looking.await.unwrap() else {
        panic!("what arrived is shown");
    };
    let deliveries: Vec<_> = view.summary.sources.iter().map(|s| &s.delivery).collect();
    assert_eq!(deliveries, [&Delivery::Delivered, &Delivery::Cancelled]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_and_an_error_are_told_apart_while_waiting() {
    let folder = Folder::new();
    let inzage = Inzage::start(&folder.0).await;
    inzage.doctor().await;
    let mut notices = inzage.app.notices();
    inzage.look_up(NOTHING_FOUND).await;
    let states = progress(&mut notices, nobody_waits).await;
    assert_eq!(states, [ProgressState::Nothing]);
    let mut notices = inzage.app.notices();
    inzage.look_up(ERROR).await;
    let states = progress(&mut notices, nobody_waits).await;
    assert_ne!(states, [ProgressState::Waiting]);
}

#[tokio::test(flavor = "multi_thread")]
async fn in_fhir_every_message_that_went_out_is_in_the_log_by_its_id() {
    let folder = Folder::new();
    let inzage = Inzage::start_with(&folder.0, in_protocol(Protocol::Fhir)).await;
    inzage.doctor().await;
    let mut notices = inzage.app.notices();
    inzage.look_up(SHOWCASE).await;
    let states = progress(&mut notices, nobody_waits).await;
    assert_eq!(states, [ProgressState::Arrived]);
    let sent: Vec<_> = inzage
        .entries()
        .into_iter()
        .filter_map(|entry| match entry.what {
            What::Sent { message_ids, .. } => Some(message_ids),
            _ => None,
        })
        .collect();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].len(), 2, "the search and the summary");
}
