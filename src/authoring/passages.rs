//! Finds words in a text across line breaks, and replaces them.

use std::ops::Range;

/// Every occurrence of the words, in order. Any white space matches any other.
pub(super) fn find_all(text: &str, words: &str) -> Vec<Range<usize>> {
    let parts: Vec<&str> = words.split_whitespace().collect();
    let Some((first, rest)) = parts.split_first() else { return Vec::new() };
    let mut found: Vec<Range<usize>> = Vec::new();
    for (start, _) in text.match_indices(first) {
        let is_free = found.last().is_none_or(|last| last.end <= start);
        if let Some(end) = end_of(text, start + first.len(), rest).filter(|_| is_free) {
            found.push(start..end);
        }
    }
    found
}

fn end_of(text: &str, start: usize, parts: &[&str]) -> Option<usize> {
    parts.iter().try_fold(start, |at, part| {
        let rest = &text[at..];
        let next = rest.trim_start();
        let space = rest.len() - next.len();
        (space > 0 && next.starts_with(part)).then(|| at + space + part.len())
    })
}

/// Replaces these places, which are in order.
pub(super) fn replaced(
    text: &str,
    places: &[Range<usize>],
    new: impl Fn(&Range<usize>) -> String,
) -> String {
    let mut result = String::with_capacity(text.len());
    let mut at = 0;
    for place in places {
        result.push_str(&text[at..place.start]);
        result.push_str(&new(place));
        at = place.end;
    }
    result.push_str(&text[at..]);
    result
}

/// Line and column of a place, both from 1.
pub(super) fn line_and_column(text: &str, at: usize) -> (usize, usize) {
    let before = &text[..at];
    let line_start = before.rfind('\n').map_or(0, |end| end + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_across_lines_and_once_each() {
        assert_eq!(find_all("a John\r\n  Doe, John Doe", "John Doe"), [2..13, 15..23]);
        assert_eq!(find_all("aaaa", "aa"), [0..2, 2..4]);
        assert!(find_all("John", "John Doe").is_empty() && find_all("a", " ").is_empty());
        assert_eq!(find_all("Łódź Łódź", "Łódź"), [0..7, 8..15]);
        assert_eq!(line_and_column("é\nab", 4), (2, 2));
    }
}
