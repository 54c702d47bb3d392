//! What other tests run in a process of its own, to kill, trace or mount around it.
//!
//! The child is this test program, asked for one ignored test by name.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use inzage_core::domain::event::What;

use super::life::{Act, Heard, Kept};
use super::{Choice, digest, event, open, released};
use crate::{LogError, verify};

const FOLDER: &str = "INZAGE_TEST_CHILD_FOLDER";
const TASK: &str = "INZAGE_TEST_CHILD_TASK";
const COUNT: &str = "INZAGE_TEST_CHILD_COUNT";
/// What the choices of a task begin with.
pub(super) const SEED: &str = "INZAGE_TEST_CHILD_SEED";
/// Where the keychain is, if not beside the folder.
pub(super) const KEYCHAIN: &str = "INZAGE_TEST_CHILD_KEYCHAIN";

/// Releases as many summaries as asked, or until it is killed.
pub(super) const RELEASE: &str = "release";
/// Releases until something fails, then says with which code.
pub(super) const FILL: &str = "fill";
/// Appends as many plain entries as asked.
pub(super) const APPEND: &str = "append";
/// Lives as a workstation does until it is killed (`life`), its keychain beside the folder.
pub(super) const LIVE: &str = "live";
/// Lives on a disk that is filled again and again, and looks after each time what holds.
pub(super) const CROWD: &str = "crowd";
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
pub(super) fn say(line: &str) {
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
        LIVE => {
            let mut keychain = Kept(beside(folder));
            let mut choice = Choice(count | 1);
            let (mut log, _) = open(folder);
            loop {
                let act = Act::chosen(&mut choice);
                let said = act.does(&mut log, &mut keychain, &mut choice).unwrap();
                if let Some(line) = said {
                    say(&line);
                }
            }
        }
        CROWD => crowd(folder, count),
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

/// Where the keychain of a log in this folder is.
pub(super) fn beside(folder: &Path) -> PathBuf {
    std::env::var_os(KEYCHAIN).map_or_else(|| folder.with_extension("keychain"), PathBuf::from)
}

/// Each time a little more or less room is left, and then as much as is wanted.
fn crowd(folder: &Path, times: u64) {
    let filler = folder.parent().unwrap().join("filler");
    let mut keychain = Kept(beside(folder));
    let seed = std::env::var(SEED).map_or(0, |seed| seed.parse().unwrap());
    let mut choice = Choice(0x5eed_f011_d15c_0001 ^ (seed << 20));
    let mut heard = Heard::default();
    let mut full: BTreeMap<Act, u64> = BTreeMap::new();
    for time in 0..times {
        let (mut log, _) = open(folder);
        let mut does = |act: Act, heard: &mut Heard, choice: &mut Choice| {
            let said = act.does(&mut log, &mut keychain, choice)?;
            said.iter().for_each(|line| heard.line(line));
            Ok::<(), LogError>(())
        };
        for _ in 0..choice.below(6) {
            does(Act::chosen(&mut choice), &mut heard, &mut choice).unwrap();
        }
        let filling = fill_but(&filler, choice.below(96) * 1024);
        for _ in 0..40 {
            let act = Act::chosen(&mut choice);
            let failed = match does(act, &mut heard, &mut choice) {
                Ok(()) => continue,
                Err(error) => error,
            };
            let when = format!("time {time}: {act:?}, {failed}");
            heard.holds(folder, &Kept(beside(folder)), &when);
            if failed != LogError::Full {
                // Such a handle is not used again.
                say(&format!("other {} {act:?}", failed.code()));
                break;
            }
            *full.entry(act).or_default() += 1;
            match choice.below(3) {
                // Something smaller may still find room.
                0 => {}
                1 => filling.set_len(0).unwrap(),
                _ => break,
            }
        }
        drop(filling);
        drop(log);
        std::fs::remove_file(&filler).unwrap();
        heard.holds(folder, &keychain, &format!("time {time}, with room"));
    }
    let (mut log, _) = open(folder);
    let receipt = log.append_released(&released(1)).unwrap();
    say(&format!("goes_on {}", receipt.sequence()));
    let (_, checkpoints, expired) = heard.counts();
    for (act, times) in full {
        say(&format!("full {act:?} {times}"));
    }
    say(&format!("crowded {checkpoints} {expired}"));
}

/// Takes all room but this many bytes.
fn fill_but(filler: &Path, bytes: u64) -> std::fs::File {
    let mut file = std::fs::File::create(filler).unwrap();
    let mut size = 0;
    for piece in [64 * 1024, 4096, 512] {
        let zeros = vec![0_u8; piece];
        while let Ok(written) = file.write(&zeros) {
            size += written as u64;
            if written < piece {
                break;
            }
        }
    }
    file.set_len(size.saturating_sub(bytes)).unwrap();
    file
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
