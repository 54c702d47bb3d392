//! Reads episodes, their references to journal lines, and the attention flags on them.

use super::contacts::diagnosis_code;
use super::people::{asserted, author};
use super::reading::Reading;
use super::references::Target;
use super::types::{child_coded, child_period, child_text, identifier, ids, status};
use super::view::{Node, View};
use crate::domain::coded::Identifier;
use crate::domain::date::Period;
use crate::domain::finding::{FindingCode, Severity};
use crate::domain::summary::Episode;
use crate::domain::summary::clinical::AttentionFlag;

/// HL7 `ActClass`, in which a concern is `CONC`.
const ACT_CLASS: &str = "2.16.840.1.113883.5.6";

/// Every `episodeOfCondition` of a `component7`.
pub(super) fn read<'d>(reading: &mut Reading<'_, 'd>, holder: Node<'d>) {
    let view = reading.view;
    let acts = view
        .children(holder)
        .filter(|child| child.tag_name().name() == "episodeOfCondition");
    for act in acts.collect::<Vec<_>>() {
        if asserted(view, act) {
            view.visit(holder);
            episode(reading, act);
        }
    }
}

fn episode<'d>(reading: &mut Reading<'_, 'd>, act: Node<'d>) {
    let view = reading.view;
    view.visit(act);
    let status = status(view, act);
    let period = child_period(view, act, "effectiveTime");
    let mut episode = Episode {
        key: reading.key(b'e'),
        source: view.source().to_owned(),
        ids: ids(view, act),
        title: child_text(view, act, "text"),
        problem: None,
        problem_text: None,
        problem_ids: Vec::new(),
        closed: period.high.is_some() || status.as_deref().is_some_and(is_closed),
        status,
        period,
        care_periods: Vec::new(),
        flagged: false,
        flags: Vec::new(),
        lines: Vec::new(),
        author: author(view, act),
        ..Episode::default()
    };
    problem(view, act, &mut episode);
    for relationship in view.named(act, "component2") {
        for care in view.named(relationship, "episodOfCare") {
            care_period(reading, care, &mut episode);
        }
    }
    reading.register(
        act,
        &episode.ids,
        &episode.key,
        Target::Episode(reading.record.episodes.len()),
    );
    reading.record.episodes.push(episode);
}

/// Words for an act that is over; `aborted` and the like mean the episode is not going on either.
pub(super) fn is_closed(status: &str) -> bool {
    matches!(
        status,
        "completed" | "aborted" | "cancelled" | "nullified" | "obsolete"
    )
}

/// `reason/ObservationDx`: the first; others are listed.
fn problem<'d>(view: &View<'d>, act: Node<'d>, episode: &mut Episode) {
    let Some(reason) = view.peek(act, "reason") else {
        return;
    };
    let Some(diagnosis) = view.peek(reason, "ObservationDx") else {
        return;
    };
    if !asserted(view, diagnosis) {
        return;
    }
    view.visit(reason);
    view.visit(diagnosis);
    diagnosis_code(view, diagnosis);
    episode.problem_ids = ids(view, diagnosis);
    episode.problem = child_coded(view, diagnosis, "value");
    episode.problem_text =
        child_text(view, diagnosis, "text").filter(|text| episode.title.as_ref() != Some(text));
}

fn care_period<'d>(reading: &mut Reading<'_, 'd>, care: Node<'d>, episode: &mut Episode) {
    let view = reading.view;
    let period = child_period(view, care, "effectiveTime");
    if period != Period::default() {
        episode.care_periods.push(period);
    }
    for component in view.named(care, "component") {
        for reference in view.named(component, "actReference") {
            let (line, target) = reading.refer(reference, ids(view, reference));
            back_reference(reading, target, &episode.key);
            episode.lines.push(line);
        }
    }
}

/// Lets the line or diagnosis know which episodes refer to it.
fn back_reference(reading: &mut Reading<'_, '_>, target: Option<Target>, episode: &str) {
    let contacts = &mut reading.record.contacts;
    let episodes = match target {
        Some(Target::Line(contact, partial, line)) => contacts
            .get_mut(contact)
            .and_then(|contact| contact.partials.get_mut(partial))
            .and_then(|partial| partial.lines.get_mut(line))
            .map(|line| &mut line.episodes),
        Some(Target::Diagnosis(contact, partial, diagnosis)) => contacts
            .get_mut(contact)
            .and_then(|contact| contact.partials.get_mut(partial))
            .and_then(|partial| partial.diagnoses.get_mut(diagnosis))
            .map(|diagnosis| &mut diagnosis.episodes),
        Some(Target::Episode(_) | Target::Contact(_) | Target::Other) | None => None,
    };
    if let Some(episodes) = episodes
        && episodes.last().is_none_or(|last| last != episode)
    {
        episodes.push(episode.to_owned());
    }
}

/// An attention flag. One that points at no episode here stays untouched, and so is listed whole.
pub(super) fn flag<'d>(reading: &mut Reading<'_, 'd>, holder: Node<'d>, observation: Node<'d>) {
    let view = reading.view;
    let relationships: Vec<_> = view
        .children(observation)
        .filter(|child| child.tag_name().name() == "sourceOf")
        .collect();
    if relationships.is_empty() {
        view.note(
            FindingCode::DanglingReference,
            Severity::Warning,
            observation,
        );
        return;
    }
    let mut read: Option<AttentionFlag> = None;
    for relationship in relationships {
        let Some((act, episode)) = flagged_episode(reading, relationship) else {
            view.note(
                FindingCode::DanglingReference,
                Severity::Warning,
                relationship,
            );
            continue;
        };
        let mut flag = read
            .get_or_insert_with(|| attention_flag(view, holder, observation))
            .clone();
        view.visit(relationship);
        view.visit(act);
        for id in view.named(act, "id") {
            view.used(id, "root");
            view.used(id, "extension");
        }
        flag.target_code = child_coded(view, act, "code");
        if let Some(episode) = reading.record.episodes.get_mut(episode) {
            episode.flagged |= !flag
                .status
                .as_deref()
                .is_some_and(|s| matches!(s, "nullified" | "aborted" | "cancelled"));
            episode.flags.push(flag);
        }
    }
}

/// The act that a relationship refers with, and the episode with its id.
fn flagged_episode<'d>(
    reading: &Reading<'_, 'd>,
    relationship: Node<'d>,
) -> Option<(Node<'d>, usize)> {
    let act = reading.view.peek(relationship, "act")?;
    let named: Vec<Identifier> = reading
        .view
        .children(act)
        .filter(|child| child.tag_name().name() == "id")
        .map(|id| Identifier {
            root: id.attribute("root").map(str::to_owned),
            extension: id.attribute("extension").map(str::to_owned),
        })
        .collect();
    match reading.references.find(&named) {
        Some((_, Target::Episode(at))) => Some((act, *at)),
        _ => None,
    }
}

fn attention_flag<'d>(view: &View<'d>, holder: Node<'d>, observation: Node<'d>) -> AttentionFlag {
    view.visit(holder);
    view.visit(observation);
    AttentionFlag {
        ids: ids(view, observation),
        code: child_coded(view, observation, "code").unwrap_or_default(),
        status: status(view, observation),
        target_code: None,
        period: child_period(view, observation, "effectiveTime"),
        text: child_text(view, observation, "text"),
    }
}

/// What the measurement at `at` refers to.
pub(super) fn refer_measurement<'d>(
    reading: &mut Reading<'_, 'd>,
    observation: Node<'d>,
    at: usize,
) {
    let view = reading.view;
    let relationships = view
        .children(observation)
        .filter(|child| child.tag_name().name() == "sourceOf");
    let mut references = Vec::new();
    for relationship in relationships {
        let Some(act) = view
            .peek(relationship, "act")
            .or_else(|| view.peek(relationship, "actReference"))
        else {
            continue;
        };
        view.visit(relationship);
        view.visit(act);
        let named = view
            .named(act, "id")
            .filter_map(|id| identifier(view, id))
            .collect();
        if let Some(code) = view.peek(act, "code")
            && code.attribute("codeSystem") == Some(ACT_CLASS)
            && code.attribute("code") == Some("CONC")
        {
            view.visit(code);
            view.used(code, "code");
            view.used(code, "codeSystem");
        }
        references.push(reading.refer(act, named).0);
    }
    if let Some(measurement) = reading.record.measurements.get_mut(at) {
        measurement.references = references;
    }
}
