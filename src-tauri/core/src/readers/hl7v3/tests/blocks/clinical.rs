//! Concerns, contacts, reports, measurements, laboratory.

use super::{component, concern_reference, contact_reference, record, related, whole};
use crate::domain::summary::MeasuredValue;

fn problem(id: &str, code: &str, more: &str) -> String {
    related(
        "SUBJ",
        &format!(
            "<observation classCode='OBS' moodCode='EVN'><id extension='{id}' root='1.7'/>\
             <code code='282291009' codeSystem='2.16.840.1.113883.6.96' displayName='Diagnosis'/>{more}\
             <effectiveTime><low value='2019'/></effectiveTime>\
             <value xsi:type='CD' code='{code}' codeSystem='2.16.840.1.113883.2.4.4.31.1' displayName='titel {code}'/></observation>"
        ),
    )
}

fn concern(inside: &str) -> String {
    component(&format!(
        "<act classCode='ACT' moodCode='EVN'><id extension='e1' root='1.6'/>\
         <code code='CONC' codeSystem='2.16.840.1.113883.5.6' displayName='Concern'/>{inside}</act>"
    ))
}

#[test]
fn a_concern_is_an_episode_with_its_first_problem_and_the_others_by_name() {
    let inside = format!(
        "<text>Rugpijn</text><statusCode code='active'/><effectiveTime><low value='20190401'/></effectiveTime>{}{}",
        problem("p1", "L03", "<statusCode code='completed'/>"),
        problem("p2", "L86", ""),
    );
    let read = whole("REPC_IN990111NL", &concern(&inside));
    let episode = &read.episodes[0];
    assert_eq!(episode.title.as_deref(), Some("Rugpijn"));
    assert_eq!(
        episode.problem.as_ref().unwrap().code.as_deref(),
        Some("L03")
    );
    assert_eq!(episode.problem_ids[0].extension.as_deref(), Some("p1"));
    assert!(!episode.closed && !episode.withdrawn);
    let further = episode
        .details
        .iter()
        .find(|d| d.name == "problem")
        .unwrap();
    assert_eq!(further.coded.as_ref().unwrap().code.as_deref(), Some("L86"));
    assert_eq!(read.patient.unwrap().bsn, "999900006");
}

#[test]
fn a_problem_that_was_taken_back_is_not_what_the_concern_is_about() {
    let inside = problem("p1", "K75", "<statusCode code='nullified'/>")
        + &problem("p2", "K76", "<statusCode code='completed'/>");
    let (read, _) = record("REPC_IN990111NL", &concern(&inside));
    let episode = &read.episodes[0];
    assert_eq!(
        episode.problem.as_ref().unwrap().code.as_deref(),
        Some("K76")
    );
    assert!(
        episode
            .details
            .iter()
            .any(|d| d.name == "withdrawn_problem")
    );
}

#[test]
fn a_concern_with_an_end_is_closed_and_one_entered_in_error_is_withdrawn() {
    let ended = "<statusCode code='active'/><effectiveTime><low value='2019'/><high value='2020'/></effectiveTime>";
    assert!(whole("REPC_IN990111NL", &concern(ended)).episodes[0].closed);
    let error = "<statusCode code='nullified'/>";
    assert!(whole("REPC_IN990111NL", &concern(error)).episodes[0].withdrawn);
}

#[test]
fn a_concern_that_is_denied_is_listed_and_no_episode() {
    let denied = component(
        "<act classCode='ACT' moodCode='EVN' negationInd='true'><text>Astma</text></act>",
    );
    let (read, findings) = record("REPC_IN990111NL", &denied);
    assert!(read.episodes.is_empty());
    assert!(!read.unrecognised.is_empty() && !findings.is_empty());
}

#[test]
fn a_contact_has_who_held_it_and_what_it_was_about() {
    let act = format!(
        "<encounter classCode='ENC' moodCode='EVN'><id extension='c1' root='1.2'/>\
         <code code='05' codeSystem='2.16.840.1.113883.2.4.4.30.14'/><effectiveTime><low value='202611011000'/>\
         <high value='202611011015'/></effectiveTime><performer typeCode='PRF'><assignedEntity><id extension='9' root='1.9'/>\
         <assignedPerson><name>Huisarts 1</name></assignedPerson></assignedEntity></performer>{}</encounter>",
        concern_reference("e1")
    );
    let read = whole("PRPA_IN900350NL", &component(&act));
    let contact = &read.contacts[0];
    assert_eq!(
        contact
            .author
            .as_ref()
            .unwrap()
            .name
            .as_ref()
            .unwrap()
            .family,
        "Huisarts 1"
    );
    assert_eq!(
        contact.references[0].ids[0].extension.as_deref(),
        Some("e1")
    );
    assert!(!contact.referred_only);
}

pub(super) fn report(id: &str, contact: &str, inside: &str) -> String {
    component(&format!(
        "<act classCode='ACT' moodCode='EVN'><id extension='{id}' root='1.8'/>\
         <code code='34900-1' codeSystem='2.16.840.1.113883.6.1'/><statusCode code='completed'/><effectiveTime value='20261101'/>\
         {}{inside}</act>",
        contact_reference(contact)
    ))
}

pub(super) fn soep(code: &str, text: &str, inside: &str) -> String {
    related(
        "COMP",
        &format!(
            "<act classCode='ACT' moodCode='EVN'><code code='{code}' codeSystem='2.16.840.1.113883.6.1'/><text>{text}</text>\
             <statusCode code='completed'/>{inside}</act>"
        ),
    )
}

#[test]
fn a_report_is_a_partial_contact_of_a_contact_that_is_only_referred_to() {
    let diagnosis = related(
        "REFR",
        "<observation classCode='OBS' moodCode='EVN'><id extension='p1' root='1.7'/>\
         <code code='282291009' codeSystem='2.16.840.1.113883.6.96'/><statusCode code='completed'/>\
         <value xsi:type='CD' code='L03' codeSystem='2.16.840.1.113883.2.4.4.31.1'/></observation>",
    );
    let lines = concern_reference("e1")
        + &soep("61150-9", "in de rug geschoten", "")
        + &soep("61149-1", "drukpijn", "")
        + &soep("51848-0", "lage rugklachten", &diagnosis)
        + &soep("18776-5", "CAVE penicilline", "");
    let read = whole("REPC_IN990101NL", &report("v1", "c1", &lines));
    let contact = &read.contacts[0];
    assert!(contact.referred_only);
    assert_eq!(contact.ids[0].extension.as_deref(), Some("c1"));
    let partial = &contact.partials[0];
    let texts: Vec<_> = partial
        .lines
        .iter()
        .filter_map(|l| l.text.as_deref())
        .collect();
    assert_eq!(
        texts,
        [
            "in de rug geschoten",
            "drukpijn",
            "lage rugklachten",
            "CAVE penicilline"
        ]
    );
    assert_eq!(partial.diagnoses[0].value.code.as_deref(), Some("L03"));
    assert_eq!(
        partial.references[0].ids[0].extension.as_deref(),
        Some("e1")
    );
}

#[test]
fn two_reports_of_one_contact_stand_in_it_together() {
    let line = soep("61150-9", "hoest", "");
    let reports =
        report("v1", "c1", &line) + &report("v2", "c1", &line) + &report("v3", "c2", &line);
    let read = whole("REPC_IN990101NL", &reports);
    let partials: Vec<_> = read.contacts.iter().map(|c| c.partials.len()).collect();
    assert_eq!(partials, [2, 1]);
}

#[test]
fn a_line_that_was_taken_back_is_told_apart_from_those_that_stand() {
    let line = soep("61150-9", "verkeerde patiënt", "").replace("completed", "nullified");
    let read = whole(
        "REPC_IN990101NL",
        &report("v1", "c1", &(line + &soep("61149-1", "koorts", ""))),
    );
    let partial = &read.contacts[0].partials[0];
    assert_eq!(partial.lines.len(), 1);
    assert_eq!(partial.details[0].name, "line_nullified");
}

fn observation(id: &str, inside: &str) -> String {
    format!(
        "<observation classCode='OBS' moodCode='EVN'><id extension='{id}' root='1.4'/>\
         <code code='523' codeSystem='2.16.840.1.113883.2.4.4.30.45' displayName='creatinine'/><statusCode code='completed'/>\
         {inside}</observation>"
    )
}

#[test]
fn a_measurement_has_value_interpretation_range_and_who_measured() {
    let inside = "<effectiveTime value='20261101'/><value xsi:type='PQ' value='138' unit='umol/L'/>\
         <interpretationCode code='H' codeSystem='2.16.840.1.113883.5.83'/><participant typeCode='RESP'><time value='20261102'/>\
         <participantRole classCode='ASSIGNED'><id extension='9' root='1.9'/></participantRole></participant>\
         <referenceRange typeCode='REFV'><observationRange classCode='OBS' moodCode='EVN.CRT'><value xsi:type='IVL_PQ'>\
         <low value='60' unit='umol/L'/><high value='110' unit='umol/L'/></value></observationRange></referenceRange>";
    let inside = format!("{inside}{}", contact_reference("c1"));
    let read = whole("POOB_IN990003NL", &component(&observation("m1", &inside)));
    let measured = &read.measurements[0];
    assert!(
        matches!(&measured.value, MeasuredValue::Quantity(q) if q.value.as_deref() == Some("138"))
    );
    assert_eq!(measured.interpretations[0].code.as_deref(), Some("H"));
    assert_eq!(measured.reference_ranges.len(), 1);
    assert_eq!(
        measured.author.as_ref().unwrap().time.as_ref().unwrap().raw,
        "20261102"
    );
    assert_eq!(measured.references.len(), 1);
    assert!(read.laboratory.is_empty());
}

#[test]
fn a_panel_of_the_laboratory_holds_its_results_by_key() {
    let specimen = "<specimen typeCode='SPC'><specimenRole classCode='SPEC'><specimenPlayingEntity>\
         <code code='119297000' codeSystem='2.16.840.1.113883.6.96' displayName='bloed'/></specimenPlayingEntity></specimenRole></specimen>";
    let panel = format!(
        "<organizer classCode='BATTERY' moodCode='EVN'><id extension='b1' root='1.4'/><code code='24331-1' codeSystem='2.16.840.1.113883.6.1'/>\
         <statusCode code='completed'/>{specimen}{}{}</organizer>",
        component(&observation("l1", "<value xsi:type='PQ' value='1'/>")),
        component(&observation("l2", "<value xsi:type='PQ' value='2'/>")),
    );
    let read = whole("POLB_IN364001NL02", &component(&panel));
    let [panel, first, second] = read.laboratory.as_slice() else {
        panic!("{:#?}", read.laboratory);
    };
    let members: Vec<_> = panel
        .members
        .iter()
        .filter_map(|m| m.target.as_ref())
        .collect();
    assert_eq!(members, [&first.key, &second.key]);
    assert_eq!(panel.details[0].name, "specimen");
    assert!(read.measurements.is_empty());
}

#[test]
fn parts_of_a_measurement_have_values_of_their_own() {
    let inside = related(
        "COMP",
        &observation("s", "<value xsi:type='PQ' value='120' unit='mm[Hg]'/>"),
    ) + &related(
        "COMP",
        &observation("d", "<value xsi:type='PQ' value='80' unit='mm[Hg]'/>"),
    );
    let read = whole("POOB_IN990003NL", &component(&observation("m1", &inside)));
    assert_eq!(read.measurements[0].components.len(), 2);
}

#[test]
fn what_no_reader_of_the_block_knows_is_listed_with_its_place() {
    let odd = component("<procedure classCode='PROC' moodCode='EVN'><text>gips</text></procedure>");
    let (read, findings) = record("POOB_IN990003NL", &odd);
    assert!(read.measurements.is_empty());
    assert!(
        read.unrecognised
            .iter()
            .any(|u| u.path == "organizer/component/procedure/text")
    );
    assert!(!findings.is_empty());
}
