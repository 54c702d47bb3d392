//! From answers to a view: decided, logged, and only then shown.

use inzage_core::domain::disclosure::{
    Answer, Arrival, Circumstances, Outcome, Prepared, WhyNotShown, prepare,
};
use inzage_core::domain::event::What;
use inzage_core::domain::summary::source::Delivery;

use super::contract::{LookUpResult, Trouble};
use super::disclosed::{Disclosed, hexadecimal};
use super::look_up::{Look, code_of, failed};
use super::ports::random;
use super::state::{App, Inner, OpenView, Ready, log_trouble};
use super::trouble::TroubleCode;
use super::view::{Surroundings, view_of};
use crate::apart::apart;

impl App {
    /// Decides on what arrived, logs it, and shows what may be shown.
    pub(crate) async fn disclose(
        &self,
        ready: &Ready,
        inner: &mut Inner,
        look: &Look,
        answers: Vec<Answer>,
    ) -> LookUpResult {
        let stopped = |answer: &Answer| matches!(answer.arrival, Arrival::Cancelled);
        if !answers.is_empty() && answers.iter().all(stopped) {
            return LookUpResult::Cancelled;
        }
        let prepared = match self.prepare(ready, look, answers).await {
            Ok(prepared) => prepared,
            Err(code) => return failed(code),
        };
        if let Err(trouble) = self.log_answers(ready, inner, look, &prepared).await {
            return LookUpResult::Failed { trouble };
        }
        match prepared.outcome() {
            Outcome::Refuse(reason) => {
                let sources = prepared
                    .released()
                    .iter()
                    .map(|s| s.source.clone())
                    .collect();
                LookUpResult::Refused { reason, sources }
            }
            Outcome::Unreadable => failed(TroubleCode::AnswerUnusable),
            // Reading and logging took a while: an input may have changed meanwhile.
            Outcome::Permit => match self.no_longer_permitted(prepared.decided()) {
                None => self.release(ready, inner, look, prepared).await,
                Some(reason) => {
                    let what = What::Refused {
                        source: None,
                        reason: code_of(&reason),
                    };
                    match self.append(ready, inner, look.event(self, what)).await {
                        Ok(_) => LookUpResult::Refused {
                            reason,
                            sources: Vec::new(),
                        },
                        Err(trouble) => LookUpResult::Failed { trouble },
                    }
                }
            },
        }
    }

    async fn prepare(
        &self,
        ready: &Ready,
        look: &Look,
        answers: Vec<Answer>,
    ) -> Result<Prepared, TroubleCode> {
        let mut nonce = [0; 32];
        random(&mut nonce).map_err(|_| TroubleCode::NoRandomness)?;
        // The measure as it is now: it may have stopped while the answers were on their way.
        let measure = self.measure_now();
        let circumstances = Circumstances {
            setting: look.session.place.setting,
            delivered_under_measure: !(look.asked_while_stopped
                && measure.is_known_to_be_stopped()),
            measure_active: measure.is_active(),
            marker_proven: ready.marker_proven,
            suspicion: look.request.suspicion,
            agreement: look.request.agreement,
            emergency_explicit: self.config.emergency_explicit,
            stated: None,
        };
        let (asked, profile) = (look.asked.clone(), self.config.profile.clone());
        // A large record takes longer to read than a window may wait.
        apart(move || prepare(&asked, answers, &circumstances, &profile, nonce))
            .await
            .map_err(|_| TroubleCode::AnswerUnusable)
    }

    /// The last step: durable, then visible.
    async fn release(
        &self,
        ready: &Ready,
        inner: &mut Inner,
        look: &Look,
        prepared: Prepared,
    ) -> LookUpResult {
        let what = What::Released {
            digest: hexadecimal(&prepared.digest()),
            sources: prepared.released().to_vec(),
            sections: prepared.sections(),
            agreement: look.request.agreement,
            suspicion: look.request.suspicion,
        };
        let receipt = match ready.recorder.append_released(look.event(self, what)).await {
            Ok(receipt) => receipt,
            Err(error) => {
                return LookUpResult::Failed {
                    trouble: self.log_failed(inner, &error),
                };
            }
        };
        let Ok(disclosed) = Disclosed::new(prepared, receipt) else {
            return LookUpResult::Failed {
                trouble: log_trouble(&inzage_viewlog::LogError::Broken),
            };
        };
        let now = self.clock.now();
        let view_id = uuid::Uuid::new_v4().to_string();
        let view = Box::new(view_of(
            &disclosed,
            &Surroundings {
                view_id: &view_id,
                look,
                now,
                measure: self.measure_now(),
            },
        ));
        inner.open = Some(OpenView {
            view_id,
            request_id: look.request.request_id.clone(),
            bsn: look.question.bsn.clone(),
            opened_at: now,
            digest: disclosed.digest().to_owned(),
            decided: disclosed.decided().to_vec(),
            suspicion: look.request.suspicion,
            displayed: false,
            until_painted: Some(view.clone()),
        });
        inner.active_at = Some(std::time::Instant::now());
        LookUpResult::Shown { view }
    }

    /// How each source answered, and what was received and not shown.
    async fn log_answers(
        &self,
        ready: &Ready,
        inner: &mut Inner,
        look: &Look,
        prepared: &Prepared,
    ) -> Result<(), Trouble> {
        let delivered = prepared
            .deliveries()
            .map(|(name, delivery)| answered(name, delivery, prepared));
        let not_shown = prepared.not_shown().iter().flat_map(|not_shown| {
            let source = not_shown.source.clone();
            match not_shown.why {
                WhyNotShown::Ica => vec![What::ReceivedNotShown {
                    source,
                    why: "ica".to_owned(),
                }],
                WhyNotShown::Refused(reason) => {
                    let reason = code_of(&reason);
                    vec![
                        What::Refused {
                            source: Some(source.clone()),
                            reason: reason.clone(),
                        },
                        What::ReceivedNotShown {
                            source,
                            why: reason,
                        },
                    ]
                }
            }
        });
        for what in delivered.chain(not_shown).collect::<Vec<_>>() {
            self.append(ready, inner, look.event(self, what)).await?;
        }
        Ok(())
    }
}

/// What a source did, as the log says it.
fn answered(name: &str, delivery: &Delivery, prepared: &Prepared) -> What {
    let failed = |code: &str| What::Failed {
        source: Some(name.to_owned()),
        code: code.to_owned(),
    };
    match delivery {
        Delivery::Delivered | Delivery::Partial { .. } => What::Delivered {
            source: name.to_owned(),
            ura: prepared
                .released()
                .iter()
                .find(|s| s.source == name)
                .and_then(|s| s.ura.clone()),
        },
        Delivery::NothingFound => failed("nothing_found"),
        Delivery::RefusedBySource { code, .. } | Delivery::Failed { code } => failed(code),
        Delivery::Awaited | Delivery::Cancelled => failed("cancelled"),
    }
}
