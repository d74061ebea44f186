//! How a segment is divided into files. The layout depends on the segment's content, so that equal
//! archives give equal files. It is stored in the index's head, and as a digest in every file.

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

/// The version of the file formats; increase it with every change of them.
const FORMAT: u32 = 4;
/// The target size of a leaf in bytes.
const LEAF: u64 = 8 * 1_024;
/// The target size of a leaf in small segments, to keep the number of files low.
const SMALL_LEAF: u64 = 16 * 1_024;
const SMALL: u64 = 128;
/// The average size of a posting in a leaf, in bytes.
const BYTES_OF_A_POSTING: u64 = 1;
/// The average overhead of a list, in bytes for each word.
const BYTES_OF_A_LIST: u64 = 4;
/// The average size of a word in a leaf, in bytes.
const BYTES_OF_A_WORD: u64 = 7;
/// The maximum number of leaves, as a power of two; beyond it leaves become larger.
const MOST_LEAF_BITS: u32 = 13;
/// The maximum number of doublings of file sizes.
const MOST_DOUBLINGS: u32 = 8;
/// The average number of postings for each piece of a long list, counting postings in leaves, too.
const POSTINGS_OF_A_PIECE: u64 = 16 * 1_024;
/// The target number of cards in a file.
const CARDS: u64 = 32;

/// See [`shard_bits`].
const MORE_SHARD_BITS: u32 = 2;

/// The size of a segment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Size {
    /// Reports with words in the index.
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
    /// Cards whose ids differ only in this many low bits are in one file.
    pub card_bits: u32,
    /// How often file sizes were doubled to limit the number of files.
    #[serde(default)]
    pub doublings: u32,
}

/// The maximum number of files of an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MostFiles(pub usize);

impl MostFiles {
    /// A segment's share of the files: the oldest segments are the largest.
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

    /// The approximate number of a segment's files.
    fn files(&self, size: &Size) -> u64 {
        let cards = u64::from(size.last - size.first) >> self.card_bits;
        let pieces = (size.postings / POSTINGS_OF_A_PIECE) >> self.doublings;
        (1 << self.posting_bits) + (1 << self.word_bits) + cards + 1 + pieces
    }

    /// Records of ids that differ only in this many low bits are stored in one shard.
    pub fn shard_bits(&self) -> u32 {
        self.card_bits - self.doublings + MORE_SHARD_BITS
    }

    /// The number at the start of each of the segment's files.
    pub fn digest(&self) -> u32 {
        let Layout { tier, slot_bits, posting_bits, word_bits, card_bits, doublings } = self;
        let numbers = [slot_bits, posting_bits, word_bits, card_bits, doublings];
        let all = [FORMAT, u32::from(*tier)].into_iter().chain(numbers.into_iter().copied());
        let bytes: Vec<u8> = all.flat_map(u32::to_le_bytes).collect();
        u32::try_from(xxh3_64(&bytes) >> 32).unwrap_or(0)
    }
}

/// The number of low bits in which ids of one shard differ, for this many reports with ids from
/// `first` to `last`. A shard holds the reports of several files of cards, so that there are fewer
/// shards.
pub fn shard_bits(reports: u64, first: u32, last: u32) -> u32 {
    card_bits(reports, first, last) + MORE_SHARD_BITS
}

/// The same for files of cards.
fn card_bits(reports: u64, first: u32, last: u32) -> u32 {
    let span = u64::from(last.saturating_sub(first)) + 1;
    (span * CARDS / reports.max(1)).max(1).ilog2()
}

/// The number of leaves for this many bytes, as a power of two.
fn leaves(bytes: u64, leaf: u64) -> u32 {
    bytes.div_ceil(leaf).max(1).next_power_of_two().ilog2().min(MOST_LEAF_BITS)
}
