//! Tests of the reader as a whole. Every document here is ours; the public ones are read in place.

mod around;
mod corpus;
mod edits;
mod entries;
mod generate;
mod header;
mod narrative;
mod oracle;
mod properties;
mod resources;
mod statements;
mod traces;

use serde_json::{Value, json};

use crate::domain::finding::Finding;
use crate::readers::coverage::{self, Coverage};
use crate::readers::ledger::Ledger;
use crate::readers::{PartHeader, Profile, Scope, SourceRecord, open, text_of};

/// All that one reading of a text gives.
pub(super) struct Whole {
    pub parts: Vec<PartHeader>,
    pub records: Vec<SourceRecord>,
    pub findings: Vec<Finding>,
    pub shown: Value,
    pub coverage: Coverage,
}

impl Whole {
    /// The one record of a text with one part.
    pub(super) fn record(&self) -> &SourceRecord {
        assert_eq!(self.records.len(), 1);
        &self.records[0]
    }
}

/// A document with a patient, an author, a date, and these sections and resources.
pub(super) fn document(sections: &[Value], resources: &[Value]) -> String {
    let composition = json!({"resourceType": "Composition", "id": "c", "status": "final",
        "type": {"coding": [{"system": "http://loinc.org", "code": "60591-5"}]},
        "subject": {"reference": "Patient/p"}, "date": "2024-05-01",
        "author": [{"reference": "Practitioner/d"}], "title": "Samenvatting", "section": sections});
    let fixed = [
        composition,
        json!({"resourceType": "Patient", "id": "p", "birthDate": "1970-02-01",
            "identifier": [{"system": "http://fhir.nl/fhir/NamingSystem/bsn", "value": "999900006"}]}),
        json!({"resourceType": "Practitioner", "id": "d", "name": [{"text": "Dokter De Wit"}]}),
    ];
    let entries: Vec<Value> = fixed
        .iter()
        .chain(resources)
        .map(|resource| json!({"resource": resource}))
        .collect();
    json!({"resourceType": "Bundle", "type": "document", "entry": entries}).to_string()
}

/// Scans, opens and reads whatever this is; nothing of what can be read may be lost.
pub(super) fn read_anything(bytes: &[u8]) {
    let Ok((text, format)) = text_of(bytes) else {
        return;
    };
    if open(text, format, &Profile::training()).is_err() {
        return;
    }
    for scope in [Scope::Full, Scope::WithoutIca] {
        assert_eq!(read_all(text, scope).coverage.lost, 0, "{text}");
    }
}

pub(super) fn read_all(text: &str, scope: Scope) -> Whole {
    let profile = Profile::training();
    let (text, format) = text_of(text.as_bytes()).unwrap();
    let opened = open(text, format, &profile).unwrap();
    let mut ledger = Ledger::default();
    let (facts, unrecognised, mut findings, envelope) = opened.envelope("s");
    ledger.absorb(envelope);
    let mut shown = vec![json!(facts), json!(unrecognised)];
    let mut skip = opened.wrapper_hidden_ranges();
    let mut records = Vec::new();
    for header in opened.parts() {
        if scope == Scope::WithoutIca {
            skip.extend(opened.ica_ranges(header.index));
            if header.whole_ica {
                continue;
            }
        }
        let (record, noticed, part) = opened.read(header.index, scope, "s", &profile);
        ledger.absorb(part);
        findings.extend(noticed);
        shown.push(as_json(&record));
        records.push(record);
    }
    let shown = Value::Array(shown);
    let coverage = coverage::of(format, text, &skip, &ledger, &shown);
    Whole {
        parts: opened.parts().to_vec(),
        records,
        findings,
        shown,
        coverage,
    }
}

fn as_json(record: &SourceRecord) -> Value {
    json!([
        [record.patient, record.author, record.transmission],
        [
            record.allergies,
            record.contraindications,
            record.treatment_limits
        ],
        [record.attention_lines, record.episodes, record.contacts],
        [record.medication, record.measurements, record.laboratory],
        [
            record.alerts,
            record.others,
            record.sections,
            record.narratives
        ],
        record.unrecognised,
    ])
}
