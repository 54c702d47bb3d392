//! The children of an acute-care batch: each building block with what it answers.

use inzage_core::readers::{TRAINING_MARKER_SYSTEM, TRAINING_RESTRICTION_ERROR};
use uuid::Uuid;

use super::block::{Block, organizer};
use super::derived::Derived;
use super::xml::Xml;
use crate::message::{APPLICATIONS, ELSEWHERE_URA, EXCHANGE, UNKNOWN_ACK, now};
use crate::query::{Id, Query};

/// What one building block answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reply {
    /// What there is.
    Deliver,
    /// queryResponseCode NF.
    NothingFound,
    /// Acknowledged AE with AUTERR_SWV_FALSE: there is more outside the region.
    RefusedElsewhere,
    /// Acknowledged AE with QABRTITI: the source was too slow.
    Error,
    /// What there is, and results remain at the source.
    MoreRemaining,
    /// What there is, with a response code that nobody knows.
    UnknownAck,
    /// Announced, and not there.
    Missing,
    /// Restricted by the patient: an error code of training's own.
    Restricted,
}

impl Reply {
    pub(crate) const ALL: [(&'static str, Self); 8] = [
        ("deliver", Self::Deliver),
        ("nothing_found", Self::NothingFound),
        ("refused_elsewhere", Self::RefusedElsewhere),
        ("error", Self::Error),
        ("more_remaining", Self::MoreRemaining),
        ("unknown_ack", Self::UnknownAck),
        ("missing", Self::Missing),
        ("restricted", Self::Restricted),
    ];

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, reply)| *reply)
    }

    /// Acknowledgement, response code, remaining results, error code.
    const fn codes(
        self,
    ) -> (
        &'static str,
        &'static str,
        &'static str,
        Option<&'static str>,
    ) {
        match self {
            Self::Deliver | Self::Missing => ("AA", "OK", "0", None),
            Self::NothingFound => ("AA", "NF", "0", None),
            Self::RefusedElsewhere => ("AE", "AE", "0", Some("AUTERR_SWV_FALSE")),
            Self::Error => ("AE", "AE", "0", Some("QABRTITI")),
            Self::MoreRemaining => ("AA", "OK", "3", None),
            Self::UnknownAck => ("AA", UNKNOWN_ACK, "0", None),
            Self::Restricted => ("AE", "AE", "0", Some(TRAINING_RESTRICTION_ERROR)),
        }
    }

    /// Whether it brings what there is.
    pub(super) const fn brings(self) -> bool {
        matches!(self, Self::Deliver | Self::MoreRemaining | Self::UnknownAck)
    }
}

/// The children of one source, and how many it announces. `of` is `None` where the source has
/// nothing to say but how it answers.
pub(crate) fn children(
    query: &Query,
    of: Option<&Derived>,
    reply: impl Fn(Block) -> Reply,
) -> (Vec<String>, usize) {
    let all = Block::ALL.into_iter().map(|block| (block, reply(block)));
    let there = all.filter(|(_, reply)| *reply != Reply::Missing);
    let written: Vec<String> = there
        .map(|(block, reply)| child(query, block, of, reply))
        .collect();
    (written, Block::ALL.len())
}

fn child(query: &Query, block: Block, of: Option<&Derived>, reply: Reply) -> String {
    let (ack, response, remaining, error) = reply.codes();
    let name = block.interaction();
    // What lies outside the region the exchange says, and not the source.
    let speaks = of.filter(|_| reply != Reply::RefusedElsewhere);
    let content = of.filter(|_| reply.brings());
    let mut x = Xml::default();
    let attributes = [
        ("xmlns", Some("urn:hl7-org:v3")),
        (
            "xmlns:xsi",
            Some("http://www.w3.org/2001/XMLSchema-instance"),
        ),
    ];
    x.element(name, &attributes, |x| {
        wrapper(x, query, name, speaks, ack);
        x.element("ControlActProcess", &[("moodCode", Some("EVN"))], |x| {
            x.empty("effectiveTime", &[("value", Some(&now()))]);
            device(x, speaks);
            if let Some(code) = error {
                issue(x, query, code);
            }
            if let Some(of) = content {
                x.element("subject", &[], |x| x.raw(&organizer(block, of)));
            }
            acknowledged(x, query, response, remaining, content.is_some());
        });
    });
    x.finish()
}

fn wrapper(x: &mut Xml, query: &Query, name: &str, speaks: Option<&Derived>, ack: &str) {
    let application = speaks.map_or(EXCHANGE, |of| of.application.as_str());
    let root = format!("{APPLICATIONS}.{application}.1");
    let message = Uuid::new_v4().to_string();
    x.empty(
        "id",
        &[("extension", Some(&message)), ("root", Some(&root))],
    );
    x.empty("creationTime", &[("value", Some(&now()))]);
    x.empty("versionCode", &[("code", Some("NICTIZEd2005-Okt"))]);
    x.empty(
        "interactionId",
        &[
            ("extension", Some(name)),
            ("root", Some("2.16.840.1.113883.1.6")),
        ],
    );
    x.empty(
        "profileId",
        &[
            ("extension", Some("810")),
            ("root", Some("2.16.840.1.113883.2.4.3.11.1")),
        ],
    );
    x.empty("processingCode", &[("code", Some("P"))]);
    x.empty("processingModeCode", &[("code", Some("T"))]);
    x.empty("acceptAckCode", &[("code", Some("NE"))]);
    x.element("acknowledgement", &[("typeCode", Some(ack))], |x| {
        if let Some(of) = &query.message {
            x.element("targetMessage", &[], |x| instance(x, "id", of));
        }
    });
    if let Some(asker) = &query.sender {
        x.element("receiver", &[], |x| {
            x.element("device", &[], |x| instance(x, "id", asker))
        });
    }
    x.element("sender", &[], |x| {
        x.element("device", &[], |x| {
            x.empty(
                "id",
                &[
                    ("extension", Some(application)),
                    ("root", Some(APPLICATIONS)),
                ],
            );
        });
    });
    if let Some(code) = speaks.and_then(|of| of.marker) {
        marker(x, code);
    }
}

/// The consent marker of training: a keyword and its value in the transmission wrapper.
fn marker(x: &mut Xml, code: &str) {
    x.element("attentionLine", &[], |x| {
        x.text("keyWordText", "grondslag");
        x.empty(
            "value",
            &[
                ("xsi:type", Some("CE")),
                ("code", Some(code)),
                ("codeSystem", Some(TRAINING_MARKER_SYSTEM)),
            ],
        );
    });
}

fn device(x: &mut Xml, speaks: Option<&Derived>) {
    x.element("authorOrPerformer", &[("typeCode", Some("AUT"))], |x| {
        x.element("participant", &[], |x| {
            x.element("AssignedDevice", &[], |x| {
                let application = speaks.map_or(EXCHANGE, |of| of.application.as_str());
                x.empty(
                    "id",
                    &[
                        ("extension", Some(application)),
                        ("root", Some(APPLICATIONS)),
                    ],
                );
                if let Some(of) = speaks {
                    x.element("Organization", &[], |x| {
                        x.empty(
                            "id",
                            &[
                                ("extension", Some(&of.ura)),
                                ("root", Some("2.16.528.1.1007.3.3")),
                            ],
                        );
                        x.text("name", &of.name);
                    });
                }
            });
        });
    });
}

fn issue(x: &mut Xml, query: &Query, code: &str) {
    // Real error texts quote the BSN; the time-out's does too.
    let text = match code {
        "AUTERR_SWV_FALSE" => format!(
            "Een zorgaanbieder buiten uw regio of samenwerkingsverband heeft ook gegevens (URA: {ELSEWHERE_URA})"
        ),
        "QABRTITI" => format!(
            "Het bronsysteem gaf niet op tijd antwoord op de vraag naar patiënt {}",
            query.bsn
        ),
        _ => "Niet beschikbaar".to_owned(),
    };
    x.element("reasonOf", &[], |x| {
        x.element("justifiedDetectedIssue", &[], |x| {
            x.empty(
                "code",
                &[
                    ("code", Some(code)),
                    ("codeSystem", Some("2.16.840.1.113883.2.4.6.6.1.1000")),
                    ("displayName", Some(&text)),
                ],
            );
        });
    });
}

fn acknowledged(x: &mut Xml, query: &Query, response: &str, remaining: &str, brings: bool) {
    let current = if brings { "1" } else { "0" };
    x.element("queryAck", &[], |x| {
        if let Some(of) = &query.query {
            instance(x, "queryId", of);
        }
        x.empty("queryResponseCode", &[("code", Some(response))]);
        x.empty("resultTotalQuantity", &[("value", Some(current))]);
        x.empty("resultCurrentQuantity", &[("value", Some(current))]);
        x.empty("resultRemainingQuantity", &[("value", Some(remaining))]);
    });
}

fn instance(x: &mut Xml, name: &str, id: &Id) {
    x.empty(
        name,
        &[("extension", Some(&id.extension)), ("root", Some(&id.root))],
    );
}
