//! The interactions of AORTA that are known by name (DOMAIN §3).

use super::view::{Node, is_hl7};

/// The professional summary.
pub(super) const PROFESSIONAL_SUMMARY: &str = "QUPC_IN990002NL";
/// The batch.
pub(super) const BATCH: &str = "MCCI_IN200101";

/// Interactions whose whole content is ICA: alerts, allergies and intolerances, conditions.
const WHOLE_ICA: [&str; 3] = ["REPC_IN990121NL", "REPC_IN990131NL", "REPC_IN000024NL"];

/// Known, and not interpreted by this version: listed as received.
const OTHERS: [&str; 8] = [
    "REPC_IN990111NL",
    "PRPA_IN900350NL",
    "REPC_IN990101NL",
    "POOB_IN990003NL",
    "POLB_IN364001NL03",
    "QUMA_IN991203NL02",
    "QURX_IN990103NL",
    "QURX_IN990113NL",
];

/// Whether a message may begin here.
pub(super) fn is_known(element: Node<'_>) -> bool {
    let name = element.tag_name().name();
    is_hl7(element)
        && (name == PROFESSIONAL_SUMMARY
            || name == BATCH
            || WHOLE_ICA.contains(&name)
            || OTHERS.contains(&name))
}

/// Whether this is a batch.
pub(super) fn is_batch(element: Node<'_>) -> bool {
    is_hl7(element) && element.tag_name().name() == BATCH
}

/// Whether all of this message is ICA.
pub(super) fn is_whole_ica(element: Node<'_>) -> bool {
    is_hl7(element) && WHOLE_ICA.contains(&element.tag_name().name())
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
