//! Forbidden control characters, and marks of text direction.

use std::borrow::Cow;

/// Unicode's limit of nested directions; browsers ignore deeper ones.
const DEEPEST_DIRECTION: usize = 125;

/// Replaces forbidden control characters, as `CommonMark` replaces NUL, and normalises line ends.
pub(crate) fn without_controls(html: String) -> String {
    if !has_controls(html.as_bytes()) && !has_no_characters(html.as_bytes()) {
        return html;
    }
    let html = html.replace("\r\n", "\n");
    html.chars()
        .map(|character| match character {
            '\r' => '\n',
            '\n' | '\t' => character,
            '\u{fffe}' | '\u{ffff}' => char::REPLACEMENT_CHARACTER,
            _ if character.is_control() => char::REPLACEMENT_CHARACTER,
            _ => character,
        })
        .collect()
}

/// Runs over every byte of every page: a fold without early exit, so that the compiler vectorises
/// it. U+0080 to U+009F are encoded as 0xC2 and themselves.
#[allow(clippy::needless_bitwise_bool, reason = "branches would keep it from vector instructions")]
fn has_controls(bytes: &[u8]) -> bool {
    let is_control =
        |byte: u8| ((byte < b' ') & (byte != b'\n') & (byte != b'\t')) | (byte == 0x7f);
    let is_high = |first: u8, second: u8| (first == 0xc2) & (second < 0xa0);
    let pairs = bytes.iter().zip(bytes.iter().skip(1));
    bytes.iter().fold(false, |found, &byte| found | is_control(byte))
        || pairs.fold(false, |found, (&first, &second)| found | is_high(first, second))
}

/// Whether there is U+FFFE or U+FFFF, which are no characters: 0xEF 0xBF, and 0xBE or 0xBF.
#[allow(clippy::needless_bitwise_bool, reason = "branches would keep it from vector instructions")]
fn has_no_characters(bytes: &[u8]) -> bool {
    let triples = bytes.iter().zip(bytes.iter().skip(1)).zip(bytes.iter().skip(2));
    triples.fold(false, |found, ((&first, &second), &third)| {
        found | ((first == 0xef) & (second == 0xbf) & (third >= 0xbe))
    })
}

/// Closes direction marks at the end of each block, so that one paragraph can't affect the next;
/// removes marks that close nothing, and all marks within tags.
pub(super) fn with_directions_closed(html: &str) -> Cow<'_, str> {
    if !has_direction_marks(html) {
        return Cow::Borrowed(html);
    }
    let mut out = String::with_capacity(html.len() + 16);
    let mut open = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        push_directed(&mut out, &rest[..at], &mut open);
        let end = tag_end(&rest[at..]);
        let tag = &rest[at..at + end];
        if ends_direction(tag) {
            close_all(&mut out, &mut open);
        }
        out.extend(tag.chars().filter(|&character| !is_direction_mark(character)));
        rest = &rest[at + end..];
    }
    push_directed(&mut out, rest, &mut open);
    close_all(&mut out, &mut open);
    Cow::Owned(out)
}

#[allow(clippy::needless_bitwise_bool, reason = "branches would keep it from vector instructions")]
fn has_direction_marks(html: &str) -> bool {
    let bytes = html.as_bytes();
    let triples = bytes.iter().zip(bytes.iter().skip(1)).zip(bytes.iter().skip(2));
    triples.fold(false, |found, ((&first, &second), &third)| {
        let is_embedding = (second == 0x80) & (0xaa..=0xae).contains(&third);
        let is_isolate = (second == 0x81) & (0xa6..=0xa9).contains(&third);
        found | ((first == 0xe2) & (is_embedding | is_isolate))
    })
}

fn is_direction_mark(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The length of the tag at the start of `html`, respecting quotes.
fn tag_end(html: &str) -> usize {
    let mut quoted = false;
    for (at, byte) in html.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'>' if !quoted => return at + 1,
            _ => {}
        }
    }
    html.len()
}

/// Whether a tag ends the text run before it: all except phrasing elements.
fn ends_direction(tag: &str) -> bool {
    const PHRASES: [&str; 22] = [
        "a", "abbr", "b", "bdi", "cite", "code", "del", "em", "i", "img", "ins", "kbd", "label",
        "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup",
    ];
    let name = tag.trim_start_matches(['<', '/']);
    let end = name.find(|character: char| !character.is_ascii_alphanumeric()).unwrap_or(name.len());
    !PHRASES.contains(&&name[..end])
}

/// Appends text, and tracks its open direction marks.
fn push_directed(out: &mut String, text: &str, open: &mut Vec<char>) {
    const POP_ISOLATE: char = '\u{2069}';
    const POP_EMBEDDING: char = '\u{202c}';
    for character in text.chars() {
        match character {
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2068}'
                if character != POP_EMBEDDING && open.len() >= DEEPEST_DIRECTION =>
            {
                continue;
            }
            '\u{202a}' | '\u{202b}' | '\u{202d}' | '\u{202e}' => open.push(POP_EMBEDDING),
            '\u{2066}'..='\u{2068}' => open.push(POP_ISOLATE),
            POP_EMBEDDING if open.last() != Some(&POP_EMBEDDING) => continue,
            POP_EMBEDDING => drop(open.pop()),
            POP_ISOLATE => match open.iter().rposition(|&closer| closer == POP_ISOLATE) {
                Some(position) => open.truncate(position),
                None => continue,
            },
            _ => {}
        }
        out.push(character);
    }
}

fn close_all(out: &mut String, open: &mut Vec<char>) {
    while let Some(closer) = open.pop() {
        out.push(closer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forbidden_characters_are_replaced() {
        assert_eq!(
            without_controls("a\0b\u{1}c\u{85}\u{7f}é\u{a0}".into()),
            "a\u{fffd}b\u{fffd}c\u{fffd}\u{fffd}é\u{a0}"
        );
        assert_eq!(without_controls("a\r\nb\rc".into()), "a\nb\nc");
    }

    #[test]
    fn directions_end_with_their_block() {
        assert_eq!(
            with_directions_closed("<p>a\u{202e}b</p><p>c</p>"),
            "<p>a\u{202e}b\u{202c}</p><p>c</p>"
        );
        assert_eq!(
            with_directions_closed("<p>\u{2067}a <em>b</em>\u{2069} c</p>"),
            "<p>\u{2067}a <em>b</em>\u{2069} c</p>"
        );
        assert_eq!(
            with_directions_closed("<li>\u{2066}\u{202b}a<ul>"),
            "<li>\u{2066}\u{202b}a\u{202c}\u{2069}<ul>"
        );
        assert_eq!(with_directions_closed("<p>a\u{2069}\u{202c}b</p>"), "<p>ab</p>");
        assert_eq!(with_directions_closed("<img alt=\"a>\u{202e}\">"), "<img alt=\"a>\">");
    }

    #[test]
    fn isolates_left_open_by_the_thousand_stay_linear() {
        let html = "\u{2066}\u{202c}".repeat(50_000);
        assert_eq!(with_directions_closed(&html).chars().count(), 250);
    }
}
