//! The second walk over JSON: is every leaf that was claimed shown or listed really in what is shown?
//!
//! **Architecture Invariant:** this file shares no code with the readers. It parses the text
//! with another parser, names leaves by itself, and believes a claim only where it finds the
//! value in the serialised summary.

use core::ops::Range;
use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::Event;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::coverage::{Coverage, Index};
use super::ledger::{Disposition, LeafId, Ledger};

/// Levels walked. What lies deeper was refused before it came here.
const LEVELS_MAX: usize = 256;

/// Walks `text` and looks each leaf up in the ledger and in the serialised summary.
///
/// A leaf is a string, a number or a truth value; its `LeafId` has its ordinal in the order of the
/// text, from 0, as `element`, and 0 as `place`. Leaves whose ordinal is in a range of `skip` are
/// not disclosed. A string called `div` that holds markup is found where every run of its text is.
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
        next: 0,
        coverage: Coverage::default(),
    };
    if let Ok(whole) = serde_json::from_str::<&RawValue>(text) {
        walk.value("", whole.get(), 0);
    }
    walk.coverage
}

struct Walk<'a> {
    skip: Vec<Range<usize>>,
    ledger: &'a Ledger,
    dto: Index<'a>,
    /// Ordinal of the next leaf.
    next: u32,
    coverage: Coverage,
}

impl Walk<'_> {
    fn value(&mut self, name: &str, raw: &str, level: usize) {
        if level > LEVELS_MAX {
            return;
        }
        match raw.as_bytes().first() {
            Some(b'{') => {
                for (name, member) in members(raw) {
                    self.value(&name, member.get(), level + 1);
                }
            }
            Some(b'[') => {
                let values: Vec<&RawValue> = serde_json::from_str(raw).unwrap_or_default();
                for value in values {
                    self.value(name, value.get(), level + 1);
                }
            }
            Some(b'"') => {
                let text: Text<'_> = serde_json::from_str(raw).unwrap_or_default();
                self.leaf(name, &text.0);
            }
            Some(b'n') | None => {}
            Some(_) => self.leaf(name, raw),
        }
    }

    fn leaf(&mut self, name: &str, value: &str) {
        let element = self.next;
        self.next += 1;
        if self.is_skipped(element as usize) {
            return;
        }
        self.coverage.leaves += 1;
        let claim = self.ledger.disposition(LeafId { element, place: 0 });
        let count = match claim {
            Some(Disposition::Used) => &mut self.coverage.used,
            Some(claim) if self.stands(name, value) => match claim {
                Disposition::Listed => &mut self.coverage.listed,
                Disposition::Used | Disposition::Shown => &mut self.coverage.shown,
            },
            Some(Disposition::Shown | Disposition::Listed) | None => &mut self.coverage.lost,
        };
        *count += 1;
    }

    fn stands(&mut self, name: &str, value: &str) -> bool {
        if self.dto.is_whole(value) {
            return true;
        }
        if name == "div" && value.contains('<') {
            return runs(value)
                .into_iter()
                .all(|run| self.dto.is_whole(&run) || self.dto.is_part(&run));
        }
        self.dto.is_part(value)
    }

    fn is_skipped(&self, leaf: usize) -> bool {
        let before = self.skip.partition_point(|range| range.start <= leaf);
        before
            .checked_sub(1)
            .and_then(|last| self.skip.get(last))
            .is_some_and(|range| range.contains(&leaf))
    }
}

/// The runs of text between the tags of a narrative; what a script or a style sheet says is no text.
fn runs(markup: &str) -> Vec<String> {
    let mut reader = Reader::from_str(markup);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    let mut runs = vec![String::new()];
    let mut unread = 0_usize;
    let mut add = |text: &str, new: bool| {
        if new {
            runs.push(String::new());
        }
        if let Some(run) = runs.last_mut() {
            run.push_str(text);
        }
    };
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                unread += usize::from(unread > 0 || is_unread(tag.name().0));
                add("", true);
            }
            Ok(Event::End(_)) => {
                unread = unread.saturating_sub(1);
                add("", true);
            }
            Ok(Event::Empty(_)) => add("", true),
            Ok(Event::Text(text)) if unread == 0 => add(&text, false),
            Ok(Event::CData(text)) if unread == 0 => add(&text, false),
            Ok(Event::GeneralRef(reference)) if unread == 0 => {
                let raw = format!("&{};", &*reference);
                add(unescape(&raw).as_deref().unwrap_or(&raw), false);
            }
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    runs.retain(|run| !run.trim().is_empty());
    runs
}

fn is_unread(tag: &str) -> bool {
    let local = tag.rsplit(':').next().unwrap_or(tag);
    local.eq_ignore_ascii_case("script") || local.eq_ignore_ascii_case("style")
}

/// A string, borrowed where it can be.
#[derive(Default, serde::Deserialize)]
#[serde(transparent)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// The members of an object in the order of the text, repeated ones too.
fn members(raw: &str) -> Vec<(String, &RawValue)> {
    struct Members<'a>(Vec<(String, &'a RawValue)>);
    impl<'de> Deserialize<'de> for Members<'de> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            struct All;
            impl<'de> Visitor<'de> for All {
                type Value = Members<'de>;

                fn expecting(&self, to: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                    to.write_str("an object")
                }

                fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                    let mut members = Vec::new();
                    while let Some(member) = map.next_entry::<String, &RawValue>()? {
                        members.push(member);
                    }
                    Ok(Members(members))
                }
            }
            deserializer.deserialize_map(All)
        }
    }
    serde_json::from_str::<Members<'_>>(raw)
        .map(|members| members.0)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const TEXT: &str = r#"{"a": "one", "b": [5.40, true, null, {"a": "caf\u00e9"}], "a": "two",
        "div": "<div>say <b>this</b><script>no()</script></div>"}"#;

    fn ledger(claims: &[Disposition]) -> Ledger {
        Ledger::of(
            (0..)
                .zip(claims)
                .map(|(element, claim)| (LeafId { element, place: 0 }, *claim))
                .collect(),
        )
    }

    #[test]
    fn every_leaf_that_is_found_counts_where_the_ledger_says() {
        use Disposition::{Listed, Shown, Used};
        let dto = json!([["one", "5.40"], {"t": "caf\u{e9}"}, "say", "this"]);
        let counts = coverage(
            TEXT,
            &[],
            &ledger(&[Shown, Shown, Used, Listed, Used, Shown]),
            &dto,
        );
        assert_eq!(
            counts,
            Coverage {
                leaves: 6,
                shown: 3,
                used: 2,
                listed: 1,
                lost: 0
            }
        );
    }

    #[test]
    fn a_claim_that_is_not_in_the_summary_is_lost_and_so_is_a_leaf_nobody_saw() {
        use Disposition::Shown;
        let counts = coverage(TEXT, &[], &ledger(&[Shown, Shown]), &json!(["5.4", "one"]));
        assert_eq!((counts.leaves, counts.shown, counts.lost), (6, 1, 5));
    }

    #[test]
    fn a_narrative_of_which_one_run_is_missing_is_lost() {
        let text = r#"{"div": "<div>say <b>this</b></div>"}"#;
        let claims = ledger(&[Disposition::Shown]);
        assert_eq!(coverage(text, &[], &claims, &json!(["say"])).lost, 1);
        assert_eq!(
            coverage(text, &[], &claims, &json!(["say", "this"])).lost,
            0
        );
    }

    #[test]
    fn a_skipped_leaf_does_not_exist() {
        let skip = [1..4, 5..6];
        let claims = ledger(&[Disposition::Used; 6]);
        let counts = coverage(TEXT, &skip, &claims, &json!([]));
        assert_eq!((counts.leaves, counts.used), (2, 2));
    }
}
