//! Texts of a line: names, headlines, summaries.

use super::html::{Tree, text_of};

/// A text in which characters may be written by their names, as one line.
pub(crate) fn plain(text: &str) -> String {
    one_line(&html_escape::decode_html_entities(text))
}

/// What readers see of HTML, as one line.
pub(crate) fn of_html(html: &str) -> String {
    if html.contains(['<', '&']) {
        one_line(&text_of(Tree::fragment(html).root()))
    } else {
        one_line(html)
    }
}

/// White space is one space, and characters that steer terminals are none.
pub(crate) fn one_line(text: &str) -> String {
    let words = text
        .split_whitespace()
        .map(|word| word.chars().filter(|letter| !letter.is_control()).collect::<String>());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// A part of an address without its percent signs.
pub(crate) fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}
