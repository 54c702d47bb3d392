//! Reading speed and memory of the readers, beside parsers.
//!
//! All of one table is measured in one run, turn by turn, so that what else the machine does meets
//! all alike. "Reading" is what the app does with received bytes: one scan against the limits, a
//! tree, headers, and every entry of every section with each leaf accounted for. The peers only
//! parse: a generic value, a typed model, a bare tree. What cannot run within this program takes its
//! turns in one of its own (`program`).
//!
//! `readers FILE.json…` prints Markdown. `readers --memory FILE` reads one record in a process of
//! its own and prints its memory.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod memory;
mod program;
mod synthetic;

use std::time::{Duration, Instant};

use inzage_core::readers::{self, Profile, Scope};

use crate::program::Program;

/// Enough that a median does not move by a tenth between two runs.
const TURNS: usize = 15;
/// Bytes that a turn should read at least, so that a small file is read often enough to be timed.
const BYTES_PER_TURN: usize = 4 * 1024 * 1024;
/// Entries of the synthetic records; with these they are 20 MB and more.
pub const ENTRIES: usize = 50_000;
/// Entries of the document in XML: with more of them it is larger than what is read at all.
pub const ENTRIES_XML: usize = 40_000;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [first, file] = arguments.as_slice()
        && first == "--memory"
    {
        return memory::one(file);
    }
    println!("## JSON\n");
    println!(
        "| record | MB | Inzage reads | keeps all: `Value`, literals and order | bare: `Value` | bare: Node `JSON.parse` | typed: `fhir-sdk` (R4B) | ratio to what keeps all | ratio to the faster bare parser |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    for path in &arguments {
        let text = std::fs::read_to_string(path).expect("a readable file");
        let name = std::path::Path::new(path).file_name().unwrap_or_default();
        json(&name.to_string_lossy(), &text);
    }
    json(&synthetic::name(ENTRIES), &synthetic::document(ENTRIES));
    println!("\n## XML\n");
    println!("| record | MB | Inzage reads | keeps all, and bare: `roxmltree` alone | ratio |");
    println!("|---|---|---|---|---|");
    xml(
        &synthetic::name(ENTRIES_XML),
        &synthetic::document_xml(ENTRIES_XML),
    );
    xml(
        "synthetic professional summary, about as many entries as the document in JSON",
        &synthetic::summary(ENTRIES),
    );
    println!("\n## Memory\n");
    memory::table();
}

fn json(name: &str, text: &str) {
    let file = std::env::temp_dir().join(format!("inzage-bench-{}.json", std::process::id()));
    std::fs::write(&file, text).expect("a writable temporary folder");
    let mut keeping = Program::keeping(&file).expect("built beside this program");
    let mut node = Program::node(&file);
    let times = turns(
        text.len(),
        &mut [
            &mut |repeats| timed(repeats, || read(text)),
            &mut |repeats| keeping.turn(repeats),
            &mut |repeats| {
                timed(repeats, || {
                    let value: serde_json::Value = serde_json::from_str(text).expect("JSON");
                    std::hint::black_box(value);
                })
            },
            &mut |repeats| {
                node.as_mut()
                    .map_or(Duration::ZERO, |node| node.turn(repeats))
            },
            &mut |repeats| {
                timed(repeats, || {
                    inzage_bench_typed::parse(text);
                })
            },
        ],
    );
    let typed = inzage_bench_typed::parse(text);
    let _ = std::fs::remove_file(&file);
    let [ours, keeping, value, in_node, sdk] = times[..] else {
        return;
    };
    let in_node = node.map(|_| in_node);
    let bare = in_node.map_or(value, |in_node| in_node.min(value));
    println!(
        "| {name} | {:.1} | {} | {} | {} | {} | {} | {:.2} | {:.2} |",
        megabytes(text),
        shown(ours),
        shown(keeping),
        shown(value),
        in_node.map_or_else(|| "not installed".to_owned(), shown),
        if typed {
            shown(sdk)
        } else {
            "refuses it".to_owned()
        },
        ours.as_secs_f64() / keeping.as_secs_f64(),
        ours.as_secs_f64() / bare.as_secs_f64(),
    );
}

fn xml(name: &str, text: &str) {
    let times = turns(
        text.len(),
        &mut [
            &mut |repeats| timed(repeats, || read(text)),
            &mut |repeats| {
                timed(repeats, || {
                    let options = roxmltree::ParsingOptions {
                        nodes_limit: u32::MAX,
                        ..Default::default()
                    };
                    let document = roxmltree::Document::parse_with_options(text, options);
                    std::hint::black_box(document.expect("XML"));
                })
            },
        ],
    );
    let [ours, tree] = times[..] else { return };
    println!(
        "| {name} | {:.1} | {} | {} | {:.2} |",
        megabytes(text),
        shown(ours),
        shown(tree),
        ours.as_secs_f64() / tree.as_secs_f64(),
    );
}

/// What the app does with received bytes.
pub fn read(text: &str) {
    let profile = Profile::training();
    let (text, format) = readers::text_of(text.as_bytes()).expect("within the limits");
    let opened = readers::open(text, format, &profile).expect("readable");
    for part in 0..opened.parts().len() {
        std::hint::black_box(opened.read(part, Scope::Full, "s1", &profile));
    }
}

/// What a contestant takes for so many repeats.
type Turn<'a> = &'a mut dyn FnMut(u32) -> Duration;

/// Medians per contestant, taken in turns.
fn turns(bytes: usize, contestants: &mut [Turn<'_>]) -> Vec<Duration> {
    let repeats = u32::try_from(BYTES_PER_TURN.div_ceil(bytes)).unwrap_or(1);
    let mut times = vec![Vec::with_capacity(TURNS); contestants.len()];
    for turn in 0..=TURNS {
        for (contestant, times) in contestants.iter_mut().zip(&mut times) {
            let taken = contestant(repeats) / repeats;
            // The first turn warms up.
            if turn > 0 {
                times.push(taken);
            }
        }
    }
    times.iter_mut().map(|times| median(times)).collect()
}

fn timed(repeats: u32, mut work: impl FnMut()) -> Duration {
    let began = Instant::now();
    for _ in 0..repeats {
        work();
    }
    began.elapsed()
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn shown(time: Duration) -> String {
    let milliseconds = time.as_secs_f64() * 1e3;
    format!(
        "{milliseconds:.*} ms",
        if milliseconds < 10.0 { 2 } else { 0 }
    )
}

fn megabytes(text: &str) -> f64 {
    text.len() as f64 / 1e6
}
