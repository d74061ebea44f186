//! Keys of lists of postings, made from stems, and the places of lists by key.

use serde::{Deserialize, Serialize};

use super::hashes::long_hash;

/// The key of a list of postings: 48 bits of a hash of a stem or a facet's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Key(pub u64);

impl Key {
    /// The size of a key in bits.
    pub const BITS: u32 = 48;

    /// The key of a stem: the first 48 bits of its hash.
    pub fn of_stem(stem: &str) -> Key {
        Key(long_hash(stem) >> (64 - Key::BITS))
    }

    /// The bits that select a leaf.
    pub(super) fn leaf(self, bits: u32) -> u32 {
        u32::try_from(self.0.checked_shr(Key::BITS - bits).unwrap_or(0)).unwrap_or(u32::MAX)
    }

    /// The index of its leaf among 2^bits leaves.
    pub(super) fn slot(self, bits: u32) -> Slot {
        Slot(self.0.checked_shr(Key::BITS.saturating_sub(bits + u32::BITS)).unwrap_or(0))
    }
}

/// The place of a list: its leaf, and the next 32 bits of the key, which are stored in the leaf.
/// Keys with equal bits share a list; in a large archive the chance is one in thousands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Slot(pub(super) u64);

impl Slot {
    /// The leaf.
    pub(super) fn leaf(self) -> u32 {
        u32::try_from(self.0 >> u32::BITS).unwrap_or(u32::MAX)
    }

    /// The bits stored in the leaf.
    pub(super) fn short(self) -> u32 {
        u32::try_from(self.0 & 0xFFFF_FFFF).unwrap_or(u32::MAX)
    }
}
