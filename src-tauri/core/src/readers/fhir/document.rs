//! A part as a document: what it says about itself, whom it is about, and its sections.

use super::consent::tells_of_sharing;
use super::details::{detail, extensions, facts_of, label_of, leftovers, person};
use super::header::composition_of;
use super::kinds::{default_kind, is_supporting, section_kind};
use super::outcome::is_restriction;
use super::reading::Reading;
use super::tree::{ByNode, Node, Nodes};
use super::types::{coded, date};
use super::view::{Resource, View};
use super::{narrative, people, resources, statements};
use crate::domain::coded::Coded;
use crate::domain::finding::{FindingCode, Severity};
use crate::domain::person::Author;
use crate::domain::state::StatementKind;
use crate::domain::summary::{
    Detail, Entry, EntryNarrative, Fact, LineReference, Section, SectionKind,
};
use crate::readers::kinds;
use crate::readers::systems::{self, LIST_EMPTY_REASON};

/// Everything in a part, once the view of it stands.
pub(super) fn read<'d>(reading: &mut Reading<'_, 'd>) {
    let view = reading.view;
    bundle(reading);
    outcomes(reading);
    let composition = composition_of(view).filter(|whole| !is_contact_report(view, whole.node));
    patient(reading, composition);
    let mut kinds: ByNode<SectionKind> = ByNode::default();
    if let Some(composition) = composition {
        reading.take(composition);
        composition_facts(reading, composition);
        for section in view.named(composition.node, "section") {
            self::section(reading, section, None, &mut kinds);
        }
    }
    let all = view.resources().to_vec();
    let is_document = composition.is_some();
    let targets = if is_document {
        targets(view)
    } else {
        Nodes::default()
    };
    let (late, mut first): (Vec<_>, Vec<_>) = all.into_iter().partition(|resource| {
        is_supporting(resource.kind) && !kinds.contains_key(&resource.node)
            || view.name(resource.node) == "contained"
    });
    resources::order(view, &mut first);
    for resource in first.into_iter().chain(late) {
        if reading.is_taken(resource) {
            continue;
        }
        if is_document && !targets.contains(&resource.node) && !leaves_no_trace(view, resource) {
            view.note(FindingCode::Unreferenced, Severity::Info, resource.node);
        }
        let kind = kinds.get(&resource.node).copied();
        one(reading, resource, kind);
    }
    statements::doubt::weaken_all(reading);
    rest(reading);
    narratives(reading);
}

/// One resource, into the list that it belongs to.
fn one<'d>(reading: &mut Reading<'_, 'd>, resource: Resource<'d>, section: Option<SectionKind>) {
    let view = reading.view;
    let kind = section.unwrap_or_else(|| default_kind(view, resource));
    match resource.kind {
        "OperationOutcome" | "Bundle" => {}
        _ if tells_of_sharing(view, resource) => view.use_whole(resource.node),
        "AllergyIntolerance" | "DetectedIssue" => allergy(reading, resource),
        "Flag" | "Condition" | "Observation"
            if view.is_ica(resource.node) && states_ica(view, resource) =>
        {
            allergy(reading, resource);
        }
        "Consent" => limit(reading, resource),
        _ if kind == SectionKind::TreatmentLimits && !is_supporting(resource.kind) => {
            limit(reading, resource);
        }
        "List" if is_list_of_allergies(view, resource, kind) => {
            empty_list(reading, resource);
            resources::read(reading, resource, kind);
        }
        _ => {
            resources::read(reading, resource, kind);
        }
    }
}

/// Whether nothing may tell that a resource was there: what a patient wishes, what an answer is.
fn leaves_no_trace(view: &View<'_>, resource: Resource<'_>) -> bool {
    resource.kind == "OperationOutcome" || tells_of_sharing(view, resource)
}

/// Whether a code says of a list that it is one of allergies: its own, or that of the section that holds
/// it. A title can hide it with the ICA, and never make it say that there are none.
fn is_list_of_allergies(view: &View<'_>, list: Resource<'_>, section: SectionKind) -> bool {
    view.is_ica(list.node) && (section == SectionKind::Allergies || states_ica(view, list))
}

/// Whether a resource is ICA by itself, and not only because nothing but ICA refers to it.
fn states_ica(view: &View<'_>, resource: Resource<'_>) -> bool {
    super::ica::is_ica_resource(view, resource) || super::ica::holds_ica_code(view, resource.node)
}

fn allergy<'d>(reading: &mut Reading<'_, 'd>, resource: Resource<'d>) {
    if statements::is_contra_indication(reading.view, resource) {
        let read = statements::read(reading, resource, kinds::Section::ContraIndications);
        reading.record.contraindications.push(read);
    } else {
        let read = statements::read(reading, resource, kinds::Section::Allergies);
        reading.record.allergies.push(read);
    }
}

fn limit<'d>(reading: &mut Reading<'_, 'd>, resource: Resource<'d>) {
    let read = statements::read(reading, resource, kinds::Section::TreatmentLimits);
    reading.record.treatment_limits.push(read);
}

/// A list of allergies that is empty for a reason.
fn empty_list<'d>(reading: &mut Reading<'_, 'd>, list: Resource<'d>) {
    let view = reading.view;
    let Some(reason) = view.one(list.node, "emptyReason") else {
        return;
    };
    let (reason, _) = empty_reason(view, reason);
    let author = reading.author_in(list.node, &["source"], &["date"]);
    let key = reading.next_key(b'i');
    let mut read = statements::of_empty(view, key, Some(&reason), None, author, list.node);
    if view.one(list.node, "entry").is_some() {
        // It says that it is empty, and is not.
        view.note(
            FindingCode::UnexpectedStructure,
            Severity::Warning,
            list.node,
        );
        read.kind = StatementKind::Unreadable;
    }
    reading.record.allergies.push(read);
}

/// A report of one contact, rather than a summary.
pub(super) fn is_contact_report(view: &View<'_>, composition: Node) -> bool {
    /// LOINC "Summarization of encounter note".
    const CONTACT_REPORT: &str = "67781-5";
    super::ica::codings(view, composition, "type").any(|(_, code)| code == CONTACT_REPORT)
}

/// What the Bundle says about itself. Links may hold what was asked for, the BSN among it: they are
/// used to see whether more remains, and never shown.
fn bundle(reading: &mut Reading<'_, '_>) {
    let view = reading.view;
    let root = view.root();
    if view.tree.resource_type(root) != Some("Bundle") {
        return;
    }
    let has_composition = composition_of(view).is_some();
    let is_document = view.peek(root, "type") == Some("document");
    if has_composition != is_document && view.one(root, "entry").is_some() {
        view.note(FindingCode::UnexpectedBundle, Severity::Warning, root);
    }
    let (entries, own): (Vec<Node>, Vec<Node>) = view
        .children(root)
        .partition(|child| view.name(*child) == "entry");
    let named = |name| own.iter().filter(move |child| view.name(**child) == name);
    for name in ["meta", "language", "total", "link", "implicitRules"] {
        for node in named(name) {
            view.use_whole(*node);
        }
    }
    let mut facts = Vec::new();
    for name in ["id", "identifier", "type", "timestamp"] {
        for child in named(name) {
            if let Some(read) = detail(view, *child, name) {
                facts_of("Bundle", &read, &mut facts);
            }
        }
    }
    for entry in entries {
        for child in view.children(entry) {
            if view.name(child) != "resource" {
                view.use_whole(child);
            }
        }
    }
    reading.record.transmission.extend(facts);
}

/// A Bundle around the parts.
pub(super) fn wrapper(reading: &mut Reading<'_, '_>) {
    bundle(reading);
}

/// What a source says went wrong: its words are shown; what stands for a restriction by the patient
/// leaves no trace.
fn outcomes(reading: &mut Reading<'_, '_>) {
    let view = reading.view;
    let found: Vec<Resource<'_>> = super::outcome::outcomes(view).collect();
    for resource in found {
        super::details::bookkeeping(view, resource.node);
        let issues: Vec<Node> = view.named(resource.node, "issue").collect();
        let restricted = issues
            .iter()
            .any(|issue| is_restriction(view, *issue, reading.profile));
        if restricted {
            view.use_whole(resource.node);
            continue;
        }
        view.note(
            FindingCode::OperationOutcome,
            Severity::Warning,
            resource.node,
        );
        // Error texts can hold a BSN: the code is in the outcome, the words are not for a screen.
        view.use_whole(resource.node);
    }
}

/// Whom the part is about: the document's subject, else the first patient that anything refers to.
fn patient<'d>(reading: &mut Reading<'_, 'd>, composition: Option<Resource<'d>>) {
    let view = reading.view;
    let of = |resource: Resource<'d>| {
        ["subject", "patient"]
            .into_iter()
            .filter_map(|name| view.one(resource.node, name))
            .find_map(|reference| view.index.resolve(view, reference))
            .filter(|found| found.kind == "Patient")
    };
    let resources = view.resources();
    let found = composition
        .and_then(of)
        .or_else(|| resources.iter().copied().find_map(of))
        .or_else(|| {
            resources
                .iter()
                .copied()
                .find(|resource| resource.kind == "Patient")
        });
    let Some(found) = found else {
        return;
    };
    reading.take(found);
    let mut read = people::patient(view, found.node);
    let practitioner = view.one(found.node, "generalPractitioner");
    read.general_practitioner =
        practitioner.and_then(|reference| reading.author_of(reference, None));
    reading.record.patient = Some(read);
}

/// What no reader took of whom and what other entries are made of: an entry of its own.
fn rest(reading: &mut Reading<'_, '_>) {
    let view = reading.view;
    for resource in view.resources().to_vec() {
        if !reading.is_taken(resource) || resource.kind == "Composition" {
            continue;
        }
        let mut details = extensions(view, resource.node);
        details.extend(leftovers(view, resource.node));
        if details.is_empty() {
            continue;
        }
        let entry = Entry {
            key: reading.key_of(resource),
            source: view.source().to_owned(),
            element: resource.kind.to_owned(),
            text: label_of(view, resource.node),
            details,
            ..Entry::default()
        };
        reading.record.others.push(entry);
    }
}

/// What the Composition says about itself, and who stands for what is in it.
fn composition_facts<'d>(reading: &mut Reading<'_, 'd>, composition: Resource<'d>) {
    let view = reading.view;
    let node = composition.node;
    let mut facts = Vec::new();
    let time = view.one(node, "date").and_then(|node| date(view, node));
    let authors: Vec<Author> = view
        .named(node, "author")
        .filter_map(|reference| reading.author_of(reference, time.clone()))
        .collect();
    reading.document_author = authors.first().map(|author| Author {
        conducted: true,
        ..author.clone()
    });
    reading.record.author = authors.first().cloned();
    for author in authors.iter().skip(1) {
        facts_of("Composition", &person("author", author), &mut facts);
    }
    facts.extend(time.map(|time| Fact {
        name: "Composition/date".to_owned(),
        value: time.raw,
    }));
    if let Some(custodian) = view
        .one(node, "custodian")
        .and_then(|reference| reading.author_of(reference, None))
    {
        facts_of("Composition", &person("custodian", &custodian), &mut facts);
    }
    statements::subject(view, node);
    for child in view.children(node) {
        let name = view.name(child);
        if matches!(
            name,
            "section" | "text" | "contained" | "author" | "date" | "custodian"
        ) || view.is_touched(child)
        {
            continue;
        }
        let party = view.one(child, "party");
        let attester = party.and_then(|party| reading.author_of(party, None));
        if let Some(attester) = attester {
            facts_of("Composition", &person("attester", &attester), &mut facts);
        }
        if name == "extension" || name == "modifierExtension" {
            continue;
        }
        if let Some(read) = detail(view, child, name) {
            facts_of("Composition", &read, &mut facts);
        }
    }
    for extension in extensions(view, node) {
        facts_of("Composition", &extension, &mut facts);
    }
    reading.record.transmission.extend(facts);
}

/// A section with those in it.
fn section<'d>(
    reading: &mut Reading<'_, 'd>,
    node: Node,
    parent: Option<&str>,
    kinds: &mut ByNode<SectionKind>,
) {
    let view = reading.view;
    if holds_only_wishes(view, node) {
        view.use_whole(node);
        return;
    }
    let kind = section_kind(view, node);
    let key = reading.next_key(b's');
    let (empty, withheld) = match view.one(node, "emptyReason") {
        Some(reason) => {
            let (reason, withheld) = empty_reason(view, reason);
            (Some(reason), withheld)
        }
        None => (None, false),
    };
    let text = view.one(node, "text");
    if withheld && let Some(text) = text {
        // Its words would tell what the reason does not.
        view.use_whole(text);
    }
    let prose = text
        .filter(|_| !withheld)
        .and_then(|text| narrative::read(view, text));
    if prose.is_none() {
        view.note(FindingCode::NarrativeMissing, Severity::Info, node);
    }
    let author = view
        .one(node, "author")
        .and_then(|reference| reading.author_of(reference, None));
    let mut told = Vec::new();
    let mut entries = Vec::new();
    let mut dangling = 0_usize;
    for entry in view.named(node, "entry") {
        if let Some(line) = entry_of(reading, entry, kind, kinds, &mut told) {
            dangling += usize::from(line.target.is_none());
            entries.push(line);
        }
    }
    let stands_for = author
        .clone()
        .map(|author| Author {
            time: author.time.clone().or_else(|| {
                reading
                    .document_author
                    .as_ref()
                    .and_then(|document| document.time.clone())
            }),
            ..author
        })
        .or_else(|| reading.document_author.clone());
    state(
        reading,
        node,
        kind,
        empty.as_ref(),
        prose.as_ref(),
        stands_for,
        entries.len(),
        dangling,
    );
    let section = Section {
        key: key.clone(),
        source: view.source().to_owned(),
        kind,
        title: view.shown(node, "title"),
        code: view.one(node, "code").map(|code| coded(view, code)),
        parent: parent.map(str::to_owned),
        empty,
        narrative: prose.map(|prose| {
            let told = (!entries.is_empty()).then_some(told.as_slice());
            prose.weighed(view, &reading.vocabulary, told)
        }),
        entries,
        author,
        details: section_details(view, node),
    };
    reading.record.sections.push(section);
    for inner in view.named(node, "section") {
        self::section(reading, inner, Some(&key), kinds);
    }
}

/// Whether an entry is what the patient wishes to share or not.
fn is_wish(view: &View<'_>, entry: Node) -> bool {
    view.index
        .resolve(view, entry)
        .is_some_and(|resource| tells_of_sharing(view, resource))
}

/// Whether a section would tell of nothing but such wishes: then it leaves no trace, as they do.
fn holds_only_wishes(view: &View<'_>, section: Node) -> bool {
    let mut entries = view.named(section, "entry").peekable();
    entries.peek().is_some()
        && entries.all(|entry| is_wish(view, entry))
        && view.one(section, "section").is_none()
}

/// One entry of a section; `None` where it leaves no trace. The resource that it names is one of
/// those that the narrative is weighed against.
fn entry_of<'d>(
    reading: &Reading<'_, 'd>,
    entry: Node,
    kind: SectionKind,
    kinds: &mut ByNode<SectionKind>,
    told: &mut Vec<Node>,
) -> Option<LineReference> {
    let view = reading.view;
    if is_wish(view, entry) {
        view.use_whole(entry);
        return None;
    }
    let referred = reading.refer(entry);
    if let Some(resource) = referred.resource {
        kinds.entry(resource.node).or_insert(kind);
        told.push(resource.node);
    }
    let mut line = referred.line;
    line.ids.extend(
        referred
            .display
            .map(|display| crate::domain::coded::Identifier {
                root: None,
                extension: Some(display),
            }),
    );
    Some(line)
}

/// What a section says by holding nothing, or something that cannot be read.
#[allow(
    clippy::too_many_arguments,
    reason = "one decision, from all that a section holds"
)]
fn state(
    reading: &mut Reading<'_, '_>,
    node: Node,
    kind: SectionKind,
    empty: Option<&Coded>,
    prose: Option<&narrative::Prose>,
    author: Option<Author>,
    entries: usize,
    dangling: usize,
) {
    let view = reading.view;
    let letter = match kind {
        SectionKind::Allergies => b'i',
        SectionKind::Contraindications => b'x',
        SectionKind::TreatmentLimits => b't',
        _ => return,
    };
    let mut made = Vec::new();
    for _ in 0..dangling {
        let key = reading.next_key(letter);
        made.push(statements::bare(view, key, StatementKind::Unreadable));
    }
    if empty.is_some() || entries == 0 {
        let key = reading.next_key(letter);
        let words = prose.filter(|_| entries == 0).map(narrative::Prose::plain);
        let words = words.as_deref();
        made.push(statements::of_empty(view, key, empty, words, author, node));
    }
    let record = &mut reading.record;
    let list = match kind {
        SectionKind::Allergies => &mut record.allergies,
        SectionKind::Contraindications => &mut record.contraindications,
        _ => &mut record.treatment_limits,
    };
    list.append(&mut made);
}

/// Why a section is empty, as it may be told, and whether that would tell of a restriction.
fn empty_reason(view: &View<'_>, node: Node) -> (Coded, bool) {
    /// Reasons that say nothing of anyone's wish.
    const TOLD: [&str; 5] = [
        "nilknown",
        "notasked",
        "unavailable",
        "notstarted",
        "closed",
    ];
    let is_told = super::ica::codings_of(view, node).all(|(system, code)| {
        !systems::is(system, LIST_EMPTY_REASON) && !code.contains("mask") && !code.contains("withh")
            || TOLD.contains(&code)
    });
    if is_told {
        return (coded(view, node), false);
    }
    view.use_whole(node);
    let reason = Coded {
        null_flavor: Some("NI".to_owned()),
        ..Coded::default()
    };
    (reason, true)
}

fn section_details(view: &View<'_>, node: Node) -> Vec<Detail> {
    let mut details = Vec::new();
    for child in view.children(node) {
        let name = view.name(child);
        let is_placed = matches!(
            name,
            "id" | "title"
                | "code"
                | "text"
                | "entry"
                | "section"
                | "emptyReason"
                | "author"
                | "extension"
                | "modifierExtension"
        );
        if name == "id" {
            view.use_whole(child);
        }
        if !is_placed {
            details.extend(detail(view, child, &statements::snake(name)));
        }
    }
    details.extend(extensions(view, node));
    details
}

/// Every resource that anything refers to.
fn targets(view: &View<'_>) -> Nodes {
    view.tree
        .inside(view.root())
        .filter(|node| view.name(*node) == "reference")
        .filter_map(|node| view.tree.parent(node))
        .filter_map(|reference| view.index.resolve(view, reference))
        .map(|resource| resource.node)
        .collect()
}

/// The narratives of single resources, weighed against what is coded in each.
fn narratives(reading: &mut Reading<'_, '_>) {
    let view = reading.view;
    let mut read = Vec::new();
    for resource in view.resources().to_vec() {
        let mut texts: Vec<Node> = view.one(resource.node, "text").into_iter().collect();
        // The sections of a report that is no summary.
        let mut sections: Vec<Node> = view.named(resource.node, "section").collect();
        while let Some(section) = sections.pop() {
            texts.extend(view.one(section, "text"));
            sections.extend(view.named(section, "section"));
        }
        for text in texts {
            read.extend(narrative_of(reading, resource, text));
        }
    }
    reading.record.narratives.append(&mut read);
}

/// One narrative of a resource; nothing where a reader took it already.
fn narrative_of(
    reading: &Reading<'_, '_>,
    resource: Resource<'_>,
    text: Node,
) -> Option<EntryNarrative> {
    let view = reading.view;
    let div = view.one(text, "div")?;
    if view.is_touched(div) {
        return None;
    }
    let prose = narrative::read(view, text)?;
    Some(EntryNarrative {
        source: view.source().to_owned(),
        of: Some(reading.key_of(resource)),
        narrative: prose.weighed(view, &reading.vocabulary, Some(&[resource.node])),
    })
}
