//! The idle lock: announced before it comes, and asked every second.

use std::time::Instant;

use inzage_core::domain::event::LockCause;

use super::config::IDLE_WARNING_S;
use super::contract::Notice;
use super::state::App;

/// What a look at the clock calls for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Idle {
    /// Nothing.
    Fine,
    /// Announce the lock.
    Warn {
        /// Seconds left.
        seconds_left: u32,
    },
    /// Lock.
    Lock,
}

/// Pure: how long nobody did anything, against the limit.
#[must_use]
pub const fn judge(idle_s: i64, limit_s: u32) -> Idle {
    let left = limit_s as i64 - idle_s;
    if left <= 0 {
        Idle::Lock
    } else if left <= IDLE_WARNING_S as i64 {
        Idle::Warn {
            seconds_left: left.unsigned_abs() as u32,
        }
    } else {
        Idle::Fine
    }
}

impl App {
    /// Somebody did something.
    pub async fn still_here(&self) {
        let mut inner = self.inner.lock().await;
        if inner.session.is_some() {
            inner.active_at = Some(Instant::now());
            if inner.idle_announced {
                inner.idle_announced = false;
                self.tell(Notice::IdleCleared);
            }
        }
    }

    /// One look at the clock; `true` when the workstation was locked and the shell must follow.
    pub async fn look_at_idle(&self) -> bool {
        let Ok(ready) = self.ready().await else {
            return false;
        };
        let mut inner = self.inner.lock().await;
        let (Some(_), Some(active_at)) = (&inner.session, inner.active_at) else {
            return false;
        };
        let idle_s = i64::try_from(active_at.elapsed().as_secs()).unwrap_or(i64::MAX);
        match judge(idle_s, self.config.idle_s) {
            Idle::Fine => false,
            Idle::Warn { seconds_left } => {
                inner.idle_announced = true;
                self.tell(Notice::IdleWarning { seconds_left });
                false
            }
            Idle::Lock => {
                self.lock_now(&ready, &mut inner, LockCause::Idle, None)
                    .await
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_is_announced_fifteen_seconds_before_it_comes() {
        assert_eq!(judge(104, 120), Idle::Fine);
        assert_eq!(judge(105, 120), Idle::Warn { seconds_left: 15 });
        assert_eq!(judge(119, 120), Idle::Warn { seconds_left: 1 });
        assert_eq!(judge(120, 120), Idle::Lock);
    }
}
