//! Reads medication agreements (medicatieafspraken): what was agreed with the patient to use.

use super::entry::{expected_code, further, id_details, is_of_type, is_withdrawn, relate, related};
use super::who::people;
use crate::domain::coded::Coded;
use crate::domain::summary::clinical::{MedicationKind, MedicationUse};
use crate::domain::summary::{Detail, Medication};
use crate::readers::hl7v3::medication::used_as;
use crate::readers::hl7v3::people::asserted;
use crate::readers::hl7v3::reading::Reading;
use crate::readers::hl7v3::references::Target;
use crate::readers::hl7v3::timing::{counted, measured_detail};
use crate::readers::hl7v3::types::{child_coded, coded, quantity, status};
use crate::readers::hl7v3::view::{Node, View};

/// SNOMED CT for a medication agreement, and for what the pharmacist agrees from it.
const AGREEMENTS: [&str; 2] = ["16076005", "422037009"];

/// One `substanceAdministration` of the list.
pub(super) fn read<'d>(reading: &mut Reading<'_, 'd>, component: Node<'d>, act: Node<'d>) -> bool {
    let view = reading.view;
    if !asserted(view, act) {
        return false;
    }
    let is_event = act.attribute("moodCode") == Some("EVN");
    let known = expected_code(view, act, &AGREEMENTS);
    let whole = used_as(view, act);
    let mut read = Medication {
        key: reading.key(b'p'),
        source: view.source().to_owned(),
        ids: whole.ids.clone(),
        status: status(view, act),
        text: whole.text.clone(),
        period: whole.period.clone(),
        kind: if is_event {
            MedicationKind::Statement
        } else {
            MedicationKind::Agreement
        },
        ..Medication::default()
    };
    view.visit(act);
    if !known && let Some(code) = child_coded(view, act, "code") {
        read.details.push(Detail::coded("kind", code));
    }
    read.withdrawn = is_withdrawn(read.status.as_deref());
    product(view, act, &mut read);
    read.author = people(view, act, &mut read.details).or_else(|| reading.context(component));
    further(view, act, &mut read.details);
    let mut parts = Vec::new();
    for (relationship, target) in related(view, act) {
        let is_part = is_of_type(relationship, "COMP")
            && target.tag_name().name() == "substanceAdministration"
            && asserted(view, target);
        if is_part {
            parts.push(instruction(view, relationship, target));
        } else {
            let Medication {
                references,
                details,
                ..
            } = &mut read;
            relate(view, relationship, target, references, details);
        }
    }
    // What is said of the whole (its text, route, duration) comes before its parts.
    if parts.is_empty() || says_more_than_the_whole(&whole) {
        read.uses.push(MedicationUse {
            ids: Vec::new(),
            ..whole
        });
    }
    read.uses.extend(parts);
    reading.register(act, &read.ids, &read.key, Target::Other);
    reading.record.medication.push(read);
    true
}

fn says_more_than_the_whole(whole: &MedicationUse) -> bool {
    whole.route.is_some()
        || whole.text.is_some()
        || !whole.doses.is_empty()
        || !whole.repeats.is_empty()
        || !whole.details.is_empty()
}

/// One part of the dose instruction.
fn instruction<'d>(view: &View<'d>, relationship: Node<'d>, target: Node<'d>) -> MedicationUse {
    view.visit(relationship);
    view.visit(target);
    view.used(relationship, "inversionInd");
    let mut read = used_as(view, target);
    for number in view.named(relationship, "sequenceNumber") {
        let number = view.shown(number, "value");
        read.details
            .extend(number.map(|number| Detail::text("sequence", number)));
    }
    if let Some(code) = child_coded(view, target, "code") {
        read.details.push(Detail::coded("kind", code));
    }
    for consumable in view.named(target, "consumable") {
        view.null_flavor(consumable);
    }
    let mut references = Vec::new();
    for (relationship, nested) in related(view, target) {
        relate(
            view,
            relationship,
            nested,
            &mut references,
            &mut read.details,
        );
    }
    for reference in references {
        read.details.push(Detail {
            name: "reference".to_owned(),
            details: id_details(&reference.ids),
            ..Detail::default()
        });
    }
    further(view, target, &mut read.details);
    read
}

/// The product with what it is made of. The first one names it; each further one is told by name.
fn product<'d>(view: &View<'d>, act: Node<'d>, read: &mut Medication) {
    let materials: Vec<Node<'d>> = view
        .named(act, "consumable")
        .flat_map(|consumable| view.named(consumable, "manufacturedProduct"))
        .flat_map(|product| view.named(product, "manufacturedMaterial"))
        .collect();
    for (count, material) in materials.into_iter().enumerate() {
        let code = child_coded(view, material, "code");
        let mut texts: Vec<String> = ["name", "desc"]
            .into_iter()
            .flat_map(|name| view.extended(material, name))
            .filter_map(|node| view.text(node))
            .collect();
        let mut details = Vec::new();
        for form in view.extended(material, "formCode") {
            details.push(Detail::coded("form", coded(view, form)));
        }
        for lot in view.named(material, "lotNumberText") {
            details.extend(view.text(lot).map(|lot| Detail::text("lot", lot)));
        }
        for ingredient in view.extended(material, "ingredient") {
            details.push(self::ingredient(view, ingredient));
        }
        if count == 0 {
            read.product = code.unwrap_or_default();
            read.product_texts.append(&mut texts);
            read.details.append(&mut details);
        } else {
            details.extend(texts.into_iter().map(|text| Detail::text("name", text)));
            read.details.push(Detail {
                name: "product".to_owned(),
                coded: code.map(Box::new),
                details,
                ..Detail::default()
            });
        }
    }
}

/// What a product is made of, with how much of it there is.
fn ingredient<'d>(view: &View<'d>, holder: Node<'d>) -> Detail {
    let mut read = Detail {
        name: "ingredient".to_owned(),
        ..Detail::default()
    };
    let substances = view
        .extended(holder, "ingredient")
        .chain(view.extended(holder, "ingredientSubstance"));
    for substance in substances.collect::<Vec<_>>() {
        for code in view.extended(substance, "code") {
            let coded = coded(view, code);
            add_code(&mut read, coded);
        }
        for name in view.extended(substance, "name") {
            let text = view.text(name);
            read.details
                .extend(text.map(|text| Detail::text("name", text)));
        }
        for nested in view.extended(substance, "ingredient") {
            read.details.push(ingredient(view, nested));
        }
    }
    for amount in view.extended(holder, "quantity") {
        let numerators: Vec<Detail> = view
            .extended(amount, "numerator")
            .map(|part| counted(view, part, "quantity"))
            .collect();
        if numerators.is_empty() {
            read.details
                .push(measured_detail("quantity", quantity(view, amount)));
        }
        read.details.extend(numerators);
        for part in view.extended(amount, "denominator") {
            read.details.push(counted(view, part, "per"));
        }
    }
    read
}

fn add_code(read: &mut Detail, code: Coded) {
    if read.coded.is_none() {
        read.coded = Some(Box::new(code));
    } else {
        read.details.push(Detail::coded("code", code));
    }
}
