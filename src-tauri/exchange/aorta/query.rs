//! The question for a professional summary.
//!
//! The body of `QUPC_IN990001NL` is not public; this is the analogue of the public
//! `GQZG_IN000001NL` (transmission wrapper, control act, query by parameter with
//! the patient's id). A real connection will have to compare it with the standard.

use inzage_core::domain::bsn::{BSN_OID, Bsn};

/// `SOAPAction` of the question.
pub(super) const SOAP_ACTION: &str = "\"urn:hl7-org:v3/QUPC_IN990001NL\"";

/// Who asks: identifies the organisation and its application to the exchange.
#[derive(Debug, Clone)]
pub struct Asker {
    /// AORTA application id of this installation.
    pub application_id: String,
    /// URA of the organisation.
    pub ura: String,
}

/// The SOAP envelope with the question. `request_id` is a UUID; `now_hl7` is local
/// time as `YYYYMMDDhhmmss`.
#[must_use]
pub fn professional_summary_query(
    asker: &Asker,
    bsn: &Bsn,
    request_id: &str,
    now_hl7: &str,
) -> String {
    let application = escape(&asker.application_id);
    let ura = escape(&asker.ura);
    let request = escape(request_id);
    let now = escape(now_hl7);
    let bsn = bsn.reveal();
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><QUPC_IN990001NL xmlns="urn:hl7-org:v3">
<id root="{request}"/><creationTime value="{now}"/><versionCode code="NICTIZEd2005-Okt"/>
<interactionId extension="QUPC_IN990001NL" root="2.16.840.1.113883.1.6"/><profileId root="2.16.840.1.113883.2.4.3.11.1" extension="810"/>
<processingCode code="P"/><processingModeCode code="T"/><acceptAckCode code="NE"/>
<receiver><device><id root="2.16.840.1.113883.2.4.6.6" extension="1"/></device></receiver>
<sender><device><id root="2.16.840.1.113883.2.4.6.6" extension="{application}"/></device></sender>
<ControlActProcess moodCode="EVN"><effectiveTime value="{now}"/>
<authorOrPerformer typeCode="AUT"><participant><AssignedDevice><id root="2.16.840.1.113883.2.4.6.6" extension="{application}"/><Organization><id root="2.16.528.1.1007.3.3" extension="{ura}"/></Organization></AssignedDevice></participant></authorOrPerformer>
<queryByParameter><queryId root="{request}"/><statusCode code="executing"/><responseModalityCode code="R"/><responsePriorityCode code="I"/>
<patientID><value root="{BSN_OID}" extension="{bsn}"/><semanticsText>Patient.id</semanticsText></patientID></queryByParameter>
</ControlActProcess></QUPC_IN990001NL></soap:Body></soap:Envelope>"#
    )
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for ch in text.chars() {
        match ch {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn configuration_cannot_break_out_of_its_attribute() {
        let asker = Asker {
            application_id: "1\"/><x y=\"".into(),
            ura: "<&".into(),
        };
        let text = professional_summary_query(
            &asker,
            &Bsn::parse("999900006").unwrap(),
            "9f6e0a52-0f0a-4d0e-8a3b-0a9a3e0d8a11",
            "20261122021405",
        );
        assert!(
            !text.contains("<x y="),
            "an attribute value may not open an element"
        );
        assert!(text.contains(r#"extension="999900006""#));
    }
}
