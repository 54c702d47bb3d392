//! What the benches of the view log share: keys, events, and a folder on a real disk.
#![allow(dead_code)] // each bench takes what it needs

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use inzage_core::domain::bsn::Bsn;
use inzage_core::domain::consent::{Agreement, Basis, BasisProvenance, Ica};
use inzage_core::domain::event::{Actor, Event, Place, ReleasedSource, What};
use inzage_core::domain::user::{Means, OrganisationId, Role, Setting, User};
use inzage_viewlog::{LogKeys, LookupKey, OpenedAt, OrganisationKeyPair, Random, ViewLog};
use sha2::{Digest, Sha256};

pub fn open(folder: &Path) -> ViewLog {
    let keys = LogKeys {
        organisation: organisation().public().clone(),
        lookup: LookupKey::generate(&mut random(2)).unwrap(),
    };
    let opened = OpenedAt {
        at: at(),
        place: place(),
    };
    ViewLog::open(folder, keys, &opened, random(3)).unwrap().0
}

pub fn organisation() -> OrganisationKeyPair {
    OrganisationKeyPair::generate(&mut random(1)).unwrap()
}

pub fn median(times: &[Duration]) -> Duration {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    sorted[sorted.len() / 2]
}

pub fn shown(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1_000.0)
}

pub fn released(number: usize) -> Event {
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
        sections: [
            "episodes",
            "attention_lines",
            "contacts",
            "medication",
            "measurements",
        ]
        .map(str::to_owned)
        .to_vec(),
        agreement: Some(Agreement::Patient),
        suspicion: Some(true),
    })
}

pub fn displayed(number: usize) -> Event {
    event(What::Displayed {
        digest: digest(number),
    })
}

pub fn event(what: What) -> Event {
    let doctor = User {
        id: "900001234".into(),
        name: "M. van Dijk".into(),
        role: Role::Doctor,
        role_name: "huisarts".into(),
        means: Means::Personal,
    };
    Event {
        at: at(),
        actor: Some(Actor {
            user: doctor,
            responsible: None,
        }),
        place: place(),
        patient: Some(Bsn::parse("999900006").unwrap()),
        request_id: Some("6f1c2a34-5b6d-4e7f-8a90-1b2c3d4e5f60".into()),
        what,
    }
}

pub fn at() -> String {
    "2026-11-22T01:14:05.123Z".into()
}

pub fn place() -> Place {
    Place {
        organisation: OrganisationId {
            ura: "90000901".into(),
            name: "Huisartsenpost Noord-Limburg".into(),
            workstation: "werkplek 4".into(),
        },
        setting: Setting::AfterHours,
    }
}

pub fn digest(number: usize) -> String {
    Sha256::digest(number.to_be_bytes())
        .iter()
        .fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

/// Bytes that follow from the seed, so that two logs hold the same.
pub fn random(seed: u64) -> Random {
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

/// In the target folder, unless `INZAGE_BENCH_FOLDER` says otherwise: the temporary one
/// may lie in memory, where a sync costs nothing.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new(name: &str) -> Self {
        let parent = std::env::var_os("INZAGE_BENCH_FOLDER")
            .map_or_else(|| env!("CARGO_TARGET_TMPDIR").into(), PathBuf::from);
        let path = parent.join(format!("{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _gone = fs::remove_dir_all(&self.0);
    }
}
