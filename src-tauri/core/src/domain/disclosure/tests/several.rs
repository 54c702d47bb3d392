//! Several messages, several sources: each answers for itself, and for the sections it would fill.

use super::*;
use crate::domain::summary::SectionKind;
use crate::domain::summary::document::DuplicateBy;
use crate::readers::MarkerElement;

/// A message without content: an interaction with what it answered.
fn answered(interaction: &str, ura: &str, kind: &str, response: &str, error: &str) -> String {
    let reason = if error.is_empty() {
        String::new()
    } else {
        format!(
            r#"<reasonOf><justifiedDetectedIssue><code code="{error}" codeSystem="2.16.840.1.113883.2.4.6.6.1.1000"/></justifiedDetectedIssue></reasonOf>"#
        )
    };
    format!(
        r#"<{interaction} xmlns="urn:hl7-org:v3"><acknowledgement typeCode="{kind}"/><sender><device><id extension="{ura}" root="2.16.840.1.113883.2.4.6.6"/></device></sender><ControlActProcess moodCode="EVN"><authorOrPerformer typeCode="AUT"><participant><AssignedDevice><Organization><id extension="{ura}" root="2.16.528.1.1007.3.3"/><name>Praktijk {ura}</name></Organization></AssignedDevice></participant></authorOrPerformer>{reason}<queryAck><queryResponseCode code="{response}"/></queryAck></ControlActProcess></{interaction}>"#
    )
}

fn batch_of(announced: usize, children: &[String]) -> String {
    format!(
        r#"<MCCI_IN200101 xmlns="urn:hl7-org:v3"><transmissionQuantity value="{announced}"/>{}</MCCI_IN200101>"#,
        children.concat()
    )
}

#[test]
fn what_failed_belongs_to_the_sections_it_would_have_filled() {
    let children = [
        PLAIN.body(),
        answered("POLB_IN364001NL03", PLAIN.ura, "AE", "AE", "QABRTITI"),
    ];
    let shown = summary(prepared(batch_of(2, &children), false));
    let source = &shown.sources[0];
    assert_eq!(source.parts.len(), 2);
    assert_eq!(source.parts[0].delivery, Delivery::Delivered);
    assert_eq!(
        (&source.parts[1].sections, &source.parts[1].delivery),
        (
            &vec![SectionKind::Laboratory],
            &Delivery::RefusedBySource {
                code: "QABRTITI".to_owned(),
                organisation_ura: None
            }
        )
    );
    assert_eq!(shown.allergies.state, Some(State::Known));
    assert!(!shown.complete, "the whole is not complete");
}

#[test]
fn a_failed_allergy_message_leaves_the_allergies_incomplete() {
    let children = [
        answered("REPC_IN990131NL", PLAIN.ura, "AE", "AE", "QABRTITI"),
        Message {
            ica: false,
            ..PLAIN
        }
        .body(),
    ];
    let shown = summary(prepared(batch_of(2, &children), false));
    assert_eq!(shown.allergies.state, Some(State::Incomplete));
}

#[test]
fn a_source_that_would_not_have_told_of_allergies_says_nothing_about_them() {
    let pharmacy = answered("QURX_IN990113NL", "90000777", "AA", "NF", "");
    let delivered = answered("POOB_IN990003NL", "90000777", "AA", "OK", "");
    let shown = summary(prepared(
        batch_of(3, &[PLAIN.body(), pharmacy, delivered]),
        false,
    ));
    let of_allergies: Vec<&str> = shown
        .allergies
        .per_source
        .iter()
        .map(|one| one.source.as_str())
        .collect();
    assert_eq!(of_allergies, ["s1.1"]);
    assert_eq!(shown.allergies.state, Some(State::Known));
}

#[test]
fn a_batch_that_announces_more_than_it_holds_is_incomplete_in_every_part() {
    let child = answered("POOB_IN990003NL", PLAIN.ura, "AA", "OK", "");
    let shown = summary(prepared(batch_of(8, &[child]), false));
    for part in [
        shown.allergies,
        shown.contraindications,
        shown.treatment_limits,
    ] {
        assert_eq!(part.state, Some(State::Incomplete));
    }
}

#[test]
fn sources_that_disagree_about_the_birth_date_are_none_of_them_shown() {
    let other = Message {
        born: "19620101",
        ura: "90000999",
        ..PLAIN
    };
    let in_one_batch = prepared(batch(&[PLAIN, other.clone()]), false);
    let in_two_answers = prepare(
        &asked(),
        vec![received("s1", PLAIN.body()), received("s2", other.body())],
        &circumstances(false),
        &Profile::training(),
        [7; 32],
    );
    for prepared in [in_one_batch, in_two_answers] {
        assert_eq!(prepared.outcome(), Outcome::Refuse(Reason::TwoPatients));
        assert!(summary(prepared).episodes.is_empty());
    }
}

#[test]
fn another_patients_birth_date_does_not_refuse_the_one_asked_for() {
    let other = Message {
        bsn: Some(OTHER),
        born: "19620101",
        ura: "90000999",
        ..PLAIN
    };
    let prepared = prepare(
        &asked(),
        vec![received("s1", PLAIN.body()), received("s2", other.body())],
        &circumstances(false),
        &Profile::training(),
        [7; 32],
    );
    assert_eq!(prepared.outcome(), Outcome::Permit);
    assert_eq!(summary(prepared).episodes.len(), 1);
}

#[test]
fn where_the_marker_stood_is_told_with_the_basis_and_logged() {
    let marked = Message {
        marker: Some("CORONA"),
        ..PLAIN
    };
    let prepared = prepared(marked.body(), true);
    let logged = prepared.released()[0].marker_in;
    assert_eq!(logged, Some(MarkerElement::ConfidentialityCode));
    assert_eq!(summary(prepared).sources[0].marker_in, logged);
}

#[test]
fn a_permission_that_nothing_in_the_message_says_has_no_place_in_it() {
    let prepared = prepared(PLAIN.body(), false);
    assert_eq!(prepared.released()[0].marker_in, None);
}

#[test]
fn the_same_entry_at_two_sources_is_shown_twice_and_pointed_out() {
    let other = Message {
        ura: "90000999",
        ..PLAIN
    };
    let shown = summary(prepared(batch(&[PLAIN, other]), false));
    assert_eq!(shown.episodes.len(), 2);
    assert_eq!(shown.allergies.entries.len(), 2);
    assert!(
        shown
            .duplicates
            .iter()
            .any(|group| group.keys.len() == 2 && group.by == DuplicateBy::SameId)
    );
}

#[test]
fn a_message_that_names_a_national_rule_withholds_by_it() {
    let marked = Message {
        marker: Some("LANDELIJKE_REGEL"),
        ica: false,
        ..PLAIN
    };
    let shown = summary(prepared(marked.body(), false));
    assert_eq!(shown.allergies.state, Some(State::WithheldByRule));
    assert_eq!(
        shown.ask.unwrap().causes,
        [crate::domain::state::WithheldCause::NationalRule]
    );
}

#[test]
fn what_a_second_message_says_besides_of_the_patient_is_not_lost() {
    let named = |given: &str| PLAIN.body().replace("<given>Anna</given>", given);
    let first = named("<given>Anna</given>");
    let second = named("<given>Anna</given><given>Maria Cornelia</given>");
    let prepared = prepared(batch_of(2, &[first, second]), false);
    assert_eq!(prepared.coverage().lost, 0);
    let shown = summary(prepared);
    let facts = &shown.sources[0].transmission;
    assert!(
        facts
            .iter()
            .any(|fact| fact.value.contains("Maria Cornelia"))
    );
}

#[test]
fn a_value_without_a_code_beside_an_agent_is_not_lost() {
    let observation = r#"<subject><organizer classCode="CLUSTER" moodCode="EVN"><recordTarget><patientRole><id extension="999900006" root="2.16.840.1.113883.2.4.6.3"/></patientRole></recordTarget><component><act classCode="ACT" moodCode="EVN"><entryRelationship typeCode="SUBJ"><observation classCode="OBS" moodCode="EVN"><value codeSystem="2.16.840.1.113883.6.96"/><participant typeCode="CSM"><participantRole><playingEntity><code code="35" codeSystem="2.16.82" displayName="Penicillines"/></playingEntity></participantRole></participant></observation></entryRelationship></act></component></organizer></subject>"#;
    let message = answered("REPC_IN990131NL", PLAIN.ura, "AA", "OK", "")
        .replace("<queryAck>", &format!("{observation}<queryAck>"));
    let prepared = prepared(message, false);
    assert_eq!(prepared.coverage().lost, 0);
    assert_eq!(summary(prepared).allergies.state, Some(State::Known));
}

#[test]
fn words_around_a_message_are_not_lost() {
    // Of one that is refused nothing exists, yet words stand before it and behind it.
    const REFUSED: Message = Message {
        bsn: Some(OTHER),
        ura: "90000999",
        ..PLAIN
    };
    let around = format!("<body>before{}after</body>", PLAIN.body());
    let between = |messages: &[Message]| {
        batch(messages)
            .replace("<QUPC", "one<QUPC")
            .replace("</MCCI", "two</MCCI")
    };
    for text in [
        around,
        between(&[PLAIN]),
        between(&[REFUSED, PLAIN]),
        between(&[PLAIN, REFUSED]),
    ] {
        for measure in [false, true] {
            assert_eq!(prepared(text.clone(), measure).coverage().lost, 0, "{text}");
        }
    }
}
