//! The resources of a document, each from one entry of what a source has.

use inzage_core::domain::coded::Coded;
use inzage_core::domain::date::Period;
use inzage_core::domain::person::{Author, Patient};
use inzage_core::domain::state::StatementKind;
use inzage_core::domain::summary::clinical::MedicationKind;
use inzage_core::domain::summary::{
    AttentionLine, Contact, Episode, JournalLine, MeasuredValue, Measurement, Medication, Statement,
};

use super::fhir::{
    address, coded, coding, concept, date, identifier, name, period, quantity, range, telecom,
};
use super::tree::Object;

/// Who an entry is about and by whom it is: references within the document.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) patient: &'a str,
    pub(super) practitioner: &'a str,
    pub(super) organisation: &'a str,
    /// Who answers for the record: where an entry has no author of its own.
    pub(super) author: Option<&'a Author>,
}

/// A reference to an entry of the document.
pub(super) fn reference(url: &str) -> Object {
    Object::new().with("reference", url)
}

pub(super) fn patient(patient: &Patient, context: Context<'_>) -> Object {
    let gender = patient
        .gender
        .as_ref()
        .and_then(|gender| gender.code.as_deref());
    let gender = gender.map(|code| match code {
        "M" => "male",
        "F" => "female",
        "UN" => "other",
        _ => "unknown",
    });
    let bsn = Object::new()
        .with("system", "http://fhir.nl/fhir/NamingSystem/bsn")
        .with("value", &patient.bsn);
    Object::resource("Patient")
        .list("identifier", [bsn])
        .list("name", [name(&patient.name)])
        .list("telecom", patient.telecoms.iter().map(telecom))
        .maybe("gender", gender)
        .maybe("birthDate", patient.birth_date.as_ref().and_then(date))
        .list("address", patient.addresses.iter().map(address))
        .list("generalPractitioner", [reference(context.practitioner)])
}

pub(super) fn practitioner(author: Option<&Author>) -> Object {
    let Some(author) = author else {
        return Object::resource("Practitioner");
    };
    let role = author
        .role
        .as_ref()
        .map(|role| Object::new().with("code", coded(role, None)));
    Object::resource("Practitioner")
        .list("identifier", author.ids.iter().map(identifier))
        .list("name", author.name.as_ref().map(name))
        .list("telecom", author.telecoms.iter().map(telecom))
        .list("qualification", role)
}

pub(super) fn organisation(ura: &str, called: &str, author: Option<&Author>) -> Object {
    let own = author.and_then(|author| author.organisation.as_ref());
    let number = Object::new()
        .with("system", "http://fhir.nl/fhir/NamingSystem/ura")
        .with("value", ura);
    Object::resource("Organization")
        .list("identifier", [number])
        .with("name", called)
        .list(
            "telecom",
            own.into_iter().flat_map(|o| &o.telecoms).map(telecom),
        )
        .list(
            "address",
            own.into_iter().flat_map(|o| &o.addresses).map(address),
        )
}

pub(super) fn allergy(statement: &Statement, context: Context<'_>) -> Object {
    let is_refuted = matches!(
        statement.kind,
        StatementKind::Refuted | StatementKind::Negated
    );
    let verification = if is_refuted { "refuted" } else { "confirmed" };
    let clinical = (!is_refuted).then(|| {
        concept(
            "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical",
            "active",
        )
    });
    let recorded = statement
        .author
        .as_ref()
        .and_then(|author| author.time.as_ref())
        .or(statement.period.anchor())
        .and_then(date);
    Object::resource("AllergyIntolerance")
        .list("identifier", statement.ids.iter().map(identifier))
        .maybe("clinicalStatus", clinical)
        .with(
            "verificationStatus",
            concept(
                "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification",
                verification,
            ),
        )
        .maybe(
            "code",
            what(statement.value.as_ref(), statement.text.as_deref()),
        )
        .with("patient", reference(context.patient))
        .maybe("onsetPeriod", period(&statement.period))
        .maybe("recordedDate", recorded)
        .with("recorder", by(statement.author.as_ref(), context))
}

/// A contra-indication, as the flag it is in the building blocks too.
pub(super) fn contraindication(statement: &Statement, context: Context<'_>) -> Object {
    flag(
        statement.ids.iter().map(identifier).collect(),
        what(statement.value.as_ref(), statement.text.as_deref()),
        &statement.period,
        context,
    )
}

pub(super) fn attention_line(line: &AttentionLine, context: Context<'_>) -> Object {
    flag(
        line.ids.iter().map(identifier).collect(),
        what(line.code.as_ref(), line.text.as_deref()),
        &line.period,
        context,
    )
}

fn flag(ids: Vec<Object>, what: Option<Object>, when: &Period, context: Context<'_>) -> Object {
    Object::resource("Flag")
        .list("identifier", ids)
        .with("status", "active")
        .with("code", what.unwrap_or_default())
        .with("subject", reference(context.patient))
        .maybe("period", period(when))
        .with("author", reference(context.practitioner))
}

/// A treatment limit: an advance directive, with the author's words.
pub(super) fn treatment_limit(statement: &Statement, context: Context<'_>) -> Object {
    let at = statement
        .author
        .as_ref()
        .and_then(|author| author.time.as_ref())
        .or(statement.period.anchor())
        .and_then(date);
    let what = what(
        statement.value.as_ref().or(statement.code.as_ref()),
        statement.text.as_deref(),
    );
    Object::resource("Consent")
        .list("identifier", statement.ids.iter().map(identifier))
        .with("status", "active")
        .with(
            "scope",
            concept("http://terminology.hl7.org/CodeSystem/consentscope", "adr"),
        )
        .list(
            "category",
            [concept(
                "http://terminology.hl7.org/CodeSystem/consentcategorycodes",
                "acd",
            )],
        )
        .with("patient", reference(context.patient))
        .maybe("dateTime", at)
        .list("performer", [by(statement.author.as_ref(), context)])
        .list("organization", [reference(context.organisation)])
        .with(
            "policyRule",
            concept(
                "http://terminology.hl7.org/CodeSystem/consentpolicycodes",
                "cric",
            ),
        )
        .with("provision", Object::new().list("code", what))
}

pub(super) fn episode(episode: &Episode, context: Context<'_>) -> Object {
    let status = if episode.closed { "resolved" } else { "active" };
    let start = episode.period.low.as_ref().or(episode.period.at.as_ref());
    Object::resource("Condition")
        .list("identifier", episode.ids.iter().map(identifier))
        .with(
            "clinicalStatus",
            concept(
                "http://terminology.hl7.org/CodeSystem/condition-clinical",
                status,
            ),
        )
        .list(
            "category",
            [concept(
                "http://terminology.hl7.org/CodeSystem/condition-category",
                "problem-list-item",
            )],
        )
        .maybe(
            "code",
            what(episode.problem.as_ref(), episode.title.as_deref()),
        )
        .with("subject", reference(context.patient))
        .maybe("onsetDateTime", start.and_then(date))
        .maybe(
            "abatementDateTime",
            episode.period.high.as_ref().and_then(date),
        )
        .with("asserter", by(episode.author.as_ref(), context))
}

pub(super) fn medication(medication: &Medication, context: Context<'_>) -> Object {
    let product = coded(
        &medication.product,
        medication.product_texts.first().map(String::as_str),
    );
    let doses = medication.uses.iter().map(|used| {
        let bounds = period(&used.period)
            .map(|bounds| Object::new().with("repeat", Object::new().with("boundsPeriod", bounds)));
        Object::new()
            .maybe("text", used.text.as_ref())
            .maybe("timing", bounds)
            .maybe("route", used.route.as_ref().map(|route| coded(route, None)))
    });
    let doses: Vec<Object> = doses.filter(|dose| !dose.is_empty()).collect();
    let ids = medication.ids.iter().map(identifier);
    let at = medication
        .author
        .as_ref()
        .and_then(|author| author.time.as_ref())
        .or(medication.period.anchor())
        .and_then(date);
    if medication.kind == MedicationKind::Dispense {
        return Object::resource("MedicationDispense")
            .list("identifier", ids)
            .with("status", "completed")
            .with("medicationCodeableConcept", product)
            .with("subject", reference(context.patient))
            .list(
                "performer",
                [Object::new().with("actor", reference(context.organisation))],
            )
            .maybe("whenHandedOver", at)
            .list("dosageInstruction", doses);
    }
    let status = match medication.status.as_deref() {
        Some("active") => "active",
        Some("completed") => "completed",
        Some("cancelled" | "aborted") => "stopped",
        _ => "unknown",
    };
    Object::resource("MedicationRequest")
        .list("identifier", ids)
        .with("status", status)
        .with("intent", "order")
        .with("medicationCodeableConcept", product)
        .with("subject", reference(context.patient))
        .maybe("authoredOn", at)
        .with("requester", by(medication.author.as_ref(), context))
        .list(
            "note",
            medication
                .text
                .as_ref()
                .map(|text| Object::new().with("text", text)),
        )
        .list("dosageInstruction", doses)
}

pub(super) fn measurement(measurement: &Measurement, kind: &str, context: Context<'_>) -> Object {
    let at = measurement.at.anchor().and_then(date);
    let base = Object::resource("Observation")
        .list("identifier", measurement.ids.iter().map(identifier))
        .with("status", "final")
        .list(
            "category",
            [concept(
                "http://terminology.hl7.org/CodeSystem/observation-category",
                kind,
            )],
        )
        .with("code", coded(&measurement.what, None))
        .with("subject", reference(context.patient))
        .maybe("effectiveDateTime", at)
        .list("performer", [by(measurement.author.as_ref(), context)]);
    let unknown = || {
        concept(
            "http://terminology.hl7.org/CodeSystem/data-absent-reason",
            "unknown",
        )
    };
    let with_value = match &measurement.value {
        MeasuredValue::Quantity(value) => base.with("valueQuantity", quantity(value)),
        MeasuredValue::Text { text } => base.with("valueString", text),
        MeasuredValue::Coded(code) => base.with("valueCodeableConcept", coded(code, None)),
        MeasuredValue::Range(bounds) => base.with("valueRange", range(bounds)),
        MeasuredValue::Boolean { value } => base.with("valueBoolean", value == "true"),
        MeasuredValue::Time(when) => base.maybe("valuePeriod", period(when)),
        MeasuredValue::None { .. } => base.with("dataAbsentReason", unknown()),
    };
    with_value
        .list(
            "interpretation",
            measurement.interpretations.iter().map(|i| coded(i, None)),
        )
        .list(
            "note",
            measurement
                .text
                .as_ref()
                .map(|text| Object::new().with("text", text)),
        )
        .list(
            "referenceRange",
            measurement.reference_ranges.iter().map(range),
        )
}

pub(super) fn contact(contact: &Contact, context: Context<'_>) -> Object {
    let diagnoses = contact
        .partials
        .iter()
        .flat_map(|partial| &partial.diagnoses);
    let held_by = contact
        .author
        .as_ref()
        .map(|author| Object::new().with("individual", by(Some(author), context)));
    Object::resource("Encounter")
        .list("identifier", contact.ids.iter().map(identifier))
        .with("status", "finished")
        .with(
            "class",
            coding(
                "http://terminology.hl7.org/CodeSystem/v3-ActCode",
                "AMB",
                Some("ambulatory"),
            ),
        )
        .list("type", contact.kind.as_ref().map(|kind| coded(kind, None)))
        .with("subject", reference(context.patient))
        .list("participant", held_by)
        .maybe("period", period(&contact.period))
        .list(
            "reasonCode",
            diagnoses.map(|diagnosis| coded(&diagnosis.value, diagnosis.text.as_deref())),
        )
        .with("serviceProvider", reference(context.organisation))
}

/// A journal line: an observation whose code is the kind of line, in its contact.
pub(super) fn journal_line(
    line: &JournalLine,
    contact: &Contact,
    url: &str,
    context: Context<'_>,
) -> Object {
    Object::resource("Observation")
        .list("identifier", line.ids.iter().map(identifier))
        .with("status", "final")
        .with("code", coded(&line.kind, None))
        .with("subject", reference(context.patient))
        .with("encounter", reference(url))
        .maybe("effectiveDateTime", contact.period.anchor().and_then(date))
        .list("performer", [by(contact.author.as_ref(), context)])
        .maybe("valueString", line.text.as_ref())
}

/// The author of an entry: the document's, or by name and number where it is another.
fn by(author: Option<&Author>, context: Context<'_>) -> Object {
    let own = author.filter(|author| !author.conducted);
    let same = |author: &&Author| context.author.is_some_and(|of| of.ids == author.ids);
    match own.filter(|author| !same(author)) {
        None => reference(context.practitioner),
        Some(author) => {
            let called = author
                .name
                .as_ref()
                .map(|name| format!("{} {}", name.given, name.family).trim().to_owned());
            Object::new()
                .maybe("identifier", author.ids.first().map(identifier))
                .maybe("display", called.filter(|name| !name.is_empty()))
        }
    }
}

fn what(code: Option<&Coded>, text: Option<&str>) -> Option<Object> {
    let concept = coded(code.unwrap_or(&Coded::default()), text);
    (!concept.is_empty()).then_some(concept)
}
