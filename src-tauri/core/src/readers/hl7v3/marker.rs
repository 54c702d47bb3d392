//! What a message says of its own consent basis: only what the profile names, never inferred.
//!
//! The marker fails closed: it is compared without regard to case, blanks, prefixes or
//! namespace, and a code that nobody here knows in the marker's own code system withholds.

use super::view::{Node, WITHHELD};
use crate::domain::consent::Marker;
use crate::readers::{MarkerCode, MarkerElement, Profile};

/// Whether an element carries one of the configured codes, or an unknown one of their system.
pub(super) fn is_marker(element: Node<'_>, profile: &Profile) -> bool {
    let mut found = Found::default();
    found.look_at(element, profile);
    found.corona || found.explicit || found.opt_out
}

/// The marker of a part, from all that stands in it and in the wrappers around it.
pub(super) fn marker_of<'d>(part: Node<'d>, flags: &[u8], profile: &Profile) -> Marker {
    let mut found = Found::default();
    let around = part
        .ancestors()
        .skip(1)
        .flat_map(|wrapper| wrapper.children());
    for element in around.filter(roxmltree::Node::is_element) {
        found.look_at(element, profile);
    }
    look_below(part, flags, profile, &mut found);
    match found {
        Found { opt_out: true, .. } => Marker::OptedOut,
        Found {
            corona: true,
            explicit: true,
            ..
        } => Marker::CoronaAndExplicit,
        Found { corona: true, .. } => Marker::Corona,
        Found { .. } => Marker::Absent,
    }
}

#[derive(Default)]
struct Found {
    corona: bool,
    explicit: bool,
    opt_out: bool,
}

impl Found {
    /// What an element carries by itself, among its values or as a translation.
    fn look_at(&mut self, element: Node<'_>, profile: &Profile) {
        let name = element.tag_name().name();
        let codes = [&profile.corona_marker, &profile.opt_out, &profile.explicit];
        let here = |code: &Option<MarkerCode>| {
            code.as_ref()
                .filter(|code| element_name(code.element).eq_ignore_ascii_case(name))
                .cloned()
        };
        let [corona, opt_out, explicit] = codes.map(here);
        if corona.is_none() && opt_out.is_none() && explicit.is_none() {
            return;
        }
        for coded in element.descendants().filter(roxmltree::Node::is_element) {
            let is = |marker: &Option<MarkerCode>| {
                marker.as_ref().is_some_and(|marker| carries(coded, marker))
            };
            let of_ours = [&corona, &opt_out, &explicit]
                .into_iter()
                .flatten()
                .any(|marker| is_of_system(coded, marker));
            if is(&corona) || is(&opt_out) || is(&explicit) {
                self.corona |= is(&corona);
                self.opt_out |= is(&opt_out);
                self.explicit |= is(&explicit);
            } else if of_ours {
                // Nobody here knows what it says: withheld, and told as a conflict.
                self.corona = true;
                self.explicit = true;
            }
        }
    }
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

const fn element_name(element: MarkerElement) -> &'static str {
    match element {
        MarkerElement::ConfidentialityCode => "confidentialityCode",
        MarkerElement::AttentionLine => "attentionLine",
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

/// Whether two code systems or roots are the same, however they are written.
pub(super) fn is_same_system(received: &str, known: &str) -> bool {
    let bare = |text: &str| {
        let lower = text.trim().to_ascii_lowercase();
        let bare = lower
            .strip_prefix("urn:uuid:")
            .or_else(|| lower.strip_prefix("urn:oid:"))
            .unwrap_or(&lower);
        bare.trim().to_owned()
    };
    received == known || bare(received) == bare(known)
}
