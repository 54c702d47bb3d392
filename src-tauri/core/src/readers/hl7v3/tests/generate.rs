//! Messages of every kind, made from pieces of which some are ICA. Each can be written with its
//! ICA and without, as if they had been cut out of the text.

use proptest::prelude::*;

/// A word that stands in every value of an ICA piece, and nowhere else.
pub(super) const ICA_WORD: &str = "ICAWOORD";

/// Something below a provision.
#[derive(Debug, Clone)]
pub(super) enum Piece {
    Episode {
        id: u8,
        refers: Vec<u8>,
        ica_reason: bool,
    },
    Contact {
        id: u8,
        lines: Vec<(u8, u8)>,
        ica_diagnosis: bool,
    },
    Measurement {
        id: u8,
        value: u8,
        ica: bool,
    },
    Flag {
        episode: u8,
    },
    Attention {
        text: u8,
    },
    Limit {
        text: u8,
    },
    Unknown {
        text: u8,
        ica_inside: bool,
    },
    Words {
        text: u8,
    },
    ContraIndication {
        id: u8,
        text: u8,
    },
    Intolerance {
        id: u8,
        shape: u8,
    },
    AlertWithoutEpisode,
}

/// A whole message.
#[derive(Debug, Clone)]
pub(super) struct Message {
    pub pieces: Vec<Piece>,
    /// 0 bare, 1 in SOAP, 2 in a batch, 3 in a batch after a message that is all ICA.
    pub wrapper: u8,
}

pub(super) fn message() -> impl Strategy<Value = Message> {
    (proptest::collection::vec(piece(), 0..14), 0_u8..4)
        .prop_map(|(pieces, wrapper)| Message { pieces, wrapper })
}

fn piece() -> impl Strategy<Value = Piece> {
    prop_oneof![
        (
            0_u8..4,
            proptest::collection::vec(0_u8..9, 0..4),
            any::<bool>()
        )
            .prop_map(|(id, refers, ica_reason)| Piece::Episode {
                id,
                refers,
                ica_reason
            }),
        (
            0_u8..4,
            proptest::collection::vec((0_u8..3, 0_u8..9), 0..5),
            any::<bool>()
        )
            .prop_map(|(id, lines, ica_diagnosis)| Piece::Contact {
                id,
                lines,
                ica_diagnosis
            }),
        (0_u8..9, 0_u8..10, any::<bool>()).prop_map(|(id, value, ica)| Piece::Measurement {
            id,
            value,
            ica
        }),
        (0_u8..6).prop_map(|episode| Piece::Flag { episode }),
        (0_u8..9).prop_map(|text| Piece::Attention { text }),
        (0_u8..9).prop_map(|text| Piece::Limit { text }),
        (0_u8..9, any::<bool>()).prop_map(|(text, ica_inside)| Piece::Unknown { text, ica_inside }),
        (0_u8..9).prop_map(|text| Piece::Words { text }),
        (0_u8..9, 0_u8..9).prop_map(|(id, text)| Piece::ContraIndication { id, text }),
        (0_u8..9, 0_u8..8).prop_map(|(id, shape)| Piece::Intolerance { id, shape }),
        Just(Piece::AlertWithoutEpisode),
    ]
}

/// Texts with all that is awkward in XML.
fn words(n: u8) -> &'static str {
    [
        "hoest",
        "koorts &amp; rillen",
        "<![CDATA[RR < 90]]>",
        "caf&#233;  \n  noir",
        "twee<!-- niets -->delen",
        "",
        " ",
        "\u{1F9EA} \u{645}\u{631}\u{62D}\u{628}\u{627}",
        "voor<b x='1'>vet</b>na",
    ][usize::from(n) % 9]
}

impl Message {
    /// The text, with the ICA or without.
    pub(super) fn text(&self, ica: bool) -> String {
        let pieces: String = self.pieces.iter().map(|piece| piece.text(ica)).collect();
        let summary = summary(&pieces);
        let alerts = format!(
            "<REPC_IN990121NL><acknowledgement typeCode='AA'/><ControlActProcess><subject><organizer>{ICA_WORD}\
             </organizer></subject></ControlActProcess></REPC_IN990121NL>"
        );
        match self.wrapper {
            0 => summary,
            1 => format!(
                "<?xml version='1.0'?><s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/' s:v='1'>\
                 <s:Body>{summary}</s:Body></s:Envelope>"
            ),
            2 => batch(1, &summary),
            _ if ica => batch(2, &format!("{alerts}{summary}")),
            _ => batch(1, &summary),
        }
    }
}

/// A professional summary with these children of the provision.
pub(super) fn summary(provision: &str) -> String {
    format!(
        "<QUPC_IN990002NL xmlns='urn:hl7-org:v3' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'>\
         <id extension='m1' root='1.2.3'/><creationTime value='20261122021400'/>\
         <acknowledgement typeCode='AA'/><sender><device><id extension='77' root='2.16.840.1.113883.2.4.6.6'/></device></sender>\
         <ControlActProcess moodCode='EVN'><subject typeCode='SUBJ'><PrimaryCareProvision>\
         <subject contextControlCode='AP'><Patient><id extension='999900006' root='2.16.840.1.113883.2.4.6.3'/>\
         <Person><name><given>Noor</given><prefix qualifier='VV'>van den </prefix><family qualifier='BR'>Berg</family></name>\
         <birthTime value='19800102'/></Person></Patient></subject>\
         <author contextControlCode='AP'><AssignedEntity><id extension='01009001' root='2.16.840.1.113883.2.4.6.1'/>\
         </AssignedEntity></author>{provision}</PrimaryCareProvision></subject>\
         <queryAck><queryResponseCode code='OK'/><resultRemainingQuantity value='0'/></queryAck></ControlActProcess>\
         </QUPC_IN990002NL>"
    )
}

/// A batch of these messages.
pub(super) fn batch(announced: u8, messages: &str) -> String {
    format!(
        "<MCCI_IN200101 xmlns='urn:hl7-org:v3'><id extension='b1' root='1.2.3'/>\
         <transmissionQuantity value='{announced}'/>{messages}</MCCI_IN200101>"
    )
}

impl Piece {
    fn text(&self, ica: bool) -> String {
        match self {
            Self::Episode {
                id,
                refers,
                ica_reason,
            } => episode(*id, refers, ica && *ica_reason),
            Self::Contact {
                id,
                lines,
                ica_diagnosis,
            } => contact(*id, lines, ica && *ica_diagnosis),
            Self::Measurement { ica: true, .. } if !ica => String::new(),
            Self::Measurement { id, ica: true, .. } => format!(
                "<component2><observation><id extension='{id}' root='1.7'/><code code='1' codeSystem='9'/><value xsi:type='CD' \
                 code='7' codeSystem='2.16.840.1.113883.2.4.4.1.902.40' displayName='{ICA_WORD}'/></observation></component2>"
            ),
            Self::Measurement { id, value, .. } => measurement(*id, *value),
            Self::Flag { episode } => format!(
                "<component2><observation><code code='74018-3' codeSystem='2.16.840.1.113883.6.1'/><sourceOf typeCode='REFR'>\
                 <act><id extension='{episode}' root='1.1'/></act></sourceOf></observation></component2>"
            ),
            Self::Attention { text } => annotation(
                "<code code='ATT' codeSystem='2.16.840.1.113883.5.4'/>",
                *text,
            ),
            Self::Limit { text } => annotation(
                "<code code='BEHANDELGRENS' codeSystem='2b6c5a0e-5a0d-4a53-9d0e-6f1d1c2e7c12'/>",
                *text,
            ),
            Self::Unknown { text, ica_inside } => unknown(*text, ica && *ica_inside),
            Self::Words { text } => words(*text).to_owned(),
            _ if !ica => String::new(),
            Self::ContraIndication { id, text } => format!(
                "<component3 contextConductionInd='true'><ContraIndication><id extension='{id}' root='1.1'/><text>{ICA_WORD}{}\
                 </text><value code='2' codeSystem='2.16.840.1.113883.2.4.4.1.902.40'/></ContraIndication></component3>",
                words(*text)
            ),
            Self::Intolerance { id, shape } => intolerance(*id, *shape),
            Self::AlertWithoutEpisode => format!(
                "<component2><observation><code code='74018-3' codeSystem='2.16.840.1.113883.6.1'/><text>{ICA_WORD}</text>\
                 </observation></component2>"
            ),
        }
    }
}

fn episode(id: u8, refers: &[u8], ica_reason: bool) -> String {
    let references: String = refers
        .iter()
        .map(|line| format!("<component><actReference><id extension='{line}' root='1.3'/></actReference></component>"))
        .collect();
    let reason = if ica_reason {
        format!(
            "<reason><ObservationDx><value code='3' codeSystem='2.16.840.1.113883.2.4.4.1.902.40' displayName='{ICA_WORD}'/>\
             </ObservationDx></reason>"
        )
    } else {
        String::new()
    };
    format!(
        "<component7><episodeOfCondition><id extension='{id}' root='1.1'/><text>{}</text><effectiveTime><low value='2019'/>\
         </effectiveTime>{reason}<component2><episodOfCare>{references}</episodOfCare></component2></episodeOfCondition></component7>",
        words(id)
    )
}

fn contact(id: u8, lines: &[(u8, u8)], ica_diagnosis: bool) -> String {
    let mut components: String = lines
        .iter()
        .map(|(number, line)| {
            format!(
                "<component><sequenceNumber value='{number}'/><JournalEntry><id extension='{line}' root='1.3'/>\
                 <code code='S' codeSystem='2.16.840.1.113883.2.4.4.32.2'/><value>{}</value></JournalEntry></component>",
                words(*line)
            )
        })
        .collect();
    if ica_diagnosis {
        components.insert_str(
            0,
            &format!(
                "<component><sequenceNumber value='1'/><ObservationDx><code code='INTLRNC' codeSystem='2.16.840.1.113883.5.4'/>\
                 <text>{ICA_WORD}</text></ObservationDx></component>"
            ),
        );
    }
    format!(
        "<component1><encounter><id extension='{id}' root='1.2'/><effectiveTime value='20260101'/>{components}</encounter></component1>"
    )
}

fn measurement(id: u8, value: u8) -> String {
    let value = [
        "<value xsi:type='PQ' value='37.3' unit='Cel'/>",
        "<value xsi:type='ST'>schoon</value>",
        "<value value='83'/>",
        "<value xsi:type='IVL_PQ'><low value='1' unit='L'/><high value='2'/></value>",
        "<value xsi:type='BL' value='true'/>",
        "<value xsi:type='CD' nullFlavor='MSK' codeSystem='4'/>",
        "<value xsi:type='RTO' value='nieuw'/>",
        "",
        "<value/>",
        "<value xsi:type='PQ' value='37,3' unit='Cel'><translation value='99' code='F' codeSystem='5'/></value>",
    ][usize::from(value) % 10];
    format!(
        "<component2 typeCode='COMP'><observation moodCode='{}'><id extension='{id}' root='1.4'/>\
         <code code='1915' codeSystem='2.16.840.1.113883.2.4.4.30.45'/>{value}</observation></component2>",
        if id % 4 == 3 { "GOL" } else { "EVN" },
    )
}

fn annotation(code: &str, text: u8) -> String {
    format!(
        "<pertinentInformation><pertinentAnnotationObsEvent>{code}<text>{}</text></pertinentAnnotationObsEvent></pertinentInformation>",
        words(text)
    )
}

fn unknown(text: u8, ica_inside: bool) -> String {
    let inside = if ica_inside {
        format!(
            "<rest><observation><value codeSystem='2.16.840.1.113883.2.4.4.1.902.40' code='{ICA_WORD}'/></observation></rest>"
        )
    } else {
        String::new()
    };
    format!(
        "<component9 soort='x' leeg=''><rest nullFlavor='MSK'>{}</rest>{inside}<rest>{}</rest></component9>",
        words(text),
        words(text)
    )
}

fn intolerance(id: u8, shape: u8) -> String {
    let (negated, content) = [
        ("false", "<text>ICAWOORD penicilline</text>".to_owned()),
        ("true", "<value code='9' codeSystem='1.2' displayName='ICAWOORD noten'/>".to_owned()),
        ("false", "<effectiveTime value='2024'/><value code='716186003' codeSystem='2.16.840.1.113883.6.96'/>".to_owned()),
        ("true", "<value code='716186003' codeSystem='2.16.840.1.113883.6.96'/>".to_owned()),
        ("false", String::new()),
        ("misschien", "<text>ICAWOORD</text>".to_owned()),
        ("false", "<value nullFlavor='MSK'/>".to_owned()),
        ("false", "<statusCode code='nullified'/><value xsi:type='ST'>ICAWOORD</value><rest>ICAWOORD</rest>".to_owned()),
    ][usize::from(shape) % 8]
        .clone();
    format!(
        "<component4><ObservationIntolerance negationInd='{negated}'><id extension='{id}' root='1.1'/>{content}</ObservationIntolerance></component4>"
    )
}
