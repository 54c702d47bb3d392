//! The main job: from a number and an act to a summary on the screen, logged.

use inzage_core::domain::consent::{MayAskInput, may_ask};
use inzage_core::domain::date::PartialDate;
use inzage_core::domain::disclosure::{
    Answer, Arrival, Asked, Circumstances, Outcome, Prepared, WhyNotShown, prepare,
};
use inzage_core::domain::event::{CloseCause, What};
use inzage_core::domain::summary::source::Delivery;
use inzage_core::readers::Profile;
use tokio::sync::watch;

use super::contract::{LookUpRequest, LookUpResult, ObjectionRequest, Recorded, SuspicionRequest};
use super::disclosed::{Disclosed, hexadecimal};
use super::ports::{random, wall_clock};
use super::retrieve::Question;
use super::state::{App, Asking, Done, Inner, OpenView, Ready, SignedIn, log_trouble};
use super::trouble::TroubleCode;
use super::typed::{accept_bsn, birth_date};
use super::view::{Surroundings, view_of};
use crate::exchange::ExchangeError;

/// A question that passed the form, before it may be asked.
struct Checked {
    asked: Asked,
    question: Question,
}

impl App {
    /// Looks a patient up. A repeated request has no second effect.
    pub async fn look_up(&self, request: LookUpRequest) -> LookUpResult {
        let ready = match self.ready().await {
            Ok(ready) => ready,
            Err(trouble) => return LookUpResult::Failed { trouble },
        };
        let begun = {
            let mut inner = self.inner.lock().await;
            match self.begin(&ready, &mut inner, &request).await {
                Ok(begun) => begun,
                Err(result) => return *result,
            }
        };
        let Begun {
            session,
            checked,
            stop,
            known_stopped,
        } = begun;
        let answers = self.retrieve(&ready, &checked.question, stop).await;
        let mut inner = self.inner.lock().await;
        let still_asked = inner
            .asking
            .take_if(|asking| asking.request_id == request.request_id)
            .is_some();
        if !still_asked {
            // Locked, signed out or overtaken meanwhile: what arrived is dropped unseen.
            return LookUpResult::Cancelled;
        }
        match answers {
            Ok(answers) => {
                let answered = Answered {
                    answers,
                    asked_while_stopped: known_stopped,
                };
                self.disclose(&ready, &mut inner, &session, checked, &request, answered)
                    .await
            }
            Err(ExchangeError::Cancelled) => LookUpResult::Cancelled,
            Err(error) => {
                self.exchange_failed(&ready, &mut inner, &session, &checked, error)
                    .await
            }
        }
    }

    /// Stops a question; what has arrived by then is shown.
    pub async fn cancel(&self, request_id: &str) {
        let inner = self.inner.lock().await;
        if let Some(asking) = inner
            .asking
            .as_ref()
            .filter(|asking| asking.request_id == request_id)
        {
            asking.cancel.send_replace(true);
        }
    }

    /// Records that the patient objects. Nothing is asked.
    pub async fn object(&self, request: ObjectionRequest) -> Recorded {
        let ready = match self.ready().await {
            Ok(ready) => ready,
            Err(trouble) => return Recorded::Failed { trouble },
        };
        let mut inner = self.inner.lock().await;
        if let Some(Done::Recorded(at)) = inner.done.get(&request.request_id) {
            return Recorded::Done { at: at.clone() };
        }
        let Some(session) = inner.session.clone() else {
            return Recorded::Failed {
                trouble: TroubleCode::NotSignedIn.trouble(),
            };
        };
        let Ok(bsn) = accept_bsn(&ready, &request.bsn) else {
            return Recorded::Failed {
                trouble: TroubleCode::NotOpen.trouble(),
            };
        };
        let event = self.event(
            &session,
            Some(&bsn),
            Some(&request.request_id),
            What::Objected,
        );
        match self.append(&ready, &mut inner, event).await {
            Ok(()) => {
                let at = wall_clock(self.clock.now());
                inner
                    .done
                    .insert(request.request_id, Done::Recorded(at.clone()));
                Recorded::Done { at }
            }
            Err(trouble) => Recorded::Failed { trouble },
        }
    }

    /// Changes the answer about corona for the patient on the screen: an event of
    /// its own, and the decision is taken again.
    pub async fn change_suspicion(&self, request: SuspicionRequest) -> Recorded {
        let ready = match self.ready().await {
            Ok(ready) => ready,
            Err(trouble) => return Recorded::Failed { trouble },
        };
        let mut inner = self.inner.lock().await;
        let Some(session) = inner.session.clone() else {
            return Recorded::Failed {
                trouble: TroubleCode::NotSignedIn.trouble(),
            };
        };
        let Some((bsn, view_request, from)) = inner
            .open
            .as_ref()
            .filter(|open| open.view_id == request.view_id)
            .map(|open| (open.bsn.clone(), open.request_id.clone(), open.suspicion))
        else {
            return Recorded::Failed {
                trouble: TroubleCode::NotOpen.trouble(),
            };
        };
        let at = wall_clock(self.clock.now());
        let to = Some(request.suspicion);
        if from == to {
            return Recorded::Done { at };
        }
        let what = What::SuspicionChanged { from, to };
        let event = self.event(&session, Some(&bsn), Some(&view_request), what);
        if let Err(trouble) = self.append(&ready, &mut inner, event).await {
            return Recorded::Failed { trouble };
        }
        if let Some(open) = inner.open.as_mut() {
            open.suspicion = to;
            for input in &mut open.decided {
                input.suspicion = to;
            }
        }
        self.decide_again(&ready, &mut inner, CloseCause::SuspicionChanged)
            .await;
        Recorded::Done { at }
    }

    async fn begin(
        &self,
        ready: &Ready,
        inner: &mut Inner,
        request: &LookUpRequest,
    ) -> Result<Begun, Box<LookUpResult>> {
        if let Some(open) = inner
            .open
            .as_ref()
            .filter(|open| open.request_id == request.request_id)
        {
            return Err(Box::new(match &open.until_painted {
                Some(view) => LookUpResult::Shown { view: view.clone() },
                None => failed(TroubleCode::NotOpen),
            }));
        }
        if inner.asking.is_some() {
            return Err(Box::new(failed(TroubleCode::Busy)));
        }
        let Some(session) = inner.session.clone() else {
            return Err(Box::new(failed(TroubleCode::NotSignedIn)));
        };
        let checked = self.check_form(ready, request).map_err(Box::new)?;
        let bsn = &checked.question.bsn;
        if let Err(reason) = may_ask(&self.may_ask_input(&session, request)) {
            let code = serde_json::to_value(reason)
                .ok()
                .and_then(|v| v.as_str().map(str::to_owned));
            let what = What::Refused {
                source: None,
                reason: code.unwrap_or_default(),
            };
            let event = self.event(&session, Some(bsn), Some(&request.request_id), what);
            return Err(Box::new(match self.append(ready, inner, event).await {
                Ok(()) => LookUpResult::AskRefused { reason },
                Err(trouble) => LookUpResult::Failed { trouble },
            }));
        }
        self.close_open(ready, inner, CloseCause::User)
            .await
            .map_err(|trouble| Box::new(LookUpResult::Failed { trouble }))?;
        let what = What::Requested {
            agreement: request.agreement,
            suspicion: request.suspicion,
            measure_active: self.measure_now().is_active(),
            birth_date_given: checked.asked.birth_date.is_some(),
        };
        let event = self.event(&session, Some(bsn), Some(&request.request_id), what);
        self.append(ready, inner, event)
            .await
            .map_err(|trouble| Box::new(LookUpResult::Failed { trouble }))?;
        inner.closed = None;
        let (cancel, stop) = watch::channel(false);
        let measure = self.measure_now();
        inner.asking = Some(Asking {
            request_id: request.request_id.clone(),
            cancel,
        });
        Ok(Begun {
            session,
            checked,
            stop,
            known_stopped: measure.is_known_to_be_stopped(),
        })
    }

    fn check_form(&self, ready: &Ready, request: &LookUpRequest) -> Result<Checked, LookUpResult> {
        let bad = |field: &str, reason: &str| LookUpResult::BadInput {
            field: field.to_owned(),
            reason: reason.to_owned(),
        };
        if uuid::Uuid::parse_str(&request.request_id).is_err() {
            return Err(bad("request_id", "not_a_uuid"));
        }
        let bsn = accept_bsn(ready, &request.bsn).map_err(|reason| bad("bsn", reason))?;
        let today = self.clock.now().with_timezone(&chrono::Local).date_naive();
        let born: Option<PartialDate> =
            birth_date(&request.birth_date, today).map_err(|reason| bad("birth_date", reason))?;
        Ok(Checked {
            asked: Asked {
                bsn: Some(bsn.clone()),
                birth_date: born,
            },
            question: Question {
                bsn,
                request_id: request.request_id.clone(),
            },
        })
    }

    fn may_ask_input(&self, session: &SignedIn, request: &LookUpRequest) -> MayAskInput {
        MayAskInput {
            role: Some(session.user.role),
            means: session.user.means,
            responsible: session.responsible.as_ref().map(|doctor| doctor.role),
            setting: session.place.setting,
            treats_and_needs: request.treats_and_needs,
            objects: false,
            agreement: request.agreement,
            suspicion: request.suspicion,
            measure_active: self.measure_now().is_active(),
            house: self.config.house,
        }
    }

    /// Decides, logs, and only then shows.
    async fn disclose(
        &self,
        ready: &Ready,
        inner: &mut Inner,
        session: &SignedIn,
        checked: Checked,
        request: &LookUpRequest,
        answered: Answered,
    ) -> LookUpResult {
        let Answered {
            answers,
            asked_while_stopped,
        } = answered;
        let stopped_before_anything = !answers.is_empty()
            && answers
                .iter()
                .all(|answer| matches!(answer.arrival, Arrival::Cancelled));
        if stopped_before_anything {
            return LookUpResult::Cancelled;
        }
        let mut nonce = [0; 32];
        if random(&mut nonce).is_err() {
            return failed(TroubleCode::NoRandomness);
        }
        // The measure as it is now: it may have stopped while the answers were on their way.
        let measure = self.measure_now();
        let circumstances = Circumstances {
            setting: session.place.setting,
            delivered_under_measure: !(asked_while_stopped && measure.is_known_to_be_stopped()),
            measure_active: measure.is_active(),
            marker_proven: self.config.marker_proven,
            suspicion: request.suspicion,
            agreement: request.agreement,
            emergency_explicit: self.config.emergency_explicit,
            stated: None,
        };
        let asked = checked.asked;
        let bsn = checked.question.bsn;
        let profile = self.profile();
        let preparing = tokio::task::spawn_blocking(move || {
            prepare(&asked, answers, &circumstances, &profile, nonce)
        });
        let Ok(prepared) = preparing.await else {
            return failed(TroubleCode::AnswerUnusable);
        };
        let bsn_and_request = (&bsn, request.request_id.as_str());
        if let Err(trouble) = self
            .log_answers(ready, inner, session, bsn_and_request, &prepared)
            .await
        {
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
            Outcome::Permit => {
                self.release(ready, inner, session, &bsn, request, measure, prepared)
                    .await
            }
        }
    }

    #[allow(
        clippy::too_many_arguments,
        reason = "the last step needs everything the others made"
    )]
    async fn release(
        &self,
        ready: &Ready,
        inner: &mut Inner,
        session: &SignedIn,
        bsn: &inzage_core::domain::bsn::Bsn,
        request: &LookUpRequest,
        measure: inzage_core::domain::consent::Measure,
        prepared: Prepared,
    ) -> LookUpResult {
        let what = What::Released {
            digest: hexadecimal(&prepared.digest()),
            sources: prepared.released().to_vec(),
            sections: prepared.sections(),
            agreement: request.agreement,
            suspicion: request.suspicion,
        };
        let event = self.event(session, Some(bsn), Some(&request.request_id), what);
        let receipt = match ready.recorder.append_released(event).await {
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
                bsn,
                now,
                agreement: request.agreement,
                suspicion: request.suspicion,
                measure,
            },
        ));
        inner.open = Some(OpenView {
            view_id,
            request_id: request.request_id.clone(),
            bsn: bsn.clone(),
            opened_at: now,
            digest: disclosed.digest().to_owned(),
            decided: disclosed.decided().to_vec(),
            suspicion: request.suspicion,
            displayed: false,
            until_painted: Some(view.clone()),
        });
        inner.active_at = Some(now);
        LookUpResult::Shown { view }
    }

    /// How each source answered, and what was received and not shown.
    async fn log_answers(
        &self,
        ready: &Ready,
        inner: &mut Inner,
        session: &SignedIn,
        (bsn, request_id): (&inzage_core::domain::bsn::Bsn, &str),
        prepared: &Prepared,
    ) -> Result<(), super::contract::Trouble> {
        let uras: Vec<(String, Option<String>)> = prepared
            .released()
            .iter()
            .map(|s| (s.source.clone(), s.ura.clone()))
            .collect();
        let ura = |name: &str| {
            uras.iter()
                .find(|(n, _)| n == name)
                .and_then(|(_, ura)| ura.clone())
        };
        let mut events = Vec::new();
        for (name, delivery) in prepared.deliveries() {
            events.push(match delivery {
                Delivery::Delivered | Delivery::Partial { .. } => What::Delivered {
                    source: name.to_owned(),
                    ura: ura(name),
                },
                Delivery::NothingFound => What::Failed {
                    source: Some(name.to_owned()),
                    code: "nothing_found".into(),
                },
                Delivery::RefusedBySource { code, .. } | Delivery::Failed { code } => {
                    What::Failed {
                        source: Some(name.to_owned()),
                        code: code.clone(),
                    }
                }
                Delivery::Awaited | Delivery::Cancelled => What::Failed {
                    source: Some(name.to_owned()),
                    code: "cancelled".into(),
                },
            });
        }
        for not_shown in prepared.not_shown() {
            let why = match not_shown.why {
                WhyNotShown::Ica => "ica".to_owned(),
                WhyNotShown::Refused(reason) => {
                    let code = serde_json::to_value(reason)
                        .ok()
                        .and_then(|v| v.as_str().map(str::to_owned));
                    let reason = code.unwrap_or_default();
                    events.push(What::Refused {
                        source: Some(not_shown.source.clone()),
                        reason: reason.clone(),
                    });
                    reason
                }
            };
            events.push(What::ReceivedNotShown {
                source: not_shown.source.clone(),
                why,
            });
        }
        for what in events {
            let event = self.event(session, Some(bsn), Some(request_id), what);
            self.append(ready, inner, event).await?;
        }
        Ok(())
    }

    async fn exchange_failed(
        &self,
        ready: &Ready,
        inner: &mut Inner,
        session: &SignedIn,
        checked: &Checked,
        error: ExchangeError,
    ) -> LookUpResult {
        let what = What::Failed {
            source: None,
            code: error.code().to_owned(),
        };
        let event = self.event(
            session,
            Some(&checked.question.bsn),
            Some(&checked.question.request_id),
            what,
        );
        if let Err(trouble) = self.append(ready, inner, event).await {
            return LookUpResult::Failed { trouble };
        }
        LookUpResult::Failed {
            trouble: exchange_trouble(error),
        }
    }

    /// How this installation's exchange encodes what is not public.
    fn profile(&self) -> Profile {
        match self.config.exchange {
            super::config::Exchange::Training { .. } => Profile::training(),
            super::config::Exchange::Aorta(_) => Profile::default(),
        }
    }
}

struct Begun {
    session: SignedIn,
    checked: Checked,
    stop: watch::Receiver<bool>,
    known_stopped: bool,
}

/// What came back, and under which measure it was asked.
struct Answered {
    answers: Vec<Answer>,
    /// The measure was known to be stopped when the question went out.
    asked_while_stopped: bool,
}

fn failed(code: TroubleCode) -> LookUpResult {
    LookUpResult::Failed {
        trouble: code.trouble(),
    }
}

/// What an exchange error means to the person at the screen.
#[must_use]
pub fn exchange_trouble(error: ExchangeError) -> super::contract::Trouble {
    let kind = match error {
        ExchangeError::Unreachable => TroubleCode::ExchangeUnreachable,
        ExchangeError::TimedOut => TroubleCode::ExchangeTimedOut,
        ExchangeError::CertificateExpired
        | ExchangeError::CertificateWrongName
        | ExchangeError::CertificateUnknownIssuer
        | ExchangeError::CertificateRefused
        | ExchangeError::TlsVersion => TroubleCode::ExchangeCertificate,
        ExchangeError::ClientCertificateRefused | ExchangeError::ClientKeyUnusable => {
            TroubleCode::ClientCertificate
        }
        ExchangeError::TooLarge | ExchangeError::BrokenOff | ExchangeError::NotAnAnswer => {
            TroubleCode::AnswerUnusable
        }
        ExchangeError::HttpStatus(_) | ExchangeError::Cancelled => TroubleCode::ExchangeError,
    };
    kind.with_code(error.code())
}
