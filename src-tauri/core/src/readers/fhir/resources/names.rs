//! The names under which elements of FHIR stand among the named values of an entry.

use crate::domain::summary::Detail;

/// Elements that come with their type at the end (`onsetAge`), where the type says nothing.
const CHOICES: [&str; 32] = [
    "onset",
    "abatement",
    "effective",
    "performed",
    "occurrence",
    "occurred",
    "value",
    "timing",
    "asNeeded",
    "scheduled",
    "product",
    "item",
    "reported",
    "serviced",
    "start",
    "due",
    "detail",
    "born",
    "deceased",
    "age",
    "dose",
    "rate",
    "allowed",
    "used",
    "medication",
    "bounds",
    "doseNumber",
    "seriesDoses",
    "collected",
    "minimumVolume",
    "additive",
    "source",
];
/// Types that may stand at such an end.
const TYPES: [&str; 30] = [
    "DateTime",
    "Date",
    "Period",
    "Instant",
    "Timing",
    "String",
    "Boolean",
    "Quantity",
    "SimpleQuantity",
    "CodeableConcept",
    "Coding",
    "Reference",
    "Range",
    "Ratio",
    "Age",
    "Duration",
    "Integer",
    "PositiveInt",
    "UnsignedInt",
    "Decimal",
    "Uri",
    "Code",
    "Identifier",
    "Attachment",
    "Time",
    "SampledData",
    "Canonical",
    "Markdown",
    "Annotation",
    "Money",
];

/// Extensions of Dutch profiles, by the end of their URL.
const DUTCH: [(&str, &str); 8] = [
    ("Medication-MedicationTreatment", "medication_treatment"),
    ("MedicationUse-Duration", "duration"),
    ("Medication-CopyIndicator", "copy"),
    ("context-nl-core-episodeofcare", "episode"),
    ("EpisodeOfCare-DateFirstEncounter", "first_contact"),
    ("EpisodeOfCare-DateLastEncounter", "last_contact"),
    ("practitionerrole-reference", "role"),
    ("code-icpc-1-nl", "icpc"),
];

/// The name of a named value: without its type, in small letters (`dose_quantity`, `as_needed`).
pub(super) fn plain(element: &str) -> String {
    let base = CHOICES
        .into_iter()
        .find(|base| {
            element
                .strip_prefix(base)
                .is_some_and(|kind| TYPES.contains(&kind))
        })
        .unwrap_or(element);
    if !base.chars().all(|c| c.is_ascii_alphanumeric()) {
        if let Some((_, name)) = DUTCH.into_iter().find(|(end, _)| base.ends_with(end)) {
            return name.to_owned();
        }
        return base.to_owned();
    }
    let mut name = String::with_capacity(base.len() + 4);
    for (at, c) in base.chars().enumerate() {
        if c.is_ascii_uppercase() && at > 0 {
            name.push('_');
        }
        name.push(c.to_ascii_lowercase());
    }
    name
}

/// Gives every value, and those within it, its plain name.
pub(super) fn tidy(details: &mut [Detail]) {
    for detail in details {
        detail.name = plain(&detail.name);
        tidy(&mut detail.details);
    }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn a_name_loses_its_type_and_keeps_its_words() {
        for (element, name) in [
            ("onsetAge", "onset"),
            ("asNeededBoolean", "as_needed"),
            ("bodySite", "body_site"),
            ("statusDate", "status_date"),
            ("Specimen", "specimen"),
            ("zib-MedicationUse-Duration", "duration"),
            ("patient-nationality", "patient-nationality"),
        ] {
            assert_eq!(plain(element), name);
        }
    }
}
