//! Where a summary's data came from, and how each source answered.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::document::SectionKind;
use crate::domain::consent::{Basis, BasisProvenance, Decision, MarkerElement};
use crate::domain::person::{Author, Organisation, Patient};

/// One source of a look-up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SourceSummary {
    /// Key within this summary (`s1`).
    pub key: String,
    /// Name to show: practice or pharmacy; the exchange's word until the message gives its own.
    pub name: String,
    /// The organisation as the message gives it.
    pub organisation: Option<Organisation>,
    /// Who answers for the record (own GP).
    pub author: Option<Author>,
    /// Basis; `None` where nothing arrived to conclude it from.
    pub basis: Option<Basis>,
    /// What the basis was concluded from.
    pub provenance: Option<BasisProvenance>,
    /// Where the message carried what the basis was concluded from; `None` where it carried nothing.
    pub marker_in: Option<MarkerElement>,
    /// The decision taken for it; `None` where nothing arrived to decide on.
    pub decision: Option<Decision>,
    /// How it answered.
    pub delivery: Delivery,
    /// How each of its messages was answered, with the sections it would have filled.
    pub parts: Vec<PartDelivery>,
    /// When it was retrieved: local time, ISO 8601 with seconds.
    pub retrieved_at: Option<String>,
    /// The patient as this source describes them.
    pub patient: Option<Patient>,
    /// What the message says about itself (id, creation time, sender, …), verbatim.
    pub transmission: Vec<Fact>,
}

/// How one message of a source was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PartDelivery {
    /// Interaction id (`REPC_IN990111NL`) or FHIR resource (`Bundle`).
    pub interaction: String,
    /// The sections it fills, or would have filled.
    pub sections: Vec<SectionKind>,
    /// How it was answered.
    pub delivery: Delivery,
}

/// How a source answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Delivery {
    /// Delivered in full, as far as it says.
    Delivered,
    /// Delivered, and more is missing.
    Partial {
        /// What is missing.
        missing: Missing,
    },
    /// Answered that it found nothing.
    NothingFound,
    /// Refused by the exchange or the source.
    RefusedBySource {
        /// The code it gave (`AUTERR_SWV_FALSE`).
        code: String,
        /// The organisation it names, where it does (URA).
        organisation_ura: Option<String>,
    },
    /// Error or time-out.
    Failed {
        /// Stable code of ours.
        code: String,
    },
    /// Still on its way.
    Awaited,
    /// Stopped by the user.
    Cancelled,
}

/// What is missing from a partial delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// Fewer parts than announced.
    FewerThanAnnounced,
    /// More results remain at the source.
    MoreRemaining,
    /// The source's answer carries a code this version does not know.
    UnknownAnswer,
    /// Part of the message could not be read.
    UnreadablePart,
}

/// A named value, verbatim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Fact {
    /// Name, as a stable key the screen translates where it knows it.
    pub name: String,
    /// Value as received.
    pub value: String,
}
