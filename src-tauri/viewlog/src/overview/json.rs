//! For programs: codes instead of words (`docs/overviews.md` lists the members).

use serde_json::{Value, json as object};

use super::row::{Kind, Outcome, Person, Remark, Row, SourceSeen, Who, Whom};
use super::{Heading, MissingNumbers, Overview, Pattern, RepositoryRead, Verdict};
use crate::audit_event::LogId;

/// Name and version of the format, in its first member.
pub const JSON_FORMAT: &str = "inzage-overview-1";

/// The overview as JSON.
#[must_use]
pub fn json(overview: &Overview, heading: &Heading, patterns: Option<&[Pattern]>) -> String {
    let verdict = heading.verdict.as_ref().map(|verdict| match verdict {
        Verdict::Intact {
            keychain,
            remarks,
            remarks_more,
        } => object!({
            "intact": true,
            "keychain": keychain,
            "remarks": remarks.iter().map(|remark| object!({
                "code": remark.class.code(),
                "entry": remark.sequence,
            })).collect::<Vec<_>>(),
            "remarks_more": remarks_more,
        }),
        Verdict::Fault { code, sequence } => {
            object!({"intact": false, "code": code, "entry": sequence})
        }
    });
    let whole = object!({
        "format": JSON_FORMAT,
        "made_at": heading.made_at,
        "only_this_workstation": !heading.repository_read.was_read(),
        "repository": {
            "read": heading.repository_read.code(),
            "code": match heading.repository_read {
                RepositoryRead::Failed { code } => Some(code),
                _ => None,
            },
            "unreadable": overview.elsewhere_unreadable,
            "missing": heading.missing.iter().map(missing).collect::<Vec<_>>(),
            "not_searched": overview.elsewhere_not_searched,
            "contradicted": overview.elsewhere_contradicted,
            "lost_here": overview.lost_here,
        },
        "opening_entry": heading.opening,
        "verified": verdict,
        "unreadable": {"count": overview.unreadable_count, "entries": overview.unreadable},
        "not_unsealed": overview.not_unsealed,
        "segments_not_searched": overview.segments_not_searched,
        "more": overview.more,
        "expired": overview.expired.as_ref().map(|expired| object!({"last": expired.last, "before": expired.before})),
        "rows": overview.rows.iter().map(row).collect::<Vec<_>>(),
        "patterns": patterns.map(|all| all.iter().map(Pattern::json).collect::<Vec<_>>()),
        "contact": {
            "data_protection_officer": heading.data_protection_officer,
            "exchange": "VZVZ, volgjezorg.nl",
        },
    });
    format!("{whole:#}\n")
}

fn missing(missing: &MissingNumbers) -> Value {
    object!({
        "log": missing.log.as_str(),
        "workstation": missing.workstation,
        "numbers": missing.numbers,
    })
}

fn row(row: &Row) -> Value {
    object!({
        "day": row.day.to_string(),
        "first_at": row.first_at,
        "last_at": row.last_at,
        "count": row.count,
        "entries": [row.entries.0, row.entries.1],
        "log": row.log.as_ref().map(LogId::as_str),
        "from_repository": row.from_repository,
        "contradicted": row.contradicted,
        "patient": match &row.whom {
            Whom::Nobody => Value::Null,
            Whom::Patient(bsn) => object!({"bsn": bsn.reveal()}),
            Whom::Sealed { pseudonym } => object!({"sealed_pseudonym": pseudonym}),
        },
        "employee": match &row.who {
            Who::Nobody => Value::Null,
            Who::Person(who) => person(who),
            Who::Sealed { pseudonym, role } => object!({"sealed_pseudonym": pseudonym, "role": role}),
        },
        "responsible": row.responsible.as_ref().map(person),
        "organisation": row.place.organisation,
        "setting": row.place.setting,
        "what": match row.kind {
            Kind::LookUp => "look_up",
            Kind::Event(name) => name,
        },
        "outcome": row.outcome.code(),
        "fields": match &row.outcome {
            Outcome::Done(fields) => fields.iter().map(|(k, v)| (k.clone(), v.clone().into())).collect(),
            _ => serde_json::Map::new(),
        },
        "remarks": row.remarks.iter().map(remark).collect::<Vec<_>>(),
        "sources": row.sources.iter().map(source).collect::<Vec<_>>(),
        "sections": row.sections,
        "agreement": row.agreement,
        "suspicion": row.suspicion,
    })
}

fn person(person: &Person) -> Value {
    object!({"id": person.id, "name": person.name, "role": person.role, "role_name": person.role_name})
}

fn source(source: &SourceSeen) -> Value {
    object!({
        "source": source.source,
        "ura": source.ura,
        "basis": source.basis,
        "ica": source.ica,
        "refused": source.refused,
    })
}

fn remark(remark: &Remark) -> Value {
    match remark {
        Remark::ReceivedNotShown { source, why } => {
            object!({"remark": "received_not_shown", "source": source, "code": why})
        }
        Remark::Refused { source, reason } => {
            object!({"remark": "refused", "source": source, "code": reason})
        }
        Remark::Failed { source, code } => {
            object!({"remark": "failed", "source": source, "code": code})
        }
        Remark::ReleaseNotDisplayed => object!({"remark": "release_not_displayed"}),
        Remark::NotClosed => object!({"remark": "not_closed"}),
    }
}
