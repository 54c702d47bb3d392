//! Looking for words of the patient in whatever files there are.

use std::path::{Path, PathBuf};

/// What the showcase patient's summary holds, and what a person types to get at it.
pub const CLINICAL: &[&str] = &[
    "999900006",
    "9999 00 006",
    "Berg",
    "Jansen",
    "Valkendael",
    "Penicilline",
    "NSAID",
    "maagbloeding",
    "Huiduitslag",
    "reanimeren",
    "Keelkweek",
    "Boezemfibrilleren",
    "Metformine",
];

/// Every file below a folder, in order.
pub fn files(root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let entry = entry.unwrap();
            if entry.file_type().unwrap().is_dir() {
                folders.push(entry.path());
            } else {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    found
}

/// The files that hold one of these words, as bytes or as UTF-16, with the word.
pub fn holding(root: &Path, words: &[&'static str]) -> Vec<(PathBuf, &'static str)> {
    let mut found = Vec::new();
    for file in files(root) {
        // A socket or a pipe holds nothing.
        let Ok(bytes) = std::fs::read(&file) else {
            continue;
        };
        found.extend(
            words
                .iter()
                .filter(|word| holds(&bytes, word))
                .map(|word| (file.clone(), *word)),
        );
    }
    found
}

/// Whether the bytes hold the word, in capitals or not, as UTF-8 or as UTF-16 of either order.
pub fn holds(bytes: &[u8], word: &str) -> bool {
    let bytes = bytes.to_ascii_lowercase();
    let word = word.to_ascii_lowercase();
    let little: Vec<u8> = word.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = word.encode_utf16().flat_map(u16::to_be_bytes).collect();
    [word.as_bytes(), &little, &big]
        .iter()
        .any(|wanted| bytes.windows(wanted.len()).any(|part| part == *wanted))
}

#[test]
fn a_word_is_found_in_any_of_its_forms_and_nowhere_else() {
    let utf16: Vec<u8> = "… PENICILLINES …"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert!(holds(b"\0\xffpenicillines", "Penicilline"));
    assert!(holds(&utf16, "Penicilline"));
    assert!(!holds(b"penicil lines", "Penicilline"));
}
