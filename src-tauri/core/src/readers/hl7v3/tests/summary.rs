//! What single things in a professional summary become.

use std::time::{Duration, Instant};

use super::generate::{batch, summary};
use super::{opened, read_all};
use crate::domain::consent::Marker;
use crate::domain::finding::FindingCode;
use crate::domain::person::NamePartKind;
use crate::domain::state::StatementKind;
use crate::domain::summary::{MeasuredValue, Statement};
use crate::readers::{PartOutcome, Scope, SourceRecord, hl7v3, limits};

fn record(provision: &str) -> SourceRecord {
    let whole = read_all(&summary(provision), Scope::Full);
    assert_eq!(whole.coverage.lost, 0);
    whole.record().clone()
}

fn codes(provision: &str) -> Vec<FindingCode> {
    read_all(&summary(provision), Scope::Full)
        .findings
        .iter()
        .map(|finding| finding.code)
        .collect()
}

fn intolerance(attributes: &str, content: &str) -> Statement {
    let text = format!(
        "<component4><ObservationIntolerance {attributes}>{content}</ObservationIntolerance></component4>"
    );
    record(&text).allergies.remove(0)
}

fn episode(id: &str, inside: &str) -> String {
    format!(
        "<component7><episodeOfCondition><id extension='{id}' root='1.1'/><text>Astma</text>{inside}</episodeOfCondition></component7>"
    )
}

fn line(contact: &str, number: &str, id: &str, text: &str) -> String {
    format!(
        "<component1><encounter><id extension='{contact}' root='1.2'/><component><sequenceNumber value='{number}'/>\
         <JournalEntry><id extension='{id}' root='1.3'/><code code='S'/><value>{text}</value></JournalEntry></component>\
         </encounter></component1>"
    )
}

fn flag(inside: &str) -> String {
    format!(
        "<component2><observation><code code='74018-3' codeSystem='2.16.840.1.113883.6.1'/>{inside}</observation></component2>"
    )
}

fn points_at(id: &str) -> String {
    format!("<sourceOf typeCode='REFR'><act><id extension='{id}' root='1.1'/></act></sourceOf>")
}

#[test]
fn a_dutch_name_keeps_its_parts_and_its_order() {
    let text = summary("").replace(
        "<given>Noor</given><prefix qualifier='VV'>van den </prefix><family qualifier='BR'>Berg</family>",
        "<given qualifier='IN'>A.M.</given><given>Anna Maria</given><prefix qualifier='VV'>van den </prefix>\
         <family qualifier='SP'>Berg</family><delimiter> - </delimiter><family qualifier='BR'>Jansen</family>",
    );
    let name = read_all(&text, Scope::Full)
        .record()
        .patient
        .clone()
        .unwrap()
        .name;
    assert_eq!(
        (name.family.as_str(), name.given.as_str()),
        ("van den Berg - Jansen", "Anna Maria")
    );
    assert_eq!(name.parts[2].kind, NamePartKind::SurnamePrefix);
    assert_eq!(name.parts.len(), 6);
}

#[test]
fn a_bsn_that_lost_its_zero_is_shown_whole() {
    let text = summary("").replace("999900006", "12345672");
    let whole = read_all(&text, Scope::Full);
    assert_eq!(whole.record().patient.as_ref().unwrap().bsn, "012345672");
    assert_eq!(whole.coverage.lost, 0);
    assert_eq!(opened(&text).parts()[0].bsns, ["12345672"]);
}

#[test]
fn a_reference_resolves_and_a_dangling_one_stays_with_a_finding() {
    let reference = |id: &str| {
        format!(
            "<component><actReference><id extension='{id}' root='1.3'/></actReference></component>"
        )
    };
    let inside = format!(
        "<component2><episodOfCare>{}{}</episodOfCare></component2>",
        reference("7"),
        reference("8")
    );
    // The episode stands before the line it refers to, as in real messages.
    let provision = episode("1", &inside) + &line("1", "1", "7", "piept");
    let read = record(&provision);
    let lines = &read.episodes[0].lines;
    let journal_line = &read.contacts[0].partials[0].lines[0];
    assert_eq!(lines[0].target.as_ref(), Some(&journal_line.key));
    assert_eq!(journal_line.episodes, [read.episodes[0].key.clone()]);
    assert_eq!(
        (
            lines[1].target.as_ref(),
            lines[1].ids[0].extension.as_deref()
        ),
        (None, Some("8"))
    );
    assert_eq!(codes(&provision), [FindingCode::DanglingReference]);
}

#[test]
fn of_two_things_with_one_id_the_first_is_meant_and_both_stay() {
    let provision = episode("1", "") + &episode("1", "") + &flag(&points_at("1"));
    let read = record(&provision);
    assert_eq!(
        read.episodes.iter().map(|e| e.flagged).collect::<Vec<_>>(),
        [true, false]
    );
    assert_eq!(codes(&provision), [FindingCode::RepeatedId]);
}

#[test]
fn a_flag_marks_its_episode_and_is_no_measurement() {
    let read = record(&(episode("1", "") + &episode("2", "") + &flag(&points_at("2"))));
    assert_eq!(
        read.episodes.iter().map(|e| e.flagged).collect::<Vec<_>>(),
        [false, true]
    );
    assert!(read.measurements.is_empty() && read.unrecognised.is_empty());
}

#[test]
fn a_flag_that_points_nowhere_is_listed_with_a_finding() {
    for inside in [points_at("9"), String::new()] {
        let provision = episode("1", "") + &flag(&inside);
        let read = record(&provision);
        assert!(!read.episodes[0].flagged);
        assert!(
            read.unrecognised
                .iter()
                .any(|u| u.path == "PrimaryCareProvision/component2/observation/code")
        );
        assert!(codes(&provision).contains(&FindingCode::DanglingReference));
    }
}

#[test]
fn lines_stand_in_the_partial_contact_of_their_number_in_the_order_received() {
    let entry = |number: &str, text: &str| {
        format!(
            "<component><sequenceNumber value='{number}'/><JournalEntry><value>{text}</value></JournalEntry></component>"
        )
    };
    let provision = format!(
        "<component1><encounter>{}{}{}<component><JournalEntry><value>los</value></JournalEntry></component></encounter></component1>",
        entry("2", "een"),
        entry("1", "twee"),
        entry("2", "drie")
    );
    let partials = &record(&provision).contacts[0].partials;
    let read: Vec<_> = partials
        .iter()
        .map(|p| {
            (
                p.number.as_deref(),
                p.lines
                    .iter()
                    .filter_map(|l| l.text.as_deref())
                    .collect::<Vec<_>>(),
            )
        })
        .collect();
    assert_eq!(
        read,
        [
            (Some("2"), vec!["een", "drie"]),
            (Some("1"), vec!["twee"]),
            (None, vec!["los"])
        ]
    );
}

#[test]
fn a_negated_diagnosis_is_not_shown_as_a_diagnosis() {
    let provision = "<component1><encounter><component><sequenceNumber value='1'/><ObservationDx negationInd='true'>\
         <value code='K75' displayName='Acuut myocardinfarct'/></ObservationDx></component></encounter></component1>";
    let read = record(provision);
    assert!(read.contacts[0].partials.is_empty());
    assert!(
        read.unrecognised
            .iter()
            .any(|u| u.values.iter().any(|v| v.value == "true"))
    );
    assert!(codes(provision).contains(&FindingCode::UnexpectedStructure));
}

#[test]
fn a_measurement_keeps_its_type_its_range_and_what_contradicts_it() {
    let provision = "<component2><observation><code code='193'/><value xsi:type='PQ' value='83' unit='umol/L'/>\
         <interpretationCode code='L'/><referenceRange typeCode='REFV'><observationRange moodCode='EVN.CRT'>\
         <value xsi:type='IVL_PQ'><low value='60' unit='umol/L'/><high value='120' unit='umol/L'/></value>\
         </observationRange></referenceRange></observation></component2>";
    let read = record(provision);
    let measurement = &read.measurements[0];
    assert!(
        matches!(&measurement.value, MeasuredValue::Quantity(q) if q.value.as_deref() == Some("83"))
    );
    assert_eq!(measurement.interpretations[0].code.as_deref(), Some("L"));
    let range = &measurement.reference_ranges[0];
    assert_eq!(range.high.as_ref().unwrap().value.as_deref(), Some("120"));
    assert!(read.unrecognised.is_empty() && codes(provision).is_empty());
}

#[test]
fn a_value_without_a_type_is_read_by_its_shape() {
    let value = |xml: &str| {
        record(&format!(
            "<component2><observation><code code='1'/>{xml}</observation></component2>"
        ))
        .measurements
        .remove(0)
        .value
    };
    assert!(matches!(
        value("<value value='5'/>"),
        MeasuredValue::Quantity(_)
    ));
    assert!(matches!(
        value("<value code='x'/>"),
        MeasuredValue::Coded(_)
    ));
    assert!(matches!(
        value("<value>rood</value>"),
        MeasuredValue::Text { .. }
    ));
    assert!(matches!(
        value("<value><low value='1'/></value>"),
        MeasuredValue::Range(_)
    ));
    assert!(matches!(
        value("<value xsi:type='TS' value='2019'/>"),
        MeasuredValue::Time(_)
    ));
    assert!(matches!(
        value("<value xsi:type='BL' value='true'/>"),
        MeasuredValue::Boolean { .. }
    ));
    assert_eq!(
        value("<value xsi:type='PQ' nullFlavor='UNK'/>"),
        MeasuredValue::None {
            null_flavor: Some("UNK".into())
        }
    );
    assert_eq!(value(""), MeasuredValue::None { null_flavor: None });
}

#[test]
fn a_date_that_does_not_exist_is_shown_as_given_with_a_finding() {
    let provision =
        "<component1><encounter><effectiveTime value='20190230'/></encounter></component1>";
    assert_eq!(
        record(provision).contacts[0]
            .period
            .at
            .as_ref()
            .unwrap()
            .raw,
        "20190230"
    );
    assert_eq!(codes(provision), [FindingCode::UnreadableDate]);
    let future =
        "<component1><encounter><effectiveTime value='20270101'/></encounter></component1>";
    assert_eq!(codes(future), [FindingCode::FutureDate]);
}

#[test]
fn what_is_not_interpreted_is_listed_with_its_place_and_values() {
    let provision = format!("{}{}", line("1", "1", "1", "a"), line("2", "1", "2", "b")).replace(
        "<code code='S'/><value>b",
        "<code code='S'/><priorityCode code='R'>met spoed</priorityCode><value>b",
    );
    let read = record(&provision);
    assert_eq!(read.unrecognised.len(), 1);
    let listed = &read.unrecognised[0];
    assert_eq!(
        listed.path,
        "PrimaryCareProvision/component1[2]/encounter/component/JournalEntry/priorityCode"
    );
    let values: Vec<_> = listed
        .values
        .iter()
        .map(|v| (v.name.as_str(), v.value.as_str()))
        .collect();
    assert_eq!(values, [("@code", "R"), ("text", "met spoed")]);
    assert_eq!(codes(&provision), [FindingCode::NotInterpreted]);
}

#[test]
fn a_wish_of_the_patient_looks_like_nothing_at_all() {
    let masked = read_all(
        &summary(
            "<component4><ObservationIntolerance><value nullFlavor='MSK'/></ObservationIntolerance></component4><x nullFlavor='MSK'/>",
        ),
        Scope::Full,
    );
    let plain = read_all(
        &summary(
            "<component4><ObservationIntolerance><value nullFlavor='NI'/></ObservationIntolerance></component4><x nullFlavor='NI'/>",
        ),
        Scope::Full,
    );
    assert_eq!(masked.shown, plain.shown);
    assert_eq!(masked.findings, plain.findings);
    assert_eq!(masked.coverage.leaves, plain.coverage.leaves);
    assert_eq!((masked.coverage.lost, plain.coverage.lost), (0, 0));
}

#[test]
fn a_statement_has_its_own_author_or_one_by_context() {
    let conducted = intolerance("", "<text>noten</text>").author.unwrap();
    assert!(conducted.conducted && conducted.ids[0].extension.as_deref() == Some("01009001"));
    let own = intolerance(
        "",
        "<text>noten</text><author><time value='2020'/><AssignedPerson><id extension='5' root='6'/></AssignedPerson></author>",
    );
    assert!(!own.author.unwrap().conducted);
    let stopped = "<component4 contextConductionInd='false'><ObservationIntolerance><text>noten</text></ObservationIntolerance></component4>";
    assert_eq!(record(stopped).allergies[0].author, None);
}

#[test]
fn statements_say_what_they_say() {
    let none = "<effectiveTime value='2024'/><value code='716186003' codeSystem='2.16.840.1.113883.6.96'/>";
    let cases = [
        (
            "negationInd='false'",
            "<text>noten</text>",
            StatementKind::Entry,
        ),
        (
            "negationInd='true'",
            "<text>noten</text>",
            StatementKind::Negated,
        ),
        ("negationInd='false'", none, StatementKind::NoneKnown),
        ("negationInd='true'", none, StatementKind::Unreadable),
        ("negationInd='ja'", none, StatementKind::Unreadable),
        ("moodCode='GOL'", none, StatementKind::Unreadable),
        ("nullFlavor='UNK'", "", StatementKind::NoInformation),
        (
            "",
            "<value nullFlavor='MSK'/>",
            StatementKind::NoInformation,
        ),
        (
            "",
            "<text>No known allergies</text>",
            StatementKind::NoInformation,
        ),
        (
            "",
            "<statusCode code='nullified'/><text>noten</text>",
            StatementKind::Refuted,
        ),
        ("", "", StatementKind::Unreadable),
    ];
    for (attributes, content, kind) in cases {
        assert_eq!(
            intolerance(attributes, content).kind,
            kind,
            "{attributes} {content}"
        );
    }
}

#[test]
fn an_empty_entry_is_noted_and_an_absent_one_is_not() {
    assert_eq!(codes("<component4/>"), [FindingCode::EmptyEntry]);
    assert_eq!(
        record("<component4/>").allergies[0].kind,
        StatementKind::Unreadable
    );
    assert!(record("").allergies.is_empty() && codes("").is_empty());
}

#[test]
fn thesaurus_40_is_a_contra_indication_in_whatever_element() {
    let value = "<value xsi:type='CD' code='18' codeSystem='2.16.840.1.113883.2.4.4.1.902.40' displayName='HYPERTENSIE'/>";
    for provision in [
        format!(
            "<component4><ObservationIntolerance>{value}</ObservationIntolerance></component4>"
        ),
        format!("<component2><observation><code code='1'/>{value}</observation></component2>"),
        format!(
            "<component1><encounter><component><ObservationDx>{value}</ObservationDx></component></encounter></component1>"
        ),
        episode(
            "1",
            &format!("<reason><ObservationDx>{value}</ObservationDx></reason>"),
        ),
    ] {
        let text = summary(&provision);
        let read = record(&provision);
        assert_eq!(
            (
                read.contraindications.len(),
                read.allergies.len(),
                read.measurements.len()
            ),
            (1, 0, 0)
        );
        let without = read_all(&text, Scope::WithoutIca);
        assert!(!without.shown.to_string().contains("HYPERTENSIE"));
        assert_eq!(without.coverage.lost, 0);
        assert!(opened(&text).parts()[0].has_ica);
    }
}

#[test]
fn a_treatment_limit_is_no_attention_line() {
    let text = |code: &str, system: &str| {
        format!(
            "<pertinentInformation><pertinentAnnotationObsEvent><code code='{code}' codeSystem='{system}'/>\
             <text>Niet reanimeren</text></pertinentAnnotationObsEvent></pertinentInformation>"
        )
    };
    let read = record(
        &(text("BEHANDELGRENS", crate::readers::TRAINING_LIMIT_SYSTEM)
            + &text("ATT", "2.16.840.1.113883.5.4")),
    );
    assert_eq!(
        (read.treatment_limits.len(), read.attention_lines.len()),
        (1, 1)
    );
    assert_eq!(read.treatment_limits[0].kind, StatementKind::Entry);
}

#[test]
fn a_marker_is_what_the_profile_names_and_an_unknown_code_of_its_system_withholds() {
    let marker = |codes: &[&str]| {
        let elements: String = codes
            .iter()
            .map(|code| {
                format!(
                    "<confidentialityCode code='{code}' codeSystem='{}'/>",
                    crate::readers::TRAINING_MARKER_SYSTEM
                )
            })
            .collect();
        opened(&summary(&elements)).parts()[0].marker
    };
    assert_eq!(marker(&[]), Marker::Absent);
    assert_eq!(marker(&["N"]), Marker::CoronaAndExplicit);
    assert_eq!(marker(&["CORONA"]), Marker::Corona);
    assert_eq!(marker(&["OPT_IN", "CORONA"]), Marker::CoronaAndExplicit);
    assert_eq!(marker(&["CORONA", "GEEN_TOESTEMMING"]), Marker::OptedOut);
    let elsewhere = "<confidentialityCode code='CORONA' codeSystem='1.2.3'/>";
    assert_eq!(
        opened(&summary(elsewhere)).parts()[0].marker,
        Marker::Absent
    );
}

#[test]
fn an_answer_is_a_success_only_where_every_code_is_known() {
    let outcome = |from: &str, to: &str| {
        let text = summary("");
        assert!(text.contains(from));
        opened(&text.replace(from, to)).parts()[0].outcome.clone()
    };
    let unknown = |code: &str| PartOutcome::Unknown {
        code: code.to_owned(),
    };
    let refused = |code: &str| PartOutcome::Refused {
        code: code.to_owned(),
        organisation_ura: None,
    };
    assert_eq!(outcome("'OK'", "'OK'"), PartOutcome::Delivered);
    assert_eq!(outcome("'OK'", "'NF'"), PartOutcome::NothingFound);
    assert_eq!(outcome("'OK'", "'QE'"), refused("QE"));
    assert_eq!(outcome("'OK'", "'XX'"), unknown("XX"));
    assert_eq!(outcome("'AA'", "'AR'"), refused("AR"));
    assert_eq!(outcome("'AA'", "'ZZ'"), unknown("ZZ"));
    assert_eq!(
        outcome("<acknowledgement typeCode='AA'/>", ""),
        unknown("missing")
    );
    assert_eq!(
        outcome("value='0'/></queryAck>", "value='3'/></queryAck>"),
        PartOutcome::MoreRemaining
    );
    assert_eq!(
        outcome("value='0'/></queryAck>", "value='veel'/></queryAck>"),
        unknown("resultRemainingQuantity")
    );
}

#[test]
fn the_text_of_an_error_is_told_without_the_bsn_in_it() {
    let text = summary("").replace(
        "<acknowledgement typeCode='AA'/>",
        "<acknowledgement typeCode='AE'><acknowledgementDetail><code code='KEY204'/><text>Patient 999900006 onbekend bij URA 00001234\
         </text></acknowledgementDetail></acknowledgement>",
    );
    let opened = opened(&text);
    let expected = PartOutcome::Refused {
        code: "KEY204".to_owned(),
        organisation_ura: Some("00001234".to_owned()),
    };
    assert_eq!(opened.parts()[0].outcome, expected);
    let whole = read_all(&text, Scope::Full);
    let facts = &whole.record().transmission;
    assert!(
        facts
            .iter()
            .any(|fact| fact.value == "Patient […] onbekend bij URA 00001234")
    );
    assert_eq!(whole.coverage.lost, 0);
}

#[test]
fn only_patients_are_counted_as_patients() {
    let author = "<author><AssignedPerson><id extension='123456782' root='2.16.840.1.113883.2.4.6.3'/></AssignedPerson></author>";
    let other = "<component1><encounter><subject><Patient><id extension='900186021' root='2.16.840.1.113883.2.4.6.3'/></Patient></subject></encounter></component1>";
    assert_eq!(opened(&summary(author)).parts()[0].bsns, ["999900006"]);
    assert_eq!(
        opened(&summary(other)).parts()[0].bsns,
        ["999900006", "900186021"]
    );
    assert_eq!(opened(&summary(other)).parts()[0].birth_dates, ["19800102"]);
    let in_ica = summary(&format!("<component3>{other}</component3>"));
    let opened = opened(&in_ica);
    let header = &opened.parts()[0];
    assert_eq!((header.bsns.len(), header.bsns_without_ica.len()), (2, 1));
    assert!(header.has_content && !header.has_content_without_ica);
}

#[test]
fn each_child_of_a_batch_answers_for_itself() {
    let refused = summary("").replace("typeCode='AA'", "typeCode='AE'");
    let text = batch(3, &(summary(&episode("1", "")) + &refused));
    let opened = opened(&text);
    assert!(opened.is_fewer_than_announced());
    assert_eq!(opened.findings()[0].code, FindingCode::FewerThanAnnounced);
    let outcomes: Vec<_> = opened.parts().iter().map(|part| &part.outcome).collect();
    assert!(matches!(
        outcomes.as_slice(),
        [PartOutcome::Delivered, PartOutcome::Refused { .. }]
    ));
    let whole = read_all(&text, Scope::Full);
    assert_eq!(whole.coverage.lost, 0);
    assert_eq!(whole.records[0].episodes.len(), 1);
}

#[test]
fn a_second_message_beside_the_first_is_a_part_of_its_own() {
    let text = format!(
        "<soap><body>{}{}</body></soap>",
        summary(""),
        summary("").replace("999900006", "900186021")
    );
    let opened = opened(&text);
    assert_eq!(opened.parts().len(), 2);
    assert_eq!(opened.parts()[1].bsns, ["900186021"]);
}

#[test]
fn allergies_in_a_message_that_is_not_interpreted_are_unreadable_not_absent() {
    let text = "<REPC_IN990131NL xmlns='urn:hl7-org:v3'><acknowledgement typeCode='AA'/><ControlActProcess><subject>\
         <organizer><text>noten</text></organizer></subject><queryAck><queryResponseCode code='OK'/></queryAck>\
         </ControlActProcess></REPC_IN990131NL>";
    let whole = read_all(text, Scope::Full);
    assert_eq!(whole.record().allergies[0].kind, StatementKind::Unreadable);
    assert!(whole.shown.to_string().contains("noten"));
    let without = read_all(text, Scope::WithoutIca);
    assert!(without.records.is_empty() && without.coverage.leaves == 0);
}

#[test]
fn what_holds_no_known_interaction_is_not_readable() {
    let profile = crate::readers::Profile::training();
    for text in [
        "<a/>",
        "<QUPC_IN990002NL/>",
        "<QUPC_IN990002NL xmlns='urn:x'/>",
        "<GQZG_IN000001NL xmlns='urn:hl7-org:v3'/>",
    ] {
        let refused = hl7v3::open(limits::scan(text.as_bytes()).unwrap(), &profile)
            .map(|_| ())
            .unwrap_err();
        assert_eq!(refused.finding.code, FindingCode::UnknownInteraction);
    }
}

#[test]
fn a_large_record_is_read_in_linear_time() {
    let read = |contacts: usize| {
        let entry = "<component><sequenceNumber value='1'/><JournalEntry><value>tekst</value><onbekend x='y'/></JournalEntry></component>";
        let contact = format!(
            "<component1><encounter>{}</encounter></component1>",
            entry.repeat(10)
        );
        let text = summary(&contact.repeat(contacts));
        let started = Instant::now();
        let whole = read_all(&text, Scope::Full);
        assert_eq!(
            (whole.coverage.lost, whole.record().contacts.len()),
            (0, contacts)
        );
        started.elapsed()
    };
    read(50);
    let (few, many) = (read(250), read(2_000));
    // Eight times the contacts; sixty-four times the time where something is quadratic.
    assert!(
        many < few * 24 + Duration::from_millis(200),
        "{few:?} for 250 contacts, {many:?} for 2,000"
    );
}
