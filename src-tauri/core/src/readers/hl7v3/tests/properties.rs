//! What holds for every message.

use proptest::prelude::*;

use super::generate::{ICA_WORD, Piece, message};
use super::generate_blocks::{blocks, statements, text as text_of};
use super::read_all;
use crate::domain::finding::FindingCode;
use crate::readers::hl7v3::{open, read};
use crate::readers::limits::scan;
use crate::readers::link::link;
use crate::readers::{Profile, Scope, SourceRecord};

/// Scans, opens and reads whatever this is.
fn read_anything(bytes: &[u8]) {
    let profile = Profile::training();
    let Ok(text) = scan(bytes) else { return };
    let Ok(opened) = open(text, &profile) else {
        return;
    };
    for scope in [Scope::Full, Scope::WithoutIca] {
        let _ = opened.envelope("s");
        for part in 0..=opened.parts().len() {
            let _ = read(&opened, part, scope, "s", &profile);
            let _ = opened.ica_ranges(part);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn a_message_read_without_ica_is_the_message_that_never_had_them(message in message()) {
        let with = message.text(true);
        let without = message.text(false);
        let read = read_all(&with, Scope::WithoutIca);
        let of_cut = read_all(&without, Scope::WithoutIca);
        let of_cut_in_full = read_all(&without, Scope::Full);
        prop_assert!(!read.shown.to_string().contains(ICA_WORD));
        prop_assert_eq!(&read.records, &of_cut.records);
        prop_assert_eq!(&read.findings, &of_cut.findings);
        prop_assert_eq!(&read.shown, &of_cut.shown);
        prop_assert_eq!(read.coverage, of_cut.coverage);
        prop_assert_eq!(&of_cut.records, &of_cut_in_full.records);
        prop_assert_eq!(of_cut.coverage, of_cut_in_full.coverage);
    }

    #[test]
    fn no_leaf_of_a_message_is_lost(message in message()) {
        for (ica, scope) in [(true, Scope::Full), (true, Scope::WithoutIca), (false, Scope::Full)] {
            let counts = read_all(&message.text(ica), scope).coverage;
            prop_assert_eq!(counts.lost, 0);
            prop_assert_eq!(counts.leaves, counts.shown + counts.used + counts.listed);
        }
    }

    #[test]
    fn every_ica_piece_becomes_a_statement(message in message()) {
        let record = read_all(&message.text(true), Scope::Full).records.pop().unwrap();
        let pieces = message.pieces.iter().filter(|piece| match piece {
            Piece::ContraIndication { .. } | Piece::Intolerance { .. } | Piece::AlertWithoutEpisode => true,
            Piece::Measurement { ica, .. } => *ica,
            Piece::Episode { ica_reason, .. } => *ica_reason,
            Piece::Contact { ica_diagnosis, .. } => *ica_diagnosis,
            Piece::Unknown { ica_inside, .. } => *ica_inside,
            _ => false,
        });
        prop_assert_eq!(record.contraindications.len() + record.allergies.len(), pieces.count());
    }

    #[test]
    fn a_batch_read_without_ica_is_the_batch_that_never_had_them(blocks in blocks()) {
        let with = text_of(&blocks, true);
        let without = text_of(&blocks, false);
        let read = read_all(&with, Scope::WithoutIca);
        let of_cut = read_all(&without, Scope::WithoutIca);
        let of_cut_in_full = read_all(&without, Scope::Full);
        prop_assert!(!read.shown.to_string().contains(ICA_WORD));
        prop_assert_eq!(&read.records, &of_cut.records);
        prop_assert_eq!(&read.findings, &of_cut.findings);
        prop_assert_eq!(&read.shown, &of_cut.shown);
        prop_assert_eq!(read.coverage, of_cut.coverage);
        prop_assert_eq!(&of_cut.records, &of_cut_in_full.records);
        let headers = |text: &str| {
            super::opened(text)
                .parts()
                .iter()
                .filter(|part| !part.whole_ica)
                .map(|part| (part.outcome_without_ica.clone(), part.has_content_without_ica, part.bsns_without_ica.clone(), part.unidentified_without_ica))
                .collect::<Vec<_>>()
        };
        prop_assert_eq!(headers(&with), headers(&without));
    }

    #[test]
    fn no_leaf_of_a_batch_is_lost_and_every_ica_in_it_is_a_statement(blocks in blocks()) {
        let text = text_of(&blocks, true);
        for scope in [Scope::Full, Scope::WithoutIca] {
            let counts = read_all(&text, scope).coverage;
            prop_assert_eq!(counts.lost, 0);
            prop_assert_eq!(counts.leaves, counts.shown + counts.used + counts.listed);
        }
        let mut record = SourceRecord::default();
        let whole = read_all(&text, Scope::Full);
        for part in whole.records {
            record.absorb(part);
        }
        let mut findings = whole.findings;
        link(&mut record, &mut findings);
        let found = record.allergies.len() + record.contraindications.len();
        prop_assert!(found >= statements(&blocks));
    }

    #[test]
    fn a_batch_with_any_byte_changed_is_answered_without_panic(blocks in blocks(), at in any::<usize>(), to in any::<u8>()) {
        let mut bytes = text_of(&blocks, true).into_bytes();
        let at = at % bytes.len();
        bytes[at] = to;
        read_anything(&bytes);
    }

    #[test]
    fn any_bytes_are_answered_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        read_anything(&bytes);
    }

    #[test]
    fn a_message_with_any_byte_changed_is_answered_without_panic(message in message(), at in any::<usize>(), to in any::<u8>()) {
        let mut bytes = message.text(true).into_bytes();
        let at = at % bytes.len();
        bytes[at] = to;
        read_anything(&bytes);
    }

    #[test]
    fn a_message_cut_off_anywhere_is_not_well_formed(message in message(), at in 0_usize..97) {
        let text = message.text(true);
        for end in (at..text.len()).step_by(97) {
            let bytes = text.as_bytes().get(..end).unwrap();
            match scan(bytes).map(|text| open(text, &Profile::training()).map(|_| ())) {
                Err(unreadable) | Ok(Err(unreadable)) => {
                    let code = unreadable.finding.code;
                    // Inside a character the bytes are no UTF-8 either.
                    prop_assert!(matches!(code, FindingCode::NotWellFormed | FindingCode::BadEncoding));
                }
                Ok(Ok(())) => prop_assert!(false, "a message that was cut off was accepted"),
            }
        }
    }
}
