//! Notes against the example that the Go package `sumdb/note` publishes.

use base64::{Engine, engine::general_purpose::STANDARD};
use ed25519_dalek::{SigningKey, VerifyingKey};

use crate::note::{Note, notes_in, sign};

const NAME: &str = "PeterNeumann";
const PUBLIC: &str = "ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const PRIVATE: &str = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
const TEXT: &str = "If you think cryptography is the answer to your problem,\n\
then you don't know what your problem is.\n";
const NOTE: &str = "If you think cryptography is the answer to your problem,\n\
then you don't know what your problem is.\n\
\n\
\u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

/// After the byte that says Ed25519.
fn bytes(text: &str) -> [u8; 32] {
    STANDARD.decode(text).unwrap()[1..].try_into().unwrap()
}

fn public() -> VerifyingKey {
    VerifyingKey::from_bytes(&bytes(PUBLIC)).unwrap()
}

#[test]
fn the_published_note_verifies_and_is_signed_to_the_same_bytes() {
    let note = Note::parse(NOTE).unwrap();
    assert_eq!(note.text, TEXT);
    assert!(note.is_signed_by(NAME, &public()));
    let signed = sign(NAME, TEXT, &SigningKey::from_bytes(&bytes(PRIVATE)));
    assert_eq!(signed, NOTE);
}

#[test]
fn every_flipped_bit_of_a_note_is_found() {
    for at in 0..NOTE.len() {
        for bit in 0..8 {
            let mut flipped = NOTE.as_bytes().to_vec();
            flipped[at] ^= 1 << bit;
            let accepted = String::from_utf8(flipped).is_ok_and(|text| {
                Note::parse(&text).is_some_and(|note| note.is_signed_by(NAME, &public()))
            });
            assert!(!accepted, "byte {at}, bit {bit}");
        }
    }
}

#[test]
fn another_name_or_key_has_not_signed_it_and_others_lines_are_ignored() {
    let other = SigningKey::from_bytes(&[7; 32]);
    let note = Note::parse(NOTE).unwrap();
    assert!(!note.is_signed_by("PeterNeuman", &public()));
    assert!(!note.is_signed_by(NAME, &other.verifying_key()));
    let witness = sign("witness", TEXT, &other);
    let witness = witness.strip_prefix(TEXT).unwrap().trim_start();
    let both = format!("{NOTE}{witness}");
    assert!(Note::parse(&both).unwrap().is_signed_by(NAME, &public()));
    assert!(
        Note::parse(&both)
            .unwrap()
            .is_signed_by("witness", &other.verifying_key())
    );
}

#[test]
fn what_is_not_of_the_format_is_refused() {
    for wrong in [
        "",
        "text\n",
        "text\n\n",
        "text\n\n\u{2014} name\n",
        "text\n\n\u{2014} na+me AAAAAAA=\n",
        "text\n\n\u{2014}  AAAAAAA=\n",
        "text\n\n- name AAAAAAA=\n",
        "te\txt\n\n\u{2014} name AAAAAAA=\n",
        "text\n\n\u{2014} name AAAAAAA=",
        "text\n\n\u{2014} name AAAAAA==\n",
    ] {
        assert_eq!(Note::parse(wrong), None, "{wrong:?}");
    }
    assert!(Note::parse("text\n\n\u{2014} name AAAAAAA=\n").is_some());
}

#[test]
fn a_file_of_notes_comes_apart_with_or_without_empty_lines_between() {
    let two = [NOTE.to_owned(), NOTE.to_owned()];
    assert_eq!(notes_in(&format!("{NOTE}{NOTE}")), two);
    assert_eq!(notes_in(&format!("\n{NOTE}\n\n{NOTE}\n")), two);
    assert_eq!(notes_in(""), Vec::<String>::new());
    assert_eq!(
        notes_in(&format!("{NOTE}rest")).len(),
        2,
        "a rest is not lost"
    );
}
