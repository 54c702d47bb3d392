//! Single bits of the file.

use std::path::Path;

use super::checkpoints::{AT, Keychain, more};
use super::{BSN, Choice, bsn, campaign, lookup, open, place, raw, small_log};
use crate::canonical::Canonical;
use crate::{FaultClass, LOG_FILE, LogReader, OpenedAt, Retention, Verified, verify};

/// Everything the log says, to anyone who asks it.
fn says(folder: &Path, verified: &Verified) -> String {
    let reader = LogReader::open(folder).unwrap();
    format!(
        "{verified:?} {:?} {:?} {:?} {:?} {:?}",
        reader.entries(1, 1_000).unwrap(),
        reader.segments().unwrap(),
        reader.find_patient(&bsn(BSN), &[lookup(2)]).unwrap(),
        reader.counts().unwrap(),
        notes(folder),
    )
}

fn notes(folder: &Path) -> Vec<String> {
    let connection = raw(folder);
    let mut statement = connection
        .prepare("SELECT note FROM checkpoint ORDER BY number")
        .unwrap();
    let notes = statement.query_map([], |row| row.get(0)).unwrap();
    notes.map(Result::unwrap).collect()
}

struct Flipped {
    folder: tempfile::TempDir,
    whole: Vec<u8>,
}

impl Flipped {
    fn new() -> Self {
        Self::signed(|_, _| ())
    }

    /// A log under three checkpoints, and whatever else is done to it.
    fn signed(then: impl FnOnce(&Path, &mut Keychain)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut keychain = Keychain::default();
        for _ in 0..3 {
            small_log(folder.path(), 4);
            let (mut log, _) = open(folder.path());
            log.checkpoint(&mut keychain, AT).unwrap().unwrap();
        }
        then(folder.path(), &mut keychain);
        let whole = std::fs::read(folder.path().join(LOG_FILE)).unwrap();
        Self { folder, whole }
    }

    /// As [`Self::new`], with the content of its first entries expired.
    fn expired() -> Self {
        Self::signed(|folder, keychain| {
            let now = OpenedAt {
                at: "2031-12-01T12:00:00.000Z".into(),
                place: place(),
            };
            let (mut log, _) = open(folder);
            more(&mut log, 1);
            log.checkpoint(keychain, &now.at).unwrap().unwrap();
            let expiry = log.expire(Retention::default(), &now, 7).unwrap();
            assert_eq!((expiry.last, expiry.erased), (7, true));
        })
    }

    /// The same log in a folder of its own, for a thread of its own.
    fn again(&self) -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            whole: self.whole.clone(),
        }
    }

    /// Without what a split page leaves behind in unused space.
    fn packed() -> Self {
        let folder = tempfile::tempdir().unwrap();
        small_log(folder.path(), 12);
        let packed = folder.path().join("packed");
        raw(folder.path())
            .execute("VACUUM INTO ?1", [packed.to_str()])
            .unwrap();
        let whole = std::fs::read(packed).unwrap();
        Self { folder, whole }
    }

    fn write(&self, at: usize, bit: u8) {
        for leftover in ["viewlog.sqlite-wal", "viewlog.sqlite-shm"] {
            let _ = std::fs::remove_file(self.folder.path().join(leftover));
        }
        let mut bytes = self.whole.clone();
        bytes[at] ^= bit;
        std::fs::write(self.folder.path().join(LOG_FILE), bytes).unwrap();
    }
}

#[test]
fn a_flipped_bit_anywhere_is_found_or_changes_nothing_the_log_says() {
    flip_anywhere(&Flipped::new());
}

#[test]
fn a_flipped_bit_after_an_expiry_is_found_or_changes_nothing_the_log_says() {
    flip_anywhere(&Flipped::expired());
}

/// In an ordinary run only one of so many, another one of each byte.
#[test]
fn every_flipped_bit_of_a_small_log_is_found_or_changes_nothing_the_log_says() {
    let step = campaign("INZAGE_BITS_APART", 509) as usize;
    let flipped = Flipped::packed();
    flipped.write(0, 0);
    let before = says(
        flipped.folder.path(),
        &verify(flipped.folder.path()).unwrap(),
    );
    let bits = flipped.whole.len() * 8;
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let counted = std::thread::scope(|scope| {
        let one = |first: usize| {
            let (flipped, before) = (flipped.again(), &before);
            scope.spawn(move || {
                let folder = flipped.folder.path();
                let mut counted = [0_u32; 2];
                for bit in (first * step..bits).step_by(threads * step) {
                    flipped.write(bit / 8, 1 << (bit % 8));
                    let verified = verify(folder);
                    counted[usize::from(verified.is_ok())] += 1;
                    if let Ok(verified) = verified {
                        assert_eq!(says(folder, &verified), *before, "bit {bit}");
                    }
                }
                counted
            })
        };
        let all: Vec<_> = (0..threads).map(one).collect();
        all.into_iter()
            .map(|one| one.join().unwrap())
            .fold([0, 0], |[f, h], [found, harmless]| {
                [f + found, h + harmless]
            })
    });
    let [found, harmless] = counted;
    println!("{bits} bits, every {step}th of them: {found} found, {harmless} change nothing");
    // Most of so small a file is room that nothing stands in yet.
    assert!(
        found > harmless / 4 && harmless > 0,
        "{found} found, {harmless} harmless"
    );
}

fn flip_anywhere(flipped: &Flipped) {
    let folder = flipped.folder.path();
    let before = says(folder, &verify(folder).unwrap());
    let mut choice = Choice(0x0bad_5eed_0bad_5eed);
    let (mut found, mut harmless) = (0, 0);
    // The header and the schema whole, where a bit means most; the rest by chance.
    let everywhere = (0..campaign("INZAGE_FLIPS", 800))
        .map(|_| choice.below(flipped.whole.len() as u64) as usize)
        .collect::<Vec<_>>();
    for at in (0..128).chain(everywhere) {
        let bit = 1 << choice.below(8);
        flipped.write(at, bit);
        match verify(folder) {
            Err(_) => found += 1,
            Ok(verified) => {
                harmless += 1;
                assert_eq!(says(folder, &verified), before, "byte {at}, bit {bit:#04x}");
            }
        }
    }
    assert!(
        found > 200 && harmless > 0,
        "{found} found, {harmless} harmless: a test of nothing"
    );
}

#[test]
fn every_flipped_byte_of_a_checkpoint_is_found_at_that_checkpoint() {
    let flipped = Flipped::new();
    let note = notes(flipped.folder.path()).swap_remove(1);
    let start = flipped
        .whole
        .windows(note.len())
        .rposition(|window| window == note.as_bytes())
        .unwrap();
    for at in start..start + note.len() {
        flipped.write(at, 1 << (at % 8));
        let fault = verify(flipped.folder.path()).expect_err("a flipped byte of a note");
        // A byte with the highest bit set makes the text another than SQLite takes for text.
        assert_eq!(
            (fault.class, fault.checkpoint),
            (FaultClass::Checkpoint, Some(2)),
            "byte {}: {fault}",
            at - start
        );
    }
}

#[test]
fn every_flipped_byte_of_an_entry_is_found_at_that_entry() {
    let flipped = Flipped::packed();
    let (number, start, end) = (2..=13)
        .find_map(|number| in_one_piece(&flipped.whole, number))
        .unwrap();
    for at in start - crate::limits::SALT_BYTES..end {
        flipped.write(at, 1 << (at % 8));
        let fault = verify(flipped.folder.path());
        let fault = fault.expect_err(&format!("byte {at} of {start}..{end}"));
        // A changed number makes it look like another entry.
        let expected = matches!(
            fault.class,
            FaultClass::Altered | FaultClass::Missing | FaultClass::Repeated
        );
        let named = fault.sequence == Some(number) || fault.class == FaultClass::Repeated;
        assert!(expected && named, "byte {}: {fault}", at - start);
    }
}

/// An entry that does not go on in an overflow page: number, start and end in
/// the file. The last copy is the one in use: the first page of a table keeps a
/// stale copy of what it held before it got pages below it.
fn in_one_piece(file: &[u8], number: u64) -> Option<(u64, usize, usize)> {
    let last_of = |text: &str| file.windows(text.len()).rposition(|w| w == text.as_bytes());
    let start = last_of(&format!("{{\"v\":1,\"seq\":{number},"))?;
    let last = "\"lookup_key\":\"0123456789abcdef\"}";
    let rest = file.get(start..)?;
    let length = rest.windows(14).position(|w| w == &last.as_bytes()[..14])? + last.len();
    let entry = Canonical::decode(rest.get(..length)?).ok()?;
    (entry.seq == number).then_some((number, start, start + length))
}

#[test]
fn a_truncated_file_is_found_at_any_length() {
    let flipped = Flipped::new();
    let folder = flipped.folder.path();
    for pages in 0..flipped.whole.len() / 4096 {
        for length in [pages * 4096, pages * 4096 + 1_234] {
            std::fs::write(folder.join(LOG_FILE), &flipped.whole[..length]).unwrap();
            assert!(verify(folder).is_err(), "cut to {length} bytes");
        }
    }
}
