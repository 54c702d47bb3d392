//! `inzage inspect` and bad input: clear messages, stable codes, nothing shown or lost.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::running::Folder;

const PERMIT: i32 = 0;
const REFUSED: i32 = 2;
const NOT_READABLE: i32 = 3;
const WRONG_USAGE: i32 = 64;

fn inspect(file: &Path, more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_inzage"))
        .arg("inspect")
        .arg(file)
        .args(["--setting", "after-hours"])
        .args(more)
        .output()
        .unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("JSON on standard output: {output:?}"))
}

fn explicit(file: &Path) -> Value {
    json(&inspect(file, &["--basis", "explicit", "--json"]))
}

/// The public real message; `None`, said aloud, where the corpus is absent.
fn real_message() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/corpus/aorta/professional-summary/QUPC_IN990002NL_01.xml");
    if path.is_file() {
        return Some(path);
    }
    eprintln!("SKIPPED: the corpus is not at ../shared/corpus");
    None
}

fn patient(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("src-tauri/training-exchange/patients")
        .join(name)
}

#[test]
fn the_public_real_message_is_read_without_loss() {
    let Some(file) = real_message() else { return };
    let seen = explicit(&file);
    assert_eq!(seen["decision"]["outcome"], "permit");
    assert_eq!(seen["patient"]["bsn"], "555555914");
    let count = |name: &str| seen["sections"][name].as_u64().unwrap_or(u64::MAX);
    assert_eq!(
        [
            "episodes",
            "contacts",
            "journal_lines",
            "medication",
            "measurements",
            "attention_lines"
        ]
        .map(count),
        [6, 13, 42, 2, 7, 1]
    );
    assert_eq!(
        seen["ica"]["allergies"]["entries"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        seen["ica"]["contraindications"]["entries"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    assert_eq!(seen["coverage"]["lost"], 0);
    assert!(
        seen["coverage"]["leaves"].as_u64().unwrap() > 1000,
        "the walk went through the message"
    );
}

#[test]
fn under_corona_nothing_of_the_real_messages_ica_is_in_any_output() {
    let Some(file) = real_message() else { return };
    for form in [&[][..], &["--json"]] {
        let mut args = vec!["--basis", "corona", "--measure", "active"];
        args.extend(form);
        let output = inspect(&file, &args);
        assert_eq!(output.status.code(), Some(PERMIT));
        let text = String::from_utf8(output.stdout).unwrap();
        for gone in [
            "VERKEERSDEELNAME",
            "PENICILLINES",
            "Forse reactie",
            "ASTMA",
            "902.40",
            "902.122",
        ] {
            assert!(!text.contains(gone), "{gone} is ICA");
        }
        assert!(text.contains("withheld") || text.contains("ASK THE PATIENT"));
    }
}

#[test]
fn whether_ica_arrived_cannot_be_told_from_any_output_under_corona() {
    let folder = Folder::new();
    for basis in ["corona", "not-established"] {
        let with = std::fs::read_to_string(patient("explicit-full.xml")).unwrap();
        let without = cut(&cut(&with, "component3"), "component4");
        assert_ne!(with, without, "there was something to cut");
        let file = folder.0.join("without.xml");
        std::fs::write(&file, without).unwrap();
        for form in [&[][..], &["--json"]] {
            let mut args = vec!["--basis", basis, "--measure", "active"];
            args.extend(form);
            let (one, other) = (
                inspect(&patient("explicit-full.xml"), &args),
                inspect(&file, &args),
            );
            assert_eq!(one.status.code(), Some(PERMIT));
            assert!(
                one.stdout == other.stdout,
                "the output tells whether ICA arrived ({basis})"
            );
        }
    }
}

/// Takes every `<name …>…</name>` out of a text.
fn cut(text: &str, name: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    let (open, close) = (format!("<{name} "), format!("</{name}>"));
    let bare = format!("<{name}>");
    while let Some(at) = rest.find(&open).into_iter().chain(rest.find(&bare)).min() {
        out.push_str(&rest[..at]);
        let end = rest[at..].find(&close).unwrap() + close.len();
        rest = &rest[at + end..];
    }
    out.push_str(rest);
    out
}

#[test]
fn every_key_stands_in_every_outcome() {
    let folder = Folder::new();
    let broken = folder.0.join("broken.xml");
    std::fs::write(&broken, "<not xml").unwrap();
    let keys = |value: &Value| {
        value
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<Vec<_>>()
    };
    let permitted = explicit(&patient("explicit-full.xml"));
    let refused = json(&inspect(
        &patient("explicit-full.xml"),
        &["--basis", "explicit", "--bsn", "123456782", "--json"],
    ));
    let unreadable = explicit(&broken);
    let missing = explicit(Path::new("/nonexistent/message.xml"));
    for other in [&refused, &unreadable, &missing] {
        assert_eq!(keys(other), keys(&permitted));
        assert_eq!(other["patient"], Value::Null);
        assert_eq!(other["sections"], serde_json::json!({}));
        assert_eq!(
            other["ica"]["allergies"],
            serde_json::json!({ "state": null, "entries": [] })
        );
        assert_eq!(other["coverage"]["leaves"], 0);
    }
}

#[test]
fn another_patients_number_is_refused_with_its_reason() {
    let output = inspect(
        &patient("explicit-full.xml"),
        &["--basis", "explicit", "--bsn", "123456782", "--json"],
    );
    assert_eq!(output.status.code(), Some(REFUSED));
    assert_eq!(json(&output)["decision"]["reason"], "other_patient");
}

#[test]
fn corona_while_the_measure_is_stopped_is_refused() {
    let output = inspect(&patient("corona.xml"), &["--basis", "explicit", "--json"]);
    assert_eq!(
        output.status.code(),
        Some(REFUSED),
        "a marker in the file wins"
    );
    assert_eq!(json(&output)["decision"]["reason"], "measure_stopped");
}

#[test]
fn wrong_usage_is_64_and_says_how() {
    for args in [
        vec!["inspect"],
        vec![
            "inspect",
            "x.xml",
            "--basis",
            "yes",
            "--setting",
            "after-hours",
        ],
        vec![
            "inspect",
            "x.xml",
            "--basis",
            "explicit",
            "--setting",
            "after-hours",
            "--bsn",
            "123456789",
        ],
        vec!["frobnicate"],
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_inzage"))
            .args(&args)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(WRONG_USAGE), "{args:?}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(
            !said.is_empty() && !said.contains("123456789"),
            "no number in a diagnostic"
        );
    }
}

#[test]
fn bad_input_is_answered_quickly_with_a_code_and_never_a_panic() {
    let folder = Folder::new();
    let head = r#"<QUPC_IN990002NL xmlns="urn:hl7-org:v3">"#;
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("not xml", b"%PDF-1.7 not xml".to_vec(), "not_well_formed"),
        ("empty", Vec::new(), "not_well_formed"),
        ("truncated", truncated(), "not_well_formed"),
        ("wrong root", b"<html><body/></html>".to_vec(), "unknown_interaction"),
        (
            "doctype",
            format!("<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>{head}&a;</QUPC_IN990002NL>").into(),
            "doctype_refused",
        ),
        ("deep", format!("{head}{}", "<a>".repeat(10_000)).into(), "limit_exceeded"),
        (
            "attributes",
            {
                let many: String = (0..100_000).map(|n| format!(" a{n}=\"\"")).collect();
                format!("{head}<a{many}/></QUPC_IN990002NL>").into()
            },
            "limit_exceeded",
        ),
        (
            "namespaces",
            {
                let many: String = (0..1000).map(|n| format!(" xmlns:n{n}=\"u{n}\"")).collect();
                format!("{head}<a{many}>{}</a></QUPC_IN990002NL>", format!("<b{many}/>").repeat(100)).into()
            },
            "limit_exceeded",
        ),
        ("200 MB", vec![b' '; 200 * 1024 * 1024], "limit_exceeded"),
    ];
    for (name, bytes, code) in cases {
        let file = folder.0.join("bad.xml");
        std::fs::write(&file, bytes).unwrap();
        let started = Instant::now();
        let output = inspect(&file, &["--basis", "explicit", "--json"]);
        assert_eq!(output.status.code(), Some(NOT_READABLE), "{name}");
        assert!(
            started.elapsed() < Duration::from_secs(5),
            "{name} takes {:?}",
            started.elapsed()
        );
        assert_eq!(json(&output)["findings"][0]["code"], code, "{name}");
        assert!(
            output.stderr.is_empty(),
            "{name}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

fn truncated() -> Vec<u8> {
    let whole = std::fs::read(patient("explicit-full.xml")).unwrap();
    whole[..whole.len() * 2 / 3].to_vec()
}

#[test]
fn an_unknown_acknowledgement_is_incomplete_and_never_success() {
    let seen = explicit(&patient("unknown-ack.xml"));
    if seen["decision"]["outcome"] == "permit" {
        // The file is a whole message; the exchange changes its acknowledgement on the wire.
        let text = std::fs::read_to_string(patient("explicit-full.xml")).unwrap();
        let folder = Folder::new();
        let file = folder.0.join("ax.xml");
        std::fs::write(
            &file,
            text.replace(
                "<acknowledgement typeCode=\"AA\">",
                "<acknowledgement typeCode=\"AX\">",
            ),
        )
        .unwrap();
        let seen = explicit(&file);
        assert_eq!(seen["complete"], false);
        assert_eq!(seen["ica"]["allergies"]["state"], "incomplete");
    }
}

#[test]
fn every_output_fits_the_published_schema() {
    let schema: Value = serde_json::from_str(include_str!("../../docs/inspect.schema.json"))
        .expect("the schema is JSON");
    let mut compiler = boon::Compiler::new();
    let mut schemas = boon::Schemas::new();
    compiler
        .add_resource("inspect.schema.json", schema)
        .unwrap();
    let id = compiler
        .compile("inspect.schema.json", &mut schemas)
        .unwrap();
    let folder = Folder::new();
    let broken = folder.0.join("broken.xml");
    std::fs::write(&broken, "<").unwrap();
    let fixtures = std::fs::read_dir(patient(""))
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let files = fixtures
        .filter(|path| path.extension().is_some_and(|e| e == "xml"))
        .chain(real_message())
        .chain([broken]);
    let bases = [
        ["--basis", "explicit", "--measure", "stopped", "--json"],
        ["--basis", "corona", "--measure", "active", "--json"],
        [
            "--basis",
            "not-established",
            "--measure",
            "stopped",
            "--json",
        ],
    ];
    // Each file on one basis, in turn: a start of the program takes half a second.
    for (file, args) in files.zip(bases.iter().cycle()) {
        let seen = json(&inspect(&file, args));
        if let Err(error) = schemas.validate(&seen, id) {
            panic!("{} {args:?}: {error}", file.display());
        }
    }
}
