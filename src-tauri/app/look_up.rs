//! The main job: from a number and an act to a question, and from its answers to a view.

use chrono::{DateTime, Utc};
use inzage_core::domain::bsn::Bsn;
use inzage_core::domain::consent::{MayAskInput, may_ask};
use inzage_core::domain::date::PartialDate;
use inzage_core::domain::disclosure::Asked;
use inzage_core::domain::event::{CloseCause, What};
use tokio::sync::watch;

use super::contract::{LookUpRequest, LookUpResult, Trouble};
use super::retrieve::{Question, is_key};
use super::state::{App, Asking, Inner, Ready, SignedIn, Stop};
use super::trouble::TroubleCode;
use super::typed::{accept_bsn, birth_date};
use crate::exchange::ExchangeError;

/// A question that may be asked and is in the log.
pub(crate) struct Look {
    pub(crate) session: SignedIn,
    pub(crate) request: LookUpRequest,
    pub(crate) asked: Asked,
    pub(crate) question: Question,
    /// Which question this is: its id may be sent twice.
    pub(crate) number: u64,
    /// When it was asked, and so agreed.
    pub(crate) asked_at: DateTime<Utc>,
    /// The measure was known to be stopped when the question went out.
    pub(crate) asked_while_stopped: bool,
}

impl Look {
    /// The event, about this patient and by this request.
    pub(crate) fn event(&self, app: &App, what: What) -> inzage_core::domain::event::Event {
        app.event(
            &self.session,
            Some(&self.question.bsn),
            Some(&self.request.request_id),
            what,
        )
    }
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
            self.begin(&ready, &mut inner, request).await
        };
        let (look, stop) = match begun {
            Ok(begun) => begun,
            Err(result) => return *result,
        };
        let retrieved = self.retrieve(&ready, &look.question, stop).await;
        let mut inner = self.inner.lock().await;
        // Logged also when nobody waits any more: it was sent.
        if let Ok(retrieved) = &retrieved {
            for sent in &retrieved.sent {
                let event = look.event(self, sent.clone());
                if let Err(trouble) = self.append(&ready, &mut inner, event).await {
                    inner.asking.take_if(|asking| asking.number == look.number);
                    return LookUpResult::Failed { trouble };
                }
            }
        }
        let still_asked = inner
            .asking
            .take_if(|asking| asking.number == look.number)
            .is_some();
        if !still_asked {
            // Locked, signed out or overtaken meanwhile: what arrived is dropped unseen.
            return LookUpResult::Cancelled;
        }
        match retrieved {
            Ok(retrieved) => {
                self.disclose(&ready, &mut inner, &look, retrieved.answers)
                    .await
            }
            Err(ExchangeError::Cancelled) => LookUpResult::Cancelled,
            Err(error) => {
                let what = What::Failed {
                    source: None,
                    code: error.code().to_owned(),
                };
                let event = look.event(self, what);
                match self.append(&ready, &mut inner, event).await {
                    Ok(_) => LookUpResult::Failed {
                        trouble: exchange_trouble(error),
                    },
                    Err(trouble) => LookUpResult::Failed { trouble },
                }
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
            asking.stop.send_modify(|stop| stop.all = true);
        }
    }

    /// Stops waiting for one source; the others go on. Stopping it again changes nothing.
    pub async fn cancel_source(&self, request_id: &str, key: &str) {
        let inner = self.inner.lock().await;
        let asking = inner
            .asking
            .as_ref()
            .filter(|asking| asking.request_id == request_id && is_key(key));
        if let Some(asking) = asking {
            asking.stop.send_modify(|stop| {
                stop.sources.insert(key.to_owned());
            });
        }
    }

    async fn begin(
        &self,
        ready: &Ready,
        inner: &mut Inner,
        request: LookUpRequest,
    ) -> Result<(Look, watch::Receiver<Stop>), Box<LookUpResult>> {
        if let Some(open) = inner
            .open
            .as_ref()
            .filter(|open| open.request_id == request.request_id)
        {
            // An id answers for one patient: with another's number it is no repetition.
            let same = Bsn::parse(&request.bsn).is_ok_and(|bsn| bsn == open.bsn);
            return Err(Box::new(match &open.until_painted {
                Some(view) if same => LookUpResult::Shown { view: view.clone() },
                _ => failed(TroubleCode::NotOpen),
            }));
        }
        if inner.asking.is_some() {
            return Err(Box::new(failed(TroubleCode::Busy)));
        }
        let Some(session) = inner.session.clone() else {
            return Err(Box::new(failed(TroubleCode::NotSignedIn)));
        };
        let measure = self.measure_now();
        inner.questions += 1;
        let (asked, bsn) = self.check_form(ready, &request).map_err(Box::new)?;
        let question = Question {
            bsn,
            request_id: request.request_id.clone(),
            setting: session.place.setting,
        };
        let look = Look {
            session,
            request,
            asked,
            question,
            number: inner.questions,
            asked_at: self.clock.now(),
            asked_while_stopped: measure.is_known_to_be_stopped(),
        };
        if let Err(reason) = may_ask(&self.may_ask_input(&look, measure.is_active())) {
            let event = look.event(
                self,
                What::Refused {
                    source: None,
                    reason: code_of(&reason),
                },
            );
            let logged = self.append(ready, inner, event).await;
            return Err(Box::new(match logged {
                Ok(_) => LookUpResult::AskRefused { reason },
                Err(trouble) => LookUpResult::Failed { trouble },
            }));
        }
        let stop = self.ask_for(ready, inner, &look, measure.is_active()).await;
        match stop {
            Ok(stop) => Ok((look, stop)),
            Err(trouble) => Err(Box::new(LookUpResult::Failed { trouble })),
        }
    }

    /// Closes what is open and appends the request; not durable: nothing is asked.
    async fn ask_for(
        &self,
        ready: &Ready,
        inner: &mut Inner,
        look: &Look,
        measure_active: bool,
    ) -> Result<watch::Receiver<Stop>, Trouble> {
        self.close_open(ready, inner, CloseCause::User).await?;
        let what = What::Requested {
            agreement: look.request.agreement,
            suspicion: look.request.suspicion,
            measure_active,
            birth_date_given: look.asked.birth_date.is_some(),
        };
        self.append(ready, inner, look.event(self, what)).await?;
        inner.closed = None;
        let (stop, stopped) = watch::channel(Stop::default());
        inner.asking = Some(Asking {
            number: look.number,
            request_id: look.request.request_id.clone(),
            stop,
        });
        Ok(stopped)
    }

    fn check_form(
        &self,
        ready: &Ready,
        request: &LookUpRequest,
    ) -> Result<(Asked, Bsn), LookUpResult> {
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
        let asked = Asked {
            bsn: Some(bsn.clone()),
            birth_date: born,
        };
        Ok((asked, bsn))
    }

    fn may_ask_input(&self, look: &Look, measure_active: bool) -> MayAskInput {
        MayAskInput {
            role: Some(look.session.user.role),
            means: look.session.user.means,
            responsible: look.session.responsible.as_ref().map(|doctor| doctor.role),
            setting: look.session.place.setting,
            treats_and_needs: look.request.treats_and_needs,
            // An objection is an act of its own, by which nothing is asked.
            objects: false,
            agreement: look.request.agreement,
            suspicion: look.request.suspicion,
            measure_active,
            house: self.config.house,
        }
    }
}

/// The stable code of a reason, as it stands in JSON and in the log.
pub(crate) fn code_of<T: serde::Serialize>(reason: &T) -> String {
    match serde_json::to_value(reason) {
        Ok(serde_json::Value::String(code)) => code,
        _ => String::new(),
    }
}

pub(crate) fn failed(code: TroubleCode) -> LookUpResult {
    LookUpResult::Failed {
        trouble: code.trouble(),
    }
}

/// What an exchange error means to the person at the screen.
#[must_use]
pub fn exchange_trouble(error: ExchangeError) -> Trouble {
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
        ExchangeError::TooLarge
        | ExchangeError::BrokenOff
        | ExchangeError::NotAnAnswer
        | ExchangeError::DocumentElsewhere => TroubleCode::AnswerUnusable,
        ExchangeError::HttpStatus(_) | ExchangeError::TokenRefused | ExchangeError::Cancelled => {
            TroubleCode::ExchangeError
        }
    };
    kind.with_code(error.code())
}
