//! RFC 4180, for a spreadsheet.

use super::notices::{expiry, notices_but_expiry};
use super::text::{COLUMNS, cells, plain, title};
use super::{Heading, Language, Overview, words};

/// The overview as comma-separated values: a heading, the rows, then one line per notice,
/// with the notice in its first field, so that every line has as many fields. That content
/// expired is said before the rows.
///
/// A field that a spreadsheet would take for a formula begins with an apostrophe.
#[must_use]
pub fn csv(overview: &Overview, heading: &Heading, l: Language) -> String {
    let mut out = String::new();
    record(&mut out, COLUMNS.iter().map(|(nl, en)| l.say(nl, en)));
    let notice = |out: &mut String, said: &str| {
        let rest = COLUMNS.iter().skip(1).map(|_| "");
        record(out, std::iter::once(said).chain(rest));
    };
    // What is gone must be seen before a row is counted; all else can wait until the end.
    if let Some(expired) = expiry(overview, heading, l) {
        notice(&mut out, &expired.said);
    }
    for row in &overview.rows {
        let cells = cells(row, l);
        record(&mut out, cells.iter().map(String::as_str));
    }
    let notices = notices_but_expiry(overview, heading, l);
    let below = std::iter::once(title(heading, l))
        .chain(notices.into_iter().map(|notice| notice.said))
        .chain([words::contact(
            heading.data_protection_officer.as_deref(),
            l,
        )]);
    for said in below {
        notice(&mut out, &said);
    }
    out
}

fn record<'a>(out: &mut String, fields: impl Iterator<Item = &'a str>) {
    for (at, field) in fields.enumerate() {
        if at > 0 {
            out.push(',');
        }
        let field = safe(&plain(field));
        if field.contains([',', '"']) {
            out.push('"');
            out.push_str(&field.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(&field);
        }
    }
    out.push_str("\r\n");
}

/// Blanks before the sign do not keep a spreadsheet from computing.
fn safe(field: &str) -> String {
    if field
        .trim_start()
        .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
    {
        format!("'{field}")
    } else {
        field.to_owned()
    }
}
