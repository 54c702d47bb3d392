//! Numbers that the organisation's repository should have and has not.

use super::notices::Notice;
use super::{Heading, Language};
use crate::audit_event::LogId;

/// Gaps that are named; further ones are counted.
const NAMED_MAX: usize = 20;

/// Numbers of one log that the repository does not have, between others that it has: entries that were
/// taken away, or never arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingNumbers {
    /// Of which log.
    pub log: LogId,
    /// The workstation that it is of; empty where no entry of it could be read.
    pub workstation: String,
    /// First and last number of each gap.
    pub numbers: Vec<(u64, u64)>,
}

/// One for each log.
pub(super) fn missing_elsewhere(heading: &Heading, l: Language) -> Vec<Notice> {
    let said = l.say(
        "In het register ontbreken nummers van",
        "Numbers are missing in the repository, of",
    );
    heading
        .missing
        .iter()
        .map(|missing| {
            let whose = if missing.workstation.is_empty() {
                missing.log.as_str()
            } else {
                &missing.workstation
            };
            let numbers = listed(&missing.numbers, l);
            Notice::warning(&format!("{said} {whose}: {numbers}"), l)
        })
        .collect()
}

fn listed(gaps: &[(u64, u64)], l: Language) -> String {
    let mut named: Vec<String> = gaps
        .iter()
        .take(NAMED_MAX)
        .map(|(first, last)| {
            if first == last {
                first.to_string()
            } else {
                format!("{first}–{last}")
            }
        })
        .collect();
    let further = gaps.len().saturating_sub(NAMED_MAX);
    if further > 0 {
        named.push(format!("{} {further}", l.say("en verder", "and further")));
    }
    named.join(", ")
}
