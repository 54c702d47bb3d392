//! What resources and sections are about.

use super::ica::codings;
use super::tree::Node;
use super::view::{Resource, View};
use crate::domain::summary::SectionKind;
use crate::readers::systems::{self, LOINC};

/// LOINC codes of sections (IPS, EPS, and the compositions of Dutch GP data).
const SECTIONS: [(&str, SectionKind); 25] = [
    ("48765-2", SectionKind::Allergies),
    ("42348-3", SectionKind::TreatmentLimits),
    ("104605-1", SectionKind::Alerts),
    ("11450-4", SectionKind::Episodes),
    ("11348-0", SectionKind::PastProblems),
    ("10160-0", SectionKind::Medication),
    ("57828-6", SectionKind::Medication),
    ("8716-3", SectionKind::Measurements),
    ("30954-2", SectionKind::Laboratory),
    ("26436-6", SectionKind::Laboratory),
    ("47519-4", SectionKind::Procedures),
    ("11369-6", SectionKind::Immunisations),
    ("46264-8", SectionKind::Devices),
    ("29762-2", SectionKind::SocialHistory),
    ("10162-6", SectionKind::Pregnancy),
    ("82810-3", SectionKind::Pregnancy),
    ("47420-5", SectionKind::FunctionalStatus),
    ("18776-5", SectionKind::CarePlan),
    ("81338-6", SectionKind::PatientStory),
    ("10157-6", SectionKind::FamilyHistory),
    // The S, O, E and P of a contact report.
    ("61150-9", SectionKind::Contacts),
    ("61149-1", SectionKind::Contacts),
    ("51848-0", SectionKind::Contacts),
    ("51847-2", SectionKind::Contacts),
    ("46240-8", SectionKind::Contacts),
];

/// What a section is about, by its LOINC code; anything else is still a section.
pub(super) fn section_kind(view: &View<'_>, section: Node) -> SectionKind {
    codings(view, section, "code")
        .filter(|(system, _)| systems::is(system, LOINC))
        .find_map(|(_, code)| {
            SECTIONS
                .into_iter()
                .find(|(known, _)| *known == code)
                .map(|(_, kind)| kind)
        })
        .unwrap_or_default()
}

/// What a resource is about where no section says so.
pub(super) fn default_kind(view: &View<'_>, resource: Resource<'_>) -> SectionKind {
    match resource.kind {
        "AllergyIntolerance" => SectionKind::Allergies,
        "DetectedIssue" => SectionKind::Contraindications,
        "Flag" => SectionKind::Alerts,
        "Condition" | "EpisodeOfCare" => SectionKind::Episodes,
        "Encounter" | "ClinicalImpression" | "Composition" => SectionKind::Contacts,
        "MedicationRequest"
        | "MedicationStatement"
        | "MedicationUsage"
        | "MedicationDispense"
        | "MedicationAdministration"
        | "MedicationOrder"
        | "Medication" => SectionKind::Medication,
        "Observation" => observation_kind(view, resource.node),
        "DiagnosticReport" | "Specimen" | "ImagingStudy" => SectionKind::Laboratory,
        "Procedure" => SectionKind::Procedures,
        "Immunization" | "ImmunizationRecommendation" => SectionKind::Immunisations,
        "Device" | "DeviceUseStatement" | "DeviceUsage" => SectionKind::Devices,
        "CarePlan" | "Goal" | "CareTeam" | "ServiceRequest" | "NutritionOrder" | "Task" => {
            SectionKind::CarePlan
        }
        "FamilyMemberHistory" => SectionKind::FamilyHistory,
        "Consent" => SectionKind::TreatmentLimits,
        _ => SectionKind::Other,
    }
}

fn observation_kind(view: &View<'_>, node: Node) -> SectionKind {
    codings(view, node, "category")
        .find_map(|(_, code)| match code {
            "laboratory" => Some(SectionKind::Laboratory),
            "social-history" => Some(SectionKind::SocialHistory),
            _ => None,
        })
        .unwrap_or(SectionKind::Measurements)
}

/// Whether a resource is clinical content, rather than who, where and how.
pub(super) fn is_clinical(kind: &str) -> bool {
    !matches!(
        kind,
        "Patient"
            | "Practitioner"
            | "PractitionerRole"
            | "Organization"
            | "RelatedPerson"
            | "Location"
            | "Endpoint"
            | "Device"
            | "Composition"
            | "Bundle"
            | "Binary"
            | "OperationOutcome"
            | "Provenance"
            | "MessageHeader"
            | "Parameters"
            | "AuditEvent"
            | "Subscription"
            | "SubscriptionStatus"
            | "CapabilityStatement"
            | "HealthcareService"
            | "Group"
            | "Person"
    )
}

/// Whether a resource describes a thing that has no patient.
pub(super) fn is_without_subject(kind: &str) -> bool {
    matches!(
        kind,
        "Medication"
            | "Substance"
            | "Specimen"
            | "Questionnaire"
            | "Schedule"
            | "Slot"
            | "PlanDefinition"
            | "ActivityDefinition"
            | "ValueSet"
            | "CodeSystem"
    )
}

/// Whether a resource is read as part of others: it has an entry of its own only where no other
/// reader takes it.
pub(super) fn is_supporting(kind: &str) -> bool {
    matches!(
        kind,
        "Patient"
            | "Practitioner"
            | "PractitionerRole"
            | "Organization"
            | "RelatedPerson"
            | "Location"
            | "Endpoint"
            | "HealthcareService"
            | "Device"
            | "Medication"
            | "Substance"
            | "Specimen"
            | "Provenance"
            | "Binary"
            | "Group"
            | "Person"
    )
}

/// Whether it is a type of Bundle.
pub(super) fn is_bundle_type(of: &str) -> bool {
    matches!(
        of,
        "document"
            | "message"
            | "transaction"
            | "transaction-response"
            | "batch"
            | "batch-response"
            | "history"
            | "searchset"
            | "collection"
            | "subscription-notification"
    )
}
