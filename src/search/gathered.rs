//! Records computed while pages are rendered, and taken when the index is made, so that no report
//! is read and rendered twice.
//!
//! Records beyond a few MB are kept in an unnamed file. A record that can't be kept is dropped: its
//! report is read again.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use rustc_hash::FxHashMap;

use super::overflow::Overflow;
use super::record::Record;

/// Shards, to reduce contention.
const SHARDS: usize = 32;
/// The bytes of records that a shard keeps in memory.
const MOST_BYTES: usize = 4 * 1_024 * 1_024 / SHARDS;
/// Records are written to the file in blocks of this many bytes.
const BLOCK: usize = 32 * 1_024;

/// Records by the numbers of their reports.
#[derive(Debug)]
pub(crate) struct Gathered {
    shards: Vec<Mutex<Shard>>,
    overflow: Overflow,
}

#[derive(Debug, Default)]
struct Shard {
    held: FxHashMap<u32, Record>,
    bytes: usize,
    block: Vec<(u32, Record)>,
    block_bytes: usize,
    written: FxHashMap<u32, (u64, u32)>,
}

impl Gathered {
    /// Empty; `folder` is for the file of records that exceed memory.
    pub(crate) fn new(folder: PathBuf) -> Gathered {
        let shards = (0..SHARDS).map(|_| Mutex::default()).collect();
        Gathered { shards, overflow: Overflow::new(folder) }
    }

    /// Keeps a report's record.
    pub(crate) fn put(&self, report: u32, record: Record) {
        let Some(shard) = self.shard(report) else { return };
        let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
        let length = record.len() * size_of::<u32>();
        if shard.bytes + length <= MOST_BYTES {
            shard.bytes += length;
            shard.held.insert(report, record);
            return;
        }
        shard.block_bytes += length;
        shard.block.push((report, record));
        if shard.block_bytes >= BLOCK {
            shard.block_bytes = 0;
            let block = std::mem::take(&mut shard.block);
            self.write(&block, &mut shard.written);
        }
    }

    fn write(&self, block: &[(u32, Record)], written: &mut FxHashMap<u32, (u64, u32)>) {
        let bytes: Vec<u8> = block.iter().flat_map(|(_, record)| record.bytes()).collect();
        let Ok(mut start) = self.overflow.append(&bytes) else { return };
        for (report, record) in block {
            let length = u32::try_from(record.len() * size_of::<u32>()).unwrap_or(0);
            written.insert(*report, (start, length));
            start += u64::from(length);
        }
    }

    /// Removes and returns a report's record.
    pub(crate) fn take(&self, report: u32) -> Option<Record> {
        let mut shard = self.shard(report)?.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(record) = shard.held.remove(&report) {
            return Some(record);
        }
        if let Some(at) = shard.block.iter().position(|(known, _)| *known == report) {
            return Some(shard.block.swap_remove(at).1);
        }
        let (start, length) = shard.written.remove(&report)?;
        drop(shard);
        let bytes = self.overflow.read(start, usize::try_from(length).ok()?).ok()?;
        Some(Record::from_bytes(&bytes))
    }

    /// Neighbours are in different shards, since threads work on neighbours.
    fn shard(&self, report: u32) -> Option<&Mutex<Shard>> {
        self.shards.get(usize::try_from(report).ok()? % SHARDS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_record_is_taken_once_from_memory_or_from_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let gathered = Gathered::new(folder.path().join("gathered"));
        let record = |report: u32| {
            let mut bytes = report.to_le_bytes().to_vec();
            bytes.resize(3_000 + 4 * usize::try_from(report).unwrap(), 7);
            Record::from_bytes(&bytes)
        };
        for report in 0..2_000 {
            gathered.put(report, record(report));
        }
        assert!(gathered.overflow.is_used());
        for report in (0..2_000).rev() {
            assert_eq!(gathered.take(report), Some(record(report)));
            assert_eq!(gathered.take(report), None);
        }
    }
}
