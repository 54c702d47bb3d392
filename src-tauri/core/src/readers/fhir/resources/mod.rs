//! Readers of single resources, by type.

use super::details::{bookkeeping, detail, extensions};
use super::reading::Reading;
use super::types::identifiers;
use super::view::Resource;
use crate::domain::summary::{Entry, SectionKind};

/// Reads a resource into the record, under its key. `kind` is the section that refers to it.
/// Whether it has an entry of its own.
pub(super) fn read<'d>(
    reading: &mut Reading<'_, 'd>,
    resource: Resource<'d>,
    kind: SectionKind,
) -> bool {
    other(reading, resource, kind);
    true
}

/// A resource that no reader knows: everything in it, by name.
fn other<'d>(reading: &mut Reading<'_, 'd>, resource: Resource<'d>, kind: SectionKind) {
    let view = reading.view;
    bookkeeping(view, resource.node);
    let mut entry = Entry {
        key: reading.key_of(resource),
        source: view.source().to_owned(),
        kind,
        element: resource.kind.to_owned(),
        ids: identifiers(view, resource.node),
        status: view.shown(resource.node, "status"),
        ..Entry::default()
    };
    for child in view.children(resource.node) {
        match view.name(child) {
            "id" | "meta" | "language" | "identifier" | "status" | "contained" => {}
            "text" if view.one(child, "div").is_some() => {}
            "extension" | "modifierExtension" => {}
            name => entry.details.extend(detail(view, child, name)),
        }
    }
    entry.details.extend(extensions(view, resource.node));
    reading.record.others.push(entry);
}
