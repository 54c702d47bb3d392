//! Large records of a patient who does not exist, the same at every call.

use std::fmt::Write;

/// The patient of all of them: a test number.
pub const BSN: &str = "999940132";

/// What a document with as many entries is called.
pub fn name(entries: usize) -> String {
    format!("synthetic document, {},{:03} entries", entries / 1000, entries % 1000)
}

/// A FHIR R4 document with as many entries, in JSON: problems, medication, vital signs and results.
pub fn document(entries: usize) -> String {
    let mut sections = vec![Vec::new(); SECTIONS.len()];
    let mut resources = String::with_capacity(entries * 480);
    for at in 0..entries {
        let section = at % SECTIONS.len();
        let id = format!("e{at}");
        resources.push(',');
        resource(&mut resources, section, &id, at);
        sections[section].push(id);
    }
    let mut out = String::with_capacity(resources.len() + entries * 60);
    let _ = write!(
        out,
        r#"{{"resourceType":"Bundle","type":"document","timestamp":"2026-11-22T02:14:00+01:00","entry":[{{"fullUrl":"urn:uuid:c","resource":{{"resourceType":"Composition","status":"final","type":{{"coding":[{{"system":"http://loinc.org","code":"60591-5"}}]}},"subject":{{"reference":"Patient/p"}},"date":"2026-11-22","author":[{{"display":"P. Hermans"}}],"title":"Samenvatting","section":["#
    );
    for (at, ((code, title), ids)) in SECTIONS.iter().zip(&sections).enumerate() {
        if at > 0 {
            out.push(',');
        }
        let _ = write!(
            out,
            r#"{{"title":"{title}","code":{{"coding":[{{"system":"http://loinc.org","code":"{code}"}}]}},"entry":["#
        );
        for (at, id) in ids.iter().enumerate() {
            let comma = if at > 0 { "," } else { "" };
            let _ = write!(out, r#"{comma}{{"reference":"{}/{id}"}}"#, TYPES[section_of(code)]);
        }
        out.push_str("]}");
    }
    let _ = write!(
        out,
        r#"]}}}},{{"fullUrl":"https://example.org/Patient/p","resource":{{"resourceType":"Patient","id":"p","identifier":[{{"system":"http://fhir.nl/fhir/NamingSystem/bsn","value":"{BSN}"}}],"name":[{{"family":"Veld","given":["Catharina"]}}],"birthDate":"1933-04-01"}}}}{resources}]}}"#
    );
    out
}

const SECTIONS: [(&str, &str); 4] = [
    ("11450-4", "Problemen"),
    ("10160-0", "Medicatie"),
    ("8716-3", "Vitale functies"),
    ("30954-2", "Uitslagen"),
];
const TYPES: [&str; 4] = ["Condition", "MedicationStatement", "Observation", "Observation"];

fn section_of(code: &str) -> usize {
    SECTIONS.iter().position(|(known, _)| *known == code).unwrap_or_default()
}

fn resource(out: &mut String, section: usize, id: &str, at: usize) {
    let (month, day) = (1 + at % 12, 1 + at % 28);
    let date = format!("20{:02}-{month:02}-{day:02}", at % 26);
    let kind = TYPES[section];
    let _ = write!(
        out,
        r#"{{"fullUrl":"https://example.org/{kind}/{id}","resource":{{"resourceType":"{kind}","id":"{id}","identifier":[{{"system":"urn:oid:2.16.840.1.113883.2.4.6.6.90009003.4","value":"{at}"}}],"subject":{{"reference":"Patient/p"}},"#
    );
    let _ = match section {
        0 => write!(
            out,
            r#""clinicalStatus":{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"active"}}]}},"code":{{"coding":[{{"system":"http://hl7.org/fhir/sid/icpc-1-NL","code":"K{:02}","display":"Hypertensie nummer {at}"}}],"text":"Hoge bloeddruk {at}"}},"onsetDateTime":"{date}"}}}}"#,
            at % 99
        ),
        1 => write!(
            out,
            r#""status":"active","medicationCodeableConcept":{{"coding":[{{"system":"urn:oid:2.16.840.1.113883.2.4.4.10","code":"{at}","display":"FUROSEMIDE TABLET 40MG"}}]}},"effectivePeriod":{{"start":"{date}"}},"dosage":[{{"text":"1x per dag 1 tablet","timing":{{"repeat":{{"frequency":1,"period":1,"periodUnit":"d"}}}}}}]}}}}"#
        ),
        _ => write!(
            out,
            r#""status":"final","category":[{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"{}"}}]}}],"code":{{"coding":[{{"system":"http://loinc.org","code":"{}","display":"{}"}}]}},"effectiveDateTime":"{date}","valueQuantity":{{"value":{}.50,"unit":"{}","system":"http://unitsofmeasure.org"}}}}}}"#,
            if section == 2 { "vital-signs" } else { "laboratory" },
            if section == 2 { "8480-6" } else { "2823-3" },
            if section == 2 { "Systolische bloeddruk" } else { "Kalium" },
            if section == 2 { 110 + at % 60 } else { 3 + at % 3 },
            if section == 2 { "mm[Hg]" } else { "mmol/L" },
        ),
    };
}

/// The same document in FHIR's XML.
pub fn document_xml(entries: usize) -> String {
    let value: serde_json::Value = serde_json::from_str(&document(entries)).expect("JSON");
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    element(&mut out, "", &value, Some("http://hl7.org/fhir"));
    out
}

fn element(out: &mut String, name: &str, value: &serde_json::Value, namespace: Option<&str>) {
    match value {
        serde_json::Value::Array(values) => {
            for value in values {
                element(out, name, value, None);
            }
        }
        serde_json::Value::Object(members) => {
            let resource = members.get("resourceType").and_then(|kind| kind.as_str());
            let name = resource.filter(|_| name.is_empty()).unwrap_or(name);
            let _ = write!(out, "<{name}");
            if let Some(namespace) = namespace {
                let _ = write!(out, " xmlns=\"{namespace}\"");
            }
            out.push('>');
            let inner = resource.filter(|_| name == "resource");
            if let Some(kind) = inner {
                let _ = write!(out, "<{kind}>");
            }
            for (key, value) in members.iter().filter(|(key, _)| *key != "resourceType") {
                element(out, key, value, None);
            }
            if let Some(kind) = inner {
                let _ = write!(out, "</{kind}>");
            }
            let _ = write!(out, "</{name}>");
        }
        primitive => {
            let text = primitive.as_str().map_or_else(|| primitive.to_string(), str::to_owned);
            let _ = write!(out, "<{name} value=\"{text}\"/>");
        }
    }
}

/// A professional summary (`QUPC_IN990002NL`) with about as many entries.
pub fn summary(entries: usize) -> String {
    let mut out = String::with_capacity(entries * 420);
    let _ = write!(
        out,
        r#"<QUPC_IN990002NL xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><acknowledgement typeCode="AA"/><ControlActProcess moodCode="EVN"><subject><PrimaryCareProvision><subject><Patient><id extension="{BSN}" root="2.16.840.1.113883.2.4.6.3"/><Person><name><family>Veld</family></name><birthTime value="19330401"/></Person></Patient></subject>"#
    );
    for at in 0..entries {
        let date = format!("20{:02}{:02}{:02}", at % 26, 1 + at % 12, 1 + at % 28);
        let _ = if at % 2 == 0 {
            write!(
                out,
                r#"<component1><encounter classCode="ENC" moodCode="EVN"><id extension="{at}" root="2.16.840.1.113883.2.4.6.6.90009003.4.1"/><code code="03" codeSystem="2.16.840.1.113883.2.4.4.30.14" displayName="consult"/><effectiveTime><low value="{date}"/></effectiveTime><component><sequenceNumber value="1"/><JournalEntry><id extension="{at}" root="2.16.840.1.113883.2.4.6.6.90009003.4.2"/><code code="S" codeSystem="2.16.840.1.113883.2.4.4.32.2" displayName="S"/><value>Klachten nummer {at}, sinds een week.</value></JournalEntry></component></encounter></component1>"#
            )
        } else {
            write!(
                out,
                r#"<component2><observation classCode="OBS" moodCode="EVN"><id extension="{at}" root="2.16.840.1.113883.2.4.6.6.90009003.4.7"/><code code="1744" codeSystem="2.16.840.1.113883.2.4.4.30.45" displayName="systolische bloeddruk"/><effectiveTime value="{date}"/><value xsi:type="PQ" value="{}" unit="mm[Hg]"/></observation></component2>"#,
                110 + at % 60
            )
        };
    }
    out.push_str("</PrimaryCareProvision></subject><queryAck><queryResponseCode code=\"OK\"/></queryAck></ControlActProcess></QUPC_IN990002NL>");
    out
}
