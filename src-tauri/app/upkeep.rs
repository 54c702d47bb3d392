//! What the log needs besides entries: checkpoints, expiry, and room on the disk.
//!
//! A thread of its own with a connection of its own: no view ever waits for it, and nothing that goes
//! wrong in it stops one.

use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use chrono::NaiveDate;
use inzage_delivery::{Bell, Status};
use inzage_viewlog::{
    CheckpointKey, CheckpointKeychain, KeychainCounter, KeychainFailed, LogError, LogKeys,
    OpenedAt, Retention, ViewLog,
};
use tokio::sync::watch;

use super::contract::Trouble;
use super::ports::{Clock, rfc3339};
use super::start::randomness;
use super::trouble::TroubleCode;
use crate::keychain::{Keychain, Secret};

/// The first round comes when the app has long been ready for somebody to sign in.
pub const FIRST_AFTER: Duration = Duration::from_secs(20);
/// What was appended in between is chained and not signed yet.
pub const EVERY: Duration = Duration::from_secs(5 * 60);
/// A disk with less than this part free is said to be short of room.
const FREE_PARTS_MIN: u64 = 10;
/// Another instance that is at it in so many rounds in a row hangs, since signing takes seconds; and then
/// nothing is signed any more.
const BUSY_ROUNDS_MAX: u32 = 3;
/// Calls of one round at most; what is more expires in the next one.
const EXPIRY_CALLS_MAX: usize = 50;

/// The log that is looked after.
pub struct Looked {
    /// Its folder.
    pub folder: PathBuf,
    /// Its keys.
    pub keys: LogKeys,
    /// Where it stands.
    pub opened: OpenedAt,
    /// How long content is kept.
    pub retention: Retention,
    /// Where its checkpoint key is.
    pub keychain: Keychain,
    /// How far each receiver is: nothing expires before all of them have it.
    pub receivers: Vec<watch::Receiver<Status>>,
    /// Rung after a checkpoint.
    pub bell: Bell,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
}

impl Looked {
    /// Every receiver has all up to this number. One that this instance knows nothing of yet, or that
    /// another one serves, counts as having nothing; where there is none, there is none to wait for.
    fn acknowledged(&self) -> u64 {
        let each = self.receivers.iter();
        each.map(|status| status.borrow().acknowledged)
            .min()
            .unwrap_or(u64::MAX)
    }
}

/// Looks after a log as long as it lives.
pub struct Upkeep {
    rounds: mpsc::Sender<()>,
}

impl Upkeep {
    /// Begins; `state` is told what an administrator must know, or that all is well.
    ///
    /// # Errors
    /// When the operating system gives no thread.
    pub fn start(
        looked: Looked,
        first_after: Duration,
        state: watch::Sender<Option<Trouble>>,
    ) -> std::io::Result<Self> {
        let (rounds, asked) = mpsc::channel();
        thread::Builder::new()
            .name("view-log-upkeep".into())
            .spawn(move || {
                let mut wait = first_after;
                let mut kept = Kept::default();
                loop {
                    match asked.recv_timeout(wait) {
                        Ok(()) | Err(mpsc::RecvTimeoutError::Timeout) => {}
                        Err(mpsc::RecvTimeoutError::Disconnected) => return,
                    }
                    let found = kept.round(&looked);
                    state.send_if_modified(|now| {
                        let changed =
                            now.as_ref().map(|t| &t.code) != found.as_ref().map(|t| &t.code);
                        *now = found;
                        changed
                    });
                    wait = EVERY;
                }
            })?;
        Ok(Self { rounds })
    }

    /// A round now, as after somebody signed out.
    pub fn round(&self) {
        // The thread ends with this alone.
        let _ = self.rounds.send(());
    }
}

/// What is kept from one round to the next.
#[derive(Default)]
struct Kept {
    /// With the tree as far as it was summed up; none after an error.
    log: Option<ViewLog>,
    /// The day on which everything due had expired.
    tidied: Option<NaiveDate>,
    /// Rounds in a row in which another instance was at it.
    busy: u32,
}

impl Kept {
    /// One round; what it found that somebody must know, the worst first.
    fn round(&mut self, looked: &Looked) -> Option<Trouble> {
        let outcome = self.sign_and_expire(looked);
        self.told(outcome)
            .or_else(|| is_short_of_room(&looked.folder).then(|| TroubleCode::LogDiskLow.trouble()))
    }

    /// What must be known of how signing went. That another instance is at it is none of that, as long as
    /// it comes to an end.
    fn told(&mut self, outcome: Result<(), LogError>) -> Option<Trouble> {
        let Err(error) = outcome else {
            self.busy = 0;
            return None;
        };
        self.log = None;
        self.busy = match error {
            LogError::Busy => self.busy.saturating_add(1),
            _ => 0,
        };
        (error != LogError::Busy || self.busy >= BUSY_ROUNDS_MAX).then(|| trouble(&error))
    }

    fn sign_and_expire(&mut self, looked: &Looked) -> Result<(), LogError> {
        let today = looked.clock.now();
        let now = OpenedAt {
            at: rfc3339(today),
            place: looked.opened.place.clone(),
        };
        let log = match &mut self.log {
            Some(log) => log,
            none => {
                let keys = looked.keys.clone();
                let random = Box::new(randomness);
                none.insert(ViewLog::open_beside(&looked.folder, keys, &now, random)?)
            }
        };
        let signed = log.checkpoint(&mut KeptInKeychain(&looked.keychain), &now.at)?;
        if signed.is_some() {
            looked.bell.ring();
        }
        if self.tidied == Some(today.date_naive()) {
            return Ok(());
        }
        for _ in 0..EXPIRY_CALLS_MAX {
            if !log
                .expire(looked.retention, &now, looked.acknowledged())?
                .more
            {
                self.tidied = Some(today.date_naive());
                break;
            }
        }
        Ok(())
    }
}

/// A checkpoint key in the keychain of this account.
struct KeptInKeychain<'a>(&'a Keychain);

impl CheckpointKeychain for KeptInKeychain<'_> {
    fn read(&mut self) -> Result<Option<CheckpointKey>, KeychainFailed> {
        let stored = self.0.read(Secret::LogCheckpointKey);
        match stored.map_err(|_| KeychainFailed)? {
            Some(bytes) => CheckpointKey::from_bytes(&bytes)
                .map(Some)
                .ok_or(KeychainFailed),
            None => Ok(None),
        }
    }

    fn keep(&mut self, key: &CheckpointKey) -> Result<(), KeychainFailed> {
        let bytes = key.reveal();
        self.0
            .keep(Secret::LogCheckpointKey, &bytes)
            .map_err(|_| KeychainFailed)
    }
}

/// A disk that cannot be asked is found out by the next entry.
fn is_short_of_room(folder: &Path) -> bool {
    fs4::statvfs(folder).is_ok_and(|disk| is_little(disk.available_space(), disk.total_space()))
}

const fn is_little(free: u64, all: u64) -> bool {
    free < all / FREE_PARTS_MIN
}

/// What the keychain knows of this installation's log.
///
/// # Errors
/// When it cannot be read, or what stands there is not that.
pub fn counter(keychain: &Keychain) -> Result<Option<KeychainCounter>, KeychainFailed> {
    Ok(KeptInKeychain(keychain).read()?.map(|key| key.counter()))
}

fn trouble(error: &LogError) -> Trouble {
    match error {
        LogError::BehindKeychain | LogError::CheckpointKey | LogError::Corrupt { .. } => {
            TroubleCode::LogNotSigned.with_code(error.code())
        }
        LogError::Keychain => TroubleCode::LogKeychain.trouble(),
        other => TroubleCode::LogUpkeep.with_code(other.code()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_that_another_instance_does_not_let_go_of_is_told_after_three_rounds_in_a_row() {
        let mut kept = Kept::default();
        let mut told = |outcome| kept.told(outcome).map(|trouble| trouble.code);
        let busy = || Err(LogError::Busy);
        assert_eq!([told(busy()), told(busy())], [None, None]);
        assert_eq!(told(Ok(())), None, "it was at work");
        assert_eq!([told(busy()), told(busy())], [None, None]);
        for _ in 0..2 {
            assert_eq!(told(busy()).as_deref(), Some("log_busy"), "it hangs");
        }
        assert_eq!(
            told(Err(LogError::BehindKeychain)).as_deref(),
            Some("log_behind_keychain")
        );
        assert_eq!([told(busy()), told(busy())], [None, None]);
    }

    #[test]
    fn less_than_a_tenth_of_a_disk_is_little() {
        assert!(is_little(9, 100) && is_little(0, 100));
        assert!(!is_little(10, 100) && !is_little(100, 100));
        // One that cannot be asked says nothing.
        assert!(!is_short_of_room(Path::new("/no/such/folder")));
    }
}
