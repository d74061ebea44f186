//! Makes the files of a segment from records of reports.
//!
//! [`Collector`] takes records from any thread in any order; [`Collector::finish`] returns the
//! files. They depend only on the reports, not on threads or order.

use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};

use rayon::prelude::*;

use super::keys::Slot;
use super::layout::{Layout, MostFiles, Size};
use super::lexicon::{Form, FormId, Lexicon};
use super::postings::{self, Encoded, Piece, Posting};
use super::record::{Posted, Record};
use super::segment::Segment;
use super::spill::{Keyed, PARTITION_BITS, PARTITIONS, Spill};
use super::vocabulary::{self, Word};

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
pub struct Collector<'a> {
    lexicon: &'a Lexicon,
    tier: u8,
    slot_bits: u32,
    first: u32,
    last: u32,
    reports: u64,
    folder: PathBuf,
    most: MostFiles,
    spill: Spill,
    postings: AtomicU64,
    /// The number of reports with each form of the lexicon.
    counts: RwLock<Vec<AtomicU32>>,
}

impl<'a> Collector<'a> {
    /// Empty; `folder` is for postings that exceed memory.
    pub fn new(
        lexicon: &'a Lexicon,
        segment: &Segment,
        folder: PathBuf,
        most: MostFiles,
    ) -> Collector<'a> {
        let id = |at: Option<&(u32, usize)>| at.map_or(0, |&(id, _)| id);
        Collector {
            lexicon,
            tier: segment.tier,
            slot_bits: segment.slot_bits,
            first: id(segment.ids.first()),
            last: id(segment.ids.last()),
            reports: segment.ids.len() as u64,
            spill: Spill::new(folder.clone()),
            folder,
            most,
            postings: AtomicU64::new(0),
            counts: RwLock::default(),
        }
    }

    /// Takes the records of some reports, with their ids.
    pub fn add<'r>(
        &self,
        reports: impl Iterator<Item = (u32, &'r Record)> + Clone,
    ) -> Result<(), SpillError> {
        self.count(reports.clone().map(|(_, record)| record));
        let mut partitions: Vec<Vec<Keyed>> = vec![Vec::new(); PARTITIONS];
        for (id, record) in reports {
            for Posted { form, weight } in record.words() {
                let Some(weight) = weight else { continue };
                let partition = self.lexicon.key(form).leaf(PARTITION_BITS) as usize;
                if let Some(postings) = partitions.get_mut(partition) {
                    postings.push(Keyed::new(form, id, weight));
                }
            }
        }
        let postings = partitions.iter().map(|postings| postings.len() as u64).sum();
        self.postings.fetch_add(postings, Ordering::Relaxed);
        let full = partitions.iter().enumerate().filter(|(_, postings)| !postings.is_empty());
        for (partition, postings) in full {
            self.spill.push(partition, postings).map_err(|source| self.error(source))?;
        }
        Ok(())
    }

    fn count<'r>(&self, records: impl Iterator<Item = &'r Record>) {
        let forms = self.lexicon.len();
        let mut counts = self.counts.read().unwrap_or_else(PoisonError::into_inner);
        if counts.len() < forms {
            drop(counts);
            let mut longer = self.counts.write().unwrap_or_else(PoisonError::into_inner);
            let forms = forms.max(longer.len());
            longer.resize_with(forms, AtomicU32::default);
            drop(longer);
            counts = self.counts.read().unwrap_or_else(PoisonError::into_inner);
        }
        for posted in records.flat_map(Record::words) {
            if let Some(count) = counts.get(posted.form.place()) {
                count.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    fn error(&self, source: io::Error) -> SpillError {
        SpillError { folder: self.folder.clone(), source }
    }

    /// Makes the segment's files except cards, and passes each to `write`.
    pub fn finish<E: Send + From<SpillError>>(
        mut self,
        write: &(dyn Fn(IndexFile) -> Result<(), E> + Sync),
    ) -> Result<Made, E> {
        let counts = std::mem::take(&mut self.counts);
        let words =
            words(self.lexicon, counts.into_inner().unwrap_or_else(PoisonError::into_inner));
        let distinct = words.chunk_by(|(one, _), (other, _)| one.word == other.word);
        let size = Size {
            reports: self.reports,
            postings: self.postings.load(Ordering::Relaxed),
            words: distinct.count() as u64,
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
        let partitions = PARTITIONS / groups;
        let leaves = (1usize << layout.posting_bits) / groups;
        let group = |at: usize| {
            let range = at * partitions..(at + 1) * partitions;
            let keyed = self.spill.take(range).map_err(|source| self.error(source))?;
            let group = Group { layout, first: at * leaves, leaves };
            write_group(&group, self.lexicon, &keyed, write)
        };
        (0..groups).into_par_iter().try_for_each(group)
    }
}

/// The words of a segment with their stems and counts, sorted by word, then by stem.
fn words(lexicon: &Lexicon, counts: Vec<AtomicU32>) -> Vec<(Spelling<'_>, u32)> {
    let counts = (0..).zip(counts.into_iter().map(AtomicU32::into_inner));
    let mut words: Vec<(Spelling<'_>, u32)> = counts
        .filter(|&(_, count)| count > 0)
        .map(|(form, count)| {
            let Form { word, stem, .. } = lexicon.get(FormId::of_number(form));
            (Spelling { word, stem }, count)
        })
        .collect();
    words.par_sort_unstable();
    words
}

/// A word with its stem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Spelling<'a> {
    word: &'a str,
    stem: &'a str,
}

/// Some neighbouring leaves of postings.
#[derive(Clone, Copy, Debug)]
struct Group {
    layout: Layout,
    first: usize,
    leaves: usize,
}

/// Writes the leaves of a group.
fn write_group<E>(
    &Group { layout, first, leaves }: &Group,
    lexicon: &Lexicon,
    keyed: &[Keyed],
    write: &(dyn Fn(IndexFile) -> Result<(), E> + Sync),
) -> Result<(), E> {
    let mut bytes: Vec<Vec<u8>> = vec![postings::empty_leaf(layout.digest()); leaves];
    let slot = |stem| lexicon.key(stem).slot(layout.posting_bits);
    let lists = keyed.chunk_by(|one, other| one.stem() == other.stem());
    let mut lists: Vec<(Slot, &[Keyed])> =
        lists.filter_map(|list| Some((slot(list.first()?.stem()), list))).collect();
    lists.sort_by_key(|(slot, _)| *slot);
    for same in lists.chunk_by(|one, other| one.0 == other.0) {
        let Some(&(slot, _)) = same.first() else { continue };
        let encoded = Encoded::of(&list_of(same), &layout);
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

/// The postings of a slot. If several stems share it, a report counts once, with its highest weight.
fn list_of(stems: &[(Slot, &[Keyed])]) -> Vec<Posting> {
    let mut list: Vec<Posting> =
        stems.iter().flat_map(|(_, list)| *list).map(|keyed| keyed.posting()).collect();
    if stems.len() > 1 {
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
    words: &[(Spelling<'_>, u32)],
    write: &(dyn Fn(IndexFile) -> Result<(), E> + Sync),
) -> Result<Counts, E> {
    let mut leaves: Vec<Vec<(Box<str>, Stems)>> = vec![Vec::new(); 1 << layout.word_bits];
    for forms in words.chunk_by(|(one, _), (other, _)| one.word == other.word) {
        let Some((Spelling { word, .. }, _)) = forms.first() else { continue };
        let leaf = vocabulary::leaf_of(word, layout.word_bits);
        if let Some(leaf) = leaves.get_mut(leaf as usize) {
            let stems = forms.iter().map(|&(Spelling { stem, .. }, count)| (stem.into(), count));
            leaf.push(((*word).into(), stems.collect()));
        }
    }
    let leaves = leaves.into_par_iter().enumerate();
    leaves
        .map(|(at, words)| {
            let (bytes, counts) = word_leaf(layout, words);
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
