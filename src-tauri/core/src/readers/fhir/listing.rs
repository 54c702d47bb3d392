//! The end of a reading: what no reader touched is listed, and the ledger is closed.

use super::tree::{Kind, Node};
use super::view::View;
use crate::domain::finding::{Finding, FindingCode, Severity};
use crate::domain::summary::{Fact, Unrecognised};
use crate::readers::ledger::{Disposition, Ledger};

impl View<'_> {
    /// Lists what no reader touched, and closes the ledger.
    pub(super) fn finish(self) -> (Vec<Unrecognised>, Vec<Finding>, Ledger) {
        let mut unrecognised = Vec::new();
        let mut ledger = Vec::new();
        if !self.is_hidden(self.root()) {
            self.close(self.root(), &mut unrecognised, &mut ledger);
        }
        let findings = self.findings.into_inner();
        (unrecognised, findings, Ledger::of(ledger))
    }

    fn close(
        &self,
        node: Node,
        unrecognised: &mut Vec<Unrecognised>,
        ledger: &mut Vec<(crate::readers::ledger::LeafId, Disposition)>,
    ) {
        let mut values = Vec::new();
        self.list(node, &mut values);
        for child in self.tree.children(node) {
            if !self.is_hidden(child) && self.is_plain(child) {
                self.list(child, &mut values);
            }
        }
        if !values.is_empty() {
            self.note(FindingCode::NotInterpreted, Severity::Info, node);
            unrecognised.push(Unrecognised {
                source: self.source().to_owned(),
                path: self.path(node),
                values,
            });
        }
        self.enter(node, ledger);
        for child in self.tree.children(node) {
            if self.is_hidden(child) {
                continue;
            }
            if self.is_plain(child) {
                self.enter(child, ledger);
            } else {
                self.close(child, unrecognised, ledger);
            }
        }
    }

    /// Whether a node is a value and nothing else: it is listed with what it stands in.
    fn is_plain(&self, node: Node) -> bool {
        self.tree.children(node).next().is_none()
    }

    fn list(&self, node: Node, values: &mut Vec<Fact>) {
        let Some(data) = self.tree.data(node) else {
            return;
        };
        let Some(value) = data.value.as_deref() else {
            return;
        };
        if data.leaf.place == super::tree::NONE || self.state(node).is_some() {
            return;
        }
        let of = self.tree.parent(node).and_then(|of| self.tree.data(of));
        if of.is_some_and(|of| of.resource == node.0) {
            // It chose the reader.
            self.mark(node, Disposition::Used);
            return;
        }
        if data.kind == Kind::Text && value.trim().is_empty() {
            return;
        }
        self.mark(node, Disposition::Listed);
        // What stood between two texts may not exist here: then they are one.
        if data.kind == Kind::Text
            && let Some(last) = values.last_mut()
            && last.name == self.name(node)
            && self.place(node).after_text
        {
            last.value.push_str(value);
            return;
        }
        let name = if data.kind == Kind::Attribute {
            format!("@{}", self.name(node))
        } else {
            self.name(node).to_owned()
        };
        values.push(Fact {
            name,
            value: value.to_owned(),
        });
    }

    fn enter(&self, node: Node, ledger: &mut Vec<(crate::readers::ledger::LeafId, Disposition)>) {
        let Some(data) = self.tree.data(node) else {
            return;
        };
        let blank =
            data.kind == Kind::Text && data.value.as_deref().unwrap_or_default().trim().is_empty();
        if data.leaf.place == super::tree::NONE || blank {
            return;
        }
        ledger.push((data.leaf, self.state(node).unwrap_or(Disposition::Listed)));
    }
}
