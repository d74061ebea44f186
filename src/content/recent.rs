//! Records of sources in memory, for the next build of this process: if no file of a shard has
//! changed, the shard is not read from [`super::cache`] again.
//!
//! Filled and queried by [`super::Reader`], with several threads per shard; kept between builds by
//! a process that builds repeatedly. Articles are shared with the archive.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::cache::{Cache, Record};
use super::scan::SourceFile;

/// Records by shard.
#[derive(Debug)]
pub struct Recent(Vec<Mutex<Shard>>);

/// The records of a shard.
#[derive(Debug, Default)]
struct Shard {
    /// The key of everything besides the files.
    key: u64,
    /// When the scan looked at the files, in nanoseconds since 1970.
    looked_at: i64,
    /// In the order of the scan, with their sources' paths.
    records: Vec<(Box<str>, Record)>,
}

impl Default for Recent {
    fn default() -> Recent {
        Recent(std::iter::repeat_with(Mutex::default).take(Cache::shards()).collect())
    }
}

impl Recent {
    /// The records of a shard's files, if every file is certainly unchanged.
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

    /// Stores the records of a shard's files.
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
