//! The text of a body without markup, for lists, feeds and cards.

use pulldown_cmark::{Event, Tag, TagEnd};

use super::dialects::marker;
use super::policy::{self, Policy};
use super::quotes::Events;
use super::shortcodes::Prepared;
use super::tokens::{self, Token};
use super::{MarkdownOptions, Outline};

/// How much of a body is searched for its first heading and paragraph.
const READ_AT_MOST: usize = 64 * 1024;

/// Finds the first heading and the first paragraph with words.
pub fn outline(body: &str, options: &MarkdownOptions) -> Outline {
    let beginning = beginning(body);
    let prepared = Prepared::new(beginning, options);
    let mut reader = Reader::new(&prepared);
    for (event, _) in Events::new(prepared.text(), options) {
        reader.read(event);
        if reader.outline.first_heading.is_some() && reader.outline.first_paragraph.is_some() {
            break;
        }
    }
    let mut outline = reader.finish();
    outline.marked_summary = marker(beginning)
        .map(|mark| paragraphs(&beginning[..mark.start], options))
        .filter(|summary| has_words(summary));
    outline
}

/// The words of all paragraphs.
fn paragraphs(text: &str, options: &MarkdownOptions) -> String {
    let prepared = Prepared::new(text, options);
    let mut reader = Reader::new(&prepared);
    let mut all: Vec<String> = Vec::new();
    for (event, _) in Events::new(prepared.text(), options) {
        reader.read(event);
        all.extend(reader.outline.first_paragraph.take());
    }
    all.join(" ")
}

/// The first lines of a body, up to the limit.
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
    /// Text in raw HTML: used if Markdown has no paragraph.
    raw_words: String,
    /// The start of the current block in it.
    raw_block: usize,
    /// An open inline `<script>` or `<style>`, and the start of its text.
    cut: Option<(String, usize)>,
    has_text: bool,
    in_heading: bool,
    in_paragraph: bool,
    /// Nesting of lists, tables and footnotes: their content is no first paragraph.
    aside: usize,
    /// Nesting of images: their text is used as text.
    images: usize,
}

impl<'a> Reader<'a> {
    fn new(prepared: &'a Prepared<'a>) -> Reader<'a> {
        Reader {
            prepared,
            outline: Outline::default(),
            words: String::new(),
            raw_words: String::new(),
            raw_block: 0,
            cut: None,
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
            Event::InlineHtml(html) => self.inline_html(&html),
            Event::SoftBreak | Event::HardBreak => self.words.push(' '),
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'a>) {
        match tag {
            Tag::Heading { .. } => {
                self.in_heading = true;
                self.begin_words();
            }
            Tag::Paragraph => {
                self.in_paragraph = self.aside == 0;
                self.begin_words();
            }
            Tag::HtmlBlock => self.raw_block = self.raw_words.len(),
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
                if self.outline.first_paragraph.is_none() && self.aside == 0 {
                    let block = &self.raw_words[self.raw_block..];
                    let words = first_raw_paragraph(block, self.prepared);
                    keep_first(&mut self.outline.first_paragraph, &words.unwrap_or_default());
                }
                self.raw_words.push('\n');
            }
            TagEnd::Image => self.images = self.images.saturating_sub(1),
            TagEnd::List(_) | TagEnd::Table | TagEnd::FootnoteDefinition => {
                self.aside = self.aside.saturating_sub(1);
            }
            _ => {}
        }
    }

    fn begin_words(&mut self) {
        self.words.clear();
        self.cut = None;
    }

    /// A tag inside a paragraph. A script's content is not shown, so it is not text.
    fn inline_html(&mut self, html: &str) {
        let token = tokens::single(html);
        match &token {
            Some(Token::Start(tag)) if is_cut(&tag.name) && self.cut.is_none() => {
                self.cut = Some((tag.name.clone(), self.words.len()));
            }
            Some(Token::End(name, _)) if is_cut(name) => {
                if let Some((_, start)) = self.cut.take_if(|(open, _)| open == name) {
                    self.words.truncate(start);
                }
            }
            Some(token) => match effect(token) {
                TagEffect::Nothing => {}
                TagEffect::Space | TagEffect::Break => self.words.push(' '),
                TagEffect::Words => self.text(html),
            },
            None => {}
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

/// Whether the content of a raw-text element is shown as text.
fn is_shown(name: &str) -> bool {
    !is_cut(name) && policy::element(name) != Policy::Embed
}

fn keep_first(kept: &mut Option<String>, words: &str) {
    if kept.is_none() && has_words(words) {
        *kept = Some(words.split_whitespace().collect::<Vec<_>>().join(" "));
    }
}

fn has_words(text: &str) -> bool {
    text.contains(char::is_alphanumeric)
}

/// The text of the first paragraph in a block of raw HTML, not in lists, tables or captions.
fn first_raw_paragraph(html: &str, prepared: &Prepared<'_>) -> Option<String> {
    const ASIDE: [&str; 5] = ["li", "td", "th", "figcaption", "dd"];
    let (mut aside, mut inside, mut words) = (0usize, false, String::new());
    for token in tokens::tokenize(html).unwrap_or_default() {
        match token {
            Token::Start(tag) if ASIDE.contains(&tag.name.as_str()) => aside += 1,
            Token::End(name, _) if ASIDE.contains(&name.as_str()) => {
                aside = aside.saturating_sub(1);
            }
            Token::Start(tag) if tag.name == "p" && aside == 0 => {
                if has_words(&words) {
                    break;
                }
                inside = true;
                words.clear();
            }
            Token::End(name, _) if name == "p" && inside => {
                inside = false;
                if has_words(&words) {
                    break;
                }
            }
            Token::Start(tag) if tag.name == "br" => words.push(' '),
            Token::Text(range) if inside => words.push_str(&prepared.without_tags(&html[range])),
            _ => {}
        }
    }
    has_words(&words).then(|| html_escape::decode_html_entities(&words).into_owned())
}

/// Whether an element is removed with its content.
fn is_cut(name: &str) -> bool {
    matches!(name, "script" | "style")
}

/// The effect of a raw HTML tag on the text around it.
enum TagEffect {
    /// None.
    Nothing,
    /// It separates words.
    Space,
    /// It separates blocks.
    Break,
    /// It is no tag, but text in angle brackets.
    Words,
}

fn effect(token: &Token) -> TagEffect {
    let name = match token {
        Token::Start(tag) => tag.name.as_str(),
        Token::End(name, _) => name.as_str(),
        _ => return TagEffect::Nothing,
    };
    match policy::element(name) {
        Policy::Text => TagEffect::Words,
        Policy::Keep("br") => TagEffect::Space,
        Policy::Keep("del" | "ins" | "ruby" | "rt" | "rp" | "wbr") => TagEffect::Nothing,
        Policy::Keep(name) if !policy::is_formatting(name) => TagEffect::Break,
        _ => TagEffect::Nothing,
    }
}

/// The text of raw HTML; blocks are separated by blank lines.
fn plain(html: &str, prepared: &Prepared<'_>) -> String {
    let mut words = String::new();
    for token in tokens::tokenize(html).unwrap_or_default() {
        match &token {
            Token::Text(range) => words.push_str(&prepared.without_tags(&html[range.clone()])),
            Token::Element(tag, range) if is_shown(&tag.name) => {
                let content = html.get(tag.range.end..range.end).unwrap_or_default();
                words.push_str(content.rfind("</").map_or(content, |end| &content[..end]));
            }
            token => match effect(token) {
                TagEffect::Nothing => {}
                TagEffect::Space => words.push(' '),
                TagEffect::Break => words.push_str("\n\n"),
                TagEffect::Words => words.push_str(&html_escape::encode_text(&html[token.range()])),
            },
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
    fn the_words_are_those_that_the_page_shows() {
        for (body, words) in [
            ("Hello <script>alert(1)</script>", "Hello"),
            ("Hello <style>p{}</style>there", "Hello there"),
            ("Hello <SCRIPT src=x>alert(1)</SCRIPT>**you**", "Hello you"),
            ("Hello <script>never closed", "Hello never closed"),
            ("one<br>two<br/>three", "one two three"),
            ("one<wbr>two <b>th</b>ree", "onetwo three"),
            ("<p>one<br>two</p>", "one two"),
            ("<div>one<script>alert(1)</script>\n</div>", "one"),
            ("<p>one</p><p>two</p>", "one"),
            ("write to <your name here>, please", "write to <your name here>, please"),
            ("one</p><p>two", "one two"),
            ("北京今天举行\n会议", "北京今天举行会议"),
            ("今日は\nカタカナ", "今日はカタカナ"),
            ("会议。\n北京", "会议。北京"),
            ("> 北京\n> 会议", "北京会议"),
            ("오늘\n내일", "오늘 내일"),
            ("北京\nBeijing", "北京 Beijing"),
        ] {
            assert_eq!(first(body).1.as_deref(), Some(words), "{body}");
        }
        assert_eq!(first("# one<br>two\n").0.as_deref(), Some("one two"));
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
