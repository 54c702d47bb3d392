//! Reads contacts.

use super::entry::{further, is_withdrawn, relate, related};
use super::who::people;
use crate::domain::summary::Contact;
use crate::readers::hl7v3::people::asserted;
use crate::readers::hl7v3::reading::Reading;
use crate::readers::hl7v3::references::Target;
use crate::readers::hl7v3::types::{child_coded, child_period, child_text, ids, status};
use crate::readers::hl7v3::view::Node;

/// One `encounter`. Its report may stand in another message.
pub(super) fn read<'d>(reading: &mut Reading<'_, 'd>, component: Node<'d>, act: Node<'d>) -> bool {
    let view = reading.view;
    if !asserted(view, act) {
        return false;
    }
    view.visit(act);
    let mut contact = Contact {
        key: reading.key(b'c'),
        source: view.source().to_owned(),
        ids: ids(view, act),
        kind: child_coded(view, act, "code"),
        period: child_period(view, act, "effectiveTime"),
        status: status(view, act),
        text: child_text(view, act, "text"),
        ..Contact::default()
    };
    contact.withdrawn = is_withdrawn(contact.status.as_deref());
    contact.author = people(view, act, &mut contact.details).or_else(|| reading.context(component));
    further(view, act, &mut contact.details);
    for (relationship, target) in related(view, act) {
        let Contact {
            references,
            details,
            ..
        } = &mut contact;
        relate(view, relationship, target, references, details);
    }
    reading.register(act, &contact.ids, &contact.key, Target::Other);
    reading.record.contacts.push(contact);
    true
}
