//! Medplum's FHIR R4 server, as a process of its own.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;

use serde_json::Value;

use crate::pki::Pki;
use crate::waiting::LIMIT;

pub struct FhirServer {
    child: Child,
    pub port: u16,
    store: PathBuf,
}

impl FhirServer {
    pub fn start(pki: &Pki, store: &Path, asks_for_clients: bool) -> Self {
        // Of the crate itself, or of the app, whose tests use this too.
        let package = Path::new(env!("CARGO_MANIFEST_DIR"))
            .ancestors()
            .map(|folder| folder.join("tests/fhir-validator"))
            .find(|package| package.is_dir())
            .unwrap();
        assert!(
            package.join("node_modules/@medplum/fhir-router").is_dir(),
            "the FHIR server is not installed: run `make setup-test`, or `npm ci` in tests/fhir-validator"
        );
        let mut command = Command::new("node");
        command
            .arg("serve.mjs")
            .args([&pki.certificate, &pki.key])
            .arg(store)
            .current_dir(package)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        if asks_for_clients {
            command.arg(&pki.ca);
        }
        let mut child = command.spawn().unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        let (sender, receiver) = mpsc::channel();
        std::thread::spawn(move || {
            let mut line = String::new();
            let _read = said.read_line(&mut line);
            let _sent = sender.send(line);
        });
        let line = receiver.recv_timeout(LIMIT).unwrap();
        let port = line.trim().parse().expect("the FHIR server did not start");
        Self {
            child,
            port,
            store: store.to_path_buf(),
        }
    }

    /// As `kill -9`.
    pub fn kill(&mut self) {
        let _killed = self.child.kill();
        let _waited = self.child.wait();
    }

    pub fn has(&self) -> Vec<Value> {
        lines(&self.store)
    }

    /// What it was asked besides to take something: method, address, headers and body.
    pub fn asked(&self) -> Vec<Value> {
        lines(&self.store.with_extension("asked"))
    }

    /// The searches that it was asked for, pages that went on with one left out.
    pub fn searches(&self) -> usize {
        let asked = self.asked();
        let search = |asked: &&Value| asked["url"].as_str().unwrap().ends_with("/_search");
        asked.iter().filter(search).count()
    }

    /// Nothing that it was asked names anybody.
    pub fn was_asked_about_nobody(&self, names: &[&str]) {
        for asked in self.asked() {
            let asked = asked.to_string();
            for name in names {
                assert!(!asked.contains(name), "{name}: {asked}");
            }
        }
    }
}

fn lines(file: &Path) -> Vec<Value> {
    let text = fs::read_to_string(file).unwrap_or_default();
    text.lines()
        .filter(|line| !line.is_empty())
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect()
}

impl Drop for FhirServer {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The code of a resource's own tag, behind the log's id.
pub fn own(resource: &Value) -> String {
    let tags = resource["meta"]["tag"].as_array().unwrap();
    let own = tags
        .iter()
        .find(|tag| tag["system"] == "urn:inzage:entry")
        .unwrap();
    let (_, number) = own["code"].as_str().unwrap().split_once('-').unwrap();
    number.to_owned()
}

/// Every entry and every checkpoint once, in the log's order, and nothing else but heartbeats.
pub fn assert_exactly_once(has: &[Value], entries: u64, checkpoints: u64) {
    let (mut seen_entries, mut seen_checkpoints) = (Vec::new(), Vec::new());
    let mut others = BTreeMap::<String, u32>::new();
    for resource in has {
        let own = own(resource);
        if let Ok(number) = own.parse::<u64>() {
            seen_entries.push(number);
        } else if let Some(number) = own.strip_prefix("checkpoint-") {
            seen_checkpoints.push(number.parse::<u64>().unwrap());
        } else {
            assert!(own.starts_with("heartbeat-"), "{own}");
            *others.entry(own).or_default() += 1;
        }
    }
    assert_eq!(seen_entries, (1..=entries).collect::<Vec<_>>());
    assert_eq!(seen_checkpoints, (1..=checkpoints).collect::<Vec<_>>());
    assert!(others.values().all(|count| *count == 1), "{others:?}");
}
