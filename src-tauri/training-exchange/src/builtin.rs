//! The patients that are part of the program: the fixtures in `patients/`, embedded, so that no
//! folder is needed at run time.

use crate::error::Error;
use crate::index;
use crate::large;
use crate::patient::{Content, Patient};

/// Makes a record.
type Make = fn() -> String;

/// The names in the built-in index of the records that are made and not stored.
const GENERATED: [(&str, Make); 2] = [
    ("generated:large-record", large::large),
    ("generated:largest-record", large::largest),
];

macro_rules! embedded {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../patients/", $name)))),+]
    };
}

pub(crate) const INDEX: &str = include_str!("../patients/index.toml");

/// Every fixture by name.
pub(crate) const FILES: &[(&str, &str)] = embedded![
    "acute-elsewhere.xml",
    "acute-fewer-than-announced.xml",
    "acute-laboratory-timeout.xml",
    "acute-more-remaining.xml",
    "acute-none-arrived.xml",
    "acute-practice.xml",
    "acute-restricted.xml",
    "acute-unknown-code.xml",
    "baby.xml",
    "broken.xml",
    "child.xml",
    "contradictory-known.xml",
    "contradictory-none-known.xml",
    "corona-with-ica.xml",
    "corona.xml",
    "cut.xml",
    "explicit-contraindications-only.xml",
    "explicit-full.xml",
    "explicit-none-known.xml",
    "explicit-nothing-received.xml",
    "measurements.xml",
    "names-and-characters.xml",
    "national-rule.xml",
    "one-of-two-answers.xml",
    "other-birth-date.xml",
    "other-bsn.xml",
    "partial-refusal.xml",
    "pharmacy-dispenses.xml",
    "same-entry-brug.xml",
    "same-entry-linde.xml",
    "slow.xml",
    "treatment-limits.xml",
    "two-sources-corona.xml",
    "two-sources-explicit.xml",
    "unknown-ack.xml",
];

/// The built-in patients, in the order of their index.
pub(crate) fn patients() -> Result<Vec<Patient>, Error> {
    index::read(INDEX, "the built-in index.toml", &|name, _| {
        if let Some((_, make)) = GENERATED.iter().find(|(known, _)| *known == name) {
            return Ok(Content::Generated(*make));
        }
        let file = FILES.iter().find(|(known, _)| *known == name);
        file.map(|(_, text)| Content::Embedded(text))
            .ok_or_else(|| format!("file {name} is not embedded"))
    })
}
