//! One sink: reads what it does not have, sends it, acknowledges, and waits.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{SecondsFormat, Utc};
use inzage_viewlog::audit_event::{LogId, for_checkpoint, for_heartbeat};
use inzage_viewlog::{LogError, Outbox};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use crate::backoff::Backoff;
use crate::error::DeliveryError;
use crate::pace::Pace;
use crate::parcel::{Number, Parcel};
use crate::receiver::Receiver;
use crate::sink::Sink;
use crate::status::{State, Status};

pub(crate) struct SinkTask {
    sink: Sink,
    pace: Pace,
    receiver: Receiver,
    outbox: Arc<Mutex<Outbox>>,
    log: LogId,
    bell: watch::Receiver<u64>,
    status: watch::Sender<Status>,
    backoff: Backoff,
    /// When this sink last took anything: a heartbeat is due so long after.
    heard: Option<Instant>,
}

impl SinkTask {
    pub(crate) fn new(
        sink: Sink,
        pace: Pace,
        receiver: Receiver,
        outbox: Outbox,
        bell: watch::Receiver<u64>,
        status: watch::Sender<Status>,
    ) -> Result<Self, DeliveryError> {
        Ok(Self {
            log: outbox.log_id()?,
            outbox: Arc::new(Mutex::new(outbox)),
            sink,
            pace,
            receiver,
            bell,
            status,
            backoff: Backoff::default(),
            heard: None,
        })
    }

    /// Until it is dropped.
    pub(crate) async fn run(mut self) {
        loop {
            self.bell.mark_unchanged();
            let outcome = self.pass().await;
            let wake = match &outcome {
                Ok(()) => {
                    self.backoff.reset();
                    // A heartbeat is due so long after it took anything.
                    let heard = self.heard.unwrap_or_else(Instant::now);
                    (heard + self.sink.heartbeat).min(Instant::now() + self.pace.look)
                }
                Err(error) => {
                    let growing = self.backoff.next(&self.pace);
                    let pause = if error.needs_somebody() {
                        growing.max(self.pace.refused.min(self.pace.retry_last))
                    } else {
                        growing
                    };
                    Instant::now() + pause
                }
            };
            self.tell(outcome.as_ref().err()).await;
            if outcome.is_ok() {
                tokio::select! {
                    () = sleep_until(wake) => {}
                    Ok(()) = self.bell.changed() => {}
                }
            } else {
                self.wait_out(wake).await;
            }
        }
    }

    /// A failure's pause is kept, or a busy evening would be a hail of tries; what is seen of the sink
    /// goes on meanwhile.
    async fn wait_out(&mut self, until: Instant) {
        loop {
            tokio::select! {
                () = sleep_until(until) => return,
                changed = self.bell.changed() => {
                    if changed.is_err() {
                        // Nobody will ring any more; the pause is still a pause.
                        sleep_until(until).await;
                        return;
                    }
                    self.refresh().await;
                }
            }
        }
    }

    /// Sends everything there is: entries, then the checkpoints over them, and a heartbeat where nothing
    /// else was said for so long.
    async fn pass(&mut self) -> Result<(), DeliveryError> {
        loop {
            let (limit, log, receives) = (self.pace.batch, self.log.clone(), self.sink.receives);
            let parcels = self
                .at_the_outbox(move |outbox, sink| {
                    let entries = outbox.undelivered(sink, limit)?;
                    let parcels: Vec<_> = entries
                        .iter()
                        .map(|e| Parcel::of(e, &log, receives))
                        .collect();
                    if !parcels.is_empty() {
                        return Ok(parcels);
                    }
                    let place = outbox.place()?;
                    let notes = outbox.checkpoints(sink, limit)?;
                    let parcels = notes.iter().map(|note| Parcel {
                        event: for_checkpoint(note, &log, &place),
                        number: Number::Checkpoint(note.number),
                        sealed: false,
                    });
                    Ok(parcels.collect())
                })
                .await?;
            if parcels.is_empty() {
                break;
            }
            self.deliver(&parcels).await?;
        }
        let due = self
            .heard
            .is_none_or(|heard| heard.elapsed() >= self.sink.heartbeat);
        if due {
            self.heartbeat().await?;
        }
        Ok(())
    }

    async fn deliver(&mut self, parcels: &[Parcel]) -> Result<(), DeliveryError> {
        self.delivering();
        let sent = self.receiver.send(self.log.as_str(), parcels).await;
        let taken = parcels.get(..sent.taken).unwrap_or_default();
        if let Some(last) = taken.last() {
            let number = last.number;
            self.at_the_outbox(move |outbox, sink| match number {
                Number::Entry(number) => outbox.acknowledge(sink, number),
                Number::Checkpoint(number) => outbox.acknowledge_checkpoint(sink, number),
                Number::Heartbeat { .. } => Ok(()),
            })
            .await?;
            self.backoff.reset();
            self.heard = Some(Instant::now());
            let sealed = taken.iter().filter(|parcel| parcel.sealed).count() as u64;
            self.status
                .send_modify(|status| status.sent_sealed += sealed);
            self.refresh().await;
            if sent.outcome.is_ok() {
                // However much is still to come: what was wrong is over.
                self.status
                    .send_modify(|status| status.state = State::Delivering);
            }
        }
        sent.outcome
    }

    async fn heartbeat(&mut self) -> Result<(), DeliveryError> {
        let at = now();
        let (log, said) = (self.log.clone(), at.clone());
        let parcel = self
            .at_the_outbox(move |outbox, sink| {
                let last = outbox.state(sink)?.last;
                let newest = outbox.newest_checkpoint()?;
                let place = outbox.place()?;
                Ok(Parcel {
                    event: for_heartbeat(last, newest.as_ref(), &log, &place, &said),
                    number: Number::Heartbeat { last },
                    sealed: false,
                })
            })
            .await?;
        let sent = self.receiver.send(self.log.as_str(), &[parcel]).await;
        sent.outcome?;
        self.heard = Some(Instant::now());
        self.status
            .send_modify(|status| status.last_heartbeat = Some(at));
        Ok(())
    }

    /// Says that it is sending, unless it is trying again after a failure: that is over when it worked.
    fn delivering(&self) {
        self.status.send_if_modified(|status| {
            let quiet = status.state.code().is_none() && status.state != State::Delivering;
            if quiet {
                status.state = State::Delivering;
            }
            quiet
        });
    }

    async fn tell(&self, error: Option<&DeliveryError>) {
        self.refresh().await;
        self.status.send_modify(|status| {
            status.state = match error {
                None if status.oldest_undelivered.is_none() => State::Delivered,
                None => State::Delivering,
                Some(error) => {
                    let since = status.state.since().map_or_else(now, str::to_owned);
                    let (code, message) = (error.code(), error.to_string());
                    if error.needs_somebody() {
                        State::Refused {
                            code,
                            message,
                            since,
                        }
                    } else {
                        State::Waiting {
                            code,
                            message,
                            since,
                        }
                    }
                }
            };
        });
    }

    /// What the log says of this sink now. Where it cannot be read, what was known stays.
    async fn refresh(&self) {
        let read = self.at_the_outbox(|outbox, sink| outbox.state(sink)).await;
        if let Ok(state) = read {
            self.status.send_modify(|status| status.take(state));
        }
    }

    /// The database blocks: never on the threads that everything else runs on.
    async fn at_the_outbox<T: Send + 'static>(
        &self,
        doing: impl FnOnce(&mut Outbox, &str) -> Result<T, LogError> + Send + 'static,
    ) -> Result<T, DeliveryError> {
        let (outbox, name) = (Arc::clone(&self.outbox), self.sink.name.clone());
        tokio::task::spawn_blocking(move || {
            let mut outbox = outbox.lock().unwrap_or_else(PoisonError::into_inner);
            doing(&mut outbox, &name)
        })
        .await
        .map_err(|_| DeliveryError::Internal)?
        .map_err(DeliveryError::Log)
    }
}

/// UTC, RFC 3339 with milliseconds, as in the log.
pub(crate) fn now() -> String {
    Utc::now().to_rfc3339_opts(SecondsFormat::Millis, true)
}
