//! `kill -9` of the whole app at random moments of look-ups in the window.

use std::time::Duration;

use fantoccini::Locator;
use inzage_core::domain::event::What;
use inzage_viewlog::LogReader;

use crate::driver::Window;
use crate::processes;

/// Ordinary runs kill this often; a campaign raises it.
const KILLS_DEFAULT: u32 = 10;
/// The kill comes within this time after the question: a look-up takes about half a second.
const KILL_WITHIN_MS: u64 = 900;

/// Asks by the keyboard of a page that may die any moment; whether a summary came on the screen.
async fn summary_seen(window: &Window) -> Option<bool> {
    for (testid, text) in [("bsn", "999900006"), ("birth-date", "12031951")] {
        let css = format!("[data-testid={testid}]");
        window
            .page
            .find(Locator::Css(&css))
            .await
            .ok()?
            .send_keys(text)
            .await
            .ok()?;
    }
    for testid in ["agreement-patient", "suspicion-yes"] {
        let css = format!("[data-testid={testid}]");
        window
            .page
            .find(Locator::Css(&css))
            .await
            .ok()?
            .click()
            .await
            .ok()?;
    }
    let (app, wait) = (
        window.app(),
        Duration::from_millis(next_random() % KILL_WITHIN_MS),
    );
    std::thread::spawn(move || {
        std::thread::sleep(wait);
        processes::kill(app);
    });
    let css = "[data-testid=ask-for-summary]";
    window
        .page
        .find(Locator::Css(css))
        .await
        .ok()?
        .click()
        .await
        .ok()?;
    let mut seen = false;
    let look = "return document.documentElement.dataset.screen";
    while let Ok(screen) = window.page.execute(look, vec![]).await {
        seen |= screen == "summary";
    }
    Some(seen)
}

/// A fixed seed: the moments differ from each other, not from run to run.
fn next_random() -> u64 {
    use std::sync::atomic::{AtomicU64, Ordering};
    static SEED: AtomicU64 = AtomicU64::new(0x1a2b_3c4d_5e6f_7081);
    let step = |seed: u64| {
        seed.wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407)
    };
    let before = SEED
        .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |seed| Some(step(seed)))
        .unwrap();
    step(before) >> 33
}

#[tokio::test(flavor = "multi_thread")]
async fn no_summary_reaches_the_window_without_its_entry_however_often_the_app_is_killed() {
    let kills = std::env::var("INZAGE_WINDOW_KILLS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(KILLS_DEFAULT);
    let data = std::env::temp_dir().join(format!("inzage-window-{}", uuid::Uuid::new_v4()));
    let log = data.join("log");
    let released = || {
        let entries = LogReader::open(&log).unwrap().recent(10_000).unwrap();
        entries
            .iter()
            .filter(|entry| matches!(entry.what, What::Released { .. }))
            .count()
    };
    let (mut seen, mut entered) = (0, 0);
    for _ in 0..kills {
        let mut window = Window::open_on(data.clone(), &[]).await;
        window.keeps_data = true;
        window.doctor().await;
        let shown = summary_seen(&window).await == Some(true);
        let before = entered;
        entered = released();
        assert!(
            !shown || entered > before,
            "a summary was seen without its entry"
        );
        seen += u32::from(shown);
        drop(window);
    }
    inzage_viewlog::verify(&log).expect("the log verifies after every kill");
    println!("{kills} kills, {seen} summaries seen, {entered} released");
    assert!(
        seen > 0 && seen < kills,
        "kills fell before and after the summary, or this proves little"
    );
    std::fs::remove_dir_all(&data).unwrap();
}
