//! Reads prescriptions.

use super::people::author;
use super::timing::{counted, ratio, timing};
use super::types::{child_coded, child_period, child_quantity, child_text, ids, quantity, status};
use super::view::{Node, View};
use crate::domain::person::Author;
use crate::domain::summary::clinical::{DispenseRequest, MedicationUse, Quantity};
use crate::domain::summary::{Detail, Medication};

/// One `Prescription`.
pub(super) fn prescription<'d>(
    view: &View<'d>,
    node: Node<'d>,
    key: String,
    contact: Option<&str>,
    conducted: Option<Author>,
) -> Medication {
    view.visit(node);
    let prescribed = view
        .one(node, "directTarget")
        .and_then(|target| view.one(target, "prescribedMedication"));
    let kind = prescribed.and_then(|medication| view.one(medication, "MedicationKind"));
    Medication {
        key,
        source: view.source().to_owned(),
        ids: ids(view, node),
        product: kind
            .and_then(|kind| child_coded(view, kind, "code"))
            .unwrap_or_default(),
        product_texts: kind
            .map(|kind| product_texts(view, kind))
            .unwrap_or_default(),
        status: status(view, node),
        uses: each(
            view,
            prescribed,
            "therapeuticAgentOf",
            "medicationAdministrationRequest",
            used_as,
        ),
        dispenses: each(
            view,
            prescribed,
            "productOf",
            "medicationDispenseRequest",
            dispense,
        ),
        author: author(view, node).or(conducted),
        contact: contact.map(str::to_owned),
        text: child_text(view, node, "text"),
        ..Medication::default()
    }
}

/// Every `act` in every `relationship`.
pub(super) fn each<'d, T>(
    view: &View<'d>,
    of: Option<Node<'d>>,
    relationship: &'static str,
    act: &'static str,
    read: fn(&View<'d>, Node<'d>) -> T,
) -> Vec<T> {
    of.map(|node| {
        let acts = view
            .named(node, relationship)
            .flat_map(|holder| view.named(holder, act));
        acts.map(|act| read(view, act)).collect()
    })
    .unwrap_or_default()
}

pub(super) fn product_texts<'d>(view: &View<'d>, kind: Node<'d>) -> Vec<String> {
    let named = view.named(kind, "name").chain(view.named(kind, "desc"));
    named.filter_map(|node| view.text(node)).collect()
}

/// How a product is to be used: of a request to administer it, or of one of its instructions.
pub(super) fn used_as<'d>(view: &View<'d>, request: Node<'d>) -> MedicationUse {
    let timing = timing(view, request);
    let mut details = timing.details;
    for dose in ["rateQuantity", "doseCheckQuantity"] {
        details.extend(view.named(request, dose).map(|node| {
            let name = if dose == "rateQuantity" {
                "rate"
            } else {
                "dose_check"
            };
            counted(view, node, name)
        }));
    }
    let most = view.named(request, "maxDoseQuantity");
    details.extend(most.map(|node| ratio(view, node, "maximum")));
    details.extend(conditions(view, request));
    details.extend(instructions(view, request));
    MedicationUse {
        ids: ids(view, request),
        text: child_text(view, request, "text"),
        status: status_or_null(view, request),
        period: timing.period,
        repeats: timing.repeats,
        doses: view
            .named(request, "doseQuantity")
            .flat_map(|dose| dose_quantities(view, dose))
            .collect(),
        route: child_coded(view, request, "routeCode"),
        details,
    }
}

/// What must be so before it is used ("zo nodig").
fn conditions<'d>(view: &View<'d>, request: Node<'d>) -> Vec<Detail> {
    let mut details = Vec::new();
    for precondition in view.named(request, "precondition") {
        for name in ["criterion", "observationEventCriterion"] {
            for criterion in view.named(precondition, name) {
                details.push(Detail {
                    name: "as_needed".to_owned(),
                    coded: child_coded(view, criterion, "code").map(Box::new),
                    text: child_text(view, criterion, "text"),
                    ..Detail::default()
                });
            }
        }
    }
    details
}

/// What is said besides ("in water oplossen").
fn instructions<'d>(view: &View<'d>, request: Node<'d>) -> Vec<Detail> {
    let holders = view
        .children(request)
        .filter(|child| child.tag_name().name().starts_with("support"));
    holders
        .filter_map(|holder| {
            let instruction = view.peek(holder, "medicationAdministrationInstruction")?;
            view.visit(holder);
            view.visit(instruction);
            Some(Detail {
                name: "additional_instruction".to_owned(),
                coded: child_coded(view, instruction, "code").map(Box::new),
                text: child_text(view, instruction, "text"),
                ..Detail::default()
            })
        })
        .collect()
}

/// PQ, or IVL_PQ with its bounds or centre.
fn dose_quantities<'d>(view: &View<'d>, dose: Node<'d>) -> Vec<Quantity> {
    let bounds: Vec<Quantity> = ["low", "center", "high"]
        .into_iter()
        .flat_map(|bound| view.extended(dose, bound))
        .map(|node| quantity(view, node))
        .collect();
    if bounds.is_empty() {
        vec![quantity(view, dose)]
    } else {
        bounds
    }
}

pub(super) fn dispense<'d>(view: &View<'d>, request: Node<'d>) -> DispenseRequest {
    DispenseRequest {
        ids: ids(view, request),
        status: status_or_null(view, request),
        quantity: child_quantity(view, request, "quantity"),
        text: child_text(view, request, "text"),
        period: child_period(view, request, "effectiveTime"),
    }
}

/// The status, or why there is none.
pub(super) fn status_or_null<'d>(view: &View<'d>, of: Node<'d>) -> Option<String> {
    status(view, of).or_else(|| {
        view.one(of, "statusCode")
            .and_then(|node| view.null_flavor(node))
    })
}
