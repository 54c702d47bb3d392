//! The measure stops while a summary is open.

use std::time::{Duration, Instant};

use inzage_core::domain::event::{CloseCause, What};

use crate::driver::Window;

/// A summary that may no longer be consulted is gone within this time.
const GONE_WITHIN: Duration = Duration::from_secs(2);

#[tokio::test(flavor = "multi_thread")]
async fn a_corona_summary_closes_within_two_seconds_when_the_measure_stops() {
    let mut window = Window::open(&[]).await;
    window.doctor().await;
    window.ask("999910942", "30091959").await;
    window.screen("summary").await;
    window.logged("displayed").await;
    let showed = window.web_processes();
    window.measure("stopped");
    let stopped = Instant::now();
    while showed.iter().any(|pid| crate::processes::runs(*pid)) {
        assert!(
            stopped.elapsed() < GONE_WITHIN,
            "there stands: {}",
            window.text().await
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    window.follow().await;
    window.screen("closed").await;
    assert!(window.there_is("closed-by-app").await);
    window.picture("measure-stopped").await;
    assert!(window.text().await.contains("coronamaatregel is gestopt"));
    let page = window.markup().await;
    for word in ["Groot", "GROOT", "Gonartrose", "999910942"] {
        assert!(!page.contains(word), "{word} stands in the page");
    }
    let entries = window.entries();
    let closed = entries.iter().find(|entry| {
        matches!(
            entry.what,
            What::Closed {
                cause: CloseCause::MeasureStopped,
                ..
            }
        )
    });
    assert!(
        closed.is_some_and(|entry| entry.request_id.is_some()),
        "{:?}",
        window.events()
    );
    assert!(
        window
            .events()
            .iter()
            .any(|event| event == "measure_changed")
    );
    // Still signed in: the next patient needs no PIN.
    assert!(
        window.there_is("lock").await,
        "the doctor is still signed in: {}",
        window.text().await
    );
    window.click("next-patient").await;
    window.screen("look_up").await;
    assert!(
        !window.there_is("suspicion-yes").await,
        "while stopped the question does not exist"
    );
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_explicit_summary_stays_when_the_measure_stops() {
    let mut window = Window::open(&[]).await;
    window.doctor().await;
    window.ask("999900006", "12031951").await;
    window.screen("summary").await;
    window.logged("displayed").await;
    window.measure("stopped");
    window.logged("measure_changed").await;
    tokio::time::sleep(GONE_WITHIN).await;
    window.screen("summary").await;
    assert!(window.text().await.contains("VAN DEN BERG"));
    window.close().await;
}
