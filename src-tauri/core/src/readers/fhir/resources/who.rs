//! Who did or wrote something, where FHIR wraps it and where Dutch profiles say more.

use crate::domain::date::PartialDate;
use crate::domain::person::Author;
use crate::readers::fhir::reading::Reading;
use crate::readers::fhir::tree::Node;
use crate::readers::fhir::types::date;

/// The Nictiz extension that names the role of a practitioner.
const ROLE: &str = "http://nictiz.nl/fhir/StructureDefinition/practitionerrole-reference";

/// The author at the first of these paths, with the date in the first of those elements; the
/// document's where nobody is named.
pub(super) fn author(
    reading: &Reading<'_, '_>,
    of: Node,
    paths: &[&str],
    written: &[&str],
) -> Option<Author> {
    let time = written.iter().find_map(|name| moment(reading, of, name));
    let own = paths
        .iter()
        .find_map(|path| reference_at(reading, of, path))
        .and_then(|reference| named(reading, reference, time.clone()))
        .filter(|own| {
            *own != Author {
                time: own.time.clone(),
                ..Author::default()
            }
        });
    match (own, &reading.document_author) {
        (Some(own), _) => Some(own),
        (None, Some(document)) => Some(Author {
            time: time.or_else(|| document.time.clone()),
            ..document.clone()
        }),
        (None, None) => time.map(|time| Author {
            time: Some(time),
            ..Author::default()
        }),
    }
}

/// Who one reference means, with the role that stands beside it.
pub(super) fn named(
    reading: &Reading<'_, '_>,
    reference: Node,
    time: Option<PartialDate>,
) -> Option<Author> {
    let view = reading.view;
    let mut author = reading.author_of(reference, time)?;
    let role = view
        .named(reference, "extension")
        .find(|extension| view.peek(*extension, "url") == Some(ROLE));
    if let Some(extension) = role
        && let Some(value) = view.one(extension, "valueReference")
        && let Some(role) = reading.author_of(value, None)
    {
        view.used(extension, "url");
        add(&mut author, role);
    }
    Some(author)
}

/// Adds what a role says of the same person.
fn add(author: &mut Author, role: Author) {
    for id in role.ids {
        if !author.ids.contains(&id) {
            author.ids.push(id);
        }
    }
    match (&mut author.role, role.role) {
        (Some(own), Some(other)) if *own != other => own.translations.push(*other),
        (own, other) => *own = own.take().or(other),
    }
    author.organisation = author.organisation.take().or(role.organisation);
    for telecom in role.telecoms {
        if !author.telecoms.contains(&telecom) {
            author.telecoms.push(telecom);
        }
    }
    match (&mut author.name, role.name) {
        (Some(name), Some(other)) => {
            for part in other.parts {
                if !name.parts.iter().any(|known| known.text == part.text) {
                    name.parts.push(part);
                }
            }
        }
        (name, other) => *name = name.take().or(other),
    }
}

fn moment(reading: &Reading<'_, '_>, of: Node, name: &str) -> Option<PartialDate> {
    let node = reading.view.one(of, name)?;
    reading.view.peek_value(node)?;
    date(reading.view, node)
}

/// The reference at a path, where what stands there is one.
fn reference_at(reading: &Reading<'_, '_>, of: Node, path: &str) -> Option<Node> {
    let view = reading.view;
    let node = path
        .split('.')
        .try_fold(of, |node, name| view.one(node, name))?;
    ["reference", "display", "identifier"]
        .iter()
        .any(|part| view.one(node, part).is_some())
        .then_some(node)
}
