//! Reads problems (`Condition`) as episodes.

use super::absence::absence;
use super::entries;
use super::episodes::push;
use super::rest::{about_the_patient, links, remaining};
use super::who::author;
use crate::domain::coded::Coded;
use crate::domain::date::Period;
use crate::domain::summary::document::Detail;
use crate::domain::summary::{Episode, SectionKind};
use crate::readers::fhir::reading::Reading;
use crate::readers::fhir::tree::Node;
use crate::readers::fhir::types::{child_coded, coded, identifiers, period_of};
use crate::readers::fhir::view::{Resource, View};

/// Clinical statuses of what is over.
const CLOSED: [&str; 3] = ["inactive", "remission", "resolved"];

/// A problem that no episode of care is about. One that says "no known problems" is an entry of its
/// own: never a row that looks like a disease.
pub(super) fn read<'d>(reading: &mut Reading<'_, 'd>, resource: Resource<'d>, kind: SectionKind) {
    let view = reading.view;
    let node = resource.node;
    about_the_patient(view, node);
    let problem = child_coded(view, node, "code");
    if let Some(said) = problem.as_ref().and_then(absence) {
        let mut entry = entries::entry(reading, resource, kind);
        entries::absent(said, &mut entry);
        entries::finish(reading, node, &mut entry);
        entries::push(reading, entry);
        return;
    }
    let mut details = Vec::new();
    let period = course(view, node, &mut details);
    let mut episode = Episode {
        details,
        key: reading.key_of(resource),
        source: view.source().to_owned(),
        ids: identifiers(view, node),
        problem,
        author: author(
            reading,
            node,
            &["asserter", "recorder"],
            &["assertedDate", "recordedDate", "dateRecorded"],
        ),
        closed: period.high.is_some(),
        period,
        references: links(reading, node, &[]),
        ..Episode::default()
    };
    standing(view, node, &mut episode);
    episode.problem_text = own_words(view, node);
    episode.details.extend(remaining(reading, node));
    push(reading, episode);
}

/// The problem that an episode of care is about: told in that episode.
pub(super) fn fold<'d>(reading: &Reading<'_, 'd>, resource: Resource<'d>, episode: &mut Episode) {
    let view = reading.view;
    let node = resource.node;
    about_the_patient(view, node);
    episode.problem = child_coded(view, node, "code");
    episode.problem_ids = identifiers(view, node);
    let mut problem = Episode::default();
    standing(view, node, &mut problem);
    episode.withdrawn |= problem.withdrawn;
    let period = course(view, node, &mut problem.details);
    if episode.period.is_empty() {
        episode.period = period;
    } else if !period.is_empty() && period != episode.period {
        problem.details.push(Detail {
            name: "problem_period".to_owned(),
            period: Some(Box::new(period)),
            ..Detail::default()
        });
    }
    let told = |name: &str| problem.details.iter().any(|detail| detail.name == name);
    if let Some(status) = problem.status.take().filter(|_| !told("clinical_status")) {
        problem
            .details
            .push(Detail::text("clinical_status", status));
    }
    episode.author = episode.author.take().or_else(|| {
        author(
            reading,
            node,
            &["asserter", "recorder"],
            &["assertedDate", "recordedDate"],
        )
    });
    let text = own_words(view, node);
    episode.problem_text = text.filter(|text| episode.title.as_ref() != Some(text));
    episode.details.extend(problem.details);
    episode.details.extend(remaining(reading, node));
}

/// Onset and abatement.
fn course(view: &View<'_>, node: Node, details: &mut Vec<Detail>) -> Period {
    let mut period = period_of(view, node, "onset");
    let end = period_of(view, node, "abatement");
    if period.low.is_none() {
        period.low = period.at.take();
    }
    let ends = end.at.clone().or(end.high.clone());
    if period.high.is_some() && ends.is_some() || end.low.is_some() {
        // A course of four ends: each stands as it was given.
        for (name, given) in [("onset", &period), ("abatement", &end)] {
            details.push(Detail {
                name: name.to_owned(),
                period: Some(Box::new(given.clone())),
                ..Detail::default()
            });
        }
    }
    period.high = ends.or(period.high);
    period.null_flavor = period.null_flavor.or(end.null_flavor);
    period
}

/// Clinical status and certainty: coded in R4, a plain code in STU3. What is refuted or was entered
/// in error is taken back.
fn standing(view: &View<'_>, node: Node, episode: &mut Episode) {
    if let Some(status) = view.one(node, "clinicalStatus") {
        let (code, detail) = status_of(view, status, "clinical_status");
        episode.closed |= code.as_deref().is_some_and(|code| CLOSED.contains(&code));
        episode.status = code;
        episode.details.extend(detail);
    }
    if let Some(status) = view.one(node, "verificationStatus") {
        let (code, detail) = status_of(view, status, "certainty");
        episode.withdrawn = code
            .as_deref()
            .is_some_and(|code| matches!(code, "refuted" | "entered-in-error"));
        episode
            .details
            .extend(detail.or_else(|| code.map(|code| Detail::text("certainty", code))));
    }
}

/// The code of a status, and all of it where it is more than a code.
fn status_of(view: &View<'_>, node: Node, name: &str) -> (Option<String>, Option<Detail>) {
    let read = coded(view, node);
    let code = core::iter::once(&read)
        .chain(&read.translations)
        .find_map(|one| one.code.clone())
        .or_else(|| read.original_text.clone())
        .or_else(|| read.null_flavor.clone());
    let plain = Coded {
        code: code.clone(),
        ..Coded::default()
    };
    let detail = (read != plain && !read.is_empty()).then(|| Detail::coded(name, read));
    (code, detail)
}

/// The only note, where nobody else wrote it: the words beside the code.
pub(super) fn own_words(view: &View<'_>, node: Node) -> Option<String> {
    let mut notes = view.named(node, "note");
    let note = notes.next().filter(|_| notes.next().is_none())?;
    view.children(note)
        .all(|child| view.name(child) == "text")
        .then(|| view.shown(note, "text"))?
}
