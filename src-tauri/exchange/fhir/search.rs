//! What a search answered: only what leads to the next question is read here, and nothing clinical.

use inzage_core::readers::{Format, text_of};
use roxmltree::{Document, Node};
use serde_json::Value;

use super::address::is_id;
use crate::exchange::error::ExchangeError;

const FHIR: &str = "http://hl7.org/fhir";

/// What a search found.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// The ids of patients with that number.
    Patients(Vec<String>),
    /// The addresses of documents, as the source wrote them.
    Documents(Vec<String>),
    /// Something that answers the question by itself: a document, or what went wrong.
    Answer(Vec<u8>),
}

/// Reads what a search answered.
pub(super) fn read(bytes: Vec<u8>) -> Result<Found, ExchangeError> {
    let found = {
        let (text, format) = text_of(&bytes).map_err(|_| ExchangeError::NotAnAnswer)?;
        match format {
            Format::Json => json(&parsed(text)?)?,
            Format::Xml => xml(text)?,
        }
    };
    Ok(found.unwrap_or(Found::Answer(bytes)))
}

/// Whether this is an `OperationOutcome`.
pub(super) fn is_outcome(bytes: &[u8]) -> bool {
    const NAME: &str = "OperationOutcome";
    match text_of(bytes) {
        Ok((text, Format::Json)) => parsed(text).is_ok_and(|value| kind(&value) == Some(NAME)),
        Ok((text, Format::Xml)) => Document::parse(text)
            .is_ok_and(|document| document.root_element().has_tag_name((FHIR, NAME))),
        Err(_) => false,
    }
}

fn parsed(text: &str) -> Result<Value, ExchangeError> {
    serde_json::from_str(text).map_err(|_| ExchangeError::NotAnAnswer)
}

fn kind(resource: &Value) -> Option<&str> {
    resource.get("resourceType").and_then(Value::as_str)
}

/// `None` where the answer is to be read by the core.
fn json(answer: &Value) -> Result<Option<Found>, ExchangeError> {
    let is_list = kind(answer) == Some("Bundle")
        && answer.get("type").and_then(Value::as_str) == Some("searchset");
    if !is_list {
        return Ok(None);
    }
    let mut links = Links::default();
    for entry in list(answer.get("entry")) {
        let Some(resource) = entry.get("resource") else {
            continue;
        };
        match kind(resource) {
            Some("Patient") => links.patient(resource.get("id").and_then(Value::as_str)),
            Some("DocumentReference") => {
                let contents = list(resource.get("content"));
                let urls = contents.map(|content| content.pointer("/attachment/url"));
                links.document(urls.map(|url| url.and_then(Value::as_str)));
            }
            // An outcome beside the matches is a remark on the search.
            _ => {}
        }
    }
    links.found(answer_has_more(answer))
}

fn answer_has_more(answer: &Value) -> bool {
    list(answer.get("link"))
        .any(|link| link.get("relation").and_then(Value::as_str) == Some("next"))
}

fn list(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    value.and_then(Value::as_array).into_iter().flatten()
}

fn xml(text: &str) -> Result<Option<Found>, ExchangeError> {
    let document = Document::parse(text).map_err(|_| ExchangeError::NotAnAnswer)?;
    let root = document.root_element();
    let is_list = root.has_tag_name((FHIR, "Bundle"))
        && child(root, "type").and_then(|node| node.attribute("value")) == Some("searchset");
    if !is_list {
        return Ok(None);
    }
    let mut links = Links::default();
    for entry in children(root, "entry") {
        let resource =
            child(entry, "resource").and_then(|holder| holder.children().find(Node::is_element));
        let Some(resource) = resource else { continue };
        match resource.tag_name().name() {
            "Patient" => links.patient(child(resource, "id").and_then(|id| id.attribute("value"))),
            "DocumentReference" => {
                let urls = children(resource, "content").map(|content| {
                    child(content, "attachment")
                        .and_then(|attachment| child(attachment, "url"))
                        .and_then(|url| url.attribute("value"))
                });
                links.document(urls);
            }
            // An outcome beside the matches is a remark on the search.
            _ => {}
        }
    }
    let has_more = children(root, "link").any(|link| {
        child(link, "relation").and_then(|node| node.attribute("value")) == Some("next")
    });
    links.found(has_more)
}

fn children<'a, 'i>(node: Node<'a, 'i>, name: &'a str) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children()
        .filter(move |child| child.has_tag_name((FHIR, name)))
}

fn child<'a, 'i>(node: Node<'a, 'i>, name: &'a str) -> Option<Node<'a, 'i>> {
    children(node, name).next()
}

#[derive(Default)]
struct Links {
    patients: Vec<String>,
    documents: Vec<String>,
    /// An entry that leads nowhere: without an id or address that can be followed.
    broken: bool,
}

impl Links {
    fn patient(&mut self, id: Option<&str>) {
        match id.filter(|id| is_id(id)) {
            Some(id) => self.patients.push(id.to_owned()),
            None => self.broken = true,
        }
    }

    fn document<'a>(&mut self, urls: impl Iterator<Item = Option<&'a str>>) {
        for url in urls {
            match url {
                Some(url) => self.documents.push(url.to_owned()),
                // Content inline, or none: nothing here to follow, and not to be passed over.
                None => self.broken = true,
            }
        }
    }

    /// A further page is not asked for: nobody has two pages of records at one source, and what
    /// is left out silently would look complete.
    fn found(self, has_more: bool) -> Result<Option<Found>, ExchangeError> {
        if self.broken || has_more {
            return Err(ExchangeError::NotAnAnswer);
        }
        Ok(match (self.patients.len(), self.documents.len()) {
            // Nobody by that number, or nothing of them: the list itself is the answer.
            (0, 0) => None,
            (_, 0) => Some(Found::Patients(self.patients)),
            // Patients beside documents are those the documents are about.
            _ => Some(Found::Documents(self.documents)),
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn patients_are_found_in_either_notation() {
        let json = r#"{"resourceType":"Bundle","type":"searchset","entry":[{"resource":{"resourceType":"Patient","id":"p1-s1"}}]}"#;
        let xml = r#"<Bundle xmlns="http://hl7.org/fhir"><type value="searchset"/><entry><resource><Patient><id value="p1-s1"/></Patient></resource></entry></Bundle>"#;
        for text in [json, xml] {
            assert_eq!(
                read(text.into()).unwrap(),
                Found::Patients(vec!["p1-s1".into()]),
                "{text}"
            );
        }
    }

    #[test]
    fn a_document_is_found_by_its_address_in_either_notation() {
        let json = r#"{"resourceType":"Bundle","type":"searchset","entry":[{"resource":{"resourceType":"DocumentReference","content":[{"attachment":{"url":"Bundle/1"}}]}}]}"#;
        let xml = r#"<Bundle xmlns="http://hl7.org/fhir"><type value="searchset"/><entry><resource><DocumentReference><content><attachment><url value="Bundle/1"/></attachment></content></DocumentReference></resource></entry></Bundle>"#;
        for text in [json, xml] {
            assert_eq!(
                read(text.into()).unwrap(),
                Found::Documents(vec!["Bundle/1".into()]),
                "{text}"
            );
        }
    }

    #[test]
    fn an_empty_list_and_an_outcome_are_answers_for_the_core() {
        for text in [
            r#"{"resourceType":"Bundle","type":"searchset","total":0}"#,
            r#"{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"processing"}]}"#,
            r#"{"resourceType":"Bundle","type":"searchset","entry":[{"resource":{"resourceType":"OperationOutcome"}}]}"#,
        ] {
            assert_eq!(
                read(text.into()).unwrap(),
                Found::Answer(text.into()),
                "{text}"
            );
        }
    }

    #[test]
    fn a_list_that_leads_nowhere_or_goes_on_elsewhere_is_no_answer() {
        for text in [
            r#"{"resourceType":"Bundle","type":"searchset","entry":[{"resource":{"resourceType":"Patient","id":"../x"}}]}"#,
            r#"{"resourceType":"Bundle","type":"searchset","entry":[{"resource":{"resourceType":"Patient"}}]}"#,
            r#"{"resourceType":"Bundle","type":"searchset","link":[{"relation":"next","url":"https://x"}],"entry":[{"resource":{"resourceType":"Patient","id":"1"}}]}"#,
            r#"{"resourceType":"Bundle","type":"searchset","entry":[{"resource":{"resourceType":"DocumentReference","content":[{"attachment":{"data":"eA=="}}]}}]}"#,
            "niets",
        ] {
            assert_eq!(
                read(text.into()).unwrap_err(),
                ExchangeError::NotAnAnswer,
                "{text}"
            );
        }
    }
}
