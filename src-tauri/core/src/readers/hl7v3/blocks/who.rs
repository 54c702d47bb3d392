//! Who wrote, performed or told it, and what a statement is about.

use super::entry::{id_details, is_of_type};
use crate::domain::date::Period;
use crate::domain::person::{Author, Organisation, Telecom};
use crate::domain::summary::Detail;
use crate::readers::hl7v3::people::{assigned, author_of, participant};
use crate::readers::hl7v3::statements::AGENT;
use crate::readers::hl7v3::types::{child_coded, child_text, ids};
use crate::readers::hl7v3::view::{Node, View};

/// Who wrote or did it: the author, else who performed it, else who answers for it. Everybody else
/// becomes a named value.
pub(super) fn people<'d>(
    view: &View<'d>,
    act: Node<'d>,
    details: &mut Vec<Detail>,
) -> Option<Author> {
    let mut first = None;
    for kind in ["author", "performer", "participant"] {
        for participation in view
            .children(act)
            .filter(|child| child.tag_name().name() == kind)
        {
            let is_other = kind == "participant"
                && !matches!(
                    participation.attribute("typeCode"),
                    Some("RESP" | "AUT" | "PRF")
                );
            if is_other {
                continue;
            }
            view.visit(participation);
            view.used(participation, "typeCode");
            let author = if kind == "participant" {
                participant(view, participation)
            } else {
                author_of(view, participation)
            };
            match author {
                Some(author) if first.is_none() => first = Some(author),
                Some(author) => details.push(person(kind, &author)),
                None => {}
            }
        }
    }
    first
}

/// What a statement or a reaction is about (`CSM`).
pub(super) fn agents<'d>(view: &View<'d>, act: Node<'d>) -> Vec<Detail> {
    let mut read = Vec::new();
    for participation in view.children(act).filter(|child| {
        child.tag_name().name() == "participant"
            && is_of_type(*child, "CSM")
            && !view.is_visited(*child)
    }) {
        let Some(role) = view.peek(participation, "participantRole") else {
            continue;
        };
        let Some(entity) = view.peek(role, "playingEntity") else {
            continue;
        };
        for step in [participation, role, entity] {
            view.visit(step);
        }
        view.used(participation, "typeCode");
        let mut agent = Detail {
            name: AGENT.to_owned(),
            coded: child_coded(view, entity, "code").map(Box::new),
            text: child_text(view, entity, "name"),
            ..Detail::default()
        };
        let more = child_text(view, entity, "desc");
        agent
            .details
            .extend(more.map(|text| Detail::text("description", text)));
        agent.details.extend(id_details(&ids(view, role)));
        read.push(agent);
    }
    read
}

/// Who told it (`informant`).
pub(super) fn reporters<'d>(view: &View<'d>, act: Node<'d>) -> Vec<Detail> {
    let mut read = Vec::new();
    for participation in view
        .children(act)
        .filter(|child| child.tag_name().name() == "informant")
    {
        for role in view.children(participation) {
            view.visit(participation);
            let mut told = person("reporter", &assigned(view, role));
            let is_the_patient = role.tag_name().name().eq_ignore_ascii_case("patient")
                || role.attribute("classCode") == Some("PAT");
            if is_the_patient && told.coded.is_none() && told.text.is_none() {
                told.details.push(Detail::text("role", "patient"));
            }
            view.used(role, "classCode");
            read.push(told);
        }
    }
    read
}

/// Somebody as a named value: every word that was received stands in it.
pub(in crate::readers::hl7v3) fn person(name: &str, author: &Author) -> Detail {
    let full = author.name.as_ref().map(|name| {
        let parts: Vec<&str> = name.parts.iter().map(|part| part.text.as_str()).collect();
        parts.join(" ")
    });
    let mut read = Detail {
        name: name.to_owned(),
        coded: author.role.clone(),
        text: full,
        details: id_details(&author.ids),
        ..Detail::default()
    };
    let usage = author.name.as_ref().and_then(|name| name.usage.clone());
    read.details
        .extend(usage.map(|usage| Detail::text("use", usage)));
    if let Some(organisation) = &author.organisation {
        read.details.push(place(organisation));
    }
    read.details.extend(telecom_details(&author.telecoms));
    if let Some(time) = &author.time {
        read.period = Some(Box::new(Period {
            at: Some(time.clone()),
            ..Default::default()
        }));
    }
    read
}

fn telecom_details(telecoms: &[Telecom]) -> Vec<Detail> {
    telecoms
        .iter()
        .map(|telecom| Detail {
            details: telecom
                .usage
                .iter()
                .map(|usage| Detail::text("use", usage.as_str()))
                .collect(),
            ..Detail::text("telecom", telecom.value.as_str())
        })
        .collect()
}

fn place(organisation: &Organisation) -> Detail {
    let mut read = Detail {
        name: "organisation".to_owned(),
        coded: organisation.kind.clone().map(Box::new),
        text: organisation.name.clone(),
        details: id_details(&organisation.ids),
        ..Detail::default()
    };
    for address in &organisation.addresses {
        let lines: Vec<&str> = [
            &address.street,
            &address.house_number,
            &address.postal_code,
            &address.city,
            &address.country,
            &address.text,
            &address.usage,
        ]
        .into_iter()
        .filter_map(Option::as_deref)
        .chain(address.additional.iter().map(String::as_str))
        .collect();
        read.details
            .extend(lines.into_iter().map(|line| Detail::text("address", line)));
    }
    read.details.extend(telecom_details(&organisation.telecoms));
    read
}
