//! What this process read of the sources, for its next build: where all files of a shard are as they were,
//! their records need not be taken from [`super::cache`]'s file once more.
//!
//! Filled and asked by [`super::Reader`], a shard by many threads at once; held between two builds by
//! whoever builds again and again. An article is held once, by the archive and here.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::cache::{Cache, Record};
use super::scan::SourceFile;

/// Records by their shards.
#[derive(Debug)]
pub struct Recent(Vec<Mutex<Shard>>);

/// The records of a shard, as they were read.
#[derive(Debug, Default)]
struct Shard {
    /// What they depend on besides their files.
    key: u64,
    /// When the files were looked at, in nanoseconds since 1970.
    looked_at: i64,
    /// In the order in which sources are found, each with its source's path.
    records: Vec<(Box<str>, Record)>,
}

impl Default for Recent {
    fn default() -> Recent {
        Recent(std::iter::repeat_with(Mutex::default).take(Cache::shards()).collect())
    }
}

impl Recent {
    /// The records of a shard's files, where every file is surely the one that was read.
    pub fn records(&self, shard: usize, key: u64, files: &[&SourceFile]) -> Option<Vec<Record>> {
        let known = self.shard(shard);
        if known.key != key || known.records.len() != files.len() {
            return None;
        }
        let is_of = |(path, record): &(Box<str>, Record), file: &SourceFile| {
            **path == *file.path
                && record.stamp == file.stamp
                && record.named == file.named
                && record.stamp.is_older_than(known.looked_at)
        };
        let records = known.records.iter().zip(files);
        records.map(|(known, file)| is_of(known, file).then(|| known.1.clone())).collect()
    }

    /// Keeps the records of a shard's files.
    pub fn keep(
        &self,
        shard: usize,
        key: u64,
        files: &[&SourceFile],
        records: &[Record],
        looked_at: i64,
    ) {
        let paths = files.iter().map(|file| file.path.as_str().into());
        let records = paths.zip(records.iter().cloned()).collect();
        *self.shard(shard) = Shard { key, looked_at, records };
    }

    fn shard(&self, shard: usize) -> MutexGuard<'_, Shard> {
        self.0[shard].lock().unwrap_or_else(PoisonError::into_inner)
    }
}
