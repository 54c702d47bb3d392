//! Names, authors, organisations and the patient.

use super::structure;
use super::types::{address, addresses, child_coded, date, ids, status, telecoms};
use super::view::{Node, View};
use crate::domain::bsn::{BSN_OID, Bsn};
use crate::domain::coded::Identifier;
use crate::domain::finding::{FindingCode, Severity};
use crate::domain::person::{
    Author, Deceased, HumanName, NamePart, NamePartKind, Organisation, Patient,
};
use crate::readers::naming::{family_of, given_of};
use crate::readers::systems::is_same_system;

/// Ids of somebody that are repeated with what they stand for: more than anybody has.
const CONDUCTED_IDS_MAX: usize = 8;
/// Longest name that is repeated so; longer ones are texts in the wrong place.
const CONDUCTED_NAME_BYTES_MAX: usize = 512;

/// Where a name may stand below the role of a person.
const PERSON_PATHS: [&[&str]; 6] = [
    &["assignedPerson"],
    &["assignee", "assigneePerson"],
    &["AssignedPerson"],
    &["Person"],
    &["relatedPerson"],
    &["agentPerson"],
];

/// An EN or PN.
pub(super) fn name<'d>(view: &View<'d>, node: Node<'d>) -> Option<HumanName> {
    view.null_flavor(node);
    let mut parts: Vec<NamePart> = Vec::new();
    if let Some(text) = view.text(node) {
        parts.push(NamePart {
            kind: NamePartKind::Text,
            text,
        });
    }
    for part in view.children(node) {
        let Some(kind) = part_kind(part) else {
            continue;
        };
        view.visit(part);
        if part
            .attribute("qualifier")
            .is_some_and(|q| q.split_whitespace().all(is_known_qualifier))
        {
            view.used(part, "qualifier");
        }
        view.null_flavor(part);
        if let Some(text) = view.text(part) {
            parts.push(NamePart { kind, text });
        }
    }
    (!parts.is_empty()).then(|| HumanName {
        family: family_of(&parts),
        given: given_of(&parts),
        usage: view.shown(node, "use"),
        parts,
    })
}

/// What a part of a name is, by element and qualifier; `None` for `validTime` and the unknown.
fn part_kind(part: Node<'_>) -> Option<NamePartKind> {
    let has = |wanted: &str| {
        part.attribute("qualifier")
            .is_some_and(|q| q.split_whitespace().any(|w| w == wanted))
    };
    Some(match part.tag_name().name() {
        "given" if has("IN") => NamePartKind::Initials,
        "given" if has("CL") => NamePartKind::CallMe,
        "given" => NamePartKind::Given,
        "prefix" if has("VV") || is_unmarked_particle(part) => NamePartKind::SurnamePrefix,
        "prefix" => NamePartKind::Title,
        "family" if has("SP") => NamePartKind::PartnerSurname,
        "family" => NamePartKind::OwnSurname,
        "suffix" => NamePartKind::Suffix,
        "delimiter" => NamePartKind::Text,
        _ => return None,
    })
}

/// "van den" without a qualifier: a title begins with a capital, a particle does not.
fn is_unmarked_particle(part: Node<'_>) -> bool {
    let begins_small = part
        .text()
        .is_some_and(|text| text.trim_start().starts_with(char::is_lowercase));
    part.attribute("qualifier").is_none() && begins_small
}

fn is_known_qualifier(qualifier: &str) -> bool {
    matches!(
        qualifier,
        "IN" | "CL" | "VV" | "BR" | "SP" | "AC" | "LS" | "NB" | "PR" | "AD" | "TITLE"
    )
}

/// An `Organization`.
pub(super) fn organisation<'d>(view: &View<'d>, node: Node<'d>) -> Organisation {
    Organisation {
        ids: ids(view, node),
        kind: child_coded(view, node, "code"),
        name: view.one(node, "name").and_then(|name| view.text(name)),
        telecoms: telecoms(view, node),
        addresses: addresses(view, node),
    }
}

/// The first `author` of an act, where it names anyone or a time.
pub(super) fn author<'d>(view: &View<'d>, of: Node<'d>) -> Option<Author> {
    author_of(view, view.one(of, "author")?)
}

/// An author participation.
pub(super) fn author_of<'d>(view: &View<'d>, participation: Node<'d>) -> Option<Author> {
    view.null_flavor(participation);
    let time = view.one(participation, "time").and_then(|time| {
        view.null_flavor(time);
        date(view, time, "value")
    });
    let role = view.children(participation).find(|child| {
        child
            .tag_name()
            .name()
            .to_ascii_lowercase()
            .starts_with("assigned")
    });
    let mut author = role.map(|role| assigned(view, role)).unwrap_or_default();
    author.time = time;
    (author != Author::default()).then_some(author)
}

/// A participation whose role has a player and a scope (`participantRole`): who answers for
/// something, in the building blocks.
pub(super) fn participant<'d>(view: &View<'d>, participation: Node<'d>) -> Option<Author> {
    view.visit(participation);
    let time = view.one(participation, "time").and_then(|time| {
        view.null_flavor(time);
        date(view, time, "value")
    });
    let role = view.one(participation, "participantRole")?;
    let player = view.one(role, "playingEntity");
    let scope = view.one(role, "scopingEntity");
    let mut organisation = scope
        .map(|node| Organisation {
            ids: ids(view, node),
            kind: child_coded(view, node, "code"),
            name: view.one(node, "desc").and_then(|name| view.text(name)),
            ..Organisation::default()
        })
        .unwrap_or_default();
    organisation.addresses = addresses(view, role);
    let author = Author {
        ids: ids(view, role),
        role: child_coded(view, role, "code")
            .or_else(|| player.and_then(|player| child_coded(view, player, "code")))
            .map(Box::new),
        name: player
            .and_then(|player| view.one(player, "name"))
            .and_then(|found| name(view, found)),
        organisation: (organisation != Organisation::default()).then(|| Box::new(organisation)),
        telecoms: telecoms(view, role),
        time,
        conducted: false,
    };
    (author != Author::default()).then_some(author)
}

/// The role of a person: assigned, related or responsible.
pub(super) fn assigned<'d>(view: &View<'d>, role: Node<'d>) -> Author {
    view.visit(role);
    let organisation_node = view
        .one(role, "Organization")
        .or_else(|| view.one(role, "representedOrganization"));
    let mut organisation = organisation_node
        .map(|node| organisation(view, node))
        .unwrap_or_default();
    // Where somebody works is told with the organisation: a person has no address of their own here.
    organisation.addresses.extend(addresses(view, role));
    Author {
        ids: ids(view, role),
        role: child_coded(view, role, "code").map(Box::new),
        name: PERSON_PATHS
            .iter()
            .find_map(|path| person_name(view, role, path)),
        organisation: (organisation != Organisation::default()).then(|| Box::new(organisation)),
        telecoms: telecoms(view, role),
        time: None,
        conducted: false,
    }
}

fn person_name<'d>(view: &View<'d>, role: Node<'d>, path: &[&'static str]) -> Option<HumanName> {
    let mut person = role;
    for step in path {
        person = view.peek(person, step)?;
    }
    let found = view.peek(person, "name")?;
    for step in found.ancestors().take_while(|step| *step != role) {
        view.visit(step);
    }
    name(view, found)
}

/// `Patient` with its `Person`. The BSN stands as nine digits where it is one, else as received.
pub(super) fn patient<'d>(view: &View<'d>, node: Node<'d>) -> Patient {
    view.visit(node);
    let person = view.one(node, "Person");
    if let Some(person) = person {
        no_twin(view, person);
    }
    let in_person = |name: &'static str| person.and_then(|person| view.one(person, name));
    Patient {
        bsn: bsn(view, node),
        name: in_person("name")
            .and_then(|found| name(view, found))
            .unwrap_or_default(),
        gender: person.and_then(|person| child_coded(view, person, "administrativeGenderCode")),
        birth_date: in_person("birthTime").and_then(|time| {
            view.null_flavor(time);
            date(view, time, "value")
        }),
        deceased: person.and_then(|person| deceased(view, person)),
        birth_place: in_person("birthplace")
            .and_then(|place| view.one(place, "addr"))
            .map(|addr| address(view, addr)),
        addresses: addresses(view, node),
        telecoms: telecoms(view, node),
        status: status(view, node),
        general_practitioner: None,
    }
}

/// That somebody has no twin is what is taken for granted; that they have one is listed.
fn no_twin<'d>(view: &View<'d>, person: Node<'d>) {
    for birth in view
        .extended(person, "multipleBirthInd")
        .filter(|birth| birth.attribute("value") == Some("false"))
    {
        view.used(birth, "value");
    }
}

/// `patientRole` with its `patient`, as the building blocks describe them.
pub(super) fn patient_role<'d>(view: &View<'d>, role: Node<'d>) -> Patient {
    view.visit(role);
    let person = view.one(role, "patient");
    let in_person = |name: &'static str| person.and_then(|person| view.one(person, name));
    if let Some(person) = person {
        no_twin(view, person);
    }
    Patient {
        bsn: bsn(view, role),
        name: in_person("name")
            .and_then(|found| name(view, found))
            .unwrap_or_default(),
        gender: person.and_then(|person| child_coded(view, person, "administrativeGenderCode")),
        birth_date: in_person("birthTime").and_then(|time| {
            view.null_flavor(time);
            date(view, time, "value")
        }),
        deceased: person.and_then(|person| deceased(view, person)),
        birth_place: None,
        addresses: addresses(view, role),
        telecoms: telecoms(view, role),
        status: status(view, role),
        general_practitioner: None,
    }
}

fn bsn<'d>(view: &View<'d>, patient: Node<'d>) -> String {
    let found = view.children(patient).find(|child| {
        child.tag_name().name() == "id"
            && child
                .attribute("root")
                .is_some_and(|root| is_same_system(root, BSN_OID))
            && child.attribute("extension").is_some()
    });
    let Some(id) = found else {
        return String::new();
    };
    view.visit(id);
    view.used(id, "root");
    let received = id.attribute("extension").unwrap_or_default();
    match Bsn::parse(received) {
        // Nine digits in which the received text does not stand (it had separators): listed as well.
        Ok(bsn) if !bsn.reveal().contains(received.trim()) => bsn.reveal().to_owned(),
        Ok(bsn) => {
            view.shown(id, "extension");
            bsn.reveal().to_owned()
        }
        Err(_) => {
            view.note(FindingCode::InvalidBsn, Severity::Error, id);
            view.shown(id, "extension").unwrap_or_default()
        }
    }
}

fn deceased<'d>(view: &View<'d>, person: Node<'d>) -> Option<Deceased> {
    let stated = view.extended(person, "deceasedInd").find_map(|node| {
        let stated = truth(node.attribute("value")?)?;
        view.used(node, "value");
        Some(stated)
    });
    let at = view
        .extended(person, "deceasedTime")
        .next()
        .and_then(|node| {
            view.null_flavor(node);
            date(view, node, "value")
        });
    (stated.is_some() || at.is_some()).then_some(Deceased { stated, at })
}

/// A BL.
pub(super) fn truth(text: &str) -> Option<bool> {
    match text.trim() {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

/// The same author for what stands in its context (HL7v3 context conduction), unless the
/// participation says that it does not propagate.
pub(super) fn conducted(
    author: Option<&Author>,
    participation: Option<Node<'_>>,
) -> Option<Author> {
    let stays = participation
        .and_then(|p| p.attribute("contextControlCode"))
        .is_some_and(|code| matches!(code, "AN" | "ON"));
    author.filter(|_| !stays).map(brief)
}

/// Who it is, without how to reach them: every entry of a record may repeat it, so it is small. All
/// that was received of them stands once, where they sign.
fn brief(author: &Author) -> Author {
    let few = |ids: &[Identifier]| ids.iter().take(CONDUCTED_IDS_MAX).cloned().collect();
    let length = |name: &HumanName| name.parts.iter().map(|part| part.text.len()).sum::<usize>();
    Author {
        ids: few(&author.ids),
        role: author.role.clone().map(|mut role| {
            role.translations.clear();
            role
        }),
        name: author
            .name
            .clone()
            .filter(|name| length(name) <= CONDUCTED_NAME_BYTES_MAX),
        organisation: author.organisation.as_ref().map(|organisation| {
            Box::new(Organisation {
                ids: few(&organisation.ids),
                name: organisation
                    .name
                    .clone()
                    .filter(|name| name.len() <= CONDUCTED_NAME_BYTES_MAX),
                ..Organisation::default()
            })
        }),
        telecoms: Vec::new(),
        time: author.time.clone(),
        conducted: true,
    }
}

/// Whether a relationship lets its context through; it does unless it says otherwise.
pub(super) fn conducts(relationship: Node<'_>) -> bool {
    relationship
        .attribute("contextConductionInd")
        .and_then(truth)
        != Some(false)
}

/// Whether an act may be read for what its place says; notes it where not.
pub(super) fn asserted<'d>(view: &View<'d>, act: Node<'d>) -> bool {
    let asserted = structure::is_asserted(act);
    if !asserted {
        view.note(FindingCode::UnexpectedStructure, Severity::Warning, act);
    }
    asserted
}
