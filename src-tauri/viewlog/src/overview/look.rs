//! A row in the making: the events of one look-up, or another event.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use inzage_core::domain::event::What;

use super::row::{Kind, Outcome, Person, Remark, Row, SourceSeen, Who, Whom};
use crate::canonical::event_name;
use crate::entry::LogEntry;

/// A row in the making.
pub(super) struct Look {
    pub(super) row: Row,
    /// Whether anything of it lies in the period asked for.
    pub(super) in_period: bool,
    /// Digests, and whether each was displayed.
    releases: BTreeMap<String, bool>,
    something_shown: bool,
    pub(super) happened: BTreeSet<&'static str>,
}

/// Whether it is part of a look-up.
pub(super) const fn is_of_look_up(what: &What) -> bool {
    matches!(
        what,
        What::Requested { .. }
            | What::Objected
            | What::Sent { .. }
            | What::Delivered { .. }
            | What::Refused { .. }
            | What::ReceivedNotShown { .. }
            | What::Failed { .. }
            | What::Released { .. }
            | What::Displayed { .. }
            | What::AskedAboutAllergies { .. }
            | What::SuspicionChanged { .. }
            | What::Closed { .. }
    )
}

pub(super) fn begun(
    entry: &LogEntry,
    day: NaiveDate,
    who: Who,
    responsible: Option<Person>,
    whom: Whom,
) -> Row {
    let kind = if whom != Whom::Nobody && is_of_look_up(&entry.what) {
        Kind::LookUp
    } else {
        Kind::Event(event_name(&entry.what))
    };
    Row {
        day,
        first_at: entry.at.clone(),
        last_at: entry.at.clone(),
        count: 1,
        entries: (entry.sequence, entry.sequence),
        log: None,
        from_repository: false,
        contradicted: false,
        place: entry.place.clone(),
        who,
        responsible,
        whom,
        kind,
        outcome: Outcome::Requested,
        remarks: BTreeSet::new(),
        sources: Vec::new(),
        sections: BTreeSet::new(),
        agreement: None,
        suspicion: None,
    }
}

impl Look {
    pub(super) const fn of(row: Row) -> Self {
        Self {
            row,
            in_period: false,
            releases: BTreeMap::new(),
            something_shown: false,
            happened: BTreeSet::new(),
        }
    }

    pub(super) fn add(&mut self, what: What) {
        let row = &mut self.row;
        match what {
            What::Requested {
                agreement,
                suspicion,
                ..
            } => {
                row.agreement = row.agreement.or(agreement);
                row.suspicion = row.suspicion.or(suspicion);
            }
            What::Refused { source, reason } => {
                row.remarks.insert(Remark::Refused { source, reason });
            }
            What::ReceivedNotShown { source, why } => {
                row.remarks.insert(Remark::ReceivedNotShown { source, why });
            }
            What::Failed { source, code } => {
                row.remarks.insert(Remark::Failed { source, code });
            }
            What::Released {
                digest,
                sources,
                sections,
                agreement,
                suspicion,
            } => {
                self.releases.entry(digest).or_insert(false);
                row.agreement = agreement.or(row.agreement);
                row.suspicion = suspicion.or(row.suspicion);
                row.sections.extend(sections);
                for source in sources {
                    let seen = SourceSeen {
                        source: source.source,
                        ura: source.ura,
                        basis: source.basis,
                        ica: source.ica,
                        refused: source.refused,
                    };
                    self.something_shown |= seen.refused.is_none();
                    if !row.sources.contains(&seen) {
                        row.sources.push(seen);
                    }
                }
            }
            What::Displayed { digest } => {
                self.releases.insert(digest, true);
            }
            What::Objected
            | What::Sent { .. }
            | What::Delivered { .. }
            | What::AskedAboutAllergies { .. }
            | What::SuspicionChanged { .. }
            | What::Closed { .. }
                if row.kind == Kind::LookUp => {}
            other => row.outcome = Outcome::Done(fields(&other)),
        }
    }

    pub(super) fn finish(self) -> Row {
        let Self {
            mut row,
            releases,
            something_shown,
            happened,
            ..
        } = self;
        if matches!(row.outcome, Outcome::Done(_)) {
            return row;
        }
        let has = |name: &str| happened.contains(name);
        let displayed = releases.values().any(|displayed| *displayed);
        // A display whose release lies out of sight was a display all the same.
        let shown = something_shown || !has("released");
        row.outcome = if displayed && shown {
            Outcome::Displayed
        } else if has("released") && something_shown {
            Outcome::MayHaveBeenSeen
        } else if has("received_not_shown") {
            Outcome::ReceivedNotShown
        } else if has("released") {
            // Of no source that was not refused.
            Outcome::Refused
        } else if has("delivered") {
            // Before all that says why it went no further: that data arrived must not be hidden by it.
            Outcome::Delivered
        } else if has("refused") {
            Outcome::Refused
        } else if has("objected") {
            Outcome::Objected
        } else if has("failed") {
            Outcome::Failed
        } else {
            Outcome::Requested
        };
        if releases.values().any(|displayed| !displayed) {
            row.remarks.insert(Remark::ReleaseNotDisplayed);
        }
        if has("released") && !has("closed") {
            row.remarks.insert(Remark::NotClosed);
        }
        row
    }
}

/// The event's own members as names and values, without the event's name.
fn fields(what: &What) -> Vec<(String, String)> {
    let Ok(serde_json::Value::Object(members)) = serde_json::to_value(what) else {
        return Vec::new();
    };
    members
        .into_iter()
        .filter(|(name, value)| name != "event" && !value.is_null())
        .map(|(name, value)| match value {
            serde_json::Value::String(text) => (name, text),
            other => (name, other.to_string()),
        })
        .collect()
}
