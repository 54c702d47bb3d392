//! What the app holds while it runs, and the few steps every use case shares.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Instant;

use chrono::{DateTime, Utc};
use inzage_core::domain::bsn::Bsn;
use inzage_core::domain::consent::Measure;
use inzage_core::domain::event::{Actor, CloseCause, Event, Place, What};
use inzage_core::domain::user::{Setting, User};
use inzage_delivery::Delivery;
use inzage_viewlog::{Appended, LogError, OrganisationKeyPair};
use tokio::sync::{Mutex, broadcast, watch};

use super::config::{Config, Exchange, IDLE_WARNING_S};
use super::contract::{AskedState, Bootstrap, LockedInfo, Notice, Trouble, View};
use super::ports::{Clock, rfc3339};
use super::practice::OnlyPatients;
use super::recorder::Recorder;
use super::tries::Tries;
use super::trouble::TroubleCode;
use super::upkeep::Upkeep;
use crate::exchange::Connection;
use crate::keychain::Keychain;
use crate::signin::Person;

/// Notices a slow page may lag behind before old ones are dropped for it.
const NOTICES_KEPT: usize = 32;

/// The running app.
pub struct App {
    pub(crate) config: Config,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) people: Vec<Person>,
    /// The PIN of training; `None` where people sign in otherwise.
    pub(crate) pin: Option<&'static str>,
    pub(crate) measure: watch::Sender<Measure>,
    pub(crate) notices: broadcast::Sender<Notice>,
    /// What upkeep of the log found that somebody must know.
    pub(crate) upkeep: watch::Sender<Option<Trouble>>,
    /// What start-up made, once it is done.
    pub(crate) ready: watch::Sender<Option<Result<Ready, Trouble>>>,
    pub(crate) inner: Mutex<Inner>,
}

/// What only exists after start-up: keychain, log and exchange.
#[derive(Clone)]
pub struct Ready {
    pub(crate) recorder: Recorder,
    /// What delivers the log to its receivers.
    pub(crate) delivery: Arc<Delivery>,
    /// When it began.
    pub(crate) delivering_since: DateTime<Utc>,
    /// What signs the log and tidies it.
    pub(crate) upkeep: Arc<Upkeep>,
    /// Where the log's checkpoint key is.
    pub(crate) keychain: Keychain,
    /// What is to be known of the log that stops nobody.
    pub(crate) remark: Option<Trouble>,
    pub(crate) exchange: Connection,
    /// Whether the corona marker is proven here: a marked test patient was read (training: by
    /// construction).
    pub(crate) marker_proven: bool,
    /// Training accepts nobody but these; `None` outside training.
    pub(crate) only_patients: Option<Arc<OnlyPatients>>,
}

impl Ready {
    /// What delivers the log.
    #[must_use]
    pub fn delivery(&self) -> &Delivery {
        &self.delivery
    }
}

/// What changes while the app runs.
#[derive(Default)]
pub struct Inner {
    pub(crate) session: Option<SignedIn>,
    pub(crate) open: Option<OpenView>,
    pub(crate) asking: Option<Asking>,
    /// How many questions were asked: tells apart two with one id.
    pub(crate) questions: u64,
    pub(crate) locked: Option<LockedInfo>,
    /// Why the app closed what was open, until the next question.
    pub(crate) closed: Option<CloseCause>,
    /// When somebody last did something, by a clock that nobody can set.
    pub(crate) active_at: Option<Instant>,
    pub(crate) idle_announced: bool,
    pub(crate) tries: Tries,
    /// Results of commands by what was asked, so that a repeated command has no second effect.
    pub(crate) done: BTreeMap<String, Done>,
    /// The organisation's private key, as the privacy officer opened it; gone with the session.
    pub(crate) key: Option<OpenedKey>,
    /// The setting that was chosen at start.
    pub(crate) setting: Option<Setting>,
}

impl Inner {
    /// Whether this session is the one that is signed in now.
    ///
    /// # Errors
    /// `NotSignedIn` where it ended meanwhile.
    pub(crate) fn is_of(&self, session: &SignedIn) -> Result<(), Trouble> {
        let now = self.session.as_ref().map(|now| &now.request_id);
        if now == Some(&session.request_id) {
            Ok(())
        } else {
            Err(TroubleCode::NotSignedIn.trouble())
        }
    }
}

/// The organisation's private key, for as long as it is open.
pub struct OpenedKey {
    pair: Arc<OrganisationKeyPair>,
    /// Gone with this: what still reads under the key sees it, and ends.
    open: watch::Sender<()>,
}

impl OpenedKey {
    pub(crate) fn new(pair: OrganisationKeyPair) -> Self {
        Self {
            pair: Arc::new(pair),
            open: watch::Sender::new(()),
        }
    }

    pub(crate) fn pair(&self) -> Arc<OrganisationKeyPair> {
        Arc::clone(&self.pair)
    }

    /// Ends when the key is no longer open.
    pub(crate) fn closed(&self) -> impl Future<Output = ()> + Send + use<> {
        let mut open = self.open.subscribe();
        async move { while open.changed().await.is_ok() {} }
    }
}

/// What a repeated command is answered with. Never anything clinical.
#[derive(Clone)]
pub enum Done {
    /// An objection was recorded at this wall-clock time.
    Recorded(String),
    /// The ask prompt was answered.
    Answered(AskedState),
}

/// Who is signed in, and on whose responsibility.
#[derive(Debug, Clone)]
pub struct SignedIn {
    pub(crate) user: User,
    pub(crate) responsible: Option<User>,
    pub(crate) place: Place,
    /// The request that signed in, to answer its repetition.
    pub(crate) request_id: String,
}

/// A question on its way.
pub struct Asking {
    pub(crate) number: u64,
    pub(crate) request_id: String,
    pub(crate) stop: watch::Sender<Stop>,
}

/// What the user stopped of a question on its way.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Stop {
    /// All of it.
    pub(crate) all: bool,
    /// Single sources, by key.
    pub(crate) sources: BTreeSet<String>,
}

/// The summary on the screen.
pub struct OpenView {
    pub(crate) view_id: String,
    pub(crate) request_id: String,
    pub(crate) bsn: Bsn,
    pub(crate) opened_at: DateTime<Utc>,
    pub(crate) digest: String,
    pub(crate) decided: Vec<inzage_core::domain::consent::DecisionInput>,
    pub(crate) suspicion: Option<bool>,
    pub(crate) displayed: bool,
    /// Kept until the screen says it was painted: a command that is sent again is answered with it.
    pub(crate) until_painted: Option<Box<View>>,
}

impl App {
    /// An app that has not started up yet.
    #[must_use]
    pub fn new(
        config: Config,
        clock: Arc<dyn Clock>,
        people: Vec<Person>,
        pin: Option<&'static str>,
    ) -> Self {
        let setting = match config.places.as_slice() {
            [only] => Some(only.setting),
            _ => None,
        };
        Self {
            config,
            clock,
            people,
            pin,
            measure: watch::Sender::new(Measure::unknown()),
            notices: broadcast::Sender::new(NOTICES_KEPT),
            upkeep: watch::Sender::new(None),
            ready: watch::Sender::new(None),
            inner: Mutex::new(Inner {
                setting,
                ..Inner::default()
            }),
        }
    }

    /// What a fresh page needs; waits for start-up.
    pub async fn bootstrap(&self) -> Bootstrap {
        let ready = self.ready().await;
        let inner = self.inner.lock().await;
        let place = inner
            .setting
            .and_then(|s| self.config.place(s))
            .or_else(|| self.config.places.first());
        Bootstrap {
            training: matches!(self.config.exchange, Exchange::Training { .. }),
            kiosk: self.config.kiosk,
            language: self.config.language,
            organisation: place
                .map(|p| p.organisation.name.clone())
                .unwrap_or_default(),
            workstation: place
                .map(|p| p.organisation.workstation.clone())
                .unwrap_or_default(),
            setting: inner.setting,
            measure: self.measure_now(),
            ask_agreement_always: self.config.house.ask_agreement_always,
            emergency_explicit: self.config.emergency_explicit,
            people: self.person_cards(),
            session: inner
                .session
                .as_ref()
                .map(|session| self.session_dto(session)),
            closed: inner.closed,
            locked: inner.locked.clone(),
            remark: ready
                .as_ref()
                .ok()
                .and_then(|r| r.remark.clone())
                .or_else(|| self.upkeep.borrow().clone())
                .or_else(|| {
                    let ready = ready.as_ref().ok()?;
                    let since = ready.delivering_since;
                    super::deliver::trouble(&ready.delivery, since, self.clock.now())
                }),
            trouble: ready.err(),
            idle_seconds: self.config.idle_s,
            idle_warning_seconds: IDLE_WARNING_S,
        }
    }

    /// Whether a summary is on the screen.
    pub async fn has_open_view(&self) -> bool {
        self.inner.lock().await.open.is_some()
    }

    /// Notices for a page, from now on.
    #[must_use]
    pub fn notices(&self) -> broadcast::Receiver<Notice> {
        self.notices.subscribe()
    }

    /// The measure now.
    #[must_use]
    pub fn measure_now(&self) -> Measure {
        self.measure.borrow().clone()
    }

    /// Waits for start-up and gives what it made.
    ///
    /// # Errors
    /// What start-up could not do.
    pub async fn ready(&self) -> Result<Ready, Trouble> {
        let mut ready = self.ready.subscribe();
        let done = ready.wait_for(Option::is_some).await;
        match done.as_deref() {
            Ok(Some(result)) => result.clone(),
            _ => Err(TroubleCode::Configuration.trouble()),
        }
    }

    /// Tells every page; that nobody listens is no error.
    pub(crate) fn tell(&self, notice: Notice) {
        let _nobody_listens = self.notices.send(notice);
    }

    /// The event with who and where.
    pub(crate) fn event(
        &self,
        session: &SignedIn,
        patient: Option<&Bsn>,
        request_id: Option<&str>,
        what: What,
    ) -> Event {
        Event {
            at: rfc3339(self.clock.now()),
            actor: Some(Actor {
                user: session.user.clone(),
                responsible: session.responsible.clone(),
            }),
            place: session.place.clone(),
            patient: patient.cloned(),
            request_id: request_id.map(str::to_owned),
            what,
        }
    }

    /// Appends; a failure closes what is open and locks.
    pub(crate) async fn append(
        &self,
        ready: &Ready,
        inner: &mut Inner,
        event: Event,
    ) -> Result<Appended, Trouble> {
        let appended = ready.recorder.append(event).await;
        appended.map_err(|error| self.log_failed(inner, &error))
    }

    /// A view that cannot be logged any further is dropped at once.
    pub(crate) fn log_failed(&self, inner: &mut Inner, error: &LogError) -> Trouble {
        let trouble = log_trouble(error);
        if let Some(open) = inner.open.take() {
            inner.closed = Some(CloseCause::LogFailed);
            self.tell(Notice::ViewClosed {
                view_id: open.view_id,
                cause: CloseCause::LogFailed,
            });
        }
        self.tell(Notice::LogTrouble {
            trouble: trouble.clone(),
        });
        trouble
    }
}

/// What a log error means to the person at the screen.
#[must_use]
pub fn log_trouble(error: &LogError) -> Trouble {
    let kind = match error {
        LogError::Full => TroubleCode::LogFull,
        LogError::Busy => TroubleCode::LogBusy,
        LogError::Random => TroubleCode::NoRandomness,
        LogError::Unwritable { .. } | LogError::ReadOnly | LogError::NotDurable { .. } => {
            TroubleCode::LogUnwritable
        }
        _ => TroubleCode::LogBroken,
    };
    kind.with_code(error.code())
}
