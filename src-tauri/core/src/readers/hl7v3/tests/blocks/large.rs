//! Blocks made to be slow: many of what is one in real messages.

use std::time::{Duration, Instant};

use super::{around, block, component, concern_reference, related};
use crate::readers::hl7v3::open;
use crate::readers::hl7v3::read;
use crate::readers::link::link;
use crate::readers::{Profile, Scope};

/// Time to open, read and link a text.
fn time_of(text: &str) -> Duration {
    let profile = Profile::training();
    let started = Instant::now();
    let opened = open(text, &profile).unwrap();
    for scope in [Scope::Full, Scope::WithoutIca] {
        let (mut record, mut findings, _) = read(&opened, 0, scope, "s", &profile);
        link(&mut record, &mut findings);
        let _ = opened.envelope("s");
    }
    started.elapsed()
}

/// Messages with this many of something.
fn hostile(count: usize) -> Vec<(&'static str, String)> {
    let none = "<value xsi:type='CD' code='716186003' codeSystem='2.16.840.1.113883.6.96'/>";
    let observation = |inside: &str| {
        format!(
            "<observation classCode='OBS' moodCode='EVN'><id extension='1' root='1'/>{inside}</observation>"
        )
    };
    let concern = |inside: &str| {
        component(&format!(
            "<act classCode='ACT' moodCode='EVN'>{inside}</act>"
        ))
    };
    let remark = related(
        "COMP",
        "<act classCode='ACT' moodCode='EVN'><text>x</text></act>",
    );
    let kind = "<value xsi:type='CD' code='419199007' codeSystem='2.16.840.1.113883.6.96'/>";
    let line = related(
        "COMP",
        "<act classCode='ACT' moodCode='EVN'><text>x</text></act>",
    );
    let participant = "<participant typeCode='RESP'><participantRole classCode='ASSIGNED'><id extension='1' root='1'/>\
         <telecom value='tel:1'/></participantRole></participant>";
    let detail = "<acknowledgementDetail typeCode='W'><code code='TRAINING_AFGESCHERMD'/></acknowledgementDetail>";
    let patient = "<subject><patient><id root='2.16.840.1.113883.2.4.6.3' extension='999900006'/></patient></subject>";
    let many = |text: &str| text.repeat(count);
    vec![
        (
            "statements of one concern",
            block(
                "REPC_IN990131NL",
                &concern(&many(&related("SUBJ", &observation(none)))),
            ),
        ),
        (
            "remarks beside the statements of one concern",
            block(
                "REPC_IN990131NL",
                &concern(&(many(&related("SUBJ", &observation(kind))) + &many(&remark))),
            ),
        ),
        (
            "values of one observation",
            block("POOB_IN990003NL", &component(&observation(&many(kind)))),
        ),
        (
            "participants of one observation",
            block(
                "POOB_IN990003NL",
                &component(&observation(&many(participant))),
            ),
        ),
        (
            "people and entries",
            block(
                "POOB_IN990003NL",
                &(many(participant) + &many(&component(&observation("")))),
            ),
        ),
        (
            "concerns and lines of one report",
            block(
                "REPC_IN990101NL",
                &concern(&(many(&concern_reference("e")) + &many(&line))),
            ),
        ),
        (
            "problems of one concern",
            block(
                "REPC_IN990111NL",
                &concern(&many(&related("SUBJ", &observation(kind)))),
            ),
        ),
        (
            "conditions",
            around(
                "REPC_IN000024NL",
                &many(&format!(
                    "<subject><Condition><text>x</text>{patient}</Condition></subject>"
                )),
            ),
        ),
        (
            "restrictions",
            block("POOB_IN990003NL", "").replace(
                "<acknowledgement typeCode='AA'/>",
                &format!(
                    "<acknowledgement typeCode='AE'>{}</acknowledgement>",
                    many(detail)
                ),
            ),
        ),
        (
            "texts",
            block(
                "POOB_IN990003NL",
                &component(&observation(&format!("<text>{}</text>", many("x<b/>")))),
            ),
        ),
        (
            "organizers",
            around(
                "POOB_IN990003NL",
                &many("<subject><organizer classCode='CLUSTER'><component/></organizer></subject>"),
            ),
        ),
    ]
}

#[test]
fn what_is_made_to_be_slow_is_read_in_linear_time() {
    hostile(50).iter().for_each(|(_, text)| {
        time_of(text);
    });
    let mut slow = Vec::new();
    for ((name, few), (_, many)) in hostile(250).into_iter().zip(hostile(2_000)) {
        let (few, many) = (time_of(&few), time_of(&many));
        // Eight times as many; sixty-four times the time where something is quadratic.
        if many >= few * 24 + Duration::from_millis(250) {
            slow.push(format!("{name}: {few:?} for 250, {many:?} for 2,000"));
        }
    }
    assert_eq!(slow, Vec::<String>::new());
}
