//! Received prose: what of it is kept, and what it weighs.

use serde_json::json;

use super::{document, read_all};
use crate::domain::finding::FindingCode;
use crate::domain::summary::Narrative;
use crate::domain::summary::document::{Block, NarrativeWeight};
use crate::readers::Scope;

/// The narrative of a section with this markup and one problem ("Astma") in it, and whether
/// something was left out.
fn narrative(markup: &str) -> (Narrative, bool) {
    let section = json!({"title": "Kop", "code": {"coding": [{"system": "http://loinc.org", "code": "11450-4"}]},
        "text": {"status": "generated", "div": markup},
        "entry": [{"reference": "Condition/c"}]});
    let problem = json!({"resourceType": "Condition", "id": "c", "subject": {"reference": "Patient/p"},
        "code": {"text": "Astma"}});
    let whole = read_all(&document(&[section], &[problem]), Scope::Full);
    assert_eq!(whole.coverage.lost, 0, "{markup}");
    let stripped = whole
        .findings
        .iter()
        .any(|finding| finding.code == FindingCode::NarrativeStripped);
    let narrative = whole.record().sections[0].narrative.clone();
    (narrative.unwrap(), stripped)
}

fn text(text: &str) -> Block {
    Block::Text {
        text: text.to_owned(),
        strong: false,
    }
}

#[test]
fn markup_becomes_a_closed_tree_of_text_lists_and_tables() {
    let (read, stripped) = narrative(
        "<div xmlns='http://www.w3.org/1999/xhtml'><h2>Kop</h2><p>een <b>twee</b><br/>drie</p>\
         <ol><li>vier</li></ol><table><caption>vijf</caption><tbody><tr><th>zes</th>\
         <td colspan='2'>zeven &amp; acht</td></tr></tbody></table></div>",
    );
    assert!(!stripped);
    let [
        Block::Heading { .. },
        Block::Paragraph { content },
        list,
        Block::Table { caption, rows },
    ] = read.blocks.as_slice()
    else {
        panic!("{:#?}", read.blocks);
    };
    assert_eq!(
        content[1],
        Block::Text {
            text: "twee".to_owned(),
            strong: true
        }
    );
    assert_eq!(content[2], text("\n"));
    assert_eq!(
        *list,
        Block::List {
            ordered: true,
            items: vec![vec![text("vier")]]
        }
    );
    assert_eq!(caption.as_deref(), Some("vijf"));
    let cells = &rows[0].cells;
    assert!(cells[0].header);
    assert_eq!(
        (cells[1].columns, &cells[1].content),
        (2, &vec![text("zeven & acht")])
    );
}

#[test]
fn nothing_that_acts_survives() {
    for markup in [
        "<div>Astma<script>alert('x')</script></div>",
        "<div onclick='alert(1)'>Astma</div>",
        "<div>Astma<img src='http://x.example/x' alt='foto'/></div>",
        "<div><a href='javascript:alert(1)'>Astma</a></div>",
        "<div><form action='/x'><input value='q'/>Astma</form></div>",
        "<div>Astma<style>p { color: red }</style></div>",
    ] {
        let (read, stripped) = narrative(markup);
        assert!(stripped, "{markup}");
        let shown = format!("{:?}", read.blocks);
        assert!(shown.contains("Astma"));
        for gone in ["alert", "http", "javascript", "/x", "color"] {
            assert!(!shown.contains(gone), "{shown}");
        }
    }
    assert!(format!("{:?}", narrative("<div>a<img alt='foto'/></div>").0).contains("foto"));
}

#[test]
fn a_narrative_weighs_what_it_says_beyond_the_codes() {
    assert_eq!(
        narrative("<div>Astma</div>").0.weight,
        NarrativeWeight::Same
    );
    assert_eq!(
        narrative("<div>Astma, ernstig</div>").0.weight,
        NarrativeWeight::More
    );
    let labels = "<div><table><tr><th>Klacht</th><td>Astma</td></tr></table></div>";
    assert_eq!(narrative(labels).0.weight, NarrativeWeight::Same);
}

#[test]
fn what_is_no_markup_is_kept_as_it_stands() {
    for markup in [
        "los woord",
        "<div>een < twee</div>",
        "<div>een &onbekend; twee</div>",
        "<p>een</p><p>twee</p>",
    ] {
        narrative(markup);
    }
}
