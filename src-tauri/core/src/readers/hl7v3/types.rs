//! The data types of HL7v3: II, CD, PQ, TS, IVL, TEL, AD.

use super::view::{Node, View};
use crate::domain::coded::{Coded, Identifier};
use crate::domain::date::{PartialDate, Period, Precision};
use crate::domain::finding::{FindingCode, Severity};
use crate::domain::person::{Address, Telecom};
use crate::domain::summary::ReferenceRange;
use crate::domain::summary::clinical::{Quantity, QuantityTranslation};
use crate::readers::few;

/// Every `id` of an element; one with a nullFlavor alone names nothing.
pub(super) fn ids<'d>(view: &View<'d>, of: Node<'d>) -> Vec<Identifier> {
    few(view.named(of, "id").filter_map(|id| identifier(view, id)))
}

/// One II.
pub(super) fn identifier<'d>(view: &View<'d>, id: Node<'d>) -> Option<Identifier> {
    let read = Identifier {
        root: view.shown(id, "root"),
        extension: view.shown(id, "extension"),
    };
    view.null_flavor(id);
    // Who issues the number is what its root says.
    view.used(id, "assigningAuthorityName");
    (read.root.is_some() || read.extension.is_some()).then_some(read)
}

/// A CD, CE, CV, CS or CO with its translations.
pub(super) fn coded<'d>(view: &View<'d>, node: Node<'d>) -> Coded {
    Coded {
        code: view.shown(node, "code"),
        system: view.shown(node, "codeSystem"),
        system_name: view.shown(node, "codeSystemName"),
        system_version: view.shown(node, "codeSystemVersion"),
        display: view.shown(node, "displayName"),
        original_text: view
            .one(node, "originalText")
            .and_then(|text| view.text(text)),
        null_flavor: view.null_flavor(node),
        translations: view
            .named(node, "translation")
            .map(|t| coded(view, t))
            .collect(),
    }
}

/// The first child of this name as a coded value, where it says anything.
pub(super) fn child_coded<'d>(view: &View<'d>, of: Node<'d>, name: &'static str) -> Option<Coded> {
    view.one(of, name)
        .map(|node| coded(view, node))
        .filter(|read| !read.is_empty())
}

/// The text of the first child of this name.
pub(super) fn child_text<'d>(view: &View<'d>, of: Node<'d>, name: &'static str) -> Option<String> {
    let node = view.one(of, name)?;
    view.null_flavor(node);
    view.text(node)
}

/// `statusCode`.
pub(super) fn status<'d>(view: &View<'d>, of: Node<'d>) -> Option<String> {
    let node = view.one(of, "statusCode")?;
    view.null_flavor(node);
    view.shown(node, "code")
}

/// A date in an attribute, with a finding where it cannot be read.
pub(super) fn date<'d>(view: &View<'d>, node: Node<'d>, attribute: &str) -> Option<PartialDate> {
    let read = PartialDate::parse(&view.shown(node, attribute)?);
    if read.precision == Precision::Unreadable {
        view.note(FindingCode::UnreadableDate, Severity::Warning, node);
    }
    Some(read)
}

/// `effectiveTime` and the like: TS or IVL_TS, whatever type it says it has.
pub(super) fn child_period<'d>(view: &View<'d>, of: Node<'d>, name: &'static str) -> Period {
    view.one(of, name)
        .map(|node| period(view, node))
        .unwrap_or_default()
}

/// TS or IVL_TS.
pub(super) fn period<'d>(view: &View<'d>, node: Node<'d>) -> Period {
    let bound = |name: &'static str| {
        let bound = view.one(node, name)?;
        view.null_flavor(bound);
        date(view, bound, "value")
    };
    let read = Period {
        at: date(view, node, "value"),
        low: bound("low"),
        high: bound("high"),
        null_flavor: view.null_flavor(node),
    };
    let began = read.low.as_ref().or(read.at.as_ref());
    if let (Some(began), Some(sent)) = (began, view.sent.as_ref())
        && lies_after(began, sent)
    {
        view.note(FindingCode::FutureDate, Severity::Info, node);
    }
    read
}

/// Whether a date lies after another in the parts that both give.
pub(super) fn lies_after(date: &PartialDate, other: &PartialDate) -> bool {
    let parts = |d: &PartialDate| [d.year, d.month.map(u16::from), d.day.map(u16::from)];
    for (ours, theirs) in parts(date).into_iter().zip(parts(other)) {
        match (ours, theirs) {
            (Some(ours), Some(theirs)) if ours == theirs => {}
            (Some(ours), Some(theirs)) => return ours > theirs,
            _ => return false,
        }
    }
    false
}

/// PQ, INT or REAL.
pub(super) fn quantity<'d>(view: &View<'d>, node: Node<'d>) -> Quantity {
    let value = view.shown(node, "value");
    if value.as_deref().is_some_and(|number| !is_number(number)) {
        view.note(FindingCode::UnreadableValue, Severity::Warning, node);
    }
    Quantity {
        value,
        unit: view.shown(node, "unit"),
        translations: view
            .named(node, "translation")
            .map(|t| QuantityTranslation {
                value: view.shown(t, "value"),
                unit: coded(view, t),
            })
            .collect(),
        null_flavor: view.null_flavor(node),
    }
}

/// The first child of this name as a quantity.
pub(super) fn child_quantity<'d>(
    view: &View<'d>,
    of: Node<'d>,
    name: &'static str,
) -> Option<Quantity> {
    view.one(of, name).map(|node| quantity(view, node))
}

/// IVL_PQ.
pub(super) fn range<'d>(view: &View<'d>, node: Node<'d>) -> ReferenceRange {
    view.null_flavor(node);
    ReferenceRange {
        low: child_quantity(view, node, "low"),
        high: child_quantity(view, node, "high"),
        text: None,
        interpretation: None,
    }
}

fn is_number(text: &str) -> bool {
    let digits = text.trim().trim_start_matches(['+', '-']);
    digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && digits
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '-' | '+'))
        && digits.parse::<f64>().is_ok()
}

/// Every `telecom`.
pub(super) fn telecoms<'d>(view: &View<'d>, of: Node<'d>) -> Vec<Telecom> {
    view.named(of, "telecom")
        .filter_map(|node| {
            view.null_flavor(node);
            let value = view.shown(node, "value")?;
            Some(Telecom {
                value,
                usage: view.shown(node, "use"),
            })
        })
        .collect()
}

/// Every `addr`.
pub(super) fn addresses<'d>(view: &View<'d>, of: Node<'d>) -> Vec<Address> {
    view.named(of, "addr")
        .map(|node| address(view, node))
        .filter(|read| *read != Address::default())
        .collect()
}

/// One AD. A second street, city and so on stays verbatim among the other lines.
pub(super) fn address<'d>(view: &View<'d>, node: Node<'d>) -> Address {
    view.null_flavor(node);
    let mut read = Address {
        usage: view.shown(node, "use"),
        text: view.text(node),
        ..Address::default()
    };
    for part in view.children(node) {
        let name = part.tag_name().name();
        if name == "useablePeriod" {
            continue;
        }
        view.visit(part);
        let Some(text) = view.text(part) else {
            continue;
        };
        if name == "country" {
            // The code of a country whose name is given.
            view.used(part, "code");
            view.used(part, "codeSystem");
        }
        let slot = match name {
            "streetName" => Some(&mut read.street),
            "houseNumber" => Some(&mut read.house_number),
            "postalCode" => Some(&mut read.postal_code),
            "city" => Some(&mut read.city),
            "country" => Some(&mut read.country),
            _ => None,
        };
        match slot {
            Some(slot) if slot.is_none() => *slot = Some(text),
            _ => read.additional.push(text),
        }
    }
    read
}
