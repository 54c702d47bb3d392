//! What a message says about itself: wrapper, control act and the provision's own data.

use std::collections::HashSet;

use super::header::named;
use super::marker::is_marker;
use super::outcome::{is_restricted, is_restriction};
use super::structure;
use super::view::{Node, View};
use crate::domain::summary::Fact;
use crate::readers::scrub::scrub;
use crate::readers::{PartOutcome, Profile};

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
/// Children of a query's acknowledgement that say how it was answered.
const ANSWER: [&str; 4] = [
    "queryResponseCode",
    "resultTotalQuantity",
    "resultCurrentQuantity",
    "resultRemainingQuantity",
];
/// Children of a record that speak of the record.
const RECORD: [&str; 4] = ["id", "statusCode", "effectiveTime", "confidentialityCode"];
/// Below these, texts come from an error and may contain a BSN.
const ERRORS: [&str; 2] = ["acknowledgementDetail", "justifiedDetectedIssue"];

/// Flag of an element of a batch's own that its outcome tells, and nothing else.
const HUSHED: u8 = 16;

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

/// What of a message is used to conclude how it answered, and told as nothing else.
///
/// Where the answer was whole, or nothing was found, the codes that said so are no facts beside
/// that: so an answer that the patient restricted has no other facts than one that found nothing.
#[derive(Default)]
pub(super) struct Hushed<'d>(HashSet<Node<'d>>);

impl<'d> Hushed<'d> {
    /// The elements of the message at `root` that are told by its outcome alone.
    pub(super) fn of(
        root: Node<'d>,
        flags: &[u8],
        outcome: Option<&PartOutcome>,
        profile: &Profile,
    ) -> Self {
        let settled = matches!(
            outcome,
            None | Some(PartOutcome::Delivered | PartOutcome::NothingFound)
        );
        let restricted = is_restricted(root, flags, profile);
        let alone = settled && restricted;
        let hidden = |node: &Node<'d>| alone || restricted && is_restriction(*node, profile);
        let acts = named(root, "ControlActProcess");
        let details = named(root, "acknowledgement")
            .into_iter()
            .flat_map(|node| named(node, "acknowledgementDetail"));
        let reasons = acts.iter().flat_map(|act| named(*act, "reasonOf"));
        let mut hushed: HashSet<Node<'d>> = details.chain(reasons).filter(hidden).collect();
        if settled {
            let queries = acts.iter().flat_map(|act| named(*act, "queryAck"));
            hushed.extend(queries.flat_map(|query| {
                query
                    .children()
                    .filter(|child| ANSWER.contains(&child.tag_name().name()))
            }));
        }
        if alone {
            hushed.extend(named(root, "securityText"));
            hushed.extend(acts.iter().flat_map(|act| named(*act, "text")));
        }
        Self(hushed)
    }

    /// Flags them, for what is read without the profile.
    pub(super) fn flag(&self, flags: &mut [u8]) {
        for node in &self.0 {
            if let Some(flag) = flags.get_mut(node.id().get_usize()) {
                *flag |= HUSHED;
            }
        }
    }

    /// Those of a batch that were flagged.
    pub(super) fn flagged(batch: Node<'d>, flags: &[u8]) -> Self {
        let is_flagged = |node: &Node<'d>| {
            flags
                .get(node.id().get_usize())
                .is_some_and(|flag| flag & HUSHED != 0)
        };
        let own = batch.children().filter(|child| is_wrapper(*child));
        Self(
            own.flat_map(|child| child.descendants())
                .filter(is_flagged)
                .collect(),
        )
    }

    /// Takes them, and the kind of acknowledgement where the answer is settled.
    pub(super) fn take(&self, view: &View<'d>, root: Node<'d>, settled: bool) {
        for node in &self.0 {
            view.use_whole(*node);
        }
        if settled {
            for node in view.named(root, "acknowledgement") {
                view.used(node, "typeCode");
            }
        }
    }
}

/// The facts of a message: of its wrapper and of its control acts.
pub(super) fn of_message<'d>(
    view: &View<'d>,
    root: Node<'d>,
    flags: &[u8],
    outcome: &PartOutcome,
    profile: &Profile,
) -> Vec<Fact> {
    let hushed = Hushed::of(root, flags, Some(outcome), profile);
    let settled = matches!(outcome, PartOutcome::Delivered | PartOutcome::NothingFound);
    hushed.take(view, root, settled);
    let mut facts = wrapper(view, root, &hushed);
    for act in view.named(root, "ControlActProcess") {
        facts.extend(control_act(view, act, &hushed));
    }
    facts
}

/// The facts of a message's or a batch's own wrapper.
pub(super) fn wrapper<'d>(view: &View<'d>, message: Node<'d>, hushed: &Hushed<'d>) -> Vec<Fact> {
    view.visit(message);
    let mut facts = Vec::new();
    section(view, message, &WRAPPER, "", hushed, &mut facts);
    facts
}

/// The facts of the control act.
fn control_act<'d>(view: &View<'d>, act: Node<'d>, hushed: &Hushed<'d>) -> Vec<Fact> {
    view.visit(act);
    let mut facts = Vec::new();
    section(
        view,
        act,
        &CONTROL_ACT,
        "ControlActProcess/",
        hushed,
        &mut facts,
    );
    facts
}

/// The facts of a record (a provision, an organizer, a list). The configured marker is no fact: it
/// decided something.
pub(super) fn record<'d>(view: &View<'d>, record: Node<'d>, profile: &Profile) -> Vec<Fact> {
    view.visit(record);
    for code in view
        .children(record)
        .filter(|child| is_marker(*child, profile))
    {
        view.use_whole(code);
    }
    let prefix = format!("{}/", record.tag_name().name());
    let mut facts = Vec::new();
    section(
        view,
        record,
        &RECORD,
        &prefix,
        &Hushed::default(),
        &mut facts,
    );
    facts
}

/// Every leaf of one element as a fact.
pub(super) fn facts_of<'d>(view: &View<'d>, element: Node<'d>, path: &str) -> Vec<Fact> {
    let mut facts = Vec::new();
    collect(view, element, path, false, &Hushed::default(), &mut facts);
    facts
}

fn section<'d>(
    view: &View<'d>,
    of: Node<'d>,
    names: &[&str],
    prefix: &str,
    hushed: &Hushed<'d>,
    facts: &mut Vec<Fact>,
) {
    for child in view
        .children(of)
        .filter(|child| names.contains(&child.tag_name().name()))
    {
        let path = format!("{prefix}{}", child.tag_name().name());
        collect(view, child, &path, false, hushed, facts);
    }
}

/// Every leaf of an element as a fact, named by its path; structural attributes are none.
fn collect<'d>(
    view: &View<'d>,
    element: Node<'d>,
    path: &str,
    in_error: bool,
    hushed: &Hushed<'d>,
    facts: &mut Vec<Fact>,
) {
    if hushed.0.contains(&element) {
        return;
    }
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
            hushed,
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
