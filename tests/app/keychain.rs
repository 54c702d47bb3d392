//! What an administrator hands over stands in the real keychain, and nowhere else.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use inzage::app::start::Folders;
use inzage::keychain::{Keychain, Secret};

use crate::running::Folder;

fn keychain(folder: &Path, arguments: &[&str], input: &[u8]) -> Output {
    let mut running = Command::new(env!("CARGO_BIN_EXE_inzage"))
        .arg("keychain")
        .args(arguments)
        .arg("--data-dir")
        .arg(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    running.stdin.take().unwrap().write_all(input).unwrap();
    running.wait_with_output().unwrap()
}

fn kept(folder: &Path, secret: Secret) -> Option<String> {
    let scope = Folders {
        data: folder.to_owned(),
    }
    .scope();
    let bytes = Keychain::new(&scope).read(secret).unwrap()?;
    Some(String::from_utf8(bytes.to_vec()).unwrap())
}

fn listed(folder: &Path) -> String {
    String::from_utf8(keychain(folder, &["list"], b"").stdout).unwrap()
}

#[test]
fn a_token_and_a_client_key_are_kept_as_they_were_given() {
    let folder = Folder::new();
    let there = |of: &str| format!("{of:<12} kept");
    assert!(!listed(&folder.0).contains(" kept"));

    assert!(
        keychain(&folder.0, &["put", "token"], b"abc.def-1\n")
            .status
            .success()
    );
    assert_eq!(
        kept(&folder.0, Secret::ExchangeToken).as_deref(),
        Some("abc.def-1")
    );
    assert!(listed(&folder.0).contains(&there("token")));
    assert!(!listed(&folder.0).contains(&there("client-key")));

    let key = inzage::exchange::training::new_client_key().unwrap();
    assert!(
        keychain(&folder.0, &["put", "client-key"], key.as_bytes())
            .status
            .success()
    );
    assert_eq!(
        kept(&folder.0, Secret::ExchangeClientKey).as_deref(),
        Some(key.as_str())
    );
    let told = listed(&folder.0);
    assert!(told.contains(&there("client-key")));
    assert!(!told.contains("abc.def"), "nothing of what they are");
}

#[test]
fn what_is_no_secret_of_its_kind_is_not_kept_and_not_repeated() {
    let folder = Folder::new();
    for (what, input) in [
        ("token", &b"two words"[..]),
        ("token", b" \n"),
        ("token", &[0xff, 0xfe]),
        ("client-key", b"geheim"),
        ("client-key", "x".repeat(100_000).as_bytes()),
    ] {
        let output = keychain(&folder.0, &["put", what], input);
        assert_eq!(output.status.code(), Some(1));
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains("nothing was kept"), "{said}");
        assert!(
            !said.contains("geheim") && !said.contains("words"),
            "{said}"
        );
    }
    assert_eq!(kept(&folder.0, Secret::ExchangeToken), None);
    assert_eq!(kept(&folder.0, Secret::ExchangeClientKey), None);
}
