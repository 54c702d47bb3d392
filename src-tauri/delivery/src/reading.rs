//! What the pages of one search add up to, and how much of it is kept.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use inzage_viewlog::audit_event::{NotReadable, RepositoryEntry, number_of, read_back};
use reqwest::Url;

use crate::error::DeliveryError;
use crate::numbers::Numbers;
use crate::page::{Given, Page};

/// How much one search reads and keeps. What is more is said.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Entries that are kept.
    pub(crate) kept: usize,
    /// Bytes of what is kept, as they were sent: the memory of a workstation has other uses.
    pub(crate) kept_bytes: usize,
    /// Entries that are given: as many as the pages of one search have room for.
    pub(crate) given: usize,
    /// Bytes of all pages: what so many entries take, and a half more.
    pub(crate) given_bytes: usize,
}

pub(crate) const LIMITS: Limits = Limits {
    kept: 100_000,
    kept_bytes: 256 * 1024 * 1024,
    given: 200_000,
    given_bytes: 2 * 1024 * 1024 * 1024,
};

/// A search that is being read.
pub(crate) struct Reading<K> {
    pub(crate) entries: Vec<Result<RepositoryEntry, NotReadable>>,
    pub(crate) numbers: Numbers,
    /// Whether there may be more than this.
    pub(crate) more: bool,
    keep: K,
    limits: Limits,
    hashes: RandomState,
    /// Hashes of what was given: a server that goes on by counting gives one twice and leaves one out, when
    /// something came in between.
    given: HashSet<u64>,
    /// Hashes of the further pages: one that leads to itself would be read without end.
    pages: HashSet<u64>,
    given_bytes: usize,
    kept_bytes: usize,
    total: Option<u64>,
}

impl<K: FnMut(&RepositoryEntry) -> bool> Reading<K> {
    pub(crate) fn new(keep: K, limits: Limits) -> Self {
        Self {
            entries: Vec::new(),
            numbers: Numbers::default(),
            more: false,
            keep,
            limits,
            hashes: RandomState::new(),
            given: HashSet::new(),
            pages: HashSet::new(),
            given_bytes: 0,
            kept_bytes: 0,
            total: None,
        }
    }

    /// Takes a page; the next one, where there is one that is still to be read.
    pub(crate) fn take(&mut self, answer: &[u8], base: &str) -> Result<Option<Url>, DeliveryError> {
        self.given_bytes = self.given_bytes.saturating_add(answer.len());
        let page =
            Page::read(answer, base, |given| self.add(given)).ok_or(DeliveryError::WrongAnswer)?;
        self.total = self.total.or(page.total);
        let Some(next) = page.next else {
            // It counted more than it gave.
            self.more |= self.total > Some(self.given.len() as u64);
            return Ok(None);
        };
        let again = !self.pages.insert(self.hashes.hash_one(next.as_str()));
        if again || self.is_full() {
            self.more = true;
            return Ok(None);
        }
        Ok(Some(next))
    }

    fn is_full(&self) -> bool {
        self.entries.len() >= self.limits.kept
            || self.kept_bytes >= self.limits.kept_bytes
            || self.given.len() >= self.limits.given
            || self.given_bytes >= self.limits.given_bytes
    }

    fn add(&mut self, given: Given<'_>) {
        if self.is_full() {
            self.more = true;
            return;
        }
        let (resource, text) = match given {
            Given::Resource(resource, text) => (resource, text),
            Given::Warning => {
                self.more = true;
                return;
            }
            Given::NotReadable => {
                self.entries.push(Err(NotReadable));
                return;
            }
        };
        if !self.given.insert(self.hashes.hash_one(text)) {
            return;
        }
        let number = number_of(&resource);
        let read = read_back(&resource);
        if let Some((log, number)) = number {
            let workstation = match &read {
                Ok(Some(read)) => Some(read.entry.place.organisation.workstation.as_str()),
                _ => None,
            };
            self.numbers.add(log, number, workstation);
        }
        match read {
            Ok(None) => {}
            Ok(Some(entry)) => {
                if (self.keep)(&entry) {
                    self.kept_bytes = self.kept_bytes.saturating_add(text.len());
                    self.entries.push(Ok(entry));
                }
            }
            Err(error) => self.entries.push(Err(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use inzage_core::domain::event::Place;
    use inzage_core::domain::user::{OrganisationId, Setting};
    use inzage_viewlog::audit_event::{LogId, for_repository};
    use inzage_viewlog::{
        LogKeys, LogReader, LookupKey, OpenedAt, OrganisationKeyPair, Random, RandomFailed, ViewLog,
    };

    use super::*;

    const BASE: &str = "https://localhost/fhir";

    fn page(entries: &[&str], rest: &str) -> String {
        let entries = entries.join(",");
        format!(r#"{{"resourceType":"Bundle","type":"searchset","entry":[{entries}]{rest}}}"#)
    }

    /// Says itself to be an entry of a view log, and is none that can be read.
    fn ours(number: u64) -> String {
        let log = "ab".repeat(16);
        format!(
            r#"{{"resource":{{"resourceType":"AuditEvent","meta":{{"tag":[{{"system":"urn:inzage:entry","code":"{log}-{number}"}}]}}}}}}"#
        )
    }

    fn read(limits: Limits, pages: &[String]) -> Reading<impl FnMut(&RepositoryEntry) -> bool> {
        let mut reading = Reading::new(|_: &RepositoryEntry| true, limits);
        for page in pages {
            if reading.take(page.as_bytes(), BASE).unwrap().is_none() {
                break;
            }
        }
        reading
    }

    #[test]
    fn what_counts_more_than_it_gives_or_warns_is_not_whole() {
        let (one, two) = (ours(1), ours(2));
        let warning = r#"{"search":{"mode":"outcome"},"resource":{"resourceType":"OperationOutcome","issue":[{"severity":"warning"}]}}"#;
        let next = r#","total":3,"link":[{"relation":"next","url":"AuditEvent?p=2"}]"#;
        for (pages, more) in [
            (vec![page(&[&one, &two], "")], false),
            (vec![page(&[&one, &two], r#","total":2"#)], false),
            (vec![page(&[&one, &two], r#","total":3"#)], true),
            (vec![page(&[&one, warning], "")], true),
            (vec![page(&[&one], next), page(&[&two], "")], true),
            // One came twice, and another not at all.
            (vec![page(&[&one, &two], next), page(&[&two], "")], true),
            (
                vec![page(&[&one, &two], next), page(&[&ours(3)], "")],
                false,
            ),
        ] {
            assert_eq!(read(LIMITS, &pages).more, more, "{pages:?}");
        }
    }

    #[test]
    fn a_page_that_leads_to_itself_is_read_once_more_and_no_further() {
        let next = r#","link":[{"relation":"next","url":"AuditEvent?p=2"}]"#;
        let mut reading = Reading::new(|_: &RepositoryEntry| true, LIMITS);
        let again = page(&[], next);
        assert!(reading.take(again.as_bytes(), BASE).unwrap().is_some());
        assert!(!reading.more);
        assert!(reading.take(again.as_bytes(), BASE).unwrap().is_none());
        assert!(reading.more);
    }

    #[test]
    fn beyond_each_limit_nothing_is_kept_and_that_is_said() {
        let entries: Vec<String> = (1..=9).map(ours).collect();
        let entries: Vec<&str> = entries.iter().map(String::as_str).collect();
        let next = r#","link":[{"relation":"next","url":"AuditEvent?p=2"}]"#;
        let pages = [page(&entries[..5], next), page(&entries[5..], "")];
        assert_eq!(read(LIMITS, &pages).entries.len(), 9);
        for (limits, kept) in [
            (Limits { kept: 3, ..LIMITS }, 3),
            (Limits { given: 4, ..LIMITS }, 4),
            (
                Limits {
                    given_bytes: pages[0].len() + 1,
                    ..LIMITS
                },
                5,
            ),
        ] {
            let found = read(limits, &pages);
            assert_eq!(
                (found.entries.len(), found.more),
                (kept, true),
                "{limits:?}"
            );
        }
    }

    /// The first entry of a log, as its repository has it.
    fn head() -> String {
        let folder = tempfile::tempdir().unwrap();
        let random =
            || -> Random { Box::new(|into| getrandom::fill(into).map_err(|_| RandomFailed)) };
        let organisation = OrganisationKeyPair::generate(&mut random()).unwrap();
        let keys = LogKeys {
            organisation: organisation.public().clone(),
            lookup: LookupKey::generate(&mut random()).unwrap(),
        };
        let opened = OpenedAt {
            at: "2026-11-22T01:14:05.123Z".into(),
            place: Place {
                organisation: OrganisationId {
                    ura: "90000123".into(),
                    name: "Huisartsenpost De Vliet".into(),
                    workstation: "balie 2".into(),
                },
                setting: Setting::AfterHours,
            },
        };
        let _log = ViewLog::open(folder.path(), keys, &opened, random()).unwrap();
        let reader = LogReader::open(folder.path()).unwrap();
        let log = LogId::of(&reader).unwrap();
        let head = reader.entries(1, 1).unwrap().remove(0);
        let sent = serde_json::json!({"resource": for_repository(&head, &log, None)});
        sent.to_string()
    }

    #[test]
    fn what_is_kept_is_bounded_in_bytes_and_what_is_not_wanted_takes_none() {
        let heads: Vec<String> = (0..4).map(|_| head()).collect();
        let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
        let limits = Limits {
            kept_bytes: heads[0].len() * 2 - 100,
            ..LIMITS
        };
        let page = page(&heads, "");
        let found = read(limits, std::slice::from_ref(&page));
        assert_eq!((found.entries.len(), found.more), (2, true));
        let mut unwanted = Reading::new(|_: &RepositoryEntry| false, limits);
        assert!(unwanted.take(page.as_bytes(), BASE).unwrap().is_none());
        assert_eq!((unwanted.entries.len(), unwanted.more), (0, false));
        assert_eq!(unwanted.numbers.logs().count(), 4);
    }

    #[test]
    fn a_number_that_is_not_there_between_others_is_a_gap() {
        let mut numbers = Numbers::default();
        let (log, _) = number_of(&serde_json::json!({
            "resourceType": "AuditEvent",
            "meta": {"tag": [{"system": "urn:inzage:entry", "code": format!("{}-1", "ab".repeat(16))}]},
        }))
        .unwrap();
        for number in [9, 3, 4, 5, 7, u64::MAX] {
            numbers.add(log.clone(), number, Some("balie 2"));
        }
        let (_, of_log) = numbers.logs().next().unwrap();
        let gaps: Vec<_> = of_log.gaps().collect();
        assert_eq!(gaps, [(6, 6), (8, 8), (10, u64::MAX - 1)]);
    }
}
