//! Folding: normalises text and queries for comparison.
//!
//! Pure. The search client has the same [`fold`] (`fold.js`), with the same steps: compatibility
//! decomposition (UAX #15, NFKD), lower case, dropping ignored marks, a short table of letters,
//! composition (NFC). A test compares both for every code point.

use std::borrow::Cow;

use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};

/// Marks and invisible characters that search ignores, as ranges of code points: accents, Hebrew
/// points, Arabic vowel signs and tatweel, joiners, directional marks, soft hyphens.
pub(crate) const DROPPED: &[(u32, u32)] = &[
    (0x00AD, 0x00AD),
    (0x0300, 0x036F),
    (0x0591, 0x05BD),
    (0x05BF, 0x05BF),
    (0x05C1, 0x05C2),
    (0x05C4, 0x05C5),
    (0x05C7, 0x05C7),
    (0x061C, 0x061C),
    (0x0640, 0x0640),
    (0x064B, 0x065F),
    (0x0670, 0x0670),
    (0x06D6, 0x06DC),
    (0x06DF, 0x06E4),
    (0x06E7, 0x06E8),
    (0x06EA, 0x06ED),
    (0x1AB0, 0x1AFF),
    (0x1DC0, 0x1DFF),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x2064),
    (0x20D0, 0x20FF),
    (0xFE00, 0xFE0F),
    (0xFE20, 0xFE2F),
    (0xFEFF, 0xFEFF),
];

/// Letters without a decomposition, and their replacements.
pub(crate) const LETTERS: &[(char, &str)] = &[
    ('ß', "ss"),
    ('æ', "ae"),
    ('œ', "oe"),
    ('ø', "o"),
    ('đ', "d"),
    ('ð', "d"),
    ('þ', "th"),
    ('ł', "l"),
    ('ħ', "h"),
    ('ŧ', "t"),
    ('ı', "i"),
    ('ĸ', "k"),
    ('ŋ', "n"),
    ('ς', "σ"),
    ('ך', "כ"),
    ('ם', "מ"),
    ('ן', "נ"),
    ('ף', "פ"),
    ('ץ', "צ"),
    ('ٱ', "ا"),
    ('ى', "ي"),
    ('ی', "ي"),
    ('ې', "ي"),
    ('ة', "ه"),
    ('ۀ', "ه"),
    ('ە', "ه"),
    ('ہ', "ه"),
    ('ھ', "ه"),
    ('ک', "ك"),
    ('’', "'"),
    ('ʼ', "'"),
    ('‘', "'"),
    ('׳', "'"),
    ('״', "\""),
    ('‐', "-"),
];

/// First code points of the decimal digits that are folded to 0 to 9.
pub(crate) const DIGITS: &[u32] = &[0x0660, 0x06F0, 0x0966, 0x09E6, 0x0E50];

/// Folds a text. Idempotent.
pub fn fold(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            Cow::Owned(text.to_ascii_lowercase())
        } else {
            Cow::Borrowed(text)
        };
    }
    let mut folded = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        // No step looks beyond a space, and most text is ASCII.
        let ascii = ascii_length(rest.as_bytes());
        let start = if ascii == rest.len() { ascii } else { after_space(&rest[..ascii]) };
        let (plain, other) = rest.split_at(start);
        push_lower(&mut folded, plain);
        let (piece, after) = other.split_at(other.find(' ').unwrap_or(other.len()));
        if piece.chars().all(is_plain) {
            piece.chars().for_each(|character| push_folded(&mut folded, character));
        } else {
            fold_piece(piece, &mut folded);
        }
        rest = after;
    }
    Cow::Owned(folded)
}

/// How many bytes at the start are ASCII.
fn ascii_length(bytes: &[u8]) -> usize {
    let whole = bytes.chunks_exact(16).take_while(|chunk| chunk.is_ascii()).count() * 16;
    let rest = bytes.get(whole..).unwrap_or_default();
    whole + rest.iter().take_while(|byte| byte.is_ascii()).count()
}

/// The position after the last space.
fn after_space(text: &str) -> usize {
    text.rfind(' ').map_or(0, |at| at + 1)
}

fn push_lower(folded: &mut String, plain: &str) {
    let start = folded.len();
    folded.push_str(plain);
    if let Some(plain) = folded.get_mut(start..) {
        plain.make_ascii_lowercase();
    }
}

/// Characters without case that fold independently of their neighbours: most words outside ASCII
/// consist of these alone.
fn is_plain(character: char) -> bool {
    match character {
        '‘' | '’' | '“' | '”' | '„' | '–' | '—' => true,
        _ => character.is_ascii() && !character.is_ascii_uppercase(),
    }
}

fn fold_piece(piece: &str, folded: &mut String) {
    let decomposed = DecomposingNormalizerBorrowed::new_nfkd().normalize(piece);
    let lowered = decomposed.to_lowercase();
    let mut letters = String::with_capacity(lowered.len());
    for character in lowered.chars() {
        push_folded(&mut letters, character);
    }
    folded.push_str(&ComposingNormalizerBorrowed::new_nfc().normalize(&letters));
}

fn push_folded(folded: &mut String, character: char) {
    let code = u32::from(character);
    if character.is_ascii() {
        folded.push(character);
    } else if is_dropped(code) {
    } else if let Some((_, letters)) = LETTERS.iter().find(|(letter, _)| *letter == character) {
        folded.push_str(letters);
    } else if let Some(digit) = digit(code) {
        folded.push(digit);
    } else {
        folded.push(character);
    }
}

fn is_dropped(code: u32) -> bool {
    let at = DROPPED.partition_point(|&(_, last)| last < code);
    DROPPED.get(at).is_some_and(|&(first, _)| first <= code)
}

fn digit(code: u32) -> Option<char> {
    let zero = DIGITS.iter().find(|&&zero| (zero..zero + 10).contains(&code))?;
    char::from_digit(code - zero, 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_and_case_meet() {
        for (written, searched) in [
            ("Müller", "muller"),
            ("STRASSE", "strasse"),
            ("straße", "strasse"),
            ("İstanbul", "istanbul"),
            ("ılık", "ilik"),
            ("Łódź", "lodz"),
            ("ﬁnal", "final"),
            ("Ёлка", "елка"),
            ("Ὀδυσσεύς", "οδυσσευσ"),
            ("أَحْمَد", "احمد"),
            ("مكتبة", "مكتبه"),
            ("کتاب", "كتاب"),
            ("שָׁלוֹם", "שלומ"),
            ("２０１７", "2017"),
            ("٢٠١٧", "2017"),
            ("한국어", "한국어"),
            ("ガ", "ガ"),
            ("O’Neil", "o'neil"),
        ] {
            assert_eq!(fold(written), searched);
            assert_eq!(fold(&fold(written)), searched);
        }
    }

    #[test]
    fn folding_twice_is_folding_once_for_every_character() {
        for character in '\0'..=char::MAX {
            let text = character.to_string();
            let once = fold(&text).into_owned();
            assert_eq!(fold(&once), once, "U+{:04X}", u32::from(character));
        }
    }
}
