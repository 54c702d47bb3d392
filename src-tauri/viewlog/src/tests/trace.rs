//! That a sync of the write-ahead file comes before each receipt, seen from outside.

use std::process::{Command, Stdio};

use super::child::{RELEASE, child_under};
use super::open;

/// How many receipts came, each after a sync of everything written for it.
fn receipts_after_sync(trace: &str) -> Result<usize, String> {
    let (mut unsynced, mut synced, mut receipts) = (false, false, 0);
    for line in trace.lines() {
        let log = line.contains("viewlog.sqlite-wal>");
        if log && line.contains("write") {
            unsynced = true;
        } else if log && line.contains("sync(") && line.trim_end().ends_with("= 0") {
            (unsynced, synced) = (false, true);
        } else if line.contains("write(1<") && line.contains("receipt ") {
            if unsynced || !synced {
                return Err(format!(
                    "receipt {} without a sync before it: {line}",
                    receipts + 1
                ));
            }
            receipts += 1;
            synced = false;
        }
    }
    Ok(receipts)
}

#[test]
fn a_sync_of_the_log_precedes_each_receipt() {
    let there = Command::new("strace")
        .arg("-V")
        .stdout(Stdio::null())
        .status();
    if !there.is_ok_and(|status| status.success()) {
        eprintln!("SKIPPED: strace is not installed; durability was not traced");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path()));
    let trace = folder.path().join("trace");
    let options = [
        "-f",
        "-y",
        "-s",
        "80",
        "-e",
        "trace=fsync,fdatasync,write,pwrite64",
        "-o",
    ];
    let before: Vec<&std::ffi::OsStr> = options
        .iter()
        .map(std::ffi::OsStr::new)
        .chain([trace.as_os_str()])
        .collect();
    let output = child_under("strace", &before, RELEASE, folder.path(), 20)
        .output()
        .unwrap();
    let trace = std::fs::read_to_string(&trace).unwrap_or_default();
    if trace.is_empty() {
        eprintln!("SKIPPED: strace may not trace here; durability was not traced");
        return;
    }
    assert!(output.status.success(), "{output:?}");
    assert_eq!(receipts_after_sync(&trace), Ok(20), "{trace}");

    // The same trace without its syncs must not pass.
    let without: String = trace
        .lines()
        .filter(|line| !line.contains("sync("))
        .map(|line| format!("{line}\n"))
        .collect();
    assert!(receipts_after_sync(&without).is_err());
}
