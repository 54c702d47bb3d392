//! Every test uses the real store, in a folder of its own.

mod audit_events;
mod campaign;
mod checkpoints;
mod child;
mod contradictions;
mod elsewhere;
mod expiry;
mod failing;
mod flips;
mod format;
mod kill;
mod life;
mod merkle;
mod note;
mod outbox;
mod overviews;
mod overviews_in_full;
mod pdf;
mod plan;
mod round_trip;
mod sealing;
mod segments;
mod tamper;
mod trace;
mod types;
mod writers;

use std::path::Path;

use inzage_core::domain::bsn::Bsn;
use inzage_core::domain::consent::{Agreement, Basis, BasisProvenance, Ica};
use inzage_core::domain::event::{Actor, Event, Place, ReleasedSource, What};
use inzage_core::domain::user::{Means, OrganisationId, Role, Setting, User};
use rusqlite::Connection;
use sha2::{Digest, Sha256};

use crate::{
    LOG_FILE, LogKeys, LookupKey, OpenedAt, Opening, OrganisationKeyPair, Random, ViewLog,
};

/// A test BSN, so that "nothing plain" has something to look for.
const BSN: &str = "999900006";
const OTHER_BSN: &str = "999911120";
const REQUEST: &str = "6f1c2a34-5b6d-4e7f-8a90-1b2c3d4e5f60";

/// Bytes that follow from the seed: a failing test fails again.
fn random(seed: u64) -> Random {
    let mut count = 0_u64;
    Box::new(move |into| {
        for chunk in into.chunks_mut(32) {
            count += 1;
            let block = Sha256::new()
                .chain_update(seed.to_le_bytes())
                .chain_update(count.to_le_bytes())
                .finalize();
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
        Ok(())
    })
}

fn organisation(seed: u64) -> OrganisationKeyPair {
    OrganisationKeyPair::generate(&mut random(seed)).unwrap()
}

fn lookup(seed: u64) -> LookupKey {
    LookupKey::generate(&mut random(seed)).unwrap()
}

fn bsn(text: &str) -> Bsn {
    Bsn::parse(text).unwrap()
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

fn opened() -> OpenedAt {
    OpenedAt {
        at: "2026-11-22T01:00:00.000Z".into(),
        place: place(),
    }
}

fn keys_of(organisation: &OrganisationKeyPair, lookup: &LookupKey) -> LogKeys {
    LogKeys {
        organisation: organisation.public().clone(),
        lookup: lookup.clone(),
    }
}

/// Opens with the organisation of seed 1 and the look-up key of seed 2.
fn open(folder: &Path) -> (ViewLog, Opening) {
    let keys = keys_of(&organisation(1), &lookup(2));
    ViewLog::open(folder, keys, &opened(), random(std::process::id().into())).unwrap()
}

fn doctor() -> User {
    User {
        id: "900001234".into(),
        name: "Z. Quispelboom".into(),
        role: Role::Doctor,
        role_name: "waarnemend huisarts".into(),
        means: Means::Personal,
    }
}

fn assistant() -> Actor {
    Actor {
        user: User {
            id: "assistente-17".into(),
            name: "Wijnanda Überhof".into(),
            role: Role::Assistant,
            role_name: "triagist".into(),
            means: Means::Personal,
        },
        responsible: Some(doctor()),
    }
}

fn event(what: What) -> Event {
    Event {
        at: "2026-11-22T01:14:05.123Z".into(),
        actor: Some(assistant()),
        place: place(),
        patient: Some(bsn(BSN)),
        request_id: Some(REQUEST.into()),
        what,
    }
}

fn digest(number: u64) -> String {
    crate::hash::sha256(&[&number.to_be_bytes()]).to_string()
}

fn released(number: u64) -> Event {
    event(What::Released {
        digest: digest(number),
        sources: vec![ReleasedSource {
            source: "Huisartsenpraktijk Rietveld".into(),
            ura: Some("90000456".into()),
            basis: Some(Basis::Corona),
            provenance: Some(BasisProvenance::MarkerInMessage),
            marker_in: None,
            ica: Some(Ica::Withheld),
            refused: None,
        }],
        sections: vec!["episodes".into(), "contacts".into()],
        agreement: Some(Agreement::Patient),
        suspicion: Some(true),
    })
}

/// A small log as one evening leaves it: 1 head and `count` more entries.
fn small_log(folder: &Path, count: u64) {
    let (mut log, _) = open(folder);
    for number in 0..count {
        match number % 3 {
            0 => {
                log.append(&event(What::Objected)).unwrap();
            }
            1 => {
                let _receipt = log.append_released(&released(number)).unwrap();
            }
            _ => {
                log.append(&event(What::Displayed {
                    digest: digest(number - 1),
                }))
                .unwrap();
            }
        }
    }
}

/// The file with SQL of the test's own, as someone with the file would have it.
fn raw(folder: &Path) -> Connection {
    Connection::open(folder.join(LOG_FILE)).unwrap()
}

/// A limit that the environment may raise.
fn campaign(name: &str, ordinary: u64) -> u64 {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(ordinary)
}

/// A small generator for choices in tests, nothing secret.
struct Choice(u64);

impl Choice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}
