//! The large records: 2,000 contacts, and 50,000 entries. Made when they are asked for from a fixed
//! seed, so that the same bytes come every time and no file of many megabytes has to be kept.

use std::fmt::Write;

use chrono::{Days, NaiveDate};

/// A record that is made.
struct Record {
    /// The BSN and birth date that the built-in index gives this patient.
    bsn: &'static str,
    birth_date: &'static str,
    contacts: u32,
    measurements: u32,
}

/// Twenty years at a busy practice.
const LARGE: Record = Record {
    bsn: "999940132",
    birth_date: "19330401",
    contacts: 2_000,
    measurements: 500,
};
/// 50,000 entries besides their journal lines, in more than 20 MB: more than any patient has.
const LARGEST: Record = Record {
    bsn: "999960118",
    birth_date: "19310401",
    contacts: 2_400,
    measurements: 47_500,
};
const ROOT: &str = "2.16.840.1.113883.2.4.6.6.90009003";
const SEED: u64 = 0x1933_0401;
/// Days between two contacts stay under this, in tenths of a day: the record spans some twenty years.
const GAP_TENTH_DAYS_MAX: u32 = 72;

/// Episodes: title in the practice's words, ICPC code and title.
const EPISODES: [(&str, &str, &str); 20] = [
    (
        "Hypertensie",
        "K86",
        "Essentiële hypertensie zonder orgaanbeschadiging",
    ),
    (
        "Diabetes mellitus type 2",
        "T90.02",
        "Diabetes mellitus type 2",
    ),
    ("Hartfalen", "K77", "Decompensatio cordis"),
    ("Boezemfibrilleren", "K78", "Boezemfibrilleren/-fladderen"),
    ("COPD", "R95", "Emfyseem/COPD"),
    ("Artrose beide knieën", "L90", "Gonartrose"),
    ("Jicht", "T92", "Jicht"),
    ("Staar links", "F92", "Cataract"),
    ("Slechthorendheid", "H84", "Presbyacusis"),
    (
        "Nierfunctie afgenomen",
        "U99.01",
        "Nierfunctiestoornis/nierinsufficiëntie",
    ),
    ("Osteoporose", "L95", "Osteoporose"),
    ("Actinische keratosen", "S80", "Keratosis actinica"),
    (
        "Recidiverende blaasontsteking",
        "U71",
        "Cystitis/urineweginfectie",
    ),
    (
        "Rouw na overlijden echtgenoot",
        "Z15",
        "Verlies/overlijden partner",
    ),
    ("Slaapproblemen", "P06", "Slapeloosheid"),
    ("Ulcus cruris rechts", "S97", "Ulcus cruris/decubitus"),
    ("Obstipatie", "D12", "Obstipatie"),
    ("Valneiging", "A80", "Trauma/letsel"),
    ("Schouderklachten links", "L92", "Schoudersyndroom/PHS"),
    ("Bloedarmoede", "B82", "Anemie"),
];
const SUBJECTIVE: [&str; 8] = [
    "Komt voor controle, geen nieuwe klachten.",
    "Sinds enkele dagen meer last dan anders.",
    "Dochter belt: moeder is minder fit.",
    "Vraagt om herhaling van medicijnen.",
    "Is gisteren gestruikeld, nu stijf.",
    "Slaapt slecht, wordt vroeg wakker.",
    "Het gaat beter dan vorige maand.",
    "Wil uitslag van het laboratorium bespreken.",
];
const OBJECTIVE: [&str; 8] = [
    "Niet ziek, bloeddruk zie metingen.",
    "Longen schoon, geen oedeem.",
    "Pols irregulair, frequentie rond 80.",
    "Buik soepel, normale peristaltiek.",
    "Wond rustig, geen tekenen van infectie.",
    "Gewicht gelijk gebleven.",
    "Beweging pijnlijk beperkt, geen zwelling.",
    "Telefonisch, geen onderzoek.",
];
const PLAN: [&str; 8] = [
    "Beleid ongewijzigd, controle over drie maanden.",
    "Laboratoriumonderzoek aangevraagd.",
    "Dosering aangepast, over twee weken bellen.",
    "Uitleg gegeven, afwachten.",
    "Verwezen naar fysiotherapie.",
    "Wijkverpleging ingeschakeld.",
    "Overleg met specialist, brief volgt.",
    "Terugkomen bij toename van klachten.",
];
const DRUGS: [(&str, &str); 6] = [
    ("Furosemide tablet 40 mg", "1x per dag 1 tablet"),
    ("Metoprolol tablet mga 100 mg", "1x per dag 1 tablet"),
    (
        "Paracetamol tablet 500 mg",
        "zo nodig 2 tabletten, ten hoogste 6 per dag",
    ),
    (
        "Macrogol/elektrolyten poeder voor drank",
        "1x per dag 1 sachet",
    ),
    ("Nitrofurantoïne capsule mga 100 mg", "2x per dag 1 capsule"),
    ("Allopurinol tablet 100 mg", "1x per dag 1 tablet"),
];

/// Knuth's linear congruential generator: enough for variety, and the same everywhere.
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, end: u32) -> u32 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((self.0 >> 33) % u64::from(end.max(1))).unwrap_or_default()
    }

    fn pick<'a, T>(&mut self, of: &'a [T], otherwise: &'a T) -> &'a T {
        let end = u32::try_from(of.len()).unwrap_or(u32::MAX);
        usize::try_from(self.below(end))
            .ok()
            .and_then(|index| of.get(index))
            .unwrap_or(otherwise)
    }
}

/// The record of 2,000 contacts, a bare `QUPC_IN990002NL`.
pub(crate) fn large() -> String {
    message(&LARGE)
}

/// The record of 50,000 entries.
pub(crate) fn largest() -> String {
    message(&LARGEST)
}

fn message(record: &Record) -> String {
    let mut seeded = Seeded(SEED);
    let Record {
        bsn, birth_date, ..
    } = record;
    let mut encounters = String::with_capacity(8 * 1024 * 1024);
    let mut measurements = String::new();
    let mut measured = 0;
    let mut references = vec![String::new(); EPISODES.len()];
    let mut day = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap_or_default();
    let mut tenths = 0;
    for nr in (1..=record.contacts).rev() {
        let date = day.format("%Y%m%d").to_string();
        encounter(&mut encounters, &mut references, &mut seeded, nr, &date);
        // As many by now as belong to the contacts so far.
        let due = u64::from(record.measurements) * u64::from(record.contacts - nr + 1)
            / u64::from(record.contacts);
        while u64::from(measured) < due {
            measured += 1;
            measurement(&mut measurements, &mut seeded, measured, &date);
        }
        tenths += seeded.below(GAP_TENTH_DAYS_MAX);
        day = day
            .checked_sub_days(Days::new(u64::from(tenths / 10)))
            .unwrap_or(day);
        tenths %= 10;
    }
    let mut out = String::with_capacity(encounters.len() + measurements.len() + 1024 * 1024);
    out.push_str(HEAD);
    let _ = write!(
        out,
        "<subject contextControlCode=\"AP\"><Patient><id extension=\"{bsn}\" root=\"2.16.840.1.113883.2.4.6.3\"/>\
         <addr use=\"HP\"><streetName>Maaskade</streetName><houseNumber>200</houseNumber><postalCode>6041 ZZ</postalCode>\
         <city>Roermond</city></addr><Person><name><given qualifier=\"IN\">C.W.</given><prefix qualifier=\"VV\">op 't </prefix>\
         <family qualifier=\"BR\">Veld</family></name><administrativeGenderCode code=\"F\" codeSystem=\"2.16.840.1.113883.5.1\"/>\
         <birthTime value=\"{birth_date}\"/></Person></Patient></subject>\n{AUTHOR}"
    );
    for (nr, ((text, icpc, title), refs)) in EPISODES.iter().zip(&references).enumerate() {
        let _ = writeln!(
            out,
            "<component7 contextConductionInd=\"true\"><episodeOfCondition><id extension=\"{id}\" root=\"{ROOT}.4.6\"/>\
             <text>{text}</text><statusCode code=\"active\"/><effectiveTime><low value=\"{year}\"/></effectiveTime>\
             <component2 contextConductionInd=\"true\"><episodOfCare>{refs}</episodOfCare></component2>\
             <reason contextConductionInd=\"true\"><ObservationDx><code code=\"DISDX\" codeSystem=\"2.16.840.1.113883.5.4\"/>\
             <value code=\"{icpc}\" codeSystem=\"2.16.840.1.113883.2.4.4.31.1\" codeSystemName=\"ICPC-1-NL\" displayName=\"{title}\"/>\
             </ObservationDx></reason></episodeOfCondition></component7>",
            id = 100 + nr,
            year = 1998 + nr,
        );
    }
    out.push_str(&encounters);
    out.push_str(&measurements);
    out.push_str(TAIL);
    out
}

fn encounter(
    out: &mut String,
    references: &mut [String],
    seeded: &mut Seeded,
    nr: u32,
    date: &str,
) {
    let episode = seeded.below(u32::try_from(EPISODES.len()).unwrap_or(1));
    let episode = usize::try_from(episode).unwrap_or_default();
    let (text, icpc, title) = EPISODES.get(episode).unwrap_or(&EPISODES[0]);
    let _ = writeln!(
        out,
        "<component1><encounter><id extension=\"{nr}\" root=\"{ROOT}.4.1\"/>\
         <code code=\"03\" codeSystem=\"2.16.840.1.113883.2.4.4.30.14\" codeSystemName=\"Soort contact\" displayName=\"consult\"/>\
         <effectiveTime><low value=\"{date}{hour:02}{minute:02}\"/></effectiveTime>\
         <author contextControlCode=\"OP\"><AssignedPerson><id extension=\"900009003\" root=\"2.16.528.1.1007.3.1\"/>\
         <assignedPerson><name><given qualifier=\"IN\">P.</given><family qualifier=\"BR\">Hermans</family></name></assignedPerson>\
         </AssignedPerson></author>",
        hour = 8 + seeded.below(9),
        minute = seeded.below(60),
    );
    let evaluation = format!("{text}.");
    let lines = [
        ("S", *seeded.pick(&SUBJECTIVE, &SUBJECTIVE[0])),
        ("O", *seeded.pick(&OBJECTIVE, &OBJECTIVE[0])),
        ("E", evaluation.as_str()),
        ("P", *seeded.pick(&PLAN, &PLAN[0])),
    ];
    for (kind, (code, line)) in lines.into_iter().enumerate() {
        let root = format!("{ROOT}.4.2.{}", kind + 1);
        component(
            out,
            &format!(
                "<JournalEntry><id extension=\"{nr}\" root=\"{root}\"/><code code=\"{code}\" \
                 codeSystem=\"2.16.840.1.113883.2.4.4.32.2\" displayName=\"{code}\"/><value>{line}</value></JournalEntry>"
            ),
        );
        if let Some(refs) = references.get_mut(episode) {
            let _ = write!(
                refs,
                "<component><actReference moodCode=\"EVN\"><id extension=\"{nr}\" root=\"{root}\"/></actReference></component>"
            );
        }
    }
    component(
        out,
        &format!(
            "<ObservationDx><id extension=\"{nr}\" root=\"{ROOT}.4.3\"/><code code=\"DISDX\" codeSystem=\"2.16.840.1.113883.5.4\"/>\
             <value code=\"{icpc}\" codeSystem=\"2.16.840.1.113883.2.4.4.31.1\" codeSystemName=\"ICPC-1-NL\" displayName=\"{title}\"/>\
             </ObservationDx>"
        ),
    );
    if nr.is_multiple_of(5) {
        let (drug, dose) = seeded.pick(&DRUGS, &DRUGS[0]);
        component(
            out,
            &format!(
                "<Prescription><id extension=\"{nr}\" root=\"{ROOT}.4.5\"/><statusCode code=\"active\"/><directTarget>\
                 <prescribedMedication><MedicationKind><code nullFlavor=\"OTH\"><originalText>{drug}</originalText></code>\
                 </MedicationKind><therapeuticAgentOf><medicationAdministrationRequest><text mediaType=\"text/plain\">{dose}</text>\
                 <effectiveTime xsi:type=\"IVL_TS\"><low value=\"{date}\"/></effectiveTime></medicationAdministrationRequest>\
                 </therapeuticAgentOf></prescribedMedication></directTarget></Prescription>"
            ),
        );
    }
    out.push_str("</encounter></component1>\n");
}

fn component(out: &mut String, content: &str) {
    let _ = writeln!(
        out,
        "<component contextConductionInd=\"true\"><sequenceNumber value=\"1\"/>{content}</component>"
    );
}

fn measurement(out: &mut String, seeded: &mut Seeded, nr: u32, date: &str) {
    let _ = writeln!(
        out,
        "<component2><observation classCode=\"OBS\" moodCode=\"EVN\"><id extension=\"{nr}\" root=\"{ROOT}.4.7\"/>\
         <code code=\"1744\" codeSystem=\"2.16.840.1.113883.2.4.4.30.45\" displayName=\"systolische bloeddruk\"/>\
         <effectiveTime value=\"{date}\"/><value xsi:type=\"PQ\" value=\"{value}\" unit=\"mm[Hg]\"/></observation></component2>",
        value = 118 + seeded.below(50),
    );
}

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<QUPC_IN990002NL xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<id extension="9003-100024-1" root="2.16.840.1.113883.2.4.6.6.90009003.1"/>
<creationTime value="20261122021400"/>
<versionCode code="NICTIZEd2005-Okt"/>
<interactionId extension="QUPC_IN990002NL" root="2.16.840.1.113883.1.6"/>
<profileId extension="810" root="2.16.840.1.113883.2.4.3.11.1"/>
<processingCode code="P"/>
<processingModeCode code="T"/>
<acceptAckCode code="NE"/>
<acknowledgement typeCode="AA"><targetMessage><id extension="vraag-100024" root="2.16.840.1.113883.2.4.6.6.1"/></targetMessage></acknowledgement>
<receiver><device><id extension="1" root="2.16.840.1.113883.2.4.6.6"/></device></receiver>
<sender><device><id extension="90009003" root="2.16.840.1.113883.2.4.6.6"/></device></sender>
<ControlActProcess moodCode="EVN">
<subject typeCode="SUBJ"><PrimaryCareProvision>
<id extension="100024" root="2.16.840.1.113883.2.4.6.6.90009003.2"/>
<statusCode code="active"/>
"#;

const AUTHOR: &str = r#"<author contextControlCode="AP"><AssignedEntity><id extension="900009003" root="2.16.528.1.1007.3.1"/>
<code code="01.015" codeSystem="2.16.840.1.113883.2.4.15.111" displayName="Huisarts"/>
<assignedPerson><name><given qualifier="IN">P.</given><family qualifier="BR">Hermans</family></name></assignedPerson>
<Organization><id extension="00009003" root="2.16.528.1.1007.3.3"/><name>Gezondheidscentrum Aan de Maas</name>
<telecom use="WP" value="tel:+31475550167"/></Organization></AssignedEntity></author>
"#;

const TAIL: &str = r#"<component4 contextConductionInd="true"><ObservationIntolerance negationInd="false">
<id extension="9001" root="2.16.840.1.113883.2.4.6.6.90009003.4.9"/>
<code code="INTLRNC" codeSystem="2.16.840.1.113883.5.4"/>
<text>Huiduitslag na trimethoprim</text>
<statusCode code="completed"/>
<effectiveTime><low value="20120404"/></effectiveTime>
<value code="61" codeSystem="2.16.840.1.113883.2.4.4.1.902.122" displayName="Sulfonamiden/trimethoprim"/>
</ObservationIntolerance></component4>
</PrimaryCareProvision></subject>
<queryAck><queryId extension="vraag-100024-q" root="2.16.840.1.113883.2.4.6.6.1.1"/><queryResponseCode code="OK"/>
<resultTotalQuantity value="1"/><resultCurrentQuantity value="1"/><resultRemainingQuantity value="0"/></queryAck>
</ControlActProcess>
</QUPC_IN990002NL>
"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_large_records_are_the_same_every_time_and_hold_their_entries() {
        for record in [LARGE, LARGEST] {
            let text = message(&record);
            assert_eq!(text, message(&record));
            let document = roxmltree::Document::parse(&text).unwrap();
            let count = |name: &str| {
                document
                    .descendants()
                    .filter(|node| node.tag_name().name() == name)
                    .count()
            };
            let contacts = usize::try_from(record.contacts).unwrap();
            assert_eq!(count("encounter"), contacts);
            assert_eq!(count("JournalEntry"), 4 * contacts);
            assert_eq!(count("actReference"), 4 * contacts);
            let measurements = usize::try_from(record.measurements).unwrap();
            assert_eq!(count("observation"), measurements);
            assert!(
                text.len() < 32 * 1024 * 1024,
                "below what a reader accepts: {}",
                text.len()
            );
        }
    }

    #[test]
    fn the_largest_record_holds_fifty_thousand_entries() {
        // With the prescriptions, one for every fifth contact.
        let entries = LARGEST.contacts + LARGEST.measurements + LARGEST.contacts / 5;
        assert!(entries >= 50_000, "{entries}");
    }
}
