//! What a message says of its own consent basis: only what the profile names, never inferred.
//!
//! The marker fails closed: it is compared without regard to case, blanks, prefixes or
//! namespace, and a code that nobody here knows in the marker's own code system withholds.

use super::view::{Node, WITHHELD};
use crate::domain::consent::{Marker, MarkerElement};
use crate::readers::systems::is_same_system;
use crate::readers::{MarkerCode, Profile};

/// Whether an element carries one of the configured codes, or an unknown one of their system.
pub(super) fn is_marker(element: Node<'_>, profile: &Profile) -> bool {
    let mut found = Found::default();
    found.look_at(element, profile);
    found.corona || found.explicit || found.opt_out || names_national_rule(element, profile)
}

/// The marker of a part and the element that carries it, from all that stands in it and in the
/// wrappers around it.
pub(super) fn marker_of<'d>(
    part: Node<'d>,
    flags: &[u8],
    profile: &Profile,
) -> (Marker, Option<MarkerElement>) {
    let mut found = Found::default();
    let around = part
        .ancestors()
        .skip(1)
        .flat_map(|wrapper| wrapper.children());
    for element in around.filter(roxmltree::Node::is_element) {
        found.look_at(element, profile);
    }
    look_below(part, flags, profile, &mut found);
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

#[derive(Default)]
struct Found {
    corona: bool,
    explicit: bool,
    opt_out: bool,
    /// The first element that carried any of them.
    element: Option<MarkerElement>,
}

impl Found {
    /// What an element carries by itself, among its values or as a translation.
    fn look_at(&mut self, element: Node<'_>, profile: &Profile) {
        let name = element.tag_name().name();
        if !may_carry(name) {
            return;
        }
        let here = |codes: &'_ [MarkerCode]| -> Vec<MarkerCode> {
            codes
                .iter()
                .filter(|code| {
                    element_name(code.element).is_some_and(|e| e.eq_ignore_ascii_case(name))
                })
                .cloned()
                .collect()
        };
        let (corona, opt_out, explicit) = (
            here(&profile.corona),
            here(&profile.opt_out),
            here(&profile.explicit),
        );
        let rule = here(&profile.national_rule);
        let all = || corona.iter().chain(&opt_out).chain(&explicit).chain(&rule);
        if all().next().is_none() {
            return;
        }
        for coded in element.descendants().filter(roxmltree::Node::is_element) {
            let is = |markers: &[MarkerCode]| markers.iter().any(|marker| carries(coded, marker));
            if is(&corona) || is(&opt_out) || is(&explicit) {
                self.corona |= is(&corona);
                self.opt_out |= is(&opt_out);
                self.explicit |= is(&explicit);
            } else if is(&rule) || !all().any(|marker| is_of_system(coded, marker)) {
                continue;
            } else {
                // Nobody here knows what it says: withheld, and told as a conflict.
                self.corona = true;
                self.explicit = true;
            }
            let element = all().map(|marker| marker.element).next();
            self.element = self.element.or(element);
        }
    }
}

/// Whether the part says that ICA are withheld by a national rule.
pub(super) fn names_national_rule(part: Node<'_>, profile: &Profile) -> bool {
    !profile.national_rule.is_empty()
        && part
            .descendants()
            .filter(|node| node.is_element() && may_carry(node.tag_name().name()))
            .any(|element| {
                let name = element.tag_name().name();
                profile.national_rule.iter().any(|marker| {
                    element_name(marker.element).is_some_and(|e| e.eq_ignore_ascii_case(name))
                        && element
                            .descendants()
                            .filter(roxmltree::Node::is_element)
                            .any(|coded| carries(coded, marker))
                })
            })
}

/// ICA elements say nothing about the basis of the rest, but a marker stays one whatever is
/// put into it.
fn look_below<'d>(element: Node<'d>, flags: &[u8], profile: &Profile, found: &mut Found) {
    found.look_at(element, profile);
    for child in element.children().filter(roxmltree::Node::is_element) {
        if flags
            .get(child.id().get_usize())
            .is_none_or(|flag| flag & WITHHELD == 0)
        {
            look_below(child, flags, profile, found);
        } else if element.tag_name().name() == "PrimaryCareProvision" {
            found.look_at(child, profile);
        }
    }
}

/// Whether an element of this name may carry a marker.
fn may_carry(name: &str) -> bool {
    MarkerElement::ALL
        .into_iter()
        .filter_map(element_name)
        .any(|known| known.eq_ignore_ascii_case(name))
}

/// The element's name in HL7v3; `None` for FHIR's.
const fn element_name(element: MarkerElement) -> Option<&'static str> {
    match element {
        MarkerElement::ConfidentialityCode => Some("confidentialityCode"),
        MarkerElement::AttentionLine => Some("attentionLine"),
        MarkerElement::FhirSecurity | MarkerElement::FhirTag | MarkerElement::FhirConsent => None,
    }
}

fn carries(coded: Node<'_>, marker: &MarkerCode) -> bool {
    is_of_system(coded, marker)
        && coded
            .attribute("code")
            .is_some_and(|code| code.trim().eq_ignore_ascii_case(marker.code.trim()))
}

fn is_of_system(coded: Node<'_>, marker: &MarkerCode) -> bool {
    coded
        .attribute("codeSystem")
        .is_some_and(|system| is_same_system(system, &marker.system))
}
