//! A part while it is read into a record.

use core::cell::RefCell;

use super::people;
use super::tree::{ByNode, Node, Nodes};
use super::types::{child_date, identifier};
use super::view::{Resource, View};
use super::vocabulary::Vocabulary;
use crate::domain::coded::Identifier;
use crate::domain::date::PartialDate;
use crate::domain::finding::{FindingCode, Severity};
use crate::domain::person::Author;
use crate::domain::summary::LineReference;
use crate::readers::{Profile, SourceRecord};

/// What a reference means.
pub(super) struct Referred<'d> {
    /// As it may be shown: without a target where it dangles, or where the target is no entry.
    pub(super) line: LineReference,
    /// The resource, where it is in the part.
    pub(super) resource: Option<Resource<'d>>,
    /// The words beside the reference, where it does not resolve or says more than the target.
    pub(super) display: Option<String>,
}

/// A part while it is read.
pub(super) struct Reading<'v, 'd> {
    pub(super) view: &'v View<'d>,
    pub(super) profile: &'v Profile,
    pub(super) record: SourceRecord,
    /// Who stands for what has no author of its own.
    pub(super) document_author: Option<Author>,
    /// Keys begin with this.
    prefix: String,
    keys: ByNode<String>,
    /// Resources that a reader took as part of another entry.
    taken: RefCell<Nodes>,
    counts: [usize; 26],
    /// What narratives are weighed against.
    pub(super) vocabulary: Vocabulary,
    /// What the readers of single resources must know of each other.
    pub(super) resources: super::resources::State,
}

impl<'v, 'd> Reading<'v, 'd> {
    /// Gives every resource its key. ICA are counted apart, so that the keys of the others are the
    /// same whether or not ICA were sent.
    pub(super) fn new(view: &'v View<'d>, profile: &'v Profile, prefix: String) -> Self {
        let mut counts = [0_usize; 2];
        let mut keys = ByNode::default();
        keys.reserve(view.resources().len());
        for resource in view.resources() {
            let (letter, count) = if view.is_ica(resource.node) {
                ('w', counts.get_mut(1))
            } else {
                ('r', counts.get_mut(0))
            };
            let number = count.map_or(0, |count| {
                *count += 1;
                *count
            });
            keys.insert(resource.node, format!("{prefix}-{letter}{number}"));
        }
        Self {
            view,
            profile,
            record: SourceRecord::default(),
            document_author: None,
            prefix,
            keys,
            taken: RefCell::default(),
            counts: [0; 26],
            vocabulary: Vocabulary::default(),
            resources: super::resources::State::of(view),
        }
    }

    /// The key of a resource's entry.
    pub(super) fn key_of(&self, resource: Resource<'_>) -> String {
        self.keys.get(&resource.node).cloned().unwrap_or_default()
    }

    /// Gives a resource the key of the entry that it is told in, so that references find it there.
    pub(super) fn rename(&mut self, resource: Resource<'_>, key: &str) {
        self.keys.insert(resource.node, key.to_owned());
    }

    /// The next key of something that is no resource (a section, a statement made by one).
    pub(super) fn next_key(&mut self, kind: u8) -> String {
        let count = self.counts.get_mut(usize::from(kind.wrapping_sub(b'a')));
        let number = count.map_or(0, |count| {
            *count += 1;
            *count
        });
        format!("{}-{}{number}", self.prefix, char::from(kind))
    }

    /// Takes a resource as part of another entry (a product, a specimen, an author): it gets no entry
    /// of its own. What no reader touches of it is listed.
    pub(super) fn take(&self, resource: Resource<'_>) {
        super::details::bookkeeping(self.view, resource.node);
        self.taken.borrow_mut().insert(resource.node);
    }

    /// Whether a resource was taken as part of another entry.
    pub(super) fn is_taken(&self, resource: Resource<'_>) -> bool {
        self.taken.borrow().contains(&resource.node)
    }

    /// Resolves a `Reference`; what does not resolve is kept and noted.
    pub(super) fn refer(&self, reference: Node) -> Referred<'d> {
        let view = self.view;
        let mut ids: Vec<Identifier> = view
            .one(reference, "identifier")
            .and_then(|node| identifier(view, node))
            .into_iter()
            .collect();
        view.used(reference, "type");
        let display = view.shown(reference, "display");
        let resource = view.index.resolve(view, reference);
        match resource {
            Some(_) => {
                view.used(reference, "reference");
            }
            None => {
                let written = view.shown(reference, "reference");
                if written.is_some() {
                    view.note(FindingCode::DanglingReference, Severity::Warning, reference);
                }
                ids.extend(written.map(|written| Identifier {
                    root: None,
                    extension: Some(written),
                }));
            }
        }
        Referred {
            line: LineReference {
                ids,
                target: resource.map(|resource| self.key_of(resource)),
            },
            resource,
            display,
        }
    }

    /// The children of these names as references. The words beside one that dangles stand among its
    /// ids, without a system.
    pub(super) fn lines(&self, of: Node, names: &[&str]) -> Vec<LineReference> {
        let view = self.view;
        names
            .iter()
            .flat_map(|name| view.named(of, name).collect::<Vec<_>>())
            .map(|node| {
                let referred = self.refer(node);
                let mut line = referred.line;
                line.ids.extend(referred.display.map(|display| Identifier {
                    root: None,
                    extension: Some(display),
                }));
                line
            })
            .filter(|line| *line != LineReference::default())
            .collect()
    }

    /// Who a reference means, and when it was written. Organisations, practitioners and devices that
    /// are described so get no entry of their own.
    pub(super) fn author_of(&self, reference: Node, time: Option<PartialDate>) -> Option<Author> {
        let author = people::author_of(self.view, reference);
        if let Some(resource) = self.view.index.resolve(self.view, reference)
            && resource.kind != "Patient"
        {
            self.take_author(resource, 0);
        }
        let mut author = match author {
            None if time.is_none() => return None,
            author => author.unwrap_or_default(),
        };
        author.time = time;
        Some(author)
    }

    fn take_author(&self, resource: Resource<'d>, step: usize) {
        /// A role names a person and an organisation: not further.
        const STEPS_MAX: usize = 2;
        self.take(resource);
        if step >= STEPS_MAX {
            return;
        }
        for name in ["practitioner", "organization"] {
            if let Some(next) = self
                .view
                .one(resource.node, name)
                .and_then(|reference| self.view.index.resolve(self.view, reference))
            {
                self.take_author(next, step + 1);
            }
        }
    }

    /// The author in the first of these elements with the date in the first of those; the document's
    /// where there is none.
    pub(super) fn author_in(&self, of: Node, who: &[&str], when: &[&str]) -> Option<Author> {
        let time = when.iter().find_map(|name| child_date(self.view, of, name));
        let reference = who.iter().find_map(|name| self.view.one(of, name));
        let own = match reference {
            // STU3 and R5 wrap it (`performer.actor`, `participant.individual`).
            Some(node) => {
                let inner = ["actor", "individual"]
                    .iter()
                    .find_map(|name| self.view.one(node, name));
                self.author_of(inner.unwrap_or(node), time)
            }
            None => time.map(|time| Author {
                time: Some(time),
                ..Author::default()
            }),
        };
        match (own, &self.document_author) {
            (Some(own), _) if is_someone(&own) => Some(own),
            (Some(own), Some(document)) => Some(Author {
                time: own.time.or_else(|| document.time.clone()),
                ..document.clone()
            }),
            (own, None) => own,
            (None, document) => document.clone(),
        }
    }
}

/// Whether more is said of an author than when something was written.
fn is_someone(author: &Author) -> bool {
    author.name.is_some()
        || author.role.is_some()
        || author.organisation.is_some()
        || !author.ids.is_empty()
        || !author.telecoms.is_empty()
}
