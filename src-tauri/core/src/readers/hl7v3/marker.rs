//! What a message says of its own consent basis: only what the profile names, never inferred.

use super::view::{ICA, Node, is_hl7};
use crate::domain::consent::Marker;
use crate::readers::{MarkerCode, MarkerElement, Profile};

/// Whether an element carries one of the configured codes.
pub(super) fn is_marker(element: Node<'_>, profile: &Profile) -> bool {
    [&profile.corona_marker, &profile.opt_out, &profile.explicit]
        .into_iter()
        .flatten()
        .any(|code| carries(element, code))
}

/// The marker of a part, from all that stands in it and in the wrappers around it.
pub(super) fn marker_of<'d>(part: Node<'d>, flags: &[u8], profile: &Profile) -> Marker {
    let mut found = Found::default();
    let around = part
        .ancestors()
        .skip(1)
        .flat_map(|wrapper| wrapper.children());
    for element in
        around.filter(|element| element.has_tag_name((super::view::HL7, "attentionLine")))
    {
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
    fn look_at(&mut self, element: Node<'_>, profile: &Profile) {
        let carried =
            |code: &Option<MarkerCode>| code.as_ref().is_some_and(|code| carries(element, code));
        self.corona |= carried(&profile.corona_marker);
        self.explicit |= carried(&profile.explicit);
        self.opt_out |= carried(&profile.opt_out);
    }
}

/// ICA elements say nothing about the basis of the rest.
fn look_below<'d>(element: Node<'d>, flags: &[u8], profile: &Profile, found: &mut Found) {
    found.look_at(element, profile);
    for child in element.children().filter(roxmltree::Node::is_element) {
        if flags
            .get(child.id().get_usize())
            .is_none_or(|flag| flag & ICA == 0)
        {
            look_below(child, flags, profile, found);
        }
    }
}

fn carries(element: Node<'_>, marker: &MarkerCode) -> bool {
    let is = |node: Node<'_>| {
        node.attribute("codeSystem") == Some(marker.system.as_str())
            && node.attribute("code") == Some(marker.code.as_str())
    };
    is_hl7(element)
        && match (marker.element, element.tag_name().name()) {
            (MarkerElement::ConfidentialityCode, "confidentialityCode") => is(element),
            (MarkerElement::AttentionLine, "attentionLine") => element
                .children()
                .any(|child| child.is_element() && is(child)),
            _ => false,
        }
}
