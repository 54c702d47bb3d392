//! HL7v3 as AORTA delivers it: a professional summary, bare, in SOAP or in other wrappers,
//! alone or among the children of a batch.
//!
//! | file | what it is |
//! |---|---|
//! | `interactions` | names of interactions |
//! | `ica`, `marker`, `header`, `outcome` | what must be known before anything is read |
//! | `view`, `listing`, `structure` | what a reader may see, and what became of each leaf |
//! | `types`, `people`, `transmission` | data types, names, authors, the message about itself |
//! | `reading` | one professional summary, with `contacts`, `medication`, `episodes`, `measurements`, `statements` |
//! | `blocks` | every other answer: the building blocks of acute care, ICA on their own, the pharmacy's lists |
//! | `kinds` | what a statement says: the one place that decides what counts as "none known" |

mod blocks;
mod contacts;
mod episodes;
mod foreign;
mod header;
mod ica;
mod interactions;
mod listing;
mod marker;
mod measurements;
mod medication;
mod outcome;
mod people;
mod reading;
mod references;
mod statements;
mod structure;
#[cfg(test)]
mod tests;
mod timing;
mod transmission;
mod types;
mod view;

use core::ops::Range;

use roxmltree::{Document, NodeId};

use self::foreign::{FOREIGN, Foreign, flag_foreign};
use self::interactions::{
    BATCH, PROFESSIONAL_SUMMARY, block_of, is_batch, is_interaction, is_known,
};
use self::reading::Reading;
use self::transmission::Hushed;
use self::view::{HL7, ICA, Node, PART, View, WITHHELD};
use super::ledger::Ledger;
use super::limits::{parse_xml, unreadable};
use super::{PartHeader, PartOutcome, Profile, Scope, SourceRecord, Unreadable};
use crate::domain::date::PartialDate;
use crate::domain::finding::{Finding, FindingCode, Severity};
use crate::domain::summary::{Fact, Unrecognised};

/// A message that was parsed, with its parts found and their headers read.
pub struct Opened<'a> {
    document: Document<'a>,
    /// Per node, what it is.
    flags: Vec<u8>,
    parts: Vec<PartHeader>,
    roots: Vec<NodeId>,
    fewer: bool,
    findings: Vec<Finding>,
    /// Whether clinical content stands outside every part.
    incomplete: bool,
}

/// Parses a text that passed [`super::limits::scan`] and finds its parts.
///
/// A part is the message, or each child of a batch that is an interaction; an interaction that
/// stands beside the first one in a wrapper is a part too, so that it is matched like any other.
///
/// # Errors
/// `NotWellFormed`, `DoctypeRefused`, `LimitExceeded`, or `UnknownInteraction` where no element in
/// HL7v3's namespace has the name of a known interaction.
pub fn open<'a>(text: &'a str, profile: &Profile) -> Result<Opened<'a>, Unreadable> {
    let document = parse_xml(text)?;
    let mut messages = Vec::new();
    find_messages(document.root_element(), &mut messages);
    if !messages.iter().any(|message| is_known(*message)) {
        return Err(unreadable(FindingCode::UnknownInteraction));
    }
    let mut flags = vec![0_u8; document.descendants().count()];
    ica::flag_all(document.root_element(), &mut flags);
    let roots: Vec<Node<'_>> = messages
        .iter()
        .flat_map(|message| parts_of(*message))
        .collect();
    for root in &roots {
        if let Some(flag) = flags.get_mut(root.id().get_usize()) {
            *flag |= PART;
        }
    }
    let mut found = Foreign::default();
    flag_foreign(document.root_element(), &mut flags, &mut found);
    let parts: Vec<PartHeader> = roots
        .iter()
        .enumerate()
        .map(|(index, root)| header::header(index, *root, &flags, profile))
        .collect();
    let fewer = messages
        .iter()
        .filter(|message| is_batch(**message))
        .any(|batch| is_fewer_than_announced(*batch, parts.len()));
    let mut failed = false;
    for batch in messages.iter().filter(|message| is_batch(**message)) {
        failed |= outcome::has_failed(*batch, profile);
        Hushed::of(*batch, &flags, None, profile).flag(&mut flags);
    }
    let mut findings = envelope_findings(fewer, failed);
    findings.append(&mut found.findings);
    let roots = roots.iter().map(roxmltree::Node::id).collect();
    Ok(Opened {
        document,
        flags,
        parts,
        roots,
        fewer: fewer || failed,
        findings,
        incomplete: found.clinical,
    })
}

/// The outermost interactions, in the order of the text, also those that nobody knows: each
/// is decided on.
fn find_messages<'d>(element: Node<'d>, found: &mut Vec<Node<'d>>) {
    if is_interaction(element) {
        found.push(element);
        return;
    }
    for child in element.children().filter(roxmltree::Node::is_element) {
        find_messages(child, found);
    }
}

/// A batch's interactions, also those that stand deeper than they should: each is matched
/// and decided on its own.
fn parts_of(message: Node<'_>) -> Vec<Node<'_>> {
    fn interactions_in<'d>(element: Node<'d>, found: &mut Vec<Node<'d>>) {
        for child in element.children().filter(roxmltree::Node::is_element) {
            if is_interaction(child) {
                found.push(child);
            } else {
                interactions_in(child, found);
            }
        }
    }
    if !is_batch(message) {
        return vec![message];
    }
    let mut found = Vec::new();
    interactions_in(message, &mut found);
    found
}

/// Whether a batch announces more parts than arrived, or says how many it holds unreadably or
/// twice. A part that is ICA counts as arrived: a source that sends it announces it too, and
/// one that does not, does not.
fn is_fewer_than_announced(batch: Node<'_>, arrived: usize) -> bool {
    let mut quantities = batch
        .children()
        .filter(|child| child.has_tag_name((HL7, "transmissionQuantity")));
    let (first, second) = (quantities.next(), quantities.next());
    let Some(quantity) = first else {
        return false;
    };
    let announced = quantity
        .attribute("value")
        .and_then(|value| value.trim().parse::<u64>().ok());
    second.is_some() || announced.is_none_or(|announced| announced > arrived as u64)
}

/// What the answer as a whole shows.
fn envelope_findings(fewer: bool, failed: bool) -> Vec<Finding> {
    let finding = |code, child: &str| Finding {
        code,
        severity: Severity::Warning,
        path: format!("{BATCH}/{child}"),
        source: None,
    };
    let fewer = fewer.then(|| finding(FindingCode::FewerThanAnnounced, "transmissionQuantity"));
    let failed = failed.then(|| finding(FindingCode::SourceError, "acknowledgement"));
    fewer.into_iter().chain(failed).collect()
}

impl Opened<'_> {
    /// The parts' headers, in the order received.
    #[must_use]
    pub fn parts(&self) -> &[PartHeader] {
        &self.parts
    }

    /// Whether a batch announces more parts than arrived, does not say readably how many, or says
    /// of itself that it failed.
    #[must_use]
    pub const fn is_fewer_than_announced(&self) -> bool {
        self.fewer
    }

    /// What was noticed about the answer as a whole.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Whether clinical content stands outside every part, where nobody can decide on it.
    #[must_use]
    pub const fn has_foreign_content(&self) -> bool {
        self.incomplete
    }

    /// The bytes of a part; empty where there is no such part.
    #[must_use]
    pub fn range(&self, part: usize) -> Range<usize> {
        self.root(part).map_or(0..0, |root| root.range())
    }

    /// The bytes of the ICA elements of a part, in order and not within each other.
    #[must_use]
    pub fn ica_ranges(&self, part: usize) -> Vec<Range<usize>> {
        let mut ranges = Vec::new();
        if let Some(root) = self.root(part) {
            self.outermost(root, WITHHELD, &mut ranges);
        }
        ranges
    }

    /// The bytes of what stands outside every part and is not disclosed: ICA, and what
    /// nobody decided on.
    #[must_use]
    pub fn wrapper_hidden_ranges(&self) -> Vec<Range<usize>> {
        let mut ranges = Vec::new();
        self.outermost(self.document.root_element(), ICA | FOREIGN, &mut ranges);
        let in_a_part = |range: &Range<usize>| {
            (0..self.parts.len()).any(|part| self.range(part).contains(&range.start))
        };
        ranges.retain(|range| !in_a_part(range));
        ranges
    }

    fn outermost(&self, element: Node<'_>, hidden: u8, ranges: &mut Vec<Range<usize>>) {
        if self
            .flags
            .get(element.id().get_usize())
            .is_some_and(|flag| flag & hidden != 0)
        {
            ranges.push(element.range());
            return;
        }
        for child in element.children().filter(roxmltree::Node::is_element) {
            self.outermost(child, hidden, ranges);
        }
    }

    /// Everything around the parts (SOAP, other wrappers, the batch's own), without ICA:
    /// the batch's facts, the rest as not recognised, findings, and the ledger of its leaves.
    #[must_use]
    pub fn envelope(
        &self,
        source_key: &str,
    ) -> (Vec<Fact>, Vec<Unrecognised>, Vec<Finding>, Ledger) {
        let view = View::new(
            self.document.root_element(),
            &self.flags,
            PART | ICA | FOREIGN,
            source_key,
        );
        let mut facts = Vec::new();
        let mut messages = Vec::new();
        find_messages(self.document.root_element(), &mut messages);
        for batch in messages.into_iter().filter(|message| is_batch(*message)) {
            for quantity in view.named(batch, "transmissionQuantity") {
                // It decides whether parts are missing, and would tell that ICA parts came: never shown.
                view.use_whole(quantity);
            }
            let hushed = Hushed::flagged(batch, &self.flags);
            hushed.take(&view, batch, false);
            facts.extend(
                transmission::wrapper(&view, batch, &hushed)
                    .into_iter()
                    .map(|fact| Fact {
                        name: format!("{BATCH}/{}", fact.name),
                        value: fact.value,
                    }),
            );
        }
        let (unrecognised, mut findings, ledger) = view.finish(true);
        findings.extend(self.findings.iter().cloned());
        (facts, unrecognised, findings, ledger)
    }

    fn root(&self, part: usize) -> Option<Node<'_>> {
        self.document.get_node(*self.roots.get(part)?)
    }
}

/// Reads a part under a scope.
///
/// Total: what cannot be interpreted is listed, with findings. A part that does not exist, or
/// that is not disclosed under the scope, gives an empty record and an empty ledger.
#[must_use]
pub fn read(
    opened: &Opened<'_>,
    part: usize,
    scope: Scope,
    source_key: &str,
    profile: &Profile,
) -> (SourceRecord, Vec<Finding>, Ledger) {
    let nothing = || (SourceRecord::default(), Vec::new(), Ledger::default());
    let (Some(root), Some(header)) = (opened.root(part), opened.parts.get(part)) else {
        return nothing();
    };
    let hidden = if scope == Scope::WithoutIca {
        WITHHELD
    } else {
        0
    };
    let mut view = View::new(root, &opened.flags, hidden, source_key);
    if view.is_hidden(root) {
        return nothing();
    }
    let records = records_of(&view);
    if let [(_, record)] = records.as_slice() {
        view.anchor_at(*record);
    }
    let created = root
        .children()
        .find(|child| child.has_tag_name((HL7, "creationTime")));
    view.sent = created
        .and_then(|node| node.attribute("value"))
        .map(PartialDate::parse);
    let (outcome, has_content) = match scope {
        Scope::Full => (&header.outcome, header.has_content),
        Scope::WithoutIca => (&header.outcome_without_ica, header.has_content_without_ica),
    };
    note_outcome(&view, outcome);
    let mut reading = Reading::new(
        &view,
        profile,
        super::key_prefix(&opened.parts, part, source_key),
        header.has_ica,
    );
    reading.record.transmission =
        transmission::of_message(&view, root, &opened.flags, outcome, profile);
    let block = block_of(root);
    for (subject, record) in records {
        view.visit(subject);
        match block {
            None => reading.provision_with_facts(record),
            Some(block) => blocks::read(&mut reading, block, subject, record),
        }
    }
    let is_summary = header.interaction == PROFESSIONAL_SUMMARY;
    let interpreted = match block {
        None if is_summary => {
            reading.ica_outside(root);
            true
        }
        None => !has_content,
        Some(_) => {
            blocks::finish(&mut reading);
            !has_content || !reading.record.is_empty()
        }
    };
    if !interpreted {
        view.note(FindingCode::NotInterpreted, Severity::Warning, root);
        reading.uninterpreted();
    }
    let mut record = reading.record;
    record.national_rule = marker::names_national_rule(root, profile);
    let (unrecognised, findings, ledger) = view.finish(is_summary || block.is_some());
    record.unrecognised = unrecognised;
    (record, findings, ledger)
}

/// The records of a message that is interpreted, with the relationship that holds each.
fn records_of<'d>(view: &View<'d>) -> Vec<(Node<'d>, Node<'d>)> {
    let root = view.root();
    let is_summary = root.tag_name().name() == PROFESSIONAL_SUMMARY;
    if !is_summary && block_of(root).is_none() {
        return Vec::new();
    }
    let acts = view
        .children(root)
        .filter(|child| child.tag_name().name() == "ControlActProcess");
    let subjects = acts
        .flat_map(|act| view.children(act))
        .filter(|child| child.tag_name().name() == "subject");
    subjects
        .flat_map(|subject| {
            let records = view.children(subject).filter(move |child| {
                !is_summary || child.tag_name().name() == "PrimaryCareProvision"
            });
            records.map(move |record| (subject, record))
        })
        .collect()
}

fn note_outcome(view: &View<'_>, outcome: &PartOutcome) {
    let (code, severity) = match outcome {
        PartOutcome::Delivered | PartOutcome::NothingFound => return,
        PartOutcome::MoreRemaining => (FindingCode::MoreRemaining, Severity::Warning),
        PartOutcome::Refused { .. } => (FindingCode::SourceError, Severity::Warning),
        PartOutcome::Unknown { .. } => (FindingCode::UnknownAcknowledgement, Severity::Warning),
    };
    view.note(code, severity, view.root());
}
