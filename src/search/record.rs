//! The index data of one report: words with weights, and facets.
//!
//! Computed from a report's headline and body text, and kept in the state, so that a segment can be
//! patched or rebuilt without reading reports.

use serde::{Deserialize, Serialize};

pub use crate::base::choices::Facet;

use super::lexicon::FormId;
use super::words::{Role, each_word};

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
    /// A record of some words.
    pub(super) fn of(words: &[Posted]) -> Record {
        Record(words.iter().copied().map(Posted::number).collect())
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
    /// The low bits of a number, which hold the weight.
    pub(super) const WEIGHT_BITS: u32 = 3;
    /// Instead of a weight: the word is another form of its stem.
    const OTHER: u32 = 4;

    /// The form's number, and the weight in the low bits.
    pub(super) fn number(self) -> u32 {
        let weight = self.weight.map_or(Posted::OTHER, |weight| weight as u32);
        self.form.number() << Posted::WEIGHT_BITS | weight
    }

    /// From its number.
    pub(super) fn of_number(number: u32) -> Posted {
        let is_stem = number & Posted::OTHER == 0;
        let form = FormId::of_number(number >> Posted::WEIGHT_BITS);
        Posted { form, weight: is_stem.then(|| Weight::of_bits(number)) }
    }
}
