//! Names, and who wrote or did something.

use super::header::bsn_in;
use super::tree::Node;
use super::types::{
    address, addresses, child_coded, child_codeds, child_date, identifiers, telecoms,
};
use super::view::{Resource, View};
use crate::domain::bsn::Bsn;
use crate::domain::finding::{FindingCode, Severity};
use crate::domain::person::{
    Author, Deceased, HumanName, NamePart, NamePartKind, Organisation, Patient,
};
use crate::readers::naming::{family_of, given_of};

/// Extensions of the parts of a Dutch surname, by the end of their URL.
const SURNAME_PARTS: [(&str, NamePartKind); 4] = [
    ("own-prefix", NamePartKind::SurnamePrefix),
    ("own-name", NamePartKind::OwnSurname),
    ("partner-prefix", NamePartKind::SurnamePrefix),
    ("partner-name", NamePartKind::PartnerSurname),
];
/// The extension that says what a given name is.
const QUALIFIER: &str = "http://hl7.org/fhir/StructureDefinition/iso21090-EN-qualifier";

/// Every `name` of a node.
pub(super) fn names(view: &View<'_>, of: Node) -> Vec<HumanName> {
    view.named(of, "name")
        .filter_map(|node| name(view, node))
        .collect()
}

/// One `HumanName`, or a plain text.
pub(super) fn name(view: &View<'_>, node: Node) -> Option<HumanName> {
    let mut parts = Vec::new();
    let mut add = |kind: NamePartKind, text: Option<String>| {
        parts.extend(text.map(|text| NamePart { kind, text }));
    };
    add(NamePartKind::Text, view.value_shown(node));
    for part in view.children(node) {
        match view.name(part) {
            "prefix" => add(NamePartKind::Title, view.value_shown(part)),
            "given" => add(given_kind(view, part), view.value_shown(part)),
            "family" => {
                let surnames = surname_parts(view, part);
                if surnames.is_empty() {
                    add(NamePartKind::OwnSurname, view.value_shown(part));
                } else {
                    // The whole says nothing that its parts do not: it is their sum.
                    view.value_used(part);
                    for (kind, text) in surnames {
                        add(kind, Some(text));
                    }
                }
            }
            "suffix" => add(NamePartKind::Suffix, view.value_shown(part)),
            _ => {}
        }
    }
    add(NamePartKind::Text, view.shown(node, "text"));
    view.absent(node);
    (!parts.is_empty()).then(|| HumanName {
        family: family_of(&parts),
        given: given_of(&parts),
        usage: view.shown(node, "use"),
        parts,
    })
}

fn given_kind(view: &View<'_>, part: Node) -> NamePartKind {
    let qualifier = view
        .named(part, "extension")
        .find(|extension| view.peek(*extension, "url") == Some(QUALIFIER));
    let Some(qualifier) = qualifier else {
        return NamePartKind::Given;
    };
    view.used(qualifier, "url");
    match view.used(qualifier, "valueCode") {
        Some("IN") => NamePartKind::Initials,
        Some("CL") => NamePartKind::CallMe,
        _ => NamePartKind::Given,
    }
}

fn surname_parts(view: &View<'_>, family: Node) -> Vec<(NamePartKind, String)> {
    view.named(family, "extension")
        .filter_map(|extension| {
            let url = view.peek(extension, "url")?;
            let (_, kind) = SURNAME_PARTS
                .into_iter()
                .find(|(end, _)| url.ends_with(&format!("humanname-{end}")))?;
            view.used(extension, "url");
            Some((kind, view.shown(extension, "valueString")?))
        })
        .collect()
}

/// The patient as a `Patient` resource describes them.
pub(super) fn patient(view: &View<'_>, node: Node) -> Patient {
    super::details::bookkeeping(view, node);
    let (bsn, gender) = (bsn(view, node), child_coded(view, node, "gender"));
    let stated = view
        .used(node, "deceasedBoolean")
        .map(|stated| stated == "true");
    let at = child_date(view, node, "deceasedDateTime");
    let deceased = (stated.is_some() || at.is_some()).then_some(Deceased { stated, at });
    let birth_place = view
        .named(node, "extension")
        .find(|extension| {
            view.peek(*extension, "url").is_some_and(|url| {
                url.ends_with("/patient-birthPlace") || url.ends_with("/birthPlace")
            })
        })
        .and_then(|extension| {
            let place = view.one(extension, "valueAddress")?;
            view.used(extension, "url");
            Some(address(view, place))
        });
    Patient {
        bsn,
        name: view
            .one(node, "name")
            .and_then(|node| name(view, node))
            .unwrap_or_default(),
        gender,
        birth_date: child_date(view, node, "birthDate"),
        deceased,
        birth_place,
        addresses: addresses(view, node),
        telecoms: telecoms(view, node),
        status: view.shown(node, "active"),
        general_practitioner: None,
    }
}

fn bsn(view: &View<'_>, patient: Node) -> String {
    for identifier in view.named(patient, "identifier") {
        let Some(received) = bsn_in(view, identifier) else {
            continue;
        };
        match Bsn::parse(received) {
            Ok(bsn) => {
                for name in ["system", "use"] {
                    view.used(identifier, name);
                }
                if let Some(kind) = view.one(identifier, "type") {
                    view.use_whole(kind);
                }
                // Nine digits in which the received text does not stand (it had separators) are
                // listed as well.
                if bsn.reveal().contains(received.trim()) {
                    view.shown(identifier, "value");
                }
                return bsn.reveal().to_owned();
            }
            Err(_) => view.note(FindingCode::InvalidBsn, Severity::Error, identifier),
        }
    }
    String::new()
}

/// Who a `Reference` means, as far as the part tells; `None` where it says nothing at all.
pub(super) fn author_of(view: &View<'_>, reference: Node) -> Option<Author> {
    let mut author = Author::default();
    view.used(reference, "type");
    in_role(view, reference, &mut author);
    let display = view.shown(reference, "display");
    match view.index.resolve(view, reference) {
        Some(resource) => {
            view.used(reference, "reference");
            if let Some(identifier) = view.one(reference, "identifier") {
                author
                    .ids
                    .extend(super::types::identifier(view, identifier));
            }
            describe(view, resource, &mut author, 0);
        }
        None => {
            author.ids.extend(
                view.one(reference, "identifier")
                    .and_then(|node| super::types::identifier(view, node)),
            );
            if let Some(written) = view.shown(reference, "reference") {
                author.ids.push(crate::domain::coded::Identifier {
                    root: None,
                    extension: Some(written),
                });
            }
        }
    }
    if let Some(display) = display {
        let stands = author
            .name
            .as_ref()
            .is_some_and(|name| name.parts.iter().any(|part| part.text == display))
            || author
                .organisation
                .as_ref()
                .is_some_and(|organisation| organisation.name.as_deref() == Some(&display));
        if !stands {
            let part = NamePart {
                kind: NamePartKind::Text,
                text: display,
            };
            let name = author.name.get_or_insert_default();
            name.parts.push(part);
            if name.family.is_empty() {
                name.family = family_of(&name.parts);
            }
        }
    }
    (author != Author::default()).then_some(author)
}

/// STU3 of Nictiz: the role stands in an extension of the reference to the person.
fn in_role(view: &View<'_>, reference: Node, author: &mut Author) {
    for extension in view.named(reference, "extension") {
        let is_role = view
            .peek(extension, "url")
            .is_some_and(|url| url.ends_with("/practitionerrole-reference"));
        let Some(role) = view.one(extension, "valueReference").filter(|_| is_role) else {
            continue;
        };
        view.used(extension, "url");
        if let Some(read) = author_of(view, role) {
            *author = read;
        }
    }
}

/// A role names a person and an organisation, an organisation may be part of another: not further.
const STEPS_MAX: usize = 3;

/// Adds what a resource says of someone.
fn describe(view: &View<'_>, resource: Resource<'_>, author: &mut Author, step: usize) {
    let node = resource.node;
    if step >= STEPS_MAX {
        return;
    }
    super::details::bookkeeping(view, node);
    match resource.kind {
        "Organization" => {
            let read = organisation(view, node);
            author.organisation.get_or_insert_with(|| Box::new(read));
        }
        "PractitionerRole" => {
            author.ids.extend(identifiers(view, node));
            let mut roles = child_codeds(view, node, "code");
            roles.extend(child_codeds(view, node, "specialty"));
            let mut roles = roles.into_iter();
            author.role = author.role.take().or_else(|| roles.next().map(Box::new));
            if let Some(role) = &mut author.role {
                role.translations.extend(roles);
            }
            author.telecoms.extend(telecoms(view, node));
            for name in ["practitioner", "organization"] {
                follow(view, node, name, author, step);
            }
        }
        "Device" => {
            author.ids.extend(identifiers(view, node));
            let named = view
                .named(node, "deviceName")
                .chain(view.named(node, "udiDeviceName"))
                .filter_map(|name| {
                    view.used(name, "type");
                    view.shown(name, "name")
                });
            for text in named.chain(view.shown(node, "manufacturer")) {
                let name = author.name.get_or_insert_default();
                name.parts.push(NamePart {
                    kind: NamePartKind::Text,
                    text,
                });
                name.family = family_of(&name.parts);
            }
        }
        // Practitioner, Patient, RelatedPerson. The patient is described once, as such.
        "Patient" => {
            author.name = author
                .name
                .take()
                .or_else(|| names(view, node).into_iter().next());
        }
        _ => {
            author.ids.extend(identifiers(view, node));
            author.name = author
                .name
                .take()
                .or_else(|| view.one(node, "name").and_then(|node| name(view, node)));
            author.telecoms.extend(telecoms(view, node));
            follow(view, node, "organization", author, step);
        }
    }
}

fn follow(view: &View<'_>, node: Node, name: &str, author: &mut Author, step: usize) {
    let Some(reference) = view.one(node, name) else {
        return;
    };
    if let Some(resource) = view.index.resolve(view, reference) {
        view.used(reference, "reference");
        view.used(reference, "type");
        describe(view, resource, author, step + 1);
    }
}

/// An `Organization`.
pub(super) fn organisation(view: &View<'_>, node: Node) -> Organisation {
    let mut kinds = child_codeds(view, node, "type").into_iter();
    let mut kind = kinds.next();
    if let Some(kind) = &mut kind {
        kind.translations.extend(kinds);
    }
    view.used(node, "active");
    Organisation {
        ids: identifiers(view, node),
        name: view.shown(node, "name"),
        telecoms: telecoms(view, node),
        addresses: addresses(view, node),
        kind,
    }
}
