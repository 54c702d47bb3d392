//! Text broken into lines of a width.

use super::font::{Face, Faces, Style};

/// Text of one style; where several stand in a row, they go on in one line.
#[derive(Debug, Clone)]
pub(super) struct Run {
    pub(super) style: Style,
    pub(super) text: String,
}

impl Run {
    pub(super) fn regular(text: impl Into<String>) -> Self {
        Self {
            style: Style::Regular,
            text: text.into(),
        }
    }

    pub(super) fn strong(text: impl Into<String>) -> Self {
        Self {
            style: Style::Strong,
            text: text.into(),
        }
    }
}

/// One line: what is drawn one after the other.
pub(super) type Line = Vec<Run>;

/// Breaks between words; a word that is wider than a line is broken within.
pub(super) fn wrap(faces: &Faces, runs: &[Run], size: f32, width: f32) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut line = Line::new();
    let mut used = 0.0_f32;
    for run in runs {
        let face = faces.of(run.style);
        for word in run.text.split_inclusive(' ') {
            // The blank behind the last word of a line may stand over its edge.
            if used > 0.0 && used + face.width(word.trim_end(), size) > width {
                lines.push(std::mem::take(&mut line));
                used = 0.0;
            }
            for piece in pieces(face, word, size, width) {
                if used > 0.0 && used + face.width(piece.trim_end(), size) > width {
                    lines.push(std::mem::take(&mut line));
                    used = 0.0;
                }
                used += face.width(piece, size);
                match line.last_mut().filter(|last| last.style == run.style) {
                    Some(last) => last.text.push_str(piece),
                    None => line.push(Run {
                        style: run.style,
                        text: piece.to_owned(),
                    }),
                }
            }
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// A word in pieces that each fit a line; nearly always one.
fn pieces<'a>(face: &Face, word: &'a str, size: f32, width: f32) -> Vec<&'a str> {
    if face.width(word.trim_end(), size) <= width {
        return vec![word];
    }
    let mut pieces = Vec::new();
    let mut begin = 0;
    for (at, c) in word.char_indices() {
        let end = at + c.len_utf8();
        let so_far = word.get(begin..end).unwrap_or_default();
        if at > begin && face.width(so_far, size) > width {
            pieces.extend(word.get(begin..at));
            begin = at;
        }
    }
    pieces.extend(word.get(begin..));
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_wider_than_asked_and_nothing_is_lost() {
        let faces = Faces::new();
        let text = "Huisartsenpost Noord-Limburg en Omstreken, \
                    verantwoordelijkhedenverdelingsoverleggroepsvoorzitter, a b c";
        let runs = [Run::strong("22 november: "), Run::regular(text)];
        for width in [30.0, 60.0, 200.0, 1_000.0] {
            let lines = wrap(&faces, &runs, 9.0, width);
            let mut whole = String::new();
            for line in &lines {
                let mut wide = 0.0;
                for (at, run) in line.iter().enumerate() {
                    let last = at + 1 == line.len();
                    let text = if last { run.text.trim_end() } else { &run.text };
                    wide += faces.of(run.style).width(text, 9.0);
                    whole.push_str(&run.text);
                }
                assert!(wide <= width, "{width}: {line:?}");
            }
            assert_eq!(whole, format!("22 november: {text}"));
        }
    }
}
