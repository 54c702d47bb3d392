//! May this person ask for this patient, before anything is sent? (DOMAIN §2.1, steps 1–4)

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::basis::Agreement;
use crate::domain::user::{Means, Role, Setting};

/// What the organisation lays down itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct HouseRules {
    /// Physician assistants may view on their own authority.
    pub physician_assistant: bool,
    /// Nurse specialists may view on their own authority.
    pub nurse_specialist: bool,
    /// The agreement question is asked at every view, not only while the measure is active.
    pub ask_agreement_always: bool,
}

/// Everything the answer depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MayAskInput {
    /// Role of the person at the screen; `None` when nobody is signed in.
    pub role: Option<Role>,
    /// By what means they signed in.
    pub means: Means,
    /// Role of the responsible user whose mandate is used, if any.
    pub responsible: Option<Role>,
    /// Where the workstation stands.
    pub setting: Setting,
    /// "I treat this patient and need this."
    pub treats_and_needs: bool,
    /// The patient (or representative) objects.
    pub objects: bool,
    /// Who agrees; `None` while not answered.
    pub agreement: Option<Agreement>,
    /// Possible corona; `None` while not answered.
    pub suspicion: Option<bool>,
    /// Whether the measure is active now.
    pub measure_active: bool,
    /// The organisation's rules.
    pub house: HouseRules,
}

/// The first rule that forbids asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AskRefusal {
    /// Nobody is signed in.
    NotSignedIn,
    /// Signed in with a means that is not one person's.
    MeansNotPersonal,
    /// The workstation stands neither in an after-hours centre nor in an emergency department.
    SettingNotAllowed,
    /// The role never views a summary, or not in this house.
    RoleNotAllowed,
    /// The role views only under a named doctor's mandate.
    MandateMissing,
    /// The treatment relation and the need were not confirmed.
    NeedNotConfirmed,
    /// The patient objects: nothing is asked.
    PatientObjects,
    /// Who agrees was not answered.
    AgreementUnanswered,
    /// Whether the patient comes with possible corona was not answered.
    SuspicionUnanswered,
}

type Rule = (AskRefusal, &'static str, fn(&MayAskInput) -> bool);

/// The rules in their order: the first whose condition holds gives the reason.
pub const RULES: [Rule; 9] = [
    (AskRefusal::NotSignedIn, "Nobody is signed in.", |i| {
        i.role.is_none()
    }),
    (
        AskRefusal::MeansNotPersonal,
        "The means of signing in is not one person's.",
        |i| i.means != Means::Personal,
    ),
    (
        AskRefusal::SettingNotAllowed,
        "The workstation stands neither in an after-hours centre nor in an emergency department.",
        |i| i.setting == Setting::Other,
    ),
    (
        AskRefusal::RoleNotAllowed,
        "Pharmacists, privacy officers and unknown roles never view a summary; physician assistants and nurse specialists only where the house rules permit it.",
        |i| authority(i) == Authority::Never,
    ),
    (
        AskRefusal::MandateMissing,
        "Nurses and assistants view only under a named doctor's mandate.",
        |i| authority(i) == Authority::UnderMandate && i.responsible != Some(Role::Doctor),
    ),
    (
        AskRefusal::NeedNotConfirmed,
        "\"I treat this patient and need this\" was not confirmed.",
        |i| !i.treats_and_needs,
    ),
    (
        AskRefusal::PatientObjects,
        "The patient or representative objects: nothing is asked.",
        |i| i.objects,
    ),
    (
        AskRefusal::AgreementUnanswered,
        "While the measure is active, or where the house asks at every view: who agrees is not answered.",
        |i| (i.measure_active || i.house.ask_agreement_always) && i.agreement.is_none(),
    ),
    (
        AskRefusal::SuspicionUnanswered,
        "While the measure is active: whether the patient comes with possible corona is not answered.",
        |i| i.measure_active && i.suspicion.is_none(),
    ),
];

/// Whether the query may be sent. Total; the first rule that fails is the reason.
///
/// # Errors
/// The first of [`RULES`] whose condition holds.
pub fn may_ask(input: &MayAskInput) -> Result<(), AskRefusal> {
    RULES
        .iter()
        .find(|(_, _, forbids)| forbids(input))
        .map_or(Ok(()), |(reason, _, _)| Err(*reason))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Authority {
    Own,
    UnderMandate,
    Never,
}

/// On whose authority this person views.
///
/// Where the house has not permitted physician assistants or nurse specialists, a
/// mandate does not stand in for that permission: off is off.
const fn authority(input: &MayAskInput) -> Authority {
    let permitted_by_house = match input.role {
        Some(Role::PhysicianAssistant) => input.house.physician_assistant,
        Some(Role::NurseSpecialist) => input.house.nurse_specialist,
        _ => false,
    };
    match input.role {
        Some(Role::Doctor) => Authority::Own,
        Some(Role::PhysicianAssistant | Role::NurseSpecialist) if permitted_by_house => {
            Authority::Own
        }
        Some(Role::Nurse | Role::Assistant) => Authority::UnderMandate,
        Some(
            Role::PhysicianAssistant
            | Role::NurseSpecialist
            | Role::Pharmacist
            | Role::PrivacyOfficer
            | Role::Unknown,
        )
        | None => Authority::Never,
    }
}
