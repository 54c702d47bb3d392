//! The messages that the exchange writes itself: SOAP around an answer, the batch
//! `MCCI_IN200101`, a child without content, a SOAP fault.

use std::fmt::Write;

use chrono::Local;
use uuid::Uuid;

use crate::query::{Id, Query};

/// The exchange's own application id (the LSP's is 1 as well).
pub(crate) const EXCHANGE: &str = "1";
pub(crate) const APPLICATIONS: &str = "2.16.840.1.113883.2.4.6.6";
/// The organisation of the source that lies outside the region (URA, fictitious).
pub(crate) const ELSEWHERE_URA: &str = "00009042";
/// An acknowledgement code that no standard knows (AA, AE and AR are the known ones).
pub(crate) const UNKNOWN_ACK: &str = "AX";
const KNOWN_ACK: &str = r#"<acknowledgement typeCode="AA">"#;

/// What a child message says when it brings no content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Empty {
    NothingFound,
    RefusedElsewhere,
    Error,
}

/// `body` in a SOAP 1.1 envelope.
pub(crate) fn soap(body: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\">\n\
         <soap:Body>\n{body}\n</soap:Body>\n</soap:Envelope>\n"
    )
}

/// A SOAP fault; `party` is `Client` or `Server`.
pub(crate) fn fault(party: &str, code: &str, text: &str) -> String {
    soap(&format!(
        "<soap:Fault><faultcode>soap:{party}</faultcode><faultstring>{}</faultstring>\
         <detail><code xmlns=\"urn:inzage:training\">{code}</code></detail></soap:Fault>",
        escaped(text)
    ))
}

/// A batch that announces `announced` children and holds `children`.
pub(crate) fn batch(query: &Query, children: &[String], announced: usize) -> String {
    let mut out = String::from("<MCCI_IN200101 xmlns=\"urn:hl7-org:v3\">\n");
    header(&mut out, "MCCI_IN200101");
    let _ = writeln!(out, "<transmissionQuantity value=\"{announced}\"/>");
    out.push_str("<acknowledgement typeCode=\"AA\">");
    if let Some(message) = &query.message {
        let _ = write!(
            out,
            "<targetTransmission>{}</targetTransmission>",
            id("id", message)
        );
    }
    out.push_str("</acknowledgement>\n");
    parties(&mut out, query);
    for child in children {
        out.push_str(child);
        out.push('\n');
    }
    out.push_str("</MCCI_IN200101>");
    out
}

/// A `QUPC_IN990002NL` without content.
pub(crate) fn empty(query: &Query, says: Empty) -> String {
    let (ack, response, issue) = match says {
        Empty::NothingFound => ("AA", "NF", None),
        Empty::RefusedElsewhere => (
            "AE",
            "AE",
            Some((
                "AUTERR_SWV_FALSE",
                format!(
                    "Een zorgaanbieder buiten uw regio of samenwerkingsverband heeft ook gegevens (URA: {ELSEWHERE_URA})"
                ),
            )),
        ),
        // Real error texts quote the BSN; this one does too, so that a client can show that it
        // keeps it off its screen and out of its log.
        Empty::Error => (
            "AE",
            "AE",
            Some((
                "QABRTITI",
                format!(
                    "Het bronsysteem gaf niet op tijd antwoord op de vraag naar patiënt {}",
                    query.bsn
                ),
            )),
        ),
    };
    let mut out = String::from("<QUPC_IN990002NL xmlns=\"urn:hl7-org:v3\">\n");
    header(&mut out, "QUPC_IN990002NL");
    out.push_str("<processingCode code=\"P\"/>\n<processingModeCode code=\"T\"/>\n<acceptAckCode code=\"NE\"/>\n");
    let _ = write!(out, "<acknowledgement typeCode=\"{ack}\">");
    if let Some(message) = &query.message {
        let _ = write!(out, "<targetMessage>{}</targetMessage>", id("id", message));
    }
    out.push_str("</acknowledgement>\n");
    parties(&mut out, query);
    let _ = write!(
        out,
        "<ControlActProcess moodCode=\"EVN\">\n<effectiveTime value=\"{}\"/>\n\
         <authorOrPerformer typeCode=\"AUT\"><participant><AssignedDevice><id extension=\"{EXCHANGE}\" root=\"{APPLICATIONS}\"/>\
         </AssignedDevice></participant></authorOrPerformer>\n",
        now()
    );
    if let Some((code, text)) = issue {
        let _ = writeln!(
            out,
            "<reasonOf><justifiedDetectedIssue><code code=\"{code}\" codeSystem=\"2.16.840.1.113883.2.4.6.6.1.1000\" \
             displayName=\"{}\"/></justifiedDetectedIssue></reasonOf>",
            escaped(&text)
        );
    }
    out.push_str("<queryAck>");
    if let Some(query_id) = &query.query {
        out.push_str(&id("queryId", query_id));
    }
    let _ = write!(
        out,
        "<queryResponseCode code=\"{response}\"/><resultTotalQuantity value=\"0\"/><resultCurrentQuantity value=\"0\"/>\
         <resultRemainingQuantity value=\"0\"/></queryAck>\n</ControlActProcess>\n</QUPC_IN990002NL>"
    );
    out
}

/// The message without what may not stand inside another document: a byte order mark, the XML
/// declaration, comments and processing instructions before the root.
pub(crate) fn without_prolog(text: &str) -> Result<&str, &'static str> {
    let mut rest = text.trim_start_matches('\u{feff}').trim_start();
    loop {
        let end = match rest {
            _ if rest.starts_with("<?") => "?>",
            _ if rest.starts_with("<!--") => "-->",
            _ if rest.starts_with("<!") => {
                return Err(
                    "a document type cannot be wrapped (only outcome raw serves such a file)",
                );
            }
            _ if rest.starts_with('<') => return Ok(rest.trim_end()),
            _ => return Err("not XML (only outcome raw serves such a file)"),
        };
        let (_, after) = rest
            .split_once(end)
            .ok_or("not XML (only outcome raw serves such a file)")?;
        rest = after.trim_start();
    }
}

/// The name of the root element of a message without prolog, without its prefix.
pub(crate) fn root_name(text: &str) -> &str {
    let start = text.strip_prefix('<').unwrap_or(text);
    let end = start
        .find(|c: char| c.is_whitespace() || matches!(c, '>' | '/'))
        .unwrap_or(start.len());
    let name = start.get(..end).unwrap_or_default();
    name.split_once(':').map_or(name, |(_, local)| local)
}

/// The message with its acknowledgement code replaced by one that nobody knows; `None` when it has
/// no `<acknowledgement typeCode="AA">`.
pub(crate) fn with_unknown_ack(text: &str) -> Option<String> {
    let replaced = KNOWN_ACK.replace("AA", UNKNOWN_ACK);
    text.contains(KNOWN_ACK)
        .then(|| text.replacen(KNOWN_ACK, &replaced, 1))
}

fn header(out: &mut String, interaction: &str) {
    let _ = write!(
        out,
        "<id extension=\"{}\" root=\"{APPLICATIONS}.{EXCHANGE}.1\"/>\n<creationTime value=\"{}\"/>\n\
         <versionCode code=\"NICTIZEd2005-Okt\"/>\n<interactionId extension=\"{interaction}\" root=\"2.16.840.1.113883.1.6\"/>\n\
         <profileId extension=\"810\" root=\"2.16.840.1.113883.2.4.3.11.1\"/>\n",
        Uuid::new_v4(),
        now()
    );
}

fn parties(out: &mut String, query: &Query) {
    if let Some(asker) = &query.sender {
        let _ = writeln!(
            out,
            "<receiver><device>{}</device></receiver>",
            id("id", asker)
        );
    }
    let _ = writeln!(
        out,
        "<sender><device><id extension=\"{EXCHANGE}\" root=\"{APPLICATIONS}\"/></device></sender>"
    );
}

fn id(name: &str, id: &Id) -> String {
    format!(
        "<{name} extension=\"{}\" root=\"{}\"/>",
        escaped(&id.extension),
        escaped(&id.root)
    )
}

/// Local time to the second, as HL7 version 3 writes it.
pub(crate) fn now() -> String {
    Local::now().format("%Y%m%d%H%M%S").to_string()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
