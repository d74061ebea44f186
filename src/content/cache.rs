//! What the build before this one read: each source's metadata, so that only what changed is parsed.
//!
//! Lies in the state folder as shards of records, cut by a hash of the source's path; a shard whose
//! records are all as they were is not written again. Nothing in it is ever trusted on its word: a
//! shard of another program or config, or with a wrong checksum, counts as empty, and a record stands
//! for its file only while the file system says the same of it, or its bytes have the same hash.

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
use crate::content::languages::NamedLanguage;

/// How many shards there are.
const SHARDS: u64 = 64;

/// What a source file was parsed to.
#[derive(Clone, Debug)]
pub enum Item {
    /// A report.
    Article(Arc<Article>),
    /// A page of the curator's own.
    Page(Arc<PlainPage>),
}

/// What is known of a source file.
#[derive(Clone, Debug)]
pub struct Record {
    /// What the file system said when it was read.
    pub stamp: Stamp,
    /// A hash of its bytes.
    pub hash: u128,
    /// What the names of the file said of its language.
    pub named: NamedLanguage,
    /// Absent where it was rejected, or is no article.
    pub item: Option<Item>,
    /// What was found wrong with it.
    pub diagnostics: Vec<Diagnostic>,
}

impl Record {
    /// Whether a mistake leaves the file out.
    pub fn is_rejected(&self) -> bool {
        self.diagnostics.iter().any(|problem| problem.weight >= Effect::Reject)
    }

    /// Whether it may stay on disk. What was withdrawn may not: its file is read again in each build.
    pub fn may_be_kept(&self) -> bool {
        !matches!(&self.item, Some(Item::Article(article)) if article.is_withdrawn())
    }
}

/// Whether what earlier builds remembered is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Memory {
    /// Only what changed is read and rendered.
    #[default]
    Use,
    /// Everything is read and rendered.
    Ignore,
}

/// Where the cache is, and what its records depend on besides their files.
#[derive(Clone, Debug)]
pub struct Cache {
    folder: PathBuf,
    key: u64,
}

impl Cache {
    /// A cache in a folder. `dependencies`: what parsing depends on besides the file, as text.
    pub fn new(folder: PathBuf, dependencies: &str) -> Cache {
        Cache { folder, key: xxh3_64(dependencies.as_bytes()) }
    }

    /// Removes the record of a source from a cache's folder, with those of its shard.
    pub fn forget(folder: &Path, source: &str) -> io::Result<()> {
        state_file::remove(&file(folder, Cache::shard_of(source)))
    }

    /// Which shard a source belongs to.
    pub fn shard_of(path: &str) -> usize {
        usize::try_from(xxh3_64(path.as_bytes()) % SHARDS).unwrap_or_default()
    }

    /// How many shards there are.
    pub fn shards() -> usize {
        usize::try_from(SHARDS).unwrap_or_default()
    }

    /// A hash of what its records depend on besides their files.
    pub fn key(&self) -> u64 {
        self.key
    }

    fn file(&self, shard: usize) -> PathBuf {
        file(&self.folder, shard)
    }

    /// A shard's file; `None` where there is no sound one.
    pub fn open(&self, shard: usize) -> Option<state_file::Opened> {
        state_file::open(&self.file(shard), self.key)
    }

    /// Whether there is a file of a shard, sound or not.
    pub fn holds(&self, shard: usize) -> bool {
        state_file::is_there(&self.file(shard))
    }

    /// Writes a shard of records, each with its source's path, whole or not at all. A cache that can't
    /// be written makes the next build slower and nothing worse.
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

/// The records of one shard's file.
#[derive(Default)]
pub struct Shard<'a> {
    /// In the order in which sources are found.
    in_order: vec::IntoIter<StoredRecord<'a>>,
    /// The rest of them, once a source came that was not the next.
    by_path: FxHashMap<&'a str, StoredRecord<'a>>,
    names: Vec<Name>,
    looked_at: i64,
}

impl<'a> Shard<'a> {
    /// Reads a shard's file; `None` where it holds no records.
    pub fn read(file: &'a state_file::Opened, pool: &Pool) -> Option<Shard<'a>> {
        let StoredShard { looked_at, names, records } = file.value()?;
        let (in_order, by_path) = (records.into_iter(), FxHashMap::default());
        Some(Shard { in_order, by_path, names: pool.share(&names), looked_at })
    }

    /// Takes a source's record out.
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

    /// Whether records are left that no source asked for.
    pub fn is_empty(&self) -> bool {
        self.in_order.len() == 0 && self.by_path.is_empty()
    }
}

/// A record of an earlier build.
#[derive(Debug)]
pub struct Known {
    /// What it says.
    pub record: Record,
    /// Whether the file could not have been written again unnoticed after it was looked at.
    is_settled: bool,
}

impl Known {
    /// Whether the file is surely the one that the record is of.
    pub fn is_of(&self, file: &SourceFile) -> bool {
        self.is_settled && self.record.stamp == file.stamp && self.record.named == file.named
    }
}

/// A hash of a file's bytes.
pub fn hash(bytes: &[u8]) -> u128 {
    xxh3_128(bytes)
}
