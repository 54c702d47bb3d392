//! Whether a receiver has this resource, or another one under its tag.

use serde_json::Value;

use super::read_back::{details, own_codes, text};
use super::{AuditEvent, ENTRY_DETAIL, LAST_DETAIL, LEAF_DETAIL, NOTE_DETAIL};

/// Types of the details that cannot be the same in two resources that are not: an entry's bytes or its leaf,
/// a checkpoint's note, a heartbeat's number.
const MARKS: [&str; 4] = [ENTRY_DETAIL, LEAF_DETAIL, NOTE_DETAIL, LAST_DETAIL];

impl AuditEvent {
    /// Whether what a receiver has is this resource. Its tag alone does not say so: a log that was put back
    /// to an older state gives its numbers again, and anyone can send something under a number that is to
    /// come. What a receiver adds or writes in its own way makes no difference, nor whether it could be
    /// opened when it was sent.
    #[must_use]
    pub fn is_same_as(&self, theirs: &Value) -> bool {
        let Ok(ours) = serde_json::to_value(self) else {
            return false;
        };
        let marks_of_ours = marks(&ours);
        text(theirs, "resourceType") == Some("AuditEvent")
            && own_codes(theirs).eq([self.id.as_str()])
            && !marks_of_ours.is_empty()
            && marks_of_ours == marks(theirs)
    }
}

/// Type and value of each detail that marks it.
fn marks(resource: &Value) -> Vec<(&str, &str)> {
    let mut marks: Vec<(&str, &str)> = details(resource)
        .filter_map(|detail| {
            let value = text(detail, "valueBase64Binary").or_else(|| text(detail, "valueString"));
            Some((text(detail, "type")?, value?))
        })
        .filter(|(kind, _)| MARKS.contains(kind))
        .collect();
    marks.sort_unstable();
    marks
}
