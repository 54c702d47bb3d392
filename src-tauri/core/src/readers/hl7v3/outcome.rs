//! How a part answered: acknowledgement, query response, errors, what remains at the source.

use super::header::{child, is_flagged, named, whole_ura};
use super::interactions::is_unknown;
use super::scrub::{scrub_code, ura_in};
use super::view::Node;
use crate::readers::{PartOutcome, Profile};

/// What stands for a code that is missing where the standard requires one.
const MISSING: &str = "missing";
/// What stands for the answer of an interaction that this version does not know.
const UNKNOWN_INTERACTION: &str = "unknown_interaction";
/// What stands for an answer that was given more than once.
const REPEATED: &str = "repeated";
/// What the codes of errors begin with, also where they are sent as a warning or a remark: of
/// AORTA (`AUTERR_MEDISCH`, `QABRTITI`, `KEY204`) and of HL7 (`NOSTORE`, `RTUDEST`, `SYN105`).
const ERROR_CODES: [&str; 10] = [
    "AUTERR",
    "INTERR",
    "KEY",
    "NOSTORE",
    "QABRT",
    "RTEDEST",
    "RTUDEST",
    "RTWDEST",
    "SYN",
    "VALIDATIE",
];

/// How a part answered. What this version does not know is incomplete, never success, and so
/// is an answer that was given twice.
pub(super) fn outcome_of<'d>(
    root: Node<'d>,
    flags: &[u8],
    has_content: bool,
    profile: &Profile,
) -> PartOutcome {
    let unknown = |code: &str| PartOutcome::Unknown {
        code: scrub_code(code),
    };
    if is_unknown(root) {
        return unknown(UNKNOWN_INTERACTION);
    }
    let acknowledgements = named(root, "acknowledgement");
    let acts = named(root, "ControlActProcess");
    let queries: Vec<Node<'d>> = acts
        .iter()
        .flat_map(|act| named(*act, "queryAck"))
        .collect();
    let responses: Vec<Node<'d>> = queries
        .iter()
        .flat_map(|query| named(*query, "queryResponseCode"))
        .collect();
    let acknowledgement = acknowledgements.first().copied();
    let kind = acknowledgement
        .and_then(|node| node.attribute("typeCode"))
        .unwrap_or(MISSING);
    let response = responses
        .first()
        .and_then(|code| code.attribute("code"))
        .unwrap_or(MISSING);
    let errors = errors_of(root, flags);
    let restricted = is_restricted(root, flags, profile);
    let (error, organisation_ura) = first_of(&errors, profile);
    if restricted && error.is_none() {
        // The patient's own wish looks like nothing at all, whatever else the answer says.
        return if has_content {
            PartOutcome::Delivered
        } else {
            PartOutcome::NothingFound
        };
    }
    let refused = |code: &str| PartOutcome::Refused {
        code: error.clone().unwrap_or_else(|| scrub_code(code)),
        organisation_ura: organisation_ura.clone(),
    };
    let repeated = [&acknowledgements, &acts, &queries, &responses]
        .into_iter()
        .any(|each| each.len() > 1);
    match (kind, response) {
        ("AE" | "AR" | "CE" | "CR", _) => refused(kind),
        ("AA" | "CA", "AE" | "QE") => refused(response),
        ("AA" | "CA", _) if repeated => unknown(REPEATED),
        ("AA" | "CA", "NF") if has_content => unknown(response),
        ("AA" | "CA", "NF" | "OK") => {
            match (&error, is_more_remaining(queries.first().copied())) {
                (Some(code), _) => PartOutcome::Unknown { code: code.clone() },
                (None, Ok(false)) if response == "NF" => PartOutcome::NothingFound,
                (None, Ok(false)) => PartOutcome::Delivered,
                // Nothing found here, and something left: the list is not whole.
                (None, Ok(true)) => PartOutcome::MoreRemaining,
                (None, Err(())) => unknown("resultRemainingQuantity"),
            }
        }
        ("AA" | "CA", other) => unknown(other),
        (other, _) => unknown(other),
    }
}

/// Whether results remain at the source; not where the message does not say. `Err` where it
/// says so unreadably or twice.
fn is_more_remaining(query: Option<Node<'_>>) -> Result<bool, ()> {
    let Some(query) = query else {
        return Ok(false);
    };
    let quantity = |name: &str| match named(query, name).as_slice() {
        [] => Ok(None),
        [one] => one
            .attribute("value")
            .and_then(|value| value.trim().parse::<u64>().ok())
            .map(Some)
            .ok_or(()),
        _ => Err(()),
    };
    let remaining = quantity("resultRemainingQuantity")?;
    let total = quantity("resultTotalQuantity")?;
    let current = quantity("resultCurrentQuantity")?;
    let fewer = total
        .zip(current)
        .is_some_and(|(total, current)| total > current);
    Ok(fewer || remaining.is_some_and(|remaining| remaining > 0))
}

/// The elements with which a part says that something went wrong. Remarks (`I`) and warnings (`W`)
/// are none, unless their code says otherwise.
pub(super) fn errors_of<'d>(root: Node<'d>, flags: &[u8]) -> Vec<Node<'d>> {
    let details = named(root, "acknowledgement")
        .into_iter()
        .flat_map(|node| named(node, "acknowledgementDetail"));
    let issues = named(root, "ControlActProcess")
        .into_iter()
        .flat_map(|act| named(act, "reasonOf"))
        .filter(|reason| !is_flagged(*reason, flags))
        .flat_map(|reason| named(reason, "justifiedDetectedIssue"));
    details
        .filter(|detail| is_error(*detail))
        .chain(issues)
        .collect()
}

/// Whether a detail of an acknowledgement is an error: by its type, or by its code.
pub(super) fn is_error(detail: Node<'_>) -> bool {
    !matches!(detail.attribute("typeCode"), Some("I" | "W"))
        || code_of(detail).is_some_and(|code| {
            let code = code.to_ascii_uppercase();
            ERROR_CODES.iter().any(|known| code.starts_with(known))
        })
}

/// Whether an error stands for a restriction made by the patient.
pub(super) fn is_restriction(error: Node<'_>, profile: &Profile) -> bool {
    let is_known = |code: &str| {
        profile
            .restriction_errors
            .iter()
            .any(|known| known.trim().eq_ignore_ascii_case(code.trim()))
    };
    error
        .descendants()
        .filter(roxmltree::Node::is_element)
        .any(|coded| coded.attribute("code").is_some_and(is_known))
}

/// Whether a part, or a batch, says that the patient restricted it.
pub(super) fn is_restricted(root: Node<'_>, flags: &[u8], profile: &Profile) -> bool {
    !profile.restriction_errors.is_empty()
        && restrictions_in(root, flags)
            .into_iter()
            .any(|error| is_restriction(error, profile))
}

/// Everything that may name a restriction, remarks included.
fn restrictions_in<'d>(root: Node<'d>, flags: &[u8]) -> Vec<Node<'d>> {
    let mut all = errors_of(root, flags);
    all.extend(
        named(root, "acknowledgement")
            .into_iter()
            .flat_map(|node| named(node, "acknowledgementDetail"))
            .filter(|detail| !is_error(*detail)),
    );
    all
}

/// The code of the first error that is no restriction by the patient, and the URA in their texts.
fn first_of(errors: &[Node<'_>], profile: &Profile) -> (Option<String>, Option<String>) {
    let mut first = None;
    let mut ura = None;
    for error in errors
        .iter()
        .filter(|error| !is_restriction(**error, profile))
    {
        first.get_or_insert_with(|| scrub_code(code_of(*error).unwrap_or(MISSING)));
        let display = child(*error, "code").and_then(|code| code.attribute("displayName"));
        let text = child(*error, "text").and_then(|text| text.text());
        ura = ura.or_else(|| [display, text].into_iter().flatten().find_map(ura_in));
    }
    (first, ura.map(|ura| whole_ura(&ura)))
}

fn code_of<'d>(error: Node<'d>) -> Option<&'d str> {
    child(error, "code")?.attribute("code").map(str::trim)
}

/// Whether a batch says of itself that it did not succeed; a restriction by the patient is none.
pub(super) fn has_failed(batch: Node<'_>, profile: &Profile) -> bool {
    let acknowledgements = named(batch, "acknowledgement");
    if is_restricted(batch, &[], profile) {
        return false;
    }
    acknowledgements.iter().any(|node| {
        !matches!(node.attribute("typeCode"), Some("AA" | "CA"))
            || named(*node, "acknowledgementDetail")
                .into_iter()
                .any(is_error)
    })
}
