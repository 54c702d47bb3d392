//! For a screen: the same words as every other writer, in as few columns as stand side by side there.

use super::notices::notices;
use super::patterns::sentences;
use super::text::{cells, plain, title};
use super::{Heading, Language, Notice, Overview, Pattern, Row, words};

/// The columns on a screen, in order, with their headings.
const COLUMNS: [(&str, &str); 7] = [
    ("wanneer", "when"),
    ("patiënt (BSN)", "patient (BSN)"),
    ("wie", "who"),
    ("wat en uitkomst", "what and outcome"),
    ("grondslag", "basis"),
    ("onderdelen", "sections"),
    ("waar", "where"),
];

/// An overview in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// What it is, and when it was made.
    pub title: String,
    /// What stands above the rows: where they come from, and what is not in them.
    pub notices: Vec<Notice>,
    /// Headings of the columns.
    pub columns: Vec<String>,
    /// Cells, in the order of the columns.
    pub rows: Vec<Vec<String>>,
    /// Notable patterns of a site and month, and what they are of.
    pub patterns: Vec<String>,
    /// Whom to ask.
    pub contact: String,
}

/// The overview in words, for a screen.
#[must_use]
pub fn table(
    overview: &Overview,
    heading: &Heading,
    patterns: Option<&[Pattern]>,
    l: Language,
) -> Table {
    let officer = heading.data_protection_officer.as_deref();
    Table {
        title: title(heading, l),
        notices: notices(overview, heading, l),
        columns: COLUMNS
            .iter()
            .map(|(nl, en)| l.say(nl, en).to_owned())
            .collect(),
        rows: overview
            .rows
            .iter()
            .map(|row| side_by_side(row, l))
            .collect(),
        patterns: sentences(patterns, heading, l),
        contact: plain(&words::contact(officer, l)),
    }
}

/// A row's cells, in the order of [`COLUMNS`]; what belongs together stands on lines of one cell.
fn side_by_side(row: &Row, l: Language) -> Vec<String> {
    let [
        day,
        times,
        count,
        patient,
        employee,
        role,
        responsible,
        organisation,
        workstation,
        setting,
        what,
        basis,
        outcome,
        sections,
        origin,
    ] = cells(row, l).map(|cell| plain(&cell));
    let lines = |parts: &[&str]| {
        let said: Vec<&str> = parts
            .iter()
            .copied()
            .filter(|part| !part.is_empty())
            .collect();
        said.join("\n")
    };
    let often = if row.count > 1 {
        format!("{count}×")
    } else {
        String::new()
    };
    let on_behalf = if responsible.is_empty() {
        String::new()
    } else {
        format!(
            "{}: {responsible}",
            l.say("verantwoordelijk", "responsible")
        )
    };
    vec![
        lines(&[&day, &times, &often]),
        patient,
        lines(&[&employee, &role, &on_behalf]),
        lines(&[&what, &outcome]),
        basis.replace("; ", "\n"),
        sections,
        lines(&[&organisation, &workstation, &setting, &origin]),
    ]
}
