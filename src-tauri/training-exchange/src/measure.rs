//! The corona measure as the exchange sees it: active or stopped, since when, by whose decision.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Whether the corona measure is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MeasureState {
    /// Corona-marked sources are listed and answer.
    Active,
    /// Corona-marked sources are not listed and yield nothing.
    Stopped,
}

/// The measure's state with its provenance, as `GET /training/measure` answers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Measure {
    /// Active or stopped.
    pub state: MeasureState,
    /// The day of the decision, local; `YYYY-MM-DD` on the wire.
    pub since: NaiveDate,
    /// Who decided.
    pub decided_by: String,
}

impl Measure {
    /// The measure as history left it: in force from 14 April 2020, stopped on 4 April 2023.
    pub fn at_start(state: MeasureState) -> Self {
        let since = match state {
            MeasureState::Active => NaiveDate::from_ymd_opt(2020, 4, 14),
            MeasureState::Stopped => NaiveDate::from_ymd_opt(2023, 4, 4),
        };
        Self {
            state,
            since: since.unwrap_or_default(),
            decided_by: "minister van VWS".into(),
        }
    }
}

/// A switch of the measure, from the parent or from `PUT /training/measure`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Switch {
    /// The new state.
    pub state: MeasureState,
    /// The day of the decision; left out: today.
    #[serde(default)]
    pub since: Option<NaiveDate>,
    /// Who decided; left out: the trainer.
    #[serde(default)]
    pub decided_by: Option<String>,
}

impl Switch {
    /// A switch made by the trainer, today.
    pub fn to(state: MeasureState) -> Self {
        Self {
            state,
            since: None,
            decided_by: None,
        }
    }
}

/// The measure, shared by every connection and the parent.
#[derive(Debug, Clone)]
pub(crate) struct SharedMeasure(Arc<Mutex<Measure>>);

impl SharedMeasure {
    pub(crate) fn new(state: MeasureState) -> Self {
        Self(Arc::new(Mutex::new(Measure::at_start(state))))
    }

    pub(crate) fn now(&self) -> Measure {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(crate) fn is_active(&self) -> bool {
        self.now().state == MeasureState::Active
    }

    /// Switches, and answers the measure as it stands now. Switching to the state that holds
    /// already changes nothing unless the switch says since when or by whom.
    pub(crate) fn switch(&self, switch: Switch) -> Measure {
        let mut measure = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if switch.state != measure.state || switch.since.is_some() || switch.decided_by.is_some() {
            *measure = Measure {
                state: switch.state,
                since: switch
                    .since
                    .unwrap_or_else(|| chrono::Local::now().date_naive()),
                decided_by: switch.decided_by.unwrap_or_else(|| "trainer".into()),
            };
        }
        measure.clone()
    }
}
