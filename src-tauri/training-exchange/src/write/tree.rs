//! A FHIR value with its members in the standard's order, written as JSON or as XML.

use super::xml::Xml;

/// The notation of a FHIR answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Notation {
    Json,
    Xml,
}

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Tree {
    Object(Object),
    List(Vec<Tree>),
    Text(String),
    /// A number, as it is written.
    Number(String),
    Bool(bool),
    /// XHTML: a string in JSON, markup in XML.
    Xhtml(String),
}

/// Members in order; a resource has its name.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Object {
    resource: Option<&'static str>,
    members: Vec<(&'static str, Tree)>,
}

impl Object {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn resource(name: &'static str) -> Self {
        Self {
            resource: Some(name),
            members: Vec::new(),
        }
    }

    /// With a member.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<Tree>) -> Self {
        self.members.push((name, value.into()));
        self
    }

    /// With a member, where there is one.
    pub(crate) fn maybe(self, name: &'static str, value: Option<impl Into<Tree>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// With a list, where it holds anything: FHIR knows no empty list.
    pub(crate) fn list<T: Into<Tree>>(
        self,
        name: &'static str,
        values: impl IntoIterator<Item = T>,
    ) -> Self {
        let values: Vec<Tree> = values.into_iter().map(Into::into).collect();
        if values.is_empty() {
            self
        } else {
            self.with(name, Tree::List(values))
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// The whole resource in a notation.
    pub(crate) fn write(&self, notation: Notation) -> String {
        match notation {
            Notation::Json => json(&Tree::Object(self.clone())).to_string(),
            Notation::Xml => {
                let mut x = Xml::default();
                let attributes = [("xmlns", Some("http://hl7.org/fhir"))];
                x.element(self.resource.unwrap_or("Basic"), &attributes, |x| {
                    self.members(x)
                });
                format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}", x.finish())
            }
        }
    }

    fn members(&self, x: &mut Xml) {
        for (name, value) in &self.members {
            xml(x, name, value);
        }
    }
}

/// JSON: a parser does not care for the order of members.
fn json(tree: &Tree) -> serde_json::Value {
    use serde_json::{Map, Value};
    match tree {
        Tree::Object(object) => {
            let kind = object
                .resource
                .map(|name| ("resourceType".to_owned(), Value::from(name)));
            let members = object
                .members
                .iter()
                .map(|(name, value)| ((*name).to_owned(), json(value)));
            Value::Object(kind.into_iter().chain(members).collect::<Map<_, _>>())
        }
        Tree::List(values) => values.iter().map(json).collect(),
        Tree::Text(text) | Tree::Xhtml(text) => Value::from(text.as_str()),
        // A number that JSON does not know stays a text rather than another number.
        Tree::Number(text) => {
            serde_json::from_str(text).unwrap_or_else(|_| Value::from(text.as_str()))
        }
        Tree::Bool(is) => Value::from(*is),
    }
}

fn xml(x: &mut Xml, name: &str, tree: &Tree) {
    match tree {
        Tree::Object(object) => match object.resource {
            Some(resource) => x.element(name, &[], |x| {
                x.element(resource, &[], |x| object.members(x));
            }),
            None => x.element(name, &[], |x| object.members(x)),
        },
        Tree::List(values) => values.iter().for_each(|value| xml(x, name, value)),
        Tree::Text(text) | Tree::Number(text) => x.empty(name, &[("value", Some(text))]),
        Tree::Bool(is) => x.empty(name, &[("value", Some(if *is { "true" } else { "false" }))]),
        Tree::Xhtml(markup) => x.raw(markup),
    }
}

impl From<Object> for Tree {
    fn from(object: Object) -> Self {
        Self::Object(object)
    }
}

impl From<String> for Tree {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Tree {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<&String> for Tree {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<bool> for Tree {
    fn from(is: bool) -> Self {
        Self::Bool(is)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_value_is_written_in_both_notations() {
        let patient = Object::resource("Patient")
            .with("id", "p1")
            .list("name", [Object::new().with("family", "van \"Berg\"")])
            .with("active", true);
        assert_eq!(
            patient.write(Notation::Json),
            r#"{"active":true,"id":"p1","name":[{"family":"van \"Berg\""}],"resourceType":"Patient"}"#
        );
        assert!(patient.write(Notation::Xml).ends_with(
            r#"<Patient xmlns="http://hl7.org/fhir"><id value="p1"/><name><family value="van &quot;Berg&quot;"/></name><active value="true"/></Patient>"#
        ));
    }

    #[test]
    fn a_number_keeps_the_digits_it_was_written_with_in_xml() {
        let quantity = Object::resource("Basic").with("value", Tree::Number("5.10".into()));
        assert!(quantity.write(Notation::Xml).contains(r#"value="5.10""#));
        let odd = Object::new().with("value", Tree::Number("<5".into()));
        assert_eq!(odd.write(Notation::Json), r#"{"value":"<5"}"#);
    }
}
