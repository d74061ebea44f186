//! How a segment is divided into files. It depends on the segment's content, so that equal archives
//! give equal files; it is stored in the index's head, and as a digest in every file.

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

/// Must be increased when the meaning of index files changes.
const FORMAT: u32 = 1;
/// The target size of a leaf in bytes.
const LEAF: u64 = 8 * 1_024;
/// The target size in small segments, to keep the number of files low.
const SMALL_LEAF: u64 = 16 * 1_024;
const SMALL: u64 = 1_500;
/// The average size of a posting in a leaf, with its share of the key.
const BYTES_OF_A_POSTING: u64 = 2;
/// The average size of a word in a leaf.
const BYTES_OF_A_WORD: u64 = 14;
/// The target number of cards in a file.
const CARDS: u64 = 64;

/// The size of a segment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Size {
    /// Reports with words in it.
    pub reports: u64,
    /// Postings of all reports.
    pub postings: u64,
    /// Distinct words.
    pub words: u64,
    /// The lowest id.
    pub first: u32,
    /// The highest id.
    pub last: u32,
}

/// How a segment's files are addressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Layout {
    /// The tier: 0 is the newest.
    pub tier: u8,
    /// The number of bits for the slot in an id.
    pub slot_bits: u32,
    /// The number of leaves of postings, as a power of two.
    pub posting_bits: u32,
    /// The number of leaves of words, as a power of two.
    pub word_bits: u32,
    /// Cards whose ids differ only in this many low bits share a file.
    pub card_bits: u32,
}

impl Layout {
    /// The layout of a segment.
    pub(crate) fn of(tier: u8, slot_bits: u32, size: &Size) -> Layout {
        let leaf = if size.reports < SMALL { SMALL_LEAF } else { LEAF };
        let span = u64::from(size.last - size.first) + 1;
        let card_bits = (span * CARDS / size.reports.max(1)).max(1).ilog2();
        Layout {
            tier,
            slot_bits,
            posting_bits: leaves(size.postings * BYTES_OF_A_POSTING, leaf),
            word_bits: leaves(size.words * BYTES_OF_A_WORD, leaf),
            card_bits,
        }
    }

    /// The digest at the start of the segment's files.
    pub(crate) fn digest(&self) -> u32 {
        let Layout { tier, slot_bits, posting_bits, word_bits, card_bits } = self;
        let all = [FORMAT, u32::from(*tier), *slot_bits, *posting_bits, *word_bits, *card_bits];
        let bytes: Vec<u8> = all.iter().flat_map(|number| number.to_le_bytes()).collect();
        u32::try_from(xxh3_64(&bytes) >> 32).unwrap_or(0)
    }
}

/// The number of leaves for this many bytes, as a power of two.
fn leaves(bytes: u64, leaf: u64) -> u32 {
    bytes.div_ceil(leaf).max(1).next_power_of_two().ilog2()
}
