//! What one message of a source refers to in another.

use super::clinical::{report, soep};
use super::{block, component, concern_reference, contact_reference, related};
use crate::domain::finding::{Finding, FindingCode};
use crate::readers::hl7v3::tests::generate::{batch, summary};
use crate::readers::hl7v3::tests::read_all;
use crate::readers::link::link;
use crate::readers::{Scope, SourceRecord};

/// All parts of one source, absorbed and linked.
fn linked(messages: &[String]) -> (SourceRecord, Vec<Finding>) {
    let text = batch(u8::try_from(messages.len()).unwrap(), &messages.concat());
    let whole = read_all(&text, Scope::Full);
    let mut record = SourceRecord::default();
    for part in whole.records {
        record.absorb(part);
    }
    let mut findings = whole.findings;
    link(&mut record, &mut findings);
    (record, findings)
}

fn concerns() -> String {
    block(
        "REPC_IN990111NL",
        &component(&format!(
            "<act classCode='ACT' moodCode='EVN'><id extension='e1' root='1.6'/><text>Rugpijn</text>{}</act>",
            related(
                "SUBJ",
                "<observation classCode='OBS' moodCode='EVN'><id extension='p1' root='1.7'/><value xsi:type='CD' code='L03' codeSystem='1.2'/></observation>"
            )
        )),
    )
}

fn contacts() -> String {
    block(
        "PRPA_IN900350NL",
        &component(&format!(
            "<encounter classCode='ENC' moodCode='EVN'><id extension='c1' root='1.2'/>{}</encounter>",
            concern_reference("e1")
        )),
    )
}

fn reports(contact: &str, concern: &str) -> String {
    let diagnosis = related(
        "REFR",
        "<observation classCode='OBS' moodCode='EVN'><id extension='p1' root='1.7'/><value xsi:type='CD' code='L03' codeSystem='1.2'/></observation>",
    );
    block(
        "REPC_IN990101NL",
        &report(
            "v1",
            contact,
            &(concern_reference(concern) + &soep("61150-9", "hoest", &diagnosis)),
        ),
    )
}

fn measurements() -> String {
    block(
        "POOB_IN990003NL",
        &component(&format!(
            "<observation classCode='OBS' moodCode='EVN'><id extension='m1' root='1.4'/><code code='1' codeSystem='1.2'/>{}{}</observation>",
            contact_reference("c1"),
            concern_reference("weg")
        )),
    )
}

#[test]
fn the_reports_of_a_contact_stand_with_it_in_whatever_order_they_came() {
    for messages in [
        [contacts(), concerns(), reports("c1", "e1")],
        [reports("c1", "e1"), contacts(), concerns()],
    ] {
        let (read, findings) = linked(&messages);
        assert_eq!(findings, []);
        let [contact] = read.contacts.as_slice() else {
            panic!("{:#?}", read.contacts);
        };
        assert!(!contact.referred_only);
        let episode = &read.episodes[0];
        assert_eq!(contact.references[0].target.as_ref(), Some(&episode.key));
        let partial = &contact.partials[0];
        assert_eq!(partial.references[0].target.as_ref(), Some(&episode.key));
        assert_eq!(
            partial.lines[0].episodes,
            std::slice::from_ref(&episode.key)
        );
        assert_eq!(
            partial.diagnoses[0].episodes,
            std::slice::from_ref(&episode.key)
        );
        assert_eq!(
            episode.lines[0].target.as_ref(),
            Some(&partial.lines[0].key)
        );
    }
}

#[test]
fn what_has_no_target_is_kept_and_noted_once() {
    let (read, findings) = linked(&[
        contacts(),
        concerns(),
        reports("elders", "weg"),
        measurements(),
    ]);
    assert_eq!(
        read.contacts
            .iter()
            .map(|c| c.referred_only)
            .collect::<Vec<_>>(),
        [false, true]
    );
    let references = &read.measurements[0].references;
    assert_eq!(references[0].target.as_ref(), Some(&read.contacts[0].key));
    assert_eq!(references[1].target, None);
    let noted: Vec<_> = findings.iter().map(|f| (f.code, f.path.as_str())).collect();
    assert_eq!(
        noted,
        [
            (FindingCode::DanglingReference, "measurements[1]/references"),
            (FindingCode::DanglingReference, "contacts[2]/references"),
        ]
    );
}

#[test]
fn what_a_professional_summary_noted_is_not_noted_again() {
    let text = summary(
        "<component2><observation><id extension='1' root='1.4'/><code code='1' codeSystem='1.2'/>\
         <sourceOf typeCode='REFR'><act><id extension='weg' root='1.1'/></act></sourceOf></observation></component2>\
         <component7><episodeOfCondition><id extension='e' root='1.1'/><component2><episodOfCare><component><actReference>\
         <id extension='weg' root='1.3'/></actReference></component></episodOfCare></component2></episodeOfCondition></component7>",
    );
    let (_, findings) = linked(&[text]);
    assert_eq!(
        findings.iter().map(|f| f.code).collect::<Vec<_>>(),
        [FindingCode::DanglingReference; 2]
    );
}

#[test]
fn a_large_source_is_linked_in_linear_time() {
    let time = |count: usize| {
        let mut record = SourceRecord::default();
        for n in 0..count {
            let one = linked_parts(n);
            record.absorb(one);
        }
        let begin = std::time::Instant::now();
        link(&mut record, &mut Vec::new());
        assert_eq!(record.contacts.len(), count);
        begin.elapsed()
    };
    let (small, large) = (time(500), time(4_000));
    assert!(
        large < small * 40 + std::time::Duration::from_millis(200),
        "{small:?} {large:?}"
    );
}

/// One contact with its report, both with ids of their own.
fn linked_parts(n: usize) -> SourceRecord {
    use crate::domain::coded::Identifier;
    use crate::domain::summary::{Contact, PartialContact};
    let ids = vec![Identifier {
        root: Some("1.2".to_owned()),
        extension: Some(n.to_string()),
    }];
    let contact = |referred_only, partials| Contact {
        key: format!("s-c{n}-{referred_only}"),
        ids: ids.clone(),
        referred_only,
        partials,
        ..Contact::default()
    };
    SourceRecord {
        contacts: vec![
            contact(true, vec![PartialContact::default()]),
            contact(false, Vec::new()),
        ],
        ..SourceRecord::default()
    }
}
