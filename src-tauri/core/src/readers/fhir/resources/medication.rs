//! Reads medication: requests (agreements, prescriptions), statements, dispenses, administrations.

use super::absence::absence;
use super::dosage;
use super::entries;
use super::names::tidy;
use super::rest::{about_the_patient, is_folded, links, numbers, remaining, told};
use super::shapes::Shape;
use super::who::author;
use crate::domain::coded::Coded;
use crate::domain::summary::clinical::{DispenseRequest, MedicationKind};
use crate::domain::summary::document::Detail;
use crate::domain::summary::{Medication, SectionKind};
use crate::readers::fhir::reading::Reading;
use crate::readers::fhir::tree::Node;
use crate::readers::fhir::types::{child_coded, coded, identifiers, period_of, quantity};
use crate::readers::fhir::view::{Resource, View};
use crate::readers::systems::{self, SNOMED};

/// Category of a medication agreement (medicatieafspraak): |Prescription|.
const AGREEMENT: &str = "16076005";
/// The end of the URL of the extension with the period of use.
const PERIOD_OF_USE: &str = "zib-Medication-PeriodOfUse";
/// Who answers for a statement about medication, by path, in STU3, R4 and R5.
const WHO: [&str; 7] = [
    "requester.agent",
    "requester",
    "recorder",
    "informationSource",
    "performer.actor",
    "performer",
    "author",
];
/// When it was written down.
const WRITTEN: [&str; 4] = ["authoredOn", "dateAsserted", "whenPrepared", "recorded"];

/// A statement that there is none: what there is none of stands in the product.
const ABSENT: Shape = Shape {
    resource: "",
    kind: SectionKind::Medication,
    what: &[],
    text: &[],
    when: &["effective"],
    who: &WHO,
    written: &WRITTEN,
};

/// One statement about medication. One that says "no known medications" is an entry of its own: never
/// a row that looks like a drug.
pub(super) fn read<'d>(reading: &mut Reading<'_, 'd>, resource: Resource<'d>) {
    let view = reading.view;
    let node = resource.node;
    let (product, mut details) = product(reading, node);
    if let Some(said) = absence(&product) {
        let mut entry = entries::shaped(reading, resource, SectionKind::Medication, &ABSENT);
        entry.what = Some(product);
        entries::absent(said, &mut entry);
        entry.details.append(&mut details);
        entries::finish(reading, node, &mut entry);
        entries::push(reading, entry);
        return;
    }
    about_the_patient(view, node);
    let status = view.shown(node, "status");
    let mut medication = Medication {
        key: reading.key_of(resource),
        source: view.source().to_owned(),
        ids: identifiers(view, node),
        product,
        kind: kind_of(view, resource),
        withdrawn: status.as_deref() == Some("entered-in-error"),
        status,
        uses: ["dosageInstruction", "dosage"]
            .into_iter()
            .flat_map(|name| view.named(node, name))
            .map(|dosage| dosage::read(reading, dosage))
            .collect(),
        dispenses: view
            .named(node, "dispenseRequest")
            .map(|request| dispense(view, request))
            .collect(),
        author: author(reading, node, &WHO, &WRITTEN),
        contact: contact(reading, node),
        period: period(view, node),
        ..Medication::default()
    };
    medication.references = links(
        reading,
        node,
        &["medicationReference", "context", "encounter"],
    );
    medication.details = details;
    if view.used(node, "doNotPerform") == Some("true")
        || view.used(node, "wasNotTaken") == Some("true")
    {
        medication.details.push(Detail {
            name: "not_to_be_given".to_owned(),
            ..Detail::default()
        });
    }
    medication.details.extend(remaining(reading, node));
    reading.record.medication.push(medication);
}

fn kind_of(view: &View<'_>, resource: Resource<'_>) -> MedicationKind {
    match resource.kind {
        "MedicationDispense" => MedicationKind::Dispense,
        "MedicationAdministration" => MedicationKind::Administration,
        "MedicationRequest" | "MedicationOrder" => {
            let agreed = view
                .named(resource.node, "category")
                .flat_map(|category| view.named(category, "coding").collect::<Vec<_>>())
                .any(|coding| {
                    view.peek(coding, "code") == Some(AGREEMENT)
                        && view
                            .peek(coding, "system")
                            .is_some_and(|system| systems::is(system, SNOMED))
                });
            if agreed {
                MedicationKind::Agreement
            } else {
                MedicationKind::Prescription
            }
        }
        _ => MedicationKind::Statement,
    }
}

/// The product: coded in place, or a `Medication` that is referred to; what else is said of it.
fn product(reading: &Reading<'_, '_>, node: Node) -> (Coded, Vec<Detail>) {
    let view = reading.view;
    if let Some(inline) = ["medicationCodeableConcept", "medication"]
        .into_iter()
        .find_map(|name| view.one(node, name))
        .filter(|inline| view.one(*inline, "reference").is_none())
        .filter(|inline| {
            view.one(*inline, "concept").is_some()
                || view.one(*inline, "coding").is_some()
                || view.one(*inline, "text").is_some()
                || view.one(*inline, "extension").is_some()
        })
    {
        return (coded(view, inline), Vec::new());
    }
    let reference = view.one(node, "medicationReference").or_else(|| {
        let medication = view.one(node, "medication")?;
        view.one(medication, "reference")
            .filter(|reference| view.one(*reference, "reference").is_some())
            .or(Some(medication))
    });
    let Some(reference) = reference else {
        return (Coded::default(), Vec::new());
    };
    let referred = reading.refer(reference);
    let Some(resource) = referred.resource else {
        let display = referred.display;
        let details: Vec<Detail> = numbers("product", referred.line.ids).collect();
        // Without words for it, how it is written is all there is.
        let words = display.or_else(|| details.last()?.text.clone());
        let product = Coded {
            original_text: words,
            ..Coded::default()
        };
        return (product, details);
    };
    let mut product = child_coded(view, resource.node, "code").unwrap_or_default();
    let mut details: Vec<Detail> = numbers("product", referred.line.ids).collect();
    if let Some(words) = referred.display {
        if product.label().is_none() {
            product.original_text = Some(words);
        } else if product.label() != Some(&words) {
            details.push(Detail::text("product", words));
        }
    }
    if is_folded(reading, resource) && !reading.is_taken(resource) {
        let mut rest: Vec<Detail> = told(reading, resource, 1).into_iter().collect();
        tidy(&mut rest);
        details.append(&mut rest);
    }
    (product, details)
}

fn period(view: &View<'_>, node: Node) -> crate::domain::date::Period {
    let of_use = view.named(node, "extension").find(|extension| {
        view.peek(*extension, "url")
            .is_some_and(|url| url.ends_with(PERIOD_OF_USE))
    });
    if let Some(extension) = of_use {
        let read = period_of(view, extension, "value");
        if !read.is_empty() {
            view.used(extension, "url");
            return read;
        }
    }
    ["effective", "occurence", "occurrence", "whenHandedOver"]
        .into_iter()
        .map(|base| period_of(view, node, base))
        .find(|period| !period.is_empty())
        .unwrap_or_default()
}

/// The key of the contact it belongs to, where that is in the message.
fn contact(reading: &Reading<'_, '_>, node: Node) -> Option<String> {
    let view = reading.view;
    let reference = ["context", "encounter"]
        .into_iter()
        .find_map(|name| view.one(node, name))?;
    let resource = view
        .index
        .resolve(view, reference)
        .filter(|resource| resource.kind == "Encounter")?;
    view.used(reference, "reference");
    Some(reading.key_of(resource))
}

/// What was asked of the pharmacist; what has no place here is a named value of the whole.
fn dispense(view: &View<'_>, request: Node) -> DispenseRequest {
    DispenseRequest {
        quantity: view
            .one(request, "quantity")
            .map(|node| quantity(view, node)),
        period: period_of(view, request, "validityPeriod"),
        ..DispenseRequest::default()
    }
}
