//! The organisation's key file, opened in the app by a privacy officer.

use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use inzage_core::domain::user::Setting;

use crate::running::{Folder, Inzage};

/// Far below what anybody waits for a share that is gone.
const AT_ONCE: Duration = Duration::from_secs(2);

#[tokio::test(flavor = "multi_thread")]
async fn a_key_file_that_cannot_be_read_to_its_end_keeps_nobody_from_signing_out() {
    let folder = Folder::new();
    let inzage = Inzage::start(&folder.0).await;
    inzage.sign_in("t-007", Setting::AfterHours, None).await;
    // Whoever opens it waits for what somebody else writes.
    let pipe = folder.0.join("share");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    let (app, path) = (Arc::clone(&inzage.app), pipe.clone());
    let opening = tokio::spawn(async move { app.open_key(path.to_str().unwrap()).await });
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!opening.is_finished(), "the file gives nothing");

    let since = Instant::now();
    inzage.app.sign_out().await;
    assert!(since.elapsed() < AT_ONCE, "{:?}", since.elapsed());

    let key = std::fs::read(folder.0.join("training-organisation.key")).unwrap();
    std::fs::write(&pipe, key).unwrap();
    let trouble = opening.await.unwrap().unwrap_err();
    assert_eq!(trouble.code, "not_signed_in");
    assert!(
        !inzage.events().iter().any(|event| event == "log_opened"),
        "nobody opened the log with it"
    );
}
