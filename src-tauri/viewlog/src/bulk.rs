//! Many entries in one transaction, for benches alone: each is made and chained as
//! [`ViewLog::append`] makes it, and only the sync after each is left out.

use inzage_core::domain::event::Event;
use rusqlite::TransactionBehavior;
use zeroize::Zeroizing;

use crate::canonical::Canonical;
use crate::compose::{KeyIds, Secret, check, compose};
use crate::error::LogError;
use crate::hash::Hash;
use crate::keys::LogKeys;
use crate::limits::SALT_BYTES;
use crate::log::{ViewLog, put};
use crate::random::{Random, draw};
use crate::seal::{Purpose, Sealer, Spot};
use crate::store;

/// What SQLite may hold meanwhile, in KiB, as `cache_size` takes it: two indexes that grow
/// everywhere at once would be read from the disk otherwise.
const CACHE_KIB: i64 = -256 * 1024;

/// Entries that are made at once, by all cores: sealing takes nearly all the time.
const PIECE: usize = 1_000;

/// An event with what is drawn for it.
struct Drawn {
    event: Event,
    sequence: u64,
    salt: Zeroizing<[u8; SALT_BYTES]>,
    seed: Zeroizing<[u8; 32]>,
}

impl ViewLog {
    /// Appends these events; durable together when it returns. Returns the last number.
    ///
    /// # Errors
    /// As [`ViewLog::append`]; none of them is in the log then.
    pub fn append_bulk(
        &mut self,
        mut events: impl Iterator<Item = Event>,
    ) -> Result<u64, LogError> {
        self.guarded(|log| {
            log.connection
                .pragma_update(None, "cache_size", CACHE_KIB)?;
            let transaction = log
                .connection
                .transaction_with_behavior(TransactionBehavior::Immediate)?;
            let tip = store::tip(&transaction)?.ok_or(LogError::Corrupt { sequence: None })?;
            if tip.segment != log.segment {
                return Err(LogError::OtherKeys);
            }
            let mut last = tip.sequence;
            loop {
                let mut piece = Vec::with_capacity(PIECE);
                for event in events.by_ref().take(PIECE) {
                    last += 1;
                    piece.push(Drawn {
                        event,
                        sequence: last,
                        salt: draw(&mut log.random)?,
                        seed: draw(&mut log.random)?,
                    });
                }
                if piece.is_empty() {
                    break;
                }
                for (canonical, salt) in composed(&piece, &log.keys, &log.key_ids, log.segment)? {
                    let before: Hash = store::chain_at(&transaction, canonical.seq - 1)?;
                    put(&transaction, &before, &canonical, salt)?;
                }
            }
            transaction.commit()?;
            log.still_there()?;
            Ok(last)
        })
    }
}

/// Each event as it is stored, in the order given.
fn composed<'a>(
    piece: &'a [Drawn],
    keys: &LogKeys,
    key_ids: &KeyIds,
    segment: u64,
) -> Result<Vec<(Canonical, &'a [u8])>, LogError> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let one = |drawn: &'a Drawn| {
        check(&drawn.event)?;
        let seed = drawn.seed.clone();
        let mut random: Random = Box::new(move |into| {
            for (into, byte) in into.iter_mut().zip(seed.iter()) {
                *into = *byte;
            }
            Ok(())
        });
        let secret = Secret::of(&drawn.event, || {
            Sealer::begin(&keys.organisation, Purpose::PersonalFields, &mut random)
        })?;
        let spot = Spot {
            segment,
            sequence: drawn.sequence,
        };
        let canonical = compose(&drawn.event, keys, key_ids, spot, None, secret)?;
        Ok((canonical, drawn.salt.as_slice()))
    };
    std::thread::scope(|scope| {
        let parts: Vec<_> = piece
            .chunks(piece.len().div_ceil(cores).max(1))
            .map(|part| scope.spawn(move || part.iter().map(one).collect::<Result<Vec<_>, _>>()))
            .collect();
        let mut all = Vec::with_capacity(piece.len());
        for part in parts {
            all.extend(part.join().unwrap_or(Err(LogError::Broken))?);
        }
        Ok(all)
    })
}
