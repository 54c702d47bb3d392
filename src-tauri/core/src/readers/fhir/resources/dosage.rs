//! Reads how a product is to be used (`Dosage`): the text as written, and what is structured beside it.

use super::rest::rest_of;
use crate::domain::date::Period;
use crate::domain::summary::clinical::{MedicationUse, Quantity};
use crate::domain::summary::document::Detail;
use crate::readers::fhir::reading::Reading;
use crate::readers::fhir::tree::Node;
use crate::readers::fhir::types::{child_coded, date, period_of, quantity};
use crate::readers::fhir::view::View;

/// One `dosageInstruction` or `dosage`.
pub(super) fn read(reading: &Reading<'_, '_>, dosage: Node) -> MedicationUse {
    let view = reading.view;
    let mut used = MedicationUse {
        text: view.shown(dosage, "text"),
        route: child_coded(view, dosage, "route"),
        doses: doses(view, dosage),
        ..MedicationUse::default()
    };
    if let Some(timing) = view.one(dosage, "timing") {
        used.period = bounds(view, timing);
        if let Some(repeat) = view.one(timing, "repeat") {
            rhythm(view, repeat, &mut used);
        }
    }
    used.details.extend(rest_of(reading, dosage));
    used
}

/// R4 `doseAndRate`, STU3 `doseQuantity` and `doseRange`, and the `dose` of an administration. A range
/// is its two ends.
fn doses(view: &View<'_>, dosage: Node) -> Vec<Quantity> {
    let mut doses = Vec::new();
    let holders = core::iter::once(dosage).chain(view.named(dosage, "doseAndRate"));
    for holder in holders {
        for child in view.children(holder) {
            match view.name(child) {
                "doseQuantity" | "dose" => doses.push(quantity(view, child)),
                "doseRange" => {
                    let ends = ["low", "high"]
                        .into_iter()
                        .filter_map(|end| view.one(child, end));
                    doses.extend(ends.map(|end| quantity(view, end)));
                }
                _ => {}
            }
        }
    }
    doses
}

/// From when to when.
fn bounds(view: &View<'_>, timing: Node) -> Period {
    let mut period = view
        .one(timing, "repeat")
        .map(|repeat| period_of(view, repeat, "bounds"))
        .unwrap_or_default();
    let mut events = view.named(timing, "event");
    if let (Some(event), None) = (events.next(), events.next())
        && period.is_empty()
    {
        period.at = date(view, event);
    }
    period
}

/// How often. "Every 8 hours" is a repetition; "3 times a day" is not the same, and stays as written:
/// nothing is computed.
fn rhythm(view: &View<'_>, repeat: Node, used: &mut MedicationUse) {
    let Some(period) = view.one(repeat, "period") else {
        return;
    };
    let every = Quantity {
        value: view.value_shown(period),
        unit: view
            .shown(repeat, "periodUnit")
            .or_else(|| view.shown(repeat, "periodUnits")),
        ..Quantity::default()
    };
    let ranged = ["frequencyMax", "periodMax", "count", "countMax"]
        .iter()
        .any(|name| view.one(repeat, name).is_some());
    let frequency = view.peek(repeat, "frequency");
    if matches!(frequency, None | Some("1")) && !ranged {
        view.used(repeat, "frequency");
        used.repeats.push(every);
        return;
    }
    let mut per = vec![Detail {
        name: "per".to_owned(),
        quantity: Some(Box::new(every)),
        ..Detail::default()
    }];
    for (element, name) in [
        ("frequencyMax", "frequency_max"),
        ("periodMax", "period_max"),
    ] {
        per.extend(
            view.shown(repeat, element)
                .map(|most| Detail::text(name, most)),
        );
    }
    used.details.push(Detail {
        name: "frequency".to_owned(),
        text: view.shown(repeat, "frequency"),
        details: per,
        ..Detail::default()
    });
}
