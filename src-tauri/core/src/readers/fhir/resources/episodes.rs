//! Reads episodes of care, and the attention flags on episodes.

use super::conditions;
use super::entries;
use super::rest::{about_the_patient, links, numbers, remaining};
use super::who::named;
use crate::domain::person::{Author, Organisation};
use crate::domain::summary::clinical::AttentionFlag;
use crate::domain::summary::document::Detail;
use crate::domain::summary::{AttentionLine, Entry, Episode, LineReference, SectionKind};
use crate::readers::fhir::reading::Reading;
use crate::readers::fhir::tree::Node;
use crate::readers::fhir::types::{child_coded, identifiers, period_of};
use crate::readers::fhir::view::{Resource, View};
use crate::readers::systems::{self, ACT_CODE};

/// The end of the URL of the extension that holds an episode's title.
const TITLE: &str = "EpisodeOfCare-Title";
/// The extension that names what a flag is on.
const FLAG_DETAIL: &str = "http://hl7.org/fhir/StructureDefinition/flag-detail";

/// Code of an attention line.
const ATTENTION_LINE: &str = "ATT";

/// Adds an episode with the journal lines that named it before.
pub(super) fn push(reading: &mut Reading<'_, '_>, mut episode: Episode) {
    let at = reading.record.episodes.len();
    let lines = reading.resources.lines.remove(&episode.key);
    episode.lines.extend(lines.unwrap_or_default());
    reading.resources.episodes.insert(episode.key.clone(), at);
    reading.record.episodes.push(episode);
}

/// Lets an episode know of a journal line that names it, whether it was read already or not.
pub(super) fn name_line(reading: &mut Reading<'_, '_>, episode: &str, line: &str) {
    let reference = LineReference {
        ids: Vec::new(),
        target: Some(line.to_owned()),
    };
    let known = reading.resources.episodes.get(episode).copied();
    match known.and_then(|at| reading.record.episodes.get_mut(at)) {
        Some(episode) => episode.lines.push(reference),
        None => reading
            .resources
            .lines
            .entry(episode.to_owned())
            .or_default()
            .push(reference),
    }
}

/// One `EpisodeOfCare`, with the problem it is about.
pub(super) fn read<'d>(reading: &mut Reading<'_, 'd>, resource: Resource<'d>) {
    let view = reading.view;
    let node = resource.node;
    about_the_patient(view, node);
    let status = view.shown(node, "status");
    let period = period_of(view, node, "period");
    let (condition, words) = diagnosis(reading, node);
    let mut details = Vec::new();
    let mut episode = Episode {
        key: reading.key_of(resource),
        source: view.source().to_owned(),
        ids: identifiers(view, node),
        title: title(view, node),
        closed: period.high.is_some()
            || matches!(
                status.as_deref(),
                Some("finished" | "cancelled" | "entered-in-error")
            ),
        withdrawn: status.as_deref() == Some("entered-in-error"),
        author: manager(reading, node, &mut details),
        status,
        period,
        details,
        ..Episode::default()
    };
    match (&episode.title, words) {
        (None, words) => episode.title = words,
        (Some(title), Some(words)) if *title != words => {
            episode.details.push(Detail::text("diagnosis", words));
        }
        (Some(_), _) => {}
    }
    if let Some(condition) = condition {
        reading.take(condition);
        reading.rename(condition, &episode.key);
        conditions::fold(reading, condition, &mut episode);
    }
    if episode.author.is_none() {
        episode.author = reading.document_author.clone();
    }
    episode.references = links(reading, node, &["diagnosis"]);
    episode.details.extend(remaining(reading, node));
    push(reading, episode);
}

/// The problem of the first diagnosis that has no entry of its own, and what it is called. Others are
/// named values.
fn diagnosis<'d>(reading: &Reading<'_, 'd>, node: Node) -> (Option<Resource<'d>>, Option<String>) {
    let view = reading.view;
    for diagnosis in view.named(node, "diagnosis") {
        let Some(reference) = view.one(diagnosis, "condition") else {
            continue;
        };
        let Some(resource) = view.index.resolve(view, reference) else {
            continue;
        };
        if resource.kind == "Condition"
            && !reading.resources.is_sectioned(resource.node)
            && !reading.is_taken(resource)
        {
            view.used(reference, "reference");
            view.used(reference, "type");
            return (Some(resource), view.shown(reference, "display"));
        }
    }
    (None, None)
}

fn title(view: &View<'_>, node: Node) -> Option<String> {
    let extension = view.named(node, "extension").find(|extension| {
        view.peek(*extension, "url")
            .is_some_and(|url| url.ends_with(TITLE))
    })?;
    let title = view.shown(extension, "valueString")?;
    view.used(extension, "url");
    Some(title)
}

fn manager(reading: &Reading<'_, '_>, node: Node, details: &mut Vec<Detail>) -> Option<Author> {
    let view = reading.view;
    let mut read = view
        .one(node, "careManager")
        .and_then(|reference| named(reading, reference, None));
    let organisation = view
        .one(node, "managingOrganization")
        .filter(|_| read.as_ref().is_none_or(|read| read.organisation.is_none()))
        .and_then(|reference| named(reading, reference, None))
        .map(|named| as_organisation(named, details));
    if let Some(organisation) = organisation {
        read.get_or_insert_default().organisation = Some(Box::new(organisation));
    }
    read
}

/// An organisation, also where the message has no more of it than its name.
fn as_organisation(named: Author, details: &mut Vec<Detail>) -> Organisation {
    let words = named.name.map(|name| name.family);
    match named.organisation {
        Some(organisation) => {
            details.extend(words.map(|words| Detail::text("organisation", words)));
            details.extend(numbers("organisation", named.ids));
            *organisation
        }
        None => Organisation {
            ids: named.ids,
            name: words,
            ..Organisation::default()
        },
    }
}

/// A `Flag`: an attention flag where it is on an episode, an alert otherwise.
pub(super) fn flag<'d>(reading: &mut Reading<'_, 'd>, resource: Resource<'d>, kind: SectionKind) {
    let view = reading.view;
    let Some((extension, at)) = flagged(reading, resource.node) else {
        if is_attention_line(view, resource.node) {
            attention_line(reading, resource);
        } else {
            entries::read(reading, resource, kind);
        }
        return;
    };
    let node = resource.node;
    about_the_patient(view, node);
    let words = view.one(extension, "valueReference");
    view.used(extension, "url");
    let target = words.and_then(|reference| {
        view.used(reference, "reference");
        view.shown(reference, "display")
    });
    let code = child_coded(view, node, "category");
    let what = child_coded(view, node, "code");
    let own = what.as_ref().and_then(|what| what.original_text.clone());
    let mut details = Vec::new();
    let text = match (own, target) {
        (Some(own), Some(target)) if own != target => {
            details.push(Detail::text("episode", target));
            Some(own)
        }
        (own, target) => own.or(target),
    };
    let flag = AttentionFlag {
        ids: identifiers(view, node),
        target_code: what.filter(|what| what.code.is_some() || what.display.is_some()),
        code: code.unwrap_or_default(),
        status: view.shown(node, "status"),
        period: period_of(view, node, "period"),
        text,
    };
    details.extend(remaining(reading, node));
    if let Some(episode) = reading.record.episodes.get_mut(at) {
        episode.flagged |= flag.status.as_deref() != Some("entered-in-error");
        episode.flags.push(flag);
        if !details.is_empty() {
            episode.details.push(Detail {
                name: "flag".to_owned(),
                details,
                ..Detail::default()
            });
        }
        let key = episode.key.clone();
        reading.rename(resource, &key);
    }
}

/// Whether a flag is coded as an attention line (attentieregel, HL7 `ActCode` ATT).
fn is_attention_line(view: &View<'_>, flag: Node) -> bool {
    view.named(flag, "code")
        .flat_map(|code| view.named(code, "coding"))
        .any(|coding| {
            view.peek(coding, "code") == Some(ATTENTION_LINE)
                && view
                    .peek(coding, "system")
                    .is_some_and(|system| systems::is(system, ACT_CODE))
        })
}

/// An attention line; one that says more than a line can hold is an alert with all of it.
fn attention_line<'d>(reading: &mut Reading<'_, 'd>, resource: Resource<'d>) {
    let view = reading.view;
    let node = resource.node;
    about_the_patient(view, node);
    let mut code = child_coded(view, node, "code");
    let line = AttentionLine {
        key: reading.key_of(resource),
        source: view.source().to_owned(),
        ids: identifiers(view, node),
        text: code.as_mut().and_then(|code| code.original_text.take()),
        code,
        period: period_of(view, node, "period"),
        status: view.shown(node, "status"),
        author: reading.author_in(node, &["author"], &[]),
    };
    let details = remaining(reading, node);
    if details.is_empty() {
        reading.record.attention_lines.push(line);
        return;
    }
    reading.record.alerts.push(Entry {
        key: line.key,
        source: line.source,
        kind: SectionKind::AttentionLines,
        element: resource.kind.to_owned(),
        ids: line.ids,
        what: line.code,
        text: line.text,
        status: line.status,
        period: line.period,
        author: line.author,
        details,
        ..Entry::default()
    });
}

/// The extension that names the episode a flag is on, and where that stands.
fn flagged(reading: &Reading<'_, '_>, node: Node) -> Option<(Node, usize)> {
    let view = reading.view;
    let extension = view
        .named(node, "extension")
        .find(|extension| view.peek(*extension, "url") == Some(FLAG_DETAIL))?;
    let target = view
        .index
        .resolve(view, view.one(extension, "valueReference")?)?;
    let at = reading.resources.episodes.get(&reading.key_of(target))?;
    Some((extension, *at))
}
