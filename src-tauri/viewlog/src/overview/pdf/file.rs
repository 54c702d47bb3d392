//! From pages to a file: PDF 1.7, with the font in it and a map back to characters.

use std::ops::Range;

use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Date, Filter, Finish, Name, Pdf, Rect, Ref, Str, TextStr};

use super::font::{Face, Style};
use super::sheet::{Sheets, deflated, foot};
use crate::overview::Language;

const SYSTEM: SystemInfo<'_> = SystemInfo {
    registry: Str(b"Adobe"),
    ordering: Str(b"Identity"),
    supplement: 0,
};

/// What the file says of itself.
pub(super) struct About<'a> {
    pub(super) title: &'a str,
    /// Below on each page, at the left.
    pub(super) foot: &'a str,
    /// UTC, RFC 3339.
    pub(super) made_at: &'a str,
    pub(super) language: Language,
}

pub(super) fn file(sheets: Sheets, about: &About<'_>) -> Vec<u8> {
    let (width, height) = (sheets.width, sheets.height);
    let (pages, mut faces) = sheets.finish();
    let mut next = 0;
    let mut fresh = || {
        next += 1;
        Ref::new(next)
    };
    let (catalog, tree, info) = (fresh(), fresh(), fresh());
    let (regular, strong) = (fresh(), fresh());
    let mut pdf = Pdf::new();
    let lang = about.language.say("nl-NL", "en-GB");
    let mut root = pdf.catalog(catalog);
    root.pages(tree).lang(TextStr(lang));
    root.viewer_preferences().display_doc_title(true);
    root.finish();
    let mut said = pdf.document_info(info);
    said.title(TextStr(about.title)).producer(TextStr("Inzage"));
    if let Some(made) = date(about.made_at) {
        said.creation_date(made);
    }
    said.finish();
    let count = pages.len();
    let mut kids = Vec::with_capacity(count);
    for (at, content) in pages.into_iter().enumerate() {
        let number = at + 1;
        let right = match about.language {
            Language::Nl => format!("blad {number} van {count}"),
            Language::En => format!("page {number} of {count}"),
        };
        let below = foot(&mut faces, about.foot, &right, width);
        let (page, body, footer) = (fresh(), fresh(), fresh());
        kids.push(page);
        let mut writer = pdf.page(page);
        writer
            .parent(tree)
            .media_box(Rect::new(0.0, 0.0, width, height))
            .contents_array([body, footer]);
        let mut resources = writer.resources();
        let mut fonts = resources.fonts();
        fonts.pair(Name(Style::Regular.resource()), regular);
        fonts.pair(Name(Style::Strong.resource()), strong);
        fonts.finish();
        resources.finish();
        writer.finish();
        for (id, bytes) in [(body, content), (footer, below)] {
            pdf.stream(id, &bytes).filter(Filter::FlateDecode);
        }
    }
    let count = i32::try_from(count).unwrap_or(i32::MAX);
    pdf.pages(tree).count(count).kids(kids);
    font(&mut pdf, regular, &faces.regular, &mut fresh);
    font(&mut pdf, strong, &faces.strong, &mut fresh);
    pdf.finish()
}

fn font(pdf: &mut Pdf, id: Ref, face: &Face, fresh: &mut impl FnMut() -> Ref) {
    let (cid, descriptor, program, map) = (fresh(), fresh(), fresh(), fresh());
    let name = Name(face.name.as_bytes());
    pdf.type0_font(id)
        .base_font(name)
        .encoding_predefined(Name(b"Identity-H"))
        .descendant_font(cid)
        .to_unicode(map);
    let mut font = pdf.cid_font(cid);
    font.subtype(CidFontType::Type2)
        .base_font(name)
        .system_info(SYSTEM)
        .font_descriptor(descriptor)
        .default_width(0.0)
        .cid_to_gid_map_predefined(Name(b"Identity"));
    let mut widths = font.widths();
    for (glyph, (_, advance)) in &face.used {
        widths.consecutive(*glyph, [*advance]);
    }
    widths.finish();
    font.finish();
    let [left, below, right, above] = face.metrics.bbox;
    pdf.font_descriptor(descriptor)
        .name(name)
        .flags(FontFlags::NON_SYMBOLIC)
        .bbox(Rect::new(left, below, right, above))
        .italic_angle(0.0)
        .ascent(face.metrics.ascent)
        .descent(face.metrics.descent)
        .cap_height(face.metrics.cap_height)
        .stem_v(90.0)
        .font_file2(program);
    let bytes = deflated(face.bytes);
    let mut stream = pdf.stream(program, &bytes);
    stream.filter(Filter::FlateDecode);
    let length = i32::try_from(face.bytes.len()).unwrap_or(i32::MAX);
    stream.pair(Name(b"Length1"), length);
    stream.finish();
    let mut characters = UnicodeCmap::<u16>::new(Name(b"Inzage"), SYSTEM);
    for (glyph, (c, _)) in &face.used {
        characters.pair(*glyph, *c);
    }
    let bytes = deflated(&characters.finish());
    pdf.stream(map, &bytes).filter(Filter::FlateDecode);
}

fn date(made_at: &str) -> Option<Date> {
    let number = |range: Range<usize>| made_at.get(range)?.parse::<u16>().ok();
    let small = |range: Range<usize>| u8::try_from(number(range)?).ok();
    Some(
        Date::new(number(0..4)?)
            .month(small(5..7)?)
            .day(small(8..10)?)
            .hour(small(11..13)?)
            .minute(small(14..16)?)
            .second(small(17..19)?)
            .utc_offset_hour(0)
            .utc_offset_minute(0),
    )
}
