//! A body's sketch: 64 bytes from which two bodies' likeness is told without either of them.
//!
//! One-permutation `MinHash` over runs of four words, or of eight characters where a script sets no
//! spaces between words. Words are found by a pass of our own over the source, not by the Markdown
//! parser, and the hash and its seed never change: a sketch may be stored for decades.

use std::ops::Range;

use icu_normalizer::ComposingNormalizerBorrowed;
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// How many bytes a sketch has: one for each part of the hash's range.
const PARTS: usize = 64;

/// Words in a run.
const WORDS: usize = 4;

/// Characters in a run, where words are not set apart.
const CHARACTERS: usize = 8;

/// A body of fewer words says too little to be compared.
const LEAST_WORDS: usize = 60;

/// The same for scripts without spaces: a word has about two characters there.
const LEAST_CHARACTERS: usize = 120;

/// An address or a tag is looked for no further than this, so that reading takes time in proportion
/// to the body's length.
const LONGEST_MARKUP: usize = 2_048;

/// Of the hashes of runs and of places. For ever.
const SEED: u64 = 0x6461_7465_6c69_6e65;

/// What is left of a body to compare it by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sketch([u8; PARTS]);

impl Sketch {
    /// The sketch of a body in Markdown; `None` where it is too short.
    pub fn of(body: &str) -> Option<Sketch> {
        let words = Words::read(&ComposingNormalizerBorrowed::new_nfc().normalize(body));
        let runs = words.runs()?;
        let mut least = [u64::MAX; PARTS];
        for run in runs {
            let hash = xxh3_64_with_seed(words.text[run].as_bytes(), SEED);
            let part = &mut least[(hash >> 58) as usize];
            *part = (*part).min(hash);
        }
        Some(Sketch(densified(least)))
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
    pub fn bands(&self) -> impl Iterator<Item = u32> + '_ {
        self.0.chunks_exact(4).map(|band| u32::from_le_bytes([band[0], band[1], band[2], band[3]]))
    }
}

/// The last byte of each part's least hash. A part that no run fell into borrows from another,
/// chosen by its own number alone, so that like bodies borrow alike.
fn densified(least: [u64; PARTS]) -> [u8; PARTS] {
    let mut sketch = [0; PARTS];
    for (part, byte) in (0u64..).zip(&mut sketch) {
        let mut from = part;
        let mut attempt = 0u64;
        while least[from as usize] == u64::MAX {
            let place = [part.to_le_bytes(), attempt.to_le_bytes()].concat();
            from = xxh3_64_with_seed(&place, SEED) >> 58;
            attempt += 1;
        }
        *byte = least[from as usize].to_le_bytes()[0];
    }
    sketch
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
        let mut words = Words {
            text: String::with_capacity(body.len()),
            starts: Vec::new(),
            spaced: true,
        };
        let mut unspaced = 0;
        let mut letters = 0;
        let mut in_word = false;
        for character in Prose::new(body) {
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
            words.text.extend(character.to_lowercase());
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
fn is_unspaced(character: char) -> bool {
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
    rest: &'a str,
    before: char,
}

impl<'a> Prose<'a> {
    fn new(body: &'a str) -> Prose<'a> {
        Prose { rest: body, before: '\n' }
    }

    /// How much of the rest is markup that ends on this line; 0 where none begins here.
    fn markup(&self) -> usize {
        let closing = match self.rest.as_bytes() {
            [b'(', ..] if self.before == ']' => ")",
            [b'<', next, ..] if next.is_ascii_alphabetic() || matches!(next, b'/' | b'!') => ">",
            [b'{', b'{', ..] => "}}",
            [b'{', b'%', ..] => "%}",
            _ => return 0,
        };
        let near = &self.rest.as_bytes()[..self.rest.len().min(LONGEST_MARKUP)];
        let line = near.split(|&byte| byte == b'\n').next().unwrap_or_default();
        let found = line.windows(closing.len()).position(|window| window == closing.as_bytes());
        found.map_or(0, |at| at + closing.len())
    }
}

impl Iterator for Prose<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        let character = self.rest.chars().next()?;
        let skipped = if character.is_ascii_punctuation() { self.markup() } else { 0 };
        self.rest = &self.rest[skipped.max(character.len_utf8())..];
        self.before = character;
        Some(if skipped > 0 { ' ' } else { character })
    }
}
