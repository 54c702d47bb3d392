//! The endpoints.

use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use hyper::{Method, Request, Response, StatusCode};
use serde::{Deserialize, Serialize};
use tokio::time::timeout;

use crate::answer::Knowledge;
use crate::body::Body;
use crate::limits::{BODY_MAX, REQUEST_BYTES_MAX};
use crate::measure::Switch;
use crate::{fhir, message, query};

/// The professional-summary query.
pub const PROFESSIONAL_SUMMARY_PATH: &str = "/aorta/professional-summary";
/// The query for the building blocks of acute care.
pub const ACUTE_CARE_PATH: &str = "/aorta/acute-care";
/// Which sources hold data of a patient.
pub const LOCATE_PATH: &str = "/training/locate";
/// The state of the corona measure.
pub const MEASURE_PATH: &str = "/training/measure";
/// The patients of this exchange.
pub const PATIENTS_PATH: &str = "/training/patients";
/// Asks one source only; its value is an id from [`LOCATE_PATH`].
pub const SOURCE_HEADER: &str = "inzage-source";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LocateRequest {
    bsn: String,
}

#[derive(Serialize)]
struct Located<'a> {
    sources: Vec<LocatedSource<'a>>,
}

#[derive(Serialize)]
struct LocatedSource<'a> {
    id: &'a str,
    name: &'a str,
}

/// Answers one request. Never fails: what is wrong with a request is an answer too.
pub(crate) async fn route(knowledge: &Knowledge, request: Request<Incoming>) -> Response<Body> {
    let (head, body) = request.into_parts();
    let is_soap = matches!(head.uri.path(), PROFESSIONAL_SUMMARY_PATH | ACUTE_CARE_PATH);
    let body = match timeout(BODY_MAX, Limited::new(body, REQUEST_BYTES_MAX).collect()).await {
        Ok(Ok(body)) => body.to_bytes(),
        Ok(Err(_)) if is_soap => {
            return fault("request_body", "the request's body is too large or was cut");
        }
        Ok(Err(_)) => {
            return problem(
                StatusCode::PAYLOAD_TOO_LARGE,
                "request_body",
                "the request's body is too large or was cut",
            );
        }
        Err(_) => {
            return problem(
                StatusCode::REQUEST_TIMEOUT,
                "request_slow",
                "the request's body took too long",
            );
        }
    };
    if let Some(path) = head.uri.path().strip_prefix(fhir::PATH) {
        return fhir::route(knowledge, &head, path, &body).await;
    }
    match (&head.method, head.uri.path()) {
        (&Method::POST, PROFESSIONAL_SUMMARY_PATH) => {
            soap(knowledge, &head.headers, &body, query::PROFESSIONAL_SUMMARY).await
        }
        (&Method::POST, ACUTE_CARE_PATH) => {
            soap(knowledge, &head.headers, &body, query::ACUTE_CARE).await
        }
        (&Method::POST, LOCATE_PATH) => match serde_json::from_slice::<LocateRequest>(&body) {
            Ok(asked) => {
                let sources = knowledge.sources(&asked.bsn);
                let sources = sources
                    .iter()
                    .map(|source| LocatedSource {
                        id: &source.id,
                        name: &source.name,
                    })
                    .collect();
                json(StatusCode::OK, &Located { sources })
            }
            Err(_) => problem(
                StatusCode::BAD_REQUEST,
                "request_json",
                "expected {\"bsn\":\"…\"}",
            ),
        },
        (&Method::GET, MEASURE_PATH) => json(StatusCode::OK, &knowledge.measure.now()),
        (&Method::PUT, MEASURE_PATH) => match serde_json::from_slice::<Switch>(&body) {
            Ok(switch) => json(StatusCode::OK, &knowledge.measure.switch(switch)),
            Err(_) => problem(
                StatusCode::BAD_REQUEST,
                "request_json",
                "expected {\"state\":\"active\"} or \"stopped\"",
            ),
        },
        (&Method::GET, PATIENTS_PATH) => json(StatusCode::OK, &knowledge.listed()),
        (
            _,
            PROFESSIONAL_SUMMARY_PATH
            | ACUTE_CARE_PATH
            | LOCATE_PATH
            | MEASURE_PATH
            | PATIENTS_PATH,
        ) => problem(
            StatusCode::METHOD_NOT_ALLOWED,
            "method",
            "this path does not know that method",
        ),
        _ => problem(
            StatusCode::NOT_FOUND,
            "path",
            "there is nothing at this path",
        ),
    }
}

async fn soap(
    knowledge: &Knowledge,
    headers: &hyper::HeaderMap,
    body: &Bytes,
    interaction: &str,
) -> Response<Body> {
    let is_xml = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| {
            value
                .trim_start()
                .to_ascii_lowercase()
                .starts_with("text/xml")
        });
    if !is_xml {
        return fault("content_type", "SOAP 1.1 is text/xml");
    }
    if !headers.contains_key("soapaction") {
        return fault("soap_action", "SOAP 1.1 over HTTP has a SOAPAction header");
    }
    let source_id = match headers.get(SOURCE_HEADER).map(HeaderValue::to_str) {
        None => None,
        Some(Ok(id)) => Some(id),
        Some(Err(_)) => {
            return fault(
                "source_header",
                "the header Inzage-Source holds no source id",
            );
        }
    };
    let query = match query::read(body, interaction) {
        Ok(query) => query,
        Err(why) => return fault("query", why),
    };
    let answered = if interaction == query::ACUTE_CARE {
        knowledge.acute(&query, source_id).await
    } else {
        knowledge.answer(&query, source_id).await
    };
    match answered {
        Ok(body) => response(StatusCode::OK, "text/xml; charset=utf-8", body),
        // What is wrong with a trainer's file is told to the trainer, on stderr; the file's path
        // and text stay out of the answer.
        Err(error) => {
            eprintln!("a response file could not be served: {error}");
            soap_fault(
                "Server",
                "response_file",
                "a response file of this training exchange cannot be served",
            )
        }
    }
}

fn fault(code: &str, text: &str) -> Response<Body> {
    soap_fault("Client", code, text)
}

/// SOAP 1.1 over HTTP: a fault is always a 500.
fn soap_fault(party: &str, code: &str, text: &str) -> Response<Body> {
    let body = Body::whole(message::fault(party, code, text).into());
    response(
        StatusCode::INTERNAL_SERVER_ERROR,
        "text/xml; charset=utf-8",
        body,
    )
}

fn problem(status: StatusCode, code: &str, text: &str) -> Response<Body> {
    json(
        status,
        &serde_json::json!({ "error": { "code": code, "message": text } }),
    )
}

fn json(status: StatusCode, value: &impl Serialize) -> Response<Body> {
    match serde_json::to_vec(value) {
        Ok(bytes) => response(status, "application/json", Body::whole(bytes.into())),
        Err(_) => response(
            StatusCode::INTERNAL_SERVER_ERROR,
            "application/json",
            Body::whole(Bytes::new()),
        ),
    }
}

pub(crate) fn response(
    status: StatusCode,
    content_type: &'static str,
    body: Body,
) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
        .headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
