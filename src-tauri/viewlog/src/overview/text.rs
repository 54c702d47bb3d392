//! For a terminal: aligned columns, and the cells that every writer shares.

use std::fmt::Write;

use super::notices::notices;
use super::patterns::sentences;
use super::row::{Outcome, Person, Remark, Row, Who, Whom};
use super::{Heading, Language, Overview, Pattern, day, words};

/// The columns of an overview, in order, with their headings.
pub(super) const COLUMNS: [(&str, &str); 15] = [
    ("datum", "date"),
    ("tijd", "time"),
    ("keer", "times"),
    ("patiënt (BSN)", "patient (BSN)"),
    ("medewerker", "employee"),
    ("rol", "role"),
    ("verantwoordelijk", "responsible"),
    ("organisatie", "organisation"),
    ("werkplek", "workstation"),
    ("soort locatie", "setting"),
    ("wat", "what"),
    ("grondslag", "basis"),
    ("uitkomst", "outcome"),
    ("onderdelen", "sections"),
    ("herkomst", "origin"),
];

/// One row's cells, in the order of [`COLUMNS`].
pub(super) fn cells(row: &Row, l: Language) -> [String; 15] {
    let org = &row.place.organisation;
    [
        row.day.to_string(),
        times(row),
        row.count.to_string(),
        match &row.whom {
            Whom::Nobody => String::new(),
            Whom::Patient(bsn) => bsn.reveal().to_owned(),
            Whom::Sealed { .. } => sealed(l),
        },
        match &row.who {
            Who::Nobody => String::new(),
            Who::Person(person) => named(person),
            Who::Sealed { .. } => sealed(l),
        },
        match &row.who {
            Who::Nobody => String::new(),
            Who::Person(person) => person.role_name.clone(),
            Who::Sealed { role, .. } => words::role(*role, l).to_owned(),
        },
        row.responsible.as_ref().map_or_else(String::new, |person| {
            format!("{}, {}", named(person), person.role_name)
        }),
        format!("{} (URA {})", org.name, org.ura),
        org.workstation.clone(),
        words::setting(row.place.setting, l).to_owned(),
        words::kind(row.kind, l).to_owned(),
        bases(row, l),
        outcome(row, l),
        sections(row, l),
        words::origin(row, l).to_owned(),
    ]
}

fn sealed(l: Language) -> String {
    l.say("verzegeld met een andere sleutel", "sealed to another key")
        .to_owned()
}

fn named(person: &Person) -> String {
    format!("{} ({})", person.name, person.id)
}

pub(super) fn times(row: &Row) -> String {
    let (first, last) = (
        day::local_time(&row.first_at),
        day::local_time(&row.last_at),
    );
    if row.count > 1 {
        format!("{first}–{last}")
    } else {
        first
    }
}

fn bases(row: &Row, l: Language) -> String {
    let of_sources = row.sources.iter().map(|source| {
        let basis = source.basis.map_or_else(
            || l.say("niet genoemd", "not stated"),
            |basis| words::basis(basis, l),
        );
        format!("{}: {basis}", source.source)
    });
    let agreed = row.agreement.map(|agreement| {
        let asked = l.say("ter plaatse gevraagd", "asked on the spot");
        format!("{asked}: {}", words::agreement(agreement, l))
    });
    joined(of_sources.chain(agreed))
}

pub(super) fn sections(row: &Row, l: Language) -> String {
    row.sections
        .iter()
        .map(|code| words::section(code, l))
        .collect::<Vec<_>>()
        .join(", ")
}

/// The outcome and whatever else is to be said of it.
fn outcome(row: &Row, l: Language) -> String {
    let main = match &row.outcome {
        Outcome::Done(fields) => fields
            .iter()
            .map(|(name, value)| words::field(name, value, l))
            .collect::<Vec<_>>()
            .join(", "),
        other => words::outcome(other, l).to_owned(),
    };
    let remarks = row.remarks.iter().filter_map(|said| remark(said, row, l));
    joined(std::iter::once(main).chain(remarks))
}

/// `None` where the outcome says it already.
pub(super) fn remark(remark: &Remark, row: &Row, l: Language) -> Option<String> {
    let of = |source: &Option<String>| {
        source
            .as_ref()
            .map_or_else(String::new, |source| format!(" ({source})"))
    };
    Some(match remark {
        Remark::ReceivedNotShown { source, why } => format!(
            "{}: {} ({source})",
            l.say("ontvangen, niet getoond", "received, not shown"),
            words::reason(why, l)
        ),
        Remark::Refused { source, reason } => format!(
            "{}: {}{}",
            l.say("geweigerd", "refused"),
            words::reason(reason, l),
            of(source)
        ),
        Remark::Failed { source, code } => format!(
            "{}: {}{}",
            l.say("niet gelukt", "failed"),
            words::reason(code, l),
            of(source)
        ),
        Remark::ReleaseNotDisplayed if row.outcome == Outcome::Displayed => l
            .say(
                "een eerdere of latere vrijgave is niet door het scherm bevestigd",
                "one more release was not confirmed by the screen",
            )
            .to_owned(),
        Remark::ReleaseNotDisplayed => return None,
        Remark::NotClosed => l
            .say("sluiten niet vastgelegd", "closing not recorded")
            .to_owned(),
    })
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("; ")
}

pub(super) fn title(heading: &Heading, l: Language) -> String {
    let day = day::local_day(&heading.made_at).map_or_else(String::new, |day| day.to_string());
    let what = l.say("Overzicht van inzagen", "Overview of views");
    format!("{what}, {day} {}", day::local_time(&heading.made_at))
}

/// The overview for a terminal. Control characters in names become blanks, so that no name
/// can rewrite the screen.
#[must_use]
pub fn text(
    overview: &Overview,
    heading: &Heading,
    patterns: Option<&[Pattern]>,
    l: Language,
) -> String {
    let mut out = String::new();
    let mut line = |text: &str| {
        out.push_str(text.trim_end());
        out.push('\n');
    };
    line(&title(heading, l));
    for notice in notices(overview, heading, l) {
        line(&notice.said);
    }
    line("");
    let mut rows = vec![COLUMNS.map(|(nl, en)| l.say(nl, en).to_owned())];
    rows.extend(
        overview
            .rows
            .iter()
            .map(|row| cells(row, l).map(|cell| plain(&cell))),
    );
    let mut widths = [0_usize; COLUMNS.len()];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    for row in &rows {
        let mut aligned = String::new();
        for (cell, width) in row.iter().zip(widths) {
            // Writing to a string does not fail.
            let _ = write!(aligned, "{cell:<width$}  ");
        }
        line(&aligned);
    }
    if overview.rows.is_empty() {
        line(l.say("Niets gevonden.", "Nothing found."));
    }
    if patterns.is_some() {
        line("");
    }
    for said in sentences(patterns, heading, l) {
        line(&said);
    }
    line("");
    line(&plain(&words::contact(
        heading.data_protection_officer.as_deref(),
        l,
    )));
    out
}

/// Without what steers a terminal or turns the direction of writing.
pub(super) fn plain(text: &str) -> String {
    text.chars()
        .map(|c| {
            let steers = c.is_control()
                || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
            if steers { ' ' } else { c }
        })
        .collect()
}
