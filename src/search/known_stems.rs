//! Words that a thread has met, with their stems: a report's words are mostly those of others.

use std::cell::RefCell;

use rustc_hash::FxHashMap;

use super::stem::Stems;

/// So many words of a language are remembered, a few MB.
const MOST: usize = 40_000;

thread_local! {
    /// Those that this thread has met.
    pub(super) static KNOWN_STEMS: RefCell<KnownStems> = RefCell::default();
}

/// Words by languages.
#[derive(Debug, Default)]
pub(super) struct KnownStems(FxHashMap<String, KnownWords>);

/// Words of one language.
#[derive(Debug)]
pub(super) struct KnownWords {
    stems: Stems,
    numbers: FxHashMap<Box<str>, u32>,
    /// By their numbers: the word, and its stem unless it is the same.
    words: Vec<(Box<str>, Option<Box<str>>)>,
}

/// A word in a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct CountedWord<'a> {
    pub(super) stem: &'a str,
    pub(super) word: &'a str,
    pub(super) times: u32,
    pub(super) is_title: bool,
}

impl<'a> CountedWord<'a> {
    /// What stands for itself and is no word.
    pub(super) fn once(word: &'a str) -> CountedWord<'a> {
        CountedWord { stem: word, word, times: 0, is_title: false }
    }
}

impl KnownStems {
    /// Those of a language.
    pub(super) fn of(&mut self, language: &str) -> &mut KnownWords {
        if self.0.values().map(|known| known.words.len()).sum::<usize>() > MOST {
            self.0.clear();
        }
        self.0.entry(language.to_owned()).or_insert_with(|| KnownWords {
            stems: Stems::of(language),
            numbers: FxHashMap::default(),
            words: Vec::new(),
        })
    }
}

impl KnownWords {
    /// A word's number.
    pub(super) fn number(&mut self, word: &str) -> u32 {
        if let Some(&number) = self.numbers.get(word) {
            return number;
        }
        let number = u32::try_from(self.words.len()).unwrap_or(u32::MAX);
        let stem = self.stems.stem(word);
        let stem = (*stem != *word).then(|| stem.as_ref().into());
        self.words.push((word.into(), stem));
        self.numbers.insert(word.into(), number);
        number
    }

    /// A word by its occurrences in a report, each with whether it stands in the body.
    pub(super) fn counted(&self, occurrences: &[(u32, bool)]) -> Option<CountedWord<'_>> {
        let &(number, first_in_body) = occurrences.first()?;
        let (word, stem) = self.words.get(usize::try_from(number).ok()?)?;
        let stem = stem.as_deref().unwrap_or(word);
        let times = u32::try_from(occurrences.len()).unwrap_or(u32::MAX);
        Some(CountedWord { stem, word, times, is_title: !first_in_body })
    }
}
