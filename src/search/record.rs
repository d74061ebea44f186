//! The index data of one report: words with weights, and facets.
//!
//! Computed from a report's headline and body text, and kept in the state, so that a segment can be
//! patched or rebuilt without reading reports.

use serde::{Deserialize, Serialize};

pub use crate::base::choices::Facet;

use super::hashes::long_hash;
use super::lexicon::FormId;
use super::words::{Role, each_word};

/// The key of a list of postings: 48 bits of a hash of a stem or a facet's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Key(pub u64);

impl Key {
    /// The size of a key in bits.
    pub const BITS: u32 = 48;

    /// The key of a stem: the first 48 bits of its hash.
    pub fn of_stem(stem: &str) -> Key {
        Key(long_hash(stem) >> (64 - Key::BITS))
    }

    /// The bits that select a leaf.
    pub(super) fn leaf(self, bits: u32) -> u32 {
        u32::try_from(self.0.checked_shr(Key::BITS - bits).unwrap_or(0)).unwrap_or(u32::MAX)
    }

    /// The index of its leaf among 2^bits leaves.
    pub(super) fn slot(self, bits: u32) -> Slot {
        Slot(self.0.checked_shr(Key::BITS.saturating_sub(bits + u32::BITS)).unwrap_or(0))
    }
}

/// The place of a list: its leaf, and the next 32 bits of the key, which are stored in the leaf.
/// Keys with equal bits share a list; in a large archive the chance is one in thousands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Slot(pub(super) u64);

impl Slot {
    /// The leaf.
    pub(super) fn leaf(self) -> u32 {
        u32::try_from(self.0 >> u32::BITS).unwrap_or(u32::MAX)
    }

    /// The bits stored in the leaf.
    pub(super) fn short(self) -> u32 {
        u32::try_from(self.0 & 0xFFFF_FFFF).unwrap_or(u32::MAX)
    }
}

/// A facet's value as in the vocabulary: `outlet:moscow-times`. No word contains a colon.
pub fn facet_word(facet: Facet, value: &str) -> String {
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
pub enum Weight {
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
    pub(super) fn of_counts(times: u32, length: u32) -> Weight {
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
pub struct Text<'a> {
    /// The report's language (BCP 47).
    pub language: &'a str,
    /// The headline.
    pub title: &'a str,
    /// All other searchable text.
    pub body: &'a str,
}

/// A word of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Posted {
    /// The word with its stem.
    pub form: FormId,
    /// The weight of the stem, if the word is the stem itself.
    pub weight: Option<Weight>,
}

/// The words and facets of a report, in any order: each form once, and each stem once, also if only
/// other forms of it occur. A number holds a form and, in the low bits, its weight.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record(Box<[u32]>);

impl Record {
    /// The low bits, which hold the weight.
    const WEIGHT_BITS: u32 = 3;
    /// Instead of a weight: the word is another form of its stem.
    const OTHER: u32 = 4;

    /// A record of some words.
    pub(super) fn of(words: &[Posted]) -> Record {
        Record(words.iter().map(Posted::number).collect())
    }

    /// Its words.
    pub fn words(&self) -> impl Iterator<Item = Posted> {
        self.0.iter().copied().map(Posted::of_number)
    }

    /// The number of its words.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Its bytes while the build lasts, for [`Record::from_bytes`].
    pub(super) fn bytes(&self) -> impl Iterator<Item = u8> {
        self.0.iter().flat_map(|number| number.to_le_bytes())
    }

    /// A record from its bytes.
    pub(super) fn from_bytes(bytes: &[u8]) -> Record {
        let (numbers, _) = bytes.as_chunks();
        Record(numbers.iter().map(|number| u32::from_le_bytes(*number)).collect())
    }
}

impl Posted {
    /// The form's number, and the weight in the low bits.
    pub(super) fn number(&self) -> u32 {
        let weight = self.weight.map_or(Record::OTHER, |weight| weight as u32);
        self.form.number() << Record::WEIGHT_BITS | weight
    }

    /// From its number.
    pub(super) fn of_number(number: u32) -> Posted {
        let is_stem = number & Record::OTHER == 0;
        let form = FormId::of_number(number >> Record::WEIGHT_BITS);
        Posted { form, weight: is_stem.then(|| Weight::of_bits(number)) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::recorder::Recorder;
    use super::*;

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
