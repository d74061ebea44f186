//! What the archive knows of its terms: `terms/<taxonomy>/<slug>.md`, as types.
//!
//! Parsed from their files by the room for content; unchanged afterwards.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::base::permalink::term_key;

/// What is known of one term.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TermNote {
    /// Its file, from the archive's root.
    pub source: String,
    /// The name of its taxonomy.
    pub taxonomy: String,
    /// The file's name without its ending.
    pub stem: String,
    /// The name as shown; missing: the commonest spelling.
    pub name: Option<String>,
    /// The name in other languages (BCP 47).
    pub names: BTreeMap<String, String>,
    /// Other spellings that are this term.
    pub synonyms: Vec<String>,
    /// What it is sorted by.
    pub sort: Option<String>,
    /// One sentence about it.
    pub summary: Option<String>,
    /// A picture of it.
    pub image: Option<TermImage>,
    /// Pages about it.
    pub links: Vec<TermLink>,
    /// Where the text begins in the file.
    pub body_start: usize,
    /// Whether there is a text.
    pub has_body: bool,
    /// A hash of the file.
    pub hash: u128,
}

/// A picture of a term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermImage {
    /// A path of the archive or a web address.
    pub src: String,
    /// What it shows, for those who can't see it.
    pub alt: String,
    /// Who made it.
    pub credit: Option<String>,
}

/// A page about a term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermLink {
    /// What it is.
    pub title: String,
    /// Where it is.
    pub url: String,
}

/// What the archive knows of its terms, by their files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TermNotes(pub Vec<Arc<TermNote>>);

impl TermNotes {
    /// Those of a taxonomy.
    pub fn of<'a, 't>(
        &'a self,
        taxonomy: &'t str,
    ) -> impl Iterator<Item = &'a Arc<TermNote>> + use<'a, 't> {
        self.0.iter().filter(move |note| note.taxonomy == taxonomy)
    }
}

impl TermNote {
    /// The term's own spelling: the one from which its address is made.
    pub fn spelling(&self) -> &str {
        let is_address = |name: &&String| {
            let slug = crate::base::permalink::Slug::from_term(&term_key(name));
            slug.as_str() == self.stem
        };
        self.name.as_ref().filter(is_address).map_or(&self.stem, |name| name)
    }

    /// The keys of all its spellings.
    pub fn keys(&self) -> impl Iterator<Item = String> {
        let own = [self.spelling(), &self.stem].into_iter();
        let others = self.name.iter().chain(&self.synonyms).map(String::as_str);
        own.chain(others).map(term_key)
    }

    /// Whether a spelling is one of this term's.
    pub(crate) fn has_spelling(&self, name: &str) -> bool {
        let key = term_key(name);
        self.keys().any(|other| other == key)
    }
}

/// Finds the note of a spelling in one taxonomy.
#[derive(Debug, Default)]
pub(crate) struct NotesBySpelling<'a>(FxHashMap<String, &'a Arc<TermNote>>);

impl<'a> NotesBySpelling<'a> {
    /// Of a taxonomy's notes; the first keeps a spelling that two want.
    pub(crate) fn new(notes: impl Iterator<Item = &'a Arc<TermNote>>) -> NotesBySpelling<'a> {
        let mut by_key = FxHashMap::default();
        for note in notes {
            for key in note.keys() {
                by_key.entry(key).or_insert(note);
            }
        }
        NotesBySpelling(by_key)
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The note of the term with this key.
    pub(crate) fn get(&self, key: &str) -> Option<&'a Arc<TermNote>> {
        self.0.get(key).copied()
    }
}
