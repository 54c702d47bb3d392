//! Any element as named values, whatever its type: so that a reader is a table plus its special cases.

use super::tree::Node;
use super::types::{coded, date, identifier, period, quantity, ratio};
use super::view::View;
use super::xml::TEXT;
use crate::domain::coded::{Coded, Identifier};
use crate::domain::date::{PartialDate, Period, Precision};
use crate::domain::finding::{FindingCode, Severity};
use crate::domain::person::{Author, HumanName, Organisation, Telecom};
use crate::domain::summary::{Detail, Fact};

/// Extensions by the end of their URL, and the name of the detail that each becomes.
const EXTENSIONS: [(&str, &str); 12] = [
    ("data-absent-reason", "absent"),
    ("allergyintolerance-abatement", "abatement"),
    ("allergyintolerance-certainty", "certainty"),
    ("allergyintolerance-duration", "duration"),
    ("condition-assertedDate", "asserted"),
    ("zib-MedicationUse-Prescriber", "prescriber"),
    ("zib-Medication-PeriodOfUse", "period_of_use"),
    (
        "zib-Medication-AdditionalInformation",
        "additional_information",
    ),
    ("zib-Medication-Instructions", "instructions"),
    ("zib-MedicationUse-AsAgreedIndicator", "as_agreed"),
    ("code-specification", "code_specification"),
    ("Comment", "comment"),
];

/// Of a choice of types, what is no time (`onsetAge`, `onsetString`): the rest of
/// [`super::types::period_of`].
pub(super) fn undated(view: &View<'_>, of: Node, base: &str, name: &str) -> Vec<Detail> {
    view.children(of)
        .filter(|child| {
            let kind = view.name(*child).strip_prefix(base).unwrap_or_default();
            kind.starts_with(|c: char| c.is_ascii_uppercase())
                && !matches!(kind, "DateTime" | "Date" | "Instant" | "Period" | "Timing")
        })
        .filter_map(|child| detail(view, child, name))
        .collect()
}

/// Every `note`, with who wrote it and when.
pub(super) fn annotations(view: &View<'_>, of: Node) -> Vec<Detail> {
    view.named(of, "note")
        .filter_map(|node| detail(view, node, "note"))
        .collect()
}

/// Every `extension` and `modifierExtension` of a node.
pub(super) fn extensions(view: &View<'_>, of: Node) -> Vec<Detail> {
    let mut details = Vec::new();
    for child in view.children(of) {
        match view.name(child) {
            "extension" => details.extend(extension(view, child)),
            "modifierExtension" => {
                view.note(FindingCode::UnknownModifier, Severity::Warning, child);
                let inner = extension(view, child);
                details.push(Detail {
                    name: "modifier".to_owned(),
                    details: inner.into_iter().collect(),
                    ..Detail::default()
                });
            }
            _ => {}
        }
    }
    details
}

/// What is no content of a resource but says how it is kept: its id, its version, the language and
/// the profiles it was written to. Labels are read before anything else; narrative apart.
pub(super) fn bookkeeping(view: &View<'_>, resource: Node) {
    for name in ["id", "meta", "language"] {
        if let Some(node) = view.one(resource, name) {
            view.use_whole(node);
        }
    }
}

/// One extension; nothing where it is taken already.
fn extension(view: &View<'_>, node: Node) -> Option<Detail> {
    let url_node = view.one(node, "url");
    if let Some(url_node) = url_node
        && view.state(url_node).is_some()
    {
        return None;
    }
    let url = url_node
        .and_then(|url| view.value_used(url))
        .unwrap_or_default();
    let end = url.rsplit(['/', '#']).next().unwrap_or_default();
    let name = EXTENSIONS
        .into_iter()
        .find(|(known, _)| end.ends_with(known))
        .map_or(end, |(_, name)| name);
    let mut read = Detail {
        name: name.to_owned(),
        ..Detail::default()
    };
    let mut valued = false;
    for child in view.children(node) {
        match view.name(child) {
            "url" | "id" => {}
            "extension" => read.details.extend(extension(view, child)),
            value if value.starts_with("value") && !valued => {
                if let Some(inner) = detail(view, child, name) {
                    let nested = core::mem::take(&mut read.details);
                    read = inner;
                    read.details.splice(0..0, nested);
                    valued = true;
                }
            }
            // It may have one value; of more none is lost.
            other => read.details.extend(detail(view, child, other)),
        }
    }
    Some(read)
}

/// One element, by the shape it has. `None` where there is nothing in it, and of words between
/// elements: they belong to none, and are listed.
pub(super) fn detail(view: &View<'_>, node: Node, name: &str) -> Option<Detail> {
    if view.name(node) == TEXT {
        return None;
    }
    let mut read = Detail {
        name: name.to_owned(),
        ..Detail::default()
    };
    let has = |child: &str| view.one(node, child).is_some();
    if let Some(reason) = view.absent(node) {
        read.details.push(Detail::text("absent", reason));
    }
    let mut rest = true;
    if view.peek_value(node).is_some() {
        primitive(view, node, &mut read);
    } else if has("coding") || has("concept") || (has("code") && has("system") && !has("value")) {
        let value = coded(view, node);
        read.coded = (!value.is_empty()).then(|| Box::new(value));
    } else if is_reference(view, node) {
        reference(view, node, &mut read);
    } else if is_quantity(view, node) {
        read.quantity = Some(Box::new(quantity(view, node)));
    } else if has("numerator") || has("denominator") {
        read.text = ratio(view, node);
    } else if (has("start") || has("end")) && !has("status") {
        read.period = Some(Box::new(period(view, node)));
    } else if has("system") && has("value") {
        let id = identifier(view, node);
        read.text = id.as_ref().and_then(|id| id.extension.clone());
        read.details.extend(
            id.and_then(|id| id.root)
                .map(|root| Detail::text("system", root)),
        );
    } else if has("text") && !has("div") {
        read.text = view.shown(node, "text");
    } else {
        rest = false;
    }
    let whole = !rest;
    for child in view.children(node) {
        let child_name = view.name(child);
        match child_name {
            "extension" | "modifierExtension" | "div" => {}
            _ if !whole && view.is_touched(child) => read.details.extend(leftovers(view, child)),
            _ => read.details.extend(detail(view, child, child_name)),
        }
    }
    read.details.extend(extensions(view, node));
    (read
        != Detail {
            name: name.to_owned(),
            ..Detail::default()
        })
    .then_some(read)
}

fn primitive(view: &View<'_>, node: Node, read: &mut Detail) {
    let text = view.peek_value(node).unwrap_or_default();
    let dated = text.len() >= 10
        && text.as_bytes().get(4) == Some(&b'-')
        && PartialDate::parse(text).precision != Precision::Unreadable;
    if dated {
        read.period = Some(Box::new(Period {
            at: date(view, node),
            ..Period::default()
        }));
    } else {
        read.text = view.value_shown(node);
    }
}

/// A `Reference` has one of these, and nothing clinical.
fn is_reference(view: &View<'_>, node: Node) -> bool {
    let mut any = false;
    view.children(node).all(|child| {
        let name = view.name(child);
        any |= matches!(name, "reference" | "display");
        matches!(
            name,
            "reference" | "display" | "identifier" | "type" | "extension" | "id"
        )
    }) && any
}

fn is_quantity(view: &View<'_>, node: Node) -> bool {
    let has = |child: &str| view.one(node, child).is_some();
    let only = view.children(node).all(|child| {
        matches!(
            view.name(child),
            "value" | "unit" | "code" | "system" | "comparator" | "currency" | "extension" | "id"
        )
    });
    let code_is_plain = view
        .one(node, "code")
        .is_none_or(|code| view.peek_value(code).is_some());
    only && code_is_plain
        && (has("unit")
            || has("comparator")
            || has("currency")
            || (has("value") && (has("code") || !has("system"))))
}

/// What a reference points at, by its words; where it does not resolve, as it is written.
fn reference(view: &View<'_>, node: Node, read: &mut Detail) {
    let display = view.shown(node, "display");
    if let Some(target) = view.index.resolve(view, node) {
        view.used(node, "reference");
        view.used(node, "type");
        read.text = display.or_else(|| label_of(view, target.node));
        if read.text.is_none() {
            read.text = Some(target.kind.to_owned());
        }
        if let Some(id) = view.one(node, "identifier") {
            read.details.extend(detail(view, id, "identifier"));
        }
        return;
    }
    if view.peek(node, "reference").is_some() {
        view.note(FindingCode::DanglingReference, Severity::Warning, node);
    }
    let written = view.shown(node, "reference");
    match display {
        Some(display) => {
            read.text = Some(display);
            read.details
                .extend(written.map(|written| Detail::text("reference", written)));
        }
        None => read.text = written,
    }
    for name in ["identifier", "type"] {
        if let Some(child) = view.one(node, name) {
            read.details.extend(detail(view, child, name));
        }
    }
}

/// The words a resource is known by. Marks nothing: the resource itself is shown where it belongs.
pub(super) fn label_of(view: &View<'_>, resource: Node) -> Option<String> {
    for name in ["code", "medicationCodeableConcept", "vaccineCode", "type"] {
        if let Some(node) = view.one(resource, name) {
            let coding = view.one(node, "coding");
            let label = view
                .peek(node, "text")
                .or_else(|| coding.and_then(|coding| view.peek(coding, "display")));
            if let Some(label) = label {
                return Some(label.to_owned());
            }
        }
    }
    let name = view.one(resource, "name")?;
    if let Some(plain) = view.peek_value(name) {
        return Some(plain.to_owned());
    }
    if let Some(text) = view.peek(name, "text") {
        return Some(text.to_owned());
    }
    let words: Vec<&str> = view
        .children(name)
        .filter(|part| matches!(view.name(*part), "given" | "family" | "prefix"))
        .filter_map(|part| view.peek_value(part))
        .collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// What no reader took of a resource, as named values.
pub(super) fn leftovers(view: &View<'_>, node: Node) -> Vec<Detail> {
    let mut details = Vec::new();
    for child in view.children(node) {
        match view.name(child) {
            "text" | "contained" | "photo" => {}
            "extension" if !view.is_touched(child) => details.extend(extension(view, child)),
            name if !view.is_touched(child) => {
                details.extend(detail(view, child, &super::statements::snake(name)));
            }
            _ => details.extend(leftovers(view, child)),
        }
    }
    details
}

/// A person or an organisation as a named value.
pub(super) fn person(name: &str, author: &Author) -> Detail {
    let mut read = Detail {
        name: name.to_owned(),
        coded: author.role.clone(),
        text: author.name.as_ref().map(whole_name),
        ..Detail::default()
    };
    let mut add = |name: &str, text: &str| read.details.push(Detail::text(name, text));
    for id in &author.ids {
        identifier_parts(id, &mut add);
    }
    for telecom in &author.telecoms {
        telecom_parts(telecom, &mut add);
    }
    if let Some(usage) = author.name.as_ref().and_then(|name| name.usage.as_deref()) {
        add("name_use", usage);
    }
    if let Some(organisation) = &author.organisation {
        read.details.push(organisation_detail(organisation));
    }
    if let Some(time) = &author.time {
        read.period = Some(Box::new(Period {
            at: Some(time.clone()),
            ..Period::default()
        }));
    }
    read
}

fn organisation_detail(organisation: &Organisation) -> Detail {
    let mut read = Detail {
        name: "organisation".to_owned(),
        coded: organisation.kind.clone().map(Box::new),
        text: organisation.name.clone(),
        ..Detail::default()
    };
    let mut add = |name: &str, text: &str| read.details.push(Detail::text(name, text));
    for id in &organisation.ids {
        identifier_parts(id, &mut add);
    }
    for telecom in &organisation.telecoms {
        telecom_parts(telecom, &mut add);
    }
    for address in &organisation.addresses {
        let parts = [
            &address.usage,
            &address.text,
            &address.street,
            &address.house_number,
            &address.postal_code,
            &address.city,
            &address.country,
        ];
        for part in parts.into_iter().flatten().chain(&address.additional) {
            add("address", part);
        }
    }
    read
}

fn identifier_parts(id: &Identifier, add: &mut impl FnMut(&str, &str)) {
    for (name, part) in [("id_system", &id.root), ("id", &id.extension)] {
        if let Some(part) = part {
            add(name, part);
        }
    }
}

fn telecom_parts(telecom: &Telecom, add: &mut impl FnMut(&str, &str)) {
    add("telecom", &telecom.value);
    if let Some(usage) = &telecom.usage {
        add("telecom_use", usage);
    }
}

fn whole_name(name: &HumanName) -> String {
    let parts: Vec<&str> = name.parts.iter().map(|part| part.text.as_str()).collect();
    parts.join(" ")
}

/// A named value as facts of the message about itself: `Composition/author/name`.
pub(super) fn facts_of(path: &str, detail: &Detail, facts: &mut Vec<Fact>) {
    let path = format!("{path}/{}", detail.name);
    let mut add = |value: &Option<String>| {
        facts.extend(value.iter().map(|value| Fact {
            name: path.clone(),
            value: value.clone(),
        }));
    };
    add(&detail.text);
    let mut codes: Vec<&Coded> = detail.coded.as_deref().into_iter().collect();
    while let Some(coded) = codes.pop() {
        for part in [
            &coded.original_text,
            &coded.display,
            &coded.code,
            &coded.system,
            &coded.system_version,
            &coded.null_flavor,
        ] {
            add(part);
        }
        codes.extend(&coded.translations);
    }
    if let Some(quantity) = &detail.quantity {
        add(&quantity.value);
        add(&quantity.unit);
        for other in &quantity.translations {
            add(&other.unit.code);
            add(&other.unit.system);
        }
    }
    for date in detail
        .period
        .iter()
        .flat_map(|period| [&period.at, &period.low, &period.high])
        .flatten()
    {
        add(&Some(date.raw.clone()));
    }
    for inner in &detail.details {
        facts_of(&path, inner, facts);
    }
}
