//! What single things in a building block become. Every message here is ours.

mod allergies;
mod answers;
mod clinical;
mod large;
mod linked;
mod medication;
mod withheld;

use super::read_all;
use crate::domain::finding::Finding;
use crate::readers::{Scope, SourceRecord};

/// Who a block is about, as the blocks write it.
const PATIENT: &str = "<recordTarget typeCode='RCT' contextControlCode='OP'><patientRole><id extension='999900006' root='2.16.840.1.113883.2.4.6.3'/>\
     <patient><name><given>Noor</given><family>Berg</family></name><birthTime value='19800102'/></patient></patientRole></recordTarget>";

/// A building block with these children of its organizer.
pub(super) fn block(interaction: &str, components: &str) -> String {
    around(
        interaction,
        &format!(
            "<subject><organizer classCode='CLUSTER' moodCode='EVN'><templateId root='2.16.840.1.113883.2.4.3.11.60.66.10.16'/>\
             <statusCode code='completed'/>{PATIENT}{components}</organizer></subject>"
        ),
    )
}

/// A message with these subjects, delivered whole.
pub(super) fn around(interaction: &str, subjects: &str) -> String {
    answered(
        interaction,
        "<acknowledgement typeCode='AA'/>",
        &format!("{subjects}<queryAck><queryResponseCode code='OK'/></queryAck>"),
    )
}

/// A message with this acknowledgement and this control act.
pub(super) fn answered(interaction: &str, acknowledgement: &str, act: &str) -> String {
    format!(
        "<{interaction} xmlns='urn:hl7-org:v3' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xmlns:hl7nl='urn:hl7-nl:v3'\
         ><creationTime value='20261122021400'/>{acknowledgement}<sender><device>\
         <id extension='77' root='2.16.840.1.113883.2.4.6.6'/></device></sender>\
         <ControlActProcess moodCode='EVN'>{act}</ControlActProcess></{interaction}>"
    )
}

/// A component with this act.
pub(super) fn component(act: &str) -> String {
    format!("<component typeCode='COMP' contextControlCode='OP'>{act}</component>")
}

/// A relationship with this act.
pub(super) fn related(kind: &str, act: &str) -> String {
    format!("<entryRelationship typeCode='{kind}'>{act}</entryRelationship>")
}

/// A reference to a concern.
pub(super) fn concern_reference(id: &str) -> String {
    related(
        "REFR",
        &format!(
            "<act classCode='ACT' moodCode='EVN'><id extension='{id}' root='1.6'/>\
             <code code='CONC' codeSystem='2.16.840.1.113883.5.6' displayName='Concern'/></act>"
        ),
    )
}

/// A reference to a contact.
pub(super) fn contact_reference(id: &str) -> String {
    related(
        "REFR",
        &format!(
            "<encounter classCode='ENC' moodCode='EVN'><id extension='{id}' root='1.2'/></encounter>"
        ),
    )
}

/// The one record of a block, of which nothing is lost and nothing listed.
pub(super) fn whole(interaction: &str, components: &str) -> SourceRecord {
    let (record, findings) = record(interaction, components);
    assert_eq!(record.unrecognised, []);
    assert_eq!(findings, []);
    record
}

/// The one record of a block, and what was noticed; nothing is lost.
pub(super) fn record(interaction: &str, components: &str) -> (SourceRecord, Vec<Finding>) {
    let read = read_all(&block(interaction, components), Scope::Full);
    assert_eq!(read.coverage.lost, 0);
    (read.record().clone(), read.findings)
}
