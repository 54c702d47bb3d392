//! Who sits at the screen, by what means, in what setting.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a person may do, from the role on the card or in the token
/// (UZI role codes: `01.*` doctor, `17.*` pharmacist, `30.*` nurse, `81.*` physician assistant).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// UZI `01.*`: may view.
    Doctor,
    /// UZI `81.*`: may view where the house rules say so (default: not).
    PhysicianAssistant,
    /// A nurse specialist (UZI `30.*` with a specialism): as the physician assistant.
    NurseSpecialist,
    /// UZI `30.*`: only under a named doctor's mandate.
    Nurse,
    /// A doctor's assistant: only under a named doctor's mandate.
    Assistant,
    /// UZI `17.*`: never views a summary.
    Pharmacist,
    /// Opens the log and never a summary.
    PrivacyOfficer,
    /// Not known to this installation: never views.
    Unknown,
}

impl Role {
    /// Every role, for generated checks.
    pub const ALL: [Self; 8] = [
        Self::Doctor,
        Self::PhysicianAssistant,
        Self::NurseSpecialist,
        Self::Nurse,
        Self::Assistant,
        Self::Pharmacist,
        Self::PrivacyOfficer,
        Self::Unknown,
    ];
}

/// By what means a person signed in (DOMAIN: a summary needs a personal means).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Means {
    /// A personal card or token: UZI type Z or N, Dezi, a training PIN.
    Personal,
    /// A card or account that is not one person's (UZI type M).
    Shared,
}

/// Where this workstation stands, chosen by the organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Setting {
    /// After-hours GP centre (huisartsenpost).
    AfterHours,
    /// Emergency department (spoedeisende hulp).
    Emergency,
    /// Anything else: no summaries.
    Other,
}

/// A person who signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct User {
    /// Stable identification at the organisation (UZI number, Dezi number or training id).
    pub id: String,
    /// Name as on the card.
    pub name: String,
    /// What the person may do.
    pub role: Role,
    /// The role as the card or token names it ("huisarts", "SEH-arts").
    pub role_name: String,
    /// How the person proved who they are.
    pub means: Means,
}

/// An organisation in its national identification.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
pub struct OrganisationId {
    /// URA number (OID 2.16.528.1.1007.3.3).
    pub ura: String,
    /// Name as configured.
    pub name: String,
    /// Location and workstation, as people there say it ("balie 2").
    pub workstation: String,
}
