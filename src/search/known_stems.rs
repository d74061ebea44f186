//! A cache of words and their stems for each thread: most words of a report occur in others, too.

use std::cell::RefCell;

use rustc_hash::FxHashMap;

use super::stem::Stems;

/// The cache is emptied when it exceeds this many words, a few MB.
const MOST: usize = 40_000;

thread_local! {
    /// The cache of this thread.
    pub(super) static KNOWN_STEMS: RefCell<KnownStems> = RefCell::default();
}

/// Words by language.
#[derive(Debug, Default)]
pub(super) struct KnownStems(FxHashMap<String, KnownWords>);

/// Words of one language.
#[derive(Debug)]
pub(super) struct KnownWords {
    stems: Stems,
    numbers: FxHashMap<Box<str>, u32>,
    /// Indexed by the values of `numbers`.
    words: Vec<KnownWord>,
    /// The numbers of words in the current report.
    met: Vec<u32>,
}

#[derive(Debug)]
struct KnownWord {
    word: Box<str>,
    /// `None` if the word is its own stem.
    stem: Option<Box<str>>,
    start: u64,
    /// The number of occurrences in the current report.
    times: u32,
    is_title: bool,
}

impl KnownWord {
    fn stem(&self) -> &str {
        self.stem.as_deref().unwrap_or(&self.word)
    }
}

/// A word in a report. The order is that of stems, then of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct CountedWord<'a> {
    /// The stem's first eight bytes as a number, which decides most comparisons.
    start: u64,
    pub(super) stem: &'a str,
    pub(super) word: &'a str,
    pub(super) times: u32,
    pub(super) is_title: bool,
}

impl<'a> CountedWord<'a> {
    /// A facet's value, which is not a word and has no other stem.
    pub(super) fn once(word: &'a str) -> CountedWord<'a> {
        CountedWord { start: start_of(word), stem: word, word, times: 0, is_title: false }
    }
}

/// The first eight bytes of a word as a number; numbers sort as the words do.
fn start_of(word: &str) -> u64 {
    let mut start = [0; 8];
    for (to, from) in start.iter_mut().zip(word.bytes()) {
        *to = from;
    }
    u64::from_be_bytes(start)
}

impl KnownStems {
    /// The cache of a language.
    pub(super) fn of(&mut self, language: &str) -> &mut KnownWords {
        if self.0.values().map(|known| known.words.len()).sum::<usize>() > MOST {
            self.0.clear();
        }
        self.0.entry(language.to_owned()).or_insert_with(|| KnownWords {
            stems: Stems::of(language),
            numbers: FxHashMap::default(),
            words: Vec::new(),
            met: Vec::new(),
        })
    }
}

/// Counts the words of a report.
pub(super) struct Counting<'a>(&'a mut KnownWords);

impl KnownWords {
    /// Starts counting for a report.
    pub(super) fn counting(&mut self) -> Counting<'_> {
        for number in self.met.drain(..) {
            if let Some(known) = self.words.get_mut(number as usize) {
                (known.times, known.is_title) = (0, false);
            }
        }
        Counting(self)
    }

    fn number(&mut self, word: &str) -> u32 {
        if let Some(&number) = self.numbers.get(word) {
            return number;
        }
        let number = u32::try_from(self.words.len()).unwrap_or(u32::MAX);
        let stem = self.stems.stem(word);
        let start = start_of(&stem);
        let stem = (*stem != *word).then(|| stem.as_ref().into());
        self.words.push(KnownWord { word: word.into(), stem, start, times: 0, is_title: false });
        self.numbers.insert(word.into(), number);
        number
    }
}

impl<'a> Counting<'a> {
    /// Counts an occurrence of a word.
    pub(super) fn count(&mut self, word: &str, is_title: bool) {
        let number = self.0.number(word);
        let Some(known) = self.0.words.get_mut(number as usize) else { return };
        if known.times == 0 {
            self.0.met.push(number);
        }
        known.times = known.times.saturating_add(1);
        known.is_title |= is_title;
    }

    /// The counted words, sorted.
    pub(super) fn words(self) -> Vec<CountedWord<'a>> {
        let known: &'a KnownWords = self.0;
        let word = |number: u32| known.words.get(number as usize);
        let start = |&number: &u32| Some((word(number)?.start, number));
        let mut order: Vec<(u64, u32)> = known.met.iter().filter_map(start).collect();
        order.sort_unstable_by(|one, other| {
            let whole = |number: u32| word(number).map(|known| (known.stem(), &*known.word));
            one.0.cmp(&other.0).then_with(|| whole(one.1).cmp(&whole(other.1)))
        });
        let counted = |(start, number): (u64, u32)| {
            let known = word(number)?;
            let (stem, word) = (known.stem(), &*known.word);
            Some(CountedWord { start, stem, word, times: known.times, is_title: known.is_title })
        };
        order.into_iter().filter_map(counted).collect()
    }
}
