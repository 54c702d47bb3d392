//! One page of a search, read one resource after another: what it takes is bounded by what was sent.

use core::fmt;

use reqwest::Url;
use serde::Deserialize;
use serde::de::{Deserializer as _, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

/// Bytes of one entry of a Bundle: twice what the largest of a view log takes. Written out as values, a
/// text of nothing but numbers takes sixteen times as much.
const RESOURCE_BYTES_MAX: usize = 1024 * 1024;
/// Bytes of all links of a page.
const LINKS_BYTES_MAX: usize = 64 * 1024;

/// What a page says of itself.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) next: Option<Url>,
    /// How much fits the question, on all pages.
    pub(crate) total: Option<u64>,
}

/// One entry of a page.
#[derive(Debug)]
pub(crate) enum Given<'a> {
    /// A resource, and the entry word for word: what comes twice is the same word for word.
    Resource(Value, &'a str),
    /// The server warns: what it gives is not all, or not what was asked for.
    Warning,
    /// No resource, or one that is longer than any of ours.
    NotReadable,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Bundle<'a> {
    resource_type: String,
    #[serde(rename = "type")]
    kind: String,
    total: Option<u64>,
    #[serde(borrow)]
    link: Option<&'a RawValue>,
    #[serde(borrow)]
    entry: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Link {
    relation: Option<String>,
    url: Option<String>,
}

#[derive(Deserialize)]
struct Entry {
    resource: Option<Value>,
}

impl Page {
    /// Hands out the entries. `None` for what is no Bundle of a search, or leads elsewhere: with half of it
    /// an overview would look whole.
    pub(crate) fn read(answer: &[u8], base: &str, each: impl FnMut(Given<'_>)) -> Option<Self> {
        let bundle: Bundle<'_> = serde_json::from_slice(answer).ok()?;
        if bundle.resource_type != "Bundle" || bundle.kind != "searchset" {
            return None;
        }
        let next = match bundle.link.map(links) {
            None => None,
            Some(links) => links?
                .into_iter()
                .find(|link| link.relation.as_deref() == Some("next")),
        };
        let next = match next {
            None => None,
            Some(link) => Some(below(&link.url?, base)?),
        };
        if let Some(entries) = bundle.entry {
            serde_json::Deserializer::from_str(entries.get())
                .deserialize_seq(Each(each))
                .ok()?;
        }
        Some(Self {
            next,
            total: bundle.total,
        })
    }
}

fn links(links: &RawValue) -> Option<Vec<Link>> {
    let text = links.get();
    (text.len() <= LINKS_BYTES_MAX)
        .then(|| serde_json::from_str(text).ok())
        .flatten()
}

struct Each<F>(F);

impl<'de, F: FnMut(Given<'_>)> Visitor<'de> for Each<F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("entries of a Bundle")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut entries: A) -> Result<(), A::Error> {
        while let Some(entry) = entries.next_element::<&'de RawValue>()? {
            (self.0)(given(entry.get()));
        }
        Ok(())
    }
}

fn given(entry: &str) -> Given<'_> {
    if entry.len() > RESOURCE_BYTES_MAX {
        return Given::NotReadable;
    }
    let Ok(Entry {
        resource: Some(resource @ Value::Object(_)),
    }) = serde_json::from_str(entry)
    else {
        return Given::NotReadable;
    };
    if says(&resource, "resourceType") != Some("OperationOutcome") {
        return Given::Resource(resource, entry);
    }
    let warns = resource
        .get("issue")
        .and_then(Value::as_array)
        .is_none_or(|issues| {
            issues
                .iter()
                .any(|issue| says(issue, "severity") != Some("information"))
        });
    if warns {
        Given::Warning
    } else {
        Given::Resource(Value::Null, entry)
    }
}

fn says<'a>(of: &'a Value, member: &str) -> Option<&'a str> {
    of.get(member).and_then(Value::as_str)
}

/// The address of a further page: below the base that is configured, and nowhere else. A server may also
/// say it relative to its base. Compared is what is asked in the end: whoever reads an address leaves tabs
/// out, and goes up where it says so.
fn below(url: &str, base: &str) -> Option<Url> {
    let base = Url::parse(&format!("{base}/")).ok()?;
    let led = base.join(url).ok()?;
    let path = led.path();
    let rest = path.strip_prefix(base.path().trim_end_matches('/'))?;
    let here = led.origin() == base.origin()
        && led.username().is_empty()
        && led.password().is_none()
        && (rest.is_empty() || rest.starts_with('/'));
    // What a server that reads it once more would take for a way up.
    let lower = rest.to_ascii_lowercase();
    let climbs = ["..", "%2e", "%2f", "%5c", "%25"]
        .iter()
        .any(|part| lower.contains(part));
    (here && !climbs).then_some(led)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(page: &str) -> Option<Vec<&'static str>> {
        let mut seen = Vec::new();
        Page::read(page.as_bytes(), "https://localhost/fhir", |given| {
            seen.push(match given {
                Given::Resource(..) => "resource",
                Given::Warning => "warning",
                Given::NotReadable => "not readable",
            });
        })?;
        Some(seen)
    }

    #[test]
    fn a_further_page_is_below_the_base_or_it_is_none() {
        let base = "https://register.example:8443/fhir";
        for (url, led) in [
            (
                "https://register.example:8443/fhir?_getpages=7",
                Some("https://register.example:8443/fhir?_getpages=7"),
            ),
            (
                "https://register.example:8443/fhir/AuditEvent?page=2",
                Some("https://register.example:8443/fhir/AuditEvent?page=2"),
            ),
            (
                "AuditEvent?page=2",
                Some("https://register.example:8443/fhir/AuditEvent?page=2"),
            ),
            ("https://register.example:8443/fhirbad", None),
            ("https://register.example:8443/fhir/../admin", None),
            ("https://register.example:8443/fhir/%2E./admin", None),
            ("https://register.example:8443/fhir/.\t./admin", None),
            ("https://register.example:8443/fhir/.\n./admin", None),
            ("https://register.example:8443/fhir/..%2fadmin", None),
            ("https://register.example:8443/fhir/..;/admin", None),
            ("https://register.example:8443/fhir\\..\\admin", None),
            ("https://a@register.example:8443/fhir/AuditEvent", None),
            ("https://register.example/fhir/AuditEvent", None),
            ("https://elsewhere.example/fhir/AuditEvent", None),
            ("http://register.example:8443/fhir/AuditEvent", None),
            ("/\t/elsewhere.example/fhir", None),
            (".\t./admin", None),
            ("/.\t./admin", None),
            ("//elsewhere.example/fhir", None),
            ("/admin", None),
        ] {
            let found = below(url, base);
            assert_eq!(found.as_ref().map(Url::as_str), led, "{url:?}");
        }
    }

    #[test]
    fn what_is_no_page_of_a_search_is_none() {
        for rubbish in [
            "",
            "[]",
            "7",
            "<html>",
            r#"{"resourceType":"OperationOutcome"}"#,
            r#"{"resourceType":"Bundle","type":"collection"}"#,
            r#"{"resourceType":"Bundle","type":"searchset","entry":"x"}"#,
            r#"{"resourceType":"Bundle","type":"searchset","entry":[],"entry":[]}"#,
            r#"{"resourceType":"Bundle","type":"searchset","link":[{"relation":"next"}]}"#,
            r#"{"resourceType":"Bundle","type":"searchset","link":[{"relation":"next","url":"https://x/"}]}"#,
        ] {
            assert!(entries(rubbish).is_none(), "{rubbish}");
        }
    }

    #[test]
    fn an_entry_without_a_resource_or_a_warning_is_not_passed_over() {
        let page = |entry: &str| {
            format!(r#"{{"resourceType":"Bundle","type":"searchset","entry":[{entry}]}}"#)
        };
        let outcome = |severity: &str| {
            format!(
                r#"{{"resource":{{"resourceType":"OperationOutcome","issue":[{{"severity":"{severity}"}}]}}}}"#
            )
        };
        let endless = format!(r#"{{"resource":{{"a":[0{}]}}}}"#, ",0".repeat(600_000));
        for (entry, read) in [
            (r#"{"resource":{"resourceType":"Patient"}}"#, "resource"),
            ("1", "not readable"),
            ("{}", "not readable"),
            (r#"{"resource":7}"#, "not readable"),
            (&endless, "not readable"),
            (&outcome("warning"), "warning"),
            (&outcome("error"), "warning"),
            (
                r#"{"resource":{"resourceType":"OperationOutcome"}}"#,
                "warning",
            ),
            (&outcome("information"), "resource"),
        ] {
            assert_eq!(entries(&page(entry)), Some(vec![read]));
        }
    }
}
