//! Locking ends the process that showed the summary.

use std::process::Command;
use std::time::{Duration, Instant};

use fantoccini::key::Key;
use inzage_core::domain::event::{CloseCause, LockCause, What};

use crate::driver::{WAIT, Window};
use crate::processes;

/// Shorter than a workstation's. The warning comes 15 s before; and as the page says at most
/// every 5 s that somebody is there, a key must come later than that after the one before it.
const IDLE_S: &str = "22";

async fn with_a_summary(more: &[(&str, &str)]) -> Window {
    let data = std::env::temp_dir().join(format!("inzage-window-{}", uuid::Uuid::new_v4()));
    let mut window = Window::open_with(data, &[], more).await;
    window.doctor().await;
    window.ask("999900006", "12031951").await;
    window.screen("summary").await;
    window.logged("displayed").await;
    window
}

fn cause(window: &Window) -> Option<LockCause> {
    window
        .entries()
        .iter()
        .rev()
        .find_map(|entry| match entry.what {
            What::Locked { cause } => Some(cause),
            _ => None,
        })
}

#[tokio::test(flavor = "multi_thread")]
async fn locking_makes_a_fresh_page_and_a_pin_unlocks_it() {
    let mut window = with_a_summary(&[]).await;
    window.lock().await;
    window.picture("locked").await;
    assert!(
        !window.markup().await.contains("BERG"),
        "nothing of the patient stays"
    );
    assert_eq!(cause(&window), Some(LockCause::User));
    window.type_into("pin", "1234").await;
    window.click("sign-in").await;
    window.screen("look_up").await;
    assert!(
        !window.markup().await.contains("999900006"),
        "the form is empty"
    );
    window.logged("signed_in").await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_idle_lock_is_announced_can_be_put_off_and_comes() {
    let mut window = with_a_summary(&[("INZAGE_E2E_IDLE_S", IDLE_S)]).await;
    let old = window.web_processes();
    announced(&mut window).await;
    window.picture("idle").await;
    let visible = "const warning = document.querySelector('[data-testid=idle-warning]').getBoundingClientRect();
        return warning.height > 0 && warning.top >= 0 && warning.bottom <= innerHeight";
    assert_eq!(
        window.script(visible).await,
        true,
        "the warning is on the screen"
    );
    window.chord(Key::Shift, "").await;
    let started = Instant::now();
    while window.there_is("idle-warning").await {
        assert!(
            started.elapsed() < Duration::from_secs(3),
            "a key puts it off"
        );
    }
    announced(&mut window).await;
    window.fresh_after(&old).await;
    window.screen("locked").await;
    assert_eq!(cause(&window), Some(LockCause::Idle));
    window.close().await;
}

async fn announced(window: &mut Window) {
    let started = Instant::now();
    while !window.there_is("idle-warning").await {
        assert!(started.elapsed() < WAIT, "the lock is announced");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_whose_process_dies_comes_back_locked() {
    let window = with_a_summary(&[]).await;
    let old = window.web_processes();
    old.iter().for_each(|pid| processes::kill(*pid));
    let started = Instant::now();
    while cause(&window) != Some(LockCause::ScreenDied) {
        assert!(
            started.elapsed() < WAIT,
            "the death is noticed: {:?}",
            window.events()
        );
        tokio::time::sleep(Duration::from_millis(40)).await;
    }
    let died = |what: &What| {
        matches!(
            what,
            What::Closed {
                cause: CloseCause::ScreenDied,
                ..
            }
        )
    };
    assert!(
        window.entries().iter().any(|entry| died(&entry.what)),
        "{:?}",
        window.events()
    );
    // The driver's session died with the page: from here on with keys, as a person would. The
    // locked page has its focus on the PIN.
    let started = Instant::now();
    while window.events().last().map(String::as_str) != Some("signed_in") {
        assert!(
            started.elapsed() < WAIT,
            "the PIN unlocks the new page: {:?}",
            window.events()
        );
        tokio::time::sleep(Duration::from_secs(1)).await;
        // Whatever an earlier try left in the field is written over.
        for keys in [["key", "ctrl+a"], ["type", "1234"], ["key", "Return"]] {
            assert!(
                Command::new("xdotool")
                    .args(keys)
                    .status()
                    .unwrap()
                    .success()
            );
        }
    }
    assert!(
        window.web_processes().iter().all(|pid| !old.contains(pid)),
        "a fresh process shows it"
    );
    window.close().await;
}
