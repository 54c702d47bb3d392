//! What goes to a receiver: an AuditEvent, made for it and for nobody else.

use inzage_viewlog::audit_event::{
    AuditEvent, LogId, for_other_sink, for_repository, for_repository_sealed,
};
use inzage_viewlog::{Receives, Undelivered, Who};

/// One AuditEvent on its way.
#[derive(Debug)]
pub(crate) struct Parcel {
    pub(crate) event: AuditEvent,
    pub(crate) number: Number,
    /// Whether it says sealed what this receiver may know, because it could not be opened.
    pub(crate) sealed: bool,
}

/// What a parcel counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Number {
    Entry(u64),
    Checkpoint(u64),
    Heartbeat { last: u64 },
}

impl Parcel {
    pub(crate) fn of(undelivered: &Undelivered, log: &LogId, receives: Receives) -> Self {
        let entry = &undelivered.entry;
        let (event, sealed) = match (receives, &undelivered.who) {
            (Receives::Pseudonyms, _) | (_, Who::Withheld) => (for_other_sink(entry, log), false),
            (_, Who::Opened(event)) => (for_repository(entry, log, Some(event)), false),
            (_, Who::NotOpened(why)) => (for_repository_sealed(entry, log, *why), true),
            (_, Who::Nobody) => (for_repository(entry, log, None), false),
        };
        Self {
            event,
            number: Number::Entry(entry.sequence),
            sealed,
        }
    }
}
