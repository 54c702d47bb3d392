//! The main paths through the window, and the log entries that each produced.

use fantoccini::key::Key;

use crate::driver::Window;

#[tokio::test(flavor = "multi_thread")]
async fn from_number_to_summary_by_keyboard_alone_and_logged() {
    let mut window = Window::open(&[]).await;
    window.doctor().await;
    window.type_into("bsn", "999900006").await;
    window
        .keys(&format!("{}12031951", char::from(Key::Tab)))
        .await;
    // Who agrees, and possible corona: arrow keys within a group, Tab between them.
    window
        .keys(&format!("{tab} {tab} ", tab = char::from(Key::Tab)))
        .await;
    window.keys(&char::from(Key::Enter).to_string()).await;
    window.screen("summary").await;
    let text = window.text().await;
    assert!(
        text.contains("VAN DEN BERG - JANSEN"),
        "the banner names the patient"
    );
    assert!(
        text.contains("Penicillines"),
        "the allergy is on the screen"
    );
    window.logged("displayed").await;
    assert_eq!(
        window.events(),
        [
            "segment_started",
            "signed_in",
            "requested",
            "delivered",
            "released",
            "displayed"
        ]
    );
    window.chord(Key::Control, "l").await;
    window.screen("locked").await;
    assert!(
        !window.text().await.contains("VAN DEN BERG"),
        "nothing of the patient stays"
    );
    window.logged("locked").await;
    assert_eq!(window.events()[6..], ["closed", "locked"]);
    window.close().await;
}
