//! The files of a site in a manifest: sorted by path, and compact, as an archive may have more than
//! a million.

use std::fmt;
use std::fs;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use hashbrown::HashTable;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::Digest as _;
use xxhash_rust::xxh3::xxh3_64;

use crate::base::date::Date;
use crate::base::files::Stamp;
use crate::content::text_hash::WordsHash;

use crate::base::file_kind::FileKind;

/// The SHA-256 of a file's bytes; written in hexadecimal.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Sha256([u8; 32]);

/// Identifies a file's bytes: the first half of their SHA-256.
pub(crate) type Tag = u128;

impl Sha256 {
    /// The hash of these bytes.
    pub fn of(bytes: &[u8]) -> Sha256 {
        Sha256(sha2::Sha256::digest(bytes).into())
    }

    /// The hash of a hasher's input.
    pub(super) fn end(hasher: sha2::Sha256) -> Sha256 {
        Sha256(hasher.finalize().into())
    }

    /// Its first half.
    pub fn tag(self) -> Tag {
        let (half, _) = self.0.split_first_chunk::<16>().unwrap_or((&[0; 16], &[]));
        Tag::from_be_bytes(*half)
    }

    fn parse(text: &str) -> Option<Sha256> {
        let mut bytes = [0; 32];
        let pairs = text.as_bytes().chunks_exact(2);
        if text.len() != 2 * bytes.len() {
            return None;
        }
        for (byte, pair) in bytes.iter_mut().zip(pairs) {
            let [high, low] = [pair[0], pair[1]].map(|digit| char::from(digit).to_digit(16));
            *byte = u8::try_from(high? * 16 + low?).ok()?;
        }
        Some(Sha256(bytes))
    }
}

impl fmt::Display for Sha256 {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut text = [0; 64];
        for (pair, byte) in text.chunks_exact_mut(2).zip(self.0) {
            pair[0] = DIGITS[usize::from(byte >> 4)];
            pair[1] = DIGITS[usize::from(byte & 15)];
        }
        formatter.write_str(std::str::from_utf8(&text).unwrap_or_default())
    }
}

impl fmt::Debug for Sha256 {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{self}")
    }
}

impl Serialize for Sha256 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Sha256 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Sha256, D::Error> {
        let text = <&str>::deserialize(deserializer)?;
        Sha256::parse(text).ok_or_else(|| serde::de::Error::custom("this is no SHA-256"))
    }
}

/// A published file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The hash of its bytes.
    pub sha256: Sha256,
    /// Its size in bytes.
    pub size: u64,
    /// What kind of file it is.
    pub kind: FileKind,
    /// Whether it is a compressed copy of the file beside it.
    pub is_copy: bool,
    /// When the file was last written, in nanoseconds since 1970, and its inode: if both are
    /// unchanged, no one else has written to it.
    pub written: (i64, u64),
    /// For an article's page its source, from the archive's root.
    pub source: Option<Arc<str>>,
    /// The article's published text; `None` for a withdrawn one.
    pub body: Option<Box<PublishedBody>>,
}

/// An article's text when it was first published, or when a change was last recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedBody {
    pub words: WordsHash,
    /// The number of corrections and redactions.
    pub changes: usize,
    /// The date in `updated`.
    pub updated: Option<Date>,
}

impl Entry {
    /// Whether the file is unchanged, judging by its metadata.
    pub(super) fn is_untouched(&self, full: &Path) -> bool {
        fs::symlink_metadata(full).is_ok_and(|data| {
            data.is_file() && data.len() == self.size && written(&data) == self.written
        })
    }
}

/// See [`Entry::written`].
pub(super) fn written(data: &fs::Metadata) -> (i64, u64) {
    let stamp = Stamp::of(data);
    (stamp.modified, stamp.inode)
}

fn hash(path: &str) -> u64 {
    xxh3_64(path.as_bytes())
}

/// A file's path from the output folder, with `/`, and its entry. Consecutive manifests share
/// paths.
pub(super) type Row = (Arc<str>, Entry);

/// Every file of a site.
#[derive(Clone, Debug, Default)]
pub struct Files {
    rows: Vec<Row>,
    /// Indexes by path, built at the first lookup: a build that looks up one file looks up all.
    places: OnceLock<HashTable<u32>>,
}

impl PartialEq for Files {
    fn eq(&self, other: &Files) -> bool {
        self.rows == other.rows
    }
}

impl Eq for Files {}

impl Files {
    /// Makes the list from rows in any order, with distinct paths. Sorted rows cost nothing.
    pub(crate) fn new(mut rows: Vec<Row>) -> Files {
        rows.sort_by(|one, two| one.0.cmp(&two.0));
        Files { rows, places: OnceLock::new() }
    }

    /// The number of files.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are no files.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// All files, sorted by path.
    pub fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &Entry)> {
        self.rows.iter().map(|(path, entry)| (path, entry))
    }

    pub fn get(&self, path: &str) -> Option<&Entry> {
        self.position(path).map(|at| &self.rows[at].1)
    }

    /// Whether a path exists; by binary search without the index, for a few lookups in a new list.
    pub fn contains(&self, path: &str) -> bool {
        self.rows.binary_search_by(|(other, _)| (**other).cmp(path)).is_ok()
    }

    /// All files except those matching the predicate.
    #[cfg(feature = "deploy")]
    pub(crate) fn without(&self, is_left_out: impl Fn(&str) -> bool) -> Files {
        Files::new(self.rows.iter().filter(|(path, _)| !is_left_out(path)).cloned().collect())
    }

    /// Files whose path has this prefix.
    pub fn under(&self, prefix: &str) -> impl Iterator<Item = (&Arc<str>, &Entry)> {
        let start = self.rows.partition_point(|(path, _)| &**path < prefix);
        let rest = self.rows[start..].iter().map(|(path, entry)| (path, entry));
        rest.take_while(move |(path, _)| path.starts_with(prefix))
    }

    /// Articles, with tombstones: source, and permalink without its first `/`.
    pub fn articles(&self) -> impl Iterator<Item = (&str, &str)> {
        self.rows.iter().filter_map(|(path, entry)| {
            Some((entry.source.as_deref()?, path.strip_suffix("index.html")?))
        })
    }

    pub(super) fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The index of a file.
    pub(super) fn position(&self, path: &str) -> Option<usize> {
        let place = self.places().find(hash(path), |&at| *self.rows[at as usize].0 == *path);
        place.map(|&at| at as usize)
    }

    fn places(&self) -> &HashTable<u32> {
        self.places.get_or_init(|| {
            let mut places = HashTable::with_capacity(self.rows.len());
            for (at, (path, _)) in (0..).zip(&self.rows) {
                places.insert_unique(hash(path), at, |&at| hash(&self.rows[at as usize].0));
            }
            places
        })
    }

    /// The paths that the other list lacks.
    pub(super) fn missing_in<'a>(&'a self, other: &'a Files) -> impl Iterator<Item = &'a Arc<str>> {
        let mut others = other.rows.iter().map(|(path, _)| path).peekable();
        self.rows.iter().map(|(path, _)| path).filter(move |path| {
            while others.next_if(|other| other < path).is_some() {}
            others.peek() != Some(path)
        })
    }
}
