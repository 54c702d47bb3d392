//! Received prose as a closed tree: text, lists and tables. No markup, link, image, script or form
//! survives into it, whatever notation it came in.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};

use super::tree::{Kind, Node};
use super::view::View;
use super::vocabulary::{Vocabulary, Words, add_words, each_once};
use crate::domain::finding::{FindingCode, Severity};
use crate::domain::summary::Narrative;
use crate::domain::summary::document::{Block, NarrativeWeight, TableCell, TableRow};
use crate::readers::ledger::Disposition;

/// Deepest nesting kept; what lies deeper keeps its text. Public narratives have at most 12 levels.
const LEVELS_MAX: usize = 32;
/// Most columns or rows that a cell may take; more is no table.
const SPAN_MAX: u16 = 1_000;
/// Elements of which nothing is kept.
const UNREAD: [&str; 2] = ["script", "style"];
/// Elements that a narrative may not have; their text is kept.
const REFUSED: [&str; 14] = [
    "img", "form", "input", "button", "select", "textarea", "iframe", "object", "embed", "video",
    "audio", "link", "meta", "base",
];

/// A `Narrative` (`text` of a section or a resource), and every word in it but those of headers.
pub(super) struct Prose {
    pub(super) narrative: Narrative,
    words: Words,
}

/// Reads a `text` element; `None` where there is no word in it.
pub(super) fn read(view: &View<'_>, text: Node) -> Option<Prose> {
    for extension in view.named(text, "extension") {
        // Which entry a paragraph tells of: nothing that a reader sees.
        view.use_whole(extension);
    }
    let div = view.one(text, "div")?;
    let markup = if view.tree.is_xml {
        let data = view.tree.data(div)?;
        mark_xml(view, div, false);
        view.tree
            .text
            .get(data.start as usize..data.end as usize)
            .unwrap_or_default()
    } else {
        view.value_used(div)?
    };
    let built = build(markup);
    if let Some(severity) = built.stripped {
        view.note(FindingCode::NarrativeStripped, severity, text);
    }
    if built.blocks.is_empty() {
        return None;
    }
    if !view.tree.is_xml {
        view.mark(div, Disposition::Shown);
    }
    Some(Prose {
        narrative: Narrative {
            status: view.used(text, "status").map(str::to_owned),
            weight: NarrativeWeight::Instead,
            blocks: built.blocks,
        },
        words: built.words,
    })
}

/// What a `text` element says as one line, marking nothing.
pub(super) fn said(view: &View<'_>, text: Node) -> Option<String> {
    let div = view.one(text, "div")?;
    let markup = if view.tree.is_xml {
        let data = view.tree.data(div)?;
        view.tree.text.get(data.start as usize..data.end as usize)?
    } else {
        view.peek_value(div)?
    };
    let mut said = String::new();
    plain(&build(markup).blocks, &mut said);
    Some(said)
}

impl Prose {
    /// The narrative, weighed against what is coded in these resources and in what they refer to;
    /// `None` where it stands alone.
    pub(super) fn weighed(
        mut self,
        view: &View<'_>,
        vocabulary: &Vocabulary,
        coded: Option<&[Node]>,
    ) -> Narrative {
        self.narrative.weight = match coded {
            None => NarrativeWeight::Instead,
            Some(coded) if vocabulary.covers(view, &self.words, coded) => NarrativeWeight::Same,
            Some(_) => NarrativeWeight::More,
        };
        self.narrative
    }

    /// All of it as one line.
    pub(super) fn plain(&self) -> String {
        let mut text = String::new();
        plain(&self.narrative.blocks, &mut text);
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// In XML every run of text and every attribute is a leaf of its own.
fn mark_xml(view: &View<'_>, node: Node, unread: bool) {
    for child in view.tree.children(node) {
        let kind = view.tree.data(child).map(|data| data.kind);
        match kind {
            Some(Kind::Text) if !unread => view.mark(child, Disposition::Shown),
            Some(Kind::Element) => {
                view.mark(child, Disposition::Used);
                let unread = unread
                    || UNREAD
                        .iter()
                        .any(|name| view.name(child).eq_ignore_ascii_case(name));
                mark_xml(view, child, unread);
            }
            _ => view.mark(child, Disposition::Used),
        }
    }
    view.mark(node, Disposition::Used);
}

fn plain(blocks: &[Block], text: &mut String) {
    for block in blocks {
        match block {
            Block::Text { text: run, .. } => text.push_str(run),
            Block::Paragraph { content } | Block::Heading { content } => {
                plain(content, text);
                text.push(' ');
            }
            Block::List { items, .. } => {
                for item in items {
                    plain(item, text);
                    text.push(' ');
                }
            }
            Block::Table { caption, rows } => {
                text.push_str(caption.as_deref().unwrap_or_default());
                text.push(' ');
                for cell in rows.iter().flat_map(|row| &row.cells) {
                    plain(&cell.content, text);
                    text.push(' ');
                }
            }
        }
    }
}

/// What a markup becomes.
struct Built {
    blocks: Vec<Block>,
    words: Words,
    /// How bad that is which was left out.
    stripped: Option<Severity>,
}

/// An element that is open.
struct Frame {
    shape: Shape,
    strong: bool,
    /// Whether its words are labels.
    header: bool,
    content: Vec<Block>,
}

enum Shape {
    Paragraph,
    Heading,
    List {
        ordered: bool,
        items: Vec<Vec<Block>>,
    },
    Item,
    Table {
        caption: Option<String>,
        rows: Vec<TableRow>,
    },
    Caption,
    Row {
        cells: Vec<TableCell>,
    },
    Cell {
        columns: u16,
        rows: u16,
    },
    /// Only its content counts.
    Inline,
    /// Nothing in it counts.
    Unread,
}

fn build(markup: &str) -> Built {
    let mut builder = Builder {
        frames: vec![Frame {
            shape: Shape::Inline,
            strong: false,
            header: false,
            content: Vec::new(),
        }],
        words: Words::new(),
        stripped: None,
        run: String::new(),
    };
    let mut reader = Reader::from_str(markup);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => builder.open(&tag),
            Ok(Event::Empty(tag)) => {
                builder.open(&tag);
                builder.close();
            }
            Ok(Event::End(_)) if builder.frames.len() > 1 => builder.close(),
            Ok(Event::Text(text)) => builder.run.push_str(&text),
            Ok(Event::CData(text)) => builder.run.push_str(&text),
            Ok(Event::GeneralRef(name)) => {
                let raw = format!("&{};", &*name);
                match unescape(&raw) {
                    Ok(text) => builder.run.push_str(&text),
                    Err(_) if &*name == "nbsp" => builder.run.push('\u{a0}'),
                    Err(_) => builder.run.push_str(&raw),
                }
            }
            Ok(Event::Eof) => return builder.done(),
            Ok(_) => {}
            // Not XML: its author's words are all there is, as they stand.
            Err(_) => {
                return Built {
                    words: {
                        let mut words = Words::new();
                        add_words(markup, &mut words);
                        each_once(words)
                    },
                    blocks: vec![Block::Text {
                        text: markup.to_owned(),
                        strong: false,
                    }],
                    stripped: Some(Severity::Warning),
                };
            }
        }
    }
}

struct Builder {
    frames: Vec<Frame>,
    words: Words,
    stripped: Option<Severity>,
    /// The text since the last tag.
    run: String,
}

impl Builder {
    fn open(&mut self, tag: &BytesStart<'_>) {
        self.flush();
        let name = tag.name().0;
        let name = small_letters(name.rsplit(':').next().unwrap_or(name));
        let name = name.as_ref();
        let mut columns = 1;
        let mut rows = 1;
        let mut said = None;
        for attribute in tag.attributes().with_checks(false).flatten() {
            let key = small_letters(attribute.key.0);
            let span = || {
                attribute
                    .value
                    .trim()
                    .parse::<u16>()
                    .unwrap_or(1)
                    .clamp(1, SPAN_MAX)
            };
            match key.as_ref() {
                "colspan" => columns = span(),
                "rowspan" => rows = span(),
                "href" | "src" => self.strip(Severity::Info),
                "alt" => {
                    said = unescape(&attribute.value)
                        .ok()
                        .map(|text| text.into_owned())
                }
                _ if key.starts_with("on") => self.strip(Severity::Warning),
                _ => {}
            }
        }
        if UNREAD.contains(&name) || REFUSED.contains(&name) {
            let severity = if name == "img" {
                Severity::Info
            } else {
                Severity::Warning
            };
            self.strip(severity);
        }
        let holder = self.frames.last();
        let inherited = holder.is_some_and(|frame| frame.strong);
        let header = holder.is_some_and(|frame| frame.header) || matches!(name, "th" | "caption");
        let unread = holder.is_some_and(|frame| matches!(frame.shape, Shape::Unread));
        let deep = self.frames.len() >= LEVELS_MAX;
        let shape = match name {
            _ if unread => Shape::Unread,
            name if UNREAD.contains(&name) => Shape::Unread,
            _ if deep => Shape::Inline,
            "p" | "div" | "blockquote" | "pre" | "dt" | "dd" | "address" | "center" => {
                Shape::Paragraph
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Shape::Heading,
            "ul" | "ol" | "dl" => Shape::List {
                ordered: name == "ol",
                items: Vec::new(),
            },
            "li" => Shape::Item,
            "table" => Shape::Table {
                caption: None,
                rows: Vec::new(),
            },
            "caption" => Shape::Caption,
            "tr" => Shape::Row { cells: Vec::new() },
            "td" | "th" => Shape::Cell { columns, rows },
            _ => Shape::Inline,
        };
        let strong = inherited || matches!(name, "b" | "strong" | "i" | "em" | "u" | "big");
        self.frames.push(Frame {
            shape,
            strong,
            header,
            content: Vec::new(),
        });
        if name == "br" {
            self.add(Block::Text {
                text: "\n".to_owned(),
                strong: false,
            });
        }
        if let Some(said) = said {
            self.run.push_str(&said);
        }
    }

    fn close(&mut self) {
        self.flush();
        let Some(frame) = self.frames.pop() else {
            return;
        };
        let Frame {
            shape,
            content,
            header,
            ..
        } = frame;
        match shape {
            Shape::Unread => {}
            Shape::Inline => self.add_all(content),
            Shape::Paragraph => self.add_some(content, |content| Block::Paragraph { content }),
            Shape::Heading => self.add_some(content, |content| Block::Heading { content }),
            Shape::Item => match self.frames.last_mut().map(|frame| &mut frame.shape) {
                Some(Shape::List { items, .. }) if !content.is_empty() => items.push(content),
                _ => self.add_all(content),
            },
            Shape::List { ordered, mut items } => {
                items.extend(content.into_iter().map(|block| vec![block]));
                if !items.is_empty() {
                    self.add(Block::List { ordered, items });
                }
            }
            Shape::Caption => self.caption(content),
            Shape::Cell { columns, rows } => {
                let cell = TableCell {
                    header,
                    columns,
                    rows,
                    content,
                };
                match self.frames.last_mut().map(|frame| &mut frame.shape) {
                    Some(Shape::Row { cells }) => cells.push(cell),
                    _ => self.add_all(cell.content),
                }
            }
            Shape::Row { mut cells } => {
                cells.extend(loose(content));
                // A row stands in the table, or in its head, body or foot.
                let table = self
                    .frames
                    .iter_mut()
                    .rev()
                    .find(|frame| !matches!(frame.shape, Shape::Inline));
                match table.map(|frame| &mut frame.shape) {
                    Some(Shape::Table { rows, .. }) => rows.push(TableRow { cells }),
                    _ => self.add_all(cells.into_iter().flat_map(|cell| cell.content).collect()),
                }
            }
            Shape::Table { caption, mut rows } => {
                rows.extend(loose(content).map(|cell| TableRow { cells: vec![cell] }));
                if caption.is_some() || !rows.is_empty() {
                    self.add(Block::Table { caption, rows });
                }
            }
        }
    }

    fn caption(&mut self, content: Vec<Block>) {
        // A caption that is more than words stands before the rows.
        let words_only = content
            .iter()
            .all(|block| matches!(block, Block::Text { .. }));
        if let Some(Shape::Table { caption, .. }) =
            self.frames.last_mut().map(|frame| &mut frame.shape)
            && words_only
            && caption.is_none()
        {
            let mut text = String::new();
            plain(&content, &mut text);
            *caption = Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        } else {
            self.add_all(content);
        }
    }

    /// Ends the run of text before a tag: white space is folded, but kept at its ends.
    fn flush(&mut self) {
        if self.run.is_empty() {
            return;
        }
        let run = core::mem::take(&mut self.run);
        self.add_run(&run);
        self.run = run;
        self.run.clear();
    }

    fn add_run(&mut self, run: &str) {
        let Some(frame) = self.frames.last() else {
            return;
        };
        if matches!(frame.shape, Shape::Unread) {
            return;
        }
        let blank = run.trim().is_empty();
        let structural = matches!(
            frame.shape,
            Shape::Table { .. } | Shape::Row { .. } | Shape::List { .. }
        );
        if blank && (structural || !matches!(frame.content.last(), Some(Block::Text { .. }))) {
            return;
        }
        if !frame.header {
            add_words(run, &mut self.words);
        }
        let folds = |c: char| c.is_whitespace() && c != '\u{a0}';
        let mut text = String::with_capacity(run.len());
        if run.starts_with(folds) {
            text.push(' ');
        }
        for (at, word) in run.split(folds).filter(|word| !word.is_empty()).enumerate() {
            if at > 0 {
                text.push(' ');
            }
            text.push_str(word);
        }
        if run.ends_with(folds) && !blank {
            text.push(' ');
        }
        let strong = frame.strong;
        self.add(Block::Text { text, strong });
    }

    fn add(&mut self, block: Block) {
        if let Some(frame) = self.frames.last_mut() {
            frame.content.push(block);
        }
    }

    fn add_all(&mut self, blocks: Vec<Block>) {
        if let Some(frame) = self.frames.last_mut() {
            frame.content.extend(blocks);
        }
    }

    fn add_some(&mut self, content: Vec<Block>, block: impl FnOnce(Vec<Block>) -> Block) {
        if !content.is_empty() {
            self.add(block(content));
        }
    }

    fn strip(&mut self, severity: Severity) {
        self.stripped = self.stripped.max(Some(severity));
    }

    fn done(mut self) -> Built {
        while self.frames.len() > 1 {
            self.close();
        }
        self.flush();
        let blocks = self.frames.pop().map(|frame| frame.content);
        Built {
            blocks: unwrapped(blocks.unwrap_or_default()),
            words: each_once(self.words),
            stripped: self.stripped,
        }
    }
}

/// A name without regard to case; nearly all are written in small letters.
fn small_letters(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

/// What stands in a table or a row, and in no cell.
fn loose(content: Vec<Block>) -> impl Iterator<Item = TableCell> {
    content.into_iter().map(|block| TableCell {
        header: false,
        columns: 1,
        rows: 1,
        content: vec![block],
    })
}

/// The content of the one `div` around everything.
fn unwrapped(blocks: Vec<Block>) -> Vec<Block> {
    match <[Block; 1]>::try_from(blocks) {
        Ok([Block::Paragraph { content }]) => content,
        Ok([block]) => vec![block],
        Err(blocks) => blocks,
    }
}
