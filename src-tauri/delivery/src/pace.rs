//! How often and how long, with the reasons.

use std::time::Duration;

/// The pace of delivery. [`Pace::default`] is what is meant to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Pause after the first failure: a receiver that restarts is back within seconds.
    pub retry_first: Duration,
    /// Longest pause, however often it failed: when the receiver is back, nobody waits longer.
    pub retry_last: Duration,
    /// Pause while something is refused. Trying again helps once a person has changed something.
    pub refused: Duration,
    /// To reach a receiver, TLS included.
    pub connect_wait: Duration,
    /// For one answer (FHIR), or until a batch is sent and the connection closed (syslog).
    pub answer_wait: Duration,
    /// How often is looked for what another instance appended, whose bell does not ring here; and, by
    /// an instance that does not deliver, whether the one that does is gone.
    pub look: Duration,
    /// For all pages of one search of the repository: whoever asked is waiting for it, and what a slow one
    /// has not given by then is said to be missing.
    pub search_wait: Duration,
    /// Entries read and sent before they are acknowledged: as many go again after a failure.
    pub batch: u32,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            retry_first: Duration::from_secs(1),
            retry_last: Duration::from_secs(300),
            refused: Duration::from_secs(60),
            connect_wait: Duration::from_secs(5),
            answer_wait: Duration::from_secs(30),
            look: Duration::from_secs(30),
            search_wait: Duration::from_secs(600),
            batch: 50,
        }
    }
}
