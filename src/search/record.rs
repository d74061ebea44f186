//! The index data of one report: words with weights, and facets.
//!
//! Computed from a report's headline and body text, and kept in the state, so that a segment can be
//! patched or rebuilt without reading reports.

pub use crate::base::choices::Facet;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::hashes::long_hash;
use super::known_stems::{CountedWord, KNOWN_STEMS};
use super::numbers::{put_number, take_number};
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
pub struct Text<'a> {
    /// The report's language (BCP 47).
    pub language: &'a str,
    /// The headline.
    pub title: &'a str,
    /// All other searchable text.
    pub body: &'a str,
}

/// The encoded words and facets of a report. For each stem, in order: the number of bytes shared
/// with the stem before, the number of other bytes, these bytes; its weight and the number of its
/// other forms; then each form in the same way, relative to its stem.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record(Box<[u8]>);

/// A word of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Folded.
    pub word: &'a str,
    /// Its stem.
    pub stem: &'a str,
    /// The key of its stem.
    pub key: Key,
    /// The weight of the stem, if the word is the stem itself.
    pub weight: Option<Weight>,
}

impl Record {
    /// Computes a record.
    pub fn of(text: &Text<'_>, facets: &[(Facet, String)]) -> Record {
        KNOWN_STEMS.with_borrow_mut(|known| {
            let known = known.of(text.language);
            let mut length: u32 = 0;
            let mut found = known.counting();
            for (part, is_title) in [(text.title, true), (text.body, false)] {
                each_word(part, |word, _| {
                    found.count(word, is_title);
                    length = length.saturating_add(1);
                });
            }
            let mut words = found.words();
            let facets: Vec<String> =
                facets.iter().map(|(facet, value)| facet_word(*facet, value)).collect();
            // A facet's value has a low weight; it contains a colon, which no word does.
            words.extend(facets.iter().map(|facet| CountedWord::once(facet)));
            // Everything except the facets is sorted.
            words.sort();
            Record::encoded(&words, length)
        })
    }

    fn encoded(words: &[CountedWord<'_>], length: u32) -> Record {
        let mut bytes = Vec::with_capacity(words.len() * 10);
        let mut before = "";
        for forms in words.chunk_by(|one, other| one.stem == other.stem) {
            let Some(CountedWord { stem, .. }) = forms.first() else { continue };
            put_after(&mut bytes, before, stem);
            let times = forms.iter().map(|form| form.times).sum();
            let weight = if forms.iter().any(|form| form.is_title) {
                Weight::Title
            } else {
                Weight::of_counts(times, length)
            };
            let others = || forms.iter().filter(|form| form.word != *stem);
            let count = u32::try_from(others().count()).unwrap_or(0);
            put_number(&mut bytes, count << 2 | weight as u32);
            for form in others() {
                put_after(&mut bytes, stem, form.word);
            }
            before = stem;
        }
        Record(bytes.into())
    }

    /// Its bytes, for [`Record::from_bytes`].
    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// A record from its bytes.
    pub(super) fn from_bytes(bytes: Vec<u8>) -> Record {
        Record(bytes.into())
    }

    /// Calls a function for each word with its key, stems before their forms; `None` if the record
    /// is damaged.
    pub fn each(&self, mut found: impl FnMut(Entry<'_>)) -> Option<()> {
        let mut rest = &*self.0;
        let (mut stem, mut form) = (Vec::new(), Vec::new());
        while !rest.is_empty() {
            take_after(&mut rest, &mut stem)?;
            let number = take_number(&mut rest)?;
            let text = std::str::from_utf8(&stem).ok()?;
            let key = Key::of_stem(text);
            let weight = Some(Weight::of_bits(number));
            found(Entry { word: text, stem: text, key, weight });
            for _ in 0..number >> 2 {
                form.clone_from(&stem);
                take_after(&mut rest, &mut form)?;
                let word = std::str::from_utf8(&form).ok()?;
                found(Entry { word, stem: text, key, weight: None });
            }
        }
        Some(())
    }
}

/// Writes a word without the prefix that it shares with another.
fn put_after(bytes: &mut Vec<u8>, before: &str, word: &str) {
    let shared = word.bytes().zip(before.bytes()).take_while(|(one, other)| one == other).count();
    let length = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
    put_number(bytes, length(shared));
    put_number(bytes, length(word.len() - shared));
    bytes.extend(&word.as_bytes()[shared..]);
}

/// Reads a word written by its difference from the one in `word`, and replaces it.
fn take_after(rest: &mut &[u8], word: &mut Vec<u8>) -> Option<()> {
    let shared = usize::try_from(take_number(rest)?).ok()?;
    let length = usize::try_from(take_number(rest)?).ok()?;
    let (own, after) = rest.split_at_checked(length)?;
    *rest = after;
    word.truncate(shared);
    word.extend(own);
    Some(())
}

impl Serialize for Record {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Record {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Record, D::Error> {
        <&[u8]>::deserialize(deserializer).map(|bytes| Record(bytes.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(title: &str, body: &str) -> Record {
        Record::of(&Text { language: "en", title, body }, &[])
    }

    fn words(record: &Record) -> Vec<String> {
        let mut words = Vec::new();
        record.each(|entry| words.push(entry.word.to_owned())).unwrap();
        words
    }

    fn weight(record: &Record, stem: &str) -> Option<Weight> {
        let mut found = None;
        record.each(|entry| found = found.or(entry.weight.filter(|_| entry.word == stem))).unwrap();
        found
    }

    #[test]
    fn forms_of_a_word_are_one_posting() {
        let filler = " filler".repeat(600);
        let body = format!("They talked; the talk was talking about talks.{filler}");
        let record = record("Talks end", &body);
        assert_eq!(weight(&record, "talk"), Some(Weight::Title));
        assert_eq!(weight(&record, "about"), Some(Weight::Low));
        assert_eq!(weight(&record, "filler"), Some(Weight::High));
        assert_eq!(weight(&record, "nowhere"), None);
        let forms = words(&record).into_iter().filter(|word| word.starts_with("talk"));
        assert_eq!(forms.collect::<Vec<_>>(), ["talk", "talked", "talking", "talks"]);
    }

    #[test]
    fn a_facet_is_no_word() {
        let text = Text { language: "en", title: "", body: "gazette" };
        let record = Record::of(&text, &[(Facet::Outlet, "gazette".to_owned())]);
        assert_eq!(words(&record), ["gazett", "gazette", "outlet:gazette"]);
        assert_eq!(facet_word(Facet::Tag, "U.S. – Élection"), "tag:u-s-election");
    }

    #[test]
    fn a_damaged_record_is_none() {
        let Record(bytes) = record("Talks end", "They talked.");
        for end in 1..bytes.len() {
            let _ = Record(bytes[..end].into()).each(|_| ());
        }
        assert_eq!(Record(bytes[..bytes.len() - 1].into()).each(|_| ()), None);
    }
}
