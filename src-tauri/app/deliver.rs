//! The log's receivers: started with the log, and how they are doing for whoever must know.

use std::path::Path;

use chrono::{DateTime, Duration, Utc};
use inzage_delivery::{
    Bell, ClientCertificate, Delivery, DeliveryError, Pace, ReceivesSetting, Repository, Searched,
    Sink, SinkKindSetting, SinkSettings, State, Status,
};
use inzage_viewlog::audit_event::RepositoryEntry;
use inzage_viewlog::overview::{Question, RepositoryRead, may_be_asked};
use inzage_viewlog::{OrganisationKeyPair, OutboxKey, Receives};

use super::contract::{DeliveryLine, DeliveryState, Trouble};
use super::start::{kept_key, keychain_trouble, pem, text_of};
use super::trouble::TroubleCode;
use crate::keychain::{Keychain, Secret};

/// A receiver that is behind for longer than this is told to whoever signs in: a restart of a server, or a
/// night's maintenance, is over by then.
pub const BEHIND_MAX: Duration = Duration::hours(4);

/// How long `inzage check` waits for the receivers: a connection and one answer.
const SETTLED_AFTER: std::time::Duration = std::time::Duration::from_secs(10);

/// The receivers as configured, with what stands in files and in the keychain. Blocking.
///
/// # Errors
/// `Configuration` with the code of what is wrong, and what the keychain says.
pub fn sinks(settings: &[SinkSettings], keychain: &Keychain) -> Result<Vec<Sink>, Trouble> {
    settings
        .iter()
        .map(|settings| {
            let trusted = pem(&settings.ca)?;
            let client = match settings.certificate.as_deref() {
                Some(chain) => Some(ClientCertificate {
                    chain_pem: pem(chain)?,
                    key_pem: text_of(
                        keychain
                            .read(Secret::DeliveryClientKey)
                            .map_err(keychain_trouble)?,
                    )?
                    .ok_or_else(|| {
                        TroubleCode::ClientCertificate.with_code("delivery_key_missing")
                    })?,
                }),
                None => None,
            };
            settings
                .sink(trusted, client)
                .map_err(|error| TroubleCode::Configuration.with_code(error.code()))
        })
        .collect()
}

/// The key under which personal fields wait for the organisation's own repository; none where there is no
/// such receiver. Blocking.
///
/// # Errors
/// What the keychain says.
pub fn outbox_key(
    receivers: &[SinkSettings],
    keychain: &Keychain,
) -> Result<Option<OutboxKey>, Trouble> {
    if !receivers
        .iter()
        .any(|receiver| receiver.receives == ReceivesSetting::OwnRepository)
    {
        return Ok(None);
    }
    let key = kept_key(keychain, Secret::LogOutboxKey)?;
    Ok(Some(OutboxKey::from_bytes(*key)))
}

/// What the organisation's repository has for an overview, and whether it could be read: an overview is
/// made without it, and says so. Nothing is found where it was not asked. Asks the keychain, which blocks.
pub async fn read_repository(
    settings: &[SinkSettings],
    keychain: &Keychain,
    question: &Question,
    key: &OrganisationKeyPair,
) -> (RepositoryRead, Searched) {
    let own: Vec<SinkSettings> = settings
        .iter()
        .filter(|sink| {
            sink.kind == SinkKindSetting::Fhir && sink.receives == ReceivesSetting::OwnRepository
        })
        .take(1)
        .cloned()
        .collect();
    if own.is_empty() {
        return (RepositoryRead::NotAsked, Searched::default());
    }
    match search(&own, keychain, question, key).await {
        Ok(found) if found.more => (RepositoryRead::Part, found),
        Ok(found) => (RepositoryRead::Whole, found),
        Err(error) => {
            let read = RepositoryRead::Failed { code: error.code() };
            (read, Searched::default())
        }
    }
}

async fn search(
    own: &[SinkSettings],
    keychain: &Keychain,
    question: &Question,
    key: &OrganisationKeyPair,
) -> Result<Searched, DeliveryError> {
    // A file that is missing, or the keychain: as where it is delivered, which says which.
    let wrong = || DeliveryError::Settings { key: "delivery" };
    let sinks = sinks(own, keychain).map_err(|_| wrong())?;
    let sink = sinks.first().ok_or_else(wrong)?;
    let repository = Repository::of(sink, &Pace::default())?.ok_or_else(wrong)?;
    let (from, until) = question.moments();
    let keep = |entry: &RepositoryEntry| may_be_asked(entry, question, key);
    repository
        .search(from.as_deref(), until.as_deref(), keep)
        .await
}

/// Begins to deliver. Inside a tokio runtime.
///
/// # Errors
/// `Configuration`, where a receiver cannot be served as it is configured.
pub fn start(
    folder: &Path,
    key: Option<OutboxKey>,
    sinks: Vec<Sink>,
    bell: &Bell,
) -> Result<Delivery, Trouble> {
    Delivery::start(folder, key, sinks, bell, Pace::default())
        .map_err(|error| TroubleCode::Configuration.with_code(error.code()))
}

/// Each receiver, for the privacy officer.
#[must_use]
pub fn lines(delivery: &Delivery) -> Vec<DeliveryLine> {
    delivery
        .statuses()
        .iter()
        .map(|status| line(&status.borrow()))
        .collect()
}

/// Each receiver, once it took something or did not; after [`SETTLED_AFTER`] as it is.
pub async fn settled(delivery: &Delivery) -> Vec<DeliveryLine> {
    let told = |status: &Status| !matches!(status.state, State::Starting | State::Delivering);
    let all = async {
        for status in delivery.statuses() {
            // One that is gone says no more than it did.
            let mut status = status.clone();
            let _gone = status.wait_for(told).await;
        }
    };
    let _late = tokio::time::timeout(SETTLED_AFTER, all).await;
    lines(delivery)
}

fn line(status: &Status) -> DeliveryLine {
    let (state, said) = match &status.state {
        State::Starting | State::Delivering => (DeliveryState::Delivering, None),
        State::Delivered => (DeliveryState::Delivered, None),
        State::Elsewhere => (DeliveryState::Elsewhere, None),
        State::Waiting { message, .. } => (DeliveryState::Waiting, Some(message.clone())),
        State::Refused { message, .. } => (DeliveryState::Refused, Some(message.clone())),
    };
    let number = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
    DeliveryLine {
        name: status.name.clone(),
        own_repository: status.receives == Receives::OwnRepository,
        state,
        code: status.state.code().map(str::to_owned),
        said,
        undelivered: number(status.last.saturating_sub(status.acknowledged)),
        oldest: status.oldest_undelivered.as_deref().and_then(local),
        sent_sealed: number(status.sent_sealed),
    }
}

fn local(at: &str) -> Option<String> {
    let at = DateTime::parse_from_rfc3339(at).ok()?;
    Some(super::ports::local_iso(at.to_utc()))
}

/// What whoever signs in must know: a receiver that refuses, or that is far behind. Stops nobody.
#[must_use]
pub fn trouble(delivery: &Delivery, now: DateTime<Utc>) -> Option<Trouble> {
    delivery.statuses().iter().find_map(|status| {
        let status = status.borrow();
        let code = status.state.code()?;
        let oldest = status.oldest_undelivered.as_deref();
        let since = oldest.and_then(|at| DateTime::parse_from_rfc3339(at).ok());
        let behind = since.is_some_and(|since| now - since.to_utc() > BEHIND_MAX);
        let refused = matches!(status.state, State::Refused { .. });
        (refused || behind).then(|| TroubleCode::LogNotDelivered.with_code(code))
    })
}
