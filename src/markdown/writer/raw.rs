//! Tracks open raw HTML elements, so that they end with their paragraph, quote or note.

use std::ops::Range;

use crate::base::diagnostic::Rule;
use crate::markdown::BodyProblem;
use crate::markdown::link_state::Marked;
use crate::markdown::media::OpenPlayer;
use crate::markdown::policy::{is_formatting, start_ends};
use crate::markdown::writer::Writer;
use crate::markdown::writer::blocks::push_paragraph_link;

/// The limit of nested raw HTML, with Markdown's wrappers: cleaning takes quadratic time in the
/// depth.
const DEEPEST: usize = 100;

/// The limit of raw HTML tags in a body: enough for a table of a thousand rows.
const MOST_TAGS: usize = 10_000;

/// An open raw HTML element.
struct OpenElement {
    /// The name of its end tag.
    name: &'static str,
    /// The name it was written with: a link without a target is a span.
    written: &'static str,
    /// The marks of its link, if any.
    marked: Option<Box<Marked>>,
    /// The output position of a paragraph's start tag that may get a number.
    paragraph: Option<Range<usize>>,
}

/// Elements whose paragraphs have no number, as those of lists and tables of Markdown have none.
pub(crate) fn is_aside(name: &str) -> bool {
    ["li", "td", "th", "dd", "dt", "caption", "figcaption", "summary"].contains(&name)
}

/// The state of raw HTML in a body.
#[derive(Default)]
pub(crate) struct Raw {
    /// Whether there is any.
    pub(crate) is_seen: bool,
    /// Why it can't be cleaned in reasonable time.
    pub(crate) too_much: Option<Box<BodyProblem>>,
    /// An open inline `<script>` or `<style>`.
    pub(crate) cut: Option<Cut>,
    /// Whether a removed `style` attribute was reported.
    pub(crate) style_is_reported: bool,
    /// The start tag, in what is written, of an open paragraph of trusted HTML that may get a number.
    pub(crate) trusted_paragraph: Option<Range<usize>>,
    /// Elements of trusted HTML that are open and whose paragraphs have no number.
    pub(crate) trusted_asides: usize,
    /// A player that has not ended yet.
    pub(crate) player: Option<Box<OpenPlayer>>,
    tags: usize,
    open: Vec<OpenElement>,
    /// The number of open elements at the start of the current paragraph.
    leaf_floor: usize,
    /// The same for each container around it.
    container_floors: Vec<usize>,
    /// End tags in a paragraph for elements opened before it.
    pending: Vec<&'static str>,
}

/// The start of an inline element that is removed with its content.
pub(crate) struct Cut {
    pub(crate) name: String,
    pub(crate) start: usize,
    pub(crate) stack: usize,
    pub(crate) marks: usize,
    open: usize,
    heading: usize,
}

impl Raw {
    /// The number of open elements.
    pub(crate) fn depth(&self) -> usize {
        self.open.len()
    }

    /// Whether a link is open.
    pub(crate) fn has_open_link(&self) -> bool {
        self.open.iter().any(|element| element.written == "a")
    }

    /// Whether an element with this name is open.
    pub(crate) fn has_open(&self, name: &str) -> bool {
        self.open.iter().any(|element| element.name == name)
    }

    /// Whether an element is open that may only contain inline content.
    pub(crate) fn has_open_phrase(&self) -> bool {
        self.open.iter().any(|element| is_formatting(element.name) || element.name == "p")
    }

    fn container_floor(&self) -> usize {
        self.container_floors.last().copied().unwrap_or(0)
    }
}

impl Writer<'_> {
    /// Counts a tag towards the limit.
    pub(crate) fn count_raw_tag(&mut self, range: &Range<usize>) {
        self.raw.tags += 1;
        let message = match () {
            () if self.raw.tags > MOST_TAGS => {
                format!(
                    "this body holds more than {MOST_TAGS} tags of raw HTML: all of them are shown as text"
                )
            }
            () if self.depth() > DEEPEST => {
                "raw HTML is nested too deeply here: all of this body's is shown as text".to_owned()
            }
            () => return,
        };
        if self.raw.too_much.is_none() {
            let range = self.prepared.original_range(range);
            let help = Some("close the tags that are open, or write it in Markdown".to_owned());
            self.raw.too_much =
                Some(Box::new(BodyProblem { rule: Rule::BrokenHtml, range, message, help }));
        }
    }

    /// Ends elements implied by a start tag, as browsers do: `<li>` ends `<li>`.
    pub(crate) fn end_implied(&mut self, new: &str, floor: usize) {
        let mut ends = None;
        for (position, element) in self.raw.open.iter().enumerate().skip(floor).rev() {
            if start_ends(new, element.name) {
                ends = Some(position);
            } else if !is_formatting(element.name) {
                break;
            }
        }
        if let Some(position) = ends {
            self.close_raw(position);
        }
    }

    /// Pushes an open element.
    pub(crate) fn open_raw(&mut self, name: &'static str, written: &'static str) {
        self.raw.open.push(OpenElement { name, written, marked: None, paragraph: None });
    }

    /// Pushes an open link with marks.
    pub(crate) fn open_marked(&mut self, marked: Box<Marked>) {
        let written = marked.element;
        self.raw.open.push(OpenElement {
            name: "a",
            written,
            marked: Some(marked),
            paragraph: None,
        });
    }

    /// Ends an element of the current block; one from an earlier block of the container ends with
    /// the paragraph. Unmatched end tags are ignored.
    pub(crate) fn end_raw(&mut self, name: &'static str, is_inline: bool) {
        let floor = if is_inline { self.raw.leaf_floor } else { self.raw.container_floor() };
        if self.end_raw_above(name, floor) || !is_inline || self.raw.pending.len() > DEEPEST {
            return;
        }
        let container = self.raw.container_floor();
        if self.raw.open.iter().take(floor).skip(container).any(|element| element.name == name) {
            self.raw.pending.push(name);
        }
    }

    fn end_raw_above(&mut self, name: &str, floor: usize) -> bool {
        let above = self.raw.open.iter().skip(floor);
        let Some(offset) = above.rev().position(|element| element.name == name) else {
            return false;
        };
        self.close_raw(self.raw.open.len() - 1 - offset);
        true
    }

    /// Ends open elements until `floor` are left.
    pub(crate) fn close_raw(&mut self, floor: usize) {
        while self.raw.open.len() > floor {
            let Some(element) = self.raw.open.pop() else { return };
            if let Some(tag) = element.paragraph {
                self.number_raw_paragraph(&tag);
            }
            if let Some(marked) = element.marked {
                self.end_marked(&marked);
            } else {
                self.out.push_str("</");
                self.out.push_str(element.written);
                self.out.push('>');
            }
        }
    }

    /// Pushes an open paragraph; `start` is the position of its start tag, which has no id. In
    /// lists, tables and notes paragraphs have no number.
    pub(crate) fn open_raw_paragraph(&mut self, start: usize) {
        let is_within_aside = self.raw.open.iter().any(|element| is_aside(element.name));
        let is_numbered = self.unnumbered == 0 && !is_within_aside;
        let paragraph = is_numbered.then_some(start..self.out.len());
        self.raw.open.push(OpenElement { name: "p", written: "p", marked: None, paragraph });
    }

    /// Numbers a raw HTML paragraph with text, like Markdown's.
    pub(crate) fn number_raw_paragraph(&mut self, tag: &Range<usize>) {
        let Some(words) = self.out.get(tag.end..) else { return };
        let has_words = words.split('<').enumerate().any(|(at, part)| {
            let text =
                if at == 0 { part } else { part.split_once('>').map_or("", |(_, text)| text) };
            html_escape::decode_html_entities(text).contains(char::is_alphanumeric)
        });
        let holds_blocks = self.heading.is_some() || words.contains("<p") || words.contains("<h");
        if !has_words || holds_blocks {
            return;
        }
        self.paragraphs += 1;
        let number = self.paragraphs;
        let mut link = String::new();
        push_paragraph_link(&mut link, &self.options.words.paragraph_link, number);
        self.out.insert_str(tag.end, &link);
        self.out.insert_str(tag.start + "<p".len(), &format!(" id=\"p{number}\""));
    }

    /// Ends elements opened in the current paragraph.
    pub(crate) fn close_raw_leaf(&mut self) {
        self.raw.cut = None;
        self.finish_player();
        if self.raw.open.len() > self.raw.leaf_floor {
            self.close_raw(self.raw.leaf_floor);
        }
    }

    /// Applies pending end tags after a paragraph.
    pub(crate) fn close_pending_raw(&mut self) {
        if self.raw.pending.is_empty() {
            return;
        }
        for name in std::mem::take(&mut self.raw.pending) {
            self.end_raw_above(name, self.raw.container_floor());
        }
        self.raw.leaf_floor = self.raw.open.len();
    }

    /// Ends a block of raw HTML: inline elements end, divisions may contain the next blocks.
    pub(crate) fn settle_raw_block(&mut self) {
        self.finish_player();
        self.raw.cut = None;
        let floor = self.raw.container_floor();
        let phrases = self
            .raw
            .open
            .iter()
            .skip(floor)
            .rev()
            .take_while(|element| is_formatting(element.name))
            .count();
        self.close_raw(self.raw.open.len() - phrases);
        self.raw.leaf_floor = self.raw.open.len();
    }

    /// Enters a quote, an item or a note: raw HTML opened inside ends with it.
    pub(crate) fn enter_container(&mut self) {
        self.raw.container_floors.push(self.raw.open.len());
    }

    pub(crate) fn leave_container(&mut self) {
        let floor = self.raw.container_floors.pop().unwrap_or(0);
        self.close_raw(floor);
        self.raw.pending.clear();
        self.raw.leaf_floor = self.raw.open.len();
    }

    /// Records the start of an inline `<script>` or `<style>`.
    pub(crate) fn begin_cut(&mut self, name: &str) {
        if self.raw.cut.is_none() {
            self.raw.cut = Some(Cut {
                name: name.to_owned(),
                start: self.out.len(),
                stack: self.stack.len(),
                marks: self.footnotes.marks_written(),
                open: self.raw.open.len(),
                heading: self.heading_text_length(),
            });
        }
    }

    /// Removes it at its end tag, if the content in between is well nested.
    pub(crate) fn end_cut(&mut self, name: &str) {
        let Some(cut) = self.raw.cut.take_if(|cut| cut.name == name) else { return };
        let is_whole = cut.stack == self.stack.len()
            && cut.open <= self.raw.open.len()
            && cut.marks == self.footnotes.marks_written();
        if is_whole {
            self.raw.open.truncate(cut.open);
            self.out.truncate(cut.start);
            self.leaf.pictures.retain(|picture| picture.tag.end <= cut.start);
            self.truncate_heading_text(cut.heading);
        }
    }
}
