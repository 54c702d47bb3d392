//! The one thread that writes the view log. Everything else hands it events and
//! waits for them to be durable; no disk is touched on the UI thread.

use std::path::PathBuf;
use std::sync::mpsc;
use std::thread;

use inzage_core::domain::event::Event;
use inzage_delivery::Bell;
use inzage_viewlog::{Appended, LogEntry, LogError, Receipt, ViewLog};
use tokio::sync::oneshot;

/// How many events may wait: more than one person can cause in the time one write takes.
const WAITING_MAX: usize = 64;

enum Job {
    Append(Box<Event>, oneshot::Sender<Result<Appended, LogError>>),
    Release(Box<Event>, oneshot::Sender<Result<Receipt, LogError>>),
    Recent(u32, oneshot::Sender<Result<(Vec<LogEntry>, u64), LogError>>),
}

/// Hands events to the log's thread. Cheap to clone.
#[derive(Clone)]
pub struct Recorder {
    jobs: mpsc::SyncSender<Job>,
    folder: PathBuf,
}

impl Recorder {
    /// Takes over an open log, and rings after each entry. The thread ends when the last recorder is dropped.
    ///
    /// # Errors
    /// When the operating system gives no thread.
    pub fn start(mut log: ViewLog, folder: PathBuf, bell: Bell) -> std::io::Result<Self> {
        let (jobs, waiting) = mpsc::sync_channel::<Job>(WAITING_MAX);
        thread::Builder::new()
            .name("view-log".into())
            .spawn(move || {
                log.get_ready();
                for job in waiting {
                    // A receiver that is gone gave up waiting; what was written stays written.
                    match job {
                        Job::Append(event, done) => {
                            drop(done.send(log.append(&event)));
                            bell.ring();
                        }
                        Job::Release(event, done) => {
                            drop(done.send(log.append_released(&event)));
                            bell.ring();
                        }
                        Job::Recent(limit, done) => drop(done.send(recent(&log, limit))),
                    }
                    // Whoever waited has their answer.
                    log.get_ready();
                }
            })?;
        Ok(Self { jobs, folder })
    }

    /// Appends; durable when it returns.
    ///
    /// # Errors
    /// When the event is not in the log: nothing may be shown then.
    pub async fn append(&self, event: Event) -> Result<Appended, LogError> {
        self.hand(|done| Job::Append(Box::new(event), done)).await
    }

    /// Appends a release; durable when the receipt returns.
    ///
    /// # Errors
    /// When the release is not in the log: nothing may be shown then.
    pub async fn append_released(&self, event: Event) -> Result<Receipt, LogError> {
        self.hand(|done| Job::Release(Box::new(event), done)).await
    }

    /// The newest entries, newest first, and how many there are.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn recent(&self, limit: u32) -> Result<(Vec<LogEntry>, u64), LogError> {
        self.hand(|done| Job::Recent(limit, done)).await
    }

    /// The folder the log stands in.
    #[must_use]
    pub const fn folder(&self) -> &PathBuf {
        &self.folder
    }

    async fn hand<T>(
        &self,
        job: impl FnOnce(oneshot::Sender<Result<T, LogError>>) -> Job,
    ) -> Result<T, LogError> {
        let (done, answer) = oneshot::channel();
        self.jobs.try_send(job(done)).map_err(|_| LogError::Busy)?;
        answer.await.unwrap_or(Err(LogError::Broken))
    }
}

fn recent(log: &ViewLog, limit: u32) -> Result<(Vec<LogEntry>, u64), LogError> {
    let reader = log.reader()?;
    Ok((reader.recent(limit)?, reader.counts()?.entries))
}
