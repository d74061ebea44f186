//! Counts the words of a report, and makes its record.
//!
//! Each thread has a cache of words, since most words of a report occur in others, too.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use rustc_hash::FxHashMap;

use super::lexicon::{FormId, Lexicon};
use super::record::{Facet, Posted, Record, Text, Weight, facet_word};
use super::stem::Stems;
use super::words::each_word;

/// A thread's cache is emptied when it exceeds this many words, some MB.
const MOST: usize = 100_000;

/// Makes records.
#[derive(Debug)]
pub struct Recorder {
    lexicon: Lexicon,
    /// One for each thread of the pool, and one for all others.
    caches: Vec<Mutex<Cache>>,
}

impl Default for Recorder {
    fn default() -> Recorder {
        let caches = (0..=rayon::current_num_threads()).map(|_| Mutex::default());
        Recorder { lexicon: Lexicon::default(), caches: caches.collect() }
    }
}

impl Recorder {
    /// The words of its records.
    pub fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    /// Makes the record of a report.
    pub fn record(&self, text: &Text<'_>, facets: &[(Facet, &str)]) -> Record {
        let thread = rayon::current_thread_index();
        let cache = thread.and_then(|thread| self.caches.get(thread)).or(self.caches.last());
        let Some(cache) = cache else { return Record::default() };
        let mut cache = cache.lock().unwrap_or_else(PoisonError::into_inner);
        let mut record = Vec::new();
        cache.words_of(text.language).count(text, &self.lexicon, &mut record);
        // A facet's value has a low weight; it contains a colon, which no word does.
        let facets = facets.iter().map(|(facet, value)| facet_word(*facet, value));
        let facets: BTreeSet<String> = facets.collect();
        record.extend(
            facets
                .iter()
                .map(|facet| Posted { form: self.lexicon.stem(facet), weight: Some(Weight::Low) }),
        );
        Record::of(&record)
    }
}

/// Words by language.
#[derive(Debug, Default)]
struct Cache(FxHashMap<String, KnownWords>);

impl Cache {
    fn words_of(&mut self, language: &str) -> &mut KnownWords {
        if self.0.values().map(|known| known.words.len()).sum::<usize>() > MOST {
            self.0.clear();
        }
        self.0.entry(language.to_owned()).or_insert_with(|| KnownWords {
            stemmer: Stems::of(language),
            short: FxHashMap::default(),
            long: FxHashMap::default(),
            words: Vec::new(),
            stem_places: FxHashMap::default(),
            stems: Vec::new(),
        })
    }
}

/// Words of one language.
#[derive(Debug)]
struct KnownWords {
    stemmer: Stems,
    /// Places in `words` of words of up to 16 bytes, which are compared as numbers.
    short: FxHashMap<u128, u32>,
    long: FxHashMap<Box<str>, u32>,
    words: Vec<KnownWord>,
    stem_places: FxHashMap<FormId, u32>,
    stems: Vec<KnownStem>,
}

#[derive(Debug)]
struct KnownWord {
    form: FormId,
    /// The place in `stems`.
    stem: u32,
    /// The number of occurrences in the current report.
    times: u32,
}

#[derive(Debug)]
struct KnownStem {
    form: FormId,
    /// The number of occurrences of all its forms in the current report.
    times: u32,
    is_title: bool,
}

/// The words of the current report.
#[derive(Debug)]
struct Met {
    /// Places of distinct words, in the order of their first occurrence.
    words: Vec<u32>,
    /// The number of all words.
    length: u32,
}

impl KnownWords {
    fn count(&mut self, text: &Text<'_>, lexicon: &Lexicon, record: &mut Vec<Posted>) {
        let mut met = Met { words: Vec::with_capacity(1_024), length: 0 };
        each_word(text.title, |word, _| self.meet(word, lexicon, &mut met));
        let of_title = met.words.len();
        each_word(text.body, |word, _| self.meet(word, lexicon, &mut met));
        self.post(&met, of_title, record);
    }

    fn meet(&mut self, word: &str, lexicon: &Lexicon, met: &mut Met) {
        met.length = met.length.saturating_add(1);
        let place = self.place(word, lexicon);
        let Some(known) = self.words.get_mut(place as usize) else { return };
        if known.times == 0 {
            met.words.push(place);
        }
        known.times = known.times.saturating_add(1);
    }

    /// Adds the met words, of which the first are those of the headline, to the record.
    fn post(&mut self, met: &Met, of_title: usize, record: &mut Vec<Posted>) {
        let mut met_stems = Vec::with_capacity(met.words.len());
        record.reserve(met.words.len() * 3 / 2);
        for (at, &place) in met.words.iter().enumerate() {
            let Some(word) = self.words.get_mut(place as usize) else { continue };
            let Some(stem) = self.stems.get_mut(word.stem as usize) else { continue };
            if stem.times == 0 {
                met_stems.push(word.stem);
            }
            stem.times = stem.times.saturating_add(word.times);
            stem.is_title |= at < of_title;
            if word.form != stem.form {
                record.push(Posted { form: word.form, weight: None });
            }
            word.times = 0;
        }
        for place in met_stems {
            let Some(stem) = self.stems.get_mut(place as usize) else { continue };
            let weight = if stem.is_title {
                Weight::Title
            } else {
                Weight::of_counts(stem.times, met.length)
            };
            record.push(Posted { form: stem.form, weight: Some(weight) });
            (stem.times, stem.is_title) = (0, false);
        }
    }

    /// The place of a word in `words`.
    fn place(&mut self, word: &str, lexicon: &Lexicon) -> u32 {
        let short = number(word.as_bytes());
        let known = match short {
            Some(number) => self.short.get(&number),
            None => self.long.get(word),
        };
        if let Some(&place) = known {
            return place;
        }
        let place = self.add(word, lexicon);
        match short {
            Some(number) => self.short.insert(number, place),
            None => self.long.insert(word.into(), place),
        };
        place
    }

    fn add(&mut self, word: &str, lexicon: &Lexicon) -> u32 {
        let form = lexicon.id(word, &self.stemmer.stem(word));
        let stem = lexicon.stem_of(form);
        let next = place(self.stems.len());
        let stem_place = *self.stem_places.entry(stem).or_insert(next);
        if stem_place == next {
            self.stems.push(KnownStem { form: stem, times: 0, is_title: false });
        }
        self.words.push(KnownWord { form, stem: stem_place, times: 0 });
        place(self.words.len() - 1)
    }
}

fn place(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

/// A word of up to 16 bytes as a number; no word holds a zero byte. Both ends are read with one step
/// each, which may overlap.
fn number(word: &[u8]) -> Option<u128> {
    let length = word.len();
    if let (Some(start), Some(end)) = (word.first_chunk::<8>(), word.last_chunk::<8>()) {
        let ends = u128::from(u64::from_le_bytes(*start))
            | u128::from(u64::from_le_bytes(*end)).checked_shl(place(length - 8) * 8)?;
        return (length <= 16).then_some(ends);
    }
    if let (Some(start), Some(end)) = (word.first_chunk::<4>(), word.last_chunk::<4>()) {
        let end = u64::from(u32::from_le_bytes(*end)) << ((length - 4) * 8);
        return Some(u128::from(u64::from(u32::from_le_bytes(*start)) | end));
    }
    let bytes = word.iter().rev();
    Some(bytes.fold(0, |number, &byte| number << 8 | u128::from(byte)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn words_are_numbers_by_their_bytes(word in "[a-zé京0-9]{0,20}") {
            let mut bytes = [0; 16];
            let expected = bytes.get_mut(..word.len()).map(|bytes| {
                bytes.copy_from_slice(word.as_bytes());
            });
            let expected = expected.map(|()| u128::from_le_bytes(bytes));
            prop_assert_eq!(number(word.as_bytes()), expected);
        }
    }

    fn record(title: &str, body: &str, facets: &[(Facet, &str)]) -> Vec<(String, Option<Weight>)> {
        let recorder = Recorder::default();
        let record = recorder.record(&Text { language: "en", title, body }, facets);
        let record = Record::from_bytes(&record.bytes().collect::<Vec<u8>>());
        let mut words: Vec<(String, Option<Weight>)> = record
            .words()
            .map(|Posted { form, weight }| (recorder.lexicon().get(form).word.to_owned(), weight))
            .collect();
        words.sort();
        words
    }

    fn weight(record: &[(String, Option<Weight>)], stem: &str) -> Option<Weight> {
        record.iter().find(|(word, _)| word == stem)?.1
    }

    #[test]
    fn forms_of_a_word_are_one_posting() {
        let filler = " filler".repeat(600);
        let body = format!("They talked; the talk was talking about talks.{filler}");
        let record = record("Talks end", &body, &[]);
        assert_eq!(weight(&record, "talk"), Some(Weight::Title));
        assert_eq!(weight(&record, "about"), Some(Weight::Low));
        assert_eq!(weight(&record, "filler"), Some(Weight::High));
        assert_eq!(weight(&record, "nowhere"), None);
        let forms = record.iter().map(|(word, _)| word).filter(|word| word.starts_with("talk"));
        assert_eq!(forms.collect::<Vec<_>>(), ["talk", "talked", "talking", "talks"]);
    }

    #[test]
    fn a_facet_is_no_word() {
        let record = record("", "gazette", &[(Facet::Outlet, "gazette")]);
        let words: Vec<&String> = record.iter().map(|(word, _)| word).collect();
        assert_eq!(words, ["gazett", "gazette", "outlet:gazette"]);
        assert_eq!(facet_word(Facet::Tag, "U.S. – Élection"), "tag:u-s-election");
    }
}
