//! The data types of FHIR that have a type in the domain.

use super::tree::Node;
use super::view::{View, tellable};
use crate::domain::coded::{Coded, Identifier};
use crate::domain::date::{PartialDate, Period, Precision};
use crate::domain::finding::{FindingCode, Severity};
use crate::domain::person::{Address, Telecom};
use crate::domain::summary::clinical::{Quantity, QuantityTranslation};
use crate::domain::summary::{MeasuredValue, ReferenceRange};
use crate::readers::few;

/// A `CodeableConcept`, `Coding`, `CodeableReference` or `code`: the first coding is the code, the
/// others are translations, `text` are the author's words.
pub(super) fn coded(view: &View<'_>, node: Node) -> Coded {
    if let Some(concept) = view.one(node, "concept") {
        return coded(view, concept);
    }
    let absent = view.absent(node);
    let mut codings = view
        .named(node, "coding")
        .map(|coding| one_coding(view, coding));
    let mut read = match codings.next() {
        Some(first) => first,
        None if view.peek_value(node).is_some() => Coded {
            code: view.value_shown(node),
            translations: specifications(view, node),
            ..Coded::default()
        },
        None => one_coding(view, node),
    };
    read.translations.extend(codings);
    read.original_text = view.shown(node, "text");
    read.null_flavor = read.null_flavor.or(absent);
    read
}

/// What STU3 profiles of Nictiz add to a `code`: the same in another code system.
fn specifications(view: &View<'_>, node: Node) -> Vec<Coded> {
    view.named(node, "extension")
        .filter(|extension| {
            view.peek(*extension, "url")
                .is_some_and(|url| url.ends_with("/code-specification"))
        })
        .filter_map(|extension| {
            view.used(extension, "url");
            child_coded(view, extension, "valueCodeableConcept")
        })
        .collect()
}

/// One `Coding`. A reason for an absence that is written as a code is told as such a reason.
fn one_coding(view: &View<'_>, node: Node) -> Coded {
    let absent = view.absent(node);
    if let Some(flag) = view.one(node, "userSelected") {
        view.use_whole(flag);
    }
    if let (Some(system), Some(code)) = (view.peek(node, "system"), view.peek(node, "code"))
        && is_absence_system(system)
    {
        for name in ["system", "version", "code", "display"] {
            view.used(node, name);
        }
        return Coded {
            null_flavor: Some(tellable(code).to_owned()),
            ..Coded::default()
        };
    }
    Coded {
        code: view.shown(node, "code"),
        system: view.shown(node, "system"),
        system_name: None,
        system_version: view.shown(node, "version"),
        display: view.shown(node, "display"),
        original_text: None,
        null_flavor: absent,
        translations: Vec::new(),
    }
}

/// Systems whose codes are reasons for an absence, in FHIR and in HL7v3.
fn is_absence_system(system: &str) -> bool {
    matches!(
        system,
        "http://terminology.hl7.org/CodeSystem/data-absent-reason"
            | "http://hl7.org/fhir/data-absent-reason"
            | "http://terminology.hl7.org/CodeSystem/v3-NullFlavor"
            | "http://hl7.org/fhir/v3/NullFlavor"
    )
}

/// The first child of this name as a coded value, where it says anything.
pub(super) fn child_coded(view: &View<'_>, of: Node, name: &str) -> Option<Coded> {
    view.one(of, name)
        .map(|node| coded(view, node))
        .filter(|read| !read.is_empty())
}

/// The children of this name as coded values, those that say anything.
pub(super) fn child_codeds(view: &View<'_>, of: Node, name: &str) -> Vec<Coded> {
    view.named(of, name)
        .map(|node| coded(view, node))
        .filter(|read| !read.is_empty())
        .collect()
}

/// Every `identifier` of a node.
pub(super) fn identifiers(view: &View<'_>, of: Node) -> Vec<Identifier> {
    few(view
        .named(of, "identifier")
        .filter_map(|node| identifier(view, node)))
}

/// One `Identifier`. What it is used for says nothing that its system does not.
pub(super) fn identifier(view: &View<'_>, node: Node) -> Option<Identifier> {
    let read = Identifier {
        root: view.shown(node, "system"),
        extension: view.shown(node, "value"),
    };
    for name in ["use", "type"] {
        if let Some(part) = view.one(node, name) {
            view.use_whole(part);
        }
    }
    if let Some(value) = view.one(node, "value") {
        view.absent(value);
    }
    (read.root.is_some() || read.extension.is_some()).then_some(read)
}

/// A `Quantity` (also `Age`, `Duration`, `Money`), verbatim: `<` and the like stand before the value.
pub(super) fn quantity(view: &View<'_>, node: Node) -> Quantity {
    let null_flavor = view
        .one(node, "value")
        .and_then(|value| view.absent(value))
        .or_else(|| view.absent(node));
    // What a comparator or a system would stand beside may be missing: then it is listed.
    let value = view.shown(node, "value").map(|value| {
        let comparator = view.shown(node, "comparator").unwrap_or_default();
        format!("{comparator}{value}")
    });
    let unit = view
        .shown(node, "unit")
        .or_else(|| view.shown(node, "currency"));
    let code = view.shown(node, "code");
    let system = (unit.is_some() || code.is_some())
        .then(|| view.shown(node, "system"))
        .flatten();
    let coded = |code, system| QuantityTranslation {
        value: None,
        unit: Coded {
            code,
            system,
            ..Coded::default()
        },
    };
    let (unit, translations) = match (unit, code, system) {
        (Some(unit), None, None) => (Some(unit), Vec::new()),
        (Some(unit), code, system) => (Some(unit), vec![coded(code, system)]),
        (None, Some(code), Some(system)) => {
            let translation = coded(Some(code.clone()), Some(system));
            (Some(code), vec![translation])
        }
        (None, code, _) => (code, Vec::new()),
    };
    Quantity {
        value,
        unit,
        translations,
        null_flavor,
    }
}

/// A `Range`, or an element of `referenceRange`.
pub(super) fn range(view: &View<'_>, node: Node) -> ReferenceRange {
    ReferenceRange {
        low: view.one(node, "low").map(|low| quantity(view, low)),
        high: view.one(node, "high").map(|high| quantity(view, high)),
        text: view.shown(node, "text"),
        interpretation: child_coded(view, node, "type"),
    }
}

/// A `Ratio` as it is written: `1 mg / 5 mL`, `1:128`.
pub(super) fn ratio(view: &View<'_>, node: Node) -> Option<String> {
    let part = |name: &str| {
        let read = view.one(node, name).map(|part| quantity(view, part))?;
        let mut text = read.value.unwrap_or_default();
        let codes = read.translations.into_iter().map(|other| other.unit);
        let more = codes.flat_map(|unit| unit.code.into_iter().chain(unit.system));
        for word in read.unit.into_iter().chain(more) {
            if !text.split(' ').any(|known| known == word) {
                text.push(' ');
                text.push_str(&word);
            }
        }
        Some(text)
    };
    match (part("numerator"), part("denominator")) {
        (Some(above), Some(below)) => Some(format!("{above} / {below}")),
        (above, below) => above.or(below),
    }
}

/// A date in the value of a node, with a finding where it cannot be read.
pub(super) fn date(view: &View<'_>, node: Node) -> Option<PartialDate> {
    let read = PartialDate::parse(&view.value_shown(node)?);
    if read.precision == Precision::Unreadable {
        view.note(FindingCode::UnreadableDate, Severity::Warning, node);
    } else if view
        .sent
        .as_ref()
        .is_some_and(|sent| lies_after(&read, sent))
    {
        view.note(FindingCode::FutureDate, Severity::Info, node);
    }
    Some(read)
}

/// Whether a date lies on a later day than another.
pub(super) fn lies_after(date: &PartialDate, other: &PartialDate) -> bool {
    let day = |date: &PartialDate| {
        (
            date.year,
            date.month.unwrap_or_default(),
            date.day.unwrap_or_default(),
        )
    };
    date.year.is_some() && other.year.is_some() && {
        let (one, two) = (day(date), day(other));
        // A month without a day is not after a day in it.
        one > two
    }
}

/// The date in the first child of this name.
pub(super) fn child_date(view: &View<'_>, of: Node, name: &str) -> Option<PartialDate> {
    date(view, view.one(of, name)?)
}

/// A choice of types that is a time: `effectiveDateTime`, `…Period`, `…Instant`, `…Timing`, or the
/// base alone. What is no time (`onsetAge`) is for [`super::details::undated`].
pub(super) fn period_of(view: &View<'_>, of: Node, base: &str) -> Period {
    let mut period = Period::default();
    for child in view.children(of) {
        let Some(kind) = view.name(child).strip_prefix(base) else {
            continue;
        };
        match kind {
            "" | "DateTime" | "Date" | "Instant" => {
                if view.one(child, "start").is_some() || view.one(child, "end").is_some() {
                    ends(view, child, &mut period);
                    continue;
                }
                period.null_flavor = period.null_flavor.or(view.absent(child));
                if period.at.is_none() {
                    period.at = date(view, child);
                }
            }
            "Period" => {
                period.null_flavor = period.null_flavor.or(view.absent(child));
                ends(view, child, &mut period);
            }
            "Timing" => {
                if let Some(bounds) = view.at(child, &["repeat", "boundsPeriod"]) {
                    ends(view, bounds, &mut period);
                }
                if let Some(event) = view.one(child, "event")
                    && period.at.is_none()
                {
                    period.at = date(view, event);
                }
            }
            _ => {}
        }
    }
    period
}

/// A `Period`.
pub(super) fn period(view: &View<'_>, node: Node) -> Period {
    let mut read = Period {
        null_flavor: view.absent(node),
        ..Period::default()
    };
    ends(view, node, &mut read);
    read
}

fn ends(view: &View<'_>, node: Node, period: &mut Period) {
    for (name, end) in [("start", &mut period.low), ("end", &mut period.high)] {
        if let Some(child) = view.one(node, name) {
            period.null_flavor = period.null_flavor.take().or(view.absent(child));
            if end.is_none() {
                *end = date(view, child);
            }
        }
    }
}

/// A choice of types that is a value: `valueQuantity`, `valueCodeableConcept`, …; without one, why
/// there is none (`dataAbsentReason`).
pub(super) fn value_of(view: &View<'_>, of: Node, base: &str) -> MeasuredValue {
    let chosen = view.children(of).find_map(|child| {
        let kind = view.name(child).strip_prefix(base)?;
        kind.starts_with(|c: char| c.is_ascii_uppercase())
            .then_some((child, kind))
    });
    let reason = || {
        child_coded(view, of, "dataAbsentReason")
            .and_then(|reason| reason.null_flavor.or(reason.original_text).or(reason.code))
    };
    let Some((child, kind)) = chosen else {
        return MeasuredValue::None {
            null_flavor: reason(),
        };
    };
    let none = || MeasuredValue::None {
        null_flavor: view.absent(child).or_else(reason),
    };
    match kind {
        "Quantity" | "Age" | "Duration" | "Money" | "Count" | "Distance" | "SimpleQuantity" => {
            MeasuredValue::Quantity(quantity(view, child))
        }
        "Integer" | "Decimal" | "PositiveInt" | "UnsignedInt" | "Integer64" => {
            MeasuredValue::Quantity(Quantity {
                value: view.value_shown(child),
                null_flavor: view.absent(child),
                ..Quantity::default()
            })
        }
        "CodeableConcept" | "Coding" | "Code" | "CodeableReference" => {
            MeasuredValue::Coded(coded(view, child))
        }
        "Range" => MeasuredValue::Range(Box::new(range(view, child))),
        "Boolean" => view
            .value_shown(child)
            .map_or_else(none, |value| MeasuredValue::Boolean { value }),
        "DateTime" | "Date" | "Instant" | "Time" | "Period" | "Timing" => {
            MeasuredValue::Time(time(view, of, base, child, kind))
        }
        "Ratio" => ratio(view, child).map_or_else(none, |text| MeasuredValue::Text { text }),
        "SampledData" | "Attachment" | "Reference" | "Identifier" => none(),
        _ => view
            .value_shown(child)
            .map_or_else(none, |text| MeasuredValue::Text { text }),
    }
}

fn time(view: &View<'_>, of: Node, base: &str, child: Node, kind: &str) -> Period {
    if kind == "Time" {
        return Period {
            // A time of day is no date; it keeps its text.
            at: view
                .value_shown(child)
                .map(|text| PartialDate::parse(&text)),
            ..Period::default()
        };
    }
    period_of(view, of, base)
}

/// Every `telecom` of a node.
pub(super) fn telecoms(view: &View<'_>, of: Node) -> Vec<Telecom> {
    view.named(of, "telecom")
        .filter_map(|node| {
            // Without a value there is nothing to show: what it says is listed.
            let value = view.shown(node, "value")?;
            for name in ["system", "rank"] {
                view.used(node, name);
            }
            let usage = view.shown(node, "use");
            Some(Telecom { value, usage })
        })
        .collect()
}

/// Every `address` of a node.
pub(super) fn addresses(view: &View<'_>, of: Node) -> Vec<Address> {
    view.named(of, "address")
        .map(|node| address(view, node))
        .collect()
}

/// One `Address`, with the parts of its first line where they are named apart.
pub(super) fn address(view: &View<'_>, node: Node) -> Address {
    view.used(node, "type");
    let mut read = Address {
        usage: view.shown(node, "use"),
        postal_code: view.shown(node, "postalCode"),
        city: view.shown(node, "city"),
        country: view.shown(node, "country"),
        text: view.shown(node, "text"),
        ..Address::default()
    };
    for line in view.named(node, "line") {
        for extension in view.named(line, "extension") {
            let slot = match view
                .peek(extension, "url")
                .and_then(|url| url.rsplit('-').next())
            {
                Some("streetName") => &mut read.street,
                Some("houseNumber") => &mut read.house_number,
                _ => continue,
            };
            if slot.is_none() {
                view.used(extension, "url");
                *slot = view.shown(extension, "valueString");
            }
        }
        if read.street.is_none() {
            read.street = view.value_shown(line);
        } else {
            read.additional.extend(view.value_shown(line));
        }
    }
    for name in ["district", "state"] {
        read.additional.extend(view.shown(node, name));
    }
    read
}
