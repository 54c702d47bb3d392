//! The log as a privacy officer opens it: what happened, without who and whom.

use inzage_core::domain::event::What;
use inzage_viewlog::LogEntry;

use super::contract::{LogFact, LogLine, LogVerdict, LogView, Trouble};
use super::state::{App, log_trouble};
use super::trouble::TroubleCode;

/// How many entries one opening shows; overviews by patient and period read the whole log.
const ENTRIES_SHOWN: u32 = 500;

impl App {
    /// Opens the log. The opening is an entry of its own, and comes first.
    ///
    /// # Errors
    /// For every role but the privacy officer's, and when the log cannot be read.
    pub async fn open_log(&self) -> Result<LogView, Trouble> {
        let ready = self.ready().await?;
        let mut inner = self.inner.lock().await;
        let session = inner
            .session
            .clone()
            .ok_or_else(|| TroubleCode::NotSignedIn.trouble())?;
        if !self.session_dto(&session).may_open_log {
            let reason = TroubleCode::NotForThisRole.trouble();
            let what = What::Refused {
                source: None,
                reason: reason.code.clone(),
            };
            let event = self.event(&session, None, None, what);
            self.append(&ready, &mut inner, event).await?;
            return Err(reason);
        }
        let event = self.event(
            &session,
            None,
            None,
            What::LogOpened {
                scope: "recent".into(),
            },
        );
        self.append(&ready, &mut inner, event).await?;
        drop(inner);
        let (entries, total) = ready
            .recorder
            .recent(ENTRIES_SHOWN)
            .await
            .map_err(|error| log_trouble(&error))?;
        let folder = ready.recorder.folder().clone();
        let verified = tokio::task::spawn_blocking(move || inzage_viewlog::verify(&folder)).await;
        let verified = match verified {
            Ok(Ok(_)) => LogVerdict::Intact,
            Ok(Err(fault)) => LogVerdict::Fault {
                code: fault.class.code().to_owned(),
                sequence: fault.sequence.and_then(|n| u32::try_from(n).ok()),
            },
            Err(_) => LogVerdict::Fault {
                code: "not_verified".into(),
                sequence: None,
            },
        };
        Ok(LogView {
            entries: entries.iter().map(line).collect(),
            total: u32::try_from(total).unwrap_or(u32::MAX),
            verified,
        })
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
