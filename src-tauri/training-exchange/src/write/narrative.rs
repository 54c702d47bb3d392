//! Prose of a section, generated from its entries: what a reader sees who reads no codes.

use super::tree::{Object, Tree};
use super::xml::Xml;

/// A narrative with a line per entry; `title` heads it, `nothing` stands where there is none.
pub(super) fn generated(title: &str, lines: &[String], nothing: &str) -> Object {
    let mut x = Xml::default();
    let attributes = [("xmlns", Some("http://www.w3.org/1999/xhtml"))];
    x.element("div", &attributes, |x| {
        x.text("h5", title);
        if lines.is_empty() {
            x.text("p", nothing);
        } else {
            x.element("ul", &[], |x| {
                lines.iter().for_each(|line| x.text("li", line))
            });
        }
    });
    Object::new()
        .with("status", "generated")
        .with("div", Tree::Xhtml(x.finish()))
}
