//! Makes the files of a segment from records of reports.
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

use super::layout::{Layout, MostFiles, Size};
use super::postings::{self, Encoded, Piece, Posting};
use super::record::{Entry, Key, Record, Slot};
use super::segment::Segment;
use super::spill::{Keyed, PARTITION_BITS, Spill};
use super::vocabulary::{self, Word};

/// Shards of the vocabulary, to reduce contention.
const SHARDS: usize = 64;

/// A file of a segment: path below the index's folder, and bytes.
pub type IndexFile = (String, Vec<u8>);

/// Why postings could not be spilled to disk.
#[derive(Debug, thiserror::Error)]
#[error("postings of the search index can't be kept in {folder}: {source}")]
pub struct SpillError {
    folder: PathBuf,
    source: io::Error,
}

impl SpillError {
    /// The folder and the system's error.
    pub fn into_parts(self) -> (PathBuf, io::Error) {
        (self.folder, self.source)
    }
}

/// A word's keys, each with the number of reports that contain the word with that stem.
type Keys = Vec<(Key, u32)>;

/// For each leaf of words, in its order: the number of reports for each word and stem.
pub type Counts = Vec<Vec<u32>>;

/// The properties of a finished segment.
#[derive(Debug)]
pub struct Made {
    /// How its files are addressed.
    pub layout: Layout,
    /// The numbers of reports, postings and words.
    pub size: Size,
    /// The exact counts, which a patch needs; the files hold only logarithms.
    pub counts: Counts,
}

/// Collects the records of one segment.
#[derive(Debug)]
pub struct Collector {
    tier: u8,
    slot_bits: u32,
    first: u32,
    last: u32,
    reports: u64,
    folder: PathBuf,
    most: MostFiles,
    spill: Spill,
    postings: AtomicU64,
    words: Vec<Mutex<FxHashMap<Box<str>, Keys>>>,
}

impl Collector {
    /// Empty; `folder` is for postings that exceed memory.
    pub fn new(segment: &Segment, folder: PathBuf, most: MostFiles) -> Collector {
        let id = |at: Option<&(u32, usize)>| at.map_or(0, |&(id, _)| id);
        Collector {
            tier: segment.tier,
            slot_bits: segment.slot_bits,
            first: id(segment.ids.first()),
            last: id(segment.ids.last()),
            reports: segment.ids.len() as u64,
            spill: Spill::new(folder.clone()),
            folder,
            most,
            postings: AtomicU64::new(0),
            words: (0..SHARDS).map(|_| Mutex::default()).collect(),
        }
    }

    /// Takes a report's record.
    pub fn add(&self, id: u32, record: &Record) -> Result<(), SpillError> {
        let mut postings: Vec<Keyed> = Vec::with_capacity(record.bytes().len() / 4);
        record.each(|Entry { word, key, weight, .. }| {
            self.note(word, key);
            postings.extend(weight.map(|weight| (key, id, weight)));
        });
        self.postings.fetch_add(postings.len() as u64, Ordering::Relaxed);
        self.spill.push(postings.into_iter()).map_err(|source| self.error(source))
    }

    fn note(&self, word: &str, key: Key) {
        let shard = usize::try_from(FxBuildHasher.hash_one(word) >> 32).unwrap_or(0) % SHARDS;
        let Some(words) = self.words.get(shard) else { return };
        let mut words = words.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(keys) = words.get_mut(word) {
            match keys.iter_mut().find(|(known, _)| *known == key) {
                Some((_, count)) => *count += 1,
                None => keys.push((key, 1)),
            }
        } else {
            words.insert(word.into(), vec![(key, 1)]);
        }
    }

    fn error(&self, source: io::Error) -> SpillError {
        SpillError { folder: self.folder.clone(), source }
    }

    /// Makes the segment's files except cards, and passes each to `write`.
    pub fn finish<E: Send + From<SpillError>>(
        self,
        write: &(dyn Fn(IndexFile) -> Result<(), E> + Sync),
    ) -> Result<Made, E> {
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
        let layout = Layout::of(self.tier, self.slot_bits, &size, self.most);
        self.write_postings(layout, write)?;
        let counts = write_words(layout, &words, write)?;
        Ok(Made { layout, size, counts })
    }

    /// Writes the leaves of postings.
    fn write_postings<E: Send + From<SpillError>>(
        &self,
        layout: Layout,
        write: &(dyn Fn(IndexFile) -> Result<(), E> + Sync),
    ) -> Result<(), E> {
        let groups = 1usize << layout.posting_bits.min(PARTITION_BITS);
        let partitions = (1usize << PARTITION_BITS) / groups;
        let group = |at: usize| {
            let range = at * partitions..(at + 1) * partitions;
            let keyed = self.spill.take(range).map_err(|source| self.error(source))?;
            write_group(layout, at, groups, &keyed, write)
        };
        (0..groups).into_par_iter().try_for_each(group)
    }
}

/// Writes the leaves of a group of partitions.
fn write_group<E>(
    layout: Layout,
    group: usize,
    groups: usize,
    keyed: &[Keyed],
    write: &(dyn Fn(IndexFile) -> Result<(), E> + Sync),
) -> Result<(), E> {
    let leaves = (1usize << layout.posting_bits) / groups;
    let first = group * leaves;
    let mut bytes: Vec<Vec<u8>> = vec![postings::empty_leaf(layout.digest()); leaves];
    let slot = |keyed: &Keyed| keyed.0.slot(layout.posting_bits);
    for list in keyed.chunk_by(|one, other| slot(one) == slot(other)) {
        let Some(slot) = list.first().map(slot) else { continue };
        let encoded = Encoded::of(&list_of(list), &layout);
        let leaf = (slot.leaf() as usize).checked_sub(first);
        if let Some(leaf) = leaf.and_then(|leaf| bytes.get_mut(leaf)) {
            encoded.write(slot, leaf);
        }
        for file in piece_files(layout, slot, encoded) {
            write(file)?;
        }
    }
    for (leaf, bytes) in (first..).zip(bytes) {
        write((posting_path(layout.tier, leaf as u64), bytes))?;
    }
    Ok(())
}

/// The postings of a slot. If several keys share it, a report counts once, with its highest weight.
fn list_of(keyed: &[Keyed]) -> Vec<Posting> {
    let mut list: Vec<Posting> = keyed.iter().map(|&(_, id, weight)| (id, weight)).collect();
    if !list.is_sorted_by(|one, other| one.0 < other.0) {
        list.sort_unstable_by(|one, other| one.0.cmp(&other.0).then(other.1.cmp(&one.1)));
        list.dedup_by_key(|(id, _)| *id);
    }
    list
}

/// The files of a list's pieces.
pub(super) fn piece_files(layout: Layout, slot: Slot, encoded: Encoded) -> Vec<IndexFile> {
    let Encoded::Pieces(pieces) = encoded else { return Vec::new() };
    let file = |(piece, list): (Piece, Vec<u8>)| {
        let mut bytes = postings::empty_leaf(layout.digest());
        bytes.extend(list);
        (piece_path(layout.tier, slot, &piece), bytes)
    };
    pieces.into_iter().map(file).collect()
}

/// A word's stems, each with the number of reports that contain the word with that stem.
pub(super) type Stems = Vec<(Box<str>, u32)>;

/// Writes the leaves of sorted words.
fn write_words<E: Send>(
    layout: Layout,
    words: &[(Box<str>, Keys)],
    write: &(dyn Fn(IndexFile) -> Result<(), E> + Sync),
) -> Result<Counts, E> {
    // Each stem is a word of the segment.
    let stems: FxHashMap<Key, &str> = words
        .iter()
        .map(|(word, keys)| (Key::of_stem(word), &**word, keys))
        .filter(|(stem, _, keys)| keys.iter().any(|(key, _)| key == stem))
        .map(|(stem, word, _)| (stem, word))
        .collect();
    let mut leaves: Vec<Vec<&(Box<str>, Keys)>> = vec![Vec::new(); 1 << layout.word_bits];
    for word in words {
        let leaf = vocabulary::leaf_of(&word.0, layout.word_bits);
        if let Some(leaf) = leaves.get_mut(leaf as usize) {
            leaf.push(word);
        }
    }
    let leaves = leaves.into_par_iter().enumerate();
    leaves
        .map(|(at, words)| {
            let named = |(key, count): &(Key, u32)| Some(((*stems.get(key)?).into(), *count));
            let words = words.into_iter().map(|(word, keys)| {
                let mut stems: Stems = keys.iter().filter_map(named).collect();
                stems.sort_unstable();
                (word.clone(), stems)
            });
            let (bytes, counts) = word_leaf(layout, words.collect());
            write((word_path(layout.tier, at as u64), bytes))?;
            Ok(counts)
        })
        .collect()
}

/// A leaf of sorted words with sorted stems, and the exact counts, which the leaf holds as
/// logarithms.
pub(super) fn word_leaf(layout: Layout, words: Vec<(Box<str>, Stems)>) -> (Vec<u8>, Vec<u32>) {
    let counts =
        words.iter().flat_map(|(_, stems)| stems.iter().map(|&(_, count)| count)).collect();
    let rough = |(stem, count): (Box<str>, u32)| {
        let size = u8::try_from(count.max(1).ilog2()).unwrap_or(u8::MAX);
        (stem, size.min(vocabulary::MOST_SIZE))
    };
    let words: Vec<Word> = words
        .into_iter()
        .map(|(word, stems)| Word { word, stems: stems.into_iter().map(rough).collect() })
        .collect();
    (vocabulary::encode(&words, layout.digest()), counts)
}

/// The path of a leaf of postings below the index.
pub fn posting_path(tier: u8, leaf: u64) -> String {
    format!("s{tier}/p/{leaf:x}.bin")
}

/// The path of a piece of a long list below the index.
pub(super) fn piece_path(tier: u8, slot: Slot, piece: &Piece) -> String {
    format!("s{tier}/p/f{:012x}/{}", slot.0, piece.name())
}

/// The path of a leaf of words below the index.
pub fn word_path(tier: u8, leaf: u64) -> String {
    format!("s{tier}/v/{leaf:x}.bin")
}
