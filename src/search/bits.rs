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
