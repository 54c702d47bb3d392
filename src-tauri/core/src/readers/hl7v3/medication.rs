//! Reads prescriptions.

use super::people::author;
use super::types::{
    child_coded, child_period, child_quantity, child_text, ids, period, quantity, status,
};
use super::view::{Node, View, type_of};
use crate::domain::date::Period;
use crate::domain::person::Author;
use crate::domain::summary::Medication;
use crate::domain::summary::clinical::{DispenseRequest, MedicationUse, Quantity};

/// One `Prescription`.
pub(super) fn prescription<'d>(
    view: &View<'d>,
    node: Node<'d>,
    key: String,
    contact: &str,
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
        contact: Some(contact.to_owned()),
        text: child_text(view, node, "text"),
        ..Medication::default()
    }
}

/// Every `act` in every `relationship`.
fn each<'d, T>(
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

fn product_texts<'d>(view: &View<'d>, kind: Node<'d>) -> Vec<String> {
    let named = view.named(kind, "name").chain(view.named(kind, "desc"));
    named.filter_map(|node| view.text(node)).collect()
}

fn used_as<'d>(view: &View<'d>, request: Node<'d>) -> MedicationUse {
    let (period, repeats) = view
        .one(request, "effectiveTime")
        .map(|time| timing(view, time))
        .unwrap_or_default();
    MedicationUse {
        ids: ids(view, request),
        text: child_text(view, request, "text"),
        status: status_or_null(view, request),
        period,
        repeats,
        doses: view
            .named(request, "doseQuantity")
            .flat_map(|dose| dose_quantities(view, dose))
            .collect(),
        route: child_coded(view, request, "routeCode"),
        ..MedicationUse::default()
    }
}

/// PQ, or IVL_PQ with its bounds or centre.
fn dose_quantities<'d>(view: &View<'d>, dose: Node<'d>) -> Vec<Quantity> {
    let bounds: Vec<Quantity> = ["low", "center", "high"]
        .into_iter()
        .filter_map(|bound| child_quantity(view, dose, bound))
        .collect();
    if bounds.is_empty() {
        vec![quantity(view, dose)]
    } else {
        bounds
    }
}

/// IVL_TS, or SXPR_TS with a period and how often.
fn timing<'d>(view: &View<'d>, time: Node<'d>) -> (Period, Vec<Quantity>) {
    let mut read = (period(view, time), Vec::new());
    if type_of(time) == Some("PIVL_TS") {
        read.1.extend(child_quantity(view, time, "period"));
    }
    for comp in view
        .children(time)
        .filter(|child| child.tag_name().name() == "comp")
    {
        match type_of(comp) {
            Some("PIVL_TS") => {
                view.visit(comp);
                read.1.extend(child_quantity(view, comp, "period"));
            }
            Some("IVL_TS" | "TS") | None if read.0.is_empty() => {
                view.visit(comp);
                read.0 = period(view, comp);
            }
            // Of another type, or a second period: listed.
            _ => {}
        }
    }
    read
}

fn dispense<'d>(view: &View<'d>, request: Node<'d>) -> DispenseRequest {
    DispenseRequest {
        ids: ids(view, request),
        status: status_or_null(view, request),
        quantity: child_quantity(view, request, "quantity"),
        text: child_text(view, request, "text"),
        period: child_period(view, request, "effectiveTime"),
    }
}

/// The status, or why there is none.
fn status_or_null<'d>(view: &View<'d>, of: Node<'d>) -> Option<String> {
    status(view, of).or_else(|| {
        view.one(of, "statusCode")
            .and_then(|node| view.null_flavor(node))
    })
}
