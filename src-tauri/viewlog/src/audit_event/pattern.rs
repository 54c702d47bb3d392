//! Which pattern each event takes. Sources: FHIR R4 `audit-event-type`, DICOM PS3.16 CID 400 and
//! 401, and IHE BALP 1.1.x (profiles.ihe.net/ITI/BALP).
//!
//! A profile is claimed only where the event is what the profile is for. What an event of this
//! log is stands beside it as a subtype of ours, so that a release and a display stay apart.

use inzage_core::domain::event::What;

/// A type of DICOM's or FHIR's, a subtype, an action and an outcome.
pub(super) struct Pattern {
    pub(super) profile: Option<&'static str>,
    pub(super) system: &'static str,
    pub(super) code: &'static str,
    pub(super) display: &'static str,
    pub(super) subtype: Option<(&'static str, &'static str, &'static str)>,
    pub(super) action: &'static str,
    pub(super) outcome: &'static str,
}

pub(super) const DICOM: &str = "http://dicom.nema.org/resources/ontology/DCM";
const REST: &str = "http://terminology.hl7.org/CodeSystem/audit-event-type";
const INTERACTION: &str = "http://hl7.org/fhir/restful-interaction";
const AUTHZ: &str = "https://profiles.ihe.net/ITI/BALP/CodeSystem/AuthZsubType";
pub(super) const QUERY: &str =
    "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.PatientQuery";
pub(super) const READ: &str =
    "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.PatientRead";
pub(super) const CONSENT: &str =
    "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.AuthZconsent";

/// `AuditEvent.outcome`: success, minor failure, serious failure.
const OK: &str = "0";
const MINOR: &str = "4";
const SERIOUS: &str = "8";

const fn dicom(code: &'static str, display: &'static str, action: &'static str) -> Pattern {
    Pattern {
        profile: None,
        system: DICOM,
        code,
        display,
        subtype: None,
        action,
        outcome: OK,
    }
}

const fn sub(mut pattern: Pattern, code: &'static str, display: &'static str) -> Pattern {
    pattern.subtype = Some((DICOM, code, display));
    pattern
}

const fn failed(mut pattern: Pattern, outcome: &'static str) -> Pattern {
    pattern.outcome = outcome;
    pattern
}

const fn rest(profile: &'static str, interaction: &'static str, action: &'static str) -> Pattern {
    Pattern {
        profile: Some(profile),
        system: REST,
        code: "rest",
        display: "Restful Operation",
        subtype: Some((INTERACTION, interaction, interaction)),
        action,
        outcome: OK,
    }
}

/// A decision on consent that denied, in the shape of BALP's own example.
const fn denied() -> Pattern {
    Pattern {
        profile: Some(CONSENT),
        subtype: Some((AUTHZ, "AuthZ-Consent", "AuthZ-Consent")),
        outcome: SERIOUS,
        ..dicom("110113", "Security Alert", "E")
    }
}

/// Total: every event has a pattern.
pub(super) const fn of(what: &What) -> Pattern {
    match what {
        What::Requested { .. } => rest(QUERY, "search", "E"),
        What::Released { .. } | What::Displayed { .. } => rest(READ, "read", "R"),
        What::Refused { .. } | What::Objected | What::ReceivedNotShown { .. } => denied(),
        What::Sent { .. } => dicom("110112", "Query", "E"),
        What::Delivered { .. } | What::MarkerRead { .. } => dicom("110107", "Import", "C"),
        What::Failed { .. } => failed(dicom("110112", "Query", "E"), MINOR),
        What::AskedAboutAllergies { .. } | What::SuspicionChanged { .. } => {
            dicom("110110", "Patient Record", "U")
        }
        What::Closed { .. } => dicom("110110", "Patient Record", "E"),
        What::SignedIn { .. } => sub(auth(), "110122", "Login"),
        What::SignInRefused { .. } => failed(sub(auth(), "110122", "Login"), MINOR),
        What::SignedOut { .. } | What::Locked { .. } => sub(auth(), "110123", "Logout"),
        What::LogOpened { .. } => dicom("110101", "Audit Log Used", "R"),
        What::SegmentStarted { .. } => sub(
            dicom("110100", "Application Activity", "E"),
            "110120",
            "Application Start",
        ),
        What::MeasureChanged { .. } => sub(
            dicom("110113", "Security Alert", "U"),
            "110129",
            "Security Configuration",
        ),
        What::Expired { .. } => dicom("110101", "Audit Log Used", "D"),
    }
}

const fn auth() -> Pattern {
    dicom("110114", "User Authentication", "E")
}
