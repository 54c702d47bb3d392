//! What a part says of its own consent basis, in labels, tags and `Consent` resources: only what the
//! profile names, and a plain "yes" or "no" of the patient to sharing.
//!
//! The marker fails closed: it is compared without regard to case, blanks and notation, and a code
//! that nobody here knows in the marker's own code system withholds. What a patient wants withheld
//! from some, or in part, leaves no trace: its leaves are *used*, and what is missing says the rest.

use super::ica::codings;
use super::tree::Node;
use super::view::{Resource, View};
use crate::domain::consent::{Marker, MarkerElement};
use crate::readers::systems::{self, LOINC, is_same_system};
use crate::readers::{MarkerCode, Profile};

/// LOINC "Advance directives".
const ADVANCE_DIRECTIVES: &str = "42348-3";
/// Scopes of a `Consent` that is about treatment.
const TREATMENT_SCOPES: [&str; 2] = ["adr", "treatment"];
/// Categories of such a `Consent`.
const TREATMENT_CATEGORIES: [&str; 8] = [
    "acd",
    "dnr",
    "hcd",
    "polst",
    "64298-3",
    "75320-2",
    // SNOMED CT, Dutch extension: treatment directive, living will.
    "11291000146105",
    "11341000146107",
];
/// Policies that mean a plain "no" and a plain "yes", as codes and at the end of a URI.
const OPT_OUT: [&str; 2] = ["OPTOUT", "opt-out"];
const OPT_IN: [&str; 2] = ["OPTIN", "opt-in"];

/// The marker of a part and the element that carries it.
pub(super) fn marker_of(view: &View<'_>, profile: &Profile) -> (Marker, Option<MarkerElement>) {
    let mut found = Found::default();
    let root = view.resource(view.root());
    for resource in root.iter().chain(view.resources()) {
        // Said twice, the stricter one holds: all of them are looked at.
        for meta in view.named(resource.node, "meta") {
            found.look_at(view, meta, "security", MarkerElement::FhirSecurity, profile);
            found.look_at(view, meta, "tag", MarkerElement::FhirTag, profile);
        }
        if resource.kind == "Consent" {
            found.look_into(view, resource.node, profile);
            if is_about_sharing(view, *resource) {
                found.policy(view, resource.node);
            }
        }
    }
    let marker = match found {
        Found { opt_out: true, .. } => Marker::OptedOut,
        Found {
            corona: true,
            explicit: true,
            ..
        } => Marker::CoronaAndExplicit,
        Found { corona: true, .. } => Marker::Corona,
        Found { .. } => Marker::Absent,
    };
    (marker, found.element)
}

/// Whether the part says that ICA are withheld by a national rule.
pub(super) fn names_national_rule(view: &View<'_>, profile: &Profile) -> bool {
    let root = view.resource(view.root());
    root.iter().chain(view.resources()).any(|resource| {
        let labelled = |name: &str, element: MarkerElement| {
            view.named(resource.node, "meta").any(|meta| {
                view.named(meta, name)
                    .any(|coding| names(view, coding, &profile.national_rule, element))
            })
        };
        labelled("security", MarkerElement::FhirSecurity)
            || labelled("tag", MarkerElement::FhirTag)
            || resource.kind == "Consent"
                && view.tree.inside(resource.node).any(|node| {
                    names(
                        view,
                        node,
                        &profile.national_rule,
                        MarkerElement::FhirConsent,
                    )
                })
    })
}

/// Whether a `Consent` is about sharing data, and not about treatment. It must leave no trace then.
pub(super) fn is_about_sharing(view: &View<'_>, consent: Resource<'_>) -> bool {
    if consent.kind != "Consent" {
        return false;
    }
    let node = consent.node;
    if codings(view, node, "scope").any(|(_, code)| code == "patient-privacy") {
        return true;
    }
    let is_directive = |profile: &str| {
        ["TreatmentDirective", "AdvanceDirective", "resuscitat"]
            .iter()
            .any(|name| profile.contains(name))
    };
    let of_treatment = codings(view, node, "scope")
        .any(|(_, code)| TREATMENT_SCOPES.contains(&code))
        || codings(view, node, "category").any(|(system, code)| {
            TREATMENT_CATEGORIES.contains(&code)
                || systems::is(system, LOINC) && code == ADVANCE_DIRECTIVES
        })
        || view.one(node, "meta").is_some_and(|meta| {
            view.named(meta, "profile")
                .filter_map(|profile| view.peek_value(profile))
                .any(is_directive)
        });
    !of_treatment
}

#[derive(Default)]
struct Found {
    corona: bool,
    explicit: bool,
    opt_out: bool,
    /// The first element that carried any of them.
    element: Option<MarkerElement>,
}

impl Found {
    /// The codings of this name in a `meta`.
    fn look_at(
        &mut self,
        view: &View<'_>,
        meta: Node,
        name: &str,
        element: MarkerElement,
        profile: &Profile,
    ) {
        for coding in view.named(meta, name) {
            self.coding(view, coding, element, profile);
        }
    }

    /// Every coding in a `Consent`.
    fn look_into(&mut self, view: &View<'_>, consent: Node, profile: &Profile) {
        for node in view.tree.inside(consent) {
            if view.one(node, "system").is_some() {
                self.coding(view, node, MarkerElement::FhirConsent, profile);
            }
        }
    }

    fn coding(&mut self, view: &View<'_>, coding: Node, element: MarkerElement, profile: &Profile) {
        let is = |codes: &[MarkerCode]| names(view, coding, codes, element);
        let (corona, opt_out, explicit) = (
            is(&profile.corona),
            is(&profile.opt_out),
            is(&profile.explicit),
        );
        if corona || opt_out || explicit {
            self.corona |= corona;
            self.opt_out |= opt_out;
            self.explicit |= explicit;
        } else if is(&profile.national_rule) || !is_of_marker_system(view, coding, profile, element)
        {
            return;
        } else {
            // Nobody here knows what it says: withheld, and told as a conflict.
            self.corona = true;
            self.explicit = true;
        }
        self.element = self.element.or(Some(element));
    }

    /// A plain "yes" or "no" to sharing; one that is narrowed to some data or some people is
    /// neither.
    fn policy(&mut self, view: &View<'_>, consent: Node) {
        let statuses: Vec<&str> = view
            .named(consent, "status")
            .filter_map(|status| view.peek_value(status))
            .collect();
        // A "no" holds unless every status says that it does not; a "yes" only where it is in force.
        if !statuses.is_empty() && statuses.iter().all(|status| NOT_IN_FORCE.contains(status)) {
            return;
        }
        let in_force = statuses == ["active"];
        let rule = |known: &[&str]| {
            let coded = codings(view, consent, "policyRule")
                .any(|(_, code)| known.iter().any(|one| code.eq_ignore_ascii_case(one)));
            let written = view
                .peek(consent, "policyRule")
                .is_some_and(|uri| known.iter().any(|one| uri.ends_with(one)));
            coded || written
        };
        let provisions: Vec<Node> = view.named(consent, "provision").collect();
        let decides = |what: &str| view.peek(consent, "decision") == Some(what);
        let provides = |provision: &Node, what: &str| view.peek(*provision, "type") == Some(what);
        let denied = decides("deny") && provisions.is_empty()
            || provisions
                .iter()
                .any(|one| (provides(one, "deny") || decides("deny")) && !is_narrowed(view, *one));
        let no = rule(&OPT_OUT) || denied;
        let permitted = decides("permit") || provisions.iter().any(|one| provides(one, "permit"));
        let yes = in_force && (rule(&OPT_IN) || permitted);
        if no || yes {
            self.opt_out |= no;
            self.explicit |= yes && !no;
            self.element = self.element.or(Some(MarkerElement::FhirConsent));
        }
    }
}

/// Statuses of a `Consent` that is not in force.
const NOT_IN_FORCE: [&str; 6] = [
    "inactive",
    "rejected",
    "entered-in-error",
    "draft",
    "proposed",
    "not-done",
];

/// Whether a provision is about some data, people or purposes only. A time does not narrow it: what
/// has ended says so by its status, and nobody here knows what time it is.
fn is_narrowed(view: &View<'_>, provision: Node) -> bool {
    const NARROWING: [&str; 10] = [
        "actor",
        "action",
        "securityLabel",
        "purpose",
        "class",
        "code",
        "dataPeriod",
        "data",
        "documentType",
        "resourceType",
    ];
    view.children(provision)
        .any(|child| NARROWING.contains(&view.name(child)))
}

fn names(view: &View<'_>, coding: Node, codes: &[MarkerCode], element: MarkerElement) -> bool {
    codes
        .iter()
        .filter(|code| code.element == element)
        .any(|marker| {
            is_of_system(view, coding, marker)
                && view
                    .peek(coding, "code")
                    .is_some_and(|code| code.trim().eq_ignore_ascii_case(marker.code.trim()))
        })
}

fn is_of_marker_system(
    view: &View<'_>,
    coding: Node,
    profile: &Profile,
    element: MarkerElement,
) -> bool {
    [
        &profile.corona,
        &profile.opt_out,
        &profile.explicit,
        &profile.national_rule,
    ]
    .into_iter()
    .flatten()
    .filter(|code| code.element == element)
    .any(|marker| is_of_system(view, coding, marker))
}

fn is_of_system(view: &View<'_>, coding: Node, marker: &MarkerCode) -> bool {
    view.peek(coding, "system")
        .is_some_and(|system| is_same_system(system, &marker.system))
}
