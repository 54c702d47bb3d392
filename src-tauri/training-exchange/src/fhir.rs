//! The endpoints that speak FHIR R4.
//!
//! A patient's logical id names a patient *and* a source (`p3-s1`): every source has its own record.
//! No BSN may stand in an address: a search is a `POST` with a form.

use hyper::header::{ACCEPT, HeaderValue};
use hyper::http::request::Parts;
use hyper::{Method, Response, StatusCode};
use tokio::time::sleep;
use uuid::Uuid;

use crate::answer::{Knowledge, bytes, derived};
use crate::body::Body;
use crate::bsn::is_bsn;
use crate::limits::HOLD_MAX;
use crate::patient::{Outcome, Source};
use crate::routes::{SOURCE_HEADER, response};
use crate::write::{Derived, Notation, Object, document, listed, outcome};

/// Below this everything is FHIR.
pub(crate) const PATH: &str = "/fhir";
const BSN_SYSTEM: &str = "http://fhir.nl/fhir/NamingSystem/bsn";

/// A status with the resource that says why.
type Problem = (StatusCode, Object);

/// Answers one request. Never fails: what is wrong is an `OperationOutcome`.
pub(crate) async fn route(
    knowledge: &Knowledge,
    head: &Parts,
    path: &str,
    body: &[u8],
) -> Response<Body> {
    let notation = notation(head);
    let answered = match checked(head) {
        Ok(()) => answer(knowledge, head, path, body, notation).await,
        Err(problem) => Err(problem),
    };
    match answered {
        Ok(body) => response(StatusCode::OK, content_type(notation), body),
        Err((status, why)) => {
            let body = Body::whole(why.write(notation).into());
            response(status, content_type(notation), body)
        }
    }
}

async fn answer(
    knowledge: &Knowledge,
    head: &Parts,
    path: &str,
    body: &[u8],
    notation: Notation,
) -> Result<Body, Problem> {
    let segments: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    let source = head
        .headers
        .get(SOURCE_HEADER)
        .and_then(|v| v.to_str().ok());
    let whole = |object: Object| Ok(Body::whole(object.write(notation).into()));
    match (&head.method, segments.as_slice()) {
        (&Method::GET, ["metadata"]) => whole(capabilities()),
        (&Method::POST, ["Patient", "_search"]) => {
            let bsn = searched(body, "identifier")?;
            whole(patients(knowledge, &bsn, source))
        }
        (&Method::POST, ["DocumentReference", "_search"]) => {
            let bsn = searched(body, "patient.identifier")?;
            whole(documents(knowledge, &bsn, source))
        }
        (&Method::GET, ["Patient", id, "$summary"] | ["Bundle", id]) => {
            summary(knowledge, id, notation).await
        }
        (_, ["Patient", ..] | ["DocumentReference", ..] | ["Bundle", ..]) => Err((
            StatusCode::METHOD_NOT_ALLOWED,
            outcome(
                "error",
                "not-supported",
                None,
                "a search is a POST to _search: no number of a citizen belongs in an address",
            ),
        )),
        _ => Err(not_found()),
    }
}

/// The records with this number: one per source.
fn patients(knowledge: &Knowledge, bsn: &str, source_id: Option<&str>) -> Object {
    let mut found = Vec::new();
    for (id, source) in records(knowledge, bsn, source_id) {
        // What the record itself says of the patient comes with the summary.
        let identifier = Object::new().with("system", BSN_SYSTEM).with("value", bsn);
        let patient = Object::resource("Patient")
            .with("id", &id)
            .list("identifier", [identifier])
            .with(
                "managingOrganization",
                Object::new().with("display", &source.name),
            );
        found.push((format!("Patient/{id}"), patient));
    }
    listed(found)
}

fn documents(knowledge: &Knowledge, bsn: &str, source_id: Option<&str>) -> Object {
    let records = records(knowledge, bsn, source_id);
    let found = records.into_iter().map(|(id, source)| {
        let attachment = Object::new()
            .with("contentType", "application/fhir+json")
            .with("url", format!("Bundle/{id}"));
        let reference = Object::resource("DocumentReference")
            .with("id", &id)
            .with("status", "current")
            .with(
                "subject",
                Object::new().with("reference", format!("Patient/{id}")),
            )
            .with("custodian", Object::new().with("display", &source.name))
            .list("content", [Object::new().with("attachment", attachment)]);
        (format!("DocumentReference/{id}"), reference)
    });
    listed(found.collect())
}

/// The document of one record, with what its source does to it.
async fn summary(knowledge: &Knowledge, id: &str, notation: Notation) -> Result<Body, Problem> {
    let (bsn, source) = record(knowledge, id).ok_or_else(not_found)?;
    sleep(source.delay).await;
    match source.outcome {
        Outcome::NothingFound => return Err(not_found()),
        Outcome::Timeout => {
            sleep(HOLD_MAX).await;
            return Err(too_slow(bsn));
        }
        Outcome::Error => return Err(too_slow(bsn)),
        Outcome::RefusedElsewhere => return Err(elsewhere()),
        Outcome::Raw => return Ok(Body::whole(bytes(source).await.map_err(unserved)?)),
        Outcome::Deliver | Outcome::Cut | Outcome::Broken | Outcome::UnknownAck => {}
    }
    let derived: Derived = derived(source)
        .await
        .map_err(unserved)?
        .ok_or_else(not_found)?;
    let document = document(&derived, |block| source.reply(block));
    let text = bytes::Bytes::from(document.write(notation));
    Ok(match source.outcome {
        Outcome::Cut => Body::cut(text),
        Outcome::Broken => Body::whole(text.slice(..text.len() / 2)),
        _ => Body::whole(text),
    })
}

/// The records with this number, as the index knows them now.
fn records<'a>(
    knowledge: &'a Knowledge,
    bsn: &str,
    source_id: Option<&str>,
) -> Vec<(String, &'a Source)> {
    let place = knowledge.patients.iter().position(|p| p.listed.bsn == bsn);
    let Some(place) = place else {
        return Vec::new();
    };
    let listed = knowledge.sources(bsn);
    let all = knowledge
        .patients
        .get(place)
        .into_iter()
        .flat_map(|p| &p.sources);
    all.enumerate()
        .filter(|(_, source)| listed.iter().any(|known| known.id == source.id))
        .filter(|(_, source)| source_id.is_none_or(|id| source.id == id))
        .filter(|(_, source)| source.outcome != Outcome::NothingFound)
        .map(|(nr, source)| (format!("p{}-s{}", place + 1, nr + 1), source))
        .collect()
}

/// The record by its logical id.
fn record<'a>(knowledge: &'a Knowledge, id: &str) -> Option<(&'a str, &'a Source)> {
    knowledge.patients.iter().find_map(|patient| {
        let bsn = patient.listed.bsn.as_str();
        let records = records(knowledge, bsn, None);
        let found = records.into_iter().find(|(known, _)| known == id);
        found.map(|(_, source)| (bsn, source))
    })
}

/// The number that a search asks for.
fn searched(form: &[u8], name: &str) -> Result<String, Problem> {
    let refused = || {
        let text = "expected a form with an identifier of the form system|number";
        (
            StatusCode::BAD_REQUEST,
            outcome("error", "invalid", None, text),
        )
    };
    let text = std::str::from_utf8(form).map_err(|_| refused())?;
    let value = text
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|(key, _)| *key == name)
        .and_then(|(_, value)| decoded(value))
        .ok_or_else(refused)?;
    match value.split_once('|') {
        Some((BSN_SYSTEM, bsn)) if is_bsn(bsn) => Ok(bsn.to_owned()),
        _ => Err(refused()),
    }
}

/// A value of a form.
fn decoded(value: &str) -> Option<String> {
    let mut out = Vec::with_capacity(value.len());
    let mut bytes = value.bytes();
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digits = [bytes.next()?, bytes.next()?];
                let digits = std::str::from_utf8(&digits).ok()?;
                u8::from_str_radix(digits, 16).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(out).ok()
}

/// What every request must carry: ids by which all parties log it, and a version.
fn checked(head: &Parts) -> Result<(), Problem> {
    let header = |name: &str| head.headers.get(name).and_then(|v| v.to_str().ok());
    let has_ids = header("aorta-id").is_some_and(|value| {
        let id_of = |name: &str| {
            value
                .split(';')
                .filter_map(|part| part.trim().split_once('='))
                .find(|(key, _)| *key == name)
                .is_some_and(|(_, id)| Uuid::parse_str(id).is_ok())
        };
        id_of("initialRequestID") && id_of("requestID")
    });
    // Reachability is asked without them.
    if head.uri.path().ends_with("/metadata") || has_ids && header("aorta-version").is_some() {
        return Ok(());
    }
    let text = "AORTA-ID with initialRequestID and requestID (UUIDs) and AORTA-Version are needed";
    Err((
        StatusCode::BAD_REQUEST,
        outcome("error", "required", None, text),
    ))
}

/// JSON, unless the asker takes XML only.
fn notation(head: &Parts) -> Notation {
    let accept = head.headers.get(ACCEPT).map(HeaderValue::to_str);
    match accept {
        Some(Ok(text)) if text.contains("xml") && !text.contains("json") => Notation::Xml,
        _ => Notation::Json,
    }
}

const fn content_type(notation: Notation) -> &'static str {
    match notation {
        Notation::Json => "application/fhir+json; charset=utf-8",
        Notation::Xml => "application/fhir+xml; charset=utf-8",
    }
}

fn capabilities() -> Object {
    Object::resource("CapabilityStatement")
        .with("status", "active")
        .with("kind", "instance")
        .with("fhirVersion", "4.0.1")
        .list("format", ["application/fhir+json", "application/fhir+xml"])
}

fn not_found() -> Problem {
    let text = "nothing is known by that address";
    (
        StatusCode::NOT_FOUND,
        outcome("error", "not-found", None, text),
    )
}

/// Real error texts quote the BSN; this one does too.
fn too_slow(bsn: &str) -> Problem {
    let text = format!("Het bronsysteem gaf niet op tijd antwoord op de vraag naar patiënt {bsn}");
    let why = outcome("error", "timeout", Some("QABRTITI"), &text);
    (StatusCode::GATEWAY_TIMEOUT, why)
}

fn elsewhere() -> Problem {
    let text = format!(
        "Een zorgaanbieder buiten uw regio of samenwerkingsverband heeft ook gegevens (URA: {})",
        crate::message::ELSEWHERE_URA
    );
    let why = outcome("error", "forbidden", Some("AUTERR_SWV_FALSE"), &text);
    (StatusCode::FORBIDDEN, why)
}

fn unserved(error: std::io::Error) -> Problem {
    eprintln!("a response file could not be served: {error}");
    let text = "a response file of this training exchange cannot be served";
    let why = outcome("error", "exception", None, text);
    (StatusCode::INTERNAL_SERVER_ERROR, why)
}
