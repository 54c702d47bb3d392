//! Locking, signing out, ending: what is open is closed first, in the log and in memory.

use std::time::Instant;

use inzage_core::domain::event::{Actor, CloseCause, Event, LockCause, What};

use super::contract::{LockedInfo, Recorded, Trouble};
use super::ports::{rfc3339, wall_clock};
use super::state::{App, Inner, Ready};
use super::tries::SUPERVISOR;
use super::trouble::TroubleCode;

impl App {
    /// Locks: the session ends, the summary is dropped, and its process is to be ended by the shell.
    /// Without a session there is nothing to lock; `false` then.
    pub async fn lock(&self, cause: LockCause) -> bool {
        let Ok(ready) = self.ready().await else {
            return false;
        };
        let mut inner = self.inner.lock().await;
        self.lock_now(&ready, &mut inner, cause, None).await
    }

    /// Signs out.
    pub async fn sign_out(&self) -> bool {
        let Ok(ready) = self.ready().await else {
            return false;
        };
        let mut inner = self.inner.lock().await;
        let was_signed_in = inner.session.is_some();
        self.end_session(&ready, &mut inner, LockCause::User).await;
        inner.locked = None;
        was_signed_in
    }

    /// The app ends: what is open is closed in the log.
    pub async fn end(&self) {
        let started = self.ready.borrow().as_ref().is_some_and(Result::is_ok);
        if !started {
            return;
        }
        let Ok(ready) = self.ready().await else {
            return;
        };
        let mut inner = self.inner.lock().await;
        self.end_session(&ready, &mut inner, LockCause::AppEnded)
            .await;
    }

    pub(crate) async fn lock_now(
        &self,
        ready: &Ready,
        inner: &mut Inner,
        cause: LockCause,
        closed: Option<CloseCause>,
    ) -> bool {
        let Some(session) = inner.session.clone() else {
            return false;
        };
        drop_question(inner);
        // What cannot be logged was told; locking goes on whatever happens.
        let _told: Result<(), Trouble> = self.close_open(ready, inner, close_cause(cause)).await;
        let event = self.event(&session, None, None, What::Locked { cause });
        let _told: Result<_, Trouble> = self.append(ready, inner, event).await;
        inner.session = None;
        inner.key = None;
        ready.upkeep.round();
        inner.active_at = None;
        inner.done.clear();
        inner.locked = Some(LockedInfo {
            name: session.user.name,
            person: session.user.id,
            cause,
            at: wall_clock(self.clock.now()),
            closed,
        });
        true
    }

    pub(crate) async fn end_session(&self, ready: &Ready, inner: &mut Inner, cause: LockCause) {
        drop_question(inner);
        let Some(session) = inner.session.clone() else {
            return;
        };
        let closing = if cause == LockCause::User {
            CloseCause::SignedOut
        } else {
            close_cause(cause)
        };
        let _told: Result<(), Trouble> = self.close_open(ready, inner, closing).await;
        let event = self.event(&session, None, None, What::SignedOut { cause });
        let _told: Result<_, Trouble> = self.append(ready, inner, event).await;
        inner.session = None;
        inner.key = None;
        ready.upkeep.round();
        inner.active_at = None;
        inner.done.clear();
    }

    /// Whether this is the supervisor's PIN; a wrong one counts as a try and is logged.
    pub async fn leave_kiosk(&self, pin: &str) -> Recorded {
        let mut inner = self.inner.lock().await;
        let now = Instant::now();
        let refused = if inner.tries.pause(SUPERVISOR, now).is_some() {
            TroubleCode::TooManyTries
        } else if self.config.supervisor_pin.as_deref() == Some(pin) {
            inner.tries.right(SUPERVISOR);
            return Recorded::Done {
                at: wall_clock(self.clock.now()),
            };
        } else {
            inner.tries.wrong(SUPERVISOR, now);
            TroubleCode::WrongPin
        };
        let reason = format!("supervisor_{}", refused.trouble().code);
        if let (Ok(ready), Some(place)) = (self.ready().await, self.any_place(&inner)) {
            let actor = inner.session.as_ref().map(|session| Actor {
                user: session.user.clone(),
                responsible: session.responsible.clone(),
            });
            let event = Event {
                at: rfc3339(self.clock.now()),
                actor,
                place,
                patient: None,
                request_id: None,
                what: What::SignInRefused { reason },
            };
            // A failure was told to the page; the kiosk stays shut all the same.
            let _told = self.append(&ready, &mut inner, event).await;
        }
        Recorded::Failed {
            trouble: refused.trouble(),
        }
    }
}

/// Whatever is still on its way is dropped unseen when it arrives.
fn drop_question(inner: &mut Inner) {
    if let Some(asking) = inner.asking.take() {
        asking.stop.send_modify(|stop| stop.all = true);
    }
}

const fn close_cause(cause: LockCause) -> CloseCause {
    match cause {
        LockCause::User | LockCause::Idle | LockCause::OtherUser => CloseCause::Locked,
        LockCause::LogFailed => CloseCause::LogFailed,
        LockCause::ScreenDied => CloseCause::ScreenDied,
        LockCause::AppEnded => CloseCause::AppEnded,
    }
}
