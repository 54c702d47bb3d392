//! AORTA: HL7v3 over SOAP 1.1 over mutual TLS.

mod query;

use inzage_core::domain::bsn::Bsn;
use serde::Deserialize;

use super::client::Client;
use super::error::ExchangeError;

pub use query::{Asker, professional_summary_query};

/// Where the professional summary is asked for.
const SUMMARY_PATH: &str = "/aorta/professional-summary";
/// Where the exchange says which sources know the patient (training; AORTA's own is not public).
const LOCATE_PATH: &str = "/training/locate";
/// Names the one source that is to answer.
const SOURCE_HEADER: &str = "Inzage-Source";

/// The exchange as AORTA speaks.
#[derive(Debug, Clone)]
pub struct Aorta {
    client: Client,
    asker: Asker,
    locates: bool,
}

/// A source that the exchange says knows the patient.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Located {
    /// The exchange's id for it.
    pub id: String,
    /// Its name.
    pub name: String,
}

#[derive(Deserialize)]
struct LocatedAnswer {
    sources: Vec<Located>,
}

impl Aorta {
    /// An exchange at `client`; `locates` where it says beforehand which sources will be asked.
    #[must_use]
    pub const fn new(client: Client, asker: Asker, locates: bool) -> Self {
        Self {
            client,
            asker,
            locates,
        }
    }

    /// Which sources know the patient; `None` where the exchange does not say beforehand.
    ///
    /// # Errors
    /// When the exchange cannot be asked.
    pub async fn locate(&self, bsn: &Bsn) -> Result<Option<Vec<Located>>, ExchangeError> {
        if !self.locates {
            return Ok(None);
        }
        let body = serde_json::json!({ "bsn": bsn.reveal() })
            .to_string()
            .into_bytes();
        let answered = self
            .client
            .send(
                reqwest::Method::POST,
                LOCATE_PATH,
                &[],
                "application/json",
                body,
            )
            .await?;
        if answered.status != 200 {
            return Err(ExchangeError::HttpStatus(answered.status));
        }
        let located: LocatedAnswer =
            serde_json::from_slice(&answered.body).map_err(|_| ExchangeError::NotAnAnswer)?;
        Ok(Some(located.sources))
    }

    /// Asks for the summary: of one located source, or of all at once.
    ///
    /// # Errors
    /// When no answer came; what the answer says is for the core.
    pub async fn professional_summary(
        &self,
        bsn: &Bsn,
        source: Option<&Located>,
        request_id: &str,
        now_hl7: &str,
    ) -> Result<Vec<u8>, ExchangeError> {
        let body = professional_summary_query(&self.asker, bsn, request_id, now_hl7);
        let mut headers = vec![("SOAPAction", query::SOAP_ACTION)];
        if let Some(source) = source {
            headers.push((SOURCE_HEADER, source.id.as_str()));
        }
        let answered = self
            .client
            .send(
                reqwest::Method::POST,
                SUMMARY_PATH,
                &headers,
                "text/xml; charset=utf-8",
                body.into_bytes(),
            )
            .await?;
        match answered.status {
            200 => Ok(answered.body),
            other => Err(ExchangeError::HttpStatus(other)),
        }
    }

    /// Whether the exchange can be reached and both certificates are accepted; what time it is there.
    ///
    /// # Errors
    /// What stands between here and there.
    pub async fn reach(&self) -> Result<Option<String>, ExchangeError> {
        let answered = self
            .client
            .send(
                reqwest::Method::GET,
                SUMMARY_PATH,
                &[],
                "text/xml; charset=utf-8",
                Vec::new(),
            )
            .await?;
        Ok(answered.date)
    }

    /// The client, for what the training exchange answers besides.
    #[must_use]
    pub const fn client(&self) -> &Client {
        &self.client
    }
}
