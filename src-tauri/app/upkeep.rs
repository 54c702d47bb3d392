//! What the log needs besides entries: checkpoints, expiry, and room on the disk.
//!
//! A thread of its own with a connection of its own: no view ever waits for it, and nothing that goes
//! wrong in it stops one.

use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use chrono::NaiveDate;
use inzage_delivery::Bell;
use inzage_viewlog::{
    CheckpointKey, CheckpointKeychain, KeychainFailed, LogError, LogKeys, OpenedAt, Retention,
    ViewLog,
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
    /// Rung after a checkpoint.
    pub bell: Bell,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
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
}

impl Kept {
    /// One round; what it found that somebody must know, the worst first.
    fn round(&mut self, looked: &Looked) -> Option<Trouble> {
        match self.sign_and_expire(looked) {
            Ok(()) => {}
            // Another instance is at it.
            Err(LogError::Busy) => self.log = None,
            Err(error) => {
                self.log = None;
                return Some(trouble(&error));
            }
        }
        is_short_of_room(&looked.folder).then(|| TroubleCode::LogDiskLow.trouble())
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
                let (log, _) = ViewLog::open(&looked.folder, keys, &now, Box::new(randomness))?;
                none.insert(log)
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
            // The log itself knows its receivers, and waits for them; without one there is none to wait for.
            if !log.expire(looked.retention, &now, u64::MAX)?.more {
                self.tidied = Some(today.date_naive());
                break;
            }
        }
        Ok(())
    }
}

/// A checkpoint key in the keychain of this account.
pub struct KeptInKeychain<'a>(pub &'a Keychain);

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

fn is_short_of_room(folder: &Path) -> bool {
    match fs4::statvfs(folder) {
        Ok(disk) => disk.available_space() < disk.total_space() / FREE_PARTS_MIN,
        // Whoever cannot be asked is found out by the next entry.
        Err(_) => false,
    }
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
    fn a_disk_is_short_of_room_only_where_it_can_be_asked() {
        assert!(!is_short_of_room(Path::new("/no/such/folder")));
    }
}
