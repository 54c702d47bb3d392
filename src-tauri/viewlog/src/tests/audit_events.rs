//! Every event as `AuditEvent`: valid by an independent validator, in the shape of IHE's own examples.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use inzage_core::domain::event::What;
use serde_json::Value;

use super::round_trip::one_of_each;
use super::{BSN, event, open, organisation, released};
use crate::audit_event::{
    LogId, NotReadable, for_checkpoint, for_heartbeat, for_other_sink, for_repository,
    for_repository_sealed, read_back,
};
use crate::{Checkpointed, LogEntry, LogReader, NotOpened};

/// All entries of a log in which each event stands once, with its segment's head.
fn entries() -> (Vec<LogEntry>, LogId) {
    let folder = tempfile::tempdir().unwrap();
    let (mut log, _) = open(folder.path());
    for event in one_of_each() {
        match event.what {
            What::Released { .. } => drop(log.append_released(&event).unwrap()),
            // Begun and expired by the log alone; the head of the segment is one.
            What::SegmentStarted { .. } | What::Expired { .. } => {}
            _ => drop(log.append(&event).unwrap()),
        }
    }
    let reader = LogReader::open(folder.path()).unwrap();
    (reader.entries(1, 100).unwrap(), LogId::of(&reader).unwrap())
}

fn one(what: What) -> (LogEntry, LogId) {
    let folder = tempfile::tempdir().unwrap();
    let (mut log, _) = open(folder.path());
    let event = event(what);
    if matches!(event.what, What::Released { .. }) {
        drop(log.append_released(&event).unwrap());
    } else {
        log.append(&event).unwrap();
    }
    let reader = LogReader::open(folder.path()).unwrap();
    let entry = reader.entries(2, 1).unwrap().pop().unwrap();
    (entry, LogId::of(&reader).unwrap())
}

fn for_us(entry: &LogEntry, log: &LogId) -> Value {
    let opened = entry.unseal(&organisation(1)).unwrap();
    serde_json::to_value(for_repository(entry, log, Some(&opened))).unwrap()
}

#[test]
fn every_event_is_valid_by_an_independent_validator() {
    let validator = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fhir-validator");
    assert!(
        validator.join("node_modules/@medplum/core").is_dir(),
        "the validator is not installed: run `make setup-test`, or `npm ci` in tests/fhir-validator"
    );
    let (entries, log) = entries();
    let checkpoint = Checkpointed {
        number: 3,
        size: 20,
        note: "inzage/view-log/00\n20\n\n— signed\n".into(),
    };
    let mut lines = Vec::new();
    for entry in &entries {
        let opened = entry.unseal(&organisation(1)).unwrap();
        for made in [
            for_repository(entry, &log, Some(&opened)),
            for_repository(entry, &log, None),
            for_repository_sealed(entry, &log, NotOpened::NotKept),
            for_other_sink(entry, &log),
            for_heartbeat(
                entry.sequence,
                Some(&checkpoint),
                &log,
                &entry.place,
                &entry.at,
            ),
            for_checkpoint(&checkpoint, &log, &entry.place),
        ] {
            serde_json::to_writer(&mut lines, &made).unwrap();
            lines.push(b'\n');
        }
    }
    let mut running = Command::new("node")
        .arg("validate.mjs")
        .current_dir(validator)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    running.stdin.take().unwrap().write_all(&lines).unwrap();
    let output = running.wait_with_output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{said}");
    let all = entries.len() * 6;
    assert!(said.contains(&format!("{all} of {all} valid")), "{said}");
}

#[test]
fn the_bsn_goes_to_the_repository_and_never_to_another_sink() {
    let (entries, log) = entries();
    for entry in &entries {
        let sealed = serde_json::to_string(&for_repository(entry, &log, None)).unwrap();
        let elsewhere = serde_json::to_string(&for_other_sink(entry, &log)).unwrap();
        let opened = entry.unseal(&organisation(1)).unwrap();
        let bsn = opened.patient.as_ref().map_or(BSN, |bsn| bsn.reveal());
        for written in [&sealed, &elsewhere] {
            assert!(
                !written.contains(bsn) && !written.contains("Quispelboom"),
                "{written}"
            );
        }
        if let Some(pseudonym) = &entry.patient_lookup {
            assert!(for_us(entry, &log).to_string().contains(bsn));
            assert!(sealed.contains("urn:inzage:sealed") && sealed.contains(&entry.seal_key));
            assert!(elsewhere.contains(pseudonym) && !elsewhere.contains("urn:inzage:sealed"));
        }
    }
}

#[test]
fn the_same_entry_has_the_same_id_and_each_entry_its_own() {
    let (entries, log) = entries();
    let ids = || -> Vec<String> {
        let made = entries.iter().map(|entry| for_other_sink(entry, &log));
        made.map(|made| made.id().to_owned()).collect()
    };
    assert_eq!(ids(), ids());
    let different: BTreeSet<String> = ids().into_iter().collect();
    assert_eq!(different.len(), entries.len());
    // FHIR's id: at most 64 letters, digits, hyphens and dots.
    for id in different {
        assert!(id.len() <= 64 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'));
    }
}

#[test]
fn a_release_says_who_for_whom_on_what_basis_and_for_which_purpose() {
    let (entry, log) = one(released(1).what);
    let made = for_us(&entry, &log);
    let agent = |code: &str| {
        let agents = made["agent"].as_array().unwrap();
        let found = agents
            .iter()
            .find(|a| a["type"]["coding"][0]["code"] == code);
        found.unwrap_or_else(|| panic!("{code}")).clone()
    };
    let user = agent("IRCP");
    assert_eq!(user["who"]["identifier"]["value"], "assistente-17");
    assert_eq!(user["role"][0]["text"], "triagist");
    assert_eq!(user["purposeOfUse"][0]["coding"][0]["code"], "TREAT");
    assert_eq!(agent("RESP")["who"]["display"], "Z. Quispelboom");
    assert_eq!(agent("PROV")["who"]["identifier"]["value"], "90000123");
    assert_eq!(agent("110152")["network"]["address"], "balie 2");
    let whole = made.to_string();
    for (kind, value) in [
        ("sources[0].basis", "corona"),
        ("sources[0].ica", "withheld"),
        ("sections", "episodes"),
    ] {
        assert!(
            whole.contains(&format!(r#""type":"{kind}","valueString":"{value}""#)),
            "{whole}"
        );
    }
    assert!(whole.contains(super::REQUEST));
}

#[test]
fn every_entry_is_read_back_from_the_repository_as_it_was_and_opens_with_the_key() {
    let (entries, log) = entries();
    for entry in &entries {
        let opened = entry.unseal(&organisation(1)).unwrap();
        for made in [
            for_repository(entry, &log, Some(&opened)),
            for_repository(entry, &log, None),
            for_repository_sealed(entry, &log, NotOpened::OtherKey),
        ] {
            let read = read_back(&serde_json::to_value(made).unwrap());
            let read = read.unwrap().unwrap();
            assert_eq!(read.log, log);
            assert_eq!(
                read.entry.canonical_bytes().unwrap(),
                entry.canonical_bytes().unwrap()
            );
            let mut same = read.entry;
            same.leaf = entry.leaf;
            assert_eq!(&same, entry);
            assert_eq!(same.unseal(&organisation(1)).unwrap(), opened);
        }
        let elsewhere = serde_json::to_value(for_other_sink(entry, &log)).unwrap();
        assert_eq!(read_back(&elsewhere), Err(NotReadable), "it has no entry");
    }
}

#[test]
fn what_is_no_entry_is_left_alone_and_what_should_be_one_and_is_not_is_not_readable() {
    let (entry, log) = one(released(1).what);
    let made = for_us(&entry, &log);
    let checkpoint = Checkpointed {
        number: 3,
        size: 20,
        note: "a note".into(),
    };
    let place = &entry.place;
    let without_tag = |mut made: Value| {
        made["meta"]["tag"] = serde_json::json!([{"system": "urn:other", "code": "1"}]);
        made
    };
    for no_entry in [
        serde_json::to_value(for_checkpoint(&checkpoint, &log, place)).unwrap(),
        serde_json::to_value(for_heartbeat(1, None, &log, place, &entry.at)).unwrap(),
        without_tag(made.clone()),
        serde_json::json!({"resourceType": "Patient"}),
        serde_json::json!([1, null, "AuditEvent"]),
        serde_json::json!({"resourceType": "AuditEvent", "meta": 7, "entity": "x"}),
        Value::Null,
    ] {
        assert_eq!(read_back(&no_entry), Ok(None), "{no_entry}");
    }
    let at = made["entity"].as_array().unwrap().len() - 1;
    let with = |change: &dyn Fn(&mut Value)| {
        let mut made = made.clone();
        change(&mut made);
        made
    };
    let bytes = |made: &mut Value, bytes: &[u8]| {
        use base64::{Engine, engine::general_purpose::STANDARD};
        made["entity"][at]["detail"][0]["valueBase64Binary"] = STANDARD.encode(bytes).into();
    };
    let canonical = String::from_utf8(entry.canonical_bytes().unwrap()).unwrap();
    for rubbish in [
        with(&|made| made["meta"]["tag"][0]["code"] = format!("{}-7", log.as_str()).into()),
        with(&|made| made["meta"]["tag"][0]["code"] = "no log".into()),
        with(&|made| made["meta"]["tag"][0]["code"] = "é-2".into()),
        with(&|made| made["entity"] = Value::Null),
        with(&|made| made["entity"][at]["detail"][0]["valueBase64Binary"] = "%%".into()),
        with(&|made| bytes(made, b"{}")),
        with(&|made| bytes(made, &vec![b' '; 100_000])),
        with(&|made| bytes(made, format!(" {canonical}").as_bytes())),
        with(&|made| bytes(made, canonical.replace("123Z", "124+").as_bytes())),
        with(&|made| {
            let twice = made["entity"][at].clone();
            made["entity"].as_array_mut().unwrap().push(twice);
        }),
    ] {
        assert_eq!(read_back(&rubbish), Err(NotReadable), "{rubbish}");
    }
}

/// Type, subtypes, action, and the codes of agents and entities: what a profile fixes.
fn codes(made: &Value) -> BTreeSet<String> {
    let mut codes = BTreeSet::new();
    let mut add = |what: &str, coding: &Value| {
        if let (Some(system), Some(code)) = (coding["system"].as_str(), coding["code"].as_str()) {
            codes.insert(format!("{what} {system}|{code}"));
        }
    };
    add("type", &made["type"]);
    let list = |name: &str| made[name].as_array().cloned().unwrap_or_default();
    list("subtype")
        .iter()
        .for_each(|coding| add("subtype", coding));
    list("agent")
        .iter()
        .for_each(|agent| add("agent", &agent["type"]["coding"][0]));
    for entity in list("entity") {
        add("entity", &entity["type"]);
        add("role", &entity["role"]);
    }
    codes.insert(format!("action {}", made["action"]));
    codes.insert(format!("profile {}", made["meta"]["profile"]));
    codes.insert(format!("outcome {}", made["outcome"]));
    codes
}

#[test]
fn query_read_and_denied_consent_have_every_code_of_ihes_examples() {
    let corpus =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/fhir/audit");
    if !corpus.is_dir() {
        eprintln!("SKIPPED: IHE's examples are not at {}", corpus.display());
        return;
    }
    let requested = What::Requested {
        agreement: None,
        suspicion: None,
        measure_active: false,
        birth_date_given: false,
    };
    let refused = What::Refused {
        source: None,
        reason: "no_agreement".into(),
    };
    for (file, what) in [
        ("AuditEvent-ex-auditBasicQueryGetClient.json", requested),
        ("AuditEvent-ex-auditBasicReadClient.json", released(1).what),
        ("AuditEvent-ex-auditAuthZconsent-deny.json", refused),
    ] {
        let example: Value =
            serde_json::from_slice(&std::fs::read(corpus.join(file)).unwrap()).unwrap();
        let (entry, log) = one(what);
        let made = codes(&for_us(&entry, &log));
        let missing: Vec<_> = codes(&example).difference(&made).cloned().collect();
        assert!(missing.is_empty(), "{file}: {missing:?}");
    }
}
