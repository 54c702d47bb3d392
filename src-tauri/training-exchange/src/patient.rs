//! A patient of the exchange: whose messages, from which sources, with what outcome.

use std::path::PathBuf;
use std::time::Duration;

use bytes::Bytes;
use serde::Serialize;

use crate::write::{Block, Reply};

/// One fictitious patient.
#[derive(Debug, Clone)]
pub(crate) struct Patient {
    pub(crate) listed: ListedPatient,
    pub(crate) sources: Vec<Source>,
}

/// What a trainer sees of a patient, as `GET /training/patients` answers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListedPatient {
    /// Nine digits that pass the eleven-test.
    pub bsn: String,
    /// `YYYY-MM-DD`, as the doctor would type it. The message may say otherwise, on purpose.
    pub birth_date: String,
    /// What this patient shows, in Dutch.
    pub label_nl: String,
    /// What this patient shows, in English.
    pub label_en: String,
}

/// One source of a patient: a GP practice or a pharmacy.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) outcome: Outcome,
    pub(crate) content: Option<Content>,
    /// What single building blocks answer, where it is something else than the source's outcome.
    pub(crate) blocks: Vec<(Block, Reply)>,
    pub(crate) delay: Duration,
    /// Registered under the corona opt-in: not listed and silent while the measure is stopped.
    pub(crate) corona: bool,
}

impl Source {
    /// What a building block answers.
    pub(crate) fn reply(&self, block: Block) -> Reply {
        let own = self.blocks.iter().find(|(of, _)| *of == block);
        own.map_or(
            match self.outcome {
                Outcome::NothingFound => Reply::NothingFound,
                Outcome::RefusedElsewhere => Reply::RefusedElsewhere,
                Outcome::Error | Outcome::Timeout => Reply::Error,
                Outcome::UnknownAck => Reply::UnknownAck,
                Outcome::Deliver | Outcome::Cut | Outcome::Broken | Outcome::Raw => Reply::Deliver,
            },
            |(_, reply)| *reply,
        )
    }
}

/// What a source does when it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Its file, wrapped.
    Deliver,
    /// A message of its own with queryResponseCode NF.
    NothingFound,
    /// Acknowledged AE with AUTERR_SWV_FALSE: there is more outside the region.
    RefusedElsewhere,
    /// Acknowledged AE with QABRTITI.
    Error,
    /// Never answers.
    Timeout,
    /// The connection is cut in the middle of the body.
    Cut,
    /// The first half of its file, as a complete body.
    Broken,
    /// Its file, with an acknowledgement code that nobody knows.
    UnknownAck,
    /// Its file byte for byte, without any wrapping.
    Raw,
}

impl Outcome {
    pub(crate) const ALL: [(&'static str, Self); 9] = [
        ("deliver", Self::Deliver),
        ("nothing_found", Self::NothingFound),
        ("refused_elsewhere", Self::RefusedElsewhere),
        ("error", Self::Error),
        ("timeout", Self::Timeout),
        ("cut", Self::Cut),
        ("broken", Self::Broken),
        ("unknown_ack", Self::UnknownAck),
        ("raw", Self::Raw),
    ];

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, outcome)| *outcome)
    }

    pub(crate) fn needs_file(self) -> bool {
        matches!(
            self,
            Self::Deliver | Self::Cut | Self::Broken | Self::UnknownAck | Self::Raw
        )
    }
}

/// Where a source's message comes from.
#[derive(Debug, Clone)]
pub(crate) enum Content {
    /// Part of the program.
    Embedded(&'static str),
    /// Made by the program when asked for.
    Generated(fn() -> String),
    /// A file of the trainer's, read anew at every request, so that it can be edited meanwhile.
    File(PathBuf),
}

impl Content {
    /// The bytes as they are.
    pub(crate) async fn bytes(&self) -> std::io::Result<Bytes> {
        match self {
            Self::Embedded(text) => Ok(Bytes::from_static(text.as_bytes())),
            Self::Generated(make) => Ok(Bytes::from(make())),
            Self::File(path) => {
                let path = path.clone();
                tokio::task::spawn_blocking(move || std::fs::read(path))
                    .await?
                    .map(Bytes::from)
            }
        }
    }
}
