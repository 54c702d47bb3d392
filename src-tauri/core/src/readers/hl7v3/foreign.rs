//! What stands outside every part and is not the transport's own: nobody decided on it.
//!
//! A part has a patient, a marker and an outcome, and is decided on. Clinical content that
//! stands beside the parts (in a wrapper, or in an element of a batch that is no interaction)
//! has none of these, so it is never shown: a finding names its place, and the answer is
//! incomplete.

use super::transmission::is_wrapper;
use super::view::{HL7, ICA, Node, PART};
use crate::domain::bsn::Bsn;
use crate::domain::finding::{Finding, FindingCode, Severity};

/// Flag of an element that is not disclosed because nobody decided on it.
pub(super) const FOREIGN: u8 = 4;
/// Namespace of FHIR resources.
const FHIR: &str = "http://hl7.org/fhir";
/// A batch's own children besides those of every transmission.
const OF_A_BATCH: [&str; 6] = [
    "transmissionQuantity",
    "responseModeCode",
    "realmCode",
    "typeId",
    "templateId",
    "sequenceNumber",
];

/// What was found outside the parts.
#[derive(Default)]
pub(super) struct Foreign {
    /// Where, for integrators; never a value.
    pub(super) findings: Vec<Finding>,
    /// Whether some of it is clinical by its namespace, so that the answer is incomplete.
    pub(super) clinical: bool,
}

/// Flags every outermost foreign element below `element`.
pub(super) fn flag_foreign(element: Node<'_>, flags: &mut [u8], found: &mut Foreign) {
    let own = |node: Node<'_>, flags: &[u8]| {
        flags.get(node.id().get_usize()).copied().unwrap_or(0) & (PART | ICA) != 0
    };
    if own(element, flags) {
        return;
    }
    let holds_a_part = element
        .descendants()
        .any(|node| flags.get(node.id().get_usize()).copied().unwrap_or(0) & PART != 0);
    let clinical = matches!(element.tag_name().namespace(), Some(HL7 | FHIR));
    let transport = is_wrapper(element)
        || OF_A_BATCH.contains(&element.tag_name().name())
        || super::interactions::is_batch(element);
    let foreign = if clinical {
        !transport && !holds_a_part
    } else {
        names_somebody(element)
    };
    if foreign {
        if let Some(flag) = flags.get_mut(element.id().get_usize()) {
            *flag |= FOREIGN;
        }
        found.clinical |= clinical;
        let parent = element
            .parent_element()
            .map_or("", |parent| parent.tag_name().name());
        found.findings.push(Finding {
            code: FindingCode::ForeignContent,
            severity: if clinical {
                Severity::Error
            } else {
                Severity::Info
            },
            path: format!("{parent}/{}", element.tag_name().name()),
            source: None,
        });
        return;
    }
    // A transmission's own elements are shallow and hold no content.
    if clinical && transport && !holds_a_part && !super::interactions::is_batch(element) {
        return;
    }
    for child in element.children().filter(roxmltree::Node::is_element) {
        flag_foreign(child, flags, found);
    }
}

/// Whether an element of another namespace holds what may be somebody's BSN.
fn names_somebody(element: Node<'_>) -> bool {
    let is_bsn = |text: &str| {
        let text = text.trim();
        text.len() == 9 && Bsn::parse(text).is_ok()
    };
    element
        .attributes()
        .any(|attribute| is_bsn(attribute.value()))
        || element
            .children()
            .filter_map(|child| child.text())
            .any(is_bsn)
}
