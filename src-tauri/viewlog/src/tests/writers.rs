use std::collections::BTreeSet;
use std::process::Stdio;
use std::sync::Barrier;
use std::thread;

use inzage_core::domain::event::What;

use super::child::{APPEND, child, said};
use super::{event, open};
use crate::verify;

const EACH: u64 = 15;

/// Four handles and two more processes, all from the very first moment on.
#[test]
fn writers_at_once_make_one_chain() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let start = Barrier::new(4);
    let (by_threads, by_processes) = thread::scope(|scope| {
        let processes: Vec<_> = (0..2)
            .map(|_| {
                child(APPEND, folder, EACH)
                    .stdout(Stdio::piped())
                    .spawn()
                    .unwrap()
            })
            .collect();
        let threads: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    start.wait();
                    let (mut log, _) = open(folder);
                    (0..EACH)
                        .map(|_| log.append(&event(What::Objected)).unwrap().sequence)
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        let by_threads: Vec<u64> = threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap())
            .collect();
        let by_processes: Vec<u64> = processes
            .into_iter()
            .flat_map(|process| {
                let output = process.wait_with_output().unwrap();
                assert!(output.status.success(), "{output:?}");
                let output = String::from_utf8(output.stdout).unwrap();
                said(&output, "appended")
                    .iter()
                    .map(|n| n.parse().unwrap())
                    .collect::<Vec<_>>()
            })
            .collect();
        (by_threads, by_processes)
    });
    let numbers: BTreeSet<u64> = by_threads.iter().chain(&by_processes).copied().collect();
    assert_eq!(
        numbers,
        (2..=1 + 6 * EACH).collect(),
        "each number once, none left out"
    );
    let verified = verify(folder).unwrap();
    assert_eq!((verified.entries, verified.segments), (1 + 6 * EACH, 1));
}

#[test]
fn a_log_verifies_at_every_moment_while_another_writes() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path()));
    let mut writer = child(APPEND, folder.path(), 60)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut seen = 0;
    let mut rounds = 0;
    while writer.try_wait().unwrap().is_none() {
        let verified = verify(folder.path()).unwrap();
        assert!(verified.entries >= seen, "a log only grows");
        seen = verified.entries;
        rounds += 1;
    }
    assert!(writer.wait().unwrap().success() && rounds > 0);
    assert_eq!(verify(folder.path()).unwrap().entries, 61);
}
