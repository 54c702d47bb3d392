//! What the elements of a resource are for, by type: what it is, when it was, who did it, in which
//! words. Whatever has no such role becomes a named value.

use crate::domain::summary::SectionKind;

/// The roles of a resource's elements. Of each list the first that is there counts.
pub(super) struct Shape {
    /// The resource type.
    pub resource: &'static str,
    /// Where it belongs, where no section refers to it.
    pub kind: SectionKind,
    /// What it is, as coded.
    pub what: &'static [&'static str],
    /// What it is or says, as text.
    pub text: &'static [&'static str],
    /// When it was, by the base of a choice of types.
    pub when: &'static [&'static str],
    /// Who did or wrote it, by path.
    pub who: &'static [&'static str],
    /// When that was written down.
    pub written: &'static [&'static str],
}

/// What an unknown resource most likely has.
const ANY: Shape = Shape {
    resource: "",
    kind: SectionKind::Other,
    what: &["code", "type", "category"],
    text: &["title", "description"],
    when: &["effective", "occurrence", "performed", "period", "date"],
    who: &[
        "author",
        "performer.actor",
        "performer",
        "recorder",
        "asserter",
        "source",
    ],
    written: &["recorded", "recordedDate", "authoredOn", "issued"],
};

/// The roles of the elements of a resource type.
pub(super) fn shape_of(resource: &str) -> &'static Shape {
    SHAPES
        .iter()
        .find(|shape| shape.resource == resource)
        .unwrap_or(&ANY)
}

macro_rules! shape {
    ($resource:literal, $kind:ident, what $what:expr, text $text:expr, when $when:expr,
     who $who:expr, written $written:expr) => {
        Shape {
            resource: $resource,
            kind: SectionKind::$kind,
            what: &$what,
            text: &$text,
            when: &$when,
            who: &$who,
            written: &$written,
        }
    };
}

const SHAPES: [Shape; 44] = [
    shape!("Procedure", Procedures, what ["code"], text [], when ["performed", "occurrence"],
        who ["performer.actor", "asserter", "recorder"], written ["recorded"]),
    shape!("Immunization", Immunisations, what ["vaccineCode"], text [], when ["occurrence", "date"],
        who ["performer.actor", "practitioner.actor", "informationSource"],
        written ["recorded"]),
    shape!("ImmunizationRecommendation", Immunisations, what [], text [], when ["date"],
        who ["authority"], written []),
    shape!("ImmunizationEvaluation", Immunisations, what ["targetDisease"], text ["description"],
        when ["date"], who ["authority"], written []),
    shape!("Device", Devices, what ["type", "definition"], text ["displayName"], when [],
        who ["owner"], written []),
    shape!("DeviceUseStatement", Devices, what [], text [], when ["timing", "whenUsed"],
        who ["source"], written ["recordedOn"]),
    shape!("DeviceUsage", Devices, what ["device"], text [], when ["timing"],
        who ["informationSource"], written ["dateAsserted"]),
    shape!("DeviceRequest", CarePlan, what ["codeCodeableConcept", "code"], text [],
        when ["occurrence"], who ["requester.agent", "requester"], written ["authoredOn"]),
    shape!("SupplyDelivery", Devices, what ["type"], text [], when ["occurrence"],
        who ["supplier"], written []),
    shape!("CarePlan", CarePlan, what ["category"], text ["title", "description"], when ["period"],
        who ["author", "contributor"], written ["created"]),
    shape!("CareTeam", CarePlan, what ["category"], text ["name"], when ["period"],
        who ["managingOrganization"], written []),
    shape!("Goal", CarePlan, what ["description"], text [], when ["start"],
        who ["expressedBy", "source"], written ["statusDate"]),
    shape!(
        "ServiceRequest",
        CarePlan,
        what["code"],
        text["patientInstruction"],
        when["occurrence"],
        who["requester"],
        written["authoredOn"]
    ),
    shape!("ProcedureRequest", CarePlan, what ["code"], text [], when ["occurrence"],
        who ["requester.agent"], written ["authoredOn"]),
    shape!("ReferralRequest", CarePlan, what ["type", "serviceRequested"], text ["description"],
        when ["occurrence"], who ["requester.agent"], written ["authoredOn"]),
    shape!("NutritionOrder", CarePlan, what [], text [], when ["dateTime"], who ["orderer"],
        written []),
    shape!("Task", CarePlan, what ["code"], text ["description"], when ["executionPeriod"],
        who ["requester.agent", "requester"], written ["authoredOn"]),
    shape!("Appointment", CarePlan, what ["appointmentType", "serviceType"], text ["description"],
        when ["start"], who [], written ["created"]),
    shape!("VisionPrescription", CarePlan, what [], text [], when ["dateWritten"],
        who ["prescriber"], written []),
    shape!("FamilyMemberHistory", FamilyHistory, what ["relationship"], text ["name"],
        when ["date"], who ["participant.actor"], written []),
    shape!("ClinicalImpression", Other, what ["code"], text ["summary", "description"],
        when ["effective"], who ["performer", "assessor"], written ["date"]),
    shape!("RiskAssessment", Other, what ["code"], text ["mitigation"], when ["occurrence"],
        who ["performer"], written []),
    shape!("AdverseEvent", Other, what ["event", "code", "type"], text ["description"],
        when ["occurrence", "date"], who ["recorder"], written ["recordedDate"]),
    shape!("DetectedIssue", Alerts, what ["code", "category"], text ["detail"],
        when ["identified", "date"], who ["author"], written []),
    shape!("Flag", Alerts, what ["code"], text [], when ["period"], who ["author"], written []),
    shape!("Consent", TreatmentLimits, what ["category"], text [], when ["provision.period", "period"],
        who ["performer", "consentingParty", "organization"], written ["dateTime"]),
    shape!("Communication", Other, what ["topic", "category"], text [], when ["sent", "received"],
        who ["sender"], written []),
    shape!("DocumentReference", Other, what ["type"], text ["description"], when ["date", "created"],
        who ["author"], written ["indexed"]),
    shape!("DocumentManifest", Other, what ["type"], text ["description"], when ["created"],
        who ["author"], written []),
    shape!("Composition", Other, what ["type"], text ["title"], when ["date"], who ["author"],
        written []),
    shape!("List", Other, what ["code"], text ["title"], when ["date"], who ["source"], written []),
    shape!("QuestionnaireResponse", Other, what [], text [], when ["authored"],
        who ["author", "source"], written []),
    shape!("Provenance", Other, what ["activity"], text [], when ["occurred", "period"],
        who ["agent.who", "agent.whoReference"], written ["recorded"]),
    shape!("ImagingStudy", Laboratory, what ["procedureCode", "modality"], text ["description"],
        when ["started"], who ["interpreter", "referrer"], written []),
    shape!("Media", Laboratory, what ["type", "modality"], text ["deviceName"],
        when ["created", "occurrence"], who ["operator"], written ["issued"]),
    shape!("Specimen", Laboratory, what ["type"], text [], when ["receivedTime"],
        who ["collection.collector"], written []),
    shape!("Medication", Medication, what ["code"], text [], when [], who [], written []),
    shape!("Coverage", Other, what ["type"], text [], when ["period"], who [], written []),
    shape!("RelatedPerson", Other, what ["relationship"], text [], when ["period"], who [],
        written []),
    shape!("Practitioner", Other, what [], text [], when [], who [], written []),
    shape!("PractitionerRole", Other, what ["code", "specialty"], text [], when ["period"], who [],
        written []),
    shape!("Organization", Other, what ["type"], text ["name"], when [], who [], written []),
    shape!("Location", Other, what ["type"], text ["name"], when [], who [], written []),
    shape!("OperationOutcome", Other, what [], text [], when [], who [], written []),
];
