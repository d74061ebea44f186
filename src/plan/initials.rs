//! The letters under which terms stand, and the addresses of their parts of a long index.

use icu_normalizer::DecomposingNormalizerBorrowed;

use crate::archive::Archive;
use crate::base::permalink::fold;

/// An index of more terms is cut by initial.
pub const WHOLE_INDEX: usize = 500;

/// The letter a name stands under: its first letter or digit without marks, upper-cased. Digits
/// stand together, and so does what has no letters.
pub fn initial(name: &str) -> String {
    let decomposed = DecomposingNormalizerBorrowed::new_nfd().normalize(name).into_owned();
    match decomposed.chars().find(|character| character.is_alphanumeric()) {
        Some(digit) if digit.is_numeric() => "0–9".to_owned(),
        Some('\u{1100}'..='\u{11FF}' | '\u{AC00}'..='\u{D7AF}') => "한".to_owned(),
        Some('\u{3040}'..='\u{30FF}') => "あ".to_owned(),
        Some('\u{3400}'..='\u{9FFF}') => "漢".to_owned(),
        Some(letter) => letter.to_uppercase().collect(),
        None => "#".to_owned(),
    }
}

/// The part of an address for an initial.
pub fn initial_part(initial: &str) -> String {
    match initial {
        "0–9" => "initial-0-9".to_owned(),
        "#" => "initial-other".to_owned(),
        letter => format!("initial-{}", fold(letter)),
    }
}

/// All initials of a taxonomy's terms, in no particular order.
pub fn initials(archive: &Archive, taxonomy: usize) -> Vec<String> {
    let mut initials: Vec<String> =
        archive.taxonomies[taxonomy].terms.iter().map(|term| initial(&term.name)).collect();
    initials.sort_unstable();
    initials.dedup();
    initials
}
