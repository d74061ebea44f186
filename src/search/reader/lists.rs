//! The longest lists of postings, with the words that lead to them.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{ReadError, Searcher, SegmentHead};
use crate::search::index::{posting_path, word_path};
use crate::search::keys::{Key, Slot};
use crate::search::postings;
use crate::search::vocabulary::{self, Word};

/// A list with the most frequent word that leads to it.
#[derive(Default)]
struct ListName {
    word: Box<str>,
    size: u8,
    reports: u64,
}

impl Searcher<'_> {
    /// The longest lists: for each, the most frequent word that leads to it, and the number of
    /// reports.
    pub fn longest_lists(&self, most: usize) -> Result<Vec<(String, u64)>, ReadError> {
        let mut lists: FxHashMap<Key, ListName> = FxHashMap::default();
        for SegmentHead { layout, .. } in &self.head.segments {
            let mut counts: FxHashMap<Slot, u64> = FxHashMap::default();
            for leaf in 0..1u64 << layout.posting_bits {
                let bytes = self.read(*layout, posting_path(layout.tier, leaf))?;
                for (short, list) in postings::lists(&bytes) {
                    counts.insert(Slot(leaf << u32::BITS | u64::from(short)), list.count());
                }
            }
            let mut seen = FxHashSet::default();
            for leaf in 0..1u64 << layout.word_bits {
                let bytes = self.read(*layout, word_path(layout.tier, leaf))?;
                for Word { word, stems } in vocabulary::decode(&bytes) {
                    for (stem, size) in stems {
                        let key = Key::of_stem(&stem);
                        let list = lists.entry(key).or_default();
                        if list.word.is_empty() || size > list.size {
                            (list.word, list.size) = (word.clone(), size);
                        }
                        if seen.insert(key) {
                            let slot = key.slot(layout.posting_bits);
                            list.reports += counts.get(&slot).copied().unwrap_or(0);
                        }
                    }
                }
            }
        }
        let lists = lists.into_values().map(|list| (list.word.into(), list.reports));
        let mut lists: Vec<(String, u64)> = lists.collect();
        lists.sort_unstable_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
        lists.truncate(most);
        Ok(lists)
    }
}
