//! A log of a million entries: how fast it is verified, and how fast one patient is found in it.
//!
//! The entries are real: sealed, chained, indexed and under a checkpoint each 10,000; only the sync
//! after each is left out while the log is filled. What is measured runs in processes of its own,
//! so that each has a peak of memory of its own, and in turns, after all was read once.
//!
//! Prints Markdown. `INZAGE_BENCH_ENTRIES` sets how many.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

mod common;

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use common::{Folder, digest, event, median, open, organisation, released, shown};
use inzage_core::domain::bsn::Bsn;
use inzage_core::domain::event::{CloseCause, Event, What};
use inzage_viewlog::overview::{Question, overview};
use inzage_viewlog::{
    CheckpointKey, CheckpointKeychain, KeychainFailed, LOG_FILE, LogReader, verify,
};
use sha2::{Digest, Sha256};

const ENTRIES: u64 = 1_000_000;
/// Entries between two checkpoints; also what is written at once.
const CHECKPOINT_EACH: u64 = 10_000;
/// Events of one look-up.
const EVENTS: u64 = 5;
/// A patient has five look-ups in a million entries.
const PATIENTS: u64 = 40_000;
const EMPLOYEES: u64 = 250;
/// How often each is measured.
const TURNS: usize = 3;
/// Patients that are looked for.
const LOOKED_FOR: u64 = 9;

const VERIFY_GOAL: f64 = 0.6;
const OVERVIEW_GOAL: Duration = Duration::from_millis(50);
/// What a hundred times as many entries may add to the peak of memory.
const MEMORY_GOAL: f64 = 1.25;

const TASK: &str = "INZAGE_BENCH_TASK";
const LOG: &str = "INZAGE_BENCH_LOG";

fn main() {
    if let Some(task) = std::env::var_os(TASK) {
        let log = std::env::var_os(LOG).unwrap();
        return measured(task.to_str().unwrap(), Path::new(&log));
    }
    let entries = std::env::var("INZAGE_BENCH_ENTRIES")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(ENTRIES);
    let folder = Folder::new("million");
    let (small, large) = (folder.0.join("small"), folder.0.join("large"));
    fill(&small, entries / 100);
    let filling = Instant::now();
    fill(&large, entries);
    let filled = filling.elapsed();
    let bytes = std::fs::metadata(large.join(LOG_FILE)).unwrap().len();

    let mut times = [Vec::new(), Vec::new(), Vec::new()];
    let mut peaks = [0; 3];
    for turn in 0..=TURNS {
        for (at, task) in ["bare", "verify", "patient"].into_iter().enumerate() {
            let (time, peak) = run(task, &large);
            // The first turn reads the file into memory.
            if turn > 0 {
                times[at].push(time);
                peaks[at] = peaks[at].max(peak);
            }
        }
    }
    let [bare, verified, patient] = times.map(|times| median(&times));
    let [_, verify_peak, patient_peak] = peaks;
    let (_, verify_small) = run("verify", &small);
    let (_, patient_small) = run("patient", &small);
    let share = bare.as_secs_f64() / verified.as_secs_f64();
    let rate = |time: Duration| entries as f64 / time.as_secs_f64();
    let met = |met: bool| if met { "met" } else { "not met" };
    println!(
        "| what | time | entries per second | peak of memory | peak with a hundredth of the entries |"
    );
    println!("|---|---|---|---|---|");
    println!(
        "| bare scan and SHA-256 | {} | {:.0} | | |",
        shown(bare),
        rate(bare)
    );
    println!(
        "| `verify` | {} | {:.0} | {verify_peak} KiB | {verify_small} KiB |",
        shown(verified),
        rate(verified)
    );
    println!(
        "| a patient's overview | {} | | {patient_peak} KiB | {patient_small} KiB |",
        shown(patient)
    );
    let grows = |large: u64, small: u64| large as f64 / small as f64;
    let growth = grows(verify_peak, verify_small).max(grows(patient_peak, patient_small));
    println!(
        "\n{entries} entries, {} MiB, filled in {:.0} s. Medians of {TURNS}; the overview's of {LOOKED_FOR} patients each.",
        bytes / (1024 * 1024),
        filled.as_secs_f64()
    );
    println!(
        "Goals: verify at {:.0} % of the bare scan's speed or more: {:.0} %, {}; an overview in less than {} ms: {}; \
         memory that does not grow with the log (at most {MEMORY_GOAL} ×): {growth:.2} ×, {}.",
        VERIFY_GOAL * 100.0,
        share * 100.0,
        met(share >= VERIFY_GOAL),
        OVERVIEW_GOAL.as_millis(),
        met(patient < OVERVIEW_GOAL),
        met(growth <= MEMORY_GOAL),
    );
}

/// Runs one task in a process of its own: its time, and its peak of memory in KiB.
fn run(task: &str, log: &Path) -> (Duration, u64) {
    let output = Command::new(std::env::current_exe().unwrap())
        .env(TASK, task)
        .env(LOG, log)
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{task}: {error}");
    let numbers: Vec<u64> = said
        .split_whitespace()
        .map(|n| n.parse().unwrap())
        .collect();
    (Duration::from_nanos(numbers[0]), numbers[1])
}

fn measured(task: &str, log: &Path) {
    let time = match task {
        "bare" => timed(|| bare(log)),
        "verify" => timed(|| drop(verify(log).unwrap())),
        "patient" => {
            let key = organisation();
            let mut times = Vec::new();
            for number in 0..LOOKED_FOR {
                let question = Question {
                    patient: Some(patient(number * 7 % PATIENTS)),
                    ..Question::default()
                };
                times.push(timed(|| {
                    let reader = LogReader::open(log).unwrap();
                    let found = overview(&reader, &question, &key).unwrap();
                    assert!(!found.rows.is_empty() && found.unreadable_count == 0);
                }));
            }
            median(&times)
        }
        other => panic!("no such task: {other}"),
    };
    println!("{} {}", time.as_nanos(), peak_kib());
}

/// Every row once, in order, and SHA-256 over what is hashed of it: the least that any verification does.
fn bare(log: &Path) {
    let connection = rusqlite::Connection::open(log.join(LOG_FILE)).unwrap();
    let mut statement = connection
        .prepare(
            "SELECT c.leaf, c.chain, e.salt, e.canonical FROM entry e JOIN chain c USING (sequence) ORDER BY e.sequence",
        )
        .unwrap();
    let mut rows = statement.query([]).unwrap();
    let mut all = [0_u8; 32];
    while let Some(row) = rows.next().unwrap() {
        let mut hash = Sha256::new();
        for column in 0..4 {
            hash.update(row.get_ref(column).unwrap().as_blob().unwrap());
        }
        for (all, byte) in all.iter_mut().zip(hash.finalize()) {
            *all ^= byte;
        }
    }
    assert_ne!(all, [0; 32]);
}

fn timed(work: impl FnOnce()) -> Duration {
    let started = Instant::now();
    work();
    started.elapsed()
}

/// The most memory that this process has held at once.
fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|l| l.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

fn fill(folder: &Path, entries: u64) {
    let mut log = open(folder);
    let mut keychain = Memory(None);
    // One entry is there already: the segment's head.
    let mut next = 0;
    while next + 1 < entries {
        let until = (next + CHECKPOINT_EACH).min(entries - 1);
        let last = log.append_bulk((next..until).map(of_look_up)).unwrap();
        assert_eq!(last, until + 1);
        let at = of_look_up(until).at;
        log.checkpoint(&mut keychain, &at).unwrap().unwrap();
        next = until;
    }
}

/// The events of look-ups one after the other: asked, delivered, released, displayed, closed.
fn of_look_up(number: u64) -> Event {
    let (look_up, step) = (number / EVENTS, number % EVENTS);
    let seed = usize::try_from(look_up).unwrap();
    let mut event = match step {
        0 => event(What::Requested {
            agreement: None,
            suspicion: Some(true),
            measure_active: true,
            birth_date_given: true,
        }),
        1 => event(What::Delivered {
            source: "Huisartsenpraktijk Rietveld".into(),
            ura: Some("90000456".into()),
        }),
        2 => released(seed),
        3 => event(What::Displayed {
            digest: digest(seed),
        }),
        _ => event(What::Closed {
            duration_ms: 240_000,
            cause: CloseCause::User,
        }),
    };
    let begin: DateTime<Utc> = "2025-01-01T00:00:00Z".parse().unwrap();
    let seconds = i64::try_from(look_up * 150 + step).unwrap();
    event.at = (begin + TimeDelta::seconds(seconds)).to_rfc3339_opts(SecondsFormat::Millis, true);
    event.request_id = Some(format!("6f1c2a34-5b6d-4e7f-8a90-{look_up:012x}"));
    event.patient = Some(patient(look_up % PATIENTS));
    let employee = look_up % EMPLOYEES;
    event.actor.as_mut().unwrap().user.id = format!("9000{employee:05}");
    event
}

/// A BSN that passes the check, and is no test number's neighbour: 1 to 8 weigh 9 to 2, the last −1.
fn patient(number: u64) -> Bsn {
    let mut tens = 10_000_000 + number * 11;
    loop {
        let digits = tens.to_string();
        let sum: u64 = digits
            .bytes()
            .zip([9, 8, 7, 6, 5, 4, 3, 2])
            .map(|(digit, weight)| u64::from(digit - b'0') * weight)
            .sum();
        if sum % 11 < 10 {
            return Bsn::parse(&format!("{digits}{}", sum % 11)).unwrap();
        }
        tens += 1;
    }
}

/// A keychain in memory.
struct Memory(Option<Vec<u8>>);

impl CheckpointKeychain for Memory {
    fn read(&mut self) -> Result<Option<CheckpointKey>, KeychainFailed> {
        Ok(self.0.as_deref().and_then(CheckpointKey::from_bytes))
    }

    fn keep(&mut self, key: &CheckpointKey) -> Result<(), KeychainFailed> {
        self.0 = Some(key.reveal().to_vec());
        Ok(())
    }
}
