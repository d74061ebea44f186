//! The words of a segment with their stems, so that browsers need no stemmer.
//!
//! A leaf holds the words whose first letters have the same hash, sorted: the layout's digest, then
//! for each word the number of bytes shared with the word before and the number of other bytes (see
//! [`put_pair`]), these bytes; a byte with the size of its stem and the stem's encoding; then the
//! stem. A size is the logarithm of the number of reports that contain the word with that stem, at
//! most 15.

use super::hashes::hash;
use super::numbers::{put_number, take_number};
use super::postings::empty_leaf;
use super::words::is_unspaced;

/// A word with its stems, each with the logarithm of the number of reports that contain the word
/// with that stem.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Word {
    /// Folded.
    pub word: Box<str>,
    /// Sorted.
    pub stems: Vec<(Box<str>, u8)>,
}

/// The largest size of a stem.
pub(super) const MOST_SIZE: u8 = 15;
/// Encoding: the same stems as the word before.
const SAME: u8 = 0;
/// Encoding: the word is its own stem.
const ITSELF: u8 = 1;
/// Encoding: one stem follows.
const OTHER: u8 = 2;
/// Encoding: the number of stems follows, then the stems.
const SEVERAL: u8 = 3;

/// The leaf of a word, among 2^bits.
pub fn leaf_of(word: &str, bits: u32) -> u32 {
    hash(beginning(word)).checked_shr(u32::BITS - bits).unwrap_or(0)
}

/// The part of a word that selects its leaf: its first three letters, one in a script without
/// spaces; all of a facet's value, which has its prefix. Shorter prefixes can't be looked up.
pub fn beginning(word: &str) -> &str {
    if word.contains(':') {
        return word;
    }
    let letters = if word.starts_with(is_unspaced) { 1 } else { 3 };
    word.char_indices().nth(letters).map_or(word, |(end, _)| &word[..end])
}

/// Encodes a leaf of sorted words.
pub(super) fn encode(words: &[Word], digest: u32) -> Vec<u8> {
    let mut leaf = empty_leaf(digest);
    let mut before: &str = "";
    let mut stems_before: &[(Box<str>, u8)] = &[];
    for Word { word, stems } in words {
        let shared = shared(before, word);
        put_pair(&mut leaf, shared, word.len() - shared);
        leaf.extend(&word.as_bytes()[shared..]);
        let names = |stems: &[(Box<str>, u8)]| stems.iter().map(|(stem, _)| stem.clone()).collect();
        let (own, others): (Vec<Box<str>>, Vec<Box<str>>) = (names(stems), names(stems_before));
        let way = match &*own {
            _ if own == others => SAME,
            [stem] if stem == word => ITSELF,
            [_] => OTHER,
            _ => SEVERAL,
        };
        let mut sizes = stems.iter().map(|&(_, size)| size.min(MOST_SIZE));
        leaf.push(sizes.next().unwrap_or(0) | way << 4);
        if way == SEVERAL {
            put_number(&mut leaf, u32::try_from(own.len()).unwrap_or(u32::MAX));
        }
        leaf.extend(sizes);
        if way == OTHER || way == SEVERAL {
            for stem in &own {
                put_stem(&mut leaf, word, stem);
            }
        }
        (before, stems_before) = (word, stems);
    }
    leaf
}

/// Writes a stem: the number of bytes to remove from the word's end, and the bytes that replace
/// them.
fn put_stem(leaf: &mut Vec<u8>, word: &str, stem: &str) {
    let shared = shared(word, stem);
    put_pair(leaf, word.len() - shared, stem.len() - shared);
    leaf.extend(&stem.as_bytes()[shared..]);
}

/// How many bytes two words share at their start.
pub(super) fn shared(one: &str, other: &str) -> usize {
    one.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count()
}

/// Writes two lengths in half a byte each; the excess of a larger length follows the byte.
fn put_pair(leaf: &mut Vec<u8>, first: usize, second: usize) {
    let half = |length: usize| u8::try_from(length).unwrap_or(u8::MAX).min(15);
    leaf.push(half(first) | half(second) << 4);
    for length in [first, second] {
        if let Some(more) = length.checked_sub(15) {
            put_number(leaf, u32::try_from(more).unwrap_or(u32::MAX));
        }
    }
}

fn take_pair(rest: &mut &[u8]) -> Option<(usize, usize)> {
    let halves = take_byte(rest)?;
    let mut length = |half: u8| {
        let more = if half == 15 { take_number(rest)? } else { 0 };
        usize::try_from(more).ok()?.checked_add(usize::from(half))
    };
    Some((length(halves & 15)?, length(halves >> 4)?))
}

fn take_byte(rest: &mut &[u8]) -> Option<u8> {
    let (&byte, after) = rest.split_first()?;
    *rest = after;
    Some(byte)
}

/// The words of a leaf; ends at the first invalid one.
pub fn decode(leaf: &[u8]) -> impl Iterator<Item = Word> {
    let mut rest = leaf.get(4..).unwrap_or_default();
    let (mut before, mut stems) = (Vec::new(), Vec::new());
    std::iter::from_fn(move || word(&mut rest, &mut before, &mut stems))
}

/// Reads the next word; `before` and `stems` hold the previous word, and are replaced.
fn word(rest: &mut &[u8], before: &mut Vec<u8>, stems: &mut Vec<(Box<str>, u8)>) -> Option<Word> {
    let (shared, length) = take_pair(rest)?;
    take_after(rest, before, shared, length)?;
    let word = std::str::from_utf8(before).ok()?;
    let byte = take_byte(rest)?;
    let way = byte >> 4;
    let number = match way {
        SAME => stems.len(),
        ITSELF | OTHER => 1,
        SEVERAL => usize::try_from(take_number(rest)?).ok()?,
        _ => return None,
    };
    if number == 0 || number > rest.len() + 1 {
        return None;
    }
    let mut sizes = vec![byte & 15];
    for _ in 1..number {
        sizes.push(take_byte(rest)?);
    }
    let names: Vec<Box<str>> = match way {
        SAME => stems.iter().map(|(stem, _)| stem.clone()).collect(),
        ITSELF => vec![word.into()],
        _ => (0..number).map(|_| stem(rest, word)).collect::<Option<_>>()?,
    };
    *stems = names.into_iter().zip(sizes).collect();
    Some(Word { word: word.into(), stems: stems.clone() })
}

fn stem(rest: &mut &[u8], word: &str) -> Option<Box<str>> {
    let (lacking, length) = take_pair(rest)?;
    let mut stem = word.as_bytes().to_vec();
    take_after(rest, &mut stem, word.len().checked_sub(lacking)?, length)?;
    Some(std::str::from_utf8(&stem).ok()?.into())
}

/// Keeps the first `shared` bytes, and replaces the rest with the next bytes of the input.
pub(super) fn take_after(
    rest: &mut &[u8],
    text: &mut Vec<u8>,
    shared: usize,
    length: usize,
) -> Option<()> {
    let (own, after) = rest.split_at_checked(length)?;
    *rest = after;
    text.truncate(shared);
    text.extend(own);
    Some(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn words_are_read_as_they_were_written(
            words in prop::collection::btree_map(
                "[a-eé京]{1,30}",
                prop::collection::btree_map("[a-cé]{1,20}", 0..=MOST_SIZE, 0..3),
                0..50,
            ),
            itself in any::<bool>(),
        ) {
            let words: Vec<Word> = words
                .into_iter()
                .map(|(word, stems)| {
                    let mut stems: Vec<(Box<str>, u8)> =
                        stems.into_iter().map(|(stem, size)| (stem.into(), size)).collect();
                    if stems.is_empty() {
                        stems.push((if itself { word.as_str() } else { "b" }.into(), 3));
                    }
                    Word { word: word.into(), stems }
                })
                .collect();
            prop_assert_eq!(decode(&encode(&words, 1)).collect::<Vec<_>>(), words);
        }

        #[test]
        fn damaged_leaves_are_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            decode(&bytes).for_each(drop);
        }
    }

    #[test]
    fn forms_of_a_prefix_share_a_leaf() {
        for bits in 0..16 {
            assert_eq!(leaf_of("talk", bits), leaf_of("talks", bits));
            assert_eq!(leaf_of("北京", bits), leaf_of("北", bits));
            assert!(leaf_of("talk", bits) < 1 << bits);
        }
    }
}
