//! From records of reports to the files of a segment.
//!
//! [`Collector`] takes records from any thread in any order; [`Collector::finish`] returns the
//! files. They depend only on the reports, not on threads or order.

use std::hash::BuildHasher;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;
use rustc_hash::{FxBuildHasher, FxHashMap};
use serde::{Deserialize, Serialize};

use super::layout::{Layout, Size};
use super::postings::{self, Encoded, Posting};
use super::record::{Key, Record, Weight};
use super::segment::Segment;
use super::spill::{Keyed, PARTITION_BITS, Spill};
use super::vocabulary::{self, Word};

/// Shards of the vocabulary, to reduce contention.
const SHARDS: usize = 64;

/// The result entry of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Card {
    /// The id in its segment.
    pub id: u32,
    /// The address below the archive's root, percent-encoded, without its first `/`.
    pub path: String,
    /// The headline.
    pub title: String,
    /// The outlet's display name; empty if there is none.
    pub outlet: String,
    /// The report's language (BCP 47).
    pub language: String,
    /// The precision of the id's day: 0 year, 1 month, 2 day.
    pub precision: u8,
}

/// A file of a segment: path below the index's folder, and bytes.
pub(crate) type IndexFile = (String, Vec<u8>);

/// Why postings could not be spilled to disk.
#[derive(Debug, thiserror::Error)]
#[error("postings of the search index can't be kept in {folder}: {source}")]
pub(crate) struct SpillError {
    folder: PathBuf,
    source: io::Error,
}

impl SpillError {
    /// The folder and the system's error.
    pub(crate) fn into_parts(self) -> (PathBuf, io::Error) {
        (self.folder, self.source)
    }
}

type Keys = Vec<Key>;

/// Collects the records of one segment.
#[derive(Debug)]
pub(crate) struct Collector {
    tier: u8,
    slot_bits: u32,
    first: u32,
    last: u32,
    reports: u64,
    folder: PathBuf,
    spill: Spill,
    postings: AtomicU64,
    words: Vec<Mutex<FxHashMap<Box<str>, Keys>>>,
}

impl Collector {
    /// `folder` is the place for postings that exceed memory.
    pub(crate) fn new(segment: &Segment, folder: PathBuf) -> Collector {
        let id = |at: Option<&(u32, usize)>| at.map_or(0, |&(id, _)| id);
        Collector {
            tier: segment.tier,
            slot_bits: segment.slot_bits,
            first: id(segment.ids.first()),
            last: id(segment.ids.last()),
            reports: segment.ids.len() as u64,
            spill: Spill::new(folder.clone()),
            folder,
            postings: AtomicU64::new(0),
            words: (0..SHARDS).map(|_| Mutex::default()).collect(),
        }
    }

    /// Adds a report's record.
    pub(crate) fn add(&self, id: u32, record: &Record) -> Result<(), SpillError> {
        self.postings.fetch_add(record.postings.len() as u64, Ordering::Relaxed);
        for (word, key) in &record.words {
            self.note(word, *key);
        }
        let postings = record.postings.iter();
        let keyed = postings.map(|&(key, weight)| (key, id, Weight::of_bits(u32::from(weight))));
        self.spill.push(keyed).map_err(|source| self.error(source))
    }

    fn note(&self, word: &str, key: Key) {
        let shard = usize::try_from(FxBuildHasher.hash_one(word) >> 32).unwrap_or(0) % SHARDS;
        let Some(words) = self.words.get(shard) else { return };
        let mut words = words.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(keys) = words.get_mut(word) {
            if !keys.contains(&key) {
                keys.push(key);
            }
        } else {
            words.insert(word.into(), vec![key]);
        }
    }

    fn error(&self, source: io::Error) -> SpillError {
        SpillError { folder: self.folder.clone(), source }
    }

    /// Makes the segment's files except cards, and passes each to `write`.
    pub(crate) fn finish<E: Send + From<SpillError>>(
        self,
        write: &(dyn Fn(IndexFile) -> Result<(), E> + Sync),
    ) -> Result<(Layout, Size), E> {
        let mut words: Vec<(Box<str>, Keys)> = Vec::new();
        for shard in &self.words {
            words
                .extend(std::mem::take(&mut *shard.lock().unwrap_or_else(PoisonError::into_inner)));
        }
        words.par_sort_unstable();
        let size = Size {
            reports: self.reports,
            postings: self.postings.load(Ordering::Relaxed),
            words: words.len() as u64,
            first: self.first,
            last: self.last,
        };
        let layout = Layout::of(self.tier, self.slot_bits, &size);
        let sizes = self.write_postings(layout, write)?;
        write_words(layout, words, &sizes, write)?;
        Ok((layout, size))
    }

    /// Writes the leaves of postings; returns the logarithm of each list's length.
    fn write_postings<E: Send + From<SpillError>>(
        &self,
        layout: Layout,
        write: &(dyn Fn(IndexFile) -> Result<(), E> + Sync),
    ) -> Result<FxHashMap<Key, u8>, E> {
        let groups = 1usize << layout.posting_bits.min(PARTITION_BITS);
        let partitions = (1usize << PARTITION_BITS) / groups;
        let group = |at: usize| {
            let range = at * partitions..(at + 1) * partitions;
            let keyed = self.spill.take(range).map_err(|source| self.error(source))?;
            write_group(layout, at, groups, &keyed, write)
        };
        let sizes: Vec<Vec<(Key, u8)>> =
            (0..groups).into_par_iter().map(group).collect::<Result<_, E>>()?;
        Ok(sizes.into_iter().flatten().collect())
    }
}

/// Writes the leaves of a group of partitions.
fn write_group<E>(
    layout: Layout,
    group: usize,
    groups: usize,
    keyed: &[Keyed],
    write: &(dyn Fn(IndexFile) -> Result<(), E> + Sync),
) -> Result<Vec<(Key, u8)>, E> {
    let leaves = (1usize << layout.posting_bits) / groups;
    let first = group * leaves;
    let mut bytes: Vec<Vec<u8>> = vec![postings::empty_leaf(layout.digest()); leaves];
    let mut sizes = Vec::new();
    for list in keyed.chunk_by(|one, other| one.0 == other.0) {
        let Some(&(key, ..)) = list.first() else { continue };
        sizes.push((key, list.len().max(1).ilog2().try_into().unwrap_or(u8::MAX)));
        let postings: Vec<Posting> = list.iter().map(|&(_, id, weight)| (id, weight)).collect();
        let encoded = Encoded::of(&postings);
        let leaf = (key.leaf(layout.posting_bits) as usize).checked_sub(first);
        if let Some(leaf) = leaf.and_then(|leaf| bytes.get_mut(leaf)) {
            encoded.write(key, leaf);
        }
        if let Encoded::Pieces(pieces) = encoded {
            for (piece, list) in pieces {
                let mut bytes = postings::empty_leaf(layout.digest());
                bytes.extend(list);
                write((piece_path(layout.tier, key, &piece), bytes))?;
            }
        }
    }
    for (leaf, bytes) in (first..).zip(bytes) {
        write((posting_path(layout.tier, leaf as u64), bytes))?;
    }
    Ok(sizes)
}

fn write_words<E: Send>(
    layout: Layout,
    words: Vec<(Box<str>, Keys)>,
    sizes: &FxHashMap<Key, u8>,
    write: &(dyn Fn(IndexFile) -> Result<(), E> + Sync),
) -> Result<(), E> {
    let mut leaves: Vec<Vec<Word>> = vec![Vec::new(); 1 << layout.word_bits];
    for (word, mut keys) in words {
        keys.sort_unstable();
        let keys = keys.into_iter();
        let keys = keys.map(|key| (key, sizes.get(&key).copied().unwrap_or(0))).collect();
        if let Some(leaf) = leaves.get_mut(vocabulary::leaf_of(&word, layout.word_bits) as usize) {
            leaf.push(Word { word, keys });
        }
    }
    leaves.par_iter().enumerate().try_for_each(|(at, words)| {
        write((word_path(layout.tier, at as u64), vocabulary::encode(words, layout.digest())))
    })
}

/// The files with the cards of a segment, about 64 in each. Cards must be in order of ids.
pub(crate) fn card_files(layout: Layout, cards: &[Card]) -> Vec<IndexFile> {
    let place = |card: &Card| card.id.checked_shr(layout.card_bits).unwrap_or(0);
    let groups = cards.chunk_by(|one, other| place(one) == place(other));
    let file = |cards: &[Card]| {
        let place = cards.first().map_or(0, place);
        let rows = cards.iter().map(|card| {
            let Card { id, path, title, outlet, language, precision } = card;
            serde_json::json!([id, path, title, outlet, language, precision])
        });
        let rows: Vec<_> = std::iter::once(layout.digest().into()).chain(rows).collect();
        (card_path(layout.tier, place), serde_json::Value::Array(rows).to_string().into_bytes())
    };
    groups.map(file).collect()
}

pub(crate) fn posting_path(tier: u8, leaf: u64) -> String {
    format!("s{tier}/p/{leaf:x}.bin")
}

/// The path of a piece of a long list.
pub(crate) fn piece_path(tier: u8, key: Key, piece: &postings::Piece) -> String {
    format!("s{tier}/p/f{:012x}/{}", key.0, piece.name())
}

pub(crate) fn word_path(tier: u8, leaf: u64) -> String {
    format!("s{tier}/v/{leaf:x}.bin")
}

/// The path of a file of cards.
pub(crate) fn card_path(tier: u8, place: u32) -> String {
    format!("s{tier}/d/{place:x}.json")
}
