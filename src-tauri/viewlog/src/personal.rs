//! The fields of an entry that only the organisation may read.

use inzage_core::domain::bsn::Bsn;
use inzage_core::domain::event::{Actor, Event};
use inzage_core::domain::user::User;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::canonical::{LoggedActor, LoggedResponsible};
use crate::limits::SEALED_PAD_BYTES;

/// Who and whom, sealed as JSON padded with blanks.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
pub(crate) struct Personal {
    bsn: Option<String>,
    user: Option<Person>,
    responsible: Option<Person>,
}

#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
struct Person {
    id: String,
    name: String,
    role_name: String,
}

impl Personal {
    /// `None` where an event has nothing personal.
    pub(crate) fn of(event: &Event) -> Option<Self> {
        let personal = Self {
            bsn: event.patient.as_ref().map(|bsn| bsn.reveal().to_owned()),
            user: event.actor.as_ref().map(|actor| Person::of(&actor.user)),
            responsible: event
                .actor
                .as_ref()
                .and_then(|actor| actor.responsible.as_ref())
                .map(Person::of),
        };
        let anything = personal.bsn.is_some() || personal.user.is_some();
        anything.then_some(personal)
    }

    /// JSON, padded so that its length does not tell names apart.
    pub(crate) fn to_padded(&self) -> Option<Zeroizing<Vec<u8>>> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(SEALED_PAD_BYTES * 8));
        serde_json::to_writer(&mut *bytes, self).ok()?;
        let padded = bytes.len().next_multiple_of(SEALED_PAD_BYTES);
        bytes.resize(padded, b' ');
        Some(bytes)
    }

    pub(crate) fn from_padded(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }

    pub(crate) fn bsn(&self) -> Option<Option<Bsn>> {
        match &self.bsn {
            None => Some(None),
            Some(text) => Bsn::parse(text).ok().map(Some),
        }
    }

    /// Joins the sealed half of the actor with the readable one; `None` if they contradict.
    pub(crate) fn actor(&self, logged: Option<&LoggedActor>) -> Option<Option<Actor>> {
        match (&self.user, logged) {
            (None, None) => Some(None),
            (Some(user), Some(logged)) => {
                let responsible = match (&self.responsible, &logged.responsible) {
                    (None, None) => None,
                    (Some(person), Some(LoggedResponsible { role, means })) => {
                        Some(person.join(*role, *means))
                    }
                    _ => return None,
                };
                Some(Some(Actor {
                    user: user.join(logged.role, logged.means),
                    responsible,
                }))
            }
            _ => None,
        }
    }
}

impl Person {
    fn of(user: &User) -> Self {
        Self {
            id: user.id.clone(),
            name: user.name.clone(),
            role_name: user.role_name.clone(),
        }
    }

    fn join(
        &self,
        role: inzage_core::domain::user::Role,
        means: inzage_core::domain::user::Means,
    ) -> User {
        User {
            id: self.id.clone(),
            name: self.name.clone(),
            role,
            role_name: self.role_name.clone(),
            means,
        }
    }
}

impl LoggedActor {
    pub(crate) fn of(actor: &Actor) -> Self {
        Self {
            role: actor.user.role,
            means: actor.user.means,
            responsible: actor.responsible.as_ref().map(|user| LoggedResponsible {
                role: user.role,
                means: user.means,
            }),
        }
    }
}
