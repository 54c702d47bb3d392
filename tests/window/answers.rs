//! Every other answer: its screen, its entries, and nothing of anybody else.

use inzage_core::domain::event::What;

use crate::driver::Window;

/// Looks up as the first doctor and gives the window on the screen that must come.
async fn looked_up(bsn: &str, birth_date: &str, screen: &str) -> Window {
    let mut window = Window::open(&[]).await;
    window.doctor().await;
    window.ask(bsn, birth_date).await;
    window.screen(screen).await;
    window
}

async fn holds_nothing_of(window: &mut Window, words: &[&str]) {
    let page = window.markup().await;
    for word in words {
        assert!(!page.contains(word), "{word} stands in the page");
    }
}

fn refused(window: &Window) {
    let events = window.events();
    for event in ["refused", "received_not_shown"] {
        assert!(
            events.iter().any(|e| e == event),
            "{event} is among {events:?}"
        );
    }
    assert!(
        !events.iter().any(|e| e == "released"),
        "nothing was released"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_about_another_patient_shows_nothing_of_them() {
    let mut window = looked_up("999940004", "11121970", "refused").await;
    window.picture("other-patient").await;
    holds_nothing_of(
        &mut window,
        &[
            "999940028",
            "9999 40 028",
            "Vos",
            "VOS",
            "Hypertensie",
            "Oefenweg",
            "verkeerde",
        ],
    )
    .await;
    assert!(window.text().await.contains("andere patiënt"));
    refused(&window);
    window.log_verifies();
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_birth_date_than_the_one_typed_shows_nothing() {
    let mut window = looked_up("999940016", "17-04-1962", "refused").await;
    holds_nothing_of(
        &mut window,
        &["Willems", "WILLEMS", "1926", "Hypertensie", "Oefenweg"],
    )
    .await;
    assert!(window.text().await.contains("geboortedatum"));
    refused(&window);
    window.log_verifies();
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_received_says_that_it_says_nothing() {
    let mut window = looked_up("999911120", "05111993", "summary").await;
    assert!(window.there_is("nothing-received").await);
    assert!(
        !window.text().await.contains("Geen bekende"),
        "an absence is never shown as a no"
    );
    window.logged("displayed").await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_may_not_be_asked_leaves_the_list_incomplete() {
    let mut window = looked_up("999990238", "14071981", "summary").await;
    window.picture("partial-refusal").await;
    let text = window.text().await.to_lowercase();
    assert!(
        text.contains("onvolledig"),
        "the list says that it is not whole"
    );
    assert!(
        !text.contains("autterr_swv_false\n"),
        "codes are put into words"
    );
    assert!(window.there_is("again").await, "it can be asked for again");
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_a_slow_source_shows_what_came_and_says_what_did_not() {
    let mut window = looked_up("999940119", "22061953", "waiting").await;
    window.says("Huisartsenpraktijk De Linde").await;
    let arrived = "return document.querySelectorAll('.progress [data-state=arrived]').length";
    let started = std::time::Instant::now();
    while window.script(arrived).await != 1 {
        assert!(
            started.elapsed() < crate::driver::WAIT,
            "one source answers"
        );
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    window.picture("waiting").await;
    window.click("cancel").await;
    window.screen("summary").await;
    window.picture("cancelled").await;
    assert!(window.there_is("again").await, "it can be asked for again");
    assert!(
        !window.text().await.contains("Geen bekende allergie"),
        "a list that is not whole says no no"
    );
    window.logged("displayed").await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_message_fails_with_words_and_shows_nothing_of_it() {
    let mut window = looked_up("999940065", "19031977", "failed").await;
    window.picture("broken").await;
    holds_nothing_of(&mut window, &["Hypertensie", "Oefenweg"]).await;
    let text = window.text().await;
    assert!(
        text.contains("Wat nu:") && text.contains("answer_unusable"),
        "{text}"
    );
    let failed = |what: &What| {
        matches!(
            what,
            What::Failed {
                source: Some(_),
                ..
            }
        )
    };
    assert!(
        window.entries().iter().any(|entry| failed(&entry.what)),
        "{:?}",
        window.events()
    );
    window.close().await;
}
