//! The log's receivers: started with the log, and how they are doing for whoever must know.

use std::path::Path;

use chrono::{DateTime, Duration, Utc};
use inzage_delivery::{
    Bell, ClientCertificate, Delivery, DeliveryError, Pace, ReceivesSetting, Repository, Searched,
    Sink, SinkKindSetting, SinkSettings, State, Status,
};
use inzage_viewlog::audit_event::RepositoryEntry;
use inzage_viewlog::overview::{Question, RepositoryRead, Sieve};
use inzage_viewlog::{LogReader, OrganisationKeyPair, OutboxKey, Receives};

use super::contract::{DeliveryLine, DeliveryState, Trouble};
use super::start::{kept_key, keychain_trouble, pem, text_of};
use super::trouble::TroubleCode;
use crate::keychain::{Keychain, Secret};

/// A receiver that is behind for longer than this is told to whoever signs in: a restart of a server, or a
/// night's maintenance, is over by then.
pub const BEHIND_MAX: Duration = Duration::hours(4);

/// What is left from the evening before is on its way when the app has just been started: that nothing is
/// known to be wrong with a receiver that is behind counts against it only after this.
pub const CATCHING_UP: Duration = Duration::minutes(15);

/// Behind for longer than [`BEHIND_MAX`], and no receiver says why: another instance has the turn and
/// delivers nothing, or sending does not come to an end.
const BEHIND: &str = "delivery_behind";

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

/// What the organisation's repository has for an overview of this log, and whether it could be read: an
/// overview is made without it, and says so. Nothing is found where it was not asked. Asks the keychain,
/// which blocks.
pub async fn read_repository(
    settings: &[SinkSettings],
    keychain: &Keychain,
    reader: &LogReader,
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
    let failed = |code| (RepositoryRead::Failed { code }, Searched::default());
    let mut sieve = match Sieve::new(reader, question, key) {
        Ok(sieve) => sieve,
        Err(error) => return failed(error.code()),
    };
    match search(&own, keychain, question, &mut sieve).await {
        Ok(mut found) => {
            sieve.mark(&mut found.entries);
            let read = if found.more {
                RepositoryRead::Part
            } else {
                RepositoryRead::Whole
            };
            (read, found)
        }
        Err(error) => failed(error.code()),
    }
}

async fn search(
    own: &[SinkSettings],
    keychain: &Keychain,
    question: &Question,
    sieve: &mut Sieve<'_>,
) -> Result<Searched, DeliveryError> {
    // A file that is missing, or the keychain: as where it is delivered, which says which.
    let wrong = || DeliveryError::Settings { key: "delivery" };
    let sinks = sinks(own, keychain).map_err(|_| wrong())?;
    let sink = sinks.first().ok_or_else(wrong)?;
    let repository = Repository::of(sink, &Pace::default())?.ok_or_else(wrong)?;
    let (from, until) = question.moments();
    let keep = |entry: &RepositoryEntry| sieve.keeps(entry);
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

/// What whoever signs in must know: a receiver that refuses, or that is far behind, whatever its state.
/// Stops nobody. `since` is when this instance began to deliver.
#[must_use]
pub fn trouble(delivery: &Delivery, since: DateTime<Utc>, now: DateTime<Utc>) -> Option<Trouble> {
    let mut statuses = delivery.statuses().iter();
    statuses.find_map(|status| trouble_of(&status.borrow(), since, now))
}

fn trouble_of(status: &Status, since: DateTime<Utc>, now: DateTime<Utc>) -> Option<Trouble> {
    let oldest = status.oldest_undelivered.as_deref();
    let oldest = oldest.and_then(|at| DateTime::parse_from_rfc3339(at).ok());
    let behind = oldest.is_some_and(|oldest| now - oldest.to_utc() > BEHIND_MAX);
    let code = match status.state.code() {
        Some(code) => {
            let refused = matches!(status.state, State::Refused { .. });
            (refused || behind).then_some(code)
        }
        None => (behind && now - since > CATCHING_UP).then_some(BEHIND),
    };
    code.map(|code| TroubleCode::LogNotDelivered.with_code(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(state: State, oldest: &str, running: Duration) -> Option<String> {
        let now: DateTime<Utc> = "2026-11-27T12:00:00Z".parse().expect("a moment");
        let status = Status {
            name: "register".into(),
            receives: Receives::OwnRepository,
            state,
            acknowledged: 1,
            last: 2,
            oldest_undelivered: Some(oldest.into()),
            checkpoints_acknowledged: 0,
            last_heartbeat: None,
            sent_sealed: 0,
        };
        trouble_of(&status, now - running, now).map(|trouble| trouble.code)
    }

    const LATELY: &str = "2026-11-27T09:00:00.000Z";
    const DAYS_AGO: &str = "2026-11-24T12:00:00.000Z";

    fn waiting() -> State {
        State::Waiting {
            code: "delivery_unreachable",
            message: String::new(),
            since: LATELY.into(),
        }
    }

    fn refused() -> State {
        State::Refused {
            code: "delivery_forbidden",
            message: String::new(),
            since: LATELY.into(),
        }
    }

    #[test]
    fn a_receiver_that_is_days_behind_is_told_whatever_its_state() {
        let hour = Duration::hours(1);
        for state in [State::Elsewhere, State::Delivering] {
            let code = told(state.clone(), DAYS_AGO, hour);
            assert_eq!(code.as_deref(), Some("delivery_behind"), "{state:?}");
            assert_eq!(told(state, LATELY, hour), None, "not far behind");
        }
        let code = told(waiting(), DAYS_AGO, hour);
        assert_eq!(code.as_deref(), Some("delivery_unreachable"));
        assert_eq!(told(waiting(), LATELY, hour), None, "a restart of a server");
        let code = told(refused(), LATELY, hour);
        assert_eq!(code.as_deref(), Some("delivery_forbidden"));
    }

    #[test]
    fn what_was_left_from_the_last_evening_is_no_trouble_when_the_app_has_just_been_started() {
        let started = Duration::seconds(5);
        assert_eq!(told(State::Delivering, DAYS_AGO, started), None);
        assert_eq!(told(State::Elsewhere, DAYS_AGO, started), None);
        // What is wrong is said at once.
        assert!(told(waiting(), DAYS_AGO, started).is_some());
    }
}
