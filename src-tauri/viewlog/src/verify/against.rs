//! The entries held against what was signed: the checkpoints in the file, the keychain, the witness.

use std::cmp::Ordering;

use rusqlite::{Connection, OptionalExtension, Rows};

use super::fault::{Fault, FaultClass};
use super::known::Known;
use super::walk::Done;
use super::{Covered, RemarkClass};
use crate::checkpoint::{Checkpoint, NotACheckpoint};
use crate::checkpoint_key::KeychainCounter;
use crate::limits::CLOCK_TOLERANCE_MS;
use crate::note::Note;

pub(super) const CHECKPOINTS: &str = "SELECT number, size, note FROM checkpoint ORDER BY number";

/// Follows the walk: at each size that something was signed at, the tree must be the one signed.
pub(super) struct Against<'a> {
    /// `None` in a file of the first version, which had no checkpoints.
    rows: Option<Rows<'a>>,
    /// The checkpoint that the walk has not come to yet.
    next: Option<Checkpoint>,
    last: Option<Checkpoint>,
    keychain: Option<&'a KeychainCounter>,
    /// By size, those not yet come to last.
    witnessed: Vec<Witnessed<'a>>,
    come_to: usize,
    /// The largest size at which a root agreed: what was rewritten lies behind it.
    agreed: u64,
    any_witnessed: bool,
}

struct Witnessed<'a> {
    checkpoint: Checkpoint,
    text: &'a str,
}

impl<'a> Against<'a> {
    pub(super) fn new(rows: Option<Rows<'a>>, known: &'a Known) -> Result<Self, Fault> {
        let mut witnessed = Vec::with_capacity(known.witnessed.len());
        for note in &known.witnessed {
            let unreadable = Fault::new(FaultClass::Unreadable, None, "a witnessed note");
            let (Ok(checkpoint), Some(note)) = (Checkpoint::open(note), Note::parse(note)) else {
                return Err(unreadable);
            };
            let text = note.text;
            witnessed.push(Witnessed { checkpoint, text });
        }
        witnessed.sort_by_key(|witnessed| witnessed.checkpoint.size);
        let mut against = Self {
            rows,
            next: None,
            last: None,
            keychain: known.keychain.as_ref(),
            any_witnessed: !witnessed.is_empty(),
            witnessed,
            come_to: 0,
            agreed: 0,
        };
        against.advance()?;
        Ok(against)
    }

    /// After each entry.
    pub(super) fn entry(&mut self, done: &mut Done) -> Result<(), Fault> {
        if done.entries == 1 {
            self.of_this_log(done)?;
        }
        let (size, mut agreed) = (done.entries, false);
        while let Some(next) = self.next.take_if(|next| next.size == size) {
            self.checkpoint(&next, done)?;
            self.last = Some(next);
            self.advance()?;
            agreed = true;
        }
        while let Some(witnessed) = self
            .witnessed
            .get(self.come_to)
            .filter(|witnessed| witnessed.checkpoint.size == size)
        {
            let Checkpoint { root, chain, .. } = &witnessed.checkpoint;
            if *root != done.tree.root() || *chain != done.chain {
                return Err(self.resealed("before this size a witness saw other entries"));
            }
            self.come_to += 1;
            agreed = true;
        }
        if let Some(keychain) = self.keychain.filter(|keychain| keychain.size == size) {
            if keychain.root != done.tree.root() {
                return Err(self.resealed("the keychain remembers other entries"));
            }
            agreed = true;
        }
        if agreed {
            self.agreed = size;
        }
        Ok(())
    }

    /// After the last entry: what must be there and is not.
    pub(super) fn end(&self, connection: &Connection, done: &mut Done) -> Result<(), Fault> {
        let tail = |what| {
            let first = Some(done.entries + 1);
            Err(Fault::new(FaultClass::TailMissing, first, what))
        };
        if self.next.is_some() {
            return tail("a checkpoint covers more entries");
        }
        if self.witnessed.len() > self.come_to {
            return tail("a witness saw more entries");
        }
        let last = self.last.as_ref().map_or(0, |last| last.number);
        if let Some(keychain) = self.keychain {
            if keychain.size > done.entries {
                return tail("the keychain remembers more entries");
            }
            if keychain.number > last + 1 {
                let what = "the keychain remembers it, and it is not there";
                return Err(Fault::at_checkpoint(
                    FaultClass::TailMissing,
                    last + 1,
                    what,
                ));
            }
        }
        for Witnessed { checkpoint, text } in &self.witnessed {
            let number = checkpoint.number;
            if number > last {
                let what = "a witness saw it, and it is not there";
                return Err(Fault::at_checkpoint(
                    FaultClass::TailMissing,
                    last + 1,
                    what,
                ));
            }
            let stored: Option<String> = connection
                .query_row(
                    "SELECT note FROM checkpoint WHERE number = ?1",
                    [number],
                    |row| row.get(0),
                )
                .optional()
                .map_err(|error| Fault::of_sql(&error, None))?;
            let same =
                stored.is_some_and(|note| Note::parse(&note).is_some_and(|n| n.text == *text));
            if !same {
                let what = "a witness saw another one of this number";
                return Err(Fault::at_checkpoint(FaultClass::Resealed, number, what));
            }
        }
        done.checkpoint = self.last.as_ref().map(Covered::of);
        done.witnessed = self.witnessed.last().map(|w| Covered::of(&w.checkpoint));
        Ok(())
    }

    fn of_this_log(&mut self, done: &Done) -> Result<(), Fault> {
        self.witnessed.retain(|w| w.checkpoint.log == done.log);
        if self.any_witnessed && self.witnessed.is_empty() {
            return Err(self.resealed("no witnessed note is of this log"));
        }
        Ok(())
    }

    /// A checkpoint at the size it speaks of.
    fn checkpoint(&self, checkpoint: &Checkpoint, done: &mut Done) -> Result<(), Fault> {
        if checkpoint.log != done.log {
            return Err(self.resealed("its checkpoint is of another log"));
        }
        if checkpoint.root != done.tree.root() || checkpoint.chain != done.chain {
            return Err(self.resealed("up to the next checkpoint the entries are not those signed"));
        }
        if let Some(last) = &self.last
            && last.next != checkpoint.key
        {
            if done.keychain_lost <= last.size {
                return Err(
                    self.resealed("its checkpoint is signed with a key that nobody announced")
                );
            }
            done.remark(RemarkClass::KeychainLost, done.keychain_lost);
        }
        if let Some(keychain) = self.keychain {
            let signed_by_other = match keychain.number.cmp(&checkpoint.number) {
                Ordering::Equal => checkpoint.key != keychain.public_key,
                // A key that begins after a lost keychain was not announced.
                Ordering::Greater if keychain.number == checkpoint.number + 1 => {
                    checkpoint.size != keychain.size
                        || (checkpoint.next != keychain.public_key && !keychain.fresh)
                }
                _ => false,
            };
            if signed_by_other {
                return Err(self.resealed("its checkpoint is not signed with the keychain's key"));
            }
        }
        if let Some((at, sequence)) = done.latest.take()
            && is_later(&at, &checkpoint.at)
        {
            done.remark(RemarkClass::ClockAhead, sequence);
        }
        Ok(())
    }

    /// Reads the next row: what it says of itself must hold, whatever the entries say.
    fn advance(&mut self) -> Result<(), Fault> {
        let (last, size) = self.last.as_ref().map_or((0, 0), |l| (l.number, l.size));
        let number = last + 1;
        let Some(rows) = self.rows.as_mut() else {
            return Ok(());
        };
        let fault = |what| Fault::at_checkpoint(FaultClass::Checkpoint, number, what);
        let sql = |error: rusqlite::Error| match Fault::of_sql(&error, None) {
            Fault {
                class: FaultClass::Altered,
                ..
            } => fault("the type of a column"),
            other => other,
        };
        let Some(row) = rows.next().map_err(sql)? else {
            return Ok(());
        };
        if row.get::<_, u64>(0).ok() != Some(number) {
            return Err(fault("it is missing, and a later one is there"));
        }
        let note: String = row.get(2).map_err(sql)?;
        let checkpoint = Checkpoint::open(&note).map_err(|why| match why {
            NotACheckpoint::Form => fault("its note"),
            NotACheckpoint::Signature => fault("its signature"),
        })?;
        // Of several spellings of a note the log writes one.
        let plain = Note::parse(&note).is_some_and(|note| note.has_one_signature());
        if !plain || checkpoint.number != number {
            return Err(fault("its number or its signatures"));
        }
        if row.get::<_, u64>(1).ok() != Some(checkpoint.size) || checkpoint.size <= size {
            return Err(fault("its size"));
        }
        self.next = Some(checkpoint);
        Ok(())
    }

    /// Somewhere behind the last size that agreed.
    const fn resealed(&self, what: &'static str) -> Fault {
        Fault::new(FaultClass::Resealed, Some(self.agreed + 1), what)
    }
}

/// Whether one time is later than another by more than clocks may differ.
pub(super) fn is_later(at: &str, than: &str) -> bool {
    let parse = |at: &str| chrono::DateTime::parse_from_rfc3339(at).ok();
    // Of fixed width: text order is time order.
    at > than
        && matches!((parse(at), parse(than)), (Some(at), Some(than))
            if (at - than).num_milliseconds() > CLOCK_TOLERANCE_MS)
}
