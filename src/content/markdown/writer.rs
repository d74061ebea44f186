//! The render loop: one pass over the events, written straight to one string.

use std::iter::Peekable;
use std::ops::Range;

use pulldown_cmark::{
    Alignment, BlockQuoteKind, CodeBlockKind, CowStr, Event, HeadingLevel, OffsetIter, Parser, Tag,
    TagEnd,
};

use super::anchors::{Anchors, Counts};
use super::escape::{push_attribute, push_number, push_text};
use super::footnotes::Footnotes;
use super::raw::Raw;
use super::shortcodes::{Prepared, TagKind};
use super::{BodyProblem, ForeignTags, MarkdownOptions, References, Rendered, dialect, sanitise};
use crate::diagnostic::Rule;

/// Wrappers deeper than this are left out, their text is kept. Cleaning and browsers alike need
/// time in the square of the depth.
const DEEPEST: usize = 100;

/// The events of a body, each with its bytes.
pub(super) type Events<'a> = Peekable<OffsetIter<'a>>;

/// What is done with raw HTML in this pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RawMode {
    /// Read tag by tag and cleaned.
    Clean,
    /// Written as it is.
    Trust,
    /// Shown as text.
    Escape,
}

/// What ends an element that is open.
pub(super) enum Close {
    /// It was left out.
    Nothing,
    /// A phrase or a part of a table or list.
    With(&'static str),
    /// A block with blocks inside, where raw HTML opened inside must end.
    Container(&'static str),
    List(&'static str),
    Table,
    Paragraph,
    Heading(usize),
    Footnote(String),
    /// A link with an address.
    Link,
    /// A link whose address is gone.
    LostLink,
    /// A link within the page, by its number.
    FragmentLink(usize),
}

/// The paragraph being written.
#[derive(Default)]
pub(super) struct Leaf {
    /// Where it begins in the output.
    pub(super) start: usize,
    /// Whether it has a number by which it is cited.
    pub(super) is_numbered: bool,
    /// Events since it began.
    pub(super) events: usize,
}

/// A heading being written.
struct Heading {
    start: usize,
    text: String,
}

/// Writes one body.
pub(super) struct Writer<'a> {
    pub(super) out: String,
    pub(super) prepared: &'a Prepared<'a>,
    pub(super) options: &'a MarkdownOptions,
    pub(super) references: &'a dyn References,
    pub(super) mode: RawMode,
    pub(super) problems: Vec<BodyProblem>,
    pub(super) stack: Vec<Close>,
    pub(super) leaf: Leaf,
    pub(super) anchors: Anchors,
    pub(super) footnotes: Footnotes<'a>,
    pub(super) raw: Raw,
    /// The HTML of each shortcode that was run, by its tag's index.
    pub(super) inserts: Vec<Option<String>>,
    /// Links with an address that are open: none may stand inside another.
    pub(super) open_links: usize,
    pub(super) paragraphs: usize,
    /// Lists, tables and footnotes that are open: their paragraphs have no number.
    pub(super) unnumbered: usize,
    heading: Option<Heading>,
    /// By how much headings are lowered: the page has a first-level heading of its own.
    heading_shift: usize,
    label_is_open: bool,
    alignments: Vec<Alignment>,
    column: usize,
    in_table_head: bool,
}

impl<'a> Writer<'a> {
    pub(super) fn new(
        prepared: &'a Prepared<'a>,
        options: &'a MarkdownOptions,
        references: &'a dyn References,
        mode: RawMode,
    ) -> Writer<'a> {
        let text = prepared.text();
        Writer {
            out: String::with_capacity(text.len() + text.len() / 2 + 64),
            prepared,
            options,
            references,
            mode,
            problems: Vec::new(),
            stack: Vec::with_capacity(16),
            leaf: Leaf::default(),
            anchors: Anchors::default(),
            footnotes: Footnotes::default(),
            raw: Raw::default(),
            inserts: Vec::new(),
            open_links: 0,
            paragraphs: 0,
            unnumbered: 0,
            heading: None,
            heading_shift: usize::from(has_first_level_heading(text)),
            label_is_open: false,
            alignments: Vec::new(),
            column: 0,
            in_table_head: false,
        }
    }

    /// Renders the body. The error is why its raw HTML cannot be cleaned in good time.
    pub(super) fn run(mut self) -> Result<Rendered, Box<BodyProblem>> {
        let parser = Parser::new_ext(self.prepared.text(), dialect(self.options.smart_punctuation));
        let mut events = parser.into_offset_iter().peekable();
        while let Some((event, range)) = events.next() {
            self.leaf.events += 1;
            self.event(event, range, &mut events);
            if let Some(problem) = self.raw.too_much.take() {
                return Err(problem);
            }
        }
        self.close_leaf();
        self.close_raw(0);
        self.write_footnotes();
        self.report_foreign_tags();
        Ok(sanitise::finish(self))
    }

    /// Notes a problem at a place in the prepared text.
    pub(super) fn report(
        &mut self,
        rule: Rule,
        range: &Range<usize>,
        message: String,
        help: Option<String>,
    ) {
        let range = self.prepared.original_range(range);
        self.problems.push(BodyProblem { rule, range, message, help });
    }

    /// How many numbered things there are so far.
    pub(super) fn counts(&self) -> Counts {
        Counts { paragraphs: self.paragraphs, footnotes: self.footnotes.count() }
    }

    /// How deep the place being written is nested.
    pub(super) fn depth(&self) -> usize {
        self.stack.len() + self.raw.depth()
    }

    fn event(&mut self, event: Event<'a>, range: Range<usize>, events: &mut Events<'a>) {
        match event {
            Event::Start(tag) => self.start(tag, range, events),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text),
            Event::Code(code) => self.code(&code),
            Event::InlineHtml(html) => self.inline_html(&html, &range),
            Event::Html(html) => self.text(&html),
            Event::FootnoteReference(name) => self.footnote_reference(name),
            Event::SoftBreak => self.line_break("\n"),
            Event::HardBreak => self.line_break("<br>\n"),
            Event::Rule => {
                self.block_start();
                self.out.push_str("<hr>\n");
            }
            Event::TaskListMarker(done) => self.task_marker(done),
            // The dialect has no mathematics.
            Event::InlineMath(text) | Event::DisplayMath(text) => self.text(&text),
        }
    }

    fn start(&mut self, tag: Tag<'a>, range: Range<usize>, events: &mut Events<'a>) {
        match tag {
            Tag::Paragraph => self.start_paragraph(range, events),
            Tag::Heading { level, .. } => self.start_heading(level),
            Tag::BlockQuote(kind) => self.start_quote(kind),
            Tag::CodeBlock(kind) => self.code_block(&kind, events),
            Tag::HtmlBlock => self.html_block(events),
            Tag::List(start) => self.start_list(start),
            Tag::Item => self.start_item(),
            Tag::FootnoteDefinition(name) => self.start_footnote(&name),
            Tag::Table(alignments) => self.start_table(alignments),
            Tag::TableHead => self.start_row("<thead>\n<tr>", "</tr>\n</thead>\n<tbody>\n", true),
            Tag::TableRow => self.start_row("<tr>", "</tr>\n", false),
            Tag::TableCell => self.start_cell(),
            Tag::Emphasis => self.start_phrase("<em>", "</em>"),
            Tag::Strong => self.start_phrase("<strong>", "</strong>"),
            Tag::Strikethrough => self.start_phrase("<del>", "</del>"),
            Tag::Link { link_type, dest_url, title, .. } => {
                self.start_link(link_type, &dest_url, &title, &range);
            }
            Tag::Image { dest_url, title, .. } => self.image(&dest_url, &title, &range, events),
            // Not in the dialect.
            _ => self.stack.push(Close::Nothing),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        let is_phrase = matches!(
            tag,
            TagEnd::Emphasis
                | TagEnd::Strong
                | TagEnd::Strikethrough
                | TagEnd::Link
                | TagEnd::Image
        );
        if !is_phrase {
            self.close_leaf();
        }
        match self.stack.pop() {
            None | Some(Close::Nothing) => {}
            Some(Close::With(text)) => self.out.push_str(text),
            Some(Close::Container(text)) => {
                self.leave_container();
                self.out.push_str(text);
            }
            Some(Close::List(text)) => {
                self.unnumbered -= 1;
                self.out.push_str(text);
            }
            Some(Close::Table) => {
                self.unnumbered -= 1;
                self.out.push_str("</tbody>\n</table></div>\n");
            }
            Some(Close::Paragraph) => {
                self.out.push_str("</p>\n");
                self.close_pending_raw();
            }
            Some(Close::Heading(level)) => self.end_heading(level),
            Some(Close::Footnote(name)) => self.end_footnote(name),
            Some(link) => self.end_link(&link),
        }
    }

    /// Ends what belongs to the paragraph, heading or line before: called where a block begins
    /// or ends.
    pub(super) fn close_leaf(&mut self) {
        self.close_raw_leaf();
        if self.label_is_open {
            self.label_is_open = false;
            self.out.push_str("</label>");
        }
    }

    /// Whether text written now stands in a paragraph or a heading.
    pub(super) fn is_in_leaf(&self) -> bool {
        matches!(self.stack.last(), Some(Close::Paragraph | Close::Heading(_) | Close::With(_)))
    }

    /// Ends the line before a block.
    pub(super) fn block_start(&mut self) {
        self.close_leaf();
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push('\n');
        }
    }

    /// Whether one more wrapper may be opened; parts of one left out are left out with it.
    fn may_nest(&self) -> bool {
        self.depth() < DEEPEST
    }

    fn parent_is_left_out(&self) -> bool {
        matches!(self.stack.last(), Some(Close::Nothing))
    }

    fn start_phrase(&mut self, open: &'static str, close: &'static str) {
        if self.may_nest() {
            self.out.push_str(open);
            self.stack.push(Close::With(close));
        } else {
            self.stack.push(Close::Nothing);
        }
    }

    fn start_paragraph(&mut self, range: Range<usize>, events: &mut Events<'a>) {
        self.block_start();
        let tags = self.prepared.only_tags(range);
        if !tags.is_empty() {
            self.paragraph_of_tags(&tags);
            events.by_ref().find(|(event, _)| matches!(event, Event::End(TagEnd::Paragraph)));
            return;
        }
        let is_numbered = self.unnumbered == 0;
        self.leaf = Leaf { start: self.out.len(), is_numbered, events: 0 };
        if is_numbered {
            self.paragraphs += 1;
            self.out.push_str("<p id=\"p");
            push_number(&mut self.out, self.paragraphs);
            self.out.push_str("\"><a class=\"para\" href=\"#p");
            push_number(&mut self.out, self.paragraphs);
            self.out.push_str("\" aria-hidden=\"true\" tabindex=\"-1\"></a>");
        } else {
            self.out.push_str("<p>");
        }
        self.stack.push(Close::Paragraph);
    }

    fn start_heading(&mut self, level: HeadingLevel) {
        self.block_start();
        self.heading = Some(Heading { start: self.out.len(), text: String::new() });
        self.stack.push(Close::Heading((level as usize + self.heading_shift).min(6)));
    }

    /// The id needs the heading's words, so its start tag is put in front of them now.
    fn end_heading(&mut self, level: usize) {
        let Some(Heading { start, text }) = self.heading.take() else { return };
        let text = text.trim();
        let id = self.anchors.heading(text);
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

    /// Words of the heading being written, for its id.
    pub(super) fn note_heading_text(&mut self, text: &str) {
        if let Some(heading) = &mut self.heading {
            heading.text.push_str(text);
        }
    }

    fn start_quote(&mut self, kind: Option<BlockQuoteKind>) {
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

    fn start_list(&mut self, start: Option<u64>) {
        self.block_start();
        // An item is one level more.
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

    fn start_item(&mut self) {
        self.block_start();
        if self.parent_is_left_out() {
            return self.stack.push(Close::Nothing);
        }
        self.enter_container();
        self.out.push_str("<li>");
        self.stack.push(Close::Container("</li>\n"));
    }

    /// The label gives the box its name: all the words of the item's first line or paragraph.
    fn task_marker(&mut self, done: bool) {
        self.out.push_str("<label><input type=\"checkbox\" disabled");
        self.out.push_str(if done { " checked> " } else { "> " });
        self.label_is_open = true;
    }

    fn start_table(&mut self, alignments: Vec<Alignment>) {
        self.block_start();
        // Rows and cells are two levels more.
        if self.depth() + 2 >= DEEPEST {
            return self.stack.push(Close::Nothing);
        }
        self.unnumbered += 1;
        self.alignments = alignments;
        self.out.push_str("<div class=\"table-scroll\"><table>\n");
        self.stack.push(Close::Table);
    }

    fn start_row(&mut self, open: &str, close: &'static str, is_head: bool) {
        self.close_leaf();
        self.column = 0;
        self.in_table_head = is_head;
        if self.parent_is_left_out() {
            return self.stack.push(Close::Nothing);
        }
        self.out.push_str(open);
        self.stack.push(Close::With(close));
    }

    fn start_cell(&mut self) {
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

    fn code_block(&mut self, kind: &CodeBlockKind<'a>, events: &mut Events<'a>) {
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

    /// One warning a body, however many tags: a migrated archive has thousands.
    fn report_foreign_tags(&mut self) {
        let is_foreign = |kind: &TagKind| matches!(kind, TagKind::Foreign);
        let count = self.foreign_tags();
        let Some(first) = self.prepared.tags.iter().find(|tag| is_foreign(&tag.kind)) else {
            return;
        };
        let done = match self.options.foreign_tags {
            ForeignTags::Show => "shown as text",
            ForeignTags::Drop => "left out",
        };
        let message = match count {
            1 => format!("a tag of another generator is {done}"),
            _ => format!("{count} tags of another generator are {done}; this is the first"),
        };
        let help = "replace it by Markdown; `foreign_tags` under [markdown] says whether such tags are shown or dropped";
        let range = first.source.clone();
        self.problems.push(BodyProblem {
            rule: Rule::ForeignTag,
            range,
            message,
            help: Some(help.to_owned()),
        });
    }

    /// How many tags of other generators the body holds.
    pub(super) fn foreign_tags(&self) -> usize {
        self.prepared.tags.iter().filter(|tag| matches!(tag.kind, TagKind::Foreign)).count()
    }
}

/// Whether a body has a first-level heading. A glance at the text says no for most bodies; the
/// others are read once more.
fn has_first_level_heading(text: &str) -> bool {
    let hash_begins_line = |at: usize| {
        let before = text[..at].bytes().rev().take_while(|&byte| byte != b'\n' && byte != b'\r');
        before.take(200).all(|byte| !byte.is_ascii_alphabetic() && byte != b'#')
            && matches!(text.as_bytes().get(at + 1), None | Some(b' ' | b'\t' | b'\n' | b'\r'))
    };
    let may_have = text.match_indices('#').any(|(at, _)| hash_begins_line(at))
        || text.contains('=') && text.lines().any(is_underline);
    may_have
        && Parser::new_ext(text, dialect(false)).any(|event| {
            matches!(event, Event::Start(Tag::Heading { level: HeadingLevel::H1, .. }))
        })
}

fn is_underline(line: &str) -> bool {
    let line = line.trim_matches([' ', '\t', '>', '\r']);
    !line.is_empty() && line.bytes().all(|byte| byte == b'=')
}
