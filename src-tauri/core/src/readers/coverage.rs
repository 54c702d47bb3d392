//! The second walk: is every leaf that was claimed shown or listed really in what is shown?
//!
//! **Architecture Invariant:** this file shares no code with the readers. It parses the text
//! with another parser, names leaves by itself, and believes a claim only where it finds the
//! value in the serialised summary.

use core::ops::Range;
use std::collections::HashSet;

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};
use serde::Serialize;

use super::Format;
use super::ledger::{Disposition, LeafId, Ledger};

/// Namespace whose attributes are no leaves.
const SCHEMA_INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";
/// Bytes searched, in all, for values that are no string of the summary by themselves but may
/// be part of one. Enough for some hundreds in the largest message; what lies beyond counts as lost.
const SEARCH_BYTES_MAX: usize = 1 << 30;

/// Every leaf of a text, by what became of it. `leaves` is the sum of the four others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// Leaves outside the ranges that are not disclosed.
    pub leaves: u64,
    /// Claimed shown, and found.
    pub shown: u64,
    /// Resolved or classified something.
    pub used: u64,
    /// Claimed listed, and found.
    pub listed: u64,
    /// Seen by no reader, or claimed and not found.
    pub lost: u64,
}

impl Coverage {
    /// The sum of both.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            leaves: self.leaves + other.leaves,
            shown: self.shown + other.shown,
            used: self.used + other.used,
            listed: self.listed + other.listed,
            lost: self.lost + other.lost,
        }
    }
}

/// Walks a text in its own notation: see [`coverage`] and [`super::coverage_json::coverage`].
#[must_use]
pub fn of(
    format: Format,
    text: &str,
    skip: &[Range<usize>],
    ledger: &Ledger,
    dto: &serde_json::Value,
) -> Coverage {
    match format {
        Format::Xml => coverage(text, skip, ledger, dto),
        Format::Json => super::coverage_json::coverage(text, skip, ledger, dto),
    }
}

/// Walks `text` and looks each leaf up in the ledger and in the serialised summary.
///
/// Elements that begin in a range of `skip` are not disclosed: they and what is in them do not
/// exist here. A text that cannot be parsed has no coverage beyond where parsing stops.
#[must_use]
pub fn coverage(
    text: &str,
    skip: &[Range<usize>],
    ledger: &Ledger,
    dto: &serde_json::Value,
) -> Coverage {
    let mut skip = skip.to_vec();
    skip.sort_unstable_by_key(|range| range.start);
    let mut walk = Walk {
        skip,
        ledger,
        dto: Index::of(dto),
        open: Vec::new(),
        prefixes: Vec::new(),
        hidden: 0,
        coverage: Coverage::default(),
    };
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = false;
    loop {
        let start = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        match reader.read_event() {
            Ok(Event::Start(tag)) => walk.enter(start, &tag),
            Ok(Event::Empty(tag)) => {
                walk.enter(start, &tag);
                walk.leave();
            }
            Ok(Event::End(_)) => walk.leave(),
            Ok(Event::Text(part)) => walk.text(&part),
            Ok(Event::CData(part)) => walk.text(&part),
            Ok(Event::GeneralRef(reference)) => {
                let raw = format!("&{};", &*reference);
                walk.text(unescape(&raw).as_deref().unwrap_or(&raw));
            }
            Ok(Event::Comment(_) | Event::PI(_) | Event::Decl(_) | Event::DocType(_)) => {}
            Ok(Event::Eof) | Err(_) => return walk.coverage,
        }
    }
}

/// A text with gaps in it where something is not disclosed: one leaf, since those do not exist.
type Run = Vec<(LeafId, String)>;

/// One open element.
struct Open {
    start: u32,
    /// Child elements so far.
    children: u32,
    /// The text since the last of them.
    text: String,
    /// What stands before it, with nothing between that is disclosed.
    run: Run,
    /// The runs of text that are complete.
    runs: Vec<Run>,
    /// How many prefixes were bound before it.
    prefixes: usize,
}

struct Walk<'a> {
    skip: Vec<Range<usize>>,
    ledger: &'a Ledger,
    dto: Index<'a>,
    open: Vec<Open>,
    /// Prefixes in scope, and whether each is bound to the schema instance namespace.
    prefixes: Vec<(String, bool)>,
    /// How many open elements are not disclosed.
    hidden: usize,
    coverage: Coverage,
}

impl Walk<'_> {
    fn enter(&mut self, start: usize, tag: &BytesStart<'_>) {
        if self.hidden > 0 {
            self.hidden += 1;
            return;
        }
        let is_skipped = self.is_skipped(start);
        if is_skipped {
            self.pause();
        } else {
            self.flush();
        }
        if let Some(parent) = self.open.last_mut() {
            parent.children += 1;
        }
        if is_skipped {
            self.hidden += 1;
            return;
        }
        let element = u32::try_from(start).unwrap_or(u32::MAX);
        let prefixes = self.prefixes.len();
        self.bind(tag);
        self.open.push(Open {
            start: element,
            children: 0,
            text: String::new(),
            run: Run::new(),
            runs: Vec::new(),
            prefixes,
        });
        let mut place = 0;
        for attribute in tag.attributes().with_checks(false).flatten() {
            let name = attribute.key.0;
            if name == "xmlns" || name.starts_with("xmlns:") || self.is_schema_instance(name) {
                continue;
            }
            let value = unescape(&attribute.value).unwrap_or_else(|_| attribute.value.clone());
            self.account([LeafId { element, place }], |dto| {
                dto.is_whole(&value) || dto.is_part(&value)
            });
            place += 1;
        }
    }

    fn leave(&mut self) {
        if self.hidden > 0 {
            self.hidden -= 1;
            return;
        }
        self.flush();
        if let Some(closed) = self.open.pop() {
            self.prefixes.truncate(closed.prefixes);
            self.runs(&closed.runs);
        }
    }

    /// Accounts for the texts of one element. They may stand in the summary one by one, or as one
    /// text with blanks between them.
    fn runs(&mut self, runs: &[Run]) {
        let whole: Vec<String> = runs
            .iter()
            .map(|run| run.iter().map(|(_, text)| text.as_str()).collect())
            .collect();
        let mut together = None;
        for (run, whole_run) in runs.iter().zip(&whole) {
            let found = self.dto.is_whole(whole_run)
                || (runs.len() > 1
                    && *together.get_or_insert_with(|| self.dto.is_whole(&whole.join(" "))));
            let ids = run.iter().map(|(id, _)| *id);
            self.account(ids, |dto| {
                found || dto.is_part(whole_run) || run.iter().all(|(_, text)| dto.is_part(text))
            });
        }
    }

    fn text(&mut self, part: &str) {
        if self.hidden == 0
            && let Some(element) = self.open.last_mut()
        {
            element.text.push_str(part);
        }
    }

    /// Ends a text before something that is not disclosed: it may go on behind it.
    fn pause(&mut self) {
        let Some(element) = self.open.last_mut() else {
            return;
        };
        let text = core::mem::take(&mut element.text);
        let leaf = LeafId {
            element: element.start,
            place: LeafId::TEXT + element.children,
        };
        if !text.is_empty() {
            element.run.push((leaf, text));
        }
    }

    /// Ends the run of text before a tag.
    fn flush(&mut self) {
        self.pause();
        let Some(element) = self.open.last_mut() else {
            return;
        };
        let mut run = core::mem::take(&mut element.run);
        // Blanks are layout, and no leaf.
        run.retain(|(_, text)| !text.trim().is_empty());
        if !run.is_empty() {
            element.runs.push(run);
        }
    }

    /// Counts a leaf, that may have more than one name; `stands` looks its value up in the summary,
    /// where the ledger claims it is there.
    fn account(
        &mut self,
        ids: impl IntoIterator<Item = LeafId>,
        stands: impl FnOnce(&mut Index<'_>) -> bool,
    ) {
        // With one that nobody claims it is lost, whatever became of the others.
        let claim = ids.into_iter().try_fold(Disposition::Used, |most, id| {
            Some(most.max(self.ledger.disposition(id)?))
        });
        let coverage = &mut self.coverage;
        coverage.leaves += 1;
        let count = match claim {
            Some(Disposition::Used) => &mut coverage.used,
            Some(claim) if stands(&mut self.dto) => match claim {
                Disposition::Listed => &mut coverage.listed,
                Disposition::Used | Disposition::Shown => &mut coverage.shown,
            },
            Some(Disposition::Shown | Disposition::Listed) | None => &mut coverage.lost,
        };
        *count += 1;
    }

    fn is_skipped(&self, start: usize) -> bool {
        let before = self.skip.partition_point(|range| range.start <= start);
        before
            .checked_sub(1)
            .and_then(|last| self.skip.get(last))
            .is_some_and(|range| range.contains(&start))
    }

    fn bind(&mut self, tag: &BytesStart<'_>) {
        for attribute in tag.attributes().with_checks(false).flatten() {
            if let Some(prefix) = attribute.key.0.strip_prefix("xmlns:") {
                let uri = unescape(&attribute.value).unwrap_or_else(|_| attribute.value.clone());
                self.prefixes
                    .push((prefix.to_owned(), uri == SCHEMA_INSTANCE));
            }
        }
    }

    fn is_schema_instance(&self, name: &str) -> bool {
        let Some((prefix, _)) = name.split_once(':') else {
            return false;
        };
        self.prefixes
            .iter()
            .rev()
            .find(|(bound, _)| bound == prefix)
            .is_some_and(|(_, yes)| *yes)
    }
}

/// Every string of the summary, for whole and for partial matches.
pub(super) struct Index<'a> {
    whole: HashSet<std::borrow::Cow<'a, str>>,
    all: String,
    budget: usize,
}

impl<'a> Index<'a> {
    pub(super) fn of(dto: &'a serde_json::Value) -> Self {
        let mut index = Self {
            whole: HashSet::new(),
            all: String::new(),
            budget: SEARCH_BYTES_MAX,
        };
        let mut todo = vec![dto];
        while let Some(value) = todo.pop() {
            match value {
                serde_json::Value::String(text) => {
                    index.whole.insert(spaced(text));
                }
                serde_json::Value::Array(values) => todo.extend(values),
                serde_json::Value::Object(members) => todo.extend(members.values()),
                serde_json::Value::Null
                | serde_json::Value::Bool(_)
                | serde_json::Value::Number(_) => {}
            }
        }
        index
    }

    /// Whether a value is a string of the summary. One without a character is nowhere to be missed.
    pub(super) fn is_whole(&self, value: &str) -> bool {
        let value = spaced(value);
        value.is_empty() || self.whole.contains(&value)
    }

    /// Whether a value is part of a string of the summary.
    pub(super) fn is_part(&mut self, value: &str) -> bool {
        let value = spaced(value);
        if self.all.is_empty() {
            for text in &self.whole {
                self.all.push_str(text);
                // No normalised value holds a line break, so none is found across two strings.
                self.all.push('\n');
            }
        }
        let found = self.budget > 0 && self.all.contains(&*value);
        self.budget = self.budget.saturating_sub(self.all.len());
        found
    }
}

/// Runs of white space as one blank, none at the ends: how a text was laid out is no content.
fn spaced(text: &str) -> std::borrow::Cow<'_, str> {
    let plain = !text.starts_with(char::is_whitespace)
        && !text.ends_with(char::is_whitespace)
        && !text.contains(|c: char| c.is_whitespace() && c != ' ')
        && !text.contains("  ");
    if plain {
        return text.into();
    }
    let mut spaced = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !spaced.is_empty() {
            spaced.push(' ');
        }
        spaced.push_str(word);
    }
    spaced.into()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const MESSAGE: &str = "<a xmlns:i='http://www.w3.org/2001/XMLSchema-instance' i:type='T' one='1'><!--no-->\n \
        <b two='x &amp; y'>caf&#233;<![CDATA[ <noir>]]></b> tail <c/>end</a>";

    fn leaf(message: &str, tag: &str, place: u32) -> LeafId {
        LeafId {
            element: u32::try_from(message.find(tag).unwrap()).unwrap(),
            place,
        }
    }

    fn whole_ledger() -> Ledger {
        Ledger::of(vec![
            (leaf(MESSAGE, "<a", 0), Disposition::Used),
            (leaf(MESSAGE, "<b", 0), Disposition::Shown),
            (leaf(MESSAGE, "<b", LeafId::TEXT), Disposition::Shown),
            (leaf(MESSAGE, "<a", LeafId::TEXT + 1), Disposition::Listed),
            (leaf(MESSAGE, "<a", LeafId::TEXT + 2), Disposition::Listed),
        ])
    }

    #[test]
    fn every_leaf_that_is_found_counts_where_the_ledger_says() {
        let dto = json!({"b": ["x & y", {"t": "caf\u{e9} <noir>"}], "rest": "tail end"});
        let counts = coverage(MESSAGE, &[], &whole_ledger(), &dto);
        assert_eq!(
            counts,
            Coverage {
                leaves: 5,
                shown: 2,
                used: 1,
                listed: 2,
                lost: 0
            }
        );
    }

    #[test]
    fn a_claim_that_is_not_in_the_summary_is_lost() {
        let counts = coverage(MESSAGE, &[], &whole_ledger(), &json!({"rest": "tail"}));
        assert_eq!((counts.shown, counts.listed, counts.lost), (0, 1, 3));
    }

    #[test]
    fn a_leaf_that_no_reader_saw_is_lost() {
        let counts = coverage(MESSAGE, &[], &Ledger::default(), &json!(["1", "x & y"]));
        assert_eq!((counts.leaves, counts.lost), (5, 5));
    }

    #[test]
    fn a_value_is_not_found_across_two_strings() {
        let message = "<a b='one two'/>";
        let ledger = Ledger::of(vec![(leaf(message, "<a", 0), Disposition::Shown)]);
        assert_eq!(
            coverage(message, &[], &ledger, &json!(["one", "two"])).lost,
            1
        );
        assert_eq!(
            coverage(message, &[], &ledger, &json!(["say one\n two now"])).lost,
            0
        );
    }

    #[test]
    fn a_text_around_a_skipped_element_is_one_leaf() {
        let message = "<a>say<ica x='1'><deep>y</deep></ica>this<b z='2'/></a>";
        let skip = message.find("<ica").unwrap()..message.find("this").unwrap();
        let ledger = Ledger::of(vec![
            (leaf(message, "<a", LeafId::TEXT), Disposition::Shown),
            (leaf(message, "<a", LeafId::TEXT + 1), Disposition::Shown),
            (leaf(message, "<b", 0), Disposition::Shown),
        ]);
        for shown in [json!(["saythis", "2"]), json!(["say", "this", "2"])] {
            let counts = coverage(message, core::slice::from_ref(&skip), &ledger, &shown);
            assert_eq!((counts.leaves, counts.shown), (2, 2));
        }
        let ledger = Ledger::of(vec![(
            leaf(message, "<a", LeafId::TEXT),
            Disposition::Shown,
        )]);
        let counts = coverage(message, &[skip], &ledger, &json!(["saythis", "2"]));
        assert_eq!(counts.lost, 2);
    }
}
