//! JSON into the tree, in one pass over the text.

use std::borrow::Cow;

use super::names::Name;
use super::tree::{Kind, NONE, Node, Tree};
use super::words::{Malformed, Words};
use crate::domain::finding::FindingCode;
use crate::readers::Unreadable;
use crate::readers::ledger::LeafId;
use crate::readers::limits::{JSON_DEPTH_MAX, MEMBERS_PER_OBJECT_MAX, unreadable};

/// Parses a text that passed [`crate::readers::limits::scan_json`].
///
/// # Errors
/// `NotWellFormed`; `LimitExceeded` where one object has too many members.
pub(super) fn parse(text: &str) -> Result<Tree<'_>, Unreadable> {
    let mut build = Build {
        words: Words::of(text),
        tree: Tree::new(text, false),
        leaves: 0,
        members: Vec::new(),
    };
    let nameless = build.tree.names.name_of(Cow::Borrowed(""))?;
    build.value(&mut Slot::of(NONE, nameless), 0)?;
    match build.words.next() {
        None => Ok(build.tree.built()),
        Some(_) => Err(Malformed.into()),
    }
}

impl From<Malformed> for Unreadable {
    fn from(_: Malformed) -> Self {
        unreadable(FindingCode::NotWellFormed)
    }
}

/// A member's name in the object that is open, without the underscore.
struct Member {
    name: Name,
    /// Its first node; [`NONE`] where it has none.
    first: u32,
    /// Whether the name stood there, and with an underscore before it.
    plain: bool,
    underscored: bool,
}

/// Where the values to come belong.
struct Slot {
    /// The object that holds them.
    holder: u32,
    /// Whether they stand in an array.
    array: bool,
    /// Their name: a member's, or that of all of an array.
    name: Name,
    /// Its place among the members; [`NONE`] at the root.
    member: u32,
    /// Whether they belong to those of the name without underscore.
    merging: bool,
    /// The node that the next one belongs to, where it was made before.
    cursor: u32,
}

impl Slot {
    const fn of(holder: u32, name: Name) -> Self {
        Self {
            holder,
            array: false,
            name,
            member: NONE,
            merging: false,
            cursor: NONE,
        }
    }
}

struct Build<'a> {
    words: Words<'a>,
    tree: Tree<'a>,
    leaves: u32,
    /// Those of every open object, the innermost last.
    members: Vec<Member>,
}

impl<'a> Build<'a> {
    /// The next value with all that is in it. The scan bounds the depth; so does this.
    fn value(&mut self, slot: &mut Slot, depth: usize) -> Result<(), Unreadable> {
        if depth > JSON_DEPTH_MAX {
            return Err(unreadable(FindingCode::LimitExceeded));
        }
        match self.words.next() {
            Some(b'{') => return self.object(slot, depth),
            Some(b'[') => return self.array(slot, depth),
            Some(b'"') => {
                let value = self.words.string()?;
                return self.primitive(slot, value);
            }
            Some(b'n') => {
                self.words.name("null")?;
                self.null(slot);
            }
            Some(first @ (b't' | b'f')) => {
                let name = if first == b't' { "true" } else { "false" };
                self.words.name(name)?;
                return self.primitive(slot, Cow::Borrowed(name));
            }
            _ => {
                let number = self.words.number()?;
                return self.primitive(slot, Cow::Borrowed(number));
            }
        }
        Ok(())
    }

    fn array(&mut self, slot: &mut Slot, depth: usize) -> Result<(), Unreadable> {
        self.words.takes(b'[');
        if slot.holder == NONE {
            // Around everything it is a node: no resource, and none is found in it.
            slot.holder = self.place(slot);
        }
        let around = core::mem::replace(&mut slot.array, true);
        if !self.words.takes(b']') {
            loop {
                self.value(slot, depth + 1)?;
                if self.words.takes(b']') {
                    break;
                }
                if !self.words.takes(b',') {
                    return Err(Malformed.into());
                }
            }
        }
        slot.array = around;
        Ok(())
    }

    fn object(&mut self, slot: &mut Slot, depth: usize) -> Result<(), Unreadable> {
        self.words.takes(b'{');
        let node = self.place(slot);
        let leaves = self.leaves;
        if let Some(data) = self.tree.nodes.get_mut(node as usize) {
            data.start = leaves;
            if data.kind == Kind::Null {
                data.kind = Kind::Element;
            }
        }
        let members = self.members.len();
        if !self.words.takes(b'}') {
            loop {
                self.words.next();
                let key = self.words.string()?;
                if !self.words.takes(b':') {
                    return Err(Malformed.into());
                }
                let mut inner = self.key(key, node, members)?;
                self.value(&mut inner, depth + 1)?;
                if self.words.takes(b'}') {
                    break;
                }
                if !self.words.takes(b',') {
                    return Err(Malformed.into());
                }
            }
        }
        self.members.truncate(members);
        let inside = u32::try_from(self.tree.nodes.len()).unwrap_or(NONE);
        if let Some(data) = self.tree.nodes.get_mut(node as usize) {
            data.end = self.leaves;
            data.last_inside = data.last_inside.max(inside);
        }
        Ok(())
    }

    /// Where the value of a key belongs, in the object `holder` whose members begin at `from`.
    fn key(&mut self, key: Cow<'a, str>, holder: u32, from: usize) -> Result<Slot, Unreadable> {
        let merging = key.len() > 1 && key.starts_with('_');
        let name = match key {
            Cow::Borrowed(key) if merging => Cow::Borrowed(key.get(1..).unwrap_or_default()),
            Cow::Owned(key) if merging => Cow::Owned(key.get(1..).unwrap_or_default().to_owned()),
            key => key,
        };
        let name = self.tree.names.name_of(name)?;
        let known = self
            .members
            .get(from..)
            .unwrap_or_default()
            .iter()
            .position(|member| member.name == name)
            .map(|at| at + from);
        let at = known.unwrap_or(self.members.len());
        if known.is_none() {
            if at - from >= MEMBERS_PER_OBJECT_MAX {
                return Err(unreadable(FindingCode::LimitExceeded));
            }
            self.members.push(Member {
                name,
                first: NONE,
                plain: false,
                underscored: false,
            });
        }
        let mut slot = Slot {
            member: u32::try_from(at).unwrap_or(NONE),
            merging,
            ..Slot::of(holder, name)
        };
        if let Some(member) = self.members.get_mut(at) {
            let again = if merging {
                core::mem::replace(&mut member.underscored, true)
            } else {
                core::mem::replace(&mut member.plain, true)
            };
            if again {
                self.tree.repeated.push(Node(holder));
            } else {
                slot.cursor = member.first;
            }
        }
        Ok(slot)
    }

    /// The node that a value goes into: the one made before for the other half of it, or a new one.
    fn place(&mut self, slot: &mut Slot) -> u32 {
        let made = slot.cursor;
        if let Some(data) = self.tree.nodes.get(made as usize)
            && data.name == slot.name
        {
            slot.cursor = if slot.array { data.next } else { NONE };
            return made;
        }
        let at = self.tree.push(slot.holder, slot.name, Kind::Element);
        if let Some(member) = self.members.get_mut(slot.member as usize)
            && member.first == NONE
        {
            member.first = at;
        }
        at
    }

    fn primitive(&mut self, slot: &mut Slot, value: Cow<'a, str>) -> Result<(), Unreadable> {
        let leaf = LeafId {
            element: self.leaves,
            place: 0,
        };
        self.leaves += 1;
        let mut at = self.place(slot);
        let taken = self
            .tree
            .nodes
            .get(at as usize)
            .is_none_or(|data| data.value.is_some());
        if slot.merging || taken {
            // Where only an extension may stand, or a second value: kept beside it.
            let name = if slot.merging {
                let name = format!("_{}", self.tree.names.text(slot.name));
                self.tree.names.name_of(Cow::Owned(name))?
            } else {
                slot.name
            };
            at = self.tree.push(slot.holder, name, Kind::Element);
        }
        let mut holder = NONE;
        if let Some(data) = self.tree.nodes.get_mut(at as usize) {
            data.kind = Kind::Element;
            data.value = Some(value);
            data.leaf = leaf;
            data.start = leaf.element;
            data.end = leaf.element + 1;
            if data.name == Name::RESOURCE_TYPE {
                holder = data.parent;
            }
        }
        if let Some(data) = self.tree.nodes.get_mut(holder as usize)
            && data.resource == NONE
        {
            data.resource = at;
        }
        Ok(())
    }

    fn null(&mut self, slot: &mut Slot) {
        if !slot.array {
            return;
        }
        let made = slot.cursor == NONE;
        let at = self.place(slot);
        if made && let Some(data) = self.tree.nodes.get_mut(at as usize) {
            data.kind = Kind::Null;
        }
    }
}

#[cfg(test)]
mod tests {
    use json_event_parser::{JsonEvent, SliceJsonParser};
    use proptest::prelude::*;

    use super::*;

    /// What another parser takes, and which values it finds.
    fn values(text: &str) -> Option<Vec<String>> {
        let mut parser = SliceJsonParser::new(text.as_bytes());
        let mut values = Vec::new();
        loop {
            match parser.parse_next().ok()? {
                JsonEvent::Eof => return Some(values),
                JsonEvent::String(value) | JsonEvent::Number(value) => values.push(value.into()),
                JsonEvent::Boolean(value) => values.push(value.to_string()),
                _ => {}
            }
        }
    }

    fn own_values(text: &str) -> Option<Vec<String>> {
        let tree = parse(text).ok()?;
        let mut leaves: Vec<_> = tree
            .nodes
            .iter()
            .filter_map(|data| Some((data.leaf, data.value.as_deref()?.to_owned())))
            .collect();
        leaves.sort();
        Some(leaves.into_iter().map(|(_, value)| value).collect())
    }

    #[test]
    fn what_is_json_is_taken_and_nothing_else() {
        for text in [
            r#"{"a":[5.40,-0,1E+2,0.0e-1,true,null,"x"],"_a":[{"b":"\u00e9\ud83d\ude00\\\/\"\b\f\n\r\t"}]}"#,
            " [ ] ",
            "\t\r\n\"word\"",
            "[01]",
            "[1.]",
            "[.5]",
            "[+1]",
            "[1e]",
            "[-]",
            "[1 2]",
            "[1,]",
            "[,1]",
            "{\"a\":1,}",
            "{\"a\"}",
            "{a:1}",
            "{\"a\":}",
            "[}",
            "[truely]",
            "[nul]",
            "[\"\\ud800\"]",
            "[\"\\ud800\\u0041\"]",
            "[\"\\udc00\"]",
            "[\"\\u00g0\"]",
            "[\"\\u+123\"]",
            "[\"\\x\"]",
            "[\"\t\"]",
            "[\"open",
            "[1]]",
            "",
            "\u{feff}[]x",
        ] {
            assert_eq!(own_values(text), values(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn another_parser_finds_the_same_values(text in r#"[\[\]{},:"\\ab_u0-9eE.+tfn é\n-]{0,24}"#) {
            prop_assert_eq!(own_values(&text), values(&text));
        }

        #[test]
        fn another_parser_finds_the_same_values_in_what_looks_like_json(
            pieces in proptest::collection::vec(
                prop::sample::select(vec![
                    "[", "]", "{", "}", ",", ":", "\"a\"", "\"_a\"", "\"a\":", "\"_a\":", "1.50", "-0e1",
                    "true", "null", "\"\\u0041\"", "[{\"b\":2}]", "[\"x\",null]", " ",
                ]),
                0..12,
            )
        ) {
            let text = pieces.concat();
            prop_assert_eq!(own_values(&text), values(&text));
        }
    }
}
