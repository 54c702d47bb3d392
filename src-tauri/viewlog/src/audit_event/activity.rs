//! What is said about the log itself, and stands in none of its entries: a checkpoint, and that the app
//! is there although nothing happens.

use super::{
    AuditEvent, Coding, DICOM, Detail, DetailValue, ENTITY_TYPE, EVENT_SYSTEM, Engine, Entity,
    LAST_DETAIL, LogId, NOTE_DETAIL, Network, Place, ROLE_CLASS, STANDARD, agent, coding, detail,
    displayed, entity, identified, meta, organisation, source,
};
use crate::checkpoint::Checkpoint;
use crate::checkpointing::Checkpointed;

const CHECKPOINT_SYSTEM: &str = "urn:inzage:checkpoint";

/// A checkpoint's note, for whoever is to witness it: byte for byte, in base64. Nothing in it is personal.
#[must_use]
pub fn for_checkpoint(checkpoint: &Checkpointed, log: &LogId, place: &Place) -> AuditEvent {
    // A row that is no checkpoint is for verification to name; the witness gets it as it is.
    let at = Checkpoint::open(&checkpoint.note).map_or_else(
        |_| "1970-01-01T00:00:00.000Z".to_owned(),
        |checkpoint| checkpoint.at,
    );
    let id = format!("{}-checkpoint-{}", log.0, checkpoint.number);
    let entities = vec![noted(checkpoint, log)];
    made(id, "checkpoint", at, place, entities)
}

/// That the app is there, the last number that it wrote, and the newest checkpoint: a receiver that
/// hears nothing knows that nothing was seen, and not that nothing arrives. `at` as in an entry.
#[must_use]
pub fn for_heartbeat(
    last: u64,
    checkpoint: Option<&Checkpointed>,
    log: &LogId,
    place: &Place,
    at: &str,
) -> AuditEvent {
    let digits: String = at.chars().filter(char::is_ascii_digit).collect();
    let id = format!("{}-heartbeat-{digits}", log.0);
    let mut entities = vec![Entity {
        detail: vec![detail(LAST_DETAIL, &last.to_string())],
        ..entity(system_object(), Some(displayed("view log")))
    }];
    entities.extend(checkpoint.map(|checkpoint| noted(checkpoint, log)));
    made(id, "heartbeat", at.to_owned(), place, entities)
}

fn made(id: String, event: &str, at: String, place: &Place, entity: Vec<Entity>) -> AuditEvent {
    let workstation = &place.organisation.workstation;
    let mut application = agent(DICOM, ("110150", "Application"), displayed(workstation));
    application.network = Some(Network {
        address: workstation.clone(),
        kind: "1",
    });
    AuditEvent {
        resource_type: "AuditEvent",
        meta: meta(&id, None),
        id,
        kind: coding(DICOM, "110100", Some("Application Activity")),
        subtype: vec![coding(EVENT_SYSTEM, event, None)],
        action: "E",
        recorded: at,
        outcome: "0",
        outcome_desc: None,
        agent: vec![
            application,
            agent(
                ROLE_CLASS,
                ("PROV", "healthcare provider"),
                organisation(place),
            ),
        ],
        source: source(place),
        entity,
    }
}

fn noted(checkpoint: &Checkpointed, log: &LogId) -> Entity {
    let number = format!("{}-{}", log.0, checkpoint.number);
    Entity {
        detail: vec![
            detail("size", &checkpoint.size.to_string()),
            Detail {
                kind: NOTE_DETAIL.to_owned(),
                value: DetailValue::Base64(STANDARD.encode(&checkpoint.note)),
            },
        ],
        ..entity(system_object(), Some(identified(CHECKPOINT_SYSTEM, number)))
    }
}

fn system_object() -> Coding {
    coding(ENTITY_TYPE, "2", Some("System Object"))
}
