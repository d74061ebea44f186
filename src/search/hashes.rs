//! Hashes of words that take little code in JavaScript.

/// FNV-1a with a final mix.
pub(super) fn hash(text: &str) -> u32 {
    let mut hash = 0x811C_9DC5_u32;
    for byte in text.bytes() {
        hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    }
    hash ^= hash >> 15;
    hash = hash.wrapping_mul(0x2C1B_3C6D);
    hash ^ hash >> 12
}

/// A hash of 64 bits that reads eight bytes at a time.
pub(super) fn long_hash(text: &str) -> u64 {
    let mut hash = 0x9E37_79B9_7F4A_7C15 ^ text.len() as u64;
    for piece in text.as_bytes().chunks(8) {
        let mut bytes = [0; 8];
        bytes[..piece.len()].copy_from_slice(piece);
        hash = (hash ^ u64::from_le_bytes(bytes)).wrapping_mul(0xFF51_AFD7_ED55_8CCD);
        hash ^= hash >> 32;
    }
    hash = hash.wrapping_mul(0xC4CE_B9FE_1A85_EC53);
    hash ^ hash >> 33
}

#[cfg(test)]
mod tests {
    use rustc_hash::FxHashSet;

    use super::*;

    /// With this many keys of 48 bits, the chance of one collision is about one in a thousand.
    #[test]
    fn similar_words_have_keys_of_their_own() {
        let letters = ["a", "e", "i", "o", "u", "t", "n", "s", "r"];
        let mut words: Vec<String> = vec![String::new()];
        for length in 0..6 {
            let longer: Vec<String> = words
                .iter()
                .filter(|word| word.len() == length)
                .flat_map(|word| letters.map(|letter| format!("{word}{letter}")))
                .collect();
            words.extend(longer);
        }
        let mut keys = FxHashSet::default();
        let mut leaves = [0u32; 256];
        for word in &words {
            let key = long_hash(word) >> 16;
            assert!(keys.insert(key), "{word}");
            leaves[usize::try_from(key >> 40).unwrap()] += 1;
        }
        let mean = u32::try_from(words.len()).unwrap() / 256;
        assert!(leaves.iter().all(|&leaf| leaf > mean / 2 && leaf < mean * 2), "{leaves:?}");
    }
}
