//! The mark at the end of a summary: `<!-- more -->`, and its variants in other generators.

use std::ops::Range;

use super::{Edit, Survey};

/// The variants of the comment's text.
const WORDS: [&str; 6] = ["more", "truncate", "excerpt", "end_excerpt", "end-excerpt", "read more"];

/// The position of the first mark in a body.
pub(in crate::markdown) fn marker(body: &str) -> Option<Range<usize>> {
    let comments = body.match_indices("<!--").map(|(at, _)| (at, "<!--", "-->"));
    let of_mdx = body.match_indices("{/*").map(|(at, _)| (at, "{/*", "*/}"));
    comments.chain(of_mdx).find_map(|(at, open, close)| {
        let inner = super::near(body, at + open.len(), 60);
        let end = inner.find(close)?;
        let is_mark = WORDS.iter().any(|word| word.eq_ignore_ascii_case(inner[..end].trim()));
        is_mark.then(|| at..at + open.len() + end + close.len())
    })
}

pub(super) fn edits(body: &str, survey: &Survey, edits: &mut Vec<Edit>) {
    let found = marker(body).filter(|range| survey.code_at(range.start).is_none());
    edits.extend(found.map(Edit::gone));
}
