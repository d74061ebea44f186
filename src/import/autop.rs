//! Classic `WordPress` text as HTML: empty lines separate paragraphs, and line ends are breaks.
//!
//! Text inside block elements (`<p>`, `<li>`, `<td>` …) is unchanged.

use super::html::{is_block, is_void};

/// Adds paragraphs to text outside blocks.
pub(crate) fn paragraphs(text: &str) -> String {
    let mut writer =
        Writer { html: String::with_capacity(text.len() + text.len() / 8), open: Vec::new() };
    let mut run = 0;
    let mut at = 0;
    while let Some(tag) = next_tag(text, at) {
        at = tag.end;
        if !tag.parts_paragraphs() || tag.name.is_empty() && !is_alone(text, &tag) {
            continue;
        }
        writer.words(&text[run..tag.start]);
        if tag.holds_raw_text() {
            at = end_of_raw_text(text, &tag);
            writer.html.push_str(&text[tag.start..at]);
        } else {
            writer.block(&tag, &text[tag.start..tag.end]);
        }
        run = at;
    }
    writer.words(&text[run..]);
    writer.html
}

/// A tag or a comment in a text.
struct Tag {
    start: usize,
    end: usize,
    /// In lower case; empty for a comment.
    name: String,
    closes: bool,
}

impl Tag {
    fn parts_paragraphs(&self) -> bool {
        self.name.is_empty() || is_block(&self.name) || self.holds_raw_text()
    }

    fn holds_raw_text(&self) -> bool {
        !self.closes && matches!(self.name.as_str(), "pre" | "script" | "style" | "textarea")
    }
}

/// Whether a comment stands alone on its line; another one is part of a paragraph.
fn is_alone(text: &str, comment: &Tag) -> bool {
    let before = text[..comment.start].trim_end_matches([' ', '\t']);
    let after = text[comment.end..].trim_start_matches([' ', '\t', '\r']);
    (before.is_empty() || before.ends_with(['\n', '>']))
        && (after.is_empty() || after.starts_with(['\n', '<']))
}

/// The next tag or comment at or after a position.
fn next_tag(text: &str, from: usize) -> Option<Tag> {
    let mut at = from;
    loop {
        let start = at + text[at..].find('<')?;
        let rest = &text[start..];
        at = start + 1;
        if rest.starts_with("<!--") {
            let end = rest.find("-->").map_or(text.len(), |end| start + end + 3);
            return Some(Tag { start, end, name: String::new(), closes: false });
        }
        let closes = rest.starts_with("</");
        let name: String = rest[if closes { 2 } else { 1 }..]
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .take(16)
            .collect();
        if name.starts_with(|first: char| first.is_ascii_alphabetic()) {
            let end = rest.find('>').map_or(text.len(), |end| start + end + 1);
            return Some(Tag { start, end, name: name.to_ascii_lowercase(), closes });
        }
    }
}

/// The end of an element with raw or preformatted text.
fn end_of_raw_text(text: &str, tag: &Tag) -> usize {
    let closing = format!("</{}", tag.name);
    let rest = &text.as_bytes()[tag.end..];
    let found = rest
        .windows(closing.len())
        .position(|window| window.eq_ignore_ascii_case(closing.as_bytes()));
    found.map_or(text.len(), |found| {
        let start = tag.end + found;
        text[start..].find('>').map_or(text.len(), |end| start + end + 1)
    })
}

struct Writer {
    html: String,
    /// Open block elements.
    open: Vec<String>,
}

impl Writer {
    fn block(&mut self, tag: &Tag, text: &str) {
        self.html.push_str(text);
        if tag.name.is_empty() || is_void(&tag.name) {
            return;
        }
        if !tag.closes {
            self.end_paragraph();
            self.open.push(tag.name.clone());
        } else if let Some(at) = self.open.iter().rposition(|name| *name == tag.name) {
            self.open.truncate(at);
        }
    }

    /// A block ends an open paragraph, as an empty line does.
    fn end_paragraph(&mut self) {
        if self.open.last().is_some_and(|name| name == "p") {
            self.open.pop();
        }
    }

    /// Text between two blocks.
    fn words(&mut self, text: &str) {
        let is_grouped = match self.open.last().map(String::as_str) {
            None => true,
            Some("blockquote") => true,
            Some("div" | "section" | "article" | "center" | "body" | "li" | "dd") => {
                has_empty_line(text)
            }
            Some("p") => return self.rest_of_paragraph(text),
            Some(_) => false,
        };
        if is_grouped {
            self.paragraphs(text);
        } else {
            self.html.push_str(text);
        }
    }

    /// Text of a paragraph with a tag of its own; what follows an empty line needs new ones.
    fn rest_of_paragraph(&mut self, text: &str) {
        let mut paragraphs = split_at_empty_lines(text);
        let (Some(first), Some(_)) = (paragraphs.next(), paragraphs.next()) else {
            return self.html.push_str(text);
        };
        let start = text.len() - text.trim_ascii_start().len();
        let (own, rest) = text.split_at(start + first.len());
        self.html.push_str(own);
        self.html.push('\n');
        self.end_paragraph();
        self.paragraphs(rest);
    }

    fn paragraphs(&mut self, text: &str) {
        for paragraph in split_at_empty_lines(text) {
            self.html.push_str("<p>");
            self.html.push_str(&with_line_breaks(paragraph));
            self.html.push_str("</p>\n");
        }
    }
}

fn has_empty_line(text: &str) -> bool {
    split_at_empty_lines(text).nth(1).is_some()
}

/// Splits a text at blank lines.
fn split_at_empty_lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_matches(|letter: char| letter.is_ascii_whitespace());
        if rest.is_empty() {
            return None;
        }
        let mut at = 0;
        for line in rest.split_inclusive('\n') {
            if line.trim_matches(|letter: char| letter.is_ascii_whitespace()).is_empty() {
                break;
            }
            at += line.len();
        }
        let (paragraph, after) = rest.split_at(at);
        rest = after;
        Some(paragraph.trim_end())
    })
}

/// Adds a break to each line without one.
fn with_line_breaks(paragraph: &str) -> String {
    let mut html = String::with_capacity(paragraph.len() + 16);
    let mut lines = paragraph.lines().peekable();
    while let Some(line) = lines.next() {
        html.push_str(line);
        if lines.peek().is_none() {
            break;
        }
        let end = line.trim_end().to_ascii_lowercase();
        let has_break = end.ends_with("<br>") || end.ends_with("<br/>") || end.ends_with("<br />");
        html.push_str(if has_break || is_inside_tag(line) { "\n" } else { "<br>\n" });
    }
    html
}

/// Whether a line ends inside a tag.
fn is_inside_tag(line: &str) -> bool {
    let opening = line.rfind('<').filter(|at| {
        line[at + 1..].starts_with(|first: char| first.is_ascii_alphabetic() || first == '/')
    });
    opening.is_some_and(|at| !line[at..].contains('>'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn becomes(text: &str, html: &str) {
        assert_eq!(paragraphs(text).replace('\n', ""), html, "{text}");
    }

    #[test]
    fn empty_lines_part_paragraphs_and_line_ends_break_lines() {
        becomes("one\ntwo\n\nthree", "<p>one<br>two</p><p>three</p>");
        becomes("one\r\n\r\n \r\ntwo", "<p>one</p><p>two</p>");
        becomes("one<br />\ntwo", "<p>one<br />two</p>");
        becomes("<a\nhref='x'>one</a>", "<p><a href='x'>one</a></p>".replace("a h", "ah").as_str());
    }

    #[test]
    fn blocks_stay_and_the_text_between_them_gets_paragraphs() {
        becomes(
            "one\n<ul>\n<li>a\n\nb</li>\n</ul>\ntwo",
            "<p>one</p><ul><li><p>a</p><p>b</p></li></ul><p>two</p>",
        );
        becomes("<p>ready\nmade</p>\n\n<p>two</p>", "<p>readymade</p><p>two</p>");
        becomes(
            "<blockquote>said\n\nmore</blockquote>",
            "<blockquote><p>said</p><p>more</p></blockquote>",
        );
        becomes("<h2>Head</h2>\ntext", "<h2>Head</h2><p>text</p>");
    }

    #[test]
    fn code_keeps_its_lines() {
        assert_eq!(paragraphs("<pre>a\n\nb</pre>"), "<pre>a\n\nb</pre>");
        assert_eq!(paragraphs("<PRE>a\n\n<b>c"), "<PRE>a\n\n<b>c");
    }

    #[test]
    fn an_unclosed_paragraph_ends_at_an_empty_line_or_a_block() {
        becomes("<p>one\n\ntwo\n\nthree", "<p>one<p>two</p><p>three</p>");
        becomes("<P>one<P>two\n\nthree", "<P>one<P>two<p>three</p>");
        becomes("<p>one<div>two</div>three\n\nfour", "<p>one<div>two</div><p>three</p><p>four</p>");
        becomes("<p>\n\none</p>\n\ntwo", "<p>one</p><p>two</p>");
    }

    #[test]
    fn a_comment_on_its_own_line_parts_paragraphs() {
        becomes("one\n<!--more-->\ntwo", "<p>one</p><!--more--><p>two</p>");
        becomes("one <!-- c --> two", "<p>one <!-- c --> two</p>");
    }
}
