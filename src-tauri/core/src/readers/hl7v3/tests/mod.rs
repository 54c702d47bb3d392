//! Tests of the reader as a whole. Every message here is ours; the public ones are read in place.

mod blocks;
mod corpus;
mod corpus_blocks;
mod doubt;
mod generate;
mod properties;
mod summary;

use serde_json::{Value, json};

use super::{Opened, open, read};
use crate::domain::finding::Finding;
use crate::readers::coverage::{Coverage, coverage};
use crate::readers::ledger::Ledger;
use crate::readers::limits::scan;
use crate::readers::{Profile, Scope, SourceRecord};

/// All that one reading of a text gives.
pub(super) struct Whole {
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

pub(super) fn opened(text: &str) -> Opened<'_> {
    open(scan(text.as_bytes()).unwrap(), &Profile::training()).unwrap()
}

pub(super) fn read_all(text: &str, scope: Scope) -> Whole {
    let profile = Profile::training();
    let opened = opened(text);
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
        let (record, noticed, part) = read(&opened, header.index, scope, "s", &profile);
        ledger.absorb(part);
        findings.extend(noticed);
        shown.push(as_json(&record));
        records.push(record);
    }
    let shown = Value::Array(shown);
    let coverage = coverage(text, &skip, &ledger, &shown);
    Whole {
        records,
        findings,
        shown,
        coverage,
    }
}

fn as_json(record: &SourceRecord) -> Value {
    json!([
        record.patient,
        record.author,
        record.transmission,
        record.allergies,
        record.contraindications,
        record.treatment_limits,
        record.attention_lines,
        record.episodes,
        record.contacts,
        record.medication,
        record.measurements,
        record.laboratory,
        record.alerts,
        record.others,
        record.unrecognised,
    ])
}
