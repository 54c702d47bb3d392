//! From entries to rows: the events of one look-up are one row, equal rows of a day are one.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, Hash, Hasher, RandomState};

use chrono::NaiveDate;

use super::elsewhere::{Found, Held};
use super::look::{Look, begun, is_of_look_up};
use super::row::{Person, Row, Who, Whom};
use super::{Kind, Overview, Picked, Question, ROWS_MAX, UNREADABLE_NAMED_MAX, day};
use crate::audit_event::LogId;
use crate::canonical::event_name;
use crate::entry::{LogEntry, UnsealError};
use crate::keys::OrganisationKeyPair;

pub(super) struct Collected<'a> {
    question: &'a Question,
    key: &'a OrganisationKeyPair,
    looks: Vec<Look>,
    /// The looks of a request, by the log it is told of apart from the open one's entries (`None` for
    /// those) and its id; more than one only where others took part in it.
    by_request: BTreeMap<(Option<LogId>, String), Vec<usize>>,
    found: Overview,
}

/// Where an entry comes from.
struct Origin {
    log: Option<LogId>,
    from_repository: bool,
    contradicted: bool,
}

/// Who, on whose responsibility, and whom.
pub(super) type Opened = (Who, Option<Person>, Whom);

impl<'a> Collected<'a> {
    pub(super) fn new(question: &'a Question, key: &'a OrganisationKeyPair) -> Self {
        Self {
            question,
            key,
            looks: Vec::new(),
            by_request: BTreeMap::new(),
            found: Overview::default(),
        }
    }

    /// An entry of the open log; `contradicted` where the repository says something else under its number.
    pub(super) fn take(&mut self, number: u64, entry: Option<LogEntry>, contradicted: bool) {
        let taken = entry.and_then(|entry| {
            let local = day::local_day(&entry.at)?;
            let opened = opened(&entry, self.key)?;
            Some((entry, local, opened))
        });
        let Some((entry, local, opened)) = taken else {
            self.found.unreadable_count += 1;
            if self.found.unreadable.len() < UNREADABLE_NAMED_MAX {
                self.found.unreadable.push(number);
            }
            return;
        };
        if matches!(opened.0, Who::Sealed { .. }) || matches!(opened.2, Whom::Sealed { .. }) {
            self.found.not_unsealed += 1;
        }
        if self.is_asked(&opened.0) {
            let origin = Origin {
                log: None,
                from_repository: false,
                contradicted,
            };
            self.add(origin, entry, local, opened);
        }
    }

    /// What the repository has besides.
    pub(super) fn add_elsewhere(&mut self, asked: Found) {
        self.found.elsewhere_unreadable = asked.unreadable;
        self.found.elsewhere_not_searched = asked.not_searched;
        self.found.elsewhere_contradicted = asked.contradicted;
        self.found.lost_here = asked.lost_here;
        for held in asked.held {
            let (who, _, whom) = &held.opened;
            if matches!(who, Who::Sealed { .. }) || matches!(whom, Whom::Sealed { .. }) {
                self.found.not_unsealed += 1;
            }
            let Held {
                entry,
                local,
                opened,
                log,
                contradicted,
            } = held;
            let origin = Origin {
                log,
                from_repository: true,
                contradicted,
            };
            self.add(origin, entry, local, opened);
        }
    }

    fn add(
        &mut self,
        origin: Origin,
        entry: LogEntry,
        local: NaiveDate,
        (who, responsible, whom): Opened,
    ) {
        // One version of several: it tells nothing about the rest of a look-up.
        let alone = origin.from_repository && origin.contradicted;
        let in_period = self.question.from.is_none_or(|from| local >= from)
            && self.question.to.is_none_or(|to| local <= to);
        let event = event_name(&entry.what);
        let is_part = !alone && entry.request_id.is_some() && is_of_look_up(&entry.what);
        let known = entry
            .request_id
            .as_ref()
            .filter(|_| is_part)
            .and_then(|id| self.by_request.get(&(origin.log.clone(), id.clone())))
            .and_then(|looks| {
                let same = |at: &&usize| {
                    self.looks.get(**at).is_some_and(|look| {
                        (who == Who::Nobody || look.row.who == who)
                            && (whom == Whom::Nobody || look.row.whom == whom)
                    })
                };
                looks.iter().find(same).copied()
            });
        let at = match known {
            Some(at) => at,
            // Outside the period only what completes a look-up is of interest.
            None if !in_period && !is_part => return,
            None if self.looks.len() >= ROWS_MAX => {
                self.found.more = true;
                return;
            }
            None => {
                let at = self.looks.len();
                if let Some(id) = entry.request_id.clone().filter(|_| is_part) {
                    let request = (origin.log.clone(), id);
                    self.by_request.entry(request).or_default().push(at);
                }
                let mut row = begun(&entry, local, who, responsible, whom);
                row.log = origin.log;
                if alone {
                    row.kind = Kind::Event(event);
                }
                self.looks.push(Look::of(row));
                at
            }
        };
        if let Some(look) = self.looks.get_mut(at) {
            look.in_period |= in_period;
            look.happened.insert(event);
            let row = &mut look.row;
            row.from_repository |= origin.from_repository;
            row.contradicted |= origin.contradicted;
            row.entries.1 = row.entries.1.max(entry.sequence);
            // What the open log has lost of a look-up comes after the rest of it.
            if entry.sequence < row.entries.0 {
                row.entries.0 = entry.sequence;
                row.first_at.clone_from(&entry.at);
                row.last_at.clone_from(&entry.at);
                row.day = local;
            }
            look.add(entry.what);
        }
    }

    /// Both were asked for, and only the patient went through the index.
    fn is_asked(&self, who: &Who) -> bool {
        match (&self.question.patient, &self.question.user, who) {
            (Some(_), Some(user), Who::Person(person)) => person.id == *user,
            (Some(_), Some(_), Who::Nobody) => false,
            _ => true,
        }
    }

    pub(super) fn finish(self, picked: Picked) -> Overview {
        let mut rows: Vec<Row> = self
            .looks
            .into_iter()
            .filter(|look| look.in_period)
            .map(Look::finish)
            .collect();
        rows.sort_by(|a, b| {
            (&a.first_at, &a.log, a.entries).cmp(&(&b.first_at, &b.log, b.entries))
        });
        Overview {
            rows: merged(rows),
            segments_not_searched: picked.segments_not_searched,
            expired: picked.expired,
            ..self.found
        }
    }
}

/// `None` for an entry that must open and does not: it is damaged.
pub(super) fn opened(entry: &LogEntry, key: &OrganisationKeyPair) -> Option<Opened> {
    match entry.unseal(key) {
        Ok(event) => {
            let (who, responsible) = event.actor.map_or((Who::Nobody, None), |actor| {
                (
                    Who::Person(Person::of(&actor.user)),
                    actor.responsible.as_ref().map(Person::of),
                )
            });
            Some((
                who,
                responsible,
                event.patient.map_or(Whom::Nobody, Whom::Patient),
            ))
        }
        Err(UnsealError::OtherKey) => {
            let who = entry
                .actor
                .as_ref()
                .map_or(Who::Nobody, |actor| Who::Sealed {
                    pseudonym: entry.user_lookup.clone().unwrap_or_default(),
                    role: actor.role,
                });
            let whom = entry
                .patient_lookup
                .clone()
                .map_or(Whom::Nobody, |pseudonym| Whom::Sealed { pseudonym });
            Some((who, None, whom))
        }
        Err(UnsealError::Damaged) => None,
    }
}

/// Equal rows of a day become one, which stands where the first stood.
///
/// In one pass, however many rows a day has: a row is compared with those of its hash alone.
fn merged(rows: Vec<Row>) -> Vec<Row> {
    let hashes = RandomState::new();
    let mut merged: Vec<Row> = Vec::with_capacity(rows.len());
    let mut known: HashMap<u64, Vec<usize>> = HashMap::new();
    for row in rows {
        let alike = known.entry(hashes.hash_one(Repeatable(&row))).or_default();
        let same = alike.iter().copied().find(|at| {
            merged
                .get(*at)
                .is_some_and(|earlier| is_repeat(earlier, &row))
        });
        match same.and_then(|at| merged.get_mut(at)) {
            Some(earlier) => {
                earlier.count += row.count;
                earlier.last_at = row.last_at;
                earlier.entries.1 = earlier.entries.1.max(row.entries.1);
            }
            None => {
                alike.push(merged.len());
                merged.push(row);
            }
        }
    }
    merged
}

/// What of a row repeats: rows that [`is_repeat`] takes for equal hash alike.
struct Repeatable<'a>(&'a Row);

impl Hash for Repeatable<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let Self(row) = self;
        (row.day, &row.log, row.kind, &row.whom, &row.who).hash(state);
        (&row.responsible, &row.place, &row.outcome).hash(state);
        (&row.remarks, &row.sources).hash(state);
        (row.from_repository, row.contradicted).hash(state);
        (&row.sections, row.agreement, row.suspicion).hash(state);
    }
}

fn is_repeat(a: &Row, b: &Row) -> bool {
    a.day == b.day
        && a.kind == b.kind
        && a.log == b.log
        && a.from_repository == b.from_repository
        && a.contradicted == b.contradicted
        && a.whom == b.whom
        && a.who == b.who
        && a.responsible == b.responsible
        && a.place == b.place
        && a.outcome == b.outcome
        && a.remarks == b.remarks
        && a.sources == b.sources
        && a.sections == b.sections
        && a.agreement == b.agreement
        && a.suspicion == b.suspicion
}
