//! A process that dies at any moment leaves no receipt without its entry.
//!
//! The page cache survives a kill, so this shows order and recovery, not that
//! bytes reached the disk: for that see `trace`.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use inzage_core::domain::event::What;

use super::child::{LIVE, RELEASE, beside, child, said};
use super::life::{Heard, Kept};
use super::{Choice, campaign, organisation};
use crate::{LogReader, verify};

/// How long a process may take to its next receipt, on a busy machine too.
const PATIENCE: Duration = Duration::from_secs(20);

#[test]
fn every_receipt_given_before_a_kill_has_its_entry() {
    let folder = tempfile::tempdir().unwrap();
    let pair = organisation(1);
    let mut choice = Choice(0x5eed_0f4b_1115_0001);
    let mut receipts = 0;
    for round in 0..campaign("INZAGE_KILLS", 30) {
        let mut process = child(RELEASE, folder.path(), u64::MAX)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (to_test, lines) = mpsc::channel();
        let out = BufReader::new(process.stdout.take().unwrap());
        let listener = thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                to_test.send(line).unwrap();
            }
        });
        let mut output = String::new();
        // Every second time while it starts and opens; otherwise in the midst of
        // appending, after a few receipts, however slow the machine is.
        let mut wanted = if round % 2 == 0 {
            0
        } else {
            1 + choice.below(20)
        };
        while wanted > 0 {
            let line = lines.recv_timeout(PATIENCE).expect("a receipt in time");
            wanted -= u64::from(line.starts_with("receipt "));
            output += &format!("{line}\n");
        }
        thread::sleep(Duration::from_micros(choice.below(60_000)));
        process.kill().unwrap();
        process.wait().unwrap();
        listener.join().unwrap();
        for line in lines.try_iter() {
            output += &format!("{line}\n");
        }
        let Ok(reader) = LogReader::open(folder.path()) else {
            assert!(
                said(&output, "receipt").is_empty(),
                "round {round}: a receipt and no log"
            );
            continue;
        };
        for line in said(&output, "receipt") {
            let (sequence, digest) = line.split_once(' ').unwrap();
            let sequence: u64 = sequence.parse().unwrap();
            let entry = &reader.entries(sequence, 1).unwrap()[0];
            assert_eq!(entry.sequence, sequence, "round {round}");
            let What::Released { digest: logged, .. } = entry.unseal(&pair).unwrap().what else {
                panic!("round {round}: entry {sequence} is no release");
            };
            assert_eq!(logged, digest, "round {round}");
            receipts += 1;
        }
        let verified = verify(folder.path()).unwrap();
        assert_eq!(verified.segments, 1, "round {round}");
    }
    assert!(
        receipts > 0,
        "no receipt at all: the test killed too early to show anything"
    );
}

/// Rounds that one log lives through: a later one begins anew, because each checkpoint takes six years.
const ROUNDS_OF_A_LOG: u64 = 20;

#[test]
fn nothing_is_lost_or_signed_twice_whatever_a_kill_cuts_off() {
    let mut choice = Choice(0x5eed_0f4b_1115_0002);
    let (mut receipts, mut checkpoints, mut expiries) = (0, 0, 0);
    let rounds = campaign("INZAGE_KILLS", 30);
    let mut folder = tempfile::tempdir().unwrap();
    let mut heard = Heard::default();
    for round in 0..rounds {
        if round % ROUNDS_OF_A_LOG == 0 {
            folder = tempfile::tempdir().unwrap();
            heard = Heard::default();
        }
        let log = folder.path().join("log");
        let mut process = child(LIVE, &log, choice.below(u64::MAX))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (to_test, lines) = mpsc::channel();
        let out = BufReader::new(process.stdout.take().unwrap());
        let listener = thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                to_test.send(line).unwrap();
            }
        });
        // While it starts, or at any moment of the next thing that it does.
        let mut wanted = choice.below(16);
        let mut said = Vec::new();
        while wanted > 0 {
            let line = lines.recv_timeout(PATIENCE).expect("something in time");
            wanted -= u64::from(line.contains(' '));
            said.push(line);
        }
        thread::sleep(Duration::from_micros(choice.below(20_000)));
        process.kill().unwrap();
        process.wait().unwrap();
        listener.join().unwrap();
        said.extend(lines.try_iter());
        for line in said {
            receipts += u64::from(line.starts_with("receipt "));
            checkpoints += u64::from(line.starts_with("checkpoint "));
            expiries += u64::from(line.starts_with("expired ") && line != "expired 0");
            heard.line(&line);
        }
        heard.holds(&log, &Kept(beside(&log)), &format!("round {round}"));
    }
    eprintln!(
        "{rounds} kills: {receipts} receipts, {checkpoints} checkpoints, {expiries} expiries before them"
    );
    assert!(
        receipts > 0 && checkpoints > 0 && expiries > 0,
        "the test killed too early to show anything"
    );
}
