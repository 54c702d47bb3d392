//! Codes that say of medication, problems, procedures, immunisations and devices that there are none,
//! or that nothing is known. Such a statement is an entry of its own: never a row that looks like a
//! drug or a disease. (Allergies: [`crate::readers::kinds`].)

use crate::domain::coded::Coded;
use crate::readers::systems::{self, ABSENT_UNKNOWN, SNOMED};

/// What a coded absence says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Absence {
    /// That there are none.
    NoneKnown,
    /// That nothing is known about it.
    NoInformation,
}

/// |No known …| procedures, medications, immunizations, device use; |No current problems or
/// disability|.
const NONE_KNOWN: [&str; 5] = [
    "787480003",
    "787481004",
    "787482006",
    "787483001",
    "160245001",
];
/// |No information available|
const NO_INFORMATION: &str = "1287211007";

/// What a coded value says, where that is an absence, in whichever of its codings.
pub(super) fn absence(value: &Coded) -> Option<Absence> {
    core::iter::once(value)
        .chain(&value.translations)
        .find_map(one)
}

fn one(value: &Coded) -> Option<Absence> {
    let (system, code) = (value.system.as_deref()?, value.code.as_deref()?);
    if systems::is(system, ABSENT_UNKNOWN) {
        return Some(if code.starts_with("no-known-") {
            Absence::NoneKnown
        } else {
            Absence::NoInformation
        });
    }
    if !systems::is(system, SNOMED) {
        return None;
    }
    if NONE_KNOWN.contains(&code) {
        Some(Absence::NoneKnown)
    } else {
        (code == NO_INFORMATION).then_some(Absence::NoInformation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coded(system: &str, code: &str) -> Coded {
        Coded {
            code: Some(code.to_owned()),
            system: Some(system.to_owned()),
            ..Coded::default()
        }
    }

    #[test]
    fn none_known_and_nothing_known_are_two_things() {
        let absent = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips";
        for (system, code, expected) in [
            (absent, "no-known-medications", Some(Absence::NoneKnown)),
            (absent, "no-medication-info", Some(Absence::NoInformation)),
            (
                "http://snomed.info/sct",
                "787481004",
                Some(Absence::NoneKnown),
            ),
            ("http://snomed.info/sct", "59621000", None),
            ("urn:oid:1.2.3", "787481004", None),
        ] {
            assert_eq!(absence(&coded(system, code)), expected, "{code}");
        }
    }
}
