//! How a sink is doing, for the screen and for whoever watches the workstation.

use inzage_viewlog::{Receives, SinkState};

/// How a sink is doing now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Its name.
    pub name: String,
    /// What it may be told.
    pub receives: Receives,
    /// What is going on.
    pub state: State,
    /// It has all entries up to this number.
    pub acknowledged: u64,
    /// The number of the log's last entry, as last seen.
    pub last: u64,
    /// When the oldest entry was written that it does not have, UTC, RFC 3339; its age is how long
    /// delivery has been behind.
    pub oldest_undelivered: Option<String>,
    /// It has all checkpoints up to this number.
    pub checkpoints_acknowledged: u64,
    /// When it last took a heartbeat since the app was started, UTC, RFC 3339.
    pub last_heartbeat: Option<String>,
    /// Entries that it took sealed since the app was started, because they could not be opened here.
    pub sent_sealed: u64,
}

/// What a sink is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Not begun yet.
    Starting,
    /// Sending.
    Delivering,
    /// It has everything.
    Delivered,
    /// Another instance of the app delivers this log.
    Elsewhere,
    /// It did not work and is tried again.
    Waiting {
        /// Stable code.
        code: &'static str,
        /// What happened, whose fault it probably is, what to do.
        message: String,
        /// Since when, UTC, RFC 3339.
        since: String,
    },
    /// It will not work until somebody changes something, and is tried again slowly.
    Refused {
        /// Stable code.
        code: &'static str,
        /// What happened, whose fault it probably is, what to do.
        message: String,
        /// Since when, UTC, RFC 3339.
        since: String,
    },
}

impl State {
    /// The code of what is wrong; `None` where nothing is.
    #[must_use]
    pub const fn code(&self) -> Option<&'static str> {
        match self {
            Self::Waiting { code, .. } | Self::Refused { code, .. } => Some(code),
            Self::Starting | Self::Delivering | Self::Delivered | Self::Elsewhere => None,
        }
    }

    /// Since when something has been wrong.
    pub(crate) fn since(&self) -> Option<&str> {
        match self {
            Self::Waiting { since, .. } | Self::Refused { since, .. } => Some(since),
            Self::Starting | Self::Delivering | Self::Delivered | Self::Elsewhere => None,
        }
    }
}

impl Status {
    /// Takes over what the log says of the sink.
    pub(crate) fn take(&mut self, state: SinkState) {
        self.acknowledged = state.acknowledged;
        self.last = state.last;
        self.oldest_undelivered = state.oldest_undelivered;
        self.checkpoints_acknowledged = state.checkpoints_acknowledged;
    }

    pub(crate) const fn new(name: String, receives: Receives) -> Self {
        Self {
            name,
            receives,
            state: State::Starting,
            acknowledged: 0,
            last: 0,
            oldest_undelivered: None,
            checkpoints_acknowledged: 0,
            last_heartbeat: None,
            sent_sealed: 0,
        }
    }
}
