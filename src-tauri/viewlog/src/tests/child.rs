//! What other tests run in a process of its own, to kill, trace or mount around it.
//!
//! The child is this test program, asked for one ignored test by name.

use std::ffi::OsStr;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use inzage_core::domain::event::What;

use super::{digest, event, open, released};
use crate::verify;

const FOLDER: &str = "INZAGE_TEST_CHILD_FOLDER";
const TASK: &str = "INZAGE_TEST_CHILD_TASK";
const COUNT: &str = "INZAGE_TEST_CHILD_COUNT";

/// Releases as many summaries as asked, or until it is killed.
pub(super) const RELEASE: &str = "release";
/// Releases until something fails, then says with which code.
pub(super) const FILL: &str = "fill";
/// Appends as many plain entries as asked.
pub(super) const APPEND: &str = "append";
/// Opens the log and says how that went.
pub(super) const OPEN: &str = "open";
/// Verifies the log and says how that went.
pub(super) const VERIFY: &str = "verify";

/// A command that runs one task in a folder.
pub(super) fn child(task: &str, folder: &Path, count: u64) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(arguments());
    for (name, value) in variables(task, folder, count) {
        command.env(name, value);
    }
    command
}

/// The same through another program (`strace`, `unshare`), given its own arguments.
pub(super) fn child_under<S: AsRef<OsStr>>(
    program: &str,
    before: &[S],
    task: &str,
    folder: &Path,
    count: u64,
) -> Command {
    let mut command = Command::new(program);
    command
        .args(before)
        .arg(std::env::current_exe().unwrap())
        .args(arguments());
    for (name, value) in variables(task, folder, count) {
        command.env(name, value);
    }
    command
}

/// Lines that begin with this word, without it.
pub(super) fn said<'a>(output: &'a str, word: &str) -> Vec<&'a str> {
    output
        .lines()
        .filter_map(|line| line.strip_prefix(word))
        .filter_map(|rest| rest.strip_prefix(' '))
        .collect()
}

fn arguments() -> [&'static str; 5] {
    [
        "--exact",
        "tests::child::does_what_it_is_told",
        "--ignored",
        "--nocapture",
        "--test-threads=1",
    ]
}

fn variables(task: &str, folder: &Path, count: u64) -> [(&'static str, std::ffi::OsString); 3] {
    [
        (TASK, task.into()),
        (FOLDER, folder.into()),
        (COUNT, count.to_string().into()),
    ]
}

/// One write per line: whoever reads it knows that everything before happened.
fn say(line: &str) {
    let line = format!("\n{line}\n");
    let mut out = std::io::stdout().lock();
    out.write_all(line.as_bytes()).unwrap();
    out.flush().unwrap();
}

#[test]
#[ignore = "started by other tests as a process of its own"]
fn does_what_it_is_told() {
    let folder = std::env::var_os(FOLDER).expect("started by another test");
    let folder = Path::new(&folder);
    let count: u64 = std::env::var(COUNT).unwrap().parse().unwrap();
    match std::env::var(TASK).unwrap().as_str() {
        RELEASE => {
            let (mut log, _) = open(folder);
            for number in 0..count {
                let receipt = log.append_released(&released(number)).unwrap();
                assert_eq!(receipt.digest(), digest(number));
                say(&format!(
                    "receipt {} {}",
                    receipt.sequence(),
                    receipt.digest()
                ));
            }
        }
        FILL => fill(folder),
        APPEND => {
            let (mut log, _) = open(folder);
            for _ in 0..count {
                let appended = log.append(&event(What::Objected)).unwrap();
                say(&format!("appended {}", appended.sequence));
            }
        }
        OPEN => {
            let keys = super::keys_of(&super::organisation(1), &super::lookup(2));
            match crate::ViewLog::open(folder, keys, &super::opened(), super::random(1)) {
                Ok((_, opening)) => say(&format!("opened {opening:?}")),
                Err(error) => say(&format!("error {}", error.code())),
            }
        }
        VERIFY => match verify(folder) {
            Ok(verified) => say(&format!("verified {}", verified.entries)),
            Err(fault) => say(&format!("fault {} {fault}", fault.class.code())),
        },
        other => panic!("no such task: {other}"),
    }
}

/// Fills the disk under the log, makes room, and goes on.
fn fill(folder: &Path) {
    let filler = folder.parent().unwrap().join("filler");
    std::fs::write(&filler, vec![1_u8; 256 * 1024]).unwrap();
    let (mut log, _) = open(folder);
    let error = (0..10_000)
        .find_map(|number| match log.append_released(&released(number)) {
            Ok(receipt) => {
                say(&format!(
                    "receipt {} {}",
                    receipt.sequence(),
                    receipt.digest()
                ));
                None
            }
            Err(error) => Some(error),
        })
        .expect("the disk fills up");
    say(&format!("error {}", error.code()));
    // Still full: refused again, and what is there is whole.
    say(&format!(
        "again {}",
        log.append_released(&released(0)).unwrap_err().code()
    ));
    say(&format!("verified {}", verify(folder).unwrap().entries));
    std::fs::remove_file(filler).unwrap();
    let receipt = log.append_released(&released(1)).unwrap();
    say(&format!("after {}", receipt.sequence()));
    say(&format!("whole {}", verify(folder).unwrap().entries));
}
