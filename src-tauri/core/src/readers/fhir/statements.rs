//! Statements about allergies and intolerances, contra-indications and treatment limits.

pub(super) mod doubt;

use super::details::{annotations, bookkeeping, detail, extensions, undated};
use super::reading::Reading;
use super::tree::Node;
use super::types::{child_coded, child_codeds, identifiers, lies_after, period_of};
use super::view::{Resource, View};
use crate::domain::coded::Coded;
use crate::domain::date::Period;
use crate::domain::finding::{FindingCode, Severity};
use crate::domain::person::Author;
use crate::domain::state::StatementKind;
use crate::domain::summary::{Detail, Statement};
use crate::readers::kinds::{Said, Section, kind_of, of_empty_reason};
use crate::readers::systems::{self, THESAURUS_40};

/// Elements that a statement has a place of its own for, in every type.
const PLACED: [&str; 24] = [
    "id",
    "meta",
    "language",
    "text",
    "contained",
    "extension",
    "modifierExtension",
    "identifier",
    "clinicalStatus",
    "verificationStatus",
    "status",
    "code",
    "patient",
    "subject",
    "recorder",
    "asserter",
    "author",
    "performer",
    "recordedDate",
    "assertedDate",
    "identified",
    "identifiedDateTime",
    "dateTime",
    "note",
];

/// A resource that is a statement of its own.
pub(super) fn read<'d>(
    reading: &mut Reading<'_, 'd>,
    resource: Resource<'d>,
    section: Section,
) -> Statement {
    let view = reading.view;
    let node = resource.node;
    bookkeeping(view, node);
    let mut details = Vec::new();
    let certainty = child_coded(view, node, "verificationStatus");
    let status =
        child_coded(view, node, "clinicalStatus").or_else(|| child_coded(view, node, "status"));
    let (code, value) = code_and_value(view, resource, &mut details);
    let period = ["onset", "effective", "performed", "period"]
        .into_iter()
        .map(|base| period_of(view, node, base))
        .find(|period| !period.is_empty())
        .unwrap_or_default();
    details.extend(undated(view, node, "onset", "onset"));
    let remarks = annotations(view, node);
    let modifiers = extensions(view, node);
    let author = reading.author_in(
        node,
        &["recorder", "asserter", "author", "performer"],
        &[
            "recordedDate",
            "assertedDate",
            "dateTime",
            "identifiedDateTime",
        ],
    );
    let author = author.map(|own| dated(own, reading.document_author.as_ref()));
    asserter(reading, node, &mut details);
    let is_withdrawn = [&certainty, &status]
        .into_iter()
        .flatten()
        .any(is_withdrawn);
    let is_uncertain = certainty
        .as_ref()
        .is_some_and(|certainty| !has_only(certainty, &["confirmed"]));
    let in_force = status
        .as_ref()
        .is_none_or(|status| has_only(status, &["active", "final", "completed"]));
    let scoped = resource.kind == "AllergyIntolerance" && view.one(node, "category").is_some();
    let more = !remarks.is_empty()
        || view.one(node, "reaction").is_some()
        || modifiers.iter().any(|detail| detail.name == "modifier")
        || says_additional(view, node);
    let (mut kind, odd) = kind_of(&Said {
        section,
        negated: Ok(false),
        status: match (is_withdrawn, in_force) {
            (true, _) => Some("nullified"),
            (false, true) => Some("active"),
            (false, false) => Some("inactive"),
        },
        text: None,
        value: value.as_ref(),
        code: None,
        more,
        null_flavor: value
            .as_ref()
            .is_some_and(|value| value.null_flavor.is_some()),
        uncertain: is_uncertain,
        period: &period,
    });
    if let Some(odd) = odd {
        view.note(odd, Severity::Warning, node);
    }
    let is_absence = matches!(
        kind,
        StatementKind::NoneKnown | StatementKind::NoInformation | StatementKind::Scoped
    );
    // Someone reacted to something that is said not to be there.
    if is_absence && has_reacted(view, node) {
        view.note(FindingCode::UnexpectedStructure, Severity::Warning, node);
        kind = StatementKind::Unreadable;
    }
    details.extend(certainty.map(|certainty| Detail::coded("certainty", certainty)));
    for child in view.children(node) {
        let name = view.name(child);
        let is_time = ["onset", "effective", "performed"]
            .iter()
            .any(|base| name.starts_with(base));
        // A reaction may have lent its substance.
        let is_left = name == "reaction" || !view.is_touched(child);
        if !PLACED.contains(&name) && !is_time && is_left && name != "encounter" {
            details.extend(detail(view, child, snake(name).as_str()));
        }
    }
    subject(view, node);
    details.extend(remarks);
    details.extend(modifiers);
    let mut statement = Statement {
        key: reading.key_of(resource),
        source: view.source().to_owned(),
        ids: identifiers(view, node),
        kind,
        text: None,
        code,
        value,
        status: None,
        period,
        author,
        negated: None,
        details,
        references: reading.lines(node, &["encounter"]),
    };
    place_status(&mut statement, status);
    weaken(view, resource, scoped, &mut statement);
    statement
}

/// Who stated it, with the document's date where the statement has none.
fn dated(own: Author, document: Option<&Author>) -> Author {
    match document.and_then(|document| document.time.clone()) {
        Some(time) if own.time.is_none() => Author {
            time: Some(time),
            conducted: true,
            ..own
        },
        _ => own,
    }
}

/// Weakens a "none known" that is about one kind of allergy, that lies in the future, or about which
/// something stands that nobody here read.
fn weaken(view: &View<'_>, resource: Resource<'_>, scoped: bool, statement: &mut Statement) {
    let node = resource.node;
    if statement.kind != StatementKind::NoneKnown {
        return;
    }
    let dates = [&statement.period.low, &statement.period.at];
    let signed = statement
        .author
        .as_ref()
        .and_then(|author| author.time.as_ref());
    let is_of_the_future = view.sent.as_ref().is_some_and(|sent| {
        dates
            .into_iter()
            .flatten()
            .chain(signed)
            .any(|date| lies_after(date, sent))
    });
    let unread = !doubt::is_plain(view, resource)
        || view.children(node).any(|child| {
            !matches!(view.name(child), "text" | "contained") && !is_read(view, child)
        });
    if is_of_the_future || unread {
        view.note(FindingCode::UnexpectedStructure, Severity::Warning, node);
        statement.kind = StatementKind::NoInformation;
    } else if scoped {
        statement.kind = StatementKind::Scoped;
    }
}

/// Whether every value in a node was read.
fn is_read(view: &View<'_>, node: Node) -> bool {
    (view.peek_value(node).is_none() || view.state(node).is_some())
        && view.children(node).all(|child| is_read(view, child))
}

/// Whether the author wrote more into the narrative than is coded.
fn says_additional(view: &View<'_>, node: Node) -> bool {
    view.one(node, "text")
        .and_then(|text| view.peek(text, "status"))
        == Some("additional")
}

/// What is stated, and as which kind of observation.
fn code_and_value(
    view: &View<'_>,
    resource: Resource<'_>,
    details: &mut Vec<Detail>,
) -> (Option<Coded>, Option<Coded>) {
    let node = resource.node;
    let code = child_coded(view, node, "code");
    match resource.kind {
        "Observation" => {
            let value = child_coded(view, node, "valueCodeableConcept").or_else(|| {
                view.shown(node, "valueString").map(|text| Coded {
                    original_text: Some(text),
                    ..Coded::default()
                })
            });
            match value {
                Some(value) => (code, Some(value)),
                None => (None, code),
            }
        }
        "Consent" => {
            let provision = view
                .one(node, "provision")
                .or_else(|| view.one(node, "except"));
            let mut codes = provision
                .map(|provision| child_codeds(view, provision, "code"))
                .unwrap_or_default()
                .into_iter();
            let value = codes.next().or_else(|| child_coded(view, node, "category"));
            details.extend(codes.map(|code| Detail::coded("code", code)));
            (None, value)
        }
        _ => {
            let substance = || {
                view.named(node, "reaction")
                    .find_map(|reaction| child_coded(view, reaction, "substance"))
            };
            // STU3 and GP systems sometimes name the substance only beside the reaction.
            (None, code.or_else(substance))
        }
    }
}

/// Who asserted it, where someone else recorded it.
fn asserter(reading: &Reading<'_, '_>, node: Node, details: &mut Vec<Detail>) {
    let view = reading.view;
    if view.one(node, "recorder").is_none() {
        return;
    }
    let Some(reference) = view.one(node, "asserter") else {
        return;
    };
    if let Some(author) = reading.author_of(reference, None) {
        details.push(super::details::person("reporter", &author));
    }
}

/// Whom it is about: matched before anything is read.
pub(super) fn subject(view: &View<'_>, node: Node) {
    for name in ["patient", "subject"] {
        if let Some(reference) = view.one(node, name) {
            view.use_whole(reference);
        }
    }
}

fn place_status(statement: &mut Statement, status: Option<Coded>) {
    let Some(status) = status else {
        return;
    };
    let plain = status.system.is_none()
        && status.display.is_none()
        && status.original_text.is_none()
        && status.translations.is_empty();
    statement.status.clone_from(&status.code);
    if !plain {
        statement.details.push(Detail::coded("status", status));
    }
}

/// Whether a status takes a statement back, and says nothing else besides.
fn is_withdrawn(coded: &Coded) -> bool {
    const STANDING: [&str; 9] = [
        "confirmed",
        "unconfirmed",
        "provisional",
        "differential",
        "presumed",
        "active",
        "final",
        "completed",
        "current",
    ];
    let mut codes = codes(coded);
    codes
        .clone()
        .any(|code| matches!(code, "refuted" | "entered-in-error"))
        && !codes.any(|code| STANDING.contains(&code))
}

fn has_only(coded: &Coded, allowed: &[&str]) -> bool {
    codes(coded).next().is_some() && codes(coded).all(|code| allowed.contains(&code))
}

fn codes(coded: &Coded) -> impl Iterator<Item = &str> + Clone {
    core::iter::once(coded)
        .chain(&coded.translations)
        .filter_map(|coded| coded.code.as_deref())
}

/// Whether a reaction stands there, to something or of some kind.
fn has_reacted(view: &View<'_>, node: Node) -> bool {
    view.named(node, "reaction").any(|reaction| {
        ["substance", "manifestation"]
            .iter()
            .any(|name| view.one(reaction, name).is_some())
    })
}

/// Whether anything in a resource is coded in Thesaurus 40, or it warns against something by its type.
pub(super) fn is_contra_indication(view: &View<'_>, resource: Resource<'_>) -> bool {
    matches!(resource.kind, "DetectedIssue" | "Flag")
        || view.tree.inside(resource.node).any(|node| {
            view.name(node) == "system"
                && view
                    .peek_value(node)
                    .is_some_and(|system| systems::is(system, THESAURUS_40))
        })
}

/// A statement without a resource: what an empty section says, or that something is there which
/// cannot be read.
pub(super) fn bare(view: &View<'_>, key: String, kind: StatementKind) -> Statement {
    Statement {
        key,
        source: view.source().to_owned(),
        ids: Vec::new(),
        kind,
        text: None,
        code: None,
        value: None,
        status: None,
        period: Period::default(),
        author: None,
        negated: None,
        details: Vec::new(),
        references: Vec::new(),
    }
}

/// What a section (or a list) without entries says by its reason, or by its text alone.
pub(super) fn of_empty(
    view: &View<'_>,
    key: String,
    reason: Option<&Coded>,
    words: Option<&str>,
    author: Option<Author>,
    at: Node,
) -> Statement {
    let is_plain = match view.resource(at) {
        Some(list) => doubt::is_plain(view, list),
        None => doubt::is_plain_section(view, at),
    };
    let kind = match reason {
        Some(reason) if view.one(at, "modifierExtension").is_none() => {
            match of_empty_reason(reason, words) {
                StatementKind::NoneKnown if !is_plain => StatementKind::NoInformation,
                kind => kind,
            }
        }
        _ => StatementKind::NoInformation,
    };
    let mut statement = bare(view, key, kind);
    statement.text = words.map(str::to_owned);
    statement.value = reason.cloned();
    statement.author = author;
    statement
}

/// `lastOccurrence` → `last_occurrence`.
pub(super) fn snake(name: &str) -> String {
    let mut snake = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    snake
}
