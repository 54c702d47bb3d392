//! Data types of FHIR, from what was read.

use chrono::{Datelike, NaiveDate, Weekday};
use inzage_core::domain::coded::{Coded, Identifier};
use inzage_core::domain::date::{PartialDate, Period, Precision};
use inzage_core::domain::person::{Address, HumanName, NamePartKind, Telecom};
use inzage_core::domain::summary::ReferenceRange;
use inzage_core::domain::summary::clinical::Quantity;

use super::tree::{Object, Tree};

/// Systems that FHIR knows by an address of their own.
const SYSTEMS: [(&str, &str); 9] = [
    ("2.16.840.1.113883.6.96", "http://snomed.info/sct"),
    ("2.16.840.1.113883.6.1", "http://loinc.org"),
    (
        "2.16.840.1.113883.5.4",
        "http://terminology.hl7.org/CodeSystem/v3-ActCode",
    ),
    (
        "2.16.840.1.113883.5.83",
        "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation",
    ),
    (
        "2.16.840.1.113883.2.4.6.3",
        "http://fhir.nl/fhir/NamingSystem/bsn",
    ),
    (
        "2.16.528.1.1007.3.3",
        "http://fhir.nl/fhir/NamingSystem/ura",
    ),
    (
        "2.16.528.1.1007.3.1",
        "http://fhir.nl/fhir/NamingSystem/uzi-nr-pers",
    ),
    (
        "2.16.840.1.113883.2.4.6.1",
        "http://fhir.nl/fhir/NamingSystem/agb-z",
    ),
    (
        "2.16.840.1.113883.2.4.4.1",
        "urn:oid:2.16.840.1.113883.2.4.4.1",
    ),
];

/// The system as FHIR names it.
pub(super) fn system(root: &str) -> String {
    let known = SYSTEMS.iter().find(|(oid, _)| *oid == root);
    match known {
        Some((_, uri)) => (*uri).to_owned(),
        None if root.contains(':') => root.to_owned(),
        None if root.contains('-') => format!("urn:uuid:{root}"),
        None => format!("urn:oid:{root}"),
    }
}

pub(super) fn identifier(id: &Identifier) -> Object {
    Object::new()
        .maybe("system", id.root.as_deref().map(system))
        .maybe("value", id.extension.as_ref())
}

pub(super) fn coding(system: &str, code: &str, display: Option<&str>) -> Object {
    Object::new()
        .with("system", system)
        .with("code", code)
        .maybe("display", display)
}

/// A concept of one code.
pub(super) fn concept(system: &str, code: &str) -> Object {
    Object::new().list("coding", [coding(system, code, None)])
}

/// A concept as it was received; `text` where the author's words stand beside the code.
pub(super) fn coded(value: &Coded, text: Option<&str>) -> Object {
    let one = |value: &Coded| {
        Object::new()
            .maybe("system", value.system.as_deref().map(system))
            .maybe("version", value.system_version.as_ref())
            .maybe("code", value.code.as_ref())
            .maybe("display", value.display.as_ref())
    };
    let codings = std::iter::once(value)
        .chain(&value.translations)
        .map(one)
        .filter(|coding| !coding.is_empty());
    Object::new()
        .list("coding", codings)
        .maybe("text", text.or(value.original_text.as_deref()))
}

/// A date as FHIR writes it; a time gets the offset of the Netherlands, which FHIR demands.
/// `None` for what is no date.
pub(super) fn date(date: &PartialDate) -> Option<String> {
    let year = date.year?;
    let (month, day) = (date.month, date.day);
    let mut out = format!("{year:04}");
    if date.precision == Precision::Unreadable {
        return None;
    }
    let Some(month) = month else { return Some(out) };
    out.push_str(&format!("-{month:02}"));
    let Some(day) = day else { return Some(out) };
    out.push_str(&format!("-{day:02}"));
    if let (Some(hour), Some(minute)) = (date.hour, date.minute) {
        let offset = offset(NaiveDate::from_ymd_opt(
            i32::from(year),
            month.into(),
            day.into(),
        )?);
        let second = date.second.unwrap_or(0);
        out.push_str(&format!("T{hour:02}:{minute:02}:{second:02}{offset}"));
    }
    Some(out)
}

/// Summer time runs from the last Sunday of March to that of October, by whole days here.
fn offset(day: NaiveDate) -> &'static str {
    let last_sunday = |month| {
        let last = NaiveDate::from_ymd_opt(day.year(), month, 31)?;
        (0..7)
            .filter_map(|back| last.checked_sub_days(chrono::Days::new(back)))
            .find(|day| day.weekday() == Weekday::Sun)
    };
    match (last_sunday(3), last_sunday(10)) {
        (Some(from), Some(to)) if day >= from && day < to => "+02:00",
        _ => "+01:00",
    }
}

/// Start and end, where any can be written.
pub(super) fn period(period: &Period) -> Option<Object> {
    let start = period.low.as_ref().or(period.at.as_ref()).and_then(date);
    let end = period.high.as_ref().and_then(date);
    let out = Object::new().maybe("start", start).maybe("end", end);
    (!out.is_empty()).then_some(out)
}

pub(super) fn quantity(value: &Quantity) -> Object {
    Object::new()
        .maybe("value", value.value.clone().map(Tree::Number))
        .maybe("unit", value.unit.as_ref())
}

pub(super) fn range(range: &ReferenceRange) -> Object {
    Object::new()
        .maybe("low", range.low.as_ref().map(quantity))
        .maybe("high", range.high.as_ref().map(quantity))
        .maybe("text", range.text.as_ref())
}

pub(super) fn name(name: &HumanName) -> Object {
    let of = |kinds: &[NamePartKind]| {
        let parts = name.parts.iter().filter(|part| kinds.contains(&part.kind));
        parts
            .map(|part| part.text.trim().to_owned())
            .collect::<Vec<_>>()
    };
    let family = Some(name.family.as_str()).filter(|family| !family.is_empty());
    Object::new()
        .maybe("text", of(&[NamePartKind::Text]).into_iter().next())
        .maybe("family", family)
        .list(
            "given",
            of(&[
                NamePartKind::Given,
                NamePartKind::Initials,
                NamePartKind::CallMe,
            ]),
        )
        .list("prefix", of(&[NamePartKind::Title]))
        .list("suffix", of(&[NamePartKind::Suffix]))
}

pub(super) fn telecom(telecom: &Telecom) -> Object {
    let kind = match telecom.value.split(':').next() {
        Some("tel") => "phone",
        Some("fax") => "fax",
        Some("mailto") => "email",
        _ => "other",
    };
    let usage = match telecom.usage.as_deref() {
        Some("HP") => Some("home"),
        Some("WP") => Some("work"),
        Some("MC") => Some("mobile"),
        _ => None,
    };
    let value = telecom
        .value
        .split_once(':')
        .map_or(telecom.value.as_str(), |(_, rest)| rest);
    Object::new()
        .with("system", kind)
        .with("value", value)
        .maybe("use", usage)
}

pub(super) fn address(address: &Address) -> Object {
    let street = [&address.street, &address.house_number]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(" ");
    let lines = (!street.is_empty())
        .then_some(street)
        .into_iter()
        .chain(address.additional.iter().cloned());
    Object::new()
        .maybe("text", address.text.as_ref())
        .list("line", lines)
        .maybe("city", address.city.as_ref())
        .maybe("postalCode", address.postal_code.as_ref())
        .maybe("country", address.country.as_ref())
}

/// What went wrong, in FHIR; `severity` and `code` of the standard's lists.
pub(crate) fn outcome(severity: &str, code: &str, own: Option<&str>, text: &str) -> Object {
    let details = Object::new()
        .list(
            "coding",
            own.map(|own| coding("urn:oid:2.16.840.1.113883.2.4.6.6.1.1000", own, None)),
        )
        .with("text", text);
    Object::resource("OperationOutcome").list(
        "issue",
        [Object::new()
            .with("severity", severity)
            .with("code", code)
            .with("details", details)],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_keeps_its_precision_and_a_time_gets_the_offset_of_its_season() {
        for (raw, written) in [
            ("2019", Some("2019")),
            ("201905", Some("2019-05")),
            ("20190518", Some("2019-05-18")),
            ("202611121030", Some("2026-11-12T10:30:00+01:00")),
            ("20260701103015", Some("2026-07-01T10:30:15+02:00")),
            ("20170230", None),
            ("gisteren", None),
        ] {
            assert_eq!(date(&PartialDate::parse(raw)).as_deref(), written, "{raw}");
        }
    }

    #[test]
    fn a_system_is_named_as_fhir_names_it() {
        assert_eq!(system("2.16.840.1.113883.6.96"), "http://snomed.info/sct");
        assert_eq!(system("2.16.1"), "urn:oid:2.16.1");
        assert_eq!(system("2b6c5a0e-5a0d"), "urn:uuid:2b6c5a0e-5a0d");
        assert_eq!(system("http://x"), "http://x");
    }
}
