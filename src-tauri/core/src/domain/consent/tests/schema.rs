//! The closed lists of `docs/inspect.schema.json` are the code's.

use serde::Serialize;
use serde_json::Value;

use super::every::every;
use crate::domain::consent::{Basis, Reason};
use crate::domain::finding::{FindingCode, Severity};
use crate::domain::state::{State, StatementKind};

const SCHEMA: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../docs/inspect.schema.json"
));

/// The values of a closed list of the schema.
fn listed(name: &str) -> Vec<Value> {
    let schema: Value = serde_json::from_str(SCHEMA).expect("the schema is JSON");
    schema["$defs"][name]["enum"]
        .as_array()
        .unwrap_or_else(|| panic!("no closed list {name}"))
        .clone()
}

fn names<T: Serialize>(values: &[T]) -> Vec<Value> {
    values
        .iter()
        .map(|value| serde_json::to_value(value).expect("a name"))
        .collect()
}

#[test]
fn the_schema_of_the_inspection_lists_what_the_code_can_say() {
    assert_eq!(listed("basis"), names(&Basis::ALL));
    assert_eq!(listed("state"), names(&State::ALL));
    assert_eq!(listed("kind"), names(&StatementKind::ALL));
    assert_eq!(
        listed("severity"),
        names(&every!(Severity: Info, Warning, Error))
    );
}

#[test]
fn a_patients_own_no_is_no_reason_that_the_schema_knows() {
    let told: Vec<Reason> = Reason::ALL
        .into_iter()
        .filter(|reason| *reason != Reason::OptedOut)
        .collect();
    assert_eq!(listed("source_reason"), names(&told));
}

#[test]
fn the_schema_lists_every_finding_and_a_file_that_cannot_be_opened() {
    let codes = every!(
        FindingCode: NotWellFormed, LimitExceeded, DoctypeRefused, UnknownInteraction, BadEncoding, InvalidBsn, NoBsn,
        OtherPatient, OtherBirthDate, OtherName, TwoPatients, UnreadableDate, FutureDate, DanglingReference,
        RepeatedId, UnexpectedStructure, EmptyEntry, UnreadableValue, NotInterpreted, UnknownAcknowledgement,
        SourceError, FewerThanAnnounced, MoreRemaining, ConflictingConsent, ForeignContent,
        RepeatedKey, UnexpectedBundle, UnknownModifier, OperationOutcome, NarrativeMissing, NarrativeStripped,
        Unreferenced
    );
    let mut expected = names(&codes);
    // No reader's: the command says that the file itself could not be opened.
    expected.push(Value::from("file_unreadable"));
    assert_eq!(listed("finding_code"), expected);
}
