//! Groups terms by initial, for a long index.

use icu_normalizer::DecomposingNormalizerBorrowed;

use crate::archive::Archive;
use crate::base::permalink::fold;

/// A longer index is split by initial.
pub(crate) const WHOLE_INDEX: usize = 500;

/// The group of a name: its first letter or digit without marks, in upper case. All digits are one
/// group, and so are names without letters.
pub(crate) fn initial(name: &str) -> String {
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

/// An initial's segment of the address.
pub(crate) fn initial_part(initial: &str) -> String {
    match initial {
        "0–9" => "initial-0-9".to_owned(),
        "#" => "initial-other".to_owned(),
        letter => format!("initial-{}", fold(letter)),
    }
}

/// All initials of a taxonomy's terms, unordered.
pub(crate) fn initials(archive: &Archive, taxonomy: usize) -> Vec<String> {
    let mut initials: Vec<String> =
        archive.taxonomies[taxonomy].terms.iter().map(|term| initial(term.sorted_by())).collect();
    initials.sort_unstable();
    initials.dedup();
    initials
}
