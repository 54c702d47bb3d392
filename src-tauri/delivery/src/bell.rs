//! How whoever appends tells those who deliver, without ever waiting for them.

use std::sync::Arc;

use tokio::sync::watch;

/// Rung after an entry or a checkpoint was written. Cheap, never blocks, and none is missed: unlike
/// [`tokio::sync::Notify`] it wakes every sink, also one that was busy when it rang.
#[derive(Debug, Clone)]
pub struct Bell(Arc<watch::Sender<u64>>);

impl Bell {
    /// A bell that nobody listens to yet.
    #[must_use]
    pub fn new() -> Self {
        Self(Arc::new(watch::Sender::new(0)))
    }

    /// Something was written.
    pub fn ring(&self) {
        self.0.send_modify(|rung| *rung = rung.wrapping_add(1));
    }

    pub(crate) fn listen(&self) -> watch::Receiver<u64> {
        self.0.subscribe()
    }
}

impl Default for Bell {
    fn default() -> Self {
        Self::new()
    }
}
