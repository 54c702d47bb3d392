//! The questions: for a professional summary, and for the building blocks of acute care.
//!
//! `GQZG_IN000001NL` is public in one example (transmission wrapper, control act, query by
//! parameter with the patient's id and a context code). Not public are: the context code of an
//! emergency department's question (`PS-SEH` is its name; that it is also its code is assumed),
//! its path and its `SOAPAction`, and the whole body of `QUPC_IN990001NL`, which is made here as
//! the analogue of the other. A real connection has to compare both with the standard.

use inzage_core::domain::bsn::{BSN_OID, Bsn};
use inzage_core::domain::user::Setting;

/// Code system of the contexts in which acute care asks.
const CONTEXT_SYSTEM: &str = "2.16.840.1.113883.2.4.3.111.15.1";
/// The context of an emergency department. Its name in public; as a code it is assumed.
const CONTEXT_EMERGENCY: &str = "PS-SEH";

/// What is asked for, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interaction {
    /// `QUPC_IN990001NL`: the professional summary, for an after-hours centre.
    ProfessionalSummary,
    /// `GQZG_IN000001NL`: the building blocks of acute care, for an emergency department.
    AcuteCare,
}

impl Interaction {
    /// What a workstation in this setting asks for.
    #[must_use]
    pub const fn of(setting: Setting) -> Self {
        match setting {
            Setting::Emergency => Self::AcuteCare,
            Setting::AfterHours | Setting::Other => Self::ProfessionalSummary,
        }
    }

    /// Name of the interaction.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ProfessionalSummary => "QUPC_IN990001NL",
            Self::AcuteCare => "GQZG_IN000001NL",
        }
    }

    /// Where it is sent, below the exchange's address. AORTA's own paths are not public.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::ProfessionalSummary => "/aorta/professional-summary",
            Self::AcuteCare => "/aorta/acute-care",
        }
    }

    /// `SOAPAction` of the question.
    pub(super) const fn soap_action(self) -> &'static str {
        match self {
            Self::ProfessionalSummary => "\"urn:hl7-org:v3/QUPC_IN990001NL\"",
            Self::AcuteCare => "\"urn:hl7-org:v3/GQZG_IN000001NL\"",
        }
    }
}

/// Who asks: identifies the organisation and its application to the exchange.
#[derive(Debug, Clone)]
pub struct Asker {
    /// AORTA application id of this installation.
    pub application_id: String,
    /// URA of the organisation.
    pub ura: String,
}

/// The SOAP envelope with the question. `message_id` is the look-up's id, a UUID; `now_hl7` is local time as `YYYYMMDDhhmmss`.
#[must_use]
pub fn question(
    interaction: Interaction,
    asker: &Asker,
    bsn: &Bsn,
    message_id: &str,
    now_hl7: &str,
) -> String {
    let name = interaction.name();
    let application = escape(&asker.application_id);
    let ura = escape(&asker.ura);
    let message = escape(message_id);
    let now = escape(now_hl7);
    let parameters = parameters(interaction, bsn, &message, &now);
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><{name} xmlns="urn:hl7-org:v3">
<id root="{message}"/><creationTime value="{now}"/><versionCode code="NICTIZEd2005-Okt"/>
<interactionId extension="{name}" root="2.16.840.1.113883.1.6"/><profileId root="2.16.840.1.113883.2.4.3.11.1" extension="810"/>
<processingCode code="P"/><processingModeCode code="T"/><acceptAckCode code="NE"/>
<receiver><device><id root="2.16.840.1.113883.2.4.6.6" extension="1"/></device></receiver>
<sender><device><id root="2.16.840.1.113883.2.4.6.6" extension="{application}"/></device></sender>
<ControlActProcess moodCode="EVN"><effectiveTime value="{now}"/>
<authorOrPerformer typeCode="AUT"><participant><AssignedDevice><id root="2.16.840.1.113883.2.4.6.6" extension="{application}"/><Organization><id root="2.16.528.1.1007.3.3" extension="{ura}"/></Organization></AssignedDevice></participant></authorOrPerformer>
{parameters}
</ControlActProcess></{name}></soap:Body></soap:Envelope>"#
    )
}

/// `responseModalityCode` says how the answer comes: `R` in real time as one message, `B` as a batch.
fn parameters(interaction: Interaction, bsn: &Bsn, query: &str, now: &str) -> String {
    let bsn = bsn.reveal();
    match interaction {
        Interaction::ProfessionalSummary => format!(
            r#"<queryByParameter><queryId root="{query}"/><statusCode code="executing"/><responseModalityCode code="R"/><responsePriorityCode code="I"/>
<patientID><value root="{BSN_OID}" extension="{bsn}"/><semanticsText>Patient.id</semanticsText></patientID></queryByParameter>"#
        ),
        Interaction::AcuteCare => format!(
            r#"<queryByParameter><templateId root="2.16.840.1.113883.2.4.3.11.60.66.10.3"/><queryId root="{query}"/><statusCode code="executing"/><responseModalityCode code="B"/><responsePriorityCode code="I"/><executionAndDeliveryTime value="{now}"/>
<patientId><value root="{BSN_OID}" extension="{bsn}"/></patientId><contextCode><value code="{CONTEXT_EMERGENCY}" codeSystem="{CONTEXT_SYSTEM}"/></contextCode></queryByParameter>"#
        ),
    }
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

    fn asked(interaction: Interaction, application: &str, ura: &str) -> String {
        let asker = Asker {
            application_id: application.into(),
            ura: ura.into(),
        };
        let bsn = Bsn::parse("999900006").unwrap();
        let message = "9f6e0a52-0f0a-4d0e-8a3b-0a9a3e0d8a11";
        question(interaction, &asker, &bsn, message, "20261122021405")
    }

    #[test]
    fn configuration_cannot_break_out_of_its_attribute() {
        for interaction in [Interaction::ProfessionalSummary, Interaction::AcuteCare] {
            let text = asked(interaction, "1\"/><x y=\"", "<&");
            assert!(
                !text.contains("<x y="),
                "an attribute value may not open an element"
            );
            assert!(text.contains(r#"extension="999900006""#));
        }
    }

    #[test]
    fn an_emergency_department_asks_for_building_blocks_in_a_batch_and_names_its_context() {
        let text = asked(Interaction::of(Setting::Emergency), "90000258", "90000902");
        assert!(text.contains("<GQZG_IN000001NL xmlns=\"urn:hl7-org:v3\">"));
        assert!(text.contains(r#"<responseModalityCode code="B"/>"#));
        assert!(text.contains(r#"<contextCode><value code="PS-SEH""#));
        assert!(
            text.contains("<patientId><value"),
            "as the public example spells it"
        );
        let other = asked(Interaction::of(Setting::AfterHours), "90000258", "90000901");
        assert!(other.contains("<QUPC_IN990001NL xmlns=\"urn:hl7-org:v3\">"));
        assert!(!other.contains("contextCode"));
    }
}
