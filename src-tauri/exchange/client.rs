//! The HTTP client every exchange uses: no proxy, no redirect, limits on everything.

use std::time::Duration;

use reqwest::header::{ACCEPT_ENCODING, CONTENT_TYPE};
use rustls::ClientConfig;

use super::error::ExchangeError;

/// Largest answer taken from a source: the readers' limit (32 MiB), and nothing is
/// gained by receiving more than can be read.
pub const ANSWER_BYTES_MAX: usize = 32 * 1024 * 1024;
/// To set up a connection, TLS included: a source that takes longer is down.
pub const CONNECT_WAIT: Duration = Duration::from_secs(5);
/// For a whole answer: ten seconds lose the doctor, fifteen lose the patient.
pub const ANSWER_WAIT: Duration = Duration::from_secs(15);

/// A client bound to one base address.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
}

/// What was answered.
#[derive(Debug)]
pub struct Answered {
    /// HTTP status.
    pub status: u16,
    /// What the body says it is, where it says.
    pub content_type: Option<String>,
    /// Body, at most [`ANSWER_BYTES_MAX`].
    pub body: Vec<u8>,
    /// What time it is there (`Date` header), where it says.
    pub date: Option<String>,
}

impl Client {
    /// A client for `base` (`https://…`, no trailing slash).
    ///
    /// # Errors
    /// When the TLS configuration is not accepted.
    pub fn new(base: &str, tls: ClientConfig) -> Result<Self, ExchangeError> {
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .no_proxy()
            .https_only(true)
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .http1_only()
            .connect_timeout(CONNECT_WAIT)
            .timeout(ANSWER_WAIT)
            // A connection that is kept keeps the last answer in its buffer: this one ends with
            // its answer, and the buffer with it.
            .pool_max_idle_per_host(0)
            .build()
            .map_err(|_| ExchangeError::ClientKeyUnusable)?;
        Ok(Self {
            http,
            base: base.to_owned(),
        })
    }

    /// The same client at another address.
    #[must_use]
    pub fn at(&self, base: &str) -> Self {
        Self {
            http: self.http.clone(),
            base: base.to_owned(),
        }
    }

    /// The address, without a trailing slash.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Whether somebody answers at `path`, whatever is answered; what time it is there.
    ///
    /// # Errors
    /// What stands between here and there.
    pub async fn date_at(&self, path: &str) -> Result<Option<String>, ExchangeError> {
        self.send(reqwest::Method::GET, path, &[], None, Vec::new())
            .await
            .map(|answered| answered.date)
    }

    /// Sends `body` and streams the answer in, never past the limit.
    ///
    /// # Errors
    /// Anything between here and there; an HTTP error status is an answer, not an error.
    pub async fn send(
        &self,
        method: reqwest::Method,
        path: &str,
        headers: &[(&str, &str)],
        content_type: Option<&str>,
        body: Vec<u8>,
    ) -> Result<Answered, ExchangeError> {
        let mut request = self
            .http
            .request(method, format!("{}{path}", self.base))
            .header(ACCEPT_ENCODING, "identity")
            .body(body);
        if let Some(content_type) = content_type {
            request = request.header(CONTENT_TYPE, content_type);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut response = request.send().await?;
        let status = response.status().as_u16();
        let date = response
            .headers()
            .get(reqwest::header::DATE)
            .and_then(|v| v.to_str().ok())
            .map(str::to_owned);
        let content_type = response
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|v| v.to_str().ok())
            .map(str::to_owned);
        if response
            .content_length()
            .is_some_and(|length| length > ANSWER_BYTES_MAX as u64)
        {
            return Err(ExchangeError::TooLarge);
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            if body.len() + chunk.len() > ANSWER_BYTES_MAX {
                return Err(ExchangeError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answered {
            status,
            content_type,
            body,
            date,
        })
    }
}
