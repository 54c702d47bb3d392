//! What cannot be logged, and why: each a code of its own.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use inzage_core::domain::event::What;

use super::child::{CROWD, FILL, KEYCHAIN, OPEN, SEED, VERIFY, child, child_under, said};
use super::{
    campaign, event, keys_of, lookup, open, opened, organisation, random, raw, released, small_log,
};
use crate::{
    ENTRY_BYTES_MAX, FaultClass, LOCK_TRIES_MAX, LOCK_WAIT_STEP, LOG_FILE, LogError, RandomFailed,
    ViewLog, verify,
};

fn refused(folder: &Path) -> LogError {
    let keys = keys_of(&organisation(1), &lookup(2));
    ViewLog::open(folder, keys, &opened(), random(1)).expect_err("refused")
}

/// `unshare` with a small tmpfs over the folder; `None` where that is not allowed.
fn mounted(folder: &Path, size: &str, then: &str) -> Option<Vec<String>> {
    let script = format!(
        "mount -t tmpfs -o size={size} tmpfs '{0}' && cd '{0}' && {then}",
        folder.display()
    );
    // With a user namespace where the tests do not run as root.
    for options in [&["--mount"][..], &["--user", "--map-root-user", "--mount"]] {
        let mut before: Vec<String> = options.iter().map(|&option| option.to_owned()).collect();
        before.extend(["sh".into(), "-c".into()]);
        let mut probe = before.clone();
        probe.push(format!("mount -t tmpfs tmpfs '{}'", folder.display()));
        if Command::new("unshare")
            .args(&probe)
            .output()
            .is_ok_and(|out| out.status.success())
        {
            before.extend([script, "sh".into()]);
            return Some(before);
        }
    }
    eprintln!("SKIPPED: no tmpfs may be mounted here; full and read-only disks were not tried");
    None
}

#[test]
fn a_full_disk_is_said_and_nothing_is_lost_and_with_room_it_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let Some(before) = mounted(folder.path(), "768k", "exec \"$@\"") else {
        return;
    };
    let log = folder.path().join("log");
    let output = child_under("unshare", &before, FILL, &log, 0)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{text} {}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(said(&text, "error"), ["log_full"]);
    assert_eq!(said(&text, "again"), ["log_full"]);
    let receipts = said(&text, "receipt").len();
    assert!(receipts > 3);
    assert_eq!(said(&text, "verified"), [(receipts + 1).to_string()]);
    assert_eq!(said(&text, "after"), [(receipts + 2).to_string()]);
    assert_eq!(said(&text, "whole"), [(receipts + 2).to_string()]);
}

#[test]
fn a_disk_that_fills_around_anything_that_is_written_loses_and_doubles_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let Some(before) = mounted(folder.path(), "8m", "exec \"$@\"") else {
        return;
    };
    let log = folder.path().join("log");
    let times = campaign("INZAGE_FULL_DISKS", 12);
    // The disk is small, so that a log sees only so much.
    for begin in (0..times).step_by(25) {
        let keychain = elsewhere.path().join(format!("keychain-{begin}"));
        let output = child_under("unshare", &before, CROWD, &log, (times - begin).min(25))
            .env(KEYCHAIN, &keychain)
            .env(SEED, begin.to_string())
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(
            output.status.success(),
            "{text} {}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert_eq!(said(&text, "goes_on").len(), 1, "{text}");
        let full = said(&text, "full");
        eprintln!(
            "full at {full:?}, otherwise failed {:?}, checkpoints and expired up to {:?}",
            said(&text, "other"),
            said(&text, "crowded")
        );
        assert!(full.iter().any(|act| act.starts_with("Release")), "{text}");
    }
}

#[test]
fn a_read_only_disk_is_said_and_can_still_be_verified() {
    let made = tempfile::tempdir().unwrap();
    small_log(made.path(), 4);
    let folder = tempfile::tempdir().unwrap();
    let script = format!(
        "cp '{}/{LOG_FILE}' . && chmod 600 {LOG_FILE} && chmod 700 . && mount -o remount,ro '{}' && exec \"$@\"",
        made.path().display(),
        folder.path().display()
    );
    let Some(before) = mounted(folder.path(), "1m", &script) else {
        return;
    };
    let run = |task| {
        let output = child_under("unshare", &before, task, folder.path(), 0)
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(said(&run(OPEN), "error"), ["log_read_only"]);
    assert_eq!(said(&run(VERIFY), "verified"), ["5"]);
}

#[test]
fn a_copy_without_its_write_ahead_part_readable_is_never_called_whole() {
    let made = tempfile::tempdir().unwrap();
    let (mut log, _) = open(made.path());
    log.append(&event(What::Objected)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let script = format!(
        "cp '{0}/{LOG_FILE}' '{0}/{LOG_FILE}-wal' . && mount -o remount,ro '{1}' && exec \"$@\"",
        made.path().display(),
        folder.path().display()
    );
    let Some(before) = mounted(folder.path(), "1m", &script) else {
        return;
    };
    let output = child_under("unshare", &before, VERIFY, folder.path(), 0)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(said(&text, "verified").len(), 0, "{text}");
    assert!(said(&text, "fault")[0].starts_with("fault_"), "{text}");
    // Copied to a place that can be written, it is read whole.
    let copy = tempfile::tempdir().unwrap();
    for part in [LOG_FILE, "viewlog.sqlite-wal"] {
        std::fs::copy(made.path().join(part), copy.path().join(part)).unwrap();
    }
    assert_eq!(verify(copy.path()).unwrap().entries, 2);
}

#[test]
fn a_folder_that_cannot_be_made_is_said() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("file"), "in the way").unwrap();
    let error = refused(&folder.path().join("file").join("log"));
    assert_eq!(error.code(), "log_unwritable");
}

#[test]
fn another_file_of_that_name_is_left_alone() {
    let text = tempfile::tempdir().unwrap();
    std::fs::write(
        text.path().join(LOG_FILE),
        "a shopping list, and more than enough of it ".repeat(40),
    )
    .unwrap();
    assert_eq!(refused(text.path()), LogError::ForeignFile);
    assert_eq!(
        verify(text.path()).unwrap_err().class,
        FaultClass::ForeignFile
    );

    let other = tempfile::tempdir().unwrap();
    raw(other.path())
        .execute_batch("CREATE TABLE notes (text TEXT)")
        .unwrap();
    let before = std::fs::read(other.path().join(LOG_FILE)).unwrap();
    assert_eq!(refused(other.path()), LogError::ForeignFile);
    assert_eq!(std::fs::read(other.path().join(LOG_FILE)).unwrap(), before);
    assert_eq!(
        verify(other.path()).unwrap_err().class,
        FaultClass::ForeignFile
    );
}

#[test]
fn what_is_not_there_is_unreadable_and_not_whole() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(
        verify(folder.path()).unwrap_err().class,
        FaultClass::Unreadable
    );
    assert_eq!(
        crate::LogReader::open(folder.path()).unwrap_err().code(),
        "log_unwritable"
    );
    std::fs::write(folder.path().join(LOG_FILE), "").unwrap();
    assert_eq!(
        verify(folder.path()).unwrap_err().class,
        FaultClass::ForeignFile
    );
    assert_eq!(
        crate::LogReader::open(folder.path()).unwrap_err(),
        LogError::ForeignFile
    );
}

/// SQLite's last connection removes the write-ahead file; another process that
/// ends, or a reader here, must never take itself for the last one.
#[test]
fn readers_and_other_processes_that_end_leave_the_open_log_its_files() {
    let folder = tempfile::tempdir().unwrap();
    let (mut log, _) = open(folder.path());
    drop(open(folder.path()));
    verify(folder.path()).unwrap();
    log.reader().unwrap().counts().unwrap();
    let output = child(super::child::APPEND, folder.path(), 1)
        .output()
        .unwrap();
    assert!(output.status.success());
    assert!(
        folder.path().join("viewlog.sqlite-wal").exists(),
        "still in use here"
    );
    let receipt = log.append_released(&released(1)).unwrap();
    assert_eq!(receipt.sequence(), 3);
    assert_eq!(verify(folder.path()).unwrap().entries, 3);
}

#[test]
fn a_newer_log_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    small_log(folder.path(), 1);
    raw(folder.path())
        .pragma_update(None, "user_version", 3)
        .unwrap();
    assert_eq!(refused(folder.path()), LogError::NewerVersion);
    assert_eq!(
        verify(folder.path()).unwrap_err().class,
        FaultClass::UnknownVersion
    );
}

#[test]
fn a_damaged_last_entry_is_not_built_upon() {
    for sql in [
        "DROP TRIGGER entry_no_update; UPDATE entry SET salt = zeroblob(32) WHERE sequence = 5",
        "DROP TRIGGER chain_no_update; UPDATE chain SET chain = zeroblob(32) WHERE sequence = 5",
        "DROP TRIGGER chain_no_update; UPDATE chain SET chain = zeroblob(32) WHERE sequence = 4",
    ] {
        let folder = tempfile::tempdir().unwrap();
        small_log(folder.path(), 4);
        raw(folder.path()).execute_batch(sql).unwrap();
        assert_eq!(
            refused(folder.path()),
            LogError::Corrupt { sequence: Some(5) }
        );
    }
}

#[test]
fn a_file_of_rubble_is_corrupt() {
    let folder = tempfile::tempdir().unwrap();
    small_log(folder.path(), 30);
    let file = folder.path().join(LOG_FILE);
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[4096..].fill(0xa5);
    std::fs::write(&file, bytes).unwrap();
    assert_eq!(refused(folder.path()).code(), "log_corrupt");
}

#[cfg(unix)]
#[test]
fn a_file_removed_or_replaced_while_open_gives_no_receipt() {
    for replace in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let (mut log, _) = open(folder.path());
        let _receipt = log.append_released(&released(1)).unwrap();
        std::fs::rename(folder.path().join(LOG_FILE), folder.path().join("away")).unwrap();
        if replace {
            std::fs::copy(folder.path().join("away"), folder.path().join(LOG_FILE)).unwrap();
        }
        assert_eq!(log.append_released(&released(2)), Err(LogError::Moved));
        assert_eq!(log.append_released(&released(3)), Err(LogError::Broken));
    }
    let folder = tempfile::tempdir().unwrap();
    let (mut log, _) = open(folder.path());
    std::fs::remove_file(folder.path().join("viewlog.sqlite-wal")).unwrap();
    assert_eq!(log.append_released(&released(1)), Err(LogError::Moved));
}

#[test]
fn a_lock_held_by_another_is_waited_for_and_then_said() {
    let folder = tempfile::tempdir().unwrap();
    let (mut log, _) = open(folder.path());
    let other = raw(folder.path());
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let start = Instant::now();
    assert_eq!(log.append(&event(What::Objected)), Err(LogError::Busy));
    let limit = LOCK_WAIT_STEP * LOCK_TRIES_MAX.unsigned_abs();
    assert!(start.elapsed() >= limit && start.elapsed() < limit * 4);
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(log.append(&event(What::Objected)).unwrap().sequence, 2);
}

#[test]
fn an_entry_over_the_limit_is_refused_and_one_below_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let (mut log, _) = open(folder.path());
    let of = |length| {
        event(What::Failed {
            source: Some("x".repeat(length)),
            code: "c".into(),
        })
    };
    assert!(matches!(
        log.append(&of(ENTRY_BYTES_MAX)),
        Err(LogError::TooLarge { .. })
    ));
    // A control character takes six bytes in JSON.
    let escaped = event(What::Failed {
        source: None,
        code: "\u{1}".repeat(ENTRY_BYTES_MAX / 6),
    });
    assert!(matches!(
        log.append(&escaped),
        Err(LogError::TooLarge { .. })
    ));
    log.append(&of(ENTRY_BYTES_MAX - 4_096)).unwrap();
    assert_eq!(verify(folder.path()).unwrap().entries, 2);
}

#[test]
fn a_generator_that_fails_stops_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let keys = || keys_of(&organisation(1), &lookup(2));
    let dry = Box::new(|_: &mut [u8]| Err(RandomFailed));
    assert_eq!(
        ViewLog::open(folder.path(), keys(), &opened(), dry).unwrap_err(),
        LogError::Random
    );
    let mut left = 3;
    let mut good = random(4);
    let running_dry = Box::new(move |into: &mut [u8]| {
        left -= 1;
        if left < 0 {
            Err(RandomFailed)
        } else {
            good(into)
        }
    });
    let (mut log, _) = ViewLog::open(folder.path(), keys(), &opened(), running_dry).unwrap();
    assert_eq!(log.append_released(&released(1)), Err(LogError::Random));
}

#[cfg(unix)]
#[test]
fn folder_and_files_are_the_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let outer = tempfile::tempdir().unwrap();
    let folder = outer.path().join("a").join("b");
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let (log, _) = open(&folder);
    assert_eq!(
        (mode(&folder), mode(&outer.path().join("a"))),
        (0o700, 0o700)
    );
    for name in [LOG_FILE, "viewlog.sqlite-wal", "viewlog.sqlite-shm"] {
        assert_eq!(mode(&folder.join(name)), 0o600, "{name}");
    }
    drop(log);
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o755)).unwrap();
    std::fs::set_permissions(
        folder.join(LOG_FILE),
        std::fs::Permissions::from_mode(0o644),
    )
    .unwrap();
    drop(open(&folder));
    assert_eq!(
        (mode(&folder), mode(&folder.join(LOG_FILE))),
        (0o700, 0o600)
    );
}

#[test]
fn each_error_has_a_code_of_its_own_and_says_who_can_do_something() {
    let errors = [
        LogError::Unwritable { detail: "x".into() },
        LogError::ReadOnly,
        LogError::Full,
        LogError::Busy,
        LogError::Corrupt { sequence: Some(3) },
        LogError::Moved,
        LogError::NotDurable {
            setting: "synchronous",
        },
        LogError::ForeignFile,
        LogError::NewerVersion,
        LogError::OtherKeys,
        LogError::Broken,
        LogError::TooLarge { bytes: 70_000 },
        LogError::Invalid { field: "at" },
        LogError::Random,
        LogError::OrganisationKey,
    ];
    let codes: std::collections::BTreeSet<_> = errors.iter().map(LogError::code).collect();
    assert_eq!(codes.len(), errors.len());
    for error in &errors {
        assert!(
            error.to_string().contains("; "),
            "what happened; who can do what: {error}"
        );
    }
    // The same child that others use says the code of a folder that is a file.
    let file = tempfile::NamedTempFile::new().unwrap();
    let output = child(OPEN, file.path(), 0).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(said(&text, "error"), ["log_unwritable"]);
}
