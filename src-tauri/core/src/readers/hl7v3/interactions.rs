//! The interactions of AORTA that are known by name (DOMAIN §3).

use super::view::{Node, is_hl7};
use crate::domain::summary::SectionKind;

/// The professional summary.
pub(super) const PROFESSIONAL_SUMMARY: &str = "QUPC_IN990002NL";
/// The batch.
pub(super) const BATCH: &str = "MCCI_IN200101";

/// What a message carries, whatever its version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Block {
    /// Concerns, which are the GP's episodes, with their problems.
    Concerns,
    /// Contacts.
    Contacts,
    /// Contact reports: journal lines.
    Reports,
    /// General measurements.
    Measurements,
    /// Laboratory results.
    Laboratory,
    /// Medication agreements.
    Agreements,
    /// Alerts: contra-indications, and others.
    Alerts,
    /// Allergies and intolerances.
    Allergies,
    /// Conditions: ICA as a query of its own.
    Conditions,
    /// Prescriptions.
    Prescriptions,
    /// Dispenses by a pharmacy.
    Dispenses,
}

/// The building blocks by base name: a version of the message (`…NL02`) does not change what it
/// carries. The older ids are those of AORTA's own table of interactions.
const BLOCKS: [(&str, Block); 15] = [
    // "Opleveren overdrachtconcerns".
    ("REPC_IN990111", Block::Concerns),
    // "Opleveren contactmomenten".
    ("PRPA_IN900350", Block::Contacts),
    // "Opleveren contactverslagen".
    ("REPC_IN990101", Block::Reports),
    // "Opleveren algemene uitslagen".
    ("POOB_IN990003", Block::Measurements),
    // NL02 "labuitslagen" and NL03 "labbepalingen": two versions of one answer.
    ("POLB_IN364001", Block::Laboratory),
    // "Opleveren resultaten": the answer of the laboratory before there were versions of it.
    ("POLB_IN364000", Block::Laboratory),
    // NL01 to NL04: one answer in the versions 9.0 to 9.2 of the medication process.
    ("QUMA_IN991203", Block::Agreements),
    // "Opleveren medicatievoorschriftenlijst".
    ("QURX_IN990103", Block::Prescriptions),
    // The same before it was a list: it has the trigger event of the list.
    ("QURX_IN990003", Block::Prescriptions),
    // "Opleveren medicatieverstrekkingenlijst".
    ("QURX_IN990113", Block::Dispenses),
    // The same before it was a list: it has the trigger event of the list.
    ("QURX_IN990013", Block::Dispenses),
    // "Opleveren alerts".
    ("REPC_IN990121", Block::Alerts),
    // "Opleveren allergieintoleranties".
    ("REPC_IN990131", Block::Allergies),
    // "Opleveren condities".
    ("REPC_IN000024", Block::Conditions),
    // "Opleveren intoleranties", withdrawn: the conditions took its place.
    ("REPC_IN000016", Block::Conditions),
];

/// Length of a base name: domain, `_IN` and six digits (`REPC_IN990131`).
const BASE_NAME_BYTES: usize = 13;

/// What an interaction is to this version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    Summary,
    Batch,
    Block(Block),
    /// Nobody here knows what it carries; it may be ICA.
    Not,
}

fn known(element: Node<'_>) -> Option<Known> {
    if !is_interaction(element) {
        return None;
    }
    let name = element.tag_name().name();
    let base = name.get(..BASE_NAME_BYTES).unwrap_or(name);
    let block = BLOCKS.iter().find(|(known, _)| *known == base);
    Some(match (name, block) {
        (PROFESSIONAL_SUMMARY, _) => Known::Summary,
        (BATCH, _) => Known::Batch,
        (_, Some((_, block))) => Known::Block(*block),
        (_, None) => Known::Not,
    })
}

/// The building block that a message is.
pub(super) fn block_of(element: Node<'_>) -> Option<Block> {
    match known(element)? {
        Known::Block(block) => Some(block),
        Known::Summary | Known::Batch | Known::Not => None,
    }
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
    matches!(
        known(element),
        Some(Known::Block(Block::Alerts | Block::Allergies | Block::Conditions) | Known::Not)
    )
}

/// The sections that a message fills, or would have filled had it delivered. One that nobody here
/// knows may have filled any.
pub(super) fn sections_of(element: Node<'_>) -> Vec<SectionKind> {
    use SectionKind as S;
    match block_of(element) {
        Some(Block::Concerns) => vec![S::Episodes],
        Some(Block::Contacts | Block::Reports) => vec![S::Contacts],
        Some(Block::Measurements) => vec![S::Measurements],
        Some(Block::Laboratory) => vec![S::Laboratory],
        Some(Block::Agreements | Block::Prescriptions | Block::Dispenses) => vec![S::Medication],
        Some(Block::Alerts) => vec![S::Contraindications, S::Alerts],
        Some(Block::Allergies) => vec![S::Allergies],
        Some(Block::Conditions) => vec![S::Allergies, S::Contraindications],
        None => vec![
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
    match block_of(element) {
        _ if !is_whole_ica(element) => (false, false),
        Some(Block::Alerts) => (false, true),
        Some(Block::Allergies) => (true, false),
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
