//! The words of a body without its markup: what lists, feeds and cards show.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::shortcodes::Prepared;
use super::tokens::{self, Token};
use super::{MarkdownOptions, Outline, dialect};

/// How much of a body is read for its first heading and paragraph.
const READ_AT_MOST: usize = 64 * 1024;

/// Finds the first heading and the first paragraph with words.
pub fn outline(body: &str, options: &MarkdownOptions) -> Outline {
    let prepared = Prepared::new(beginning(body));
    let mut reader = Reader::new(&prepared);
    for event in Parser::new_ext(prepared.text(), dialect(options.smart_punctuation)) {
        reader.read(event);
        if reader.outline.first_heading.is_some() && reader.outline.first_paragraph.is_some() {
            break;
        }
    }
    reader.finish()
}

/// A body's first lines, as many as are read.
fn beginning(body: &str) -> &str {
    if body.len() <= READ_AT_MOST {
        return body;
    }
    let mut end = READ_AT_MOST;
    while !body.is_char_boundary(end) {
        end -= 1;
    }
    let end = body[..end].rfind('\n').map_or(end, |line| line + 1);
    &body[..end]
}

struct Reader<'a> {
    prepared: &'a Prepared<'a>,
    outline: Outline,
    words: String,
    /// The words of raw HTML: a paragraph where Markdown has none.
    raw_words: String,
    has_text: bool,
    in_heading: bool,
    in_paragraph: bool,
    /// Lists, tables and footnotes around: what they hold is no first paragraph.
    aside: usize,
    /// Images around: their text is shown when they are not.
    images: usize,
}

impl<'a> Reader<'a> {
    fn new(prepared: &'a Prepared<'a>) -> Reader<'a> {
        Reader {
            prepared,
            outline: Outline::default(),
            words: String::new(),
            raw_words: String::new(),
            has_text: false,
            in_heading: false,
            in_paragraph: false,
            aside: 0,
            images: 0,
        }
    }

    fn read(&mut self, event: Event<'a>) {
        match event {
            Event::Start(tag) => self.start(&tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Code(text) => self.text(&text),
            Event::Html(html) => self.raw_words.push_str(&html),
            Event::SoftBreak | Event::HardBreak => self.words.push(' '),
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'a>) {
        match tag {
            Tag::Heading { .. } => {
                self.in_heading = true;
                self.words.clear();
            }
            Tag::Paragraph => {
                self.in_paragraph = self.aside == 0;
                self.words.clear();
            }
            Tag::Image { .. } => self.images += 1,
            Tag::List(_) | Tag::Table(_) | Tag::FootnoteDefinition(_) => self.aside += 1,
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) => {
                self.in_heading = false;
                keep_first(&mut self.outline.first_heading, &self.words);
            }
            TagEnd::Paragraph if self.in_paragraph => {
                self.in_paragraph = false;
                keep_first(&mut self.outline.first_paragraph, &self.words);
            }
            TagEnd::HtmlBlock => {
                self.raw_words.push('\n');
            }
            TagEnd::Image => self.images = self.images.saturating_sub(1),
            TagEnd::List(_) | TagEnd::Table | TagEnd::FootnoteDefinition => {
                self.aside = self.aside.saturating_sub(1);
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.images > 0 {
            return;
        }
        let text = self.prepared.without_tags(text);
        self.has_text = self.has_text || has_words(&text);
        if self.in_heading || self.in_paragraph {
            self.words.push_str(&text);
        }
    }

    fn finish(mut self) -> Outline {
        let raw = plain(&self.raw_words, self.prepared);
        if self.outline.first_paragraph.is_none() {
            keep_first(
                &mut self.outline.first_paragraph,
                raw.trim().split("\n\n").next().unwrap_or_default(),
            );
        }
        self.outline.is_empty = !self.has_text && !has_words(&raw);
        self.outline
    }
}

fn keep_first(kept: &mut Option<String>, words: &str) {
    if kept.is_none() && has_words(words) {
        *kept = Some(words.split_whitespace().collect::<Vec<_>>().join(" "));
    }
}

fn has_words(text: &str) -> bool {
    text.contains(char::is_alphanumeric)
}

/// The text of raw HTML; blocks of it are set apart by blank lines.
fn plain(html: &str, prepared: &Prepared<'_>) -> String {
    let mut words = String::new();
    for token in tokens::tokenize(html).unwrap_or_default() {
        match token {
            Token::Text(range) => words.push_str(&prepared.without_tags(&html[range])),
            Token::End(name, _)
                if matches!(name.as_str(), "p" | "div" | "h1" | "h2" | "h3" | "li" | "td") =>
            {
                words.push_str("\n\n");
            }
            Token::Start(tag) if tag.name == "br" => words.push(' '),
            _ => {}
        }
    }
    html_escape::decode_html_entities(&words).into_owned()
}

#[cfg(test)]
mod tests {
    use super::super::testing::options;
    use super::*;

    fn first(body: &str) -> (Option<String>, Option<String>) {
        let outline = outline(body, &options());
        (outline.first_heading, outline.first_paragraph)
    }

    #[test]
    fn only_words_are_left() {
        let body = "![Logo](a.png)\n\n{{ box() }}\n\n# The *news* of `today` {{ box() }}\n\nRead [this](x.md)[^1],\n<b>now</b>! {{< ref >}}\n\n[^1]: Note.\n";
        let (heading, paragraph) = first(body);
        assert_eq!(heading.as_deref(), Some("The news of today"));
        assert_eq!(paragraph.as_deref(), Some("Read this, now!"));
    }

    #[test]
    fn asides_are_no_first_paragraph() {
        let (heading, paragraph) =
            first("[^1]: Note.\n\n- one\n\n- two\n\n| a |\n|---|\n| b |\n\nWords[^1].");
        assert_eq!((heading, paragraph.as_deref()), (None, Some("Words.")));
    }

    #[test]
    fn raw_html_has_words_too() {
        let (_, paragraph) = first("<p>One &amp; <b>two</b>.</p>\n<p>Three.</p>\n");
        assert_eq!(paragraph.as_deref(), Some("One & two."));
    }

    #[test]
    fn emptiness() {
        let is_empty = |body| outline(body, &options()).is_empty;
        assert!(is_empty(""));
        assert!(is_empty("![x](a.png)\n\n{{ box() }}\n\n***\n"));
        assert!(!is_empty("- a"));
        assert!(!is_empty("<p>a</p>"));
        assert!(!is_empty("`a`"));
    }

    #[test]
    fn only_the_beginning_is_read() {
        let body = "- x\n".repeat(40_000) + "\nLate.";
        assert_eq!(first(&body), (None, None));
        assert!(beginning(&"é".repeat(40_000)).len() <= READ_AT_MOST);
    }
}
