//! Every word of a build with its stem, under a number that all threads share.
//!
//! Records, postings and counts hold numbers instead of words, so that no step compares or copies
//! text. Numbers depend on the order in which threads meet words: nothing that is written depends on
//! them.

use std::hash::{Hash, Hasher};
use std::sync::{Mutex, PoisonError};

use hashbrown::HashTable;
use rustc_hash::FxHasher;

use super::keys::Key;

/// Shards, to reduce contention.
const SHARDS: usize = 64;

/// The number of a word with its stem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FormId(u32);

impl FormId {
    /// The number of bits that hold any number; more forms than that don't fit into memory.
    pub(super) const BITS: u32 = 29;

    fn at(place: usize) -> FormId {
        FormId(u32::try_from(place).unwrap_or(u32::MAX) & ((1 << FormId::BITS) - 1))
    }

    /// From [`FormId::number`].
    pub(super) fn of_number(number: u32) -> FormId {
        FormId(number)
    }

    /// Below 2^[`FormId::BITS`].
    pub(super) fn number(self) -> u32 {
        self.0
    }

    /// Its place in a list of all forms.
    pub(super) fn place(self) -> usize {
        self.0 as usize
    }
}

/// A word with its stem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Form<'a> {
    /// The stem.
    pub stem: &'a str,
    /// The word, folded.
    pub word: &'a str,
    /// The key of the stem.
    pub key: Key,
}

/// All words of a build.
#[derive(Debug)]
pub struct Lexicon {
    forms: boxcar::Vec<Known>,
    numbers: Vec<Mutex<HashTable<FormId>>>,
}

#[derive(Debug)]
struct Known {
    word: Box<str>,
    /// The form that is the stem itself.
    stem: FormId,
    key: Key,
}

impl Default for Lexicon {
    fn default() -> Lexicon {
        let numbers = (0..SHARDS).map(|_| Mutex::default()).collect();
        Lexicon { forms: boxcar::Vec::new(), numbers }
    }
}

impl Lexicon {
    /// The number of a word with its stem; a new one for a new form.
    pub(super) fn id(&self, word: &str, stem: &str) -> FormId {
        if word == stem { self.stem(word) } else { self.form(word, Some(self.stem(stem))) }
    }

    /// The number of a stem as a word.
    pub(super) fn stem(&self, stem: &str) -> FormId {
        self.form(stem, None)
    }

    fn form(&self, word: &str, stem: Option<FormId>) -> FormId {
        let hash = hash(word, stem);
        let Some(numbers) = self.numbers.get((hash >> 32) as usize % SHARDS) else {
            return FormId(0);
        };
        let mut numbers = numbers.lock().unwrap_or_else(PoisonError::into_inner);
        let is_same = |id: &FormId| {
            self.forms
                .get(id.place())
                .is_some_and(|known| *known.word == *word && stem.unwrap_or(*id) == known.stem)
        };
        if let Some(id) = numbers.find(hash, is_same) {
            return *id;
        }
        let key = match stem {
            Some(stem) => self.key(stem),
            None => Key::of_stem(word),
        };
        let id = FormId::at(self.forms.push_with(|at| {
            let stem = stem.unwrap_or(FormId::at(at));
            Known { word: word.into(), stem, key }
        }));
        numbers.insert_unique(hash, id, |id| self.hash_of(*id));
        id
    }

    fn hash_of(&self, id: FormId) -> u64 {
        let Some(known) = self.forms.get(id.place()) else { return 0 };
        hash(&known.word, (known.stem != id).then_some(known.stem))
    }

    /// A form; empty for a number that is not of this lexicon.
    pub fn get(&self, id: FormId) -> Form<'_> {
        let Some(known) = self.forms.get(id.place()) else {
            return Form { stem: "", word: "", key: Key(0) };
        };
        let stem = if known.stem == id { Some(known) } else { self.forms.get(known.stem.place()) };
        Form { stem: stem.map_or("", |stem| &stem.word), word: &known.word, key: known.key }
    }

    /// The form that is the stem of a form.
    pub(super) fn stem_of(&self, id: FormId) -> FormId {
        self.forms.get(id.place()).map_or(id, |known| known.stem)
    }

    /// The key of a form's stem.
    pub(super) fn key(&self, id: FormId) -> Key {
        self.forms.get(id.place()).map_or(Key(0), |known| known.key)
    }

    /// The number of forms.
    pub(super) fn len(&self) -> usize {
        self.forms.count()
    }
}

fn hash(word: &str, stem: Option<FormId>) -> u64 {
    let mut hasher = FxHasher::default();
    (word, stem).hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_has_a_number_for_each_stem() {
        let lexicon = Lexicon::default();
        let [talks, talk] = [lexicon.id("talks", "talk"), lexicon.id("talk", "talk")];
        let other = lexicon.id("talks", "tal");
        assert_eq!(lexicon.len(), 4);
        assert_eq!(lexicon.id("talks", "talk"), talks);
        assert_eq!(lexicon.stem("talk"), talk);
        let form = |word, stem| Form { word, stem, key: Key::of_stem(stem) };
        assert_eq!(lexicon.get(talks), form("talks", "talk"));
        assert_eq!(lexicon.get(talk), form("talk", "talk"));
        assert_eq!(lexicon.get(other), form("talks", "tal"));
    }
}
