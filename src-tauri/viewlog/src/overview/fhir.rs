//! The entries themselves as AuditEvents, in one Bundle.

use serde_json::{Value, json as object};

use super::elsewhere::{Elsewhere, Held};
use super::notices::notices;
use super::{Heading, Language, Overview, Question, ROWS_MAX, UNREADABLE_NAMED_MAX, day, picked};
use crate::audit_event::{LogId, NotReadable, RepositoryEntry, for_repository};
use crate::entry::UnsealError;
use crate::error::LogError;
use crate::keys::OrganisationKeyPair;
use crate::read::LogReader;

/// Code of the tag on what was read in the organisation's repository.
const FROM_REPOSITORY: &str = "repository";
/// Code of the tag on what the repository contradicts.
const CONTRADICTED: &str = "contradicted";

/// The entries in question as a FHIR R4 Bundle (`collection`), one AuditEvent per entry, with an
/// OperationOutcome that says where they come from and what is missing. With BSNs: for the
/// holder of the organisation's key only.
///
/// # Errors
/// As [`super::overview`].
pub fn bundle(
    reader: &LogReader,
    question: &Question,
    key: &OrganisationKeyPair,
    heading: &Heading,
) -> Result<String, LogError> {
    bundle_with(reader, question, key, heading, std::iter::empty())
}

/// As [`bundle`], with what the organisation's repository has.
///
/// # Errors
/// As [`super::overview`].
pub fn bundle_with(
    reader: &LogReader,
    question: &Question,
    key: &OrganisationKeyPair,
    heading: &Heading,
    elsewhere: impl IntoIterator<Item = Result<RepositoryEntry, NotReadable>>,
) -> Result<String, LogError> {
    let mut elsewhere = Elsewhere::new(elsewhere, reader)?;
    let log = LogId::of(reader)?;
    let mut made = Vec::new();
    let mut found = Overview::default();
    let picked = picked(reader, question, key, &mut |number, entry| {
        elsewhere.seen_here(number, entry.is_some());
        let opened = entry.and_then(|entry| match entry.unseal(key) {
            Ok(event) => Some((entry, Some(event))),
            Err(UnsealError::OtherKey) => Some((entry, None)),
            Err(UnsealError::Damaged) => None,
        });
        let Some((entry, event)) = opened else {
            found.unreadable_count += 1;
            if found.unreadable.len() < UNREADABLE_NAMED_MAX {
                found.unreadable.push(number);
            }
            return;
        };
        let local = day::local_day(&entry.at);
        let in_period = question.from.is_none_or(|from| local >= Some(from))
            && question.to.is_none_or(|to| local <= Some(to));
        let user = event.as_ref().and_then(|event| event.actor.as_ref());
        let asked = question
            .user
            .as_ref()
            .is_none_or(|asked| event.is_none() || user.is_some_and(|user| user.user.id == *asked));
        if !in_period || !asked {
            return;
        }
        if made.len() >= ROWS_MAX {
            found.more = true;
            return;
        }
        found.not_unsealed += u64::from(event.is_none());
        let made_of = for_repository(&entry, &log, event.as_ref());
        made.push(if elsewhere.contradicts(number) {
            made_of.tagged(CONTRADICTED)
        } else {
            made_of
        });
    })?;
    found.segments_not_searched = picked.segments_not_searched;
    found.expired = picked.expired;
    let asked = elsewhere.asked(question, key);
    found.elsewhere_unreadable = asked.unreadable;
    found.elsewhere_not_searched = asked.not_searched;
    found.elsewhere_contradicted = asked.contradicted;
    found.lost_here = asked.lost_here;
    for held in asked.held {
        let Held { entry, local, .. } = held;
        let in_period = question.from.is_none_or(|from| local >= from)
            && question.to.is_none_or(|to| local <= to);
        if !in_period {
            continue;
        }
        if made.len() >= ROWS_MAX {
            found.more = true;
            break;
        }
        let event = entry.unseal(key).ok();
        found.not_unsealed += u64::from(event.is_none());
        let of = held.log.as_ref().unwrap_or(&log);
        let made_of = for_repository(&entry, of, event.as_ref()).tagged(FROM_REPOSITORY);
        made.push(if held.contradicted {
            made_of.tagged(CONTRADICTED)
        } else {
            made_of
        });
    }
    let issues: Vec<Value> = notices(&found, heading, Language::En)
        .into_iter()
        .map(|notice| object!({"severity": "information", "code": "informational", "diagnostics": notice.said}))
        .collect();
    let outcome = object!({"resource": {"resourceType": "OperationOutcome", "issue": issues}});
    let entries = made.iter().map(|event| object!({"resource": event}));
    let bundle = object!({
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": heading.made_at,
        "entry": std::iter::once(outcome).chain(entries).collect::<Vec<_>>(),
    });
    Ok(format!("{bundle:#}\n"))
}
