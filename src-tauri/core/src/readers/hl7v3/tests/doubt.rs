//! What this version does not know, or was told twice: never read as an absence, never shown
//! where it may be ICA.

use super::generate::{batch, summary};
use super::{opened, read_all};
use crate::domain::consent::Marker;
use crate::domain::state::StatementKind;
use crate::readers::{PartOutcome, Scope};

fn interaction(name: &str) -> String {
    format!(
        "<{name}><acknowledgement typeCode='AA'/><ControlActProcess><subject><organizer>\
         <text>ICAWOORD</text></organizer></subject><queryAck><queryResponseCode code='OK'/></queryAck>\
         </ControlActProcess></{name}>"
    )
}

#[test]
fn an_ica_message_of_another_version_and_an_unknown_one_are_hidden_without_ica() {
    for name in [
        "REPC_IN990131NL02",
        "REPC_IN990131NL_02",
        "REPC_IN990131",
        "REPC_IN990121NL02",
        "REPC_IN000024NL01",
        "REPC_IN990130NL",
        "QUPC_IN990002NL02",
    ] {
        let with = batch(2, &(interaction(name) + &summary("")));
        let without = batch(1, &summary(""));
        assert!(opened(&with).parts()[0].whole_ica, "{name}");
        assert_eq!(
            read_all(&with, Scope::WithoutIca).shown,
            read_all(&without, Scope::WithoutIca).shown,
            "{name}"
        );
    }
}

#[test]
fn an_unknown_message_is_incomplete_and_unreadable_where_ica_may_be_seen() {
    let text = batch(2, &(interaction("REPC_IN990130NL") + &summary("")));
    let whole = read_all(&text, Scope::Full);
    assert!(matches!(
        opened(&text).parts()[0].outcome,
        PartOutcome::Unknown { .. }
    ));
    let record = &whole.records[0];
    assert_eq!(record.allergies[0].kind, StatementKind::Unreadable);
    assert_eq!(record.contraindications[0].kind, StatementKind::Unreadable);
    assert!(whole.shown.to_string().contains("ICAWOORD"));
    assert_eq!(whole.coverage.lost, 0);
}

#[test]
fn a_message_version_of_allergies_alone_says_nothing_of_contra_indications() {
    let text = batch(2, &(interaction("REPC_IN990131NL02") + &summary("")));
    let whole = read_all(&text, Scope::Full);
    let record = &whole.records[0];
    assert_eq!(record.allergies[0].kind, StatementKind::Unreadable);
    assert!(record.contraindications.is_empty());
}

#[test]
fn an_answer_of_nothing_found_with_ica_alone_is_nothing_found_without_them() {
    let ica = "<component4><ObservationIntolerance><text>noten</text></ObservationIntolerance></component4>";
    let text = summary(ica).replace(
        "<queryResponseCode code='OK'/>",
        "<queryResponseCode code='NF'/>",
    );
    assert!(text.contains("'NF'"));
    let opened = opened(&text);
    let header = &opened.parts()[0];
    assert!(matches!(header.outcome, PartOutcome::Unknown { .. }));
    assert_eq!(header.outcome_without_ica, PartOutcome::NothingFound);
    assert!(read_all(&text, Scope::WithoutIca).findings.is_empty());
}

#[test]
fn quantities_that_cannot_be_read_or_stand_twice_are_never_complete() {
    for quantity in [
        "<transmissionQuantity value='2x'/>",
        "<transmissionQuantity value=''/>",
        "<transmissionQuantity value='-1'/>",
        "<transmissionQuantity nullFlavor='UNK'/>",
        "<transmissionQuantity value='1'/><transmissionQuantity value='1'/>",
    ] {
        let text = batch(1, &summary("")).replace("<transmissionQuantity value='1'/>", quantity);
        assert!(opened(&text).is_fewer_than_announced(), "{quantity}");
    }
    assert!(!opened(&batch(1, &summary(""))).is_fewer_than_announced());
}

#[test]
fn an_answer_that_was_given_twice_or_does_not_add_up_is_never_delivered() {
    let outcome = |from: &str, to: &str| {
        let text = summary("").replacen(from, to, 1);
        assert!(text.contains(to), "{to}");
        opened(&text).parts()[0].outcome.clone()
    };
    let ok = "<queryResponseCode code='OK'/>";
    let remaining = "<resultRemainingQuantity value='0'/>";
    let ack = "<acknowledgement typeCode='AA'/>";
    for (from, to) in [
        (ack, format!("{ack}<acknowledgement typeCode='AE'/>")),
        (ok, format!("{ok}<queryResponseCode code='AE'/>")),
        (
            "</queryAck>",
            "</queryAck><queryAck><queryResponseCode code='AE'/></queryAck>".to_owned(),
        ),
        (
            "</ControlActProcess>",
            "</ControlActProcess><ControlActProcess/>".to_owned(),
        ),
        (
            remaining,
            format!("{remaining}<resultRemainingQuantity value='0'/>"),
        ),
        (remaining, "<resultRemainingQuantity value='x'/>".to_owned()),
    ] {
        assert!(
            matches!(outcome(from, &to), PartOutcome::Unknown { .. }),
            "{to}"
        );
    }
    for quantities in [
        "<resultTotalQuantity value='5'/><resultCurrentQuantity value='1'/><resultRemainingQuantity value='0'/>",
        "<resultRemainingQuantity value='2'/>",
    ] {
        assert_eq!(outcome(remaining, quantities), PartOutcome::MoreRemaining);
    }
}

const NONE_KNOWN: &str = "<component4 contextConductionInd='true'><ObservationIntolerance negationInd='false'>\
    <id extension='1' root='1.1'/><code code='INTLRNC' codeSystem='2.16.840.1.113883.5.4'/>\
    <statusCode code='completed'/><effectiveTime value='20260907'/>\
    <value code='716186003' codeSystem='2.16.840.1.113883.6.96' displayName='geen bekende allergie'/>\
    </ObservationIntolerance></component4>";

fn kind_after(from: &str, to: &str) -> StatementKind {
    let text = NONE_KNOWN.replacen(from, to, 1);
    assert!(from == to || text != NONE_KNOWN, "{from}");
    let whole = read_all(&summary(&text), Scope::Full);
    assert_eq!(whole.coverage.lost, 0, "{to}");
    whole.record().allergies[0].kind
}

#[test]
fn a_none_known_stands_only_where_all_of_it_was_understood() {
    assert_eq!(kind_after("x", "x"), StatementKind::NoneKnown);
    for (from, to) in [
        ("<component4", "<component4 negationInd='true'"),
        ("<component4", "<component4 nullFlavor='NI'"),
        ("<component4", "<component4 typeCode='SUBJ'"),
        ("<value", "<value negationInd='true'"),
        ("<value", "<value xsi:nil='true'"),
        ("<effectiveTime", "<effectiveTime xsi:nil='true'"),
        (
            "<ObservationIntolerance",
            "<ObservationIntolerance xsi:nil='1'",
        ),
        (
            "<ObservationIntolerance",
            "<ObservationIntolerance valueNegationInd='true'",
        ),
        (
            "<ObservationIntolerance",
            "<ObservationIntolerance classCode='X'",
        ),
        ("<code", "<code negationInd='true'"),
        (
            "</ObservationIntolerance>",
            "behalve</ObservationIntolerance>",
        ),
        (
            "</ObservationIntolerance>",
            "<subject><relatedSubject><code code='MTH'/></relatedSubject></subject></ObservationIntolerance>",
        ),
        (
            "</ObservationIntolerance>",
            "<precondition/></ObservationIntolerance>",
        ),
        (
            "</ObservationIntolerance>",
            "<statusCode code='nullified'/></ObservationIntolerance>",
        ),
        (
            "</ObservationIntolerance>",
            "<uncertaintyCode code='N'/><uncertaintyCode code='U'/></ObservationIntolerance>",
        ),
        (
            "</ObservationIntolerance>",
            "<author nullFlavor='UNK'/></ObservationIntolerance>",
        ),
        (
            "</ObservationIntolerance>",
            "<subjectOf><annotation><text>Niet gevraagd</text></annotation></subjectOf></ObservationIntolerance>",
        ),
        ("</component4>", "noten</component4>"),
        (
            "'geen bekende allergie'/>",
            "'geen bekende allergie'><qualifier><value code='1'/></qualifier></value>",
        ),
        ("'INTLRNC'", "'FALG'"),
    ] {
        assert_eq!(kind_after(from, to), StatementKind::NoInformation, "{to}");
    }
}

#[test]
fn a_substance_within_or_beside_a_none_known_makes_it_unreadable() {
    for (from, to) in [
        (
            "</ObservationIntolerance>",
            "<value code='7' codeSystem='1.2' displayName='penicilline'/></ObservationIntolerance>",
        ),
        (
            "</ObservationIntolerance>",
            "<sourceOf><observation><value code='7' displayName='penicilline'/></observation></sourceOf></ObservationIntolerance>",
        ),
        (
            "</component4>",
            "<x:ObservationIntolerance xmlns:x='urn:x'><text>noten</text></x:ObservationIntolerance></component4>",
        ),
    ] {
        assert_eq!(kind_after(from, to), StatementKind::Unreadable, "{to}");
    }
}

#[test]
fn a_holder_of_ica_alone_goes_with_them() {
    let ica = "<ObservationIntolerance><text>ICAWOORD</text></ObservationIntolerance>";
    for (open, close) in [
        ("<component7>", "</component7>"),
        ("<sourceOf typeCode='REFR'>", "</sourceOf>"),
        (
            "<pertinentInformation><rest>",
            "</rest></pertinentInformation>",
        ),
        ("<x:houder xmlns:x='urn:x'><x:rest>", "</x:rest></x:houder>"),
    ] {
        let holder = format!("{open}{ica}{ica}{close}");
        let with = summary(&holder);
        let without = summary("");
        let seen = read_all(&with, Scope::WithoutIca);
        assert_eq!(
            seen.shown,
            read_all(&without, Scope::WithoutIca).shown,
            "{open}"
        );
        assert!(seen.findings.is_empty());
        assert!(!opened(&with).parts()[0].has_content_without_ica, "{open}");
        assert!(
            read_all(&with, Scope::Full)
                .shown
                .to_string()
                .contains("ICAWOORD")
        );
    }
}

#[test]
fn a_marker_that_is_written_otherwise_or_not_known_never_opens() {
    let system = crate::readers::TRAINING_MARKER_SYSTEM;
    let marker = |code: &str| {
        let text = summary(code);
        opened(&text).parts()[0].marker
    };
    let code = |code: &str, system: &str| {
        format!("<confidentialityCode code='{code}' codeSystem='{system}'/>")
    };
    let upper = system.to_ascii_uppercase();
    let (uuid, oid) = (format!("urn:uuid:{system}"), format!("urn:oid:{system}"));
    let blank = format!(" {system} ");
    for written in [system, &upper, &uuid, &oid, &blank] {
        for (text, expected) in [
            ("CORONA", Marker::Corona),
            ("corona", Marker::Corona),
            (" CORONA ", Marker::Corona),
            ("geen_toestemming", Marker::OptedOut),
            ("OPT_IN", Marker::Absent),
            ("CORONA2", Marker::CoronaAndExplicit),
            ("", Marker::CoronaAndExplicit),
        ] {
            assert_eq!(marker(&code(text, written)), expected, "{text} {written}");
        }
    }
    let inner = |inside: &str| {
        format!("<confidentialityCode code='N' codeSystem='1.2'>{inside}</confidentialityCode>")
    };
    let translation = format!("<translation code='CORONA' codeSystem='{system}'/>");
    let t40 = "<translation code='1' codeSystem='2.16.840.1.113883.2.4.4.1.902.40'/>";
    assert_eq!(marker(&inner(&translation)), Marker::Corona);
    assert_eq!(marker(&inner(&(translation + t40))), Marker::Corona);
    assert_eq!(
        marker(&format!(
            "<x:confidentialityCode xmlns:x='urn:x' code='CORONA' codeSystem='{system}'/>"
        )),
        Marker::Corona
    );
    assert_eq!(marker(&inner("")), Marker::Absent);
    let around = batch(1, &(code("CORONA", system) + &summary("")));
    assert_eq!(opened(&around).parts()[0].marker, Marker::Corona);
}

#[test]
fn a_number_counts_as_a_patients_however_and_wherever_it_is_written() {
    let bsn = "2.16.840.1.113883.2.4.6.3";
    let other = |root: &str| format!("<id root='{root}' extension='123456782'/>");
    for provision in [
        format!(
            "<component1><rest>{}</rest></component1>",
            other(&format!(" {bsn} "))
        ),
        format!(
            "<component1><rest>{}</rest></component1>",
            other(&format!("urn:oid:{bsn}"))
        ),
        format!(
            "<component1><encounter><participant><Patient>{}</Patient></participant></encounter></component1>",
            other(bsn)
        ),
        format!(
            "<component1><encounter><performer><assignedPatient>{}</assignedPatient></performer></encounter></component1>",
            other(bsn)
        ),
        format!(
            "<component1><encounter><unassignedHolder>{}</unassignedHolder></encounter></component1>",
            other(bsn)
        ),
        format!("<subject><Patient>{}</Patient></subject>", other("1.2.3")),
    ] {
        let text = summary(&provision);
        assert_eq!(opened(&text).parts()[0].bsns.len(), 2, "{provision}");
    }
    let author = format!(
        "<component1><encounter><author><assignedPerson>{}</assignedPerson></author></encounter></component1>",
        other(bsn)
    );
    assert_eq!(opened(&summary(&author)).parts()[0].bsns.len(), 1);
}

#[test]
fn a_code_of_thesaurus_40_at_the_patient_leaves_the_patient() {
    let odd = "<rest code='1' codeSystem='2.16.840.1.113883.2.4.4.1.902.40'/></Patient>";
    let text = summary("").replace("</Patient>", odd);
    let whole = read_all(&text, Scope::WithoutIca);
    assert!(whole.record().patient.is_some());
    assert_eq!(opened(&text).parts()[0].bsns_without_ica.len(), 1);
}

#[test]
fn a_none_known_of_the_future_gives_no_information() {
    assert_eq!(
        kind_after("'20260907'", "'20990101'"),
        StatementKind::NoInformation
    );
}

#[test]
fn an_organisation_is_known_with_and_without_its_leading_zeros() {
    for ura in ["9002", " 00009002 ", "00009002"] {
        let text = summary("").replace(
            "</sender>",
            "",
        ).replace(
            "</device>",
            &format!("<agencyFor><representedOrganization><id root='2.16.528.1.1007.3.3' extension='{ura}'/></representedOrganization></agencyFor></device></sender>"),
        );
        assert_eq!(
            opened(&text).parts()[0].organisation_ura.as_deref(),
            Some("00009002")
        );
    }
}

#[test]
fn ica_that_are_written_otherwise_or_stand_elsewhere_are_ica() {
    let act = "<observation><code code='1' codeSystem='9'/><text>ICAWOORD</text></observation>";
    let observation = |code: &str, value: &str| {
        format!("<component2><observation>{code}{value}</observation></component2>")
    };
    for provision in [
        format!("<Component4>{act}</Component4>"),
        format!("<x:component4 xmlns:x='urn:x'>{act}</x:component4>"),
        format!("<component1><encounter><id root='1.2' extension='1'/><component3>{act}</component3></encounter></component1>"),
        "<component5><Contraindication><text>ICAWOORD</text></Contraindication></component5>".to_owned(),
        "<component5><x:ObservationIntolerance xmlns:x='urn:x'><x:text>ICAWOORD</x:text></x:ObservationIntolerance></component5>".to_owned(),
        observation("<code code='intlrnc ' codeSystem='2.16.840.1.113883.5.4'/>", "<text>ICAWOORD</text>"),
        observation("<code code='7' codeSystem='9'><translation code='ALG' codeSystem='urn:oid:2.16.840.1.113883.5.4'/></code>", "<text>ICAWOORD</text>"),
        observation("<code code='48765-2' codeSystem='2.16.840.1.113883.6.1'/>", "<text>ICAWOORD</text>"),
        observation("<code code='416098002' codeSystem='2.16.840.1.113883.6.96'/>", "<text>ICAWOORD</text>"),
        observation("<code code='7' codeSystem='9'/>", "<value code='716186003' codeSystem='2.16.840.1.113883.6.96' displayName='ICAWOORD'/>"),
        observation("<code code='7' codeSystem='9'/>", "<value code='1' codeSystemName='G-Standaard Thesaurus 40' displayName='ICAWOORD'/>"),
        observation("<code code='74018-3' codeSystem='2.16.840.1.113883.6.1'><originalText>ICAWOORD</originalText></code>", ""),
        observation("<code code='7' codeSystem='9'><translation code='74018-3' codeSystem='2.16.840.1.113883.6.1'/></code>", "<text>ICAWOORD</text>"),
        observation("<code code='7' codeSystem='9'/>", "<value code='1' codeSystem=' 2.16.840.1.113883.2.4.4.1.902.40' displayName='ICAWOORD'/>"),
    ] {
        let text = summary(&provision);
        let seen = read_all(&text, Scope::WithoutIca);
        assert!(!seen.shown.to_string().contains("ICAWOORD"), "{provision}");
        let full = read_all(&text, Scope::Full);
        assert!(full.shown.to_string().contains("ICAWOORD"), "{provision}");
        let record = full.record();
        assert_eq!(record.allergies.len() + record.contraindications.len(), 1, "{provision}");
        assert_eq!(full.coverage.lost, 0, "{provision}");
    }
}

#[test]
fn a_none_known_that_its_own_author_signed_stands() {
    let author = "<author><time value='20260907'/><AssignedEntity><id root='2.16.528.1.1007.3.1' extension='1'/>\
        <assignedPerson><name><family>Dijk</family></name></assignedPerson><Organization><name>Praktijk</name></Organization>\
        </AssignedEntity></author></ObservationIntolerance>";
    assert_eq!(
        kind_after("</ObservationIntolerance>", author),
        StatementKind::NoneKnown
    );
}

#[test]
fn ica_outside_every_record_are_unreadable() {
    let beside = "</PrimaryCareProvision><PrimaryCareProvision2><component4><rest displayName='ICAWOORD'/>\
        </component4></PrimaryCareProvision2>";
    let text = summary(NONE_KNOWN).replacen("</PrimaryCareProvision>", beside, 1);
    let whole = read_all(&text, Scope::Full);
    let kinds: Vec<_> = whole.record().allergies.iter().map(|s| s.kind).collect();
    assert_eq!(kinds, [StatementKind::NoneKnown, StatementKind::Unreadable]);
    let without = read_all(&text, Scope::WithoutIca);
    assert!(!without.shown.to_string().contains("ICAWOORD"));
    assert!(without.record().allergies.is_empty());
}
