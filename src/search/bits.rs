//! Bit streams, lowest bit first, for lists of postings.

/// From this quotient on, a Rice code contains the plain number.
const ESCAPE: u32 = 24;

#[derive(Debug, Default)]
pub(super) struct BitWriter {
    bytes: Vec<u8>,
    pending: u64,
    count: u32,
}

impl BitWriter {
    /// Appends the lowest `count` bits of a number, at most 32.
    pub(super) fn put(&mut self, number: u32, count: u32) {
        self.pending |= u64::from(number) << self.count;
        self.count += count;
        while self.count >= 8 {
            self.bytes.push(self.pending.to_le_bytes()[0]);
            self.pending >>= 8;
            self.count -= 8;
        }
    }

    /// Appends a Rice code with `low` plain bits.
    pub(super) fn rice(&mut self, number: u32, low: u32) {
        let high = number >> low;
        if high < ESCAPE {
            self.put((1 << high) - 1, high + 1);
            self.put(number & ((1 << low) - 1), low);
        } else {
            self.put((1 << ESCAPE) - 1, ESCAPE);
            self.put(number, 32);
        }
    }

    /// The bytes; the last is padded with zeros.
    pub(super) fn finish(mut self) -> Vec<u8> {
        if self.count > 0 {
            self.bytes.push(self.pending.to_le_bytes()[0]);
        }
        self.bytes
    }
}

/// Reads bits; `None` at the end.
#[derive(Debug)]
pub(super) struct BitReader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> BitReader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> BitReader<'a> {
        BitReader { bytes, at: 0 }
    }

    /// The bits that follow, 56 of them at least, with zeros behind the end.
    fn ahead(&self) -> u64 {
        let rest = self.bytes.get(self.at / 8..).unwrap_or_default();
        let ahead = match rest.first_chunk::<8>() {
            Some(bytes) => u64::from_le_bytes(*bytes),
            None => rest.iter().rev().fold(0, |all, &byte| all << 8 | u64::from(byte)),
        };
        ahead >> (self.at % 8)
    }

    /// How many bits were read.
    pub(super) fn passed(&self) -> usize {
        self.at
    }

    fn pass(&mut self, count: u32) -> Option<()> {
        self.at += usize::try_from(count).ok()?;
        (self.at <= self.bytes.len() * 8).then_some(())
    }

    pub(super) fn take(&mut self, count: u32) -> Option<u32> {
        let number = self.ahead() & ((1 << count) - 1);
        self.pass(count)?;
        u32::try_from(number).ok()
    }

    pub(super) fn rice(&mut self, low: u32) -> Option<u32> {
        let high = self.ahead().trailing_ones().min(ESCAPE);
        self.pass(if high == ESCAPE { high } else { high + 1 })?;
        if high == ESCAPE { self.take(32) } else { Some(high << low | self.take(low)?) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_written_is_read(numbers in prop::collection::vec((any::<u32>(), 0u32..20), 0..50)) {
            let mut writer = BitWriter::default();
            for &(number, low) in &numbers {
                writer.rice(number, low);
            }
            let bytes = writer.finish();
            let mut reader = BitReader::new(&bytes);
            for &(number, low) in &numbers {
                prop_assert_eq!(reader.rice(low), Some(number));
            }
        }
    }
}
