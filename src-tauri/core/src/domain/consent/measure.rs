//! The corona measure: a switch with a history.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::domain::date::PartialDate;

/// The state of the corona measure at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Measure {
    /// In force.
    Active {
        /// Since when, as the exchange gives it.
        since: PartialDate,
        /// By whose decision.
        decided_by: String,
    },
    /// Not in force (the national stop button was pressed, or the state is not known).
    Stopped {
        /// Since when, if known.
        since: Option<PartialDate>,
        /// By whose decision, if known.
        decided_by: Option<String>,
    },
}

impl Measure {
    /// Whether the measure is in force.
    #[must_use]
    pub const fn is_active(&self) -> bool {
        matches!(self, Self::Active { .. })
    }

    /// Whether it is known to have stopped: someone said so, with a date.
    #[must_use]
    pub const fn is_known_to_be_stopped(&self) -> bool {
        matches!(self, Self::Stopped { since: Some(_), .. })
    }

    /// What holds while the exchange does not answer: stopped, by nobody's known decision.
    #[must_use]
    pub const fn unknown() -> Self {
        Self::Stopped {
            since: None,
            decided_by: None,
        }
    }
}
