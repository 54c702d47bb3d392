//! An entry as FHIR R4 `AuditEvent` in the shape of IHE BALP.
//!
//! **Architecture Invariant:** a BSN can reach the organisation's own repository only. The function for
//! every other receiver is not given what was unsealed, so it has none to pass on.

mod activity;
mod pattern;
mod read_back;
mod resource;
mod same;

use base64::{Engine, engine::general_purpose::STANDARD};
use inzage_core::domain::event::{Event, Place, What};
use inzage_core::domain::user::{Role, Setting, User};
use serde_json::Value;

use crate::canonical::event_name;
use crate::entry::LogEntry;
use crate::error::LogError;
use crate::outbox::NotOpened;
use crate::read::{LogReader, newest_head};
pub use activity::{for_checkpoint, for_heartbeat};
use pattern::{DICOM, Pattern};
pub use read_back::{NotReadable, RepositoryEntry, number_of, read_back};
pub use resource::AuditEvent;
use resource::{
    Agent, Coding, Concept, Detail, DetailValue, Entity, Identifier, Meta, Network, OWN_TAG_SYSTEM,
    Reference, Source,
};

/// `urn:oid:` of the BSN, as Dutch FHIR profiles name it.
const BSN_SYSTEM: &str = "http://fhir.nl/fhir/NamingSystem/bsn";
const URA_SYSTEM: &str = "http://fhir.nl/fhir/NamingSystem/ura";
/// Ours: a user at the organisation, a keyed look-up, a sealed value, an event, a detail.
const USER_SYSTEM: &str = "urn:inzage:user";
const PSEUDONYM_SYSTEM: &str = "urn:inzage:pseudonym";
const SEALED_SYSTEM: &str = "urn:inzage:sealed";
const NOT_OPENED_SYSTEM: &str = "urn:inzage:not_opened";
/// System of the tag on what an overview says of where an entry was found.
const FOUND_SYSTEM: &str = "urn:inzage:found";
/// Type of the detail that holds an entry's canonical bytes.
const ENTRY_DETAIL: &str = "entry";
/// Type of the detail that holds an entry's leaf, for whoever does not get its bytes: without the salt
/// nobody can confirm a guess at what it is made of.
const LEAF_DETAIL: &str = "leaf";
/// Type of the detail that holds a checkpoint's note.
const NOTE_DETAIL: &str = "note";
/// Type of the detail that holds the log's last number.
const LAST_DETAIL: &str = "last";
const EVENT_SYSTEM: &str = "urn:inzage:event";
const ROLE_SYSTEM: &str = "urn:inzage:role";
const ACT_REASON: &str = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
const PARTICIPATION: &str = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
const ROLE_CLASS: &str = "http://terminology.hl7.org/CodeSystem/v3-RoleClass";
const ENTITY_TYPE: &str = "http://terminology.hl7.org/CodeSystem/audit-entity-type";
const OBJECT_ROLE: &str = "http://terminology.hl7.org/CodeSystem/object-role";
const BALP_ENTITY: &str = "https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType";
const RESOURCE_TYPES: &str = "http://hl7.org/fhir/resource-types";

/// The log's own id, from which the ids of its resources are made.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LogId(String);

impl LogId {
    /// Reads it from the newest segment's head.
    ///
    /// # Errors
    /// [`LogError::Corrupt`] where that head cannot be read.
    pub fn of(reader: &LogReader) -> Result<Self, LogError> {
        newest_head(&reader.connection).map(|head| Self(head.log))
    }

    /// 32 hexadecimal digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The tag of one entry's resource, as a search writes it (`system|code`).
    #[must_use]
    pub fn tag_of(&self, number: u64) -> String {
        resource::own_tag(&format!("{}-{number}", self.0))
    }
}

/// For the organisation's own NEN 7513 repository. With what was unsealed the patient is a BSN;
/// without it, the sealed value with the id of the key that opens it. The entry's canonical bytes go
/// along, so that [`read_back`] loses nothing.
#[must_use]
pub fn for_repository(entry: &LogEntry, log: &LogId, unsealed: Option<&Event>) -> AuditEvent {
    let patient = unsealed
        .and_then(|event| event.patient.as_ref())
        .map(|bsn| (identified(BSN_SYSTEM, bsn.reveal().to_owned()), None))
        .or_else(|| {
            entry.patient_lookup.as_ref()?;
            let sealed = identified(SEALED_SYSTEM, STANDARD.encode(entry.sealed()?));
            Some((sealed, Some(entry.seal_key.clone())))
        });
    let mut made = made(entry, log, unsealed, patient);
    made.entity.extend(entry_itself(entry));
    made
}

impl AuditEvent {
    /// With a tag on where it was found, in an overview.
    pub(crate) fn tagged(mut self, found: &str) -> Self {
        self.meta.tag.push(coding(FOUND_SYSTEM, found, None));
        self
    }
}

/// The canonical bytes. An entry came from bytes within the limit, and so has some.
fn entry_itself(entry: &LogEntry) -> Option<Entity> {
    let bytes = entry.canonical_bytes().ok()?;
    Some(log_entry(Detail {
        kind: ENTRY_DETAIL.to_owned(),
        value: DetailValue::Base64(STANDARD.encode(bytes)),
    }))
}

fn log_entry(says: Detail) -> Entity {
    Entity {
        detail: vec![says],
        ..entity(
            coding(ENTITY_TYPE, "2", Some("System Object")),
            Some(displayed("view log entry")),
        )
    }
}

/// As [`for_repository`] for an entry whose personal fields could not be read back: the patient is the
/// sealed value with the id of the key that opens it, and a tag says so and why.
#[must_use]
pub fn for_repository_sealed(entry: &LogEntry, log: &LogId, why: NotOpened) -> AuditEvent {
    let mut made = for_repository(entry, log, None);
    made.meta
        .tag
        .push(coding(NOT_OPENED_SYSTEM, why.code(), None));
    if entry.patient_lookup.is_none()
        && let Some(sealed) = entry.sealed()
    {
        // About no patient: what is sealed is who did it.
        made.entity.push(Entity {
            detail: vec![detail("sealed_to_key", &entry.seal_key)],
            ..entity(
                coding(ENTITY_TYPE, "1", Some("Person")),
                Some(identified(SEALED_SYSTEM, STANDARD.encode(sealed))),
            )
        });
    }
    made
}

/// For any other receiver: patient and user by their keyed look-ups only. Which entry it is, whatever
/// stands under its number elsewhere, its leaf says.
#[must_use]
pub fn for_other_sink(entry: &LogEntry, log: &LogId) -> AuditEvent {
    let patient = entry
        .patient_lookup
        .clone()
        .map(|pseudonym| (identified(PSEUDONYM_SYSTEM, pseudonym), None));
    let mut made = made(entry, log, None, patient);
    let leaf = entry
        .leaf
        .map(|leaf| detail(LEAF_DETAIL, &leaf.to_string()));
    made.entity.extend(leaf.map(log_entry));
    made
}

/// Identifier of the patient, and the key that opens it where it is sealed.
type Patient = Option<(Reference, Option<String>)>;

fn made(entry: &LogEntry, log: &LogId, unsealed: Option<&Event>, patient: Patient) -> AuditEvent {
    let name = event_name(&entry.what);
    let pattern = pattern::of(&entry.what);
    // A profile about a patient is not claimed for what is about nobody.
    let profile = pattern.profile.filter(|_| patient.is_some());
    let mut subtype = vec![coding(EVENT_SYSTEM, name, None)];
    if let Some((system, code, display)) = pattern.subtype {
        subtype.insert(0, coding(system, code, Some(display)));
    }
    let id = format!("{}-{}", log.0, entry.sequence);
    AuditEvent {
        resource_type: "AuditEvent",
        meta: meta(&id, profile),
        id,
        kind: coding(pattern.system, pattern.code, Some(pattern.display)),
        subtype,
        action: pattern.action,
        recorded: entry.at.clone(),
        outcome: pattern.outcome,
        outcome_desc: outcome_desc(&entry.what),
        agent: agents(entry, unsealed, &pattern),
        source: source(&entry.place),
        entity: entities(entry, profile, patient),
    }
}

fn meta(id: &str, profile: Option<&'static str>) -> Meta {
    Meta {
        profile: profile.into_iter().collect(),
        tag: vec![coding(OWN_TAG_SYSTEM, id, None)],
    }
}

fn source(place: &Place) -> Source {
    Source {
        site: place.organisation.workstation.clone(),
        observer: organisation(place),
        kind: vec![coding(
            "http://terminology.hl7.org/CodeSystem/security-source-type",
            "1",
            Some("User Device"),
        )],
    }
}

fn agents(entry: &LogEntry, unsealed: Option<&Event>, pattern: &Pattern) -> Vec<Agent> {
    let purpose = purpose(entry.place.setting);
    let actor = unsealed.and_then(|event| event.actor.as_ref());
    let mut agents = Vec::new();
    // In a query the workstation is where it comes from; what is read comes to it.
    let (here, there) = if pattern.profile == Some(pattern::QUERY) {
        (
            ("110153", "Source Role ID"),
            ("110152", "Destination Role ID"),
        )
    } else {
        (
            ("110152", "Destination Role ID"),
            ("110153", "Source Role ID"),
        )
    };
    let own = match pattern.profile {
        Some(pattern::QUERY | pattern::READ) => here,
        _ => ("110150", "Application"),
    };
    let workstation = &entry.place.organisation.workstation;
    agents.push(Agent {
        network: Some(Network {
            address: workstation.clone(),
            kind: "1",
        }),
        ..agent(DICOM, own, displayed(workstation))
    });
    if let Some(pattern::QUERY | pattern::READ) = pattern.profile {
        agents.push(agent(DICOM, there, displayed("LSP / source")));
    }
    if let Some(logged) = &entry.actor {
        let person = |user: Option<&User>, role: Role, lookup: Option<&String>| {
            let who = user.map_or_else(
                || {
                    lookup.map_or_else(Reference::default, |l| {
                        identified(PSEUDONYM_SYSTEM, l.clone())
                    })
                },
                |user| Reference {
                    display: Some(user.name.clone()),
                    ..identified(USER_SYSTEM, user.id.clone())
                },
            );
            let text = user.map(|user| user.role_name.clone());
            (
                who,
                Concept {
                    coding: vec![coding(ROLE_SYSTEM, &code(&role), None)],
                    text,
                },
            )
        };
        let user = actor.map(|actor| &actor.user);
        let (who, role) = person(user, logged.role, entry.user_lookup.as_ref());
        agents.push(Agent {
            role: vec![role],
            requestor: true,
            purpose_of_use: purpose.map(concept).into_iter().collect(),
            ..agent(PARTICIPATION, ("IRCP", "information recipient"), who)
        });
        if let Some(responsible) = &logged.responsible {
            let user = actor.and_then(|actor| actor.responsible.as_ref());
            let (mut who, role) = person(user, responsible.role, None);
            if user.is_none() {
                // The look-up is of the person at the screen; who is responsible stays sealed.
                who = displayed("sealed");
            }
            agents.push(Agent {
                role: vec![role],
                ..agent(PARTICIPATION, ("RESP", "responsible party"), who)
            });
        }
    }
    agents.push(agent(
        ROLE_CLASS,
        ("PROV", "healthcare provider"),
        organisation(&entry.place),
    ));
    if pattern.profile == Some(pattern::CONSENT) {
        let system = "http://terminology.hl7.org/CodeSystem/extra-security-role-type";
        agents.push(agent(
            system,
            ("authserver", "authorization server"),
            displayed(workstation),
        ));
    }
    agents
}

fn entities(entry: &LogEntry, profile: Option<&str>, patient: Patient) -> Vec<Entity> {
    let mut entities = Vec::new();
    if profile == Some(pattern::QUERY) {
        let asked = format!(
            "GP summary, X-Request-Id: {}",
            entry.request_id.as_deref().unwrap_or("none")
        );
        entities.push(Entity {
            role: Some(coding(OBJECT_ROLE, "24", Some("Query"))),
            query: Some(STANDARD.encode(asked)),
            ..entity(coding(ENTITY_TYPE, "2", Some("System Object")), None)
        });
    }
    if profile == Some(pattern::READ) {
        entities.push(Entity {
            role: Some(coding(OBJECT_ROLE, "4", Some("Domain Resource"))),
            ..entity(
                coding(ENTITY_TYPE, "2", Some("System Object")),
                Some(displayed("GP summary")),
            )
        });
    }
    if let Some((who, seal_key)) = patient {
        entities.push(Entity {
            role: Some(coding(OBJECT_ROLE, "1", Some("Patient"))),
            detail: seal_key
                .into_iter()
                .map(|key| detail("sealed_to_key", &key))
                .collect(),
            ..entity(coding(ENTITY_TYPE, "1", Some("Person")), Some(who))
        });
    }
    let details = details(&entry.what);
    if !details.is_empty() || profile == Some(pattern::CONSENT) {
        entities.push(Entity {
            detail: details,
            ..entity(
                coding(RESOURCE_TYPES, "Consent", None),
                Some(displayed("consent basis and circumstances")),
            )
        });
    }
    if let Some(request) = &entry.request_id {
        entities.push(request_entity(request));
    }
    if let What::Sent { message_ids, .. } = &entry.what {
        entities.extend(message_ids.iter().map(|id| request_entity(id)));
    }
    entities
}

fn request_entity(id: &str) -> Entity {
    let what = Reference {
        identifier: Some(Identifier {
            system: None,
            value: id.to_owned(),
        }),
        display: None,
    };
    entity(coding(BALP_ENTITY, "XrequestId", None), Some(what))
}

/// The event's own members: basis, source, reason, sections, answers; codes as in the log.
fn details(what: &What) -> Vec<Detail> {
    let mut details = Vec::new();
    if let Ok(Value::Object(members)) = serde_json::to_value(what) {
        for (name, value) in &members {
            if name != "event" && name != "message_ids" {
                flatten(name, value, &mut details);
            }
        }
    }
    details
}

fn flatten(name: &str, value: &Value, into: &mut Vec<Detail>) {
    match value {
        Value::Null => {}
        // FHIR has no empty strings.
        Value::String(text) if text.is_empty() => {}
        Value::String(text) => into.push(detail(name, text)),
        Value::Bool(_) | Value::Number(_) => into.push(detail(name, &value.to_string())),
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                match item {
                    Value::Object(_) => flatten(&format!("{name}[{at}]"), item, into),
                    _ => flatten(name, item, into),
                }
            }
        }
        Value::Object(members) => {
            for (member, value) in members {
                flatten(&format!("{name}.{member}"), value, into);
            }
        }
    }
}

fn outcome_desc(what: &What) -> Option<String> {
    match what {
        What::Refused { reason, .. } | What::SignInRefused { reason } => Some(reason.clone()),
        What::ReceivedNotShown { why, .. } => Some(format!("received, not shown: {why}")),
        What::Failed { code, .. } => Some(code.clone()),
        What::Objected => Some("the patient objected: nothing was asked".to_owned()),
        What::Released { .. } => Some("released to the screen: it may have been seen".to_owned()),
        What::Displayed { .. } => Some("the screen reported it as shown".to_owned()),
        _ => None,
    }
}

const fn purpose(setting: Setting) -> Option<(&'static str, &'static str)> {
    match setting {
        Setting::AfterHours => Some(("TREAT", "treatment")),
        Setting::Emergency => Some(("ETREAT", "Emergency Treatment")),
        Setting::Other => None,
    }
}

fn concept((code, display): (&'static str, &'static str)) -> Concept {
    Concept {
        coding: vec![coding(ACT_REASON, code, Some(display))],
        text: None,
    }
}

fn code(role: &Role) -> String {
    match serde_json::to_value(role) {
        Ok(Value::String(code)) => code,
        _ => "unknown".to_owned(),
    }
}

fn organisation(place: &Place) -> Reference {
    let organisation = &place.organisation;
    Reference {
        display: Some(organisation.name.clone()),
        ..identified(URA_SYSTEM, organisation.ura.clone())
    }
}

fn identified(system: &'static str, value: String) -> Reference {
    Reference {
        identifier: Some(Identifier {
            system: Some(system),
            value,
        }),
        display: None,
    }
}

fn displayed(text: &str) -> Reference {
    Reference {
        identifier: None,
        display: Some(text.to_owned()),
    }
}

fn agent(system: &'static str, (code, display): (&str, &str), who: Reference) -> Agent {
    Agent {
        kind: Concept {
            coding: vec![coding(system, code, Some(display))],
            text: None,
        },
        role: Vec::new(),
        who,
        requestor: false,
        network: None,
        purpose_of_use: Vec::new(),
    }
}

fn entity(kind: Coding, what: Option<Reference>) -> Entity {
    Entity {
        what,
        kind,
        role: None,
        query: None,
        detail: Vec::new(),
    }
}

fn coding(system: &'static str, code: &str, display: Option<&str>) -> Coding {
    Coding {
        system,
        code: code.to_owned(),
        display: display.map(str::to_owned),
    }
}

fn detail(kind: &str, value: &str) -> Detail {
    Detail {
        kind: kind.to_owned(),
        value: DetailValue::String(value.to_owned()),
    }
}
