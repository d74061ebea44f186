//! What the build before this one read: each source's metadata, so that only what changed is parsed.
//!
//! Lies in the state folder as shards of records, cut by a hash of the source's path; a shard whose
//! records are all as they were is not written again. Nothing in it is ever trusted on its word: a
//! shard of another program or config, or with a wrong checksum, counts as empty, and a record stands
//! for its file only while the file system says the same of it, or its bytes have the same hash.

use std::fs;
use std::io;
use std::path::PathBuf;

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

use crate::diagnostic::Diagnostic;
use crate::sealed;

use super::article::{Article, PlainPage};
use super::scan::Stamp;

/// How many shards there are.
const SHARDS: u64 = 64;

/// What a source file was parsed to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Item {
    /// A report.
    Article(Box<Article>),
    /// A page of the curator's own.
    Page(Box<PlainPage>),
}

/// What is known of a source file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Record {
    /// Path from the archive's root.
    pub path: String,
    /// What the file system said when it was read.
    pub stamp: Stamp,
    /// A hash of its bytes.
    pub hash: u128,
    /// Absent where it was rejected.
    pub item: Option<Item>,
    /// What was found wrong with it.
    pub diagnostics: Vec<Diagnostic>,
}

impl Record {
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

/// The records of one shard.
#[derive(Debug, Default)]
pub struct Shard {
    records: FxHashMap<String, Record>,
    /// When the files were looked at, in nanoseconds since 1970.
    looked_at: i64,
}

impl Cache {
    /// A cache in a folder. `dependencies`: what parsing depends on besides the file, as text.
    pub fn new(folder: PathBuf, dependencies: &str) -> Cache {
        Cache { folder, key: xxh3_64(dependencies.as_bytes()) }
    }

    /// Which shard a source belongs to.
    pub fn shard_of(path: &str) -> usize {
        usize::try_from(xxh3_64(path.as_bytes()) % SHARDS).unwrap_or_default()
    }

    /// How many shards there are.
    pub fn shards() -> usize {
        usize::try_from(SHARDS).unwrap_or_default()
    }

    fn file(&self, shard: usize) -> PathBuf {
        self.folder.join(format!("sources-{shard:02}"))
    }

    /// A shard's records; none where there is no sound one.
    pub fn load(&self, shard: usize) -> Shard {
        let known: Option<(i64, Vec<Record>)> = sealed::read(&self.file(shard), self.key);
        let (looked_at, records) = known.unwrap_or_default();
        let records = records.into_iter().map(|record| (record.path.clone(), record)).collect();
        Shard { records, looked_at }
    }

    /// A shard's bytes.
    pub fn encode(&self, records: &[&Record], looked_at: i64) -> Option<Vec<u8>> {
        sealed::seal(&(looked_at, records), self.key).ok()
    }

    /// Writes shards, each whole or not at all. A cache that can't be written makes the next build
    /// slower and nothing worse.
    pub fn save(&self, shards: &[(usize, Vec<u8>)]) -> io::Result<()> {
        if shards.is_empty() {
            return Ok(());
        }
        fs::create_dir_all(&self.folder)?;
        shards.par_iter().try_for_each(|(shard, bytes)| sealed::replace(&self.file(*shard), bytes))
    }
}

impl Shard {
    /// Takes a source's record out.
    pub fn take(&mut self, path: &str) -> Option<Record> {
        self.records.remove(path)
    }

    /// Whether records are left that no source asked for.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// Whether the file is surely the one that the record is of: the same stamp, and not written so
    /// shortly before it was looked at that it could have been written again unnoticed.
    pub fn vouches_for(&self, record: &Record, stamp: Stamp) -> bool {
        record.stamp == stamp && stamp.is_older_than(self.looked_at)
    }
}

/// A hash of a file's bytes.
pub fn hash(bytes: &[u8]) -> u128 {
    xxh3_128(bytes)
}
