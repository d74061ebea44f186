//! The words of a segment, mapped to keys, so that browsers need no stemmer.
//!
//! A leaf holds the words whose first letters have the same hash, in order: the layout's digest, then for
//! each word how many bytes it shares with the one before, how many follow, these; twice the number of its
//! keys, and one more where they are those of the word before, which then don't follow; and for each key
//! its 48 bits and the logarithm of the number of reports that have the word so.

use super::numbers::{put_number, take_number};
use super::postings::empty_leaf;
use super::record::Key;
use super::words::is_unspaced;

/// A word with its keys, each with the logarithm of the number of reports that have the word so.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Word {
    /// Folded.
    pub word: Box<str>,
    /// In order of keys.
    pub keys: Vec<(Key, u8)>,
}

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

/// FNV-1a with a final mix, which is short in JavaScript, too.
fn hash(text: &str) -> u32 {
    let mut hash = 0x811C_9DC5_u32;
    for byte in text.bytes() {
        hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    }
    hash ^= hash >> 15;
    hash = hash.wrapping_mul(0x2C1B_3C6D);
    hash ^ hash >> 12
}

/// Encodes a leaf of sorted words.
pub(super) fn encode(words: &[Word], digest: u32) -> Vec<u8> {
    let mut leaf = empty_leaf(digest);
    let mut before: &str = "";
    let mut keys_before: &[(Key, u8)] = &[];
    for Word { word, keys } in words {
        let shared = word.bytes().zip(before.bytes()).take_while(|(one, other)| one == other);
        let shared = shared.count();
        put_length(&mut leaf, shared);
        put_length(&mut leaf, word.len() - shared);
        leaf.extend(&word.as_bytes()[shared..]);
        let numbers = |keys: &[(Key, u8)]| keys.iter().map(|(key, _)| key.0).collect::<Vec<_>>();
        let are_same = numbers(keys) == numbers(keys_before);
        put_length(&mut leaf, keys.len() << 1 | usize::from(are_same));
        for (key, size) in keys {
            if !are_same {
                leaf.extend(&key.0.to_le_bytes()[..6]);
            }
            leaf.push(*size);
        }
        (before, keys_before) = (word, keys);
    }
    leaf
}

fn put_length(leaf: &mut Vec<u8>, length: usize) {
    put_number(leaf, u32::try_from(length).unwrap_or(u32::MAX));
}

/// The words of a leaf; ends at the first invalid one.
pub fn decode(leaf: &[u8]) -> impl Iterator<Item = Word> {
    let mut rest = leaf.get(4..).unwrap_or_default();
    let (mut before, mut keys) = (Vec::new(), Vec::new());
    std::iter::from_fn(move || word(&mut rest, &mut before, &mut keys))
}

/// The next word; `before` and `keys` hold the word before it, and then this one.
fn word(rest: &mut &[u8], before: &mut Vec<u8>, keys: &mut Vec<(Key, u8)>) -> Option<Word> {
    let shared = usize::try_from(take_number(rest)?).ok()?;
    let length = usize::try_from(take_number(rest)?).ok()?;
    let (own, after) = rest.split_at_checked(length)?;
    *rest = after;
    before.truncate(shared);
    before.extend(own);
    let number = take_number(rest)?;
    if number & 1 == 0 {
        keys.clear();
    }
    for at in 0..usize::try_from(number >> 1).ok()? {
        if number & 1 == 0 {
            let (key, after) = rest.split_at_checked(6)?;
            *rest = after;
            let mut bytes = [0; 8];
            bytes[..6].copy_from_slice(key);
            keys.push((Key(u64::from_le_bytes(bytes)), 0));
        }
        let (&size, after) = rest.split_first()?;
        *rest = after;
        keys.get_mut(at)?.1 = size;
    }
    Some(Word { word: std::str::from_utf8(before).ok()?.into(), keys: keys.clone() })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn words_are_read_as_they_were_written(
            words in prop::collection::btree_map("[a-zé京]{1,9}", (0u64..1 << 48, any::<u8>()), 0..50),
        ) {
            let words: Vec<Word> = words
                .into_iter()
                .map(|(word, (key, size))| Word { word: word.into(), keys: vec![(Key(key), size)] })
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
