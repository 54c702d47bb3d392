//! AORTA: HL7v3 over SOAP 1.1 over mutual TLS.

mod query;

use inzage_core::domain::bsn::Bsn;

use super::client::Client;
use super::error::ExchangeError;
use super::{Asking, Located, SOURCE_HEADER, locate};

pub use query::{Asker, Interaction, question};

/// The exchange as AORTA speaks.
#[derive(Debug, Clone)]
pub struct Aorta {
    client: Client,
    asker: Asker,
    locates: bool,
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
        locate(&self.client, bsn).await.map(Some)
    }

    /// Asks what a setting asks for: of one located source, or of all at once.
    ///
    /// # Errors
    /// When no answer came; what the answer says is for the core.
    pub async fn ask(
        &self,
        interaction: Interaction,
        asking: &Asking,
        source: Option<&Located>,
    ) -> Result<Vec<u8>, ExchangeError> {
        let body = question(
            interaction,
            &self.asker,
            &asking.bsn,
            &asking.request_id,
            &asking.now_hl7,
        );
        let mut headers = vec![("SOAPAction", interaction.soap_action())];
        if let Some(source) = source {
            headers.push((SOURCE_HEADER, source.id.as_str()));
        }
        let answered = self
            .client
            .send(
                reqwest::Method::POST,
                interaction.path(),
                &headers,
                Some("text/xml; charset=utf-8"),
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
        self.client
            .date_at(Interaction::ProfessionalSummary.path())
            .await
    }

    /// The client, for what the training exchange answers besides.
    #[must_use]
    pub const fn client(&self) -> &Client {
        &self.client
    }
}
