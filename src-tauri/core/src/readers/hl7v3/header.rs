//! What a part says about itself before anything clinical is read.

use super::interactions::{PROFESSIONAL_SUMMARY, is_whole_ica};
use super::marker::marker_of;
use super::scrub::{scrub_code, ura_in};
use super::transmission::{is_of_the_control_act, is_of_the_message};
use super::view::{HL7, ICA, Node, is_hl7};
use crate::domain::bsn::BSN_OID;
use crate::readers::{PartHeader, PartOutcome, Profile};

/// Application ids (the LSP is 1).
const APPLICATION_OID: &str = "2.16.840.1.113883.2.4.6.6";
/// URA: organisation numbers.
const URA_OID: &str = "2.16.528.1.1007.3.3";
/// What stands for a code that is missing where the standard requires one.
const MISSING: &str = "missing";

/// Most different people or birth dates kept per part: from two on it is refused anyway.
const PEOPLE_MAX: usize = 16;

/// Children of a provision that identify it and its patient, and say nothing clinical.
const IDENTIFICATION: [&str; 9] = [
    "templateId",
    "realmCode",
    "typeId",
    "id",
    "code",
    "statusCode",
    "effectiveTime",
    "confidentialityCode",
    "subject",
];
/// Participations of people who are not the patient, by a part of their element names.
const OTHERS: [&str; 13] = [
    "author",
    "performer",
    "informant",
    "participant",
    "sender",
    "receiver",
    "responsible",
    "custodian",
    "enterer",
    "overseer",
    "assigned",
    "personalrelationship",
    "guardian",
];

/// The header of the part at `root`.
pub(super) fn header<'d>(
    index: usize,
    root: Node<'d>,
    flags: &[u8],
    profile: &Profile,
) -> PartHeader {
    let act = child(root, "ControlActProcess");
    let mut who = Who::default();
    who.gather(root, flags, is_flagged(root, flags));
    let organisation = organisation_of(root, act);
    let has_content = has_content(root, None);
    let outcome = outcome_of(root, act, flags, has_content);
    PartHeader {
        index,
        interaction: root.tag_name().name().to_owned(),
        sender: child(root, "sender")
            .and_then(|sender| child(sender, "device"))
            .and_then(|device| extension_of(device, APPLICATION_OID)),
        organisation_ura: organisation.and_then(|node| extension_of(node, URA_OID)),
        organisation_name: organisation
            .and_then(|node| child(node, "name"))
            .and_then(|name| name.text())
            .map(|name| name.trim().to_owned())
            .filter(|name| !name.is_empty()),
        outcome,
        marker: marker_of(root, flags, profile),
        bsns: who.bsns,
        bsns_without_ica: who.bsns_without_ica,
        birth_dates: who.birth_dates,
        birth_dates_without_ica: who.birth_dates_without_ica,
        has_content,
        has_content_without_ica: !is_flagged(root, flags) && self::has_content(root, Some(flags)),
        unidentified: has_unidentified_content(root, flags, None),
        unidentified_without_ica: has_unidentified_content(root, flags, Some(flags)),
        has_ica: root.descendants().any(|node| is_flagged(node, flags)),
        whole_ica: is_whole_ica(root),
    }
}

/// Whom a part is about.
#[derive(Default)]
struct Who {
    bsns: Vec<String>,
    bsns_without_ica: Vec<String>,
    birth_dates: Vec<String>,
    birth_dates_without_ica: Vec<String>,
}

impl Who {
    fn gather<'d>(&mut self, element: Node<'d>, flags: &[u8], in_ica: bool) {
        if element.attribute("root") == Some(BSN_OID) {
            note(
                element.attribute("extension"),
                in_ica,
                &mut self.bsns,
                &mut self.bsns_without_ica,
            );
        }
        if element.has_tag_name((HL7, "birthTime")) {
            note(
                element.attribute("value"),
                in_ica,
                &mut self.birth_dates,
                &mut self.birth_dates_without_ica,
            );
        }
        for child in element
            .children()
            .filter(|child| child.is_element() && !is_another_person(*child))
        {
            self.gather(child, flags, in_ica || is_flagged(child, flags));
        }
    }
}

fn note(value: Option<&str>, in_ica: bool, all: &mut Vec<String>, without_ica: &mut Vec<String>) {
    let Some(value) = value.map(str::trim).filter(|value| !value.is_empty()) else {
        return;
    };
    for list in [Some(all), (!in_ica).then_some(without_ica)]
        .into_iter()
        .flatten()
    {
        if list.len() < PEOPLE_MAX && !list.iter().any(|known| known == value) {
            list.push(value.to_owned());
        }
    }
}

fn is_another_person(element: Node<'_>) -> bool {
    let name = element.tag_name().name().to_ascii_lowercase();
    OTHERS.iter().any(|other| name.contains(other))
}

fn is_flagged(node: Node<'_>, flags: &[u8]) -> bool {
    flags
        .get(node.id().get_usize())
        .is_some_and(|flag| flag & ICA != 0)
}

/// Whether a part says anything beyond whom and what it is about. Whatever is not known to
/// speak of transmission or identification alone counts: identity fails closed.
fn has_content<'d>(root: Node<'d>, without: Option<&[u8]>) -> bool {
    let exists = |node: &Node<'d>| {
        node.is_element() && without.is_none_or(|flags| !is_flagged(*node, flags))
    };
    let mut children = root.children().filter(exists);
    children.any(|child| {
        if child.tag_name().name() != "ControlActProcess" {
            return !is_of_the_message(child);
        }
        child.children().filter(exists).any(|of_act| {
            if of_act.tag_name().name() == "subject" {
                subject_has_content(root, of_act, &exists)
            } else {
                !is_of_the_control_act(of_act)
            }
        })
    })
}

fn subject_has_content<'d>(
    root: Node<'d>,
    subject: Node<'d>,
    exists: &impl Fn(&Node<'d>) -> bool,
) -> bool {
    subject.children().filter(exists).any(|content| {
        root.tag_name().name() != PROFESSIONAL_SUMMARY
            || content.tag_name().name() != "PrimaryCareProvision"
            || content.children().filter(exists).any(|child| {
                let name = child.tag_name().name();
                !IDENTIFICATION.contains(&name) && name != "author"
            })
    })
}

/// Whether content stands in a subject that names no patient of its own: one message may
/// carry several records, and each must say whose it is.
fn has_unidentified_content<'d>(root: Node<'d>, flags: &[u8], without: Option<&[u8]>) -> bool {
    let exists = |node: &Node<'d>| {
        node.is_element() && without.is_none_or(|flags| !is_flagged(*node, flags))
    };
    let acts = root
        .children()
        .filter(|c| c.has_tag_name((HL7, "ControlActProcess")));
    let subjects = acts.flat_map(|act| act.children().filter(|c| c.has_tag_name((HL7, "subject"))));
    let records = subjects.filter(exists).flat_map(|subject| {
        let whole: Vec<Node<'d>> = subject.children().filter(exists).collect();
        whole.into_iter().map(move |record| (subject, record))
    });
    records
        .filter(|(subject, _)| subject_has_content(root, *subject, &exists))
        .any(|(_, record)| {
            let mut who = Who::default();
            who.gather(record, flags, false);
            let bsns = if without.is_some() {
                who.bsns_without_ica
            } else {
                who.bsns
            };
            bsns.is_empty()
        })
}

fn organisation_of<'d>(root: Node<'d>, act: Option<Node<'d>>) -> Option<Node<'d>> {
    let path = |from: Option<Node<'d>>, steps: &[&str]| {
        steps.iter().try_fold(from?, |node, step| child(node, step))
    };
    path(
        act,
        &[
            "authorOrPerformer",
            "participant",
            "AssignedDevice",
            "Organization",
        ],
    )
    .or_else(|| {
        path(
            Some(root),
            &["sender", "device", "agencyFor", "representedOrganization"],
        )
    })
    .or_else(|| {
        path(
            act,
            &[
                "subject",
                "PrimaryCareProvision",
                "author",
                "AssignedEntity",
                "Organization",
            ],
        )
    })
}

/// How a part answered. What this version does not know is incomplete, never success.
fn outcome_of<'d>(
    root: Node<'d>,
    act: Option<Node<'d>>,
    flags: &[u8],
    has_content: bool,
) -> PartOutcome {
    let acknowledgement = child(root, "acknowledgement");
    let kind = acknowledgement
        .and_then(|node| node.attribute("typeCode"))
        .unwrap_or(MISSING);
    let query = act.and_then(|act| child(act, "queryAck"));
    let response = query
        .and_then(|query| child(query, "queryResponseCode"))
        .and_then(|code| code.attribute("code"))
        .unwrap_or(MISSING);
    let (error, organisation_ura) = error_of(acknowledgement, act, flags);
    let refused = |code: &str| PartOutcome::Refused {
        code: error.clone().unwrap_or_else(|| scrub_code(code)),
        organisation_ura: organisation_ura.clone(),
    };
    let unknown = |code: &str| PartOutcome::Unknown {
        code: scrub_code(code),
    };
    match (kind, response) {
        ("AE" | "AR" | "CE" | "CR", _) => refused(kind),
        ("AA" | "CA", "AE" | "QE") => refused(response),
        ("AA" | "CA", "NF") if has_content => unknown(response),
        ("AA" | "CA", "NF") => PartOutcome::NothingFound,
        ("AA" | "CA", "OK") => match (&error, remaining(query)) {
            (Some(code), _) => PartOutcome::Unknown { code: code.clone() },
            (None, Ok(0)) => PartOutcome::Delivered,
            (None, Ok(_)) => PartOutcome::MoreRemaining,
            (None, Err(())) => unknown("resultRemainingQuantity"),
        },
        ("AA" | "CA", other) => unknown(other),
        (other, _) => unknown(other),
    }
}

/// How many results remain at the source; none where the message does not say.
fn remaining(query: Option<Node<'_>>) -> Result<u64, ()> {
    let Some(node) = query.and_then(|query| child(query, "resultRemainingQuantity")) else {
        return Ok(0);
    };
    node.attribute("value")
        .and_then(|value| value.trim().parse().ok())
        .ok_or(())
}

/// The first error that a part names, and the URA in its texts. Remarks (`I`) and warnings (`W`) are none.
fn error_of<'d>(
    acknowledgement: Option<Node<'d>>,
    act: Option<Node<'d>>,
    flags: &[u8],
) -> (Option<String>, Option<String>) {
    let details = acknowledgement
        .into_iter()
        .flat_map(|node| node.children())
        .filter(|node| {
            node.has_tag_name((HL7, "acknowledgementDetail"))
                && !matches!(node.attribute("typeCode"), Some("I" | "W"))
        });
    let issues = act
        .into_iter()
        .flat_map(|act| act.children())
        .filter(|node| node.has_tag_name((HL7, "reasonOf")) && !is_flagged(*node, flags))
        .flat_map(|reason| reason.children())
        .filter(|node| node.has_tag_name((HL7, "justifiedDetectedIssue")));
    let mut error = None;
    let mut ura = None;
    for node in details.chain(issues) {
        let code = child(node, "code");
        let named = code
            .and_then(|code| code.attribute("code"))
            .unwrap_or(MISSING);
        error.get_or_insert_with(|| scrub_code(named));
        let display = code.and_then(|code| code.attribute("displayName"));
        let text = child(node, "text").and_then(|text| text.text());
        ura = ura.or_else(|| [display, text].into_iter().flatten().find_map(ura_in));
    }
    (error, ura)
}

fn extension_of(node: Node<'_>, root: &str) -> Option<String> {
    node.children()
        .find(|child| child.has_tag_name((HL7, "id")) && child.attribute("root") == Some(root))
        .and_then(|id| id.attribute("extension"))
        .map(str::to_owned)
}

fn child<'d>(node: Node<'d>, name: &str) -> Option<Node<'d>> {
    node.children()
        .find(|child| is_hl7(*child) && child.tag_name().name() == name)
}
