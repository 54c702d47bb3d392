//! JSON into the tree, in one pass over the parser's events.

use std::borrow::Cow;

use json_event_parser::{JsonEvent, SliceJsonParser};

use super::tree::{Kind, NONE, Node, RESOURCE_TYPE, Tree};
use crate::domain::finding::FindingCode;
use crate::readers::Unreadable;
use crate::readers::ledger::LeafId;
use crate::readers::limits::{MEMBERS_PER_OBJECT_MAX, unreadable};

/// Parses a text that passed [`crate::readers::limits::scan_json`].
///
/// # Errors
/// `NotWellFormed`; `LimitExceeded` where one object has too many members.
pub(super) fn parse(text: &str) -> Result<Tree<'_>, Unreadable> {
    let mut parser = SliceJsonParser::new(text.as_bytes());
    let mut build = Build {
        tree: Tree::new(text, false),
        leaves: 0,
        frames: Vec::new(),
        members: Vec::new(),
    };
    loop {
        let event = parser
            .parse_next()
            .map_err(|_| unreadable(FindingCode::NotWellFormed))?;
        match event {
            JsonEvent::Eof => return Ok(build.tree),
            JsonEvent::ObjectKey(key) => build.key(key)?,
            JsonEvent::StartObject => build.open(false),
            JsonEvent::StartArray => build.open(true),
            JsonEvent::EndObject | JsonEvent::EndArray => build.close(),
            JsonEvent::String(value) | JsonEvent::Number(value) => build.primitive(value),
            JsonEvent::Boolean(value) => {
                build.primitive(Cow::Borrowed(if value { "true" } else { "false" }));
            }
            JsonEvent::Null => build.null(),
        }
    }
}

/// A member's name in the object that is open, without the underscore.
struct Member<'a> {
    name: Cow<'a, str>,
    /// Its first node; [`NONE`] where it has none.
    first: u32,
    /// Whether the name stood there, and with an underscore before it.
    plain: bool,
    underscored: bool,
}

/// An open object or array.
struct Frame<'a> {
    /// The node whose children these are.
    node: u32,
    array: bool,
    /// Name of the values to come: a member's, or that of all of an array.
    name: Cow<'a, str>,
    /// Its place among the members; [`NONE`] at the root.
    member: u32,
    /// Whether the values to come belong to those of the name without underscore.
    merging: bool,
    /// The node that the next value belongs to, where it was made before.
    cursor: u32,
    /// Where its members begin.
    members: usize,
}

struct Build<'a> {
    tree: Tree<'a>,
    leaves: u32,
    frames: Vec<Frame<'a>>,
    members: Vec<Member<'a>>,
}

impl<'a> Build<'a> {
    fn key(&mut self, key: Cow<'a, str>) -> Result<(), Unreadable> {
        let Some(frame) = self.frames.last_mut() else {
            return Ok(());
        };
        let merging = key.len() > 1 && key.starts_with('_');
        let name = match key {
            Cow::Borrowed(key) if merging => Cow::Borrowed(key.get(1..).unwrap_or_default()),
            Cow::Owned(key) if merging => Cow::Owned(key.get(1..).unwrap_or_default().to_owned()),
            key => key,
        };
        let known = self
            .members
            .get(frame.members..)
            .unwrap_or_default()
            .iter()
            .position(|member| member.name == name)
            .map(|at| at + frame.members);
        let at = known.unwrap_or(self.members.len());
        if known.is_none() {
            if at - frame.members >= MEMBERS_PER_OBJECT_MAX {
                return Err(unreadable(FindingCode::LimitExceeded));
            }
            self.members.push(Member {
                name: name.clone(),
                first: NONE,
                plain: false,
                underscored: false,
            });
        }
        frame.name = name;
        frame.member = u32::try_from(at).unwrap_or(NONE);
        frame.merging = merging;
        frame.cursor = NONE;
        if let Some(member) = self.members.get_mut(at) {
            let again = if merging {
                core::mem::replace(&mut member.underscored, true)
            } else {
                core::mem::replace(&mut member.plain, true)
            };
            if again {
                self.tree.repeated.push(Node(frame.node));
            } else {
                frame.cursor = member.first;
            }
        }
        Ok(())
    }

    /// The node that a value goes into: the one made before for the other half of it, or a new one.
    fn place(&mut self) -> u32 {
        let Some(frame) = self.frames.last_mut() else {
            return self.tree.push(NONE, Cow::Borrowed(""), Kind::Element);
        };
        let made = frame.cursor;
        if let Some(data) = self.tree.nodes.get(made as usize)
            && data.name == frame.name
        {
            frame.cursor = if frame.array { data.next } else { NONE };
            return made;
        }
        let at = self
            .tree
            .push(frame.node, frame.name.clone(), Kind::Element);
        if let Some(member) = self.members.get_mut(frame.member as usize)
            && member.first == NONE
        {
            member.first = at;
        }
        at
    }

    fn open(&mut self, array: bool) {
        let members = self.members.len();
        let frame = match self.frames.last() {
            Some(holder) if array => Frame {
                node: holder.node,
                array,
                name: holder.name.clone(),
                member: holder.member,
                merging: holder.merging,
                cursor: holder.cursor,
                members,
            },
            _ => {
                let node = self.place();
                let leaves = self.leaves;
                if let Some(data) = self.tree.nodes.get_mut(node as usize) {
                    data.start = leaves;
                    if data.kind == Kind::Null {
                        data.kind = Kind::Element;
                    }
                }
                Frame {
                    node,
                    array,
                    name: Cow::Borrowed(""),
                    member: NONE,
                    merging: false,
                    cursor: NONE,
                    members,
                }
            }
        };
        self.frames.push(frame);
    }

    fn close(&mut self) {
        let Some(frame) = self.frames.pop() else {
            return;
        };
        self.members.truncate(frame.members);
        if frame.array {
            if let Some(holder) = self.frames.last_mut() {
                holder.cursor = frame.cursor;
            }
            return;
        }
        let inside = u32::try_from(self.tree.nodes.len()).unwrap_or(NONE);
        if let Some(data) = self.tree.nodes.get_mut(frame.node as usize) {
            data.end = self.leaves;
            data.last_inside = data.last_inside.max(inside);
        }
    }

    fn primitive(&mut self, value: Cow<'a, str>) {
        let leaf = LeafId {
            element: self.leaves,
            place: 0,
        };
        self.leaves += 1;
        let mut at = self.place();
        let merging = self.frames.last().is_some_and(|frame| frame.merging);
        let taken = self
            .tree
            .nodes
            .get(at as usize)
            .is_none_or(|data| data.value.is_some());
        if merging || taken {
            // Where only an extension may stand, or a second value: kept beside it.
            let (node, name) = match self.frames.last() {
                Some(frame) if merging => (frame.node, Cow::Owned(format!("_{}", frame.name))),
                Some(frame) => (frame.node, frame.name.clone()),
                None => (NONE, Cow::Borrowed("")),
            };
            at = self.tree.push(node, name, Kind::Element);
        }
        let mut holder = NONE;
        if let Some(data) = self.tree.nodes.get_mut(at as usize) {
            data.kind = Kind::Element;
            data.value = Some(value);
            data.leaf = leaf;
            data.start = leaf.element;
            data.end = leaf.element + 1;
            if data.name == RESOURCE_TYPE {
                holder = data.parent;
            }
        }
        if let Some(data) = self.tree.nodes.get_mut(holder as usize)
            && data.resource == NONE
        {
            data.resource = at;
        }
    }

    fn null(&mut self) {
        let Some(frame) = self.frames.last() else {
            return;
        };
        if !frame.array {
            return;
        }
        let made = frame.cursor == NONE;
        let at = self.place();
        if made && let Some(data) = self.tree.nodes.get_mut(at as usize) {
            data.kind = Kind::Null;
        }
    }
}
