//! How much memory reading takes: each record in a process of its own.

use std::process::Command;

use inzage_core::domain::bsn::Bsn;
use inzage_core::domain::consent::{Agreement, EmergencyExplicit};
use inzage_core::domain::disclosure::{Answer, Arrival, Asked, Circumstances, prepare, sections};
use inzage_core::domain::user::Setting;
use inzage_core::readers::Profile;

use crate::{ENTRIES, ENTRIES_XML, synthetic};

/// Makes one of the records.
type Make = fn() -> String;

const RECORDS: [(&str, Make); 3] = [
    ("synthetic document, JSON", || synthetic::document(ENTRIES)),
    ("synthetic document, XML", || synthetic::document_xml(ENTRIES_XML)),
    ("synthetic professional summary", || synthetic::summary(ENTRIES)),
];

/// Prints what reading each record took, over the memory of the same process before it.
pub fn table() {
    println!("Peak resident memory of a process that reads one record and holds what it discloses of it,");
    println!("over what the process and the received bytes took before.\n");
    println!("| record | MB | entries shown | peak for reading | per byte received |");
    println!("|---|---|---|---|---|");
    // Made here: memory that making it left free would count as taken before.
    let file = std::env::temp_dir().join(format!("inzage-bench-{}.txt", std::process::id()));
    for (name, make) in RECORDS {
        std::fs::write(&file, make()).expect("a writable temporary folder");
        let this = std::env::current_exe().expect("this program");
        let output = Command::new(this).arg("--memory").arg(&file).output();
        let said = String::from_utf8(output.expect("itself").stdout).unwrap_or_default();
        println!("| {name} | {}", said.trim());
    }
    let _ = std::fs::remove_file(&file);
}

/// Reads one record in this process.
pub fn one(file: &str) {
    let bytes = std::fs::read(file).expect("a readable file");
    let length = bytes.len();
    let before = resident("VmRSS");
    let asked = Asked {
        bsn: Bsn::parse(synthetic::BSN).ok(),
        birth_date: None,
    };
    let circumstances = Circumstances {
        setting: Setting::AfterHours,
        delivered_under_measure: false,
        measure_active: false,
        marker_proven: true,
        suspicion: None,
        agreement: Some(Agreement::Patient),
        emergency_explicit: EmergencyExplicit::Permit,
        stated: None,
    };
    let answer = Answer {
        key: "s1".to_owned(),
        name: "synthetic".to_owned(),
        retrieved_at: None,
        arrival: Arrival::Received(bytes),
    };
    let prepared = prepare(
        &asked,
        vec![answer],
        &circumstances,
        &Profile::training(),
        [0; 32],
    );
    let peak = resident("VmHWM");
    let summary = prepared.into_released();
    let shown: usize = sections(&summary).iter().map(|(_, count)| count).sum();
    let taken = peak.saturating_sub(before);
    println!(
        "{:.1} | {shown} | {:.0} MB | {:.1} |",
        length as f64 / 1e6,
        taken as f64 / 1e3,
        taken as f64 * 1e3 / length as f64
    );
}

/// A figure of this process's memory, in kilobytes (Linux).
fn resident(field: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(field));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok())
        .unwrap_or_default()
}
