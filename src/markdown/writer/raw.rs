//! Which elements of raw HTML are open, so that what is opened in a paragraph, a quote or a note
//! ends with it.

use std::ops::Range;

use crate::base::diagnostic::Rule;
use crate::markdown::BodyProblem;
use crate::markdown::link_state::Marked;
use crate::markdown::policy::{is_formatting, start_ends};
use crate::markdown::writer::Writer;

/// Elements of raw HTML, with Markdown's wrappers around them, nest at most this deep. Cleaning
/// takes time in the square of the depth.
const DEEPEST: usize = 100;

/// Tags of raw HTML that one body may hold. A table of a thousand rows passes; what a hostile
/// body can cost stays well below a second.
const MOST_TAGS: usize = 10_000;

/// An element of raw HTML that is open.
struct OpenElement {
    /// The name its end tag has.
    name: &'static str,
    /// The name under which it was written: a link that leads nowhere is a span.
    written: &'static str,
    /// The marks of a link that has some.
    marked: Option<Box<Marked>>,
    /// Where, in what is written, a paragraph's start tag stands that may get a number.
    paragraph: Option<Range<usize>>,
}

/// Elements whose paragraphs have no number, as those of lists and tables of Markdown have none.
pub(crate) fn is_aside(name: &str) -> bool {
    ["li", "td", "th", "dd", "dt", "caption", "figcaption", "summary"].contains(&name)
}

/// The raw HTML of a body so far.
#[derive(Default)]
pub(crate) struct Raw {
    /// Whether there was any.
    pub(crate) is_seen: bool,
    /// Why it cannot be cleaned in good time.
    pub(crate) too_much: Option<Box<BodyProblem>>,
    /// An inline `<script>` or `<style>` whose end tag may follow.
    pub(crate) cut: Option<Cut>,
    /// Whether a `style` attribute was taken out and that was said.
    pub(crate) style_is_reported: bool,
    /// The start tag, in what is written, of an open paragraph of trusted HTML that may get a number.
    pub(crate) trusted_paragraph: Option<Range<usize>>,
    /// Elements of trusted HTML that are open and whose paragraphs have no number.
    pub(crate) trusted_asides: usize,
    tags: usize,
    open: Vec<OpenElement>,
    /// How many elements were open where the present paragraph began.
    leaf_floor: usize,
    /// The same for each quote, item and note around it.
    container_floors: Vec<usize>,
    /// End tags met inside a paragraph, of elements that were opened before it.
    pending: Vec<&'static str>,
}

/// Where an inline element began that is cut away with its content.
pub(crate) struct Cut {
    pub(crate) name: String,
    pub(crate) start: usize,
    pub(crate) stack: usize,
    pub(crate) marks: usize,
    open: usize,
    heading: usize,
}

impl Raw {
    /// How many elements are open.
    pub(crate) fn depth(&self) -> usize {
        self.open.len()
    }

    /// Whether a link is open.
    pub(crate) fn has_open_link(&self) -> bool {
        self.open.iter().any(|element| element.written == "a")
    }

    /// Whether an element is open in which only phrases may stand.
    pub(crate) fn has_open_phrase(&self) -> bool {
        self.open.iter().any(|element| is_formatting(element.name) || element.name == "p")
    }

    fn container_floor(&self) -> usize {
        self.container_floors.last().copied().unwrap_or(0)
    }
}

impl Writer<'_> {
    /// Counts a tag of raw HTML against the bounds.
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

    /// Ends the elements that the start of a new one ends, as browsers do: `<li>` ends `<li>`.
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

    /// Notes that an element is open.
    pub(crate) fn open_raw(&mut self, name: &'static str, written: &'static str) {
        self.raw.open.push(OpenElement { name, written, marked: None, paragraph: None });
    }

    /// Notes that a link with marks is open.
    pub(crate) fn open_marked(&mut self, marked: Box<Marked>) {
        let written = marked.element;
        self.raw.open.push(OpenElement {
            name: "a",
            written,
            marked: Some(marked),
            paragraph: None,
        });
    }

    /// Ends an element if it is open in the present block; one opened in an earlier block of the
    /// same container ends with the paragraph. End tags of nothing are left out.
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

    /// Notes that a paragraph is open whose start tag, which has no id, was just written from here on.
    /// In lists, tables and notes paragraphs have no number.
    pub(crate) fn open_raw_paragraph(&mut self, start: usize) {
        let is_within_aside = self.raw.open.iter().any(|element| is_aside(element.name));
        let is_numbered = self.unnumbered == 0 && !is_within_aside;
        let paragraph = is_numbered.then_some(start..self.out.len());
        self.raw.open.push(OpenElement { name: "p", written: "p", marked: None, paragraph });
    }

    /// Gives a paragraph of raw HTML that has words its number, as Markdown's have.
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
        let link = format!(
            "<a class=\"para\" href=\"#p{number}\" aria-hidden=\"true\" tabindex=\"-1\"></a>"
        );
        self.out.insert_str(tag.end, &link);
        self.out.insert_str(tag.start + "<p".len(), &format!(" id=\"p{number}\""));
    }

    /// Ends what was opened in the present paragraph.
    pub(crate) fn close_raw_leaf(&mut self) {
        self.raw.cut = None;
        if self.raw.open.len() > self.raw.leaf_floor {
            self.close_raw(self.raw.leaf_floor);
        }
    }

    /// Ends, after a paragraph, what its end tags were meant for.
    pub(crate) fn close_pending_raw(&mut self) {
        if self.raw.pending.is_empty() {
            return;
        }
        for name in std::mem::take(&mut self.raw.pending) {
            self.end_raw_above(name, self.raw.container_floor());
        }
        self.raw.leaf_floor = self.raw.open.len();
    }

    /// Ends a block of raw HTML: its phrases end, its divisions may hold the blocks that follow.
    pub(crate) fn settle_raw_block(&mut self) {
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

    /// Begins a quote, an item or a note: raw HTML opened inside ends with it.
    pub(crate) fn enter_container(&mut self) {
        self.raw.container_floors.push(self.raw.open.len());
    }

    /// Ends it.
    pub(crate) fn leave_container(&mut self) {
        let floor = self.raw.container_floors.pop().unwrap_or(0);
        self.close_raw(floor);
        self.raw.pending.clear();
        self.raw.leaf_floor = self.raw.open.len();
    }

    /// Marks where an inline `<script>` or `<style>` begins.
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

    /// Cuts it away at its end tag, unless what lies between reaches beyond it.
    pub(crate) fn end_cut(&mut self, name: &str) {
        let Some(cut) = self.raw.cut.take_if(|cut| cut.name == name) else { return };
        let is_whole = cut.stack == self.stack.len()
            && cut.open <= self.raw.open.len()
            && cut.marks == self.footnotes.marks_written();
        if is_whole {
            self.raw.open.truncate(cut.open);
            self.out.truncate(cut.start);
            self.truncate_heading_text(cut.heading);
        }
    }
}
