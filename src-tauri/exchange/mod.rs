//! The exchange: questions out, bytes in, over mutual TLS.
//!
//! Nothing here reads clinical content: what comes back is bytes, handed to the core.
//!
//! | file | what it is |
//! |---|---|
//! | `client`, `tls`, `error` | one HTTP client with its limits; what can go wrong |
//! | `aorta/` | HL7v3 over SOAP: the professional summary, the building blocks of acute care |
//! | `fhir/` | FHIR: the patient by number, then the summary or the documents |
//! | `training` | the training exchange as a child process |

pub mod aorta;
pub mod client;
pub mod error;
pub mod fhir;
pub mod tls;
#[cfg(feature = "training")]
pub mod training;

use inzage_core::domain::bsn::Bsn;
use inzage_core::domain::user::Setting;
use serde::Deserialize;

pub use aorta::Aorta;
use client::Client;
pub use error::ExchangeError;
pub use fhir::Fhir;

/// Where the exchange says which sources know the patient (training; AORTA's own is not public).
const LOCATE_PATH: &str = "/training/locate";
/// Names the one source that is to answer.
const SOURCE_HEADER: &str = "Inzage-Source";

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

/// One question to one source.
#[derive(Debug, Clone)]
pub struct Asking {
    /// About whom.
    pub bsn: Bsn,
    /// The look-up's id (a UUID): the same for every source.
    pub request_id: String,
    /// Where the workstation stands: what is asked for depends on it.
    pub setting: Setting,
    /// Local time as `YYYYMMDDhhmmss`.
    pub now_hl7: String,
}

/// What one source answered.
#[derive(Debug)]
pub struct Fetched {
    /// The answers as bytes: one, or several documents of one source. Never empty.
    pub answers: Vec<Vec<u8>>,
}

/// The way to the sources, in the protocol of this installation.
#[derive(Debug, Clone)]
pub enum Connection {
    /// HL7v3 as AORTA delivers it.
    Hl7v3(Aorta),
    /// FHIR.
    Fhir(Fhir),
}

impl Connection {
    /// Which sources are to be asked about this patient; `None` where one question reaches them all.
    ///
    /// # Errors
    /// When the exchange cannot be asked.
    pub async fn locate(&self, bsn: &Bsn) -> Result<Option<Vec<Located>>, ExchangeError> {
        match self {
            Self::Hl7v3(aorta) => aorta.locate(bsn).await,
            Self::Fhir(fhir) => fhir.locate(bsn).await.map(Some),
        }
    }

    /// Asks one source, or all of them at once. `requests` gets the id of every message that does
    /// not bear the look-up's own, as it goes out: what was sent is known even when no answer comes.
    ///
    /// # Errors
    /// When no answer came; what an answer says is for the core.
    pub async fn ask(
        &self,
        asking: &Asking,
        source: Option<&Located>,
        requests: &Requests,
    ) -> Result<Fetched, ExchangeError> {
        match (self, source) {
            (Self::Hl7v3(aorta), source) => {
                let interaction = aorta::Interaction::of(asking.setting);
                let answer = aorta.ask(interaction, asking, source).await?;
                Ok(Fetched {
                    answers: vec![answer],
                })
            }
            (Self::Fhir(fhir), Some(source)) => fhir.ask(asking, source, requests).await,
            // A FHIR exchange always names its sources.
            (Self::Fhir(_), None) => Err(ExchangeError::NotAnAnswer),
        }
    }

    /// Whether the exchange can be reached and both certificates are accepted; what time it is there.
    ///
    /// # Errors
    /// What stands between here and there.
    pub async fn reach(&self) -> Result<Option<String>, ExchangeError> {
        match self {
            Self::Hl7v3(aorta) => aorta.reach().await,
            Self::Fhir(fhir) => fhir.reach().await,
        }
    }

    /// The client, for what the training exchange answers besides.
    #[must_use]
    pub const fn client(&self) -> &Client {
        match self {
            Self::Hl7v3(aorta) => aorta.client(),
            Self::Fhir(fhir) => fhir.client(),
        }
    }
}

/// The ids of the messages that went to one source, in their order: every party logs them.
#[derive(Debug, Clone, Default)]
pub struct Requests(std::sync::Arc<std::sync::Mutex<Vec<String>>>);

impl Requests {
    /// A new id (UUID v4) for the message that goes out now.
    #[must_use]
    pub fn next(&self) -> String {
        let id = uuid::Uuid::new_v4().to_string();
        self.0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .push(id.clone());
        id
    }

    /// Those that went out so far.
    #[must_use]
    pub fn sent(&self) -> Vec<String> {
        self.0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .clone()
    }
}

/// Asks the training exchange which sources know the patient.
async fn locate(client: &Client, bsn: &Bsn) -> Result<Vec<Located>, ExchangeError> {
    let body = serde_json::json!({ "bsn": bsn.reveal() })
        .to_string()
        .into_bytes();
    let answered = client
        .send(
            reqwest::Method::POST,
            LOCATE_PATH,
            &[],
            Some("application/json"),
            body,
        )
        .await?;
    if answered.status != 200 {
        return Err(ExchangeError::HttpStatus(answered.status));
    }
    let located: LocatedAnswer =
        serde_json::from_slice(&answered.body).map_err(|_| ExchangeError::NotAnAnswer)?;
    Ok(located.sources)
}
