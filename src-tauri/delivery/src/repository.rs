//! Reads the organisation's repository back: `POST [base]/AuditEvent/_search`.
//!
//! **Architecture Invariant:** no BSN is sent. A patient's entries are found here, once they are opened
//! (`inzage_viewlog::overview`): a server that does not know how to look for one would answer that there
//! is nothing, an overview would say so, and what went out sealed would never be found.

use inzage_viewlog::Receives;
use inzage_viewlog::audit_event::{LogId, NotReadable, RepositoryEntry, number_of};
use inzage_viewlog::overview::MissingNumbers;
use reqwest::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE};
use serde_json::Value;
use tokio::time::{Instant, timeout_at};

use crate::error::DeliveryError;
use crate::fhir::{FHIR_JSON, encoded, http_client, read};
use crate::numbers::Numbers;
use crate::pace::Pace;
use crate::page::{Given, Page};
use crate::reading::{LIMITS, Reading};
use crate::sink::{Sink, SinkKind};
use crate::tls::client_config;

/// AuditEvents that are asked for at once. A server may give fewer.
const PAGE_COUNT: u32 = 200;
/// Bytes of one page: two hundred of the largest entries that occur take a tenth.
const PAGE_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Pages of one search, whatever time they take. What is more is said.
const PAGES_MAX: u32 = 1_000;
/// Numbers that are looked for one by one, because the search did not give them.
const LOOKED_FOR_MAX: u32 = 500;

/// The organisation's own repository, for reading.
pub struct Repository {
    http: reqwest::Client,
    base: String,
    pace: Pace,
}

/// What a search found.
#[derive(Debug, Default)]
pub struct Searched {
    /// In the order of the server, which may give one more than once.
    pub entries: Vec<Result<RepositoryEntry, NotReadable>>,
    /// Whether it has more than is read in one search, or says that it did not give everything.
    pub more: bool,
    /// Numbers that it does not have, between others of the same log that it gave. Not looked for where
    /// there is more.
    pub missing: Vec<MissingNumbers>,
}

/// The period that is asked for, UTC, RFC 3339.
#[derive(Clone, Copy)]
struct Period<'a> {
    from: Option<&'a str>,
    until: Option<&'a str>,
}

/// What the repository says of one number.
enum Found {
    No,
    InPeriod,
    /// A clock was set: its neighbours are of the period, and it is not.
    OutOfPeriod,
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
            pace: *pace,
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
        keep: impl FnMut(&RepositoryEntry) -> bool,
    ) -> Result<Searched, DeliveryError> {
        let period = Period { from, until };
        let deadline = Instant::now() + self.pace.search_wait;
        let mut reading = Reading::new(keep, LIMITS);
        let mut next = Some(self.asked(form(period)));
        for _ in 0..PAGES_MAX {
            let Some(request) = next.take() else {
                break;
            };
            let Ok(answer) = timeout_at(deadline, answer(request)).await else {
                reading.more = true;
                break;
            };
            let led = reading.take(&answer?, &self.base)?;
            next = led.map(|url| self.http.get(url));
        }
        let mut found = Searched {
            // A page was still to come.
            more: reading.more || next.is_some(),
            entries: reading.entries,
            missing: Vec::new(),
        };
        if !found.more {
            let looked = timeout_at(deadline, self.missing(reading.numbers, period)).await;
            (found.missing, found.more) = looked.unwrap_or(Ok((Vec::new(), true)))?;
        }
        Ok(found)
    }

    /// The numbers between others that the repository does not have, and whether there is more than this.
    /// What the search did not give it may have all the same: of another day, where a clock was set; or of
    /// this period, where it left one out.
    async fn missing(
        &self,
        numbers: Numbers,
        period: Period<'_>,
    ) -> Result<(Vec<MissingNumbers>, bool), DeliveryError> {
        let (mut missing, mut more, mut left) = (Vec::new(), false, LOOKED_FOR_MAX);
        for (log, of_log) in numbers.logs() {
            let mut gaps = Vec::new();
            for (mut first, mut last) in of_log.gaps() {
                // From either end inwards, to the first that is not there.
                let (mut at, mut from_behind) = (first, false);
                while first <= last {
                    let Some(fewer) = left.checked_sub(1) else {
                        return Ok((missing, true));
                    };
                    left = fewer;
                    match self.look_for(&log, at, period).await? {
                        Found::No if from_behind || first == last => break,
                        Found::No => from_behind = true,
                        found => {
                            more |= matches!(found, Found::InPeriod);
                            if from_behind {
                                last -= 1;
                            } else {
                                first += 1;
                            }
                        }
                    }
                    at = if from_behind { last } else { first };
                }
                if first <= last {
                    gaps.push((first, last));
                }
            }
            if !gaps.is_empty() {
                missing.push(MissingNumbers {
                    log,
                    workstation: of_log.workstation,
                    numbers: gaps,
                });
            }
        }
        Ok((missing, more))
    }

    async fn look_for(
        &self,
        log: &LogId,
        number: u64,
        period: Period<'_>,
    ) -> Result<Found, DeliveryError> {
        let tag = encoded(&log.tag_of(number));
        let answer = answer(self.asked(format!("_tag={tag}"))).await?;
        let mut found = Found::No;
        let own = Some((log.clone(), number));
        Page::read(&answer, &self.base, |given| {
            if let Given::Resource(resource, _) = given
                && number_of(&resource) == own
            {
                found = if period.has(&resource) {
                    Found::InPeriod
                } else {
                    Found::OutOfPeriod
                };
            }
        })
        .ok_or(DeliveryError::WrongAnswer)?;
        Ok(found)
    }

    fn asked(&self, form: String) -> reqwest::RequestBuilder {
        self.http
            .post(format!("{}/AuditEvent/_search", self.base))
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form)
    }
}

impl Period<'_> {
    /// As texts: the log writes moments so that their order is that of time.
    fn has(self, resource: &Value) -> bool {
        let at = resource.get("recorded").and_then(Value::as_str);
        let at = at.unwrap_or_default();
        self.from.is_none_or(|from| at >= from) && self.until.is_none_or(|until| at < until)
    }
}

async fn answer(request: reqwest::RequestBuilder) -> Result<Vec<u8>, DeliveryError> {
    let response = request
        .header(ACCEPT, FHIR_JSON)
        // What it had a moment ago is not what it has.
        .header(CACHE_CONTROL, "no-cache")
        .send()
        .await
        .map_err(|error| DeliveryError::of_request(&error))?;
    let status = response.status().as_u16();
    if status != 200 {
        return Err(DeliveryError::of_status(status));
    }
    read(response, PAGE_BYTES_MAX).await
}

/// `application/x-www-form-urlencoded`: of a moment's characters only the colon is written otherwise. Of
/// the same moment by id: in an order that is not whole, a server that counts leaves some out.
fn form(period: Period<'_>) -> String {
    let moment = |at: &str| at.replace(':', "%3A").replace('+', "%2B");
    let mut form = format!("_count={PAGE_COUNT}&_sort=date%2C_id");
    if let Some(from) = period.from {
        form.push_str(&format!("&date=ge{}", moment(from)));
    }
    if let Some(until) = period.until {
        form.push_str(&format!("&date=lt{}", moment(until)));
    }
    form
}
