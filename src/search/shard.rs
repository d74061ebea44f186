//! The records of neighbouring reports as bytes, for the state.
//!
//! A shard has one list of the words of all its records, since neighbours have most words in common:
//! for each word, in order of stems, the number of bytes that its stem shares with the stem before,
//! the number of other bytes, these bytes; then the word in the same way, relative to its stem. A
//! record holds places in this list, each with its weight in the low bits, as differences from the
//! place before.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::lexicon::{Form, FormId, Lexicon};
use super::numbers::{put_number, take_number};
use super::record::{Posted, Record};
use super::vocabulary;

/// Records as bytes, in their order.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Shard {
    words: Vec<u8>,
    records: Vec<Vec<u8>>,
}

impl Shard {
    /// Encodes records. The bytes don't depend on the lexicon's numbers.
    pub(crate) fn of<'a>(
        records: impl Iterator<Item = &'a Record> + Clone,
        lexicon: &Lexicon,
    ) -> Shard {
        let mut places: FxHashMap<FormId, FormId> = FxHashMap::default();
        for record in records.clone() {
            for posted in record.words() {
                places.entry(posted.form).or_insert(posted.form);
            }
        }
        let mut forms: Vec<(u64, Form<'_>, FormId)> = places
            .keys()
            .map(|&id| (lexicon.get(id), id))
            .map(|(form, id)| (start_of(form.stem), form, id))
            .collect();
        forms.sort_unstable_by(|one, other| one.0.cmp(&other.0).then_with(|| one.1.cmp(&other.1)));
        let mut words = Vec::with_capacity(forms.len() * 6);
        let mut before = "";
        for (place, (_, Form { stem, word, .. }, id)) in (0..).zip(&forms) {
            put_after(&mut words, before, stem);
            put_after(&mut words, stem, word);
            before = stem;
            places.insert(*id, FormId::of_number(place));
        }
        Shard { words, records: records.map(|record| placed(record, &places)).collect() }
    }

    /// Decodes the records; `None` if the bytes are damaged.
    pub(crate) fn records(&self, lexicon: &Lexicon) -> Option<Vec<Record>> {
        let mut rest = &*self.words;
        let (mut stem, mut word) = (Vec::new(), Vec::new());
        let mut forms = Vec::new();
        while !rest.is_empty() {
            take_after(&mut rest, &mut stem)?;
            word.clone_from(&stem);
            take_after(&mut rest, &mut word)?;
            let (stem, word) = (std::str::from_utf8(&stem).ok()?, std::str::from_utf8(&word).ok()?);
            forms.push(lexicon.id(word, stem));
        }
        self.records.iter().map(|bytes| record(bytes, &forms)).collect()
    }
}

/// Encodes a record in numbers of the shard's own: a form's place in its list of words.
fn placed(record: &Record, places: &FxHashMap<FormId, FormId>) -> Vec<u8> {
    let number = |posted: Posted| {
        let form = *places.get(&posted.form)?;
        Some(Posted { form, ..posted }.number())
    };
    let mut numbers: Vec<u32> = Vec::with_capacity(record.len());
    numbers.extend(record.words().filter_map(number));
    numbers.sort_unstable();
    let mut bytes = Vec::with_capacity(numbers.len() * 3 / 2);
    let mut before = 0;
    for number in numbers {
        put_number(&mut bytes, number - before);
        before = without_weight(number);
    }
    bytes
}

fn record(mut bytes: &[u8], forms: &[FormId]) -> Option<Record> {
    let mut words = Vec::with_capacity(bytes.len());
    let mut before: u32 = 0;
    while !bytes.is_empty() {
        let number = before.checked_add(take_number(&mut bytes)?)?;
        let posted = Posted::of_number(number);
        words.push(Posted { form: *forms.get(posted.form.place())?, ..posted });
        before = without_weight(number);
    }
    Some(Record::of(&words))
}

fn without_weight(number: u32) -> u32 {
    number >> Posted::WEIGHT_BITS << Posted::WEIGHT_BITS
}

/// The first eight bytes of a word as a number, which decides most comparisons; numbers sort as the
/// words do.
fn start_of(word: &str) -> u64 {
    let word = word.as_bytes();
    if let Some(start) = word.first_chunk() {
        return u64::from_be_bytes(*start);
    }
    let start = word.iter().fold(0, |number, &byte| number << 8 | u64::from(byte));
    start.checked_shl(u64::BITS - 8 * u32::try_from(word.len()).unwrap_or(0)).unwrap_or(0)
}

/// Writes a word without the prefix that it shares with another.
fn put_after(bytes: &mut Vec<u8>, before: &str, word: &str) {
    let shared = vocabulary::shared(before, word);
    let length = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
    put_number(bytes, length(shared));
    put_number(bytes, length(word.len() - shared));
    bytes.extend(&word.as_bytes()[shared..]);
}

/// Reads a word written by its difference from the one in `word`, and replaces it.
fn take_after(rest: &mut &[u8], word: &mut Vec<u8>) -> Option<()> {
    let shared = usize::try_from(take_number(rest)?).ok()?;
    let length = usize::try_from(take_number(rest)?).ok()?;
    vocabulary::take_after(rest, word, shared, length)
}

#[cfg(test)]
mod tests {
    use super::super::record::{Facet, Text};
    use super::super::recorder::Recorder;
    use super::*;

    fn records(recorder: &Recorder) -> Vec<Record> {
        let texts = ["Talks were talking.", "", "The talk of Moskau; été, 北京今天", "a talks"];
        let facets = [(Facet::Outlet, "The Herald")];
        let record =
            |body| recorder.record(&Text { language: "en", title: "Moskau", body }, &facets);
        texts.map(record).into()
    }

    fn words(records: &[Record], lexicon: &Lexicon) -> Vec<Vec<String>> {
        let word = |posted: Posted| format!("{:?} {:?}", lexicon.get(posted.form), posted.weight);
        let words = |record: &Record| {
            let mut words: Vec<String> = record.words().map(word).collect();
            words.sort();
            words
        };
        records.iter().map(words).collect()
    }

    #[test]
    fn records_are_read_as_they_were_written() {
        let (one, other) = (Recorder::default(), Recorder::default());
        other.lexicon().id("other", "numbers");
        let written = records(&one);
        let shard = Shard::of(written.iter(), one.lexicon());
        assert_eq!(Shard::of(records(&other).iter(), other.lexicon()), shard);
        let read = shard.records(other.lexicon()).unwrap();
        assert_eq!(words(&read, other.lexicon()), words(&written, one.lexicon()));
    }

    #[test]
    fn damaged_shards_are_read_without_a_panic() {
        let recorder = Recorder::default();
        let whole = Shard::of(records(&recorder).iter(), recorder.lexicon());
        for end in 0..whole.words.len() {
            let words = whole.words[..end].to_vec();
            let damaged = Shard { words, records: whole.records.clone() };
            assert_eq!(damaged.records(recorder.lexicon()), None);
        }
    }
}
