//! FHIR: the patient by number, then the summary or the documents, from each source at its own
//! address.
//!
//! | file | what it is |
//! |---|---|
//! | `search` | what a search answered: patients, documents |
//! | `address` | which addresses a source may name |
//!
//! No BSN stands in an address: searches are `POST …/_search`, so that none gets into an access
//! log on the way. What AORTA-on-FHIR wants besides `AORTA-ID`, `AORTA-Version` and a bearer
//! token, and how it names its sources, is not public.

mod address;
mod search;

use inzage_core::domain::bsn::Bsn;
use zeroize::Zeroizing;

use super::client::{Answered, Client};
use super::error::ExchangeError;
use super::{Asking, Fetched, Located, Requests, SOURCE_HEADER, locate};
use crate::apart::apart;
use search::Found;

/// Naming system of the BSN.
const BSN_SYSTEM: &str = "http://fhir.nl/fhir/NamingSystem/bsn";
/// Either notation is read; the first is asked for.
const ACCEPT: &str = "application/fhir+json, application/fhir+xml;q=0.9";
/// Most documents, or patients of one number, taken from one source: one is usual, a few happen
/// after a merge. More are not to be believed, and leaving some out silently is not done.
const DOCUMENTS_MAX: usize = 8;

/// How a summary is come by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Summary {
    /// `Patient/[id]/$summary`.
    #[default]
    Summary,
    /// `DocumentReference` and the document it names.
    DocumentReference,
}

/// One source with its own address.
#[derive(Debug, Clone)]
pub struct Source {
    /// Which it is.
    pub located: Located,
    /// The client at its base address.
    pub client: Client,
}

/// Where the sources are known from.
#[derive(Debug, Clone)]
pub enum Sources {
    /// From the configuration, each with an address of its own.
    Configured(Vec<Source>),
    /// The training exchange says which know the patient; all answer at one address.
    Training(Client),
}

/// What every request carries.
#[derive(Clone)]
pub struct Credentials {
    /// `AORTA-Version`, as the configuration has it.
    pub aorta_version: String,
    /// Bearer token from the keychain, where configured.
    pub token: Option<Zeroizing<String>>,
}

impl core::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Credentials").finish_non_exhaustive()
    }
}

/// The exchange as FHIR speaks.
#[derive(Debug, Clone)]
pub struct Fhir {
    client: Client,
    sources: Sources,
    credentials: Credentials,
    summary: Summary,
}

/// One conversation with one source.
struct Conversation<'a> {
    client: Client,
    credentials: &'a Credentials,
    source_header: Option<&'a str>,
    initial_request_id: &'a str,
    requests: &'a Requests,
}

impl Fhir {
    /// The sources, what every request carries, and how a summary is come by. `client` is for
    /// what is asked of no source.
    #[must_use]
    pub const fn new(
        client: Client,
        sources: Sources,
        credentials: Credentials,
        summary: Summary,
    ) -> Self {
        Self {
            client,
            sources,
            credentials,
            summary,
        }
    }

    /// Which sources are to be asked.
    ///
    /// # Errors
    /// When the training exchange cannot be asked.
    pub async fn locate(&self, bsn: &Bsn) -> Result<Vec<Located>, ExchangeError> {
        match &self.sources {
            Sources::Configured(sources) => Ok(sources
                .iter()
                .map(|source| source.located.clone())
                .collect()),
            Sources::Training(_) => locate(&self.client, bsn).await,
        }
    }

    /// Asks one source for what it has of the patient.
    ///
    /// # Errors
    /// When no answer came. That nobody is known there is an answer, and so is an
    /// `OperationOutcome` with an error status: the core reads both.
    pub async fn ask(
        &self,
        asking: &Asking,
        source: &Located,
        requests: &Requests,
    ) -> Result<Fetched, ExchangeError> {
        let (client, source_header) = match &self.sources {
            Sources::Configured(sources) => {
                let known = sources
                    .iter()
                    .find(|known| known.located.id == source.id)
                    .ok_or(ExchangeError::NotAnAnswer)?;
                (known.client.clone(), None)
            }
            Sources::Training(client) => (client.clone(), Some(source.id.as_str())),
        };
        let conversation = Conversation {
            client,
            credentials: &self.credentials,
            source_header,
            initial_request_id: &asking.request_id,
            requests,
        };
        match self.summary {
            Summary::Summary => conversation.summaries(&asking.bsn).await,
            Summary::DocumentReference => conversation.documents(&asking.bsn).await,
        }
    }

    /// Whether every source can be reached; what time it is there.
    ///
    /// # Errors
    /// What stands between here and there.
    pub async fn reach(&self) -> Result<Option<String>, ExchangeError> {
        let mut date = None;
        match &self.sources {
            Sources::Configured(sources) => {
                for source in sources {
                    date = date.or(source.client.date_at("/metadata").await?);
                }
            }
            Sources::Training(client) => date = client.date_at("/metadata").await?,
        }
        Ok(date)
    }

    /// The client, for what is asked of no source.
    #[must_use]
    pub const fn client(&self) -> &Client {
        &self.client
    }
}

impl Conversation<'_> {
    /// The patient by number, then `$summary` of each record with that number.
    async fn summaries(&self, bsn: &Bsn) -> Result<Fetched, ExchangeError> {
        let identifier = format!("{BSN_SYSTEM}|{}", bsn.reveal());
        let form = form(&[("identifier", &identifier)]);
        let ids = match self.search("/Patient/_search", form).await? {
            Found::Patients(ids) => ids,
            Found::Answer(bytes) => return Ok(one(bytes)),
            Found::Documents(_) => return Err(ExchangeError::NotAnAnswer),
        };
        let paths = ids.iter().map(|id| format!("/Patient/{id}/$summary"));
        self.each(paths.collect()).await
    }

    /// The current documents about the patient, then each of them.
    async fn documents(&self, bsn: &Bsn) -> Result<Fetched, ExchangeError> {
        let identifier = format!("{BSN_SYSTEM}|{}", bsn.reveal());
        let form = form(&[("patient.identifier", &identifier), ("status", "current")]);
        let urls = match self.search("/DocumentReference/_search", form).await? {
            Found::Documents(urls) => urls,
            Found::Answer(bytes) => return Ok(one(bytes)),
            Found::Patients(_) => return Err(ExchangeError::NotAnAnswer),
        };
        let paths: Option<Vec<String>> = urls
            .iter()
            .map(|url| address::below(self.client.base(), url))
            .collect();
        self.each(paths.ok_or(ExchangeError::DocumentElsewhere)?)
            .await
    }

    /// One after the other: a source that holds several records of one patient holds few.
    async fn each(&self, mut paths: Vec<String>) -> Result<Fetched, ExchangeError> {
        paths.dedup();
        if paths.len() > DOCUMENTS_MAX {
            return Err(ExchangeError::TooLarge);
        }
        let mut answers = Vec::with_capacity(paths.len());
        for path in paths {
            let answered = self
                .send(reqwest::Method::GET, &path, None, Vec::new())
                .await?;
            answers.push(content(answered).await?);
        }
        Ok(Fetched { answers })
    }

    async fn search(&self, path: &str, form: String) -> Result<Found, ExchangeError> {
        let answered = self
            .send(
                reqwest::Method::POST,
                path,
                Some("application/x-www-form-urlencoded"),
                form.into_bytes(),
            )
            .await?;
        let status = answered.status;
        let bytes = content(answered).await?;
        if status == 200 {
            looked_into(move || search::read(bytes)).await
        } else {
            Ok(Found::Answer(bytes))
        }
    }

    async fn send(
        &self,
        method: reqwest::Method,
        path: &str,
        content_type: Option<&str>,
        body: Vec<u8>,
    ) -> Result<Answered, ExchangeError> {
        let aorta_id = format!(
            "initialRequestID={}; requestID={}",
            self.initial_request_id,
            self.requests.next()
        );
        let bearer = self
            .credentials
            .token
            .as_ref()
            .map(|token| Zeroizing::new(format!("Bearer {}", token.as_str())));
        let mut headers = vec![
            ("Accept", ACCEPT),
            ("AORTA-ID", aorta_id.as_str()),
            ("AORTA-Version", self.credentials.aorta_version.as_str()),
        ];
        if let Some(bearer) = &bearer {
            headers.push(("Authorization", bearer.as_str()));
        }
        if let Some(source) = self.source_header {
            headers.push((SOURCE_HEADER, source));
        }
        self.client
            .send(method, path, &headers, content_type, body)
            .await
    }
}

fn one(bytes: Vec<u8>) -> Fetched {
    Fetched {
        answers: vec![bytes],
    }
}

/// What an answer holds for the core: its bytes, also those of an error status that says in FHIR
/// what went wrong. Any other error status is an error.
async fn content(answered: Answered) -> Result<Vec<u8>, ExchangeError> {
    match answered.status {
        200 => Ok(answered.body),
        _ => looked_into(move || outcome(answered)).await,
    }
}

/// What an answer with an error status says in FHIR, or the error that it stands for.
fn outcome(answered: Answered) -> Result<Vec<u8>, ExchangeError> {
    let is_fhir = answered.content_type.as_deref().is_some_and(|kind| {
        let kind = kind.to_ascii_lowercase();
        [
            "application/fhir+",
            "application/json",
            "application/xml",
            "text/xml",
        ]
        .iter()
        .any(|known| kind.trim_start().starts_with(known))
    });
    match answered.status {
        _ if is_fhir && search::is_outcome(&answered.body) => Ok(answered.body),
        401 | 403 => Err(ExchangeError::TokenRefused),
        other => Err(ExchangeError::HttpStatus(other)),
    }
}

/// What `look` makes of an answer.
async fn looked_into<T: Send + 'static>(
    look: impl FnOnce() -> Result<T, ExchangeError> + Send + 'static,
) -> Result<T, ExchangeError> {
    apart(look).await.unwrap_or(Err(ExchangeError::NotAnAnswer))
}

/// Parameters of a search as a form.
fn form(parameters: &[(&str, &str)]) -> String {
    let mut out = String::new();
    for (name, value) in parameters {
        if !out.is_empty() {
            out.push('&');
        }
        out.push_str(name);
        out.push('=');
        for byte in value.bytes() {
            if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
                out.push(char::from(byte));
            } else {
                out.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn answered(status: u16, content_type: &str, body: &str) -> Answered {
        Answered {
            status,
            content_type: Some(content_type.to_owned()),
            body: body.into(),
            date: None,
        }
    }

    #[test]
    fn an_error_status_that_says_in_fhir_what_went_wrong_is_an_answer() {
        let said = r#"{"resourceType":"OperationOutcome","issue":[]}"#;
        assert_eq!(
            outcome(answered(404, "application/fhir+json; charset=utf-8", said)).unwrap(),
            said.as_bytes()
        );
        assert_eq!(
            outcome(answered(404, "text/html", "<p>gone</p>")).unwrap_err(),
            ExchangeError::HttpStatus(404)
        );
        assert_eq!(
            outcome(answered(403, "application/json", "{}")).unwrap_err(),
            ExchangeError::TokenRefused
        );
    }

    #[test]
    fn a_form_cannot_be_broken_out_of() {
        assert_eq!(
            form(&[
                ("identifier", "http://fhir.nl/bsn|1&x=2"),
                ("status", "current")
            ]),
            "identifier=http%3A%2F%2Ffhir.nl%2Fbsn%7C1%26x%3D2&status=current"
        );
    }

    #[test]
    fn credentials_cannot_be_printed() {
        let credentials = Credentials {
            aorta_version: "1".into(),
            token: Some(Zeroizing::new("geheim".into())),
        };
        assert!(!format!("{credentials:?}").contains("geheim"));
    }
}
