//! What is known of a log from outside its file.

use crate::checkpoint_key::KeychainCounter;

/// What verification may hold a log against. Each is to be read before the log is: a log only grows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// What the keychain of its workstation says: [`crate::CheckpointKey::counter`].
    pub keychain: Option<KeychainCounter>,
    /// Notes of checkpoints as they were received elsewhere; [`crate::notes_in`] takes a file of them
    /// apart. Those of other logs are passed over, as long as one is of this log.
    pub witnessed: Vec<String>,
}
