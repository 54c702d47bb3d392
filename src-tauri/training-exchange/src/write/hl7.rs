//! Data types and people in HL7 version 3, as the building blocks of acute care write them.

use inzage_core::domain::coded::{Coded, Identifier};
use inzage_core::domain::date::{PartialDate, Period};
use inzage_core::domain::person::{Address, Author, HumanName, NamePartKind, Patient, Telecom};
use inzage_core::domain::summary::clinical::Quantity;
use inzage_core::domain::summary::{MeasuredValue, ReferenceRange};

use super::xml::Xml;

pub(super) const LOINC: &str = "2.16.840.1.113883.6.1";
pub(super) const SNOMED: &str = "2.16.840.1.113883.6.96";
pub(super) const ACT_CODE: &str = "2.16.840.1.113883.5.4";
const ACT_CLASS: &str = "2.16.840.1.113883.5.6";
const BSN: &str = "2.16.840.1.113883.2.4.6.3";

pub(super) fn id(x: &mut Xml, id: &Identifier) {
    x.empty(
        "id",
        &[
            ("extension", id.extension.as_deref()),
            ("root", id.root.as_deref()),
        ],
    );
}

pub(super) fn ids(x: &mut Xml, all: &[Identifier]) {
    all.iter().for_each(|one| id(x, one));
}

pub(super) fn template(x: &mut Xml, root: &str) {
    x.empty("templateId", &[("root", Some(root))]);
}

pub(super) fn status(x: &mut Xml, code: &str) {
    x.empty("statusCode", &[("code", Some(code))]);
}

/// A code of a standard's own.
pub(super) fn code(x: &mut Xml, code: &str, system: &str, display: &str) {
    x.empty(
        "code",
        &[
            ("code", Some(code)),
            ("codeSystem", Some(system)),
            ("displayName", Some(display)),
        ],
    );
}

/// A coded value as it was received; `kind` is its `xsi:type`, where it needs one.
pub(super) fn coded(x: &mut Xml, name: &str, kind: Option<&str>, value: &Coded) {
    x.element(
        name,
        &[
            ("xsi:type", kind),
            ("code", value.code.as_deref()),
            ("codeSystem", value.system.as_deref()),
            ("codeSystemName", value.system_name.as_deref()),
            ("codeSystemVersion", value.system_version.as_deref()),
            ("displayName", value.display.as_deref()),
            ("nullFlavor", value.null_flavor.as_deref()),
        ],
        |x| {
            if let Some(text) = &value.original_text {
                x.text("originalText", text);
            }
            for translation in &value.translations {
                coded(
                    x,
                    "translation",
                    None,
                    &Coded {
                        translations: Vec::new(),
                        ..translation.clone()
                    },
                );
            }
        },
    );
}

/// A period, or a moment.
pub(super) fn time(x: &mut Xml, name: &str, kind: Option<&str>, period: &Period) {
    let raw = |date: &'_ Option<PartialDate>| date.as_ref().map(|d| d.raw.clone());
    let (at, low, high) = (raw(&period.at), raw(&period.low), raw(&period.high));
    if period.is_empty() {
        return;
    }
    if low.is_none() && high.is_none() {
        x.empty(
            name,
            &[
                ("value", at.as_deref()),
                ("nullFlavor", period.null_flavor.as_deref()),
            ],
        );
        return;
    }
    x.element(name, &[("xsi:type", kind)], |x| {
        for (name, value) in [("low", low.or(at)), ("high", high)] {
            if value.is_some() {
                x.empty(name, &[("value", value.as_deref())]);
            }
        }
    });
}

fn quantity(x: &mut Xml, name: &str, kind: Option<&str>, value: &Quantity) {
    x.empty(
        name,
        &[
            ("xsi:type", kind),
            ("value", value.value.as_deref()),
            ("unit", value.unit.as_deref()),
            ("nullFlavor", value.null_flavor.as_deref()),
        ],
    );
}

/// The value of a measurement, in the type it was received in.
pub(super) fn value(x: &mut Xml, value: &MeasuredValue) {
    match value {
        MeasuredValue::Quantity(number) => quantity(x, "value", Some("PQ"), number),
        MeasuredValue::Text { text } => x.element("value", &[("xsi:type", Some("ST"))], |x| {
            x.raw(&super::xml::escaped(text));
        }),
        MeasuredValue::Coded(code) => coded(x, "value", Some("CE"), code),
        MeasuredValue::Range(range) => bounds(x, range),
        MeasuredValue::Boolean { value } => {
            x.empty("value", &[("xsi:type", Some("BL")), ("value", Some(value))]);
        }
        MeasuredValue::Time(period) => time(x, "value", Some("IVL_TS"), period),
        MeasuredValue::None { null_flavor } => {
            if null_flavor.is_some() {
                x.empty("value", &[("nullFlavor", null_flavor.as_deref())]);
            }
        }
    }
}

fn bounds(x: &mut Xml, range: &ReferenceRange) {
    x.element("value", &[("xsi:type", Some("IVL_PQ"))], |x| {
        for (name, bound) in [("low", &range.low), ("high", &range.high)] {
            if let Some(bound) = bound {
                quantity(x, name, None, bound);
            }
        }
    });
}

pub(super) fn reference_range(x: &mut Xml, range: &ReferenceRange) {
    x.element("referenceRange", &[("typeCode", Some("REFV"))], |x| {
        let attributes = [("classCode", Some("OBS")), ("moodCode", Some("EVN.CRT"))];
        x.element("observationRange", &attributes, |x| {
            if let Some(text) = &range.text {
                x.text("text", text);
            }
            if range.low.is_some() || range.high.is_some() {
                bounds(x, range);
            }
            if let Some(meaning) = &range.interpretation {
                coded(x, "interpretationCode", None, meaning);
            }
        });
    });
}

fn name(x: &mut Xml, name: &HumanName) {
    x.element("name", &[], |x| {
        for part in &name.parts {
            let (element, qualifier) = match part.kind {
                NamePartKind::Given => ("given", Some("BR")),
                NamePartKind::Initials => ("given", Some("IN")),
                NamePartKind::CallMe => ("given", Some("CL")),
                NamePartKind::SurnamePrefix => ("prefix", Some("VV")),
                NamePartKind::Title => ("prefix", None),
                NamePartKind::OwnSurname => ("family", Some("BR")),
                NamePartKind::PartnerSurname => ("family", Some("SP")),
                NamePartKind::Suffix => ("suffix", None),
                NamePartKind::Text => {
                    x.raw(&super::xml::escaped(&part.text));
                    continue;
                }
            };
            x.element(element, &[("qualifier", qualifier)], |x| {
                x.raw(&super::xml::escaped(&part.text));
            });
        }
    });
}

fn address(x: &mut Xml, address: &Address) {
    x.element("addr", &[("use", address.usage.as_deref())], |x| {
        let parts = [
            ("streetName", &address.street),
            ("houseNumber", &address.house_number),
            ("postalCode", &address.postal_code),
            ("city", &address.city),
            ("country", &address.country),
        ];
        for (name, value) in parts {
            if let Some(value) = value {
                x.text(name, value);
            }
        }
        for line in &address.additional {
            x.text("additionalLocator", line);
        }
        if let Some(text) = &address.text {
            x.raw(&super::xml::escaped(text));
        }
    });
}

fn telecom(x: &mut Xml, telecom: &Telecom) {
    x.empty(
        "telecom",
        &[
            ("use", telecom.usage.as_deref()),
            ("value", Some(&telecom.value)),
        ],
    );
}

/// The patient of a block.
pub(super) fn record_target(x: &mut Xml, patient: &Patient) {
    let attributes = [
        ("typeCode", Some("RCT")),
        ("contextControlCode", Some("OP")),
    ];
    x.element("recordTarget", &attributes, |x| {
        x.element("patientRole", &[], |x| {
            x.empty(
                "id",
                &[("extension", Some(&patient.bsn)), ("root", Some(BSN))],
            );
            patient.addresses.iter().for_each(|one| address(x, one));
            patient.telecoms.iter().for_each(|one| telecom(x, one));
            x.element("patient", &[], |x| {
                name(x, &patient.name);
                if let Some(gender) = &patient.gender {
                    coded(x, "administrativeGenderCode", None, gender);
                }
                if let Some(born) = &patient.birth_date {
                    x.empty("birthTime", &[("value", Some(&born.raw))]);
                }
            });
        });
    });
}

/// Who wrote something, with the time.
pub(super) fn author(x: &mut Xml, author: &Author, at: Option<&PartialDate>) {
    x.element("author", &[], |x| {
        if let Some(time) = author.time.as_ref().or(at) {
            x.empty("time", &[("value", Some(&time.raw))]);
        }
        x.element("assignedAuthor", &[], |x| assigned(x, author));
    });
}

/// Who held a contact.
pub(super) fn performer(x: &mut Xml, author: &Author) {
    x.element("performer", &[("typeCode", Some("PRF"))], |x| {
        x.element("assignedEntity", &[], |x| assigned(x, author));
    });
}

fn assigned(x: &mut Xml, author: &Author) {
    ids(x, &author.ids);
    if let Some(role) = &author.role {
        coded(x, "code", None, role);
    }
    if let Some(of) = &author.name {
        x.element("assignedPerson", &[], |x| name(x, of));
    }
    if let Some(organisation) = &author.organisation {
        x.element("representedOrganization", &[], |x| {
            ids(x, &organisation.ids);
            if let Some(name) = &organisation.name {
                x.text("name", name);
            }
        });
    }
}

/// Who is responsible for an entry.
pub(super) fn responsible(x: &mut Xml, author: &Author, role_class: &str) {
    x.element("participant", &[("typeCode", Some("RESP"))], |x| {
        if let Some(time) = &author.time {
            x.empty("time", &[("value", Some(&time.raw))]);
        }
        x.element("participantRole", &[("classCode", Some(role_class))], |x| {
            ids(x, &author.ids);
            if let Some(role) = &author.role {
                coded(x, "code", None, role);
            }
            if let Some(of) = &author.name {
                let attributes = [
                    ("classCode", Some("PSN")),
                    ("determinerCode", Some("INSTANCE")),
                ];
                x.element("playingEntity", &attributes, |x| name(x, of));
            }
        });
    });
}

/// A reference to an episode.
pub(super) fn of_episode(x: &mut Xml, episode: &Identifier) {
    x.element("entryRelationship", &[("typeCode", Some("REFR"))], |x| {
        let attributes = [("classCode", Some("ACT")), ("moodCode", Some("EVN"))];
        x.element("act", &attributes, |x| {
            id(x, episode);
            code(x, "CONC", ACT_CLASS, "Concern");
        });
    });
}

/// A reference to a contact.
pub(super) fn in_contact(x: &mut Xml, contact: &[Identifier]) {
    x.element("entryRelationship", &[("typeCode", Some("REFR"))], |x| {
        let attributes = [("classCode", Some("ENC")), ("moodCode", Some("EVN"))];
        x.element("encounter", &attributes, |x| ids(x, contact));
    });
}

/// The code of a concern.
pub(super) fn concern(x: &mut Xml) {
    code(x, "CONC", ACT_CLASS, "Concern");
}
