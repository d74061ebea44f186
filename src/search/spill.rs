//! Collects postings by the keys of their stems in bounded memory.
//!
//! Threads push postings, which are collected in blocks by the first bits of their keys. When there
//! are too many full blocks, blocks are written to an unnamed file in the state folder, and read
//! back when the leaves of their keys are made.

use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::lexicon::FormId;
use super::overflow::Overflow;
use super::postings::Posting;
use super::record::Weight;

/// The number of partitions, as a power of two.
pub(super) const PARTITION_BITS: u32 = 8;
/// The number of partitions.
pub(super) const PARTITIONS: usize = 1 << PARTITION_BITS;
/// The least number of postings in a block.
const BLOCK: usize = 2_048;
/// The maximum number of postings in full blocks in memory: 24 MB.
const MOST_HELD: usize = 3 * 1_024 * 1_024;
/// The size of a posting in the file.
const BYTES: usize = size_of::<u64>();

/// A posting with its stem as one number; numbers sort by stem, then by report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Keyed(u64);

impl Keyed {
    const WEIGHT_BITS: u32 = 2;
    const STEM_AT: u32 = u32::BITS + Keyed::WEIGHT_BITS;

    pub(super) fn new(stem: FormId, id: u32, weight: Weight) -> Keyed {
        const { assert!(FormId::BITS + Keyed::STEM_AT <= u64::BITS) };
        Keyed(
            u64::from(stem.number()) << Keyed::STEM_AT
                | u64::from(id) << Keyed::WEIGHT_BITS
                | weight as u64,
        )
    }

    pub(super) fn stem(self) -> FormId {
        FormId::of_number(u32::try_from(self.0 >> Keyed::STEM_AT).unwrap_or(u32::MAX))
    }

    pub(super) fn posting(self) -> Posting {
        let id = u32::try_from(self.0 >> Keyed::WEIGHT_BITS & u64::from(u32::MAX));
        let weight = u32::try_from(self.0 & 3);
        (id.unwrap_or(u32::MAX), Weight::of_bits(weight.unwrap_or(0)))
    }
}

/// Collects postings.
#[derive(Debug)]
pub(super) struct Spill {
    partitions: Vec<Mutex<Partition>>,
    /// Postings of full blocks in memory.
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
    Held(Box<[Keyed]>),
    Written { offset: u64, count: usize },
}

impl Spill {
    /// Empty; the folder for the file is created when needed.
    pub(super) fn new(folder: PathBuf) -> Spill {
        let partitions = (0..PARTITIONS).map(|_| Mutex::default()).collect();
        Spill { partitions, held: AtomicUsize::new(0), overflow: Overflow::new(folder) }
    }

    /// Adds postings of one partition.
    pub(super) fn push(&self, partition: usize, postings: &[Keyed]) -> io::Result<()> {
        let Some(partition) = self.partitions.get(partition) else { return Ok(()) };
        let mut partition = partition.lock().unwrap_or_else(PoisonError::into_inner);
        partition.open.extend(postings);
        if partition.open.len() >= BLOCK {
            let block = std::mem::take(&mut partition.open);
            let block = self.put_away(block)?;
            partition.full.push(block);
        }
        Ok(())
    }

    fn put_away(&self, block: Vec<Keyed>) -> io::Result<Block> {
        if self.held.fetch_add(block.len(), Ordering::Relaxed) < MOST_HELD {
            return Ok(Block::Held(block.into()));
        }
        let bytes: Vec<u8> = block.iter().flat_map(|keyed| keyed.0.to_le_bytes()).collect();
        let offset = self.overflow.append(&bytes)?;
        Ok(Block::Written { offset, count: block.len() })
    }

    /// Removes and returns the postings of some partitions, in order.
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
        all.sort_unstable();
        Ok(all)
    }

    fn read(&self, offset: u64, count: usize, all: &mut Vec<Keyed>) -> io::Result<()> {
        let bytes = self.overflow.read(offset, count * BYTES)?;
        let (numbers, _) = bytes.as_chunks();
        all.extend(numbers.iter().map(|number| Keyed(u64::from_le_bytes(*number))));
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
        let count: u32 = 4_000_000;
        let keyed = |at: u32| {
            let stem = FormId::of_number(at.wrapping_mul(0x9E37_79B9) >> 3);
            Keyed::new(stem, u32::MAX - at, Weight::of_bits(at))
        };
        for start in (0..count).step_by(1_000) {
            let postings: Vec<Keyed> = (start..start + 1_000).map(keyed).collect();
            spill.push(start as usize / 1_000 % PARTITIONS, &postings).unwrap();
        }
        assert!(spill.overflow.is_used());
        let all = spill.take(0..PARTITIONS).unwrap();
        let mut expected: Vec<Keyed> = (0..count).map(keyed).collect();
        expected.sort_unstable();
        assert!(all == expected);
        let keyed = keyed(5);
        assert_eq!(keyed.posting(), (u32::MAX - 5, Weight::Middle));
        assert_eq!(keyed.stem().number(), 5u32.wrapping_mul(0x9E37_79B9) >> 3);
    }
}
