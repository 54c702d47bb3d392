//! What a message says about itself: wrapper, control act and the provision's own data.

use super::marker::is_marker;
use super::structure;
use super::view::{Node, View};
use crate::domain::summary::Fact;
use crate::readers::Profile;
use crate::readers::scrub::scrub;

/// Children of a message or batch that speak of the transmission.
const WRAPPER: [&str; 14] = [
    "id",
    "creationTime",
    "securityText",
    "versionCode",
    "interactionId",
    "profileId",
    "processingCode",
    "processingModeCode",
    "acceptAckCode",
    "acknowledgement",
    "receiver",
    "sender",
    "respondTo",
    "attentionLine",
];
/// Children of the control act that speak of the answer.
const CONTROL_ACT: [&str; 13] = [
    "id",
    "code",
    "text",
    "statusCode",
    "effectiveTime",
    "languageCode",
    "authorOrPerformer",
    "overseer",
    "dataEnterer",
    "informationRecipient",
    "reasonOf",
    "queryAck",
    "queryByParameter",
];
/// Children of the provision that speak of the record.
const PROVISION: [&str; 4] = ["id", "statusCode", "effectiveTime", "confidentialityCode"];
/// Below these, texts come from an error and may contain a BSN.
const ERRORS: [&str; 2] = ["acknowledgementDetail", "justifiedDetectedIssue"];

/// Whether an element speaks of the transmission, by its name.
pub(super) fn is_wrapper(element: Node<'_>) -> bool {
    WRAPPER.contains(&element.tag_name().name())
}

/// Whether a child of a message says nothing but how it was sent.
pub(super) fn is_of_the_message(element: Node<'_>) -> bool {
    is_wrapper(element) || element.tag_name().name() == "ControlActProcess"
}

/// Whether a child of a control act says nothing but how it was answered, `subject` included.
pub(super) fn is_of_the_control_act(element: Node<'_>) -> bool {
    let name = element.tag_name().name();
    CONTROL_ACT.contains(&name) || name == "subject"
}

/// The facts of a message's or a batch's own wrapper.
pub(super) fn wrapper<'d>(view: &View<'d>, message: Node<'d>) -> Vec<Fact> {
    view.visit(message);
    let mut facts = Vec::new();
    section(view, message, &WRAPPER, "", &mut facts);
    facts
}

/// The facts of the control act.
pub(super) fn control_act<'d>(view: &View<'d>, act: Node<'d>) -> Vec<Fact> {
    view.visit(act);
    let mut facts = Vec::new();
    section(view, act, &CONTROL_ACT, "ControlActProcess/", &mut facts);
    facts
}

/// The facts of the provision. The configured marker is no fact: it decided something.
pub(super) fn provision<'d>(view: &View<'d>, provision: Node<'d>, profile: &Profile) -> Vec<Fact> {
    view.visit(provision);
    for code in view
        .children(provision)
        .filter(|child| is_marker(*child, profile))
    {
        view.use_whole(code);
    }
    let mut facts = Vec::new();
    section(
        view,
        provision,
        &PROVISION,
        "PrimaryCareProvision/",
        &mut facts,
    );
    facts
}

fn section<'d>(view: &View<'d>, of: Node<'d>, names: &[&str], prefix: &str, facts: &mut Vec<Fact>) {
    for child in view
        .children(of)
        .filter(|child| names.contains(&child.tag_name().name()))
    {
        collect(
            view,
            child,
            &format!("{prefix}{}", child.tag_name().name()),
            false,
            facts,
        );
    }
}

/// Every leaf of an element as a fact, named by its path; structural attributes are none.
fn collect<'d>(
    view: &View<'d>,
    element: Node<'d>,
    path: &str,
    in_error: bool,
    facts: &mut Vec<Fact>,
) {
    view.visit(element);
    let name = element.tag_name().name();
    let in_error = in_error || ERRORS.contains(&name);
    for attribute in element.attributes().filter(|a| a.namespace().is_none()) {
        let (key, value) = (attribute.name(), attribute.value());
        if view.is_taken(element, key) || structure::expected(name, key, value) == Some(true) {
            continue;
        }
        let told = told(value, in_error, key);
        // A value that is told otherwise than it was received stands nowhere: it was used.
        if told == value && key != "nullFlavor" {
            view.shown(element, key);
        } else {
            view.used(element, key);
        }
        facts.push(Fact {
            name: format!("{path}/@{key}"),
            value: told,
        });
    }
    if let Some(text) = view.peek_text(element) {
        let told = told(&text, in_error, "");
        if told == text {
            view.text(element);
        } else {
            view.used_text(element);
        }
        facts.push(Fact {
            name: path.to_owned(),
            value: told,
        });
    }
    for child in view.children(element) {
        collect(
            view,
            child,
            &format!("{path}/{}", child.tag_name().name()),
            in_error,
            facts,
        );
    }
}

fn told(value: &str, in_error: bool, attribute: &str) -> String {
    if attribute == "nullFlavor" && value == "MSK" {
        "NI".to_owned()
    } else if in_error && !matches!(attribute, "codeSystem" | "root") {
        scrub(value)
    } else {
        value.to_owned()
    }
}
