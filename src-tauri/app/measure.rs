//! The corona measure, watched: read every second, and stopped when nobody answers.

use std::time::Duration;

use inzage_core::domain::consent::Measure;
use inzage_core::domain::event::{CloseCause, Event, Place, What};

use super::contract::Notice;
use super::ports::rfc3339;
use super::state::{App, Ready};

/// How often the measure is read: a summary that may no longer be consulted
/// must be gone within two seconds.
pub const READ_EVERY: Duration = Duration::from_secs(1);
/// No answer for this long counts as stopped.
pub const SILENCE_MAX: Duration = Duration::from_secs(5);

impl App {
    /// Takes in what was read; what is open is decided again.
    pub async fn measure_is(&self, ready: &Ready, measure: Measure) {
        let before = self.measure_now();
        if before == measure {
            return;
        }
        self.measure.send_replace(measure.clone());
        let mut inner = self.inner.lock().await;
        let (since, decided_by) = match &measure {
            Measure::Active { since, decided_by } => {
                (Some(since.raw.clone()), Some(decided_by.clone()))
            }
            Measure::Stopped { since, decided_by } => (
                since.as_ref().map(|date| date.raw.clone()),
                decided_by.clone(),
            ),
        };
        let what = What::MeasureChanged {
            active: measure.is_active(),
            since,
            decided_by,
        };
        let event = match &inner.session {
            Some(session) => self.event(session, None, None, what),
            None => match self.any_place(&inner) {
                Some(place) => Event {
                    at: rfc3339(self.clock.now()),
                    actor: None,
                    place,
                    patient: None,
                    request_id: None,
                    what,
                },
                None => return self.tell(Notice::Measure { measure }),
            },
        };
        // Closed first: what may no longer be consulted does not wait for the disk.
        if !measure.is_active() {
            self.decide_again(ready, &mut inner, CloseCause::MeasureStopped)
                .await;
        }
        // A failure was told to the page; the measure holds whatever the disk does.
        let _told = self.append(ready, &mut inner, event).await;
        self.tell(Notice::Measure { measure });
    }

    pub(crate) fn any_place(&self, inner: &super::state::Inner) -> Option<Place> {
        let setting = inner
            .setting
            .or_else(|| self.config.places.first().map(|p| p.setting))?;
        let place = self.config.place(setting)?;
        Some(Place {
            organisation: place.organisation.clone(),
            setting,
        })
    }
}
