//! The log as a privacy officer opens it: what happened, and with the organisation's key also who
//! and whom.

use std::path::Path;

use inzage_core::domain::bsn::Bsn;
use inzage_core::domain::event::What;
use inzage_viewlog::overview::opens_any;
use inzage_viewlog::{
    Fault, Known, LogEntry, LogReader, OrganisationKeyPair, UnsealError, Verified, verify_against,
};
use zeroize::Zeroizing;

use super::contract::{LogFact, LogLine, LogRemark, LogVerdict, LogView, Trouble};
use super::state::{App, Inner, OpenedKey, Ready, SignedIn, log_trouble};
use super::trouble::TroubleCode;
use super::upkeep::counter;

/// How many entries one opening shows; overviews by patient and period read the whole log.
const ENTRIES_SHOWN: u32 = 500;
/// Far above a key file; what is longer was not meant to stand there.
const KEY_FILE_BYTES_MAX: u64 = 4 * 1024;

impl App {
    /// Opens the log. The opening is an entry of its own, and comes first.
    ///
    /// # Errors
    /// For every role but the privacy officer's, and when the log cannot be read.
    pub async fn open_log(&self) -> Result<LogView, Trouble> {
        let ready = self.ready().await?;
        let mut inner = self.inner.lock().await;
        let session = self.log_officer(&ready, &mut inner).await?;
        self.log_opening(&ready, &mut inner, &session, "recent", None)
            .await?;
        let key = inner.key.is_some();
        drop(inner);
        let (entries, total) = ready
            .recorder
            .recent(ENTRIES_SHOWN)
            .await
            .map_err(|error| log_trouble(&error))?;
        let delivery = super::deliver::lines(&ready.delivery);
        let verified = tokio::task::spawn_blocking(move || verdict(&recomputed(&ready))).await;
        self.still_signed_in(&session).await?;
        Ok(LogView {
            entries: entries.iter().map(line).collect(),
            total: u32::try_from(total).unwrap_or(u32::MAX),
            verified: verified.unwrap_or_else(|_| LogVerdict::Fault {
                code: "not_verified".into(),
                sequence: None,
                checkpoint: None,
            }),
            key,
            delivery,
        })
    }

    /// Opens the organisation's key file, and keeps the key in memory until the session ends. The key
    /// itself never reaches the page.
    ///
    /// # Errors
    /// For every other role, and when the file is no key of this log.
    pub async fn open_key(&self, path: &str) -> Result<(), Trouble> {
        let ready = self.ready().await?;
        let mut inner = self.inner.lock().await;
        let session = self.log_officer(&ready, &mut inner).await?;
        // A share that does not answer keeps nobody from locking or signing out.
        drop(inner);
        let (path, folder) = (path.trim().to_owned(), ready.recorder.folder().clone());
        let key = tokio::task::spawn_blocking(move || read_key(Path::new(&path), &folder)).await;
        let key = key.map_err(|_| TroubleCode::LogBroken.trouble())??;
        let mut inner = self.inner.lock().await;
        inner.is_of(&session)?;
        self.log_opening(&ready, &mut inner, &session, "key", None)
            .await?;
        inner.key = Some(OpenedKey::new(key));
        Ok(())
    }

    /// Whoever may open the log, signed in; anybody else is refused, and that is logged.
    pub(super) async fn log_officer(
        &self,
        ready: &Ready,
        inner: &mut Inner,
    ) -> Result<SignedIn, Trouble> {
        let session = inner
            .session
            .clone()
            .ok_or_else(|| TroubleCode::NotSignedIn.trouble())?;
        if self.session_dto(&session).may_open_log {
            return Ok(session);
        }
        let trouble = TroubleCode::NotForThisRole.trouble();
        let what = What::Refused {
            source: None,
            reason: trouble.code.clone(),
        };
        let event = self.event(&session, None, None, what);
        self.append(ready, inner, event).await?;
        Err(trouble)
    }

    /// Appends that the log was opened; durable when it returns, with the entry's number.
    pub(super) async fn log_opening(
        &self,
        ready: &Ready,
        inner: &mut Inner,
        session: &SignedIn,
        scope: &str,
        patient: Option<&Bsn>,
    ) -> Result<u64, Trouble> {
        let what = What::LogOpened {
            scope: scope.to_owned(),
        };
        let event = self.event(session, patient, None, what);
        let appended = self.append(ready, inner, event).await?;
        Ok(appended.sequence)
    }

    /// What was read for somebody is for nobody else: the session may have ended meanwhile.
    pub(super) async fn still_signed_in(&self, session: &SignedIn) -> Result<(), Trouble> {
        self.inner.lock().await.is_of(session)
    }
}

/// Recomputes the log against what the keychain of this account knows; whether it could be asked.
pub(crate) fn recomputed(ready: &Ready) -> (bool, Result<Verified, Fault>) {
    let known = Known {
        keychain: counter(&ready.keychain).ok().flatten(),
        witnessed: Vec::new(),
    };
    let asked = known.keychain.is_some();
    (asked, verify_against(ready.recorder.folder(), &known))
}

fn verdict((keychain, verified): &(bool, Result<Verified, Fault>)) -> LogVerdict {
    let number = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
    match verified {
        Ok(verified) => LogVerdict::Intact {
            signed: verified
                .checkpoint
                .as_ref()
                .map_or(0, |covered| number(covered.size)),
            keychain: *keychain,
            remarks: verified
                .remarks
                .iter()
                .map(|remark| LogRemark {
                    code: remark.class.code().to_owned(),
                    sequence: number(remark.sequence),
                })
                .collect(),
            remarks_more: number(verified.remarks_more),
            expired: number(verified.expired),
        },
        Err(fault) => LogVerdict::Fault {
            code: fault.class.code().to_owned(),
            sequence: fault.sequence.map(number),
            checkpoint: fault.checkpoint.map(number),
        },
    }
}

/// The key in a file. An error is a code and what was said; nothing of it repeats what stands there.
pub(crate) fn key_in(path: &Path) -> Result<OrganisationKeyPair, (&'static str, String)> {
    use std::io::Read;
    let mut text = Zeroizing::new(String::with_capacity(KEY_FILE_BYTES_MAX as usize));
    std::fs::File::open(path)
        .and_then(|file| file.take(KEY_FILE_BYTES_MAX).read_to_string(&mut text))
        .map_err(|error| ("key_unreadable", format!("{}: {error}", path.display())))?;
    OrganisationKeyPair::parse(&text).map_err(|error| (error.code(), error.to_string()))
}

/// The key in a file, where it opens this log.
fn read_key(path: &Path, log: &Path) -> Result<OrganisationKeyPair, Trouble> {
    let refused = |code: &str| TroubleCode::KeyFile.with_code(code);
    let key = key_in(path).map_err(|(code, _)| refused(code))?;
    let reader = LogReader::open(log).map_err(|error| log_trouble(&error))?;
    match opens_any(&reader, &key) {
        Ok(true) => Ok(key),
        Ok(false) => Err(refused(UnsealError::OtherKey.code())),
        Err(error) => Err(log_trouble(&error)),
    }
}

/// One entry in named values.
#[must_use]
pub fn line(entry: &LogEntry) -> LogLine {
    let at = chrono::DateTime::parse_from_rfc3339(&entry.at).map_or_else(
        |_| entry.at.clone(),
        |at| super::ports::local_iso(at.to_utc()),
    );
    LogLine {
        sequence: u32::try_from(entry.sequence).unwrap_or(u32::MAX),
        at,
        event: inzage_viewlog::event_name(&entry.what).to_owned(),
        role: entry.actor.as_ref().map(|actor| actor.role),
        facts: facts(&entry.what),
        request: entry
            .request_id
            .as_ref()
            .map(|id| id.chars().take(8).collect()),
    }
}

/// The event's own fields, flattened: the screen translates the names and codes it knows.
fn facts(what: &What) -> Vec<LogFact> {
    let mut facts = Vec::new();
    if let Ok(serde_json::Value::Object(fields)) = serde_json::to_value(what) {
        for (name, value) in fields
            .into_iter()
            .filter(|(name, _)| name != "event" && name != "digest")
        {
            flatten(&name, &value, &mut facts);
        }
    }
    facts
}

fn flatten(name: &str, value: &serde_json::Value, into: &mut Vec<LogFact>) {
    use serde_json::Value;
    match value {
        Value::Null => {}
        Value::String(text) => into.push(LogFact {
            name: name.to_owned(),
            value: text.clone(),
        }),
        Value::Bool(_) | Value::Number(_) => into.push(LogFact {
            name: name.to_owned(),
            value: value.to_string(),
        }),
        Value::Array(items) => items.iter().for_each(|item| flatten(name, item, into)),
        Value::Object(fields) => fields
            .iter()
            .for_each(|(key, value)| flatten(key, value, into)),
    }
}

#[cfg(all(test, feature = "training"))]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::app::config::Config;
    use crate::app::ports::SystemClock;
    use crate::signin::training::people;
    use inzage_core::domain::event::Place;

    #[tokio::test]
    async fn what_was_read_is_for_nobody_but_the_session_that_asked() {
        let config = Config::training();
        let place = &config.places[0];
        let session = |request: &str| SignedIn {
            user: people()[0].user.clone(),
            responsible: None,
            place: Place {
                organisation: place.organisation.clone(),
                setting: place.setting,
            },
            request_id: request.to_owned(),
        };
        let (asking, later) = (session("one"), session("two"));
        let app = App::new(config.clone(), Arc::new(SystemClock), people(), None);
        let code = |of: Result<(), Trouble>| of.err().map(|trouble| trouble.code);
        let gone = code(app.still_signed_in(&asking).await);
        assert_eq!(gone.as_deref(), Some("not_signed_in"));
        app.inner.lock().await.session = Some(later);
        assert_eq!(code(app.still_signed_in(&asking).await), gone);
        app.inner.lock().await.session = Some(asking.clone());
        assert_eq!(code(app.still_signed_in(&asking).await), None);
    }
}
