//! `inzage log overview` on the log of a running app: its own opening comes first.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use inzage_core::domain::event::What;
use inzage_viewlog::{LOG_FILE, OrganisationKeyPair, event_name};

use crate::running::{Folder, Inzage, entries};

const SHOWCASE: &str = "999900006";

pub fn overview(folder: &Path, key: &Path, arguments: &[&str], input: &str) -> Output {
    let mut running = Command::new(env!("CARGO_BIN_EXE_inzage"))
        .args(["log", "overview"])
        .args(arguments)
        .arg("--identity")
        .arg(key)
        .arg("--data-dir")
        .arg(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It may have refused before it read anything.
    let _ = running.stdin.take().unwrap().write_all(input.as_bytes());
    running.wait_with_output().unwrap()
}

pub fn words(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// An app that showed one summary, and the key of its organisation.
async fn one_view(folder: &Path) -> (Inzage, std::path::PathBuf) {
    let inzage = Inzage::start(folder).await;
    inzage.doctor().await;
    let view = inzage.shown(SHOWCASE).await;
    inzage.app.painted(&view.view_id).await;
    inzage.app.close_view(&view.view_id).await;
    (inzage, folder.join("training-organisation.key"))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_opening_is_logged_about_the_patient_before_anything_is_shown() {
    let folder = Folder::new();
    let (inzage, key) = one_view(&folder.0).await;
    let made = overview(&folder.0, &key, &["--patient", "-"], SHOWCASE);
    let (shown, said) = (words(&made.stdout), words(&made.stderr));
    assert!(made.status.success(), "{said}");
    assert!(shown.contains("Alleen deze werkplek"), "{shown}");
    assert!(
        shown.contains("M. van Dijk") && shown.contains("op het scherm getoond"),
        "{shown}"
    );
    assert!(
        shown.contains("log geopend") && shown.contains("volgjezorg.nl"),
        "{shown}"
    );
    let last = inzage.entries().pop().unwrap();
    assert!(matches!(&last.what, What::LogOpened { scope } if scope == "overview_patient"));
    let opened = last.unseal(&inzage.organisation_key()).unwrap();
    assert_eq!(opened.patient.unwrap().reveal(), SHOWCASE);
    inzage_viewlog::verify(&inzage.folders.log()).expect("the log verifies");
    // The app goes on in the same segment.
    inzage.shown(SHOWCASE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_key_or_a_bsn_as_argument_shows_and_logs_nothing() {
    let folder = Folder::new();
    let (inzage, _) = one_view(&folder.0).await;
    let before = inzage.entries().len();
    let other = folder.0.join("other.key");
    let mut random: inzage_viewlog::Random = Box::new(|into| {
        into.fill(7);
        Ok(())
    });
    let pair = OrganisationKeyPair::generate(&mut random).unwrap();
    std::fs::write(&other, pair.to_text().as_bytes()).unwrap();
    let made = overview(&folder.0, &other, &["--patient", "-"], SHOWCASE);
    assert_eq!(made.status.code(), Some(1));
    assert!(words(&made.stderr).starts_with("unseal_other_key: "));
    let made = overview(&folder.0, &other, &["--patient", SHOWCASE], "");
    assert_eq!(made.status.code(), Some(64));
    assert!(made.stdout.is_empty() && !words(&made.stderr).contains(SHOWCASE));
    assert_eq!(inzage.entries().len(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_keychains_key_only_a_copy_is_shown_and_says_that_it_is_one() {
    let folder = Folder::new();
    let (inzage, key) = one_view(&folder.0).await;
    let before = inzage.entries().len();
    // Another folder is another scope of the keychain: there the key is missing.
    let moved = Folder::new();
    std::fs::create_dir(moved.0.join("log")).unwrap();
    for file in std::fs::read_dir(inzage.folders.log()).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), moved.0.join("log").join(file.file_name())).unwrap();
    }
    let made = overview(&moved.0, &key, &["--user", "t-001"], "");
    assert_eq!(made.status.code(), Some(1));
    assert!(words(&made.stderr).starts_with("keychain_unavailable: "));
    assert!(made.stdout.is_empty());

    let copy = moved.0.join("log").join(LOG_FILE);
    let elsewhere = Folder::new();
    let arguments = [
        "--user",
        "t-001",
        "--format",
        "json",
        copy.to_str().unwrap(),
    ];
    let made = overview(&elsewhere.0, &key, &arguments, "");
    let value: serde_json::Value = serde_json::from_slice(&made.stdout).unwrap();
    assert_eq!(value["opening_entry"], serde_json::Value::Null);
    assert_eq!(value["verified"]["intact"], true);
    let outcomes: Vec<_> = value["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| &r["outcome"])
        .collect();
    assert!(outcomes.contains(&&"displayed".into()), "{outcomes:?}");
    let untouched = entries(&copy);
    assert_eq!(untouched.len(), before);
    assert_ne!(event_name(&untouched.last().unwrap().what), "log_opened");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_patients_version_goes_into_a_new_file_and_never_over_another() {
    let folder = Folder::new();
    let (_inzage, key) = one_view(&folder.0).await;
    let file = folder.0.join("overzicht.txt");
    let arguments = [
        "--patient",
        "-",
        "--for-patient",
        "--output",
        file.to_str().unwrap(),
    ];
    let made = overview(&folder.0, &key, &arguments, SHOWCASE);
    assert!(
        made.status.success() && made.stdout.is_empty(),
        "{}",
        words(&made.stderr)
    );
    let told = std::fs::read_to_string(&file).unwrap();
    assert!(told.contains("u vooraf toestemming had gegeven"), "{told}");
    assert!(
        !told.contains("t-001") && !told.contains(SHOWCASE),
        "{told}"
    );
    let again = overview(&folder.0, &key, &arguments, SHOWCASE);
    assert!(words(&again.stderr).starts_with("output_unwritable: "));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pdf_goes_into_a_file_of_ones_own_and_nowhere_else() {
    let folder = Folder::new();
    let (inzage, key) = one_view(&folder.0).await;
    let before = inzage.entries().len();
    let to_terminal = ["--patient", "-", "--format", "pdf"];
    let made = overview(&folder.0, &key, &to_terminal, SHOWCASE);
    assert_eq!(made.status.code(), Some(64));
    assert!(made.stdout.is_empty());
    assert_eq!(inzage.entries().len(), before, "nothing was opened");
    for (name, more) in [("a.pdf", &[][..]), ("b.pdf", &["--for-patient"][..])] {
        let file = folder.0.join(name);
        let mut arguments = to_terminal.to_vec();
        arguments.extend(["--output", file.to_str().unwrap()]);
        arguments.extend(more);
        let made = overview(&folder.0, &key, &arguments, SHOWCASE);
        assert!(made.status.success(), "{}", words(&made.stderr));
        let written = std::fs::read(&file).unwrap();
        assert!(written.starts_with(b"%PDF-") && made.stdout.is_empty());
        #[cfg(unix)]
        {
            let mode = std::fs::metadata(&file).unwrap().permissions();
            let mode = std::os::unix::fs::PermissionsExt::mode(&mode);
            assert_eq!(mode & 0o777, 0o600);
        }
    }
}
