//! Agreements, prescriptions, dispenses.

use super::{around, component, related, whole};
use crate::domain::summary::clinical::MedicationKind;
use crate::domain::summary::{Detail, Medication};
use crate::readers::Scope;
use crate::readers::hl7v3::tests::read_all;

fn agreement(inside: &str) -> Medication {
    let act = format!(
        "<substanceAdministration classCode='SBADM' moodCode='RQO'><id extension='m1' root='1.3'/>\
         <code code='16076005' codeSystem='2.16.840.1.113883.6.96'/>{inside}</substanceAdministration>"
    );
    whole("QUMA_IN991203NL03", &component(&act))
        .medication
        .remove(0)
}

fn part(number: &str, inside: &str) -> String {
    format!(
        "<entryRelationship typeCode='COMP'><sequenceNumber value='{number}'/><substanceAdministration classCode='SBADM' moodCode='RQO'>\
         {inside}<consumable xsi:nil='true'/></substanceAdministration></entryRelationship>"
    )
}

fn named<'s>(details: &'s [Detail], name: &str) -> &'s Detail {
    details
        .iter()
        .find(|detail| detail.name == name)
        .unwrap_or_else(|| panic!("no {name} in {details:#?}"))
}

fn number(detail: &Detail) -> &str {
    detail.quantity.as_ref().unwrap().value.as_deref().unwrap()
}

#[test]
fn an_agreement_has_its_words_period_route_and_product() {
    let read = agreement(
        "<text mediaType='text/plain'>1 maal per dag 2 stuks</text><effectiveTime xsi:type='IVL_TS'><low value='20261101'/>\
         <high value='20261130'/></effectiveTime><routeCode code='9' codeSystem='2.16.840.1.113883.2.4.4.9' displayName='Oraal'/>\
         <consumable><manufacturedProduct><manufacturedMaterial classCode='MMAT' determinerCode='KIND'>\
         <code code='17469' codeSystem='2.16.840.1.113883.2.4.4.10' displayName='IBUPROFEN'><translation code='42080' \
         codeSystem='2.16.840.1.113883.2.4.4.1'/></code></manufacturedMaterial></manufacturedProduct></consumable>",
    );
    assert_eq!(read.kind, MedicationKind::Agreement);
    assert_eq!(read.text.as_deref(), Some("1 maal per dag 2 stuks"));
    assert_eq!(read.period.high.as_ref().unwrap().raw, "20261130");
    assert_eq!(read.product.translations.len(), 1);
    assert_eq!(read.uses[0].route.as_ref().unwrap().label(), Some("Oraal"));
}

#[test]
fn a_dose_instruction_has_frequency_phase_maximum_and_when_needed() {
    let quantity = |name: &str, value: &str| format!("<hl7nl:{name} value='{value}' unit='d'/>");
    let frequency = format!(
        "<hl7nl:frequency><hl7nl:numerator xsi:type='hl7nl:INT'><hl7nl:uncertainRange><hl7nl:low value='3'/><hl7nl:high value='4'/>\
         </hl7nl:uncertainRange></hl7nl:numerator>{}</hl7nl:frequency>",
        quantity("denominator", "1")
    );
    let cycle = format!(
        "<hl7nl:phase>{}</hl7nl:phase>{}",
        quantity("width", "2"),
        quantity("period", "3")
    );
    let schedule = format!(
        "<effectiveTime operator='A' xsi:type='SXPR_TS'><comp xsi:type='hl7nl:PIVL_TS' operator='A' isFlexible='true'>{frequency}</comp>\
         <comp xsi:type='hl7nl:PIVL_TS'>{cycle}</comp></effectiveTime>"
    );
    let dose = "<doseQuantity><center value='2' unit='1'><translation value='2' code='245' codeSystem='1.2' displayName='stuk'/>\
         </center></doseQuantity><maxDoseQuantity><numerator value='6'/><denominator value='1' unit='d'/></maxDoseQuantity>\
         <precondition><criterion><code code='1137' codeSystem='2.16.840.1.113883.2.4.4.5' displayName='zo nodig'/></criterion></precondition>";
    let duration = "<effectiveTime xsi:type='IVL_TS'><width value='14' unit='d'/></effectiveTime>";
    let read = agreement(&part("1", &format!("{duration}{schedule}{dose}")));
    let [used] = read.uses.as_slice() else {
        panic!("{:#?}", read.uses);
    };
    let frequency = named(&used.details, "frequency");
    assert_eq!(number(named(&frequency.details, "minimum")), "3");
    assert_eq!(number(named(&frequency.details, "maximum")), "4");
    assert_eq!(number(named(&frequency.details, "per")), "1");
    assert_eq!(
        number(named(&named(&used.details, "phase").details, "duration")),
        "2"
    );
    assert_eq!(used.repeats[0].value.as_deref(), Some("3"));
    assert_eq!(number(named(&used.details, "duration")), "14");
    assert_eq!(number(named(&used.details, "maximum")), "6");
    assert!(named(&used.details, "as_needed").coded.is_some());
    assert_eq!(named(&used.details, "sequence").text.as_deref(), Some("1"));
    assert_eq!(
        named(&used.details, "flexible").text.as_deref(),
        Some("true")
    );
    assert_eq!(used.doses[0].translations.len(), 1);
}

#[test]
fn parts_of_an_instruction_stay_in_order_and_reasons_have_names() {
    let reason = |code: &str| {
        related(
            "RSON",
            &format!(
                "<observation classCode='OBS' moodCode='EVN'><code code='{code}' codeSystem='2.16.840.1.113883.2.4.3.11.60.20.77.5.2'/>\
                 <value xsi:type='CE' nullFlavor='OTH'><originalText>maagpijn</originalText></value></observation>"
            ),
        )
    };
    let instruction = related(
        "SPRT",
        "<act classCode='ACT' moodCode='RQO'><code code='1137' codeSystem='2.16.840.1.113883.2.4.4.5' displayName='Zo nodig'/></act>",
    );
    let dose = |n: &str| format!("<doseQuantity><center value='{n}'/></doseQuantity>");
    let read = agreement(
        &(part("1", &dose("1"))
            + &part("2", &dose("2"))
            + &reason("2")
            + &reason("10")
            + &instruction),
    );
    let doses: Vec<_> = read
        .uses
        .iter()
        .map(|u| u.doses[0].value.as_deref().unwrap())
        .collect();
    assert_eq!(doses, ["1", "2"]);
    for name in [
        "agreement_reason",
        "prescribing_reason",
        "additional_instruction",
    ] {
        assert!(named(&read.details, name).coded.is_some(), "{name}");
    }
}

#[test]
fn a_product_made_by_hand_lists_what_is_in_it() {
    let read = agreement(
        "<consumable><manufacturedProduct><manufacturedMaterial xmlns:p='urn:ihe:pharm:medication'><code nullFlavor='OTH'/><name>Zinkzalf</name>\
         <p:desc>Regel: zinkoxide</p:desc><p:ingredient classCode='INGR'><p:quantity><numerator xsi:type='PQ' value='10' unit='g'/>\
         <denominator xsi:type='PQ' value='100' unit='g'/></p:quantity><p:ingredient classCode='MMAT' determinerCode='KIND'>\
         <p:code code='265225' codeSystem='2.16.840.1.113883.2.4.4.7' displayName='ZINKOXIDE'/></p:ingredient></p:ingredient>\
         </manufacturedMaterial></manufacturedProduct></consumable>",
    );
    assert_eq!(read.product_texts, ["Zinkzalf", "Regel: zinkoxide"]);
    let ingredient = named(&read.details, "ingredient");
    assert_eq!(
        ingredient.coded.as_ref().unwrap().label(),
        Some("ZINKOXIDE")
    );
    assert_eq!(number(named(&ingredient.details, "quantity")), "10");
    assert_eq!(number(named(&ingredient.details, "per")), "100");
}

const SUBJECT: &str = "<subject><Patient><id extension='999900006' root='2.16.840.1.113883.2.4.6.3'/></Patient></subject>";

fn listed(interaction: &str, list: &str, inside: &str) -> Medication {
    let text = around(
        interaction,
        &format!(
            "<subject><{list}><code code='MEDLIST' codeSystem='2.16.840.1.113883.5.4'/>{SUBJECT}{inside}</{list}></subject>"
        ),
    );
    let whole = read_all(&text, Scope::Full);
    assert_eq!(whole.coverage.lost, 0);
    assert_eq!(whole.record().unrecognised, []);
    assert_eq!(whole.record().patient.as_ref().unwrap().bsn, "999900006");
    whole.record().medication[0].clone()
}

#[test]
fn a_dispense_has_product_quantity_use_and_its_prescription() {
    let read = listed(
        "QURX_IN990113NL",
        "MedicationDispenseList",
        "<component><medicationDispenseEvent><id extension='d1' root='1.3'/><statusCode code='completed'/><effectiveTime value='20261101'/>\
         <quantity value='30' unit='1'/><performer><assignedPerson><id nullFlavor='MSK'/><representedOrganization>\
         <id extension='00012345' root='2.16.528.1.1007.3.3'/><name>Apotheek De Brug</name></representedOrganization></assignedPerson></performer>\
         <product><dispensedMedication><MedicationKind><code code='1' codeSystem='2.16.840.1.113883.2.4.4.8' displayName='PARACETAMOL'/></MedicationKind>\
         <directTargetOf><prescription><id extension='v1' root='1.3'/><statusCode code='active'/><author><time value='20261101'/><AssignedPerson>\
         <id extension='01009001' root='2.16.840.1.113883.2.4.6.1'/></AssignedPerson></author></prescription></directTargetOf>\
         <therapeuticAgentOf><medicationAdministrationRequest><text mediaType='text/plain'>zo nodig 1 stuk</text><statusCode code='active'/>\
         <effectiveTime xsi:type='SXPR_TS'><comp xsi:type='IVL_TS'><low value='20261101'/><width value='7' unit='d'/></comp>\
         <comp operator='A' xsi:type='PIVL_TS'><period value='0.25' unit='d'/></comp></effectiveTime>\
         <precondition><observationEventCriterion><code code='1137' codeSystem='2.16.840.1.113883.2.4.4.5'/></observationEventCriterion></precondition>\
         <support2><medicationAdministrationInstruction><code nullFlavor='OTH'><originalText>met water</originalText></code>\
         </medicationAdministrationInstruction></support2></medicationAdministrationRequest></therapeuticAgentOf></dispensedMedication></product>\
         </medicationDispenseEvent></component>",
    );
    assert_eq!(read.kind, MedicationKind::Dispense);
    assert_eq!(number(named(&read.details, "quantity")), "30");
    assert!(
        named(&read.details, "prescription")
            .details
            .iter()
            .any(|d| d.name == "prescriber")
    );
    assert_eq!(read.references[0].ids[0].extension.as_deref(), Some("v1"));
    let used = &read.uses[0];
    assert_eq!(used.repeats[0].value.as_deref(), Some("0.25"));
    for name in ["duration", "as_needed", "additional_instruction"] {
        named(&used.details, name);
    }
}

#[test]
fn a_list_of_prescriptions_and_one_prescription_alone_are_read_alike() {
    let prescription = |name: &str, subject: &str| {
        format!(
            "<{name} classCode='SBADM' moodCode='RQO'><id extension='v1' root='1.3'/><statusCode code='active'/>{subject}<directTarget>\
             <prescribedMedication><MedicationKind><code code='1' codeSystem='1.2' displayName='DOXYCYCLINE'/></MedicationKind>\
             </prescribedMedication></directTarget></{name}>"
        )
    };
    let in_list = listed(
        "QURX_IN990103NL",
        "MedicationPrescriptionList",
        &format!(
            "<component>{}</component>",
            prescription("prescription", "")
        ),
    );
    assert_eq!(in_list.kind, MedicationKind::Prescription);
    assert_eq!(in_list.product.label(), Some("DOXYCYCLINE"));
    let alone = around(
        "QURX_IN990003NL02",
        &format!(
            "<subject>{}</subject>",
            prescription("Prescription", SUBJECT)
        ),
    );
    let whole = read_all(&alone, Scope::Full);
    assert_eq!(whole.coverage.lost, 0);
    assert_eq!(whole.record().medication, [in_list]);
}
