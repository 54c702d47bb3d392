//! Asking every source at once: progress, time-out and a way to stop for each.

use inzage_core::domain::bsn::Bsn;
use inzage_core::domain::disclosure::{Answer, Arrival};
use inzage_core::domain::event::What;
use inzage_core::domain::user::Setting;
use inzage_core::readers::{PartOutcome, Profile, open, text_of};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::contract::{Notice, ProgressState, SourceProgress};
use super::ports::{local_hl7, local_iso};
use super::state::{App, Ready, Stop};
use crate::apart::apart;
use crate::exchange::client::ANSWER_WAIT;
use crate::exchange::{Asking, Connection, ExchangeError, Fetched, Located, Requests};

/// Most sources asked for one patient: two dozen pharmacies and practices are more
/// than anybody has; an exchange that names more is not to be believed.
const SOURCES_MAX: usize = 24;
/// Answers that say only that there is nothing are a few kilobytes; a larger one holds something,
/// and looking at its header twice would take time.
const NOTHING_BYTES_MAX: usize = 64 * 1024;

/// One question, as it goes out.
pub(crate) struct Question {
    pub(crate) bsn: Bsn,
    pub(crate) request_id: String,
    pub(crate) setting: Setting,
}

/// What came of a question.
pub(crate) struct Retrieved {
    pub(crate) answers: Vec<Answer>,
    /// What went out to whom, for the log.
    pub(crate) sent: Vec<What>,
}

/// One source while it is asked.
struct Line {
    progress: SourceProgress,
    requests: Requests,
    answers: Vec<Answer>,
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
        mut stop: watch::Receiver<Stop>,
    ) -> Result<Retrieved, ExchangeError> {
        let located = tokio::select! {
            located = ready.exchange.locate(&question.bsn) => located?,
            _ = stop.wait_for(|stop| stop.all) => return Err(ExchangeError::Cancelled),
        };
        let sources: Vec<Option<Located>> = match located {
            Some(sources) => sources.into_iter().take(SOURCES_MAX).map(Some).collect(),
            None => vec![None],
        };
        let mut lines: Vec<Line> = sources.iter().enumerate().map(line).collect();
        self.progress(question, &lines);
        let mut asked = JoinSet::new();
        for (index, (source, line)) in sources.into_iter().zip(&lines).enumerate() {
            let asking = Asking {
                bsn: question.bsn.clone(),
                request_id: question.request_id.clone(),
                setting: question.setting,
                now_hl7: local_hl7(self.clock.now()),
            };
            let one = One {
                exchange: ready.exchange.clone(),
                asking,
                source,
                requests: line.requests.clone(),
                key: line.progress.key.clone(),
            };
            let stop = stop.clone();
            let profile = self.config.profile.clone();
            asked.spawn(async move {
                let outcome = one.ask(stop).await;
                let (outcome, state) = judged(outcome, profile).await;
                (index, outcome, state)
            });
        }
        while let Some(joined) = asked.join_next().await {
            let Ok((index, outcome, state)) = joined else {
                continue;
            };
            let retrieved_at = local_iso(self.clock.now());
            if let Some(line) = lines.get_mut(index) {
                line.arrived(outcome, state, &retrieved_at);
            }
            self.progress(question, &lines);
        }
        // Whatever became of asking it: a source that was asked is never just not there.
        let retrieved_at = local_iso(self.clock.now());
        for line in lines.iter_mut().filter(|line| line.is_awaited()) {
            let outcome = Err(ExchangeError::NotAnAnswer);
            line.arrived(outcome, ProgressState::Failed, &retrieved_at);
        }
        Ok(Retrieved {
            sent: lines.iter().filter_map(Line::sent).collect(),
            answers: lines.into_iter().flat_map(|line| line.answers).collect(),
        })
    }

    fn progress(&self, question: &Question, lines: &[Line]) {
        self.tell(Notice::Progress {
            request_id: question.request_id.clone(),
            sources: lines.iter().map(|line| line.progress.clone()).collect(),
        });
    }
}

/// Whether this could be the key of a source.
pub(crate) fn is_key(text: &str) -> bool {
    (0..SOURCES_MAX).any(|index| key(index) == text)
}

fn key(index: usize) -> String {
    format!("s{}", index + 1)
}

fn line((index, source): (usize, &Option<Located>)) -> Line {
    Line {
        progress: SourceProgress {
            key: key(index),
            name: source.as_ref().map(|s| s.name.clone()).unwrap_or_default(),
            state: ProgressState::Waiting,
        },
        requests: Requests::default(),
        answers: Vec::new(),
    }
}

impl Line {
    const fn is_awaited(&self) -> bool {
        matches!(self.progress.state, ProgressState::Waiting)
    }

    fn arrived(
        &mut self,
        outcome: Result<Fetched, ExchangeError>,
        state: ProgressState,
        retrieved_at: &str,
    ) {
        self.progress.state = state;
        let arrivals = match outcome {
            Ok(fetched) => fetched.answers.into_iter().map(Arrival::Received).collect(),
            Err(ExchangeError::Cancelled) => vec![Arrival::Cancelled],
            Err(error) => vec![Arrival::Failed {
                code: error.code().to_owned(),
            }],
        };
        let key = &self.progress.key;
        self.answers = arrivals
            .into_iter()
            .enumerate()
            .map(|(position, arrival)| Answer {
                // A source may hold several documents: each is an answer of its own.
                key: match position {
                    0 => key.clone(),
                    more => format!("{key}d{}", more + 1),
                },
                name: self.progress.name.clone(),
                retrieved_at: (!matches!(arrival, Arrival::Cancelled))
                    .then(|| retrieved_at.to_owned()),
                arrival,
            })
            .collect();
    }

    fn sent(&self) -> Option<What> {
        let message_ids = self.requests.sent();
        let name = &self.progress.name;
        (!message_ids.is_empty()).then(|| What::Sent {
            source: (!name.is_empty()).then(|| name.clone()),
            message_ids,
        })
    }
}

/// One source as it is asked in a task of its own.
struct One {
    exchange: Connection,
    asking: Asking,
    source: Option<Located>,
    requests: Requests,
    key: String,
}

impl One {
    /// The whole conversation with a source has the time that one answer has: to the doctor it is
    /// one wait, however many messages it takes.
    async fn ask(self, mut stop: watch::Receiver<Stop>) -> Result<Fetched, ExchangeError> {
        let asked = self
            .exchange
            .ask(&self.asking, self.source.as_ref(), &self.requests);
        tokio::select! {
            answered = tokio::time::timeout(ANSWER_WAIT, asked) => {
                answered.unwrap_or(Err(ExchangeError::TimedOut))
            }
            _ = stop.wait_for(|stop| stop.all || stop.sources.contains(&self.key)) => {
                Err(ExchangeError::Cancelled)
            }
        }
    }
}

/// What came of asking, with what the page may know of it before anything is decided.
async fn judged(
    outcome: Result<Fetched, ExchangeError>,
    profile: Profile,
) -> (Result<Fetched, ExchangeError>, ProgressState) {
    let judged = apart(move || {
        let state = state_of(&outcome, &profile);
        (outcome, state)
    });
    judged
        .await
        .unwrap_or((Err(ExchangeError::NotAnAnswer), ProgressState::Failed))
}

fn state_of(outcome: &Result<Fetched, ExchangeError>, profile: &Profile) -> ProgressState {
    match outcome {
        Err(ExchangeError::Cancelled) => ProgressState::Cancelled,
        Err(_) => ProgressState::Failed,
        Ok(fetched)
            if fetched
                .answers
                .iter()
                .all(|bytes| is_nothing(bytes, profile)) =>
        {
            ProgressState::Nothing
        }
        Ok(_) => ProgressState::Arrived,
    }
}

/// Whether an answer says in every part that there is nothing, or refuses. Read from the header
/// alone. Where any part could hold ICA by its kind, nothing is said: whether those arrived may
/// not be told before the decision.
fn is_nothing(bytes: &[u8], profile: &Profile) -> bool {
    if bytes.len() > NOTHING_BYTES_MAX {
        return false;
    }
    let Ok((text, format)) = text_of(bytes) else {
        return false;
    };
    let Ok(opened) = open(text, format, profile) else {
        return false;
    };
    let empty = |outcome: &PartOutcome| {
        matches!(
            outcome,
            PartOutcome::NothingFound | PartOutcome::Refused { .. }
        )
    };
    !opened.is_fewer_than_announced()
        && opened
            .parts()
            .iter()
            .all(|part| empty(&part.outcome) && empty(&part.outcome_without_ica) && !part.whole_ica)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(acknowledged: &str, response: &str) -> Vec<u8> {
        format!(
            r#"<QUPC_IN990002NL xmlns="urn:hl7-org:v3"><acknowledgement typeCode="{acknowledged}"/><ControlActProcess moodCode="EVN"><queryAck><queryResponseCode code="{response}"/></queryAck></ControlActProcess></QUPC_IN990002NL>"#
        )
        .into_bytes()
    }

    #[test]
    fn an_answer_that_found_nothing_is_told_apart_from_one_that_brings_something() {
        let profile = Profile::training();
        assert!(is_nothing(&summary("AA", "NF"), &profile));
        for other in [summary("AA", "OK"), summary("AA", "XX"), b"<x/>".to_vec()] {
            assert!(!is_nothing(&other, &profile));
        }
    }

    #[test]
    fn whether_allergies_were_found_is_not_told_before_the_decision() {
        let text = String::from_utf8(summary("AA", "NF")).unwrap_or_default();
        let allergies = text.replace("QUPC_IN990002NL", "REPC_IN990131NL");
        assert!(!is_nothing(allergies.as_bytes(), &Profile::training()));
    }

    #[test]
    fn only_keys_that_a_source_can_have_are_kept() {
        assert!(is_key("s1") && is_key("s24"));
        for other in ["", "s0", "s25", "s01", "linde"] {
            assert!(!is_key(other), "{other}");
        }
    }

    #[test]
    fn a_source_of_which_nothing_is_known_is_a_failed_one_and_not_none() {
        let mut line = line((0, &None));
        assert!(line.is_awaited() && line.answers.is_empty());
        let outcome = Err(ExchangeError::NotAnAnswer);
        line.arrived(outcome, ProgressState::Failed, "2026-11-22T02:14:05");
        assert!(!line.is_awaited());
        let failed = |answer: &Answer| matches!(&answer.arrival, Arrival::Failed { code } if code == "answer_not_understood");
        assert!(line.answers.len() == 1 && line.answers.iter().all(failed));
    }

    #[test]
    fn several_documents_of_one_source_are_answers_of_their_own() {
        let located = Some(Located {
            id: "linde".into(),
            name: "De Linde".into(),
        });
        let mut line = line((0, &located));
        let fetched = Fetched {
            answers: vec![b"a".to_vec(), b"b".to_vec()],
        };
        line.arrived(Ok(fetched), ProgressState::Arrived, "2026-11-22T02:14:05");
        let keys: Vec<_> = line.answers.iter().map(|a| a.key.as_str()).collect();
        assert_eq!(keys, ["s1", "s1d2"]);
    }
}
