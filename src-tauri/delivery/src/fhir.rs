//! `POST [base]/AuditEvent` (IHE ITI-20, FHIR feed), as conditional create.
//!
//! A repeat is no duplicate: `If-None-Exist` names the tag that is this resource's own (FHIR R4,
//! http.html#ccreate). A server that ignores the header makes duplicates; `docs/delivery.md` says how to
//! find out.
//!
//! **Architecture Invariant:** that something has the tag is no acknowledgement. Numbers come again after a
//! log was put back, and anyone can send under one that is to come: what the server has is compared.

use reqwest::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE, HeaderMap, LOCATION};
use rustls::ClientConfig;
use serde_json::Value;

use crate::error::DeliveryError;
use crate::pace::Pace;
use crate::parcel::Parcel;
use crate::receiver::Sent;

pub(crate) const FHIR_JSON: &str = "application/fhir+json";
/// Bytes of an answer that are read: a server may send back what it was sent, or, where it is asked what it
/// has, a few of the largest entries.
const ANSWER_BYTES_MAX: usize = 1024 * 1024;
/// Resources of one tag that are compared: one, or two where two others sent it at the same moment.
const SAME_TAG_COUNT: u32 = 5;
/// More than one resource fits the condition.
const PRECONDITION_FAILED: u16 = 412;

/// Straight to the address that is configured, and nowhere that it leads to.
pub(crate) fn http_client(
    tls: ClientConfig,
    pace: &Pace,
) -> Result<reqwest::Client, DeliveryError> {
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .no_proxy()
        .https_only(true)
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .http1_only()
        .connect_timeout(pace.connect_wait)
        .timeout(pace.answer_wait)
        .pool_max_idle_per_host(1)
        .build()
        .map_err(|_| DeliveryError::Settings { key: "address" })
}

pub(crate) struct FhirReceiver {
    http: reqwest::Client,
    address: String,
}

impl FhirReceiver {
    pub(crate) fn new(base: &str, tls: ClientConfig, pace: &Pace) -> Result<Self, DeliveryError> {
        Ok(Self {
            http: http_client(tls, pace)?,
            address: format!("{base}/AuditEvent"),
        })
    }

    /// One after another: the receiver has them in the log's order.
    pub(crate) async fn send(&self, parcels: &[Parcel]) -> Sent {
        let mut taken = 0;
        for parcel in parcels {
            if let Err(error) = self.post(parcel).await {
                return Sent {
                    taken,
                    outcome: Err(error),
                };
            }
            taken += 1;
        }
        Sent {
            taken,
            outcome: Ok(()),
        }
    }

    async fn post(&self, parcel: &Parcel) -> Result<(), DeliveryError> {
        let tag = parcel.event.own_tag();
        let response = self
            .http
            .post(&self.address)
            .header(CONTENT_TYPE, FHIR_JSON)
            .header(ACCEPT, FHIR_JSON)
            .header("Prefer", "return=minimal")
            .header("If-None-Exist", format!("_tag={tag}"))
            .body(body(parcel)?)
            .send()
            .await
            .map_err(|error| DeliveryError::of_request(&error))?;
        let status = response.status().as_u16();
        let of_fhir = is_of_fhir(response.headers());
        // Only a whole answer says that it has it: a cut one may come from anywhere in between.
        let answer = read(response, ANSWER_BYTES_MAX).await?;
        match status {
            201 if of_fhir => Ok(()),
            // It had one before; whether it is this one it says, or is asked.
            200 if says_it_has(&answer, parcel) => Ok(()),
            200 | 204 | PRECONDITION_FAILED => self.has(parcel, status).await,
            other => Err(DeliveryError::of_status(other)),
        }
    }

    /// Whether the receiver has it, be it more than once: two others sent it at the same moment.
    async fn has(&self, parcel: &Parcel, status: u16) -> Result<(), DeliveryError> {
        let tag = encoded(&parcel.event.own_tag());
        let response = self
            .http
            .get(format!(
                "{}?_tag={tag}&_count={SAME_TAG_COUNT}",
                self.address
            ))
            .header(ACCEPT, FHIR_JSON)
            // What it had a moment ago is not what it has.
            .header(CACHE_CONTROL, "no-cache")
            .send()
            .await
            .map_err(|error| DeliveryError::of_request(&error))?;
        let found = response.status().as_u16();
        if found != 200 {
            return Err(DeliveryError::of_status(found));
        }
        let answer = read(response, ANSWER_BYTES_MAX).await?;
        let bundle: Value =
            serde_json::from_slice(&answer).map_err(|_| DeliveryError::WrongAnswer)?;
        if bundle.get("type").and_then(Value::as_str) != Some("searchset") {
            return Err(DeliveryError::WrongAnswer);
        }
        let has: Vec<&Value> = bundle
            .get("entry")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|entry| entry.get("resource"))
            .filter(|resource| {
                resource.get("resourceType").and_then(Value::as_str) == Some("AuditEvent")
            })
            .collect();
        if has.iter().any(|resource| parcel.event.is_same_as(resource)) {
            Ok(())
        } else if has.is_empty() {
            // It does not find what it says to have: not yet, or not at all.
            Err(DeliveryError::of_status(status))
        } else {
            Err(DeliveryError::Conflict)
        }
    }
}

/// Whether an answer is the very resource.
fn says_it_has(answer: &[u8], parcel: &Parcel) -> bool {
    serde_json::from_slice(answer).is_ok_and(|resource| parcel.event.is_same_as(&resource))
}

/// Whether a FHIR server answers: it says where the new resource is (http.html#create), or speaks FHIR. A
/// page that something in between gives does neither.
fn is_of_fhir(headers: &HeaderMap) -> bool {
    let says = |name, what: &str| {
        let value = headers.get(name).and_then(|value| value.to_str().ok());
        value.is_some_and(|value| value.contains(what))
    };
    says(LOCATION, "AuditEvent/") || says(CONTENT_TYPE, "fhir+")
}

/// Without the id: the server gives its own (http.html#create), and one that sees another id than that of
/// the resource it already has may refuse the repeat.
fn body(parcel: &Parcel) -> Result<Vec<u8>, DeliveryError> {
    let mut resource = serde_json::to_value(&parcel.event).map_err(|_| DeliveryError::Internal)?;
    if let Value::Object(members) = &mut resource {
        members.remove("id");
    }
    serde_json::to_vec(&resource).map_err(|_| DeliveryError::Internal)
}

/// A tag in an address: of its characters only these two have a meaning there.
pub(crate) fn encoded(tag: &str) -> String {
    tag.replace('|', "%7C").replace(':', "%3A")
}

/// A whole answer of no more than so many bytes.
pub(crate) async fn read(
    mut response: reqwest::Response,
    bytes_max: usize,
) -> Result<Vec<u8>, DeliveryError> {
    let mut answer = Vec::new();
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|error| DeliveryError::of_request(&error))?
    {
        if answer.len() + chunk.len() > bytes_max {
            // What is said so lengthily may be anything; the connection ends here.
            return Err(DeliveryError::WrongAnswer);
        }
        answer.extend_from_slice(&chunk);
    }
    Ok(answer)
}
