//! Starting and stopping: one task for each sink, in the one instance that delivers.

use core::fmt;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

use inzage_viewlog::{Outbox, OutboxKey, OutboxTurn, Receives, SinkState};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::sleep;

use crate::bell::Bell;
use crate::error::DeliveryError;
use crate::pace::Pace;
use crate::receiver::Receiver;
use crate::sink::Sink;
use crate::sink_task::{SinkTask, now};
use crate::status::{State, Status};

/// Delivery that is running. It ends when this is dropped; what was not acknowledged is sent again by the
/// next one.
pub struct Delivery {
    task: JoinHandle<()>,
    statuses: Vec<watch::Receiver<Status>>,
}

/// A sink with what it takes to serve it.
struct Served {
    sink: Sink,
    status: watch::Sender<Status>,
}

impl Delivery {
    /// Delivers the log in this folder, which [`inzage_viewlog::ViewLog::open`] has opened before, to
    /// these sinks and no others. To be called inside a tokio runtime; returns at once.
    ///
    /// Also without any sink: then what a sink that is gone kept here is let go of.
    ///
    /// `key` is what [`inzage_viewlog::ViewLog::with_outbox`] was given; `None` where there is no
    /// repository of the organisation's own, or no keychain.
    ///
    /// # Errors
    /// [`DeliveryError::Settings`] where a sink cannot be served as it is configured. Anything else that
    /// goes wrong, and may be over later, is in the sinks' statuses.
    pub fn start(
        folder: &Path,
        key: Option<OutboxKey>,
        sinks: Vec<Sink>,
        bell: &Bell,
        pace: Pace,
    ) -> Result<Self, DeliveryError> {
        let (mut served, mut statuses) = (Vec::new(), Vec::new());
        for sink in sinks {
            // Built once more when it is served; here it only has to be possible.
            Receiver::of(&sink, &pace)?;
            let status = Status::new(sink.name.clone(), sink.receives);
            let (sender, receiver) = watch::channel(status);
            statuses.push(receiver);
            served.push(Served {
                sink,
                status: sender,
            });
        }
        let desk = Desk {
            folder: folder.to_path_buf(),
            key,
            pace,
        };
        Ok(Self {
            task: tokio::spawn(desk.run(served, bell.clone())),
            statuses,
        })
    }

    /// How each sink is doing, in the order in which they were given.
    #[must_use]
    pub fn statuses(&self) -> &[watch::Receiver<Status>] {
        &self.statuses
    }
}

impl Drop for Delivery {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl fmt::Debug for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery")
            .field("sinks", &self.statuses.len())
            .finish_non_exhaustive()
    }
}

/// Whether this instance has the turn.
enum Opened {
    Here(OutboxTurn, Vec<Outbox>),
    Elsewhere(Vec<Option<SinkState>>),
}

/// Opens the outbox, as often as it takes.
struct Desk {
    folder: PathBuf,
    key: Option<OutboxKey>,
    pace: Pace,
}

impl Desk {
    async fn run(self, served: Vec<Served>, bell: Bell) {
        let (_turn, tasks) = loop {
            match self.begin(&served, &bell).await {
                Ok(Some(begun)) => break begun,
                Ok(None) => {}
                Err(error) => tell(&served, &refused(&error)),
            }
            sleep(self.pace.look).await;
        };
        let mut running = JoinSet::new();
        let mut whose = HashMap::new();
        for (task, each) in tasks.into_iter().zip(&served) {
            whose.insert(running.spawn(task.run()).id(), each);
        }
        // None of them ends by itself. One that panicked is named, and the others go on.
        while let Some(ended) = running.join_next_with_id().await {
            let id = ended.map_or_else(|error| error.id(), |(id, ())| id);
            if let Some(each) = whose.get(&id) {
                tell(
                    std::slice::from_ref(*each),
                    &refused(&DeliveryError::Internal),
                );
            }
        }
    }

    async fn begin(
        &self,
        served: &[Served],
        bell: &Bell,
    ) -> Result<Option<(OutboxTurn, Vec<SinkTask>)>, DeliveryError> {
        let names: Vec<(String, Receives)> = served
            .iter()
            .map(|each| (each.sink.name.clone(), each.sink.receives))
            .collect();
        let (folder, key) = (self.folder.clone(), self.key.clone());
        let opened = tokio::task::spawn_blocking(move || {
            let mut first = Outbox::open(&folder, None)?;
            let Some(turn) = first.take_turn()? else {
                // How far each is can be seen from here all the same, once the other has registered it.
                let states = names.iter().map(|(name, _)| first.state(name).ok());
                return Ok(Opened::Elsewhere(states.collect()));
            };
            let names: Vec<(&str, Receives)> = names
                .iter()
                .map(|(name, receives)| (name.as_str(), *receives))
                .collect();
            first.register(&names)?;
            let outboxes = names
                .iter()
                .map(|(_, receives)| {
                    // Only what may open them gets the key.
                    let key = key.clone().filter(|_| *receives == Receives::OwnRepository);
                    Outbox::open(&folder, key)
                })
                .collect::<Result<Vec<_>, _>>()?;
            Ok(Opened::Here(turn, outboxes))
        })
        .await
        .map_err(|_| DeliveryError::Internal)?
        .map_err(DeliveryError::Log)?;
        let (turn, outboxes) = match opened {
            Opened::Here(turn, outboxes) => (turn, outboxes),
            Opened::Elsewhere(states) => {
                for (each, state) in served.iter().zip(states) {
                    each.status.send_modify(|status| {
                        status.state = State::Elsewhere;
                        if let Some(state) = state {
                            status.take(state);
                        }
                    });
                }
                return Ok(None);
            }
        };
        let tasks = served
            .iter()
            .zip(outboxes)
            .map(|(each, outbox)| {
                let receiver = Receiver::of(&each.sink, &self.pace)?;
                SinkTask::new(
                    each.sink.clone(),
                    self.pace,
                    receiver,
                    outbox,
                    bell.listen(),
                    each.status.clone(),
                )
            })
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Some((turn, tasks)))
    }
}

fn refused(error: &DeliveryError) -> State {
    State::Refused {
        code: error.code(),
        message: error.to_string(),
        since: now(),
    }
}

fn tell(served: &[Served], state: &State) {
    for each in served {
        each.status
            .send_modify(|status| status.state = state.clone());
    }
}
