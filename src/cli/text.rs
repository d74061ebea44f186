//! Makes text safe for a terminal or a log.
//!
//! All that commands print goes through here. Control characters, and those that turn the direction of a
//! line or break it, are shown, never sent.

use std::fmt::Write as _;

/// Writes control characters as `\u001b`, which is valid JSON. Line breaks and tabs are kept.
pub(super) fn without_controls(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if is_control(character) {
            // Writing to a String can't fail.
            let _ = write!(shown, "\\u{:04x}", u32::from(character));
        } else {
            shown.push(character);
        }
    }
    shown
}

/// Whether a character does something to a terminal or to the order of a line instead of being seen.
fn is_control(character: char) -> bool {
    (character.is_control() && !matches!(character, '\n' | '\t'))
        || matches!(character, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The same, but for the colours of a drawing of ours.
pub(super) fn drawn(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for (number, part) in text.split("\u{1b}[").enumerate() {
        let colour = part.find('m').filter(|end| part[..*end].bytes().all(is_of_colour));
        match (number, colour) {
            (0, _) => shown.push_str(&without_controls(part)),
            (_, Some(end)) => {
                shown.push_str("\u{1b}[");
                shown.push_str(&part[..=end]);
                shown.push_str(&without_controls(&part[end + 1..]));
            }
            (_, None) => {
                shown.push_str("\\u001b[");
                shown.push_str(&without_controls(part));
            }
        }
    }
    shown
}

fn is_of_colour(byte: u8) -> bool {
    byte.is_ascii_digit() || byte == b';'
}

/// Text of other programs with several lines: indents all but the first, so that none looks like
/// ours.
pub(super) fn quoted(text: &str) -> String {
    text.trim_end().replace("\r\n", "\n").replace('\n', "\n  | ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_control_character_is_sent() {
        assert_eq!(
            without_controls("a\u{1b}[31mb\u{7f}c\u{9b}d\re\n\tf"),
            "a\\u001b[31mb\\u007fc\\u009bd\\u000de\n\tf"
        );
        assert_eq!(without_controls("a\u{202e}b\u{2028}c\u{2067}"), "a\\u202eb\\u2028c\\u2067");
        let json = serde_json::to_string("a\u{1b}\u{9b}").unwrap_or_default();
        let read: Option<String> = serde_json::from_str(&without_controls(&json)).ok();
        assert_eq!(read.as_deref(), Some("a\u{1b}\u{9b}"));
    }

    #[test]
    fn a_drawing_keeps_its_colours_and_nothing_else() {
        let text = "\u{1b}[1;31merror\u{1b}[0m: \u{1b}[2J\u{1b}]0;x\u{7}";
        assert_eq!(drawn(text), "\u{1b}[1;31merror\u{1b}[0m: \\u001b[2J\\u001b]0;x\\u0007");
    }

    #[test]
    fn further_lines_are_marked() {
        assert_eq!(quoted("x\n::error::y\n"), "x\n  | ::error::y");
    }
}
