//! Bodies in a text area, whose line breaks are all alike: lines that were not touched keep theirs.

use std::time::Duration;

use similar::{ChangeTag, TextDiff};

/// The longest search for the smallest difference.
const PATIENCE: Duration = Duration::from_millis(300);

/// The lines of a text with their breaks, as browsers see them.
fn lines(text: &str) -> Vec<(&str, &str)> {
    let mut lines = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['\r', '\n']) {
        let end = if rest[at..].starts_with("\r\n") { 2 } else { 1 };
        lines.push((&rest[..at], &rest[at..at + end]));
        rest = &rest[at + end..];
    }
    if !rest.is_empty() {
        lines.push((rest, ""));
    }
    lines
}

/// A text as a text area shows it.
pub(super) fn in_area(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// The new text, with the old line breaks where lines are the same.
pub(super) fn with_breaks_of(old: &str, new: &str) -> String {
    let (old_lines, new) = (lines(old), in_area(new));
    let usual = old_lines.first().map_or("\n", |(_, end)| if end.is_empty() { "\n" } else { end });
    let before: Vec<&str> = old_lines.iter().map(|(words, _)| *words).collect();
    let new_lines = lines(&new);
    let after: Vec<&str> = new_lines.iter().map(|(words, _)| *words).collect();
    let diff = TextDiff::configure().timeout(PATIENCE).diff_slices(&before, &after);
    let mut text = String::with_capacity(new.len());
    for change in diff.iter_all_changes() {
        let Some(at) = change.new_index() else { continue };
        let (words, end) = new_lines[at];
        let kept = change.old_index().filter(|_| change.tag() == ChangeTag::Equal);
        let kept = kept.map(|old| old_lines[old].1).filter(|kept| !kept.is_empty());
        text.push_str(words);
        if !end.is_empty() {
            text.push_str(kept.unwrap_or(usual));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_were_not_touched_keep_their_breaks() {
        let old = "a\r\nb\nc\r\rd";
        assert_eq!(in_area(old), "a\nb\nc\n\nd");
        for (typed, wanted) in [
            ("a\nb\nc\n\nd", old),
            ("a\nB\nc\n\nd", "a\r\nB\r\nc\r\rd"),
            ("a\nb\nc\n\nd\n", "a\r\nb\nc\r\rd\r\n"),
            ("b\nc\n\nd", "b\nc\r\rd"),
            ("", ""),
        ] {
            assert_eq!(with_breaks_of(old, typed), wanted, "{typed:?}");
        }
    }
}
