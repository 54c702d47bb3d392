//! Allergies and intolerances, alerts, conditions.

use super::{around, component, concern_reference, record, related, whole};
use crate::domain::finding::FindingCode;
use crate::domain::state::StatementKind;
use crate::domain::summary::{Detail, Statement};
use crate::readers::Scope;
use crate::readers::hl7v3::tests::read_all;

const AUTHOR: &str = "<author><time value='20200827'/><assignedAuthor><id extension='2' root='1.9'/></assignedAuthor></author>";

fn concern(inside: &str) -> String {
    component(&format!(
        "<act classCode='ACT' moodCode='EVN'><id extension='a1' root='1.5'/>\
         <code code='CONC' codeSystem='2.16.840.1.113883.5.6'/><statusCode code='active'/>{inside}</act>"
    ))
}

fn allergy(attributes: &str, inside: &str) -> String {
    related(
        "SUBJ",
        &format!(
            "<observation classCode='OBS' moodCode='EVN' {attributes}><id extension='o1' root='1.5'/>\
             <code code='ASSERTION' codeSystem='2.16.840.1.113883.5.4'/><statusCode code='completed'/>{inside}</observation>"
        ),
    )
}

fn snomed(code: &str, display: &str) -> String {
    format!(
        "<value xsi:type='CD' code='{code}' codeSystem='2.16.840.1.113883.6.96' displayName='{display}'/>"
    )
}

fn agent(code: &str) -> String {
    format!(
        "<participant typeCode='CSM'><participantRole classCode='MANU'><playingEntity classCode='MMAT'>{code}\
         </playingEntity></participantRole></participant>"
    )
}

fn statement(inside: &str) -> Statement {
    record("REPC_IN990131NL", &concern(inside))
        .0
        .allergies
        .remove(0)
}

fn kind(attributes: &str, inside: &str) -> StatementKind {
    statement(&allergy(attributes, &format!("{inside}{AUTHOR}"))).kind
}

fn named<'s>(details: &'s [Detail], name: &str) -> &'s Detail {
    details
        .iter()
        .find(|detail| detail.name == name)
        .unwrap_or_else(|| panic!("no {name} in {details:#?}"))
}

#[test]
fn an_allergy_has_agent_reaction_severity_criticality_and_who_told_it() {
    let coded = |code: &str, system: &str, value: &str| {
        format!(
            "<observation classCode='OBS' moodCode='EVN'><code code='{code}' codeSystem='{system}'/><statusCode code='completed'/>{value}"
        )
    };
    let act_code = "2.16.840.1.113883.5.4";
    let severity = related(
        "SUBJ",
        &(coded("SEV", act_code, &snomed("255604002", "licht")) + "</observation>"),
    );
    let reaction = related(
        "MFST",
        &format!(
            "{}{severity}</observation>",
            coded("ASSERTION", act_code, &snomed("267036007", "dyspneu"))
        ),
    );
    let criticality = related(
        "SUBJ",
        &(coded("CRIT", act_code, &snomed("62482003", "Low")) + "</observation>"),
    );
    let inside = format!(
        "<uncertaintyCode code='U'/>{}{AUTHOR}<informant><relatedEntity classCode='PAT'>\
         <code code='ONESELF' codeSystem='2.16.840.1.113883.5.111'/><relatedPerson><name>Noor Berg</name></relatedPerson></relatedEntity></informant>\
         {}{}{}{}",
        snomed("419199007", "allergie voor substantie"),
        agent(
            "<code code='57' codeSystem='2.16.840.1.113883.2.4.4.1.902.122' displayName='AMOXICILLINE'/>"
        ),
        criticality.replace("'SUBJ'", "'SUBJ' inversionInd='true'"),
        reaction.replace("'MFST'", "'MFST' inversionInd='true'"),
        concern_reference("e1"),
    );
    let read = whole("REPC_IN990131NL", &concern(&allergy("", &inside)));
    let read = &read.allergies[0];
    assert_eq!(read.kind, StatementKind::Entry);
    let label = |detail: &Detail| detail.coded.as_ref().unwrap().label().unwrap().to_owned();
    assert_eq!(label(named(&read.details, "agent")), "AMOXICILLINE");
    assert_eq!(label(named(&read.details, "criticality")), "Low");
    assert_eq!(label(named(&read.details, "certainty")), "U");
    let reaction = named(&read.details, "reaction");
    assert_eq!(label(reaction), "dyspneu");
    assert_eq!(label(named(&reaction.details, "severity")), "licht");
    let reporter = named(&read.details, "reporter");
    assert_eq!(reporter.text.as_deref(), Some("Noor Berg"));
    assert_eq!(label(reporter), "ONESELF");
    assert_eq!(read.references.len(), 1);
    assert!(
        read.ids
            .iter()
            .any(|id| id.extension.as_deref() == Some("a1"))
    );
    assert!(!read.author.as_ref().unwrap().conducted);
}

#[test]
fn an_agent_in_words_alone_is_an_entry() {
    let words = agent(
        "<code nullFlavor='OTH'><originalText>Amoxicilline, via neuroloog</originalText></code>",
    );
    assert_eq!(
        kind("", &(snomed("419199007", "x") + &words)),
        StatementKind::Entry
    );
    assert_eq!(
        kind("", &("<value nullFlavor='OTH'/>".to_owned() + &words)),
        StatementKind::Entry
    );
    assert_eq!(kind("", &words), StatementKind::Entry);
}

#[test]
fn every_coded_absence_lands_in_its_kind() {
    let none = snomed("716186003", "geen bekende allergie");
    assert_eq!(kind("", &none), StatementKind::NoneKnown);
    assert_eq!(kind("negationInd='false'", &none), StatementKind::NoneKnown);
    assert_eq!(kind("negationInd='true'", &none), StatementKind::Unreadable);
    assert_eq!(
        kind("", &snomed("1287211007", "x")),
        StatementKind::NoInformation
    );
    assert_eq!(kind("", &snomed("409137002", "x")), StatementKind::Scoped);
    assert_eq!(
        kind("negationInd='true'", &snomed("419199007", "allergie")),
        StatementKind::Negated
    );
    assert_eq!(
        kind("", "<value nullFlavor='MSK'/>"),
        StatementKind::NoInformation
    );
    assert_eq!(kind("moodCode2='x'", ""), StatementKind::Unreadable);
}

#[test]
fn a_none_known_in_whose_company_more_is_said_is_no_none() {
    let none = snomed("716186003", "geen bekende allergie");
    let noten = agent("<code code='1' codeSystem='1.2' displayName='noten'/>");
    assert_eq!(
        kind("", &(none.clone() + &noten)),
        StatementKind::Unreadable
    );
    for more in [
        "<text>behalve penicilline</text>",
        "<effectiveTime><low value='2019'/><high/></effectiveTime>",
        "<effectiveTime><low value='2019'/><high value='2020'/></effectiveTime>",
        "<effectiveTime><low value='2019'/><high nullFlavor='UNK'/></effectiveTime>",
        "<uncertaintyCode code='U'/>",
        "<statusCode code='suspended'/>",
        "<rest>noten</rest>",
        "<effectiveTime value='20990101'/>",
    ] {
        let read = kind(
            "",
            &format!("{none}{more}")
                .replace("<statusCode code='completed'/><statusCode", "<statusCode"),
        );
        assert_ne!(read, StatementKind::NoneKnown, "{more}");
    }
    let remark = related(
        "COMP",
        "<act classCode='ACT' moodCode='EVN'><text>behalve noten</text></act>",
    );
    assert_ne!(
        kind("", &(none.clone() + &remark)),
        StatementKind::NoneKnown
    );
    let observation = allergy("", &format!("{none}{AUTHOR}"));
    for around in [
        format!("<text>behalve noten</text>{observation}"),
        format!("{observation}{remark}"),
        format!("{observation}<rest>noten</rest>"),
    ] {
        assert_ne!(
            statement(&around).kind,
            StatementKind::NoneKnown,
            "{around}"
        );
    }
    assert_eq!(statement(&observation).kind, StatementKind::NoneKnown);
    for status in ["completed", "suspended", "aborted"] {
        let over = concern(&observation).replace("'active'", &format!("'{status}'"));
        let (read, _) = record("REPC_IN990131NL", &over);
        assert_ne!(read.allergies[0].kind, StatementKind::NoneKnown, "{status}");
    }
    let ended = format!("<effectiveTime><low value='2019'/><high/></effectiveTime>{observation}");
    assert_ne!(statement(&ended).kind, StatementKind::NoneKnown);
    let (read, _) = record(
        "REPC_IN990131NL",
        &(concern(&observation) + "<text>behalve noten</text>"),
    );
    assert_eq!(read.allergies[0].kind, StatementKind::NoInformation);
}

#[test]
fn a_kind_of_allergy_to_nothing_known_is_no_entry() {
    let none =
        agent("<code nullFlavor='OTH'><originalText>Geen bekende allergieën</originalText></code>");
    assert_eq!(
        kind("", &(snomed("419199007", "allergie") + &none)),
        StatementKind::NoInformation
    );
}

#[test]
fn a_concern_entered_in_error_refutes_what_it_holds() {
    let inside = allergy("", &snomed("419199007", "allergie"));
    let text = concern(&inside).replace("'active'", "'nullified'");
    let (read, _) = record("REPC_IN990131NL", &text);
    assert_eq!(read.allergies[0].kind, StatementKind::Refuted);
}

#[test]
fn a_component_that_nobody_can_read_is_something_and_not_nothing() {
    let odd =
        component("<procedure classCode='PROC' moodCode='EVN'><text>noten</text></procedure>");
    let (read, _) = record("REPC_IN990131NL", &odd);
    assert_eq!(read.allergies[0].kind, StatementKind::Unreadable);
    let (read, _) = record("REPC_IN990121NL", &odd);
    assert_eq!(read.contraindications[0].kind, StatementKind::Unreadable);
    let empty = read_all(&super::block("REPC_IN990131NL", ""), Scope::Full);
    assert!(empty.record().allergies.is_empty());
}

fn alert(value: &str) -> String {
    component(&format!(
        "<observation classCode='OBS' moodCode='EVN'><id extension='x1' root='1.5'/>\
         <code code='74018-3' codeSystem='2.16.840.1.113883.6.1'/><statusCode code='completed'/>{value}</observation>"
    ))
}

#[test]
fn an_alert_is_a_contra_indication_where_it_is_coded_so_or_not_at_all() {
    for value in [
        "<value xsi:type='CE' code='18' codeSystem='2.16.840.1.113883.2.4.4.1.902.40' displayName='HYPERTENSIE'/>",
        "<value xsi:type='CE' nullFlavor='OTH'><originalText>zwanger</originalText></value>",
        "<text>zwanger</text>",
        "<value xsi:type='CD' code='1' codeSystem='1.2'><translation code='18' codeSystem='2.16.840.1.113883.2.4.4.1.902.40'/></value>",
        "<value xsi:type='CD' code='18'><codeSystem>2.16.840.1.113883.2.4.4.1.902.40</codeSystem></value>",
    ] {
        let (read, _) = record("REPC_IN990121NL", &alert(value));
        assert_eq!(read.contraindications.len(), 1, "{value}");
        assert_eq!(
            read.contraindications[0].kind,
            StatementKind::Entry,
            "{value}"
        );
        assert!(
            read.alerts.is_empty() && read.allergies.is_empty(),
            "{value}"
        );
    }
    let mrsa = snomed("432415000", "Drager MRSA") + &concern_reference("e1");
    let read = whole("REPC_IN990121NL", &alert(&mrsa));
    assert!(read.contraindications.is_empty());
    assert_eq!(
        read.alerts[0].what.as_ref().unwrap().label(),
        Some("Drager MRSA")
    );
    assert_eq!(read.alerts[0].references.len(), 1);
}

fn condition(code: &str, inside: &str) -> String {
    format!(
        "<subject typeCode='SUBJ'><Condition negationInd='false'><id extension='1' root='1.5'/>\
         <code code='{code}' codeSystem='2.16.840.1.113883.5.4'/><statusCode code='active'/>{inside}<subject><patient>\
         <id root='2.16.840.1.113883.2.4.6.3' extension='999900006'/></patient></subject></Condition></subject>"
    )
}

#[test]
fn a_condition_is_an_allergy_by_its_agent_and_a_contra_indication_by_its_code() {
    let agent = "<value nullFlavor='OTH'/><causativeAgent><administerableMaterial><administerableMaterialKind>\
         <code code='35' codeSystem='2.16.840.1.113883.2.4.4.1.902.122' displayName='PENICILLINES'/>\
         </administerableMaterialKind></administerableMaterial></causativeAgent>";
    let diabetes = "<value code='190' codeSystem='2.16.840.1.113883.2.4.4.1.902.40' displayName='DIABETES MELLITUS'/>";
    for interaction in ["REPC_IN000024NL", "REPC_IN000024NL02", "REPC_IN000016NL"] {
        let text = around(
            interaction,
            &(condition("DINT", agent) + &condition("DX", diabetes)),
        );
        let whole = read_all(&text, Scope::Full);
        assert_eq!(whole.coverage.lost, 0);
        let read = whole.record();
        assert_eq!(read.unrecognised, []);
        assert_eq!(read.allergies.len(), 1);
        assert_eq!(read.allergies[0].kind, StatementKind::Entry);
        assert_eq!(
            named(&read.allergies[0].details, "agent")
                .coded
                .as_ref()
                .unwrap()
                .label(),
            Some("PENICILLINES")
        );
        assert_eq!(read.contraindications.len(), 1);
        assert_eq!(read.patient.as_ref().unwrap().bsn, "999900006");
        let codes: Vec<_> = whole.findings.iter().map(|f| f.code).collect();
        assert_eq!(
            codes,
            [FindingCode::RepeatedId],
            "both fixtures have one id"
        );
    }
}
