//! What became of each leaf of a message.
//!
//! A leaf is every attribute value and every non-blank text; comments, processing
//! instructions, `xmlns` and `xsi:*` are none. A text is the run of characters between
//! two tags, comments and CDATA marks taken out. A leaf is named by where its element
//! begins and its place in it, so that two walks that share no code can speak of the same.

/// Names one leaf.
///
/// `element` is the byte position of the element's `<`. `place` is for an attribute its
/// ordinal among those that are leaves, and for a text [`LeafId::TEXT`] plus the number of
/// child elements before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LeafId {
    /// Byte position of the element in the text.
    pub element: u32,
    /// Place within it.
    pub place: u32,
}

impl LeafId {
    /// Where the places of texts begin; far beyond the limit of attributes.
    pub const TEXT: u32 = 1 << 16;
}

/// What became of a leaf.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Disposition {
    /// It resolved or classified something.
    Used,
    /// It stands in the summary where its kind belongs.
    Shown,
    /// It stands under "not recognised".
    Listed,
}

/// Every leaf of what was read, with what became of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    /// In the order of the text.
    entries: Vec<(LeafId, Disposition)>,
}

impl Ledger {
    /// A ledger of these entries.
    #[must_use]
    pub fn of(mut entries: Vec<(LeafId, Disposition)>) -> Self {
        entries.sort_unstable();
        Self { entries }
    }

    /// What became of a leaf; `None` where no reader saw it.
    #[must_use]
    pub fn disposition(&self, leaf: LeafId) -> Option<Disposition> {
        let at = self
            .entries
            .binary_search_by_key(&leaf, |(id, _)| *id)
            .ok()?;
        self.entries.get(at).map(|(_, disposition)| *disposition)
    }

    /// Takes over the entries of another part of the same text.
    pub fn absorb(&mut self, other: Self) {
        let in_order = match (self.entries.last(), other.entries.first()) {
            (Some((last, _)), Some((first, _))) => last < first,
            _ => true,
        };
        self.entries.extend(other.entries);
        if !in_order {
            self.entries.sort_unstable();
        }
    }

    /// How many leaves are in it.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leaf_that_no_reader_saw_has_no_disposition() {
        let leaf = |element, place| LeafId { element, place };
        let mut ledger = Ledger::of(vec![(leaf(9, 0), Disposition::Shown)]);
        ledger.absorb(Ledger::of(vec![
            (leaf(3, LeafId::TEXT), Disposition::Listed),
            (leaf(3, 0), Disposition::Used),
        ]));
        assert_eq!(ledger.disposition(leaf(3, 0)), Some(Disposition::Used));
        assert_eq!(
            ledger.disposition(leaf(3, LeafId::TEXT)),
            Some(Disposition::Listed)
        );
        assert_eq!(ledger.disposition(leaf(9, 0)), Some(Disposition::Shown));
        assert_eq!(ledger.disposition(leaf(9, 1)), None);
        assert_eq!(ledger.len(), 3);
    }
}
