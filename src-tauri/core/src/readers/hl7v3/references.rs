//! Ids and what they name, so that references resolve in one look-up each.

use std::collections::HashMap;

use crate::domain::coded::Identifier;

/// Where a thing with an id stands in the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    /// Contact, partial contact, line.
    Line(usize, usize, usize),
    /// Contact, partial contact, diagnosis.
    Diagnosis(usize, usize, usize),
    /// An episode.
    Episode(usize),
    /// A contact that is only referred to.
    Contact(usize),
    /// Anything else with a key.
    Other,
}

/// Everything with an id.
#[derive(Debug, Default)]
pub(super) struct References {
    by_id: HashMap<Identifier, (String, Target)>,
}

impl References {
    /// Registers a thing under its ids; says whether one of them was taken (the first keeps it).
    pub(super) fn add(&mut self, ids: &[Identifier], key: &str, target: Target) -> bool {
        let mut taken = false;
        for id in ids {
            match self.by_id.entry(id.clone()) {
                std::collections::hash_map::Entry::Occupied(entry) => taken |= entry.get().0 != key,
                std::collections::hash_map::Entry::Vacant(entry) => {
                    entry.insert((key.to_owned(), target));
                }
            }
        }
        taken
    }

    /// What one of these ids names.
    pub(super) fn find(&self, ids: &[Identifier]) -> Option<&(String, Target)> {
        ids.iter().find_map(|id| self.by_id.get(id))
    }
}
