//! On paper: A4, with the font in the file and text that can be searched and copied.
//!
//! The table lies on its side, with the cells of the other writers in fewer columns; the
//! patient's version is a letter.

mod file;
mod font;
mod sheet;
mod wrap;

use file::{About, file};
use sheet::{Cell, Column, Sheets, Size};
use wrap::Run;

use super::notices::notices;
use super::patient::told;
use super::patterns::sentences;
use super::text::{COLUMNS, cells, plain, title};
use super::{Heading, Language, Notice, Overview, Pattern, Row, words};

const TITLE: Size = Size {
    text: 15.0,
    leading: 22.0,
};
const NOTICE: Size = Size {
    text: 9.0,
    leading: 13.0,
};
const TABLE: Size = Size {
    text: 7.5,
    leading: 10.0,
};
const LETTER: Size = Size {
    text: 10.5,
    leading: 15.5,
};

/// The table's columns: their share of the width, and which of [`COLUMNS`] stand in each, one
/// under the other. How often stands with the time, where it was more than once.
const GROUPS: [(f32, &[usize]); 8] = [
    (84.0, &[0, 1]),
    (56.0, &[3]),
    (96.0, &[4, 5]),
    (92.0, &[6]),
    (104.0, &[7, 8, 9, 14]),
    (128.0, &[10, 12]),
    (92.0, &[11]),
    (92.0, &[13]),
];
const TIMES: usize = 2;
/// When, who and what: these are looked for first. And what is not this workstation's own.
const STRONG: [usize; 4] = [0, 4, 10, 14];

/// The overview as a PDF. With BSNs: for the holder of the organisation's key only.
#[must_use]
pub fn pdf(
    overview: &Overview,
    heading: &Heading,
    patterns: Option<&[Pattern]>,
    l: Language,
) -> Vec<u8> {
    let title = title(heading, l);
    let mut sheets = Sheets::new(true);
    sheets.paragraph(&[Run::strong(title.as_str())], TITLE);
    for notice in notices(overview, heading, l) {
        sheets.paragraph(&[noticed(notice)], NOTICE);
    }
    sheets.skip(NOTICE.leading);
    if overview.rows.is_empty() {
        let nothing = l.say("Niets gevonden.", "Nothing found.");
        sheets.paragraph(&[Run::regular(nothing)], NOTICE);
    } else {
        sheets.table(&columns(l), overview.rows.iter().map(|r| row(r, l)), TABLE);
    }
    for sentence in sentences(patterns, heading, l) {
        sheets.skip(NOTICE.leading);
        sheets.paragraph(&[Run::regular(sentence)], NOTICE);
    }
    sheets.skip(NOTICE.leading);
    let contact = words::contact(heading.data_protection_officer.as_deref(), l);
    sheets.paragraph(&[Run::regular(plain(&contact))], NOTICE);
    let about = About {
        title: &title,
        foot: &format!(
            "{title} – {}",
            l.say("bevat persoonsgegevens", "contains personal data")
        ),
        made_at: &heading.made_at,
        language: l,
    };
    file(sheets, &about)
}

/// The overview for the patient it is about, as a PDF: a letter with a paragraph per view.
#[must_use]
pub fn pdf_for_patient(overview: &Overview, heading: &Heading, l: Language) -> Vec<u8> {
    let told = told(overview, heading, l);
    let mut sheets = Sheets::new(false);
    sheets.paragraph(&[Run::strong(told.title.as_str())], TITLE);
    sheets.skip(4.0);
    for notice in told.notices {
        sheets.paragraph(&[noticed(notice)], NOTICE);
    }
    sheets.skip(LETTER.leading);
    for (when, what) in &told.views {
        let lead = if when.is_empty() {
            String::new()
        } else {
            format!("{when}: ")
        };
        sheets.rule();
        sheets.skip(6.0);
        sheets.paragraph(&[Run::strong(lead), Run::regular(what.as_str())], LETTER);
        sheets.skip(6.0);
    }
    sheets.rule();
    sheets.skip(LETTER.leading);
    sheets.paragraph(&[Run::regular(told.contact)], LETTER);
    let about = About {
        title: &told.title,
        foot: &told.title,
        made_at: &heading.made_at,
        language: l,
    };
    file(sheets, &about)
}

/// What warns stands out.
fn noticed(notice: Notice) -> Run {
    if notice.warns {
        Run::strong(notice.said)
    } else {
        Run::regular(notice.said)
    }
}

fn columns(l: Language) -> Vec<Column> {
    let heads = |columns: &[usize]| {
        let names = columns.iter().filter_map(|at| COLUMNS.get(*at));
        let names: Vec<&str> = names.map(|(nl, en)| l.say(nl, en)).collect();
        names.join(", ")
    };
    GROUPS
        .iter()
        .map(|(share, columns)| Column {
            share: *share,
            head: heads(columns),
        })
        .collect()
}

fn row(row: &Row, l: Language) -> Vec<Cell> {
    let cells = cells(row, l);
    GROUPS
        .iter()
        .map(|(_, columns)| {
            let mut cell: Cell = columns
                .iter()
                .filter_map(|at| Some((at, cells.get(*at)?)))
                .filter(|(_, part)| !part.is_empty())
                .map(|(at, part)| match STRONG.contains(at) {
                    true => Run::strong(plain(part)),
                    false => Run::regular(plain(part)),
                })
                .collect();
            if columns.first() == Some(&0) && row.count > 1 {
                let times = cells.get(TIMES).map_or("", String::as_str);
                cell.push(Run::regular(format!("{times} {}", l.say("keer", "times"))));
            }
            cell
        })
        .collect()
}
