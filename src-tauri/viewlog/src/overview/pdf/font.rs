//! The two faces of the embedded font: which glyph a character has, and how wide it is.

use std::collections::{BTreeMap, HashMap};

/// A face, as the page's resources name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Regular,
    Strong,
}

impl Style {
    pub(super) const fn resource(self) -> &'static [u8] {
        match self {
            Self::Regular => b"F1",
            Self::Strong => b"F2",
        }
    }
}

/// Where a character is missing, the font's box stands, and this is what copying it gives.
const MISSING: char = '\u{fffd}';

/// One face, and which of its glyphs were used.
pub(super) struct Face {
    pub(super) name: &'static str,
    pub(super) bytes: &'static [u8],
    pub(super) metrics: Metrics,
    glyphs: HashMap<char, Glyph>,
    missing: Glyph,
    pub(super) used: BTreeMap<u16, (char, f32)>,
}

/// In thousandths of the font's size, as PDF wants them.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Metrics {
    pub(super) ascent: f32,
    pub(super) descent: f32,
    pub(super) cap_height: f32,
    pub(super) bbox: [f32; 4],
}

#[derive(Debug, Clone, Copy, Default)]
struct Glyph {
    id: u16,
    /// In thousandths of the font's size.
    advance: f32,
}

impl Face {
    fn new(name: &'static str, bytes: &'static [u8]) -> Self {
        let mut face = Self {
            name,
            bytes,
            metrics: Metrics::default(),
            glyphs: HashMap::new(),
            missing: Glyph::default(),
            used: BTreeMap::new(),
        };
        // The font is part of the program: a test sees that it is read.
        let Ok(font) = ttf_parser::Face::parse(bytes, 0) else {
            return face;
        };
        let scale = 1_000.0 / f32::from(font.units_per_em());
        let scaled = |units: i16| f32::from(units) * scale;
        let glyph = |id: ttf_parser::GlyphId| Glyph {
            id: id.0,
            advance: f32::from(font.glyph_hor_advance(id).unwrap_or(0)) * scale,
        };
        let bbox = font.global_bounding_box();
        face.metrics = Metrics {
            ascent: scaled(font.ascender()),
            descent: scaled(font.descender()),
            cap_height: scaled(font.capital_height().unwrap_or_else(|| font.ascender())),
            bbox: [bbox.x_min, bbox.y_min, bbox.x_max, bbox.y_max].map(scaled),
        };
        face.missing = glyph(ttf_parser::GlyphId(0));
        let tables = font.tables().cmap.into_iter().flat_map(|t| t.subtables);
        for table in tables.filter(ttf_parser::cmap::Subtable::is_unicode) {
            table.codepoints(|code| {
                if let (Some(c), Some(id)) = (char::from_u32(code), table.glyph_index(code)) {
                    face.glyphs.insert(c, glyph(id));
                }
            });
        }
        face
    }

    fn glyph(&self, c: char) -> Glyph {
        self.glyphs.get(&c).copied().unwrap_or(self.missing)
    }

    /// The width of a text in points.
    pub(super) fn width(&self, text: &str, size: f32) -> f32 {
        text.chars().map(|c| self.glyph(c).advance).sum::<f32>() * size / 1_000.0
    }

    /// The text as glyph numbers of two bytes each, noted down as used.
    pub(super) fn encode(&mut self, text: &str) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(text.len() * 2);
        for c in text.chars() {
            let glyph = self.glyph(c);
            let stands_for = if glyph.id == self.missing.id {
                MISSING
            } else {
                c
            };
            self.used
                .entry(glyph.id)
                .or_insert((stands_for, glyph.advance));
            bytes.extend(glyph.id.to_be_bytes());
        }
        bytes
    }
}

/// Both faces.
pub(super) struct Faces {
    pub(super) regular: Face,
    pub(super) strong: Face,
}

impl Faces {
    pub(super) fn new() -> Self {
        Self {
            regular: Face::new(
                "Inter-Regular",
                include_bytes!("../../../fonts/Inter-Regular.ttf"),
            ),
            strong: Face::new(
                "Inter-SemiBold",
                include_bytes!("../../../fonts/Inter-SemiBold.ttf"),
            ),
        }
    }

    pub(super) const fn of(&self, style: Style) -> &Face {
        match style {
            Style::Regular => &self.regular,
            Style::Strong => &self.strong,
        }
    }

    pub(super) const fn of_mut(&mut self, style: Style) -> &mut Face {
        match style {
            Style::Regular => &mut self.regular,
            Style::Strong => &mut self.strong,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_faces_have_what_dutch_names_and_sentences_need() {
        let faces = Faces::new();
        for style in [Style::Regular, Style::Strong] {
            let face = faces.of(style);
            for c in "azAZ09 .,:;()–—‘’“”…€ëéèêïöüçñåøßšžłőğİ".chars()
            {
                assert_ne!(face.glyph(c).id, face.missing.id, "{c} {style:?}");
                assert!(face.glyph(c).advance > 0.0, "{c}");
            }
            assert!(face.metrics.ascent > face.metrics.cap_height && face.metrics.descent < 0.0);
        }
    }

    #[test]
    fn a_character_without_a_glyph_stays_visible() {
        let mut faces = Faces::new();
        let face = faces.of_mut(Style::Regular);
        assert_eq!(face.encode("Ж"), face.missing.id.to_be_bytes());
        assert_eq!(
            face.used.get(&face.missing.id).map(|used| used.0),
            Some(MISSING)
        );
        assert!(face.width("Ж", 10.0) > 0.0);
    }
}
