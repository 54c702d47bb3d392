//! The words of a narrative, and of what is coded beside it: whether one says more than the other.

use core::cell::RefCell;
use std::rc::Rc;

use super::tree::{ByNode, Node, Nodes};
use super::view::View;

/// Words without regard to case, each as a hash of itself, since they are only compared, and a large
/// document has a million. Where others are looked for among them they are in order, and each once.
pub(super) type Words = Vec<u64>;

/// The words of resources and of what they refer to, each gathered when it is first asked for:
/// sections, resources and their narratives ask for the same ones.
#[derive(Default)]
pub(super) struct Vocabulary {
    known: RefCell<ByNode<Rc<Words>>>,
}

/// The words of these resources and of all that they refer to, whom they are about too.
pub(super) fn words_beside(view: &View<'_>, resources: &[Node]) -> Words {
    let mut words = Words::new();
    for resource in resources {
        words_in(view, *resource, &mut words);
        let referred = view
            .children(*resource)
            .filter_map(|child| view.index.resolve(view, child));
        for target in referred {
            words_in(view, target.node, &mut words);
        }
    }
    each_once(words)
}

/// Whether a word is among these.
pub(super) fn holds(words: &Words, word: &str) -> bool {
    let mut hashes = Words::new();
    add_words(word, &mut hashes);
    hashes.iter().all(|hash| words.binary_search(hash).is_ok())
}

impl Vocabulary {
    /// Whether every one of these words stands in one of the resources, or in what they refer to.
    pub(super) fn covers(&self, view: &View<'_>, words: &[u64], resources: &[Node]) -> bool {
        let mut said = vec![false; words.len()];
        let mut unsaid = words.len();
        let mut heard = Nodes::default();
        let behind = resources
            .iter()
            .flat_map(|resource| behind(view, *resource));
        for node in resources.iter().copied().chain(behind) {
            if unsaid == 0 {
                break;
            }
            if !heard.insert(node) {
                continue;
            }
            for word in self.of(view, node).iter() {
                if let Ok(at) = words.binary_search(word)
                    && let Some(said) = said.get_mut(at)
                {
                    unsaid -= usize::from(!core::mem::replace(said, true));
                }
            }
        }
        unsaid == 0
    }

    fn of(&self, view: &View<'_>, resource: Node) -> Rc<Words> {
        let mut known = self.known.borrow_mut();
        let words = known.entry(resource).or_insert_with(|| {
            let mut words = Words::new();
            words_in(view, resource, &mut words);
            Rc::new(words)
        });
        Rc::clone(words)
    }
}

/// What a resource refers to: its narrative tells of that too.
fn behind<'v>(view: &'v View<'_>, resource: Node) -> impl Iterator<Item = Node> + 'v {
    view.children(resource)
        .filter(|child| !matches!(view.name(*child), "subject" | "patient"))
        .filter_map(|child| view.index.resolve(view, child))
        .map(|target| target.node)
}

/// Adds every word among the values in a node, its narrative apart.
fn words_in(view: &View<'_>, node: Node, words: &mut Words) {
    if let Some(value) = view.peek_value(node) {
        add_words(value, words);
    }
    for child in view.children(node) {
        if view.name(child) != "div" {
            words_in(view, child, words);
        }
    }
}

/// Adds the words of a text, hashed by FNV-1a over their small letters: quick, and with 64 bits no
/// two words of a document meet.
pub(super) fn add_words(text: &str, words: &mut Words) {
    const BASIS: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0100_0000_01b3;
    let mix = |hash: u64, c: char| (hash ^ u64::from(c)).wrapping_mul(PRIME);
    let mut word = None;
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            word = Some(mix(word.unwrap_or(BASIS), c.to_ascii_lowercase()));
        } else if !c.is_ascii() && c.is_alphanumeric() {
            word = Some(c.to_lowercase().fold(word.unwrap_or(BASIS), mix));
        } else {
            words.extend(word.take());
        }
    }
    words.extend(word);
}

/// In order, and each once.
pub(super) fn each_once(mut words: Words) -> Words {
    words.sort_unstable();
    words.dedup();
    words
}
