//! Reads the organisation's repository back: `POST [base]/AuditEvent/_search`.
//!
//! **Architecture Invariant:** no BSN is sent. A patient's entries are found here, once they are opened
//! (`inzage_viewlog::overview`): a server that does not know how to look for one would answer that there
//! is nothing, an overview would say so, and what went out sealed would never be found.

use inzage_viewlog::Receives;
use inzage_viewlog::audit_event::{NotReadable, RepositoryEntry, read_back};
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use serde_json::Value;

use crate::error::DeliveryError;
use crate::fhir::{FHIR_JSON, http_client};
use crate::pace::Pace;
use crate::sink::{Sink, SinkKind};
use crate::tls::client_config;

/// AuditEvents that are asked for at once. A server may give fewer.
const PAGE_COUNT: u32 = 200;
/// Bytes of one page: two hundred of the largest entries that occur take a tenth.
const PAGE_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Pages of one search, which take minutes. What is more is said.
const PAGES_MAX: u32 = 1_000;
/// Entries that one search keeps.
const KEPT_MAX: usize = 100_000;

/// The organisation's own repository, for reading.
pub struct Repository {
    http: reqwest::Client,
    base: String,
}

/// What a search found.
#[derive(Debug, Default)]
pub struct Searched {
    /// In the order of the server, which may give one more than once.
    pub entries: Vec<Result<RepositoryEntry, NotReadable>>,
    /// Whether it has more than is read in one search.
    pub more: bool,
}

impl Repository {
    /// `None` where this sink cannot be read, or is not the organisation's own.
    ///
    /// # Errors
    /// [`DeliveryError::Settings`].
    pub fn of(sink: &Sink, pace: &Pace) -> Result<Option<Self>, DeliveryError> {
        let (SinkKind::Fhir { base }, Receives::OwnRepository) = (&sink.kind, sink.receives) else {
            return Ok(None);
        };
        Ok(Some(Self {
            http: http_client(client_config(sink)?, pace)?,
            base: base.clone(),
        }))
    }

    /// The entries recorded in a period (UTC, RFC 3339; `until` not included), of every workstation, as far
    /// as `keep` wants them. The server may filter less than it is asked.
    ///
    /// # Errors
    /// As delivery's; [`DeliveryError::WrongAnswer`] for what is no page of a search.
    pub async fn search(
        &self,
        from: Option<&str>,
        until: Option<&str>,
        mut keep: impl FnMut(&RepositoryEntry) -> bool,
    ) -> Result<Searched, DeliveryError> {
        let mut found = Searched::default();
        let mut page = self
            .page(
                self.http
                    .post(format!("{}/AuditEvent/_search", self.base))
                    .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                    .body(form(from, until)),
            )
            .await?;
        for _ in 0..PAGES_MAX {
            for entry in page.entries {
                match read_back(&entry) {
                    Ok(None) => {}
                    Ok(Some(entry)) if keep(&entry) => found.entries.push(Ok(entry)),
                    Ok(Some(_)) => {}
                    Err(error) => found.entries.push(Err(error)),
                }
                if found.entries.len() >= KEPT_MAX {
                    found.more = true;
                    return Ok(found);
                }
            }
            let Some(next) = page.next else {
                return Ok(found);
            };
            page = self.page(self.http.get(next)).await?;
        }
        found.more = true;
        Ok(found)
    }

    async fn page(&self, request: reqwest::RequestBuilder) -> Result<Page, DeliveryError> {
        let mut response = request
            .header(ACCEPT, FHIR_JSON)
            .send()
            .await
            .map_err(|error| DeliveryError::of_request(&error))?;
        let status = response.status().as_u16();
        if status != 200 {
            return Err(DeliveryError::of_status(status));
        }
        let mut answer = Vec::new();
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|error| DeliveryError::of_request(&error))?
        {
            if answer.len() + chunk.len() > PAGE_BYTES_MAX {
                return Err(DeliveryError::WrongAnswer);
            }
            answer.extend_from_slice(&chunk);
        }
        Page::of(&answer, &self.base).ok_or(DeliveryError::WrongAnswer)
    }
}

/// One page of a search.
struct Page {
    entries: Vec<Value>,
    next: Option<String>,
}

impl Page {
    /// `None` for what is no Bundle of a search, or leads elsewhere: with half of it an overview would
    /// look whole.
    fn of(answer: &[u8], base: &str) -> Option<Self> {
        let mut bundle: Value = serde_json::from_slice(answer).ok()?;
        let says = |member: &str, value: &str| bundle.get(member)?.as_str().filter(|v| *v == value);
        says("resourceType", "Bundle")?;
        says("type", "searchset")?;
        let next = bundle
            .get("link")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .find(|link| link.get("relation").and_then(Value::as_str) == Some("next"))
            .map(|link| link.get("url").and_then(Value::as_str));
        let next = match next {
            None => None,
            Some(url) => Some(below(url?, base)?),
        };
        let entries = match bundle.get_mut("entry").map(Value::take) {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(entries)) => entries
                .into_iter()
                .map(|mut entry| entry.get_mut("resource").map_or(Value::Null, Value::take))
                .collect(),
            Some(_) => return None,
        };
        Some(Self { entries, next })
    }
}

/// The address of a further page: below the base that is configured, and nowhere else. A server may also
/// say it relative to its base.
fn below(url: &str, base: &str) -> Option<String> {
    let rest = match url.strip_prefix(base) {
        Some(rest) if rest.starts_with(['/', '?']) => rest.to_owned(),
        Some(_) => return None,
        None if url.contains("//") || url.starts_with('/') => return None,
        None => format!("/{url}"),
    };
    let path = rest.split(['?', '#']).next().unwrap_or_default();
    let climbs = path.split(['/', '\\']).any(|part| {
        matches!(
            part.to_ascii_lowercase().replace("%2e", ".").as_str(),
            ".." | "."
        )
    });
    (!climbs).then(|| format!("{base}{rest}"))
}

/// `application/x-www-form-urlencoded`: of a moment's characters only the colon is written otherwise.
fn form(from: Option<&str>, until: Option<&str>) -> String {
    let moment = |at: &str| at.replace(':', "%3A").replace('+', "%2B");
    let mut form = format!("_count={PAGE_COUNT}&_sort=date");
    if let Some(from) = from {
        form.push_str(&format!("&date=ge{}", moment(from)));
    }
    if let Some(until) = until {
        form.push_str(&format!("&date=lt{}", moment(until)));
    }
    form
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_further_page_is_below_the_base_or_it_is_none() {
        let base = "https://register.example:8443/fhir";
        for (url, led) in [
            (
                "https://register.example:8443/fhir?_getpages=7",
                Some("https://register.example:8443/fhir?_getpages=7"),
            ),
            (
                "https://register.example:8443/fhir/AuditEvent?page=2",
                Some("https://register.example:8443/fhir/AuditEvent?page=2"),
            ),
            (
                "AuditEvent?page=2",
                Some("https://register.example:8443/fhir/AuditEvent?page=2"),
            ),
            ("https://register.example:8443/fhirbad", None),
            ("https://register.example:8443/fhir/../admin", None),
            ("https://register.example:8443/fhir/%2E./admin", None),
            ("https://elsewhere.example/fhir/AuditEvent", None),
            ("http://register.example:8443/fhir/AuditEvent", None),
            ("//elsewhere.example/fhir", None),
            ("/admin", None),
        ] {
            assert_eq!(below(url, base).as_deref(), led, "{url}");
        }
    }

    #[test]
    fn what_is_no_page_of_a_search_is_none() {
        let base = "https://localhost/fhir";
        for rubbish in [
            "",
            "[]",
            "7",
            "<html>",
            r#"{"resourceType":"OperationOutcome"}"#,
            r#"{"resourceType":"Bundle","type":"collection"}"#,
            r#"{"resourceType":"Bundle","type":"searchset","entry":"x"}"#,
            r#"{"resourceType":"Bundle","type":"searchset","link":[{"relation":"next"}]}"#,
            r#"{"resourceType":"Bundle","type":"searchset","link":[{"relation":"next","url":"https://x/"}]}"#,
        ] {
            assert!(Page::of(rubbish.as_bytes(), base).is_none(), "{rubbish}");
        }
        let odd = br#"{"resourceType":"Bundle","type":"searchset","entry":[1,{},{"resource":7}]}"#;
        assert_eq!(Page::of(odd, base).map(|page| page.entries.len()), Some(3));
    }
}
