//! Pictures: of one look-up for a machine without a display (`make tour`), and of every
//! state a doctor may meet, by day and by night (`make pictures`). Neither belongs to an
//! ordinary run: they are looked at by people.
//!
//! `INZAGE_SCREENSHOTS` names the folder.

use std::time::{Duration, Instant};

use fantoccini::Locator;
use fantoccini::key::Key;
use fantoccini::wd::WindowHandle;

use crate::driver::{WAIT, Window};

/// The first answer of a slow source takes five seconds; progress is shown after one.
const WHILE_WAITING: Duration = Duration::from_millis(2_500);

#[tokio::test(flavor = "multi_thread")]
#[ignore = "makes pictures: `make tour`"]
async fn one_look_up_in_pictures() {
    let mut window = Window::open(&[]).await;
    window.picture("1-sign-in").await;
    window.doctor().await;
    window.picture("2-look-up").await;
    window.ask("999900006", "12-03-1951").await;
    window.screen("summary").await;
    window.logged("displayed").await;
    window.picture("3-summary").await;
    let page = window.page.window().await.unwrap();
    // By script: the page may be gone before a click by the driver is answered.
    window
        .script("document.querySelector('[data-testid=lock]').click()")
        .await;
    window.logged("locked").await;
    replaced(&mut window, &page).await;
    window.screen("locked").await;
    // The fresh page starts up before it says whose session it was.
    let started = Instant::now();
    while !window.there_is("pin").await {
        assert!(started.elapsed() < WAIT, "the locked page asks for a PIN");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    // A picture shows what was painted, which is a little behind what stands in the document.
    tokio::time::sleep(Duration::from_millis(500)).await;
    window.picture("4-locked").await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "makes pictures: `make pictures`"]
async fn every_state_in_pictures_by_day_and_night() {
    let mut window = Window::open(&[]).await;
    both(&mut window, "sign-in").await;
    window.doctor().await;
    both(&mut window, "look-up-measure-active").await;

    for (bsn, birth_date, name) in [
        ("999900006", "12-03-1951", "explicit-allergies"),
        (
            "999900456",
            "17-01-1988",
            "explicit-nothing-received-for-allergies",
        ),
        ("999901163", "02-06-1974", "explicit-none-known"),
        ("012345672", "04-05-1938", "treatment-limits"),
        ("999911120", "05-11-1993", "nothing-found"),
        ("999990068", "28-02-1946", "two-sources-one-withheld"),
        ("999990238", "14-07-1981", "partial-refusal"),
        ("999940120", "30-10-1964", "contradictory"),
        ("900186021", "19-05-2022", "child"),
        ("999940144", "08-12-1979", "names-and-characters"),
        ("999940156", "10-02-1969", "measurements"),
        ("999940132", "01-04-1933", "large-record"),
    ] {
        window.ask(bsn, birth_date).await;
        window.screen("summary").await;
        both(&mut window, name).await;
        next(&mut window).await;
    }

    window.ask("999900006", "12-03-1951").await;
    window.screen("summary").await;
    for size in ["125", "150", "200"] {
        tool(&mut window, "Tekst").await;
        window.picture(&format!("explicit-text-{size}")).await;
    }
    tool(&mut window, "Tekst").await;
    window.chord(Key::Control, "f").await;
    window.keys("boezem").await;
    both(&mut window, "explicit-search").await;
    window.keys(&char::from(Key::Escape).to_string()).await;
    tool(&mut window, "F1").await;
    both(&mut window, "help").await;
    window.keys(&char::from(Key::Escape).to_string()).await;
    tool(&mut window, "English").await;
    window.picture("explicit-english").await;
    tool(&mut window, "Nederlands").await;
    next(&mut window).await;

    window.ask("999940004", "11-12-1970").await;
    window.screen("refused").await;
    both(&mut window, "refused-other-patient").await;
    next(&mut window).await;

    window.ask("999940065", "19-03-1977").await;
    tokio::time::sleep(WHILE_WAITING).await;
    both(&mut window, "broken-message").await;
    // A failure has one way on, and keeps the form.
    let escape = char::from(Key::Escape).to_string();
    window.keys(&escape).await;
    window.screen("look_up").await;
    window.keys(&escape).await;

    window.ask("999940041", "01-01-1955").await;
    window.screen("waiting").await;
    tokio::time::sleep(WHILE_WAITING).await;
    both(&mut window, "slow-source").await;
    window.screen("summary").await;
    next(&mut window).await;

    // One source never answers: stopped by hand, what has arrived is shown.
    window.ask("999940119", "22-06-1953").await;
    window.screen("waiting").await;
    tokio::time::sleep(WHILE_WAITING).await;
    both(&mut window, "one-source-silent").await;
    window.click("cancel").await;
    window.screen("summary").await;
    both(&mut window, "one-of-two-answers").await;
    next(&mut window).await;

    // Corona last: it ends with the measure stopped.
    window.ask("999910942", "30-09-1959").await;
    window.screen("summary").await;
    both(&mut window, "corona").await;
    window.click("ask-asked").await;
    window.logged("asked_about_allergies").await;
    both(&mut window, "corona-asked").await;
    window.click("ask-unable").await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    both(&mut window, "corona-patient-cannot-be-asked").await;
    let page = window.page.window().await.unwrap();
    let switched = window.terminal(&["training", "measure", "stopped"]);
    assert!(switched.status.success(), "{switched:?}");
    replaced(&mut window, &page).await;
    window.screen("closed").await;
    both(&mut window, "measure-stopped-while-open").await;
    window.close().await;

    let mut kiosk = Window::open(&["--kiosk"]).await;
    both(&mut kiosk, "kiosk-sign-in").await;
    kiosk.doctor().await;
    both(&mut kiosk, "kiosk-look-up").await;
    kiosk.ask("999910942", "30-09-1959").await;
    kiosk.screen("summary").await;
    both(&mut kiosk, "kiosk-corona").await;
    kiosk.close().await;
}

/// The state by day and by night.
async fn both(window: &mut Window, name: &str) {
    painted(window).await;
    window.picture(&format!("{name}-day")).await;
    tool(window, "Nacht").await;
    painted(window).await;
    window.picture(&format!("{name}-night")).await;
    tool(window, "Dag").await;
}

/// What changed is on the screen after two more frames.
async fn painted(window: &mut Window) {
    let frames = "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => done(1)))";
    window.page.execute_async(frames, vec![]).await.unwrap();
}

/// Presses a button of the bar by its words.
async fn tool(window: &mut Window, words: &str) {
    let path = format!("//header//button[contains(., '{words}')]");
    let button = window
        .page
        .find(Locator::XPath(&path))
        .await
        .unwrap_or_else(|_| panic!("{words} is in the bar"));
    button.click().await.unwrap();
}

/// Waits until the app has put a fresh page in the place of this one.
async fn replaced(window: &mut Window, page: &WindowHandle) {
    let started = Instant::now();
    while window
        .page
        .windows()
        .await
        .is_ok_and(|pages| pages.contains(page))
    {
        assert!(started.elapsed() < WAIT, "the page is replaced");
        tokio::time::sleep(Duration::from_millis(40)).await;
    }
    window.follow().await;
}

/// To an empty look-up form.
async fn next(window: &mut Window) {
    window.click("next-patient").await;
    window.screen("look_up").await;
    window.keys(&char::from(Key::Escape).to_string()).await;
}
