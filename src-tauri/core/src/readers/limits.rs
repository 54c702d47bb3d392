//! The first look at received bytes: one linear scan before anything builds a tree.
//!
//! A tree builder has no depth limit, and one element with 100,000 attributes or
//! namespaces re-declared by every child keeps it busy for many seconds. What
//! passes here is small enough for the tree, and what does not is refused with
//! the reason.

use quick_xml::events::{BytesDecl, BytesStart};
use roxmltree::{Document, ParsingOptions};

use super::Unreadable;
use crate::domain::finding::{Finding, FindingCode, Severity};

/// Largest message read. The only public real summary has 0.1 MB; one with 2,000 contacts about 10 MB.
pub const MESSAGE_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Deepest nesting read. The deepest public message has 16 levels, wrappers included.
pub const DEPTH_MAX: usize = 64;
/// Deepest nesting of objects and arrays read. The deepest public document has 15 levels; an array
/// is a level of its own, so this is what [`DEPTH_MAX`] is to XML.
pub const JSON_DEPTH_MAX: usize = 128;
/// Most members of one JSON object. The richest resource has some 60 elements, each with an
/// underscored twin; the tree builder compares each with each.
pub const MEMBERS_PER_OBJECT_MAX: usize = 256;
/// Most attributes on one element, declarations included. Public messages have at most 12; the
/// tree builder compares each with each.
pub const ATTRIBUTES_PER_ELEMENT_MAX: usize = 64;
/// Most namespace bindings in scope at one element. Public messages have at most 8; a repeated
/// identical declaration does not count, because real files have one on every value.
pub const NAMESPACES_IN_SCOPE_MAX: usize = 64;
/// Most elements, texts, comments and instructions. A tree node takes some 70 bytes, so this
/// bounds the memory of a tree to about four times the largest message.
pub const NODES_MAX: u32 = 2_000_000;

/// Checks size, encoding and shape, and gives the text without its byte order mark.
///
/// Linear in the number of bytes. What it accepts may still be malformed: the tree
/// builder has the last word on that.
///
/// # Errors
/// `LimitExceeded`, `BadEncoding` (only UTF-8 is read), `DoctypeRefused` or `NotWellFormed`.
pub fn scan(bytes: &[u8]) -> Result<&str, Unreadable> {
    if bytes.len() > MESSAGE_BYTES_MAX {
        return Err(unreadable(FindingCode::LimitExceeded));
    }
    let text = core::str::from_utf8(bytes).map_err(|_| unreadable(FindingCode::BadEncoding))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    Shape::of(text).walk()?;
    Ok(text)
}

/// Checks size, encoding and nesting of a JSON text, and gives it without its byte order mark.
///
/// Linear in the number of bytes. What it accepts may still be malformed: the parser has the last
/// word on that.
///
/// # Errors
/// `LimitExceeded`, `BadEncoding` (only UTF-8 is read) or `NotWellFormed`.
pub fn scan_json(bytes: &[u8]) -> Result<&str, Unreadable> {
    if bytes.len() > MESSAGE_BYTES_MAX {
        return Err(unreadable(FindingCode::LimitExceeded));
    }
    let text = core::str::from_utf8(bytes).map_err(|_| unreadable(FindingCode::BadEncoding))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    nesting(text)?;
    Ok(text)
}

/// Counts levels and values; what stands within quotes is neither.
fn nesting(text: &str) -> Result<(), Unreadable> {
    let mut depth = 0_usize;
    let mut values = 1_u32;
    let mut rest = text.as_bytes();
    while let Some(at) = rest.iter().position(|byte| STRUCTURAL.has(*byte)) {
        let (byte, behind) = (rest.get(at), rest.get(at + 1..).unwrap_or_default());
        rest = behind;
        match byte {
            Some(b'"') => {
                rest = behind_quoted(behind)?;
                continue;
            }
            Some(b'{' | b'[') => {
                depth += 1;
                values += 1;
            }
            Some(b'}' | b']') => {
                depth = depth
                    .checked_sub(1)
                    .ok_or_else(|| unreadable(FindingCode::NotWellFormed))?;
                continue;
            }
            _ => values += 1,
        }
        if depth > JSON_DEPTH_MAX || values > NODES_MAX {
            return Err(unreadable(FindingCode::LimitExceeded));
        }
    }
    if depth == 0 {
        Ok(())
    } else {
        Err(unreadable(FindingCode::NotWellFormed))
    }
}

/// Bytes that a scan looks for, as a table: one look-up for each byte of a message, whatever their
/// number.
pub(super) struct Bytes([bool; 256]);

impl Bytes {
    pub(super) const fn of(mut bytes: &[u8]) -> Self {
        let mut table = [false; 256];
        while let [byte, rest @ ..] = bytes {
            if let (_, [place, ..]) = table.split_at_mut(*byte as usize) {
                *place = true;
            }
            bytes = rest;
        }
        Self(table)
    }

    pub(super) fn has(&self, byte: u8) -> bool {
        self.0.get(usize::from(byte)).is_some_and(|has| *has)
    }
}

static STRUCTURAL: Bytes = Bytes::of(b"\"{[}],");
/// What ends a name in a tag.
static AFTER_NAME: Bytes = Bytes::of(b" \t\n\r=>/\"'");

/// What stands behind the quote that ends a string. Most of a text is in strings: this is the scan.
fn behind_quoted(mut rest: &[u8]) -> Result<&[u8], Unreadable> {
    loop {
        let end = rest.iter().position(|byte| matches!(byte, b'"' | b'\\'));
        let Some((end, byte)) = end.and_then(|end| Some((end, rest.get(end)?))) else {
            return Err(unreadable(FindingCode::NotWellFormed));
        };
        // Whatever is escaped ends nothing.
        let steps = if *byte == b'"' { 1 } else { 2 };
        rest = rest.get(end + steps..).unwrap_or_default();
        if *byte == b'"' {
            return Ok(rest);
        }
    }
}

/// Parses an XML text that passed [`scan`], within the limits.
///
/// # Errors
/// `NotWellFormed`, `DoctypeRefused` or `LimitExceeded`.
pub(super) fn parse_xml(text: &str) -> Result<Document<'_>, Unreadable> {
    let options = ParsingOptions {
        nodes_limit: NODES_MAX,
        ..ParsingOptions::default()
    };
    Document::parse_with_options(text, options).map_err(|error| {
        unreadable(match error {
            roxmltree::Error::DtdDetected => FindingCode::DoctypeRefused,
            roxmltree::Error::NodesLimitReached
            | roxmltree::Error::AttributesLimitReached
            | roxmltree::Error::NamespacesLimitReached => FindingCode::LimitExceeded,
            _ => FindingCode::NotWellFormed,
        })
    })
}

pub(super) fn unreadable(code: FindingCode) -> Unreadable {
    Unreadable {
        finding: Finding {
            code,
            severity: Severity::Error,
            path: String::new(),
            source: None,
        },
    }
}

/// What the scan keeps: never more than the limits allow.
struct Shape<'a> {
    text: &'a str,
    at: usize,
    nodes: u32,
    elements: u32,
    /// Bindings in scope: prefix and URI.
    bindings: Vec<(&'a str, &'a str)>,
    /// Per open element, how many bindings there were before it.
    open: Vec<usize>,
}

impl<'a> Shape<'a> {
    const fn of(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            nodes: 0,
            elements: 0,
            bindings: Vec::new(),
            open: Vec::new(),
        }
    }

    fn walk(mut self) -> Result<(), Unreadable> {
        loop {
            let rest = self.rest();
            if rest.is_empty() {
                break;
            }
            match rest.find('<') {
                Some(0) => self.markup(rest)?,
                words => {
                    self.count()?;
                    self.at += words.unwrap_or(rest.len());
                }
            }
        }
        if self.open.is_empty() && self.elements > 0 {
            Ok(())
        } else {
            Err(unreadable(FindingCode::NotWellFormed))
        }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn count(&mut self) -> Result<(), Unreadable> {
        self.nodes += 1;
        if self.nodes > NODES_MAX {
            return Err(unreadable(FindingCode::LimitExceeded));
        }
        Ok(())
    }

    /// Goes past whatever begins with a `<` here.
    fn markup(&mut self, rest: &'a str) -> Result<(), Unreadable> {
        match rest.as_bytes().get(1) {
            Some(b'/') => {
                self.past_byte(b'>')?;
                self.leave()
            }
            Some(b'?') => {
                self.count()?;
                let instruction = self.past("?>")?;
                let content = instruction.get(2..instruction.len() - 2);
                refuse_other_encoding(content.unwrap_or_default(), self.text)
            }
            Some(b'!') => {
                self.count()?;
                if rest.starts_with("<!--") {
                    self.at += "<!--".len();
                    self.past("-->")?;
                } else if rest.starts_with("<![CDATA[") {
                    self.past("]]>")?;
                } else if rest
                    .get("<!".len()..)
                    .and_then(|rest| rest.get(.."DOCTYPE".len()))
                    .is_some_and(|word| word.eq_ignore_ascii_case("DOCTYPE"))
                {
                    return Err(unreadable(FindingCode::DoctypeRefused));
                } else {
                    return Err(unreadable(FindingCode::NotWellFormed));
                }
                Ok(())
            }
            _ => {
                self.count()?;
                self.at += 1;
                self.tag()
            }
        }
    }

    /// Goes past the next of these ends; gives all up to there.
    fn past(&mut self, end: &str) -> Result<&'a str, Unreadable> {
        let rest = self.rest();
        let length = rest
            .find(end)
            .map(|at| at + end.len())
            .ok_or_else(|| unreadable(FindingCode::NotWellFormed))?;
        self.at += length;
        Ok(rest.get(..length).unwrap_or_default())
    }

    /// Goes past the next of these bytes; gives what stands before it.
    fn past_byte(&mut self, end: u8) -> Result<&'a str, Unreadable> {
        let rest = self.rest();
        let length = rest
            .bytes()
            .position(|byte| byte == end)
            .ok_or_else(|| unreadable(FindingCode::NotWellFormed))?;
        self.at += length + 1;
        Ok(rest.get(..length).unwrap_or_default())
    }

    /// An opening or an empty tag, from its name on.
    fn tag(&mut self) -> Result<(), Unreadable> {
        self.elements += 1;
        self.open.push(self.bindings.len());
        if self.open.len() > DEPTH_MAX {
            return Err(unreadable(FindingCode::LimitExceeded));
        }
        if self.name().is_empty() {
            return Err(unreadable(FindingCode::NotWellFormed));
        }
        let mut attributes = 0;
        loop {
            self.skip_space();
            if self.takes(b'>') {
                return Ok(());
            }
            if self.takes(b'/') && self.takes(b'>') {
                return self.leave();
            }
            let name = self.name();
            self.skip_space();
            let is_given = !name.is_empty() && self.takes(b'=');
            self.skip_space();
            let quote = self.next().filter(|byte| matches!(byte, b'"' | b'\''));
            let Some(quote) = quote.filter(|_| is_given) else {
                return Err(unreadable(FindingCode::NotWellFormed));
            };
            self.at += 1;
            let value = self.past_byte(quote)?;
            attributes += 1;
            if attributes > ATTRIBUTES_PER_ELEMENT_MAX {
                return Err(unreadable(FindingCode::LimitExceeded));
            }
            if let Some(prefix) = name.strip_prefix("xmlns") {
                match prefix.strip_prefix(':') {
                    None if prefix.is_empty() => self.bind("", value)?,
                    None => {}
                    Some(prefix) => self.bind(prefix, value)?,
                }
            }
        }
    }

    fn next(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn takes(&mut self, byte: u8) -> bool {
        let is_next = self.next() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    fn skip_space(&mut self) {
        while self.next().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    fn name(&mut self) -> &'a str {
        let rest = self.rest();
        let length = rest.bytes().position(|byte| AFTER_NAME.has(byte));
        let length = length.unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }

    fn bind(&mut self, prefix: &'a str, uri: &'a str) -> Result<(), Unreadable> {
        let bound = self
            .bindings
            .iter()
            .rev()
            .find(|(known, _)| *known == prefix);
        if bound.is_some_and(|(_, to)| *to == uri) {
            return Ok(());
        }
        self.bindings.push((prefix, uri));
        if self.bindings.len() > NAMESPACES_IN_SCOPE_MAX {
            return Err(unreadable(FindingCode::LimitExceeded));
        }
        Ok(())
    }

    fn leave(&mut self) -> Result<(), Unreadable> {
        let before = self
            .open
            .pop()
            .ok_or_else(|| unreadable(FindingCode::NotWellFormed))?;
        self.bindings.truncate(before);
        Ok(())
    }
}

/// A message that says it is in another encoding, and is not plain ASCII, would be misread as UTF-8.
/// Any other instruction says nothing of an encoding.
fn refuse_other_encoding(instruction: &str, text: &str) -> Result<(), Unreadable> {
    let is_declaration = instruction
        .strip_prefix("xml")
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_whitespace()));
    if !is_declaration {
        return Ok(());
    }
    let decl = BytesDecl::from_start(BytesStart::from_content(instruction, "xml".len()));
    let declared = match decl.encoding() {
        None => return Ok(()),
        Some(Ok(declared)) => declared.to_ascii_lowercase(),
        Some(Err(_)) => return Err(unreadable(FindingCode::NotWellFormed)),
    };
    if matches!(declared.as_str(), "utf-8" | "utf8" | "us-ascii" | "ascii") || text.is_ascii() {
        Ok(())
    } else {
        Err(unreadable(FindingCode::BadEncoding))
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;
    use std::time::{Duration, Instant};

    use proptest::prelude::*;

    use super::*;

    /// The machine may be busy; what these guard against takes ten seconds and more.
    const SOON: Duration = Duration::from_secs(2);

    fn refusal(text: impl AsRef<[u8]>) -> Option<FindingCode> {
        let started = Instant::now();
        let answer = scan(text.as_ref())
            .err()
            .map(|unreadable| unreadable.finding.code);
        assert!(started.elapsed() < SOON, "the scan must stay linear");
        answer
    }

    #[test]
    fn a_message_passes_with_and_without_byte_order_mark() {
        assert_eq!(scan(b"<a b='1'>c</a>").unwrap(), "<a b='1'>c</a>");
        assert_eq!(scan("\u{feff}<a/>".as_bytes()).unwrap(), "<a/>");
    }

    #[test]
    fn a_message_above_the_size_limit_is_refused() {
        assert_eq!(
            refusal(vec![b'<'; MESSAGE_BYTES_MAX + 1]),
            Some(FindingCode::LimitExceeded)
        );
    }

    #[test]
    fn ten_thousand_levels_are_refused_and_sixty_four_are_not() {
        let nested = |n: usize| format!("{}{}", "<a>".repeat(n), "</a>".repeat(n));
        assert_eq!(refusal(nested(10_000)), Some(FindingCode::LimitExceeded));
        assert_eq!(
            refusal(nested(DEPTH_MAX + 1)),
            Some(FindingCode::LimitExceeded)
        );
        assert_eq!(refusal(nested(DEPTH_MAX)), None);
    }

    #[test]
    fn a_hundred_thousand_attributes_are_refused() {
        let mut text = "<a".to_owned();
        for n in 0..100_000 {
            write!(text, " a{n}='1'").unwrap();
        }
        assert_eq!(refusal(text + "/>"), Some(FindingCode::LimitExceeded));
    }

    #[test]
    fn namespaces_declared_anew_by_every_child_are_refused() {
        let mut declarations = String::new();
        for n in 0..1_000 {
            write!(declarations, " xmlns:n{n}='urn:{n}'").unwrap();
        }
        let text = format!(
            "<a{declarations}>{}</a>",
            format!("<b{declarations}/>").repeat(1_000)
        );
        assert_eq!(refusal(text), Some(FindingCode::LimitExceeded));
    }

    #[test]
    fn namespaces_that_pile_up_over_levels_are_refused() {
        let open: String = (0..40)
            .map(|n| format!("<a xmlns:p{n}='u{n}' xmlns:q{n}='v{n}'>"))
            .collect();
        assert_eq!(
            refusal(open + &"</a>".repeat(40)),
            Some(FindingCode::LimitExceeded)
        );
    }

    #[test]
    fn one_declaration_repeated_by_every_value_passes() {
        let text = format!(
            "<a xmlns:x='urn:x'>{}</a>",
            "<b xmlns:x='urn:x'/>".repeat(10_000)
        );
        assert_eq!(refusal(text), None);
    }

    #[test]
    fn too_many_nodes_are_refused() {
        let text = format!("<a>{}</a>", "<b/>".repeat(NODES_MAX as usize));
        let refused = scan(text.as_bytes()).unwrap_err();
        assert_eq!(refused.finding.code, FindingCode::LimitExceeded);
    }

    #[test]
    fn a_document_type_declaration_is_refused_whatever_it_declares() {
        for text in [
            "<!DOCTYPE a><a/>",
            "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><a>&x;</a>",
            "<!DOCTYPE a [<!ENTITY b 'b'><!ENTITY c '&b;&b;'>]><a>&c;</a>",
        ] {
            assert_eq!(refusal(text), Some(FindingCode::DoctypeRefused));
        }
    }

    #[test]
    fn what_is_not_xml_is_not_well_formed() {
        for text in [
            "",
            "  ",
            "plain words",
            "<a>",
            "</a>",
            "<a",
            "<a b=c/>",
            "{\"a\": 1}",
        ] {
            assert_eq!(refusal(text), Some(FindingCode::NotWellFormed), "{text}");
        }
    }

    #[test]
    fn what_stands_in_quotes_nests_nothing_and_must_end() {
        for text in [
            r#"{"a":"[[[","b":"\"}]"}"#,
            r#"["\\","\\\"",",,"]"#,
            r#"{"\u0022":"}"}"#,
        ] {
            assert_eq!(scan_json(text.as_bytes()).unwrap(), text);
        }
        for text in [r#"{"a":"}"#, r#"["\"]"#, r#"["\"#, "[", "]", r#"{"a"}}"#] {
            let refused = scan_json(text.as_bytes()).unwrap_err();
            assert_eq!(refused.finding.code, FindingCode::NotWellFormed, "{text}");
        }
        let nested = |n: usize| format!("{}\"[\"{}", "[".repeat(n), "]".repeat(n));
        assert!(scan_json(nested(JSON_DEPTH_MAX).as_bytes()).is_ok());
        let refused = scan_json(nested(JSON_DEPTH_MAX + 1).as_bytes()).unwrap_err();
        assert_eq!(refused.finding.code, FindingCode::LimitExceeded);
    }

    #[test]
    fn other_encodings_than_utf_8_are_refused_rather_than_misread() {
        assert_eq!(refusal(b"<a>\xe9</a>"), Some(FindingCode::BadEncoding));
        assert_eq!(
            refusal(b"\xff\xfe<\0a\0/\0>\0"),
            Some(FindingCode::BadEncoding)
        );
        let declared = "<?xml version='1.0' encoding='ISO-8859-1'?><a>\u{e9}</a>";
        assert_eq!(refusal(declared), Some(FindingCode::BadEncoding));
        assert_eq!(refusal(declared.replace('\u{e9}', "e")), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_answered_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = scan(&bytes);
        }

        #[test]
        fn what_the_tree_builder_takes_is_not_refused(
            pieces in proptest::collection::vec(
                prop::sample::select(vec![
                    "<b>", "</b>", "<b c='>' d = \"'/\"/>", "<x:b\n xmlns:x='u'\t/>", "<b />", "</b >",
                    "<!-- </b> -->", "<!---->", "<![CDATA[<b>]]]]>", "<?p <b> ?>", "<?xml-p?>",
                    " words ", "&amp;", "'", ">", "/>",
                ]),
                0..8,
            )
        ) {
            let text = format!("<?xml version='1.0'?><a>{}</a>", pieces.concat());
            if roxmltree::Document::parse(&text).is_ok() {
                prop_assert_eq!(scan(text.as_bytes()).ok(), Some(text.as_str()));
            }
        }

        #[test]
        fn any_markup_is_answered_without_panic(text in "[<>/a!&;:='\"\\-\\[\\]? x]{0,60}") {
            let _ = scan(text.as_bytes());
        }
    }
}
