//! What of a name stands in the banner, from its parts in the order received.

use crate::domain::person::{NamePart, NamePartKind};

/// Surnames in the order received, each with its own prefix, joined as the Dutch write them.
pub(super) fn family_of(parts: &[NamePart]) -> String {
    let mut surnames: Vec<String> = Vec::new();
    let mut prefix = String::new();
    for part in parts {
        match part.kind {
            NamePartKind::SurnamePrefix => {
                if !prefix.is_empty() {
                    prefix.push(' ');
                }
                prefix.push_str(&part.text);
            }
            NamePartKind::OwnSurname | NamePartKind::PartnerSurname => {
                surnames.push(with_prefix(core::mem::take(&mut prefix), &part.text));
            }
            _ => {}
        }
    }
    if surnames.is_empty() {
        let unstructured = parts.iter().find(|part| part.kind == NamePartKind::Text);
        return unstructured
            .map(|part| part.text.clone())
            .unwrap_or_default();
    }
    surnames.join(" - ")
}

/// "van den" + "Berg" take a blank between them, "d'" + "Hondt" do not.
fn with_prefix(mut prefix: String, surname: &str) -> String {
    if !prefix.is_empty() && !prefix.ends_with(['\'', '\u{2019}']) {
        prefix.push(' ');
    }
    prefix.push_str(surname);
    prefix
}

/// Given names; else initials; else the name called by.
pub(super) fn given_of(parts: &[NamePart]) -> String {
    let all = |kind: NamePartKind| {
        let texts: Vec<&str> = parts
            .iter()
            .filter(|part| part.kind == kind)
            .map(|part| part.text.as_str())
            .collect();
        texts.join(" ")
    };
    [
        NamePartKind::Given,
        NamePartKind::Initials,
        NamePartKind::CallMe,
    ]
    .into_iter()
    .map(all)
    .find(|text| !text.is_empty())
    .unwrap_or_default()
}
