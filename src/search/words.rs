//! Splits folded text into words, for reports and queries.
//!
//! A word is a run of letters, digits and marks. Scripts without spaces give overlapping pairs of
//! characters. Words joined by an apostrophe, a hyphen, a point or a comma ("o'neil", "e-mail",
//! "1,000") also give one word without the joint, so that both spellings match.

use icu_properties::CodePointMapData;
use icu_properties::props::{GeneralCategory, GeneralCategoryGroup};

use super::fold::fold;

/// Longer words are ignored: they are noise, and would make leaves too large.
pub const LONGEST: usize = 40;

/// The role of a word. Positions count only plain words, so that parts of a joined word are in
/// sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A single word, or a part of a joined one.
    Plain,
    /// All parts of a joined word.
    Joined,
}

/// Calls a function for each word of a text.
pub fn each_word(text: &str, mut found: impl FnMut(&str, Role)) {
    let folded = fold(text);
    let mut rest = folded.as_ref();
    loop {
        rest = after_separators(rest);
        if rest.is_empty() {
            return;
        }
        if let Some(end) = end_of_simple(rest.as_bytes()) {
            give(&rest[..end], Role::Plain, &mut found);
            rest = &rest[end..];
            continue;
        }
        let end = end_of_joined(rest);
        joined(&rest[..end], &mut found);
        rest = &rest[end..];
    }
}

/// What bytes are, in folded text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Byte {
    /// An ASCII letter or digit.
    Word,
    /// An ASCII joint of words.
    Joint,
    /// Any other ASCII character.
    Separator,
    /// A part of a longer character.
    Longer,
}

/// Most text is ASCII, and its bytes are looked at one by one.
static BYTES: [Byte; 256] = {
    let mut bytes = [Byte::Longer; 256];
    let mut code: u8 = 0;
    while code < 128 {
        bytes[code as usize] = if code.is_ascii_alphanumeric() {
            Byte::Word
        } else if is_joint(code as char) {
            Byte::Joint
        } else {
            Byte::Separator
        };
        code += 1;
    }
    bytes
};

/// The text from its first word on.
fn after_separators(text: &str) -> &str {
    let bytes = text.as_bytes().iter();
    let is_between = |byte: &u8| matches!(BYTES[usize::from(*byte)], Byte::Separator | Byte::Joint);
    let rest = &text[bytes.take_while(|byte| is_between(byte)).count()..];
    if rest.as_bytes().first().is_some_and(u8::is_ascii) {
        return rest;
    }
    rest.trim_start_matches(|character: char| !is_word(character))
}

/// The end of a word of ASCII letters and digits that is not joined to another; most words are like
/// this.
fn end_of_simple(text: &[u8]) -> Option<usize> {
    let kind = |at: usize| text.get(at).map_or(Byte::Separator, |byte| BYTES[usize::from(*byte)]);
    let mut end = 0;
    while kind(end) == Byte::Word {
        end += 1;
    }
    let is_alone = match kind(end) {
        Byte::Separator => true,
        Byte::Joint => matches!(kind(end + 1), Byte::Separator | Byte::Joint),
        Byte::Word | Byte::Longer => false,
    };
    (end > 0 && is_alone).then_some(end)
}

/// The end of a run of words and joints.
fn end_of_joined(text: &str) -> usize {
    let mut end = 0;
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        if is_word(character) {
            end = at + character.len_utf8();
        } else if !is_joint(character) || !characters.peek().is_some_and(|&(_, next)| is_word(next))
        {
            break;
        }
    }
    end
}

fn joined(run: &str, found: &mut impl FnMut(&str, Role)) {
    let run = run.strip_suffix("'s").unwrap_or(run);
    let parts = run.split(is_joint).filter(|part| !part.is_empty());
    let mut together = String::new();
    let mut count = 0;
    for part in parts {
        count += 1;
        if count == 1 && part.len() == run.len() {
            return by_script(part, found);
        }
        by_script(part, found);
        together.push_str(part);
    }
    if count > 1 && !together.contains(is_unspaced) {
        give(&together, Role::Joined, found);
    }
}

/// Splits a word at changes between scripts with and without spaces.
fn by_script(word: &str, found: &mut impl FnMut(&str, Role)) {
    if word.is_ascii() {
        return give(word, Role::Plain, found);
    }
    let mut rest = word;
    while let Some(first) = rest.chars().next() {
        let unspaced = is_unspaced(first);
        let end = rest.find(|character| is_unspaced(character) != unspaced).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        if unspaced {
            pairs(run, found);
        } else {
            give(run, Role::Plain, found);
        }
        rest = after;
    }
}

/// Overlapping pairs, then the last character alone, so that every character begins a word.
fn pairs(run: &str, found: &mut impl FnMut(&str, Role)) {
    for (start, first) in run.char_indices() {
        let second = start + first.len_utf8();
        let end = run[second..].chars().next().map_or(second, |next| second + next.len_utf8());
        give(&run[start..end], Role::Plain, found);
    }
}

fn give(word: &str, role: Role, found: &mut impl FnMut(&str, Role)) {
    if word.len() <= LONGEST || word.chars().count() <= LONGEST {
        found(word, role);
    }
}

/// Whether a character is a part of words.
pub fn is_word(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_alphanumeric();
    }
    character.is_alphanumeric() || is_mark(character)
}

fn is_mark(character: char) -> bool {
    const CATEGORIES: icu_properties::CodePointMapDataBorrowed<'static, GeneralCategory> =
        CodePointMapData::<GeneralCategory>::new();
    GeneralCategoryGroup::Mark.contains(CATEGORIES.get(character))
}

/// Whether a character joins two words into one.
pub const fn is_joint(character: char) -> bool {
    matches!(character, '\'' | '-' | '.' | ',' | '_' | '"')
}

/// Whether a character's script has no spaces between words: Han, kana, Hangul, Thai, Lao, Burmese,
/// Khmer.
pub fn is_unspaced(character: char) -> bool {
    matches!(u32::from(character),
        0x0E01..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x3005..=0x3007 | 0x3031..=0x30FF
        | 0x31F0..=0x31FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xAC00..=0xD7AF | 0xF900..=0xFAFF
        | 0x20000..=0x3FFFF)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words(text: &str) -> Vec<String> {
        let mut words = Vec::new();
        each_word(text, |word, _| words.push(word.to_owned()));
        words
    }

    #[test]
    fn words_are_letters_digits_and_marks() {
        assert_eq!(words("The talks, in Moscow (2017)!"), ["the", "talks", "in", "moscow", "2017"]);
        assert_eq!(words("Putin's plan"), ["putin", "plan"]);
        assert_eq!(words("हिन्दी"), ["हिन्दी"]);
        assert_eq!(words("— … ¶"), [""; 0]);
    }

    proptest! {
        /// The fast way through ASCII gives what the way for any text gives.
        #[test]
        fn words_are_the_same_whatever_stands_around(text in "[a-c1 '.,_é北\n-]{0,24}") {
            let mut slowly = Vec::new();
            let folded = fold(&text);
            let mut rest = folded.as_ref();
            while let Some(start) = rest.find(is_word) {
                let end = start + end_of_joined(&rest[start..]);
                joined(&rest[start..end], &mut |word: &str, _| slowly.push(word.to_owned()));
                rest = &rest[end..];
            }
            prop_assert_eq!(words(&text), slowly);
        }
    }

    #[test]
    fn joined_words_are_found_in_both_spellings() {
        assert_eq!(words("e-mail"), ["e", "mail", "email"]);
        assert_eq!(words("O’Neil"), ["o", "neil", "oneil"]);
        assert_eq!(words("1,000.5"), ["1", "000", "5", "10005"]);
        assert_eq!(words("end. Next"), ["end", "next"]);
        assert_eq!(words("-a-"), ["a"]);
    }

    #[test]
    fn scripts_without_spaces_give_pairs() {
        assert_eq!(words("北京今天"), ["北京", "京今", "今天", "天"]);
        assert_eq!(words("中"), ["中"]);
        assert_eq!(words("GDP北京x"), ["gdp", "北京", "京", "x"]);
    }

    #[test]
    fn overlong_words_are_left_out() {
        assert_eq!(words(&"x".repeat(10_000)), [""; 0]);
        assert_eq!(words(&"x".repeat(LONGEST)).len(), 1);
    }
}
