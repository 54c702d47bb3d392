//! Asking every source at once, with progress per source and a way to stop.

use inzage_core::domain::bsn::Bsn;
use inzage_core::domain::disclosure::{Answer, Arrival};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::contract::{Notice, ProgressState, SourceProgress};
use super::ports::{local_hl7, local_iso};
use super::state::{App, Ready};
use crate::exchange::{Aorta, ExchangeError, aorta::Located};

/// Most sources asked for one patient: two dozen pharmacies and practices are more
/// than anybody has; an exchange that names more is not to be believed.
const SOURCES_MAX: usize = 24;

/// One question, as it goes out.
pub(crate) struct Question {
    pub(crate) bsn: Bsn,
    pub(crate) request_id: String,
}

impl App {
    /// Asks the exchange, and every source it names. A source that fails is an
    /// answer of its own; only an exchange that cannot be asked at all is an error.
    ///
    /// # Errors
    /// When not even the sources could be found, or the user stopped before that.
    pub(crate) async fn retrieve(
        &self,
        ready: &Ready,
        question: &Question,
        mut cancel: watch::Receiver<bool>,
    ) -> Result<Vec<Answer>, ExchangeError> {
        let located = tokio::select! {
            located = ready.exchange.locate(&question.bsn) => located?,
            _ = cancel.wait_for(|stop| *stop) => return Err(ExchangeError::Cancelled),
        };
        let sources: Vec<Option<Located>> = match located {
            Some(sources) => sources.into_iter().take(SOURCES_MAX).map(Some).collect(),
            None => vec![None],
        };
        let mut progress: Vec<SourceProgress> = sources
            .iter()
            .enumerate()
            .map(|(index, source)| SourceProgress {
                key: key(index),
                name: source.as_ref().map(|s| s.name.clone()).unwrap_or_default(),
                state: ProgressState::Waiting,
            })
            .collect();
        self.progress(question, &progress);
        let mut asked = JoinSet::new();
        for (index, source) in sources.iter().enumerate() {
            asked.spawn(ask(
                ready.exchange.clone(),
                question,
                source.clone(),
                index,
                local_hl7(self.clock.now()),
            ));
        }
        let mut answers: Vec<Answer> = progress.iter().map(cancelled).collect();
        loop {
            let next = tokio::select! {
                next = asked.join_next() => next,
                _ = cancel.wait_for(|stop| *stop) => None,
            };
            let Some(joined) = next else { break };
            let Ok((index, outcome)) = joined else {
                continue;
            };
            let (state, arrival) = match outcome {
                Ok(bytes) => (ProgressState::Arrived, Arrival::Received(bytes)),
                Err(error) => (
                    ProgressState::Failed,
                    Arrival::Failed {
                        code: error.code().to_owned(),
                    },
                ),
            };
            if let (Some(line), Some(answer)) = (progress.get_mut(index), answers.get_mut(index)) {
                line.state = state;
                answer.arrival = arrival;
                answer.retrieved_at = Some(local_iso(self.clock.now()));
            }
            self.progress(question, &progress);
        }
        Ok(answers)
    }

    fn progress(&self, question: &Question, sources: &[SourceProgress]) {
        self.tell(Notice::Progress {
            request_id: question.request_id.clone(),
            sources: sources.to_vec(),
        });
    }
}

fn key(index: usize) -> String {
    format!("s{}", index + 1)
}

/// What stands for a source until it answers: if the user stops, this remains.
fn cancelled(line: &SourceProgress) -> Answer {
    Answer {
        key: line.key.clone(),
        name: line.name.clone(),
        retrieved_at: None,
        arrival: Arrival::Cancelled,
    }
}

fn ask(
    exchange: Aorta,
    question: &Question,
    source: Option<Located>,
    index: usize,
    now: String,
) -> impl Future<Output = (usize, Result<Vec<u8>, ExchangeError>)> + Send + use<> {
    let (bsn, request_id) = (question.bsn.clone(), question.request_id.clone());
    async move {
        let outcome = exchange
            .professional_summary(&bsn, source.as_ref(), &request_id, &now)
            .await;
        (index, outcome)
    }
}
