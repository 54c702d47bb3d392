//! What a part says about itself before anything clinical is read.

use super::ica::is_system;
use super::interactions::{PROFESSIONAL_SUMMARY, block_of, is_whole_ica, sections_of};
use super::marker::marker_of;
use super::outcome::outcome_of;
use super::transmission::{is_of_the_control_act, is_of_the_message};
use super::view::{HL7, Node, WITHHELD, is_hl7};
use crate::domain::bsn::BSN_OID;
use crate::readers::systems::is_same_system;
use crate::readers::{PartHeader, Profile};

/// Application ids (the LSP is 1).
const APPLICATION_OID: &str = "2.16.840.1.113883.2.4.6.6";
/// URA: organisation numbers.
pub(super) const URA_OID: &str = "2.16.528.1.1007.3.3";
/// Digits of a URA.
const URA_DIGITS: usize = 8;
/// Most different people or birth dates kept per part: from two on it is refused anyway.
const PEOPLE_MAX: usize = 16;

/// The records of the interactions that are known: what stands in one of them beside its
/// identification is content.
const RECORDS: [&str; 5] = [
    "PrimaryCareProvision",
    "organizer",
    "MedicationDispenseList",
    "MedicationPrescriptionList",
    "MedicationList",
];
/// Children of a record that identify it, its patient and who answers for it, and say nothing clinical.
const IDENTIFICATION: [&str; 14] = [
    "templateId",
    "realmCode",
    "typeId",
    "id",
    "code",
    "statusCode",
    "effectiveTime",
    "confidentialityCode",
    "subject",
    "author",
    "recordTarget",
    "participant",
    "custodian",
    "responsibleParty",
];
/// Participations and roles of the standard that hold people who are not the patient. Under
/// any other name a number counts as a patient's: identity fails closed.
const OTHERS: [&str; 19] = [
    "author",
    "authorOrPerformer",
    "performer",
    "informant",
    "participant",
    "sender",
    "receiver",
    "respondTo",
    "responsibleParty",
    "custodian",
    "dataEnterer",
    "informationRecipient",
    "overseer",
    "AssignedEntity",
    "assignedEntity",
    "AssignedPerson",
    "assignedPerson",
    "assignedAuthor",
    "assignedCareProvider",
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
    who.gather(root, flags, is_flagged(root, flags), true);
    let organisation = organisation_of(root, act);
    let custodian = custodian_of(act);
    let has_ica = root.descendants().any(|node| is_flagged(node, flags));
    let has_content = has_content(root, None);
    let unidentified = has_unidentified_content(root, None);
    let outcome = outcome_of(root, flags, has_content, profile);
    // Without ICA in it a part is the same under either scope.
    let (has_content_without_ica, unidentified_without_ica, outcome_without_ica) = if has_ica {
        let has_content = !is_flagged(root, flags) && self::has_content(root, Some(flags));
        (
            has_content,
            has_unidentified_content(root, Some(flags)),
            outcome_of(root, flags, has_content, profile),
        )
    } else {
        (has_content, unidentified, outcome.clone())
    };
    let (marker, marker_in) = marker_of(root, flags, profile);
    PartHeader {
        index,
        interaction: root.tag_name().name().to_owned(),
        sender: child(root, "sender")
            .and_then(|sender| child(sender, "device"))
            .and_then(|device| extension_of(device, APPLICATION_OID)),
        organisation_ura: organisation
            .and_then(|node| extension_of(node, URA_OID))
            .or_else(|| {
                custodian
                    .and_then(ura_of_custodian)
                    .filter(|_| organisation.is_none())
            })
            .map(|ura| whole_ura(&ura)),
        organisation_name: organisation
            .and_then(|node| child(node, "name"))
            .or_else(|| {
                let scoping = custodian.and_then(|role| child(role, "scopingEntity"));
                scoping
                    .filter(|_| organisation.is_none())
                    .and_then(|node| child(node, "desc"))
            })
            .and_then(|name| name.text())
            .map(|name| name.trim().to_owned())
            .filter(|name| !name.is_empty()),
        outcome,
        outcome_without_ica,
        marker,
        marker_in,
        sections: sections_of(root),
        patients: different(&who.bsns),
        patients_without_ica: different(&who.bsns_without_ica),
        bsns: who.bsns,
        bsns_without_ica: who.bsns_without_ica,
        birth_dates: who.birth_dates,
        birth_dates_without_ica: who.birth_dates_without_ica,
        has_content,
        has_content_without_ica,
        unidentified,
        unidentified_without_ica,
        has_ica,
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
    /// `counts` says whether who is named here may be the patient: not inside another
    /// person's participation, unless that again names a patient.
    fn gather<'d>(&mut self, element: Node<'d>, flags: &[u8], in_ica: bool, counts: bool) {
        let is_patient = is_patient(element);
        let counts = is_patient || counts && !is_another_person(element);
        if counts && is_bsn(element) {
            self.note_bsn(element, in_ica);
        }
        if is_patient && !element.children().any(is_bsn) {
            // A patient under some other number is somebody who cannot be matched.
            for id in named(element, "id") {
                self.note_bsn(id, in_ica);
            }
        }
        if counts && element.has_tag_name((HL7, "birthTime")) {
            note(
                element.attribute("value"),
                in_ica,
                &mut self.birth_dates,
                &mut self.birth_dates_without_ica,
            );
        }
        for child in element.children().filter(roxmltree::Node::is_element) {
            self.gather(child, flags, in_ica || is_flagged(child, flags), counts);
        }
    }

    fn note_bsn(&mut self, id: Node<'_>, in_ica: bool) {
        note(
            id.attribute("extension"),
            in_ica,
            &mut self.bsns,
            &mut self.bsns_without_ica,
        );
    }
}

fn is_bsn(element: Node<'_>) -> bool {
    element
        .attribute("root")
        .is_some_and(|root| is_system(root, BSN_OID))
}

fn is_patient(element: Node<'_>) -> bool {
    let name = element.tag_name().name();
    let ends = |end: &str| {
        name.len()
            .checked_sub(end.len())
            .and_then(|at| name.get(at..))
            .is_some_and(|last| last.eq_ignore_ascii_case(end))
    };
    ends("patient")
        || ["patientRole", "recordTarget"]
            .iter()
            .any(|known| name.eq_ignore_ascii_case(known))
}

/// How many different people these numbers are; a BSN may have lost its leading zeros.
fn different(numbers: &[String]) -> usize {
    let whole: std::collections::BTreeSet<&str> = numbers
        .iter()
        .map(|number| number.trim_start_matches('0'))
        .collect();
    whole.len()
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
    is_hl7(element) && OTHERS.contains(&element.tag_name().name())
}

pub(super) fn is_flagged(node: Node<'_>, flags: &[u8]) -> bool {
    flags
        .get(node.id().get_usize())
        .is_some_and(|flag| flag & WITHHELD != 0)
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
    let known = root.tag_name().name() == PROFESSIONAL_SUMMARY || block_of(root).is_some();
    subject.children().filter(exists).any(|content| {
        !known
            || !is_hl7(content)
            || !RECORDS.contains(&content.tag_name().name())
            || content
                .children()
                .any(|child| child.is_text() && !child.text().unwrap_or_default().trim().is_empty())
            || content
                .children()
                .filter(exists)
                .any(|child| !IDENTIFICATION.contains(&child.tag_name().name()))
    })
}

/// Whether content stands in a subject that names no patient of its own: one message may
/// carry several records, and each must say whose it is.
fn has_unidentified_content<'d>(root: Node<'d>, without: Option<&[u8]>) -> bool {
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
        .any(|(_, record)| !names_somebody(record, without, true))
}

/// Whether a record says by a number whose it is; looks no further than the first.
fn names_somebody<'d>(element: Node<'d>, without: Option<&[u8]>, counts: bool) -> bool {
    let is_patient = is_patient(element);
    let counts = is_patient || counts && !is_another_person(element);
    let is_number = |id: Node<'d>| {
        id.attribute("extension")
            .is_some_and(|extension| !extension.trim().is_empty())
    };
    let under_another_number = || {
        is_patient
            && !element.children().any(is_bsn)
            && named(element, "id").into_iter().any(is_number)
    };
    counts && is_bsn(element) && is_number(element)
        || under_another_number()
        || element
            .children()
            .filter(roxmltree::Node::is_element)
            .filter(|child| without.is_none_or(|flags| !is_flagged(*child, flags)))
            .any(|child| names_somebody(child, without, counts))
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

/// The role of the record's holder in a building block.
fn custodian_of(act: Option<Node<'_>>) -> Option<Node<'_>> {
    let record = child(child(act?, "subject")?, "organizer")?;
    named(record, "participant")
        .into_iter()
        .find(|participant| participant.attribute("typeCode") == Some("CST"))
        .and_then(|participant| child(participant, "participantRole"))
}

fn ura_of_custodian(role: Node<'_>) -> Option<String> {
    extension_of(role, URA_OID)
        .or_else(|| child(role, "scopingEntity").and_then(|node| extension_of(node, URA_OID)))
}

/// A URA with the leading zeros that it may have lost, and without those it has too many, so that one
/// organisation is one source.
pub(super) fn whole_ura(received: &str) -> String {
    let ura = received.trim();
    if !ura.is_empty() && ura.bytes().all(|byte| byte.is_ascii_digit()) {
        let number = ura.trim_start_matches('0');
        format!("{number:0>URA_DIGITS$}")
    } else {
        ura.to_owned()
    }
}

fn extension_of(node: Node<'_>, root: &str) -> Option<String> {
    node.children()
        .find(|child| {
            child.has_tag_name((HL7, "id"))
                && child
                    .attribute("root")
                    .is_some_and(|received| is_same_system(received, root))
        })
        .and_then(|id| id.attribute("extension"))
        .map(str::to_owned)
}

pub(super) fn child<'d>(node: Node<'d>, name: &str) -> Option<Node<'d>> {
    node.children()
        .find(|child| is_hl7(*child) && child.tag_name().name() == name)
}

pub(super) fn named<'d>(node: Node<'d>, name: &str) -> Vec<Node<'d>> {
    node.children()
        .filter(|child| is_hl7(*child) && child.tag_name().name() == name)
        .collect()
}
