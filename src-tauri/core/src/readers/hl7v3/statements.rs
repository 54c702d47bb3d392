//! Reads statements: allergies and intolerances, contra-indications, treatment limits.

use super::blocks::entry::told_status;
use super::blocks::who::person;
use super::people::{author, truth};
use super::structure;
use super::types::{child_coded, child_period, coded, ids, lies_after, status};
use super::view::{Node, View, type_of};
use crate::domain::coded::Coded;
use crate::domain::finding::{FindingCode, Severity};
use crate::domain::person::Author;
use crate::domain::state::StatementKind;
use crate::domain::summary::Detail;
use crate::domain::summary::Statement;
use crate::readers::kinds::{Said, Section, is_substance, kind_of};

/// HL7 `ActUncertainty` "stated with no assertion of uncertainty".
const CERTAIN: &str = "N";
/// The name of what a statement is about.
pub(super) const AGENT: &str = "agent";

/// What stands beside an act and bears on what it states.
#[derive(Default)]
pub(super) struct Beside {
    /// What the statement is about, where the act's value says only of which kind it is (`agent`).
    pub(super) agents: Vec<Detail>,
    /// Something that may say anything, an exception too.
    pub(super) more: bool,
    /// The concern that holds the act was entered in error.
    pub(super) withdrawn: bool,
}

/// One act that states something. `conducted` is who stands for it where it has no author.
pub(super) fn statement<'d>(
    view: &View<'d>,
    act: Node<'d>,
    section: Section,
    key: String,
    conducted: Option<Author>,
) -> Statement {
    statement_with(view, act, section, key, conducted, Beside::default())
}

/// The same with what stands beside it.
pub(super) fn statement_with<'d>(
    view: &View<'d>,
    act: Node<'d>,
    section: Section,
    key: String,
    conducted: Option<Author>,
    beside: Beside,
) -> Statement {
    view.visit(act);
    let negated = negation(view, act);
    let mut values = view.named(act, "value");
    let own_value = values.next().map(|node| any_value(view, node));
    let mut details: Vec<Detail> = values
        .map(|node| Detail::coded("value", any_value(view, node)))
        .collect();
    let has_values = !details.is_empty();
    details.extend(beside.agents);
    let names_more = details
        .iter()
        .filter_map(|detail| detail.coded.as_deref())
        .any(is_substance);
    let agent = details
        .iter()
        .filter(|detail| detail.name == AGENT)
        .filter_map(|detail| detail.coded.as_deref())
        .find(|agent| agent.label().is_some());
    // A value that is absent for a reason leaves it to the agent to say what it is about.
    let says = |value: &Coded| value.label().is_some();
    let agent_alone = agent
        .cloned()
        .filter(|_| !own_value.as_ref().is_some_and(says));
    let no_agent = agent.is_some_and(|agent| !is_substance(agent));
    let value = agent_alone.clone().or_else(|| own_value.clone());
    let uncertainty = child_coded(view, act, "uncertaintyCode");
    let uncertain = uncertainty
        .as_ref()
        .is_some_and(|code| code.code.as_deref() != Some(CERTAIN));
    details.extend(uncertainty.map(|code| Detail::coded("certainty", code)));
    let remarks = annotations(view, act);
    let more =
        beside.more || names_more || !remarks.is_empty() || has_values || has_end(act) || no_agent;
    details.extend(remarks);
    let text_node = view.one(act, "text");
    let text = text_node.and_then(|node| view.text(node));
    let text_null = text_node.and_then(|node| view.null_flavor(node));
    let act_null = view.null_flavor(act);
    let own_status = status(view, act);
    let period = child_period(view, act, "effectiveTime");
    let code = act_code(view, act);
    let said_status = if beside.withdrawn {
        Some("nullified")
    } else {
        own_status.as_deref()
    };
    let in_mood = act.attribute("moodCode").is_none_or(|mood| {
        structure::expected(act.tag_name().name(), "moodCode", mood) == Some(true)
    });
    let (kind, odd) = if in_mood {
        kind_of(&Said {
            section,
            negated: negated.map(|negated| negated.unwrap_or(false)),
            status: said_status,
            text: text.as_deref(),
            value: value.as_ref(),
            code: code.as_ref(),
            more,
            null_flavor: act_null.is_some()
                || text_null.is_some()
                || value
                    .as_ref()
                    .is_some_and(|value| value.null_flavor.is_some()),
            uncertain,
            period: &period,
        })
    } else {
        // A goal or a criterion is no statement of what is.
        (StatementKind::Unreadable, None)
    };
    if let Some(code) = odd {
        view.note(code, Severity::Warning, act);
    }
    let is_absence = matches!(
        kind,
        StatementKind::NoneKnown | StatementKind::NoInformation | StatementKind::Scoped
    );
    let names_more = names_more && agent_alone.is_none();
    let kind = if kind == StatementKind::Entry && no_agent && section == Section::Allergies {
        // A kind of allergy to what is said not to be, or not to be known.
        StatementKind::NoInformation
    } else if is_absence && names_more {
        // A substance beside the absence: there is something, and it is not clear what holds.
        StatementKind::Unreadable
    } else {
        kind
    };
    let own = author(view, act);
    Statement {
        key,
        source: view.source().to_owned(),
        ids: ids(view, act),
        kind,
        text,
        code,
        value: own_value.filter(|value| !value.is_empty()),
        status: own_status,
        period,
        author: own.or(conducted),
        negated: negated.unwrap_or_default(),
        details,
        references: Vec::new(),
    }
}

/// The code of the act; "assertion" says nothing more than that it states something.
fn act_code<'d>(view: &View<'d>, act: Node<'d>) -> Option<Coded> {
    let asserts = view.peek(act, "code").filter(|code| {
        let is = |attribute: &str, value: &str| code.attribute(attribute) == Some(value);
        is("code", "ASSERTION")
            && is("codeSystem", super::ica::ACT_CODE)
            && code.attribute("nullFlavor").is_none()
            && !code.children().any(|child| child.is_element())
    });
    match asserts {
        Some(code) => {
            view.use_whole(code);
            None
        }
        None => child_coded(view, act, "code"),
    }
}

/// Whether the period has an end, also one that says nothing: it ended, and nobody can tell when.
pub(super) fn has_end(act: Node<'_>) -> bool {
    act.children()
        .filter(|child| child.is_element() && child.tag_name().name() == "effectiveTime")
        .flat_map(|time| time.children())
        .any(|bound| bound.is_element() && bound.tag_name().name() == "high")
}

/// Weakens an absence about which, or around which, something stands that nobody here
/// understood: it may turn the meaning round. To be asked once the unit was read.
pub(super) fn weaken<'d>(view: &View<'d>, unit: Node<'d>, act: Node<'d>, read: &mut Statement) {
    if read.kind == StatementKind::Entry || read.kind == StatementKind::Unreadable {
        return;
    }
    if holds_another(view, unit, act) {
        view.note(FindingCode::UnexpectedStructure, Severity::Warning, act);
        read.kind = StatementKind::Unreadable;
    } else if read.kind == StatementKind::NoneKnown
        && (!view.is_understood(unit, act) || is_of_the_future(view, read))
    {
        view.note(FindingCode::UnexpectedStructure, Severity::Warning, act);
        read.kind = StatementKind::NoInformation;
    }
}

/// Whether a statement is dated after the message that carries it: then its date tells nothing.
fn is_of_the_future(view: &View<'_>, read: &Statement) -> bool {
    let period = &read.period;
    let signed = read.author.as_ref().and_then(|author| author.time.as_ref());
    view.sent.as_ref().is_some_and(|sent| {
        period
            .low
            .iter()
            .chain(&period.at)
            .chain(signed)
            .any(|date| lies_after(date, sent))
    })
}

/// Whether another statement stands within this one, or beside it where no reader looks.
fn holds_another<'d>(view: &View<'d>, unit: Node<'d>, act: Node<'d>) -> bool {
    let acts = super::ica::acts_of(unit);
    unit.descendants()
        .filter(|node| node.is_element() && !view.is_hidden(*node))
        .any(|node| {
            node != unit
                && !acts.contains(&node)
                && super::ica::is_statement(node)
                // What is below another act of the unit weakens that one.
                && node
                    .ancestors()
                    .all(|step| step == act || !acts.contains(&step))
        })
}

/// A statement that there is something nobody here can read.
pub(super) fn unreadable(source: &str, key: String) -> Statement {
    Statement {
        key,
        source: source.to_owned(),
        ids: Vec::new(),
        kind: StatementKind::Unreadable,
        text: None,
        code: None,
        value: None,
        status: None,
        period: crate::domain::date::Period::default(),
        author: None,
        negated: None,
        details: Vec::new(),
        references: Vec::new(),
    }
}

/// A relationship that holds no act: there is something, or at least a reason why there is nothing.
pub(super) fn empty<'d>(view: &View<'d>, unit: Node<'d>, key: String) -> Statement {
    view.visit(unit);
    let mut statement = unreadable(view.source(), key);
    if view.null_flavor(unit).is_some() {
        statement.kind = StatementKind::NoInformation;
    } else {
        view.note(FindingCode::EmptyEntry, Severity::Warning, unit);
    }
    statement
}

fn negation<'d>(view: &View<'d>, act: Node<'d>) -> Result<Option<bool>, ()> {
    let Some(stated) = act.attribute("negationInd") else {
        return Ok(None);
    };
    let negated = truth(stated).ok_or(())?;
    view.used(act, "negationInd");
    Ok(Some(negated))
}

/// A coded value, or the text of an uncoded one as the author's words.
pub(super) fn any_value<'d>(view: &View<'d>, node: Node<'d>) -> Coded {
    let mut value = coded(view, node);
    match type_of(node) {
        Some("ST" | "ED" | "SC") => value.original_text = view.text(node).or(value.original_text),
        None if value.code.is_none() && value.original_text.is_none() => {
            value.original_text = view.text(node)
        }
        _ => {}
    }
    value
}

/// Free remarks about the statement.
fn annotations<'d>(view: &View<'d>, act: Node<'d>) -> Vec<Detail> {
    let remarks = view
        .children(act)
        .filter(|child| child.tag_name().name().starts_with("subjectOf"));
    remarks
        .filter_map(|relationship| {
            let annotation = view.peek(relationship, "annotation")?;
            let text_node = view.peek(annotation, "text")?;
            let text = view.text(text_node)?;
            for step in [relationship, annotation, text_node] {
                view.visit(step);
            }
            let mut remark = Detail::text("annotation", text);
            let told = told_status(view, annotation);
            remark
                .details
                .extend(told.map(|status| Detail::text("status", status)));
            let author = author(view, annotation);
            remark
                .details
                .extend(author.map(|author| person("author", &author)));
            Some(remark)
        })
        .collect()
}
