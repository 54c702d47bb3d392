//! The encodings of HL7v3: the professional summary, the building block, the query of its own.

use super::Encoding;
use crate::domain::state::State;
use crate::readers::{TRAINING_MARKER_SYSTEM, TRAINING_RESTRICTION_ERROR};

const INTOLERANCE: &str = r#"<code code="INTLRNC" codeSystem="2.16.840.1.113883.5.4"/>"#;
const AGENT: &str =
    r#"code="35" codeSystem="2.16.840.1.113883.2.4.4.1.902.122" displayName="Penicillines""#;
const SNOMED: &str = "2.16.840.1.113883.6.96";
const LOW: &str = r#"<effectiveTime><low value="20161130"/></effectiveTime>"#;
const NONE: &str = "716186003";
const NONE_FOOD: &str = "429625007";
const NO_INFORMATION: &str = "1287211007";

/// A format by its name, with what it can say.
pub(super) fn formats() -> Vec<(&'static str, Vec<Encoding>)> {
    vec![
        ("professional summary", summaries()),
        ("building block", blocks()),
        ("ICA query", queries()),
    ]
}

fn encoding(state: State, name: &'static str, texts: Vec<String>) -> Encoding {
    Encoding {
        state,
        name,
        measure: false,
        proven: true,
        texts,
    }
}

fn patient(element: &str) -> String {
    format!(
        r#"<{element}><id extension="999900006" root="2.16.840.1.113883.2.4.6.3"/><Person><name><family>Berg</family></name><birthTime value="19510312"/></Person></{element}>"#
    )
}

/// One message of an interaction: what it answered, and its subject.
fn message(interaction: &str, kind: &str, query: &str, subject: &str) -> String {
    format!(
        r#"<{interaction} xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><creationTime value="20261122021400"/><acknowledgement typeCode="{kind}"/><sender><device><id extension="90000388" root="2.16.840.1.113883.2.4.6.6"/></device></sender><ControlActProcess moodCode="EVN"><authorOrPerformer typeCode="AUT"><participant><AssignedDevice><Organization><id extension="90000388" root="2.16.528.1.1007.3.3"/><name>Praktijk</name></Organization></AssignedDevice></participant></authorOrPerformer>{subject}<queryAck>{query}</queryAck></ControlActProcess></{interaction}>"#
    )
}

const OK: &str = r#"<queryResponseCode code="OK"/>"#;

/// The dresses of a message.
fn dressed(message: &str) -> Vec<String> {
    let soap = |body: &str| {
        format!(
            r#"<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Header/><soap:Body>{body}</soap:Body></soap:Envelope>"#
        )
    };
    let batch = |announced: usize, body: &str| {
        format!(
            r#"<MCCI_IN200101 xmlns="urn:hl7-org:v3"><transmissionQuantity value="{announced}"/><acknowledgement typeCode="AA"/>{body}</MCCI_IN200101>"#
        )
    };
    let pharmacy = message_of_the_pharmacy();
    vec![
        message.to_owned(),
        format!("\u{feff}<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- before -->\n{message}"),
        soap(message),
        batch(1, message),
        soap(&batch(1, message)),
        batch(2, &format!("{message}{pharmacy}")),
        batch(2, &format!("{pharmacy}{message}")),
        message.replace("/><", "/>\n  <!-- between --><"),
        format!(
            r#"<httpclient:response xmlns:httpclient="urn:x" statusCode="200"><httpclient:body>{}</httpclient:body></httpclient:response>"#,
            soap(message)
        ),
    ]
}

/// A pharmacy that dispensed something: it says nothing about allergies.
fn message_of_the_pharmacy() -> String {
    let subject = format!(
        r#"<subject><MedicationDispenseList><code code="DISPLIST" codeSystem="2.16.840.1.113883.5.4"/><subject>{}</subject></MedicationDispenseList></subject>"#,
        patient("Patient")
    );
    message("QURX_IN990113NL", "AA", OK, &subject).replace("90000388", "90000777")
}

fn summary_of(marker: &str, content: &str) -> String {
    let subject = format!(
        r#"<subject typeCode="SUBJ"><PrimaryCareProvision>{marker}<subject contextControlCode="AP">{}</subject><author contextControlCode="AP"><time value="20261120"/><AssignedEntity><id extension="900000012" root="2.16.528.1.1007.3.1"/></AssignedEntity></author>{content}</PrimaryCareProvision></subject>"#,
        patient("Patient")
    );
    message("QUPC_IN990002NL", "AA", OK, &subject)
}

const EPISODE: &str = r#"<component7 contextConductionInd="true"><episodeOfCondition><text>CAVE penicilline</text></episodeOfCondition></component7>"#;

fn intolerance(content: &str) -> String {
    format!(
        r#"<component4 contextConductionInd="true"><ObservationIntolerance negationInd="false">{content}</ObservationIntolerance></component4>"#
    )
}

fn summaries() -> Vec<Encoding> {
    let none = intolerance(&format!(
        r#"{INTOLERANCE}<statusCode code="completed"/>{LOW}<value code="{NONE}" codeSystem="{SNOMED}"/>"#
    ));
    let entry = intolerance(&format!(
        r#"{INTOLERANCE}<text>Uitslag</text>{LOW}<value {AGENT}/>"#
    ));
    let marker = |code: &str| {
        format!(r#"<confidentialityCode code="{code}" codeSystem="{TRAINING_MARKER_SYSTEM}"/>"#)
    };
    let with = |state, name, content: &str| {
        let mut texts = dressed(&summary_of("", content));
        texts.extend(dressed(&summary_of("", &format!("{EPISODE}{content}"))));
        encoding(state, name, texts)
    };
    let mut all = vec![
        with(State::Known, "coded", &entry),
        with(
            State::Known,
            "words without a code",
            &intolerance("<text>Penicilline: anafylaxie</text>"),
        ),
        with(
            State::Known,
            "an entry beside a negated group",
            &format!(
                "{entry}{}",
                entry.replace("\"false\"", "\"true\"").replace("35", "36")
            ),
        ),
        with(
            State::Known,
            "an entry beside \"no food allergy\"",
            &format!(
                "{entry}{}",
                intolerance(&format!(
                    r#"{INTOLERANCE}{LOW}<value code="{NONE_FOOD}" codeSystem="{SNOMED}"/>"#
                ))
            ),
        ),
        with(State::NoneKnown, "716186003, signed and dated", &none),
        with(State::NotAsserted, "nothing sent", ""),
        with(
            State::NotAsserted,
            "a contra-indication alone",
            r#"<component3><ContraIndication><text>ASTMA</text><value code="46" codeSystem="2.16.840.1.113883.2.4.4.1.902.40"/></ContraIndication></component3>"#,
        ),
        with(
            State::NotAsserted,
            "1287211007",
            &intolerance(&format!(
                r#"{INTOLERANCE}{LOW}<value code="{NO_INFORMATION}" codeSystem="{SNOMED}"/>"#
            )),
        ),
        with(
            State::NotAsserted,
            "\"no food allergy\" alone",
            &intolerance(&format!(
                r#"{INTOLERANCE}{LOW}<value code="{NONE_FOOD}" codeSystem="{SNOMED}"/>"#
            )),
        ),
        with(
            State::NotAsserted,
            "words without a code: \"Geen bekende allergieën\"",
            &intolerance("<text>Geen bekende allergieën</text>"),
        ),
        with(
            State::NotAsserted,
            "one group negated",
            &entry.replace("\"false\"", "\"true\""),
        ),
        with(
            State::NotAsserted,
            "taken back",
            &entry.replace("<text>", r#"<statusCode code="nullified"/><text>"#),
        ),
        with(
            State::NotAsserted,
            "masked",
            &intolerance(r#"<value nullFlavor="MSK"/>"#),
        ),
        with(
            State::NotAsserted,
            "716186003 with an end",
            &none.replace("</effectiveTime>", "<high value=\"2020\"/></effectiveTime>"),
        ),
        with(
            State::NotAsserted,
            "716186003 with an end that says nothing",
            &none.replace("</effectiveTime>", "<high/></effectiveTime>"),
        ),
        with(
            State::NotAsserted,
            "716186003 with an exception in words",
            &none.replace("<statusCode", "<text>behalve penicilline</text><statusCode"),
        ),
        with(
            State::Contradictory,
            "716186003 beside an entry",
            &format!("{none}{entry}"),
        ),
        with(State::Unreadable, "an empty element", &intolerance("")),
        with(State::Unreadable, "an empty relationship", "<component4/>"),
        with(
            State::Unreadable,
            "a negation that is neither true nor false",
            &entry.replace("\"false\"", "\"misschien\""),
        ),
        encoding(
            State::Incomplete,
            "more results remain",
            dressed(&summary_of("", &entry).replace(
                OK,
                r#"<queryResponseCode code="OK"/><resultRemainingQuantity value="1"/>"#,
            )),
        ),
        encoding(
            State::Incomplete,
            "an acknowledgement nobody knows",
            dressed(&summary_of("", &none).replace(r#"typeCode="AA""#, r#"typeCode="AX""#)),
        ),
        encoding(
            State::NotAsserted,
            "716186003 without author or date",
            dressed(
                &summary_of("", &none.replace(LOW, "")).replace("<time value=\"20261120\"/>", ""),
            ),
        ),
        encoding(
            State::NotAsserted,
            "nothing found",
            dressed(&message(
                "QUPC_IN990002NL",
                "AA",
                r#"<queryResponseCode code="NF"/>"#,
                "",
            )),
        ),
        encoding(
            State::NotAsserted,
            "a \"no\" that arrives as data",
            dressed(&summary_of(&marker("GEEN_TOESTEMMING"), &entry)),
        ),
        encoding(
            State::WithheldByRule,
            "national rule",
            dressed(&summary_of(&marker("LANDELIJKE_REGEL"), "")),
        ),
    ];
    for (name, content) in [
        ("corona marker, nothing sent", String::new()),
        ("corona marker, entry sent", entry.clone()),
        ("corona marker, \"none\" sent", none.clone()),
        ("corona marker, unreadable element sent", intolerance("")),
    ] {
        all.push(Encoding {
            measure: true,
            ..encoding(
                State::WithheldByRule,
                name,
                dressed(&summary_of(&marker("CORONA"), &content)),
            )
        });
    }
    for (name, content) in [
        ("not established, entry sent", entry),
        ("not established, \"none\" sent", none),
    ] {
        all.push(Encoding {
            measure: true,
            proven: false,
            ..encoding(
                State::WithheldByRule,
                name,
                dressed(&summary_of("", &content)),
            )
        });
    }
    all
}

/// The building block `REPC_IN990131NL` with observations in one concern.
fn block_of(observations: &str) -> String {
    let component = if observations.is_empty() {
        String::new()
    } else {
        format!(
            r#"<component typeCode="COMP"><act classCode="ACT" moodCode="EVN"><id extension="3" root="1.2.3"/><code code="CONC" codeSystem="2.16.840.1.113883.5.6"/><statusCode code="active"/>{observations}</act></component>"#
        )
    };
    let subject = format!(
        r#"<subject><organizer classCode="CLUSTER" moodCode="EVN"><code code="48765-2" codeSystem="2.16.840.1.113883.6.1"/><statusCode code="completed"/><recordTarget typeCode="RCT" contextControlCode="OP"><patientRole><id extension="999900006" root="2.16.840.1.113883.2.4.6.3"/><patient><name><family>Berg</family></name><birthTime value="19510312"/></patient></patientRole></recordTarget>{component}</organizer></subject>"#
    );
    message("REPC_IN990131NL", "AA", OK, &subject)
}

const AUTHOR: &str = r#"<author><time value="20161130"/><assignedAuthor><id extension="900000012" root="2.16.528.1.1007.3.1"/><assignedPerson><name>J. Peeters</name></assignedPerson></assignedAuthor></author>"#;
const PENICILLIN: &str = r#"<participant typeCode="CSM"><participantRole classCode="MANU"><playingEntity classCode="MMAT"><code code="35" codeSystem="2.16.840.1.113883.2.4.4.1.902.122" displayName="Penicillines"/></playingEntity></participantRole></participant>"#;

fn observation(negated: &str, value: &str, rest: &str) -> String {
    format!(
        r#"<entryRelationship typeCode="SUBJ"><observation classCode="OBS" moodCode="EVN"{negated}><id extension="4" root="1.2.3"/><code code="OINT" codeSystem="2.16.840.1.113883.5.4"/><statusCode code="completed"/>{LOW}{value}{rest}</observation></entryRelationship>"#
    )
}

fn blocks() -> Vec<Encoding> {
    let snomed =
        |code: &str| format!(r#"<value xsi:type="CD" code="{code}" codeSystem="{SNOMED}"/>"#);
    let entry = observation("", &snomed("419511003"), &format!("{AUTHOR}{PENICILLIN}"));
    let none = observation("", &snomed(NONE), AUTHOR);
    let with =
        |state, name, observations: &str| encoding(state, name, dressed(&block_of(observations)));
    let answered = |state, name, kind: &str, query: &str, error: &str| {
        let reason = if error.is_empty() {
            String::new()
        } else {
            format!(
                r#"<reasonOf><justifiedDetectedIssue><code code="{error}" codeSystem="2.16.840.1.113883.2.4.6.6.1.1000"/></justifiedDetectedIssue></reasonOf>"#
            )
        };
        encoding(
            state,
            name,
            dressed(&message("REPC_IN990131NL", kind, query, &reason)),
        )
    };
    const NF: &str = r#"<queryResponseCode code="NF"/>"#;
    const AE: &str = r#"<queryResponseCode code="AE"/>"#;
    let mut all = vec![
        with(State::Known, "agent in a participant", &entry),
        with(
            State::Known,
            "agent in words alone",
            &observation(
                "",
                &snomed("419511003"),
                &format!("{AUTHOR}{}", PENICILLIN.replace(
                    r#"<code code="35" codeSystem="2.16.840.1.113883.2.4.4.1.902.122" displayName="Penicillines"/>"#,
                    "<code nullFlavor=\"OTH\"><originalText>Penicilline</originalText></code>",
                )),
            ),
        ),
        with(State::NoneKnown, "716186003, signed and dated", &none),
        with(State::NotAsserted, "no concern at all", ""),
        with(State::NotAsserted, "1287211007", &observation("", &snomed(NO_INFORMATION), AUTHOR)),
        with(State::NotAsserted, "\"no food allergy\" alone", &observation("", &snomed(NONE_FOOD), AUTHOR)),
        with(
            State::NotAsserted,
            "one agent negated",
            &observation(r#" negationInd="true""#, &snomed("419511003"), &format!("{AUTHOR}{PENICILLIN}")),
        ),
        with(State::NotAsserted, "716186003 without author", &observation("", &snomed(NONE), "")),
        with(State::Contradictory, "716186003 beside an entry", &format!("{none}{entry}")),
        with(State::Unreadable, "an empty observation", r#"<entryRelationship typeCode="SUBJ"><observation classCode="OBS" moodCode="EVN"><id extension="4" root="1.2.3"/></observation></entryRelationship>"#),
        answered(State::NotAsserted, "nothing found", "AA", NF, ""),
        answered(State::NotAsserted, "restricted by the patient", "AE", AE, TRAINING_RESTRICTION_ERROR),
        answered(State::Incomplete, "more outside the region", "AE", AE, "AUTERR_SWV_FALSE"),
        answered(State::Incomplete, "time-out at the source", "AE", AE, "QABRTITI"),
        answered(State::Incomplete, "a response code nobody knows", "AA", r#"<queryResponseCode code="XX"/>"#, ""),
        answered(State::Incomplete, "an error although acknowledged", "AA", OK, "KEY204"),
    ];
    let batch = |announced: &str, children: &str| {
        format!(
            r#"<MCCI_IN200101 xmlns="urn:hl7-org:v3">{announced}<acknowledgement typeCode="AA"/>{children}</MCCI_IN200101>"#
        )
    };
    let whole = block_of(&none);
    all.push(encoding(
        State::Incomplete,
        "fewer messages than announced",
        vec![
            batch(r#"<transmissionQuantity value="8"/>"#, &whole),
            batch(r#"<transmissionQuantity value="8"/>"#, ""),
            batch(r#"<transmissionQuantity value="acht"/>"#, &whole),
            batch(r#"<transmissionQuantity value="8"/>"#, &block_of(&entry)),
        ],
    ));
    all.push(encoding(
        State::Contradictory,
        "716186003 at the practice, an entry at the pharmacy",
        vec![batch(
            r#"<transmissionQuantity value="2"/>"#,
            &format!(
                "{whole}{}",
                block_of(&entry).replace("90000388", "90000777")
            ),
        )],
    ));
    all.push(encoding(
        State::Incomplete,
        "an unknown message beside a \"none\"",
        vec![batch(
            r#"<transmissionQuantity value="2"/>"#,
            &format!(
                "{whole}{}",
                block_of(&none).replace("REPC_IN990131NL", "REPC_IN999999NL")
            ),
        )],
    ));
    all
}

/// `REPC_IN000024NL`: a condition per subject.
fn queries() -> Vec<Encoding> {
    let condition = |attributes: &str, content: &str| {
        format!(
            r#"<subject typeCode="SUBJ"><Condition{attributes}><id extension="5" root="1.2.3"/>{content}<subject>{}</subject><author><time value="20161130"/><assignedPerson><id extension="900000012" root="2.16.528.1.1007.3.1"/></assignedPerson></author></Condition></subject>"#,
            patient("patient")
        )
    };
    let whole = |subjects: &str| message("REPC_IN000024NL", "AA", OK, subjects);
    let entry = condition(
        r#" negationInd="false""#,
        &format!(
            r#"<code code="DINT" codeSystem="2.16.840.1.113883.5.4"/><statusCode code="active"/>{LOW}<value nullFlavor="OTH"/><causativeAgent><administerableMaterial><administerableMaterialKind><code {AGENT}/></administerableMaterialKind></administerableMaterial></causativeAgent>"#
        ),
    );
    let none = condition(
        r#" negationInd="false""#,
        &format!(
            r#"<code code="INTLRNC" codeSystem="2.16.840.1.113883.5.4"/><statusCode code="active"/>{LOW}<value code="{NONE}" codeSystem="{SNOMED}"/>"#
        ),
    );
    let contra = condition(
        "",
        r#"<code code="CI" codeSystem="2.16.840.1.113883.5.4"/><statusCode code="active"/><value code="46" codeSystem="2.16.840.1.113883.2.4.4.1.902.40"/>"#,
    );
    let with = |state, name, subjects: &str| encoding(state, name, dressed(&whole(subjects)));
    vec![
        with(State::Known, "causative agent", &entry),
        with(
            State::Known,
            "causative agent beside a contra-indication",
            &format!("{contra}{entry}"),
        ),
        with(State::NoneKnown, "716186003, signed and dated", &none),
        with(State::NotAsserted, "a contra-indication alone", &contra),
        with(
            State::NotAsserted,
            "one agent negated",
            &entry.replace("\"false\"", "\"true\""),
        ),
        with(
            State::Contradictory,
            "716186003 beside an entry",
            &format!("{none}{entry}"),
        ),
        encoding(
            State::NotAsserted,
            "nothing found",
            dressed(&message(
                "REPC_IN000024NL",
                "AA",
                r#"<queryResponseCode code="NF"/>"#,
                "",
            )),
        ),
        encoding(
            State::Incomplete,
            "refused",
            dressed(&message(
                "REPC_IN000024NL",
                "AR",
                r#"<queryResponseCode code="QE"/>"#,
                "",
            )),
        ),
    ]
}
