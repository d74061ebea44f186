//! Collects postings by key in bounded memory.
//!
//! Threads push postings, which are collected in blocks by the first bits of their keys. When there
//! are too many full blocks, blocks are written to an unnamed file in the state folder, and read
//! back when the leaves of their keys are made.

use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::overflow::Overflow;
use super::record::{Key, Weight};

/// A posting with its key.
pub(super) type Keyed = (Key, u32, Weight);

/// The number of partitions, as a power of two.
pub(super) const PARTITION_BITS: u32 = 8;
/// The number of postings in a block.
const BLOCK: usize = 1_024;
/// The maximum number of blocks in memory: 24 MB.
const MOST_BLOCKS: usize = 1_536;
/// The size of a posting in the file: key, id, weight.
const BYTES: usize = 6 + 4 + 1;

/// Collects postings.
#[derive(Debug)]
pub(super) struct Spill {
    partitions: Vec<Mutex<Partition>>,
    /// Blocks in memory.
    held: AtomicUsize,
    overflow: Overflow,
}

#[derive(Debug, Default)]
struct Partition {
    open: Vec<Keyed>,
    full: Vec<Block>,
}

#[derive(Debug)]
enum Block {
    Held(Vec<Keyed>),
    Written { offset: u64, count: usize },
}

impl Spill {
    /// Empty; the folder for the file is created when needed.
    pub(super) fn new(folder: PathBuf) -> Spill {
        let partitions = (0..1 << PARTITION_BITS).map(|_| Mutex::default()).collect();
        Spill { partitions, held: AtomicUsize::new(0), overflow: Overflow::new(folder) }
    }

    /// Adds postings of one report.
    pub(super) fn push(&self, postings: impl Iterator<Item = Keyed>) -> io::Result<()> {
        for posting in postings {
            let Some(partition) = self.partitions.get(posting.0.leaf(PARTITION_BITS) as usize)
            else {
                continue;
            };
            let mut partition = partition.lock().unwrap_or_else(PoisonError::into_inner);
            partition.open.push(posting);
            if partition.open.len() >= BLOCK {
                let block = std::mem::take(&mut partition.open);
                let block = self.put_away(block)?;
                partition.full.push(block);
            }
        }
        Ok(())
    }

    fn put_away(&self, block: Vec<Keyed>) -> io::Result<Block> {
        if self.held.fetch_add(1, Ordering::Relaxed) < MOST_BLOCKS {
            return Ok(Block::Held(block));
        }
        let mut bytes = Vec::with_capacity(block.len() * BYTES);
        for (key, id, weight) in &block {
            bytes.extend(&key.0.to_le_bytes()[..6]);
            bytes.extend(id.to_le_bytes());
            bytes.push(*weight as u8);
        }
        let offset = self.overflow.append(&bytes)?;
        Ok(Block::Written { offset, count: block.len() })
    }

    /// Removes and returns the postings of some partitions, in order of key and id.
    pub(super) fn take(&self, partitions: std::ops::Range<usize>) -> io::Result<Vec<Keyed>> {
        let mut all = Vec::new();
        for partition in self.partitions.get(partitions).unwrap_or_default() {
            let partition =
                std::mem::take(&mut *partition.lock().unwrap_or_else(PoisonError::into_inner));
            all.extend(partition.open);
            for block in partition.full {
                match block {
                    Block::Held(block) => all.extend(block),
                    Block::Written { offset, count } => self.read(offset, count, &mut all)?,
                }
            }
        }
        all.sort_unstable_by_key(|&(key, id, weight)| {
            // Comparing one number is faster than comparing three.
            u128::from(key.0) << 64 | u128::from(id) << 32 | weight as u128
        });
        Ok(all)
    }

    fn read(&self, offset: u64, count: usize, all: &mut Vec<Keyed>) -> io::Result<()> {
        let bytes = self.overflow.read(offset, count * BYTES)?;
        for posting in bytes.chunks_exact(BYTES) {
            let (mut key, mut id) = ([0; 8], [0; 4]);
            key[..6].copy_from_slice(&posting[..6]);
            id.copy_from_slice(&posting[6..10]);
            let weight = Weight::of_bits(u32::from(posting[10]));
            all.push((Key(u64::from_le_bytes(key)), u32::from_le_bytes(id), weight));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_spilled_comes_back_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let spill = Spill::new(folder.path().join("spill"));
        let count: u64 = 2_000_000;
        let key = |at: u64| Key(at.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 16);
        spill
            .push((0..count).map(|at| (key(at), u32::try_from(at).unwrap(), Weight::High)))
            .unwrap();
        assert!(spill.overflow.is_used());
        let mut all = Vec::new();
        for partition in 0..1 << PARTITION_BITS {
            all.extend(spill.take(partition..partition + 1).unwrap());
        }
        assert_eq!(all.len() as u64, count);
        assert!(all.is_sorted());
    }
}
