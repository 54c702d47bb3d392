//! Reads the query: SOAP 1.1 with a `QUPC_IN990001NL` or a `GQZG_IN000001NL` in its body.
//!
//! The body of the first is not public. What is read here is the analogue of the second, which is:
//! the patient's BSN in an element of `queryByParameter` whose root is the BSN's OID.

use roxmltree::{Document, Node};

use crate::bsn::is_bsn;

/// The namespace of HL7 version 3.
pub(crate) const HL7V3: &str = "urn:hl7-org:v3";
/// The root of a BSN.
pub(crate) const BSN_ROOT: &str = "2.16.840.1.113883.2.4.6.3";
const SOAP: &str = "http://schemas.xmlsoap.org/soap/envelope/";

/// An instance identifier as it stands in the query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Id {
    pub(crate) root: String,
    pub(crate) extension: String,
}

/// What the exchange takes from a query.
#[derive(Debug)]
pub(crate) struct Query {
    pub(crate) bsn: String,
    /// The message's own id, for the answer's acknowledgement.
    pub(crate) message: Option<Id>,
    /// The query's id, for the answer's queryAck.
    pub(crate) query: Option<Id>,
    /// The asking application, for the answer's receiver.
    pub(crate) sender: Option<Id>,
}

/// The question for a professional summary.
pub(crate) const PROFESSIONAL_SUMMARY: &str = "QUPC_IN990001NL";
/// The question for the building blocks of acute care.
pub(crate) const ACUTE_CARE: &str = "GQZG_IN000001NL";

/// Reads a query by this interaction, or says in a sentence, without quoting it, what is wrong with it.
pub(crate) fn read(bytes: &[u8], interaction: &str) -> Result<Query, &'static str> {
    let text = std::str::from_utf8(bytes).map_err(|_| "the request is not UTF-8")?;
    let document =
        Document::parse(text).map_err(|_| "the request is not well-formed XML without a DTD")?;
    if !document.root_element().has_tag_name((SOAP, "Envelope")) {
        return Err("the request is not a SOAP 1.1 envelope");
    }
    let message = document
        .descendants()
        .find(|node| node.has_tag_name((HL7V3, interaction)))
        .ok_or(if interaction == ACUTE_CARE {
            "the request holds no GQZG_IN000001NL"
        } else {
            "the request holds no QUPC_IN990001NL"
        })?;
    let control_act =
        child(message, "ControlActProcess").ok_or("the query has no ControlActProcess")?;
    let parameters =
        child(control_act, "queryByParameter").ok_or("the query has no queryByParameter")?;
    let mut bsns = parameters
        .descendants()
        .filter(|node| node.attribute("root") == Some(BSN_ROOT))
        .filter_map(|node| node.attribute("extension"));
    let bsn = bsns.next().ok_or("the query names no patient")?;
    if bsns.any(|other| other != bsn) {
        return Err("the query names more than one patient");
    }
    if !is_bsn(bsn) {
        return Err("the query's BSN is not nine digits that pass the eleven-test");
    }
    let sender = child(message, "sender")
        .and_then(|sender| child(sender, "device"))
        .and_then(id);
    Ok(Query {
        bsn: bsn.to_owned(),
        message: id(message),
        query: child(parameters, "queryId").as_ref().and_then(attributes),
        sender,
    })
}

fn child<'a, 'input>(node: Node<'a, 'input>, name: &str) -> Option<Node<'a, 'input>> {
    node.children()
        .find(|node| node.has_tag_name((HL7V3, name)))
}

fn id(node: Node<'_, '_>) -> Option<Id> {
    child(node, "id").as_ref().and_then(attributes)
}

fn attributes(node: &Node<'_, '_>) -> Option<Id> {
    Some(Id {
        root: node.attribute("root")?.to_owned(),
        extension: node.attribute("extension").unwrap_or_default().to_owned(),
    })
}
