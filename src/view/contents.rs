//! The table of contents of a long text, read from its own headings as the writer wrote them.

use crate::view::value::{Value, view};

/// A shorter text has none.
const LONG: usize = 6000;

/// Neither has one with fewer sections.
const SECTIONS: usize = 4;

/// The sections of a text: id and title of each of its headings of the second level; none for a short
/// text.
pub(crate) fn contents(html: &str) -> Vec<Value> {
    if html.len() < LONG {
        return Vec::new();
    }
    let headings = html.match_indices("<h2 id=\"").filter_map(|(at, start)| {
        let heading = &html[at + start.len()..];
        let heading = &heading[..heading.find("</h2>")?];
        let (id, rest) = heading.split_once('"')?;
        let (_, label) = rest.rsplit_once("<a class=\"anchor\"")?;
        let (_, label) = label.split_once("aria-label=\"")?;
        let (_, title) = label.split_once('"')?.0.split_once(": ")?;
        let title = html_escape::decode_html_entities(title);
        Some(view!({ "id": id, "title": title.as_ref() }))
    });
    let sections: Vec<Value> = headings.collect();
    if sections.len() < SECTIONS { Vec::new() } else { sections }
}
