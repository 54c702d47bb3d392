//! `docs/conformance.md` is what the readers make of the public messages and documents.

use std::path::Path;
use std::process::Command;

#[test]
fn the_table_of_public_messages_is_up_to_date_and_nothing_in_them_is_lost() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let public = project.join("../shared/corpus");
    if !public.is_dir() {
        eprintln!(
            "SKIPPED: 1 test of public messages; there is no folder {}",
            public.display()
        );
        return;
    }
    let output = Command::new(env!("CARGO_BIN_EXE_inzage"))
        .arg("conformance")
        .arg(&public)
        .args([
            "--except",
            "aorta/envelope",
            "--except",
            "aorta/vocabulary",
            "--except",
            "identity",
        ])
        .output()
        .unwrap();
    let table = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success(),
        "a leaf is lost or a file not readable:\n{table}"
    );
    let files = table
        .lines()
        .filter(|line| line.contains(" read |") || line.contains("refused: "))
        .count();
    assert!(files >= 80, "only {files} files were read");
    let kept = std::fs::read_to_string(project.join("docs/conformance.md")).unwrap_or_default();
    assert!(
        kept == table,
        "docs/conformance.md is out of date: run `make conformance`"
    );
}

#[test]
fn a_folder_without_messages_is_said_to_be_one() {
    let empty = crate::running::Folder::new();
    let output = Command::new(env!("CARGO_BIN_EXE_inzage"))
        .arg("conformance")
        .arg(&empty.0)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(64));
    assert!(String::from_utf8_lossy(&output.stderr).contains("no message"));
}
