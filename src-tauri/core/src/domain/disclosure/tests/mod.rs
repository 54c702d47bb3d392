//! Disclosure over whole messages: what is decided, dropped and said.

mod matrix;
mod several;

use proptest::prelude::*;

use super::*;
use crate::domain::state::State;
use crate::domain::summary::Summary;
use crate::readers::TRAINING_MARKER_SYSTEM;

const BSN: &str = "999900006";
const OTHER: &str = "123456782";

/// A message, written from the format, with only what a case needs.
#[derive(Clone)]
struct Message {
    bsn: Option<&'static str>,
    born: &'static str,
    marker: Option<&'static str>,
    ica: bool,
    episode: bool,
    response: &'static str,
    ura: &'static str,
}

const PLAIN: Message = Message {
    bsn: Some(BSN),
    born: "19510312",
    marker: None,
    ica: true,
    episode: true,
    response: "OK",
    ura: "90000388",
};

impl Message {
    fn body(&self) -> String {
        let id = self.bsn.map_or_else(String::new, |bsn| {
            format!(r#"<id extension="{bsn}" root="2.16.840.1.113883.2.4.6.3"/>"#)
        });
        let marker = self.marker.map_or_else(String::new, |code| {
            format!(r#"<confidentialityCode code="{code}" codeSystem="{TRAINING_MARKER_SYSTEM}"/>"#)
        });
        let episode = if self.episode {
            r#"<component7 contextConductionInd="true"><episodeOfCondition><id extension="1" root="1.2.3"/><text>Astma</text></episodeOfCondition></component7>"#
        } else {
            ""
        };
        let ica = if self.ica {
            r#"<component3 contextConductionInd="true"><ContraIndication><text>Nierfunctie</text><value code="46" codeSystem="2.16.840.1.113883.2.4.4.1.902.40" displayName="Nierfunctie verminderd"/></ContraIndication></component3><component4 contextConductionInd="true"><ObservationIntolerance negationInd="false"><code code="INTLRNC" codeSystem="2.16.840.1.113883.5.4"/><text>Uitslag</text><value code="35" codeSystem="2.16.840.1.113883.2.4.4.1.902.122" displayName="Penicillines"/></ObservationIntolerance></component4>"#
        } else {
            ""
        };
        let (ura, born, response) = (self.ura, self.born, self.response);
        let subject = if response == "OK" {
            format!(
                r#"<subject typeCode="SUBJ"><PrimaryCareProvision>{marker}<subject contextControlCode="AP"><Patient>{id}<Person><name><given>Anna</given><family>Berg</family></name><birthTime value="{born}"/></Person></Patient></subject>{episode}{ica}</PrimaryCareProvision></subject>"#
            )
        } else {
            String::new()
        };
        format!(
            r#"<QUPC_IN990002NL xmlns="urn:hl7-org:v3"><interactionId extension="QUPC_IN990002NL" root="2.16.840.1.113883.1.6"/><acknowledgement typeCode="AA"/><sender><device><id extension="{ura}" root="2.16.840.1.113883.2.4.6.6"/></device></sender><ControlActProcess moodCode="EVN"><authorOrPerformer typeCode="AUT"><participant><AssignedDevice><Organization><id extension="{ura}" root="2.16.528.1.1007.3.3"/><name>Praktijk {ura}</name></Organization></AssignedDevice></participant></authorOrPerformer>{subject}<queryAck><queryResponseCode code="{response}"/></queryAck></ControlActProcess></QUPC_IN990002NL>"#
        )
    }
}

fn batch(messages: &[Message]) -> String {
    let children: String = messages.iter().map(Message::body).collect();
    let count = messages.len();
    format!(
        r#"<MCCI_IN200101 xmlns="urn:hl7-org:v3"><interactionId extension="MCCI_IN200101" root="2.16.840.1.113883.1.6"/><transmissionQuantity value="{count}"/>{children}</MCCI_IN200101>"#
    )
}

fn circumstances(measure_active: bool) -> Circumstances {
    Circumstances {
        setting: Setting::AfterHours,
        delivered_under_measure: measure_active,
        measure_active,
        marker_proven: true,
        suspicion: Some(true),
        agreement: Some(Agreement::Patient),
        emergency_explicit: EmergencyExplicit::Permit,
        stated: None,
    }
}

fn asked() -> Asked {
    Asked {
        bsn: Bsn::parse(BSN).ok(),
        birth_date: None,
    }
}

fn received(key: &str, text: String) -> Answer {
    Answer {
        key: key.to_owned(),
        name: String::new(),
        retrieved_at: None,
        arrival: Arrival::Received(text.into_bytes()),
    }
}

fn prepared(text: String, measure_active: bool) -> Prepared {
    let answers = vec![received("s1", text)];
    prepare_accounted(
        &asked(),
        answers,
        &circumstances(measure_active),
        &Profile::training(),
        [7; 32],
    )
}

#[expect(
    clippy::disallowed_methods,
    reason = "the tests look at what would be released"
)]
fn summary(prepared: Prepared) -> Summary {
    prepared.into_released()
}

#[test]
fn an_explicit_message_is_shown_with_its_allergies() {
    let prepared = prepared(PLAIN.body(), false);
    assert_eq!(prepared.outcome(), Outcome::Permit);
    assert_eq!(prepared.coverage().lost, 0);
    let summary = summary(prepared);
    assert_eq!(summary.allergies.state, Some(State::Known));
    assert_eq!(summary.patient.unwrap().bsn, BSN);
}

#[test]
fn one_gp_of_a_batch_who_is_refused_leaves_the_other_visible_and_the_list_incomplete() {
    let other = Message {
        bsn: Some(OTHER),
        ura: "90000999",
        ..PLAIN
    };
    let prepared = prepared(batch(&[PLAIN, other]), false);
    assert_eq!(prepared.outcome(), Outcome::Permit);
    assert!(
        prepared
            .not_shown()
            .iter()
            .any(|n| n.why == WhyNotShown::Refused(Reason::OtherPatient))
    );
    let summary = summary(prepared);
    assert_eq!(
        summary.allergies.state,
        Some(State::Incomplete),
        "a refused source beside a delivering one"
    );
    assert_eq!(
        summary.allergies.entries.len(),
        1,
        "what the permitted source said stays visible"
    );
    assert!(
        !serde_json::to_string(&summary).unwrap().contains(OTHER),
        "nothing of the other patient"
    );
    assert!(!summary.complete);
}

#[test]
fn another_patients_message_alone_is_refused_and_nothing_of_it_stands() {
    let prepared = prepared(
        Message {
            bsn: Some(OTHER),
            ..PLAIN
        }
        .body(),
        false,
    );
    assert_eq!(prepared.outcome(), Outcome::Refuse(Reason::OtherPatient));
    let text = serde_json::to_string(&summary(prepared)).unwrap();
    for gone in [OTHER, "Penicillines", "Astma", "Anna"] {
        assert!(!text.contains(gone), "{gone}");
    }
}

#[test]
fn another_birth_date_than_the_one_typed_is_refused() {
    let asked = Asked {
        birth_date: Some(PartialDate::parse("19510313")),
        ..asked()
    };
    let answers = vec![received("s1", PLAIN.body())];
    let prepared = prepare(
        &asked,
        answers,
        &circumstances(false),
        &Profile::training(),
        [0; 32],
    );
    assert_eq!(prepared.outcome(), Outcome::Refuse(Reason::OtherBirthDate));
}

#[test]
fn content_without_a_number_is_refused_where_a_number_was_asked_for() {
    let prepared = prepared(Message { bsn: None, ..PLAIN }.body(), false);
    assert_eq!(prepared.outcome(), Outcome::Refuse(Reason::NoBsn));
}

#[test]
fn a_marker_on_one_message_of_a_practice_holds_for_its_message_that_names_no_organisation() {
    let marked = Message {
        marker: Some("CORONA"),
        ..PLAIN
    };
    let organisation = r#"<Organization><id extension="90000388" root="2.16.528.1.1007.3.3"/><name>Praktijk 90000388</name></Organization>"#;
    let nameless = PLAIN.body().replace(organisation, "");
    assert_ne!(nameless, PLAIN.body());
    let both = batch(&[marked]).replace("</MCCI_IN200101>", &format!("{nameless}</MCCI_IN200101>"));
    let summary = summary(prepared(both, true));
    assert_eq!(summary.sources.len(), 1);
    assert!(
        summary.allergies.entries.is_empty(),
        "the practice's marker holds"
    );
}

#[test]
fn a_record_without_a_number_beside_one_with_it_is_refused() {
    // A second record in the same message, and a second message of the same source.
    let nameless = Message { bsn: None, ..PLAIN }.body();
    let from = nameless.find("<subject typeCode").unwrap();
    let to = nameless.find("<queryAck").unwrap();
    let two_records = PLAIN
        .body()
        .replace("<queryAck", &format!("{}<queryAck", &nameless[from..to]));
    let two_messages = batch(&[PLAIN, Message { bsn: None, ..PLAIN }]);
    for text in [two_records, two_messages] {
        let prepared = prepared(text, false);
        assert_eq!(prepared.outcome(), Outcome::Refuse(Reason::NoBsn));
    }
}

#[test]
fn content_in_a_second_control_act_or_in_none_is_content() {
    let whole = PLAIN.body();
    let nameless = Message { bsn: None, ..PLAIN }.body();
    let act =
        &nameless[nameless.find("<ControlActProcess").unwrap()..nameless.find("</QUPC").unwrap()];
    let empty = Message {
        episode: false,
        ica: false,
        bsn: None,
        ..PLAIN
    }
    .body();
    let second = empty.replace("</QUPC_IN990002NL>", &format!("{act}</QUPC_IN990002NL>"));
    let stray = empty.replace(
        "<ControlActProcess",
        "<episodeOfCondition><text>HIV</text></episodeOfCondition><ControlActProcess",
    );
    assert_ne!(second, whole);
    for text in [second, stray] {
        assert_eq!(
            prepared(text, false).outcome(),
            Outcome::Refuse(Reason::NoBsn)
        );
    }
}

#[test]
fn content_outside_every_message_is_never_shown_and_makes_the_answer_incomplete() {
    let stray = r#"<PrimaryCareProvision xmlns="urn:hl7-org:v3"><subject><Patient><id extension="123456782" root="2.16.840.1.113883.2.4.6.3"/></Patient></subject><component7><episodeOfCondition><text>HIV</text></episodeOfCondition></component7></PrimaryCareProvision>"#;
    let in_wrapper = format!(
        "<w:Envelope xmlns:w=\"urn:w\"><w:Header>{stray}</w:Header>{}</w:Envelope>",
        PLAIN.body()
    );
    let in_batch = batch(&[PLAIN]).replace("<QUPC_IN990002NL", &format!("{stray}<QUPC_IN990002NL"));
    let deeper = batch(&[PLAIN]).replace(
        "</MCCI_IN200101>",
        &format!(
            "<odd>{}</odd></MCCI_IN200101>",
            Message {
                bsn: Some(OTHER),
                ura: "90000999",
                ..PLAIN
            }
            .body()
        ),
    );
    for text in [in_wrapper, in_batch, deeper] {
        let prepared = prepared(text, false);
        assert_eq!(prepared.coverage().lost, 0);
        let summary = summary(prepared);
        assert_eq!(summary.allergies.state, Some(State::Incomplete));
        let text = serde_json::to_string(&summary).unwrap();
        assert!(
            !text.contains("HIV") && !text.contains(OTHER),
            "nobody decided on it"
        );
    }
}

#[test]
fn a_file_with_two_patients_is_refused_even_when_nobody_was_asked_for() {
    let asked = Asked {
        bsn: None,
        birth_date: None,
    };
    let other = Message {
        bsn: Some(OTHER),
        ura: "90000999",
        ..PLAIN
    };
    let answers = vec![received("s1", batch(&[PLAIN, other]))];
    let prepared = prepare(
        &asked,
        answers,
        &circumstances(false),
        &Profile::training(),
        [0; 32],
    );
    assert_eq!(prepared.outcome(), Outcome::Refuse(Reason::TwoPatients));
}

#[test]
fn a_no_that_arrives_as_data_looks_exactly_like_nothing_found() {
    let no = Message {
        marker: Some("GEEN_TOESTEMMING"),
        ..PLAIN
    }
    .body();
    let nothing = Message {
        response: "NF",
        ..PLAIN
    }
    .body();
    let bases = [
        None,
        Some(Basis::Explicit),
        Some(Basis::Corona),
        Some(Basis::NotEstablished),
    ];
    for measure_active in [false, true] {
        for stated in bases {
            for emergency_explicit in [EmergencyExplicit::Permit, EmergencyExplicit::Refuse] {
                let circumstances = Circumstances {
                    setting: Setting::Emergency,
                    stated,
                    emergency_explicit,
                    ..circumstances(measure_active)
                };
                let see = |text: &str| {
                    let answers = vec![received("s1", text.to_owned())];
                    prepare_accounted(
                        &asked(),
                        answers,
                        &circumstances,
                        &Profile::training(),
                        [7; 32],
                    )
                };
                let (no, nothing) = (see(&no), see(&nothing));
                assert!(!no.not_shown().is_empty(), "the log alone tells them apart");
                assert_eq!(no.coverage(), nothing.coverage());
                assert_eq!(no.outcome(), nothing.outcome());
                assert_eq!(no.released(), nothing.released());
                assert_eq!(summary(no), summary(nothing));
            }
        }
    }
}

#[test]
fn an_open_summary_that_was_not_established_does_not_become_explicit_when_the_measure_stops() {
    let mut circumstances = circumstances(true);
    circumstances.marker_proven = false;
    let answers = vec![received("s1", PLAIN.body())];
    let prepared = prepare(
        &asked(),
        answers,
        &circumstances,
        &Profile::training(),
        [0; 32],
    );
    let before = prepared.decided()[0];
    assert!(matches!(
        crate::domain::consent::decide(&before),
        crate::domain::consent::Decision::Permit {
            ica: crate::domain::consent::Ica::Withheld
        }
    ));
    let now = DecisionInput {
        measure_active: false,
        ..before
    };
    assert_eq!(
        crate::domain::consent::decide(&now),
        crate::domain::consent::Decision::Refuse {
            reason: Reason::MeasureStopped
        }
    );
}

#[test]
fn a_batch_that_announces_parts_and_holds_none_is_incomplete() {
    let text = batch(&[]).replace("value=\"0\"", "value=\"8\"");
    let prepared = prepared(text, false);
    assert_eq!(prepared.coverage().lost, 0);
    let summary = summary(prepared);
    assert!(!summary.complete);
    assert_eq!(summary.allergies.state, Some(State::Incomplete));
}

#[test]
fn what_stands_around_an_answer_belongs_to_its_own_source() {
    let around =
        |text: String, of: &str| format!("<w:e xmlns:w=\"urn:w\"><w:of>{of}</w:of>{text}</w:e>");
    let answers = vec![
        received("s1", around(PLAIN.body(), "first")),
        received("s2", around(PLAIN.body(), "second")),
    ];
    let prepared = prepare(
        &asked(),
        answers,
        &circumstances(false),
        &Profile::training(),
        [0; 32],
    );
    let summary = summary(prepared);
    let sources: Vec<&str> = summary
        .unrecognised
        .iter()
        .map(|u| u.source.as_str())
        .collect();
    assert_eq!(sources, ["s1", "s2"]);
}

#[test]
fn a_source_that_failed_is_not_nothing_received() {
    let failed = Answer {
        key: "s1".into(),
        name: "Praktijk".into(),
        retrieved_at: None,
        arrival: Arrival::Failed {
            code: "exchange_timed_out".into(),
        },
    };
    let prepared = prepare(
        &asked(),
        vec![failed],
        &circumstances(false),
        &Profile::training(),
        [0; 32],
    );
    let summary = summary(prepared);
    assert_eq!(summary.allergies.state, Some(State::Unreachable));
    assert!(!summary.complete);
}

#[test]
fn nobody_in_the_index_is_a_permit_without_anything_stated() {
    let prepared = prepare(
        &asked(),
        Vec::new(),
        &circumstances(true),
        &Profile::training(),
        [0; 32],
    );
    assert_eq!(prepared.outcome(), Outcome::Permit);
    assert_eq!(summary(prepared).allergies.state, Some(State::NotAsserted));
}

#[test]
fn the_digest_names_this_very_summary() {
    let one = prepared(PLAIN.body(), false).digest();
    assert_eq!(one, prepared(PLAIN.body(), false).digest());
    assert_ne!(
        one,
        prepared(
            Message {
                ica: false,
                ..PLAIN
            }
            .body(),
            false
        )
        .digest()
    );
    let answers = vec![received("s1", PLAIN.body())];
    let other_nonce = prepare(
        &asked(),
        answers,
        &circumstances(false),
        &Profile::training(),
        [8; 32],
    );
    assert_ne!(
        one,
        other_nonce.digest(),
        "the nonce keeps a digest from confirming a guess"
    );
}

proptest! {
    /// The promise, over everything a message can be: what wrongly arrived is nowhere.
    #[test]
    fn under_corona_nothing_tells_whether_ica_arrived(
        has_bsn in any::<bool>(),
        episode in any::<bool>(),
        marker in prop_oneof![Just("CORONA"), Just("GEEN_TOESTEMMING")],
        other in any::<bool>(),
        measure_active in any::<bool>(),
        in_batch in any::<bool>(),
    ) {
        let bsn = has_bsn.then_some(if other { OTHER } else { BSN });
        let message = |ica| Message { bsn, episode, marker: Some(marker), ica, ..PLAIN };
        let text = |ica| if in_batch { batch(&[message(ica)]) } else { message(ica).body() };
        let (with, without) = (prepared(text(true), measure_active), prepared(text(false), measure_active));
        prop_assert_eq!(with.outcome(), without.outcome());
        prop_assert_eq!(with.coverage(), without.coverage());
        prop_assert_eq!(with.sections(), without.sections());
        prop_assert_eq!(with.released(), without.released());
        prop_assert_eq!(summary(with), summary(without));
    }

    #[test]
    fn arbitrary_bytes_are_answered_and_shown_to_nobody(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let answer = Answer {
            key: "s1".into(),
            name: String::new(),
            retrieved_at: None,
            arrival: Arrival::Received(bytes),
        };
        let prepared = prepare(&asked(), vec![answer], &circumstances(false), &Profile::training(), [0; 32]);
        prop_assert_eq!(prepared.outcome(), Outcome::Unreadable);
    }
}
