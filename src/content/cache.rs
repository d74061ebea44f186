//! The cache of sources: each file's metadata, so that only changed files are parsed.
//!
//! Stored in the state folder as shards, by a hash of the source's path; an unchanged shard is not
//! written again. Nothing is trusted blindly: a shard of another program or other settings, or with
//! a wrong checksum, counts as empty, and a record is used only if the file's stamp or the hash of
//! its bytes is unchanged.

pub(crate) mod stored;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::vec;

use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

use crate::base::diagnostic::{Diagnostic, Effect};
use crate::base::files::Stamp;
use crate::base::state_file;

use super::article::{Article, PlainPage};
use super::scan::SourceFile;
use crate::content::cache::stored::{StoredRecord, StoredShard};
use crate::content::interner::{Name, Pool};
use crate::content::named_language::NamedLanguage;

/// The number of shards.
const SHARDS: u64 = 64;

/// The parsed content of a file.
#[derive(Clone, Debug)]
pub enum Item {
    /// A report.
    Article(Arc<Article>),
    /// A plain page.
    Page(Arc<PlainPage>),
}

/// The record of a source file.
#[derive(Clone, Debug)]
pub struct Record {
    /// The stamp when it was read.
    pub stamp: Stamp,
    /// A hash of the file's bytes.
    pub hash: u128,
    /// The language in the file's names.
    pub named: NamedLanguage,
    /// `None` if it was rejected or is no article.
    pub item: Option<Item>,
    /// The problems found.
    pub diagnostics: Vec<Diagnostic>,
}

impl Record {
    /// Whether the file is left out because of an error.
    pub fn is_rejected(&self) -> bool {
        self.diagnostics.iter().any(|problem| problem.weight >= Effect::Reject)
    }

    /// Whether it may be stored. A withdrawn report may not: its file is read in each build.
    pub fn may_be_kept(&self) -> bool {
        !matches!(&self.item, Some(Item::Article(article)) if article.is_withdrawn())
    }
}

/// Whether caches of earlier builds are used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Memory {
    /// Yes: only changes are read and rendered.
    #[default]
    Use,
    /// No: everything is read and rendered.
    Ignore,
}

/// The cache's folder, and the key of its records.
#[derive(Clone, Debug)]
pub struct Cache {
    folder: PathBuf,
    key: u64,
}

impl Cache {
    /// A cache in this folder. `dependencies`: everything besides the file that parsing depends on,
    /// as text.
    pub fn new(folder: PathBuf, dependencies: &str) -> Cache {
        Cache { folder, key: xxh3_64(dependencies.as_bytes()) }
    }

    /// Removes a source's shard from a cache's folder.
    pub fn forget(folder: &Path, source: &str) -> io::Result<()> {
        state_file::remove(&file(folder, Cache::shard_of(source)))
    }

    /// The shard of a source.
    pub fn shard_of(path: &str) -> usize {
        usize::try_from(xxh3_64(path.as_bytes()) % SHARDS).unwrap_or_default()
    }

    /// The number of shards.
    pub fn shards() -> usize {
        usize::try_from(SHARDS).unwrap_or_default()
    }

    /// A hash of everything besides the files that its records depend on.
    pub fn key(&self) -> u64 {
        self.key
    }

    fn file(&self, shard: usize) -> PathBuf {
        file(&self.folder, shard)
    }

    /// Opens a shard's file; `None` if it is missing or damaged.
    pub fn open(&self, shard: usize) -> Option<state_file::Opened> {
        state_file::open(&self.file(shard), self.key)
    }

    /// Whether a shard's file exists, sound or not.
    pub fn holds(&self, shard: usize) -> bool {
        state_file::is_there(&self.file(shard))
    }

    /// Writes a shard atomically: records with their sources' paths. A failure only makes the next
    /// build slower.
    pub fn save<'a>(
        &self,
        shard: usize,
        records: impl Iterator<Item = (&'a str, &'a Record)>,
        looked_at: i64,
    ) -> io::Result<()> {
        let bytes = state_file::seal(&StoredShard::of(records, looked_at), self.key)?;
        fs::create_dir_all(&self.folder)?;
        state_file::replace(&self.file(shard), &bytes)
    }
}

fn file(folder: &Path, shard: usize) -> PathBuf {
    folder.join(format!("sources-{shard:02}"))
}

/// The records of a shard's file.
#[derive(Default)]
pub struct Shard<'a> {
    /// In the order of the scan.
    in_order: vec::IntoIter<StoredRecord<'a>>,
    /// The remaining ones, once a source is out of order.
    by_path: FxHashMap<&'a str, StoredRecord<'a>>,
    names: Vec<Name>,
    looked_at: i64,
}

impl<'a> Shard<'a> {
    /// Decodes a shard's file; `None` if it is invalid.
    pub fn read(file: &'a state_file::Opened, pool: &Pool) -> Option<Shard<'a>> {
        let StoredShard { looked_at, names, records } = file.value()?;
        let (in_order, by_path) = (records.into_iter(), FxHashMap::default());
        Some(Shard { in_order, by_path, names: pool.share(&names), looked_at })
    }

    /// Removes and returns a source's record.
    pub fn take(&mut self, path: &str) -> Option<Known> {
        let is_next = self.in_order.as_slice().first().is_some_and(|record| record.path == path);
        let stored = if is_next { self.in_order.next() } else { self.search(path) }?;
        let is_settled = stored.stamp.is_older_than(self.looked_at);
        Some(Known { record: stored.restored(&self.names)?, is_settled })
    }

    fn search(&mut self, path: &str) -> Option<StoredRecord<'a>> {
        self.by_path.extend(self.in_order.by_ref().map(|record| (record.path, record)));
        self.by_path.remove(path)
    }

    /// Whether all records were taken.
    pub fn is_empty(&self) -> bool {
        self.in_order.len() == 0 && self.by_path.is_empty()
    }
}

/// A record of an earlier build.
#[derive(Debug)]
pub struct Known {
    /// The stored record.
    pub record: Record,
    /// Whether a later write of the file would have changed its stamp.
    is_settled: bool,
}

impl Known {
    /// Whether the file is certainly unchanged.
    pub fn is_of(&self, file: &SourceFile) -> bool {
        self.is_settled && self.record.stamp == file.stamp && self.record.named == file.named
    }
}

/// A hash of a file's bytes.
pub fn hash(bytes: &[u8]) -> u128 {
    xxh3_128(bytes)
}
