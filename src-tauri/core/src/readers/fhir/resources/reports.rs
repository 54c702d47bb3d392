//! Reads contact reports: a `Composition` of S, O, E and P sections about one encounter, and single
//! journal lines (`Observation`), as partial contacts (Nictiz gp-EncounterReport, gp-JournalEntry).

use super::contacts::belonging;
use super::episodes::name_line;
use super::rest::{about_the_patient, numbers, remaining, rest_of};
use super::who::{author, named};
use crate::domain::coded::{Coded, Identifier};
use crate::domain::summary::document::Detail;
use crate::domain::summary::{Diagnosis, JournalLine, LineReference, PartialContact};
use crate::readers::fhir::details::person;
use crate::readers::fhir::narrative;
use crate::readers::fhir::reading::{Reading, Referred};
use crate::readers::fhir::tree::Node;
use crate::readers::fhir::types::{child_coded, coded, identifiers, period_of};
use crate::readers::fhir::view::{Resource, View};
use crate::readers::systems::{self, ACT_CODE, LOINC};

/// The kinds of journal line (S, O, E, P).
const LINE_KINDS: &[&str] = &[
    "2.16.840.1.113883.2.4.4.32.2",
    "http://fhir.nl/fhir/NamingSystem/journaalregeltypen",
];
/// LOINC: summary of an encounter.
const ENCOUNTER_REPORT: &str = "67781-5";
/// The extension with the diagnosis of an E section.
const ICPC: &str = "http://nictiz.nl/fhir/StructureDefinition/code-icpc-1-nl";
/// The extension that names the episode something belongs to.
const EPISODE: &str =
    "http://nictiz.nl/fhir/StructureDefinition/extension-context-nl-core-episodeofcare";

/// Where a contact stands.
pub(super) struct Found {
    /// Among the contacts.
    pub contact: usize,
    /// Whether no more than one report names it: then its diagnoses are that report's.
    pub one_report: bool,
}

/// Whether a `Composition` reports one encounter rather than summarises a record.
pub(super) fn is_report(view: &View<'_>, node: Node) -> bool {
    let of_type = view
        .at(node, &["type", "coding"])
        .and_then(|coding| view.peek(coding, "code"))
        == Some(ENCOUNTER_REPORT);
    of_type
        || view.one(node, "encounter").is_some()
            && view.named(node, "section").any(|section| {
                view.one(section, "code")
                    .is_some_and(|code| is_line_kind(view, code) || is_loinc_line(view, code))
            })
}

/// The kinds of journal line in LOINC: subjective, objective, assessment, plan.
fn is_loinc_line(view: &View<'_>, code: Node) -> bool {
    const CODES: [&str; 4] = ["61150-9", "61149-1", "51848-0", "51847-2"];
    view.named(code, "coding").any(|coding| {
        view.peek(coding, "system")
            .is_some_and(|system| systems::is(system, LOINC))
            && view
                .peek(coding, "code")
                .is_some_and(|code| CODES.contains(&code))
    })
}

/// Whether a resource is a single journal line.
pub(super) fn is_line(view: &View<'_>, node: Node) -> bool {
    view.one(node, "code")
        .is_some_and(|code| is_line_kind(view, code))
}

fn is_line_kind(view: &View<'_>, code: Node) -> bool {
    view.named(code, "coding").any(|coding| {
        view.peek(coding, "system")
            .is_some_and(|system| systems::is(system, LINE_KINDS))
    })
}

/// A contact report: a partial contact of its encounter.
pub(super) fn read<'d>(reading: &mut Reading<'_, 'd>, resource: Resource<'d>) {
    let view = reading.view;
    let node = resource.node;
    about_the_patient(view, node);
    let found = belonging(reading, view.one(node, "encounter"));
    let mut partial = PartialContact {
        ids: identifiers(view, node),
        author: author(reading, node, &["author"], &[]),
        period: period_of(view, node, "date"),
        ..PartialContact::default()
    };
    if view.peek(node, "status") == Some("final") {
        view.used(node, "status");
    }
    if let Some(kind) = view.one(node, "type") {
        view.use_whole(kind);
    }
    for section in view.named(node, "section").collect::<Vec<_>>() {
        soep_section(reading, section, &mut partial);
    }
    partial.details.extend(remaining(reading, node));
    place(reading, &found, partial);
}

/// Adds a partial contact; diagnoses that only the encounter names belong to the only report.
fn place(reading: &mut Reading<'_, '_>, found: &Found, mut partial: PartialContact) {
    let Some(contact) = reading.record.contacts.get_mut(found.contact) else {
        return;
    };
    match contact.partials.as_mut_slice() {
        [first] if found.one_report && first.lines.is_empty() && first.ids.is_empty() => {
            core::mem::swap(first, &mut partial);
            let of_report = core::mem::replace(&mut first.diagnoses, partial.diagnoses);
            add_all(&mut first.diagnoses, of_report);
            first.details.extend(partial.details);
        }
        _ => contact.partials.push(partial),
    }
}

/// One S, O, E or P section: its journal entries, else its narrative; its diagnosis; its episodes.
fn soep_section<'d>(reading: &mut Reading<'_, 'd>, section: Node, partial: &mut PartialContact) {
    let view = reading.view;
    let kind = child_coded(view, section, "code").unwrap_or_default();
    let mut episodes = Vec::new();
    let mut entries = Vec::new();
    for entry in view.named(section, "entry") {
        let referred = reading.refer(entry);
        match referred.resource {
            Some(resource) if resource.kind == "EpisodeOfCare" => {
                named_episode(reading, referred, &mut episodes, partial);
            }
            Some(resource) if is_line(view, resource.node) => {
                partial
                    .details
                    .extend(numbers("journal_line", referred.line.ids));
                entries.push((resource, referred.display));
            }
            _ => partial
                .references
                .push(named_line(referred.line, referred.display)),
        }
    }
    let before = partial.lines.len();
    for (entry, display) in entries {
        if reading.resources.done.insert(entry.node) {
            observation(reading, entry, partial);
        }
        let line = partial.lines.last().and_then(|line| line.text.as_ref());
        if let Some(words) = display.filter(|words| line != Some(words)) {
            partial.details.push(Detail::text("journal_line", words));
        }
    }
    if partial.lines.len() == before {
        let key = reading.next_key(b'j');
        let text = view
            .one(section, "text")
            .and_then(|text| narrative::read(view, text))
            .map(|prose| prose.plain());
        for episode in &episodes {
            name_line(reading, episode, &key);
        }
        partial.lines.push(JournalLine {
            key,
            kind,
            text,
            episodes: episodes.clone(),
            ..JournalLine::default()
        });
    } else {
        link(reading, partial, before, &episodes);
    }
    section_diagnosis(reading, section, &episodes, partial);
    let details = rest_of(reading, section);
    if !details.is_empty() {
        partial.details.push(Detail {
            name: "section".to_owned(),
            details,
            ..Detail::default()
        });
    }
}

/// An episode that something names; the words for it, where they are not the episode's own.
fn named_episode(
    reading: &Reading<'_, '_>,
    referred: Referred<'_>,
    episodes: &mut Vec<String>,
    partial: &mut PartialContact,
) {
    let Some(key) = referred.line.target else {
        return;
    };
    partial
        .details
        .extend(numbers("episode", referred.line.ids));
    let episode = reading
        .resources
        .episodes
        .get(&key)
        .and_then(|at| reading.record.episodes.get(*at));
    let own = |words: &String| {
        episode.is_some_and(|episode| {
            let label = episode.problem.as_ref().and_then(|problem| problem.label());
            episode.title.as_ref() == Some(words) || label == Some(words)
        })
    };
    if let Some(words) = referred.display.filter(|words| !own(words)) {
        let detail = Detail::text("episode", words);
        if !partial.details.contains(&detail) {
            partial.details.push(detail);
        }
    }
    if !episodes.contains(&key) {
        episodes.push(key);
    }
}

/// A reference with the words beside it, which stand among its ids without a system.
fn named_line(mut line: LineReference, display: Option<String>) -> LineReference {
    line.ids.extend(display.map(|words| Identifier {
        root: None,
        extension: Some(words),
    }));
    line
}

/// Lets the lines from `from` on know of these episodes, and the episodes of them.
fn link(
    reading: &mut Reading<'_, '_>,
    partial: &mut PartialContact,
    from: usize,
    episodes: &[String],
) {
    for line in partial.lines.iter_mut().skip(from) {
        for episode in episodes {
            if !line.episodes.contains(episode) {
                line.episodes.push(episode.clone());
                name_line(reading, episode, &line.key);
            }
        }
    }
}

/// The ICPC code of an E section.
fn section_diagnosis(
    reading: &mut Reading<'_, '_>,
    section: Node,
    episodes: &[String],
    partial: &mut PartialContact,
) {
    let view = reading.view;
    let extensions: Vec<Node> = view
        .named(section, "extension")
        .filter(|extension| view.peek(*extension, "url") == Some(ICPC))
        .collect();
    for extension in extensions {
        let Some(value) = child_coded(view, extension, "valueCodeableConcept") else {
            continue;
        };
        view.used(extension, "url");
        add_diagnosis(reading, partial, value, Vec::new(), episodes);
    }
}

/// Adds a diagnosis; one that stands there already is only linked.
fn add_diagnosis(
    reading: &mut Reading<'_, '_>,
    partial: &mut PartialContact,
    value: Coded,
    more: Vec<Detail>,
    episodes: &[String],
) {
    if !more.is_empty() {
        partial.details.push(Detail {
            name: "diagnosis".to_owned(),
            text: value.label().map(str::to_owned),
            details: more,
            ..Detail::default()
        });
    }
    if let Some(known) = partial
        .diagnoses
        .iter_mut()
        .find(|known| known.value == value)
    {
        for episode in episodes {
            if !known.episodes.contains(episode) {
                known.episodes.push(episode.clone());
            }
        }
        return;
    }
    partial.diagnoses.push(Diagnosis {
        key: reading.next_key(b'd'),
        value,
        episodes: episodes.to_vec(),
        ..Diagnosis::default()
    });
}

/// Adds diagnoses; one that stands there already is only linked.
fn add_all(known: &mut Vec<Diagnosis>, more: Vec<Diagnosis>) {
    for diagnosis in more {
        let same = known
            .iter_mut()
            .find(|one| one.value == diagnosis.value && diagnosis.ids.is_empty());
        match same {
            Some(one) => one.episodes.extend(diagnosis.episodes),
            None => known.push(diagnosis),
        }
    }
}

/// A journal line that no report names.
pub(super) fn single_line<'d>(reading: &mut Reading<'_, 'd>, resource: Resource<'d>) {
    let view = reading.view;
    if !reading.resources.done.insert(resource.node) {
        return;
    }
    let reference = ["context", "encounter"]
        .into_iter()
        .find_map(|name| view.one(resource.node, name));
    let found = belonging(reading, reference);
    let mut partial = PartialContact::default();
    observation(reading, resource, &mut partial);
    if let Some(contact) = reading.record.contacts.get_mut(found.contact)
        && let Some(known) = contact.partials.last_mut()
        && known.ids.is_empty()
        && known.author == partial.author
    {
        known.lines.append(&mut partial.lines);
        add_all(&mut known.diagnoses, partial.diagnoses);
        known.details.append(&mut partial.details);
        known.references.append(&mut partial.references);
        return;
    }
    place(reading, &found, partial);
}

/// One gp-JournalEntry.
fn observation<'d>(
    reading: &mut Reading<'_, 'd>,
    resource: Resource<'d>,
    partial: &mut PartialContact,
) {
    let view = reading.view;
    let node = resource.node;
    about_the_patient(view, node);
    for name in ["context", "encounter"] {
        if let Some(reference) = view.one(node, name) {
            belonging(reading, Some(reference));
        }
    }
    if view.peek(node, "status") == Some("final") {
        view.used(node, "status");
    }
    let episodes = episodes_of(reading, node, partial);
    let key = reading.key_of(resource);
    let line = JournalLine {
        key: key.clone(),
        ids: identifiers(view, node),
        kind: child_coded(view, node, "code").unwrap_or_default(),
        text: view.shown(node, "valueString"),
        null_flavor: child_coded(view, node, "dataAbsentReason")
            .and_then(|reason| reason.null_flavor.or(reason.code).or(reason.original_text)),
        period: period_of(view, node, "effective"),
        episodes: episodes.clone(),
    };
    for episode in &episodes {
        name_line(reading, episode, &key);
    }
    let writer = view
        .one(node, "performer")
        .and_then(|reference| named(reading, reference, None));
    match (&partial.author, writer) {
        (None, writer) => {
            partial.author = writer.or_else(|| reading.document_author.clone());
        }
        (Some(known), Some(writer)) if *known != writer => {
            partial.details.push(person("author", &writer));
        }
        (Some(_), _) => {}
    }
    components(reading, node, &episodes, partial);
    let details = remaining(reading, node);
    if !details.is_empty() {
        partial.details.push(Detail {
            name: "journal_line".to_owned(),
            text: line.kind.label().map(str::to_owned),
            details,
            ..Detail::default()
        });
    }
    partial.lines.push(line);
}

fn episodes_of(reading: &Reading<'_, '_>, node: Node, partial: &mut PartialContact) -> Vec<String> {
    let view = reading.view;
    let mut episodes = Vec::new();
    for extension in view.named(node, "extension") {
        if view.peek(extension, "url") != Some(EPISODE) {
            continue;
        }
        let Some(reference) = view.one(extension, "valueReference") else {
            continue;
        };
        // One that is not in the message stays a named value.
        if view.index.resolve(view, reference).is_some() {
            view.used(extension, "url");
            named_episode(reading, reading.refer(reference), &mut episodes, partial);
        }
    }
    episodes
}

/// The diagnosis in a component of an E line.
fn components(
    reading: &mut Reading<'_, '_>,
    node: Node,
    episodes: &[String],
    partial: &mut PartialContact,
) {
    let view = reading.view;
    for component in view.named(node, "component").collect::<Vec<_>>() {
        let is_diagnosis = view
            .at(component, &["code", "coding"])
            .and_then(|coding| view.peek(coding, "system"))
            .is_some_and(|system| systems::is(system, ACT_CODE));
        if !is_diagnosis {
            continue;
        }
        let Some(value) = view.one(component, "valueCodeableConcept") else {
            continue;
        };
        let value = coded(view, value);
        if let Some(code) = view.one(component, "code") {
            view.use_whole(code);
        }
        let more = rest_of(reading, component);
        add_diagnosis(reading, partial, value, more, episodes);
    }
}
