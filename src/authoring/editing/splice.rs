//! Replacements of ranges of a text, and its lines.

use std::ops::Range;

/// A range and what stands there instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Splice {
    pub(super) range: Range<usize>,
    pub(super) new: String,
}

impl Splice {
    pub(super) fn new(range: Range<usize>, new: impl Into<String>) -> Splice {
        Splice { range, new: new.into() }
    }

    pub(super) fn insert(at: usize, new: impl Into<String>) -> Splice {
        Splice::new(at..at, new)
    }
}

/// The text with all replacements; `None` if two overlap, or one cuts a character.
pub(super) fn applied(text: &str, mut splices: Vec<Splice>) -> Option<String> {
    splices.sort_by_key(|splice| (splice.range.start, splice.range.end));
    let (mut new, mut at) = (String::with_capacity(text.len()), 0);
    for splice in splices {
        new.push_str(text.get(at..splice.range.start)?);
        new.push_str(&splice.new);
        at = splice.range.end;
    }
    new.push_str(text.get(at..)?);
    Some(new)
}

/// The line ends of new lines: as the first line's.
pub(super) fn end_of_lines(text: &str) -> &'static str {
    match text.find('\n') {
        Some(at) if text[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

/// The start of the line that holds a byte.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |found| found + 1)
}

/// The end of the line that holds a byte, with its line break.
pub(super) fn line_end(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |found| at + found + 1)
}

/// The same without its line break.
pub(super) fn text_end(text: &str, at: usize) -> usize {
    let line = &text[at..line_end(text, at)];
    at + line.trim_end_matches(['\n', '\r']).len()
}

/// The line break of the line that holds a byte, or the other one.
pub(super) fn end_at<'a>(text: &'a str, at: usize, other: &'a str) -> &'a str {
    let end = &text[text_end(text, at)..line_end(text, at)];
    if end.is_empty() { other } else { end }
}
