//! Reads the lists of prescriptions and of dispenses.

use super::entry::{id_details, is_withdrawn, told_status};
use super::who::person;
use crate::domain::summary::clinical::MedicationKind;
use crate::domain::summary::{Detail, LineReference, Medication};
use crate::readers::hl7v3::medication::{each, prescription, product_texts, used_as};
use crate::readers::hl7v3::people::{asserted, author, author_of, patient};
use crate::readers::hl7v3::reading::Reading;
use crate::readers::hl7v3::references::Target;
use crate::readers::hl7v3::timing::measured_detail;
use crate::readers::hl7v3::transmission;
use crate::readers::hl7v3::types::{child_coded, child_period, child_text, ids, quantity, status};
use crate::readers::hl7v3::view::{Node, View};

/// The lists.
const LISTS: [&str; 3] = [
    "MedicationDispenseList",
    "MedicationPrescriptionList",
    "MedicationList",
];

/// One list, or an entry that stands alone, as before there were lists.
pub(super) fn read<'d>(reading: &mut Reading<'_, 'd>, record: Node<'d>) {
    let view = reading.view;
    if !LISTS.contains(&record.tag_name().name()) {
        entry(reading, record);
        return;
    }
    let facts = transmission::record(view, record, reading.profile);
    reading.record.transmission.extend(facts);
    if let Some(code) = view.peek(record, "code")
        && code.attribute("code") == Some("MEDLIST")
    {
        view.use_whole(code);
    }
    of_whom(reading, record);
    for component in view
        .children(record)
        .filter(|child| child.tag_name().name().starts_with("component"))
        .collect::<Vec<_>>()
    {
        for act in view.children(component).collect::<Vec<_>>() {
            if entry(reading, act) {
                view.visit(component);
            }
        }
    }
}

fn of_whom<'d>(reading: &mut Reading<'_, 'd>, of: Node<'d>) {
    let view = reading.view;
    if let Some(subject) = view.peek(of, "subject")
        && let Some(node) = view.peek(subject, "Patient")
        && reading.record.patient.is_none()
    {
        view.visit(subject);
        reading.record.patient = Some(patient(view, node));
    }
}

/// A dispense or a prescription.
fn entry<'d>(reading: &mut Reading<'_, 'd>, act: Node<'d>) -> bool {
    let view = reading.view;
    let name = act.tag_name().name();
    let is_dispense = name.eq_ignore_ascii_case("medicationDispenseEvent");
    if !(is_dispense || name.eq_ignore_ascii_case("prescription")) || !asserted(view, act) {
        return false;
    }
    of_whom(reading, act);
    let key = reading.key(b'p');
    let mut read = if is_dispense {
        dispense(view, act, key)
    } else {
        prescription(view, act, key, None, None)
    };
    read.withdrawn = is_withdrawn(read.status.as_deref());
    reading.register(act, &read.ids, &read.key, Target::Other);
    reading.record.medication.push(read);
    true
}

fn dispense<'d>(view: &View<'d>, act: Node<'d>, key: String) -> Medication {
    view.visit(act);
    let product = view
        .one(act, "product")
        .and_then(|product| view.one(product, "dispensedMedication"));
    let kind = product.and_then(|medication| view.one(medication, "MedicationKind"));
    let mut read = Medication {
        key,
        source: view.source().to_owned(),
        ids: ids(view, act),
        product: kind
            .and_then(|kind| child_coded(view, kind, "code"))
            .unwrap_or_default(),
        product_texts: kind
            .map(|kind| product_texts(view, kind))
            .unwrap_or_default(),
        status: status(view, act),
        uses: each(
            view,
            product,
            "therapeuticAgentOf",
            "medicationAdministrationRequest",
            used_as,
        ),
        text: child_text(view, act, "text"),
        kind: MedicationKind::Dispense,
        period: child_period(view, act, "effectiveTime"),
        ..Medication::default()
    };
    for amount in view.named(act, "quantity") {
        let amount = measured_detail("quantity", quantity(view, amount));
        read.details.push(amount);
    }
    for supply in view.named(act, "expectedUseTime") {
        for width in view.named(supply, "width") {
            let width = measured_detail("duration", quantity(view, width));
            read.details.push(width);
        }
    }
    read.author = view
        .one(act, "performer")
        .and_then(|performer| author_of(view, performer))
        .or_else(|| author(view, act));
    for participation in view.named(act, "responsibleParty") {
        let told = author_of(view, participation);
        read.details
            .extend(told.map(|author| person("responsible", &author)));
    }
    for holder in product
        .into_iter()
        .flat_map(|p| view.named(p, "directTargetOf"))
    {
        for of in view.named(holder, "prescription") {
            prescribed(view, of, &mut read);
        }
    }
    read
}

/// The prescription that was dispensed: by reference, with who prescribed it.
fn prescribed<'d>(view: &View<'d>, of: Node<'d>, read: &mut Medication) {
    let mut told = Detail {
        name: "prescription".to_owned(),
        text: child_text(view, of, "text"),
        ..Detail::default()
    };
    let own_ids = ids(view, of);
    if let Some(status) = told_status(view, of) {
        told.details.push(Detail::text("status", status));
    }
    let period = child_period(view, of, "effectiveTime");
    told.period = (!period.is_empty()).then(|| Box::new(period));
    if let Some(author) = author(view, of) {
        told.details.push(person("prescriber", &author));
    }
    told.details.extend(id_details(&own_ids));
    read.details.push(told);
    if !own_ids.is_empty() {
        read.references.push(LineReference {
            ids: own_ids,
            target: None,
        });
    }
}
