//! Looks through the memory of running processes.

use std::fs::File;
use std::io::BufRead;
use std::os::unix::fs::FileExt;

use crate::driver::Window;

const PAGE: u64 = 4096;
/// Read at once: bounded, and still few calls.
const CHUNK: usize = 4 << 20;

/// Where a text was found.
#[derive(Debug)]
#[allow(dead_code, reason = "read by a person when a test fails")]
pub struct Found {
    pub process: String,
    pub mapping: String,
    pub text: String,
    pub copies: usize,
    /// What stands around the first copy.
    pub around: String,
}

/// Every copy of these texts, as UTF-8 and as UTF-16, in the app and what it started, the
/// training exchange excepted.
pub fn scan(window: &Window, texts: &[&str]) -> Vec<Found> {
    let needles: Vec<(String, Vec<u8>)> = texts
        .iter()
        .flat_map(|text| {
            let wide = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            [
                (format!("{text} (UTF-8)"), text.as_bytes().to_vec()),
                (format!("{text} (UTF-16)"), wide),
            ]
        })
        .collect();
    let mut found = Vec::new();
    for process in window.processes() {
        // One that ended meanwhile holds nothing.
        let Ok(maps) = std::fs::read_to_string(format!("/proc/{}/maps", process.pid)) else {
            continue;
        };
        let memory = File::open(format!("/proc/{}/mem", process.pid));
        let memory = memory.unwrap_or_else(|error| {
            panic!("the memory of {} cannot be read: {error}", process.name)
        });
        let pages = File::open(format!("/proc/{}/pagemap", process.pid)).unwrap();
        for mapping in maps.lines() {
            for run in present(&pages, mapping) {
                look(&memory, run, &needles, |text, copies, around| {
                    let process = format!("{} {}", process.name, process.pid);
                    found.push(Found {
                        process,
                        mapping: mapping.to_owned(),
                        text: text.to_owned(),
                        copies,
                        around,
                    });
                });
            }
        }
    }
    found
}

/// The runs of a readable mapping's pages that are in memory or swapped out, as address and length.
fn present(pages: &File, mapping: &str) -> Vec<(u64, u64)> {
    let mut fields = mapping.split_whitespace();
    let (range, rights) = (fields.next().unwrap(), fields.next().unwrap());
    if !rights.starts_with('r') || mapping.contains("[vvar") || mapping.contains("[vsyscall]") {
        return Vec::new();
    }
    let (from, to) = range.split_once('-').unwrap();
    let (from, to) = (
        u64::from_str_radix(from, 16).unwrap(),
        u64::from_str_radix(to, 16).unwrap(),
    );
    let mut runs: Vec<(u64, u64)> = Vec::new();
    let mut entries = vec![0_u8; CHUNK];
    let mut page = from / PAGE;
    while page < to / PAGE {
        let wanted = usize::try_from((to / PAGE - page) * 8).unwrap().min(CHUNK);
        let Ok(got) = pages.read_at(&mut entries[..wanted], page * 8) else {
            break;
        };
        if got < 8 {
            break;
        }
        for entry in entries[..got].chunks_exact(8) {
            // Bit 63: in memory; bit 62: swapped out.
            if u64::from_le_bytes(entry.try_into().unwrap()) >> 62 != 0 {
                match runs.last_mut() {
                    Some((start, length)) if *start + *length == page * PAGE => *length += PAGE,
                    _ => runs.push((page * PAGE, PAGE)),
                }
            }
            page += 1;
        }
    }
    runs
}

fn look(
    memory: &File,
    (start, length): (u64, u64),
    needles: &[(String, Vec<u8>)],
    mut found: impl FnMut(&str, usize, String),
) {
    let overlap = needles
        .iter()
        .map(|(_, needle)| needle.len())
        .max()
        .unwrap_or(1)
        - 1;
    let mut buffer = vec![0_u8; CHUNK + overlap];
    let mut at = 0;
    while at < length {
        let wanted = usize::try_from(length - at).unwrap().min(CHUNK + overlap);
        let Ok(got) = memory.read_at(&mut buffer[..wanted], start + at) else {
            return;
        };
        for (name, needle) in needles {
            let places = places(&buffer[..got], needle, CHUNK);
            if let Some(first) = places.first() {
                let around = &buffer[first.saturating_sub(96)..(first + 160).min(got)];
                found(name, places.len(), around.escape_ascii().to_string());
            }
        }
        at += CHUNK as u64;
    }
}

/// Where the needle begins, before `limit`. Leaps from first byte to first byte with the
/// standard library's own search: a window of bytes after the other takes minutes unoptimised.
fn places(haystack: &[u8], needle: &[u8], limit: usize) -> Vec<usize> {
    let (first, mut places, mut rest) = (needle[0], Vec::new(), haystack);
    loop {
        let skipped = rest.skip_until(first).unwrap();
        let at = haystack.len() - rest.len();
        if skipped == 0 || at > limit {
            return places;
        }
        if haystack[at - 1..].starts_with(needle) {
            places.push(at - 1);
        }
    }
}

#[test]
fn the_search_finds_every_copy_and_counts_none_twice() {
    let mut haystack = vec![b'Q'; 64];
    haystack.extend(b"QUIXxQUIX");
    assert_eq!(places(&haystack, b"QUIX", haystack.len()), [64, 69]);
    assert_eq!(places(&haystack, b"QUIX", 66), [64]);
    assert_eq!(places(&haystack, b"QUIZ", haystack.len()), [0_usize; 0]);
}
