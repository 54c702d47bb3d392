//! The parts of FHIR R4 `AuditEvent` that are used here (hl7.org/fhir/R4/auditevent.html).

use serde::Serialize;

/// System of the tag by which a resource is found again.
pub(super) const OWN_TAG_SYSTEM: &str = "urn:inzage:entry";

/// The tag of the resource with this id, as a search writes it.
pub(super) fn own_tag(id: &str) -> String {
    format!("{OWN_TAG_SYSTEM}|{id}")
}

/// FHIR R4 `AuditEvent`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditEvent {
    pub(super) resource_type: &'static str,
    pub(super) id: String,
    pub(super) meta: Meta,
    #[serde(rename = "type")]
    pub(super) kind: Coding,
    pub(super) subtype: Vec<Coding>,
    pub(super) action: &'static str,
    pub(super) recorded: String,
    pub(super) outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) outcome_desc: Option<String>,
    pub(super) agent: Vec<Agent>,
    pub(super) source: Source,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) entity: Vec<Entity>,
}

impl AuditEvent {
    /// The resource's id: the same for the same entry, however often it is sent.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The tag that is this resource's own, as a search writes it (`system|code`): its code is the id,
    /// and unlike the id a server keeps it.
    #[must_use]
    pub fn own_tag(&self) -> String {
        own_tag(&self.id)
    }

    /// What of ours it is: an event of the log by its name, `checkpoint` or `heartbeat`.
    #[must_use]
    pub fn event(&self) -> &str {
        self.subtype.last().map_or("", |own| &own.code)
    }

    /// Whose workstation it came from.
    #[must_use]
    pub fn site(&self) -> &str {
        &self.source.site
    }

    /// When it was recorded: UTC, RFC 3339.
    #[must_use]
    pub fn recorded(&self) -> &str {
        &self.recorded
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Meta {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) profile: Vec<&'static str>,
    pub(super) tag: Vec<Coding>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Coding {
    pub(super) system: &'static str,
    pub(super) code: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) display: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Concept {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) coding: Vec<Coding>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) text: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(super) struct Reference {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) identifier: Option<Identifier>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) display: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Identifier {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) system: Option<&'static str>,
    pub(super) value: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Agent {
    #[serde(rename = "type")]
    pub(super) kind: Concept,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) role: Vec<Concept>,
    pub(super) who: Reference,
    pub(super) requestor: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) network: Option<Network>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) purpose_of_use: Vec<Concept>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Network {
    pub(super) address: String,
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Source {
    pub(super) site: String,
    pub(super) observer: Reference,
    #[serde(rename = "type")]
    pub(super) kind: Vec<Coding>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Entity {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) what: Option<Reference>,
    #[serde(rename = "type")]
    pub(super) kind: Coding,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) role: Option<Coding>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) query: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) detail: Vec<Detail>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Detail {
    #[serde(rename = "type")]
    pub(super) kind: String,
    #[serde(flatten)]
    pub(super) value: DetailValue,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) enum DetailValue {
    #[serde(rename = "valueString")]
    String(String),
    /// Where every byte counts: a FHIR string may lose white space at its ends.
    #[serde(rename = "valueBase64Binary")]
    Base64(String),
}
