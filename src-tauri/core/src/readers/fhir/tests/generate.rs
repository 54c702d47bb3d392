//! Documents of ours, put together from pieces, with and without those that are ICA; in both
//! notations.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Stands in every ICA piece and nowhere else.
pub(super) const ICA_WORD: &str = "Zevenblad";

const SNOMED: &str = "http://snomed.info/sct";
const THESAURUS_40: &str = "urn:oid:2.16.840.1.113883.2.4.4.1.902.40";

/// One piece of a document.
#[derive(Debug, Clone)]
pub(super) enum Piece {
    Problem {
        narrated: bool,
        dangling_evidence: bool,
    },
    /// A problem that refers to an allergy, if there is one.
    ProblemBesideAllergy,
    Measurement {
        absent: bool,
        contained: bool,
    },
    Medication {
        product: bool,
    },
    Alert,
    Procedure {
        unknown_section: bool,
    },
    Unreferenced,
    Allergy {
        none_known: bool,
        contained: bool,
        own_author: bool,
        provenance: bool,
    },
    UnreferencedAllergy,
    AlertWithoutCode,
    DietAlert,
    ContraIndication,
    NoKnownAllergyAsProblem,
    AllergyList,
    DanglingAllergyReference,
    DetectedIssue,
}

impl Piece {
    const fn is_ica(&self) -> bool {
        matches!(
            self,
            Self::Allergy { .. }
                | Self::UnreferencedAllergy
                | Self::AlertWithoutCode
                | Self::DietAlert
                | Self::ContraIndication
                | Self::NoKnownAllergyAsProblem
                | Self::AllergyList
                | Self::DanglingAllergyReference
                | Self::DetectedIssue
        )
    }
}

fn piece() -> impl Strategy<Value = Piece> {
    let flag = any::<bool>;
    prop_oneof![
        (flag(), flag()).prop_map(|(narrated, dangling_evidence)| Piece::Problem {
            narrated,
            dangling_evidence
        }),
        Just(Piece::ProblemBesideAllergy),
        (flag(), flag()).prop_map(|(absent, contained)| Piece::Measurement { absent, contained }),
        flag().prop_map(|product| Piece::Medication { product }),
        Just(Piece::Alert),
        flag().prop_map(|unknown_section| Piece::Procedure { unknown_section }),
        Just(Piece::Unreferenced),
        (flag(), flag(), flag(), flag()).prop_map(
            |(none_known, contained, own_author, provenance)| Piece::Allergy {
                none_known,
                contained,
                own_author,
                provenance
            }
        ),
        Just(Piece::UnreferencedAllergy),
        Just(Piece::AlertWithoutCode),
        Just(Piece::DietAlert),
        Just(Piece::ContraIndication),
        Just(Piece::NoKnownAllergyAsProblem),
        Just(Piece::AllergyList),
        Just(Piece::DanglingAllergyReference),
        Just(Piece::DetectedIssue),
    ]
}

/// A document as a list of pieces.
#[derive(Debug, Clone)]
pub(super) struct Document {
    pub(super) pieces: Vec<Piece>,
    /// Whether the whole has a narrative.
    pub(super) summed_up: bool,
    empty_allergies: bool,
}

pub(super) fn document() -> impl Strategy<Value = Document> {
    (
        proptest::collection::vec(piece(), 0..9),
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(|(pieces, summed_up, empty_allergies)| Document {
            pieces,
            summed_up,
            empty_allergies,
        })
}

/// A document while it is built.
struct Build {
    ica: bool,
    entries: Vec<Value>,
    /// By LOINC code of the section: whether its text tells of ICA, and its entries.
    sections: Vec<(&'static str, bool, Vec<Value>)>,
    first_allergy: Option<String>,
}

impl Build {
    fn add(&mut self, kind: &str, id: &str, mut content: Value) -> String {
        content["resourceType"] = json!(kind);
        content["id"] = json!(id);
        let url = format!("http://gp.example/fhir/{kind}/{id}");
        self.entries
            .push(json!({"fullUrl": url, "resource": content}));
        format!("{kind}/{id}")
    }

    fn refer(&mut self, section: &'static str, reference: Option<&str>, ica: bool) {
        let at = self.sections.iter().position(|(code, ..)| *code == section);
        let at = at.unwrap_or_else(|| {
            self.sections.push((section, false, Vec::new()));
            self.sections.len() - 1
        });
        self.sections[at].1 |= ica;
        if let Some(reference) = reference
            && (!ica || self.ica)
        {
            self.sections[at].2.push(json!({"reference": reference}));
        }
    }
}

fn concept(system: &str, code: &str, display: &str) -> Value {
    json!({"coding": [{"system": system, "code": code, "display": display}], "text": display})
}

fn text(words: &str) -> Value {
    json!({"status": "generated", "div":
        format!("<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>{words} <b>vet</b></p></div>")})
}

fn subject() -> Value {
    json!({"reference": "Patient/p"})
}

impl Document {
    /// The document as JSON, with or without its ICA.
    pub(super) fn json(&self, ica: bool) -> Value {
        let mut build = Build {
            ica,
            entries: Vec::new(),
            sections: Vec::new(),
            first_allergy: None,
        };
        // Ids are those of the place in the list, so that they are the same in both.
        for (at, piece) in self.pieces.iter().enumerate() {
            if piece.is_ica() {
                add_ica(&mut build, piece, at);
            }
        }
        let ica_entries = core::mem::take(&mut build.entries);
        for (at, piece) in self.pieces.iter().enumerate() {
            add_plain(&mut build, piece, at);
        }
        let mut entries = build.entries;
        if ica {
            // Mixed, so that positions and keys would move.
            for (at, entry) in ica_entries.into_iter().enumerate() {
                let place = (at * 2).min(entries.len());
                entries.insert(place, entry);
            }
        }
        let mut sections = Vec::new();
        for (code, tells, held) in build.sections {
            let is_allergies = code == "48765-2";
            if !ica && (is_allergies || held.is_empty()) {
                continue;
            }
            let mut section = json!({"title": if is_allergies { ICA_WORD } else { "Kop" },
                "code": concept("http://loinc.org", code, "x")});
            if ica || !tells {
                section["text"] = text(if tells { ICA_WORD } else { "Verhaal" });
            }
            if !held.is_empty() {
                section["entry"] = json!(held);
            }
            sections.push(section);
        }
        if ica && self.empty_allergies {
            sections.push(
                json!({"title": ICA_WORD, "code": concept("http://loinc.org", "48765-2", "x"),
                "emptyReason": concept("http://terminology.hl7.org/CodeSystem/list-empty-reason",
                    "nilknown", ICA_WORD)}),
            );
        }
        sections.push(json!({"title": "Anders", "text": text("CAVE penicilline"),
            "code": {"text": "Anders"}}));
        let mut composition = json!({"resourceType": "Composition", "id": "c", "status": "final",
            "type": concept("http://loinc.org", "60591-5", "Samenvatting"), "subject": subject(),
            "date": "2024-05-01", "author": [{"reference": "Practitioner/d"}], "title": "Samenvatting",
            "section": sections});
        if self.summed_up {
            composition["text"] = text(if ica { ICA_WORD } else { "Alles" });
        }
        let fixed = [
            composition,
            json!({"resourceType": "Patient", "id": "p", "birthDate": "1970-02-01", "gender": "female",
                "identifier": [{"system": "http://fhir.nl/fhir/NamingSystem/bsn", "value": "999900006"}],
                "name": [{"family": "Voorbeeld", "given": ["Anna"]}]}),
            json!({"resourceType": "Practitioner", "id": "d", "name": [{"text": "Dokter De Wit"}]}),
        ];
        let mut all: Vec<Value> = fixed
            .into_iter()
            .map(|resource| {
                let url = format!(
                    "http://gp.example/fhir/{}/{}",
                    resource["resourceType"].as_str().unwrap(),
                    resource["id"].as_str().unwrap()
                );
                json!({"fullUrl": url, "resource": resource})
            })
            .collect();
        all.extend(entries);
        json!({"resourceType": "Bundle", "id": "b", "type": "document",
            "timestamp": "2024-05-01T10:00:00Z", "entry": all})
    }

    /// The same in the notation asked for.
    pub(super) fn text(&self, ica: bool, xml: bool) -> String {
        let json = self.json(ica);
        if xml { as_xml(&json) } else { json.to_string() }
    }
}

fn add_ica(build: &mut Build, piece: &Piece, at: usize) {
    let id = format!("i{at}");
    let code = |word: &str| concept("http://www.whocc.no/atc", "J01CE", word);
    match piece {
        Piece::Allergy {
            none_known,
            contained,
            own_author,
            provenance,
        } => {
            let mut content = json!({"patient": subject(), "text": text(ICA_WORD),
                "clinicalStatus": concept("http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical", "active", "x"),
                "code": if *none_known { concept(SNOMED, "716186003", "No known allergy") } else { code(ICA_WORD) }});
            if *contained {
                content["contained"] = json!([{"resourceType": "Substance", "id": "s",
                    "code": code(ICA_WORD)}]);
                content["extension"] =
                    json!([{"url": "urn:x", "valueReference": {"reference": "#s"}}]);
            }
            if *own_author {
                let who = build.add(
                    "Practitioner",
                    &format!("a{at}"),
                    json!({"name": [{"text": ICA_WORD}]}),
                );
                content["recorder"] = json!({"reference": who, "display": ICA_WORD});
            }
            let reference = build.add("AllergyIntolerance", &id, content);
            if *provenance {
                build.add(
                    "Provenance",
                    &format!("v{at}"),
                    json!({"target": [{"reference": reference}],
                    "recorded": "2024-01-01T00:00:00Z", "activity": code(ICA_WORD)}),
                );
            }
            build.refer("48765-2", Some(&reference), true);
            build.first_allergy.get_or_insert(reference);
        }
        Piece::UnreferencedAllergy => {
            build.add(
                "AllergyIntolerance",
                &id,
                json!({"patient": subject(), "code": code(ICA_WORD)}),
            );
        }
        Piece::AlertWithoutCode => {
            let flag = build.add(
                "Flag",
                &id,
                json!({"status": "active", "subject": subject(),
                "code": {"text": ICA_WORD}}),
            );
            build.refer("104605-1", Some(&flag), true);
        }
        Piece::DietAlert => {
            let flag = build.add("Flag", &id, json!({"status": "active", "subject": subject(),
                "category": [concept("http://terminology.hl7.org/CodeSystem/flag-category", "diet", ICA_WORD)],
                "code": code(ICA_WORD)}));
            build.refer("104605-1", Some(&flag), true);
        }
        Piece::ContraIndication => {
            let condition = build.add(
                "Condition",
                &id,
                json!({"subject": subject(),
                "code": concept(THESAURUS_40, "1", ICA_WORD)}),
            );
            build.refer("11450-4", Some(&condition), true);
        }
        Piece::NoKnownAllergyAsProblem => {
            let condition = build.add(
                "Condition",
                &id,
                json!({"subject": subject(),
                "code": concept(SNOMED, "716186003", "x"), "note": [{"text": ICA_WORD}]}),
            );
            build.refer("11450-4", Some(&condition), true);
        }
        Piece::AllergyList => {
            build.add("List", &id, json!({"status": "current", "mode": "working", "title": ICA_WORD,
                "subject": subject(), "code": concept("http://loinc.org", "48765-2", "x"),
                "emptyReason": concept("http://terminology.hl7.org/CodeSystem/list-empty-reason", "nilknown", ICA_WORD)}));
        }
        Piece::DanglingAllergyReference => {
            build.refer("11450-4", Some("AllergyIntolerance/elders"), true);
        }
        Piece::DetectedIssue => {
            build.add(
                "DetectedIssue",
                &id,
                json!({"status": "final", "patient": subject(),
                "detail": ICA_WORD}),
            );
        }
        _ => {}
    }
}

fn add_plain(build: &mut Build, piece: &Piece, at: usize) {
    let id = format!("n{at}");
    let code = || concept(SNOMED, "195967001", "Astma");
    match piece {
        Piece::Problem {
            narrated,
            dangling_evidence,
        } => {
            let mut content =
                json!({"subject": subject(), "code": code(), "onsetDateTime": "2019-05"});
            if *narrated {
                content["text"] = text("Astma sinds kort");
            }
            if *dangling_evidence {
                content["evidence"] = json!([{"detail": [{"reference": "Observation/weg"}]}]);
            }
            let problem = build.add("Condition", &id, content);
            build.refer("11450-4", Some(&problem), false);
        }
        Piece::ProblemBesideAllergy => {
            let mut content = json!({"subject": subject(), "code": code()});
            if let Some(allergy) = build.first_allergy.clone().filter(|_| build.ica) {
                content["evidence"] =
                    json!([{"detail": [{"reference": allergy, "display": ICA_WORD}]}]);
            }
            let problem = build.add("Condition", &id, content);
            build.refer("11450-4", Some(&problem), false);
        }
        Piece::Measurement { absent, contained } => {
            let mut content = json!({"status": "final", "subject": subject(), "code": code(),
                "effectiveDateTime": "2024-01-02"});
            if *absent {
                content["_valueString"] = json!({"extension": [{
                    "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason",
                    "valueCode": "masked"}]});
            } else {
                content["valueQuantity"] = json!({"value": 5.40, "unit": "mmol/l"});
            }
            if *contained {
                content["contained"] =
                    json!([{"resourceType": "Specimen", "id": "s", "status": "available"}]);
                content["specimen"] = json!({"reference": "#s"});
            }
            let observation = build.add("Observation", &id, content);
            build.refer("8716-3", Some(&observation), false);
        }
        Piece::Medication { product } => {
            let mut content = json!({"status": "active", "subject": subject()});
            if *product {
                let product = build.add("Medication", &format!("m{at}"), json!({"code": code()}));
                content["medicationReference"] = json!({"reference": product});
            } else {
                content["medicationCodeableConcept"] = code();
            }
            let medication = build.add("MedicationStatement", &id, content);
            build.refer("10160-0", Some(&medication), false);
        }
        Piece::Alert => {
            let flag = build.add(
                "Flag",
                &id,
                json!({"status": "active", "subject": subject(),
                "code": concept(SNOMED, "225915006", "Agressie")}),
            );
            build.refer("104605-1", Some(&flag), false);
        }
        Piece::Procedure { unknown_section } => {
            let procedure = build.add(
                "Procedure",
                &id,
                json!({"status": "completed",
                "subject": subject(), "code": code(), "performedDateTime": "2020"}),
            );
            let section = if *unknown_section {
                "99999-9"
            } else {
                "47519-4"
            };
            build.refer(section, Some(&procedure), false);
        }
        Piece::Unreferenced => {
            build.add(
                "Goal",
                &id,
                json!({"subject": subject(), "description": {"text": "Lopen"}}),
            );
        }
        _ => {}
    }
}

/// A resource in JSON as the same resource in XML.
pub(super) fn as_xml(resource: &Value) -> String {
    let members = resource.as_object().unwrap();
    let kind = members["resourceType"].as_str().unwrap();
    let mut xml = format!("<{kind} xmlns=\"http://hl7.org/fhir\">");
    content(members, &mut xml);
    xml.push_str(&format!("</{kind}>"));
    xml
}

fn content(members: &Map<String, Value>, xml: &mut String) {
    for (name, value) in members {
        if name == "resourceType" || name == "url" && !members.contains_key("type") {
            continue;
        }
        if let Some(plain) = name.strip_prefix('_') {
            if !members.contains_key(plain) {
                element(plain, value, xml);
            }
            continue;
        }
        match value {
            Value::Array(values) => values.iter().for_each(|value| element(name, value, xml)),
            value => element(name, value, xml),
        }
    }
}

fn element(name: &str, value: &Value, xml: &mut String) {
    match value {
        Value::String(markup) if name == "div" => xml.push_str(markup),
        Value::Object(members) if members.contains_key("resourceType") => {
            xml.push_str(&format!("<{name}>{}</{name}>", as_xml(value)));
        }
        Value::Object(members) => {
            let url = members.get("url").and_then(Value::as_str);
            match url {
                Some(url) => xml.push_str(&format!("<{name} url=\"{url}\">")),
                None => xml.push_str(&format!("<{name}>")),
            }
            content(members, xml);
            xml.push_str(&format!("</{name}>"));
        }
        Value::String(text) => {
            let escaped = quick_xml::escape::escape(text.as_str()).into_owned();
            xml.push_str(&format!("<{name} value=\"{escaped}\"/>"));
        }
        other => xml.push_str(&format!("<{name} value=\"{other}\"/>")),
    }
}
