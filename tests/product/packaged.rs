//! What the product has for training, and packages leave out.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::product::{Account, packaged_binary, product_binary};

/// `EX_USAGE`: the command line names a command that does not exist.
const WRONG_USAGE: i32 = 64;

#[test]
fn a_package_has_neither_inspect_nor_training_nor_a_default_to_train_on() {
    let account = Account::new();
    let status = |program: &Path, arguments: &[&str]| {
        let mut command = account.command(program);
        command
            .args(arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command.status().unwrap().code()
    };
    for command in [["inspect", "--help"], ["training", "--help"]] {
        assert_eq!(
            status(&product_binary(), &command),
            Some(0),
            "{command:?} is part of the training build"
        );
        assert_eq!(
            status(&packaged_binary(), &command),
            Some(WRONG_USAGE),
            "{command:?} is not in a package"
        );
    }
    let start = account.command(packaged_binary()).output().unwrap();
    assert!(
        !start.status.success(),
        "without a configuration a package does not open"
    );
    let said = String::from_utf8_lossy(&start.stderr).into_owned();
    assert!(said.contains("no configuration"), "and says so: {said}");
}

#[test]
fn a_package_cannot_make_a_view_without_a_receipt() {
    const UNLOGGED: &str = "for_inspection";
    let with = Path::new(env!("CARGO_BIN_EXE_inzage"));
    assert!(
        symbols(with).contains(UNLOGGED),
        "the training build has it: this test would find it"
    );
    assert!(
        !symbols(&packaged_binary()).contains(UNLOGGED),
        "a package does not"
    );
}

/// Names of all functions of a program that was built with its symbols.
fn symbols(program: &Path) -> String {
    let output = Command::new("nm").arg(program).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}
