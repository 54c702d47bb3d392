//! What else is said at the desk: the patient objects, or the answer about corona changes.

use inzage_core::domain::event::{CloseCause, What};

use super::contract::{ObjectionRequest, Recorded, SuspicionRequest, Trouble};
use super::ports::wall_clock;
use super::state::{App, Done};
use super::trouble::TroubleCode;
use super::typed::accept_bsn;

impl App {
    /// Records that the patient objects. Nothing is asked.
    pub async fn object(&self, request: ObjectionRequest) -> Recorded {
        self.try_object(request)
            .await
            .unwrap_or_else(|trouble| Recorded::Failed { trouble })
    }

    /// Changes the answer about corona for the patient on the screen: an event of
    /// its own, and the decision is taken again.
    pub async fn change_suspicion(&self, request: SuspicionRequest) -> Recorded {
        self.try_change_suspicion(request)
            .await
            .unwrap_or_else(|trouble| Recorded::Failed { trouble })
    }

    async fn try_object(&self, request: ObjectionRequest) -> Result<Recorded, Trouble> {
        let ready = self.ready().await?;
        let mut inner = self.inner.lock().await;
        let asked = format!("object {} {}", request.request_id, request.bsn);
        if let Some(Done::Recorded(at)) = inner.done.get(&asked) {
            return Ok(Recorded::Done { at: at.clone() });
        }
        let session = inner
            .session
            .clone()
            .ok_or_else(|| TroubleCode::NotSignedIn.trouble())?;
        let bsn = accept_bsn(&ready, &request.bsn)
            .map_err(|reason| TroubleCode::NotOpen.with_code(reason))?;
        let event = self.event(
            &session,
            Some(&bsn),
            Some(&request.request_id),
            What::Objected,
        );
        self.append(&ready, &mut inner, event).await?;
        let at = wall_clock(self.clock.now());
        inner.done.insert(asked, Done::Recorded(at.clone()));
        Ok(Recorded::Done { at })
    }

    async fn try_change_suspicion(&self, request: SuspicionRequest) -> Result<Recorded, Trouble> {
        let ready = self.ready().await?;
        let mut inner = self.inner.lock().await;
        let session = inner
            .session
            .clone()
            .ok_or_else(|| TroubleCode::NotSignedIn.trouble())?;
        let open = inner
            .open
            .as_ref()
            .filter(|open| open.view_id == request.view_id);
        let open = open.ok_or_else(|| TroubleCode::NotOpen.trouble())?;
        let (from, to) = (open.suspicion, Some(request.suspicion));
        let at = wall_clock(self.clock.now());
        if from == to {
            return Ok(Recorded::Done { at });
        }
        let what = What::SuspicionChanged { from, to };
        let event = self.event(&session, Some(&open.bsn), Some(&open.request_id), what);
        self.append(&ready, &mut inner, event).await?;
        if let Some(open) = inner.open.as_mut() {
            open.suspicion = to;
            for input in &mut open.decided {
                input.suspicion = to;
            }
        }
        self.decide_again(&ready, &mut inner, CloseCause::SuspicionChanged)
            .await;
        Ok(Recorded::Done { at })
    }
}
