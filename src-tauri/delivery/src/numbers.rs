//! Which numbers of each log a search gave, and which lie between them that it did not.

use std::collections::{BTreeMap, BTreeSet};

use inzage_viewlog::audit_event::LogId;

/// Numbers by log, whether or not their entries are wanted.
#[derive(Debug, Default)]
pub(crate) struct Numbers(BTreeMap<LogId, OfLog>);

#[derive(Debug, Default)]
pub(crate) struct OfLog {
    /// The workstation that the newest entry names; empty where none could be read.
    pub(crate) workstation: String,
    newest: u64,
    given: BTreeSet<u64>,
}

impl Numbers {
    pub(crate) fn add(&mut self, log: LogId, number: u64, workstation: Option<&str>) {
        let of_log = self.0.entry(log).or_default();
        of_log.given.insert(number);
        if let Some(workstation) = workstation
            && number >= of_log.newest
        {
            of_log.newest = number;
            workstation.clone_into(&mut of_log.workstation);
        }
    }

    pub(crate) fn logs(self) -> impl Iterator<Item = (LogId, OfLog)> {
        self.0.into_iter()
    }
}

impl OfLog {
    /// First and last number of each gap. What is before the first number or behind the last one is not
    /// known: the period asked for ends there.
    pub(crate) fn gaps(&self) -> impl Iterator<Item = (u64, u64)> {
        let next = self.given.iter().skip(1);
        self.given
            .iter()
            .zip(next)
            .filter(|(before, after)| *after - *before > 1)
            .map(|(before, after)| (before + 1, after - 1))
    }
}
