//! The renderer: one pass over the events, which appends to one string.

pub(crate) mod blocks;
pub(crate) mod footnotes;
pub(crate) mod raw;
pub(crate) mod sanitise;

use std::ops::Range;

use pulldown_cmark::{Alignment, Event, Tag, TagEnd};

use super::anchors::{Anchors, Counts};
use super::link_state::Marked;
use super::shortcodes::Prepared;
use super::tag_kind::TagKind;
use super::{BodyProblem, MarkdownOptions, References, Rendered};
use crate::base::choices::ForeignTags;
use crate::base::diagnostic::Rule;
use crate::markdown::writer::blocks::heading_shift;
use crate::markdown::writer::footnotes::Footnotes;
use crate::markdown::writer::raw::Raw;

/// Deeper wrappers are left out, but not their text: cleaning and browsers take quadratic time in
/// the depth.
pub(super) const DEEPEST: usize = 100;

use super::gallery::LeafPicture;
pub(super) use super::quotes::Events;

/// The treatment of raw HTML in this pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RawMode {
    /// Tokenised and cleaned.
    Clean,
    /// Written unchanged.
    Trust,
    /// Shown as text.
    Escape,
}

/// How an open element ends.
pub(super) enum Close {
    /// Not at all: it was left out.
    Nothing,
    /// With this end tag: an inline element, or a part of a table or list.
    With(&'static str),
    /// A container of blocks, in which raw HTML must end.
    Container(&'static str),
    List(&'static str),
    Table,
    Paragraph,
    Heading(usize),
    Footnote(String),
    /// A link with an address.
    Link,
    /// A link to a file, with what it is and how large.
    FileLink(String),
    /// A link with marks.
    Marked(Box<Marked>),
    /// A link within the page, by its number.
    FragmentLink(usize),
}

/// The current paragraph.
#[derive(Default)]
pub(super) struct Leaf {
    /// Its start in the output.
    pub(super) start: usize,
    /// Whether it has a number.
    pub(super) is_numbered: bool,
    pub(super) source: Range<usize>,
    /// Where its text starts in the output.
    pub(super) text: usize,
    /// Its pictures.
    pub(super) pictures: Vec<LeafPicture>,
}

/// The current heading.
pub(super) struct Heading {
    /// The start of its text in the output.
    pub(super) start: usize,
    /// Its text so far.
    pub(super) text: String,
    /// The id that its author gave it.
    pub(super) id: Option<String>,
}

/// Renders one body.
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
    /// The HTML of each shortcode, by its tag's index.
    pub(super) inserts: Vec<Option<String>>,
    /// The number of open links with an address: links can't nest.
    pub(super) open_links: usize,
    pub(super) paragraphs: usize,
    /// Nesting of lists, tables and footnotes, in which paragraphs have no number.
    pub(super) unnumbered: usize,
    pub(super) heading: Option<Heading>,
    /// By how much headings are moved, all by the same.
    pub(super) heading_shift: isize,
    pub(super) label_is_open: bool,
    pub(super) alignments: Vec<Alignment>,
    pub(super) column: usize,
    pub(super) in_table_head: bool,
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
            heading_shift: heading_shift(text),
            label_is_open: false,
            alignments: Vec::new(),
            column: 0,
            in_table_head: false,
        }
    }

    /// Renders the body. The error is why its raw HTML can't be cleaned in reasonable time.
    pub(super) fn run(mut self) -> Result<Rendered, Box<BodyProblem>> {
        let mut events = Events::new(self.prepared.text(), self.options);
        while let Some((event, range)) = events.next() {
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

    /// Adds a problem at a place in the prepared text.
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

    /// The numbers used so far.
    pub(super) fn counts(&self) -> Counts {
        Counts { paragraphs: self.paragraphs, footnotes: self.footnotes.count() }
    }

    /// The current nesting depth.
    pub(super) fn depth(&self) -> usize {
        self.stack.len() + self.raw.depth()
    }

    fn event(&mut self, event: Event<'a>, range: Range<usize>, events: &mut Events<'a>) {
        match event {
            Event::Start(tag) => self.start(tag, range, events),
            Event::End(tag) => self.end(tag),
            Event::Code(code) => self.code(&code),
            Event::InlineHtml(html) => self.inline_html(&html, &range),
            Event::FootnoteReference(name) => self.footnote_reference(name),
            Event::SoftBreak => self.line_break("\n"),
            Event::HardBreak => self.line_break("<br>\n"),
            Event::Rule => {
                self.block_start();
                self.out.push_str("<hr>\n");
            }
            Event::TaskListMarker(done) => self.task_marker(done),
            // HTML is read by its block; the dialect has no mathematics.
            Event::Text(text)
            | Event::Html(text)
            | Event::InlineMath(text)
            | Event::DisplayMath(text) => self.text(&text),
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
            Tag::DefinitionList => self.start_definitions(),
            Tag::DefinitionListTitle => self.start_row("<dt>", "</dt>\n", false),
            Tag::DefinitionListDefinition => self.start_definition(),
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
                if !self.end_gallery() {
                    self.end_paragraph();
                }
                self.close_pending_raw();
            }
            Some(Close::Heading(level)) => self.end_heading(level),
            Some(Close::Footnote(name)) => self.end_footnote(name),
            Some(link) => self.end_link(&link),
        }
    }

    /// Ends the current paragraph, heading or line; called where a block begins or ends.
    pub(super) fn close_leaf(&mut self) {
        self.close_raw_leaf();
        if self.label_is_open {
            self.label_is_open = false;
            self.out.push_str("</label>");
        }
    }

    /// Whether the current text is in a paragraph or a heading.
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

    /// Whether another wrapper may be opened; the parts of an omitted one are omitted, too.
    pub(super) fn may_nest(&self) -> bool {
        self.depth() < DEEPEST
    }

    pub(super) fn parent_is_left_out(&self) -> bool {
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

    /// One warning for each body: an imported archive has thousands of tags.
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

    /// The number of tags of other generators.
    pub(super) fn foreign_tags(&self) -> usize {
        self.prepared.tags.iter().filter(|tag| matches!(tag.kind, TagKind::Foreign)).count()
    }
}
