//! Signing in, with what is refused and why.

use std::time::Instant;

use inzage_core::domain::event::{Actor, Event, LockCause, Place, What};
use inzage_core::domain::user::{Role, Setting, User};

use super::config::Config;
use super::contract::{PersonCard, Session, SignInRequest, SignInResult, Trouble};
use super::ports::rfc3339;
use super::state::{App, Inner, Ready, SignedIn};
use super::trouble::TroubleCode;

impl App {
    /// Everybody who can sign in here, as cards.
    #[must_use]
    pub fn person_cards(&self) -> Vec<PersonCard> {
        self.people
            .iter()
            .map(|person| PersonCard {
                id: person.user.id.clone(),
                name: person.user.name.clone(),
                role: person.user.role,
                role_name: person.user.role_name.clone(),
                needs_responsible: needs_responsible(person.user.role),
                can_be_responsible: person.user.role == Role::Doctor,
            })
            .collect()
    }

    /// Signs someone in. A repeated request is answered as the first.
    pub async fn sign_in(&self, request: SignInRequest) -> SignInResult {
        let ready = match self.ready().await {
            Ok(ready) => ready,
            Err(trouble) => return refused(trouble, 0),
        };
        let mut inner = self.inner.lock().await;
        if let Some(session) = inner
            .session
            .as_ref()
            .filter(|s| s.request_id == request.request_id)
        {
            return SignInResult::SignedIn {
                session: self.session_dto(session),
            };
        }
        let Some(setting) = inner.setting.or(request.setting) else {
            return refused(TroubleCode::SettingMissing.trouble(), 0);
        };
        let Some(place) = self.config.place(setting) else {
            return refused(TroubleCode::SettingMissing.trouble(), 0);
        };
        let place = Place {
            organisation: place.organisation.clone(),
            setting,
        };
        let Some(person) = self.people.iter().find(|p| p.user.id == request.person) else {
            return refused(TroubleCode::UnknownPerson.trouble(), 0);
        };
        let verdict = match inner.tries.pause(&person.user.id, Instant::now()) {
            Some(_) => Err(TroubleCode::TooManyTries),
            None => self.may_sign_in(&person.user, &request),
        };
        let responsible = match verdict {
            Ok(responsible) => responsible,
            Err(code) => {
                return self
                    .refuse(&ready, &mut inner, &person.user, place, code)
                    .await;
            }
        };
        self.enter(
            &ready,
            &mut inner,
            &request,
            person.user.clone(),
            responsible,
            place,
        )
        .await
    }

    async fn enter(
        &self,
        ready: &Ready,
        inner: &mut Inner,
        request: &SignInRequest,
        user: User,
        responsible: Option<User>,
        place: Place,
    ) -> SignInResult {
        if inner.session.is_some() {
            self.end_session(ready, inner, LockCause::OtherUser).await;
        }
        let means = user.means;
        let session = SignedIn {
            user,
            responsible,
            place,
            request_id: request.request_id.clone(),
        };
        let event = self.event(&session, None, None, What::SignedIn { means });
        if let Err(trouble) = self.append(ready, inner, event).await {
            return refused(trouble, 0);
        }
        let dto = self.session_dto(&session);
        inner.setting = Some(session.place.setting);
        inner.session = Some(session);
        inner.locked = None;
        inner.tries.right(&request.person);
        inner.active_at = Some(Instant::now());
        inner.idle_announced = false;
        SignInResult::SignedIn { session: dto }
    }

    fn may_sign_in(
        &self,
        user: &User,
        request: &SignInRequest,
    ) -> Result<Option<User>, TroubleCode> {
        match self.pin {
            None => return Err(TroubleCode::NoSignInMeans),
            Some(pin) if pin != request.pin => return Err(TroubleCode::WrongPin),
            Some(_) => {}
        }
        if has_nothing_to_do(&self.config, user.role) {
            return Err(TroubleCode::RoleNotAllowed);
        }
        if !needs_responsible(user.role) {
            return Ok(None);
        }
        let named = request.responsible.as_ref().and_then(|id| {
            self.people
                .iter()
                .find(|p| p.user.id == *id && p.user.role == Role::Doctor)
        });
        named
            .map(|doctor| Some(doctor.user.clone()))
            .ok_or(TroubleCode::ResponsibleMissing)
    }

    async fn refuse(
        &self,
        ready: &Ready,
        inner: &mut Inner,
        user: &User,
        place: Place,
        code: TroubleCode,
    ) -> SignInResult {
        let trouble = code.trouble();
        let event = Event {
            at: rfc3339(self.clock.now()),
            actor: Some(Actor {
                user: user.clone(),
                responsible: None,
            }),
            place,
            patient: None,
            request_id: None,
            what: What::SignInRefused {
                reason: trouble.code.clone(),
            },
        };
        if let Err(log) = self.append(ready, inner, event).await {
            return refused(log, 0);
        }
        let mut wait = inner.tries.pause(&user.id, Instant::now()).unwrap_or(0);
        if code == TroubleCode::WrongPin {
            wait = inner.tries.wrong(&user.id, Instant::now());
        }
        refused(trouble, wait)
    }

    pub(crate) fn session_dto(&self, session: &SignedIn) -> Session {
        Session {
            name: session.user.name.clone(),
            role: session.user.role,
            role_name: session.user.role_name.clone(),
            responsible: session
                .responsible
                .as_ref()
                .map(|doctor| doctor.name.clone()),
            setting: session.place.setting,
            may_view: session.user.role != Role::PrivacyOfficer
                && session.place.setting != Setting::Other,
            may_open_log: session.user.role == Role::PrivacyOfficer,
        }
    }
}

/// Views only on the responsibility of a doctor who is to be named.
const fn needs_responsible(role: Role) -> bool {
    matches!(role, Role::Nurse | Role::Assistant)
}

/// Signs in to nothing: neither a summary nor the log is for this role here.
const fn has_nothing_to_do(config: &Config, role: Role) -> bool {
    match role {
        Role::Pharmacist | Role::Unknown => true,
        Role::PhysicianAssistant => !config.house.physician_assistant,
        Role::NurseSpecialist => !config.house.nurse_specialist,
        Role::Doctor | Role::Nurse | Role::Assistant | Role::PrivacyOfficer => false,
    }
}

const fn refused(trouble: Trouble, wait_seconds: u32) -> SignInResult {
    SignInResult::Refused {
        trouble,
        wait_seconds,
    }
}
