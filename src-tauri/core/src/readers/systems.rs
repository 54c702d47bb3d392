//! Code systems and identifier systems, by their OID and by their URI: one meaning, two notations.

/// SNOMED CT.
pub(crate) const SNOMED: &[&str] = &["2.16.840.1.113883.6.96", "http://snomed.info/sct"];
/// LOINC.
pub(crate) const LOINC: &[&str] = &["2.16.840.1.113883.6.1", "http://loinc.org"];
/// HL7 `ActCode`.
pub(crate) const ACT_CODE: &[&str] = &[
    "2.16.840.1.113883.5.4",
    "http://terminology.hl7.org/CodeSystem/v3-ActCode",
    "http://hl7.org/fhir/v3/ActCode",
];
/// HL7 IPS "absent or unknown data".
pub(crate) const ABSENT_UNKNOWN: &[&str] = &[
    "2.16.840.1.113883.5.1150.1",
    "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips",
    "http://terminology.hl7.org/CodeSystem/absent-unknown-uv-ips",
];
/// Why a section or a list holds nothing.
pub(crate) const LIST_EMPTY_REASON: &[&str] = &[
    "http://terminology.hl7.org/CodeSystem/list-empty-reason",
    "http://hl7.org/fhir/list-empty-reason",
];
/// G-Standaard Thesaurus 40: whatever is coded in it is a contra-indication (DOMAIN §3.1).
pub(crate) const THESAURUS_40: &[&str] = &["2.16.840.1.113883.2.4.4.1.902.40"];
/// BSN: the number of a citizen.
pub(crate) const BSN: &[&str] = &[
    "2.16.840.1.113883.2.4.6.3",
    "http://fhir.nl/fhir/NamingSystem/bsn",
];
/// URA: the number of an organisation.
pub(crate) const URA: &[&str] = &[
    "2.16.528.1.1007.3.3",
    "http://fhir.nl/fhir/NamingSystem/ura",
];

/// Whether a system is one of those, however it is written.
pub(crate) fn is(received: &str, known: &[&str]) -> bool {
    known.iter().any(|one| is_same_system(received, one))
}

/// Whether two code systems or roots are the same, however they are written.
pub(crate) fn is_same_system(received: &str, known: &str) -> bool {
    fn bare(text: &str) -> &str {
        let text = text.trim();
        let prefix = |prefix: &str| {
            text.get(..prefix.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
        };
        let bare = if prefix("urn:uuid:") || prefix("urn:oid:") {
            text.split_once(':')
                .and_then(|(_, rest)| rest.split_once(':'))
                .map_or(text, |(_, rest)| rest)
        } else {
            text
        };
        bare.trim().trim_end_matches('/')
    }
    // Nearly every system of a message is asked about, and is none of those: most end differently.
    let may_be = last_of(received) == last_of(known);
    may_be && (received == known || bare(received).eq_ignore_ascii_case(bare(known)))
}

/// The last character that tells systems apart, whatever its case.
fn last_of(system: &str) -> Option<u8> {
    let end = system.trim_end_matches(|c: char| c == '/' || c.is_whitespace());
    end.as_bytes().last().map(u8::to_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_system_in_every_notation_is_the_same() {
        for written in [
            "2.16.840.1.113883.6.96",
            "urn:oid:2.16.840.1.113883.6.96",
            " URN:OID:2.16.840.1.113883.6.96 ",
            "http://snomed.info/sct",
            "http://SNOMED.info/sct/",
        ] {
            assert!(is(written, SNOMED), "{written}");
        }
        for other in [
            "",
            "2.16.840.1.113883.6.9",
            "http://snomed.info",
            "urn:oid:",
        ] {
            assert!(!is(other, SNOMED), "{other}");
        }
    }
}
