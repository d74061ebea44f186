//! Patches the files of a segment in which few reports changed. The result equals that of making
//! the segment anew.
//!
//! Needs the reports' old and new records, the old leaves, and the exact counts of words.

use std::collections::BTreeMap;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::index::{
    Counts, IndexFile, Stems, piece_files, piece_path, posting_path, word_leaf, word_path,
};
use super::keys::Slot;
use super::layout::{Layout, Size};
use super::lexicon::{Form, Lexicon};
use super::postings::{self, Encoded, List, Posting};
use super::record::{Posted, Record, Weight};
use super::vocabulary;

/// Reads an old file of the index by its path below the index's folder.
pub type ReadOld<'a> = dyn Fn(&str) -> Option<Vec<u8>> + Sync + 'a;

/// The changes in a segment.
#[derive(Debug)]
pub struct Patch<'a> {
    layout: Layout,
    lexicon: &'a Lexicon,
    before: FxHashMap<(Slot, u32), Weight>,
    after: FxHashMap<(Slot, u32), Weight>,
    words: BTreeMap<u32, BTreeMap<StemmedWord, i64>>,
    postings: i64,
}

/// Whether a record is of before the changes or after them.
#[derive(Clone, Copy, Debug)]
enum Side {
    Before,
    After,
}

/// The result of a patch.
#[derive(Debug, Default)]
pub struct Patched {
    /// New and changed files.
    pub files: Vec<IndexFile>,
    /// Removed files.
    pub gone: Vec<String>,
    /// The new counts of changed leaves of words, by the number of the leaf.
    pub counts: Vec<(usize, Vec<u32>)>,
    /// The difference in the number of postings.
    pub postings: i64,
    /// The difference in the number of words.
    pub words: i64,
}

/// A word and its stem.
type StemmedWord = (Box<str>, Box<str>);

/// The changes in one list, by report id; `None` removes the posting.
type ListChanges = BTreeMap<u32, Option<Weight>>;

impl<'a> Patch<'a> {
    /// No changes, in a segment with this layout; the records are of this lexicon.
    pub fn new(layout: Layout, lexicon: &'a Lexicon) -> Patch<'a> {
        let (before, after) = (FxHashMap::default(), FxHashMap::default());
        Patch { layout, lexicon, before, after, words: BTreeMap::new(), postings: 0 }
    }

    /// Adds a report's old record.
    pub fn remove(&mut self, id: u32, record: &Record) {
        self.note(Side::Before, id, record);
    }

    /// Adds a report's new record.
    pub fn add(&mut self, id: u32, record: &Record) {
        self.note(Side::After, id, record);
    }

    fn note(&mut self, side: Side, id: u32, record: &Record) {
        let (change, weights) = match side {
            Side::Before => (-1, &mut self.before),
            Side::After => (1, &mut self.after),
        };
        for Posted { form, weight } in record.words() {
            let Form { word, stem, key } = self.lexicon.get(form);
            let leaf = vocabulary::leaf_of(word, self.layout.word_bits);
            let words = self.words.entry(leaf).or_default();
            *words.entry((word.into(), stem.into())).or_default() += change;
            let Some(weight) = weight else { continue };
            self.postings += change;
            let slot = key.slot(self.layout.posting_bits);
            let known = weights.entry((slot, id)).or_insert(weight);
            *known = weight.max(*known);
        }
    }

    /// The files that change; `None` if an old file is missing or inconsistent.
    pub fn finish(self, counts: &Counts, read: &ReadOld<'_>) -> Option<Patched> {
        let layout = self.layout;
        let lists = lists(&self.before, &self.after);
        let lists =
            lists.into_par_iter().map(|(leaf, changes)| patched_lists(layout, leaf, changes, read));
        let words = self.words.into_par_iter().map(|(leaf, mut changes)| {
            changes.retain(|_, change| *change != 0);
            let counts = counts.get(leaf as usize)?;
            patched_words(layout, leaf, changes, counts, read)
        });
        let parts: Vec<Patched> = lists.chain(words).collect::<Option<_>>()?;
        let mut all = Patched { postings: self.postings, ..Patched::default() };
        for part in parts {
            all.files.extend(part.files);
            all.gone.extend(part.gone);
            all.counts.extend(part.counts);
            all.words += part.words;
        }
        Some(all)
    }
}

/// The size of a segment after a patch.
pub fn size_after(size: &Size, patched: &Patched) -> Option<Size> {
    Some(Size {
        postings: size.postings.checked_add_signed(patched.postings)?,
        words: size.words.checked_add_signed(patched.words)?,
        ..*size
    })
}

/// The changed lists by leaf.
fn lists(
    before: &FxHashMap<(Slot, u32), Weight>,
    after: &FxHashMap<(Slot, u32), Weight>,
) -> BTreeMap<u32, BTreeMap<Slot, ListChanges>> {
    let mut lists: BTreeMap<u32, BTreeMap<Slot, ListChanges>> = BTreeMap::new();
    let gone = before.keys().filter(|place| !after.contains_key(place)).map(|&place| (place, None));
    let come = after.iter().filter(|(place, weight)| before.get(place) != Some(weight));
    for ((slot, id), weight) in gone.chain(come.map(|(&place, &weight)| (place, Some(weight)))) {
        lists.entry(slot.leaf()).or_default().entry(slot).or_default().insert(id, weight);
    }
    lists
}

fn patched_lists(
    layout: Layout,
    leaf: u32,
    changes: BTreeMap<Slot, ListChanges>,
    read: &ReadOld<'_>,
) -> Option<Patched> {
    let path = posting_path(layout.tier, leaf.into());
    let old = read(&path)?;
    let mut patching = LeafPatching {
        layout,
        read,
        leaf: postings::empty_leaf(layout.digest()),
        all: Patched::default(),
    };
    let mut changes = changes.into_iter().peekable();
    for (short, list, raw) in postings::entries(&old) {
        while let Some((slot, change)) = changes.next_if(|(slot, _)| slot.short() < short) {
            patching.put(slot, Vec::new(), &change);
        }
        if let Some((slot, change)) = changes.next_if(|(slot, _)| slot.short() == short) {
            let list = patching.take(slot, list)?;
            patching.put(slot, list, &change);
        } else {
            patching.leaf.extend(raw);
        }
    }
    for (slot, change) in changes {
        patching.put(slot, Vec::new(), &change);
    }
    let LeafPatching { leaf, mut all, .. } = patching;
    if leaf != old {
        all.files.push((path, leaf));
    }
    let stay: Vec<&String> = all.files.iter().map(|(path, _)| path).collect();
    let gone = std::mem::take(&mut all.gone);
    let gone = gone.into_iter().filter(|path| !stay.contains(&path)).collect();
    all.gone = gone;
    Some(all)
}

struct LeafPatching<'a> {
    layout: Layout,
    read: &'a ReadOld<'a>,
    leaf: Vec<u8>,
    all: Patched,
}

impl LeafPatching<'_> {
    /// The postings of a list, from its leaf or its pieces.
    fn take(&mut self, slot: Slot, list: List<'_>) -> Option<Vec<Posting>> {
        let pieces = match list {
            List::Whole(bytes, count) => {
                return postings::decode(bytes, count, self.layout.slot_bits);
            }
            List::Pieces(pieces) => pieces,
        };
        let mut all = Vec::new();
        for piece in pieces.into_iter().rev() {
            let path = piece_path(self.layout.tier, slot, &piece);
            let bytes = (self.read)(&path)?;
            let slot_bits = self.layout.slot_bits;
            all.extend(postings::decode(bytes.get(4..)?, piece.count, slot_bits)?);
            self.all.gone.push(path);
        }
        Some(all)
    }

    /// Applies the changes to a list and encodes it.
    fn put(&mut self, slot: Slot, list: Vec<Posting>, changes: &ListChanges) {
        let list = changed(list, changes);
        if list.is_empty() {
            return;
        }
        let encoded = Encoded::of(&list, &self.layout);
        encoded.write(slot, &mut self.leaf);
        self.all.files.extend(piece_files(self.layout, slot, encoded));
    }
}

/// Merges a list with its changes; both are sorted by id.
fn changed(list: Vec<Posting>, changes: &ListChanges) -> Vec<Posting> {
    let mut result = Vec::with_capacity(list.len() + changes.len());
    let mut list = list.into_iter().peekable();
    for (&id, &weight) in changes {
        while let Some(posting) = list.next_if(|posting| posting.0 < id) {
            result.push(posting);
        }
        list.next_if(|posting| posting.0 == id);
        result.extend(weight.map(|weight| (id, weight)));
    }
    result.extend(list);
    result
}

fn patched_words(
    layout: Layout,
    leaf: u32,
    changes: BTreeMap<StemmedWord, i64>,
    counts: &[u32],
    read: &ReadOld<'_>,
) -> Option<Patched> {
    if changes.is_empty() {
        return Some(Patched::default());
    }
    let path = word_path(layout.tier, leaf.into());
    let old = read(&path)?;
    let mut counts = counts.iter();
    let mut words: BTreeMap<Box<str>, BTreeMap<Box<str>, u32>> = BTreeMap::new();
    for word in vocabulary::decode(&old) {
        let stems = word.stems.into_iter();
        let stems = stems.map(|(stem, _)| Some((stem, *counts.next()?)));
        words.insert(word.word, stems.collect::<Option<_>>()?);
    }
    if counts.next().is_some() {
        return None;
    }
    let before = i64::try_from(words.len()).ok()?;
    for ((word, stem), change) in changes {
        let count = words.entry(word).or_default().entry(stem).or_default();
        *count = u32::try_from(i64::from(*count) + change).ok()?;
    }
    let words: Vec<_> = words
        .into_iter()
        .map(|(word, stems)| {
            (word, stems.into_iter().filter(|(_, count)| *count > 0).collect::<Stems>())
        })
        .filter(|(_, stems)| !stems.is_empty())
        .collect();
    let after = i64::try_from(words.len()).ok()?;
    let (bytes, counts) = word_leaf(layout, words);
    let files = if bytes == old { Vec::new() } else { vec![(path, bytes)] };
    let counts = vec![(leaf as usize, counts)];
    Some(Patched { files, counts, words: after - before, ..Patched::default() })
}
