//! The names in a tree, each once: a node keeps a number of two bytes.

use std::borrow::Cow;
use std::collections::HashMap;

use super::tree::RESOURCE_TYPE;
use crate::domain::finding::FindingCode;
use crate::readers::Unreadable;
use crate::readers::limits::unreadable;

/// A name in a tree: its place among all of them, and a glance at it, so that most others are told
/// apart without their text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Name {
    place: u16,
    glance: u8,
}

impl Name {
    /// [`RESOURCE_TYPE`], in every tree.
    pub(super) const RESOURCE_TYPE: Self = Self {
        place: 0,
        glance: glance_at(RESOURCE_TYPE) as u8,
    };

    /// Whether this may be a name at which one glances so.
    pub(super) const fn looks_like(self, glance: Glance) -> bool {
        self.glance == glance.0
    }
}

/// What a name looks like from afar.
#[derive(Clone, Copy)]
pub(super) struct Glance(u8);

impl Glance {
    pub(super) const fn at(name: &str) -> Self {
        Self(glance_at(name) as u8)
    }
}

/// Every name of a tree.
pub(super) struct Names<'a> {
    all: Vec<Cow<'a, str>>,
    places: HashMap<Cow<'a, str>, Name>,
    /// What was met last of the names that look alike: nearly every name is met again and again,
    /// and a glance at four of its bytes is quicker than a hash that nobody can foresee.
    met: Vec<Name>,
}

impl<'a> Names<'a> {
    /// So many that the few hundred names of a document rarely look alike.
    const MET: usize = 1024;

    pub(super) fn new() -> Self {
        Self {
            all: vec![Cow::Borrowed(RESOURCE_TYPE)],
            places: HashMap::from([(Cow::Borrowed(RESOURCE_TYPE), Name::RESOURCE_TYPE)]),
            met: vec![Name::RESOURCE_TYPE; Self::MET],
        }
    }

    /// The text of a name.
    pub(super) fn text(&self, name: Name) -> &str {
        self.all
            .get(usize::from(name.place))
            .map_or("", |name| name)
    }

    /// Whether anything has this name.
    pub(super) fn has(&self, text: &str) -> bool {
        self.places.contains_key(text)
    }

    /// The place of a name.
    ///
    /// # Errors
    /// `LimitExceeded` where there are more than 65,536; FHIR has some 4,000.
    pub(super) fn name_of(&mut self, text: Cow<'a, str>) -> Result<Name, Unreadable> {
        let glance = glance_at(&text);
        if let Some(met) = self.met.get(glance % Self::MET)
            && self.text(*met) == text
        {
            return Ok(*met);
        }
        let name = match self.places.get(&text) {
            Some(known) => *known,
            None => {
                let place = u16::try_from(self.all.len());
                let name = Name {
                    place: place.map_err(|_| unreadable(FindingCode::LimitExceeded))?,
                    glance: Glance::at(&text).0,
                };
                self.all.push(text.clone());
                self.places.insert(text, name);
                name
            }
        };
        if let Some(met) = self.met.get_mut(glance % Self::MET) {
            *met = name;
        }
        Ok(name)
    }
}

/// Its length and three of its bytes, mixed.
const fn glance_at(name: &str) -> usize {
    let bytes = name.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else {
        return 0;
    };
    let (_, half) = bytes.split_at(bytes.len() / 2);
    let middle = match half {
        [middle, ..] => *middle as usize,
        [] => 0,
    };
    bytes.len() ^ (*first as usize) << 2 ^ middle << 3 ^ (*last as usize) << 5
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_has_one_place_and_too_many_are_refused() {
        let mut names = Names::new();
        let mut first = Vec::new();
        for number in 1..=u16::MAX {
            first.push(names.name_of(Cow::Owned(number.to_string())).unwrap());
        }
        for (number, name) in (1..=u16::MAX).zip(&first) {
            let text = number.to_string();
            assert_eq!(names.text(*name), text);
            assert_eq!(names.name_of(Cow::Owned(text)).unwrap(), *name);
        }
        let resource = names.name_of(Cow::Borrowed(RESOURCE_TYPE));
        assert_eq!(resource.unwrap(), Name::RESOURCE_TYPE);
        assert!(names.name_of(Cow::Borrowed("one more")).is_err());
    }
}
