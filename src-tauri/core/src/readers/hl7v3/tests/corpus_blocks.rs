//! The public building blocks, where they are: what each holds, and how each child answered.

use super::corpus::folder;
use super::{Whole, opened, read_all};
use crate::domain::state::StatementKind;
use crate::readers::link::link;
use crate::readers::{PartOutcome, Scope, SourceRecord};

fn read(path: &str) -> Option<(String, Whole)> {
    let text = std::fs::read_to_string(folder()?.join(path)).unwrap();
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned();
    let whole = read_all(&text, Scope::Full);
    assert_eq!(whole.coverage.lost, 0, "{path}");
    Some((text, whole))
}

/// Episodes, contacts, partial contacts, medication, measurements, laboratory, alerts, allergies,
/// contra-indications.
fn counts(record: &SourceRecord) -> [usize; 9] {
    [
        record.episodes.len(),
        record.contacts.len(),
        record.contacts.iter().map(|c| c.partials.len()).sum(),
        record.medication.len(),
        record.measurements.len(),
        record.laboratory.len(),
        record.alerts.len(),
        record.allergies.len(),
        record.contraindications.len(),
    ]
}

fn outcomes(text: &str) -> Vec<PartOutcome> {
    let opened = opened(text);
    opened.parts().iter().map(|p| p.outcome.clone()).collect()
}

#[test]
fn each_public_block_holds_what_it_holds_and_nothing_is_listed() {
    for (path, expected) in [
        (
            "acute-batch/test_cda_PS_SEH_of_AMBU_MAX_fixedDates.XML",
            [2, 4, 2, 3, 5, 2, 1, 1, 0],
        ),
        (
            "acute-batch/test_cda_PS_SEH_of_AMBU_LEEG_fixedDates.XML",
            [0; 9],
        ),
        ("acute-batch/onlyMeds.XML", [0, 0, 0, 3, 0, 0, 0, 0, 0]),
        ("acute-batch/no_data.XML", [0; 9]),
        (
            "batch-errors/999900456_Dijk_QURX113.xml",
            [0, 0, 0, 18, 0, 0, 0, 0, 0],
        ),
        ("batch-errors/999900444_Decker_QURX113-nf.xml", [0; 9]),
        (
            "building-blocks/alerts_REPC_IN990121NL_01.xml",
            [0, 0, 0, 0, 0, 0, 0, 0, 4],
        ),
        (
            "building-blocks/algemene_bepalingen_POOB_IN990003NL_01.xml",
            [0, 0, 0, 0, 24, 0, 0, 0, 0],
        ),
        (
            "building-blocks/allergieintoleranties_REPC_IN990131NL_02.xml",
            [0, 0, 0, 0, 0, 0, 0, 3, 0],
        ),
        (
            "building-blocks/allergieintoleranties_bundle_01.xml",
            [0, 0, 0, 0, 0, 0, 0, 2, 0],
        ),
        (
            "building-blocks/contactmomenten_PRPA_IN900350NL_01.xml",
            [0, 2, 0, 0, 0, 0, 0, 0, 0],
        ),
        (
            "building-blocks/contactverslag_REPC_IN990101NL_01.xml",
            [0, 2, 2, 0, 0, 0, 0, 0, 0],
        ),
        (
            "building-blocks/contactverslag_bundle_02_met_contacten.xml",
            [0, 18, 0, 0, 0, 0, 0, 0, 0],
        ),
        (
            "building-blocks/diagnostische_bepalingen_bundle_01.xml",
            [0, 0, 0, 0, 24, 5, 0, 0, 0],
        ),
        (
            "building-blocks/episodes_bundle_01.xml",
            [2, 0, 0, 0, 0, 0, 0, 0, 0],
        ),
        (
            "building-blocks/labbepalingen_POLB_IN364001NL03_01.xml",
            [0, 0, 0, 0, 0, 7, 0, 0, 0],
        ),
        (
            "building-blocks/medicatieafspraken_Kwalificatie.xml",
            [0, 0, 0, 7, 0, 0, 0, 0, 0],
        ),
        ("ica/REPC_EX000024NL_01.xml", [0, 0, 0, 0, 0, 0, 0, 3, 1]),
    ] {
        let Some((_, whole)) = read(path) else { return };
        let mut all = [0; 9];
        for record in &whole.records {
            for (sum, count) in all.iter_mut().zip(counts(record)) {
                *sum += count;
            }
            assert_eq!(record.unrecognised, [], "{path}");
        }
        assert_eq!(all, expected, "{path}");
    }
}

#[test]
fn each_child_answered_as_it_did() {
    use PartOutcome::{Delivered, MoreRemaining, NothingFound};
    let refused = || PartOutcome::Refused {
        code: "AUTERR_SWV_FALSE".to_owned(),
        organisation_ura: Some("00003232".to_owned()),
    };
    for (path, expected, fewer) in [
        ("acute-batch/no_data.XML", vec![], true),
        ("acute-batch/onlyMeds.XML", vec![Delivered], true),
        (
            "acute-batch/test_cda_PS_SEH_of_AMBU_LEEG_fixedDates.XML",
            vec![Delivered; 8],
            false,
        ),
        (
            "building-blocks/contactverslag_bundle_02_met_contacten.xml",
            vec![Delivered, NothingFound],
            false,
        ),
        (
            "building-blocks/allergieintoleranties_bundle_01.xml",
            vec![refused(), Delivered, Delivered],
            false,
        ),
        (
            "building-blocks/episodes_bundle_01.xml",
            vec![refused(), Delivered, Delivered],
            false,
        ),
        // Nothing found here, and one result left; one result of two, and none left: neither is whole.
        (
            "batch-errors/999900456_Dijk_QURX113.xml",
            vec![MoreRemaining, MoreRemaining],
            true,
        ),
        (
            "batch-errors/999900444_Decker_QURX113-nf.xml",
            vec![MoreRemaining],
            false,
        ),
    ] {
        let Some((text, _)) = read(path) else { return };
        assert_eq!(outcomes(&text), expected, "{path}");
        assert_eq!(opened(&text).is_fewer_than_announced(), fewer, "{path}");
    }
}

#[test]
fn the_fullest_batch_is_one_source_whose_entries_are_linked() {
    let path = "acute-batch/test_cda_PS_SEH_of_AMBU_MAX_fixedDates.XML";
    let Some((text, whole)) = read(path) else {
        return;
    };
    let opened = opened(&text);
    assert!(opened.parts().iter().all(|part| {
        part.patients == 1 && part.organisation_ura.as_deref() == Some("00001111")
    }));
    let mut findings = whole.findings;
    assert_eq!(findings, []);
    let mut record = SourceRecord::default();
    for part in whole.records {
        record.absorb(part);
    }
    link(&mut record, &mut findings);
    assert_eq!(counts(&record), [2, 2, 2, 3, 5, 2, 1, 1, 0]);
    assert!(
        record
            .contacts
            .iter()
            .all(|c| !c.referred_only && c.partials.len() == 1)
    );
    let back = &record.episodes[0];
    assert_eq!(
        back.problem_ids[0].extension.as_deref(),
        Some("ProbleemL03")
    );
    let lines = &record.contacts[0].partials[0].lines;
    assert_eq!(lines.len(), 4);
    assert!(lines.iter().all(|line| line.episodes == [back.key.clone()]));
    assert_eq!(back.lines.len(), 4);
    assert_eq!(
        record.alerts[0].references[0].target.as_ref(),
        Some(&back.key)
    );
    assert!(
        record
            .measurements
            .iter()
            .all(|m| m.references.iter().all(|r| r.target.is_some()))
    );
    // The batch refers to an episode that is closed, and to one that nobody sent.
    assert!(
        findings
            .iter()
            .all(|f| f.code == crate::domain::finding::FindingCode::DanglingReference)
    );
    let allergy = &record.allergies[0];
    assert_eq!(allergy.kind, StatementKind::Entry);
    let names: Vec<_> = allergy.details.iter().map(|d| d.name.as_str()).collect();
    for name in ["agent", "reaction", "criticality", "reporter"] {
        assert!(names.contains(&name), "{names:?}");
    }
}

#[test]
fn without_ica_the_fullest_batch_has_six_parts_and_no_word_of_them() {
    let path = "acute-batch/test_cda_PS_SEH_of_AMBU_MAX_fixedDates.XML";
    let Some((text, _)) = read(path) else { return };
    let whole = read_all(&text, Scope::WithoutIca);
    assert_eq!((whole.records.len(), whole.coverage.lost), (6, 0));
    let shown = whole.shown.to_string();
    for word in [
        "ADVIL",
        "MRSA",
        "dyspneu",
        "AllergieObs01",
        "REPC_IN990131NL",
    ] {
        assert!(text.contains(word) && !shown.contains(word), "{word}");
    }
}
