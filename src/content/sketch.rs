//! Sketches: 64 bytes of a body, from which the similarity of two bodies can be estimated.
//!
//! One-permutation `MinHash` over runs of four words, or of eight characters in scripts without
//! spaces. A simple scanner finds the words, not the Markdown parser, and hash and seed never
//! change: a sketch may be stored for decades.

use std::borrow::Cow;
use std::ops::Range;

use icu_normalizer::ComposingNormalizerBorrowed;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::content::forward_search::Ahead;

/// Bytes of a sketch, one for each part of the hash's range.
const PARTS: usize = 64;

/// The number of bands of four bytes.
pub(crate) const BANDS: usize = PARTS / 4;

/// Words in a run.
const WORDS: usize = 4;

/// Characters in a run, in scripts without spaces.
const CHARACTERS: usize = 8;

/// Shorter bodies are not compared.
const LEAST_WORDS: usize = 60;

/// The same in characters, for scripts without spaces: about two are a word.
const LEAST_CHARACTERS: usize = 120;

/// The seed of all hashes. Never change it.
const SEED: u64 = 0x6461_7465_6c69_6e65;

/// The sketch of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sketch([u8; PARTS]);

impl Serialize for Sketch {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Sketch {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Sketch, D::Error> {
        let bytes: &[u8] = Deserialize::deserialize(deserializer)?;
        let wrong = |_| D::Error::invalid_length(bytes.len(), &"64 bytes");
        bytes.try_into().map(Sketch).map_err(wrong)
    }
}

impl Sketch {
    /// Computes the sketch of a Markdown body; `None` if it is too short.
    pub fn of(body: &str) -> Option<Sketch> {
        let words = Words::read(&composed(body));
        let runs = words.runs()?;
        let mut least = [u64::MAX; PARTS];
        for run in runs {
            let hash = xxh3_64_with_seed(words.text[run].as_bytes(), SEED);
            let part = &mut least[part_of(hash)];
            *part = (*part).min(hash);
        }
        Some(Sketch(densified(&least)))
    }

    /// Estimates which part of their runs two bodies share, from 0 to 1.
    #[allow(clippy::cast_precision_loss, reason = "at most 64")]
    pub fn similarity(&self, other: &Sketch) -> f64 {
        let equal = self.0.iter().zip(&other.0).filter(|(a, b)| a == b).count();
        // Two bytes are equal by chance once in 256.
        let chance = 1.0 / 256.0;
        ((equal as f64 / PARTS as f64 - chance) / (1.0 - chance)).max(0.0)
    }

    /// Splits the sketch into bands of four bytes: similar bodies share at least one.
    pub fn bands(&self) -> [u32; BANDS] {
        let (bands, _) = self.0.as_chunks();
        std::array::from_fn(|band| u32::from_le_bytes(bands[band]))
    }
}

/// Composes a text (NFC).
fn composed(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    ComposingNormalizerBorrowed::new_nfc().normalize(text)
}

/// The last byte of each part's least hash. An empty part takes the value of another part, chosen
/// by its index alone, so that similar bodies choose alike.
fn densified(least: &[u64; PARTS]) -> [u8; PARTS] {
    let mut sketch = [0; PARTS];
    for (part, byte) in sketch.iter_mut().enumerate() {
        let mut from = part;
        let mut attempt = 0u64;
        while least[from] == u64::MAX {
            let place = [(part as u64).to_le_bytes(), attempt.to_le_bytes()].concat();
            from = part_of(xxh3_64_with_seed(&place, SEED));
            attempt += 1;
        }
        *byte = least[from].to_le_bytes()[0];
    }
    sketch
}

/// The part of a hash: its first six bits.
fn part_of(hash: u64) -> usize {
    (hash >> 58) as usize
}

/// A body's words in lower case, without markup.
#[derive(Default)]
struct Words {
    /// The words separated by spaces, or only characters in scripts without spaces.
    text: String,
    /// The start of each word or character.
    starts: Vec<usize>,
    /// Whether the script separates words.
    spaced: bool,
}

impl Words {
    fn read(body: &str) -> Words {
        let mut words =
            Words { text: String::with_capacity(body.len()), starts: Vec::new(), spaced: true };
        let mut unspaced = 0;
        let mut letters = 0;
        let mut in_word = false;
        let mut prose = Prose::new(body);
        while let Some(character) = prose.next() {
            if !character.is_alphanumeric() {
                in_word = false;
                continue;
            }
            letters += 1;
            unspaced += usize::from(is_unspaced(character));
            if !in_word {
                if !words.text.is_empty() {
                    words.text.push(' ');
                }
                words.starts.push(words.text.len());
                in_word = true;
            }
            if character.is_ascii() {
                words.text.push(character.to_ascii_lowercase());
                let rest = prose.ascii_letters();
                letters += rest.len();
                words
                    .text
                    .extend(rest.bytes().map(|letter| char::from(letter.to_ascii_lowercase())));
            } else {
                words.text.extend(character.to_lowercase());
            }
        }
        if unspaced * 2 > letters { words.characters() } else { words }
    }

    /// Converts to single characters.
    fn characters(mut self) -> Words {
        self.text.retain(|character| character != ' ');
        self.starts = self.text.char_indices().map(|(at, _)| at).collect();
        self.spaced = false;
        self
    }

    /// The ranges of the runs; `None` if there are too few words.
    fn runs(&self) -> Option<impl Iterator<Item = Range<usize>> + '_> {
        let (length, least) =
            if self.spaced { (WORDS, LEAST_WORDS) } else { (CHARACTERS, LEAST_CHARACTERS) };
        let ends = self.starts[length.min(self.starts.len())..].iter().copied();
        let ends = ends.chain([self.text.len() + usize::from(self.spaced)]);
        let ends = ends.map(|next| next - usize::from(self.spaced));
        (self.starts.len() >= least)
            .then(|| self.starts.iter().zip(ends).map(|(&start, end)| start..end))
    }
}

/// Whether a character's script has no spaces between words.
pub(crate) fn is_unspaced(character: char) -> bool {
    matches!(
        character,
        // Thai, Lao, Myanmar, Khmer
        '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}'
        // Kana and Han
        | '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFF}'
    )
}

/// A body's text without link addresses, tags and template calls of other generators. The remaining
/// markup counts as punctuation, which is ignored.
struct Prose<'a> {
    body: &'a str,
    at: usize,
    before: char,
    ahead: Ahead<{ ENDS.len() }>,
}

/// Delimiters: the ends of lines and markup.
const ENDS: [&str; 5] = ["\n", ")", ">", "}}", "%}"];

impl<'a> Prose<'a> {
    fn new(body: &'a str) -> Prose<'a> {
        Prose { body, at: 0, before: '\n', ahead: Ahead::of(ENDS) }
    }

    /// A fast path: takes the ASCII letters and digits that follow.
    fn ascii_letters(&mut self) -> &'a str {
        let rest = &self.body[self.at..];
        let count = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
        let letters = &rest[..count];
        if let Some(last) = letters.chars().next_back() {
            self.before = last;
            self.at += count;
        }
        letters
    }

    /// The end of markup that begins here, on the same line.
    fn markup(&mut self) -> Option<usize> {
        let end = match self.body.as_bytes()[self.at..] {
            [b'(', ..] if self.before == ']' => 1,
            [b'<', next, ..] if next.is_ascii_alphabetic() || matches!(next, b'/' | b'!') => 2,
            [b'{', b'{', ..] => 3,
            [b'{', b'%', ..] => 4,
            _ => return None,
        };
        let found = self.ahead.next(self.body, self.at, end);
        (found < self.ahead.next(self.body, self.at, 0)).then(|| found + ENDS[end].len())
    }
}

impl Iterator for Prose<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        let character = match *self.body.as_bytes().get(self.at)? {
            byte if byte.is_ascii() => char::from(byte),
            _ => self.body[self.at..].chars().next()?,
        };
        let markup = if character.is_ascii_punctuation() { self.markup() } else { None };
        self.before = character;
        self.at = markup.unwrap_or(self.at + character.len_utf8());
        Some(if markup.is_some() { ' ' } else { character })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    /// Words without repeated runs.
    fn words(numbers: impl IntoIterator<Item = usize>) -> String {
        numbers.into_iter().map(|number| format!("w{number}")).collect::<Vec<String>>().join(" ")
    }

    fn runs(text: &str) -> BTreeSet<String> {
        let words = Words::read(text);
        words.runs().unwrap().map(|run| words.text[run].to_owned()).collect()
    }

    #[test]
    fn a_sketch_never_changes() {
        // Stored sketches are compared with new ones: if this fails, the hash or the scanner
        // changed.
        let sketch = Sketch::of(&words(0..100)).unwrap();
        let hash = xxhash_rust::xxh3::xxh3_64(&sketch.0);
        assert_eq!(format!("{hash:016x}"), "497adc73bc02aaa3");
    }

    #[test]
    fn markup_addresses_case_and_form_do_not_count() {
        let plain = words(0..80) + " Caf\u{e9} is here to stay said the man";
        let marked = format!(
            "## {}\n> **cafe\u{301}** [is HERE](https://a.example/x \"t\") <b class=\"q\">to</b> stay, said {{{{ box(a=\"b\") }}}} the *man*!",
            words(0..80).to_uppercase()
        );
        let (plain, marked) = (Sketch::of(&plain).unwrap(), Sketch::of(&marked).unwrap());
        assert!(plain.similarity(&marked) > 0.9, "{}", plain.similarity(&marked));
        let tagged = format!("<p>{}</p>\n", words(0..80));
        assert_eq!(Sketch::of(&tagged), Sketch::of(&words(0..80)));
    }

    #[test]
    fn short_bodies_have_none() {
        assert_eq!(Sketch::of(&words(0..59)), None);
        assert!(Sketch::of(&words(0..60)).is_some());
        assert_eq!(Sketch::of(""), None);
        assert_eq!(Sketch::of(&"月".repeat(119)), None);
        assert!(Sketch::of(&"one ".repeat(100)).is_some(), "one run only");
    }

    #[test]
    fn scripts_without_spaces_are_compared_by_characters() {
        let text: String = (0..200u32).filter_map(|at| char::from_u32(0x4E00 + at * 7)).collect();
        let spaced: String = text.chars().flat_map(|character| [character, '\n']).collect();
        let edited = text.replace(text.chars().nth(100).unwrap(), "");
        assert_eq!(Sketch::of(&text), Sketch::of(&spaced));
        let likeness = Sketch::of(&text).unwrap().similarity(&Sketch::of(&edited).unwrap());
        assert!(likeness > 0.8 && likeness < 1.0, "{likeness}");
    }

    #[test]
    fn unfinished_markup_takes_no_longer() {
        for part in ["<a", "](", "{{", "<!"] {
            assert_eq!(Sketch::of(&part.repeat(300_000)).is_some(), part == "<a");
        }
    }

    proptest! {
        #[test]
        fn similarity_is_near_the_part_of_runs_shared(
            shared in 100..400usize, left in 0..200usize, right in 0..200usize,
        ) {
            let a = words(0..shared + left);
            let b = words((0..shared).chain(10_000..10_000 + right));
            let (runs_a, runs_b) = (runs(&a), runs(&b));
            let both = runs_a.intersection(&runs_b).count();
            #[allow(clippy::cast_precision_loss, reason = "hundreds")]
            let exact = both as f64 / (runs_a.len() + runs_b.len() - both) as f64;
            let told = Sketch::of(&a).unwrap().similarity(&Sketch::of(&b).unwrap());
            // Four times the standard error of 64 samples at its widest.
            prop_assert!((told - exact).abs() < 0.25, "{told} for {exact}");
        }
    }
}
