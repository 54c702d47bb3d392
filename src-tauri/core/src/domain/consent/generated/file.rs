//! Writing a generated page, or holding it against the one in the repository.

use std::path::Path;

/// Set: generated pages are written instead of compared.
const GENERATE: &str = "INZAGE_GENERATE";

/// Writes `docs/<name>` where that was asked for; otherwise fails when it is another text.
pub(crate) fn write_or_compare(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../docs")
        .join(name);
    if std::env::var_os(GENERATE).is_some() {
        std::fs::write(&path, text).expect("docs/ can be written");
        return;
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = written
        .lines()
        .zip(text.lines())
        .position(|(old, new)| old != new);
    assert!(
        written == text,
        "docs/{name} is out of date (first at line {}): run `{GENERATE}=1 cargo nextest run -p inzage-core generated`",
        differs.map_or_else(
            || written.lines().count().min(text.lines().count()) + 1,
            |at| at + 1
        ),
    );
}

/// A Markdown table.
pub(crate) fn table<const N: usize>(
    head: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let mut out = line(&head.map(str::to_owned));
    out.push_str(&line(&[(); N].map(|()| "---".to_owned())));
    for row in rows {
        out.push_str(&line(&row.map(|cell| cell.replace('|', "\\|"))));
    }
    out
}

/// The stable name of a value, as code.
pub(crate) fn code<T: serde::Serialize>(value: &T) -> String {
    let name = serde_json::to_value(value).expect("a name can be written");
    format!("`{}`", name.as_str().expect("a name is a text"))
}

/// A count, in groups of three.
pub(crate) fn count(number: usize) -> String {
    let digits = number.to_string();
    let grouped: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .map(|c| core::str::from_utf8(c).expect("digits"))
        .collect();
    grouped.join(",")
}
