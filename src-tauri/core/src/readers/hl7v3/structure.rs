//! The structural attributes of HL7v3 and the values the standard gives them here.
//!
//! An expected value says nothing more, and is *used*. Any other is listed with a finding,
//! because it may turn the meaning round (a negation, a goal instead of an event).

/// Templates of Nictiz and of IHE, which say which rules an element follows and nothing about a patient.
const TEMPLATES: [&str; 2] = ["2.16.840.1.113883.2.4.3.11.60.", "1.3.6.1.4.1.19376.1."];

/// Whether a structural attribute has the value the standard expects; `None` where the
/// attribute is not structural.
pub(super) fn expected(element: &str, attribute: &str, value: &str) -> Option<bool> {
    let allowed: &[&str] = match attribute {
        "moodCode" => moods(element),
        "classCode" => classes(element),
        "typeCode" => types(element),
        "contextControlCode" => &["AP", "OP", "AN", "ON"],
        "contextConductionInd" => &["true", "false"],
        "determinerCode" => &["INSTANCE", "KIND", "QUANTIFIED_KIND"],
        "negationInd" | "inversionInd" | "institutionSpecified" => &["false"],
        "operator" => &["A", "I"],
        "inclusive" => &["true"],
        "mediaType" => &["text/plain"],
        "representation" => &["TXT"],
        "root" if element == "templateId" => {
            return Some(TEMPLATES.iter().any(|known| value.starts_with(known)));
        }
        _ => return None,
    };
    Some(allowed.contains(&value))
}

/// Whether an act says what its place says: in the expected mood, and not negated.
pub(super) fn is_asserted(act: super::view::Node<'_>) -> bool {
    let name = act.tag_name().name();
    ["moodCode", "negationInd"].into_iter().all(|attribute| {
        act.attribute(attribute)
            .is_none_or(|value| expected(name, attribute, value) != Some(false))
    })
}

fn moods(element: &str) -> &'static [&'static str] {
    match element {
        "Prescription" | "medicationAdministrationRequest" | "medicationDispenseRequest" => {
            &["RQO"]
        }
        "observationRange" => &["EVN.CRT"],
        // An agreement is a request; what is used is an event.
        "substanceAdministration" => &["RQO", "EVN"],
        "prescription" => &["RQO", "EVN"],
        "criterion" | "observationEventCriterion" => &["EVN.CRT"],
        _ => &["EVN"],
    }
}

fn classes(element: &str) -> &'static [&'static str] {
    match element {
        "ControlActProcess" => &["CACT"],
        "PrimaryCareProvision" => &["PCPR"],
        "Patient" | "patientRole" => &["PAT"],
        "Person" | "assigneePerson" | "relatedPerson" | "agentPerson" => &["PSN"],
        "patient" => &["PSN", "PAT"],
        "assignedPerson" => &["PSN", "ASSIGNED"],
        "AssignedEntity"
        | "AssignedPerson"
        | "AssignedDevice"
        | "assignedEntity"
        | "assignedAuthor"
        | "assignedCareProvider" => &["ASSIGNED"],
        "Organization" | "representedOrganization" => &["ORG"],
        "organizer" => &["CLUSTER", "BATTERY"],
        "participantRole" => &["ASSIGNED", "ROL", "MANU"],
        "playingEntity" => &["PSN", "MMAT"],
        "scopingEntity" => &["ORG"],
        "relatedEntity" => &["PAT", "PRS", "AGNT", "CON", "ECON", "NOK", "CAREGIVER"],
        "responsibleParty" => &["AGNT"],
        "Condition" => &["COND", "OBS"],
        "manufacturedProduct" => &["MANU"],
        "manufacturedMaterial" => &["MMAT"],
        "ingredient" => &["INGR", "ACTI", "IACT", "MMAT"],
        "procedure" => &["PROC"],
        "specimen" => &["SPC"],
        "specimenRole" => &["SPEC"],
        "MedicationDispenseList" | "MedicationPrescriptionList" => &["LIST", "ACT"],
        "medicationDispenseEvent" | "supply" => &["SPLY"],
        "dispensedMedication" => &["ADMM"],
        "agencyFor" => &["AGNT"],
        "device" => &["DEV"],
        "encounter" => &["ENC"],
        "episodeOfCondition" => &["CONC", "COND", "ACT"],
        "episodOfCare" => &["PCPR", "ACT"],
        "act" | "actReference" => &["ACT", "CONC"],
        "JournalEntry" => &["OBS", "ACT"],
        "ObservationDx" | "ContraIndication" | "ObservationIntolerance" => &["OBS", "COND"],
        "observation" | "observationRange" | "pertinentAnnotationObsEvent" => &["OBS"],
        "Prescription"
        | "prescription"
        | "medicationAdministrationRequest"
        | "substanceAdministration" => &["SBADM"],
        "medicationAdministrationInstruction" => &["ACT", "SBADM"],
        "medicationDispenseRequest" => &["SPLY"],
        "prescribedMedication" => &["ADMM"],
        "MedicationKind" => &["MMAT"],
        _ => &[],
    }
}

fn types(element: &str) -> &'static [&'static str] {
    match element {
        "subject" => &["SUBJ"],
        "author" => &["AUT"],
        "authorOrPerformer" => &["AUT", "PRF"],
        "reason" => &["RSON"],
        "reasonOf" => &["RSON"],
        "sourceOf" => &["REFR"],
        "entryRelationship" => &["REFR", "SUBJ", "COMP", "MFST", "RSON", "SPRT", "CAUS"],
        "recordTarget" => &["RCT"],
        "performer" => &["PRF"],
        "informant" => &["INF"],
        "participant" => &["CSM", "RESP", "CST"],
        "specimen" => &["SPC"],
        "consumable" => &["CSM"],
        "product" => &["PRD"],
        "precondition" => &["PRCN"],
        "referenceRange" => &["REFV"],
        "pertinentInformation" => &["PERT"],
        "directTarget" => &["DIR"],
        "productOf" => &["PRD"],
        "therapeuticAgentOf" => &["THER", "TPA"],
        name if name.starts_with("component") => &["COMP"],
        _ => &[],
    }
}
