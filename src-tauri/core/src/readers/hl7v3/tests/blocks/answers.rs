//! How a child of a batch answered: acknowledgement, query response, errors, restriction, what remains.

use super::{PATIENT, answered, around, block, component};
use crate::domain::finding::FindingCode;
use crate::domain::summary::SectionKind;
use crate::readers::hl7v3::tests::generate::batch;
use crate::readers::hl7v3::tests::{opened, read_all};
use crate::readers::{PartHeader, PartOutcome, Scope, TRAINING_RESTRICTION_ERROR};

const OK: &str = "<queryAck><queryResponseCode code='OK'/></queryAck>";
const NF: &str = "<queryAck><queryId extension='q' root='1'/><queryResponseCode code='NF'/><resultTotalQuantity value='0'/>\
     <resultCurrentQuantity value='0'/><resultRemainingQuantity value='0'/></queryAck>";

fn header(text: &str) -> PartHeader {
    opened(text).parts()[0].clone()
}

fn acknowledged(kind: &str, inside: &str) -> String {
    format!("<acknowledgement typeCode='{kind}'>{inside}</acknowledgement>")
}

fn detail(kind: &str, code: &str) -> String {
    format!(
        "<acknowledgementDetail typeCode='{kind}'><code code='{code}'/><text>Patiënt 999900006 (URA: 3232)</text></acknowledgementDetail>"
    )
}

fn issue(code: &str) -> String {
    format!(
        "<reasonOf><justifiedDetectedIssue><code code='{code}' codeSystem='2.16.840.1.113883.2.4.6.6.1.1000' displayName='Afgeschermd'/>\
         </justifiedDetectedIssue></reasonOf>"
    )
}

#[test]
fn an_error_code_counts_whatever_its_type_says() {
    for code in [
        "AUTERR_MEDISCH",
        "AUTERR_SWV_FALSE",
        "NOSTORE",
        "RTUDEST",
        "KEY204",
        "QABRTITI",
        "SYN105",
        "auterr_confrcv",
    ] {
        for kind in ["W", "I", "E"] {
            let text = answered(
                "POOB_IN990003NL",
                &acknowledged("AA", &detail(kind, code)),
                OK,
            );
            let outcome = header(&text).outcome;
            assert_eq!(
                outcome,
                PartOutcome::Unknown {
                    code: code.to_owned()
                },
                "{kind} {code}"
            );
        }
    }
    let remark = answered(
        "POOB_IN990003NL",
        &acknowledged("AA", &detail("I", "OPMERKING")),
        OK,
    );
    assert_eq!(header(&remark).outcome, PartOutcome::Delivered);
}

#[test]
fn nothing_found_beside_which_something_remains_is_incomplete() {
    let text = answered(
        "QURX_IN990113NL",
        &acknowledged("AA", ""),
        &NF.replace(
            "<resultRemainingQuantity value='0'/>",
            "<resultRemainingQuantity value='2'/>",
        ),
    );
    assert_eq!(header(&text).outcome, PartOutcome::MoreRemaining);
    let text = answered("QURX_IN990113NL", &acknowledged("AA", ""), NF);
    assert_eq!(header(&text).outcome, PartOutcome::NothingFound);
}

#[test]
fn what_the_patient_restricted_looks_exactly_like_nothing_found() {
    let nothing = answered("POOB_IN990003NL", &acknowledged("AA", ""), NF);
    let code = TRAINING_RESTRICTION_ERROR;
    let refused = NF.replace("'NF'", "'AE'");
    let restricted = [
        answered(
            "POOB_IN990003NL",
            &acknowledged("AE", &detail("E", code)),
            &refused,
        ),
        answered(
            "POOB_IN990003NL",
            &acknowledged("AA", &detail("W", code)),
            NF,
        ),
        answered(
            "POOB_IN990003NL",
            &acknowledged("AE", ""),
            &format!(
                "<text>de patiënt wil het niet</text>{}{refused}",
                issue(code)
            ),
        ),
        answered(
            "POOB_IN990003NL",
            &acknowledged("AR", ""),
            &format!(
                "{}{}",
                issue(&code.to_lowercase()),
                NF.replace("'NF'", "'QE'").replace("value='0'", "value='3'")
            ),
        ),
        answered(
            "POOB_IN990003NL",
            &acknowledged("AE", &(detail("E", code) + &detail("I", "UITLEG"))),
            &refused,
        ),
    ];
    for text in restricted {
        for scope in [Scope::Full, Scope::WithoutIca] {
            let whole = read_all(&text, scope);
            let found = read_all(&nothing, scope);
            assert_eq!(whole.records, found.records, "{text}");
            assert_eq!(whole.findings, found.findings);
            assert_eq!(whole.shown, found.shown);
            assert_eq!(whole.coverage.lost, 0);
            assert_eq!(whole.coverage.listed, 0);
        }
        let outcome = header(&text).outcome;
        assert_eq!(outcome, PartOutcome::NothingFound);
        assert_eq!(header(&text), header(&nothing));
    }
}

#[test]
fn a_restriction_beside_another_error_leaves_only_the_other() {
    let code = TRAINING_RESTRICTION_ERROR;
    let refused = |reasons: &str| {
        answered(
            "POOB_IN990003NL",
            &acknowledged("AE", ""),
            &format!("{reasons}<queryAck><queryResponseCode code='AE'/></queryAck>"),
        )
    };
    let alone = refused(&issue("AUTERR_SWV_FALSE"));
    for both in [
        issue("AUTERR_SWV_FALSE") + &issue(code),
        issue(code) + &issue("AUTERR_SWV_FALSE"),
    ] {
        let both = refused(&both);
        assert_eq!(header(&both), header(&alone));
        assert_eq!(
            read_all(&both, Scope::Full).shown,
            read_all(&alone, Scope::Full).shown
        );
    }
}

#[test]
fn a_restriction_beside_what_was_delivered_leaves_what_was_delivered() {
    let entry = component(
        "<observation classCode='OBS' moodCode='EVN'><code code='1' codeSystem='1.2'/></observation>",
    );
    let plain = block("POOB_IN990003NL", &entry);
    let text = plain.replace(
        "<queryAck>",
        &(issue(TRAINING_RESTRICTION_ERROR) + "<queryAck>"),
    );
    assert_eq!(header(&text), header(&plain));
    assert_eq!(
        read_all(&text, Scope::Full).shown,
        read_all(&plain, Scope::Full).shown
    );
}

#[test]
fn a_batch_that_failed_as_a_whole_is_incomplete_and_one_that_was_restricted_is_not() {
    let with = |acknowledgement: &str| {
        batch(0, "").replace(
            "<transmissionQuantity",
            &format!("{acknowledgement}<transmissionQuantity"),
        )
    };
    for failed in [
        acknowledged("AE", ""),
        acknowledged("AR", &detail("E", "NOSTORE")),
        acknowledged("AA", &detail("W", "AUTERR_SWV_FALSE")),
        acknowledged("XX", ""),
    ] {
        let text = with(&failed);
        assert!(opened(&text).is_fewer_than_announced(), "{failed}");
        let whole = read_all(&text, Scope::Full);
        assert!(
            whole
                .findings
                .iter()
                .any(|f| f.code == FindingCode::SourceError)
        );
        assert_eq!(whole.coverage.lost, 0);
        assert!(!whole.shown.to_string().contains("999900006"));
    }
    for whole in [
        acknowledged("AA", ""),
        acknowledged("AE", &detail("E", TRAINING_RESTRICTION_ERROR)),
    ] {
        assert!(!opened(&with(&whole)).is_fewer_than_announced(), "{whole}");
    }
}

#[test]
fn a_frame_without_components_has_no_content() {
    for interaction in ["REPC_IN990111NL", "POLB_IN364000NL", "REPC_IN990121NL"] {
        let empty = block(interaction, "<participant typeCode='CST'/>");
        assert!(!header(&empty).has_content, "{interaction}");
        assert!(header(&block(interaction, "<component/>")).has_content);
        assert!(header(&block(interaction, "<text>hoest</text>")).has_content);
        assert!(header(&block(interaction, "hoest")).has_content);
    }
    let list = around(
        "QURX_IN990113NL",
        "<subject><MedicationDispenseList><code code='MEDLIST'/><subject><Patient/></subject></MedicationDispenseList></subject>",
    );
    assert!(!header(&list).has_content);
    assert!(
        header(&list.replace(
            "</MedicationDispenseList>",
            "<component/></MedicationDispenseList>"
        ))
        .has_content
    );
}

#[test]
fn the_patient_of_a_block_is_who_its_record_names() {
    let entry = component(
        "<observation classCode='OBS' moodCode='EVN'><code code='1' codeSystem='1.2'/></observation>",
    );
    let text = block("POOB_IN990003NL", &entry);
    let own = header(&text);
    assert_eq!(
        (own.bsns.as_slice(), own.patients),
        (["999900006".to_owned()].as_slice(), 1)
    );
    assert_eq!(own.birth_dates, ["19800102"]);
    assert!(!own.unidentified);
    let nobody = header(&text.replace(PATIENT, ""));
    assert!(nobody.unidentified && nobody.bsns.is_empty());
    let other = PATIENT.replace("999900006", "900186021");
    let two = header(&text.replace(PATIENT, &(PATIENT.to_owned() + &other)));
    assert_eq!(two.patients, 2);
    let local = PATIENT.replace("2.16.840.1.113883.2.4.6.3", "1.2.3");
    let beside = header(&text.replace(
        PATIENT,
        &(PATIENT.to_owned() + &local.replace("999900006", "7")),
    ));
    assert_eq!(beside.bsns, ["999900006", "7"]);
    let informant = "<informant><relatedEntity><id extension='123456782' root='2.16.840.1.113883.2.4.6.3'/></relatedEntity></informant>";
    assert_eq!(
        header(&text.replace("<code code='1'", &(informant.to_owned() + "<code code='1'")))
            .patients,
        1
    );
    let short =
        PATIENT.replace("999900006", "012345672") + &PATIENT.replace("999900006", "12345672");
    assert_eq!(header(&text.replace(PATIENT, &short)).patients, 1);
}

#[test]
fn the_holder_of_a_record_is_its_organisation_where_nothing_else_names_one() {
    let holder = "<participant typeCode='CST'><participantRole classCode='ASSIGNED'><id extension='1111' root='2.16.528.1.1007.3.3'/>\
         <scopingEntity classCode='ORG'><desc>Praktijk A</desc></scopingEntity></participantRole></participant>";
    let text = block("REPC_IN990111NL", holder);
    let own = header(&text);
    assert_eq!(own.organisation_ura.as_deref(), Some("00001111"));
    assert_eq!(own.organisation_name.as_deref(), Some("Praktijk A"));
    let device = "<authorOrPerformer typeCode='AUT'><participant><AssignedDevice><Organization><id extension='000002222' root='2.16.528.1.1007.3.3'/>\
         <name>Praktijk B</name></Organization></AssignedDevice></participant></authorOrPerformer>";
    let named = header(&text.replace("<subject>", &(device.to_owned() + "<subject>")));
    assert_eq!(named.organisation_ura.as_deref(), Some("00002222"));
    assert_eq!(named.organisation_name.as_deref(), Some("Praktijk B"));
}

#[test]
fn each_interaction_fills_its_sections() {
    for (interaction, sections) in [
        ("REPC_IN990111NL", vec![SectionKind::Episodes]),
        ("REPC_IN990101NL", vec![SectionKind::Contacts]),
        ("POLB_IN364000NL", vec![SectionKind::Laboratory]),
        ("QURX_IN990003NL02", vec![SectionKind::Medication]),
        (
            "REPC_IN990121NL",
            vec![SectionKind::Contraindications, SectionKind::Alerts],
        ),
        (
            "REPC_IN000016NL",
            vec![SectionKind::Allergies, SectionKind::Contraindications],
        ),
    ] {
        assert_eq!(
            header(&block(interaction, "")).sections,
            sections,
            "{interaction}"
        );
    }
}
