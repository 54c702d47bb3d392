//! Deleting the content of old entries, so that everything else still verifies.

use inzage_core::domain::event::{Event, What};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use crate::canonical::{EXPIRED, SEGMENT_STARTED};
use crate::checkpoint::Checkpoint;
use crate::checkpointing::last_checkpoint;
use crate::compose::{check_at, compose};
use crate::error::LogError;
use crate::limits::{EXPIRE_ENTRIES_MAX, SALT_BYTES};
use crate::log::{ViewLog, put};
use crate::outbox::CHECKPOINTS;
use crate::random::draw;
use crate::retention::Retention;
use crate::seal::Spot;
use crate::segment::OpenedAt;
use crate::store;

/// What one call of [`ViewLog::expire`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expiry {
    /// How many entries lost their content.
    pub entries: u64,
    /// The last number up to which content is gone, heads of segments and expiries left out; 0 where
    /// nothing ever expired.
    pub last: u64,
    /// Whether more is due: call again.
    pub more: bool,
    /// Whether the deleted bytes are gone from the write-ahead file too. Not while another instance
    /// reads; the next call tries again.
    pub erased: bool,
}

impl ViewLog {
    /// Deletes salt and content of entries older than the policy wants, at most
    /// [`EXPIRE_ENTRIES_MAX`] of them, and logs that.
    ///
    /// Only what every receiver acknowledged (`acknowledged_up_to`, and the table `sink`), and only
    /// what a checkpoint of before that day covers. What day it is says the newest checkpoint, or `now`
    /// where that is earlier: both days are signed then, and nobody can make content go sooner by
    /// claiming that it is old or that it is late. So sign before. Heads of segments and expiries stay,
    /// and so do all leaves. `now` says when and where.
    ///
    /// # Errors
    /// Any [`LogError`]; nothing was deleted then, unless it came from the file's own tidying.
    pub fn expire(
        &mut self,
        policy: Retention,
        now: &OpenedAt,
        acknowledged_up_to: u64,
    ) -> Result<Expiry, LogError> {
        check_at(&now.at)?;
        self.guarded(|log| {
            let mut expiry = log.delete_old(policy, now, acknowledged_up_to)?;
            expiry.erased = log.empty_write_ahead()?;
            Ok(expiry)
        })
    }

    fn delete_old(
        &mut self,
        policy: Retention,
        now: &OpenedAt,
        acknowledged_up_to: u64,
    ) -> Result<Expiry, LogError> {
        let salt = draw::<SALT_BYTES>(&mut self.random)?;
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let gone = last_expired(&transaction)?;
        let Some(signed) = last_checkpoint(&transaction)? else {
            return Ok(Expiry {
                entries: 0,
                last: gone,
                more: false,
                erased: false,
            });
        };
        let before = policy
            .kept_from(now.at.as_str().min(signed.at.as_str()))
            .ok_or(LogError::Invalid { field: "at" })?;
        let limit = acknowledged_up_to
            .min(acknowledged_by_all(&transaction)?)
            .min(covered_before(&transaction, &before)?);
        let due = due(&transaction, gone, limit, &before)?;
        let mut expiry = Expiry {
            entries: due.entries,
            last: due.last.unwrap_or(gone),
            more: due.more,
            erased: false,
        };
        let Some(last) = due.last else {
            return Ok(expiry);
        };
        let tip = store::tip(&transaction)?.ok_or(LogError::Corrupt { sequence: None })?;
        if tip.segment != self.segment {
            return Err(LogError::OtherKeys);
        }
        let spot = Spot {
            segment: self.segment,
            sequence: tip.sequence + 1,
        };
        let event = Event {
            at: now.at.clone(),
            // The policy did it, and nobody.
            actor: None,
            place: now.place.clone(),
            patient: None,
            request_id: None,
            what: What::Expired {
                last,
                before,
                years: policy.years(),
            },
        };
        let canonical = compose(&event, &self.keys, &self.key_ids, spot, None, None)?;
        put(&transaction, &tip.chain, &canonical, salt.as_slice())?;
        transaction
            .prepare_cached(
                "INSERT INTO expired (number, last, entry) \
                 VALUES ((SELECT coalesce(max(number), 0) + 1 FROM expired), ?1, ?2)",
            )?
            .execute(params![last, spot.sequence])?;
        let sql = format!(
            "DELETE FROM entry WHERE sequence > ?1 AND sequence <= ?2 \
             AND event NOT IN ('{SEGMENT_STARTED}', '{EXPIRED}')"
        );
        let deleted = transaction
            .prepare_cached(&sql)?
            .execute(params![gone, last])?;
        transaction.commit()?;
        self.still_there()?;
        expiry.entries = deleted as u64;
        Ok(expiry)
    }

    /// Carries the write-ahead file over into the file and empties it: pages from before the deletion
    /// stand in it until then.
    fn empty_write_ahead(&mut self) -> Result<bool, LogError> {
        let busy: i64 =
            self.connection
                .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        Ok(busy == 0)
    }
}

struct Due {
    last: Option<u64>,
    entries: u64,
    more: bool,
}

/// The entries after `gone` that are old enough, up to `limit`, in their order: one that is not keeps
/// all that come after it.
fn due(
    transaction: &Transaction<'_>,
    gone: u64,
    limit: u64,
    before: &str,
) -> Result<Due, LogError> {
    let sql = format!(
        "SELECT sequence, at, event IN ('{SEGMENT_STARTED}', '{EXPIRED}') FROM entry \
         WHERE sequence > ?1 AND sequence <= ?2 ORDER BY sequence"
    );
    let mut statement = transaction.prepare_cached(&sql)?;
    let mut rows = statement.query(params![gone, limit])?;
    let mut due = Due {
        last: None,
        entries: 0,
        more: false,
    };
    while let Some(row) = rows.next()? {
        let (sequence, at, stays): (u64, String, bool) = (row.get(0)?, row.get(1)?, row.get(2)?);
        if at.get(..10).is_none_or(|day| day >= before) {
            break;
        }
        if stays {
            continue;
        }
        if due.entries == EXPIRE_ENTRIES_MAX {
            due.more = true;
            break;
        }
        due.entries += 1;
        due.last = Some(sequence);
    }
    Ok(due)
}

fn last_expired(connection: &Connection) -> Result<u64, LogError> {
    let last: Option<u64> =
        connection.query_row("SELECT max(last) FROM expired", [], |row| row.get(0))?;
    Ok(last.unwrap_or(0))
}

/// What every receiver has; without receivers that is for the caller to say. How far a receiver is
/// with the checkpoints stands in the same table, counts checkpoints, and is no reason to keep an entry.
fn acknowledged_by_all(connection: &Connection) -> Result<u64, LogError> {
    let least: Option<u64> = connection.query_row(
        "SELECT min(acknowledged) FROM sink WHERE substr(name, 1, ?1) <> ?2",
        params![CHECKPOINTS.len(), CHECKPOINTS],
        |row| row.get(0),
    )?;
    Ok(least.unwrap_or(u64::MAX))
}

/// The last entry that a checkpoint of before this day covers, each checkpoint up to there included:
/// the first that is too young ends it.
fn covered_before(connection: &Connection, before: &str) -> Result<u64, LogError> {
    let mut statement = connection.prepare_cached("SELECT note FROM checkpoint ORDER BY number")?;
    let mut rows = statement.query([])?;
    let mut size = 0;
    while let Some(row) = rows.next()? {
        let note: String = row.get(0)?;
        let checkpoint =
            Checkpoint::open(&note).map_err(|_| LogError::Corrupt { sequence: None })?;
        if checkpoint.at.get(..10).is_none_or(|day| day >= before) {
            break;
        }
        size = checkpoint.size;
    }
    Ok(size)
}

/// How many entries' content is gone.
pub(crate) fn count_expired(connection: &Connection) -> Result<u64, LogError> {
    let counted: Option<(u64, u64)> = connection
        .query_row(
            "SELECT (SELECT count(*) FROM chain), (SELECT count(*) FROM entry)",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    Ok(counted.map_or(0, |(all, there)| all.saturating_sub(there)))
}
