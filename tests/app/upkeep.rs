//! Checkpoints of a running app, with a real keychain, and what the terminal says of them.

use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use inzage_viewlog::{LOG_FILE, LogReader};

use crate::running::{Folder, Inzage};

const SHOWCASE: &str = "999900006";
const SIGNED_WITHIN: Duration = Duration::from_secs(20);

fn verified(folder: &Path, more: &[&str]) -> (Option<i32>, String) {
    let Output { status, stdout, .. } = Command::new(env!("CARGO_BIN_EXE_inzage"))
        .args(["log", "verify", "--data-dir"])
        .arg(folder)
        .args(more)
        .output()
        .unwrap();
    (status.code(), String::from_utf8(stdout).unwrap())
}

/// Waits until the app signed the log up to its end.
async fn signed(inzage: &Inzage) -> Vec<String> {
    let since = Instant::now();
    loop {
        let reader = LogReader::open(&inzage.folders.log()).unwrap();
        let notes = reader.checkpoints(1, 100).unwrap();
        let entries = reader.counts().unwrap().entries;
        if notes.last().is_some_and(|last| last.size == entries) {
            return notes
                .into_iter()
                .map(|checkpoint| checkpoint.note)
                .collect();
        }
        assert!(
            since.elapsed() < SIGNED_WITHIN,
            "{} of {entries}",
            notes.len()
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_signs_out_leaves_a_signed_log_and_the_keychain_knows_its_end() {
    let folder = Folder::new();
    let inzage = Inzage::start(&folder.0).await;
    inzage.doctor().await;
    inzage.shown(SHOWCASE).await;
    inzage.app.sign_out().await;
    signed(&inzage).await;
    let (code, said) = verified(&folder.0, &[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("(checkpoint 1, ") && said.contains("keychain: agrees"),
        "{said}"
    );

    // A second round signs with the next key.
    inzage.doctor().await;
    inzage.app.sign_out().await;
    let notes = signed(&inzage).await;
    assert_eq!(notes.len(), 2);
    let witness = folder.0.join("witnessed");
    std::fs::write(&witness, notes.join("\n")).unwrap();
    let (code, said) = verified(&folder.0, &["--witness", witness.to_str().unwrap()]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("witnessed up to: entry"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_log_put_back_is_found_told_and_stops_nobody() {
    let folder = Folder::new();
    let inzage = Inzage::start(&folder.0).await;
    inzage.doctor().await;
    inzage.app.sign_out().await;
    signed(&inzage).await;
    drop(inzage);
    let files = ["", "-wal", "-shm"].map(|beside| {
        let log = folder.0.join("log").join(LOG_FILE);
        std::path::PathBuf::from(format!("{}{beside}", log.display()))
    });
    let older = files.each_ref().map(|file| std::fs::read(file).ok());
    let inzage = Inzage::start(&folder.0).await;
    inzage.doctor().await;
    inzage.shown(SHOWCASE).await;
    inzage.app.sign_out().await;
    signed(&inzage).await;
    drop(inzage);
    for (file, older) in files.iter().zip(older) {
        let _ = std::fs::remove_file(file);
        if let Some(older) = older {
            std::fs::write(file, older).unwrap();
        }
    }

    let (code, said) = verified(&folder.0, &[]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.starts_with("fault: fault_tail_missing"), "{said}");

    let inzage = Inzage::start(&folder.0).await;
    inzage.doctor().await;
    inzage.app.sign_out().await;
    let since = Instant::now();
    let remark = loop {
        if let Some(remark) = inzage.app.bootstrap().await.remark {
            break remark;
        }
        assert!(since.elapsed() < SIGNED_WITHIN, "nothing is said");
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    assert_eq!(remark.code, "log_behind_keychain");
    inzage.doctor().await;
    inzage.shown(SHOWCASE).await;
}
