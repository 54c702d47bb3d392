//! A durable append to the view log against a bare `write` + `fsync` of the same bytes.
//!
//! Both write to the same filesystem, turn by turn in one run, so that what else the
//! disk does meets both alike. The bytes are an entry's canonical bytes: a first log
//! is filled from the same events and the same seed, and read; the second log, the
//! one that is timed, writes them again to the byte.
//!
//! Between two appends the log begins the next entry's sealing, as it does in the app.
//!
//! Prints Markdown. `INZAGE_BENCH_APPENDS` sets how many of each kind.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    missing_docs
)]

mod common;

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use common::{Folder, displayed, median, open, released, shown};
use inzage_core::domain::event::{Event, What};
use inzage_viewlog::{LOG_FILE, ViewLog};

/// Enough that a median does not move by a tenth between two runs.
const APPENDS: usize = 600;
/// The first syncs meet a file that has to grow into its place.
const WARM_UP: usize = 20;
/// A ratio above this is worth a look.
const GOAL: f64 = 1.5;

fn main() {
    let appends = std::env::var("INZAGE_BENCH_APPENDS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(APPENDS);
    let folder = Folder::new("append");
    println!(
        "| event | bytes | log append | `write` + `fsync` | `write` + `fdatasync` | ratio to `fsync` | ratio to `fdatasync` |"
    );
    println!("|---|---|---|---|---|---|---|");
    let mut worst = 0.0_f64;
    let mut beyond = Duration::ZERO;
    for (name, event) in [
        ("released", released as fn(usize) -> Event),
        ("displayed", displayed),
    ] {
        let measured = measure(&folder.0.join(name), event, appends);
        let [log, full, data] =
            [&measured.log, &measured.fsync, &measured.fdatasync].map(|times| median(times));
        let ratio = log.as_secs_f64() / full.as_secs_f64();
        worst = worst.max(ratio);
        beyond = beyond.max(log.saturating_sub(full));
        println!(
            "| `{name}` | {} | {} | {} | {} | {ratio:.2} | {:.2} |",
            measured.bytes,
            shown(log),
            shown(full),
            shown(data),
            log.as_secs_f64() / data.as_secs_f64(),
        );
    }
    let met = if worst <= GOAL { "met" } else { "not met" };
    println!(
        "\nMedians of {appends} each, after {WARM_UP} unmeasured. Goal: at most {GOAL} × `write` + `fsync`: {met}. \
         An append takes {} more than the sync, so the goal is met on a disk whose sync takes {} or longer.",
        shown(beyond),
        shown(beyond.div_f64(GOAL - 1.0)),
    );
}

struct Measured {
    /// Median length of the canonical bytes.
    bytes: usize,
    log: Vec<Duration>,
    fsync: Vec<Duration>,
    fdatasync: Vec<Duration>,
}

fn measure(folder: &Path, event: fn(usize) -> Event, appends: usize) -> Measured {
    let count = WARM_UP + appends;
    let entries = canonical_bytes(&folder.join("first"), event, count);
    let mut log = open(&folder.join("timed"));
    let mut fsync = bare(&folder.join("fsync"));
    let mut fdatasync = bare(&folder.join("fdatasync"));
    let mut measured = Measured {
        bytes: 0,
        log: Vec::new(),
        fsync: Vec::new(),
        fdatasync: Vec::new(),
    };
    for (number, bytes) in entries.iter().enumerate() {
        let what = event(number);
        // Who goes first changes, so that nobody always meets the quiet disk.
        for turn in 0..3 {
            match (number + turn) % 3 {
                0 => {
                    measured.log.push(timed(|| append(&mut log, &what)));
                    // As the app's own thread does when it has answered.
                    log.get_ready();
                }
                1 => measured.fsync.push(timed(|| {
                    fsync.write_all(bytes).unwrap();
                    fsync.sync_all().unwrap();
                })),
                _ => measured.fdatasync.push(timed(|| {
                    fdatasync.write_all(bytes).unwrap();
                    fdatasync.sync_data().unwrap();
                })),
            }
        }
    }
    for times in [
        &mut measured.log,
        &mut measured.fsync,
        &mut measured.fdatasync,
    ] {
        times.drain(..WARM_UP);
    }
    drop(log);
    let again = read_canonical(&folder.join("timed"));
    assert_eq!(again, entries, "both wrote the same bytes");
    let mut lengths: Vec<usize> = entries.iter().map(Vec::len).collect();
    lengths.sort_unstable();
    measured.bytes = lengths[lengths.len() / 2];
    measured
}

fn append(log: &mut ViewLog, event: &Event) {
    match event.what {
        What::Released { .. } => drop(log.append_released(event).unwrap()),
        _ => drop(log.append(event).unwrap()),
    }
}

fn canonical_bytes(folder: &Path, event: fn(usize) -> Event, count: usize) -> Vec<Vec<u8>> {
    let mut log = open(folder);
    for number in 0..count {
        append(&mut log, &event(number));
        log.get_ready();
    }
    drop(log);
    read_canonical(folder)
}

/// Every entry's canonical bytes but the segment's head.
fn read_canonical(folder: &Path) -> Vec<Vec<u8>> {
    let connection = rusqlite::Connection::open(folder.join(LOG_FILE)).unwrap();
    let mut statement = connection
        .prepare("SELECT canonical FROM entry WHERE sequence > 1 ORDER BY sequence")
        .unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

fn bare(path: &Path) -> File {
    OpenOptions::new()
        .create_new(true)
        .append(true)
        .open(path)
        .unwrap()
}

fn timed(work: impl FnOnce()) -> Duration {
    let started = Instant::now();
    work();
    started.elapsed()
}
