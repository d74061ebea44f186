//! A hash of a body as readers see it: words and numbers in order, and link targets.
//!
//! Markup, white space, punctuation, quotes, dashes, pictures and comments are ignored, so that
//! reformatting a text does not change the hash. As in [`super::sketch`], a simple scanner finds
//! the words, not the Markdown parser: manifests hold the hash for decades. **The algorithm never
//! changes**: a better one is a new type with a new name in the manifest.

use std::borrow::Cow;

use icu_normalizer::ComposingNormalizerBorrowed;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::sketch::is_unspaced;
use crate::content::forward_search::Ahead;

/// The hash of a body's visible words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WordsHash(pub u64);

impl WordsHash {
    /// Hashes a Markdown body.
    pub fn of(body: &str) -> WordsHash {
        let text = plain(body);
        let mut words = Words { text: &text, at: 0, ahead: Ahead::of(ENDS), out: Out::default() };
        words.out.read.reserve(text.len());
        words.read();
        WordsHash(xxh3_64(words.out.read.as_bytes()))
    }
}

/// Composes the text and decodes entities such as `&eacute;`.
fn plain(body: &str) -> Cow<'_, str> {
    let body = if body.is_ascii() {
        Cow::Borrowed(body)
    } else {
        ComposingNormalizerBorrowed::new_nfc().normalize(body)
    };
    if !body.contains('&') {
        return body;
    }
    html_escape::decode_html_entities(&body).into_owned().into()
}

/// Delimiters that end markup.
const ENDS: [&str; 2] = ["-->", ">"];

/// The limit in bytes for finding the end of a tag, a picture or a link title, which keeps the time
/// linear.
const REACH: usize = 2_000;

/// Schemes of web addresses; the hash ignores them.
const SCHEMES: [&str; 2] = ["https://", "http://"];

/// The hash state.
#[derive(Default)]
struct Out {
    read: String,
    /// The last address, until words follow: a link whose text is its address counts once.
    /// address counts once.
    address: String,
}

impl Out {
    fn word(&mut self, word: &str) {
        self.address.clear();
        self.read.push_str(word);
        self.read.push(' ');
    }

    fn address(&mut self, address: &str) {
        let scheme = SCHEMES.iter().find_map(|scheme| address.strip_prefix(scheme));
        let address = scheme.unwrap_or(address);
        if self.address != address {
            self.word(address);
            self.address.push_str(address);
        }
    }
}

/// The scanner.
struct Words<'a> {
    text: &'a str,
    at: usize,
    ahead: Ahead<{ ENDS.len() }>,
    out: Out,
}

impl<'a> Words<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn read(&mut self) {
        self.plain_words();
        while let Some(character) = self.rest().chars().next() {
            self.next(character);
            self.plain_words();
        }
    }

    /// Reads on from a character.
    fn next(&mut self, character: char) {
        let rest = self.rest();
        match character {
            ' ' | '\n' => self.at += 1,
            '\\' => self.escaped(),
            '<' => self.tag(),
            '!' if rest.starts_with("![") => self.at += picture(rest).unwrap_or(1),
            ']' if rest.starts_with("](") => self.destination(),
            _ if is_unspaced(character) => self.alone(character),
            _ if character.is_alphanumeric() => self.word(),
            _ if is_dash(character) && self.is_sign() => {
                self.at += character.len_utf8();
                self.out.word("-");
            }
            _ if is_silent(character) => self.at += character.len_utf8(),
            _ => self.alone(character),
        }
    }

    /// A fast path of [`Words::next`]: words of ASCII letters and digits with a space after each
    /// are what they are hashed as.
    fn plain_words(&mut self) {
        let bytes = &self.text.as_bytes()[self.at..];
        let mut end = 0;
        loop {
            let word = bytes[end..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
            if word == 0 || bytes.get(end + word) != Some(&b' ') {
                break;
            }
            end += word + 1;
        }
        if end > 0 {
            self.out.address.clear();
            self.out.read.push_str(&self.text[self.at..self.at + end]);
            self.at += end;
        }
    }

    /// A character that is a word by itself, such as `€` or a character of a script without spaces.
    fn alone(&mut self, character: char) {
        let end = self.at + character.len_utf8();
        let word = &self.text[self.at..end];
        self.out.word(word);
        self.at = end;
    }

    /// Skips a backslash escape.
    fn escaped(&mut self) {
        self.at += 1;
        if let Some(next) = self.rest().chars().next().filter(char::is_ascii_punctuation) {
            if is_silent(next) { self.at += 1 } else { self.alone(next) }
        }
    }

    /// Whether a dash here is the sign of a number.
    fn is_sign(&self) -> bool {
        let before = self.text[..self.at].chars().next_back();
        let after = self.rest().chars().nth(1);
        after.is_some_and(char::is_numeric)
            && before.is_none_or(|before| before.is_whitespace() || "(|".contains(before))
    }

    /// Skips a comment or a tag; hashes a tag's address.
    fn tag(&mut self) {
        let rest = self.rest();
        let is_comment = rest.starts_with("<!--");
        let is_tag = rest[1..].starts_with(|next: char| next.is_ascii_alphabetic() || next == '/');
        let is_address = SCHEMES.iter().any(|scheme| rest[1..].starts_with(scheme));
        let found = match (is_comment, is_tag && !is_address) {
            (true, _) => self.next_end(0),
            (_, true) => self.next_end(1).filter(|end| end - self.at < REACH),
            _ => None,
        };
        let Some(end) = found else {
            self.at += 1;
            return;
        };
        let tag = &self.text[self.at..end];
        if let Some(address) = href(tag).filter(|_| !is_comment) {
            self.out.address(address);
        }
        self.at = end;
    }

    /// The end of the next of [`ENDS`].
    fn next_end(&mut self, end: usize) -> Option<usize> {
        let found = self.ahead.next(self.text, self.at, end);
        (found != usize::MAX).then(|| found + ENDS[end].len())
    }

    /// Hashes a link's target, after its words; ignores the title.
    fn destination(&mut self) {
        self.at += 2;
        let rest = self.rest();
        let begun = rest.trim_start();
        let (address, behind) = match begun.strip_prefix('<') {
            Some(inner) => {
                let end = inner.find(['>', '\n']).unwrap_or(inner.len());
                (&inner[..end], inner[end..].trim_start_matches('>'))
            }
            None => begun.split_at(bare_destination(begun)),
        };
        self.out.address(address);
        self.at = self.text.len() - behind.len();
        let window = &behind[..floor(behind, REACH)];
        let title = window.trim_start();
        let quote = title.chars().next().filter(|quote| matches!(quote, '"' | '\''));
        if let Some(end) = quote.and_then(|quote| title[1..].find(quote)) {
            self.at += window.len() - title.len() + end + 2;
        }
    }

    /// Hashes a word, a number or an address.
    fn word(&mut self) {
        let rest = self.rest();
        let is_address = SCHEMES.iter().any(|scheme| rest.starts_with(scheme));
        if is_address || rest.starts_with("www.") {
            let window = &rest[..floor(rest, REACH)];
            let end = window.find(|next: char| next.is_whitespace() || "<>\"”»`]".contains(next));
            let address = without_closing(&window[..end.unwrap_or(window.len())]);
            self.out.address(address);
            self.at += address.len();
            return;
        }
        if let Some(word) = plain_word(rest) {
            self.out.word(word);
            self.at += word.len();
            return;
        }
        let mut word = String::new();
        let mut characters = rest.char_indices().peekable();
        let mut length = rest.len();
        let mut before = ' ';
        while let Some((at, character)) = characters.next() {
            let next = characters.peek().map_or(' ', |(_, next)| *next);
            let is_between = before.is_alphanumeric() && next.is_alphanumeric();
            let is_in_number = before.is_numeric() && next.is_numeric();
            let is_of_number = is_in_number && ".,/:".contains(character);
            if is_of_number || character.is_alphanumeric() && !is_unspaced(character) {
                word.push(character);
            } else if is_in_number && is_dash(character) {
                word.push('-');
            } else if !(is_between && is_apostrophe(character) || is_invisible(character)) {
                length = at;
                break;
            }
            if !is_invisible(character) {
                before = character;
            }
        }
        self.out.word(&word);
        self.at += length;
    }
}

/// A fast path of [`Words::word`]: the ASCII letters and digits at the start, if what follows
/// certainly ends the word.
fn plain_word(text: &str) -> Option<&str> {
    let bytes = text.as_bytes();
    let length = bytes.iter().position(|byte| !byte.is_ascii_alphanumeric());
    let length = length.unwrap_or(bytes.len());
    // Marks join letters or digits on both sides.
    let (next, second) = (bytes.get(length), bytes.get(length + 1));
    let ends = |byte: Option<&u8>| byte.is_none_or(|byte| b" \n".contains(byte));
    let is_end = ends(next) || b".,:;!?)\"".contains(next.unwrap_or(&b' ')) && ends(second);
    (is_end && length > 0).then(|| &text[..length])
}

/// The largest character boundary at or below `wanted`.
fn floor(text: &str, wanted: usize) -> usize {
    let mut end = wanted.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    end
}

/// The length of a picture that begins here. Its text alternative is ignored, so that one may be
/// added later.
fn picture(text: &str) -> Option<usize> {
    let window = &text[..floor(text, REACH)];
    let window = window.split("\n\n").next().filter(|window| window.contains(']'))?;
    let alt = 1 + closed(&window[1..], '[', ']')?;
    let behind = match window[alt..].chars().next() {
        Some('(') => closed(&window[alt..], '(', ')').unwrap_or(0),
        Some('[') => closed(&window[alt..], '[', ']').unwrap_or(0),
        _ => 0,
    };
    Some(alt + behind)
}

/// The length of a bracketed text, with its brackets.
fn closed(text: &str, open: char, close: char) -> Option<usize> {
    let mut depth = 0usize;
    let mut is_escaped = false;
    for (at, character) in text.char_indices() {
        if is_escaped {
            is_escaped = false;
        } else if character == '\\' {
            is_escaped = true;
        } else if character == open {
            depth += 1;
        } else if character == close {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                return Some(at + close.len_utf8());
            }
        }
    }
    None
}

/// The length of a link target without angle brackets.
fn bare_destination(text: &str) -> usize {
    let mut depth = 0usize;
    for (at, character) in text.char_indices() {
        match character {
            '(' => depth += 1,
            ')' if depth == 0 => return at,
            ')' => depth -= 1,
            character if character.is_whitespace() => return at,
            _ => {}
        }
    }
    text.len()
}

/// The address in a tag.
fn href(tag: &str) -> Option<&str> {
    let (_, value) = tag.split_once("href=")?;
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    value[1..].split(quote).next()
}

/// An address without closing punctuation of the sentence.
fn without_closing(address: &str) -> &str {
    let is_closing = |last: char| ".,;:!?*_'’~|".contains(last);
    let mut rest = address.trim_end_matches(is_closing);
    while rest.ends_with(')') && rest.matches(')').count() > rest.matches('(').count() {
        rest = rest[..rest.len() - 1].trim_end_matches(is_closing);
    }
    rest
}

fn is_dash(character: char) -> bool {
    matches!(character, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

fn is_apostrophe(character: char) -> bool {
    matches!(character, '\'' | '\u{2018}' | '\u{2019}' | '\u{02BC}')
}

/// Invisible formatting characters, such as line-break hints.
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FE0E}' | '\u{FE0F}' | '\u{FEFF}'
    )
}

/// Markup, punctuation, quotes, white space. `%` and `$` count: they change the meaning of a
/// number.
fn is_silent(character: char) -> bool {
    character.is_whitespace()
        || is_dash(character)
        || is_apostrophe(character)
        || is_invisible(character)
        || character.is_ascii_punctuation() && !matches!(character, '%' | '$')
        || matches!(
            character,
            '\u{00AB}' | '\u{00BB}' | '\u{201A}'
                ..='\u{201F}'
                    | '\u{2039}'
                    | '\u{203A}'
                    | '\u{2032}'
                    | '\u{2033}'
                    | '\u{2026}'
                    | '\u{2022}'
                    | '\u{00B7}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_is_only_set_otherwise_is_the_same() {
        for (one, other) in [
            ("The first words.", "The  first\n words."),
            ("| a | b |\n|---|---|\n| 1 | 2 |", "|a  |b|\n|:--|--:|\n|  1|2  |"),
            ("* one\n* two", "- one\n- two"),
            ("She said \"it's 'here'\" -- twice...", "She said “it’s ‘here’” – twice…"),
            ("Words.", "Words.\n\n<!-- a note: ask them -->\n"),
            ("See https://rt.example/a_(b).", "See <https://rt.example/a_(b)>."),
            ("See www.rt.example/a.", "See [www.rt.example/a](https://www.rt.example/a)."),
            ("![](map.png) Words.", "![The map of 2017](map.png) Words."),
            ("[![](a.png)](b.html)", "[![Words](a.png \"A title\")](b.html)"),
            ("Some *words* and __more__.", "Some words and **more**."),
            ("A [link](https://x.example/ \"a title\").", "A [link](<https://x.example/>)."),
            (
                "<a href=\"https://x.example/\">here</a>",
                "<a class=x href='http://x.example/'>here</a>",
            ),
            ("5-10 men, −4 °C", "5–10 men, -4 °C"),
            ("caf&eacute; AT&amp;T", "cafe\u{301} AT&T"),
            ("中文新聞\n報導", "中文新聞報導"),
            ("# A head\n\nwords", "A head\n======\n\nwords"),
            ("soft\u{ad}hyphen 10 €", "softhyphen 10€"),
        ] {
            assert_eq!(WordsHash::of(one), WordsHash::of(other), "{one}\n{other}");
        }
    }

    #[test]
    fn other_words_numbers_and_targets_are_seen() {
        for (one, other) in [
            ("twelve delegations", "eleven delegations"),
            ("12 delegations", "13 delegations"),
            ("1.5 men", "15 men"),
            ("1.5 men", "1,5 men"),
            ("at 10:30", "at 10.30"),
            ("-4 degrees", "4 degrees"),
            ("5 % of them", "5 of them"),
            ("5 €", "5 $"),
            ("They did.", "They did not."),
            ("one two", "onetwo"),
            ("one two", "two one"),
            ("[here](https://x.example/1)", "[here](https://x.example/2)"),
            ("[here](a.md#p1)", "[here](a.md#p2)"),
            ("<a href=\"https://x.example/1\">a</a>", "<a href=\"https://x.example/2\">a</a>"),
            ("<https://x.example/1>", "<https://x.example/2>"),
            ("see https://x.example/1", "see https://x.example/2"),
            ("[a][1]\n\n[1]: https://x.example/1", "[a][1]\n\n[1]: https://x.example/2"),
            ("`twelve`", "`eleven`"),
            ("{{ map(place=\"Geneva\") }}", "{{ map(place=\"Bern\") }}"),
            ("US", "us"),
            ("कि", "का"),
            ("中文", "文中"),
            ("a <!-- unclosed", "a <!-- unlocked"),
            ("![a](b.png) one", "![a](b.png) two"),
            ("![unclosed one", "![unclosed two"),
        ] {
            assert_ne!(WordsHash::of(one), WordsHash::of(other), "{one}\n{other}");
        }
    }

    /// What is hashed, without the fast path.
    fn read_slowly(body: &str) -> String {
        let text = plain(body);
        let mut words = Words { text: &text, at: 0, ahead: Ahead::of(ENDS), out: Out::default() };
        while let Some(character) = words.rest().chars().next() {
            words.next(character);
        }
        words.out.read
    }

    proptest::proptest! {
        #[test]
        fn the_fast_path_changes_no_hash(
            parts in proptest::collection::vec(
                proptest::sample::select(vec![
                    "word", "A1", "2017", " ", "  ", "\n", "www.", "https://x.example/a", "-", "'", "’",
                    ".", ",", ":", "/", "é", "中", "कि", "<b>", "</b>", "<!--", "-->", "](", ")", "[", "![",
                    "\"", "%", "€", "&amp;", "\\", "\u{ad}", "_", "*", "5", "\t",
                ]),
                0..40,
            )
        ) {
            let body = parts.concat();
            let slow = xxh3_64(read_slowly(&body).as_bytes());
            proptest::prop_assert_eq!(WordsHash::of(&body).0, slow, "{}", body);
        }
    }

    /// Hashes in published manifests must stay valid: a failure here means that a new type is
    /// needed.
    #[test]
    fn the_hash_of_a_text_never_changes() {
        let text = "# Talks\n\nThey “met” at 10:30, [here](https://x.example/1): -4 °C, 5 % 中文.";
        assert_eq!(WordsHash::of(text).0, 2_324_041_863_599_704_433);
    }
}
