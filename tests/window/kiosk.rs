//! The kiosk: full screen, on top, and left only with a supervisor's PIN.

use std::process::Command;
use std::time::{Duration, Instant};

use fantoccini::Locator;

use crate::driver::{WAIT, Window};
use crate::processes;

fn said(program: &str, args: &[&str]) -> String {
    let output = Command::new(program).args(args).output().unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The app's window, as the display knows it.
fn on_display() -> String {
    let started = Instant::now();
    loop {
        let found = said(
            "xdotool",
            &["search", "--onlyvisible", "--name", "^Inzage$"],
        );
        if let Some(id) = found.lines().next_back() {
            return id.to_owned();
        }
        assert!(started.elapsed() < WAIT, "the display has the window");
        std::thread::sleep(Duration::from_millis(50));
    }
}

async fn ends(app: u32, within: Duration) -> bool {
    let started = Instant::now();
    while processes::runs(app) {
        if started.elapsed() > within {
            return false;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    true
}

/// Types on the pad of the screen.
async fn on_pad(window: &Window, within: &str, digits: &str) {
    for digit in digits.chars() {
        let key = format!("//{within}//div[@class = 'pad']/button[normalize-space(.) = '{digit}']");
        window
            .page
            .find(Locator::XPath(&key))
            .await
            .unwrap()
            .click()
            .await
            .unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_kiosk_fills_the_screen_stays_on_top_and_is_left_with_the_supervisors_pin_only() {
    let mut window = Window::open(&["--kiosk"]).await;
    let app = window.app();
    let id = on_display();
    let display = said("xdotool", &["getdisplaygeometry"]);
    let geometry = said("xwininfo", &["-id", &id]);
    let value = |name: &str| {
        geometry
            .lines()
            .find_map(|line| line.trim().strip_prefix(name))
            .unwrap()
            .trim()
            .to_owned()
    };
    assert_eq!(
        format!("{} {}", value("Width:"), value("Height:")),
        display.trim()
    );
    assert_eq!(
        (
            value("Absolute upper-left X:"),
            value("Absolute upper-left Y:")
        ),
        ("0".into(), "0".into())
    );
    let state = said("xprop", &["-id", &id, "_NET_WM_STATE"]);
    assert!(
        state.contains("FULLSCREEN") && state.contains("ABOVE"),
        "{state}"
    );
    window.picture("kiosk").await;

    said("xdotool", &["windowfocus", "--sync", &id, "key", "alt+F4"]);
    assert!(
        !ends(app, Duration::from_secs(2)).await,
        "the window manager cannot close it"
    );

    window.click("person-t-001").await;
    window.click("setting-after_hours").await;
    on_pad(&window, "main", "1234").await;
    window.click("sign-in").await;
    window.screen("look_up").await;

    leave(&mut window, "1357").await;
    assert!(
        !ends(app, Duration::from_secs(2)).await,
        "a wrong PIN does not end it"
    );
    window.picture("kiosk-leave").await;
    on_pad(&window, "aside", "2468").await;
    // The app may be gone before it has answered the click.
    let button = window
        .page
        .find(Locator::Css("[data-testid=leave-kiosk]"))
        .await
        .unwrap();
    let _gone = button.click().await;
    assert!(ends(app, WAIT).await, "the supervisor's PIN ends it");
    assert_eq!(
        window.events().last().map(String::as_str),
        Some("signed_out")
    );
}

async fn leave(window: &mut Window, pin: &str) {
    let button = window
        .page
        .find(Locator::XPath("//button[contains(., 'Kiosk verlaten')]"))
        .await;
    button.unwrap().click().await.unwrap();
    on_pad(window, "aside", pin).await;
    window.click("leave-kiosk").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn outside_the_kiosk_the_window_manager_closes_the_app() {
    let mut window = Window::open(&[]).await;
    window.doctor().await;
    let app = window.app();
    said(
        "xdotool",
        &["windowfocus", "--sync", &on_display(), "key", "alt+F4"],
    );
    assert!(ends(app, WAIT).await);
    assert_eq!(
        window.events().last().map(String::as_str),
        Some("signed_out")
    );
}
