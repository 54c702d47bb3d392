//! Batches of building blocks, made from pieces of which some are ICA. Each can be written with its
//! ICA and without, as if they had been cut out of the text.

use proptest::prelude::*;

use super::generate::{ICA_WORD, batch};

/// One component of a block.
#[derive(Debug, Clone)]
pub(super) struct Component {
    /// What act it holds.
    shape: u8,
    id: u8,
    words: u8,
    /// Something in it that is ICA.
    ica: Ica,
}

/// ICA in a component.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ica {
    None,
    /// In a relationship of its act.
    Related,
    /// All of it.
    Whole,
}

/// One message.
#[derive(Debug, Clone)]
pub(super) struct Block {
    /// Which interaction: the last three are all ICA.
    interaction: u8,
    components: Vec<Component>,
    /// How it answered.
    answer: u8,
}

const INTERACTIONS: [&str; 11] = [
    "REPC_IN990111NL",
    "PRPA_IN900350NL",
    "REPC_IN990101NL",
    "POOB_IN990003NL",
    "POLB_IN364001NL03",
    "QUMA_IN991203NL02",
    "QURX_IN990113NL",
    "QURX_IN990103NL02",
    "REPC_IN990121NL",
    "REPC_IN990131NL",
    "REPC_IN000024NL",
];
const FIRST_ICA: u8 = 8;

const WORDS: [&str; 6] = [
    "hoest",
    "koorts &amp; rillen",
    "<![CDATA[RR < 90]]>",
    "twee<!-- niets -->delen",
    "",
    "voor<b x='1'>vet</b>na",
];

pub(super) fn blocks() -> impl Strategy<Value = Vec<Block>> {
    proptest::collection::vec(block(), 0..6)
}

fn block() -> impl Strategy<Value = Block> {
    let components = proptest::collection::vec(component(), 0..5);
    (0_u8..11, components, 0_u8..8).prop_map(|(interaction, components, answer)| Block {
        interaction,
        components,
        answer,
    })
}

fn component() -> impl Strategy<Value = Component> {
    let ica = prop_oneof![
        3 => Just(Ica::None),
        1 => Just(Ica::Related),
        1 => Just(Ica::Whole),
    ];
    (0_u8..10, 0_u8..5, 0_u8..6, ica).prop_map(|(shape, id, words, ica)| Component {
        shape,
        id,
        words,
        ica,
    })
}

/// A batch of these blocks, with the ICA or without.
pub(super) fn text(blocks: &[Block], ica: bool) -> String {
    let messages: Vec<String> = blocks
        .iter()
        .filter(|block| ica || block.interaction < FIRST_ICA)
        .map(|block| block.text(ica))
        .collect();
    batch(u8::try_from(messages.len()).unwrap(), &messages.concat())
}

/// How many statements the ICA of these blocks are at least.
pub(super) fn statements(blocks: &[Block]) -> usize {
    blocks
        .iter()
        .filter(|block| block.interaction < FIRST_ICA)
        .flat_map(|block| &block.components)
        .filter(|component| component.ica != Ica::None)
        .count()
}

impl Block {
    fn text(&self, ica: bool) -> String {
        let name = INTERACTIONS[usize::from(self.interaction)];
        let whole_ica = self.interaction >= FIRST_ICA;
        let components: String = self
            .components
            .iter()
            .map(|component| component.text(ica, whole_ica))
            .collect();
        let patient = "<id extension='999900006' root='2.16.840.1.113883.2.4.6.3'/>";
        let record = match self.interaction {
            6 => format!(
                "<MedicationDispenseList><subject><Patient>{patient}</Patient></subject>{components}</MedicationDispenseList>"
            ),
            7 => format!(
                "<MedicationPrescriptionList><subject><Patient>{patient}</Patient></subject>{components}</MedicationPrescriptionList>"
            ),
            _ => format!(
                "<organizer classCode='CLUSTER' moodCode='EVN'><recordTarget typeCode='RCT'><patientRole>{patient}</patientRole></recordTarget>\
                 <participant typeCode='RESP'><participantRole classCode='ASSIGNED'><id extension='4' root='1.9'/></participantRole></participant>\
                 {components}</organizer>"
            ),
        };
        let (kind, code, more) = [
            ("AA", "OK", ""),
            ("AA", "OK", ""),
            ("AA", "OK", "<resultRemainingQuantity value='2'/>"),
            ("AA", "NF", ""),
            ("AE", "AE", ""),
            ("AE", "AE", "<reasonOf/>"),
            ("AA", "XX", ""),
            ("XX", "OK", ""),
        ][usize::from(self.answer)];
        format!(
            "<{name} xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'><acknowledgement typeCode='{kind}'/><ControlActProcess moodCode='EVN'>\
             <subject>{record}</subject><queryAck><queryResponseCode code='{code}'/>{more}</queryAck></ControlActProcess></{name}>"
        )
    }
}

impl Component {
    fn text(&self, ica: bool, whole_ica: bool) -> String {
        if self.ica == Ica::Whole && !whole_ica {
            return if ica { whole() } else { String::new() };
        }
        let inside = if self.ica == Ica::Related && ica && !whole_ica {
            format!(
                "<entryRelationship typeCode='SUBJ'>{}</entryRelationship>",
                thesaurus()
            )
        } else {
            String::new()
        };
        let words = WORDS[usize::from(self.words)];
        let reference = format!(
            "<entryRelationship typeCode='REFR'><act classCode='ACT' moodCode='EVN'><id extension='{}' root='1.6'/>\
             <code code='CONC' codeSystem='2.16.840.1.113883.5.6'/></act></entryRelationship>",
            self.id
        );
        let id = format!("<id extension='{}' root='1.6'/>", self.id);
        let coded = "<value xsi:type='CD' code='L03' codeSystem='2.16.840.1.113883.2.4.4.31.1'/>";
        let body = format!("{id}<text>{words}</text><statusCode code='completed'/>");
        let act = match self.shape {
            0 => format!(
                "<act classCode='ACT' moodCode='EVN'>{body}{inside}<entryRelationship typeCode='SUBJ'><observation classCode='OBS' \
                 moodCode='EVN'>{id}{coded}</observation></entryRelationship></act>"
            ),
            1 => format!(
                "<encounter classCode='ENC' moodCode='EVN'>{body}{reference}{inside}</encounter>"
            ),
            2 => format!(
                "<act classCode='ACT' moodCode='EVN'>{body}{reference}{inside}<entryRelationship typeCode='COMP'><act classCode='ACT' \
                 moodCode='EVN'><text>{words}</text></act></entryRelationship></act>"
            ),
            3 => format!(
                "<observation classCode='OBS' moodCode='EVN'>{body}<value xsi:type='PQ' value='{}' unit='1'/>{reference}{inside}</observation>",
                self.words
            ),
            4 => format!(
                "<organizer classCode='BATTERY' moodCode='EVN'>{body}<component><observation>{coded}</observation></component>{inside}</organizer>"
            ),
            5 => format!(
                "<substanceAdministration classCode='SBADM' moodCode='RQO'>{body}{inside}<entryRelationship typeCode='COMP'><sequenceNumber \
                 value='1'/><substanceAdministration><doseQuantity value='2'/></substanceAdministration></entryRelationship></substanceAdministration>"
            ),
            6 => format!(
                "<medicationDispenseEvent>{body}{inside}<quantity value='2'/></medicationDispenseEvent>"
            ),
            7 => format!("<prescription>{body}{inside}</prescription>"),
            8 => format!(
                "<observation moodCode='GOL' classCode='OBS'>{body}{inside}<rest nullFlavor='MSK'>{words}</rest></observation>"
            ),
            _ => format!("<procedure classCode='PROC' moodCode='EVN'>{body}{inside}</procedure>"),
        };
        format!("<component typeCode='COMP'>{act}</component>")
    }
}

fn thesaurus() -> String {
    format!(
        "<observation classCode='OBS' moodCode='EVN'><text>{ICA_WORD}</text><value xsi:type='CD' code='{ICA_WORD}' \
         codeSystem='2.16.840.1.113883.2.4.4.1.902.40'/></observation>"
    )
}

fn whole() -> String {
    format!("<component typeCode='COMP'>{}</component>", thesaurus())
}
