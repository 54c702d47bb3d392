//! The interactions of AORTA that are known by name (DOMAIN §3).

use super::view::{Node, is_hl7};
use crate::domain::summary::SectionKind;

/// The professional summary.
pub(super) const PROFESSIONAL_SUMMARY: &str = "QUPC_IN990002NL";
/// The batch.
pub(super) const BATCH: &str = "MCCI_IN200101";

/// Interactions whose whole content is ICA: alerts, allergies and intolerances, conditions.
/// By base name: a version of the message (`…NL02`) does not change what it carries.
const WHOLE_ICA: [&str; 3] = [ALERTS, ALLERGIES, "REPC_IN000024"];
/// Base name of the alerts.
const ALERTS: &str = "REPC_IN990121";
/// Base name of the allergies and intolerances.
const ALLERGIES: &str = "REPC_IN990131";

/// Base names that are known, and not interpreted by this version: listed as received.
const OTHERS: [&str; 8] = [
    "REPC_IN990111",
    "PRPA_IN900350",
    "REPC_IN990101",
    "POOB_IN990003",
    "POLB_IN364001",
    "QUMA_IN991203",
    "QURX_IN990103",
    "QURX_IN990113",
];

/// Length of a base name: domain, `_IN` and six digits (`REPC_IN990131`).
const BASE_NAME_BYTES: usize = 13;

/// What an interaction is to this version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    Summary,
    Batch,
    WholeIca,
    Other,
    /// Nobody here knows what it carries; it may be ICA.
    Not,
}

fn known(element: Node<'_>) -> Option<Known> {
    if !is_interaction(element) {
        return None;
    }
    let name = element.tag_name().name();
    let base = name.get(..BASE_NAME_BYTES).unwrap_or(name);
    Some(match name {
        PROFESSIONAL_SUMMARY => Known::Summary,
        BATCH => Known::Batch,
        _ if WHOLE_ICA.contains(&base) => Known::WholeIca,
        _ if OTHERS.contains(&base) => Known::Other,
        _ => Known::Not,
    })
}

/// Whether a message may begin here.
pub(super) fn is_known(element: Node<'_>) -> bool {
    known(element).is_some_and(|known| known != Known::Not)
}

/// Whether this has the name of an interaction that this version does not know at all.
pub(super) fn is_unknown(element: Node<'_>) -> bool {
    known(element) == Some(Known::Not)
}

/// Whether this is a batch.
pub(super) fn is_batch(element: Node<'_>) -> bool {
    known(element) == Some(Known::Batch)
}

/// Whether all of this message is ICA, or may be for all that is known of it.
pub(super) fn is_whole_ica(element: Node<'_>) -> bool {
    matches!(known(element), Some(Known::WholeIca | Known::Not))
}

/// The sections that a message fills, or would have filled had it delivered. One that nobody here
/// knows may have filled any.
pub(super) fn sections_of(element: Node<'_>) -> Vec<SectionKind> {
    use SectionKind as S;
    let base = element.tag_name().name().get(..BASE_NAME_BYTES);
    match base.unwrap_or_default() {
        "REPC_IN990111" => vec![S::Episodes],
        "PRPA_IN900350" | "REPC_IN990101" => vec![S::Contacts],
        "POOB_IN990003" => vec![S::Measurements],
        "POLB_IN364001" => vec![S::Laboratory],
        "QUMA_IN991203" | "QURX_IN990103" | "QURX_IN990113" => vec![S::Medication],
        ALERTS => vec![S::Contraindications, S::Alerts],
        ALLERGIES => vec![S::Allergies],
        "REPC_IN000024" => vec![S::Allergies, S::Contraindications],
        _ => vec![
            S::Allergies,
            S::Contraindications,
            S::TreatmentLimits,
            S::AttentionLines,
            S::Alerts,
            S::Episodes,
            S::Contacts,
            S::Medication,
            S::Measurements,
            S::Laboratory,
        ],
    }
}

/// Whether a message may carry allergies and whether it may carry contra-indications.
pub(super) fn ica_sections(element: Node<'_>) -> (bool, bool) {
    let base = element.tag_name().name().get(..BASE_NAME_BYTES);
    match base {
        _ if !is_whole_ica(element) => (false, false),
        Some(ALERTS) => (false, true),
        Some(ALLERGIES) => (true, false),
        _ => (true, true),
    }
}

/// Whether this has the name of an interaction, known or not (`REPC_IN990111NL`).
pub(super) fn is_interaction(element: Node<'_>) -> bool {
    let name = element.tag_name().name().as_bytes();
    is_hl7(element)
        && name
            .get(..4)
            .is_some_and(|domain| domain.iter().all(u8::is_ascii_uppercase))
        && name.get(4..7) == Some(b"_IN")
        && name
            .get(7..13)
            .is_some_and(|number| number.iter().all(u8::is_ascii_digit))
}
