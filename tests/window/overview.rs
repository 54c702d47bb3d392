//! The privacy officer reads who saw what, with the organisation's key and not without it.

use crate::driver::Window;

const BSN: &str = "999900006";

/// Somebody viewed a summary, and the privacy officer opened the log.
async fn log_opened() -> Window {
    let mut window = Window::open(&[]).await;
    window.doctor().await;
    window.ask(BSN, "12-03-1951").await;
    window.screen("summary").await;
    window.logged("displayed").await;
    window.sign_out().await;
    window.sign_in("t-007", "after_hours").await;
    window.click("open-log").await;
    window.screen("log").await;
    window
}

#[tokio::test(flavor = "multi_thread")]
async fn with_the_organisations_key_the_log_says_who_saw_what() {
    let mut window = log_opened().await;
    let text = window.text().await;
    assert!(text.contains("Nagerekend"), "{text}");
    assert!(!text.contains("M. van Dijk ("), "sealed without the key");
    assert!(!window.there_is("show-overview").await);

    window.type_into("key-file", "/no/such/file").await;
    window.click("open-key").await;
    window.says("key_unreadable").await;

    let key = window.data.join("training-organisation.key");
    window
        .script("document.querySelector('[data-testid=key-file]').select(); return true")
        .await;
    window.type_into("key-file", &key.to_string_lossy()).await;
    window.click("open-key").await;
    window.logged("log_opened").await;
    for tries in 0.. {
        if window.there_is("show-overview").await {
            break;
        }
        assert!(tries < 100, "{}", window.text().await);
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    window.type_into("overview-bsn", BSN).await;
    window.picture("overview-asked").await;
    window.click("show-overview").await;
    window.says("Overzicht van inzagen").await;
    let text = window.text().await;
    for words in [
        "Alleen deze werkplek",
        BSN,
        "op het scherm getoond",
        "zelf vastgelegd",
        "volgjezorg.nl",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    window.picture("overview").await;
    window.click("for-patient").await;
    window.says("M. van Dijk").await;
    window.picture("overview-for-patient").await;

    // The key goes with the session.
    window.sign_out().await;
    window.sign_in("t-007", "after_hours").await;
    window.click("open-log").await;
    window.screen("log").await;
    assert!(window.there_is("open-key").await);
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_no_privacy_officer_gets_neither_key_nor_overview() {
    let mut window = Window::open(&[]).await;
    window.doctor().await;
    let key = window.data.join("training-organisation.key");
    let key = serde_json::to_string(&key.to_string_lossy()).unwrap();
    let refused = called(
        &mut window,
        &format!("invoke('open_key', {{ path: {key} }}).then(() => 'opened', trouble => trouble.code ?? trouble)"),
    )
    .await;
    assert_eq!(refused, "not_for_this_role");
    let asked = "{ bsn: '', user: '', from: '01-01-2020', to: '', language: 'nl' }";
    let refused = called(
        &mut window,
        &format!("invoke('overview', {{ request: {asked} }}).then(result => result.trouble?.code)"),
    )
    .await;
    assert_eq!(refused, "not_for_this_role");
    window.logged("refused").await;
    window.close().await;
}

/// What the bridge answers to a page that calls it by itself.
async fn called(window: &mut Window, call: &str) -> serde_json::Value {
    let script = format!(
        "const done = arguments[arguments.length - 1]; const {{ invoke }} = window.__TAURI_INTERNALS__; {call}.then(done, done)"
    );
    window.page.execute_async(&script, vec![]).await.unwrap()
}
