//! Escaping: the only way to write text into HTML.
//!
//! Writing to a `String` can't fail, so results are ignored.

use pulldown_cmark_escape::{escape_href, escape_html, escape_html_body_text};

/// Appends text between tags.
pub(super) fn push_text(out: &mut String, text: &str) {
    let _ = escape_html_body_text(&mut *out, text);
}

/// Appends text inside a double-quoted attribute.
pub(super) fn push_attribute(out: &mut String, text: &str) {
    let _ = escape_html(&mut *out, text);
}

/// Appends an address inside a double-quoted attribute, percent-encoded where needed.
pub(super) fn push_address(out: &mut String, address: &str) {
    let _ = escape_href(&mut *out, address);
}

/// Appends a number, without the cost of formatting macros: every paragraph has some.
pub(super) fn push_number(out: &mut String, number: usize) {
    if number >= 10 {
        push_number(out, number / 10);
    }
    out.push(char::from_digit((number % 10).try_into().unwrap_or(0), 10).unwrap_or('0'));
}

/// The start of an untrusted text, for messages.
pub(super) fn excerpt(text: &str) -> String {
    const LONGEST: usize = 80;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
