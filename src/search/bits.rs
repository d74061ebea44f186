//! Numbers of few bits in a row of bytes, the lowest bit first, as lists of postings hold them.

/// From so many ones on, a Rice code holds its number as it is.
const ESCAPE: u32 = 24;

/// Writes bits.
#[derive(Debug, Default)]
pub(super) struct BitWriter {
    bytes: Vec<u8>,
    pending: u64,
    count: u32,
}

impl BitWriter {
    /// The lowest `count` bits of a number, 32 at most.
    pub(super) fn put(&mut self, number: u32, count: u32) {
        self.pending |= u64::from(number) << self.count;
        self.count += count;
        while self.count >= 8 {
            self.bytes.push(self.pending.to_le_bytes()[0]);
            self.pending >>= 8;
            self.count -= 8;
        }
    }

    /// A number as a Rice code with `low` bits as they are.
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

    /// All of it; the last byte is filled with zeros.
    pub(super) fn finish(mut self) -> Vec<u8> {
        if self.count > 0 {
            self.bytes.push(self.pending.to_le_bytes()[0]);
        }
        self.bytes
    }
}

/// Reads bits; `None` where the bytes end too early.
#[derive(Debug)]
pub(super) struct BitReader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> BitReader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> BitReader<'a> {
        BitReader { bytes, at: 0 }
    }

    fn bit(&mut self) -> Option<u32> {
        let byte = self.bytes.get(self.at / 8)?;
        let bit = byte >> (self.at % 8) & 1;
        self.at += 1;
        Some(u32::from(bit))
    }

    pub(super) fn take(&mut self, count: u32) -> Option<u32> {
        let mut number = 0;
        for place in 0..count {
            number |= self.bit()? << place;
        }
        Some(number)
    }

    pub(super) fn rice(&mut self, low: u32) -> Option<u32> {
        let mut high = 0;
        while high < ESCAPE && self.bit()? == 1 {
            high += 1;
        }
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
