//! Paragraphs, headings, quotes, lists, tables and code blocks.

use std::ops::Range;

use pulldown_cmark::{
    Alignment, BlockQuoteKind, CodeBlockKind, CowStr, Event, HeadingLevel, Parser, Tag, TagEnd,
};

use crate::base::choices::RawHtml;
use crate::markdown::dialect;
use crate::markdown::escape::{push_attribute, push_number, push_text};
use crate::markdown::writer::{Close, DEEPEST, Events, Heading, Leaf, Writer};

impl<'a> Writer<'a> {
    pub(crate) fn start_paragraph(&mut self, range: Range<usize>, events: &mut Events<'a>) {
        self.block_start();
        let tags = self.prepared.only_tags(range.clone());
        if !tags.is_empty() {
            self.paragraph_of_tags(&tags);
            events.by_ref().find(|(event, _)| matches!(event, Event::End(TagEnd::Paragraph)));
            return;
        }
        let is_numbered = self.unnumbered == 0;
        self.leaf = Leaf { start: self.out.len(), is_numbered, source: range, ..Leaf::default() };
        if is_numbered {
            self.paragraphs += 1;
            self.out.push_str("<p id=\"p");
            push_number(&mut self.out, self.paragraphs);
            self.out.push_str("\">");
            let words = &self.options.words.paragraph_link;
            push_paragraph_link(&mut self.out, words, self.paragraphs);
        } else {
            self.out.push_str("<p>");
        }
        self.leaf.text = self.out.len();
        self.stack.push(Close::Paragraph);
    }

    /// Ends a paragraph. One that shows nothing is left out. It is kept without a number where an id
    /// stands in it, or trusted tags, which a style sheet may show: a number that leads to an empty
    /// line could not be cited.
    pub(crate) fn end_paragraph(&mut self) {
        let Leaf { start, text, is_numbered, .. } = self.leaf;
        if is_numbered && self.out.get(text..).is_some_and(shows_nothing) {
            self.paragraphs -= 1;
            let kept = self.out.split_off(text);
            self.out.truncate(start);
            let is_trusted = self.options.raw_html == RawHtml::Trust && kept.contains('<');
            if !is_trusted && !kept.contains(" id=\"") {
                return;
            }
            self.out.push_str("<p>");
            self.out.push_str(&kept);
        }
        self.out.push_str("</p>\n");
    }

    pub(crate) fn start_heading(&mut self, level: HeadingLevel) {
        self.block_start();
        self.heading = Some(Heading { start: self.out.len(), text: String::new(), id: None });
        self.stack.push(Close::Heading(self.shifted(level)));
    }

    fn shifted(&self, level: HeadingLevel) -> usize {
        let level = (level as isize + self.heading_shift).clamp(1, 6);
        usize::try_from(level).unwrap_or(6)
    }

    /// The id depends on the heading's text, so the start tag is inserted at its end.
    pub(crate) fn end_heading(&mut self, level: usize) {
        let Some(Heading { start, text, id }) = self.heading.take() else { return };
        let text = text.trim();
        let id = self.anchors.heading(id.as_deref().unwrap_or(text));
        let mut open = String::with_capacity(16 + id.len());
        open.push_str("<h");
        push_number(&mut open, level);
        open.push_str(" id=\"h-");
        push_attribute(&mut open, &id);
        open.push_str("\">");
        self.out.insert_str(start, &open);
        self.out.push_str(" <a class=\"anchor\" href=\"#h-");
        push_attribute(&mut self.out, &id);
        self.out.push_str("\" aria-label=\"");
        push_attribute(&mut self.out, &self.options.words.heading_link);
        self.out.push_str(": ");
        push_attribute(&mut self.out, text);
        self.out.push_str("\">#</a></h");
        push_number(&mut self.out, level);
        self.out.push_str(">\n");
        self.close_pending_raw();
    }

    /// Adds to the current heading's text, for its id.
    pub(crate) fn note_heading_text(&mut self, text: &str) {
        if let Some(heading) = &mut self.heading {
            heading.text.push_str(text);
        }
    }

    /// Gives the heading being written an id of its own; false where there is none.
    pub(crate) fn give_heading_id(&mut self, id: &str) -> bool {
        let heading = self.heading.as_mut();
        heading.map(|heading| heading.id = Some(id.to_owned())).is_some()
    }

    /// The length of the heading's text.
    pub(crate) fn heading_text_length(&self) -> usize {
        self.heading.as_ref().map_or(0, |heading| heading.text.len())
    }

    /// Truncates the heading's text.
    pub(crate) fn truncate_heading_text(&mut self, length: usize) {
        if let Some(heading) = &mut self.heading {
            heading.text.truncate(length);
        }
    }

    pub(crate) fn start_quote(&mut self, kind: Option<BlockQuoteKind>) {
        self.block_start();
        if !self.may_nest() {
            return self.stack.push(Close::Nothing);
        }
        self.enter_container();
        let Some(kind) = kind else {
            self.out.push_str("<blockquote>\n");
            return self.stack.push(Close::Container("</blockquote>\n"));
        };
        let (class, title) = match kind {
            BlockQuoteKind::Note => ("note", 0),
            BlockQuoteKind::Tip => ("tip", 1),
            BlockQuoteKind::Important => ("important", 2),
            BlockQuoteKind::Warning => ("warning", 3),
            BlockQuoteKind::Caution => ("caution", 4),
        };
        self.out.push_str("<div class=\"alert alert-");
        self.out.push_str(class);
        self.out.push_str("\">\n");
        if !self.options.words.alerts[title].is_empty() {
            self.out.push_str("<p class=\"alert-title\">");
            push_text(&mut self.out, &self.options.words.alerts[title]);
            self.out.push_str("</p>\n");
        }
        self.stack.push(Close::Container("</div>\n"));
    }

    pub(crate) fn start_list(&mut self, start: Option<u64>) {
        self.block_start();
        // An item adds one level.
        if self.depth() + 1 >= DEEPEST {
            return self.stack.push(Close::Nothing);
        }
        self.unnumbered += 1;
        let close = match start {
            None => {
                self.out.push_str("<ul>\n");
                "</ul>\n"
            }
            Some(1) => {
                self.out.push_str("<ol>\n");
                "</ol>\n"
            }
            Some(start) => {
                self.out.push_str("<ol start=\"");
                push_number(&mut self.out, usize::try_from(start).unwrap_or(usize::MAX));
                self.out.push_str("\">\n");
                "</ol>\n"
            }
        };
        self.stack.push(Close::List(close));
    }

    pub(crate) fn start_item(&mut self) {
        self.block_start();
        if self.parent_is_left_out() {
            return self.stack.push(Close::Nothing);
        }
        self.enter_container();
        self.out.push_str("<li>");
        self.stack.push(Close::Container("</li>\n"));
    }

    pub(crate) fn start_definitions(&mut self) {
        self.block_start();
        if self.depth() + 1 >= DEEPEST {
            return self.stack.push(Close::Nothing);
        }
        self.unnumbered += 1;
        self.out.push_str("<dl>\n");
        self.stack.push(Close::List("</dl>\n"));
    }

    pub(crate) fn start_definition(&mut self) {
        self.block_start();
        if self.parent_is_left_out() {
            return self.stack.push(Close::Nothing);
        }
        self.enter_container();
        self.out.push_str("<dd>");
        self.stack.push(Close::Container("</dd>\n"));
    }

    /// The label contains the item's first line or paragraph, as the checkbox's name.
    pub(crate) fn task_marker(&mut self, done: bool) {
        self.out.push_str("<label><input type=\"checkbox\" disabled");
        self.out.push_str(if done { " checked> " } else { "> " });
        self.label_is_open = true;
    }

    pub(crate) fn start_table(&mut self, alignments: Vec<Alignment>) {
        self.block_start();
        // Rows and cells add two levels.
        if self.depth() + 2 >= DEEPEST {
            return self.stack.push(Close::Nothing);
        }
        self.unnumbered += 1;
        self.alignments = alignments;
        self.out.push_str("<div class=\"table-scroll\" tabindex=\"0\"><table>\n");
        self.stack.push(Close::Table);
    }

    pub(crate) fn start_row(&mut self, open: &str, close: &'static str, is_head: bool) {
        self.close_leaf();
        self.column = 0;
        self.in_table_head = is_head;
        if self.parent_is_left_out() {
            return self.stack.push(Close::Nothing);
        }
        self.out.push_str(open);
        self.stack.push(Close::With(close));
    }

    pub(crate) fn start_cell(&mut self) {
        self.close_leaf();
        let alignment = self.alignments.get(self.column);
        self.column += 1;
        if self.parent_is_left_out() {
            self.out.push(' ');
            return self.stack.push(Close::Nothing);
        }
        let (open, close) = if self.in_table_head { ("<th", "</th>") } else { ("<td", "</td>") };
        self.out.push_str(open);
        self.out.push_str(match alignment {
            Some(Alignment::Left) => " class=\"align-left\">",
            Some(Alignment::Center) => " class=\"align-center\">",
            Some(Alignment::Right) => " class=\"align-right\">",
            _ => ">",
        });
        self.stack.push(Close::With(close));
    }

    pub(crate) fn code_block(&mut self, kind: &CodeBlockKind<'a>, events: &mut Events<'a>) {
        self.block_start();
        self.out.push_str("<pre><code");
        if let CodeBlockKind::Fenced(info) = kind {
            self.language_class(info);
        }
        self.out.push('>');
        for (event, _) in events.by_ref() {
            match event {
                Event::End(TagEnd::CodeBlock) => break,
                Event::Text(text) => push_text(&mut self.out, &self.prepared.restored(&text)),
                _ => {}
            }
        }
        self.out.push_str("</code></pre>\n");
    }

    fn language_class(&mut self, info: &CowStr<'a>) {
        let belongs =
            |character: &char| character.is_ascii_alphanumeric() || "_+#.-".contains(*character);
        let word = info.split([' ', '\t', ',']).next().unwrap_or_default();
        let mut language = word.chars().filter(belongs).peekable();
        if language.peek().is_some() {
            self.out.push_str(" class=\"language-");
            self.out.extend(language);
            self.out.push('"');
        }
    }
}

/// By how much a body's headings are moved as one: below the page's own, which is of the first level, and so
/// that none is skipped between that and the body's highest. A glance at the text says nought for most bodies;
/// the others are read once more.
pub(crate) fn heading_shift(text: &str) -> isize {
    let mut levels = [false; 7];
    for (at, _) in text.match_indices('#') {
        if let Some(level) = level_at(text, at) {
            levels[level] = true;
        }
    }
    let may_be_underlined = text.contains('=') && text.lines().any(is_underline);
    let has_deep = levels[3..].contains(&true);
    // What looks like a heading may be a comment in code.
    let has_code = || text.contains("```") || text.contains("~~~") || text.contains("    ");
    let is_unsure = levels[1] || may_be_underlined || (has_deep && (!levels[2] || has_code()));
    if !is_unsure {
        return 0;
    }
    let highest = Parser::new_ext(text, dialect(false)).filter_map(|event| match event {
        Event::Start(Tag::Heading { level, .. }) => Some(level as isize),
        _ => None,
    });
    match highest.min() {
        Some(1) => 1,
        Some(highest @ 3..) => 2 - highest,
        _ => 0,
    }
}

/// The level of the heading that a `#` may begin.
fn level_at(text: &str, at: usize) -> Option<usize> {
    let before = text[..at].bytes().rev().take_while(|&byte| byte != b'\n' && byte != b'\r');
    let begins = before.take(200).all(|byte| !byte.is_ascii_alphabetic() && byte != b'#');
    let level = text.as_bytes()[at..].iter().take(7).take_while(|&&byte| byte == b'#').count();
    let ends = matches!(text.as_bytes().get(at + level), None | Some(b' ' | b'\t' | b'\n' | b'\r'));
    (begins && ends && level <= 6).then_some(level)
}

fn is_underline(line: &str) -> bool {
    let line = line.trim_matches([' ', '\t', '>', '\r']);
    !line.is_empty() && line.bytes().all(|byte| byte == b'=')
}

/// Writes the link of a numbered paragraph to itself.
pub(crate) fn push_paragraph_link(out: &mut String, words: &str, number: usize) {
    out.push_str("<a class=\"para\" href=\"#p");
    push_number(out, number);
    out.push_str("\" aria-label=\"");
    let (before, after) = words.split_once("{n}").unwrap_or((words, ""));
    push_attribute(out, before);
    push_number(out, number);
    push_attribute(out, after);
    out.push_str("\"></a>");
}

/// Whether HTML shows neither words nor pictures, players or fields.
fn shows_nothing(html: &str) -> bool {
    const SHOWN: [&str; 8] =
        ["<img", "<audio", "<video", "<svg", "<object", "<input", "<iframe", "<hr"];
    // Most begin with a word.
    if html.bytes().next().is_some_and(|first| first.is_ascii_alphanumeric()) {
        return false;
    }
    let mut rest = html;
    while let Some((words, tag)) = rest.split_once('<') {
        if has_marks(words) {
            return false;
        }
        rest = tag.split_once('>').map_or("", |(_, after)| after);
    }
    !has_marks(rest) && !SHOWN.iter().any(|element| html.contains(element))
}

fn has_marks(words: &str) -> bool {
    let decoded = html_escape::decode_html_entities(words);
    let is_unseen = |mark| matches!(mark, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{feff}');
    decoded.chars().any(|mark| !mark.is_whitespace() && !is_unseen(mark))
}
