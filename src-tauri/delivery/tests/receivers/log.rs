//! A view log with an outbox, and what a busy evening writes into it.

use std::path::Path;
use std::time::Duration;

use inzage_core::domain::bsn::Bsn;
use inzage_core::domain::event::{Actor, Event, Place, What};
use inzage_core::domain::user::{Means, OrganisationId, Role, Setting, User};
use inzage_delivery::{Bell, Pace};
use inzage_viewlog::{
    CheckpointKey, CheckpointKeychain, KeychainFailed, LogKeys, LookupKey, OpenedAt,
    OrganisationKeyPair, OutboxKey, Random, RandomFailed, ViewLog,
};

pub const BSN: &str = "999900006";
pub const USER: &str = "Wijnanda Überhof";
pub const AT: &str = "2026-11-22T01:14:05.123Z";

pub struct Log {
    pub log: ViewLog,
    pub bell: Bell,
    pub organisation: OrganisationKeyPair,
    place: Place,
    keychain: Keychain,
    pub last: u64,
    pub checkpoints: u64,
}

impl Log {
    pub fn open(folder: &Path) -> Self {
        let organisation = OrganisationKeyPair::generate(&mut random()).unwrap();
        Self::of(folder, organisation, "balie 2")
    }

    /// A workstation of this organisation.
    pub fn of(folder: &Path, organisation: OrganisationKeyPair, workstation: &str) -> Self {
        let mut place = place();
        place.organisation.workstation = workstation.into();
        let keys = LogKeys {
            organisation: organisation.public().clone(),
            lookup: LookupKey::generate(&mut random()).unwrap(),
        };
        let opened = OpenedAt {
            at: AT.into(),
            place: place.clone(),
        };
        let (log, _) = ViewLog::open(folder, keys, &opened, random()).unwrap();
        Self {
            log: log.with_outbox(key()),
            bell: Bell::new(),
            organisation,
            place,
            keychain: Keychain(None),
            last: 1,
            checkpoints: 0,
        }
    }

    pub fn append(&mut self, count: u64) {
        for _ in 0..count {
            self.append_silently(1);
            self.bell.ring();
        }
    }

    pub fn append_silently(&mut self, count: u64) {
        for _ in 0..count {
            self.last = self.log.append(&objected()).unwrap().sequence;
        }
    }

    /// A look-up of its own that was objected to, about this patient.
    pub fn append_about(&mut self, bsn: &str, request: &str) {
        let event = Event {
            patient: Some(Bsn::parse(bsn).unwrap()),
            request_id: Some(request.into()),
            place: self.place.clone(),
            ..objected()
        };
        self.last = self.log.append(&event).unwrap().sequence;
        self.bell.ring();
    }

    pub fn checkpoint(&mut self) {
        let made = self.log.checkpoint(&mut self.keychain, AT).unwrap();
        self.checkpoints = made.unwrap().number;
        self.bell.ring();
    }
}

pub fn key() -> OutboxKey {
    OutboxKey::from_bytes([7; 32])
}

/// As the default, and quick.
pub fn pace() -> Pace {
    Pace {
        retry_first: Duration::from_millis(50),
        retry_last: Duration::from_millis(500),
        refused: Duration::from_millis(200),
        connect_wait: Duration::from_secs(10),
        answer_wait: Duration::from_secs(10),
        look: Duration::from_millis(200),
        search_wait: Duration::from_secs(60),
        batch: 5,
    }
}

fn objected() -> Event {
    Event {
        at: AT.into(),
        actor: Some(Actor {
            user: User {
                id: "assistente-17".into(),
                name: USER.into(),
                role: Role::Assistant,
                role_name: "triagist".into(),
                means: Means::Personal,
            },
            responsible: None,
        }),
        place: place(),
        patient: Some(Bsn::parse(BSN).unwrap()),
        request_id: Some("6f1c2a34-5b6d-4e7f-8a90-1b2c3d4e5f60".into()),
        what: What::Objected,
    }
}

fn place() -> Place {
    Place {
        organisation: OrganisationId {
            ura: "90000123".into(),
            name: "Huisartsenpost De Vliet".into(),
            workstation: "balie 2".into(),
        },
        setting: Setting::AfterHours,
    }
}

fn random() -> Random {
    Box::new(|into| getrandom::fill(into).map_err(|_| RandomFailed))
}

struct Keychain(Option<Vec<u8>>);

impl CheckpointKeychain for Keychain {
    fn read(&mut self) -> Result<Option<CheckpointKey>, KeychainFailed> {
        self.0
            .as_ref()
            .map(|bytes| CheckpointKey::from_bytes(bytes).ok_or(KeychainFailed))
            .transpose()
    }

    fn keep(&mut self, key: &CheckpointKey) -> Result<(), KeychainFailed> {
        self.0 = Some(key.reveal().to_vec());
        Ok(())
    }
}
