//! A body's sketch: 64 bytes from which two bodies' likeness is told without either of them.
//!
//! One-permutation `MinHash` over runs of four words, or of eight characters where a script sets no
//! spaces between words. Words are found by a pass of our own over the source, not by the Markdown
//! parser, and the hash and its seed never change: a sketch may be stored for decades.

use std::borrow::Cow;
use std::ops::Range;

use icu_normalizer::ComposingNormalizerBorrowed;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::content::forward_search::Ahead;

/// How many bytes a sketch has: one for each part of the hash's range.
const PARTS: usize = 64;

/// How many bands of four bytes that is.
pub const BANDS: usize = PARTS / 4;

/// Words in a run.
const WORDS: usize = 4;

/// Characters in a run, where words are not set apart.
const CHARACTERS: usize = 8;

/// A body of fewer words says too little to be compared.
const LEAST_WORDS: usize = 60;

/// The same for scripts without spaces: a word has about two characters there.
const LEAST_CHARACTERS: usize = 120;

/// Of the hashes of runs and of places. For ever.
const SEED: u64 = 0x6461_7465_6c69_6e65;

/// What is left of a body to compare it by.
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
    /// The sketch of a body in Markdown; `None` where it is too short.
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

    /// The estimated part of both bodies' runs that they share, from 0 to 1.
    #[allow(clippy::cast_precision_loss, reason = "at most 64")]
    pub fn similarity(&self, other: &Sketch) -> f64 {
        let equal = self.0.iter().zip(&other.0).filter(|(a, b)| a == b).count();
        // Two bytes are equal by chance once in 256 times.
        let chance = 1.0 / 256.0;
        ((equal as f64 / PARTS as f64 - chance) / (1.0 - chance)).max(0.0)
    }

    /// The sketch cut into bands of four bytes: like bodies are alike in at least one of them.
    pub fn bands(&self) -> [u32; BANDS] {
        let (bands, _) = self.0.as_chunks();
        std::array::from_fn(|band| u32::from_le_bytes(bands[band]))
    }
}

/// A text in Unicode's composed form.
fn composed(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    ComposingNormalizerBorrowed::new_nfc().normalize(text)
}

/// The last byte of each part's least hash. A part that no run fell into borrows from another,
/// chosen by its own number alone, so that like bodies borrow alike.
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

/// The part of the hash's range that a hash falls into: its first six bits.
fn part_of(hash: u64) -> usize {
    (hash >> 58) as usize
}

/// A body's words in lower case, without its markup.
#[derive(Default)]
struct Words {
    /// The words with a space between them; without spaces, its characters only.
    text: String,
    /// Where each word, or each character, begins in it.
    starts: Vec<usize>,
    /// Whether words are set apart.
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

    /// The same text as characters.
    fn characters(mut self) -> Words {
        self.text.retain(|character| character != ' ');
        self.starts = self.text.char_indices().map(|(at, _)| at).collect();
        self.spaced = false;
        self
    }

    /// Where the runs stand in the text; `None` where there are too few words.
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

/// Scripts that set no spaces between words.
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

/// A body's characters without what readers don't see: the addresses of links, tags, and other
/// generators' calls. What is left of the markup is punctuation, and counts as none.
struct Prose<'a> {
    body: &'a str,
    at: usize,
    before: char,
    ahead: Ahead<{ ENDS.len() }>,
}

/// The end of a line, and of markup.
const ENDS: [&str; 5] = ["\n", ")", ">", "}}", "%}"];

impl<'a> Prose<'a> {
    fn new(body: &'a str) -> Prose<'a> {
        Prose { body, at: 0, before: '\n', ahead: Ahead::of(ENDS) }
    }

    /// Takes the ASCII letters and digits that follow, all at once: most words are nothing else.
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

    /// Where markup ends that begins here and ends on this line.
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

    /// Words that repeat no run.
    fn words(numbers: impl IntoIterator<Item = usize>) -> String {
        numbers.into_iter().map(|number| format!("w{number}")).collect::<Vec<String>>().join(" ")
    }

    fn runs(text: &str) -> BTreeSet<String> {
        let words = Words::read(text);
        words.runs().unwrap().map(|run| words.text[run].to_owned()).collect()
    }

    #[test]
    fn a_sketch_never_changes() {
        // Stored sketches are compared to new ones: if this fails, the hash or the reading changed.
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
