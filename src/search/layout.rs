//! How a segment is divided into files. It depends on the segment's content, so that equal archives
//! give equal files; it is stored in the index's head, and as a digest in every file.

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

/// Rises whenever the files of an index mean something else.
const FORMAT: u32 = 4;
/// Bytes of a leaf that are aimed at.
const LEAF: u64 = 8 * 1_024;
/// The target size in small segments, to keep the number of files low.
const SMALL_LEAF: u64 = 16 * 1_024;
const SMALL: u64 = 128;
/// The average size of a posting in a leaf.
const BYTES_OF_A_POSTING: u64 = 1;
/// What a list takes besides, for each word that leads to one.
const BYTES_OF_A_LIST: u64 = 4;
/// The average size of a word in a leaf.
const BYTES_OF_A_WORD: u64 = 7;
/// Leaves at most, as a power of two: then they grow.
const MOST_LEAF_BITS: u32 = 13;
/// Files are doubled so often at most.
const MOST_DOUBLINGS: u32 = 8;
/// Postings in a piece of a long list, if those in leaves are counted as well.
const POSTINGS_OF_A_PIECE: u64 = 16 * 1_024;
/// Cards in a leaf that are aimed at.
const CARDS: u64 = 32;

/// See [`shard_bits`].
const MORE_SHARD_BITS: u32 = 1;

/// The size of a segment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Size {
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
pub struct Layout {
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
    /// How often files were doubled so that there are not too many.
    #[serde(default)]
    pub doublings: u32,
}

/// How many files an index is to have at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MostFiles(pub usize);

impl MostFiles {
    /// The part of a segment: the oldest ones are the largest.
    fn of_segment(self, tier: u8) -> u64 {
        let parts = [32, 16, 8, 4, 2];
        self.0 as u64 / parts.get(usize::from(tier)).copied().unwrap_or(2)
    }
}

impl Layout {
    /// The layout of a segment.
    pub fn of(tier: u8, slot_bits: u32, size: &Size, most: MostFiles) -> Layout {
        let leaf = if size.reports < SMALL { SMALL_LEAF } else { LEAF };
        let with = |doublings: u32| Layout {
            tier,
            slot_bits,
            posting_bits: leaves(
                size.postings * BYTES_OF_A_POSTING + size.words * BYTES_OF_A_LIST,
                leaf << doublings,
            ),
            word_bits: leaves(size.words * BYTES_OF_A_WORD, leaf << doublings),
            card_bits: card_bits(size.reports, size.first, size.last) + doublings,
            doublings,
        };
        let fits = |layout: &Layout| layout.files(size) <= most.of_segment(tier);
        (0..MOST_DOUBLINGS).map(with).find(fits).unwrap_or_else(|| with(MOST_DOUBLINGS))
    }

    /// About how many files a segment has.
    fn files(&self, size: &Size) -> u64 {
        let cards = u64::from(size.last - size.first) >> self.card_bits;
        let pieces = (size.postings / POSTINGS_OF_A_PIECE) >> self.doublings;
        (1 << self.posting_bits) + (1 << self.word_bits) + cards + 1 + pieces
    }

    /// How many low bits of ids don't count for where a record is remembered.
    pub fn shard_bits(&self) -> u32 {
        self.card_bits - self.doublings + MORE_SHARD_BITS
    }

    /// What the segment's files begin with.
    pub fn digest(&self) -> u32 {
        let Layout { tier, slot_bits, posting_bits, word_bits, card_bits, doublings } = self;
        let numbers = [slot_bits, posting_bits, word_bits, card_bits, doublings];
        let all = [FORMAT, u32::from(*tier)].into_iter().chain(numbers.into_iter().copied());
        let bytes: Vec<u8> = all.flat_map(u32::to_le_bytes).collect();
        u32::try_from(xxh3_64(&bytes) >> 32).unwrap_or(0)
    }
}

/// How many low bits of the ids of some reports, from the first to the last, don't count for where they
/// are remembered: two files of cards together, so that there are fewer.
pub fn shard_bits(reports: u64, first: u32, last: u32) -> u32 {
    card_bits(reports, first, last) + MORE_SHARD_BITS
}

/// The same for where their cards are.
fn card_bits(reports: u64, first: u32, last: u32) -> u32 {
    let span = u64::from(last.saturating_sub(first)) + 1;
    (span * CARDS / reports.max(1)).max(1).ilog2()
}

/// The power of two of leaves over which so many bytes are spread.
fn leaves(bytes: u64, leaf: u64) -> u32 {
    bytes.div_ceil(leaf).max(1).next_power_of_two().ilog2().min(MOST_LEAF_BITS)
}
