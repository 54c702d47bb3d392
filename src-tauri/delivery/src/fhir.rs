//! `POST [base]/AuditEvent` (IHE ITI-20, FHIR feed), as conditional create.
//!
//! A repeat is no duplicate: `If-None-Exist` names the tag that is this resource's own (FHIR R4,
//! http.html#ccreate). A server that ignores the header makes duplicates; `docs/delivery.md` says how to
//! find out.

use reqwest::header::{ACCEPT, CONTENT_TYPE};
use rustls::ClientConfig;
use serde_json::Value;

use crate::error::DeliveryError;
use crate::pace::Pace;
use crate::parcel::Parcel;
use crate::receiver::Sent;

pub(crate) const FHIR_JSON: &str = "application/fhir+json";
/// Bytes of an answer that are read: a server may send back what it was sent, and nothing is taken from
/// it but a count.
const ANSWER_BYTES_MAX: usize = 1024 * 1024;
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
        // Only a whole answer says that it has it: a cut one may come from anywhere in between.
        read(response).await?;
        match status {
            200 | 201 | 204 => Ok(()),
            PRECONDITION_FAILED if self.is_there(&tag).await? => Ok(()),
            other => Err(DeliveryError::of_status(other)),
        }
    }

    /// Whether the receiver has it, be it more than once: two others sent it at the same moment.
    async fn is_there(&self, tag: &str) -> Result<bool, DeliveryError> {
        let response = self
            .http
            .get(format!(
                "{}?_tag={}&_summary=count",
                self.address,
                encoded(tag)
            ))
            .header(ACCEPT, FHIR_JSON)
            .send()
            .await
            .map_err(|error| DeliveryError::of_request(&error))?;
        let found = response.status().as_u16() == 200;
        let answer = read(response).await?;
        let total = serde_json::from_slice::<Value>(&answer)
            .ok()
            .and_then(|bundle| bundle.get("total").and_then(Value::as_u64));
        Ok(found && total.is_some_and(|total| total > 0))
    }
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
fn encoded(tag: &str) -> String {
    tag.replace('|', "%7C").replace(':', "%3A")
}

async fn read(mut response: reqwest::Response) -> Result<Vec<u8>, DeliveryError> {
    let mut answer = Vec::new();
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|error| DeliveryError::of_request(&error))?
    {
        if answer.len() + chunk.len() > ANSWER_BYTES_MAX {
            // Whoever says so much has said its status long before; the connection ends here.
            break;
        }
        answer.extend_from_slice(&chunk);
    }
    Ok(answer)
}
