//! Reading speed and memory of the readers, beside parsers that keep everything.
//!
//! All of one table is measured in one run, turn by turn, so that what else the machine does meets
//! all alike. "Reading" is what the app does with received bytes: one scan against the limits, a
//! tree, headers, and every entry of every section with each leaf accounted for. The peers only
//! parse: a generic value, a typed model, a bare tree.
//!
//! `readers FILE.json…` prints Markdown. `readers --memory KIND` reads one synthetic record in a
//! process of its own and prints its memory.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod memory;
mod synthetic;

use std::process::Command;
use std::time::{Duration, Instant};

use fhir_sdk::r4b::resources::Bundle;
use inzage_core::readers::{self, Profile, Scope};

/// Enough that a median does not move by a tenth between two runs.
const TURNS: usize = 15;
/// Bytes that a turn should read at least, so that a small file is read often enough to be timed.
const BYTES_PER_TURN: usize = 4 * 1024 * 1024;
/// Entries of the synthetic records; with these they are 20 MB and more.
pub const ENTRIES: usize = 50_000;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [first, kind] = arguments.as_slice()
        && first == "--memory"
    {
        return memory::one(kind);
    }
    println!("## JSON\n");
    println!("| record | MB | Inzage reads | `serde_json::Value` | `fhir-sdk` (R4B) | Node `JSON.parse` | ratio to the fastest |");
    println!("|---|---|---|---|---|---|---|");
    for path in &arguments {
        let text = std::fs::read_to_string(path).expect("a readable file");
        let name = std::path::Path::new(path).file_name().unwrap_or_default();
        json(&name.to_string_lossy(), &text);
    }
    json("synthetic document, 50,000 entries", &synthetic::document(ENTRIES));
    println!("\n## XML\n");
    println!("| record | MB | Inzage reads | `roxmltree` alone | ratio |");
    println!("|---|---|---|---|---|");
    xml("synthetic document, 50,000 entries", &synthetic::document_xml(ENTRIES));
    xml("synthetic professional summary", &synthetic::summary(ENTRIES));
    println!("\n## Memory\n");
    memory::table();
}

fn json(name: &str, text: &str) {
    let file = std::env::temp_dir().join(format!("inzage-bench-{}.json", std::process::id()));
    std::fs::write(&file, text).expect("a writable temporary folder");
    let times = turns(
        text.len(),
        &mut [
            &mut || read(text),
            &mut || {
                let value: serde_json::Value = serde_json::from_str(text).expect("JSON");
                std::hint::black_box(value);
            },
            &mut || {
                let bundle: Result<Bundle, _> = serde_json::from_str(text);
                let _ = std::hint::black_box(bundle);
            },
        ],
    );
    let typed = serde_json::from_str::<Bundle>(text).err();
    let node = node(&file, text.len());
    let _ = std::fs::remove_file(&file);
    let [ours, value, sdk] = times[..] else { return };
    let keeping = [Some(value), typed.is_none().then_some(sdk), node];
    let fastest = keeping.into_iter().flatten().min().unwrap_or(value);
    println!(
        "| {name} | {:.1} | {} | {} | {} | {} | {:.2} |",
        megabytes(text),
        shown(ours),
        shown(value),
        typed.map_or_else(|| shown(sdk), |_| "refuses it".to_owned()),
        node.map_or_else(|| "not installed".to_owned(), shown),
        ours.as_secs_f64() / fastest.as_secs_f64(),
    );
}

fn xml(name: &str, text: &str) {
    let times = turns(
        text.len(),
        &mut [
            &mut || read(text),
            &mut || {
                let options = roxmltree::ParsingOptions {
                    nodes_limit: u32::MAX,
                    ..Default::default()
                };
                let document = roxmltree::Document::parse_with_options(text, options);
                std::hint::black_box(document.expect("XML"));
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

/// Medians per contestant, taken in turns.
fn turns(bytes: usize, contestants: &mut [&mut dyn FnMut()]) -> Vec<Duration> {
    let repeats = u32::try_from(BYTES_PER_TURN.div_ceil(bytes)).unwrap_or(1);
    let mut times = vec![Vec::with_capacity(TURNS); contestants.len()];
    for turn in 0..=TURNS {
        for (contestant, times) in contestants.iter_mut().zip(&mut times) {
            let began = Instant::now();
            for _ in 0..repeats {
                contestant();
            }
            // The first turn warms up.
            if turn > 0 {
                times.push(began.elapsed() / repeats);
            }
        }
    }
    times.iter_mut().map(|times| median(times)).collect()
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// Node on the same file, timed inside Node: its start is not counted.
fn node(file: &std::path::Path, bytes: usize) -> Option<Duration> {
    let repeats = BYTES_PER_TURN.div_ceil(bytes);
    let script = "const [, file, turns, repeats] = process.argv;\
        const text = require('fs').readFileSync(file, 'utf8'); const times = [];\
        for (let turn = 0; turn <= turns; turn++) { const began = process.hrtime.bigint();\
        for (let n = 0; n < repeats; n++) JSON.parse(text);\
        if (turn > 0) times.push(Number(process.hrtime.bigint() - began) / repeats); }\
        times.sort((a, b) => a - b); console.log(Math.round(times[times.length >> 1]));";
    let output = Command::new("node")
        .args(["-e", script])
        .arg(file)
        .args([TURNS.to_string(), repeats.to_string()])
        .output()
        .ok()?;
    let nanoseconds = String::from_utf8(output.stdout).ok()?.trim().parse().ok()?;
    Some(Duration::from_nanos(nanoseconds))
}

fn shown(time: Duration) -> String {
    let milliseconds = time.as_secs_f64() * 1e3;
    format!("{milliseconds:.*} ms", if milliseconds < 10.0 { 2 } else { 0 })
}

fn megabytes(text: &str) -> f64 {
    text.len() as f64 / 1e6
}
