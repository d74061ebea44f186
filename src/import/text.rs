//! Plain texts: names, headlines and summaries on one line, and paragraphs.

use super::html::{Tree, text_of};

/// Decodes entities, on one line.
pub(crate) fn plain(text: &str) -> String {
    one_line(&html_escape::decode_html_entities(text))
}

/// The visible text of HTML, on one line.
pub(crate) fn of_html(html: &str) -> String {
    if html.contains(['<', '&']) {
        one_line(&text_of(Tree::fragment(html).root()))
    } else {
        one_line(html)
    }
}

/// Collapses white space, and removes control characters.
pub(crate) fn one_line(text: &str) -> String {
    let words = text
        .split_whitespace()
        .map(|word| word.chars().filter(|letter| !letter.is_control()).collect::<String>());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Decodes percent-encoding.
pub(crate) fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// A text of several lines as HTML: empty lines separate paragraphs.
pub(crate) fn paragraphs(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let paragraphs = text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty());
    let written = paragraphs.map(|paragraph| {
        let lines = html_escape::encode_text(paragraph).replace('\n', "<br>\n");
        format!("<p>{lines}</p>\n")
    });
    written.collect()
}
