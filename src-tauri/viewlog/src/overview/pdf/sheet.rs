//! Pages of A4: paragraphs and tables that break over them.

use pdf_writer::{Content, Name, Str};

use super::font::{Face, Faces, Style};
use super::wrap::{Line, Run, wrap};

/// A4 in points, the long side first.
const LONG: f32 = 841.89;
const SHORT: f32 = 595.28;

/// Left and right, and above.
const MARGIN: f32 = 36.0;
/// Room below for the page's number.
const MARGIN_BELOW: f32 = 50.0;
/// Between two columns of a table.
const GUTTER: f32 = 8.0;
/// Above and below a row's text.
const ROW_PAD: f32 = 3.5;
const RULE: f32 = 0.5;
const RULE_GREY: f32 = 0.75;
const INK_GREY: f32 = 0.1;

/// How large text is, and how far lines are apart, in points.
#[derive(Debug, Clone, Copy)]
pub(super) struct Size {
    pub(super) text: f32,
    pub(super) leading: f32,
}

/// A column: its share of the width, and its head.
pub(super) struct Column {
    pub(super) share: f32,
    pub(super) head: String,
}

/// A cell: paragraphs, one under the other.
pub(super) type Cell = Vec<Run>;

/// Pages in the making.
pub(super) struct Sheets {
    pub(super) faces: Faces,
    pub(super) width: f32,
    pub(super) height: f32,
    /// Finished pages' contents, deflated.
    pages: Vec<Vec<u8>>,
    page: Content,
    /// Where the next thing stands, counted from the page's lower edge.
    y: f32,
}

impl Sheets {
    /// Table pages lie on their side, a letter stands.
    pub(super) fn new(on_its_side: bool) -> Self {
        let (width, height) = if on_its_side {
            (LONG, SHORT)
        } else {
            (SHORT, LONG)
        };
        Self {
            faces: Faces::new(),
            width,
            height,
            pages: Vec::new(),
            page: Content::new(),
            y: height - MARGIN,
        }
    }

    /// The contents of all pages.
    pub(super) fn finish(mut self) -> (Vec<Vec<u8>>, Faces) {
        self.turn();
        (self.pages, self.faces)
    }

    const fn text_width(&self) -> f32 {
        self.width - 2.0 * MARGIN
    }

    fn room(&self) -> f32 {
        self.y - MARGIN_BELOW
    }

    fn turn(&mut self) {
        let page = std::mem::replace(&mut self.page, Content::new());
        self.pages.push(deflated(&page.finish()));
        self.y = self.height - MARGIN;
    }

    pub(super) fn skip(&mut self, points: f32) {
        self.y -= points;
    }

    /// A paragraph over the whole width. Kept together where it fits on a page.
    pub(super) fn paragraph(&mut self, runs: &[Run], size: Size) {
        let lines = wrap(&self.faces, runs, size.text, self.text_width());
        let height = lines.len() as f32 * size.leading;
        if height > self.room() && height <= self.height - MARGIN - MARGIN_BELOW {
            self.turn();
        }
        for line in lines {
            if self.room() < size.leading {
                self.turn();
            }
            self.line(&line, MARGIN, self.y, size);
            self.y -= size.leading;
        }
    }

    pub(super) fn rule(&mut self) {
        rule(&mut self.page, self.y, self.width);
    }

    /// A table; its heads stand on each page. A row is kept together where it fits on a page.
    pub(super) fn table(
        &mut self,
        columns: &[Column],
        rows: impl Iterator<Item = Vec<Cell>>,
        size: Size,
    ) {
        let shares: f32 = columns.iter().map(|column| column.share).sum();
        let room = self.text_width() - GUTTER * (columns.len().saturating_sub(1)) as f32;
        let mut x = MARGIN;
        let places: Vec<(f32, f32)> = columns
            .iter()
            .map(|column| {
                let width = room * column.share / shares;
                let place = (x, width);
                x += width + GUTTER;
                place
            })
            .collect();
        let lines_of = |faces: &Faces, cells: &[Cell]| -> Vec<Vec<Line>> {
            let cells = cells.iter().zip(&places);
            cells
                .map(|(cell, (_, width))| {
                    cell.iter()
                        .flat_map(|run| wrap(faces, std::slice::from_ref(run), size.text, *width))
                        .collect()
                })
                .collect()
        };
        let heads: Vec<Cell> = columns
            .iter()
            .map(|column| vec![Run::strong(column.head.clone())])
            .collect();
        let heads = lines_of(&self.faces, &heads);
        let heads_height = row_height(&heads, size);
        if self.room() < heads_height + 4.0 * size.leading {
            self.turn();
        }
        let full_page = self.height - MARGIN - MARGIN_BELOW - heads_height;
        self.row(&heads, 0, usize::MAX, &places, size);
        for row in rows {
            let lines = lines_of(&self.faces, &row);
            let height = row_height(&lines, size);
            if height > self.room() && (height <= full_page || self.room() < 4.0 * size.leading) {
                self.turn();
                self.row(&heads, 0, usize::MAX, &places, size);
            }
            let count = lines.iter().map(Vec::len).max().unwrap_or(0);
            let mut from = 0_usize;
            loop {
                let fit = ((self.room() - 2.0 * ROW_PAD) / size.leading)
                    .floor()
                    .max(1.0);
                let until = from.saturating_add(fit as usize).min(count);
                self.row(&lines, from, until, &places, size);
                if until >= count {
                    break;
                }
                from = until;
                self.turn();
                self.row(&heads, 0, usize::MAX, &places, size);
            }
        }
    }

    /// The lines `from..until` of each cell, and a rule below.
    fn row(
        &mut self,
        cells: &[Vec<Line>],
        from: usize,
        until: usize,
        places: &[(f32, f32)],
        size: Size,
    ) {
        let top = self.y - ROW_PAD;
        let mut most = 0;
        for (cell, (x, _)) in cells.iter().zip(places) {
            let lines = cell.iter().take(until).skip(from);
            for (at, line) in lines.enumerate() {
                self.line(line, *x, top - at as f32 * size.leading, size);
                most = most.max(at + 1);
            }
        }
        self.y = top - most as f32 * size.leading - ROW_PAD;
        self.rule();
    }

    /// One line whose upper edge is at `y`.
    fn line(&mut self, line: &Line, x: f32, y: f32, size: Size) {
        self.page.begin_text();
        self.page.set_fill_gray(INK_GREY);
        // The baseline, so that capitals stand in the middle of the line.
        self.page
            .next_line(x, y - size.leading * 0.5 - size.text * 0.36);
        for run in line {
            let glyphs = self.faces.of_mut(run.style).encode(&run.text);
            self.page.set_font(Name(run.style.resource()), size.text);
            self.page.show(Str(&glyphs));
        }
        self.page.end_text();
    }
}

fn row_height(cells: &[Vec<Line>], size: Size) -> f32 {
    let lines = cells.iter().map(Vec::len).max().unwrap_or(0);
    lines as f32 * size.leading + 2.0 * ROW_PAD
}

fn rule(page: &mut Content, y: f32, width: f32) {
    page.set_line_width(RULE);
    page.set_stroke_gray(RULE_GREY);
    page.move_to(MARGIN, y);
    page.line_to(width - MARGIN, y);
    page.stroke();
}

/// What stands below on each page: what it is, and which page of how many.
pub(super) fn foot(faces: &mut Faces, left: &str, right: &str, width: f32) -> Vec<u8> {
    let size = 8.0;
    let y = 28.0;
    let mut content = Content::new();
    content.begin_marked_content(Name(b"Artifact"));
    let at_right = width - MARGIN - faces.of(Style::Regular).width(right, size);
    let mut put = |face: &mut Face, text: &str, x: f32| {
        let glyphs = face.encode(text);
        content.begin_text();
        content.set_fill_gray(0.35);
        content.set_font(Name(Style::Regular.resource()), size);
        content.next_line(x, y);
        content.show(Str(&glyphs));
        content.end_text();
    };
    put(&mut faces.regular, left, MARGIN);
    put(&mut faces.regular, right, at_right);
    content.end_marked_content();
    deflated(&content.finish())
}

pub(super) fn deflated(bytes: &[u8]) -> Vec<u8> {
    miniz_oxide::deflate::compress_to_vec_zlib(bytes, 6)
}
