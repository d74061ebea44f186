//! How a segment is cut into files. Decided by what the segment holds, so that the same archive gives the
//! same files; written into the index's head and, as a digest, into every file.

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

/// Rises whenever the files of an index mean something else.
const FORMAT: u32 = 1;
/// Bytes of a leaf that are aimed at.
const LEAF: u64 = 8 * 1_024;
/// In a small segment leaves are larger, so that it has few files.
const SMALL_LEAF: u64 = 16 * 1_024;
const SMALL: u64 = 1_500;
/// Bytes that a posting takes in a leaf on average, with its share of the key.
const BYTES_OF_A_POSTING: u64 = 2;
/// Bytes that a word takes in a leaf on average.
const BYTES_OF_A_WORD: u64 = 14;
/// Cards in a leaf that are aimed at.
const CARDS: u64 = 64;

/// How large a segment is, counted over its reports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Size {
    /// Reports that have words in it.
    pub reports: u64,
    /// Postings of all reports.
    pub postings: u64,
    /// Different words.
    pub words: u64,
    /// The lowest id.
    pub first: u32,
    /// The highest id.
    pub last: u32,
}

/// How a segment's files are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layout {
    /// The segment: 0 is the newest.
    pub tier: u8,
    /// Bits of an id that are the slot in its day.
    pub slot_bits: u32,
    /// Leaves of postings, as a power of two.
    pub posting_bits: u32,
    /// Leaves of words, as a power of two.
    pub word_bits: u32,
    /// Cards whose ids agree but for these low bits share a file.
    pub card_bits: u32,
}

impl Layout {
    /// The layout of a segment.
    pub fn of(tier: u8, slot_bits: u32, size: &Size) -> Layout {
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

    /// What the segment's files begin with.
    pub fn digest(&self) -> u32 {
        let Layout { tier, slot_bits, posting_bits, word_bits, card_bits } = self;
        let all = [FORMAT, u32::from(*tier), *slot_bits, *posting_bits, *word_bits, *card_bits];
        let bytes: Vec<u8> = all.iter().flat_map(|number| number.to_le_bytes()).collect();
        u32::try_from(xxh3_64(&bytes) >> 32).unwrap_or(0)
    }
}

/// The power of two of leaves over which so many bytes are spread.
fn leaves(bytes: u64, leaf: u64) -> u32 {
    bytes.div_ceil(leaf).max(1).next_power_of_two().ilog2()
}
