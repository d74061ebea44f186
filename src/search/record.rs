//! The index data of one report: words with weights, and facets.
//!
//! Made from a report's headline and page text when the page is rendered, and kept in the state
//! folder, so that a segment can be rebuilt without reading reports.

use std::str::FromStr;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::stem::Stems;
use super::words::{Role, each_word};

/// The key of a list of postings: 48 bits of a hash of a stem or a facet's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Key(pub u64);

impl Key {
    /// The size of a key in bits.
    pub const BITS: u32 = 48;

    pub fn of_stem(stem: &str) -> Key {
        Key(xxh3_64(stem.as_bytes()) >> (64 - Key::BITS))
    }

    /// The bits that select a leaf.
    pub(super) fn leaf(self, bits: u32) -> u32 {
        u32::try_from(self.0.checked_shr(Key::BITS - bits).unwrap_or(0)).unwrap_or(u32::MAX)
    }

    /// The bits that are stored in a leaf.
    pub(super) fn short(self) -> u32 {
        u32::try_from(self.0 & 0xFFFF_FFFF).unwrap_or(u32::MAX)
    }
}

/// A property that queries can ask for, besides words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Facet {
    /// The publisher.
    Outlet,
    /// An author in the byline.
    Author,
    Tag,
    /// A running story.
    Story,
    /// The primary language subtag.
    Language,
    /// News, analysis, interview, ….
    Kind,
}

impl Facet {
    /// All, in display order.
    pub(crate) const ALL: [Facet; 6] =
        [Facet::Outlet, Facet::Author, Facet::Tag, Facet::Story, Facet::Language, Facet::Kind];

    /// The prefix in queries and keys.
    pub(crate) fn prefix(self) -> &'static str {
        match self {
            Facet::Outlet => "outlet",
            Facet::Author => "author",
            Facet::Tag => "tag",
            Facet::Story => "story",
            Facet::Language => "lang",
            Facet::Kind => "kind",
        }
    }
}

impl FromStr for Facet {
    type Err = ();

    fn from_str(name: &str) -> Result<Facet, ()> {
        Facet::ALL.into_iter().find(|facet| facet.prefix() == name).ok_or(())
    }
}

/// The vocabulary entry of a facet's value: `outlet:moscow-times`. Other words contain no colon.
pub(crate) fn facet_word(facet: Facet, value: &str) -> String {
    let mut word = format!("{}:", facet.prefix());
    let start = word.len();
    each_word(value, |part, role| {
        if role == Role::Plain {
            if word.len() > start {
                word.push('-');
            }
            word.push_str(part);
        }
    });
    word
}

/// The weight of a word in a report, in two bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[repr(u8)]
pub(crate) enum Weight {
    /// It occurs.
    Low,
    /// It occurs often, relative to the report's length.
    Middle,
    /// It occurs very often.
    High,
    /// It is in the headline.
    Title,
}

impl Weight {
    /// Decodes the two bits of a posting.
    pub(super) fn of_bits(bits: u32) -> Weight {
        match bits & 3 {
            0 => Weight::Low,
            1 => Weight::Middle,
            2 => Weight::High,
            _ => Weight::Title,
        }
    }

    /// The class of BM25's term frequency, with a fixed average length of 500 words, so that
    /// reports don't affect each other's weights.
    fn of_counts(times: u32, length: u32) -> Weight {
        let (times, length) = (f64::from(times), f64::from(length));
        let saturation = 1.2 * (0.25 + 0.75 * length / 500.0);
        match times / (times + saturation) {
            share if share > 0.75 => Weight::High,
            share if share > 0.55 => Weight::Middle,
            _ => Weight::Low,
        }
    }
}

/// The input of a record.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Text<'a> {
    /// The report's language (BCP 47).
    pub language: &'a str,
    /// The headline.
    pub title: &'a str,
    /// The text of its page's body.
    pub body: &'a str,
}

/// The index data of a report.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Record {
    /// Folded words in order, with the keys of their stems.
    pub words: Vec<(Box<str>, Key)>,
    /// Distinct keys in order, with their weights.
    pub postings: Vec<(Key, u8)>,
}

impl Record {
    /// Computes a record.
    pub(crate) fn of(text: &Text<'_>, facets: &[(Facet, String)]) -> Record {
        let stems = Stems::of(text.language);
        let mut counted: FxHashMap<Box<str>, (u32, bool)> = FxHashMap::default();
        let mut length = 0;
        for (part, is_title) in [(text.title, true), (text.body, false)] {
            each_word(part, |word, _| {
                length += 1;
                if let Some(count) = counted.get_mut(word) {
                    *count = (count.0 + 1, count.1 || is_title);
                } else {
                    counted.insert(word.into(), (1, is_title));
                }
            });
        }
        let mut keys: FxHashMap<Key, (u32, bool)> = FxHashMap::default();
        let mut words = Vec::with_capacity(counted.len());
        for (word, (times, is_title)) in counted {
            let stem = stems.stem(&word);
            let key = Key::of_stem(&stem);
            let all = keys.entry(key).or_default();
            *all = (all.0 + times, all.1 || is_title);
            // Index the stem, too: readers may type it even if no report contains it.
            if *stem != *word {
                words.push((stem.as_ref().into(), key));
            }
            words.push((word, key));
        }
        let facets = facets.iter().map(|(facet, value)| facet_word(*facet, value));
        let facets: Vec<(Box<str>, Key)> =
            facets.map(|word| (word.as_str().into(), Key::of_stem(&word))).collect();
        let weight = |(times, is_title)| {
            if is_title { Weight::Title } else { Weight::of_counts(times, length) }
        };
        let mut postings: Vec<_> =
            keys.into_iter().map(|(key, counts)| (key, weight(counts) as u8)).collect();
        postings.extend(facets.iter().map(|&(_, key)| (key, Weight::Low as u8)));
        words.extend(facets);
        words.sort_unstable();
        words.dedup();
        postings.sort_unstable();
        postings.dedup_by_key(|(key, _)| *key);
        Record { words, postings }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(title: &str, body: &str) -> Record {
        Record::of(&Text { language: "en", title, body }, &[])
    }

    fn weight(record: &Record, stem: &str) -> Option<u8> {
        let key = Key::of_stem(stem);
        record.postings.iter().find(|(known, _)| *known == key).map(|&(_, weight)| weight)
    }

    #[test]
    fn forms_of_a_word_are_one_posting() {
        let filler = " filler".repeat(600);
        let body = format!("They talked; the talk was talking about talks.{filler}");
        let record = record("Talks end", &body);
        assert_eq!(weight(&record, "talk"), Some(Weight::Title as u8));
        assert_eq!(weight(&record, "about"), Some(Weight::Low as u8));
        assert_eq!(weight(&record, "filler"), Some(Weight::High as u8));
        assert_eq!(weight(&record, "nowhere"), None);
        assert_eq!(record.words.iter().filter(|(word, _)| word.starts_with("talk")).count(), 4);
    }

    #[test]
    fn a_facet_is_no_word() {
        let text = Text { language: "en", title: "", body: "gazette" };
        let record = Record::of(&text, &[(Facet::Outlet, "gazette".to_owned())]);
        assert_eq!(record.postings.len(), 2);
        let words: Vec<&str> = record.words.iter().map(|(word, _)| &**word).collect();
        assert_eq!(words, ["gazett", "gazette", "outlet:gazette"]);
        assert_eq!(facet_word(Facet::Tag, "U.S. – Élection"), "tag:u-s-election");
    }
}
