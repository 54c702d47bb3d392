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

use super::child::{RELEASE, child, said};
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
