//! `inzage-bench-keeping FILE`: for every number on the standard input, parses the file so often and
//! prints the nanoseconds that took.
#![allow(clippy::expect_used)]

use std::io::BufRead;
use std::time::Instant;

fn main() {
    let file = std::env::args().nth(1).expect("a file");
    let text = std::fs::read_to_string(file).expect("a readable file");
    for line in std::io::stdin().lock().lines() {
        let repeats: u32 = line.expect("a line").trim().parse().expect("a number");
        let began = Instant::now();
        for _ in 0..repeats {
            let value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
            std::hint::black_box(value);
        }
        println!("{}", began.elapsed().as_nanos());
    }
}
