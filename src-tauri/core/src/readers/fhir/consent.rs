//! What a part says of its own consent basis, in labels, tags and `Consent` resources: only what the
//! profile names, and a plain "yes" or "no" of the patient to sharing.
//!
//! The marker fails closed: it is compared without regard to case, blanks and notation, and a code
//! that nobody here knows in the marker's own code system withholds. What a patient wants withheld
//! from some, or in part, leaves no trace: its leaves are *used*, and what is missing says the rest.

use super::header::sent;
use super::ica::codings;
use super::tree::Node;
use super::view::{Resource, View};
use crate::domain::consent::{Marker, MarkerElement};
use crate::domain::date::PartialDate;
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
/// Statuses of a `Consent` that does not hold, or not yet.
const VOID: [&str; 5] = [
    "inactive",
    "rejected",
    "entered-in-error",
    "draft",
    "proposed",
];

/// What a part says of its consent basis. Of what stands twice, the strictest counts.
pub(super) fn found_in(view: &View<'_>, profile: &Profile) -> Found {
    let mut found = Found::default();
    let root = view.resource(view.root());
    for resource in root.iter().chain(view.resources()) {
        for meta in metas(view, *resource) {
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
    found
}

/// What a resource says of itself.
fn metas<'v>(view: &'v View<'_>, resource: Resource<'_>) -> impl Iterator<Item = Node> + 'v {
    Some(resource.node)
        .filter(|node| view.index.may_be_labelled(*node))
        .into_iter()
        .flat_map(|node| view.named(node, "meta"))
}

/// Whether the part says that ICA are withheld by a national rule.
pub(super) fn names_national_rule(view: &View<'_>, profile: &Profile) -> bool {
    let root = view.resource(view.root());
    root.iter().chain(view.resources()).any(|resource| {
        let labelled = |name: &str, element: MarkerElement| {
            metas(view, *resource).any(|meta| {
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
        || view.named(node, "meta").any(|meta| {
            view.named(meta, "profile")
                .filter_map(|profile| view.peek_value(profile))
                .any(is_directive)
        });
    !of_treatment
}

/// Whether a resource tells of nothing but such a `Consent`: it is one, or holds or accounts for nothing
/// else.
pub(super) fn tells_of_sharing(view: &View<'_>, resource: Resource<'_>) -> bool {
    let node = resource.node;
    let about: Vec<Node> = match resource.kind {
        "Consent" => return is_about_sharing(view, resource),
        "Provenance" => view.named(node, "target").collect(),
        "List" => view
            .named(node, "entry")
            .filter_map(|entry| view.one(entry, "item"))
            .collect(),
        _ => return false,
    };
    !about.is_empty()
        && about.into_iter().all(|reference| {
            let target = view.index.resolve(view, reference);
            target.is_some_and(|target| is_about_sharing(view, target))
        })
}

/// What was found of a consent basis, in a part and in what stands around it.
#[derive(Default, Clone, Copy)]
pub(super) struct Found {
    corona: bool,
    explicit: bool,
    opt_out: bool,
    /// Whether ICA are said to be withheld by a national rule.
    national_rule: bool,
    /// The first element that carried any of them.
    element: Option<MarkerElement>,
}

impl Found {
    /// The marker that this amounts to, strictest first, and the element that carries it.
    pub(super) const fn marker(self) -> (Marker, Option<MarkerElement>) {
        let marker = if self.opt_out {
            Marker::OptedOut
        } else {
            match (self.corona, self.explicit) {
                (true, true) => Marker::CoronaAndExplicit,
                (true, false) => Marker::Corona,
                (false, _) => Marker::Absent,
            }
        };
        (marker, self.element)
    }

    /// Whether ICA are said to be withheld by a national rule.
    pub(super) const fn names_national_rule(self) -> bool {
        self.national_rule
    }

    /// With what a Bundle around the part says: it holds for all that is in it.
    pub(super) fn within(self, around: Self) -> Self {
        Self {
            corona: self.corona || around.corona,
            explicit: self.explicit || around.explicit,
            opt_out: self.opt_out || around.opt_out,
            national_rule: self.national_rule || around.national_rule,
            element: self.element.or(around.element),
        }
    }

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
        let national_rule = is(&profile.national_rule);
        self.national_rule |= national_rule;
        if corona || opt_out || explicit {
            self.corona |= corona;
            self.opt_out |= opt_out;
            self.explicit |= explicit;
        } else if national_rule || !is_of_marker_system(view, coding, profile, element) {
            return;
        } else {
            // Nobody here knows what it says: withheld, and told as a conflict.
            self.corona = true;
            self.explicit = true;
        }
        self.element = self.element.or(Some(element));
    }

    /// A plain "yes" or "no" to sharing; one that is narrowed to some data or some people is
    /// neither. A "no" counts unless its status says that it does not hold.
    fn policy(&mut self, view: &View<'_>, consent: Node) {
        let statuses = values(view, consent, "status");
        let is_void = !statuses.is_empty() && statuses.iter().all(|status| VOID.contains(status));
        let rule = |known: &[&str]| {
            let coded = codings(view, consent, "policyRule")
                .any(|(_, code)| known.iter().any(|one| code.eq_ignore_ascii_case(one)));
            let written = values(view, consent, "policyRule")
                .iter()
                .any(|uri| known.iter().any(|one| uri.ends_with(one)));
            coded || written
        };
        let provisions: Vec<Node> = view.named(consent, "provision").collect();
        let wide = |provision: &Node| !is_narrowed(view, *provision);
        let decides =
            |node: Node, name: &str, decision: &str| values(view, node, name).contains(&decision);
        let denies = provisions
            .iter()
            .any(|provision| decides(*provision, "type", "deny") && wide(provision))
            || decides(consent, "decision", "deny")
                && (provisions.is_empty() || provisions.iter().any(wide));
        let permits = decides(consent, "decision", "permit")
            || provisions
                .iter()
                .any(|provision| decides(*provision, "type", "permit"));
        let no = !is_void && (rule(&OPT_OUT) || denies);
        let yes = statuses.contains(&"active") && (rule(&OPT_IN) || permits);
        if no || yes {
            self.opt_out |= no;
            self.explicit |= yes && !no;
            self.element = self.element.or(Some(MarkerElement::FhirConsent));
        }
    }
}

/// Every value of this name.
fn values<'d>(view: &View<'d>, node: Node, name: &str) -> Vec<&'d str> {
    view.named(node, name)
        .filter_map(|child| view.peek_value(child))
        .collect()
}

/// Whether a provision is about some data, people or purposes only, or its time is over.
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
    let mut periods = view.named(provision, "period").peekable();
    view.children(provision)
        .any(|child| NARROWING.contains(&view.name(child)))
        || periods.peek().is_some() && periods.all(|period| is_over(view, period))
}

/// Whether a period had surely ended, by whole days, when the document was made.
fn is_over(view: &View<'_>, period: Node) -> bool {
    let parts = |date: &PartialDate| {
        [
            date.year.map(u32::from),
            date.month.map(u32::from),
            date.day.map(u32::from),
        ]
    };
    let end = view.peek(period, "end").map(PartialDate::parse);
    end.zip(sent(view)).is_some_and(|(end, sent)| {
        parts(&end)
            .into_iter()
            .zip(parts(&sent))
            .map_while(|(end, sent)| Some((end?, sent?)))
            .find(|(end, sent)| end != sent)
            .is_some_and(|(end, sent)| end < sent)
    })
}

fn names(view: &View<'_>, coding: Node, codes: &[MarkerCode], element: MarkerElement) -> bool {
    codes
        .iter()
        .filter(|code| code.element == element)
        .any(|marker| {
            is_of_system(view, coding, marker)
                && values(view, coding, "code")
                    .iter()
                    .any(|code| code.trim().eq_ignore_ascii_case(marker.code.trim()))
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
    values(view, coding, "system")
        .iter()
        .any(|system| is_same_system(system, &marker.system))
}
