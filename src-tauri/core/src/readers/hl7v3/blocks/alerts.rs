//! Reads alerts: contra-indications where they are coded as such or not coded at all, else alerts.

use super::allergies::concerned;
use super::entry::{expected_code, further, is_withdrawn, relate, related};
use super::who::people;
use crate::domain::state::StatementKind;
use crate::domain::summary::document::SectionKind;
use crate::domain::summary::{Detail, Entry};
use crate::readers::hl7v3::ica::is_of_thesaurus_40;
use crate::readers::hl7v3::people::asserted;
use crate::readers::hl7v3::reading::Reading;
use crate::readers::hl7v3::references::Target;
use crate::readers::hl7v3::statements::{self, any_value};
use crate::readers::hl7v3::types::{child_coded, child_period, child_text, ids, status};
use crate::readers::hl7v3::view::{Node, View};
use crate::readers::kinds::{Section, is_substance};

/// LOINC "Alert": what every entry here is.
const ALERT: [&str; 1] = ["74018-3"];

/// One alert.
pub(super) fn read<'d>(reading: &mut Reading<'_, 'd>, component: Node<'d>, act: Node<'d>) -> bool {
    if is_contra_indication(reading.view, act) {
        contra_indication(reading, component, act);
        return true;
    }
    let view = reading.view;
    if !asserted(view, act) {
        // What it would mean is not for a reader to say.
        return false;
    }
    view.visit(act);
    let mut values = view.named(act, "value").map(|node| any_value(view, node));
    let mut entry = Entry {
        key: reading.key(b'r'),
        source: view.source().to_owned(),
        kind: SectionKind::Alerts,
        element: act.tag_name().name().to_owned(),
        ids: ids(view, act),
        what: values.next(),
        text: child_text(view, act, "text"),
        status: status(view, act),
        period: child_period(view, act, "effectiveTime"),
        ..Entry::default()
    };
    entry
        .details
        .extend(values.map(|value| Detail::coded("value", value)));
    if !expected_code(view, act, &ALERT)
        && let Some(code) = child_coded(view, act, "code")
    {
        entry.details.push(Detail::coded("kind", code));
    }
    view.null_flavor(act);
    entry.withdrawn = is_withdrawn(entry.status.as_deref());
    entry.author = people(view, act, &mut entry.details).or_else(|| reading.context(component));
    further(view, act, &mut entry.details);
    for (relationship, target) in related(view, act) {
        let Entry {
            references,
            details,
            ..
        } = &mut entry;
        relate(view, relationship, target, references, details);
    }
    reading.register(act, &entry.ids, &entry.key, Target::Other);
    reading.record.alerts.push(entry);
    true
}

/// Coded in Thesaurus 40 in whatever place, or without a code; a code that says only that nothing
/// is known is no alert either.
fn is_contra_indication<'d>(view: &View<'d>, act: Node<'d>) -> bool {
    let named = |value: Node<'d>| {
        let (code, system) = (value.attribute("code"), value.attribute("codeSystem"));
        code.is_some_and(|code| !code.trim().is_empty())
            && is_substance(&crate::domain::coded::Coded {
                code: code.map(str::to_owned),
                system: system.map(str::to_owned),
                display: value.attribute("displayName").map(str::to_owned),
                ..Default::default()
            })
    };
    act.descendants().any(is_of_thesaurus_40)
        || !view
            .children(act)
            .any(|child| child.tag_name().name() == "value" && named(child))
}

fn contra_indication<'d>(reading: &mut Reading<'_, 'd>, component: Node<'d>, act: Node<'d>) {
    let view = reading.view;
    let key = reading.key(b'x');
    let context = reading.context(component);
    view.visit(component);
    expected_code(view, act, &ALERT);
    let mut statement = statements::statement(view, act, Section::ContraIndications, key, context);
    if statement.kind == StatementKind::NoneKnown {
        statement.kind = StatementKind::NoInformation;
    }
    concerned(view, act, &mut statement);
    statements::weaken(view, component, act, &mut statement);
    reading.register(act, &statement.ids, &statement.key, Target::Other);
    reading.record.contraindications.push(statement);
}
